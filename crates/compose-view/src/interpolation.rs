//! `${VARIABLE}` in texts, as Compose replaces it.
//!
//! Source: the interpolation chapter of the Compose specification.

use std::ops::Range;

/// A text with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text; `$$` is `$` here already.
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
    /// A `$` that starts nothing.
    #[error("invalid interpolation at byte {at} of `{text}`; write $$ for a dollar sign")]
    Invalid {
        /// The text.
        text: String,
        /// The byte of the `$`.
        at: usize,
    },
    /// A required variable has no value.
    #[error("required variable {name} is missing a value: {message}")]
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
    /// [`TemplateError::Invalid`].
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Self::parse_from(text, 0).map_err(|at| TemplateError::Invalid { text: text.to_owned(), at })
    }

    /// `base` is where `text` starts in the outermost text; the error is the byte there.
    fn parse_from(text: &str, base: usize) -> Result<Self, usize> {
        let (mut parts, mut literal, mut at) = (Vec::new(), String::new(), 0);
        while let Some(found) = text[at..].find('$') {
            let dollar = at + found;
            literal.push_str(&text[at..dollar]);
            let behind = &text[dollar + 1..];
            if behind.starts_with('$') {
                literal.push('$');
                at = dollar + 2;
                continue;
            }
            let (mut variable, length) = variable(behind, base + dollar + 1).ok_or(base + dollar)?;
            variable.span = base + dollar..base + dollar + 1 + length;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Variable(variable));
            at = dollar + 1 + length;
        }
        literal.push_str(&text[at..]);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self { parts })
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
            let Part::Variable(variable) = part else { continue };
            if !names.contains(&variable.name) {
                names.push(variable.name.clone());
            }
            if let Some(operator) = &variable.operator {
                operator.word.collect(names);
            }
        }
    }

    /// The text with its variables replaced; one that is not set is replaced by nothing.
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

impl Variable {
    fn expand(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Result<String, TemplateError> {
        let value = lookup(&self.name);
        let Some(operator) = &self.operator else { return Ok(value.unwrap_or_default()) };
        let value = value.filter(|value| !operator.or_empty || !value.is_empty());
        match (operator.kind, value) {
            (OperatorKind::Replacement, Some(_)) | (OperatorKind::Default, None) => operator.word.expand(lookup),
            (OperatorKind::Replacement, None) => Ok(String::new()),
            (_, Some(value)) => Ok(value),
            (OperatorKind::Required, None) => {
                let message = operator.word.expand(lookup)?;
                Err(TemplateError::Required { name: self.name.clone(), message })
            }
        }
    }
}

/// The variable whose name or brace starts `text`, and how many bytes it takes.
fn variable(text: &str, base: usize) -> Option<(Variable, usize)> {
    let Some(inside) = text.strip_prefix('{') else {
        let length = name_length(text);
        return (length > 0)
            .then(|| (Variable { name: text[..length].to_owned(), operator: None, span: 0..0 }, length));
    };
    let close = closing_brace(inside)?;
    let inside = &inside[..close];
    let length = name_length(inside);
    let (name, rest) = inside.split_at(length);
    let operator = operator(rest, base + 1 + length)?;
    (length > 0).then(|| (Variable { name: name.to_owned(), operator, span: 0..0 }, close + 2))
}

/// `Some(None)` for nothing behind the name, `None` for what is no operator.
#[expect(clippy::option_option, reason = "no operator and a wrong one are two things")]
fn operator(rest: &str, base: usize) -> Option<Option<Operator>> {
    if rest.is_empty() {
        return Some(None);
    }
    let or_empty = rest.starts_with(':');
    let sign = &rest[usize::from(or_empty)..];
    let kind = match sign.chars().next()? {
        '-' => OperatorKind::Default,
        '?' => OperatorKind::Required,
        '+' => OperatorKind::Replacement,
        _ => return None,
    };
    let word = Template::parse_from(&sign[1..], base + rest.len() - sign.len() + 1).ok()?;
    Some(Some(Operator { kind, or_empty, word }))
}

fn name_length(text: &str) -> usize {
    let is_name = |(at, c): (usize, char)| c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit());
    text.char_indices().find(|found| !is_name(*found)).map_or(text.len(), |(at, _)| at)
}

/// Where the brace closes that is open at the start; `${` inside opens another.
fn closing_brace(text: &str) -> Option<usize> {
    let (mut depth, mut before) = (1_usize, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '{' if before == '$' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        before = c;
    }
    None
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
            Ok(text) => text,
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn every_operator() {
        let table = [
            ("a${SET}b$SET-c", "asbs-c"),
            ("$$SET $${SET}", "$SET ${SET}"),
            ("${NO}${NO-d}${NO:-e}", "de"),
            ("${EMPTY-d}${EMPTY:-e}", "e"),
            ("${SET:+r}${SET+r}${EMPTY:+r}${EMPTY+r}${NO+r}", "rrr"),
            ("${NO:-a${SET}${NO:-b}}", "asb"),
            ("${SET:?m}${EMPTY?m}", "s"),
        ];
        for (text, expected) in table {
            assert_eq!(expand(text), expected, "{text}");
        }
        assert_eq!(expand("${NO:?say $SET}"), "error: required variable NO is missing a value: say s");
    }

    #[test]
    fn what_is_no_variable_is_an_error_with_its_place() {
        for text in ["a$", "${", "${}", "$1", "${A:x}", "${A!}", "${A"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
        assert!(expand("ab$!").contains("at byte 2"));
    }

    #[test]
    fn spans_lead_back_into_the_text() {
        let text = "redis:${TAG:-6.${MINOR:-2}}!";
        let template = Template::parse(text).unwrap();
        let Part::Variable(variable) = &template.parts()[1] else { panic!() };
        assert_eq!(&text[variable.span.clone()], "${TAG:-6.${MINOR:-2}}");
        let Part::Variable(inner) = &variable.operator.as_ref().unwrap().word.parts()[1] else { panic!() };
        assert_eq!(&text[inner.span.clone()], "${MINOR:-2}");
        assert_eq!(template.variables(), ["TAG", "MINOR"]);
    }
}
