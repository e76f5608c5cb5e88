//! What an edit must not do, told from the two texts alone.

use compose_edit::{Document, NewValue, Node, Path, ScalarStyle};
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
        let document = Document::parse(text)
            .ok()
            .filter(|document| document.documents().len() <= 1)?;
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
    let expected = case
        .expected(&before.document, &before.value)
        .ok_or(Damage::Unjudged)?;
    if !tree::same(&read, &expected) {
        return Err(Damage::WrongValue);
    }
    line_endings(before, after)?;
    let lines = Hunk::between(before.text(), after);
    match &case.change {
        Change::Set(..) => replaced(before, &lines, &case.path),
        Change::Rename(_) => renamed(before, &lines, &case.path),
        Change::Insert { value, banner, .. } => {
            let banner = banner.as_deref().map_or(0, |banner| banner.lines().count());
            grown(before, &lines, case, banner + samples::lines(value))
        }
        Change::Push(value, _) => grown(before, &lines, case, samples::item_lines(value)),
        Change::Remove => shrunk(before, &lines, &case.path),
        Change::ListToMap | Change::MapToList(_) => {
            within(before, &lines, node(before, &case.path))?;
            same_comments(before.text(), after)
        }
        Change::Move(_) => same_comments(before.text(), after),
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

impl Hunk<'_> {
    /// The lines that are gone, with their numbers, if the hunk starts there.
    fn gone_lines(&self, start: usize) -> Vec<(usize, &str)> {
        let kept = self.kept();
        let numbers =
            (0..self.removed.len()).filter(|line| !kept.iter().any(|(old, _)| old == line));
        numbers
            .map(|line| (start + line, self.all[start + line]))
            .collect()
    }

    /// The lines that are new.
    fn new_lines(&self) -> Vec<&str> {
        let kept = self.kept();
        let new = self
            .added
            .iter()
            .enumerate()
            .filter(|(line, _)| !kept.iter().any(|(_, new)| new == line));
        new.map(|(_, line)| *line).collect()
    }

    /// The lines inside of the hunk that are the same: their longest common subsequence.
    fn kept(&self) -> Vec<(usize, usize)> {
        let (old, new) = (&self.removed, &self.added);
        let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
        for (row, column) in (0..old.len())
            .rev()
            .flat_map(|row| (0..new.len()).rev().map(move |column| (row, column)))
        {
            let same = old[row] == new[column];
            let skip = lengths[row + 1][column].max(lengths[row][column + 1]);
            lengths[row][column] = if same {
                lengths[row + 1][column + 1] + 1
            } else {
                skip
            };
        }
        let (mut row, mut column, mut kept) = (0, 0, Vec::new());
        while row < old.len() && column < new.len() {
            if old[row] == new[column] {
                kept.push((row, column));
                (row, column) = (row + 1, column + 1);
            } else if lengths[row + 1][column] > lengths[row][column + 1] {
                row += 1;
            } else {
                column += 1;
            }
        }
        kept
    }

    /// The same lines gone could be those a bit above, where lines are equal: all starts that
    /// explain the two texts.
    fn starts(&self) -> Vec<usize> {
        let gone = self.removed.len();
        let mut starts = vec![self.start];
        let mut start = self.start;
        while self.added.is_empty()
            && gone > 0
            && start > 0
            && self.all[start - 1] == self.all[start + gone - 1]
        {
            start -= 1;
            starts.push(start);
        }
        starts
    }
}

