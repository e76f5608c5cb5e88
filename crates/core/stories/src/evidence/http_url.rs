//! URLs of plain HTTP in texts.

/// A URL taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpUrl {
    /// The host's name, without a user.
    pub(super) host: String,
    /// 80 where none is written.
    pub(super) port: u32,
    /// The path without query, empty where none is written.
    pub(super) path: String,
}

/// What ends a URL in a text.
fn is_end(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | ')' | '(' | '|' | '<' | '>' | ']'
        )
}

/// The HTTP URLs of a text whose ports can be read. `localhost:8000/x` counts where `bare` hosts
/// are asked for, as clients such as curl take it.
pub(super) fn all(text: &str, bare: &[&str]) -> Vec<HttpUrl> {
    let with_scheme = text
        .match_indices("http://")
        .map(|(at, scheme)| &text[at + scheme.len()..]);
    let without = bare.iter().flat_map(|host| {
        text.match_indices(host)
            .filter(|(at, _)| {
                let before = &text[..*at];
                before.is_empty() || before.ends_with(is_end)
            })
            .map(|(at, _)| &text[at..])
    });
    let all = with_scheme.chain(without);
    all.filter_map(|rest| parse(rest, 80)).collect()
}

/// The URLs of another scheme, such as `https`; `usual` is its port where none is written.
pub(super) fn of_scheme(text: &str, scheme: &str, usual: u32) -> Vec<HttpUrl> {
    let scheme = format!("{scheme}://");
    let begins = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let urls = text.match_indices(&scheme).filter(|(at, _)| begins(*at));
    let urls = urls.map(|(at, _)| &text[at + scheme.len()..]);
    urls.filter_map(|rest| parse(rest, usual)).collect()
}

fn parse(rest: &str, usual: u32) -> Option<HttpUrl> {
    let rest = rest.split(is_end).next()?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let path = tail.split(['?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, usual),
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
                vec![url("backend", 8000, "/health")],
            ),
            (
                "['http://a:1/x?y=1', \"http://b\"]",
                vec![url("a", 1, "/x"), url("b", 80, "")],
            ),
            (
                "curl -f localhost:3000/ready || exit 1",
                vec![url("localhost", 3000, "/ready")],
            ),
            ("http://user:secret@api:9000/", vec![url("api", 9000, "/")]),
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
