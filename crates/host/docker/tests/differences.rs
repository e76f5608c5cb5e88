//! Where two models differ, and what the memory of a check hangs on.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "support/checkout.rs"]
mod checkout;

use docker::compose_config::{Subject, differences, key};
use semver::Version;
use serde_json::{Value, json};

use checkout::{Checkout, environment};

fn paths(before: Value, after: Value) -> Vec<String> {
    differences(&before, &after)
        .iter()
        .map(|found| found.path.to_string())
        .collect()
}

/// A model with one service that has this under a key.
fn service(key: &str, value: Value) -> Value {
    json!({"name": "shop", "services": {"a": {(key): value}}})
}

#[test]
fn equal_models_differ_nowhere() {
    let model =
        || json!({"services": {"a": {"image": "x", "ports": [{"target": 80}]}}, "volumes": {}});
    assert!(paths(model(), model()).is_empty());
}

#[test]
fn what_is_added_or_removed_is_told_entry_by_entry() {
    let before =
        json!({"services": {"a": {"image": "x:1", "environment": {"A": "1", "OLD": "2"}}}});
    let after = json!({"services": {"a": {"image": "x:2", "environment": {"A": "1"}}}, "volumes": {"v": {"name": "v"}}});
    assert_eq!(
        paths(before, after),
        [
            "services.a.environment.OLD",
            "services.a.image",
            "volumes.v.name"
        ]
    );
}

#[test]
fn a_list_that_is_added_is_told_item_by_item() {
    let (before, after) = (
        json!({"services": {"a": {}}}),
        service("volumes", json!([{"target": "/data"}, {"target": "/x"}])),
    );
    assert_eq!(
        paths(before, after),
        ["name", "services.a.volumes[0]", "services.a.volumes[1]"]
    );
}

#[test]
fn a_container_of_another_kind_is_its_path() {
    assert_eq!(
        paths(
            service("command", json!("x")),
            service("command", json!(["x"]))
        ),
        ["services.a.command"]
    );
    assert_eq!(
        paths(
            service("command", json!(null)),
            service("command", json!(["x"]))
        ),
        ["services.a.command"]
    );
}

#[test]
fn lists_in_which_order_counts_differ_where_they_part() {
    let command = |words: &[&str]| service("command", json!(words));
    assert_eq!(
        paths(command(&["a", "b"]), command(&["a", "b", "c"])),
        ["services.a.command[2]"]
    );
    assert_eq!(
        paths(command(&["a", "b", "c"]), command(&["a", "c"])),
        ["services.a.command[1]"]
    );
    assert_eq!(
        paths(command(&["a", "b"]), command(&["b", "a"])),
        ["services.a.command[0]", "services.a.command[1]"]
    );
}

#[test]
fn lists_that_are_merged_by_a_key_are_sets() {
    let port = |published: &str, target: u16| json!({"mode": "ingress", "published": published, "target": target});
    let before = service("ports", json!([port("80", 80), port("443", 443)]));
    let reordered = service("ports", json!([port("443", 443), port("80", 80)]));
    assert!(paths(before.clone(), reordered).is_empty());
    let added = service(
        "ports",
        json!([port("443", 443), port("81", 80), port("80", 80)]),
    );
    assert_eq!(paths(before, added), ["services.a.ports[1]"]);
    let mount = |source: &str| {
        service(
            "volumes",
            json!([{"source": "x", "target": "/x"}, {"source": source, "target": "/data"}]),
        )
    };
    assert_eq!(
        paths(mount("a"), mount("b")),
        ["services.a.volumes[1].source"]
    );
}

#[test]
fn each_difference_says_on_which_side_it_stands() {
    let mounts = |targets: &[&str]| {
        let items: Vec<_> = targets
            .iter()
            .map(|target| json!({ "target": target }))
            .collect();
        json!({"services": {"a": {"volumes": items, "image": targets[0]}}})
    };
    let found: Vec<_> = differences(&mounts(&["/x"]), &mounts(&["/data"]))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "services.a.image (changed)",
            "services.a.volumes[0] (added)",
            "services.a.volumes[0] (removed)"
        ]
    );
    let (one, two) = (
        json!({"services": {"a": {"command": ["x", "y"]}}}),
        json!({"services": {"a": {"command": ["x"]}}}),
    );
    assert_eq!(
        differences(&one, &two)[0].to_string(),
        "services.a.command[1] (removed)"
    );
    assert_eq!(
        differences(&two, &one)[0].to_string(),
        "services.a.command[1] (added)"
    );
}

#[test]
fn a_key_changes_with_everything_that_decides() {
    let compose = Version::new(2, 40, 3);
    let files = || {
        Checkout::of(&[
            (
                "docker-compose.yml",
                "services: {a: {extends: {file: base.yml, service: a}, env_file: a.env}}\n",
            ),
            ("base.yml", "services: {a: {image: x}}\n"),
            ("a.env", "A=1\n"),
            (".env", "B=1\n"),
        ])
    };
    let checkout = files();
    let root = checkout.root();
    let of = |checkout: &Checkout| key(&compose, &checkout.subject(&root), &[]);
    let own = of(&checkout);
    assert_eq!(own, of(&checkout));
    assert_ne!(
        own,
        key(&Version::new(2, 40, 4), &checkout.subject(&root), &[])
    );
    assert_ne!(
        own,
        key(
            &compose,
            &Subject {
                profiles: true,
                ..checkout.subject(&root)
            },
            &[]
        )
    );
    let other = environment("prod", &["docker-compose.yml"]);
    assert_ne!(
        own,
        key(
            &compose,
            &Subject {
                environment: &other,
                ..checkout.subject(&root)
            },
            &[]
        )
    );
    assert_ne!(
        own,
        key(&compose, &checkout.subject(&root), &[("more", "")])
    );
    let mut checkout = checkout;
    for path in [".env", "a.env", "base.yml", "docker-compose.yml"] {
        let before = of(&checkout);
        checkout = checkout.file(path, "C=2\n");
        assert_ne!(before, of(&checkout), "{path}");
    }
}
