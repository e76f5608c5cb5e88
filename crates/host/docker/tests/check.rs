//! Checks against stand-ins of Compose: what is asked, and what is made of any answer.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "support/checkout.rs"]
mod checkout;
#[path = "support/stand_in.rs"]
mod stand_in;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use docker::compose_config::{CheckError, Subject, Verdict};
use docker::{Compose, NoCompose};

use checkout::{Checkout, environment};
use stand_in::{StandIn, script};

const PLAIN: (&str, &str) = ("docker-compose.yml", "services: {a: {image: x}}\n");

fn compose(stand_in: &StandIn) -> Compose {
    Compose::at(stand_in.program()).unwrap()
}

fn check_plain(stand_in: &StandIn) -> Result<Verdict, CheckError> {
    check_plain_within(stand_in, Duration::from_secs(30))
}

fn check_plain_within(stand_in: &StandIn, limit: Duration) -> Result<Verdict, CheckError> {
    let checkout = Checkout::of(&[PLAIN]);
    compose(stand_in).check_within(&checkout.subject(&checkout.root()), limit)
}

#[test]
fn one_call_without_profiles_and_two_with() {
    let stand_in = StandIn::compose();
    let checkout = Checkout::of(&[PLAIN]);
    let verdict = compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap();
    assert_eq!(verdict.model["name"], "stand-in");
    assert_eq!(verdict.shape_only, None);
    assert_eq!(stand_in.calls().len(), 1);
    compose(&stand_in)
        .check(&Subject {
            profiles: true,
            ..checkout.subject(&checkout.root())
        })
        .unwrap();
    let calls = stand_in.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.contains("--profile * config --format json"))
            .count(),
        2
    );
    assert_eq!(
        calls
            .iter()
            .filter(|call| call.ends_with("config --quiet"))
            .count(),
        1
    );
}

#[test]
fn the_environment_is_clean_and_the_folder_the_projects() {
    let stand_in = StandIn::compose().answers("env >$here/env; pwd >$here/pwd; echo '{}'");
    let checkout = Checkout::of(&[PLAIN]);
    compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap();
    let environment = fs::read_to_string(stand_in.file("env")).unwrap();
    let names: Vec<_> = environment
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    let known = [
        "HOME",
        "PATH",
        "DOCKER_CONFIG",
        "GOGC",
        "GOMEMLIMIT",
        "PWD",
        "OLDPWD",
        "_",
        "SHLVL",
    ];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    let folder = fs::read_to_string(stand_in.file("pwd")).unwrap();
    assert_eq!(
        Path::new(folder.trim()),
        checkout.root().canonicalize().unwrap()
    );
}

#[test]
fn drafts_are_seen_in_a_shadow_that_goes_away() {
    let stand_in = StandIn::compose().answers(
        r#"cat docker-compose.yml >$here/seen; pwd >$here/pwd; ls -ld "${PWD%%/seen/*}" >$here/mode; echo '{}'"#,
    );
    let checkout = Checkout::of(&[PLAIN, ("sub/x.yml", "x: 1\n")])
        .draft("docker-compose.yml", "services: {}\n");
    compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap();
    assert_eq!(
        fs::read_to_string(stand_in.file("seen")).unwrap(),
        "services: {}\n"
    );
    assert_eq!(
        fs::read_to_string(checkout.root().join("docker-compose.yml")).unwrap(),
        PLAIN.1
    );
    assert!(
        fs::read_to_string(stand_in.file("mode"))
            .unwrap()
            .starts_with("drwx------")
    );
    let shadow = fs::read_to_string(stand_in.file("pwd")).unwrap();
    assert!(
        Path::new(shadow.trim()).ends_with(checkout.root().strip_prefix("/").unwrap()),
        "{shadow}"
    );
    assert!(!Path::new(shadow.trim()).exists());
}

