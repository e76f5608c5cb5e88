//! A machine with a checkout, a memory of its own and stand-ins for Docker, and the binary to run
//! there.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use docker::Compose;
use serde_json::Value;
use tempfile::TempDir;

use crate::stand_in::StandIn;

/// A machine; nothing of the real one reaches the binary but its `PATH`.
pub struct Machine {
    folder: TempDir,
    plugin: PathBuf,
    /// The stand-in for the Compose plugin; it accepts everything.
    pub compose: StandIn,
    /// The stand-in for the `docker` client; no engine answers.
    pub docker: StandIn,
}

/// What the binary said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// Everything in a folder, by path: mode, time of change and content of files, the targets of
/// links.
pub type Tree = BTreeMap<PathBuf, (u32, (i64, i64), Vec<u8>)>;

/// The names of its compose files, in the fixtures and in express-mongo.
pub const FILES: [&str; 2] = ["docker-compose.yml", "docker-compose.prod.yml"];

impl Machine {
    /// With an empty folder as its checkout.
    pub fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        ["checkout", "home", "state"]
            .iter()
            .for_each(|name| fs::create_dir(folder.path().join(name)).unwrap());
        let (compose, docker) = (StandIn::compose(), StandIn::docker());
        Self {
            folder,
            plugin: compose.program(),
            compose,
            docker,
        }
    }

    /// With the fixture `shop`: two files that stand alone, their env files, and all four stories
    /// to apply.
    pub fn with_shop() -> Self {
        Self::with_fixture("shop")
    }

    /// With the fixture `layered`: a base, an override and production's overlay, and all four
    /// stories to apply.
    pub fn with_layers() -> Self {
        Self::with_fixture("layered")
    }

    fn with_fixture(name: &str) -> Self {
        let machine = Self::bare();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/fixtures")
                .join(name),
            &machine.root(),
        );
        machine
    }

    /// With express-mongo, a real old checkout, where it lies beside the repository; else with the
    /// example. Its env files are made from their examples.
    pub fn with_old_checkout() -> Self {
        let machine = Self::bare();
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folders = ["../shared/checkouts/express-mongo", "examples/old-checkout"]
            .map(|path| repository.join(path));
        copy(
            folders.iter().find(|folder| folder.is_dir()).unwrap(),
            &machine.root(),
        );
        [".env", ".env.prod"]
            .iter()
            .for_each(|name| machine.write(name, machine.read(&format!("{name}.example"))));
        if !machine.root().join("compose/stack.yaml").exists() {
            let command = "[CMD, curl, -f, http://localhost:3000/health]";
            let text = format!("parameters:\n  backend-health-command: {command}\n");
            machine.write("compose/stack.yaml", text);
        }
        machine
    }

    /// With the Compose of the real machine instead of the stand-in; none where it is not
    /// installed.
    pub fn with_real_compose(mut self) -> Option<Self> {
        match Compose::find() {
            Ok(compose) => compose.plugin().clone_into(&mut self.plugin),
            Err(error) if std::env::var_os("COMPOSE_STORIES_REQUIRE_DOCKER").is_some() => {
                panic!("{error}")
            }
            Err(error) => {
                eprintln!("SKIPPED: {error}");
                return None;
            }
        }
        Some(self)
    }

    /// With no Compose at all.
    pub fn without_compose(mut self) -> Self {
        self.plugin = self.folder.path().join("no/docker-compose");
        self
    }

    /// The checkout's root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("checkout")
    }

    /// The folder that holds the checkout and the machine's state.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of the checkout.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Writes a file of the checkout.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Replaces the first such text in a file of the checkout.
    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Removes a file of the checkout.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).unwrap();
    }

    /// What the Compose stand-in does from now on.
    pub fn compose_answers(&self, shell: &str) {
        fs::write(self.compose.file("answer"), shell).unwrap();
    }

    /// Everything in the checkout.
    pub fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        walk(&self.root(), &mut tree);
        tree
    }

    /// What lies in the checkout: the files' contents by path.
    pub fn contents(&self) -> BTreeMap<PathBuf, String> {
        let root = self.root();
        let own = |path: PathBuf| path.strip_prefix(&root).unwrap().to_owned();
        self.tree()
            .into_iter()
            .map(|(path, (_, _, bytes))| (own(path), String::from_utf8_lossy(&bytes).into_owned()))
            .collect()
    }

    /// How often the stand-ins were started, for their versions too.
    pub fn starts(&self) -> usize {
        let calls = |stand_in: &StandIn| {
            fs::read_to_string(stand_in.file("calls"))
                .unwrap_or_default()
                .lines()
                .count()
        };
        calls(&self.compose) + calls(&self.docker)
    }

    /// The binary, to be run in the checkout.
    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        self.spell(Command::new(env!("CARGO_BIN_EXE_compose-stories")), args)
    }

    /// A program that runs the binary, with the binary's arguments at the end of its own.
    pub fn spell<S: AsRef<OsStr>>(&self, mut program: Command, args: &[S]) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        program
            .args(args)
            .current_dir(self.root())
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", path);
        program.env("COMPOSE_STORIES_NAME", "cargo xtask");
        program
            .env("HOME", self.folder.path().join("home"))
            .env("XDG_STATE_HOME", self.folder.path().join("state"));
        program
            .env("COMPOSE_STORIES_PLUGIN", &self.plugin)
            .env("COMPOSE_STORIES_DOCKER", self.docker.program());
        program
    }

    /// Runs the binary in the checkout.
    pub fn xtask(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().unwrap())
    }
}

impl Said {
    /// What a finished program said.
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let said = Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        };
        assert!(!said.stderr.contains("panicked"), "{said}");
        said
    }

    /// The same, if it ended with this code.
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Both outputs.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The same, if all of these words are said.
    pub fn says(self, words: &[&str]) -> Self {
        let all = self.all();
        words
            .iter()
            .for_each(|word| assert!(all.contains(word), "{word:?} is not said: {self}"));
        self
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

/// Copies a folder, also one that may not be written, to a folder that may.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

fn walk(path: &Path, tree: &mut Tree) {
    let found = path.symlink_metadata().unwrap();
    let bytes = if found.is_symlink() {
        fs::read_link(path)
            .unwrap()
            .into_os_string()
            .into_encoded_bytes()
    } else if found.is_dir() {
        fs::read_dir(path)
            .unwrap()
            .for_each(|entry| walk(&entry.unwrap().path(), tree));
        Vec::new()
    } else {
        fs::read(path).unwrap()
    };
    tree.insert(
        path.to_owned(),
        (found.mode(), (found.mtime(), found.mtime_nsec()), bytes),
    );
}
