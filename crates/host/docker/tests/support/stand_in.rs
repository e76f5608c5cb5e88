//! Programs that stand in for Docker in the fast tests. They count their calls and answer what a
//! test tells them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder with a stand-in program; what it answers and how often it was called stands beside it.
pub struct StandIn {
    folder: TempDir,
    name: &'static str,
}

#[allow(dead_code, reason = "not every test crate needs all of it")]
impl StandIn {
    /// A stand-in for the Compose plugin that accepts everything with an empty model.
    pub fn compose() -> Self {
        Self::named("docker-compose", "stand-in-compose")
    }

    /// A stand-in for the `docker` client that fails, as where no engine answers.
    pub fn docker() -> Self {
        Self::named("docker", "stand-in-docker")
    }

    fn named(name: &'static str, script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        symlink(scripts().join(script), folder.path().join(name)).unwrap();
        Self { folder, name }
    }

    /// What it does from now on: a piece of shell that sees the arguments as `$@` and its own
    /// folder as `$here`.
    pub fn answers(self, shell: &str) -> Self {
        fs::write(self.folder.path().join("answer"), shell).unwrap();
        self
    }

    /// The program.
    pub fn program(&self) -> PathBuf {
        self.folder.path().join(self.name)
    }

    /// A file in its folder, for what an answer leaves behind.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The arguments of each call so far, calls for its version left out.
    pub fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.path().join("calls")).unwrap_or_default();
        calls
            .lines()
            .filter(|call| !call.starts_with("version"))
            .map(str::to_owned)
            .collect()
    }
}

/// Where the scripts lie, whichever crate's tests have this file for a module.
fn scripts() -> PathBuf {
    let above = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("crates/host/docker/tests/support"));
    above.into_iter().find(|folder| folder.is_dir()).unwrap()
}

/// Writes a program. Another process does it: were the file open for writing here, a child that
/// another test starts at that moment would hold it open too, and it could not be run (`ETXTBSY`).
#[allow(dead_code, reason = "not every test crate needs it")]
pub fn script(to: &Path, text: &str) {
    fs::remove_file(to).ok();
    let written = Command::new("sh")
        .args(["-c", "printf %s \"$1\" >\"$0\" && chmod 755 \"$0\""])
        .arg(to)
        .arg(text)
        .status();
    assert!(
        written.is_ok_and(|status| status.success()),
        "{}",
        to.display()
    );
}

/// An answer of `docker` with an engine behind it: each verb by a file of the same name beside the
/// program. `cp` fails as for a path that is not there.
#[allow(dead_code, reason = "not every test crate needs it")]
pub const BY_VERB: &str = r#"
case "$1" in
version) echo 28.0.0-stand-in ;;
ps) cat "$here/ps" ;;
inspect) cat "$here/inspect" ;;
cp) [ -e "$here/cp" ] && exec cat "$here/cp"; echo "Error: Could not find the file in container" >&2; exit 1 ;;
esac"#;

/// What `docker cp` makes of a folder: a tar stream of it and, if there is a name, of a file of 700
/// bytes in it.
#[allow(dead_code, reason = "not every test crate needs it")]
pub fn tar(file: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    if !file.is_empty() {
        fs::write(folder.path().join("data").join(file), [7; 700]).unwrap();
    }
    Command::new("tar")
        .args(["-C", folder.path().to_str().unwrap(), "-cf", "-", "data"])
        .output()
        .unwrap()
        .stdout
}
