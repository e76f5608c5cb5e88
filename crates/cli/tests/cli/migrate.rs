//! `migrate`: what its flags choose, and that they build the same draft.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bad_input::refuses;
use crate::machine::{FILES, Machine};

#[test]
fn a_dry_run_writes_nothing_and_shows_the_plan() {
    let machine = Machine::with_shop();
    let before = machine.tree();
    let said = machine.xtask(&["migrate", "--dry-run"]).with(0);
    assert!(machine.tree() == before);
    let real = machine.xtask(&["migrate"]).with(0);
    for line in real
        .stdout
        .lines()
        .filter(|line| line.contains("  +") && !line.contains(" ms"))
    {
        assert!(
            said.stdout.contains(line),
            "{line:?} is not in the plan: {said}"
        );
    }
    said.says(&[
        "Would apply 4 stories",
        "Nothing written",
        "Next: cargo xtask migrate",
        "+      - redis_data:/data",
    ]);
}

fn files_of(plan: &Value) -> Vec<&Value> {
    plan["stories"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|story| story["files"].as_array().unwrap())
        .collect()
}

#[test]
fn the_drafts_of_a_dry_run_are_what_the_real_run_writes() {
    let (planned, done) = (Machine::with_shop(), Machine::with_shop());
    for machine in [&planned, &done] {
        // A diff that holds `***` cannot be applied.
        machine.replace(
            "docker-compose.yml",
            "fixture-session-secret",
            "$SESSION_SECRET",
        );
        machine.replace(
            "docker-compose.prod.yml",
            "fixture-prod-secret",
            "$SESSION_SECRET",
        );
    }
    let plan = planned
        .xtask(&["migrate", "--dry-run", "--format", "json"])
        .with(0)
        .json();
    let real = done.xtask(&["migrate", "--format", "json"]).with(0).json();
    assert_eq!(files_of(&plan), files_of(&real));
    files_of(&plan)
        .iter()
        .for_each(|file| patch(&planned.root(), file["diff"].as_str().unwrap()));
    FILES
        .iter()
        .for_each(|file| assert_eq!(planned.read(file), done.read(file), "{file}"));
}

#[test]
fn the_checks_of_a_dry_run_see_the_drafts_of_the_stories_before() {
    let machine = Machine::with_layers();
    machine.compose_answers("cat docker-compose.override.yml >$here/seen; echo '{}'");
    machine
        .xtask(&[
            "migrate",
            "--dry-run",
            "--environment",
            "local",
            "--environment",
            "prod",
        ])
        .with(0);
    // The last story edits the base alone.
    let seen = std::fs::read_to_string(machine.compose.file("seen")).unwrap();
    machine.xtask(&["migrate"]).with(0);
    assert_eq!(seen, machine.read("docker-compose.override.yml"));
}

#[test]
fn what_environments_share_goes_into_the_file_that_they_share() {
    let machine = Machine::with_layers();
    machine.xtask(&["migrate"]).with(0);
    let [base, local, prod] = [
        "docker-compose.yml",
        "docker-compose.override.yml",
        "docker-compose.prod.yml",
    ]
    .map(|file| machine.read(file));
    assert!(
        base.contains("redis_data:/data") && base.contains("      retries: 5\n"),
        "{base}"
    );
    assert!(
        local.contains("      interval: 10s\n") && !local.contains("retries"),
        "{local}"
    );
    assert!(
        prod.contains("      interval: 30s\n") && !prod.contains("retries"),
        "{prod}"
    );
}

#[test]
fn a_file_that_another_environment_reads_is_not_edited_for_one() {
    let words = [
        "docker-compose.yml is also read by prod",
        "run it for these environments together",
    ];
    refuses(
        &Machine::with_layers(),
        &["migrate", "--environment", "local"],
        1,
        &words,
    );
}

fn patch(folder: &Path, diff: &str) {
    let mut git = Command::new("git");
    git.args(["apply", "--unidiff-zero", "-"])
        .current_dir(folder)
        .stdin(Stdio::piped());
    let mut git = git
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap())
        .spawn()
        .unwrap();
    git.stdin
        .take()
        .unwrap()
        .write_all(diff.as_bytes())
        .unwrap();
    assert!(git.wait().unwrap().success(), "{diff}");
}

