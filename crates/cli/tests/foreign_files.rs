//! Files of the checkout that the tool cannot simply replace: they lie on another mount, or belong
//! to somebody else.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

#[path = "support/program.rs"]
mod program;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn checkout(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn text(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// No rename leads from the ledger's folder into another mount, be it of the same disk.
#[test]
fn a_file_on_another_mount() {
    let folder = checkout(&[
        (
            "compose/stack.yaml",
            "environments:\n  local: { files: [files/docker-compose.yml] }\n",
        ),
        (
            "files/docker-compose.yml",
            "services:\n  redis:\n    image: redis:6\n",
        ),
    ]);
    let root = folder.path();
    let in_mount = |script: &str| {
        let mut command = Command::new("unshare");
        let script = format!("mount --bind files files && {script}");
        command
            .args(["--mount", "sh", "-c", &script])
            .current_dir(root)
            .env("HOME", root.join("home"))
            .output()
    };
    if !in_mount("true").is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: nothing can be mounted here");
        return;
    }
    let migrate = format!(
        "{} migrate --checker embedded --allow-data-loss",
        env!("CARGO_BIN_EXE_compose-stories")
    );
    let output = in_mount(&migrate).unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(
        text(root, "files/docker-compose.yml").contains("redis_data"),
        "{output:?}"
    );
    assert_eq!(names(&root.join("files")), ["docker-compose.yml"]);
    let left = names(&root.join("compose/ledger"))
        .into_iter()
        .filter(|name| name.contains("xtask-new"));
    assert_eq!(left.count(), 0);
}

#[test]
fn what_belongs_to_somebody_else() {
    let folder = checkout(&[("docker-compose.yml", "services: {}\n")]);
    let root = folder.path();
    let open = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o777)).unwrap();
    [root.to_owned(), root.join("docker-compose.yml")]
        .iter()
        .for_each(|path| open(path));
    let program = folder.path().join("xtask");
    program::copy(&program);
    if chown(&program, Some(65534), None).is_err() {
        eprintln!("SKIPPED: only root can make a file somebody else's");
        return;
    }
    fs::create_dir(root.join("compose")).unwrap();
    open(&root.join("compose"));
    fs::write(root.join("compose/stack.yaml"), STACK).unwrap();
    fs::write(root.join("docker-compose.yml"), STORY_TO_DO).unwrap();
    let before = names(root);
    let mut command = Command::new(program);
    let output = command.args(["migrate", "--checker", "embedded", "--allow-data-loss"]);
    let output = output
        .current_dir(root)
        .uid(65534)
        .gid(65534)
        .env("HOME", "/nonexistent")
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("docker-compose.yml belongs to user 0"),
        "{told}"
    );
    assert_eq!(
        (names(root), text(root, "docker-compose.yml").as_str()),
        (before, STORY_TO_DO)
    );
}

const STACK: &str = "environments:\n  local: { files: [docker-compose.yml] }\n";
const STORY_TO_DO: &str = "services:\n  redis:\n    image: redis:6\n";
