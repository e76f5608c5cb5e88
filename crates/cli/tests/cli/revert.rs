//! `revert`: up, down, up; what a person did since; what depends on it; what does not go back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use compose_model::Environment;
use docker::Compose;
use docker::compose_config::{Model, Subject, differences};

use crate::bad_input::refuses;
use crate::machine::{FILES, Machine};
use crate::repository::{committed, git};

const ALL: [&str; 3] = ["revert", "--all", "--accept-irreversible"];
const STATE: &str = "state/compose-stories";

fn migrated(machine: Machine) -> Machine {
    machine.xtask(&["migrate"]).with(0);
    machine
}

/// On another machine nothing is known of the bytes from before.
fn forget(machine: &Machine) {
    fs::remove_dir_all(machine.folder().join(STATE)).unwrap();
}

/// What a person or the team wrote: not the names that git is told to leave alone.
fn kept(machine: &Machine) -> BTreeMap<PathBuf, String> {
    let mut contents = machine.contents();
    contents.retain(|path, _| !path.starts_with("compose"));
    contents
}

fn up_down_up(machine: &Machine) {
    let before = kept(machine);
    machine.xtask(&["migrate"]).with(0);
    let up = machine.contents();
    machine.xtask(&ALL).with(0).says(&[
        "Reverted 4 stories",
        "byte for byte as before",
        "5.1-redis-data-volume.yaml is removed",
    ]);
    assert_eq!(kept(machine), before);
    machine.xtask(&["migrate"]).with(0);
    assert_eq!(machine.contents(), up);
}

#[test]
fn all_stories_come_and_go_byte_for_byte() {
    up_down_up(&Machine::with_shop());
    up_down_up(&Machine::with_layers());
    up_down_up(&Machine::with_old_checkout());
}

#[test]
fn the_real_compose_sees_the_same_models_without_the_bytes_from_before() {
    let layers = [
        "docker-compose.yml",
        "docker-compose.override.yml",
        "docker-compose.prod.yml",
    ];
    let shop: [&[&str]; 2] = [&layers[..1], &layers[2..]];
    let layered: [&[&str]; 2] = [&layers[..2], &[layers[0], layers[2]]];
    for (machine, environments) in [
        (Machine::with_shop(), shop),
        (Machine::with_layers(), layered),
    ] {
        let Some(machine) = machine.with_real_compose() else {
            return;
        };
        let models = || environments.map(|files| model(&machine, files));
        let before = models();
        machine.xtask(&["migrate"]).with(0);
        let up = models();
        forget(&machine);
        machine.xtask(&ALL).with(0).says(&["the layout may differ"]);
        for ((before, up), down) in before.iter().zip(&up).zip(&models()) {
            assert_ne!(differences(before, up), []);
            assert_eq!(differences(before, down), []);
        }
    }
}

/// What the real Compose makes of the files.
fn model(machine: &Machine, files: &[&str]) -> Model {
    let files = files.iter().map(|file| (*file).to_owned()).collect();
    let environment = Environment {
        name: "any".to_owned(),
        files,
        ..Environment::default()
    };
    let (root, drafts, loaded) = (machine.root(), BTreeMap::new(), BTreeMap::new());
    let subject = Subject {
        root: &root,
        environment: &environment,
        loaded: &loaded,
        drafts: &drafts,
        profiles: false,
    };
    Compose::find().unwrap().check(&subject).unwrap().model
}

#[test]
fn one_story_comes_back_to_the_byte_and_its_record_goes() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--to", "5.2"]).with(0);
    let before = machine.contents();
    machine.xtask(&["migrate", "--only", "5.3"]).with(0);
    machine.xtask(&["revert", "5.3"]).with(0).says(&[
        "services.backend.healthcheck",
        "Reverted 1 story",
        "skip 5.3 --reason",
    ]);
    assert_eq!(machine.contents(), before);
    machine.xtask(&["status"]).says(&["pending"]);
}

