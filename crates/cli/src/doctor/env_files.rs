//! Env files: there, complete, without placeholders, private, and not in git. Values are looked at
//! and never told.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use compose_model::{EnvEntry, EnvFile, Environment};
use diagnostics::redact::looks_secret;
use diagnostics::shell_quote::quoted;
use diagnostics::{Diagnostic, Remedy};
use system::regular_file;

use super::{Subject, failure, pass, warning};
use crate::checkout::{Checkout, MissingEnvFile, example_of};
use crate::git::{self, Tracked};
use crate::model;
use crate::settings::placeholder::{TOKEN, is_chosen_here, is_placeholder};
use crate::settings::urls::is_left_behind;

const CHECK: &str = "env";

pub(super) fn check(subject: Subject<'_>) -> Vec<Diagnostic> {
    let Subject {
        checkout,
        environment,
        ..
    } = subject;
    let mut findings = Vec::new();
    for path in &checkout.env_files(environment) {
        let file = checkout.root.join(path);
        let Ok(text) = regular_file::text(&file) else {
            findings.push(absent(subject, path));
            continue;
        };
        let own = EnvFile::parse(&text);
        let before = findings.len();
        findings.extend(incomplete(subject, path, &own));
        let known = known(checkout, path);
        findings.extend(placeholders(checkout, path, &own, &known));
        // What everybody knows is not to be kept from anybody.
        let is_secret = |entry: &EnvEntry| {
            looks_secret(&entry.key)
                && !entry.value.is_empty()
                && Standing::of(entry, &own, &known) == Standing::Own
        };
        if own.entries().iter().any(is_secret) {
            findings.extend(readable(checkout, path));
            findings.extend(published(checkout, path));
        }
        if findings.len() == before {
            findings.push(pass(
                CHECK,
                format!("{path} is there, complete and private"),
            ));
        }
    }
    let unset = model::unset(checkout, environment);
    let missing = checkout
        .missing
        .iter()
        .any(|missing| missing.environment == environment.name);
    if !unset.is_empty() && !missing {
        let says = format!(
            "{}: nothing gives {} a value",
            environment.name,
            unset.join(", ")
        );
        let file = environment
            .listed_env_files
            .last()
            .map_or(".env", String::as_str);
        findings.push(failure(
            CHECK,
            says,
            Remedy::advice("", format!("write it into {file}")),
        ));
    }
    findings
}

fn absent(subject: Subject<'_>, path: &str) -> Diagnostic {
    let Subject {
        checkout,
        environment,
        ..
    } = subject;
    if checkout.root.join(path).exists() {
        return failure(
            CHECK,
            format!("{path} cannot be read"),
            format!("ls -l {}", here(checkout, path)),
        );
    }
    let is_missed =
        |missing: &MissingEnvFile| missing.environment == environment.name && missing.path == *path;
    if !checkout.missing.iter().any(is_missed) {
        return pass(
            CHECK,
            format!(
                "{path} is not here, and nothing in {} needs it",
                environment.name
            ),
        );
    }
    match example_of(&checkout.root, path) {
        Some(example) => failure(
            CHECK,
            format!("{path} is missing"),
            subject.make_ready(&format!("makes it from {example}")),
        ),
        None => {
            let needed = model::unset(checkout, environment);
            let with = if needed.is_empty() {
                String::new()
            } else {
                format!(" with {}", needed.join(", "))
            };
            failure(
                CHECK,
                format!("{path} is missing, and no example lies beside it"),
                Remedy::advice("", format!("write it{with}")),
            )
        }
    }
}

/// A key that every use has a default for is missed by nobody.
fn incomplete(subject: Subject<'_>, path: &str, own: &EnvFile) -> Option<Diagnostic> {
    let Subject {
        checkout,
        environment,
        ..
    } = subject;
    let example = example_of(&checkout.root, path)?;
    let text = regular_file::text(checkout.root.join(&example)).ok()?;
    let wanted = EnvFile::parse(&text);
    let lacks = |key: &&str| own.get(key).is_none();
    let mut names: Vec<_> = wanted
        .entries()
        .iter()
        .map(|entry| entry.key.as_str())
        .filter(lacks)
        .collect();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let unset = model::unset(checkout, environment);
    let says = format!("{path} lacks {} of {example}", names.join(", "));
    let mend = subject.make_ready("adds what is missing");
    Some(
        match names
            .iter()
            .any(|name| unset.iter().any(|unset| unset == name))
        {
            true => failure(CHECK, says, mend),
            false => warning(CHECK, says, mend),
        },
    )
}

/// The example that lies beside an env file, and what it says; nothing where there is none.
#[derive(Default)]
struct Known {
    example: String,
    values: EnvFile,
}

fn known(checkout: &Checkout, path: &str) -> Known {
    let found = example_of(&checkout.root, path).and_then(|example| {
        let text = regular_file::text(checkout.root.join(&example)).ok()?;
        Some(Known {
            example,
            values: EnvFile::parse(&text),
        })
    });
    found.unwrap_or_default()
}

