//! What an interrupted run left is completed by whatever command comes next, or told.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use transaction::Digest;

use crate::machine::{Machine, Said};
use crate::program;

const JOURNAL: &str = "compose/ledger/.journal";
const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";

/// The same with edits of somebody's in both compose files.
fn edited_twice() -> Machine {
    let machine = half_done();
    ["docker-compose.yml", "docker-compose.prod.yml"]
        .iter()
        .for_each(|file| machine.replace(file, "services:", "# mine\nservices:"));
    machine
}

/// The shop as a kill leaves it in the middle of 5.1: the journal, the first file as after, the
/// rest as before.
pub(crate) fn half_done() -> Machine {
    let (machine, done) = (Machine::with_shop(), Machine::with_shop());
    done.xtask(&["migrate", "--to", "5.1"]).with(0);
    let entry = |path: &str| {
        let before = fs::read(machine.root().join(path))
            .ok()
            .map(|bytes| Digest::of(bytes).to_string());
        let text = done.read(path);
        let was = fs::read_to_string(machine.root().join(path)).ok();
        json!({ "path": path, "before": before, "after": Digest::of(&text).to_string(), "text": text, "was": was })
    };
    let files = ["docker-compose.yml", "docker-compose.prod.yml", RECORD].map(entry);
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let home = json!({ "host": host.trim(), "root": machine.root().canonicalize().unwrap() });
    machine.write(
        JOURNAL,
        json!({ "format": 1, "home": home, "what": "5.1 Redis data volume", "files": files })
            .to_string(),
    );
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
        (&["verify"], 0),
        (&["explain", "5.1"], 0),
        (&["migrate"], 0),
    ] {
        let machine = half_done();
        let said = machine.xtask(args).with(code);
        let line = "Finished what an interrupted run had begun: 5.1 Redis data volume (2 of 3 files were still to be written).";
        assert_eq!(
            said.stderr.lines().filter(|told| *told == line).count(),
            1,
            "{args:?}: {said}"
        );
        assert!(machine.read(RECORD).contains("5.1"));
        let names: Vec<_> = machine
            .contents()
            .into_keys()
            .map(|path| path.display().to_string())
            .collect();
        assert!(
            !names
                .iter()
                .any(|name| name.contains("journal") || name.contains("xtask-new")),
            "{names:?}"
        );
        machine
            .xtask(&["status"])
            .says(&["5.1  Redis data volume", "local applied"]);
    }
}

#[test]
fn it_can_be_asked_for() {
    let machine = half_done();
    machine
        .xtask(&["recover"])
        .with(0)
        .says(&["Finished what an interrupted run had begun"]);
    machine
        .xtask(&["recover"])
        .with(0)
        .says(&["Nothing to recover."]);
    assert_eq!(
        machine
            .xtask(&["recover", "--format", "json"])
            .with(0)
            .json()["recovered"],
        false
    );
}

#[test]
fn an_edit_since_is_never_overwritten_and_is_settled_by_a_command() {
    let machine = half_done();
    machine.replace("docker-compose.prod.yml", "services:", "# mine\nservices:");
    let edited = machine.read("docker-compose.prod.yml");
    let commands = [
        "cargo xtask recover --keep docker-compose.prod.yml",
        "cargo xtask recover --take docker-compose.prod.yml",
    ];
    for args in [
        &["status"][..],
        &["verify"],
        &["migrate"],
        &["explain", "5.1"],
        &["recover"],
    ] {
        let said = machine.xtask(args).with(2).says(&[
            "docker-compose.prod.yml changed since",
            "nothing was overwritten",
        ]);
        said.says(&commands);
        assert_eq!(machine.read("docker-compose.prod.yml"), edited, "{args:?}");
    }
    machine
        .xtask(&["recover", "--keep", "docker-compose.prod.yml"])
        .with(0);
    assert_eq!(machine.read("docker-compose.prod.yml"), edited);
    machine.xtask(&["status"]).with(1).says(&["prod drifted"]);
}