/// A story that was applied environment by environment, with others in between.
#[test]
fn steps_of_one_environment_each_go_back_too() {
    let machine = Machine::with_shop();
    let before = kept(&machine);
    for environment in ["local", "prod"] {
        machine
            .xtask(&["migrate", "--environment", environment])
            .with(0);
    }
    machine.xtask(&ALL).with(0);
    assert_eq!(kept(&machine), before);
}

#[test]
fn to_stops_behind_the_named_story() {
    let machine = migrated(Machine::with_shop());
    machine
        .xtask(&["revert", "--to", "5.2"])
        .with(0)
        .says(&["Reverted 2 stories"]);
    let records: Vec<_> = machine
        .contents()
        .into_keys()
        .filter(|path| path.starts_with("compose/ledger"))
        .collect();
    assert!(
        records
            .iter()
            .any(|path| path.ends_with("5.2-redis-7.yaml")),
        "{records:?}"
    );
    assert!(
        !records
            .iter()
            .any(|path| path.ends_with("5.3-backend-health-check.yaml")),
        "{records:?}"
    );
    machine
        .xtask(&["revert", "--to", "5.2"])
        .with(0)
        .says(&["Nothing to revert"]);
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_diff() {
    let machine = migrated(Machine::with_shop());
    let before = machine.tree();
    machine
        .xtask(&["revert", "--all", "--dry-run"])
        .with(0)
        .says(&[
            "Would revert 4 stories",
            "-      - redis_data:/data",
            "Next: cargo xtask revert --all --accept-irreversible",
        ]);
    assert!(machine.tree() == before);
}

#[test]
fn an_edit_since_is_named_and_kept() {
    let machine = migrated(Machine::with_shop());
    machine.replace("docker-compose.yml", "interval: 10s", "interval: 42s");
    let words = [
        "docker-compose.yml:",
        "services.backend.healthcheck.interval was changed",
    ];
    let command = [
        "cargo xtask revert 5.4 --discard-edits",
        "Nothing was written.",
    ];
    machine.xtask(&["revert", "5.4"]).with(0);
    let command = [command[0].replace("5.4", "5.3"), command[1].to_owned()];
    let words: Vec<_> = words
        .into_iter()
        .chain(command.iter().map(String::as_str))
        .collect();
    refuses(&machine, &["revert", "5.3"], 1, &words);
    let json = machine
        .xtask(&["revert", "5.3", "--format", "json"])
        .with(1)
        .json();
    assert_eq!(json["failure"]["rule"], "story-edited-since");
    machine.xtask(&["revert", "5.3", "--discard-edits"]).with(0);
    assert!(!machine.read("docker-compose.yml").contains("healthcheck"));
}

#[test]
fn edits_beside_the_story_are_kept() {
    let machine = migrated(Machine::with_shop());
    for file in FILES {
        machine.write(file, format!("{}# mine\n", machine.read(file)));
    }
    machine.xtask(&ALL).with(0).says(&["the layout may differ"]);
    FILES.iter().for_each(|file| {
        assert!(
            machine.read(file).ends_with("# mine\n"),
            "{}",
            machine.read(file)
        )
    });
}

#[test]
fn what_needs_it_is_named_or_goes_first() {
    let machine = migrated(Machine::with_shop());
    let words = [
        "5.3 Backend health check is needed by 5.4",
        "cargo xtask revert 5.3 --with-dependents",
    ];
    refuses(&machine, &["revert", "5.3"], 2, &words);
    let said = machine
        .xtask(&["revert", "5.3", "--with-dependents"])
        .with(0)
        .says(&["Reverted 2 stories"]);
    assert!(
        said.stdout.find("5.4  ") < said.stdout.find("5.3  "),
        "{said}"
    );
}

#[test]
fn kept_out_is_skipped_with_its_reason() {
    let machine = migrated(Machine::with_shop());
    machine
        .xtask(&["revert", "5.4", "--skip", "it starts too late"])
        .with(0)
        .says(&["says skipped"]);
    assert!(
        machine
            .read("compose/ledger/5.4-frontend-waits-for-backend.yaml")
            .contains("reason: it starts too late")
    );
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["skipped", "it starts too late"]);
    machine.xtask(&["migrate"]).with(0).says(&["Up to date"]);
    // A skip is lifted the same way.
    machine
        .xtask(&["revert", "5.4"])
        .with(0)
        .says(&["is removed"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 1 story"]);
    refuses(
        &machine,
        &["revert", "5.4", "--skip", " "],
        2,
        &["--skip is empty"],
    );
}

/// The team's word is about the story, in whatever environment it was applied so far.
#[test]
fn kept_out_of_one_environment_is_kept_out_of_all() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "-e", "prod", "--only", "5.1"])
        .with(0);
    machine
        .xtask(&["revert", "5.1", "--skip", "no way"])
        .with(0);
    machine
        .xtask(&["status"])
        .says(&["local and prod: skipped: no way"]);
    // A skip of one environment does not hide that the other one comes back.
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "-e", "prod", "--only", "5.1"])
        .with(0);
    machine
        .xtask(&["skip", "5.1", "-e", "local", "--reason", "later"])
        .with(0);
    machine
        .xtask(&["revert", "5.1"])
        .with(0)
        .says(&["says skipped", "The next migrate applies 5.1 again"]);
}

