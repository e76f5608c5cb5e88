//! What stands in for env files and secrets that are not on this machine: the example with secrets
//! of this run's own.

use std::collections::BTreeMap;
use std::path::PathBuf;

use compose_model::{EnvFile, Environment, Value};
use diagnostics::redact::looks_secret;
use docker::ConfigCall;
use docker::compose_config;
use docker::compose_config::{Sources, StandIns};
use system::regular_file;

use super::error::LiveError;
use super::run::{Run, token};
use crate::Checkout;

/// An environment's files as Compose is to read them, with stand-ins for what is not here.
pub struct Files {
    /// What Compose reads.
    pub call: ConfigCall,
    /// The env files of services that name one that is not here, stand-ins in their places.
    pub env_files: BTreeMap<String, Vec<PathBuf>>,
    /// What was stood in for, in words.
    pub notes: Vec<String>,
    /// The texts that hold secrets.
    pub texts: Vec<String>,
}

impl Files {
    /// Looks at an environment; writes stand-ins into the run's folder.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn of(
        checkout: &Checkout<'_>,
        environment: &Environment,
        run: &Run,
    ) -> Result<Self, LiveError> {
        let root =
            std::path::absolute(checkout.root).map_err(LiveError::io("the checkout's root"))?;
        let subject = compose_config::Subject {
            root: &root,
            environment,
            loaded: &checkout.stack.files,
            drafts: &BTreeMap::new(),
            profiles: false,
        };
        let sources = Sources::of(&subject);
        let stand_ins = StandIns::of(&subject, &sources);
        let mut texts: Vec<_> = sources.texts().map(|(_, text)| text.to_owned()).collect();
        let Written {
            files: written,
            mut notes,
            texts: own_texts,
        } = write_files(&stand_ins, &environment.name, run)?;
        texts.extend(own_texts);
        let seen = |path: &String| {
            written
                .get(&clean(path.as_ref()))
                .cloned()
                .unwrap_or_else(|| root.join(path))
        };
        let mut env_files = Vec::new();
        if let Some((file, text)) = write_variables(&stand_ins, &environment.name, run)? {
            env_files.push(file);
            notes.push("variables without a value here got one made for this run".to_owned());
            texts.push(text);
        }
        env_files.extend(stand_ins.env_files().iter().map(seen));
        texts.extend(
            env_files
                .iter()
                .chain(&service_files(&sources, &root))
                .filter_map(|file| regular_file::text(file).ok()),
        );
        let files = environment.files.iter().map(|file| root.join(file));
        let files: Vec<_> = files.collect();
        let directory = environment.directory_in(&root);
        let missing = of_services(checkout, environment, &written, &root);
        Ok(Self {
            call: ConfigCall {
                directory,
                files,
                env_files,
                project: None,
            },
            env_files: missing,
            notes,
            texts,
        })
    }
}

/// Env files that stand in for missing ones.
struct Written {
    /// Where each lies, by the missing one's path.
    files: BTreeMap<String, PathBuf>,
    notes: Vec<String>,
    texts: Vec<String>,
}

fn write_files(stand_ins: &StandIns, environment: &str, run: &Run) -> Result<Written, LiveError> {
    let mut written = Written {
        files: BTreeMap::new(),
        notes: Vec::new(),
        texts: Vec::new(),
    };
    for (at, (path, example)) in stand_ins.files().enumerate() {
        let text = with_own_secrets(example);
        let from = if example.is_empty() {
            "without an example"
        } else {
            "from its example"
        };
        written.notes.push(format!(
            "{path} is not here; values made for this run stand in, {from}"
        ));
        let file = run.write(&format!("env/{environment}-{at}.env"), &text)?;
        written.files.insert(clean(path.as_ref()), file);
        written.texts.push(text);
    }
    Ok(written)
}

/// A file of values for the variables that have none here, and its text; none where all have one.
fn write_variables(
    stand_ins: &StandIns,
    environment: &str,
    run: &Run,
) -> Result<Option<(PathBuf, String)>, LiveError> {
    let text = own_values(&stand_ins.variables());
    if text.is_empty() {
        return Ok(None);
    }
    let file = run.write(&format!("env/{environment}-variables.env"), &text)?;
    Ok(Some((file, text)))
}

fn service_files(sources: &Sources<'_>, root: &std::path::Path) -> Vec<PathBuf> {
    sources.needed_files().map(|path| root.join(path)).collect()
}

/// The env files of each service that names a missing one.
fn of_services(
    checkout: &Checkout<'_>,
    environment: &Environment,
    written: &BTreeMap<String, PathBuf>,
    root: &std::path::Path,
) -> BTreeMap<String, Vec<PathBuf>> {
    let mut found = BTreeMap::new();
    for service in checkout.stack.view(&environment.name).services() {
        let entries = service
            .get("env_file")
            .and_then(Value::as_list)
            .unwrap_or_default();
        let paths: Vec<_> = entries
            .iter()
            .filter_map(|entry| entry.get("path").and_then(Value::as_str))
            .map(|path| clean(&environment.directory().join(path)))
            .collect();
        if paths.iter().any(|path| written.contains_key(path)) {
            let seen = paths.iter().map(|path| {
                written
                    .get(path)
                    .cloned()
                    .unwrap_or_else(|| root.join(path))
            });
            found.insert(service.name.to_owned(), seen.collect());
        }
    }
    found
}

/// A path without `.` and `..`, as the stand-ins are known by.
fn clean(path: &std::path::Path) -> String {
    use std::path::Component;
    let cleaned = path
        .components()
        .fold(PathBuf::new(), |mut cleaned, component| {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(cleaned.pop()),
                other => cleaned.push(other),
            }
            cleaned
        });
    cleaned.to_string_lossy().into_owned()
}

/// An example's text with secrets of its own: equal ones stay equal, also inside URLs.
fn with_own_secrets(example: &str) -> String {
    let mut text = example.to_owned();
    for entry in EnvFile::parse(example)
        .entries()
        .iter()
        .filter(|entry| looks_secret(&entry.key))
    {
        if entry.value.len() >= 6 {
            text = text.replace(&entry.value, &secret());
        } else {
            // The last line that sets a variable counts.
            text.push_str(&format!("\n{}={}\n", entry.key, secret()));
        }
    }
    text
}

/// `NAME=1` with secrets of its own.
fn own_values(variables: &str) -> String {
    let own = |line: &str| match line.split_once('=') {
        Some((name, _)) if looks_secret(name) => format!("{name}={}\n", secret()),
        _ => format!("{line}\n"),
    };
    variables.lines().map(own).collect()
}

/// A secret for the time of a run, on this machine alone.
pub fn secret() -> String {
    token() + &token() + &token()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_secrets_stay_equal_and_the_rest_stays() {
        let text = with_own_secrets(
            "DB_PASSWORD=change-me\nURL=pg://app:change-me@db/x\nPORT=5432\nTOKEN=\n",
        );
        assert!(
            !text.contains("change-me") && text.contains("PORT=5432"),
            "{text}"
        );
        let value = |name: &str| {
            let parsed = EnvFile::parse(&text);
            parsed
                .entries()
                .iter()
                .rev()
                .find(|entry| entry.key == name)
                .unwrap()
                .value
                .clone()
        };
        assert!(value("URL").contains(&value("DB_PASSWORD")));
        assert_eq!(value("TOKEN").len(), 24);
        assert_eq!(own_values("PORT=1\n"), "PORT=1\n");
    }
}
