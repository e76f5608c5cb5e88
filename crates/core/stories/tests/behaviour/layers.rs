//! Random layers of files: a story is refused by name or holds in every environment, and then comes
//! and goes.

use std::collections::BTreeMap;

use compose_edit::{Document, Path};
use compose_model::Value;
use proptest::prelude::*;
use stories::proof::differences;
use stories::{Draft, Layout, Outcome, Record, Refusal, Revert, Stack, Story};

use crate::fixture::{catalog, guessing};

const LAYOUTS: [&str; 5] = [
    "{ local: { files: [a.yml] }, prod: { files: [c.yml] } }",
    "{ local: { files: [a.yml, b.yml] } }",
    "{ local: { files: [a.yml] }, prod: { files: [a.yml, c.yml] } }",
    "{ local: { files: [a.yml, b.yml] }, prod: { files: [a.yml, c.yml] } }",
    "{ local: { files: [a.yml] }, ci: { files: [a.yml, b.yml] }, prod: { files: [a.yml, b.yml, c.yml] } }",
];

const REDIS: [&str; 5] = [
    "",
    "    restart: always\n",
    "    image: redis:6.2.13-alpine\n",
    "    image: ${REDIS:-redis:6.2}\n    tmpfs: /tmp\n",
    "    image: \"redis:7.4-alpine\"\n    ports: [\"6379:6379\"]\n",
];
const MOUNTS: [&str; 5] = [
    "",
    "    volumes:\n      - ./redis.conf:/etc/redis.conf # ours\n",
    "    volumes: [\"./redis.conf:/etc/redis.conf\"]\n",
    "    volumes:\n    - type: volume\n      source: kept\n      target: /data\n",
    "    volumes: [\"./data:/data\"]\n",
];
const BACKEND: [&str; 3] = [
    "",
    "    restart: always\n",
    "    image: example/api:1\n    expose: [3000]\n",
];
const CHECKS: [&str; 5] = [
    "",
    "",
    "    healthcheck:\n      interval: 42s # measured\n",
    "    healthcheck: { test: [\"CMD\", \"/probe\"], retries: 2 }\n",
    "    healthcheck:\n      disable: true\n",
];
const FRONTEND: [&str; 3] = ["", "    restart: always\n", "    build: ./web\n"];
const WAITS: [&str; 7] = [
    "",
    "    depends_on:\n      - redis # sessions\n      - backend\n",
    "    depends_on: [backend]\n",
    "    depends_on:\n    - redis\n",
    "    depends_on:\n      backend:\n        condition: service_started\n        restart: true\n",
    "    depends_on: { backend: { condition: service_healthy } }\n",
    "    depends_on:\n      redis: { condition: service_started }\n",
];

/// A file of services; a service without a body is left out.
fn file(choices: &[u8]) -> String {
    let pick = |table: &[&str], at: usize| table[usize::from(choices[at]) % table.len()].to_owned();
    let services = [
        ("redis", pick(&REDIS, 0) + &pick(&MOUNTS, 1)),
        ("backend", pick(&BACKEND, 2) + &pick(&CHECKS, 3)),
        ("frontend", pick(&FRONTEND, 4) + &pick(&WAITS, 5)),
    ];
    let there = services.iter().filter(|(_, body)| !body.is_empty());
    let text: String = there
        .map(|(name, body)| format!("  {name}:\n{body}"))
        .collect();
    let volumes =
        ["", "volumes: { kept: {} }\n", "volumes:\n  kept:\n"][usize::from(choices[6]) % 3];
    if text.is_empty() {
        format!("{volumes}name: layers\n")
    } else {
        format!("{volumes}services:\n{text}")
    }
}

fn stack(layout: u8, choices: &[u8]) -> Option<Stack> {
    let layout = format!(
        "environments: {}\n",
        LAYOUTS[usize::from(layout) % LAYOUTS.len()]
    );
    let layout = Layout::parse("compose/stack.yaml", &layout).unwrap();
    let texts = ["a.yml", "b.yml", "c.yml"]
        .into_iter()
        .zip(choices.chunks(7));
    let files =
        texts.map(|(name, choices)| (name.to_owned(), Document::parse(file(choices)).unwrap()));
    Stack::new(layout, files.collect()).ok().map(guessing)
}

/// What a run of a story comes to; the stack after it.
fn run(stack: &Stack, story: &Story) -> Result<Stack, Refusal> {
    let all: Vec<&str> = stack
        .layout
        .environments
        .keys()
        .map(String::as_str)
        .collect();
    let draft = Draft::make(stack, story, &all)?.prove(stack, story)?;
    let again = Draft::make(&draft.stack, story, &all)?;
    assert!(
        again.changed.is_empty()
            && !again
                .outcomes
                .values()
                .flat_map(|places| places.values())
                .any(|found| matches!(found, Outcome::Applied(_)))
    );
    if let Some(record) = Record::after(None, story, &draft) {
        comes_back(stack, &draft, story, &record);
    }
    Ok(draft.into_draft().stack)
}

fn comes_back(before: &Stack, draft: &Draft, story: &Story, record: &Record) {
    let revert = Revert::make(&draft.stack, story, record, &BTreeMap::new()).unwrap();
    let (edited, after) = (revert.edited.clone(), revert.stack.clone());
    match revert.prove(&draft.stack) {
        // It waited before the story too, and would not have started.
        Err(Refusal::StillWaited {
            environment,
            service,
            on,
            ..
        }) => {
            let condition = Path::from(["services", &service, "depends_on", &on, "condition"]);
            let was = before.view(&environment).get(&condition);
            assert_eq!(was.and_then(Value::as_str), Some("service_healthy"));
        }
        proved => drop(proved.unwrap()),
    }
    assert!(edited.is_empty(), "{edited:?}");
    for environment in before.layout.environments.keys() {
        let found = differences(
            before.view(environment).root(),
            after.view(environment).root(),
        );
        assert!(found.is_empty(), "{environment}: {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stories_hold_or_are_refused_by_name(layout: u8, choices: [u8; 21]) {
        let Some(mut stack) = stack(layout, &choices) else { return Ok(()) };
        for story in catalog().in_order() {
            match run(&stack, story) {
                Ok(next) => stack = next,
                Err(Refusal::Conflict { .. } | Refusal::NoOwnFile { .. } | Refusal::Stray { .. }) => {}
                Err(other) => prop_assert!(false, "story {}: {other}", story.id),
            }
        }
    }
}
