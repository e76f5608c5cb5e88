//! What an edit must not do, told from the two texts alone.

use compose_edit::{Document, NewValue, Node, Path};
use serde_yaml::Value;

use crate::case::{Case, Change};
use crate::cases;
use crate::samples;
use crate::tree;

/// A text before an edit, read by both parsers.
pub struct Before {
    pub document: Document,
    pub value: Value,
}

impl Before {
    pub fn read(text: &str) -> Option<Self> {
        let value = tree::read(text)?;
        let document = Document::parse(text).ok().filter(|document| document.documents().len() <= 1)?;
        Some(Self { document, value })
    }

    pub fn text(&self) -> &str {
        self.document.text()
    }
}

/// What is wrong with an edited text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    /// The proof itself cannot say what should have come out.
    Unjudged,
    /// It is no YAML.
    NotYaml,
    /// The oracle reads something else than what was asked for.
    WrongValue,
    /// A line end, or the state of the last one, changed.
    LineEnding,
    /// A line changed, came or went that had no need to.
    ForeignLine(String),
    /// A comment went, or stands before something else.
    Comment(String),
    /// A blank line came or went.
    BlankLine,
    /// The new lines do not look like their neighbours.
    Style(String),
}

/// Judges one edit.
pub fn judge(before: &Before, after: &str, case: &Case) -> Result<(), Damage> {
    let read = tree::read(after).ok_or(Damage::NotYaml)?;
    let expected = case.expected(&before.document, &before.value).ok_or(Damage::Unjudged)?;
    if !tree::same(&read, &expected) {
        return Err(Damage::WrongValue);
    }
    line_endings(before, after)?;
    let lines = Hunk::between(before.text(), after);
    match &case.change {
        Change::Set(..) => within(before, &lines, node(before, &case.path)),
        Change::Rename(_) => renamed(before, &lines, &case.path),
        Change::Insert { value, banner, .. } => {
            let banner = banner.map_or(0, |banner| banner.lines().count());
            grown(before, &lines, case, banner + samples::lines(value))
        }
        Change::Push(value, _) => grown(before, &lines, case, samples::item_lines(value)),
        Change::Remove => shrunk(before, &lines, &case.path),
        Change::ListToMap => {
            within(before, &lines, node(before, &case.path))?;
            same_comments(before.text(), after)
        }
        Change::Move(_) => moved(before, after),
    }
}

fn node<'d>(before: &'d Before, path: &Path) -> Option<Node<'d>> {
    before.document.get(path)
}

/// The lines that differ: those before the edit and those after it, without the ends of lines.
pub struct Hunk<'t> {
    /// The first line of both, from 0.
    pub start: usize,
    pub all: Vec<&'t str>,
    pub removed: Vec<&'t str>,
    pub added: Vec<&'t str>,
}

impl<'t> Hunk<'t> {
    pub fn between(before: &'t str, after: &'t str) -> Self {
        let (old, new) = (split(before), split(after));
        let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let rest = old.len().min(new.len()) - start;
        let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
        Self {
            start,
            removed: old[start..old.len() - end].to_vec(),
            added: new[start..new.len() - end].to_vec(),
            all: old,
        }
    }
}

fn split(text: &str) -> Vec<&str> {
    text.lines().collect()
}

fn line_endings(before: &Before, after: &str) -> Result<(), Damage> {
    let old = before.text();
    let crlf = |text: &str| text.matches("\r\n").count();
    let lf = |text: &str| text.matches('\n').count();
    let uniform = crlf(old) == 0 || crlf(old) == lf(old);
    let kept = if crlf(old) == 0 { crlf(after) == 0 } else { crlf(after) == lf(after) };
    let ended = |text: &str| text.ends_with('\n');
    // A block scalar at the very end tells whether its last line has an end; its value is worth more.
    let block_end = old.contains(['|', '>']);
    if uniform && !kept || old.starts_with('\u{feff}') != after.starts_with('\u{feff}') {
        return Err(Damage::LineEnding);
    }
    if !old.is_empty() && ended(old) != ended(after) && !(block_end && !ended(old)) {
        return Err(Damage::LineEnding);
    }
    Ok(())
}

/// The lines of a node: from the line of its key or dash to its last.
fn line_range(before: &Before, node: Node<'_>) -> std::ops::RangeInclusive<usize> {
    let line = |offset| before.document.position(offset).line - 1;
    line(start(before, node))..=line(node.span().end)
}

