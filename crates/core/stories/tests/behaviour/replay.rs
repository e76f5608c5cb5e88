//! What became of a stack by recorded stories, known without anybody's log.

use std::collections::BTreeMap;

use stories::replay::{Between, Replayed};
use stories::{Draft, Entry, Ledger, Place, Record, Revert, Stack, Story, StoryId};

use crate::fixture::{catalog, stack, story, with};

const LOCAL: &str = "services:
  redis:
    image: redis:6-alpine
  backend:
    image: example/api:1
    expose: [3000]
";
const PROD: &str = "services:
  redis:
    image: redis:6-alpine # pinned
  backend:
    image: example/api:2
    expose: [3000]
";

fn shop() -> Stack {
    stack(&[
        ("docker-compose.yml", LOCAL),
        ("docker-compose.prod.yml", PROD),
    ])
}

fn all(stack: &Stack) -> Vec<&str> {
    stack
        .layout
        .environments
        .keys()
        .map(String::as_str)
        .collect()
}

/// Applies stories as a run does, over some environments.
fn migrated(
    stack: &Stack,
    ledger: &Ledger,
    ids: &[&str],
    environments: &[&str],
) -> (Stack, Ledger) {
    let (mut stack, mut ledger) = (stack.clone(), ledger.clone());
    for story in ids.iter().map(|id| story(id)) {
        let draft = Draft::make(&stack, &story, environments).unwrap();
        let record = Record::after(ledger.get(&story.id), &story, &draft).unwrap();
        ledger.insert(story.id.clone(), record);
        stack = draft.stack;
    }
    (stack, ledger)
}

fn replay(stack: &Stack, before: &Ledger, after: &Ledger) -> Option<Replayed> {
    let unknown = |_: &StoryId, _: &str, _: Option<&str>| None;
    Between {
        before,
        after,
        catalog: &catalog(),
    }
    .replay(stack, &all(stack), &unknown)
}

fn same(replayed: &Replayed, (stack, ledger): (&Stack, &Ledger)) {
    let texts = |stack: &Stack| {
        stack
            .files
            .iter()
            .map(|(path, file)| (path.clone(), file.text().to_owned()))
            .collect()
    };
    let [left, right]: [BTreeMap<String, String>; 2] = [texts(&replayed.stack), texts(stack)];
    assert_eq!(left, right);
    assert_eq!(&replayed.ledger, ledger);
}

#[test]
fn every_number_of_stories_is_accounted_for() {
    let committed = shop();
    let ids = ["5.1", "5.2", "5.3"];
    for from in 0..=ids.len() {
        let (head, recorded) = migrated(&committed, &Ledger::new(), &ids[..from], &all(&committed));
        for to in from..=ids.len() {
            let (now, ledger) = migrated(&head, &recorded, &ids[from..to], &all(&committed));
            same(&replay(&head, &recorded, &ledger).unwrap(), (&now, &ledger));
        }
    }
}

#[test]
fn one_environment_after_the_other_is_too() {
    let committed = shop();
    let (half, recorded) = migrated(&committed, &Ledger::new(), &["5.1"], &["local"]);
    same(
        &replay(&committed, &Ledger::new(), &recorded).unwrap(),
        (&half, &recorded),
    );
    let (now, ledger) = migrated(&half, &recorded, &["5.1"], &["prod"]);
    same(&replay(&half, &recorded, &ledger).unwrap(), (&now, &ledger));
}

#[test]
fn so_is_what_was_taken_back() {
    let committed = shop();
    let (head, recorded) = migrated(
        &committed,
        &Ledger::new(),
        &["5.1", "5.2"],
        &all(&committed),
    );
    let take_back = |story: &Story| {
        Revert::make(&head, story, &recorded[&story.id], &BTreeMap::new())
            .unwrap()
            .stack
    };
    let now = take_back(&story("5.2"));
    let mut ledger = recorded.clone();
    ledger.remove(&story("5.2").id);
    same(&replay(&head, &recorded, &ledger).unwrap(), (&now, &ledger));
    let kept_out = recorded[&story("5.2").id]
        .reverted(Some("we stay on 6"))
        .unwrap();
    ledger.insert(story("5.2").id, kept_out);
    same(&replay(&head, &recorded, &ledger).unwrap(), (&now, &ledger));
}

#[test]
fn a_skip_is_in_the_record_alone() {
    let committed = shop();
    let mut record = Record::of(&story("5.1"));
    let skipped = Entry::skipped("no");
    record
        .environments
        .insert("local".to_owned(), [(Place::Stack, skipped)].into());
    let ledger = Ledger::from([(story("5.1").id, record)]);
    same(
        &replay(&committed, &Ledger::new(), &ledger).unwrap(),
        (&committed, &ledger),
    );
}

#[test]
fn an_edit_of_somebodys_is_not() {
    let committed = shop();
    let (now, ledger) = migrated(&committed, &Ledger::new(), &["5.1"], &all(&committed));
    let edited = with(&now, "docker-compose.yml", |text| {
        text.replace("example/api:1", "example/api:3")
    });
    let replayed = replay(&committed, &Ledger::new(), &ledger).unwrap();
    assert_ne!(
        replayed.stack.files["docker-compose.yml"].text(),
        edited.files["docker-compose.yml"].text()
    );
    assert_eq!(
        replayed.stack.files["docker-compose.prod.yml"].text(),
        edited.files["docker-compose.prod.yml"].text()
    );
}

#[test]
fn a_story_that_was_edited_since_is_not_replayed() {
    let committed = shop();
    let (_, mut ledger) = migrated(&committed, &Ledger::new(), &["5.1"], &all(&committed));
    for record in ledger.values_mut() {
        record.checksum = "sha256:0".to_owned();
    }
    assert!(replay(&committed, &Ledger::new(), &ledger).is_none());
}