/// What a value of an env file is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It is the file's own.
    Own,
    /// The word by which this tool's examples ask for one.
    Token,
    /// It stands for one in other words, or is empty where a secret is wanted.
    Placeholder,
    /// A URL with a password of the example that no secret has any more.
    LeftBehind,
    /// A secret that the example says too.
    AsInExample,
}

impl Standing {
    fn of(entry: &EnvEntry, own: &EnvFile, known: &Known) -> Self {
        let is_known = || known.values.get(&entry.key) == Some(entry.value.as_str());
        match entry.value.as_str() {
            TOKEN => Self::Token,
            _ if is_left_behind(entry, own, &known.values) => Self::LeftBehind,
            value if is_placeholder(&entry.key, value) => Self::Placeholder,
            value if !value.is_empty() && is_a_password(&entry.key, value) && is_known() => {
                Self::AsInExample
            }
            _ => Self::Own,
        }
    }
}

/// Whether a value is a secret by its name: a path of a file and a number of seconds are none, nor
/// is a switch.
fn is_a_password(name: &str, value: &str) -> bool {
    let is_word = value.len() > 1
        && !value.bytes().all(|byte| byte.is_ascii_digit())
        && !value.starts_with('/');
    is_word && is_chosen_here(name)
}

fn placeholders(checkout: &Checkout, path: &str, own: &EnvFile, known: &Known) -> Vec<Diagnostic> {
    let names = |standing| {
        let entries = own
            .entries()
            .iter()
            .filter(|entry| Standing::of(entry, own, known) == standing);
        entries.map(|entry| entry.key.as_str()).collect::<Vec<_>>()
    };
    let finding = |standing, one: &str, several: &str, wanted: &str| {
        let names = names(standing);
        let is = if names.len() == 1 { one } else { several };
        let says = format!("{path}: {} {is}", listed(&names));
        (!names.is_empty()).then(|| {
            (
                says,
                format!("${{EDITOR:-vi}} {}   # {wanted}", here(checkout, path)),
            )
        })
    };
    let (one, several) = (
        "still has a placeholder value",
        "still have placeholder values",
    );
    let in_example =
        ["is", "are"].map(|verb| format!("{verb} as in {}, which everybody reads", known.example));
    let [is_in_example, are_in_example] = &in_example;
    let left_behind = format!(
        "the password of {}, which no secret has any more",
        known.example
    );
    let [has_left, have_left] = ["has", "have"].map(|verb| format!("still {verb} {left_behind}"));
    let own_value = "a value of your own";
    let fails = [
        finding(Standing::Token, one, several, own_value),
        finding(
            Standing::LeftBehind,
            &has_left,
            &have_left,
            "the password of the secret that it is for",
        ),
    ];
    let warnings = [
        finding(Standing::Placeholder, one, several, own_value),
        finding(
            Standing::AsInExample,
            is_in_example,
            are_in_example,
            own_value,
        ),
    ];
    let fails = fails.into_iter().flatten();
    let warnings = warnings.into_iter().flatten();
    fails
        .map(|(says, mend)| failure(CHECK, says, mend))
        .chain(warnings.map(|(says, mend)| warning(CHECK, says, mend)))
        .collect()
}

/// `A`, `A and B`, `A, B and C`.
fn listed(names: &[&str]) -> String {
    match names {
        [head @ .., last] if !head.is_empty() => format!("{} and {last}", head.join(", ")),
        names => names.concat(),
    }
}

/// The variables of an environment's env files that have a placeholder for a value, in sentences;
/// no value is told.
#[must_use]
pub fn still_placeholders(checkout: &Checkout, environment: &Environment) -> Vec<String> {
    let of = |path: String| {
        let own = EnvFile::parse(&regular_file::text(checkout.root.join(&path)).ok()?);
        Some(placeholders(checkout, &path, &own, &known(checkout, &path)))
    };
    let findings = checkout
        .env_files(environment)
        .into_iter()
        .filter_map(of)
        .flatten();
    findings
        .map(|finding| format!("{}: {}", environment.name, finding.message))
        .collect()
}

/// A file of the checkout as a shell takes it from here.
fn here(checkout: &Checkout, path: &str) -> String {
    system::here::quoted(&checkout.root.join(path))
}

fn readable(checkout: &Checkout, path: &str) -> Option<Diagnostic> {
    let mode = fs::metadata(checkout.root.join(path))
        .ok()?
        .permissions()
        .mode()
        & 0o777;
    let says = format!("{path} has secrets and mode {mode:04o}: others on this machine read it");
    (mode & 0o077 != 0).then(|| warning(CHECK, says, format!("chmod 600 {}", here(checkout, path))))
}

fn published(checkout: &Checkout, path: &str) -> Option<Diagnostic> {
    let ignored = format!("echo /{} >> {}", quoted(path), here(checkout, ".gitignore"));
    match git::tracked(&checkout.root, path) {
        Tracked::NoGit | Tracked::Ignored => None,
        Tracked::Yes => Some(warning(
            CHECK,
            format!("{path} has secrets and is in git"),
            format!(
                "{} rm --cached {} && {ignored}",
                git::spelt(&checkout.root),
                quoted(path)
            ),
        )),
        Tracked::No => Some(failure(
            CHECK,
            format!("{path} has secrets, and git does not ignore it"),
            ignored,
        )),
    }
}
