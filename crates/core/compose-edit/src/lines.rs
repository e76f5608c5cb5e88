//! Line arithmetic on a text: where a line starts, how far it is indented, what ends it.

/// A text seen as lines. Offsets are bytes; a byte order mark belongs to no line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'t> {
    pub(crate) text: &'t str,
}

/// One line, its end of line not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    pub(crate) start: usize,
    pub(crate) text: &'t str,
}

impl Line<'_> {
    pub(crate) fn end(self) -> usize {
        self.start + self.text.len()
    }

    pub(crate) fn is_blank(self) -> bool {
        self.text.trim_matches([' ', '\t']).is_empty()
    }

    /// How many characters of white space it starts with.
    pub(crate) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '\t']).len()
    }

    /// The column of the `#` of a line that is nothing but a comment.
    pub(crate) fn comment(self) -> Option<usize> {
        self.text[self.indent()..]
            .starts_with('#')
            .then(|| self.indent())
    }
}

impl<'t> Lines<'t> {
    /// Where the text proper starts: behind a byte order mark.
    pub(crate) fn begin(self) -> usize {
        if self.text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        }
    }

    /// The line that holds an offset; the offset of an end of line belongs to the line that it
    /// ends.
    pub(crate) fn at(self, offset: usize) -> Line<'t> {
        let bytes = self.text.as_bytes();
        let before = bytes[..offset]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(self.begin(), |at| at + 1);
        let start = before.min(offset.max(self.begin()));
        let mut end = bytes[offset..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(bytes.len(), |at| offset + at);
        if end > start && end < bytes.len() && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        Line {
            start,
            text: &self.text[start..end.max(start)],
        }
    }

    /// The line below.
    pub(crate) fn below(self, line: Line<'_>) -> Option<Line<'t>> {
        let rest = &self.text[line.end()..];
        let ending = if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with('\n'))
        };
        let start = line.end() + ending;
        (ending > 0 && start < self.text.len()).then(|| self.at(start))
    }

    /// The line above.
    pub(crate) fn above(self, line: Line<'_>) -> Option<Line<'t>> {
        (line.start > self.begin()).then(|| self.at(line.start - 1))
    }

    /// The blank lines right below the line of an offset.
    pub(crate) fn blank_below(self, offset: usize) -> impl Iterator<Item = Line<'t>> {
        let below = move |line: &Line<'t>| self.below(*line).filter(|line| line.is_blank());
        std::iter::successors(below(&self.at(offset)), below)
    }

    /// In which column an offset stands, from 0, in characters.
    pub(crate) fn column(self, offset: usize) -> usize {
        self.before(offset).chars().count()
    }

    /// Whether only white space stands before an offset on its line.
    pub(crate) fn opens_line(self, offset: usize) -> bool {
        self.before(offset).bytes().all(|byte| byte == b' ')
    }

    /// What stands before an offset on its line.
    pub(crate) fn before(self, offset: usize) -> &'t str {
        let start = self.at(offset).start;
        &self.text[start..offset.max(start)]
    }

    /// What ends the line at an offset; the last line takes its example from the one above.
    pub(crate) fn ending(self, offset: usize) -> &'static str {
        let line = self.at(offset);
        let rest = &self.text[line.end()..];
        if rest.is_empty() {
            return if self.text[..line.start].ends_with("\r\n") {
                "\r\n"
            } else {
                "\n"
            };
        }
        if rest.starts_with('\r') { "\r\n" } else { "\n" }
    }

    /// What ends a line that takes the place of all above an offset: nothing, if it becomes the
    /// last of a text whose last line has no end.
    pub(crate) fn last_ending(self, offset: usize) -> &'static str {
        let unended = offset == self.text.len() && !self.text.ends_with('\n');
        if unended {
            ""
        } else {
            self.ending(self.begin())
        }
    }

    /// The next byte that is neither white space nor part of a comment. `from` must not be inside
    /// of a scalar.
    pub(crate) fn skip_trivia(self, from: usize) -> usize {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if !self.text[at..].starts_with('#') {
                return at;
            }
            at = self.at(at).end();
        }
    }
}

impl Lines<'_> {
    /// Behind the anchor and the tag of a node; there are `count` of them.
    pub(crate) fn skip_properties(self, from: usize, count: usize) -> usize {
        (0..count).fold(from, |from, _| {
            let word = self.skip_trivia(from);
            let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
            self.text[word..]
                .find(ends)
                .map_or(self.text.len(), |end| word + end)
        })
    }

    /// Where the first document's root is: behind directives and `---`.
    pub(crate) fn first_node(self) -> usize {
        let mut at = self.skip_trivia(self.begin());
        while self.text[at..].starts_with('%') {
            at = self.skip_trivia(self.at(at).end());
        }
        if self.text[at..].starts_with("---") {
            at + 3
        } else {
            at
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_endings() {
        let lines = Lines {
            text: "\u{feff}a: 1\r\n  # c\n\nlast",
        };
        let first = lines.at(0);
        assert_eq!((first.start, first.text), (3, "a: 1"));
        assert_eq!(lines.ending(4), "\r\n");
        let second = lines.below(first).unwrap();
        assert_eq!(second.comment(), Some(2));
        let third = lines.below(second).unwrap();
        assert!(third.is_blank());
        assert_eq!(lines.above(third), Some(second));
        let last = lines.below(third).unwrap();
        assert_eq!(last.text, "last");
        assert_eq!(lines.below(last), None);
        assert_eq!(lines.above(first), None);
        assert_eq!(lines.ending(last.end()), "\n");
    }

    #[test]
    fn an_offset_on_an_ending_belongs_to_the_line_it_ends() {
        let lines = Lines { text: "a\r\nb\n" };
        assert_eq!(lines.at(1).text, "a");
        assert_eq!(lines.at(2).text, "a");
        assert_eq!(lines.at(4).text, "b");
        assert_eq!(lines.at(5).text, "");
    }

    #[test]
    fn trivia_is_skipped() {
        let lines = Lines {
            text: "a:  # c\n\n   # d\n  x",
        };
        assert_eq!(lines.skip_trivia(2), lines.text.len() - 1);
    }
}
