use std::net::TcpListener;
use std::thread;

use super::*;

/// A server that answers one request like this, on a port of the system's choice.
fn serve(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
        stream.write_all(answer.as_bytes()).unwrap();
    });
    port
}

#[test]
fn only_200_passes() {
    assert!(ask(serve("HTTP/1.1 200 OK\r\n\r\n{}")).is_ok());
    let error = ask(serve(
        "HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{\"status\":\"unavailable\"}",
    ))
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "/health answers 503: {\"status\":\"unavailable\"}"
    );
}

#[test]
fn what_is_no_answer_fails() {
    for answer in ["", "hello", "HTTP/1.1 2\r\n\r\n", "SSH-2.0-x\r\n\r\n"] {
        assert!(
            ask(serve(answer))
                .unwrap_err()
                .to_string()
                .contains("not an HTTP answer"),
            "{answer:?}"
        );
    }
}

#[test]
fn no_server_fails_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = ask(port).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("no answer from port {port}: ")),
        "{error}"
    );
}

#[test]
fn a_server_that_says_nothing_fails_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    assert!(ask(listener.local_addr().unwrap().port()).is_err());
    assert!(started.elapsed() < PATIENCE + Duration::from_secs(2));
}
