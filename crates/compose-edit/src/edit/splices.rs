//! The byte ranges that an edit replaces, and with what.

use crate::Span;

/// Replacements in one text. None overlaps another, except removals.
#[derive(Debug, Default)]
pub(crate) struct Splices(Vec<Splice>);

#[derive(Debug)]
struct Splice {
    span: Span,
    text: String,
    /// How deep in the tree the collection is that the text goes to: at one place the deeper goes first.
    depth: usize,
}

impl Splices {
    /// Inserts lines that belong to a collection `depth` deep.
    #[must_use]
    pub(crate) fn insert_lines(&mut self, at: usize, depth: usize, text: String) -> bool {
        self.add(Splice { span: Span::new(at, at), text, depth })
    }

    /// Inserts text into a line.
    #[must_use]
    pub(crate) fn insert(&mut self, at: usize, text: String) -> bool {
        self.insert_lines(at, usize::MAX, text)
    }

    #[must_use]
    pub(crate) fn replace(&mut self, span: Span, text: impl Into<String>) -> bool {
        self.add(Splice { span, text: text.into(), depth: usize::MAX })
    }

    #[must_use]
    pub(crate) fn remove(&mut self, span: Span) -> bool {
        span.is_empty() || self.replace(span, "")
    }

    /// `false`, and nothing done, where the new one clashes with another.
    fn add(&mut self, new: Splice) -> bool {
        let clear = self.0.iter().all(|old| !old.clashes_with(&new));
        if clear {
            self.0.push(new);
        }
        clear
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Forgets all but the first so many.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// The text after all replacements.
    pub(crate) fn apply(&mut self, text: &str) -> String {
        // Stable: what was asked for first comes first.
        self.0.sort_by_key(|splice| (splice.span.start, !splice.span.is_empty(), std::cmp::Reverse(splice.depth)));
        let grown = self.0.iter().map(|splice| splice.text.len()).sum::<usize>();
        let mut out = String::with_capacity(text.len() + grown);
        let mut copied = 0;
        for splice in &self.0 {
            out.push_str(&text[copied..splice.span.start.max(copied)]);
            out.push_str(&splice.text);
            copied = copied.max(splice.span.end);
        }
        out.push_str(&text[copied..]);
        out
    }

    /// What becomes of the end of a text of this length: up to where it stays, and whether something follows.
    pub(crate) fn tail(&self, length: usize) -> (usize, bool) {
        let mut kept = length;
        let mut by_end: Vec<&Splice> = self.0.iter().collect();
        by_end.sort_by_key(|splice| std::cmp::Reverse(splice.span.end));
        let mut followed = false;
        for splice in by_end {
            if splice.span.end < kept {
                break;
            }
            followed |= !splice.text.is_empty();
            kept = kept.min(splice.span.start);
        }
        (kept, followed)
    }
}

impl Splice {
    fn clashes_with(&self, other: &Self) -> bool {
        let overlap = self.span.start < other.span.end && other.span.start < self.span.end;
        let removals = self.text.is_empty() && other.text.is_empty();
        overlap && !removals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeper_lines_go_first_and_order_is_kept() {
        let mut splices = Splices::default();
        assert!(splices.insert_lines(1, 0, "c".into()));
        assert!(splices.insert_lines(1, 2, "a".into()));
        assert!(splices.insert_lines(1, 2, "b".into()));
        assert_eq!(splices.apply("<>"), "<abc>");
    }

    #[test]
    fn removals_may_overlap_and_nothing_else() {
        let mut splices = Splices::default();
        assert!(splices.remove(Span::new(1, 4)));
        assert!(splices.remove(Span::new(2, 6)));
        assert!(!splices.replace(Span::new(3, 5), "x"));
        assert!(!splices.insert(3, "x".into()));
        assert!(splices.insert(6, "x".into()));
        assert_eq!(splices.apply("01234567"), "0x67");
    }
}
