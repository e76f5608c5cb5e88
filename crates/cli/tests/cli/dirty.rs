//! Edits that are not committed, and one git commit a story.

use std::process::Command;

use crate::bad_input::refuses;
use crate::machine::Machine;
use crate::repository::{committed, git};

/// A committed checkout with an edit of somebody's in a file that stories write.
fn edited() -> Machine {
    let machine = committed(Machine::with_shop());
    machine.replace("docker-compose.yml", "# The shop", "# My shop");
    machine
}

#[test]
fn a_modified_file_stops_a_script() {
    let machine = edited();
    let words = [
        "modified and not committed",
        "docker-compose.yml",
        "--allow-dirty",
        "Nothing was written",
    ];
    let said = refuses(&machine, &["migrate"], 1, &words);
    assert!(!said.stderr.contains("docker-compose.prod.yml"), "{said}");
    let document = machine
        .xtask(&["migrate", "--format", "json"])
        .with(1)
        .json();
    assert_eq!(document["ended"], true);
    assert_eq!(document["failures"][0]["rule"], "run-dirty");
    assert_eq!(
        document["failures"][0]["modified"],
        serde_json::json!(["docker-compose.yml"])
    );
    machine.xtask(&["migrate", "--dry-run"]).with(0);
    machine
        .xtask(&["migrate", "--allow-dirty"])
        .with(0)
        .says(&["Applied 4 stories"]);
    assert!(machine.read("docker-compose.yml").starts_with("# My shop"));
}

#[test]
fn on_a_terminal_it_asks() {
    for (answer, code) in [("\n", 1), ("y\n", 0)] {
        let Some(said) = crate::drift::on_a_terminal(&edited(), "migrate", answer) else {
            return;
        };
        said.with(code).says(&[
            "git calls them modified",
            "docker-compose.yml",
            "Go on?",
            "--allow-dirty",
        ]);
    }
}

#[test]
fn what_the_run_does_not_write_is_nobodys_business() {
    let machine = committed(Machine::with_shop());
    machine.write("README.md", "Mine\n");
    git(&machine, &["add", "README.md"]);
    machine.replace("docker-compose.prod.yml", "# The shop", "# My shop");
    machine
        .xtask(&["migrate", "-e", "local"])
        .with(0)
        .says(&["Applied 4 stories to local"]);
}