#[test]
fn who_may_not_write_is_told_what_is_left() {
    let machine = half_done();
    let program = machine.folder().join("xtask");
    program::copy(&program);
    fs::set_permissions(machine.folder(), Permissions::from_mode(0o755)).unwrap();
    let private = Permissions::from_mode(0o600);
    let what = [
        (None, "had begun 5.1 Redis data volume"),
        (Some(private), "had begun what only its owner may read"),
    ];
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

#[test]
fn each_clash_is_settled_by_itself_and_the_rest_is_told() {
    let machine = edited_twice();
    let both = "recover --keep docker-compose.yml --keep docker-compose.prod.yml";
    machine.xtask(&["recover"]).with(2).says(&[both]);
    let rest = [
        "recover --keep docker-compose.yml --keep docker-compose.prod.yml",
        "recover --keep docker-compose.yml --take docker-compose.prod.yml",
    ];
    let said = machine
        .xtask(&["recover", "--keep", "./docker-compose.yml"])
        .with(2)
        .says(&rest);
    assert!(
        !said.stderr.contains("docker-compose.yml: before"),
        "{said}"
    );
    machine.write("docker-compose.prod.yml.yours", "from before\n");
    let told = ["What you had written is in docker-compose.prod.yml.yours.2."];
    machine
        .xtask(&[
            "recover",
            "--keep",
            "docker-compose.yml",
            "--take",
            "docker-compose.prod.yml",
        ])
        .with(0)
        .says(&told);
    assert!(
        machine.read("docker-compose.yml").starts_with("# The shop")
            && machine.read("docker-compose.yml").contains("# mine")
    );
    assert!(!machine.read("docker-compose.prod.yml").contains("# mine"));
    assert!(
        machine
            .read("docker-compose.prod.yml.yours.2")
            .contains("# mine")
    );
    assert_eq!(
        machine.read("docker-compose.prod.yml.yours"),
        "from before\n"
    );
}

#[test]
fn only_files_of_what_was_begun_can_be_named() {
    let machine = edited_twice();
    let journal = machine.read(JOURNAL);
    let known = "docker-compose.yml, docker-compose.prod.yml";
    machine
        .xtask(&["recover", "--keep", "docker-compose.yaml"])
        .with(2)
        .says(&["docker-compose.yaml is no file of", known]);
    machine
        .xtask(&["recover", "--take", "nothing"])
        .with(2)
        .says(&["nothing is no file of", known]);
    let both = [
        "recover",
        "--keep",
        "docker-compose.yml",
        "--take",
        "docker-compose.yml",
    ];
    machine
        .xtask(&both)
        .with(2)
        .says(&["opposites; choose one"]);
    assert_eq!(machine.read(JOURNAL), journal);
}

#[test]
fn it_can_be_given_up() {
    let (machine, fresh) = (half_done(), Machine::with_shop());
    let words = [
        "Gave up what an interrupted run had begun: 5.1 Redis data volume (1 of 3 files\nwere taken back to before it).",
    ];
    machine
        .xtask(&["recover", "--abandon"])
        .with(0)
        .says(&words);
    for file in ["docker-compose.yml", "docker-compose.prod.yml"] {
        assert_eq!(machine.read(file), fresh.read(file));
    }
    assert!(!machine.root().join(RECORD).exists() && !machine.root().join(JOURNAL).exists());
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["4 stories to apply"]);
    let machine = edited_twice();
    let edited = machine.read("docker-compose.yml");
    machine
        .xtask(&["recover", "--abandon"])
        .with(2)
        .says(&["recover --abandon --keep docker-compose.prod.yml"]);
    assert_eq!(machine.read("docker-compose.yml"), edited);
}

#[test]
fn a_copy_and_a_clone_are_told_and_not_written() {
    let machine = half_done();
    let journal = machine
        .read(JOURNAL)
        .replace(machine.root().to_str().unwrap(), "/elsewhere/shop");
    machine.write(JOURNAL, &journal);
    let words = [
        "belongs to another checkout",
        "/elsewhere/shop",
        "rm compose/ledger/.journal",
        "recover --here",
    ];
    for args in [&["status"][..], &["migrate"], &["recover"]] {
        let before = machine.tree();
        machine.xtask(args).with(2).says(&words);
        assert!(machine.tree() == before, "{args:?}");
    }
    machine
        .xtask(&["status", "--last"])
        .says(&["No run is remembered"]);
    assert_eq!(machine.read(JOURNAL), journal);
    machine
        .xtask(&["recover", "--here"])
        .with(0)
        .says(&["Finished what an interrupted run had begun"]);

    let machine = crate::repository::committed(half_done());
    machine
        .xtask(&["status"])
        .with(2)
        .says(&["git tracks compose/ledger/.journal", "git rm --cached"]);
    crate::repository::git(&machine, &["rm", "--quiet", "--cached", JOURNAL]);
    machine
        .xtask(&["status"])
        .with(1)
        .says(&["Finished what an interrupted run had begun"]);
}

#[test]
fn the_log_tells_of_it() {
    let machine = half_done();
    machine.xtask(&["status"]).with(1);
    let words = [
        "last run  recover",
        "written   5.1 Redis data volume",
        "outcome   done",
    ];
    machine.xtask(&["status", "--last"]).with(0).says(&words);
}