#[test]
fn a_check_tells_by_its_exit_code() {
    let machine = Machine::with_shop();
    let before = machine.tree();
    machine
        .xtask(&["migrate", "--check"])
        .with(1)
        .says(&["5.1", "pending"]);
    assert!(machine.tree() == before);
    machine.xtask(&["migrate", "--to", "5.3"]).with(0);
    machine.xtask(&["migrate", "--check"]).with(1);
    machine
        .xtask(&["migrate", "--check", "--to", "5.3"])
        .with(0);
    machine.xtask(&["migrate"]).with(0);
    machine.xtask(&["migrate", "--check"]).with(0);
}

#[test]
fn a_story_that_waits_for_another_is_pending_and_no_conflict() {
    let said = Machine::with_shop()
        .xtask(&["status"])
        .with(1)
        .says(&["4 stories to apply"]);
    assert!(!said.stdout.contains("conflict"), "{said}");
}

#[test]
fn to_stops_after_its_story() {
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "--to", "5.2"])
        .with(0)
        .says(&["Applied 2 stories"]);
    let text = machine.read("docker-compose.yml");
    assert!(
        text.contains("redis:7-alpine") && !text.contains("healthcheck"),
        "{text}"
    );
    assert!(
        !machine
            .root()
            .join("compose/ledger/5.3-backend-health-check.yaml")
            .exists()
    );
}

#[test]
fn only_takes_one_story_and_refuses_unmet_needs() {
    let machine = Machine::with_shop();
    refuses(
        &machine,
        &["migrate", "--only", "5.4"],
        2,
        &["5.4 needs 5.3 first", "cargo xtask migrate --to 5.4"],
    );
    machine
        .xtask(&["migrate", "--only", "5.2"])
        .with(0)
        .says(&["Applied 1 story"]);
    assert!(!machine.read("docker-compose.yml").contains("redis_data"));
    machine.xtask(&["migrate", "--only", "5.3"]).with(0);
    machine.xtask(&["migrate", "--only", "5.4"]).with(0);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["1 story to apply"]);
}

#[test]
fn one_environment_is_edited_and_recorded_alone() {
    let machine = Machine::with_shop();
    let prod = machine.read("docker-compose.prod.yml");
    machine
        .xtask(&["migrate", "--environment", "local"])
        .with(0)
        .says(&["Applied 4 stories to local"]);
    assert_eq!(machine.read("docker-compose.prod.yml"), prod);
    let is_record = |path: &Path| path.starts_with("compose/ledger") && path.extension().is_some();
    for (path, text) in machine
        .contents()
        .iter()
        .filter(|(path, _)| is_record(path))
    {
        assert!(
            text.contains("  local:") && !text.contains("prod"),
            "{}: {text}",
            path.display()
        );
    }
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["local applied  prod pending"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories", "docker-compose.prod.yml"]);
}

#[test]
fn the_order_of_the_environments_makes_no_difference() {
    let (together, apart) = (Machine::with_shop(), Machine::with_shop());
    together.xtask(&["migrate"]).with(0);
    apart.xtask(&["migrate", "--environment", "prod"]).with(0);
    apart.xtask(&["migrate", "--environment", "local"]).with(0);
    let (together, apart) = (together.contents(), apart.contents());
    assert!(together.keys().eq(apart.keys()));
    for (path, text) in &together {
        let sorted = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(text), sorted(&apart[path]), "{}", path.display());
    }
}

#[test]
fn two_colleagues_get_equal_bytes() {
    let (one, other) = (Machine::with_shop(), Machine::with_shop());
    one.xtask(&["migrate"]).with(0);
    ["5.1", "5.2", "5.3", "5.4"]
        .iter()
        .for_each(|id| drop(other.xtask(&["migrate", "--to", id]).with(0)));
    assert_eq!(one.contents(), other.contents());
}

#[test]
fn what_was_done_by_hand_is_adopted() {
    let machine = Machine::with_shop();
    FILES
        .iter()
        .for_each(|file| machine.replace(file, "redis:6.2.13-alpine", "redis:7.4-alpine"));
    let before = FILES.map(|file| machine.read(file));
    machine
        .xtask(&["migrate", "--only", "5.2"])
        .with(0)
        .says(&["adopted"]);
    assert_eq!(FILES.map(|file| machine.read(file)), before);
    assert!(
        machine
            .read("compose/ledger/5.2-redis-7.yaml")
            .contains("state: adopted")
    );
}