impl<'t> Hunk<'t> {
    pub fn between(before: &'t str, after: &'t str) -> Self {
        let (old, new) = (
            split(before.trim_start_matches('\u{feff}')),
            split(after.trim_start_matches('\u{feff}')),
        );
        let start = old
            .iter()
            .zip(&new)
            .take_while(|(old, new)| old == new)
            .count();
        let rest = old.len().min(new.len()) - start;
        let end = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take(rest)
            .take_while(|(old, new)| old == new)
            .count();
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
    let kept = if crlf(old) == 0 {
        crlf(after) == 0
    } else {
        crlf(after) == lf(after)
    };
    let ended = |text: &str| text.ends_with('\n');
    // A block scalar at the very end tells whether its last line has an end; its value is worth
    // more.
    let block_end = old.contains(['|', '>']);
    if uniform && !kept || old.starts_with('\u{feff}') != after.starts_with('\u{feff}') {
        return Err(Damage::LineEnding);
    }
    if !old.is_empty() && ended(old) != ended(after) && (!block_end || ended(old)) {
        return Err(Damage::LineEnding);
    }
    Ok(())
}

/// The lines of a node: from the line of its key or dash to its last.
pub fn line_range(before: &Before, node: Node<'_>) -> std::ops::RangeInclusive<usize> {
    let line = |offset| before.document.position(offset).line - 1;
    line(start(before, node))..=line(node.span().end)
}

/// Where the key or the dash of a node starts.
fn start(before: &Before, node: Node<'_>) -> usize {
    let Some(parent) = node.parent() else {
        return node.span().start;
    };
    if let Some(mapping) = parent.as_mapping() {
        let key = mapping
            .entries()
            .find(|(_, value)| *value == node)
            .map(|(key, _)| key.span().start);
        return key.unwrap_or(node.span().start);
    }
    let above = &before.text()[..node.span().start];
    if parent.as_sequence().is_some_and(|list| list.is_flow()) {
        above.len()
    } else {
        dash_before(above)
    }
}

/// The last dash that is no part of a comment.
fn dash_before(above: &str) -> usize {
    let mut end = above.len();
    for line in above.split_inclusive('\n').rev() {
        let code = line.split_once(" #").map_or(line, |(code, _)| code);
        let code = if code.trim_start().starts_with('#') {
            ""
        } else {
            code
        };
        let lead = code.len() - code.trim_start_matches([' ', '-']).len();
        if let Some(dash) = code[..lead].rfind('-') {
            return end - line.len() + dash;
        }
        end -= line.len();
    }
    0
}

/// Only lines of a node may differ.
fn within(before: &Before, hunk: &Hunk<'_>, node: Option<Node<'_>>) -> Result<(), Damage> {
    let Some(node) = node else {
        return Err(Damage::ForeignLine("no node".into()));
    };
    let range = line_range(before, node);
    let touched = hunk.start..hunk.start + hunk.removed.len();
    if hunk.removed.is_empty() && hunk.added.is_empty() {
        return Ok(());
    }
    let inside = touched.clone().all(|line| range.contains(&line))
        && (*range.start()..=range.end() + 1).contains(&touched.start);
    if inside {
        Ok(())
    } else {
        Err(Damage::ForeignLine(format!(
            "{touched:?} is not in {range:?}"
        )))
    }
}

/// What stands before and behind a replaced value on its lines stays.
fn replaced(before: &Before, hunk: &Hunk<'_>, path: &Path) -> Result<(), Damage> {
    let node = node(before, path);
    within(before, hunk, node)?;
    let (Some(node), Some(first), Some(last)) = (node, hunk.added.first(), hunk.added.last())
    else {
        return Ok(());
    };
    let before_it = before.text()[..node.span().start]
        .lines()
        .last()
        .unwrap_or_default();
    let behind_it = before.text()[node.span().end..]
        .split('\n')
        .next()
        .unwrap_or_default()
        .trim_end_matches('\r');
    let before_it = before_it.trim_start_matches('\u{feff}').trim_end();
    let is_block = node.as_scalar().is_some_and(|scalar| {
        !matches!(
            scalar.style(),
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted
        )
    });
    let padded = behind_it.is_empty() && last.ends_with([' ', '\t']);
    // The blanks in the place of a null in braces are there for what comes now.
    let behind_it = if node.span().is_empty() {
        behind_it.trim_start_matches([' ', '\t'])
    } else {
        behind_it
    };
    let kept = is_block || first.starts_with(before_it) && last.ends_with(behind_it) && !padded;
    if kept {
        Ok(())
    } else {
        Err(Damage::ForeignLine(format!("{first:?}")))
    }
}

fn renamed(before: &Before, hunk: &Hunk<'_>, path: &Path) -> Result<(), Damage> {
    let node = node(before, path);
    within(before, hunk, node)?;
    let key = node.and_then(|node| {
        node.parent()?
            .as_mapping()?
            .entries()
            .find(|(_, value)| *value == node)
    });
    let end = key.map_or(0, |(key, _)| key.span().end);
    let rest = before.text()[end..].lines().next().unwrap_or_default();
    let same = hunk.removed.len() == 1 && hunk.added.len() == 1 && hunk.added[0].ends_with(rest);
    if same {
        Ok(())
    } else {
        Err(Damage::ForeignLine(format!("{:?}", hunk.removed)))
    }
}

fn grown(before: &Before, hunk: &Hunk<'_>, case: &Case, lines: usize) -> Result<(), Damage> {
    let Some(node) = node(before, &case.path) else {
        return nothing_lost(hunk);
    };
    let flow =
        |node: Node<'_>| node.text().starts_with(['{', '[']) && node.text().ends_with(['}', ']']);
    let in_flow = std::iter::successors(node.parent(), |node| node.parent()).any(flow);
    if in_flow || flow(node) || node.is_null() {
        // In braces all goes on one line; what stands behind a dash starts on the dash's own.
        let item = node
            .parent()
            .is_none_or(|parent| parent.as_sequence().is_some());
        return match in_flow || node.text().starts_with(['{', '[']) {
            true => opened(hunk, 0..=lines + 1),
            // Behind a dash, and in the place of a null on a line of its own, no line comes to be
            // for the first.
            false => opened(
                hunk,
                lines - usize::from(item || is_null_line(hunk))..=lines,
            ),
        };
    }
    if !hunk.removed.is_empty() {
        return if is_stripped(before, hunk) {
            Ok(())
        } else {
            Err(Damage::ForeignLine(format!("{:?}", hunk.removed)))
        };
    }
    let blank = hunk
        .added
        .iter()
        .filter(|line| line.trim().is_empty())
        .count();
    if hunk.added.len() - blank != lines {
        return Err(Damage::ForeignLine(format!(
            "{lines} lines wanted: {:?}",
            hunk.added
        )));
    }
    in_place(hunk, column_of(before, node))?;
    like_neighbours(before, hunk, node, blank)?;
    if let Change::Insert {
        value: NewValue::Map(_),
        ..
    } = &case.change
    {
        steps_like_neighbours(before, hunk, node)?;
    }
    if let Change::Push(value, _) = &case.change {
        like_items(node, hunk, value)
    } else {
        Ok(())
    }
}

/// Whether all that changed is the header of a block scalar at the very end, which gets a `-` lest
/// it gain an end of line.
fn is_stripped(before: &Before, hunk: &Hunk<'_>) -> bool {
    let (old, new) = (&hunk.removed, &hunk.added);
    let same = old[0]
        .bytes()
        .zip(new[0].bytes())
        .take_while(|(old, new)| old == new)
        .count();
    let rest = |line: &str, sign: char| line[same..].strip_prefix(sign).map(str::to_owned);
    let header = rest(new[0], '-')
        .is_some_and(|new| rest(old[0], '+').unwrap_or_else(|| old[0][same..].into()) == new);
    !before.text().ends_with('\n')
        && header
        && new.len() > old.len()
        && new[1..old.len()] == old[1..]
}

/// In which column the members of a block collection stand.
fn column_of(before: &Before, node: Node<'_>) -> usize {
    before.document.position(node.span().start).column - 1
}

fn is_null_line(hunk: &Hunk<'_>) -> bool {
    hunk.removed
        .iter()
        .any(|line| matches!(line.trim(), "null" | "~" | "Null" | "NULL"))
}

/// All of what was removed must be there still, in its order.
fn nothing_lost(hunk: &Hunk<'_>) -> Result<(), Damage> {
    let (old, new) = (hunk.removed.concat(), hunk.added.concat());
    let mut rest = new.chars();
    let old = old.chars().filter(|c| !c.is_whitespace());
    let kept = old.clone().all(|c| rest.any(|other| other == c));
    if kept {
        Ok(())
    } else {
        Err(Damage::ForeignLine(format!("{:?}", hunk.removed)))
    }
}

/// A collection in braces, or one that was null or empty: its own line may change.
fn opened(hunk: &Hunk<'_>, lines: std::ops::RangeInclusive<usize>) -> Result<(), Damage> {
    let gone = hunk.removed.len() - hunk.kept().len();
    let grown = hunk.added.len().checked_sub(hunk.removed.len());
    if gone > 2 || !grown.is_some_and(|grown| lines.contains(&grown)) {
        return Err(Damage::ForeignLine(format!(
            "{:?} -> {:?}",
            hunk.removed, hunk.added
        )));
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
    let (mut start, mut added) = (hunk.start, hunk.added.clone());
    let mut result = in_place_at(hunk, start, &added, column);
    // Where lines are equal, the same lines could have come a bit above.
    while result.is_err() && start > 0 && added.last() == Some(&hunk.all[start - 1]) {
        start -= 1;
        added.rotate_right(1);
        result = result.or_else(|_| in_place_at(hunk, start, &added, column));
    }
    result
}

fn in_place_at(hunk: &Hunk<'_>, start: usize, added: &[&str], column: usize) -> Result<(), Damage> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let first = added.iter().find(|line| !line.trim().is_empty());
    if first.is_some_and(|line| indent(line.trim_start_matches('\u{feff}')) != column) {
        return Err(Damage::Style(format!("column {column} wanted: {first:?}")));
    }
    let above = hunk.all[..start]
        .iter()
        .rev()
        .find(|line| !line.trim().is_empty());
    let swallowed =
        above.is_some_and(|line| line.trim_start().starts_with('#') && indent(line) <= column);
    if swallowed {
        Err(Damage::Comment(format!(
            "{above:?} stands above the new lines"
        )))
    } else {
        Ok(())
    }
}

/// Blank lines where all neighbours have some.
fn like_neighbours(
    before: &Before,
    hunk: &Hunk<'_>,
    node: Node<'_>,
    blank: usize,
) -> Result<(), Damage> {
    let gaps = gaps(before, node);
    let uniform = gaps
        .first()
        .filter(|first| gaps.iter().all(|gap| gap == *first));
    let is_blank = |line: &&&str| line.trim().is_empty();
    // White lines that a block scalar reaches over are content, too.
    let from = children(node)
        .last()
        .map_or(0, |last| line_range(before, *last).end() + 1)
        .min(hunk.start);
    let above = hunk.added.iter().take_while(is_blank).count()
        + hunk.all[from..hunk.start]
            .iter()
            .rev()
            .take_while(is_blank)
            .count();
    // Blank lines that a block scalar keeps are content.
    let kept = before.text().contains("|+") || before.text().contains(">+");
    if !kept && uniform.is_some_and(|gap| *gap != blank || *gap != above) {
        Err(Damage::BlankLine)
    } else {
        Ok(())
    }
}

/// The first nested line is as deep as all neighbours' are.
fn steps_like_neighbours(before: &Before, hunk: &Hunk<'_>, node: Node<'_>) -> Result<(), Damage> {
    let steps = steps(before, node);
    let Some(step) = steps
        .first()
        .filter(|first| steps.iter().all(|step| step == *first))
    else {
        return Ok(());
    };
    let wanted = column_of(before, node) + step;
    let mut new = hunk
        .added
        .iter()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let nested = new.nth(1).map(|line| line.len() - line.trim_start().len());
    if nested.is_none_or(|nested| nested == wanted) {
        return Ok(());
    }
    Err(Damage::Style(format!(
        "step {step} wanted: {:?}",
        hunk.added
    )))
}

/// How many blank lines part the members of a block collection, where that can be told: where a
/// comment stands between them it can only be told that there are none.
fn gaps(before: &Before, node: Node<'_>) -> Vec<usize> {
    let ranges: Vec<_> = children(node)
        .into_iter()
        .map(|child| line_range(before, child))
        .collect();
    let lines = split(before.text());
    let between = |pair: &[std::ops::RangeInclusive<usize>]| {
        let lines = lines.get(pair[0].end() + 1..*pair[1].start())?;
        let blank = lines.iter().filter(|line| line.trim().is_empty()).count();
        (blank == 0 || blank == lines.len()).then_some(blank)
    };
    let all: Option<Vec<usize>> = ranges.windows(2).map(between).collect();
    all.unwrap_or_default()
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let entries = node
        .as_mapping()
        .map(|mapping| mapping.entries().map(|(_, value)| value).collect());
    entries
        .or_else(|| node.as_sequence().map(|list| list.items().collect()))
        .unwrap_or_default()
}

/// How much deeper than a mapping's keys the keys below them stand.
fn steps(before: &Before, node: Node<'_>) -> Vec<usize> {
    let Some(mapping) = node.as_mapping() else {
        return Vec::new();
    };
    let own = column_of(before, node);
    let block = |value: &Node<'_>| value.as_mapping().is_some_and(|mapping| !mapping.is_flow());
    mapping
        .entries()
        .map(|(_, value)| value)
        .filter(block)
        .map(|value| column_of(before, value) - own)
        .collect()
}

/// The quotes of a new string item are those that all other string items have.
fn like_items(node: Node<'_>, hunk: &Hunk<'_>, value: &NewValue) -> Result<(), Damage> {
    let (NewValue::Scalar(_), Some(list)) = (value, node.as_sequence()) else {
        return Ok(());
    };
    let quote = |item: Node<'_>| {
        item.text()
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\''))
    };
    let quotes: Vec<_> = list.items().map(quote).collect();
    let Some(Some(wanted)) = quotes
        .first()
        .filter(|first| quotes.iter().all(|quote| quote == *first))
    else {
        return Ok(());
    };
    let line = hunk
        .added
        .iter()
        .rfind(|line| !line.trim().is_empty())
        .copied()
        .unwrap_or_default();
    let line = line.trim_start_matches(['-', ' ']);
    let escaped = line.starts_with('"') && line.contains('\\');
    if line.starts_with(*wanted) || escaped {
        Ok(())
    } else {
        Err(Damage::Style(format!("{wanted} wanted: {line}")))
    }
}

