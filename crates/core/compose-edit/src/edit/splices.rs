//! The byte ranges that an edit replaces, and with what.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::origin::Origin;
use crate::Span;

/// Replacements in one text. None overlaps another, except removals.
#[derive(Debug, Default)]
pub(crate) struct Splices {
    all: Vec<Splice>,
    taken: Taken,
    origin: Origin,
}

#[derive(Debug)]
struct Splice {
    span: Span,
    text: String,
    /// How deep in the tree the collection is that the text goes to: at one place the deeper goes
    /// first.
    depth: usize,
}

/// Where the splices are, by their starts: to find a clash costs as much in a long edit as in a
/// short one.
#[derive(Debug, Default)]
struct Taken {
    /// Ends of what is replaced by something.
    replaced: BTreeMap<usize, usize>,
    /// Ends of what is removed; removals that overlap are one.
    removed: BTreeMap<usize, usize>,
    /// Where text is inserted.
    inserted: BTreeSet<usize>,
}

impl Splices {
    /// Inserts lines that belong to a collection `depth` deep.
    #[must_use]
    pub(crate) fn insert_lines(&mut self, at: usize, depth: usize, text: String) -> bool {
        self.add(Splice {
            span: Span::at(at),
            text,
            depth,
        })
    }

    /// Inserts text into a line.
    #[must_use]
    pub(crate) fn insert(&mut self, at: usize, text: String) -> bool {
        self.insert_lines(at, usize::MAX, text)
    }

    #[must_use]
    pub(crate) fn replace(&mut self, span: Span, text: impl Into<String>) -> bool {
        self.add(Splice {
            span,
            text: text.into(),
            depth: usize::MAX,
        })
    }

    #[must_use]
    pub(crate) fn remove(&mut self, span: Span) -> bool {
        self.replace(span, "")
    }

    /// `false`, and nothing done, where the new one clashes with another.
    fn add(&mut self, new: Splice) -> bool {
        if new.span.is_empty() && new.text.is_empty() {
            return true;
        }
        let clear = self.taken.allows(&new);
        if clear {
            self.taken.note(&new);
            self.all.push(new);
        }
        clear
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets all but the first so many.
    pub(crate) fn truncate(&mut self, length: usize) {
        if length < self.all.len() {
            self.all.truncate(length);
            self.taken = Taken::default();
            self.all.iter().for_each(|splice| self.taken.note(splice));
        }
    }

    /// The text after all replacements.
    pub(crate) fn apply(&mut self, text: &str) -> String {
        // Stable: what was asked for first comes first.
        self.all.sort_by_key(|splice| {
            (
                splice.span.start,
                !splice.span.is_empty(),
                std::cmp::Reverse(splice.depth),
            )
        });
        let grown = self
            .all
            .iter()
            .map(|splice| splice.text.len())
            .sum::<usize>();
        let mut out = String::with_capacity(text.len() + grown);
        let (mut copied, mut above) = (0, "");
        self.origin = Origin::default();
        for splice in &self.all {
            let kept = Span::new(copied, splice.span.start.max(copied));
            push_kept(&mut out, &text[kept.range()], above);
            self.origin.note(kept, out.len());
            out.push_str(&splice.text);
            copied = copied.max(splice.span.end);
            above = &splice.text;
        }
        push_kept(&mut out, &text[copied..], above);
        self.origin.note(Span::new(copied, text.len()), out.len());
        out
    }

    /// Where what [`Self::apply`] kept came from.
    pub(crate) fn origin(&mut self) -> Origin {
        std::mem::take(&mut self.origin)
    }

    /// What becomes of the end of a text of this length: up to where it stays, and whether
    /// something follows.
    pub(crate) fn tail(&self, length: usize) -> (usize, bool) {
        let mut kept = length;
        let mut by_end: Vec<&Splice> = self.all.iter().collect();
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

/// Adds text that stays. A comment may stand right behind a brace or a quote; behind anything else
/// that came to stand before it, it would be a part of the word.
fn push_kept(out: &mut String, kept: &str, above: &str) {
    if kept.starts_with('#')
        && !out.is_empty()
        && !out.ends_with([' ', '\t', '\n'])
        && !ends_by_itself(above)
    {
        out.push(' ');
    }
    out.push_str(kept);
}

/// Whether a text is a brace, or has them or quotes around it. A plain word may end in one, but
/// never starts with one.
fn ends_by_itself(text: &str) -> bool {
    let within = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    let quoted = |quote| within(quote, quote).is_some_and(|inner: &str| !inner.contains(quote));
    matches!(text, "]" | "}")
        || quoted('"')
        || quoted('\'')
        || within('[', ']').or(within('{', '}')).is_some()
}

impl Taken {
    fn allows(&self, new: &Splice) -> bool {
        let Span { start, end } = new.span;
        // Those before the last that starts before an end do not reach as far as it does.
        let overlaps = |taken: &BTreeMap<usize, usize>| {
            taken
                .range(..end)
                .next_back()
                .is_some_and(|(_, taken_end)| *taken_end > start)
        };
        let holds_insertion = end > start
            && self
                .inserted
                .range((Bound::Excluded(start), Bound::Excluded(end)))
                .next()
                .is_some();
        let removes = new.text.is_empty();
        !overlaps(&self.replaced) && !holds_insertion && (removes || !overlaps(&self.removed))
    }

    fn note(&mut self, new: &Splice) {
        let Span { mut start, mut end } = new.span;
        if start == end {
            self.inserted.insert(start);
        } else if !new.text.is_empty() {
            self.replaced.insert(start, end);
        } else {
            while let Some((other_start, other_end)) = self
                .removed
                .range(..end)
                .next_back()
                .map(|(start, end)| (*start, *end))
                .filter(|(_, end)| *end > start)
            {
                self.removed.remove(&other_start);
                (start, end) = (start.min(other_start), end.max(other_end));
            }
            self.removed.insert(start, end);
        }
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
