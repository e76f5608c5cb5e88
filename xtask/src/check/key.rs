//! The content of a check as a key, so that what passed once need not be asked again.

use semver::Version;
use sha2::{Digest, Sha256};

use super::Subject;
use super::sources::{Sources, text_of};
use super::stand_ins::StandIns;

/// sha256 over everything that decides a check: Compose's version, the place, the environment, its files' texts with
/// the drafts in their place, those of the files that they extend or include, its env files. `others` are the texts of
/// further files that count, each after its path.
#[must_use]
pub fn key(compose: &Version, subject: &Subject<'_>, others: &[(&str, &str)]) -> String {
    let sources = Sources::of(subject);
    let stand_ins = StandIns::of(subject, &sources);
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
    subject.files.iter().for_each(|path| add(path));
    let drafts = subject.drafts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let texts = sources.texts().chain(drafts).chain(stand_ins.files()).chain(others.iter().copied());
    texts.for_each(|(path, text)| {
        add(path);
        add(text);
    });
    let needed: Vec<_> = sources.needed_files().collect();
    for path in stand_ins.env_files().iter().chain(&needed) {
        add(path);
        // A file that is not there is told from an empty one.
        add(&text_of(subject, path).unwrap_or_else(|| "\0".to_owned()));
    }
    add(&stand_ins.variables());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
