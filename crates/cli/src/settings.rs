//! Env files made of their examples: every placeholder of a secret that a team makes up itself
//! becomes one, and what is there is kept.

pub mod placeholder;
pub mod urls;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context as _, Result};
use compose_model::{EnvEntry, EnvFile};
use diagnostics::redact::password_in_url;
use system::interrupt;
use system::regular_file;

use crate::checkout::example_of;
use placeholder::{TOKEN, is_chosen_here, is_placeholder};

/// Letters and digits: nothing that an env file, a shell or a URL reads as something else.
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// 32 of 62 letters are 190 bits.
const LENGTH: usize = 32;

/// What became of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was made of its example.
    Made {
        /// The example.
        example: String,
        /// The variables with a generated secret.
        secrets: Vec<String>,
    },
    /// It was there, and these were added.
    Added(Vec<String>),
    /// It was there and lacks nothing.
    Kept,
    /// It is not there, and neither is an example.
    NoExample,
}

impl Outcome {
    /// Whether a file was written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self, Self::Made { .. } | Self::Added(_))
    }
}

/// Makes or completes an env file of a checkout.
///
/// # Errors
/// Where a file cannot be read or written, or the system has no random bytes.
pub fn prepare(root: &Path, path: &str) -> Result<Outcome> {
    let file = root.join(path);
    let own = match regular_file::text(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(error)
                .with_context(|| format!("{path} cannot be read; look at it: ls -l {path}"));
        }
    };
    let Some(example) = example_of(root, path) else {
        return Ok(if own.is_some() {
            Outcome::Kept
        } else {
            Outcome::NoExample
        });
    };
    let text = regular_file::text(root.join(&example))
        .with_context(|| format!("{example} cannot be read"))?;
    let cannot = || format!("{path} cannot be written");
    let Some(own) = own else {
        let (text, secrets) = filled(&text, &EnvFile::default())?;
        create(&file, &text).with_context(cannot)?;
        return Ok(Outcome::Made { example, secrets });
    };
    let (addition, names) = missing(&own, &text)?;
    if names.is_empty() {
        return Ok(Outcome::Kept);
    }
    let apart = if own.is_empty() || own.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let whole = format!("{own}{apart}\n# Added by cargo xtask onboard, from {example}\n{addition}");
    replace(&file, &whole).with_context(cannot)?;
    Ok(Outcome::Added(names))
}

/// The example with a secret for each placeholder, and the variables that got one. What a file has
/// for a variable already is that variable's secret.
fn filled(example: &str, own: &EnvFile) -> Result<(String, Vec<String>)> {
    let lines: Vec<_> = example.split_inclusive('\n').map(Line::of).collect();
    let (mut values, mut names) = (BTreeMap::new(), Vec::new());
    for entry in lines
        .iter()
        .filter_map(|line| line.entry.as_ref())
        .filter(|entry| is_generated(entry))
    {
        let value = own
            .get(&entry.key)
            .map_or_else(secret, |own| Ok(own.to_owned()))?;
        values.insert(entry.key.clone(), value);
        names.push(entry.key.clone());
    }
    let all = EnvFile::parse(example);
    let mut text = String::new();
    for Line { text: line, entry } in &lines {
        let put = entry
            .as_ref()
            .filter(|entry| own.get(&entry.key).is_none())
            .and_then(|entry| {
                if let Some(value) = values.get(&entry.key) {
                    return put(line, &entry.value, value);
                }
                let (password, value) = shared(entry, &all, &values)?;
                put(line, &format!(":{password}@"), &format!(":{value}@"))
            });
        text.push_str(put.as_deref().unwrap_or(line));
    }
    Ok((text, names))
}

/// A line of an example, and the variable that it sets.
struct Line<'t> {
    text: &'t str,
    entry: Option<EnvEntry>,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            entry: EnvFile::parse(text).entries().first().cloned(),
        }
    }
}

