//! What stops a story stops those that need it, and no other.

use std::fs;

use serde_json::{Value, json};

use crate::machine::Machine;
use crate::repository::{commit_all, committed, git};

/// The shop, with a mount in the way of 5.1 in the local environment.
fn with_a_conflict() -> Machine {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    machine
}

/// The shop, where a line of the local file takes the health check out of the way on purpose.
fn with_a_refusal() -> Machine {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "  backend:\n",
        "  backend:\n    healthcheck: !reset null\n",
    );
    machine
}

fn own_story(machine: &Machine, id: &str, needs: &str, volume: &str) {
    machine.write(
        &format!("compose/stories/{id}-own.yaml"),
        format!(
            "id: \"{id}\"\nsince: 9.9.9\ntitle: Own {id}\nwhy: Ours.\nneeds: [{needs}]\nchanges:\n  \
             - mount-volume: {{ service: {{ name: backend }}, volume: {volume}, target: /{volume} }}\n"
        ),
    );
}

fn states(machine: &Machine, environment: &str) -> Vec<(String, String)> {
    let document = machine.xtask(&["status", "--format", "json"]).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let state = |story: &Value| {
        (
            text(&story["id"]),
            text(&story["environments"][environment]["state"]),
        )
    };
    document["stories"]
        .as_array()
        .unwrap()
        .iter()
        .map(state)
        .collect()
}

fn is(machine: &Machine, environment: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, state)| ((*id).to_owned(), (*state).to_owned()))
        .collect();
    assert_eq!(states(machine, environment), expected);
}

#[test]
fn a_conflict_stops_its_story_alone() {
    let machine = with_a_conflict();
    let words = [
        "Applied 3 stories to local and prod",
        "error: 5.1 Redis data volume: conflict in local",
        "cargo xtask skip 5.1 --environment local --reason",
        "Not applied: 5.1 (conflict in local).",
        "Files and ledger are as after 5.2, 5.3 and 5.4.",
    ];
    let said = machine.xtask(&["migrate"]).with(1).says(&words);
    assert!(!said.all().contains("Next: cargo xtask verify"), "{said}");
    is(
        &machine,
        "local",
        &[
            ("5.1", "conflict"),
            ("5.2", "applied"),
            ("5.3", "applied"),
            ("5.4", "applied"),
        ],
    );
    let again = machine.xtask(&["migrate"]).with(1).says(&[
        "Not applied: 5.1 (conflict in local).",
        "Nothing was written.",
    ]);
    assert!(!again.all().contains("Up to date"), "{again}");
    machine
        .xtask(&["status", "--last"])
        .with(1)
        .says(&["failed", "5.1 Redis data volume: conflict in local"]);
}

#[test]
fn a_story_that_conflicts_in_one_environment_is_offered_for_the_other() {
    let machine = with_a_conflict();
    let apart = "cargo xtask migrate --only 5.1 --environment prod";
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&[&format!("Apply it in prod alone:  {apart}")]);
    // One story counts once, and nothing else is to be done.
    let said = machine.xtask(&["status"]).with(1);
    let last = said.stdout.lines().last();
    assert_eq!(last, Some(&*format!("1 story in conflict. Next: {apart}")));
    machine
        .xtask(&["migrate", "--only", "5.1", "--environment", "prod"])
        .with(0);
    let said = machine.xtask(&["status"]).with(1);
    let dry = "1 story in conflict. Next: cargo xtask migrate --dry-run";
    assert_eq!(said.stdout.lines().last(), Some(dry));
    let said = machine.xtask(&["migrate"]).with(1);
    assert!(!said.all().contains("alone:"), "{said}");
}

#[test]
fn those_that_need_it_wait_by_way_of_others_too() {
    let machine = with_a_refusal();
    own_story(&machine, "6.1", "\"5.4\"", "one");
    own_story(&machine, "6.2", "", "two");
    let words = [
        "Applied 3 stories",
        "5.3 Backend health check: docker-compose.yml:11:25",
        "cargo xtask skip 5.3 --reason",
        "waiting: 5.4 Frontend waits for a healthy backend: it needs 5.3 first",
        "waiting: 6.1 Own 6.1: it needs 5.4 first",
        "Not applied: 5.3 (refused), 5.4 (waits for 5.3) and 6.1 (waits for 5.4).",
        "as after 5.1, 5.2 and 6.2.",
    ];
    machine.xtask(&["migrate"]).with(1).says(&words);
    let states = [
        ("5.1", "applied"),
        ("5.2", "applied"),
        ("5.3", "pending"),
        ("5.4", "pending"),
    ];
    is(
        &machine,
        "prod",
        &[&states[..], &[("6.1", "pending"), ("6.2", "applied")]].concat(),
    );
    machine.replace("docker-compose.yml", "    healthcheck: !reset null\n", "");
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 3 stories"]);
}

