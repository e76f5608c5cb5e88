//! The content of a check as a key, so that what passed once need not be asked again.

use std::path::Path;

use semver::Version;
use sha2::{Digest, Sha256};

use super::Subject;
use super::stand_ins::StandIns;

/// sha256 over everything that decides a check: Compose's version, the place, the environment, its files' texts with
/// the drafts in their place, its env files. `others` are the texts of further files that it reads, each after its path.
#[must_use]
pub fn key(compose: &Version, subject: &Subject<'_>, others: &[(&str, &str)]) -> String {
    let stand_ins = StandIns::of(subject);
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        // With its length, so that no two lists of parts run together to the same bytes.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    add(&compose.to_string());
    add(&subject.root.to_string_lossy());
    add(subject.environment);
    add(if subject.profiles { "profiles" } else { "" });
    for path in subject.files.iter().chain(stand_ins.env_files()) {
        add(path);
        add(&read(subject, path));
    }
    let drafts = subject.drafts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for (path, text) in drafts.chain(stand_ins.files()).chain(others.iter().copied()) {
        add(path);
        add(text);
    }
    add(stand_ins.variables());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that cannot be read is told from an empty one.
fn read(subject: &Subject<'_>, path: &str) -> String {
    let on_disk =
        || std::fs::read(Path::new(subject.root).join(path)).map(|bytes| String::from_utf8_lossy(&bytes).into());
    subject.drafts.get(path).cloned().map_or_else(on_disk, Ok).unwrap_or_else(|error| format!("\0{error}"))
}
