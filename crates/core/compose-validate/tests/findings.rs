//! What people read: where a fault is and what would be right.
#![expect(clippy::expect_used, reason = "tests may fail loudly")]

use compose_edit::Document;
use compose_model::{Files, View};
use compose_validate::check;
use diagnostics::Diagnostic;

const STACK: &str = "\
services:
  web:
    image: nginx:1.27
    port: ['80:80']
    depends_on:
      api: { condition: healthy }
  api:
    build: ./api
    mem_limit: 512megs
    stop_grace_period: 30
    user: 1000
    ports: ['80000:80']
    read_only: maybe
    environment: KEY=value
";

/// Every finding as `file:line:column: path: problem`.
fn findings(text: &str) -> Vec<String> {
    let findings = diagnostics(text);
    findings.iter().map(Diagnostic::in_one_line).collect()
}

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    let document = Document::parse(text).expect("YAML");
    let files = Files::from([("compose.yaml".to_owned(), document)]);
    let view = View::resolve(&files, &["compose.yaml"]).expect("a model");
    check(&view, &files, &|_| None)
}

fn assert_findings(text: &str, expected: &[&str]) {
    assert_eq!(findings(text), expected);
}

#[test]
fn every_fault_of_the_shape_is_named_with_its_place() {
    let text = STACK.replace("    ports: ['80000:80']\n", "");
    assert_findings(
        &text,
        &[
            "compose.yaml:4:5: services.web.port: `port` is no key of services.web; did you mean `ports`?",
            "compose.yaml:6:14: services.web.depends_on.api.condition: services.web.depends_on.api.condition must be \
         `service_started`, `service_healthy` or `service_completed_successfully`, not `healthy`",
            "compose.yaml:9:5: services.api.mem_limit: services.api.mem_limit must be a number of bytes, or a size as in \
         `512m`, not `512megs`",
            "compose.yaml:10:5: services.api.stop_grace_period: services.api.stop_grace_period must be a duration, as in \
         `30s` or `1m30s`, not the number 30",
            "compose.yaml:11:5: services.api.user: services.api.user must be text, not the number 1000; put it in quotes",
            "compose.yaml:12:5: services.api.read_only: services.api.read_only must be `true` or `false`, not `maybe`",
            "compose.yaml:13:5: services.api.environment: services.api.environment must be a mapping or a list, not text",
        ],
    );
}

#[test]
fn names_that_nothing_has_are_named() {
    let text = "\
services:
  web:
    image: nginx
    volumes: ['data:/data', './site:/site']
    networks: [front]
    depends_on: [api]
";
    assert_findings(
        text,
        &[
            "compose.yaml:5:16: services.web.networks.front: there is no network `front`; declare it below `networks:` at \
         the top level",
            "compose.yaml:4:15: services.web.volumes[0]: there is no volume `data`; declare it below `volumes:` at the top \
         level",
            "compose.yaml:6:18: services.web.depends_on.api: `web` needs a service `api`, which is not there",
        ],
    );
}

#[test]
fn a_circle_is_shown() {
    let text = "\
services:
  a: { image: x, depends_on: [b] }
  b: { image: x, links: [c] }
  c: { image: x, network_mode: 'service:a' }
";
    assert_findings(
        text,
        &[
            "compose.yaml:4:18: services.c.network_mode: services depend on each other in a circle: a -> b -> c -> a",
        ],
    );
}

#[test]
fn variables_are_replaced_before_anything_is_judged() {
    let text = "\
services:
  web:
    image: ${IMAGE:?which one?}
    ports: ['${PORT:-80}:80']
";
    assert_findings(
        text,
        &[
            "compose.yaml:3:5: services.web.image: required variable IMAGE is missing a value: which one?",
        ],
    );
}

#[test]
fn a_value_that_may_be_a_secret_is_not_shown() {
    for environment in [
        "PASSWORD=hunter2",
        "['PASSWORD=hunter2${']",
        "{PASSWORD: 'hunter2${'}",
        "{P: [hunter2]}",
    ] {
        let findings = findings(&format!(
            "services:\n  web:\n    image: x\n    environment: {environment}\n"
        ));
        assert_eq!(findings.len(), 1, "{environment}");
        assert!(!findings[0].contains("hunter2"), "{findings:?}");
    }
}

/// A date in an override of what the base has from an anchor is text by the time Compose looks.
#[test]
fn what_an_override_makes_text_is_text() {
    let base = "x-env: &env { environment: { A: b } }\nservices:\n  web: { <<: *env, image: x }\n";
    let files = [
        ("base.yaml", base),
        (
            "over.yaml",
            "services:\n  web: { environment: { BUILT: 2024-01-31 } }\n",
        ),
    ];
    let parsed = files.map(|(name, text)| (name.to_owned(), Document::parse(text).expect("YAML")));
    let files = Files::from(parsed);
    let view = View::resolve(&files, &["base.yaml", "over.yaml"]).expect("a model");
    assert_eq!(check(&view, &files, &|_| None), []);
}

/// Each names its rule, for programs and for SARIF.
#[test]
fn every_stage_and_every_rule_has_a_name() {
    let stack = |service: &str| format!("services:\n  web:\n    image: nginx\n{service}");
    for (text, rule) in [
        (
            stack("    ports: ['${PORT:?is not set}:80']\n"),
            "compose-variable",
        ),
        (
            stack("    environment: { AT: 2026-01-02 }\n"),
            "compose-text",
        ),
        (stack("    port: ['80:80']\n"), "compose-shape"),
        (
            "services:\n  web: { command: serve }\n".to_owned(),
            "compose-image",
        ),
        (stack("    volumes: ['data:/data']\n"), "compose-references"),
        (stack("    depends_on: [api]\n"), "compose-dependencies"),
        (
            stack("    healthcheck: { test: [curl, localhost] }\n"),
            "compose-healthcheck",
        ),
    ] {
        let found = diagnostics(&text);
        let rules: Vec<_> = found.iter().map(|one| one.rule.as_str()).collect();
        assert_eq!(rules, [rule], "{text}{found:?}");
        assert!(
            found[0].location.is_some() && found[0].environment.is_none(),
            "{found:?}"
        );
    }
}