/// Whether a variable of an example gets a secret: where the example asks for one in this tool's
/// own word, and where any random one will do.
fn is_generated(entry: &EnvEntry) -> bool {
    entry.value == TOKEN || is_chosen_here(&entry.key) && is_placeholder(&entry.key, &entry.value)
}

/// What takes the place of a placeholder inside a URL: the secret that the URL repeats. Where nobody
/// knows which that is, it stays and is told.
fn shared<'v>(
    entry: &EnvEntry,
    example: &EnvFile,
    values: &'v BTreeMap<String, String>,
) -> Option<(String, &'v str)> {
    let password = password_in_url(&entry.value).filter(|password| !password.is_empty())?;
    let candidates: Vec<_> = values
        .keys()
        .map(String::as_str)
        .filter(|name| example.get(name) == Some(password))
        .collect();
    let value = values.get(urls::repeated(&entry.value, &candidates, example)?)?;
    let fits = value.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then(|| (password.to_owned(), value.as_str()))
}

/// The line with a new value in the old one's place, in the quotes that are there; none where the
/// old one is not written as it is read.
fn put(line: &str, old: &str, new: &str) -> Option<String> {
    let behind = line.find('=')? + 1;
    let at = match old {
        "" => behind + usize::from(line[behind..].starts_with(['"', '\''])),
        _ => behind + line[behind..].find(old)?,
    };
    Some(format!("{}{new}{}", &line[..at], &line[at + old.len()..]))
}

/// The example's lines for the variables that a file lacks.
fn missing(own: &str, example: &str) -> Result<(String, Vec<String>)> {
    let own = EnvFile::parse(own);
    let (filled, _) = filled(example, &own)?;
    let lines: Vec<_> = filled.lines().collect();
    let all = EnvFile::parse(&filled);
    let (mut text, mut names) = (String::new(), Vec::new());
    for (at, entry) in all.entries().iter().enumerate() {
        if own.get(&entry.key).is_some() || names.contains(&entry.key) {
            continue;
        }
        // A quoted value may go over several lines: up to the next variable, comments and gaps left
        // out.
        let end = all
            .entries()
            .get(at + 1)
            .map_or(lines.len(), |next| next.line - 1);
        let mut block = &lines[entry.line - 1..end];
        while let [head @ .., last] = block
            && (last.trim().is_empty() || last.trim_start().starts_with('#'))
        {
            block = head;
        }
        block
            .iter()
            .for_each(|line| text.push_str(&format!("{line}\n")));
        names.push(entry.key.clone());
    }
    Ok((text, names))
}

/// Every letter as likely as any other: bytes behind the last whole round of the alphabet are
/// passed over.
fn secret() -> Result<String> {
    let whole = u8::MAX - u8::MAX % 62;
    let mut text = String::with_capacity(LENGTH);
    while text.len() < LENGTH {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).context("the system has no random bytes")?;
        let letters = bytes
            .iter()
            .filter(|byte| **byte < whole)
            .map(|byte| char::from(LETTERS[usize::from(byte % 62)]));
        text.extend(letters.take(LENGTH - text.len()));
    }
    Ok(text)
}

/// Never over a file that somebody else has made meanwhile; readable by its owner alone from the
/// first byte.
fn create(file: &Path, text: &str) -> io::Result<()> {
    interrupt::whole(|| Ok(written(file, text)?.persist_noclobber(file).map(drop)?))
}

/// With the mode that it has; what a link names is replaced, not the link.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let file = file.canonicalize()?;
    let mode = file.metadata()?.permissions().mode();
    interrupt::whole(|| {
        let new = written(&file, text)?;
        new.as_file()
            .set_permissions(fs::Permissions::from_mode(mode))?;
        Ok(new.persist(&file).map(drop)?)
    })
}

