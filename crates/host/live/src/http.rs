//! One question over HTTP, to this machine alone: what a health endpoint answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The status of a GET; none where nobody answers in HTTP.
#[must_use]
pub fn status(address: SocketAddr, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect_timeout(&address, LIMIT).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    // In one piece: a simple server reads once.
    let question = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(question.as_bytes()).ok()?;
    let mut beginning = [0; 64];
    let mut read = 0;
    // A status line may come in pieces.
    while read < 12 {
        match stream.read(&mut beginning[read..]) {
            Ok(0) | Err(_) => return None,
            Ok(more) => read += more,
        }
    }
    parse(&beginning[..read])
}

/// `HTTP/1.1 200 OK`.
fn parse(line: &[u8]) -> Option<u16> {
    let line = String::from_utf8_lossy(line);
    line.strip_prefix("HTTP/")?
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_is_read_and_nothing_else() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            for answer in [
                "HTTP/1.1 503 Service Unavailable\r\n\r\n",
                "+PONG is no HTTP\r\n",
            ] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = [0; 256];
                let length = stream.read(&mut asked).unwrap();
                assert!(asked[..length].starts_with(b"GET /health HTTP/1.0\r\n"));
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert_eq!(status(address, "/health"), Some(503));
        assert_eq!(status(address, "/health"), None);
        server.join().unwrap();
    }
}
