//! What the document's own habits are: indentation, blank lines between neighbours, quotes.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::json::Json;
use crate::member::{Member, members};
use crate::node::{Node, ScalarStyle, Shape};
use crate::quote::{Quote, Quoting, reads_as_string};
use crate::write::{Nesting, Style};
use crate::{Content, Document};

/// What a document gives no example of is indented by this.
const USUAL: usize = 2;

/// What was measured of a document so far.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    levels: OnceCell<Levels>,
    quote: OnceCell<Quote>,
}

/// The habits of a document, measured when first asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout<'d> {
    document: &'d Document,
    habits: &'d Habits,
    is_json: bool,
}

/// Steps and offsets seen, by how deep the key is that they start from.
#[derive(Debug, Default)]
struct Levels {
    steps: BTreeMap<usize, Tally>,
    offsets: BTreeMap<usize, Tally>,
}

/// How often each number of columns was seen.
#[derive(Debug, Default)]
struct Tally(BTreeMap<usize, usize>);

impl Tally {
    fn most_common<'t>(tallies: impl IntoIterator<Item = &'t Self>) -> Option<usize> {
        let mut sum = BTreeMap::new();
        for (columns, count) in tallies.into_iter().flat_map(|tally| &tally.0) {
            *sum.entry(*columns).or_insert(0) += count;
        }
        sum.into_iter()
            .max_by_key(|(columns, count)| (*count, std::cmp::Reverse(*columns)))
            .map(|(columns, _)| columns)
    }
}