fn written(file: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    let mut new = tempfile::Builder::new()
        .prefix(".env-")
        .tempfile_in(file.parent().unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_placeholder_gets_a_secret_of_its_own_and_nothing_else_changes() {
        let example = "# CHANGE_ME here stays\nA=CHANGE_ME\nexport B=\"CHANGE_ME\" # CHANGE_ME\nC=x-CHANGE_ME\nD=1";
        let (text, names) = filled(example, &EnvFile::default()).unwrap();
        assert_eq!(names, ["A", "B"]);
        let file = EnvFile::parse(&text);
        let [a, b] = ["A", "B"].map(|name| file.get(name).unwrap());
        assert!(
            a.len() == LENGTH
                && b.len() == LENGTH
                && a != b
                && a.chars().all(|c| c.is_ascii_alphanumeric())
        );
        assert_eq!(text.replacen(a, TOKEN, 1).replacen(b, TOKEN, 1), example);
    }

    #[test]
    fn secrets_that_a_team_makes_up_are_made_and_others_stay_to_be_told() {
        let example = "DB_PASSWORD='password123' # yours\nSESSION_SECRET=\nAPP_SECRET=\"\"  # any\nSTRIPE_API_KEY=<your key>\nLOG_LEVEL=\n";
        let (text, names) = filled(example, &EnvFile::default()).unwrap();
        assert_eq!(names, ["DB_PASSWORD", "SESSION_SECRET", "APP_SECRET"]);
        let file = EnvFile::parse(&text);
        assert!(
            names
                .iter()
                .all(|name| file.get(name).is_some_and(|value| value.len() == LENGTH)),
            "{text}"
        );
        assert_eq!(
            (file.get("STRIPE_API_KEY"), file.get("LOG_LEVEL")),
            (Some("<your key>"), Some(""))
        );
        assert!(
            text.contains("' # yours\n") && text.contains("\"  # any\n"),
            "{text}"
        );
    }

    /// A database that has the new password and an application that logs in with the old one: that
    /// would be a broken stack.
    #[test]
    fn a_url_gets_the_secret_that_it_repeats() {
        let example = "DB_PASSWORD=change-me\nDATABASE_URL=postgres://app:change-me@db/app\n";
        let (text, names) = filled(example, &EnvFile::default()).unwrap();
        let secret = EnvFile::parse(&text).get("DB_PASSWORD").unwrap().to_owned();
        assert_eq!(text, example.replace("change-me", &secret));
        assert_eq!(names, ["DB_PASSWORD"]);
        let two = "A_PASSWORD=CHANGE_ME\nB_PASSWORD=CHANGE_ME\nURL=redis://:CHANGE_ME@redis\n";
        assert!(
            filled(two, &EnvFile::default())
                .unwrap()
                .0
                .ends_with("\nURL=redis://:CHANGE_ME@redis\n"),
            "of which?"
        );
        let mongo = "URL=mongodb://admin:password123@mongo:27017/app\nMONGO_INITDB_ROOT_USERNAME=admin\n\
            MONGO_INITDB_ROOT_PASSWORD=password123\nADMIN_PASSWORD=password123\n";
        let (text, _) = filled(mongo, &EnvFile::default()).unwrap();
        let file = EnvFile::parse(&text);
        let secret = file.get("MONGO_INITDB_ROOT_PASSWORD").unwrap();
        assert_eq!(
            file.get("URL").unwrap(),
            format!("mongodb://admin:{secret}@mongo:27017/app")
        );
        let (added, _) = missing("DB_PASSWORD=mine1\n", example).unwrap();
        assert_eq!(added, "DATABASE_URL=postgres://app:mine1@db/app\n");
    }

    #[test]
    fn only_what_a_file_lacks_is_added() {
        let (text, names) =
            missing("B=mine\n", "A=1\n\n# about b\nB=2\nC='x\ny'\n# the end\n").unwrap();
        assert_eq!(
            (text.as_str(), names),
            ("A=1\nC='x\ny'\n", vec!["A".to_owned(), "C".to_owned()])
        );
    }
}
