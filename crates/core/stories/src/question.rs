//! What a story must know and no file says.

use crate::Parameter;
use crate::layout::plain_or_quoted;

/// A question that a person answers in `compose/stack.yaml`; until then the story waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `file:line:column` of the service that it is about.
    pub at: String,
    /// The service.
    pub service: String,
    /// The question, with its mark.
    pub asks: String,
    /// What the files say, with their places, an item each.
    pub found: Vec<String>,
    /// What they say differently, an item for each value that is open.
    pub contradictions: Vec<String>,
    /// What would be taken unasked with `--accept-guesses`; none where nothing can be.
    pub guesses: Vec<String>,
    /// What settles it in `compose/stack.yaml`, all in one section.
    pub answers: Vec<Answer>,
}

/// The part of `compose/stack.yaml` in which an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Names of services, by role.
    Roles,
    /// Values, by name.
    Parameters,
}

impl Section {
    /// Its key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Parameters => "parameters",
        }
    }
}

/// An entry of `compose/stack.yaml` that settles a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where it stands.
    pub section: Section,
    /// Its key there: a role, or a parameter's name.
    pub name: String,
    /// What is asked for, in a few words: `the port that api listens on`.
    pub what: String,
    /// The guess; none where nothing is likely.
    pub guess: Option<Parameter>,
}

impl Answer {
    /// The guess as YAML, a form to fill in where there is none.
    #[must_use]
    pub fn yaml(&self) -> String {
        match &self.guess {
            None => match self.section {
                Section::Roles => "NAME".to_owned(),
                Section::Parameters => "[CMD, PROGRAM, ARGUMENT]".to_owned(),
            },
            Some(Parameter::Number(number)) => number.to_string(),
            Some(Parameter::Text(text)) => plain_or_quoted(text),
            Some(Parameter::Words(words)) => {
                let words: Vec<_> = words.iter().map(|word| plain_or_quoted(word)).collect();
                format!("[{}]", words.join(", "))
            }
        }
    }
}

impl Question {
    /// Whether there is a guess that can be taken.
    #[must_use]
    pub fn has_guess(&self) -> bool {
        !self.guesses.is_empty()
    }

    /// The line of `compose/stack.yaml` that settles it.
    #[must_use]
    pub fn settle(&self) -> String {
        let section = self.answers.first().map_or("", |first| first.section.key());
        let answers: Vec<_> = self
            .answers
            .iter()
            .map(|answer| format!("{}: {}", answer.name, answer.yaml()))
            .collect();
        format!("{section}: {{ {} }}", answers.join(", "))
    }
}