#[test]
fn drift_and_an_edited_story_stop_themselves() {
    let machine = Machine::with_shop();
    own_story(&machine, "6.1", "", "one");
    machine.xtask(&["migrate", "--only", "5.3"]).with(0);
    machine.xtask(&["migrate", "--only", "6.1"]).with(0);
    own_story(&machine, "6.1", "", "other");
    for (line, file) in [
        ("      interval: 10s\n", "docker-compose.yml"),
        ("      interval: 30s\n", "docker-compose.prod.yml"),
    ] {
        let text = machine.read(file);
        let start = text.find("    healthcheck:").unwrap();
        let end = start + text[start..].find("period:").unwrap();
        let end = end + text[end..].find('\n').unwrap() + 1;
        assert!(text[start..end].contains(line), "{text}");
        machine.write(file, format!("{}{}", &text[..start], &text[end..]));
    }
    let words = [
        "5.3 Backend health check: drifted in local",
        "--reapply",
        "6.1 Own 6.1: edited",
        "it needs 5.3 first",
    ];
    let said = machine.xtask(&["migrate"]).with(1).says(&words);
    assert!(
        said.stderr
            .contains("Not applied: 5.3 (drifted in local), 6.1 (edited) and 5.4 (waits for 5.3)."),
        "{said}"
    );
    let states = [
        ("5.1", "applied"),
        ("5.2", "applied"),
        ("5.3", "drifted"),
        ("5.4", "pending"),
        ("6.1", "edited"),
    ];
    is(&machine, "local", &states);
}

#[test]
fn programs_are_told_all_of_it() {
    let machine = with_a_refusal();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    let document = machine
        .xtask(&["migrate", "--format", "json"])
        .with(1)
        .json();
    let applied: Vec<_> = document["stories"]
        .as_array()
        .unwrap()
        .iter()
        .map(|story| &story["id"])
        .collect();
    assert_eq!(applied, ["5.2"]);
    assert_eq!(document["up_to_date"], false);
    assert_eq!(document["ended"], false);
    let rules: Vec<_> = document["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["story"], &one["rule"]))
        .collect();
    assert_eq!(
        rules,
        [
            (&json!("5.1"), &json!("story-conflict")),
            (&json!("5.3"), &json!("story-refused"))
        ]
    );
    let waiting = json!([{ "story": "5.4", "title": "Frontend waits for a healthy backend", "waits_for": ["5.3"] }]);
    assert_eq!(document["waiting"], waiting);
}

#[test]
fn a_dry_run_goes_on_too_and_says_that_nothing_was_written() {
    let machine = with_a_conflict();
    let before = machine.tree();
    let words = [
        "Would apply 3 stories",
        "Not applied: 5.1 (conflict in local).",
        "Nothing was written; 5.2, 5.3 and 5.4 would",
    ];
    let said = machine
        .xtask(&["migrate", "--dry-run"])
        .with(1)
        .says(&words);
    assert!(!said.all().contains("Files and ledger are"), "{said}");
    machine.xtask(&["migrate", "--check"]).with(1).says(&[
        "5.1  Redis data volume: conflict in local and pending in prod",
        "5.2  Redis 7: pending in local and prod",
        "Next: cargo xtask status",
    ]);
    assert!(machine.tree() == before);
}

#[test]
fn a_plan_holds_what_can_be_done() {
    let (machine, direct) = (with_a_conflict(), with_a_conflict());
    let file = machine.folder().join("plan.json").display().to_string();
    machine.xtask(&["migrate", "--plan", &file]).with(1).says(&[
        "Not applied: 5.1",
        "Saved in",
        "--apply",
    ]);
    machine
        .xtask(&["migrate", "--apply", &file])
        .with(0)
        .says(&["Applied 3 stories"]);
    direct.xtask(&["migrate"]).with(1);
    assert_eq!(machine.contents(), direct.contents());
    // Nothing can be done: that is no plan.
    let nothing = machine.folder().join("nothing.json");
    machine
        .xtask(&["migrate", "--plan", nothing.to_str().unwrap()])
        .with(1);
    assert!(!nothing.exists());
}

#[test]
fn commits_are_made_of_what_was_applied() {
    let machine = committed(with_a_conflict());
    machine
        .xtask(&["migrate", "--commit"])
        .with(1)
        .says(&["Applied 3 stories", "Not applied: 5.1 (conflict in local)."]);
    let subjects = git(&machine, &["log", "--format=%s", "--reverse"]);
    let expected = [
        "The shop",
        "5.2 Redis 7",
        "5.3 Backend health check",
        "5.4 Frontend waits for a healthy backend",
    ];
    assert_eq!(subjects.lines().collect::<Vec<_>>(), expected);
    assert_eq!(git(&machine, &["status", "--porcelain"]), "");
}

/// What is no story's fault stops all: an answer that is none, a resolved model that differs
/// elsewhere.
#[test]
fn a_fault_that_is_not_of_one_story_ends_the_run() {
    let machine = Machine::with_shop();
    machine.compose_answers(
        r#"if grep -q redis:7 docker-compose.prod.yml; then n=2; else n=1; fi
           echo "{\"services\": {\"frontend\": {\"scale\": $n}}}""#,
    );
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["the draft would change more in", "as after 5.1."]);
    is(
        &machine,
        "local",
        &[
            ("5.1", "applied"),
            ("5.2", "pending"),
            ("5.3", "pending"),
            ("5.4", "pending"),
        ],
    );
}

