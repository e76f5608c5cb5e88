//! What the view refuses, by name and place.
#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

use compose_edit::Document;
use compose_model::{Files, View, ViewError};

fn refusal(texts: &[(&str, &str)], order: &[&str]) -> ViewError {
    let parsed: Files = texts
        .iter()
        .map(|(path, text)| ((*path).to_owned(), Document::parse(*text).unwrap()))
        .collect();
    View::resolve(&parsed, order).expect_err("should be refused")
}

fn assert_refused(texts: &[&str], expected: &str) {
    let names = ["a.yml", "b.yml", "c.yml"];
    let texts: Vec<_> = names.into_iter().zip(texts.iter().copied()).collect();
    let order: Vec<_> = texts.iter().map(|(name, _)| *name).collect();
    assert_eq!(refusal(&texts, &order).to_string(), expected);
}

#[test]
fn kinds_that_do_not_merge() {
    assert_refused(
        &[
            "services: {a: {image: i, deploy: {replicas: 1}}}",
            "services: {a: {deploy: [x]}}",
        ],
        "b.yml:1:16: cannot override services.a.deploy: it is a map in a.yml",
    );
    assert_refused(
        &[
            "services: {a: {image: i, gpus: all}}",
            "services: {a: {gpus: all}}",
        ],
        "b.yml:1:16: cannot override services.a.gpus: it is a list in a.yml",
    );
}

#[test]
fn what_compose_does_at_random() {
    assert_refused(
        &[
            "services:\n  a: {extends: b}\n  b: {extends: c, ports: !override ['2:2']}\n  c: {image: c, ports: ['1:1']}\n",
        ],
        "a.yml:3:19: `b` extends a service and is extended; Compose obeys this tag at random there",
    );
    // The tag takes nothing away, so the order does not matter.
    let harmless = "services:\n  a: {extends: b}\n  b: {extends: c, ports: !override ['2:2']}\n  c: {image: c}\n";
    let files = Files::from([("a.yml".to_owned(), Document::parse(harmless).unwrap())]);
    assert!(View::resolve(&files, &["a.yml"]).is_ok());
}

#[test]
fn what_compose_does_wrongly() {
    let subnets = "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}, {subnet: 10.0.1.0/24}]}}}";
    let other = "networks: {n: {ipam: {config: [{subnet: 10.0.2.0/24}]}}}";
    assert_refused(
        &[subnets, other],
        "b.yml:1:23: networks.n.ipam.config is merged from two files; Compose does that predictably for one and the same \
         subnet only",
    );
}

#[test]
fn what_crashes_compose() {
    assert_refused(
        &[
            "services: {a: {image: i, logging: {driver: x}}}",
            "services: {a: {logging: }}",
        ],
        "b.yml:1:16: services.a.logging is not a map; Compose crashes on merging it",
    );
}

#[test]
fn services_that_cannot_be_extended() {
    assert_refused(
        &["services: {a: {extends: b}}"],
        "a.yml:1:16: there is no service `b` in a.yml to extend",
    );
    assert_refused(
        &["services: {a: {extends: b}, b: {extends: a}}"],
        "a.yml:1:16: services extend each other in a circle: a extends b extends a",
    );
    assert_refused(
        &["services: {a: {extends: {file: b.yml}}}"],
        "a.yml:1:16: `extends` names no service",
    );
}

#[test]
fn includes_that_cannot_be() {
    let texts = [
        ("a.yml", "include: [b.yml]\nservices: {x: {image: i}}"),
        ("b.yml", "services: {x: {image: j}}"),
    ];
    assert_eq!(
        refusal(&texts, &["a.yml"]).to_string(),
        "a.yml:2:12: services.x conflicts with imported resource"
    );
    let texts = [("a.yml", "include: [b.yml]"), ("b.yml", "include: [a.yml]")];
    assert_eq!(
        refusal(&texts, &["a.yml"]).to_string(),
        "b.yml:1:11: a.yml includes itself, directly or through others"
    );
}

#[test]
fn a_file_that_is_not_there_is_named_so_that_it_can_be_loaded() {
    let texts = [(
        "deploy/a.yml",
        "services: {a: {extends: {file: ../common/b.yml, service: b}}}",
    )];
    let expected = ViewError::MissingFile {
        path: "common/b.yml".to_owned(),
        named_at: "deploy/a.yml:1:16".to_owned(),
    };
    assert_eq!(refusal(&texts, &["deploy/a.yml"]), expected);
    let expected = ViewError::MissingFile {
        path: "b.yml".to_owned(),
        named_at: "the environment".to_owned(),
    };
    assert_eq!(refusal(&texts, &["b.yml"]), expected);
}

#[test]
fn documents_that_are_no_compose_files() {
    assert_refused(
        &["[1, 2]"],
        "a.yml:1:1: a Compose file is a mapping at its top",
    );
    assert_refused(
        &["services: {a: {image: i, labels: {80: x}}}"],
        "a.yml:1:35: the key `80` is no text; quote it",
    );
    assert_refused(
        &["x-a: &a {b: {<<: 1}}"],
        "a.yml:1:14: `<<` wants a mapping or a list of mappings",
    );
    assert_refused(&["# nothing"], "a.yml:1:1: empty compose file");
}

#[test]
fn an_alias_bomb_is_stopped_at_the_alias() {
    let mut bomb = "x-0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("x-{level}: &a{level} [{aliases}]\n"));
    }
    let words = refusal(&[("a.yml", bomb.as_str())], &["a.yml"]).to_string();
    assert!(
        words.contains("unfolds to more than 250000 values"),
        "{words}"
    );
    assert!(words.starts_with("a.yml:6:"), "{words}");
}

#[test]
fn a_bomb_of_ports_or_of_services_is_stopped() {
    let ports: String = (0..100)
        .map(|at| format!("  s{at}: {{image: i, ports: ['1-65535']}}\n"))
        .collect();
    let words = refusal(
        &[("a.yml", format!("services:\n{ports}").as_str())],
        &["a.yml"],
    )
    .to_string();
    assert!(words.contains("unfolds to more than"), "{words}");
    let body: String = (0..300).map(|at| format!("x-{at}: 1, ")).collect();
    let heirs: String = (0..3000)
        .map(|at| format!("  s{at}: {{extends: base}}\n"))
        .collect();
    let text = format!("services:\n  base: {{{body} image: i}}\n{heirs}");
    let words = refusal(&[("a.yml", text.as_str())], &["a.yml"]).to_string();
    assert!(words.contains("unfolds to more than"), "{words}");
}

#[test]
fn what_holds_itself_or_lies_too_deep_is_refused() {
    assert_refused(&["x-a: &a {b: *a}"], "a.yml:1:13: `*a` contains itself");
    assert_refused(&["x-a: &a [1, *a]"], "a.yml:1:13: `*a` contains itself");
    let deep = format!("x-a: {}{}", "[".repeat(150), "]".repeat(150));
    let words = refusal(&[("a.yml", deep.as_str())], &["a.yml"]).to_string();
    assert!(
        words.contains("nested more than 100 levels deep"),
        "{words}"
    );
}
