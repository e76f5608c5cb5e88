//! `insert`, `push` and `put`: a new last member for a collection.

use super::fragment::Fragment;
use super::ledger::Touch;
use super::pass::Pass;
use crate::block_scalar::Header;
use crate::json::is_json;
use crate::layout::blank_lines_between;
use crate::member::{Member, members};
use crate::node::Node;
use crate::quote::{Place, Quote, fits_as_key, quoted};
use crate::write::Style;
use crate::{Content, Document, EditError, Kind, NewValue, Path, Span};

/// What a collection grows by.
#[derive(Debug)]
pub(super) enum Addition<'a> {
    Entry {
        key: &'a str,
        value: &'a NewValue,
        banner: Option<&'a str>,
    },
    Item {
        value: &'a NewValue,
    },
    Fragment(&'a Fragment),
}

impl Addition<'_> {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Entry { .. } => Kind::Mapping,
            Self::Item { .. } => Kind::Sequence,
            Self::Fragment(fragment) => fragment.kind(),
        }
    }

    fn key(&self) -> Option<&str> {
        match self {
            Self::Entry { key, .. } => Some(key),
            Self::Item { .. } => None,
            Self::Fragment(fragment) => fragment.key(),
        }
    }

    fn value(&self) -> Option<&NewValue> {
        match self {
            Self::Entry { value, .. } | Self::Item { value } => Some(value),
            Self::Fragment(_) => None,
        }
    }

    /// Block lines, the first of which starts in column `indent`; no end of line behind the last.
    pub(super) fn lines(&self, style: Style, indent: usize) -> String {
        let mut out = String::new();
        match self {
            Self::Entry { key, value, banner } => {
                style.banner(&mut out, indent, banner.unwrap_or_default());
                style.entry(&mut out, indent, key, value);
            }
            Self::Item { value } => style.item(&mut out, indent, value),
            Self::Fragment(fragment) => fragment.lines(&mut out, style, indent),
        }
        out
    }

    /// The text for braces or brackets; `None` where it has none.
    fn inline(&self, style: Style) -> Option<String> {
        let mut out = String::new();
        match self {
            Self::Entry { key, value, .. } => style.flow_entry(&mut out, key, value),
            Self::Item { value } => style.inline(&mut out, value, Place::Flow),
            Self::Fragment(fragment) => {
                let inline = fragment.inline()?;
                if style.json.is_some() && !is_json_member(inline, fragment.kind()) {
                    return None;
                }
                out.push_str(inline);
            }
        }
        Some(out)
    }
}

impl<'d> Pass<'d> {
    pub(super) fn grow(&mut self, path: &Path, addition: &Addition<'_>) -> Result<(), EditError> {
        let kind = addition.kind();
        let Some(node) = self.find(path)? else {
            return self.grow_nothing(path, addition);
        };
        self.refuse_shared(node, path)?;
        let fits = match node.content() {
            Content::Mapping(_) => kind == Kind::Mapping,
            Content::Sequence(_) => kind == Kind::Sequence,
            _ => node.is_null(),
        };
        if !fits {
            return Err(Self::wrong_kind(node, path, kind));
        }
        self.refuse_addition(node, path, addition)?;
        self.place(node, path, addition)?;
        if let Some(key) = addition.key() {
            self.ledger.note_name(node, key);
        }
        self.ledger.note(node, Touch::Grown(kind));
        Ok(())
    }

