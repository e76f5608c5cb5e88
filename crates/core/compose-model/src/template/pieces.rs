//! An expanded text in pieces, each with what gives it.

use std::ops::Range;

use super::{OperatorKind, Part, Template, TemplateError, Variable};

/// A stretch of an expanded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it comes to.
    pub text: String,
    /// What gives it.
    pub by: GivenBy,
}

/// What gives a [`Piece`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenBy {
    /// These bytes of the text itself, be it in the word of a variable that is used; none where
    /// they are not what they come to, as for `$$`.
    Text(Option<Range<usize>>),
    /// The value of this variable.
    Value(String),
    /// Nothing: this variable is not set, or empty, and no word takes its place.
    Unset(String),
    /// Nothing: this variable has no value and must have one.
    Missing(String),
}

impl Template {
    /// The text with its variables replaced, in pieces that come to what [`Template::expand`] gives;
    /// a required variable without a value is a piece of its own.
    #[must_use]
    pub fn pieces(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Vec<Piece> {
        self.pieces_from(0, lookup)
    }

    /// The same for a word that starts at a byte of the outermost text.
    fn pieces_from(&self, start: usize, lookup: &dyn Fn(&str) -> Option<String>) -> Vec<Piece> {
        let (mut pieces, mut at) = (Vec::new(), start);
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Variable(variable) => {
                    pieces.extend(variable.pieces(lookup));
                    at = variable.span.end;
                }
                Part::Literal(text) => {
                    let next = self.parts.get(index + 1).and_then(|next| match next {
                        Part::Variable(variable) => Some(variable.span.start),
                        Part::Literal(_) => None,
                    });
                    let end = at + text.len();
                    let is_plain = !text.contains('$') && next.is_none_or(|next| next == end);
                    pieces.push(Piece {
                        text: text.clone(),
                        by: GivenBy::Text(is_plain.then_some(at..end)),
                    });
                    at = next.unwrap_or(end);
                }
            }
        }
        pieces
    }
}

impl Variable {
    fn pieces(&self, lookup: &dyn Fn(&str) -> Option<String>) -> Vec<Piece> {
        let nothing = |by: fn(String) -> GivenBy| Piece {
            text: String::new(),
            by: by(self.name.clone()),
        };
        let given = |value: Option<String>| match value {
            Some(text) if !text.is_empty() => Piece {
                text,
                by: GivenBy::Value(self.name.clone()),
            },
            _ => nothing(GivenBy::Unset),
        };
        let Some(operator) = &self.operator else {
            return vec![given(lookup(&self.name))];
        };
        let value = lookup(&self.name).filter(|value| !operator.or_empty || !value.is_empty());
        let is_word = matches!(
            (operator.kind, &value),
            (OperatorKind::Replacement, Some(_)) | (OperatorKind::Default, None)
        );
        if is_word {
            let mut pieces = operator.word.pieces_from(operator.word_span.start, lookup);
            if pieces.iter().all(|piece| piece.text.is_empty()) {
                pieces.push(nothing(GivenBy::Unset));
            }
            return pieces;
        }
        let mut pieces = vec![match (operator.kind, value) {
            (OperatorKind::Required, None) => nothing(GivenBy::Missing),
            (OperatorKind::Replacement, None) => nothing(GivenBy::Unset),
            (_, value) => given(value),
        }];
        // A word is expanded though it is not used.
        if let Err(TemplateError::Required { name, .. }) = operator.word.expand(lookup) {
            pieces.push(Piece {
                text: String::new(),
                by: GivenBy::Missing(name),
            });
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece as `what=text`: the bytes of the text, or the variable with a mark.
    fn pieces(text: &str) -> Vec<String> {
        let lookup = |name: &str| match name {
            "SET" => Some("s".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let pieces = Template::parse(text).unwrap().pieces(&lookup);
        let told = |Piece { text: come, by }: Piece| match by {
            GivenBy::Text(Some(range)) => {
                assert_eq!(text[range.clone()], come, "{text}");
                format!("{}..{}={come}", range.start, range.end)
            }
            GivenBy::Text(None) => format!("?={come}"),
            GivenBy::Value(name) => format!("{name}={come}"),
            GivenBy::Unset(name) => format!("-{name}={come}"),
            GivenBy::Missing(name) => format!("!{name}={come}"),
        };
        pieces.into_iter().map(told).collect()
    }

    #[test]
    fn each_piece_knows_what_gives_it() {
        let table: [(&str, &[&str]); 14] = [
            ("redis:6", &["0..7=redis:6"]),
            ("redis:${SET}-x", &["0..6=redis:", "SET=s", "12..14=-x"]),
            ("a${NONE}b", &["0..1=a", "-NONE=", "8..9=b"]),
            ("${EMPTY}", &["-EMPTY="]),
            ("a:${NONE:-6}-b", &["0..2=a:", "10..11=6", "12..14=-b"]),
            ("${EMPTY-6}", &["-EMPTY="]),
            ("${EMPTY:-6}", &["9..10=6"]),
            ("${NONE:-${MORE:-6.2}x}", &["16..19=6.2", "20..21=x"]),
            ("${NONE:-${MORE}}", &["-MORE=", "-NONE="]),
            ("${SET:+6-}a", &["7..9=6-", "10..11=a"]),
            ("${NONE:+6}", &["-NONE="]),
            ("${NONE:?say}", &["!NONE="]),
            ("${SET:-${NONE:?say}}", &["SET=s", "!NONE="]),
            ("a$$b${SET}c", &["?=a$b", "SET=s", "10..11=c"]),
        ];
        for (text, expected) in table {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