/// A removed member takes its own lines, deeper comments below, and comments right above it in its
/// column.
fn shrunk(before: &Before, hunk: &Hunk<'_>, path: &Path) -> Result<(), Damage> {
    let mut results = hunk
        .starts()
        .into_iter()
        .map(|start| shrunk_from(before, hunk, start, path));
    let first = results.next().unwrap_or(Ok(()));
    // One of the starts that explain the two texts is enough.
    if results.any(|other| other.is_ok()) {
        Ok(())
    } else {
        first
    }
}

fn shrunk_from(
    before: &Before,
    hunk: &Hunk<'_>,
    start_line: usize,
    path: &Path,
) -> Result<(), Damage> {
    let Some(node) = node(before, path) else {
        return Err(Damage::ForeignLine("no node".into()));
    };
    let range = line_range(before, node);
    let column = before.document.position(start(before, node)).column - 1;
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut new = hunk.new_lines();
    for (number, line) in hunk.gone_lines(start_line) {
        let comment = line.trim_start().starts_with('#');
        let below = number > *range.end() && comment && indent(line) > column;
        let above = number < *range.start() && comment && indent(line) == column;
        if range.contains(&number) || below || above || line.trim().is_empty() {
            continue;
        }
        // A line that lost a comma, gained braces or moved up behind a dash is there still.
        if let Some(rewritten) = new.iter().position(|new| holds(new, line)) {
            new.remove(rewritten);
        } else {
            return Err(if comment {
                Damage::Comment(line.into())
            } else {
                Damage::ForeignLine(line.into())
            });
        }
    }
    // What is left of a line that the member shared with others.
    let is_braces = |new: &str| matches!(new.trim(), "{}" | "[]");
    let own = hunk.all[range.clone()].concat();
    let is_rest = |new: &str| holds(&own, &new.replace(['{', '}'], ""));
    let shared = new.iter().all(|new| is_braces(new) || is_rest(new));
    if shared {
        Ok(())
    } else {
        Err(Damage::ForeignLine(format!("{new:?}")))
    }
}

