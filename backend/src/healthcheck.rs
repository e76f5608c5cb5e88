//! `backend healthcheck`: asks the server beside it, so that the image needs no curl.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// A little longer than `/health` takes at most, and shorter than the stack's health checks wait.
const PATIENCE: Duration = Duration::from_secs(4);
const LARGEST_ANSWER: usize = 64 * 1024;

/// Why a container is not healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// The server said so.
    #[error("/health answers {status}: {body}")]
    Unhealthy {
        /// The status of the answer.
        status: u16,
        /// Which dependency, and why.
        body: String,
    },
    /// No server, or one that says nothing.
    #[error("no answer from port {port}: {source}")]
    Silent {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
}

/// Passes if `/health` on this port answers 200.
///
/// # Errors
///
/// It answers anything else, or nothing within four seconds.
pub fn ask(port: u16) -> Result<(), HealthcheckError> {
    let answer = answer(port).map_err(|source| HealthcheckError::Silent { port, source })?;
    match parse(&answer) {
        Some((200, _)) => Ok(()),
        Some((status, body)) => Err(HealthcheckError::Unhealthy {
            status,
            body: body.to_owned(),
        }),
        None => Err(HealthcheckError::Silent {
            port,
            source: io::Error::other("not an HTTP answer"),
        }),
    }
}

fn answer(port: u16) -> io::Result<String> {
    let end = Instant::now() + PATIENCE;
    let mut stream =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || answer.len() > LARGEST_ANSWER {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut part)? {
            0 => return Ok(String::from_utf8_lossy(&answer).into_owned()),
            read => answer.extend_from_slice(&part[..read]),
        }
    }
}

/// The status and the body of an answer.
fn parse(answer: &str) -> Option<(u16, &str)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, body))
}

#[cfg(test)]
mod tests;