/// Who takes a story back by hand, to keep something around it, needs the record out of the way and
/// no more.
#[test]
fn what_was_taken_back_by_hand_is_forgotten() {
    let machine = migrated(Machine::with_shop());
    for file in FILES {
        machine.replace(file, "redis_data:/data", "other:/other");
        machine.replace(file, "  redis_data:", "  other:");
    }
    let before = machine.read("docker-compose.yml");
    machine
        .xtask(&["revert", "5.1"])
        .with(0)
        .says(&["5.1-redis-data-volume.yaml is removed"]);
    assert_eq!(machine.read("docker-compose.yml"), before);
}

/// A record that revert took away is nobody's edit.
#[test]
fn after_a_commit_a_story_comes_and_goes_too() {
    let machine = migrated(committed(Machine::with_shop()));
    crate::repository::commit_all(&machine, "Migrated");
    machine.xtask(&["revert", "5.4"]).with(0);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 1 story"]);
}

#[test]
fn on_a_terminal_it_asks_before_a_one_way_step() {
    for (answer, code) in [("\n", 1), ("n\n", 1), ("y\n", 0)] {
        let machine = migrated(Machine::with_shop());
        let Some(said) = crate::drift::on_a_terminal(&machine, "revert 5.2", answer) else {
            return;
        };
        let said = said.with(code).says(&[
            "is a one-way step",
            "Redis 6 cannot read it",
            "Go back all the same?",
        ]);
        let is_back = !machine.read("docker-compose.yml").contains("redis:7");
        assert_eq!(is_back, code == 0, "{answer:?}: {said}");
    }
}

#[test]
fn somebodys_uncommitted_edits_are_asked_about() {
    let machine = migrated(committed(Machine::with_shop()));
    // What the tool itself wrote is nobody's edit.
    machine.xtask(&["revert", "5.4"]).with(0);
    machine.xtask(&["migrate"]).with(0);
    machine.replace("docker-compose.yml", "# The shop", "# My shop");
    let words = [
        "modified and not committed",
        "docker-compose.yml",
        "--allow-dirty",
        "Nothing was written",
    ];
    let said = refuses(&machine, &["revert", "5.4"], 1, &words);
    assert!(!said.stderr.contains("docker-compose.prod.yml"), "{said}");
    machine.xtask(&["revert", "5.4", "--dry-run"]).with(0);
    machine
        .xtask(&["revert", "5.4", "--allow-dirty"])
        .with(0)
        .says(&["Reverted 1 story"]);
    assert!(machine.read("docker-compose.yml").starts_with("# My shop"));
}

