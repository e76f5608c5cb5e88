//! Every state, by the real way in which it arises, as `status`, `verify` and programs see it.

use std::fs;

use serde_json::Value;

use crate::bad_input::refuses;
use crate::machine::Machine;

const OWN: &str = "compose/stories/6.1-own.yaml";

/// How a story stands in an environment, once `status` and `verify` say the same, in words and in
/// JSON.
fn cell(machine: &Machine, id: &str, environment: &str) -> Value {
    let of = |verb: &str| {
        let document = machine.xtask(&[verb, "--format", "json"]).json();
        let stories = document["stories"].as_array().unwrap().clone();
        stories.into_iter().find(|story| story["id"] == id).unwrap()["environments"][environment]
            .clone()
    };
    let cell = of("status");
    assert_eq!(cell, of("verify"));
    for verb in ["status", "verify"] {
        let said = machine.xtask(&[verb]).stdout;
        let row = said.lines().find(|line| line.starts_with(id)).unwrap();
        assert!(
            row.contains(&format!(
                "{environment} {}",
                cell["state"].as_str().unwrap().replace('-', " ")
            )),
            "{verb}: {said}"
        );
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for detail in cell["details"].as_array().unwrap() {
            let detail = detail
                .as_str()
                .unwrap()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert!(said.contains(&detail), "{verb}: {detail:?} in {said}");
        }
    }
    cell
}

fn is(machine: &Machine, id: &str, state: &str) -> Value {
    let cell = cell(machine, id, "local");
    assert_eq!(cell["state"], state, "{cell}");
    cell
}

#[test]
fn pending_applied_and_adopted() {
    let machine = Machine::with_shop();
    assert_eq!(
        is(&machine, "5.2", "pending")["paths"],
        serde_json::json!(["services.redis.image"])
    );
    machine.xtask(&["migrate", "--only", "5.2"]).with(0);
    is(&machine, "5.2", "applied");
    fs::remove_dir_all(machine.root().join("compose/ledger")).unwrap();
    let adopted = is(&machine, "5.2", "adopted");
    assert_eq!(
        adopted["evidence"],
        serde_json::json!(["services.redis.image"])
    );
    assert_eq!(adopted["recorded"], false);
    machine.xtask(&["migrate", "--only", "5.2"]).with(0);
    assert_eq!(is(&machine, "5.2", "adopted")["recorded"], true);
}

#[test]
fn not_applicable_and_skipped() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["skip", "5.1", "--reason", "no persistence wanted"])
        .with(0);
    assert_eq!(
        is(&machine, "5.1", "skipped")["details"][0],
        "skipped: no persistence wanted"
    );
    for file in crate::machine::FILES {
        machine.replace(file, "redis:6.2.13-alpine", "valkey/valkey:8");
    }
    is(&machine, "5.2", "not-applicable");
}

#[test]
fn a_conflict_is_shown_with_its_line_and_what_is_wanted_there() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    let conflict = &is(&machine, "5.1", "conflict")["conflict"];
    assert_eq!(conflict["at"], "docker-compose.yml:6:9");
    assert_eq!(conflict["wanted"], "- redis_data:/data");
}

#[test]
fn edited_and_unknown() {
    let machine = Machine::with_shop();
    machine.write(OWN, story("uploads"));
    machine.xtask(&["migrate"]).with(0);
    is(&machine, "6.1", "applied");
    machine.write(OWN, story("others"));
    let edited = is(&machine, "6.1", "edited");
    let [recorded, current] =
        ["recorded", "current"].map(|key| edited["edited"][key].as_str().unwrap().to_owned());
    assert!(
        recorded != current && recorded.starts_with("sha256:") && current.starts_with("sha256:"),
        "{edited}"
    );
    refuses(
        &machine,
        &["migrate"],
        1,
        &["6.1 Uploads: edited", &recorded, &current],
    );
    machine.remove(OWN);
    refuses(
        &machine,
        &["status"],
        2,
        &[
            "story 6.1 is unknown to this build",
            "version 9.9.9 released it",
        ],
    );
}

fn story(volume: &str) -> String {
    format!(
        "id: \"6.1\"\nsince: 9.9.9\ntitle: Uploads\nwhy: They survive.\nchanges:\n  \
         - mount-volume: {{ service: {{ name: backend }}, volume: {volume}_data, target: /uploads }}\n"
    )
}

#[test]
fn where_the_files_stand_in_the_way_a_team_can_do_without() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "  backend:\n",
        "  backend:\n    healthcheck: !reset null\n",
    );
    let words = [
        "is taken out here with `!reset`",
        "cargo xtask skip 5.3 --reason",
        "as after 5.1 and 5.2",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
}
