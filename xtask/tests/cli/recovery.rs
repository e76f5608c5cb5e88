//! What an interrupted run left is completed by whatever command comes next, or told.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use xtask::commit::Digest;

use crate::machine::{Machine, Said};

const JOURNAL: &str = "compose/ledger/.journal";
const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";

/// The shop as a kill leaves it in the middle of 5.1: the journal, the first file as after, the rest as before.
fn half_done() -> Machine {
    let (machine, done) = (Machine::with_shop(), Machine::with_shop());
    done.xtask(&["migrate", "--to", "5.1"]).with(0);
    let entry = |path: &str| {
        let before = fs::read(machine.root().join(path)).ok().map(|bytes| Digest::of(bytes).to_string());
        let text = done.read(path);
        json!({ "path": path, "before": before, "after": Digest::of(&text).to_string(), "text": text })
    };
    let files = ["docker-compose.yml", "docker-compose.prod.yml", RECORD, "compose/ledger/.gitignore"].map(entry);
    machine.write(JOURNAL, json!({ "format": 1, "what": "5.1 Redis data volume", "files": files }).to_string());
    machine.write("docker-compose.yml", done.read("docker-compose.yml"));
    machine.write(".docker-compose.prod.yml.xtask-new", "half of i");
    machine
}

#[test]
fn every_command_that_reads_completes_it_and_says_so_in_one_line() {
    for (args, code) in [
        (&["status"][..], 1),
        (&["migrate", "--check"], 1),
        (&["migrate", "--dry-run"], 0),
        (&["verify"], 1),
        (&["explain", "5.1"], 0),
        (&["migrate"], 0),
    ] {
        let machine = half_done();
        let said = machine.xtask(args).with(code);
        let line = "Finished what an interrupted run had begun: 5.1 Redis data volume (3 of 4 files were still to be written).";
        assert_eq!(said.stderr.lines().filter(|told| *told == line).count(), 1, "{args:?}: {said}");
        assert!(machine.read(RECORD).contains("5.1"));
        let names: Vec<_> = machine.contents().into_keys().map(|path| path.display().to_string()).collect();
        assert!(!names.iter().any(|name| name.contains("journal") || name.contains("xtask-new")), "{names:?}");
        machine.xtask(&["status"]).says(&["5.1  Redis data volume", "local applied"]);
    }
}

#[test]
fn it_can_be_asked_for() {
    let machine = half_done();
    machine.xtask(&["recover"]).with(0).says(&["Finished what an interrupted run had begun"]);
    machine.xtask(&["recover"]).with(0).says(&["Nothing to recover."]);
    assert_eq!(machine.xtask(&["recover", "--format", "json"]).with(0).json()["recovered"], false);
}

#[test]
fn an_edit_since_is_never_overwritten_and_is_settled_by_a_command() {
    let machine = half_done();
    machine.replace("docker-compose.prod.yml", "services:", "# mine\nservices:");
    let edited = machine.read("docker-compose.prod.yml");
    let commands =
        ["cargo xtask recover --keep docker-compose.prod.yml", "cargo xtask recover --take docker-compose.prod.yml"];
    for args in [&["status"][..], &["verify"], &["migrate"], &["explain", "5.1"], &["recover"]] {
        let said =
            machine.xtask(args).with(2).says(&["docker-compose.prod.yml changed since", "nothing was overwritten"]);
        said.says(&commands);
        assert_eq!(machine.read("docker-compose.prod.yml"), edited, "{args:?}");
    }
    machine.xtask(&["recover", "--keep", "docker-compose.prod.yml"]).with(0);
    assert_eq!(machine.read("docker-compose.prod.yml"), edited);
    machine.xtask(&["status"]).with(1).says(&["prod drifted"]);
}

#[test]
fn who_may_not_write_is_told_what_is_left() {
    let machine = half_done();
    let program = machine.folder().join("xtask");
    fs::copy(env!("CARGO_BIN_EXE_xtask"), &program).unwrap();
    fs::set_permissions(machine.folder(), Permissions::from_mode(0o755)).unwrap();
    let private = Permissions::from_mode(0o600);
    let what = [(None, "had begun 5.1 Redis data volume"), (Some(private), "had begun what only its owner may read")];
    for (mode, words) in what {
        if let Some(mode) = mode {
            fs::set_permissions(machine.root().join(JOURNAL), mode).unwrap();
        }
        is_told(&machine, &program, words);
    }
}

/// To a user who owns nothing here.
fn is_told(machine: &Machine, program: &Path, words: &str) {
    let before = machine.tree();
    for args in [&["status"][..], &["verify"], &["explain", "5.1"]] {
        let mut command = machine.spell(Command::new(program), args);
        let Ok(output) = command.uid(65534).gid(65534).output() else {
            eprintln!("SKIPPED: only root can become somebody else");
            return;
        };
        let said = Said::of(output).with(2);
        said.says(&[words, "cargo xtask recover"]);
        assert!(machine.tree() == before, "{args:?}");
    }
}
