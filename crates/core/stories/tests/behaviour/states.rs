//! Where a story stands, each by the way in which it comes about.

use std::collections::BTreeSet;

use stories::{Checklist, Draft, Entry, Ledger, Place, Record, Refusal, Stack, State, passed_over};

use crate::fixture::{applied, catalog, local, stack, stack_of, story, with};

const REDIS: &str = "services:\n  redis:\n    image: redis:6-alpine\n";
const PAIR: &str = "services:
  backend:
    image: example/api:1
  frontend:
    image: example/web:1
    depends_on: [backend]
";

fn state(stack: &Stack, ledger: &Ledger, id: &str) -> State {
    Checklist {
        stack,
        catalog: &catalog(),
        ledger,
    }
    .state(&story(id), "local")
}

fn paths(state: &State) -> Vec<String> {
    match state {
        State::Pending(paths)
        | State::Adopted {
            evidence: paths, ..
        } => paths.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn pending_names_what_would_be_added() {
    let state = state(&local(REDIS), &Ledger::new(), "5.1");
    assert_eq!(
        paths(&state),
        ["volumes.redis_data", "services.redis.volumes"]
    );
    assert!(!state.is_settled());
}

#[test]
fn applied_holds_wherever_the_files_say_it() {
    let (stack, ledger) = applied(&local(REDIS), &story("5.1"));
    assert_eq!(state(&stack, &ledger, "5.1"), State::Applied);
    let reordered = with(&stack, "docker-compose.yml", |_| {
        "volumes: {redis_data: }\nservices: {redis: {volumes: [\"redis_data:/data\"], image: \"redis:6-alpine\"}}\n"
            .to_owned()
    });
    assert_eq!(state(&reordered, &ledger, "5.1"), State::Applied);
}

#[test]
fn adopted_names_its_evidence_and_is_recorded_once() {
    let by_hand = local("services:\n  redis:\n    image: redis:7.4\n");
    let found = state(&by_hand, &Ledger::new(), "5.2");
    assert_eq!(paths(&found), ["services.redis.image"]);
    assert!(matches!(
        found,
        State::Adopted {
            recorded: false,
            ..
        }
    ));
    let (stack, ledger) = applied(&by_hand, &story("5.2"));
    assert!(matches!(
        state(&stack, &ledger, "5.2"),
        State::Adopted { recorded: true, .. }
    ));
}

#[test]
fn what_is_not_there_is_not_applicable() {
    let state = state(
        &local("services:\n  web:\n    image: nginx\n"),
        &Ledger::new(),
        "5.1",
    );
    assert_eq!(
        state,
        State::NotApplicable("no service runs redis".to_owned())
    );
    assert!(state.is_settled());
}

#[test]
fn a_story_waits_for_what_it_needs() {
    let before = local(PAIR);
    let waiting = state(&before, &Ledger::new(), "5.4");
    assert_eq!(waiting, State::Waiting(vec!["5.3".parse().unwrap()]));
    assert_eq!((waiting.name(), waiting.is_settled()), ("pending", false));
    let (stack, ledger) = applied(&before, &story("5.3"));
    assert_eq!(
        paths(&state(&stack, &ledger, "5.4")),
        ["services.frontend.depends_on.backend.condition"]
    );
}

#[test]
fn without_what_it_needs_a_story_is_in_conflict() {
    let before = local(PAIR);
    let mut record = Record::of(&story("5.3"));
    let skipped = Entry::skipped("no probe yet");
    record
        .environments
        .insert("local".to_owned(), [(Place::Stack, skipped)].into());
    let ledger = Ledger::from([(record.id.clone(), record)]);
    assert_eq!(
        state(&before, &ledger, "5.3"),
        State::Skipped("no probe yet".to_owned())
    );
    assert!(matches!(state(&before, &ledger, "5.4"), State::Conflict(_)));
}

#[test]
fn drifted_names_what_is_gone_and_where() {
    let (stack, ledger) = applied(&local(REDIS), &story("5.1"));
    let removed = with(&stack, "docker-compose.yml", |text| {
        text.replace("    volumes:\n      - redis_data:/data\n", "")
    });
    let State::Drifted(drifts) = state(&removed, &ledger, "5.1") else {
        panic!("no drift")
    };
    assert_eq!(drifts.len(), 1);
    assert_eq!(
        (drifts[0].what.as_str(), drifts[0].at.as_str()),
        ("services.redis.volumes is gone", "docker-compose.yml:2:3")
    );
}

#[test]
fn drifted_names_what_has_changed_and_where() {
    let (stack, ledger) = applied(&local(REDIS), &story("5.2"));
    let lowered = with(&stack, "docker-compose.yml", |text| {
        text.replace("redis:7-alpine", "redis:6-alpine")
    });
    let State::Drifted(drifts) = state(&lowered, &ledger, "5.2") else {
        panic!("no drift")
    };
    assert_eq!(
        (drifts[0].what.as_str(), drifts[0].at.as_str()),
        ("services.redis.image has changed", "docker-compose.yml:3:5")
    );
}

#[test]
fn what_stands_in_the_way_of_a_recorded_story_is_drift_too() {
    let (stack, ledger) = applied(&local(REDIS), &story("5.1"));
    let bound = |mount| {
        with(&stack, "docker-compose.yml", |text| {
            text.replace("redis_data:/data", mount)
        })
    };
    assert!(matches!(
        state(&bound("./data:/data:ro"), &ledger, "5.1"),
        State::Drifted(_)
    ));
    assert_eq!(
        state(&bound("./data:/data"), &ledger, "5.1"),
        State::Applied,
        "a host's folder keeps the data"
    );
    let gone = with(&stack, "docker-compose.yml", |text| {
        text.replace("redis:6-alpine", "valkey/valkey:8")
    });
    assert!(matches!(state(&gone, &ledger, "5.1"), State::Drifted(_)));
}

#[test]
fn an_edited_story_names_both_checksums() {
    let (stack, mut ledger) = applied(&local(REDIS), &story("5.1"));
    for record in ledger.values_mut() {
        record.checksum = "sha256:0123".to_owned();
    }
    let State::Edited { recorded, current } = state(&stack, &ledger, "5.1") else {
        panic!("not edited")
    };
    assert_eq!(
        (recorded.as_str(), current.as_str()),
        ("sha256:0123", story("5.1").checksum())
    );
}

#[test]
fn an_environment_that_is_not_recorded_stands_for_itself() {
    let (stack, ledger) = applied(&local(REDIS), &story("5.1"));
    let files = [
        (
            "docker-compose.yml",
            stack.files["docker-compose.yml"].text(),
        ),
        ("docker-compose.prod.yml", REDIS),
    ];
    let both = crate::fixture::stack(&files);
    let catalog = catalog();
    let checklist = Checklist {
        stack: &both,
        catalog: &catalog,
        ledger: &ledger,
    };
    assert_eq!(checklist.state(&story("5.1"), "local"), State::Applied);
    assert!(matches!(
        checklist.state(&story("5.1"), "prod"),
        State::Pending(_)
    ));
}

#[test]
fn a_private_file_is_no_evidence() {
    let layout =
        "environments:\n  local: { files: [docker-compose.yml, docker-compose.override.yml] }\n";
    let private = "services:\n  redis:\n    image: redis:7-alpine\n";
    let texts = [
        ("docker-compose.yml", REDIS),
        ("docker-compose.override.yml", private),
    ];
    let mut stack = stack_of(layout, &texts);
    assert!(matches!(
        state(&stack, &Ledger::new(), "5.2"),
        State::Adopted { .. }
    ));
    stack.ignore(BTreeSet::from(["docker-compose.override.yml".to_owned()]));
    assert!(matches!(
        state(&stack, &Ledger::new(), "5.2"),
        State::Pending(_)
    ));
}

#[test]
fn every_environment_counts() {
    let stack = stack(&[
        ("docker-compose.yml", REDIS),
        (
            "docker-compose.prod.yml",
            "services:\n  redis:\n    image: redis:7\n",
        ),
    ]);
    let (catalog, ledger) = (catalog(), Ledger::new());
    let checklist = Checklist {
        stack: &stack,
        catalog: &catalog,
        ledger: &ledger,
    };
    assert!(matches!(
        checklist.state(&story("5.2"), "local"),
        State::Pending(_)
    ));
    assert!(matches!(
        checklist.state(&story("5.2"), "prod"),
        State::Adopted { .. }
    ));
}

/// What one person's own file says keeps the story from the files there as `migrate` finds it; the
/// state says so first.
#[test]
fn a_file_that_git_ignores_may_stand_in_the_way() {
    let layout = "environments:\n  local: { files: [docker-compose.yml, own.yml] }\n";
    let team = "services:
  redis:
    image: redis:6-alpine
  frontend:
    image: example/web:1
    depends_on: [backend]
  backend:
    image: example/api:1
    healthcheck:
      test: [CMD, /probe]
";
    let own = "services:\n  backend:\n    healthcheck:\n      disable: true\n";
    let mut stack = stack_of(layout, &[("docker-compose.yml", team), ("own.yml", own)]);
    stack.ignore(BTreeSet::from(["own.yml".to_owned()]));
    let refused = Draft::make(&stack, &story("5.4"), &["local"])
        .unwrap()
        .prove(&stack, &story("5.4"))
        .unwrap_err();
    let Refusal::Conflict {
        conflict: of_draft, ..
    } = refused
    else {
        panic!("{refused}")
    };
    // The check that the team has holds already, so that the story waits for nothing.
    let ledger = Ledger::new();
    let State::Conflict(conflict) = state(&stack, &ledger, "5.4") else {
        panic!("{:?}", state(&stack, &ledger, "5.4"))
    };
    assert_eq!(conflict, *of_draft);
    assert_eq!(conflict.at, "own.yml:4:7");
    assert_eq!(
        paths(&state(&stack, &ledger, "5.2")),
        ["services.redis.image"],
        "the others are as they were"
    );
}

/// A role chooses one of two; the other one is not forgotten.
#[test]
fn a_service_that_a_role_passes_over_has_a_state_of_its_own() {
    let layout = "environments:\n  local: { files: [compose.yaml] }\nroles: { redis: cache }\n";
    let text = "services:
  cache:
    image: redis:7-alpine
    volumes: [\"kept:/data\"]
  queue:
    image: redis:6.2-alpine
volumes:
  kept:
";
    let stack = stack_of(layout, &[("compose.yaml", text)]);
    let of = |id: &str| passed_over(&stack, &story(id), "local");
    let [volume] = &of("5.1")[..] else {
        panic!("{:?}", of("5.1"))
    };
    assert_eq!(
        (volume.service.as_str(), volume.chosen.as_str()),
        ("queue", "cache")
    );
    assert_eq!(
        paths(&volume.state),
        ["volumes.redis_data", "services.queue.volumes"]
    );
    assert!(matches!(
        state(&stack, &Ledger::new(), "5.1"),
        State::Adopted { .. }
    ));
    assert_eq!(paths(&of("5.2")[0].state), ["services.queue.image"]);
    assert!(of("5.3").is_empty());
    let alone = stack_of(
        layout,
        &[("compose.yaml", "services:\n  cache:\n    image: redis:7\n")],
    );
    assert!(passed_over(&alone, &story("5.2"), "local").is_empty());
}
