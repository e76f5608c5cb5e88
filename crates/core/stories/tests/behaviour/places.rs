//! Places: each has a state and an entry of its own, and one story to own it.

use std::collections::BTreeMap;

use stories::{
    Catalog, Checklist, Draft, Entry, Ledger, Place, Places, Record, Revert, Stack, State, Story,
};

use crate::fixture::{local, with};

/// The volumes of all datastores; what runs redis is not its own where [`REDIS`] is there too.
const DATASTORES: &str = r#"id: "8.5"
since: 0.1.0
title: Datastore volumes
why: Data survives when the container is made anew.
changes:
  - mount-volume:
      service: { datastore: any }
      each: true
      volume: "{service}_data"
      target: /data
"#;
const REDIS: &str = r#"id: "8.1"
since: 0.1.0
title: Redis volume
why: Data survives when the container is made anew.
changes:
  - mount-volume: { service: { image: redis }, volume: redis_data, target: /data }
"#;
const FILE: &str = "docker-compose.yml";
const PAIR: &str = "services:
  cache:
    image: redis:7-alpine
  db:
    image: postgres:16
";

fn catalog(texts: &[&str]) -> Catalog {
    let file = |text: &&str| {
        let id = text.split('"').nth(1).unwrap();
        (format!("compose/stories/{id}-own.yaml"), (*text).to_owned())
    };
    let texts: Vec<_> = texts.iter().map(file).collect();
    Catalog::new(&[], &texts).unwrap()
}

fn service(name: &str) -> Place {
    Place::Service(name.to_owned())
}

/// A checkout on its way.
struct Checkout {
    catalog: Catalog,
    stack: Stack,
    ledger: Ledger,
}

impl Checkout {
    fn new(texts: &[&str], stack: Stack) -> Self {
        let (catalog, ledger) = (catalog(texts), Ledger::new());
        Self {
            catalog,
            stack,
            ledger,
        }
    }

    fn story(&self, id: &str) -> Story {
        self.catalog.get(&id.parse().unwrap()).unwrap().clone()
    }

    fn checklist(&self) -> Checklist<'_> {
        let (stack, catalog, ledger) = (&self.stack, &self.catalog, &self.ledger);
        Checklist {
            stack,
            catalog,
            ledger,
        }
    }

    /// `cache pending`, one for each place.
    fn states(&self, id: &str) -> Vec<String> {
        let places = self.checklist().places(&self.story(id), "local");
        places
            .iter()
            .map(|own| format!("{} {}", own.place, own.state.name()))
            .collect()
    }

    /// Applies a story where it is pending.
    fn migrate(&mut self, id: &str) {
        let story = self.story(id);
        let places = self.checklist().places(&story, "local").into_iter();
        let pending: Vec<_> = places
            .filter(|own| matches!(own.state, State::Pending(_)))
            .map(|own| own.place)
            .collect();
        let places = Places::from([("local".to_owned(), pending.into_iter().collect())]);
        let draft = Draft::make_at(&self.stack, &story, &places, &["local"])
            .unwrap()
            .prove(&self.stack, &story)
            .unwrap();
        let record = Record::after(self.ledger.get(&story.id), &story, &draft);
        self.ledger
            .extend(record.map(|record| (story.id.clone(), record)));
        self.stack = draft.into_draft().stack;
    }

    fn revert(&mut self, id: &str) {
        let story = self.story(id);
        let record = self.ledger.remove(&story.id).unwrap();
        let revert = Revert::make(&self.stack, &story, &record, &BTreeMap::new()).unwrap();
        assert!(revert.edited.is_empty(), "{:?}", revert.edited);
        self.stack = revert.prove(&self.stack).unwrap().into_revert().stack;
        let left = record.reverted(None);
        self.ledger
            .extend(left.map(|left| (story.id.clone(), left)));
    }

    fn entries(&self, id: &str) -> Vec<String> {
        let record = &self.ledger[&id.parse().unwrap()];
        record.environments["local"]
            .keys()
            .map(ToString::to_string)
            .collect()
    }
}

#[test]
fn a_place_in_conflict_stops_itself_alone() {
    let text = PAIR.to_owned() + "    tmpfs: [/data]\n";
    let mut checkout = Checkout::new(&[DATASTORES], local(&text));
    assert_eq!(checkout.states("8.5"), ["cache pending", "db conflict"]);
    let story = checkout.story("8.5");
    assert_eq!(
        checkout.checklist().state(&story, "local").name(),
        "conflict"
    );
    checkout.migrate("8.5");
    assert_eq!(checkout.states("8.5"), ["cache applied", "db conflict"]);
    assert_eq!(checkout.entries("8.5"), ["cache"]);
    assert!(
        checkout.stack.files[FILE]
            .text()
            .contains("cache_data:/data")
    );
    assert!(!checkout.stack.files[FILE].text().contains("db_data"));
}

#[test]
fn a_place_that_comes_later_is_pending_and_one_that_goes_is_dropped() {
    let mut checkout = Checkout::new(&[DATASTORES], local(PAIR));
    checkout.migrate("8.5");
    assert_eq!(checkout.states("8.5"), ["cache applied", "db applied"]);
    checkout.stack = with(&checkout.stack, FILE, |text| {
        text.replace("services:\n", "services:\n  mq:\n    image: rabbitmq:4\n")
    });
    assert_eq!(
        checkout.states("8.5"),
        ["mq pending", "cache applied", "db applied"]
    );
    checkout.stack = with(&checkout.stack, FILE, |text| {
        let db = "  db:\n    image: postgres:16\n    volumes:\n      - db_data:/data\n";
        text.replace(db, "")
    });
    assert_eq!(checkout.states("8.5"), ["mq pending", "cache applied"]);
    checkout.migrate("8.5");
    assert_eq!(checkout.states("8.5"), ["mq applied", "cache applied"]);
    assert_eq!(checkout.entries("8.5"), ["cache", "mq"]);
}