/// Where the key or the dash of a node starts.
fn start(before: &Before, node: Node<'_>) -> usize {
    let Some(parent) = node.parent() else { return node.span().start };
    if let Some(mapping) = parent.as_mapping() {
        let key = mapping.entries().find(|(_, value)| *value == node).map(|(key, _)| key.span().start);
        return key.unwrap_or(node.span().start);
    }
    let above = &before.text()[..node.span().start];
    if parent.as_sequence().is_some_and(|list| list.is_flow()) { above.len() } else { dash_before(above) }
}

/// The last dash that is no part of a comment.
fn dash_before(above: &str) -> usize {
    let mut end = above.len();
    for line in above.split_inclusive('\n').rev() {
        let code = line.split_once(" #").map_or(line, |(code, _)| code);
        let code = if code.trim_start().starts_with('#') { "" } else { code };
        if let Some(dash) = code.rfind("-") {
            return end - line.len() + dash;
        }
        end -= line.len();
    }
    0
}

/// Only lines of a node may differ.
fn within(before: &Before, hunk: &Hunk<'_>, node: Option<Node<'_>>) -> Result<(), Damage> {
    let Some(node) = node else { return Err(Damage::ForeignLine("no node".into())) };
    let range = line_range(before, node);
    let touched = hunk.start..hunk.start + hunk.removed.len();
    let inside = touched.clone().all(|line| range.contains(&line))
        && (*range.start()..=range.end() + 1).contains(&touched.start);
    if inside { Ok(()) } else { Err(Damage::ForeignLine(format!("{touched:?} is not in {range:?}"))) }
}

fn renamed(before: &Before, hunk: &Hunk<'_>, path: &Path) -> Result<(), Damage> {
    within(before, hunk, node(before, path))?;
    let one = hunk.removed.len() == 1 && hunk.added.len() == 1;
    let behind = |line: &str| line.split_once(':').map(|(_, rest)| rest.to_owned());
    let same = one && (hunk.removed[0].contains(['{', '"', '\'']) || behind(hunk.removed[0]) == behind(hunk.added[0]));
    if same { Ok(()) } else { Err(Damage::ForeignLine(format!("{:?}", hunk.removed))) }
}

fn grown(before: &Before, hunk: &Hunk<'_>, case: &Case, lines: usize) -> Result<(), Damage> {
    let Some(node) = node(before, &case.path) else { return nothing_lost(hunk) };
    let flow = |node: Node<'_>| node.text().starts_with(['{', '[']) && node.text().ends_with(['}', ']']);
    let in_flow = node.parent().is_some_and(flow);
    if in_flow || flow(node) || node.is_null() {
        return opened(hunk, lines);
    }
    let unended_block = !before.text().ends_with('\n') && hunk.removed.iter().all(|line| line.contains(['|', '>']));
    let removed: Vec<&&str> = hunk.removed.iter().filter(|_| !unended_block).collect();
    if !removed.is_empty() {
        return Err(Damage::ForeignLine(format!("{removed:?}")));
    }
    if unended_block && !hunk.removed.is_empty() {
        return Ok(());
    }
    let blank = hunk.added.iter().filter(|line| line.trim().is_empty()).count();
    if hunk.added.len() - blank != lines {
        return Err(Damage::ForeignLine(format!("{lines} lines wanted: {:?}", hunk.added)));
    }
    in_place(hunk, column_of(before, node))?;
    like_neighbours(before, hunk, node, blank)?;
    if let Change::Insert { value: NewValue::Map(_), .. } = &case.change {
        steps_like_neighbours(before, hunk, node)?;
    }
    if let Change::Push(value, _) = &case.change { like_items(node, hunk, value) } else { Ok(()) }
}

/// In which column the members of a block collection stand.
fn column_of(before: &Before, node: Node<'_>) -> usize {
    before.document.position(node.span().start).column - 1
}

/// All of what was removed must be there still, in its order.
fn nothing_lost(hunk: &Hunk<'_>) -> Result<(), Damage> {
    let (old, new) = (hunk.removed.concat(), hunk.added.concat());
    let mut rest = new.chars();
    let old = old.chars().filter(|c| !c.is_whitespace());
    let kept = old.clone().all(|c| rest.any(|other| other == c));
    if kept { Ok(()) } else { Err(Damage::ForeignLine(format!("{:?}", hunk.removed))) }
}

