//! One writer at a time: a second one waits, and says for whom.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use transaction::{Lock, LockOptions};

use crate::machine::{Machine, Said};

fn lock(machine: &Machine) -> Lock {
    let nobody = LockOptions {
        limit: Duration::ZERO,
        tell: |_| {},
        is_tracked: |_, _| false,
    };
    Lock::take(&machine.root(), nobody).unwrap()
}

#[test]
fn nobody_waits_who_does_not_want_to() {
    let machine = Machine::with_shop();
    let _lock = lock(&machine);
    let holder = format!("process {} (cargo xtask", std::process::id());
    for args in [
        &["migrate", "--no-wait"][..],
        &["skip", "5.1", "--reason", "no", "--no-wait"],
        &["init", "--no-wait"],
    ] {
        let before = machine.tree();
        machine
            .xtask(args)
            .with(11)
            .says(&["error: ", &holder, "compose/ledger/.lock"]);
        assert!(machine.tree() == before, "{args:?}");
    }
}

#[test]
fn who_waits_long_enough_gets_it() {
    let machine = Machine::with_shop();
    let lock = lock(&machine);
    let mut second = machine
        .command(&["migrate"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits when it says so, and not before.
    let mut lines = BufReader::new(second.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(lines.any(|line| line.contains("Waiting up to 10 s for process")));
    drop(lock);
    let rest: Vec<_> = lines.collect();
    let said = Said::of(second.wait_with_output().unwrap())
        .with(0)
        .says(&["Applied 4 stories"]);
    assert!(
        !rest.iter().any(|line| line.contains("Waiting")),
        "once: {rest:?}, {said}"
    );
}

#[test]
fn nobody_waits_for_ever() {
    let machine = Machine::with_shop();
    let _lock = lock(&machine);
    let start = Instant::now();
    machine
        .xtask(&["migrate"])
        .with(11)
        .says(&["kept it for 10 s"]);
    let waited = start.elapsed();
    assert!(
        waited > Duration::from_secs(9) && waited < Duration::from_secs(30),
        "{waited:?}"
    );
}

#[test]
fn who_reads_needs_no_lock_and_who_writes_nothing_takes_none() {
    let machine = Machine::with_shop();
    machine.xtask(&["status"]).with(1);
    machine.xtask(&["migrate", "--dry-run"]).with(0);
    assert!(!machine.root().join("compose/ledger").exists());
    machine.xtask(&["migrate"]).with(0);
    let _lock = lock(&machine);
    for (args, code) in [
        (&["status"][..], 0),
        (&["verify"], 0),
        (&["explain", "5.1"], 0),
        (&["migrate"], 0),
    ] {
        let said = machine.xtask(&[args, &["--no-wait"]].concat()).with(code);
        assert!(!said.all().contains("lock"), "{said}");
    }
}
