//! Story files: what is refused, and the checksums of those that were released.

use stories::{Change, Story, StoryError};

use crate::fixture::catalog;

const GOOD: &str = "id: \"9.1\"
since: 0.1.0
title: A volume
why: So that it stays.
changes:
  - mount-volume:
      service: { image: redis }
      volume: redis_data
      target: /data
";

const FILE: &str = "compose/stories/9.1-a-volume.yaml";

fn error(text: &str) -> String {
    Story::parse(FILE, text).unwrap_err().to_string()
}

#[test]
fn a_story_is_read() {
    let story = Story::parse(FILE, GOOD).unwrap();
    assert_eq!(
        (story.id.to_string().as_str(), story.slug.as_str()),
        ("9.1", "a-volume")
    );
    assert_eq!(story.file_name(), "9.1-a-volume.yaml");
    assert!(matches!(story.changes.as_slice(), [Change::MountVolume(_)]));
}

#[test]
fn faults_are_named_with_file_and_line() {
    let table = [
        (
            "mount-volume",
            "mount-volumes",
            "unknown change `mount-volumes`",
        ),
        ("id: \"9.1\"", "id: 9.10", ":1:5: id: invalid type"),
        ("id: \"9.1\"", "id: \"9.x\"", "`9.x` is no story id"),
        ("since: 0.1.0", "since: soon", "since"),
        ("title:", "titel:", "unknown field `titel`"),
        ("target: /data", "target: data", "must be an absolute path"),
        (
            "volume: redis_data",
            "volume: ../../etc",
            "a path that may leave the checkout",
        ),
        (
            "volume: redis_data",
            "volume: /srv/data",
            "a path that may leave the checkout",
        ),
        ("volume: redis_data", "volume: d", "no name for a volume"),
        (
            "volume: redis_data",
            "volume: \"{service}_data\"",
            "`each: true` and a volume name with {service}",
        ),
        (
            "service: { image: redis }",
            "service: { labels: x }",
            "unknown variant `labels`",
        ),
        (
            "service: { image: redis }",
            "service: { image: redis, name: x }",
            "",
        ),
        ("title: A volume\n", "", "missing field `title`"),
    ];
    for (from, to, expected) in table {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD);
        let error = error(&text);
        assert!(
            error.starts_with(FILE) && error.contains(expected),
            "{to}: {error}"
        );
        assert!(
            !error.contains(" at line "),
            "the place stands in front alone: {error}"
        );
    }
    assert!(error(&GOOD[..GOOD.find("changes").unwrap()]).contains("missing field `changes`"));
    let without = format!("{}changes: []\n", &GOOD[..GOOD.find("changes").unwrap()]);
    assert!(error(&without).contains("a story without changes"));
}

#[test]
fn other_changes_name_their_faults_too() {
    let change = |change: &str| {
        error(&format!(
            "{}changes:\n{change}",
            &GOOD[..GOOD.find("changes").unwrap()]
        ))
    };
    let image = |tag: &str| {
        format!(
            "  - set-image: {{ service: {{ image: redis }}, tag: {tag}, flavours: [alpine] }}\n"
        )
    };
    assert!(change(&image("alpine")).contains("does not start with a version"));
    assert!(change(&image("7-bookworm")).contains("bookworm is not among the flavours"));
    let check = "  - add-healthcheck:
      service: { role: backend }
      test: { parameter: p, default: [curl] }
      port: { parameter: p, default: 1 }
      path: { parameter: p, default: / }
      interval: 10s
      timeout: 10s
      retries: 1
      start_period: TIME
";
    assert!(change(&check.replace("TIME", "10s")).contains("test must start with CMD"));
    let timed = check.replace("[curl]", "[CMD, curl]");
    assert!(change(&timed.replace("TIME", "{ local: soon }")).contains("`soon` is no duration"));
}

#[test]
fn the_file_says_the_id() {
    for name in [
        "compose/stories/9.2-a-volume.yaml",
        "9.1.yaml",
        "9.1-.yaml",
        "9.1-a-volume.yml",
    ] {
        let error = Story::parse(name, GOOD).unwrap_err();
        assert!(matches!(error, StoryError::Name { .. }), "{error}");
        assert!(
            error.to_string().contains("expected 9.1-<slug>.yaml"),
            "{error}"
        );
    }
}

#[test]
fn released_stories_keep_their_checksums() {
    let released = [
        (
            "5.1",
            "sha256:a0404b0feec5afeeb593a28f722b5f9f87ecd5342eeafedb38cf3a959e4048ec",
        ),
        (
            "5.2",
            "sha256:940480d5a83c600183b8f85f7b187d9ebdd1847bfaf226a6ba350f5b31f9e764",
        ),
        (
            "5.3",
            "sha256:2550a20881bc6cf14d7fca89562cb2d747efe8a09abf627ad5ba65f474d4529c",
        ),
        (
            "5.4",
            "sha256:d716b25e42c8f2ecac6261254d455ef0e8c10e333770787c5a85290ec97b67dd",
        ),
    ];
    let catalog = catalog();
    for (id, checksum) in released {
        assert_eq!(
            catalog.get(&id.parse().unwrap()).unwrap().checksum(),
            checksum,
            "story {id} was released as it is"
        );
    }
}

#[test]
fn words_may_change_and_deeds_may_not() {
    let checksum = |text: &str| Story::parse(FILE, text).unwrap().checksum().to_owned();
    let same = GOOD
        .replace("A volume", "Another title")
        .replace("So that", "In order that");
    assert_eq!(checksum(&same), checksum(GOOD));
    assert_eq!(
        checksum(&GOOD.replace("changes:", "needs: [] # none\nchanges:")),
        checksum(GOOD)
    );
    for (from, to) in [
        ("/data", "/var/data"),
        ("redis_data", "cache_data"),
        ("changes:", "needs: [\"5.1\"]\nchanges:"),
    ] {
        assert_ne!(checksum(&GOOD.replace(from, to)), checksum(GOOD), "{to}");
    }
}
