//! A checkout with four stories to apply, and the binary to run there.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;
use transaction::IGNORE_FILE;

/// The files of a checkout by path, with mode and content.
pub type Files = BTreeMap<String, (u32, Vec<u8>)>;

/// What a commit that is begun and not done leaves.
pub const JOURNAL: &str = "compose/ledger/.journal";

/// A checkout in a folder of its own, with a machine's memory beside it.
pub struct Place {
    folder: TempDir,
    /// The fault of the writer that does it wrong, for controls.
    pub naive: Option<&'static str>,
}

impl Place {
    /// With the fixture `shop`.
    pub fn new() -> Self {
        Self::below(&fast())
    }

    /// The same below a folder.
    pub fn below(base: &Path) -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/shop");
        Self::with(base, &read(&fixture))
    }

    /// With these files.
    pub fn of(files: &Files) -> Self {
        Self::with(&fast(), files)
    }

    fn with(base: &Path, files: &Files) -> Self {
        let place = Self {
            folder: tempfile::tempdir_in(base).unwrap(),
            naive: None,
        };
        for (path, (mode, bytes)) in files {
            let file = place.root().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, bytes).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(*mode)).unwrap();
        }
        place.own_the_journal();
        place
    }

    /// What another place left in the middle of a commit is to be completed here, hidden from git
    /// as it was there.
    fn own_the_journal(&self) {
        let file = self.root().join(JOURNAL);
        let journal = fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        if let Some(mut journal) = journal {
            journal["home"]["root"] = self.root().canonicalize().unwrap().to_str().unwrap().into();
            fs::write(file, journal.to_string()).unwrap();
            fs::write(self.root().join(IGNORE_FILE), "").unwrap();
        }
    }

    /// The same, committed in a git repository of its own; nobody has edited anything there.
    pub fn committed(self) -> Self {
        let steps: [&[&str]; 3] = [
            &["init", "--quiet"],
            &["add", "--all"],
            &[
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "commit",
                "--quiet",
                "--message",
                "The shop",
            ],
        ];
        for words in steps {
            let ran = Command::new("git")
                .arg("-C")
                .arg(self.root())
                .args(words)
                .output()
                .unwrap();
            assert!(
                ran.status.success(),
                "git {words:?}: {}",
                String::from_utf8_lossy(&ran.stderr)
            );
        }
        self
    }

    /// What this machine remembers of the checkout is gone, as on another one.
    pub fn forget(&self) {
        fs::remove_dir_all(self.folder.path().join("home")).ok();
    }

    /// The same with a writer that does it wrong.
    pub fn naive(self, fault: Option<&'static str>) -> Self {
        Self {
            naive: fault,
            ..self
        }
    }

    /// Its root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    /// The folder that holds everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its files; the lock, which says nothing when nobody has it, is left out, and so is what
    /// tells git to ignore it: both come before the first commit. What git keeps is git's.
    pub fn files(&self) -> Files {
        let mut files = read(&self.root());
        files.retain(|path, _| !path.starts_with(".git/"));
        ["compose/ledger/.lock", IGNORE_FILE]
            .iter()
            .for_each(|path| drop(files.remove(*path)));
        files
    }

    /// A program in the checkout with nothing of this machine but its `PATH`; the binary itself
    /// where none is given.
    pub fn command(&self, program: Option<Command>, args: &[&str]) -> Command {
        let binary = env!("CARGO_BIN_EXE_compose-stories");
        let mut command = match program {
            Some(mut program) => {
                program.arg(binary);
                program
            }
            None => Command::new(binary),
        };
        let (home, none) = (
            self.folder.path().join("home"),
            self.folder.path().join("none"),
        );
        command
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null())
            .env_clear();
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home);
        command
            .env("COMPOSE_STORIES_PLUGIN", &none)
            .env("COMPOSE_STORIES_DOCKER", &none);
        if let Some(fault) = self.naive {
            command.env("COMPOSE_STORIES_NON_ATOMIC", fault);
        }
        command
    }

    /// Runs the binary to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(None, args).output().unwrap()
    }
}

/// The files without what their journal says of whose it is, which no two places have in common.
pub fn nobodys(files: &Files) -> Files {
    let mut files = files.clone();
    if let Some((_, bytes)) = files.get_mut(JOURNAL)
        && let Ok(mut journal) = serde_json::from_slice::<serde_json::Value>(bytes)
    {
        journal["home"].take();
        *bytes = journal.to_string().into_bytes();
    }
    files
}

/// Memory, where there is some: no power is cut there, so nothing has to reach a disk.
fn fast() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() {
        memory
    } else {
        std::env::temp_dir()
    }
}

fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    add(folder, folder, &mut files);
    files
}

fn add(folder: &Path, top: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            add(&path, top, files);
            continue;
        }
        let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
        let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
        files.insert(name, (mode, fs::read(&path).unwrap()));
    }
}
