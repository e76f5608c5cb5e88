//! `recover`: completes what an interrupted run had begun.

use std::path::{Component, Path, PathBuf};

use anyhow::Result;
use transaction::RecoverOptions;

use super::Session;
use crate::cli::Recover;
use crate::exit::Exit;
use crate::report;

/// Runs the command.
///
/// # Errors
/// Files that were changed since and are neither kept nor taken; why a file cannot be written.
pub fn run(session: &Session, flags: &Recover) -> Result<Exit> {
    let root = session.root()?;
    let own = |paths: &[String]| paths.iter().map(|path| in_checkout(&root, path)).collect();
    let (keep, take) = (own(&flags.keep), own(&flags.take));
    let settle = RecoverOptions {
        keep,
        take,
        abandon: flags.abandon,
        here: flags.here,
    };
    let recovered = session.recover(&root, &settle)?;
    report::recovered(session, recovered.as_ref());
    Ok(Exit::Done)
}

/// A path as the journal has it: `./a.yml` and the whole path are the same file.
fn in_checkout(root: &Path, path: &str) -> String {
    let path = Path::new(path);
    let own = path.strip_prefix(root).unwrap_or(path);
    let parts = own.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().display().to_string()
}
