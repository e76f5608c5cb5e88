//! What a person did since is named, and never taken back unasked.

use std::collections::BTreeMap;

use compose_edit::Document;
use compose_model::Files;
use stories::{Before, Revert, RevertMethod, Stack, Story};

use crate::corpus::{self, FILE, text};
use crate::round::{Applied, migrate, same_bytes, same_model};

const BEFORE: &str = "\
services:
  backend:
    image: app:1 # ours
    ports: [\"3000:3000\"]
  web:
    image: nginx:1.27
    depends_on:
      # the API
      - backend
      - redis
  redis:
    image: redis:6.2.13
";

/// A story applied to the file above; then a person's hand.
fn edited(id: &str, hand: impl Fn(&str) -> String) -> (Stack, Revert) {
    let catalog = corpus::catalog();
    let stack = corpus::stack(BEFORE).unwrap();
    let stories: Vec<&Story> = catalog.in_order();
    let (up, applied) = migrate(&stack, &stories);
    let Applied { story, record, .. } = applied
        .iter()
        .find(|applied| applied.story.id.to_string() == id)
        .unwrap();
    let changed = hand(text(&up));
    let now = up
        .with(Files::from_iter([(
            FILE.to_owned(),
            Document::parse(changed).unwrap(),
        )]))
        .unwrap();
    let revert = Revert::make(&now, story, record, &BTreeMap::new()).unwrap();
    (now, revert)
}

#[track_caller]
fn names(id: &str, (from, to): (&str, &str), expected: &[&str]) {
    let hand = |text: &str| {
        assert!(text.contains(from), "{text}");
        text.replacen(from, to, 1)
    };
    let (now, revert) = edited(id, hand);
    let found: Vec<_> = revert
        .edited
        .iter()
        .map(|edited| format!("{}: {}", edited.at, edited.what))
        .collect();
    assert_eq!(found, expected, "{}", text(&now));
}

#[test]
fn another_value() {
    names(
        "5.3",
        ("interval: 10s", "interval: 42s"),
        &["docker-compose.yml:7:7: services.backend.healthcheck.interval was changed"],
    );
    names(
        "5.2",
        ("redis:7-alpine", "redis:7.4-alpine"),
        &["docker-compose.yml:20:12: services.redis.image was changed from redis:7-alpine"],
    );
    names(
        "5.4",
        ("service_healthy", "service_started"),
        &["docker-compose.yml:16:9: services.web.depends_on.backend.condition was changed"],
    );
}

#[test]
fn another_key() {
    names(
        "5.3",
        ("retries: 5", "retries: 5\n      start_interval: 1s"),
        &["docker-compose.yml:10:7: services.backend.healthcheck.start_interval was added"],
    );
    names(
        "5.1",
        ("redis_data:\n", "redis_data:\n    external: true\n"),
        &["docker-compose.yml:24:3: volumes.redis_data was changed"],
    );
}

/// What somebody took back already is no edit to lose; what is left goes.
#[test]
fn what_is_gone() {
    let mount = |text: &str| text.replace("      - redis_data:/data\n", "      - x:/x\n");
    let all = |text: &str| {
        text.replace("    volumes:\n      - redis_data:/data\n", "")
            .replace("volumes:\n  redis_data:\n", "")
    };
    for hand in [&mount as &dyn Fn(&str) -> String, &all] {
        let (now, revert) = edited("5.1", hand);
        assert_eq!(revert.edited, []);
        let revert = revert.prove(&now).unwrap();
        assert!(
            !text(&revert.stack).contains("redis_data"),
            "{}",
            text(&revert.stack)
        );
    }
    let by_hand = |text: &str| text.replace("redis:7-alpine", "redis:6.2.13");
    let (_, revert) = edited("5.2", by_hand);
    assert_eq!((revert.edited.len(), revert.changed.len()), (0, 0));
}

/// A comment is not the story's, wherever it stands.
#[test]
fn a_comment_in_it() {
    names(
        "5.3",
        ("retries: 5", "retries: 5   # from incident 12"),
        &["docker-compose.yml:9:20: a comment stands there: # from incident 12"],
    );
    names(
        "5.1",
        (
            "      - redis_data:/data\n",
            "      # since May\n      - redis_data:/data\n",
        ),
        &["docker-compose.yml:22:7: a comment stands there: # since May"],
    );
    names(
        "5.1",
        ("redis_data:\n", "redis_data: # dear to us\n"),
        &["docker-compose.yml:24:15: a comment stands there: # dear to us"],
    );
}

#[test]
fn an_option_of_the_mount() {
    for mount in [
        "redis_data:/data:rw",
        "{type: volume, source: redis_data, target: /data}",
    ] {
        let (now, revert) = edited("5.1", |text| text.replace("redis_data:/data", mount));
        let found: Vec<_> = revert
            .edited
            .iter()
            .map(|edited| edited.what.as_str())
            .collect();
        assert_eq!(
            found,
            ["services.redis.volumes[0] was changed from redis_data:/data"]
        );
        let revert = revert.prove(&now).unwrap();
        assert!(
            !text(&revert.stack).contains("redis_data"),
            "{}",
            text(&revert.stack)
        );
    }
}

#[test]
fn a_volume_that_another_service_mounts_stays() {
    let hand = |text: &str| {
        text.replace(
            "image: nginx:1.27\n",
            "image: nginx:1.27\n    volumes: [redis_data:/seen:ro]\n",
        )
    };
    let (now, revert) = edited("5.1", hand);
    let found: Vec<_> = revert
        .edited
        .iter()
        .map(|edited| edited.what.as_str())
        .collect();
    let shared = "redis_data:/seen:ro stands there, and web uses redis_data already; two services would share it";
    assert_eq!(found, [shared]);
    let kept: Vec<_> = revert
        .kept
        .iter()
        .map(|(path, service)| format!("{path}: {service}"))
        .collect();
    assert_eq!(kept, ["volumes.redis_data: web"]);
    let revert = revert.prove(&now).unwrap();
    let text = text(&revert.stack);
    assert!(
        text.contains("redis_data:\n") && !text.contains("redis_data:/data"),
        "{text}"
    );
}

/// Compose takes a wait for a health that nothing checks, and the service never starts.
#[test]
fn a_health_that_another_service_waits_for_stays() {
    let hand = |text: &str| {
        let own = "  job:\n    image: job:1\n    depends_on:\n      backend: { condition: service_healthy }\n  redis:\n    image";
        text.replace("service_healthy", "service_started")
            .replace("  redis:\n    image", own)
    };
    let (now, revert) = edited("5.3", hand);
    let refusal = revert.prove(&now).unwrap_err().to_string();
    assert!(
        refusal.contains("job waits until backend is healthy in local, and would never start"),
        "{refusal}"
    );
}

/// Edits beside the story's place are kept.
#[test]
fn edits_beside_it_are_kept() {
    let beside = |text: &str| {
        text.replace(
            "image: app:1 # ours",
            "image: app:2 # theirs\n    init: true",
        )
    };
    for id in ["5.1", "5.2", "5.3", "5.4"] {
        let (now, revert) = edited(id, beside);
        assert_eq!(revert.edited, [], "{id}");
        assert!(
            text(&revert.stack).contains("image: app:2 # theirs\n    init: true\n"),
            "{id}"
        );
        // The story that waits for it goes first.
        assert_eq!(revert.prove(&now).is_err(), id == "5.3", "{id}");
    }
}

#[test]
fn a_mount_and_a_dependency_beside_it_are_kept() {
    let (now, revert) = edited("5.1", |text| {
        text.replace("- redis_data:/data\n", "- redis_data:/data\n      - x:/x\n")
    });
    assert_eq!(revert.edited, []);
    let revert = revert.prove(&now).unwrap();
    assert!(
        text(&revert.stack).contains("    volumes:\n      - x:/x\n"),
        "{}",
        text(&revert.stack)
    );
    let second = |text: &str| {
        text.replacen(
            "redis:\n        condition: service_started",
            "redis:\n        condition: service_healthy",
            1,
        )
    };
    let (now, revert) = edited("5.4", second);
    assert_eq!(revert.edited, []);
    let revert = revert.prove(&now).unwrap();
    let kept = "      backend:\n        condition: service_started\n      redis:\n        condition: service_healthy\n";
    assert!(
        text(&revert.stack).contains(kept),
        "{}",
        text(&revert.stack)
    );
}

/// The judges can fail: a text from before that is not it is seen through.
#[test]
fn a_false_text_from_before_is_not_used() {
    let catalog = corpus::catalog();
    let stack = corpus::stack(BEFORE).unwrap();
    let (up, applied) = migrate(&stack, &catalog.in_order());
    let Applied {
        story,
        record,
        before,
    } = &applied[applied.len() - 1];
    let with = |text: String| {
        let before = BTreeMap::from([(FILE.to_owned(), Before::snapshot(Some(text)))]);
        Revert::make(&up, story, record, &before).unwrap()
    };
    let still_there = with(text(&up).to_owned());
    assert_eq!(still_there.changed[FILE], RevertMethod::Structural);
    let other = with(text(before).replace("app:1", "app:9"));
    assert_eq!(other.changed[FILE], RevertMethod::Snapshot);
    assert!(same_bytes("", before, &other.stack).is_err());
    assert!(same_model("", before, &other.stack).is_err());
    assert!(
        other
            .prove(&up)
            .unwrap_err()
            .to_string()
            .contains("services.backend.image")
    );
}
