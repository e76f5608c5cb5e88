//! What no file says, asked on a terminal: the answer goes into `compose/stack.yaml`, for everybody.

use anyhow::{Context as _, Result};
use compose_edit::{Document, NewScalar, NewValue, Path};
use stories::{Answer, Parameter, Question, State};
use transaction::{CheckoutWriter, Digest, Write};

use super::request::{MigrateRequest, Purpose};
use crate::ask;
use crate::checkout::{Checkout, Unreadable, read_text};
use crate::commands::Session;
use crate::report;
use crate::root::STACK_FILE;

/// Asks what the stories wait for, each once, and writes the answers; whether there were any, so
/// that the checkout is to be read anew.
pub(super) fn settle(
    session: &Session,
    checkout: &Checkout,
    request: &MigrateRequest,
    writer: &mut CheckoutWriter,
) -> Result<bool> {
    let is_asked = matches!(request.purpose, Purpose::Write) && ask::is_possible(&session.screen);
    if !is_asked || request.accept_guesses {
        return Ok(false);
    }
    let mut given: Vec<(String, Parameter)> = Vec::new();
    for question in open(checkout, request) {
        report::question(session, &question);
        for answer in &question.answers {
            let is_known = given.iter().any(|(name, _)| *name == answer.parameter);
            let value = if is_known { None } else { one(session, answer) };
            given.extend(value.map(|value| (answer.parameter.clone(), value)));
        }
    }
    if given.is_empty() {
        return Ok(false);
    }
    let before = match read_text(&checkout.root, STACK_FILE) {
        Ok(text) => Some(text),
        Err(Unreadable::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let text = with_parameters(before.as_deref().unwrap_or_default(), &given)?;
    let write = Write {
        path: STACK_FILE.to_owned(),
        before: before.as_deref().map(Digest::of),
        text: Some(text),
    };
    writer.commit(STACK_FILE, &[write])?;
    session
        .screen
        .talk(format_args!("Written into {STACK_FILE}; commit it."));
    Ok(true)
}

/// The questions of all stories, each once.
fn open(checkout: &Checkout, request: &MigrateRequest) -> Vec<Question> {
    let mut open: Vec<Question> = Vec::new();
    for story in &request.stories {
        for environment in &request.scope {
            let State::Question(question) = checkout.checklist().state(story, environment) else {
                continue;
            };
            if !open.iter().any(|known| known.answers == question.answers) {
                open.push(*question);
            }
        }
    }
    open
}

/// The value of one parameter; none where it stays open.
fn one(session: &Session, answer: &Answer) -> Option<Parameter> {
    let default = match &answer.guess {
        Some(_) => format!("default: {}; - leaves it open", answer.yaml()),
        None => "default: it stays open".to_owned(),
    };
    let question = format!("What is {}? [{default}]", answer.what);
    match ask::text(&session.screen, question)?.as_str() {
        "" => answer.guess.clone(),
        "-" => None,
        number if number.parse::<u32>().is_ok() => number.parse().ok().map(Parameter::Number),
        text => Some(Parameter::Text(text.to_owned())),
    }
}

/// `compose/stack.yaml` with more parameters; all else stays as it is.
fn with_parameters(text: &str, given: &[(String, Parameter)]) -> Result<String> {
    let document = Document::parse(text).context(STACK_FILE)?;
    let section = Path::from(["parameters"]);
    let value = |parameter: &Parameter| match parameter {
        Parameter::Number(number) => NewValue::Scalar(NewScalar::int((*number).into())),
        Parameter::Text(text) => NewValue::from(text.as_str()),
        Parameter::Words(words) => NewValue::List {
            items: words
                .iter()
                .map(|word| NewValue::from(word.as_str()))
                .collect(),
            flow: true,
        },
    };
    let mut edit = document.edit();
    if document.get(&section).is_some() {
        for (name, parameter) in given {
            edit.insert(&section, name, &value(parameter), None)
                .context(STACK_FILE)?;
        }
    } else {
        let all = given
            .iter()
            .map(|(name, parameter)| (name.clone(), value(parameter)));
        let all = NewValue::Map(all.collect());
        edit.insert(&Path::root(), "parameters", &all, None)
            .context(STACK_FILE)?;
    }
    Ok(edit.finish().context(STACK_FILE)?.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_added_and_all_else_stays() {
        let given = [
            (
                "backend-health-path".to_owned(),
                Parameter::Text("/up".to_owned()),
            ),
            ("backend-port".to_owned(), Parameter::Number(80)),
        ];
        let section = "parameters:\n  backend-health-path: /up\n  backend-port: 80\n";
        let table = [
            ("", section.to_owned()),
            (
                "# ours\nroles: { backend: api }\n",
                format!("# ours\nroles: {{ backend: api }}\n{section}"),
            ),
            (
                "parameters:\n  a: 1 # one\n",
                section.replace(":\n  b", ":\n  a: 1 # one\n  b"),
            ),
        ];
        for (before, after) in table {
            assert_eq!(with_parameters(before, &given).unwrap(), after);
        }
    }
}
