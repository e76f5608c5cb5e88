//! Where a health check asks over HTTP within its own container.

use super::http_url;
use super::port::LOCAL;

/// A port and a path of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpProbe {
    /// The port.
    pub port: u32,
    /// The path, with its `/` in front.
    pub path: String,
}

impl HttpProbe {
    /// What the words of a health check ask for; none where they ask for nothing over plain HTTP,
    /// or for several things.
    #[must_use]
    pub fn of(test: &str) -> Option<Self> {
        let urls = http_url::all(test, &LOCAL).into_iter();
        let own = urls.filter(|url| LOCAL.contains(&url.host.as_str()));
        let mut all: Vec<_> = own
            .map(|url| Self {
                port: url.port(),
                path: if url.path.is_empty() {
                    "/".to_owned()
                } else {
                    url.path
                },
            })
            .collect();
        all.dedup();
        match all.len() {
            1 => all.pop(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_url_of_the_container_itself_is_read() {
        let probe = |port, path: &str| {
            let path = path.to_owned();
            Some(HttpProbe { port, path })
        };
        let table = [
            (
                "CMD curl -f http://localhost:3000/health",
                probe(3000, "/health"),
            ),
            ("CMD-SHELL wget -qO- 127.0.0.1:80 || exit 1", probe(80, "/")),
            ("CMD curl http://other:3000/health", None),
            ("CMD curl -k https://localhost:3000/health", None),
            ("CMD pg_isready", None),
            ("CMD-SHELL curl localhost:1/a && curl localhost:2/b", None),
        ];
        for (test, expected) in table {
            assert_eq!(HttpProbe::of(test), expected, "{test}");
        }
    }
}
