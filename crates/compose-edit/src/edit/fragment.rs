//! Source text on its way from one place to another.

use crate::block_scalar::Header;
use crate::member::{Member, members};
use crate::write::Style;
use crate::{Kind, Path};

use super::remove::first_comment;

/// An entry or an item with its comments, as it was written where [`crate::Edit::take`] found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    key: Option<String>,
    /// Without the indentation that all of them share.
    lines: Vec<String>,
    /// The same for braces, where it can stand in them.
    inline: Option<String>,
    /// Whether it ends in a block scalar whose value has the end of its last line.
    needs_end: bool,
    /// Whether that block scalar takes blank lines below it for its own.
    keeps_blank_lines: bool,
}

impl Fragment {
    /// The text of a member.
    pub(super) fn cut(member: Member<'_>, path: &Path) -> Self {
        let key = path.last().and_then(|last| match last {
            crate::Segment::Key(key) => Some(key.clone()),
            crate::Segment::Index(_) => None,
        });
        let header = member.value.last_leaf().header().filter(|header| !header.strips());
        let unended = member.content_end() == member.value.lines().text.len();
        let in_flow = member.value.in_flow();
        let lines = if in_flow { flow_lines(member) } else { block_lines(member, header.filter(|_| unended)) };
        let single = lines.len() == 1 && (in_flow || is_harmless(&lines[0]));
        let item = |line: &String| line.strip_prefix("- ").unwrap_or(line).to_owned();
        let inline = single.then(|| if key.is_some() { lines[0].clone() } else { item(&lines[0]) });
        let needs_end = header.is_some() && !unended;
        let keeps_blank_lines = needs_end && header.is_some_and(Header::keeps);
        Self { key, lines, inline, needs_end, keeps_blank_lines }
    }

    /// The key, for an entry of a mapping.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The text, its shared indentation taken off, lines ended by `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// The kind of collection that it came from and can go into.
    #[must_use]
    pub fn kind(&self) -> Kind {
        if self.key.is_some() { Kind::Mapping } else { Kind::Sequence }
    }

    pub(super) fn needs_end(&self) -> bool {
        self.needs_end
    }

    pub(super) fn keeps_blank_lines(&self) -> bool {
        self.keeps_blank_lines
    }

    pub(super) fn inline(&self) -> Option<&str> {
        self.inline.as_deref()
    }

    pub(super) fn lines(&self, out: &mut String, style: Style, indent: usize) {
        for (position, line) in self.lines.iter().enumerate() {
            match (position, line.as_str()) {
                (0, line) => out.push_str(line),
                (_, "") => out.push_str(style.ending),
                (_, line) => {
                    style.new_line(out, indent);
                    out.push_str(line);
                }
            }
        }
    }
}

/// The lines of a member of a block collection, from its first comment on.
fn block_lines(member: Member<'_>, strip: Option<Header<'_>>) -> Vec<String> {
    let lines = member.value.lines();
    let column = member.column();
    let holder = member.value.parent().map(members).unwrap_or_default();
    let position = holder.iter().position(|other| other.value == member.value).unwrap_or_default();
    let start = if lines.opens_line(member.start) { first_comment(&holder, position).start } else { member.start };
    let mut text = lines.text[start..member.end()].to_owned();
    if let Some(header) = strip {
        let signs = lines.text[header.span.range()].trim_end_matches('+').to_owned() + "-";
        text.replace_range(header.span.start - start..header.span.end - start, &signs);
    }
    let mut all: Vec<String> = text.split('\n').map(|line| dedent(line.trim_end_matches('\r'), column)).collect();
    if start == member.start {
        // Behind a dash there is no indentation to take off.
        all[0] = text.split('\n').next().unwrap_or_default().trim_end_matches('\r').to_owned();
    }
    all
}

fn dedent(line: &str, column: usize) -> String {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    line[blanks.min(column)..].to_owned()
}

/// A member of a flow collection, written as one of a block collection.
fn flow_lines(member: Member<'_>) -> Vec<String> {
    let lines = member.value.lines();
    let column = lines.at(member.start).indent();
    let record = member.value.record();
    let value = &lines.text[record.start()..record.end()];
    let text = match member.key {
        None if value.is_empty() => "-".to_owned(),
        None => format!("- {value}"),
        Some(key) => {
            let key = &lines.text[key.record().start()..key.record().end()];
            if value.is_empty() { format!("{key}:") } else { format!("{key}: {value}") }
        }
    };
    let mut all = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let first = all.next().map(str::to_owned);
    first.into_iter().chain(all.map(|line| dedent(line, column))).collect()
}

/// Whether a line of a block collection can stand in braces too.
fn is_harmless(line: &str) -> bool {
    !line.contains([',', '[', ']', '{', '}', '#', '|', '>', '?'])
}
