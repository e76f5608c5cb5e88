//! `${VARIABLE}` in texts: [Compose's
//! interpolation](https://docs.docker.com/reference/compose-file/interpolation/), as Docker Compose
//! 2.40.3 does it.

mod parse;
mod pieces;

use std::ops::Range;

pub(crate) use parse::split_outside;
pub use pieces::{GivenBy, Piece};

/// A text with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text; `$$` is `$` here already, and a `$` that begins nothing stands for itself.
    Literal(String),
    /// A variable.
    Variable(Variable),
}

/// A variable of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What is done when it is set, unset or empty.
    pub operator: Option<Operator>,
    /// Its bytes in the outermost text, `$` and braces included.
    pub span: Range<usize>,
}

/// What a variable says behind its name: `:-word` and its kin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Which one.
    pub kind: OperatorKind,
    /// Whether an empty value counts as none (`:` before it).
    pub or_empty: bool,
    /// The word behind it.
    pub word: Template,
    /// The word's bytes in the outermost text.
    pub word_span: Range<usize>,
}

/// `-`, `?` or `+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    /// The word where there is no value.
    Default,
    /// An error where there is no value; the word is its message.
    Required,
    /// The word where there is a value.
    Replacement,
}

/// Why a text is no template, or cannot be expanded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A `${` that is no variable.
    #[error("invalid interpolation at byte {at} of `{text}`; write $$ for a dollar sign")]
    Invalid {
        /// The text.
        text: String,
        /// The byte of the `$`.
        at: usize,
    },
    /// A required variable has no value.
    #[error("required variable {name} is missing a value{}{message}", if message.is_empty() { "" } else { ": " })]
    Required {
        /// The variable.
        name: String,
        /// The message that the text gives.
        message: String,
    },
}

impl Template {
    /// Takes a text apart.
    ///
    /// # Errors
    /// [`TemplateError::Invalid`]; Compose rejects a file with such a text.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        parse::template(text).map_err(|at| TemplateError::Invalid {
            text: text.to_owned(),
            at,
        })
    }

    /// Its parts in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The names of its variables, those inside words too, each once.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect(&self, names: &mut Vec<String>) {
        for part in &self.parts {
            let Part::Variable(variable) = part else {
                continue;
            };
            if !names.contains(&variable.name) {
                names.push(variable.name.clone());
            }
            if let Some(operator) = &variable.operator {
                operator.word.collect(names);
            }
        }
    }

    /// The text with its variables replaced; one that is not set is replaced by nothing. Words are
    /// expanded whether they are needed or not, so a required variable inside one is required in
    /// any case.
    ///
    /// # Errors
    /// [`TemplateError::Required`].
    pub fn expand(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, TemplateError> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Variable(variable) => text.push_str(&variable.expand(lookup)?),
            }
        }
        Ok(text)
    }
}

/// Around the name of a variable that is not set, in a text whose variables are replaced; no YAML
/// file can spell these but by an escape.
const UNSET: (char, char) = ('\u{2}', '\u{3}');

/// Whether a text has variables that are still to be replaced, or that nothing sets: it cannot be
/// read as a number yet.
pub(crate) fn is_open(text: &str) -> bool {
    text.contains(['$', UNSET.0])
}

/// The first variable that nothing set when the text's variables were replaced.
pub(crate) fn unset(text: &str) -> Option<&str> {
    let (_, behind) = text.split_once(UNSET.0)?;
    behind.split_once(UNSET.1).map(|(name, _)| name)
}

impl Template {
    /// The text with its variables replaced; one that nothing sets, and that has no word in its
    /// place, stays marked for [`unset`].
    pub(crate) fn expand_or_mark(&self, lookup: &dyn Fn(&str) -> Option<String>) -> String {
        let part = |part: &Part| match part {
            Part::Literal(literal) => literal.clone(),
            Part::Variable(variable) => variable.expand_or_mark(lookup),
        };
        self.parts.iter().map(part).collect()
    }
}

impl Variable {
    fn expand_or_mark(&self, lookup: &dyn Fn(&str) -> Option<String>) -> String {
        let unset = || format!("{}{}{}", UNSET.0, self.name, UNSET.1);
        let Some(operator) = &self.operator else {
            return lookup(&self.name).unwrap_or_else(unset);
        };
        let value = lookup(&self.name).filter(|value| !operator.or_empty || !value.is_empty());
        match (operator.kind, value) {
            (OperatorKind::Replacement, Some(_)) | (OperatorKind::Default, None) => {
                operator.word.expand_or_mark(lookup)
            }
            (OperatorKind::Replacement, None) => String::new(),
            (OperatorKind::Required, None) => unset(),
            (_, Some(value)) => value,
        }
    }

