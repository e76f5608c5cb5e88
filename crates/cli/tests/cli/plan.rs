//! `migrate --plan` and `--apply`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::bad_input::refuses;
use crate::machine::Machine;

/// A checkout with a saved plan, and the plan's path.
fn planned() -> (Machine, String) {
    let machine = Machine::with_shop();
    let file = machine.folder().join("plan.json").display().to_string();
    let before = machine.tree();
    machine
        .xtask(&["migrate", "--plan", &file])
        .with(0)
        .says(&["Nothing written", "--apply"]);
    assert!(machine.tree() == before);
    (machine, file)
}

#[test]
fn a_plan_is_its_owners_alone_and_holds_no_secret() {
    let (machine, file) = planned();
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let text = fs::read_to_string(&file).unwrap();
    for secret in ["fixture-session-secret", "fixture-prod-secret"] {
        assert!(
            machine.read("docker-compose.yml").contains(secret)
                || machine.read("docker-compose.prod.yml").contains(secret)
        );
        assert!(!text.contains(secret), "{text}");
    }
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["schema"], 1);
    let stories = plan["stories"].as_array().unwrap();
    assert_eq!(stories.len(), 4);
    // What one story leaves is what the next one finds.
    let mut left = std::collections::BTreeMap::new();
    for file in stories
        .iter()
        .flat_map(|story| story["files"].as_array().unwrap())
    {
        if let Some(after) = left.insert(file["path"].as_str(), &file["after"]) {
            assert_eq!(&file["before"], after, "{file}");
        }
    }
}

#[test]
fn apply_does_exactly_what_was_planned() {
    let (machine, file) = planned();
    let direct = Machine::with_shop();
    direct.xtask(&["migrate"]).with(0);
    machine
        .xtask(&["migrate", "--apply", &file])
        .with(0)
        .says(&["Applied 4 stories"]);
    assert_eq!(machine.contents(), direct.contents());
    refuses(
        &machine,
        &["migrate", "--apply", &file],
        1,
        &["changed since the plan was made"],
    );
}

#[test]
fn a_plan_of_one_story_applies_one_story() {
    let machine = Machine::with_shop();
    let file = machine.folder().join("plan.json").display().to_string();
    machine
        .xtask(&["migrate", "--only", "5.2", "-e", "prod", "--plan", &file])
        .with(0);
    machine
        .xtask(&["migrate", "--apply", &file])
        .with(0)
        .says(&["Applied 1 story to prod"]);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["local pending  prod applied"]);
}

#[test]
fn apply_refuses_when_anything_has_changed() {
    type Change = fn(&Machine);
    let changes: [(&str, Change); 6] = [
        ("story 7.1 is new", |machine| {
            let story = include_str!("../../../../compose/stories/5.1-redis-data-volume.yaml")
                .replace("5.1", "7.1");
            machine.write("compose/stories/7.1-redis-data-volume.yaml", story);
        }),
        ("docker-compose.yml has changed", |machine| {
            machine.replace("docker-compose.yml", "# The", "# Our")
        }),
        ("docker-compose.prod.yml has changed", |machine| {
            machine.replace("docker-compose.prod.yml", "80:80", "81:80")
        }),
        (".env has changed", |machine| {
            machine.write(".env", "REDIS_PASSWORD=other\n")
        }),
        ("compose/stack.yaml has changed", |machine| {
            drop(machine.xtask(&["init"]).with(0))
        }),
        ("compose/ledger/5.2-redis-7.yaml is new", |machine| {
            drop(machine.xtask(&["skip", "5.2", "--reason", "no"]).with(0));
        }),
    ];
    for (word, change) in changes {
        let (machine, file) = planned();
        change(&machine);
        refuses(
            &machine,
            &["migrate", "--apply", &file],
            1,
            &[word, "cargo xtask migrate --plan", "Nothing was written"],
        );
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    let (machine, file) = planned();
    fs::write(&file, "{}").unwrap();
    refuses(
        &machine,
        &["migrate", "--apply", &file],
        2,
        &["is no plan", "--plan"],
    );
    refuses(
        &machine,
        &["migrate", "--apply", "nowhere.json"],
        2,
        &["--apply nowhere.json"],
    );
    refuses(
        &machine,
        &["migrate", "--apply", &file, "--to", "5.1"],
        2,
        &["cannot be used with"],
    );
}

#[test]
fn a_plan_overwrites_nothing_but_a_plan() {
    let (machine, file) = planned();
    machine.write("notes.json", "{}");
    machine.remove(".env.prod");
    let here = [
        ("notes.json", "is no plan"),
        ("docker-compose.yml", "the stack is read from it"),
        ("./docker-compose.prod.yml", "the stack is read from it"),
        (".env.prod", "the stack is read from it"),
        ("compose/stack.yaml", "is read from it"),
        ("/dev/null", "is no plan"),
        (".", "is no plan"),
    ];
    for (path, words) in here {
        refuses(
            &machine,
            &["migrate", "--plan", path],
            2,
            &[path, words, "--plan FILE"],
        );
    }
    let old = fs::read_to_string(&file)
        .unwrap()
        .replacen("\"tool\": \"", "\"tool\": \"9.", 1);
    fs::write(&file, old).unwrap();
    machine.xtask(&["migrate", "--plan", &file]).with(0);
    machine.xtask(&["migrate", "--apply", &file]).with(0);
}

#[test]
fn what_is_no_plan_is_not_recommended_as_one() {
    let machine = Machine::with_shop();
    let words = [
        "docker-compose.yml is no plan",
        "cargo xtask migrate --plan FILE",
    ];
    let said = refuses(
        &machine,
        &["migrate", "--apply", "docker-compose.yml"],
        2,
        &words,
    );
    assert!(!said.stderr.contains("--plan docker-compose.yml"), "{said}");
}

/// A plan is no file that the tool, or Compose, would take for one of its own.
#[test]
fn a_plan_is_saved_where_nothing_reads_it() {
    let machine = Machine::with_shop();
    for name in [
        "compose.yaml",
        "compose/stories/9.9-x.yaml",
        "docker-compose.override.yml",
    ] {
        refuses(
            &machine,
            &["migrate", "--plan", name],
            2,
            &["a plan is JSON"],
        );
    }
    refuses(
        &machine,
        &["migrate", "--plan", "nowhere/x.json"],
        2,
        &["there is no such folder"],
    );
    machine
        .xtask(&["migrate", "--plan=-x.json"])
        .with(0)
        .says(&["--apply ./-x.json"]);
}
