//! What a proof refuses. The drafts are made wrong on purpose.

use std::collections::BTreeMap;

use compose_edit::Document;
use stories::{Draft, Refusal, Stack, Story};

use crate::fixture::{local, stack, stack_of, story, with};

const FILE: &str = "docker-compose.yml";
const REDIS: &str =
    "services:\n  redis:\n    image: redis:6-alpine\n  api:\n    image: example/api:1\n";

fn draft(stack: &Stack, id: &str) -> (Draft, Story) {
    let story = story(id);
    let all: Vec<&str> = stack
        .layout
        .environments
        .keys()
        .map(String::as_str)
        .collect();
    (Draft::make(stack, &story, &all).unwrap(), story)
}

/// The proof of a draft whose text was changed behind its back.
fn tampered(before: &Stack, id: &str, edit: impl Fn(&str) -> String) -> Refusal {
    let (draft, story) = draft(before, id);
    let mut draft = draft.prove(before, &story).unwrap().into_draft();
    draft.stack = with(&draft.stack, FILE, edit);
    draft.prove(before, &story).unwrap_err()
}

fn stray(refusal: &Refusal) -> String {
    assert!(matches!(refusal, Refusal::Stray { .. }), "{refusal}");
    refusal.to_string()
}

#[test]
fn a_change_elsewhere_is_refused_by_its_path() {
    let before = local(REDIS);
    let refusal = tampered(&before, "5.2", |text| {
        text.replace("example/api:1", "example/api:2")
    });
    assert!(
        stray(&refusal)
            .contains("docker-compose.yml: the edit would also change services.api.image"),
        "{refusal}"
    );
    let refusal = tampered(&before, "5.1", |text| {
        text.replace("redis:6-alpine", "redis:8")
    });
    assert!(
        stray(&refusal).contains("services.redis.image"),
        "{refusal}"
    );
}

#[test]
fn an_addition_and_a_removal_elsewhere_are_refused() {
    let before = local(REDIS);
    let refusal = tampered(&before, "5.2", |text| {
        format!("{text}    restart: always\n")
    });
    assert!(
        stray(&refusal).contains("services.api.restart"),
        "{refusal}"
    );
    let refusal = tampered(&before, "5.1", |text| {
        text.replace("  api:\n    image: example/api:1\n", "")
    });
    assert!(stray(&refusal).contains("services.api"), "{refusal}");
}

#[test]
fn a_removal_in_a_declared_place_is_refused() {
    let before = local(
        "services:\n  redis:\n    image: redis:7\n    volumes:\n      - ./redis.conf:/etc/redis.conf\n",
    );
    let refusal = tampered(&before, "5.1", |text| {
        text.replace("      - ./redis.conf:/etc/redis.conf\n", "")
    });
    assert!(
        stray(&refusal).contains("services.redis.volumes[0]"),
        "{refusal}"
    );
}

#[test]
fn a_change_of_another_environment_is_refused() {
    let files = [(FILE, REDIS), ("docker-compose.prod.yml", REDIS)];
    let before = stack(&files);
    let story = story("5.2");
    let draft = Draft::make(&before, &story, &["local"]).unwrap();
    let mut draft = draft.prove(&before, &story).unwrap().into_draft();
    draft.stack = with(&draft.stack, "docker-compose.prod.yml", |text| {
        text.replace("redis:6-alpine", "redis:7-alpine")
    });
    assert!(stray(&draft.prove(&before, &story).unwrap_err()).starts_with("prod: "));
}

#[test]
fn an_edit_that_does_not_reach_its_end_is_refused() {
    let before = local(REDIS);
    let refusal = tampered(&before, "5.1", |text| {
        text.replace("    volumes:\n      - redis_data:/data\n", "")
    });
    assert!(
        matches!(refusal, Refusal::NotIdempotent { .. }),
        "{refusal}"
    );
    assert!(
        refusal.to_string().contains("services.redis.volumes"),
        "{refusal}"
    );
}

#[test]
fn a_value_that_a_later_file_overrides_is_refused() {
    let layout =
        "environments:\n  local: { files: [a.yml] }\n  prod: { files: [prod.yml, a.yml] }\n";
    let backend = "services:\n  backend:\n    image: example/api:1\n";
    let before = stack_of(
        layout,
        &[
            ("a.yml", backend),
            ("prod.yml", "services:\n  backend:\n    restart: always\n"),
        ],
    );
    let (draft, story) = draft(&before, "5.3");
    let refusal = draft.prove(&before, &story).unwrap_err();
    assert!(matches!(refusal, Refusal::Overridden { .. }), "{refusal}");
    assert!(
        refusal
            .to_string()
            .starts_with("prod would not say what the story wants"),
        "{refusal}"
    );
}

#[test]
fn a_text_that_only_one_reader_understands_is_refused() {
    let before = local(REDIS);
    let (mut draft, story) = draft(&before, "5.2");
    // Two documents: the editor's reader takes the first, the independent one refuses.
    let text = format!("{}---\nservices: {{}}\n", draft.stack.files[FILE].text());
    let files = BTreeMap::from([(FILE.to_owned(), Document::parse(text).unwrap())]);
    draft.stack = draft.stack.with(files).unwrap();
    assert!(matches!(
        draft.prove(&before, &story),
        Err(Refusal::Oracle { .. })
    ));
}

#[test]
fn files_are_named_in_the_order_of_the_environments() {
    let layout = "environments:\n  local: { files: [z.yml] }\n  prod: { files: [a.yml] }\n";
    let before = stack_of(layout, &[("a.yml", REDIS), ("z.yml", REDIS)]);
    let (draft, _) = draft(&before, "5.1");
    assert_eq!(draft.changed, ["z.yml", "a.yml"]);
}