#[test]
fn a_revert_is_told_of_afterwards() {
    let machine = migrated(Machine::with_shop());
    machine.xtask(&["revert", "5.4"]).with(0);
    machine.xtask(&["status", "--last"]).with(0).says(&[
        "last run  revert",
        "written   5.4",
        "outcome   done",
    ]);
}

#[test]
fn a_one_way_step_says_so_before() {
    let machine = migrated(Machine::with_shop());
    let words = [
        "one-way step",
        "Redis 6 cannot read it",
        "--accept-irreversible",
        "Nothing was written.",
    ];
    refuses(&machine, &["revert", "5.2"], 1, &words);
    machine
        .xtask(&["revert", "5.2", "--dry-run"])
        .with(0)
        .says(&["one way", "Redis 6 cannot read it"]);
    machine
        .xtask(&["revert", "5.2", "--accept-irreversible"])
        .with(0)
        .says(&["one way"]);
}

#[test]
fn what_cannot_be_reverted_says_why() {
    let machine = Machine::with_shop();
    refuses(
        &machine,
        &["revert", "5.1"],
        2,
        &["5.1 Redis data volume is not recorded here"],
    );
    refuses(&machine, &["revert", "9.9"], 2, &["there is no story 9.9"]);
    let usage = ["Usage"];
    refuses(&machine, &["revert"], 2, &usage);
    refuses(&machine, &["revert", "5.1", "--to", "5.2"], 2, &usage);
    machine.xtask(&["migrate"]).with(0);
    let ledger = machine.root().join("compose/ledger");
    fs::remove_dir_all(&ledger).unwrap();
    machine.xtask(&["migrate"]).with(0);
    refuses(
        &machine,
        &["revert", "5.4"],
        2,
        &["was found done by hand", "cargo xtask skip 5.4"],
    );
}

/// The checker's word counts on the way back too; nothing is written before all are settled.
#[test]
fn a_rejected_draft_stops_the_run() {
    let machine = migrated(Machine::with_shop());
    machine.compose_answers(
        "if grep -q healthcheck docker-compose.yml; then echo '{}'; else echo no >&2; exit 1; fi",
    );
    let again = "See it again:  cargo xtask revert --all --accept-irreversible --dry-run";
    refuses(
        &machine,
        &ALL,
        1,
        &["rejects the draft", again, "Nothing was written."],
    );
}

/// What stops a later story stops all; the command that is offered is the one that was typed, and
/// works as it is.
#[test]
fn several_are_settled_before_the_first_is_written() {
    let machine = migrated(Machine::with_shop());
    let all = ["revert", "--all"];
    let words = [
        "5.2 Redis 7",
        "a one-way step",
        "cargo xtask revert --all --accept-irreversible",
        "Nothing was written.",
    ];
    refuses(&machine, &all, 1, &words);
    machine.replace("docker-compose.yml", "interval: 10s", "interval: 42s");
    let both = ["revert", "5.3", "--with-dependents", "--skip", "not ours"];
    let words = [
        "5.3 Backend health check: edited since",
        "cargo xtask revert 5.3 --with-dependents --skip 'not ours' --discard-edits",
        "Nothing was written.",
    ];
    refuses(&machine, &both, 1, &words);
    machine
        .xtask(&[&both[..], &["--discard-edits"]].concat())
        .with(0)
        .says(&["Reverted 2 stories"]);
    machine
        .xtask(&["status"])
        .with(0)
        .says(&["skipped", "not ours"]);
}

#[test]
fn a_comment_in_the_place_is_not_taken_unasked() {
    let machine = migrated(Machine::with_shop());
    machine.replace(
        "docker-compose.yml",
        "retries: 5",
        "retries: 5   # from incident 12",
    );
    let words = [
        "a comment stands there: # from incident 12",
        "revert 5.3 --with-dependents --discard-edits",
    ];
    refuses(&machine, &["revert", "5.3", "--with-dependents"], 1, &words);
}

