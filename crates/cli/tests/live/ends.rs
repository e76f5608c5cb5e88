//! How a run ends: a stack that does not start, Ctrl-C, a crash, and a person who wants to look
//! around.

use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use crate::stack::{Said, Stack, docker, of_run};

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args([name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// The small stack without what takes long; it is up when there are containers.
fn running() -> Option<(Stack, Child)> {
    let stack = Stack::sound()?.without(&["postgres", "backend", "frontend"]);
    let child = stack
        .command(&[])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while stack.left().len() < 3 {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "nothing is started"
        );
        thread::sleep(Duration::from_millis(100));
    }
    Some((stack, child))
}

#[test]
fn a_stack_that_never_becomes_healthy_is_told_in_time() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["postgres", "backend", "frontend"]).with(
        "redis-cli ping | grep -q PONG",
        "echo fixture says no; exit 1",
    );
    let start = Instant::now();
    let said = stack.verify(&["--wait-timeout", "20"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(start.elapsed() < Duration::from_secs(60), "{said:?}");
    let words = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "redis is unhealthy",
        "fixture says no",
        "last log lines",
        "not looked at",
        "[not-started]",
    ] {
        assert!(words.contains(word), "{word}: {}", said.stdout);
    }
    assert!(stack.left().is_empty());
    let report = stack.verify(&["--wait-timeout", "20", "--format", "markdown"]);
    assert_eq!(report.code, 1, "{report:?}");
    for words in [
        "# Verification report\n",
        "**Status:** ❌ ",
        "| Requirement | Status | Evidence |",
        "❌ failed | **redis is unhealthy",
        "(`not-started`)",
        "| 7. A stack that never becomes healthy",
        "✅ proved | *made to fail:* redis",
    ] {
        assert!(report.stdout.contains(words), "{words}: {}", report.stdout);
    }
}

#[test]
fn ctrl_c_cleans_up() {
    let Some((stack, child)) = running() else {
        return;
    };
    let run = stack.runs().remove(0);
    signal(&child, "-INT");
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 130, "{said:?}");
    assert!(
        of_run(&run).is_empty() && stack.runs().is_empty(),
        "{:?}",
        of_run(&run)
    );
}

/// The next run is one of another checkout: the one that was killed need not be there any more.
#[test]
fn what_a_crash_leaves_is_removed_by_the_next_run() {
    let Some((stack, mut child)) = running() else {
        return;
    };
    signal(&child, "-KILL");
    child.wait().unwrap();
    let run = stack.runs().remove(0);
    assert!(!of_run(&run).is_empty());
    let elsewhere = stack.root().with_file_name("elsewhere");
    std::fs::rename(stack.root(), &elsewhere).unwrap();
    let said = Said::of(stack.command(&[]).current_dir(&elsewhere).output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    let removed = "removed what an ended run had left: compose-stories-live-";
    let words: Vec<_> = said.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains(removed), "{}", said.stdout);
    assert!(
        of_run(&run).is_empty() && stack.runs().is_empty(),
        "{:?}",
        of_run(&run)
    );
}

/// One suite for the files and one for the environment, whose proofs tell what was seen, and at
/// which pace.
fn is_junit(said: &Said) {
    assert!(
        said.code == 0 && said.stdout.starts_with("<?xml "),
        "{said:?}"
    );
    for words in [
        "<testsuite name=\"live local\" tests=\"7\" failures=\"0\" errors=\"0\" skipped=\"3\">",
        "classname=\"verify.live.local\" time=\"",
        "down, up: wrote 7 keys",
        "health checks: as committed",
        "<skipped message=\"no service plays the backend\"/>",
        "</testsuites>",
    ] {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
}

#[test]
fn what_is_kept_stays_until_it_is_removed_as_told() {
    let Some(stack) = Stack::sound() else { return };
    let stack = stack.without(&["postgres", "backend", "frontend"]);
    let said = stack.verify(&["--keep"]);
    let line = said
        .stdout
        .lines()
        .find(|line| line.starts_with("kept  ") && line.ends_with("steady"))
        .unwrap();
    let project = line.trim_start_matches("kept  ").to_owned();
    let id = project.split('-').nth(3).unwrap().to_owned();
    assert!(
        said.stdout
            .contains("docker compose -p PROJECT down --volumes"),
        "{}",
        said.stdout
    );
    assert!(docker(&["ps", "--format", "{{.Names}}"]).contains(&project));
    is_junit(&stack.verify(&["--format", "junit"]));
    assert!(
        docker(&["ps", "--format", "{{.Names}}"]).contains(&project),
        "a kept one is nobody's leftover"
    );
    for project in said
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("kept  "))
    {
        docker(&["compose", "-p", project, "down", "--volumes"]);
    }
    assert!(of_run(&id).is_empty(), "{:?}", of_run(&id));
}

#[test]
fn without_an_engine_it_ends_with_12() {
    let Some(stack) = Stack::sound() else { return };
    let output = stack
        .command(&[])
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .output()
        .unwrap();
    let said = Said::of(output);
    assert_eq!(said.code, 12, "{said:?}");
    assert!(
        said.stderr.contains("no Docker engine answers here"),
        "{said:?}"
    );
}
