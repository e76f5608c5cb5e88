//! A password that stands in the files as a default: who forgets the variable runs with one that
//! everybody can read.

use compose_model::{Operator, OperatorKind, Part, Template};
use diagnostics::redact::looks_secret;
use diagnostics::{Diagnostic, Location, Remedy, Severity};

use crate::{Named, Subject};

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut told: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for Named { name, .. } in subject.services() {
        for key in ["environment", "command"] {
            for written in (subject.texts)(&["services", name, key]) {
                let Some(variable) = with_default(&written.text) else {
                    continue;
                };
                if !told.contains(&variable) {
                    found.push(finding(subject, name, key, &variable, written.at));
                    told.push(variable);
                }
            }
        }
    }
    found
}

/// The first variable of a text that is called like a secret and has a default that could be one.
fn with_default(text: &str) -> Option<String> {
    if !text.contains("${") {
        return None;
    }
    let template = Template::parse(text).ok()?;
    let is_one = |part: &Part| match part {
        Part::Variable(variable) if is_password(&variable.name) => {
            let default = variable.operator.as_ref().and_then(literal_default)?;
            is_guessable(&default).then(|| variable.name.clone())
        }
        _ => None,
    };
    template.parts().iter().find_map(is_one)
}

/// A name that ends in a word for a password: `DB_PASSWORD`, `JWT_SECRET`.
fn is_password(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    let last = last.to_ascii_uppercase();
    let ends = ["PASSWORD", "PASSWD", "PASS", "SECRET", "PWD"];
    looks_secret(name) && ends.iter().any(|end| last.ends_with(end))
}

fn literal_default(operator: &Operator) -> Option<String> {
    if operator.kind != OperatorKind::Default {
        return None;
    }
    match operator.word.parts() {
        [Part::Literal(word)] => Some(word.clone()),
        _ => None,
    }
}

/// A path, a number of one digit and a word for no are no passwords.
fn is_guessable(default: &str) -> bool {
    let is_word = ["", "none", "null", "false", "true", "no", "yes", "disabled"];
    default.len() > 1
        && !default.starts_with('/')
        && !is_word.contains(&default.to_ascii_lowercase().as_str())
}

fn finding(
    subject: &Subject<'_>,
    service: &str,
    key: &str,
    variable: &str,
    at: Option<Location>,
) -> Diagnostic {
    let message = format!(
        "{variable} has a default in the file: where nothing sets it, {service} runs with a \
         password that everybody can read"
    );
    let remedy = format!("Write ${{{variable}:?}}, and set it in the env file.");
    let path = ["services", service, key].join(".");
    Diagnostic::new("default-password", Severity::Warning, path, message)
        .of(subject.environment)
        .at(at)
        .with_remedies(vec![Remedy::advice("", remedy)])
}
