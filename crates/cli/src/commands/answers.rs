//! Answers of a person to what no file says, and how they get into `compose/stack.yaml`.

use anyhow::{Context as _, Result};
use compose_edit::{Document, NewScalar, NewValue, Path};
use stories::{Answer, Parameter, Question, Section};

use super::Session;
use crate::root::STACK_FILE;
use crate::{ask, report};

/// An entry of `compose/stack.yaml`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    pub(super) section: Section,
    /// Its key there.
    pub(super) name: String,
    pub(super) value: Parameter,
}

/// What was asked, so that nobody is asked twice.
#[derive(Debug, Default)]
pub(super) struct Asked(Vec<(Section, String)>);

impl Asked {
    fn is_new(&mut self, answer: &Answer) -> bool {
        let key = (answer.section, answer.name.clone());
        let is_new = !self.0.contains(&key);
        if is_new {
            self.0.push(key);
        }
        is_new
    }
}

/// Asks a person what was not asked before; the answers that there are.
pub(super) fn ask(session: &Session, question: &Question, asked: &mut Asked) -> Vec<Given> {
    let new = question.answers.iter();
    let new: Vec<_> = new.filter(|answer| asked.is_new(answer)).collect();
    if new.is_empty() {
        return Vec::new();
    }
    report::question(session, question);
    let given = new.into_iter().filter_map(|answer| {
        Some(Given {
            section: answer.section,
            name: answer.name.clone(),
            value: one(session, answer)?,
        })
    });
    given.collect()
}

/// The value of one answer; none where it stays open.
fn one(session: &Session, answer: &Answer) -> Option<Parameter> {
    let default = match &answer.guess {
        Some(_) => format!("{}; - leaves it open", answer.yaml()),
        None => "it stays open".to_owned(),
    };
    let question = format!("{}? [{default}]", answer.name);
    match ask::text(&session.screen, question)?.as_str() {
        "" => answer.guess.clone(),
        "-" => None,
        number if number.parse::<u32>().is_ok() && answer.section == Section::Parameters => {
            number.parse().ok().map(Parameter::Number)
        }
        text => Some(Parameter::Text(text.to_owned())),
    }
}

/// `compose/stack.yaml` with more entries; all else stays as it is.
///
/// # Errors
/// Where its text cannot be edited.
pub(super) fn with_answers(text: &str, given: &[Given]) -> Result<String> {
    let mut text = text.to_owned();
    for section in [Section::Roles, Section::Parameters] {
        let own: Vec<_> = given.iter().filter(|one| one.section == section).collect();
        if !own.is_empty() {
            text = with_section(&text, section.key(), &own)?;
        }
    }
    Ok(text)
}

fn with_section(text: &str, key: &str, given: &[&Given]) -> Result<String> {
    let document = Document::parse(text).context(STACK_FILE)?;
    let section = Path::from([key]);
    let mut edit = document.edit();
    if document.get(&section).is_some() {
        for one in given {
            edit.insert(&section, &one.name, &new_value(&one.value), None)
                .context(STACK_FILE)?;
        }
    } else {
        let all = given
            .iter()
            .map(|one| (one.name.clone(), new_value(&one.value)));
        let all = NewValue::Map(all.collect());
        edit.insert(&Path::root(), key, &all, None)
            .context(STACK_FILE)?;
    }
    Ok(edit.finish().context(STACK_FILE)?.text().to_owned())
}

fn new_value(parameter: &Parameter) -> NewValue {
    match parameter {
        Parameter::Number(number) => NewValue::Scalar(NewScalar::int((*number).into())),
        Parameter::Text(text) => NewValue::from(text.as_str()),
        Parameter::Words(words) => NewValue::List {
            items: words
                .iter()
                .map(|word| NewValue::from(word.as_str()))
                .collect(),
            flow: true,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(section: Section, name: &str, value: Parameter) -> Given {
        let name = name.to_owned();
        Given {
            section,
            name,
            value,
        }
    }

    #[test]
    fn answers_are_added_and_all_else_stays() {
        let path = Parameter::Text("/up".to_owned());
        let answers = [
            given(Section::Parameters, "backend-health-path", path),
            given(Section::Parameters, "backend-port", Parameter::Number(80)),
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
            assert_eq!(with_answers(before, &answers).unwrap(), after);
        }
    }

    #[test]
    fn a_role_stands_in_a_section_of_its_own() {
        let name = Parameter::Text("api".to_owned());
        let answers = [
            given(Section::Parameters, "backend-port", Parameter::Number(80)),
            given(Section::Roles, "backend", name),
        ];
        let text = with_answers("roles:\n  redis: cache\n", &answers).unwrap();
        let after = "roles:\n  redis: cache\n  backend: api\nparameters:\n  backend-port: 80\n";
        assert_eq!(text, after);
    }
}