/// A collection in braces, or one that was null or empty: its own line may change.
fn opened(hunk: &Hunk<'_>, lines: usize) -> Result<(), Damage> {
    if hunk.removed.len() > 2 || hunk.added.len() > hunk.removed.len() + lines + 1 {
        return Err(Damage::ForeignLine(format!("{:?} -> {:?}", hunk.removed, hunk.added)));
    }
    let plain: Vec<String> = hunk.removed.iter().map(|line| emptied(line)).collect();
    nothing_lost(&Hunk {
        start: 0,
        all: Vec::new(),
        removed: plain.iter().map(String::as_str).collect(),
        added: hunk.added.clone(),
    })
}

/// A line without the null or the empty braces that an insertion takes away.
fn emptied(line: &str) -> String {
    let mut line = line.to_owned();
    for empty in ["{}", "[]", "{ }", "[ ]", "null", "Null", "NULL", "~"] {
        line = line.replace(empty, "");
    }
    line
}

/// The new lines stand in their neighbours' column, and no comment of a neighbour above them.
fn in_place(hunk: &Hunk<'_>, column: usize) -> Result<(), Damage> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = hunk.added.iter().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| indent(line.trim_start_matches('\u{feff}')) != column) {
        return Err(Damage::Style(format!("column {column} wanted: {first:?}")));
    }
    let above = hunk.all[..hunk.start].iter().rev().find(|line| !line.trim().is_empty());
    let swallowed = above.is_some_and(|line| line.trim_start().starts_with('#') && indent(line) <= column);
    if swallowed { Err(Damage::Comment(format!("{above:?} stands above the new lines"))) } else { Ok(()) }
}

/// Blank lines where all neighbours have some.
fn like_neighbours(before: &Before, hunk: &Hunk<'_>, node: Node<'_>, blank: usize) -> Result<(), Damage> {
    let gaps = gaps(before, node);
    let uniform = gaps.first().filter(|first| gaps.iter().all(|gap| gap == *first));
    if uniform.is_some_and(|gap| *gap != blank) && hunk.added.len() > blank { Err(Damage::BlankLine) } else { Ok(()) }
}

/// The first nested line is as deep as all neighbours' are.
fn steps_like_neighbours(before: &Before, hunk: &Hunk<'_>, node: Node<'_>) -> Result<(), Damage> {
    let steps = steps(before, node);
    let Some(step) = steps.first().filter(|first| steps.iter().all(|step| step == *first)) else { return Ok(()) };
    let wanted = column_of(before, node) + step;
    let mut new = hunk.added.iter().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let nested = new.nth(1).map(|line| line.len() - line.trim_start().len());
    if nested.is_none_or(|nested| nested == wanted) {
        return Ok(());
    }
    Err(Damage::Style(format!("step {step} wanted: {:?}", hunk.added)))
}

/// How many blank lines part the members of a block collection, where no comment stands between them.
fn gaps(before: &Before, node: Node<'_>) -> Vec<usize> {
    let ranges: Vec<_> = children(node).into_iter().map(|child| line_range(before, child)).collect();
    let lines = split(before.text());
    let between = |pair: &[std::ops::RangeInclusive<usize>]| {
        let lines = lines.get(pair[0].end() + 1..*pair[1].start())?;
        lines.iter().all(|line| line.trim().is_empty()).then_some(lines.len())
    };
    ranges.windows(2).map(|pair| between(pair).unwrap_or(usize::MAX)).collect()
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let entries = node.as_mapping().map(|mapping| mapping.entries().map(|(_, value)| value).collect());
    entries.or_else(|| node.as_sequence().map(|list| list.items().collect())).unwrap_or_default()
}

/// How much deeper than a mapping's keys the keys below them stand.
fn steps(before: &Before, node: Node<'_>) -> Vec<usize> {
    let Some(mapping) = node.as_mapping() else { return Vec::new() };
    let own = column_of(before, node);
    let block = |value: &Node<'_>| value.as_mapping().is_some_and(|mapping| !mapping.is_flow());
    mapping.entries().map(|(_, value)| value).filter(block).map(|value| column_of(before, value) - own).collect()
}

