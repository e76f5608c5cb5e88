//! A small HTTP client, so that a test sees the bytes and chooses the connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than anything takes that still answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 200 and the like.
    pub status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    /// As it came.
    pub body: String,
}

/// Sends a request on a connection of its own; header lines such as `Cookie: a=b`.
pub fn send(port: u16, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
    let mut stream = connect(port);
    write(
        &mut stream,
        method,
        path,
        &[headers, &["Connection: close"]].concat(),
        body,
    );
    answer(stream)
}

/// A connection that a test may hold open.
pub fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request, and reads nothing.
pub fn write(stream: &mut TcpStream, method: &str, path: &str, headers: &[&str], body: &str) {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n",
        body.len()
    );
    headers
        .iter()
        .for_each(|line| request.push_str(&format!("{line}\r\n")));
    stream
        .write_all(format!("{request}\r\n{body}").as_bytes())
        .unwrap();
}

/// Reads until the server ends the connection.
pub fn answer(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    Answer::parse(&String::from_utf8(bytes).unwrap())
}

impl Answer {
    fn parse(text: &str) -> Self {
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no HTTP answer: {text:?}"));
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let pair = |line: &str| {
            line.split_once(": ")
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        };
        Self {
            status,
            headers: lines.filter_map(pair).collect(),
            body: body.to_owned(),
        }
    }

    /// The same, if it has this status.
    pub fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body, which must be JSON and say so.
    pub fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What went wrong, in the one form that all errors have.
    pub fn error(&self) -> String {
        let json = self.json();
        assert_eq!(
            json.as_object().map(|object| object.len()),
            Some(1),
            "{self:?}"
        );
        json["error"]
            .as_str()
            .unwrap_or_else(|| panic!("no error: {self:?}"))
            .to_owned()
    }
}

/// Waits until it is so.
pub fn eventually(limit: Duration, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + limit;
    while !holds() {
        assert!(Instant::now() < end, "not so within {limit:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
