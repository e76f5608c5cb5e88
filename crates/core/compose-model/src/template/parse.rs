//! Taking a text apart.

use super::{Operator, OperatorKind, Part, Template, Variable};
use crate::budget::DEPTH;

/// A whole text as a template; else the byte of the `$` that begins no variable.
pub(super) fn template(text: &str) -> Result<Template, usize> {
    Parser { text }.template(0, text.len(), 0)
}

struct Parser<'t> {
    text: &'t str,
}

/// What a `$` begins.
enum Dollar {
    /// Text that it stands for, and where that ends.
    Text(usize),
    Variable(Variable),
}

impl Parser<'_> {
    fn template(&self, start: usize, end: usize, depth: usize) -> Result<Template, usize> {
        let (mut parts, mut literal, mut at) = (Vec::new(), String::new(), start);
        while let Some(dollar) = self.text[at..end].find('$').map(|found| at + found) {
            literal.push_str(&self.text[at..dollar]);
            match self.dollar(dollar, end, depth)? {
                Dollar::Text(behind) => {
                    literal.push('$');
                    at = behind;
                }
                Dollar::Variable(variable) => {
                    push_literal(&mut parts, std::mem::take(&mut literal));
                    at = variable.span.end;
                    parts.push(Part::Variable(variable));
                }
            }
        }
        literal.push_str(&self.text[at..end]);
        push_literal(&mut parts, literal);
        Ok(Template { parts })
    }

    fn dollar(&self, dollar: usize, end: usize, depth: usize) -> Result<Dollar, usize> {
        let behind = &self.text[dollar + 1..end];
        if behind.starts_with('$') {
            return Ok(Dollar::Text(dollar + 2));
        }
        if behind.starts_with('{') {
            return self
                .braced(dollar, end, depth)
                .map(Dollar::Variable)
                .ok_or(dollar);
        }
        let name = leading_name(behind).to_owned();
        if name.is_empty() {
            return Ok(Dollar::Text(dollar + 1));
        }
        let span = dollar..dollar + 1 + name.len();
        Ok(Dollar::Variable(Variable {
            name,
            operator: None,
            span,
        }))
    }

    /// `${NAME}` or `${NAME<operator>word}`.
    fn braced(&self, dollar: usize, end: usize, depth: usize) -> Option<Variable> {
        let open = dollar + 1;
        let close = open + closing_brace(&self.text[open..end])?;
        let name = leading_name(&self.text[open + 1..close]);
        let span = dollar..close + 1;
        let behind = open + 1 + name.len();
        if name.is_empty() || depth == DEPTH {
            return None;
        }
        let operator = if behind == close {
            None
        } else {
            Some(self.operator(behind, close, depth)?)
        };
        Some(Variable {
            name: name.to_owned(),
            operator,
            span,
        })
    }

    /// What stands between a name and the closing brace. A word keeps to its line.
    fn operator(&self, start: usize, close: usize, depth: usize) -> Option<Operator> {
        let text = &self.text[start..close];
        let sign = text.strip_prefix(':').unwrap_or(text);
        let kind = match sign.chars().next()? {
            '-' => OperatorKind::Default,
            '?' => OperatorKind::Required,
            '+' => OperatorKind::Replacement,
            _ => return None,
        };
        let word_span = close - sign.len() + 1..close;
        if self.text[word_span.clone()].contains('\n') {
            return None;
        }
        let word = self.template(word_span.start, close, depth + 1).ok()?;
        Some(Operator {
            kind,
            or_empty: sign.len() < text.len(),
            word,
            word_span,
        })
    }
}

fn push_literal(parts: &mut Vec<Part>, literal: String) {
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
}

fn leading_name(text: &str) -> &str {
    let is_name = |(at, c): (usize, char)| {
        c == '_' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit())
    };
    let end = text
        .char_indices()
        .find(|found| !is_name(*found))
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// Where the brace closes that opens the text. Where none does, because a word has an odd one,
/// Compose takes the last of the line.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.split('\n').next()?.rfind('}')
}

/// Longer texts are no path of any system, and looking for braces in them over and over takes its
/// time.
const LONGEST_PATH: usize = 4096;

/// Splits at a character, but not inside `${...}`.
pub(crate) fn split_outside(text: &str, separator: char) -> Vec<&str> {
    if text.len() > LONGEST_PATH || !text.contains("${") {
        return text.split(separator).collect();
    }
    let mut parts = Vec::with_capacity(3);
    let (mut start, mut inside) = (0, 0);
    for (at, c) in text.char_indices() {
        if at >= inside && text[at..].starts_with("${") {
            inside = at + 1 + closing_brace(&text[at + 1..]).unwrap_or(0);
        }
        if c == separator && at >= inside {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_keeps_variables_whole() {
        assert_eq!(
            split_outside("${V:-./d}:/x:ro", ':'),
            ["${V:-./d}", "/x", "ro"]
        );
        assert_eq!(
            split_outside("${A:-${B:-x}}:b", ':'),
            ["${A:-${B:-x}}", "b"]
        );
        assert_eq!(split_outside("${A:b", ':'), ["${A", "b"]);
    }
}
