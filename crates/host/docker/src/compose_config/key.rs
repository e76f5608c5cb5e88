//! The content of a check as a key, so that what passed once need not be asked again.

use hmac_sha256::Hash;
use semver::Version;

use super::Subject;
use super::sources::{Sources, text_of};
use super::stand_ins::StandIns;
use crate::profiles_of_shell;

/// sha256 over everything that decides a check: Compose's version, the place, the environment, its
/// files' texts with the drafts in their place, those of the files that they extend or include, its
/// env files. `others` are the texts of further files that count, each after its path.
#[must_use]
pub fn key(compose: &Version, subject: &Subject<'_>, others: &[(&str, &str)]) -> String {
    let sources = Sources::of(subject);
    let stand_ins = StandIns::of(subject, &sources);
    let version = compose.to_string();
    let root = subject.root.to_string_lossy();
    let profiles = if subject.profiles {
        format!("profiles {:?}", profiles_of_shell())
    } else {
        String::new()
    };
    let drafts = subject
        .drafts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let texts = sources
        .texts()
        .chain(drafts)
        .chain(stand_ins.files())
        .chain(others.iter().copied());
    let env_texts = env_texts(subject, &sources, &stand_ins);
    let variables = stand_ins.variables();

    let mut parts = vec![
        version.as_str(),
        &root,
        &subject.environment.name,
        &profiles,
        &variables,
    ];
    parts.extend(subject.environment.files.iter().map(String::as_str));
    parts.extend(texts.flat_map(|(path, text)| [path, text]));
    parts.extend(
        env_texts
            .iter()
            .flat_map(|(path, text)| [path.as_str(), text.as_str()]),
    );
    hashed(&parts)
}

/// The env files of the environment and of its services, by path; one that is not there is told
/// from an empty one.
fn env_texts(
    subject: &Subject<'_>,
    sources: &Sources<'_>,
    stand_ins: &StandIns,
) -> Vec<(String, String)> {
    let paths = stand_ins
        .env_files()
        .iter()
        .cloned()
        .chain(sources.needed_files());
    let paths = paths.chain(sources.included_env_files().cloned());
    let with_text = |path: String| {
        let text = text_of(subject, &path).unwrap_or_else(|| "\0".to_owned());
        (path, text)
    };
    paths.map(with_text).collect()
}

/// Each part goes in with its length, so that no two lists of parts run together to the same bytes.
fn hashed(parts: &[&str]) -> String {
    let mut hash = Hash::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
