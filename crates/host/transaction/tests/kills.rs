//! A transaction that changes one file, makes another and deletes a third is killed at every call
//! that changes something, and so is the recovery: all is as before or all is as after.
//!
//! This program is its own victim: started with a folder in [`VICTIM`], it is the one that writes
//! there.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(
    clippy::disallowed_macros,
    reason = "a test says what it skipped and how much it saw"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use tempfile::TempDir;
use transaction::{Digest, Lock, LockOptions, RecoverOptions, Transaction, Write, recover};

/// The folder in which this program is to write, where it is the victim.
const VICTIM: &str = "TRANSACTION_TEST_VICTIM";

/// How it is to do that.
const HOW: &str = "TRANSACTION_TEST_HOW";

/// What the victim does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// A transaction.
    Commit,
    /// It completes one.
    Recover,
    /// The control: it writes file by file.
    OneByOne,
}

/// The calls that change what is on the disk.
const CALLS: &str = "openat,write,pwrite64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,fchmod,fchown,ftruncate";

const NONE: LockOptions = LockOptions {
    limit: Duration::ZERO,
    tell: |_| {},
    is_tracked: |_, _| false,
};

/// The team's files by path.
type Files = BTreeMap<String, String>;

fn files(texts: &[(&str, &str)]) -> Files {
    let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    texts.iter().map(own).collect()
}

fn before() -> Files {
    files(&[("changed.yml", "old"), ("gone.yml", "old too")])
}

fn after() -> Files {
    files(&[("changed.yml", "new"), ("made/new.yml", "new too")])
}

/// What is there of the team's files; what the tool keeps in its own folder is left out.
fn found(root: &Path) -> Files {
    let mut found = Files::new();
    for path in ["changed.yml", "gone.yml", "made/new.yml"] {
        if let Ok(text) = fs::read_to_string(root.join(path)) {
            found.insert(path.to_owned(), text);
        }
    }
    found
}

/// What of its own the tool left, but the names that git is told to ignore.
fn left(root: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let mut all = names(root);
    all.extend(names(&root.join("made")));
    all.extend(names(&root.join(transaction::FOLDER)));
    all.retain(|name| name.contains("xtask-new") || name.contains(".journal"));
    all
}

fn write() -> Vec<Write> {
    let (before, after) = (before(), after());
    let paths: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let write = |path: &String| Write {
        path: path.clone(),
        before: before.get(path).map(Digest::of),
        text: after.get(path).cloned(),
    };
    paths.into_iter().map(write).collect()
}

fn checkout(files: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

/// What is done where this program is the victim.
fn victim(root: &Path) {
    let how = std::env::var(HOW).unwrap();
    if how == format!("{:?}", How::Recover) {
        recover(root, NONE, &RecoverOptions::default()).unwrap();
        return;
    }
    if how == format!("{:?}", How::OneByOne) {
        return write().iter().for_each(|one| one_by_one(root, one));
    }
    let prepared = Transaction::prepare(root, &write()).unwrap();
    let lock = Lock::take(root, NONE).unwrap();
    prepared.apply(&lock, "a test").unwrap();
}

fn one_by_one(root: &Path, write: &Write) {
    let file = root.join(&write.path);
    match &write.text {
        Some(text) => {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        None => fs::remove_file(file).unwrap(),
    }
}

/// A call, and the how manieth of its name it is, from 1.
#[derive(Clone, Debug)]
struct Point {
    name: String,
    ordinal: usize,
}

/// Runs the victim under strace; what it called in the folder and beside it.
fn trace(root: &Path, how: How, kill: Option<&Point>) -> (Output, Vec<Point>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-qq", "-e", &format!("trace={CALLS}")]);
    if let Some(Point { name, ordinal }) = kill {
        strace.args(["-e", &format!("inject={name}:signal=KILL:when={ordinal}")]);
    }
    strace.arg("-o").arg(log.path());
    // One thread, so that strace counts the calls of one thread.
    strace
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "all_is_as_before_or_all_is_as_after",
            "--test-threads=1",
        ])
        .env(VICTIM, root)
        .env(HOW, format!("{how:?}"));
    let output = strace.output().unwrap();
    let text = fs::read_to_string(log.path()).unwrap();
    (output, points(&text, root))
}

