//! What is refused, and that every refusal is JSON.

use serde_json::{Value, json};

use crate::backend::Settings;
use crate::client::{Answer, send};
use crate::stores::Stores;

const JSON: &str = "Content-Type: application/json";

#[test]
fn a_text_that_does_not_fit_is_unprocessable() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let long = "x".repeat(501);
    let cases: [(Value, &str); 7] = [
        (json!({ "text": "" }), "`text` is empty"),
        (json!({ "text": " \n" }), "`text` is empty"),
        (json!({ "text": long }), "501 characters"),
        (json!({ "text": "a\0b" }), "U+0000"),
        (json!({}), "`text` is missing, or no string"),
        (json!({ "text": 1 }), "`text` is missing, or no string"),
        (json!(["milk"]), "expected a map"),
    ];
    for (body, words) in cases {
        let error = backend.post("/api/notes", &body).with(422).error();
        assert!(error.contains(words), "{body}: {error}");
    }
    assert_eq!(backend.texts(), Vec::<String>::new());
}

#[test]
fn a_body_that_is_no_json_is_a_bad_request() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let post = |header: &str, body: &str| send(backend.port, "POST", "/api/notes", &[header], body);
    assert!(post(JSON, "{").with(400).error().contains("JSON"));
    assert!(post(JSON, "").with(400).error().contains("JSON"));
    assert!(
        post("Content-Type: text/plain", "{\"text\":\"x\"}")
            .with(415)
            .error()
            .contains("application/json")
    );
    let large = json!({ "text": "x".repeat(20_000) }).to_string();
    assert!(
        post(JSON, &large)
            .with(413)
            .error()
            .contains("length limit")
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    for (method, path) in [
        ("GET", "/api"),
        ("GET", "/api/"),
        ("GET", "/api/nix"),
        ("POST", "/api/nix/deep?x=1"),
        ("GET", "/api/notes/"),
        ("GET", "/"),
        ("GET", "/healthy"),
        ("GET", "/health/"),
    ] {
        let answer = backend.send(method, path).with(404);
        assert_eq!(answer.error(), "no such route", "{method} {path}");
    }
    for id in [
        "0",
        "-1",
        "99",
        "x",
        "9223372036854775807",
        "9223372036854775808",
        "1%27--",
        "%ff",
    ] {
        assert_eq!(
            backend
                .send("DELETE", &format!("/api/notes/{id}"))
                .with(404)
                .error(),
            "there is no such note"
        );
    }
}

#[test]
fn a_route_that_lacks_the_method_says_which_it_has() {
    let Some(stores) = Stores::new() else { return };
    let backend = Settings::of(&stores).healthy();
    let refused = |method: &str, path: &str| -> Answer {
        let answer = backend.send(method, path).with(405);
        assert_eq!(answer.error(), "this route does not know this method");
        answer
    };
    assert_eq!(
        refused("PUT", "/api/notes").header("allow"),
        "GET,HEAD,POST"
    );
    assert_eq!(refused("GET", "/api/notes/1").header("allow"), "DELETE");
    assert_eq!(refused("GET", "/api/visits").header("allow"), "POST");
    assert_eq!(refused("POST", "/health").header("allow"), "GET,HEAD");
    assert_eq!(
        refused("DELETE", "/health/live").header("allow"),
        "GET,HEAD"
    );
}