/// Compose refuses files in which a volume is mounted that nothing declares.
#[test]
fn a_mount_that_was_changed_goes_with_its_volume_and_one_of_others_keeps_it() {
    for mount in ["redis_data:/data:rw", "redis_data:/other"] {
        let Some(machine) = Machine::with_shop().with_real_compose() else {
            return;
        };
        let machine = migrated(machine);
        machine.replace("docker-compose.yml", "redis_data:/data", mount);
        refuses(
            &machine,
            &["revert", "5.1"],
            1,
            &[
                "was changed from redis_data:/data",
                "revert 5.1 --discard-edits",
            ],
        );
        machine.xtask(&["revert", "5.1", "--discard-edits"]).with(0);
        assert!(!machine.read("docker-compose.yml").contains("redis_data"));
    }
    let Some(machine) = Machine::with_shop().with_real_compose() else {
        return;
    };
    let machine = migrated(machine);
    machine.replace(
        "docker-compose.yml",
        "  backend:\n",
        "  backend:\n    volumes: [redis_data:/seen:ro]\n",
    );
    let kept = ["kept     volumes.redis_data: backend mounts it"];
    machine
        .xtask(&["revert", "5.1", "--discard-edits"])
        .with(0)
        .says(&kept);
    assert!(
        machine
            .read("docker-compose.yml")
            .contains("  redis_data:\n")
    );
    assert!(
        !machine
            .read("docker-compose.prod.yml")
            .contains("redis_data")
    );
}

/// A value that no record holds, for it is more than a word on a line: git has the file.
#[test]
fn what_no_record_holds_comes_back_out_of_git() {
    let machine = Machine::with_shop();
    let plain = "image: redis:6.2.13-alpine";
    let anchored = "image: &cache redis:6.2.13-alpine";
    for file in ["docker-compose.yml", "docker-compose.prod.yml"] {
        machine.replace(file, plain, anchored);
    }
    let machine = committed(machine);
    machine
        .xtask(&["migrate", "--to", "5.1", "--commit"])
        .with(0);
    let (before, blob) = (
        machine.read("docker-compose.yml"),
        git(&machine, &["rev-parse", "HEAD:docker-compose.yml"]),
    );
    machine
        .xtask(&["migrate", "--only", "5.2", "--commit"])
        .with(0);
    let record = machine.read("compose/ledger/5.2-redis-7.yaml");
    let noted = format!("blob: {}", blob.trim());
    assert!(record.contains(&noted), "{noted} is not in {record}");
    assert!(!record.contains("6.2.13"), "{record}");
    forget(&machine);
    let words = ["docker-compose.yml", "byte for byte as before"];
    machine
        .xtask(&["revert", "5.2", "--accept-irreversible"])
        .with(0)
        .says(&words);
    assert_eq!(machine.read("docker-compose.yml"), before);
    assert!(before.contains(anchored));
}

/// A clone without history has no blob either: that is said, and nothing is written.
#[test]
fn and_is_missed_by_name_where_git_has_lost_it() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "image: redis:6",
        "image: &cache redis:6",
    );
    let machine = committed(machine);
    machine
        .xtask(&["migrate", "--to", "5.2", "--commit"])
        .with(0);
    forget(&machine);
    fs::remove_dir_all(machine.root().join(".git")).unwrap();
    git(&machine, &["init", "--quiet"]);
    refuses(
        &machine,
        &["revert", "5.2", "--accept-irreversible"],
        1,
        &["docker-compose.yml"],
    );
}

#[test]
fn the_bytes_from_before_are_for_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    let machine = migrated(Machine::with_shop());
    let checkout = fs::read_dir(machine.folder().join(STATE))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let folder = checkout
        .map(|path| path.join("preimages"))
        .find(|path| path.is_dir())
        .unwrap();
    let modes: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(
        modes.len() > 4 && modes.iter().all(|mode| *mode == 0o600),
        "{modes:?}"
    );
    assert_eq!(
        fs::metadata(folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
}
