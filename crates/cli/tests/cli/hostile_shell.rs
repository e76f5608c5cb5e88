//! A shell that means something else: variables of other programs, a terminal that is none, streams
//! that are closed. What a command finds in a checkout is the same in all of them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::machine::{Machine, Said};
use crate::repository::{committed, git};

/// A checkout in git with a private override that holds the only Redis: nothing of the team's is to
/// be done about it.
fn with_private_override() -> Machine {
    let machine = Machine::bare();
    machine.write(
        "docker-compose.yml",
        "services: { web: { image: nginx:1.27.0 } }\n",
    );
    let machine = committed(machine);
    machine.write(".git/info/exclude", "docker-compose.override.yml\n");
    machine.write(
        "docker-compose.override.yml",
        "services: { redis: { image: redis:6.2.13 } }\n",
    );
    machine
}

/// Another repository, which ignores nothing and tracks nothing.
fn other_repository() -> Machine {
    let machine = Machine::bare();
    git(&machine, &["init", "--quiet"]);
    machine
}

fn states(machine: &Machine, variables: &[(&str, &str)]) -> String {
    let mut command = machine.command(&["status", "--format", "json"]);
    command.envs(variables.iter().copied());
    let said = Said::of(command.output().unwrap());
    assert!(said.code == 0 || said.code == 1, "{variables:?}: {said}");
    let document = said.json();
    assert!(
        document["stories"]
            .as_array()
            .is_some_and(|stories| stories.len() == 4),
        "{said}"
    );
    document["stories"].to_string()
}

#[test]
fn another_repository_in_the_shell_is_not_this_checkouts() {
    let (machine, other) = (with_private_override(), other_repository());
    let folder = other.root().join(".git").display().to_string();
    let index = other.root().join("index").display().to_string();
    let tree = other.root().display().to_string();
    let expected = states(&machine, &[]);
    assert!(
        !expected.contains("pending"),
        "what git ignores is nobody's business: {expected}"
    );
    for variables in [
        &[("GIT_DIR", &*folder)][..],
        &[("GIT_DIR", &folder), ("GIT_WORK_TREE", &tree)],
        &[("GIT_WORK_TREE", &tree)],
        &[("GIT_INDEX_FILE", &index)],
        &[("GIT_COMMON_DIR", &folder)],
        &[(
            "GIT_CEILING_DIRECTORIES",
            &machine.root().parent().unwrap().display().to_string(),
        )],
        &[("GIT_CONFIG_PARAMETERS", "'core.excludesfile=/dev/null'")],
        &[
            ("GIT_LITERAL_PATHSPECS", "1"),
            ("GIT_ICASE_PATHSPECS", "0"),
            ("GIT_TRACE", "1"),
        ],
        &[
            ("GIT_OBJECT_DIRECTORY", "/nowhere"),
            ("GIT_NAMESPACE", "other"),
        ],
    ] {
        assert_eq!(states(&machine, variables), expected, "{variables:?}");
    }
    let before = machine.read("docker-compose.override.yml");
    let mut command = machine.command(&["migrate", "--allow-dirty"]);
    Said::of(command.env("GIT_DIR", &folder).output().unwrap());
    assert_eq!(machine.read("docker-compose.override.yml"), before);
}

#[test]
fn git_that_does_not_answer_ignores_perhaps_everything() {
    let machine = with_private_override();
    let before = machine.read("docker-compose.override.yml");
    machine.write(".git/HEAD", "garbage");
    let words = [
        "git does not say whether it ignores docker-compose.override.yml",
        "not a git repository",
    ];
    machine.xtask(&["status"]).says(&words);
    machine.xtask(&["migrate", "--allow-dirty"]).with(2).says(&[
        "what it ignores is never written",
        "Settle what git says there",
        "Nothing was written",
    ]);
    // Nor does one that is not installed.
    let machine = with_private_override();
    let mut command = machine.command(&["migrate"]);
    let said = Said::of(command.env("PATH", "/nowhere").output().unwrap()).with(2);
    said.says(&["git is not installed here", "Nothing was written"]);
    assert_eq!(machine.read("docker-compose.override.yml"), before);
}