    fn refuse_addition(
        &self,
        node: Node<'d>,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        let place = if self.stays_flow(node) {
            Place::Flow
        } else {
            Place::Block
        };
        if let Some(value) = addition.value() {
            refuse_unwritable_in(value, node, place)?;
        }
        if !self.ledger.may_grow(node, addition.kind()) {
            return Err(Self::already_edited(node, path));
        }
        if let Addition::Fragment(fragment) = addition {
            self.refuse_other_anchors(node, fragment)?;
        }
        let Some(key) = addition.key() else {
            return Ok(());
        };
        self.refuse_key(node, path, key)?;
        // What was taken out has a key that is written already.
        if matches!(addition, Addition::Entry { .. }) {
            refuse_unwritable_key(key, node)
        } else {
            Ok(())
        }
    }

    /// Refuses a fragment with aliases that would stand for something else, or nothing, in its new
    /// place, and one with anchors of a name that others use.
    fn refuse_other_anchors(&self, node: Node<'d>, fragment: &Fragment) -> Result<(), EditError> {
        let refusal = |name: &str| EditError::AnchorMissing {
            at: node.position(),
            anchor: name.to_owned(),
        };
        let all = || (0..self.document.nodes.len()).map(|index| self.document.node(index));
        let end = node.record().end();
        for needed in fragment.needs() {
            let around = node
                .ancestry()
                .any(|above| above.anchor() == Some(&needed.name));
            let before = |node: &Node<'_>| {
                node.anchor() == Some(&needed.name) && node.record().start() < end
            };
            let above = all().rfind(before);
            if around || above.is_none_or(|above| above.text() != needed.text) {
                return Err(refusal(&needed.name));
            }
        }
        let used = |name: &&String| {
            all().any(|node| matches!(node.content(), Content::Alias(alias) if alias.name() == *name && !self.ledger.is_gone(node)))
        };
        fragment
            .anchors()
            .iter()
            .find(used)
            .map_or(Ok(()), |name| Err(refusal(name)))
    }

    /// Refuses a key that the mapping has.
    pub(super) fn refuse_key(
        &self,
        mapping: Node<'d>,
        path: &Path,
        key: &str,
    ) -> Result<(), EditError> {
        if self.ledger.has_name(mapping, key) {
            return Err(Self::already_edited(mapping, path));
        }
        let there = mapping.as_mapping().and_then(|mapping| mapping.entry(key));
        match there {
            Some((there, value)) if !self.ledger.is_removed(value) => Err(EditError::KeyExists {
                at: there.position(),
                key: key.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    fn place(
        &mut self,
        node: Node<'d>,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        let members = members(node);
        if self.stays_flow(node) {
            return self.place_in_flow(node, path, addition.kind(), |style| addition.inline(style));
        }
        match (members.as_slice(), Member::of(node)) {
            ([.., last], _) => self.place_below(node, *last, path, addition),
            ([], Some(member)) => self.open(member, path, addition),
            ([], None) => self.open_root(node, path, addition),
        }
    }

    /// Whether what is added to a node goes into braces or brackets.
    fn stays_flow(&self, node: Node<'d>) -> bool {
        let text = node.text();
        let inner = text
            .get(1..text.len().saturating_sub(1))
            .unwrap_or_default();
        let opens = node.is_null() || inner.trim_matches(' ').is_empty() && !flow_is_usual(node);
        self.layout.is_json()
            || node.in_flow()
            || node.is_flow() && !(opens && members(node).is_empty())
    }

    /// Below the last member of a block collection.
    fn place_below(
        &mut self,
        node: Node<'d>,
        last: Member<'d>,
        path: &Path,
        addition: &Addition<'_>,
    ) -> Result<(), EditError> {
        let first = members(node)
            .first()
            .map_or(last.start, |first| first.start);
        self.refuse_tabs(first)?;
        let indent = self.lines().column(first);
        let at = last.end();
        let style = self.layout.style_in(node, at);
        let emptied = members(node)
            .iter()
            .all(|member| self.ledger.is_removed(member.value));
        if emptied && !self.lines().opens_line(first) {
            return Err(Self::already_edited(node, path));
        }
        if emptied && first == self.lines().begin() {
            return self.place_at_begin(path, &addition.lines(style, indent), at);
        }
        let gap = if self.uncovers_kept_lines(last) {
            0
        } else {
            blank_lines_between(node)
        };
        let mut text = style.ending.repeat(gap);
        style.new_line(&mut text, indent);
        text.push_str(&self.ended_lines(addition, style, indent, at)?);
        let clear = self.splices.insert_lines(at, node.depth(), text);
        self.unless_clashing(clear, path, Span::new(at, at))
    }

    /// Whether what a member ends in is removed, and a block scalar above may take blank lines for
    /// its own.
    fn uncovers_kept_lines(&self, member: Member<'d>) -> bool {
        let keeps = |index| {
            self.document
                .node(index)
                .header()
                .is_some_and(Header::keeps)
        };
        self.ledger.is_gone(member.value.last_leaf()) && (0..self.document.nodes.len()).any(keeps)
    }

    /// At the begin of a text whose root has lost all that it had, the last of it at `end`.
    fn place_at_begin(&mut self, path: &Path, text: &str, end: usize) -> Result<(), EditError> {
        let lines = self.lines();
        let repeated = self
            .document
            .root()
            .is_some_and(|root| self.ledger.has_grown(root));
        let rest = lines
            .below(lines.at(end))
            .map_or(lines.text.len(), |line| line.start);
        let ending = lines.last_ending(rest);
        let lead = if repeated && ending.is_empty() {
            lines.ending(end)
        } else {
            ""
        };
        let clear = self
            .splices
            .insert_lines(lines.begin(), 0, format!("{lead}{text}{ending}"));
        self.unless_clashing(clear, path, Span::new(lines.begin(), end))
    }

    /// The lines of an addition that goes behind the line that ends at `at`. What a block scalar at
    /// its end takes for its own must be the same there as where it came from.
    pub(super) fn ended_lines(
        &self,
        addition: &Addition<'_>,
        style: Style,
        indent: usize,
        at: usize,
    ) -> Result<String, EditError> {
        let mut text = addition.lines(style, indent);
        let Addition::Fragment(fragment) = addition else {
            return Ok(text);
        };
        let Some(tail) = fragment.tail() else {
            return Ok(text);
        };
        if self
            .lines()
            .blank_below(at)
            .any(|line| tail.takes(line, indent))
        {
            return Err(EditError::KeptBlankLines {
                at: self.document.position(at),
            });
        }
        if tail.needs_end && at == self.lines().text.len() {
            text.push_str(style.ending);
        }
        Ok(text)
    }
}

/// Whether the text of a member is JSON.
fn is_json_member(text: &str, kind: Kind) -> bool {
    let whole = if kind == Kind::Mapping {
        format!("{{{text}}}")
    } else {
        format!("[{text}]")
    };
    Document::parse(whole).is_ok_and(|document| is_json(&document))
}

/// Whether the other lists beside an empty one are written in brackets.
fn flow_is_usual(node: Node<'_>) -> bool {
    if node.as_sequence().is_none() {
        return false;
    }
    let siblings = node.parent().map(members).unwrap_or_default();
    let mut lists = siblings
        .iter()
        .filter_map(|member| member.value.as_sequence())
        .filter(|list| !list.is_empty());
    lists
        .next()
        .is_some_and(|first| first.is_flow() && lists.all(|list| list.is_flow()))
}

/// Refuses a new key that is empty, has line breaks or other signs for machines, or is too long.
pub(super) fn refuse_unwritable_key(key: &str, mapping: Node<'_>) -> Result<(), EditError> {
    let bare = key.is_empty() || key.chars().any(char::is_control);
    if bare {
        Err(no_key(key, mapping))
    } else {
        refuse_long_key(key, mapping)
    }
}

fn refuse_long_key(key: &str, node: Node<'_>) -> Result<(), EditError> {
    if fits_as_key(&quoted(key, Quote::Double)) {
        Ok(())
    } else {
        Err(no_key(key, node))
    }
}

pub(super) fn no_key(key: &str, node: Node<'_>) -> EditError {
    EditError::Unwritable {
        at: node.position(),
        text: key.to_owned(),
        form: "as a key",
    }
}

/// Refuses what cannot be written in a new value: it would be read as something else, or not at
/// all.
pub(super) fn refuse_unwritable_in(
    value: &NewValue,
    node: Node<'_>,
    place: Place,
) -> Result<(), EditError> {
    match value {
        NewValue::Null => Ok(()),
        NewValue::Scalar(scalar) => super::set::refuse_unwritable(scalar, node, place),
        NewValue::List { items, flow } => {
            let place = if *flow { Place::Flow } else { place };
            items
                .iter()
                .try_for_each(|item| refuse_unwritable_in(item, node, place))
        }
        NewValue::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            refuse_long_key(key, node)?;
            refuse_unwritable_in(value, node, place)
        }),
    }
}
