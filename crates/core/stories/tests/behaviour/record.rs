//! Records of the ledger.

use stories::{Record, RecordError};

use crate::fixture::{applied, catalog, local, stack, story};

const FILE: &str = "compose/ledger/5.1-redis-data-volume.yaml";
const REDIS: &str = "services:\n  redis:\n    image: redis:7-alpine\n";

fn text() -> String {
    let story = story("5.1");
    applied(&local(REDIS), &story).1[&story.id].text().unwrap()
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let texts = [
        ("docker-compose.yml", REDIS),
        ("docker-compose.prod.yml", REDIS),
    ];
    for id in ["5.1", "5.2"] {
        let story = story(id);
        let record = &applied(&stack(&texts), &story).1[&story.id];
        let text = record.text().unwrap();
        let again = Record::parse(FILE, &text).unwrap();
        assert_eq!((&again, again.text().unwrap()), (record, text));
    }
}

#[test]
fn two_colleagues_write_equal_bytes() {
    assert_eq!(text(), text());
    let prod_first = "environments:\n  prod: { files: [b.yml] }\n  local: { files: [a.yml] }\n";
    let local_first = "environments:\n  local: { files: [a.yml] }\n  prod: { files: [b.yml] }\n";
    let story = story("5.1");
    let [one, other] = [prod_first, local_first].map(|layout| {
        let stack = crate::fixture::stack_of(layout, &[("a.yml", REDIS), ("b.yml", REDIS)]);
        applied(&stack, &story).1[&story.id].text().unwrap()
    });
    assert_eq!(one, other);
}

#[test]
fn a_record_holds_no_time_no_host_and_no_comment() {
    let commented = REDIS.replace("alpine", "alpine # ask me first");
    let story = story("5.1");
    let text = applied(&local(&commented), &story).1[&story.id]
        .text()
        .unwrap();
    assert!(!text.contains("ask me"), "{text}");
    let keys: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '-']))
        .collect();
    let keys: Vec<_> = keys
        .iter()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "format",
            "id",
            "title",
            "since",
            "checksum",
            "environments",
            "undo"
        ]
    );
}

#[test]
fn conflict_markers_are_found_with_their_line() {
    for marker in ["<<<<<<< HEAD", "||||||| base", "=======", ">>>>>>> topic"] {
        let broken = text().replacen("environments:", &format!("{marker}\nenvironments:"), 1);
        let error = Record::parse(FILE, &broken).unwrap_err();
        assert!(
            matches!(error, RecordError::ConflictMarkers { line: 6, .. }),
            "{marker}: {error}"
        );
        assert!(
            error
                .to_string()
                .starts_with(&format!("{FILE}:6: git conflict markers")),
            "{error}"
        );
    }
}

#[test]
fn other_forms_are_refused_by_name() {
    let table = [
        ("format: 2", "format: 3", "format 3 is newer than 2"),
        ("format: 2", "format: 0", "no `format: 2` in it"),
        ("format: 2", "format: one", "no `format: 2` in it"),
        ("format: 2\n", "", "no `format: 2` in it"),
        (
            "state: applied",
            "state: guessed",
            "unknown variant `guessed`",
        ),
        ("since: 0.1.0", "since: spring", "since"),
        ("id: '5.1'", "id: 5.1", "a quoted id"),
        ("environments:", "places:", "unknown field `places`"),
        ("environments:", "environments: [", FILE),
    ];
    for (from, to, expected) in table {
        let broken = text().replacen(from, to, 1);
        assert_ne!(broken, text(), "{to}");
        let error = Record::parse(FILE, &broken).unwrap_err().to_string();
        assert!(
            error.starts_with(FILE) && error.contains(expected),
            "{to}: {error}"
        );
    }
    assert!(Record::parse(FILE, "").is_err());
}

#[test]
fn a_story_that_nobody_knows_names_the_version_that_does() {
    let record = Record::parse(
        FILE,
        &text()
            .replace("'5.1'", "'9.9'")
            .replace("since: 0.1.0", "since: 0.7.0"),
    )
    .unwrap();
    let error = record.check_known(FILE, &catalog()).unwrap_err();
    assert!(matches!(error, RecordError::UnknownStory { .. }));
    assert!(
        error
            .to_string()
            .contains("story 9.9 is unknown to this build; version 0.7.0 released it"),
        "{error}"
    );
}
