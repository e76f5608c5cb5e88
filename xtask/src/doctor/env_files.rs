//! Env files: there, complete, without placeholders, private, and not in git. Values are looked at and never told.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use compose_view::EnvFile;

use super::{Finding, Place};
use crate::check::looks_secret;
use crate::checkout::{Checkout, example_of};
use crate::git::{self, Tracked};
use crate::model;
use crate::regular_file;
use crate::shell_word::quoted;

/// What an example says where everybody needs a value of their own.
pub const PLACEHOLDER: &str = "CHANGE_ME";

const CHECK: &str = "env";

pub(super) fn check(place: Place<'_>) -> Vec<Finding> {
    let Place { checkout, environment, .. } = place;
    let mut findings = Vec::new();
    for path in &checkout.env_files(environment) {
        let file = checkout.root.join(path);
        let Ok(text) = regular_file::text(&file) else {
            findings.push(absent(place, path));
            continue;
        };
        let own = EnvFile::parse(&text);
        let before = findings.len();
        findings.extend(incomplete(place, (path, &own)));
        findings.extend(placeholders(path, &own));
        if own.entries().iter().any(|entry| looks_secret(&entry.key) && !entry.value.is_empty()) {
            findings.extend(readable(checkout, path));
            findings.extend(published(checkout, path));
        }
        if findings.len() == before {
            findings.push(Finding::ok(CHECK, format!("{path} is there, complete and private")));
        }
    }
    let unset = model::unset(checkout, environment);
    let missing = checkout.missing.iter().any(|missing| missing.environment == environment);
    if !unset.is_empty() && !missing {
        let says = format!("{environment}: nothing gives {} a value", unset.join(", "));
        let last = checkout.stack.layout.environments[environment].env_files.last();
        let file = last.map_or(".env", String::as_str);
        findings.push(Finding::fail(CHECK, says, format!("write it into {file}")));
    }
    findings
}

fn absent(place: Place<'_>, path: &str) -> Finding {
    let Place { checkout, environment, .. } = place;
    if checkout.root.join(path).exists() {
        return Finding::fail(CHECK, format!("{path} cannot be read"), format!("ls -l {}", quoted(path)));
    }
    match example_of(&checkout.root, path) {
        Some(example) => Finding::fail(
            CHECK,
            format!("{path} is missing"),
            format!("{}   # makes it from {example}", place.command("onboard")),
        ),
        None => {
            let needed = model::unset(checkout, environment);
            let with = if needed.is_empty() { String::new() } else { format!(" with {}", needed.join(", ")) };
            Finding::fail(CHECK, format!("{path} is missing, and no example lies beside it"), format!("write it{with}"))
        }
    }
}

/// A key that every use has a default for is missed by nobody.
fn incomplete(place: Place<'_>, (path, own): (&str, &EnvFile)) -> Option<Finding> {
    let Place { checkout, environment, .. } = place;
    let example = example_of(&checkout.root, path)?;
    let text = regular_file::text(checkout.root.join(&example)).ok()?;
    let wanted = EnvFile::parse(&text);
    let lacks = |key: &&str| own.get(key).is_none();
    let mut names: Vec<_> = wanted.entries().iter().map(|entry| entry.key.as_str()).filter(lacks).collect();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let unset = model::unset(checkout, environment);
    let says = format!("{path} lacks {} of {example}", names.join(", "));
    let mend = format!("{}   # adds what is missing", place.command("onboard"));
    Some(match names.iter().any(|name| unset.iter().any(|unset| unset == name)) {
        true => Finding::fail(CHECK, says, mend),
        false => Finding::warn(CHECK, says, mend),
    })
}

fn placeholders(path: &str, own: &EnvFile) -> Vec<Finding> {
    let names = |wanted: fn(&str) -> bool| {
        let entries = own.entries().iter().filter(|entry| wanted(&entry.value));
        entries.map(|entry| entry.key.as_str()).collect::<Vec<_>>()
    };
    let told = names(|value| value == PLACEHOLDER);
    let alike = names(|value| value != PLACEHOLDER && is_alike(value));
    let finding = |names: &[&str]| {
        let says = format!("{path}: {} still a placeholder", is_or_are(names));
        (says, format!("${{EDITOR:-vi}} {}   # a value of your own", quoted(path)))
    };
    let mut findings = Vec::new();
    if !told.is_empty() {
        let (says, mend) = finding(&told);
        findings.push(Finding::fail(CHECK, says, mend));
    }
    if !alike.is_empty() {
        let (says, mend) = finding(&alike);
        findings.push(Finding::warn(CHECK, says, mend));
    }
    findings
}

/// `change-me`, `changeme`, `ChangeMe!`.
fn is_alike(value: &str) -> bool {
    let letters: String = value.chars().filter(char::is_ascii_alphabetic).collect();
    letters.eq_ignore_ascii_case("changeme")
}

fn is_or_are(names: &[&str]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}

fn readable(checkout: &Checkout, path: &str) -> Option<Finding> {
    let mode = fs::metadata(checkout.root.join(path)).ok()?.permissions().mode() & 0o777;
    let says = format!("{path} has secrets and mode {mode:04o}: others on this machine read it");
    (mode & 0o077 != 0).then(|| Finding::warn(CHECK, says, format!("chmod 600 {}", quoted(path))))
}

fn published(checkout: &Checkout, path: &str) -> Option<Finding> {
    match git::tracked(&checkout.root, path) {
        Tracked::NoGit | Tracked::Ignored => None,
        Tracked::Yes => Some(Finding::warn(
            CHECK,
            format!("{path} has secrets and is in git"),
            format!("git rm --cached {p} && echo /{p} >> .gitignore", p = quoted(path)),
        )),
        Tracked::No => Some(Finding::fail(
            CHECK,
            format!("{path} has secrets, and git does not ignore it"),
            format!("echo /{} >> .gitignore", quoted(path)),
        )),
    }
}