    fn expand(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, TemplateError> {
        let value = lookup(&self.name);
        let Some(operator) = &self.operator else {
            return Ok(value.unwrap_or_default());
        };
        let word = operator.word.expand(lookup)?;
        let value = value.filter(|value| !operator.or_empty || !value.is_empty());
        match (operator.kind, value) {
            (OperatorKind::Replacement, Some(_)) | (OperatorKind::Default, None) => Ok(word),
            (OperatorKind::Replacement, None) => Ok(String::new()),
            (_, Some(value)) => Ok(value),
            (OperatorKind::Required, None) => Err(TemplateError::Required {
                name: self.name.clone(),
                message: word,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> String {
        let lookup = |name: &str| match name {
            "SET" => Some("s".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        match Template::parse(text).and_then(|template| template.expand(&lookup)) {
            Ok(expanded) => expanded,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn variables_are_replaced() {
        for (text, expanded) in [
            ("a", "a"),
            ("$SET.x", "s.x"),
            ("$SET$SET", "ss"),
            ("${SET}", "s"),
            ("${NONE}", ""),
            ("{$SET}", "{s}"),
            ("a}${SET}", "a}s"),
            ("${_a1}", ""),
        ] {
            assert_eq!(expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn operators_choose_the_word() {
        for (text, expanded) in [
            ("${NONE:-d}", "d"),
            ("${NONE-d}", "d"),
            ("${EMPTY:-d}", "d"),
            ("${EMPTY-d}", ""),
            ("${SET:-d}", "s"),
            ("${SET:+r}", "r"),
            ("${EMPTY:+r}", ""),
            ("${EMPTY+r}", "r"),
            ("${NONE+r}", ""),
            ("${EMPTY?m}", ""),
            ("${NONE-}", ""),
        ] {
            assert_eq!(expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn required_variables_are_named() {
        assert_eq!(
            expand("${NONE?say}"),
            "required variable NONE is missing a value: say"
        );
        assert_eq!(
            expand("${EMPTY:?}"),
            "required variable EMPTY is missing a value"
        );
        assert_eq!(
            expand("${NONE:?${SET}}"),
            "required variable NONE is missing a value: s"
        );
        assert_eq!(
            expand("${SET:-${NONE:?no}}"),
            "required variable NONE is missing a value: no"
        );
    }

    #[test]
    fn words_hold_words() {
        for (text, expanded) in [
            ("${NONE:-${SET}}", "s"),
            ("${NONE:-${EMPTY:-z}}", "z"),
            ("${NONE:-${SET:-a}-${SET}}", "s-s"),
            (r#"${NONE:-{"a":1}}"#, r#"{"a":1}"#),
            ("${NONE:-a}b}", "ab}"),
            ("${NONE:-a{b}", "a{b"),
            ("${NONE:-{}", "{"),
            ("${NONE:-}}", "}"),
            ("${NONE:-a:-b}", "a:-b"),
            ("${NONE-a?b}", "a?b"),
        ] {
            assert_eq!(expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn a_dollar_may_mean_itself() {
        for (text, expanded) in [
            ("$$SET", "$SET"),
            ("$${SET}", "${SET}"),
            ("$$$SET", "$s"),
            ("$", "$"),
            ("a$", "a$"),
            ("$1", "$1"),
            ("$é", "$é"),
            ("$${", "${"),
            ("${NONE:-$$y}", "$y"),
            ("${NONE:-$}", "$"),
        ] {
            assert_eq!(expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn what_begins_with_a_brace_must_be_a_variable() {
        for text in [
            "${}",
            "${X",
            "${X.y}",
            "${X:y}",
            "${ X }",
            "${1a}",
            "${é}",
            "${X:-${}",
            "${X:-a\nb}",
        ] {
            let error = Template::parse(text).unwrap_err();
            assert!(
                matches!(error, TemplateError::Invalid { .. }),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn spans_lead_back_into_the_text() {
        let text = "a ${IMAGE:-redis:${TAG:-6.2}} b";
        let template = Template::parse(text).unwrap();
        let [Part::Literal(_), Part::Variable(outer), Part::Literal(_)] = template.parts() else {
            panic!("{template:?}")
        };
        assert_eq!(
            (outer.name.as_str(), &text[outer.span.clone()]),
            ("IMAGE", "${IMAGE:-redis:${TAG:-6.2}}")
        );
        let operator = outer.operator.as_ref().unwrap();
        assert_eq!(&text[operator.word_span.clone()], "redis:${TAG:-6.2}");
        let [Part::Literal(_), Part::Variable(inner)] = operator.word.parts() else {
            panic!("{operator:?}")
        };
        assert_eq!(&text[inner.span.clone()], "${TAG:-6.2}");
        assert_eq!(template.variables(), ["IMAGE", "TAG"]);
    }
}