/// Strace counts by thread, and so is counted here.
fn points(log: &str, root: &Path) -> Vec<Point> {
    let mut counted = BTreeMap::<(&str, &str), usize>::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        let call = call.trim_start();
        let Some((name, words)) = call.split_once('(') else {
            continue;
        };
        let ordinal = counted.entry((thread, name)).or_default();
        *ordinal += 1;
        let changes = name != "openat" || words.contains("O_CREAT");
        if changes && words.contains(root.to_str().unwrap()) {
            points.push(Point {
                name: name.to_owned(),
                ordinal: *ordinal,
            });
        }
    }
    points
}

/// Whether strace is here and may trace.
fn can_trace() -> bool {
    let tried = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .output();
    let works = tried.is_ok_and(|output| output.status.success());
    if !works {
        assert!(
            std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_none(),
            "no working strace: apt-get install strace"
        );
        eprintln!("SKIPPED: no working strace here: apt-get install strace");
    }
    works
}

/// A copy of a folder as a kill left it, known to the journal in it as its own.
fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    let ran = Command::new("cp")
        .arg("-a")
        .arg(from.join("."))
        .arg(to.path())
        .status();
    assert!(ran.unwrap().success());
    let journal = to.path().join(transaction::FOLDER).join(".journal");
    if let Ok(text) = fs::read_to_string(&journal) {
        let was = from.canonicalize().unwrap();
        let is = to.path().canonicalize().unwrap();
        fs::write(
            &journal,
            text.replace(was.to_str().unwrap(), is.to_str().unwrap()),
        )
        .unwrap();
    }
    to
}

/// Nothing is between before and after once the next command has recovered; what there is then.
fn recovered(root: &Path, at: &str) -> Files {
    recover(root, NONE, &RecoverOptions::default()).unwrap();
    let found = found(root);
    assert!(found == before() || found == after(), "{at}: {found:?}");
    assert_eq!(left(root), Vec::<String>::new(), "{at}");
    found
}

#[test]
fn all_is_as_before_or_all_is_as_after() {
    if let Some(root) = std::env::var_os(VICTIM) {
        return victim(Path::new(&root));
    }
    if !can_trace() {
        return;
    }
    let whole = checkout(&before());
    let (output, points) = trace(whole.path(), How::Commit, None);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(found(whole.path()), after());
    assert!(points.len() > 15, "the points are not all seen: {points:?}");
    let (mut ends, mut of_recoveries) = (BTreeSet::new(), 0);
    for point in &points {
        let folder = checkout(&before());
        let (output, _) = trace(folder.path(), How::Commit, Some(point));
        assert_eq!(output.status.signal(), Some(9), "{point:?}: {output:?}");
        let at = format!("killed at {point:?}");
        if transaction::is_pending(folder.path()) {
            of_recoveries += kill_the_recovery(folder.path(), &at);
        }
        ends.insert(recovered(folder.path(), &at) == after());
    }
    assert_eq!(
        ends.len(),
        2,
        "some kills come before the commit and some behind it"
    );
    assert!(of_recoveries > 20, "{of_recoveries} points of recoveries");
    eprintln!(
        "kills: {} points, {of_recoveries} of recoveries",
        points.len()
    );
}

/// At every point, too; how many there were.
fn kill_the_recovery(root: &Path, at: &str) -> usize {
    let undisturbed = copy(root);
    let (output, points) = trace(undisturbed.path(), How::Recover, None);
    assert!(output.status.success(), "{at}: {output:?}");
    for point in &points {
        let folder = copy(root);
        let (output, _) = trace(folder.path(), How::Recover, Some(point));
        assert_eq!(
            output.status.signal(),
            Some(9),
            "{at}, {point:?}: {output:?}"
        );
        recovered(
            folder.path(),
            &format!("{at}, then its recovery at {point:?}"),
        );
    }
    points.len()
}

#[test]
fn writing_one_by_one_would_be_caught() {
    if !can_trace() {
        return;
    }
    let (_, points) = trace(checkout(&before()).path(), How::OneByOne, None);
    let is_between = |point: &Point| {
        let folder = checkout(&before());
        trace(folder.path(), How::OneByOne, Some(point));
        let found = found(folder.path());
        found != before() && found != after()
    };
    assert!(points.iter().any(is_between), "{points:?}");
}