/// Whether a line has all of another's characters in their order, blanks and commas aside.
fn holds(line: &str, other: &str) -> bool {
    let mut rest = line.chars();
    let mut wanted = other
        .chars()
        .filter(|c| !matches!(c, ' ' | ',' | '[' | ']'));
    !other.trim().is_empty() && wanted.all(|c| rest.any(|other| other == c))
}

/// A comment, and where its `#` stands.
pub struct Comment {
    pub start: usize,
    pub text: String,
}

/// All comments, in order: from each `#` that is in no scalar, and in no name either, to the end of
/// its line.
pub fn comments(text: &str) -> Vec<Comment> {
    let Ok(document) = Document::parse(text) else {
        return Vec::new();
    };
    let scalars: Vec<_> = cases::nodes(&document)
        .into_iter()
        .flat_map(|(_, node)| keys(node).chain([node]))
        .filter(|node| node.as_scalar().is_some())
        .map(Node::span)
        .collect();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(hash) = text[at..].find('#').map(|hash| at + hash) {
        // Compose wants no blank behind what ends by itself.
        let above = &text[..hash];
        let opens = above.is_empty()
            || above.ends_with([
                '\u{feff}', ' ', '\t', '\n', '{', '}', '[', ']', ',', '"', '\'',
            ]);
        let in_scalar = scalars.iter().any(|span| span.range().contains(&hash));
        let end = text[hash..].find('\n').map_or(text.len(), |end| hash + end);
        at = hash + 1;
        if opens && !in_scalar {
            all.push(Comment {
                start: hash,
                text: text[hash..end].trim_end().to_owned(),
            });
            at = end;
        }
    }
    all
}

fn keys(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.as_mapping()
        .into_iter()
        .flat_map(|mapping| mapping.entries().map(|(key, _)| key))
}

/// All comments are there still, though what moves takes its own along.
fn same_comments(before: &str, after: &str) -> Result<(), Damage> {
    let texts = |text: &str| {
        comments(text)
            .into_iter()
            .map(|comment| comment.text)
            .collect::<Vec<_>>()
    };
    let (mut old, mut new) = (texts(before), texts(after));
    old.sort();
    new.sort();
    if old == new {
        Ok(())
    } else {
        Err(Damage::Comment(format!("{old:?} -> {new:?}")))
    }
}