impl<'d> Layout<'d> {
    pub(crate) fn of(document: &'d Document, habits: &'d Habits, is_json: bool) -> Self {
        Self {
            document,
            habits,
            is_json,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// How a collection's members are laid out, in a document that is JSON: as those that it has,
    /// else as the file's.
    pub(crate) fn json(&self, collection: Node<'d>) -> Option<Json> {
        let lines = collection.lines();
        let own = |node: Node<'d>| {
            let opens = |start: &usize| {
                lines
                    .before(*start)
                    .bytes()
                    .all(|byte| matches!(byte, b' ' | b'\t'))
            };
            let first = members(node)
                .first()
                .map(|first| first.start)
                .filter(|start| opens(start) && lines.at(*start).start > 0)?;
            let (indent, line) = (lines.column(first), lines.at(node.span().start));
            Some((indent, indent.saturating_sub(line.indent())))
        };
        let column = lines.at(collection.span().start).indent();
        let (indent, step) = match (own(collection), self.document.root().and_then(own)) {
            (Some(own), _) => own,
            (None, Some((_, step))) if members(collection).is_empty() => (column + step, step),
            _ => (0, 0),
        };
        let all = || (0..self.document.nodes.len()).map(|index| self.document.node(index));
        let is_long = |node: Node<'d>| node.as_sequence().is_some() && own(node).is_some();
        let tabs = || lines.text.contains("\n\t");
        self.is_json.then(|| Json {
            indent,
            step,
            tabs: tabs(),
            long_lists: step > 0 && all().any(is_long),
        })
    }

    /// The style of a new member of a collection that has some.
    pub(crate) fn style_in(&self, collection: Node<'d>, at: usize) -> Style {
        let depth = collection.depth();
        let list = collection.as_sequence().is_some();
        Style {
            ending: collection.lines().ending(at),
            near: self.nesting(Some(collection), depth),
            far: self.nesting(None, depth + 1),
            dash_gap: if list && !collection.is_flow() {
                dash_gap(collection)
            } else {
                1
            },
            values: self.quoting(usual_quotes(collection)),
            keys: self.quoting(key_quotes(collection)),
            json: self.json(collection),
        }
    }

    /// The style of the first member of what is `depth` collections deep; `holder` is the
    /// collection around it.
    pub(crate) fn style_below(&self, holder: Option<Node<'d>>, depth: usize, at: usize) -> Style {
        let keys = self.quoting(holder.and_then(key_quotes));
        Style {
            ending: crate::lines::Lines {
                text: self.document.text(),
            }
            .ending(at),
            near: self.nesting(None, depth),
            far: self.nesting(None, depth + 1),
            dash_gap: 1,
            values: keys,
            keys,
            json: None,
        }
    }

    /// From a key to what is below it: as with a sibling, else as on the same level, else as in the
    /// document.
    pub(crate) fn nesting(&self, siblings: Option<Node<'d>>, depth: usize) -> Nesting {
        let nearest = |measure: fn(Member<'d>) -> Option<usize>| {
            siblings.and_then(|mapping| members(mapping).into_iter().rev().find_map(measure))
        };
        let step = nearest(step).or_else(|| self.levels().at(depth, |levels| &levels.steps));
        let offset = nearest(offset).or_else(|| self.levels().at(depth, |levels| &levels.offsets));
        Nesting {
            step: step.unwrap_or(USUAL),
            offset: offset.unwrap_or(USUAL),
        }
    }

    fn levels(&self) -> &Levels {
        self.habits.levels.get_or_init(|| {
            let mut levels = Levels::default();
            let mut depths: Vec<usize> = Vec::with_capacity(self.document.nodes.len());
            for (index, record) in self.document.nodes.iter().enumerate() {
                let depth = record.parent.map_or(0, |parent| depths[parent.index()] + 1);
                depths.push(depth);
                levels.measure(self.document.node(index), depth);
            }
            levels
        })
    }

    fn quoting(&self, always: Option<Quote>) -> Quoting {
        let usual = || {
            let styles = self
                .document
                .nodes
                .iter()
                .filter_map(|record| match record.shape {
                    Shape::Scalar { style, .. } => Some(style),
                    _ => None,
                });
            let count = |wanted| styles.clone().filter(|style| *style == wanted).count();
            if count(ScalarStyle::SingleQuoted) > count(ScalarStyle::DoubleQuoted) {
                Quote::Single
            } else {
                Quote::Double
            }
        };
        Quoting {
            always,
            needed: *self.habits.quote.get_or_init(usual),
        }
    }
}

impl Levels {
    fn at(&self, depth: usize, of: fn(&Self) -> &BTreeMap<usize, Tally>) -> Option<usize> {
        let all = of(self);
        all.get(&depth)
            .and_then(|tally| Tally::most_common([tally]))
            .or_else(|| Tally::most_common(all.values()))
    }

