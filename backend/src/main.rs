//! The API that this repository's own stack runs: for now its health endpoints alone.
//!
//! `GET /health/live` tells that the process runs. `GET /health` tells whether it can serve, and as long as no database
//! and no cache are wired in, it cannot: it answers 503 and says so.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

const DEFAULT_PORT: u16 = 3000;
/// A client that says nothing for so long is let go.
const CLIENT_PATIENCE: Duration = Duration::from_secs(5);
/// A request line of more bytes is cut off, and then matches no route.
const LONGEST_REQUEST_LINE: u64 = 8 * 1024;

fn main() -> ExitCode {
    let result = match std::env::args().nth(1).as_deref() {
        None => serve(),
        Some("healthcheck") => healthcheck(),
        Some(other) => Err(format!("unknown command `{other}`; known: healthcheck, or none to serve")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), String> {
    let port = port()?;
    let listener =
        TcpListener::bind(("0.0.0.0", port)).map_err(|err| format!("cannot listen on port {port}: {err}"))?;
    eprintln!("listening on port {port}");
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => drop(std::thread::spawn(move || {
                if let Err(err) = answer(&stream) {
                    eprintln!("a client went away: {err}");
                }
            })),
            Err(err) => eprintln!("a connection failed: {err}"),
        }
    }
    Ok(())
}

/// Asks the server beside it, so that the image needs no curl for its health check.
fn healthcheck() -> Result<(), String> {
    let port = port()?;
    let status = status_of(port, "/health").map_err(|err| format!("no answer on port {port}: {err}"))?;
    if status == 200 { Ok(()) } else { Err(format!("/health answers {status}")) }
}

fn port() -> Result<u16, String> {
    match std::env::var("PORT") {
        Ok(text) => text.parse().map_err(|err| format!("PORT is `{text}`: {err}")),
        Err(_) => Ok(DEFAULT_PORT),
    }
}

fn status_of(port: u16, path: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(CLIENT_PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    status.ok_or_else(|| std::io::Error::other(format!("not an HTTP status line: {line:?}")))
}

fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(CLIENT_PATIENCE))?;
    stream.set_write_timeout(Some(CLIENT_PATIENCE))?;
    let mut reader = BufReader::new(stream.take(LONGEST_REQUEST_LINE));
    let mut request_line = String::new();
    reader.read_line(&mut request_line)?;
    // The headers mean nothing here, but a socket closed with unread bytes is reset before the client has its answer.
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let (status, body) = route(&request_line);
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The status and the JSON body for a request line such as `GET /health HTTP/1.1`.
fn route(request_line: &str) -> (&'static str, &'static str) {
    let mut words = request_line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("GET"), Some("/health/live")) => ("200 OK", r#"{"status":"live"}"#),
        (Some("GET"), Some("/health")) => (
            "503 Service Unavailable",
            r#"{"status":"unavailable","why":"the database and the cache are not wired in yet"}"#,
        ),
        _ => ("404 Not Found", r#"{"error":"no such route"}"#),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves one request on a port of the system's choice, and returns that port.
    fn serve_one() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a client");
            answer(&stream).expect("an answer");
        });
        port
    }

    #[test]
    fn the_process_is_live() {
        assert_eq!(status_of(serve_one(), "/health/live").expect("an answer"), 200);
    }

    #[test]
    fn it_does_not_claim_to_be_healthy() {
        assert_eq!(status_of(serve_one(), "/health").expect("an answer"), 503);
        assert!(route("GET /health HTTP/1.1").1.contains("not wired in yet"));
    }

    #[test]
    fn anything_else_is_not_found() {
        assert_eq!(status_of(serve_one(), "/").expect("an answer"), 404);
        assert_eq!(route("POST /health HTTP/1.1").0, "404 Not Found");
        assert_eq!(route("").0, "404 Not Found");
    }
}