/// Every way in which the configuration of a checkout may name a program, each leaving a file of
/// its own.
#[test]
fn a_checkouts_own_configuration_of_git_runs_nothing() {
    let machine = committed(Machine::with_shop());
    let ran = machine.folder().join("ran");
    fs::create_dir(&ran).unwrap();
    let program = |name: &str| {
        let file = machine.folder().join(name);
        fs::write(
            &file,
            format!("#!/bin/sh\ntouch {}/{name}\ncat\n", ran.display()),
        )
        .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file.display().to_string()
    };
    for (key, name) in [
        ("core.fsmonitor", "fsmonitor"),
        ("core.pager", "pager"),
        ("core.sshCommand", "ssh"),
        ("core.editor", "editor"),
        ("diff.external", "external"),
        ("diff.d.textconv", "textconv"),
        ("filter.f=g.clean", "clean"),
        ("filter.f=g.smudge", "smudge"),
        ("filter.p.process", "process"),
        ("alias.status", "alias"),
        ("gpg.program", "gpg"),
        ("credential.helper", "credential"),
    ] {
        git(&machine, &["config", key, &program(name)]);
    }
    git(&machine, &["config", "filter.p.required", "true"]);
    let hooks = machine.root().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    for name in [
        "post-index-change",
        "pre-commit",
        "post-checkout",
        "reference-transaction",
        "fsmonitor-watchman",
    ] {
        fs::copy(program(name), hooks.join(name)).unwrap();
    }
    machine.write(
        ".gitattributes",
        "*.yml filter=f=g diff=d\n*.yaml filter=p\n",
    );
    let files = || {
        fs::read_dir(&ran)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect::<BTreeSet<_>>()
    };
    // Of the same size: git has to look into it.
    machine.replace("docker-compose.yml", "# The shop", "# The shoe");
    for args in [
        &["status"][..],
        &["migrate"],
        &["migrate", "--dry-run", "--commit"],
        &["verify"],
        &["doctor"],
        &["init"],
        &["migrate", "--allow-dirty"],
    ] {
        machine.xtask(args);
        assert!(files().is_empty(), "{args:?} runs {:?}", files());
    }
    // The control: git by itself runs some.
    git(&machine, &["status"]);
    git(&machine, &["add", "docker-compose.yml"]);
    assert!(
        files().iter().any(|name| name == "fsmonitor")
            && files().iter().any(|name| name == "clean"),
        "{:?}",
        files()
    );
}

#[test]
fn an_edit_that_git_was_told_not_to_see_is_seen() {
    for flag in ["--skip-worktree", "--assume-unchanged"] {
        let machine = committed(Machine::with_shop());
        git(&machine, &["update-index", flag, "docker-compose.yml"]);
        machine.xtask(&["migrate", "--dry-run"]).with(0);
        machine.replace("docker-compose.yml", "# The shop", "# My shop");
        let words = [
            "modified and not committed",
            "docker-compose.yml",
            "Git was told not to look at them",
        ];
        let said = crate::bad_input::refuses(&machine, &["migrate"], 1, &words);
        for command in said
            .stderr
            .lines()
            .filter(|line| line.contains("update-index"))
        {
            let pasted = machine
                .spell(Command::new("sh"), &["-c", command.trim()])
                .output()
                .unwrap();
            assert!(pasted.status.success(), "{command}: {pasted:?}");
        }
        assert!(git(&machine, &["status", "--porcelain"]).contains("docker-compose.yml"));
        // One that is only marked is no edit.
        let machine = committed(Machine::with_shop());
        git(&machine, &["update-index", flag, "docker-compose.yml"]);
        machine
            .xtask(&["migrate"])
            .with(0)
            .says(&["Applied 4 stories"]);
    }
}

#[test]
fn a_shell_without_what_shells_have() {
    let machine = Machine::with_shop();
    let expected = states(&machine, &[]);
    for variables in [
        &[("LC_ALL", "tr_TR.UTF-8")][..],
        &[("LC_ALL", "\u{1b}[31m"), ("LANG", "xx")],
        &[("TERM", "")],
        &[("TERM", "../../../etc/passwd")],
        &[("HOME", "/nowhere"), ("XDG_STATE_HOME", "/nowhere/state")],
        &[("HOME", "relative"), ("XDG_STATE_HOME", "relative")],
        &[("TMPDIR", "/nowhere")],
        &[("PATH", "")],
        &[
            ("COLUMNS", "-1"),
            ("LINES", "x"),
            ("NO_COLOR", "1"),
            ("CLICOLOR_FORCE", "1"),
        ],
    ] {
        assert_eq!(states(&machine, variables), expected, "{variables:?}");
    }
    let mut command = machine.command(&["status", "--format", "json"]);
    let said = Said::of(
        command
            .env_remove("HOME")
            .env_remove("XDG_STATE_HOME")
            .output()
            .unwrap(),
    );
    assert_eq!(
        format!("{}", said.json()["stories"]),
        expected,
        "without a home"
    );
}

#[test]
fn a_home_that_cannot_be_written_costs_the_memory_alone() {
    let machine = Machine::with_shop();
    let mut command = machine.command(&["migrate"]);
    let said = Said::of(
        command
            .env("HOME", "/proc")
            .env("XDG_STATE_HOME", "/proc/state")
            .output()
            .unwrap(),
    );
    said.with(0)
        .says(&["Applied 4 stories", "this run will not be logged"]);
}

#[test]
fn streams_that_are_closed() {
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let machine = Machine::with_shop();
        for (args, is_told) in [
            ("status", true),
            ("migrate", true),
            ("status --format json", true),
            ("bad-verb", false),
        ] {
            let mut shell = Command::new("sh");
            shell.args([
                "-c",
                &format!("exec \"$0\" {args} {closed}"),
                env!("CARGO_BIN_EXE_compose-stories"),
            ]);
            let said = Said::of(machine.spell(shell, &[] as &[&str]).output().unwrap());
            assert!((0..=2).contains(&said.code), "{args} {closed}: {said}");
            assert!(
                !is_told || closed.contains('>') || !said.stdout.is_empty(),
                "{args} {closed}: {said}"
            );
        }
    }
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let machine = Machine::with_shop();
    for args in [
        &["status"][..],
        &["explain", "5.1"],
        &["migrate", "--dry-run"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = machine
            .command(args)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let said = Said::of(output);
        assert!((0..=1).contains(&said.code), "{args:?}: {said}");
    }
}