#[test]
fn paths_are_told_as_the_checkouts() {
    let stand_in = StandIn::compose().answers(r#"echo "{\"a\": \"$PWD/b\", \"c\": [\"x:$PWD\"]}""#);
    let checkout = Checkout::of(&[PLAIN]).draft("docker-compose.yml", "services: {}\n");
    let model = compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap()
        .model;
    let root = checkout.root().display().to_string();
    assert_eq!(
        model,
        serde_json::json!({"a": format!("{root}/b"), "c": [format!("x:{root}")]})
    );
}

#[test]
fn a_rejection_quotes_compose_without_shadow_time_and_secrets() {
    let stand_in = StandIn::compose().answers(
        r#"echo 'time="2026-01-01T00:00:00Z" level=warning msg="The \"B\" variable is not set."' >&2
           echo "validating $PWD/docker-compose.yml: services.a.ports: invalid s3cret-value" >&2; exit 15"#,
    );
    let checkout = Checkout::of(&[PLAIN, (".env", "API_TOKEN=s3cret-value\n")])
        .draft("docker-compose.yml", "services: {}\n");
    let error = compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap_err();
    let CheckError::Rejected { environment, words } = error else {
        panic!("{error}")
    };
    assert_eq!(environment, "local");
    assert_eq!(
        words,
        "validating docker-compose.yml: services.a.ports: invalid ***"
    );
}

#[test]
fn warnings_are_told_once() {
    let warn = r#"echo 'time="2026-01-01T00:00:00Z" level=warning msg="The \"B\" variable is not set."' >&2"#;
    let stand_in = StandIn::compose().answers(&format!("{warn}; echo '{{}}'"));
    let checkout = Checkout::of(&[PLAIN]);
    let verdict = compose(&stand_in)
        .check(&Subject {
            profiles: true,
            ..checkout.subject(&checkout.root())
        })
        .unwrap();
    assert_eq!(verdict.warnings, ["The \"B\" variable is not set."]);
}

#[test]
fn garbage_is_an_error_with_its_first_line() {
    for (answer, told) in [
        ("echo; echo '<html>no</html>'; echo more", "<html>no</html>"),
        ("true", ""),
    ] {
        let stand_in = StandIn::compose().answers(answer);
        let error = check_plain(&stand_in).unwrap_err();
        let CheckError::Garbage { first_line, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(first_line, told);
    }
}

#[test]
fn an_endless_answer_is_cut() {
    let stand_in = StandIn::compose().answers("exec yes");
    let error = check_plain(&stand_in).unwrap_err();
    assert!(
        matches!(&error, CheckError::Garbage { first_line, .. } if first_line == "y"),
        "{error}"
    );
}

#[test]
fn a_hanging_compose_is_ended_with_its_children() {
    let stand_in = StandIn::compose().answers("sleep 300 & echo $! >$here/child; wait");
    // Time enough on a busy machine for the stand-in to start its child.
    let limit = Duration::from_secs(2);
    let start = Instant::now();
    let error = check_plain_within(&stand_in, limit).unwrap_err();
    assert!(
        matches!(error, CheckError::TimedOut { after, .. } if after == limit),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(20));
    let child = fs::read_to_string(stand_in.file("child")).unwrap();
    assert!(has_ended(child.trim()), "the child {child} still runs");
}

#[test]
fn one_that_closes_its_outputs_and_stays_is_ended_too() {
    let stand_in = StandIn::compose().answers("exec >&- 2>&-; sleep 300");
    let error = check_plain_within(&stand_in, Duration::from_millis(300));
    assert!(matches!(error, Err(CheckError::TimedOut { .. })));
}

/// Gone, or dead and not yet buried by the init process.
fn has_ended(pid: &str) -> bool {
    let stat = || fs::read_to_string(format!("/proc/{pid}/stat"));
    (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        stat().map_or(true, |stat| {
            stat.rsplit(')')
                .next()
                .is_some_and(|rest| rest.starts_with(" Z"))
        })
    })
}

#[test]
fn a_missing_env_file_is_stood_in_for_and_told() {
    let stand_in = StandIn::compose()
        .answers(r#"while [ $# -gt 0 ]; do [ "$1" = --env-file ] && cat "$2"; shift; done >$here/env; echo '{}'"#);
    let text = "services: {a: {image: 'x:${TAG}', command: '${MODE:-y} ${WORD:?}', env_file: [.env.prod, other.env]}}\n";
    let checkout = Checkout::of(&[
        ("docker-compose.yml", text),
        (".env.prod.example", "WORD=example\n"),
    ]);
    let checkout = checkout.env_file(".env.prod");
    let verdict = compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap();
    assert_eq!(
        verdict.shape_only.unwrap(),
        ".env.prod is missing here, other.env is missing here"
    );
    assert_eq!(
        fs::read_to_string(stand_in.file("env")).unwrap(),
        "TAG=1\nWORD=example\n"
    );
    assert!(!checkout.root().join(".env.prod").exists());
}

#[test]
fn a_required_variable_that_nothing_sets_is_stood_in_for() {
    let stand_in = StandIn::compose();
    let checkout = Checkout::of(&[(
        "docker-compose.yml",
        "services: {a: {image: 'x:${TAG:?tell}'}}\n",
    )]);
    let verdict = compose(&stand_in)
        .check(&checkout.subject(&checkout.root()))
        .unwrap();
    assert_eq!(verdict.shape_only.unwrap(), "TAG has no value here");
    let rejecting = StandIn::compose().answers("echo stand-in: no >&2; exit 1");
    let error = compose(&rejecting)
        .check(&checkout.subject(&checkout.root()))
        .unwrap_err();
    let CheckError::Rejected { words, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(
        words,
        "stand-in: no\n(checked with stand-ins: TAG has no value here)"
    );
}

#[test]
fn several_are_checked_side_by_side_in_order() {
    // Each call waits until another one is there too, whatever the machine has to do beside.
    let stand_in = StandIn::compose().answers(
        r#"touch "$here/call.$$"; tries=0
           while [ "$(ls "$here" | grep -c '^call\.')" -lt 2 ] && [ $tries -lt 200 ]; do
             tries=$((tries + 1)); sleep 0.05
           done
           [ $tries -lt 200 ] || touch "$here/alone"
           case "$*" in *bad.yml*) exit 1;; esac; echo "{\"call\": \"$*\"}""#,
    );
    let checkout = Checkout::of(&[PLAIN, ("b.yml", PLAIN.1), ("bad.yml", PLAIN.1)]);
    let environments =
        ["docker-compose.yml", "bad.yml", "b.yml"].map(|file| environment("local", &[file]));
    let root = checkout.root();
    let subjects: Vec<_> = environments
        .iter()
        .map(|environment| Subject {
            environment,
            ..checkout.subject(&root)
        })
        .collect();
    let verdicts = compose(&stand_in).check_all(&subjects);
    assert!(
        !stand_in.file("alone").exists(),
        "a call had ended before the next one began"
    );
    assert_eq!(stand_in.calls().len(), 3);
    assert!(
        verdicts[0].as_ref().unwrap().model["call"]
            .as_str()
            .unwrap()
            .contains("docker-compose.yml")
    );
    assert!(matches!(verdicts[1], Err(CheckError::Rejected { .. })));
    assert!(
        verdicts[2].as_ref().unwrap().model["call"]
            .as_str()
            .unwrap()
            .contains("b.yml")
    );
}

#[test]
fn what_is_no_compose_is_told() {
    let old = StandIn::compose();
    let missing = Compose::at(old.file("nothing")).unwrap_err();
    assert!(matches!(missing, NoCompose::Unusable { .. }), "{missing}");
    let hello = Compose::at("/bin/echo").unwrap_err();
    assert!(
        hello.to_string().contains(r#"it says "version --short""#),
        "{hello}"
    );
}

/// Run by the test below, in a process with an environment of its own.
#[test]
#[ignore = "another test runs it with the environment that it needs"]
fn find_the_plugin() {
    assert!(Compose::find().is_ok());
}

#[test]
fn the_version_is_asked_once() {
    let stand_in = StandIn::compose();
    let state = tempfile::tempdir().unwrap();
    let find = || {
        let mut found = std::process::Command::new(std::env::current_exe().unwrap());
        found.args(["--ignored", "--exact", "find_the_plugin"]);
        found
            .env("COMPOSE_STORIES_PLUGIN", stand_in.program())
            .env("XDG_STATE_HOME", state.path());
        assert!(found.output().unwrap().status.success());
    };
    let asked = || {
        fs::read_to_string(stand_in.file("calls"))
            .unwrap()
            .lines()
            .count()
    };
    find();
    assert_eq!(asked(), 1);
    find();
    assert_eq!(asked(), 1, "the second run knows it");
    script(
        &stand_in.program(),
        "#!/bin/sh\necho \"$*\" >>\"${0%/*}/calls\"; echo 2.26.1\n",
    );
    find();
    assert_eq!(asked(), 2, "a plugin that was replaced is asked again");
}