#[test]
fn a_conflict_shows_both_sides_and_the_ways_on() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "    ports:\n",
        "    volumes:\n      - ./data:/data:ro\n    ports:\n",
    );
    let words = [
        "5.1 Redis data volume: conflict in local",
        "docker-compose.yml:6:9",
        "- ./data:/data:ro",
        "wanted",
        "- redis_data:/data",
        "cargo xtask skip 5.1 --environment local --reason",
        "Nothing was written.",
    ];
    refuses(&machine, &["migrate", "--only", "5.1"], 1, &words);
    machine
        .xtask(&[
            "skip",
            "5.1",
            "-e",
            "local",
            "--reason",
            "bind mount on purpose",
        ])
        .with(0);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 3 stories to local; applied 4 stories to prod in "]);
    machine.xtask(&["status"]).with(0).says(&[
        "local skipped",
        "prod applied",
        "bind mount on purpose",
    ]);
}

#[test]
fn it_works_from_a_folder_below() {
    let machine = Machine::with_shop();
    machine.write("backend/src/main.rs", "");
    let mut command = machine.command(&["migrate", "--to", "5.1"]);
    assert!(
        command
            .current_dir(machine.root().join("backend/src"))
            .status()
            .unwrap()
            .success()
    );
    assert!(
        machine
            .read("docker-compose.yml")
            .contains("redis_data:/data")
    );
}

#[test]
fn it_works_from_elsewhere_and_names_the_root_in_what_comes_next() {
    let machine = Machine::with_shop();
    let mut command = machine.command(&["migrate", "--root", "checkout"]);
    let output = command.current_dir(machine.folder()).output().unwrap();
    crate::machine::Said::of(output)
        .with(0)
        .says(&["cargo xtask verify --root checkout"]);
}

/// What a dry run promises can be done: a file that nobody may write is told before.
#[test]
fn a_dry_run_sees_what_cannot_be_written() {
    let machine = Machine::with_shop();
    let compose = machine.root().join("docker-compose.yml");
    let allow = |mode| fs::set_permissions(&compose, fs::Permissions::from_mode(mode)).unwrap();
    allow(0o444);
    let words = "docker-compose.yml is read-only; allow writing: chmod u+w docker-compose.yml";
    for flags in [&["migrate", "--dry-run"][..], &["migrate"]] {
        machine
            .xtask(flags)
            .with(1)
            .says(&[words, "Nothing was written."]);
    }
    allow(0o640);
    machine.xtask(&["migrate"]).with(0);
    assert_eq!(
        fs::metadata(&compose).unwrap().permissions().mode() & 0o777,
        0o640
    );
    allow(0o444);
    for flags in [&["revert", "5.4", "--dry-run"][..], &["revert", "5.4"]] {
        machine.xtask(flags).with(1).says(&[words]);
    }
}

/// `patch` takes the indent off; the line ends are the file's own.
#[test]
fn the_diff_of_a_dry_run_can_be_applied() {
    let machine = Machine::with_shop();
    for file in FILES {
        machine.write(file, machine.read(file).replace('\n', "\r\n"));
    }
    let words = ["migrate", "--only", "5.1"];
    let said = machine
        .xtask(&[&words[..], &["--dry-run"]].concat())
        .with(0);
    let shown = said.stdout.split_terminator('\n');
    let diff: String = shown
        .filter_map(|line| line.strip_prefix("     "))
        .skip_while(|line| !line.starts_with("--- "))
        .filter(|line| line.starts_with(['-', '+', '@', ' ']))
        .map(|line| format!("{line}\n"))
        .collect();
    machine.write("shown.diff", &diff);
    let git = Command::new("git")
        .args(["apply", "shown.diff"])
        .current_dir(machine.root())
        .output()
        .unwrap();
    assert!(git.status.success(), "{git:?}\n{diff}");
    let applied = FILES.map(|file| machine.read(file));
    let machine = Machine::with_shop();
    for file in FILES {
        machine.write(file, machine.read(file).replace('\n', "\r\n"));
    }
    machine.xtask(&words).with(0);
    assert_eq!(applied, FILES.map(|file| machine.read(file)));
}
