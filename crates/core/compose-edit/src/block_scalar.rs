//! Block scalars: the header line, and where the lines below it end.

use crate::Span;
use crate::lines::{Line, Lines};

/// The `|` or `>` of a block scalar, with its digits and signs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header<'t> {
    lines: Lines<'t>,
    /// The indicators: `|`, `>-`, `|2+`.
    pub(crate) span: Span,
    /// Where the header's line ends.
    line_end: usize,
}

impl<'t> Header<'t> {
    /// The header of a block scalar behind a colon or dash and so many anchors and tags.
    pub(crate) fn behind(lines: Lines<'t>, from: usize, properties: usize) -> Self {
        let start = lines.skip_trivia(lines.skip_properties(from, properties));
        let line_end = lines.at(start).end();
        let signs = lines.text[start..line_end]
            .bytes()
            .take_while(|byte| b"|>+-0123456789".contains(byte))
            .count();
        Self {
            lines,
            span: Span::new(start, start + signs),
            line_end,
        }
    }

    /// Whether the blank lines at the end are content.
    pub(crate) fn keeps(self) -> bool {
        self.lines.text[self.span.range()].contains('+')
    }

    /// Whether the end of the last line is no content.
    pub(crate) fn strips(self) -> bool {
        self.lines.text[self.span.range()].contains('-')
    }

    /// The scalar's lines, given what the parser says: its start, and an end somewhere in the white
    /// space below.
    pub(crate) fn body(self, parsed: Span) -> Span {
        let text = self.lines.text;
        let parsed = Span::new(
            parsed.start.max(self.line_end),
            parsed.end.max(self.line_end),
        );
        let has_content = !text[parsed.range()]
            .trim_matches([' ', '\t', '\r', '\n'])
            .is_empty();
        let indent = if has_content {
            self.lines.column(parsed.start)
        } else {
            usize::MAX
        };
        let start = if has_content {
            parsed.start
        } else {
            self.line_end
        };
        let mut line = self.lines.at(parsed.end);
        let is_last = |line: Line<'_>| {
            let inside = &text[line.start..line.end().min(parsed.end)];
            let white = inside.trim_matches([' ', '\t']).is_empty();
            !white || inside.len() > indent || self.keeps() && line.end() < parsed.end
        };
        while line.start > self.line_end && !is_last(line) {
            let Some(above) = self.lines.above(line) else {
                break;
            };
            line = above;
        }
        Span::new(start, line.end().max(start))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Path};

    fn body<'d>(document: &'d Document, path: &str) -> &'d str {
        document.get(&path.parse::<Path>().unwrap()).unwrap().text()
    }

    #[test]
    fn the_white_space_below_is_left_out() {
        let document = Document::parse(
            "a:\n  b: |  # c > d\n    x\n      y\n\n  # e\n  c: >-\n    z\n\n\nd: 1\n",
        )
        .unwrap();
        assert_eq!(body(&document, "a.b"), "x\n      y");
        assert_eq!(body(&document, "a.c"), "z");
    }

    #[test]
    fn kept_lines_are_content() {
        let document =
            Document::parse("a:\n  b: |+\n    x\n\n\n  c: |2+\n\n    z\n\n# e\n").unwrap();
        assert_eq!(body(&document, "a.b"), "x\n\n");
        assert_eq!(body(&document, "a.c"), "z\n");
    }

    #[test]
    fn without_content_it_ends_with_its_header() {
        let document = Document::parse("a: |\n\n\nb: >\nc: |+\n\n\nd: |").unwrap();
        assert_eq!(body(&document, "a"), "");
        assert_eq!(body(&document, "b"), "");
        assert_eq!(body(&document, "c"), "\n\n");
        assert_eq!(body(&document, "d"), "");
    }
}