/// The shop in git, where a run was killed behind a story: it is written, and nothing is committed.
fn killed_behind(last: &str) -> Machine {
    let machine = committed(Machine::with_shop());
    machine.xtask(&["migrate", "--to", last]).with(0);
    // What this machine remembers may be lost, and is not there on another one.
    fs::remove_dir_all(machine.folder().join("state")).unwrap();
    machine
}

#[test]
fn the_tools_own_uncommitted_stories_are_nobodys_edits() {
    let whole = Machine::with_shop();
    whole.xtask(&["migrate"]).with(0);
    for last in ["5.1", "5.2", "5.3"] {
        let machine = killed_behind(last);
        machine.xtask(&["migrate"]).with(0);
        for file in ["docker-compose.yml", "docker-compose.prod.yml"] {
            assert_eq!(machine.read(file), whole.read(file), "behind {last}");
        }
    }
}

#[test]
fn so_is_what_was_applied_environment_by_environment() {
    let machine = committed(Machine::with_shop());
    machine
        .xtask(&["migrate", "-e", "prod", "--to", "5.2"])
        .with(0);
    fs::remove_dir_all(machine.folder().join("state")).unwrap();
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories"]);
}

#[test]
fn and_what_was_taken_back() {
    let machine = committed(Machine::with_shop());
    machine.xtask(&["migrate", "--commit"]).with(0);
    machine.xtask(&["revert", "5.4"]).with(0);
    machine
        .xtask(&["revert", "5.1", "--accept-irreversible"])
        .with(0);
    fs::remove_dir_all(machine.folder().join("state")).unwrap();
    machine
        .xtask(&["revert", "5.2", "--accept-irreversible"])
        .with(0)
        .says(&["Reverted 1 story"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 3 stories"]);
}

#[test]
fn an_edit_beside_them_is_still_somebodys() {
    let machine = killed_behind("5.2");
    machine.replace("docker-compose.yml", "# The shop", "# My shop");
    let said = machine.xtask(&["migrate"]).with(1).says(&[
        "modified and not committed",
        "docker-compose.yml",
        "Nothing was written",
    ]);
    assert!(!said.stderr.contains("docker-compose.prod.yml"), "{said}");
    machine.replace("docker-compose.yml", "# My shop", "# The shop");
    machine.replace(
        "compose/ledger/5.1-redis-data-volume.yaml",
        "title: Redis data volume",
        "title: Ours",
    );
    machine.xtask(&["migrate", "--only", "5.3"]).with(0);
}

/// A record that the last commit has and somebody has edited is not the tool's.
#[test]
fn an_edited_record_is_somebodys_too() {
    let machine = committed(Machine::with_shop());
    machine.xtask(&["migrate", "-e", "local"]).with(0);
    commit_all(&machine, "Local");
    machine.replace(
        "compose/ledger/5.1-redis-data-volume.yaml",
        "title: Redis data volume",
        "title: Ours",
    );
    machine.xtask(&["migrate"]).with(1).says(&[
        "modified and not committed",
        "compose/ledger/5.1-redis-data-volume.yaml",
    ]);
}

/// Nobody is left a folder to wonder about.
#[test]
fn nothing_is_left_where_nothing_was_written() {
    let machine = Machine::with_shop();
    let before = machine.contents();
    machine.write("compose.yaml.lock", "");
    machine.remove("compose.yaml.lock");
    machine.compose_answers("echo 'services.x is wrong' >&2; exit 1");
    machine
        .xtask(&["migrate"])
        .with(1)
        .says(&["Nothing was written."]);
    assert_eq!(machine.contents(), before);
    machine.xtask(&["init"]).with(0);
    assert!(!machine.root().join("compose/ledger").exists());
    machine.compose_answers("echo '{}'");
    machine.xtask(&["migrate", "--only", "5.2"]).with(0);
    assert!(!machine.root().join("compose/ledger/.lock").exists());
}
