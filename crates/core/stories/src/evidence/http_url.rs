//! URLs of plain HTTP in texts.

/// A URL taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpUrl {
    /// The host's name, without a user.
    pub(super) host: String,
    /// The port where one is written.
    pub(super) port: Option<u32>,
    /// The path without query, empty where none is written.
    pub(super) path: String,
}

impl HttpUrl {
    /// The port that is asked: 80 where none is written.
    pub(super) fn port(&self) -> u32 {
        self.port.unwrap_or(80)
    }
}

/// Programs that take a host for a URL.
const CLIENTS: [&str; 3] = ["curl", "wget", "http"];

/// What ends a URL in a text.
fn is_end(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | ')' | '(' | '|' | '<' | '>' | ']'
        )
}

/// The HTTP URLs of a text whose ports can be read. `localhost:8000/x` counts where `bare` hosts
/// are asked for, as clients such as curl take it, one of which the text must name: `nc -z localhost`
/// asks for no URL.
pub(super) fn all(text: &str, bare: &[&str]) -> Vec<HttpUrl> {
    let with_scheme = text
        .match_indices("http://")
        .map(|(at, scheme)| &text[at + scheme.len()..]);
    let has_client = CLIENTS.iter().any(|client| text.contains(client));
    let bare = bare.iter().filter(move |_| has_client);
    let without = bare.flat_map(|host| {
        text.match_indices(host)
            .filter(|(at, _)| {
                let before = &text[..*at];
                before.is_empty() || before.ends_with(is_end)
            })
            .map(|(at, _)| &text[at..])
    });
    let all = with_scheme.chain(without);
    all.filter_map(parse).collect()
}

/// The URLs of another scheme, such as `https`; `usual` is its port where none is written.
pub(super) fn of_scheme(text: &str, scheme: &str, usual: u32) -> Vec<HttpUrl> {
    let scheme = format!("{scheme}://");
    let begins = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let urls = text.match_indices(&scheme).filter(|(at, _)| begins(*at));
    let urls = urls.map(|(at, _)| &text[at + scheme.len()..]);
    let with_port = |url: HttpUrl| HttpUrl {
        port: url.port.or(Some(usual)),
        ..url
    };
    urls.filter_map(parse).map(with_port).collect()
}

fn parse(rest: &str) -> Option<HttpUrl> {
    let rest = rest.split(is_end).next()?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let path = tail.split(['?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (authority, None),
    };
    let is_name = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (is_name && !path.contains('$')).then(|| HttpUrl {
        host: host.to_owned(),
        port,
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_where_they_can_be() {
        let url = |host: &str, port, path: &str| HttpUrl {
            host: host.to_owned(),
            port,
            path: path.to_owned(),
        };
        let table = [
            (
                "http://backend:8000/health",
                vec![url("backend", Some(8000), "/health")],
            ),
            (
                "['http://a:1/x?y=1', \"http://b\"]",
                vec![url("a", Some(1), "/x"), url("b", None, "")],
            ),
            (
                "curl -f localhost:3000/ready || exit 1",
                vec![url("localhost", Some(3000), "/ready")],
            ),
            ("nc -z localhost 3000", vec![]),
            ("sqlcmd -S localhost -U sa", vec![]),
            (
                "http://user:secret@api:9000/",
                vec![url("api", Some(9000), "/")],
            ),
            ("http://api:$PORT/health", vec![]),
            ("http://api:8000/$PATH", vec![]),
            ("https://backend:8443/health", vec![]),
            ("notlocalhost:80", vec![]),
            ("", vec![]),
        ];
        for (text, expected) in table {
            assert_eq!(all(text, &["localhost"]), expected, "{text}");
        }
    }
}
