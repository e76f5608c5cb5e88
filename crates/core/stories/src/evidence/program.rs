//! Programs that can ask over HTTP, and how each is asked to.

/// A program that can ask over HTTP, the one to take first of several first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Program {
    Curl,
    Wget,
    Node,
    Python,
    Php,
    Ruby,
    Bun,
}

use Program::{Bun, Curl, Node, Php, Python, Ruby, Wget};

impl Program {
    /// The words of a probe that asks for a URL and fails for an answer of 400 and above; `test`
    /// is the story's own, which curl is asked by.
    ///
    /// `localhost` may be `::1` first, and all but curl try that alone.
    pub(crate) fn probe(self, test: &[String], url: &str) -> Vec<String> {
        let url = url.replacen("://localhost", "://127.0.0.1", 1);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match self {
            Curl => test.to_vec(),
            Wget => words(&["CMD", "wget", "-q", "-O", "/dev/null", &url]),
            Node => words(&[
                "CMD",
                "node",
                "-e",
                &format!(
                    "require('http').get('{url}', r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"
                ),
            ]),
            Python => words(&[
                "CMD",
                "python3",
                "-c",
                &format!("import urllib.request; urllib.request.urlopen('{url}')"),
            ]),
            Php => words(&[
                "CMD",
                "php",
                "-r",
                &format!("exit(@file_get_contents('{url}') === false ? 1 : 0);"),
            ]),
            Ruby => words(&[
                "CMD",
                "ruby",
                "-rnet/http",
                "-e",
                &format!("exit Net::HTTP.get_response(URI('{url}')).code.to_i < 400"),
            ]),
            Bun => words(&[
                "CMD",
                "bun",
                "-e",
                &format!(
                    "fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
                ),
            ]),
        }
    }

    /// Its name as it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Curl => "curl",
            Wget => "wget",
            Node => "node",
            Python => "python3",
            Php => "php",
            Ruby => "ruby",
            Bun => "bun",
        }
    }
}