#[test]
fn what_is_not_tracked_is_not_modified() {
    let machine = Machine::with_shop();
    git(&machine, &["init", "--quiet"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories"]);
}

#[test]
fn what_the_tool_wrote_itself_is_no_edit() {
    let machine = committed(Machine::with_shop());
    machine.xtask(&["migrate", "--only", "5.1"]).with(0);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 3 stories"]);
}

#[test]
fn commit_makes_one_commit_a_story() {
    let machine = committed(Machine::with_shop());
    machine.write("mine.txt", "staged\n");
    git(&machine, &["add", "mine.txt"]);
    machine
        .xtask(&["migrate", "--commit"])
        .with(0)
        .says(&["Applied 4 stories"]);
    let subjects = git(&machine, &["log", "--format=%s", "main"]);
    let subjects: Vec<_> = subjects.lines().rev().collect();
    assert_eq!(subjects[0], "The shop");
    assert_eq!(subjects[1], "5.1 Redis data volume");
    assert_eq!(subjects.len(), 5, "{subjects:?}");
    let files = git(&machine, &["show", "--name-only", "--format=", "HEAD~3"]);
    let ours = [
        "compose/ledger/.gitignore",
        "compose/ledger/5.1-redis-data-volume.yaml",
    ];
    assert_eq!(
        files.lines().collect::<Vec<_>>(),
        [
            &ours[..],
            &["docker-compose.prod.yml", "docker-compose.yml"]
        ]
        .concat()
    );
    assert_eq!(git(&machine, &["status", "--porcelain"]), "A  mine.txt\n");
}

#[test]
fn a_checkout_below_the_root_of_its_repository_is_watched_too() {
    let machine = Machine::bare();
    let shop = Machine::with_shop();
    for file in [
        ".env",
        ".env.prod",
        "docker-compose.yml",
        "docker-compose.prod.yml",
        "compose/stack.yaml",
    ] {
        machine.write(&format!("shop/{file}"), shop.read(file));
    }
    let machine = committed(machine);
    machine.replace("shop/docker-compose.prod.yml", "# The shop", "# My shop");
    let words = [
        "docker-compose.prod.yml",
        "--allow-dirty",
        "Nothing was written",
    ];
    machine
        .xtask(&["migrate", "--root", "shop"])
        .with(1)
        .says(&words);
    machine
        .xtask(&["migrate", "--root", "shop", "--commit", "--allow-dirty"])
        .with(0)
        .says(&["Applied 4 stories"]);
    assert_eq!(git(&machine, &["status", "--porcelain"]), "");
}

#[test]
fn git_that_does_not_answer_is_not_taken_for_a_yes() {
    type Spoil = fn(&Machine);
    let broken: [(&str, Spoil); 3] = [
        ("index file", |machine| {
            machine.write(".git/index", "garbage")
        }),
        ("not a git repository", |machine| {
            machine.write(".git/HEAD", "garbage")
        }),
        ("dubious ownership", |machine| {
            let owners = Command::new("chown")
                .args(["-R", "65534"])
                .arg(machine.root())
                .output();
            assert!(owners.unwrap().status.success());
        }),
    ];
    for (words, spoil) in broken {
        if words == "dubious ownership" && !rustix::process::geteuid().is_root() {
            eprintln!("SKIPPED: only root can give files away");
            continue;
        }
        let machine = edited();
        spoil(&machine);
        let told = [
            "git is there and does not say",
            words,
            "--allow-dirty",
            "Nothing was written",
        ];
        refuses(&machine, &["migrate"], 2, &told);
        let failure = machine
            .xtask(&["migrate", "--format", "json"])
            .with(2)
            .json();
        assert_eq!(failure["failures"][0]["rule"], "run-git-unavailable");
        machine
            .xtask(&["migrate", "--allow-dirty"])
            .with(0)
            .says(&["Applied 4 stories"]);
    }
}

#[test]
fn without_git_everything_else_works() {
    let machine = edited();
    let mut command = machine.command(&["migrate"]);
    let output = command
        .env("PATH", machine.folder().join("nothing"))
        .output()
        .unwrap();
    crate::machine::Said::of(output)
        .with(0)
        .says(&["Applied 4 stories"]);
}

/// Git knows a file by what a link leads to, and one of a submodule in its own repository.
#[test]
fn edits_behind_a_link_and_in_a_submodule_are_seen() {
    let machine = Machine::with_shop();
    let text = machine.read("docker-compose.yml");
    machine.write("real/dc.yml", text);
    machine.remove("docker-compose.yml");
    std::os::unix::fs::symlink("real/dc.yml", machine.root().join("docker-compose.yml")).unwrap();
    let machine = committed(machine);
    machine
        .xtask(&["migrate", "--commit", "--to", "5.1"])
        .with(0);
    assert_eq!(git(&machine, &["status", "--porcelain"]), "");
    assert!(git(&machine, &["show", "--stat", "HEAD"]).contains("real/dc.yml"));
    machine.replace("real/dc.yml", "# The shop", "# My shop");
    refuses(
        &machine,
        &["migrate"],
        1,
        &["modified and not committed", "docker-compose.yml"],
    );

    let machine = committed(Machine::with_shop());
    let outer = committed(Machine::with_shop());
    let from = machine.root().display().to_string();
    git(
        &outer,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            &from,
            "deploy",
        ],
    );
    outer.write(
        "compose/stack.yaml",
        "environments:\n  local: { files: [deploy/docker-compose.yml], env_files: [.env] }\n\
         parameters: { backend-health-command: [CMD, /probe] }\n",
    );
    crate::repository::commit_all(&outer, "Deploy");
    outer.write(
        "deploy/docker-compose.yml",
        outer
            .read("deploy/docker-compose.yml")
            .replace("# The shop", "# My shop"),
    );
    refuses(
        &outer,
        &["migrate"],
        1,
        &["modified and not committed", "deploy/docker-compose.yml"],
    );
    git(&outer, &["-C", "deploy", "checkout", "--quiet", "."]);
    refuses(
        &outer,
        &["migrate", "--commit"],
        1,
        &["lies in another repository", "without --commit"],
    );
    outer.xtask(&["migrate"]).with(0);
}