#[test]
fn a_recorded_place_that_stopped_holding_has_drifted() {
    let mut checkout = Checkout::new(&[DATASTORES], local(PAIR));
    checkout.migrate("8.5");
    checkout.stack = with(&checkout.stack, FILE, |text| {
        text.replace("    volumes:\n      - db_data:/data\n", "")
    });
    assert_eq!(checkout.states("8.5"), ["cache applied", "db drifted"]);
}

#[test]
fn a_place_is_skipped_by_itself() {
    let mut checkout = Checkout::new(&[DATASTORES], local(PAIR));
    let story = checkout.story("8.5");
    let places = Places::from([("local".to_owned(), [service("cache")].into())]);
    let record = Record::of(&story).skipped_at(&checkout.stack, &places, "a cache");
    checkout.ledger.insert(story.id.clone(), record);
    assert_eq!(checkout.states("8.5"), ["cache skipped", "db pending"]);
    checkout.migrate("8.5");
    assert_eq!(checkout.states("8.5"), ["cache skipped", "db applied"]);
    checkout.revert("8.5");
    assert_eq!(checkout.states("8.5"), ["cache skipped", "db pending"]);
}

/// In either order, after a skip of the one and after a revert of either: the cache is 8.1's, the
/// database 8.5's.
#[test]
fn overlapping_stories_never_touch_each_others_places() {
    let both = [DATASTORES, REDIS];
    for order in [["8.1", "8.5"], ["8.5", "8.1"]] {
        let mut checkout = Checkout::new(&both, local(PAIR));
        assert_eq!(checkout.states("8.5"), ["db pending"], "{order:?}");
        for id in order {
            checkout.migrate(id);
        }
        assert_eq!(checkout.entries("8.1"), ["cache"], "{order:?}");
        assert_eq!(checkout.entries("8.5"), ["db"], "{order:?}");
        let text = checkout.stack.files[FILE].text().to_owned();
        assert_eq!(text.matches(":/data").count(), 2, "{text}");
        for (gone, stays, place) in [("8.1", "8.5", "db"), ("8.5", "8.1", "cache")] {
            let mut one = Checkout::new(&both, checkout.stack.clone());
            one.ledger = checkout.ledger.clone();
            one.revert(gone);
            assert_eq!(one.states(stays), [format!("{place} applied")], "{order:?}");
            one.migrate(stays);
            assert_eq!(one.entries(stays), [place], "{order:?}");
        }
    }
    let mut skipped = Checkout::new(&both, local(PAIR));
    let story = skipped.story("8.1");
    let record = Record::of(&story).skipped(&skipped.stack, &["local".to_owned()], "a cache");
    skipped.ledger.insert(story.id.clone(), record);
    skipped.migrate("8.5");
    assert_eq!(skipped.states("8.1"), ["cache skipped"]);
    assert_eq!(skipped.states("8.5"), ["db applied"]);
    assert!(!skipped.stack.files[FILE].text().contains("cache_data"));
}

#[test]
fn a_story_all_of_whose_places_another_one_owns_says_so() {
    let alone = "services:\n  cache:\n    image: redis:7-alpine\n";
    let checkout = Checkout::new(&[DATASTORES, REDIS], local(alone));
    let story = checkout.story("8.5");
    assert_eq!(
        checkout.checklist().state(&story, "local"),
        State::NotApplicable("cache is a place of 8.1".to_owned())
    );
}

/// Two stories that name one service each are nobody's overlap.
#[test]
fn two_volumes_of_one_service_stand_side_by_side() {
    let second = REDIS
        .replace("8.1", "8.2")
        .replace("redis_data", "redis_logs")
        .replace("target: /data", "target: /logs");
    let checkout = Checkout::new(&[REDIS, &second], local(PAIR));
    assert_eq!(checkout.states("8.1"), ["cache pending"]);
    assert_eq!(checkout.states("8.2"), ["cache pending"]);
}

/// What was recorded of an environment before places were is true of all of them.
#[test]
fn a_record_of_the_first_format_speaks_for_all_places() {
    let mut checkout = Checkout::new(&[DATASTORES], local(PAIR));
    checkout.migrate("8.5");
    let story = checkout.story("8.5");
    let old = |state: &str| {
        let record = &checkout.ledger[&story.id];
        let text = record.text().unwrap().replace("format: 2", "format: 1");
        let (head, tail) = text.split_once("  local:\n").unwrap();
        let (_, undo) = tail.split_once("undo:").unwrap();
        let text = format!("{head}  local:\n    {state}\nundo:{undo}");
        Record::parse("compose/ledger/8.5-own.yaml", &text).unwrap()
    };
    let applied = old("state: applied");
    assert_eq!(applied.format, 2);
    assert_eq!(
        applied.environments["local"],
        [(Place::Stack, Entry::Applied)].into()
    );
    let skipped = old("{ state: skipped, reason: no }");
    checkout.ledger.insert(story.id.clone(), applied.clone());
    assert_eq!(checkout.states("8.5"), ["cache applied", "db applied"]);
    let rebuilt = Record::rebuilt(&checkout.stack, &checkout.catalog, &story, &[applied]);
    let entries = rebuilt.unwrap().environments.remove("local").unwrap();
    assert_eq!(
        entries,
        [
            (service("cache"), Entry::Applied),
            (service("db"), Entry::Applied)
        ]
        .into()
    );
    checkout.ledger.insert(story.id.clone(), skipped);
    assert_eq!(checkout.states("8.5"), ["cache skipped", "db skipped"]);
}