    fn measure(&mut self, node: Node<'_>, depth: usize) {
        let block = node.as_mapping().is_some_and(|mapping| !mapping.is_flow());
        for member in if block { members(node) } else { Vec::new() } {
            if let Some(columns) = step(member) {
                *self
                    .steps
                    .entry(depth)
                    .or_default()
                    .0
                    .entry(columns)
                    .or_insert(0) += 1;
            }
            if let Some(columns) = offset(member) {
                *self
                    .offsets
                    .entry(depth)
                    .or_default()
                    .0
                    .entry(columns)
                    .or_insert(0) += 1;
            }
        }
    }
}

/// Columns from an entry's key to the keys below it.
fn step(member: Member<'_>) -> Option<usize> {
    let mapping = member
        .value
        .as_mapping()
        .filter(|mapping| !mapping.is_flow())?;
    let (first, _) = mapping.entries().next()?;
    nested_columns(member, first.record().start())
}

/// Columns from an entry's key to the dashes below it.
fn offset(member: Member<'_>) -> Option<usize> {
    member
        .value
        .as_sequence()
        .filter(|sequence| !sequence.is_flow())?;
    nested_columns(member, member.value.span().start)
}

fn nested_columns(member: Member<'_>, below: usize) -> Option<usize> {
    member.key?;
    let lines = member.value.lines();
    lines
        .column(below)
        .checked_sub(member.column())
        .filter(|_| lines.opens_line(below))
}

/// How many blank lines a new last member keeps from the one above it: as many as the others, if
/// most have some.
pub(crate) fn blank_lines_between(collection: Node<'_>) -> usize {
    let mut all = members(collection);
    let last = all.pop();
    let gaps: Vec<usize> = all
        .iter()
        .map(|member| member.blank_lines_below())
        .collect();
    if last.is_some_and(|last| last.value.keeps_blank_lines()) {
        return 0;
    }
    let wide: Vec<usize> = gaps.iter().copied().filter(|gap| *gap > 0).collect();
    let most =
        wide.len() * 2 > gaps.len() || wide.len() * 2 == gaps.len() && gaps.last() != Some(&0);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    wide.iter()
        .for_each(|gap| *counts.entry(*gap).or_default() += 1);
    // Of equally common ones the nearest, which `max_by_key` finds last.
    match wide.iter().copied().max_by_key(|gap| counts[gap]) {
        None => lone_gap(collection, &gaps),
        Some(usual) => {
            if most {
                usual
            } else {
                0
            }
        }
    }
}

/// A lone section of the file keeps the distance that its own members keep.
fn lone_gap(collection: Node<'_>, gaps: &[usize]) -> usize {
    let lone = gaps.is_empty() && collection.parent().is_none();
    let below = members(collection)
        .pop()
        .filter(|_| lone)
        .map(|member| members(member.value));
    below
        .into_iter()
        .flatten()
        .rev()
        .skip(1)
        .map(|member| member.blank_lines_below())
        .next()
        .unwrap_or(0)
        .min(1)
}

/// How many blanks follow the last dash that a value follows.
fn dash_gap(sequence: Node<'_>) -> usize {
    let text = sequence.lines().text;
    let gap = |member: Member<'_>| {
        let between = &text[member.start + 1..member.value.record().start().max(member.start + 1)];
        (!between.is_empty() && between.bytes().all(|byte| byte == b' ')).then_some(between.len())
    };
    members(sequence)
        .into_iter()
        .rev()
        .find_map(gap)
        .unwrap_or(1)
}

/// The quotes that a new value gets from its neighbours: in a list the most common, in a mapping
/// those of all.
fn usual_quotes(collection: Node<'_>) -> Option<Quote> {
    let seen: Vec<Option<Quote>> = members(collection)
        .into_iter()
        .filter_map(|member| quotes(member.value))
        .collect();
    let count = |wanted: &Option<Quote>| seen.iter().filter(|quote| *quote == wanted).count();
    match collection.content() {
        Content::Sequence(_) => {
            let last = seen.last()?;
            let most = [None, Some(Quote::Single), Some(Quote::Double)]
                .into_iter()
                .max_by_key(count)?;
            if count(&most) > count(last) {
                most
            } else {
                *last
            }
        }
        _ if seen.len() < 2 => key_quotes(collection).filter(|_| seen != [None]),
        _ => seen[0].filter(|_| count(&seen[0]) == seen.len()),
    }
}

/// The quotes of a mapping's keys, where all have them.
fn key_quotes(collection: Node<'_>) -> Option<Quote> {
    let seen: Vec<Option<Quote>> = members(collection)
        .into_iter()
        .filter_map(|member| quotes(member.key?))
        .collect();
    let first = *seen.first()?;
    first.filter(|_| seen.iter().all(|quote| *quote == first))
}

/// The quotes of a string: none of a plain one; `None` for what is no string on one line.
fn quotes(node: Node<'_>) -> Option<Option<Quote>> {
    let scalar = node.as_scalar()?;
    match scalar.style() {
        ScalarStyle::SingleQuoted => Some(Some(Quote::Single)),
        ScalarStyle::DoubleQuoted => Some(Some(Quote::Double)),
        ScalarStyle::Plain if reads_as_string(scalar.value()) => Some(None),
        _ => None,
    }
}
