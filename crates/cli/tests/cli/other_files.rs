//! Files that a record names and that are no Compose files: made, removed and edited by the line,
//! and looked at as the others are.

use crate::bad_input::refuses;
use crate::machine::Machine;

const RECORD: &str = "compose/ledger/5.1-redis-data-volume.yaml";

const SCRIPT: &str = "echo up\n";

/// A checkout with a story that has made a script, removed a file and added a line to another one.
fn recorded() -> Machine {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--only", "5.1"]).with(0);
    machine.write(".tools", "/target\n.env.prod\n");
    machine.write("up.sh", SCRIPT);
    let own = format!(
        "undo:\n- op: remove-line\n  file: .tools\n  line: .env.prod\n- op: write-file\n  file: old.txt\n  content: |\n    \
         gone\n- op: remove-file\n  file: up.sh\n  digest: {digest}\n",
        digest = transaction::Digest::of(SCRIPT)
    );
    machine.replace(RECORD, "undo:\n", &own);
    machine
}

#[test]
fn they_come_back_with_the_compose_files() {
    let machine = recorded();
    let before = machine.tree();
    machine
        .xtask(&["revert", "5.1", "--dry-run"])
        .with(0)
        .says(&["Would revert 1 story", "up.sh", "old.txt"]);
    assert!(machine.tree() == before, "a dry run writes nothing");
    machine.xtask(&["revert", "5.1"]).with(0).says(&[
        "Reverted 1 story",
        ".tools",
        "old.txt",
        "up.sh",
    ]);
    assert_eq!(machine.read(".tools"), "/target\n");
    assert_eq!(machine.read("old.txt"), "gone\n");
    assert!(!machine.root().join("up.sh").exists() && !machine.root().join(RECORD).exists());
}

#[test]
fn what_a_person_made_of_them_is_named() {
    let machine = recorded();
    machine.write("up.sh", "echo up and away\n");
    let before = machine.tree();
    refuses(&machine, &["revert", "5.1"], 1, &["up.sh was changed"]);
    assert!(machine.tree() == before);
    machine.write("old.txt", "somebody's\n");
    refuses(
        &machine,
        &["revert", "5.1", "--discard-edits"],
        1,
        &["old.txt is there already"],
    );
    machine.remove("old.txt");
    machine.xtask(&["revert", "5.1", "--discard-edits"]).with(0);
    assert!(!machine.root().join("up.sh").exists());
}

#[test]
fn a_plan_is_decided_from_them_too() {
    let machine = recorded();
    let file = machine.folder().join("plan.json").display().to_string();
    for (path, text) in [(".tools", "/target\n"), ("old.txt", "somebody's\n")] {
        machine.xtask(&["migrate", "--plan", &file]).with(0);
        machine.write(path, text);
        refuses(&machine, &["migrate", "--apply", &file], 1, &[path]);
    }
}

/// A file that leads out of the checkout is not read, and not written.
#[test]
fn none_leads_out() {
    let machine = recorded();
    machine.replace(RECORD, "file: up.sh", "file: ../up.sh");
    refuses(
        &machine,
        &["revert", "5.1"],
        1,
        &["../up.sh cannot be edited"],
    );
}
