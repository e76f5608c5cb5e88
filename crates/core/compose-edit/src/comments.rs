//! The comments of a text: what no tree holds, and what nobody may lose.

use granit_parser::{Event, Options};

use crate::parse::{byte_span, events};
use crate::position::Positions;
use crate::{Position, Span};

/// A comment of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment<'t> {
    /// From its `#` to the end of its line, which is not included.
    pub text: &'t str,
    /// Where its `#` stands.
    pub at: Position,
}

/// All comments, in the order of the text. What follows a fault in the text is not looked at: a
/// document has none.
pub(crate) fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut options = Options::default();
    options.emit_comments = true;
    let events = events(text, options).map_while(Result::ok);
    let spans = events
        .filter(|(event, _)| matches!(event, Event::Comment(..)))
        .map(|(_, span)| byte_span(&span));
    let mut spans: Vec<Span> = spans.collect();
    spans.sort();
    let mut positions = Positions::of(text);
    spans
        .iter()
        .map(|span| Comment {
            text: text[span.range()].trim_end(),
            at: positions.at(span.start),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_are_comments() {
        let text = "\u{feff}# ä\r\na: 'x # no' # yes \nb: |\n  # text\nc: [1, # in\n  2]\n# end";
        let found: Vec<_> = comments(text).iter().map(|comment| comment.text).collect();
        assert_eq!(found, ["# ä", "# yes", "# in", "# end"]);
        assert_eq!(
            comments(text)[1].at,
            Position {
                line: 2,
                column: 13
            }
        );
    }
}
