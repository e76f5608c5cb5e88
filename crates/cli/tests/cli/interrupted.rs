//! Ctrl-C: exit 130, nothing temporary stays, and no program runs on.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use transaction::{Lock, LockOptions};

use crate::machine::{Machine, Said};

/// Long enough for any machine.
const LONG: Duration = Duration::from_secs(20);

fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LONG, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// The stand-in answers about what is on the disk, and never about a draft; that is seen through a
/// shadow.
const NEVER_ABOUT_A_DRAFT: &str = r#"
case "$*" in
*/compose-stories-*) sleep 60 & echo $$ $! >"$here/running"; wait ;;
*) echo '{"name": "stand-in", "services": {}}' ;;
esac"#;

#[test]
fn while_docker_checks() {
    let machine = Machine::with_shop();
    machine.compose_answers(NEVER_ABOUT_A_DRAFT);
    let temporary = machine.folder().join("temporary");
    fs::create_dir(&temporary).unwrap();
    let before = machine.tree();
    for signal in [Signal::INT, Signal::TERM] {
        let mut command = machine.command(&["migrate", "--environment", "local"]);
        command
            .env("TMPDIR", &temporary)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let running = machine.compose.file("running");
        until("it asks about a draft", || {
            fs::read_to_string(&running).is_ok_and(|text| text.ends_with('\n'))
        });
        assert_eq!(
            fs::read_dir(&temporary).unwrap().count(),
            1,
            "the shadow is there"
        );
        send(&child, signal);
        let said = Said::of(child.wait_with_output().unwrap()).with(130);
        said.says(&["error: interrupted", "Nothing was written."]);
        assert_eq!(
            fs::read_dir(&temporary).unwrap().count(),
            0,
            "the shadow is gone"
        );
        let processes = fs::read_to_string(&running).unwrap();
        for process in processes.split_whitespace() {
            until("the stand-in and its child end", || !is_running(process));
        }
        assert!(machine.tree() == before);
        fs::remove_file(running).unwrap();
    }
}

/// One that ended and is not yet waited for does not run.
fn is_running(process: &str) -> bool {
    let state = fs::read_to_string(Path::new("/proc").join(process).join("stat"));
    state.is_ok_and(|state| !state.contains(") Z "))
}

/// A client with an engine behind it, whose Compose takes a while and then ends with a code of its
/// own.
const STACK_OF_COMPOSE: &str = r#"
case "$1" in
--version) echo "Docker version 28.2.2, build e6534b4" ;;
version) echo 28.2.2 ;;
context) echo unix:///var/run/docker.sock ;;
info) echo /nowhere ;;
compose) echo $$ >"$here/running"; sleep 1; exit 7 ;;
esac"#;

#[test]
fn docker_compose_ends_it_its_own_way() {
    let machine = Machine::with_shop();
    fs::write(machine.docker.file("answer"), STACK_OF_COMPOSE).unwrap();
    let mut command = machine.command(&["compose", "local", "--", "up"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("docker runs", || machine.docker.file("running").exists());
    send(&child, Signal::INT);
    Said::of(child.wait_with_output().unwrap()).with(7);
}

#[test]
fn while_another_run_has_the_lock() {
    let machine = Machine::with_shop();
    let nobody = LockOptions {
        limit: Duration::ZERO,
        tell: |_| {},
        is_tracked: |_, _| false,
    };
    let lock = Lock::take(&machine.root(), nobody).unwrap();
    let mut command = machine.command(&["migrate", "--allow-data-loss"]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = [0; 7];
    std::io::Read::read_exact(child.stderr.as_mut().unwrap(), &mut told).unwrap();
    assert_eq!(&told, b"Waiting");
    send(&child, Signal::INT);
    Said::of(child.wait_with_output().unwrap()).with(130);
    drop(lock);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories"]);
}