/// The quotes of a new string item are those that all other string items have.
fn like_items(node: Node<'_>, hunk: &Hunk<'_>, value: &NewValue) -> Result<(), Damage> {
    let (NewValue::Scalar(_), Some(list)) = (value, node.as_sequence()) else { return Ok(()) };
    let quote = |item: Node<'_>| item.text().chars().next().filter(|first| matches!(first, '"' | '\''));
    let quotes: Vec<_> = list.items().map(quote).collect();
    let Some(Some(wanted)) = quotes.first().filter(|first| quotes.iter().all(|quote| quote == *first)) else {
        return Ok(());
    };
    let line = hunk.added.last().map(|line| line.trim_start_matches(['-', ' '])).unwrap_or_default();
    let escaped = line.starts_with('"') && line.contains('\\');
    if line.starts_with(*wanted) || escaped { Ok(()) } else { Err(Damage::Style(format!("{wanted} wanted: {line}"))) }
}

/// A removed member takes its own lines, deeper comments below, and comments right above it in its column.
fn shrunk(before: &Before, hunk: &Hunk<'_>, path: &Path) -> Result<(), Damage> {
    let Some(node) = node(before, path) else { return Err(Damage::ForeignLine("no node".into())) };
    let range = line_range(before, node);
    let column = before.document.position(start(before, node)).column - 1;
    let lines = &hunk.all;
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let flow_parent = node.parent().is_some_and(|parent| parent.text().starts_with(['{', '[']));
    // Lines that are there afterwards with other words are not gone, only changed.
    let changed = hunk.added.len();
    for (number, line) in lines.iter().enumerate().skip(hunk.start).take(hunk.removed.len()) {
        let own = range.contains(&number);
        let comment = line.trim_start().starts_with('#');
        let below = number > *range.end() && comment && indent(line) > column;
        let above = number < *range.start() && comment && indent(line) == column;
        let moved_up = changed > 0 || flow_parent;
        if !own && !below && !above && !line.trim().is_empty() && !moved_up {
            return Err(if comment { Damage::Comment((*line).into()) } else { Damage::ForeignLine((*line).into()) });
        }
    }
    survivors(hunk, &range, changed)
}

/// Of the lines beside the member's own, all that are not blank must be there still, in substance.
fn survivors(hunk: &Hunk<'_>, range: &std::ops::RangeInclusive<usize>, changed: usize) -> Result<(), Damage> {
    if changed == 0 {
        return Ok(());
    }
    let added = hunk.added.concat();
    let outside = hunk.all.iter().enumerate().skip(hunk.start).take(hunk.removed.len());
    let lost = outside
        .filter(|(number, _)| !range.contains(number))
        .map(|(_, line)| line.trim().trim_end_matches(','))
        .find(|line| !line.is_empty() && !line.starts_with('#') && !added.contains(line));
    lost.map_or(Ok(()), |line| Err(Damage::ForeignLine(line.to_owned())))
}

/// All comments, in order: from each `#` behind white space that is in no scalar to the end of its line.
fn comments(text: &str) -> Vec<String> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let scalars: Vec<_> = cases::nodes(&document)
        .into_iter()
        .filter(|(_, node)| node.as_scalar().is_some())
        .map(|(_, node)| node.span())
        .collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(hash) = text[at..].find('#').map(|hash| at + hash) {
        let behind_white = text[..hash].is_empty() || text[..hash].ends_with([' ', '\t', '\n']);
        let in_scalar = scalars.iter().any(|span| span.range().contains(&hash));
        let end = text[hash..].find('\n').map_or(text.len(), |end| hash + end);
        at = hash + 1;
        if behind_white && !in_scalar {
            all.push(text[hash..end].trim_end().to_owned());
            at = end;
        }
    }
    all
}

fn same_comments(before: &str, after: &str) -> Result<(), Damage> {
    let (old, new) = (comments(before), comments(after));
    if old == new { Ok(()) } else { Err(Damage::Comment(format!("{old:?} -> {new:?}"))) }
}

/// What moves takes its comments along, so all are there still.
fn moved(before: &Before, after: &str) -> Result<(), Damage> {
    let (mut old, mut new) = (comments(before.text()), comments(after));
    old.sort();
    new.sort();
    if old == new { Ok(()) } else { Err(Damage::Comment(format!("{old:?} -> {new:?}"))) }
}
