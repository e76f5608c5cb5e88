use std::io;

use super::*;

#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Outer {
    text: &'static str,
    source: io::Error,
}

#[test]
fn a_cause_is_said_once() {
    let error = |text| Outer {
        text,
        source: io::Error::other("refused"),
    };
    assert_eq!(chain(&error("cannot connect")), "cannot connect: refused");
    assert_eq!(
        chain(&error("cannot connect: refused")),
        "cannot connect: refused"
    );
}

#[test]
fn too_many_requests_say_when_to_come_back() {
    let response = ApiError::TooMany { seconds: 42 }.into_response();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[header::RETRY_AFTER], "42");
}
