//! A story that is about several services: one at which it cannot be applied stops itself alone.

use crate::bad_input::refuses;
use crate::machine::Machine;

const FILE: &str = "docker-compose.yml";
const STORY: &str = r#"id: "8.5"
since: 9.9.9
title: Datastore volumes
why: Data survives when the container is made anew.
changes:
  - mount-volume:
      service: { datastore: any }
      each: true
      volume: "{service}_store"
      target: /store
"#;
const RECORD: &str = "compose/ledger/8.5-datastore-volumes.yaml";

/// Three stores: of one the place is kept in memory, of another the lines are shared.
pub fn stores() -> Machine {
    let machine = Machine::bare();
    machine.write("compose/stories/8.5-datastore-volumes.yaml", STORY);
    machine.write(
        FILE,
        "services:
  db:
    image: postgres:16
  queue:
    image: rabbitmq:4
    tmpfs: [/store]
  search: &search
    image: elasticsearch:9.0.0
  replica:
    <<: *search
    image: example/replica:1
",
    );
    machine
}

#[test]
fn the_story_is_applied_at_the_other_places() {
    let machine = stores();
    let words = [
        "8.5 Datastore volumes: conflict at queue in local",
        "skip 8.5 --environment local --service queue",
        "skip 8.5 --service search",
        "Not applied: 8.5 (conflict at queue in local) and 8.5 (refused at search).",
        "Files and ledger are as after 8.5.",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
    let text = machine.read(FILE);
    assert!(text.contains("db_store:/store"), "{text}");
    assert!(!text.contains("queue_store") && !text.contains("search_store"));
    let record = machine.read(RECORD);
    assert!(
        record.contains("    db:\n      state: applied\n"),
        "{record}"
    );
    assert!(!record.contains("queue") && !record.contains("search:"));
    let tree = machine.tree();
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["conflict at queue"]);
    assert!(machine.tree() == tree, "nothing is done twice");
}

#[test]
fn a_place_is_skipped_by_itself() {
    let machine = stores();
    machine.xtask(&["migrate"]).with(1);
    for name in ["queue", "search"] {
        machine
            .xtask(&["skip", "8.5", "--service", name, "--reason", "it may go"])
            .with(0)
            .says(&[&format!(
                "Skipped 8.5 Datastore volumes at {name} in local."
            )]);
    }
    machine.xtask(&["migrate"]).with(0).says(&["Up to date"]);
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["db applied", "queue skipped: skipped: it may go"]);
    refuses(
        &machine,
        &["skip", "8.5", "--service", "web", "--reason", "no"],
        2,
        &["8.5 is not about web; it is about db, queue and search"],
    );
    refuses(
        &machine,
        &["skip", "8.5", "--service", "db", "--reason", "no"],
        2,
        &["8.5 Datastore volumes is applied in local"],
    );
}

/// Nothing has drifted where nothing was.
#[test]
fn a_service_that_comes_later_is_pending() {
    let machine = stores();
    machine.replace(FILE, "    tmpfs: [/store]\n", "");
    machine.replace(
        FILE,
        "  replica:\n    <<: *search\n    image: example/replica:1\n",
        "",
    );
    machine.replace(FILE, "search: &search", "search:");
    machine.xtask(&["migrate"]).with(0);
    machine.replace(
        FILE,
        "services:\n",
        "services:\n  more:\n    image: mysql:9\n",
    );
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["local pending", "more pending", "db applied"]);
    machine.xtask(&["migrate"]).with(0).says(&["8.5"]);
    assert!(machine.read(FILE).contains("more_store:/store"));
    machine.xtask(&["status"]).with(0).says(&["Up to date"]);
}
