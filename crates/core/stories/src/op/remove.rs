//! `remove`: an entry of a mapping or an item of a list goes, and with it what is empty then.

use compose_edit::{Document, Edit, Mapping, NewValue, Node, Path, Segment};
use serde::{Deserialize, Serialize};

use super::{
    Append, EditDocument, Found, Insert, NodePath, Operate, Operation, Target, displayed, line,
};
use crate::Workspace;
use crate::refusal::Refusal;

/// An entry or an item goes, and what is empty then up to `created`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The entry, or the list of the item.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// The item: its text, or one line of YAML for one of several parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The outermost node that was made for it: what is empty goes up to there.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "optional_path"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub created: Option<Path>,
}

impl Remove {
    /// An entry goes.
    #[must_use]
    pub fn entry(file: impl Into<String>, path: Path) -> Self {
        Self {
            file: file.into(),
            path,
            item: None,
            created: None,
        }
    }

    /// An item of a list goes.
    #[must_use]
    pub fn item(file: impl Into<String>, list: Path, item: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            path: list,
            item: Some(item.into()),
            created: None,
        }
    }

    /// What goes, in a document.
    fn member(&self, document: &Document) -> Option<Path> {
        let node = document.get(&self.path)?;
        match &self.item {
            None => Some(self.path.clone()),
            Some(item) => Some(self.path.join(self.index_of(Some(node), item)?.index)),
        }
    }

    /// The item that says the text; of mounts, else the one that is still about the same source, in
    /// whatever form.
    fn index_of(&self, list: Option<Node<'_>>, item: &str) -> Option<ItemFound> {
        let is_mount = self.path.last() == Some(&Segment::from("volumes"));
        let (source, _) = item.split_once(':').unwrap_or((item, ""));
        let of_same_source = || {
            list?
                .as_sequence()?
                .items()
                .position(|node| source_of(node) == Some(source))
        };
        match index_as_written(list, item) {
            Some(index) => Some(ItemFound {
                index,
                is_as_written: true,
            }),
            None if is_mount => Some(ItemFound {
                index: of_same_source()?,
                is_as_written: false,
            }),
            None => None,
        }
    }
}

impl Operate for Remove {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: self.path.clone(),
        }
    }

    fn item(&self) -> Option<&str> {
        self.item.as_deref()
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        workspace.edit(&self.file, &[self])
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let document = workspace.document(&self.file)?;
        let Some(member) = self.member(document) else {
            return Ok(None);
        };
        let (file, path, value) = (
            self.file.clone(),
            self.path.clone(),
            line::recordable(document, &member),
        );
        let index = match member.last() {
            Some(Segment::Index(index)) => Some(*index),
            _ => None,
        };
        Ok(Some(match self.item {
            None => Insert {
                file,
                path,
                value,
                blob: None,
            }
            .into(),
            Some(_) => Append {
                file,
                path,
                item: value,
                index,
                blob: None,
            }
            .into(),
        }))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let node = workspace.node(&self.file, &self.path);
        let Some(item) = &self.item else {
            return if node.is_some() {
                Found::AsExpected
            } else {
                Found::Done
            };
        };
        match self.index_of(node, item) {
            None => Found::Done,
            Some(ItemFound {
                is_as_written: true,
                ..
            }) => Found::AsExpected,
            Some(ItemFound { index, .. }) => {
                Found::Different(format!("{}[{index}] was changed from {item}", self.path))
            }
        }
    }

    fn still_fits(&self, workspace: &Workspace<'_>) -> bool {
        let node = workspace.node(&self.file, &self.path);
        let Some(node) = node.map(Node::resolved) else {
            return false;
        };
        let Some(item) = &self.item else { return true };
        let is_it = |own: Node<'_>| text_of(own.resolved()).as_deref() == Some(item);
        node.as_sequence()
            .is_some_and(|list| list.items().any(is_it))
    }

    fn declared_paths(&self) -> Vec<NodePath> {
        vec![NodePath {
            file: self.file.clone(),
            path: self.created.clone().unwrap_or_else(|| self.path.clone()),
        }]
    }

    fn describe(&self) -> String {
        match &self.item {
            Some(item) => format!("no {item} in {}", self.path),
            None => format!("no {}", self.path),
        }
    }

    fn in_document(&self) -> Option<&dyn EditDocument> {
        Some(self)
    }
}

impl EditDocument for Remove {
    fn touches(&self, document: &Document) -> Path {
        let member = self.member(document).unwrap_or_else(|| self.path.clone());
        // The other items of a list move up.
        let outermost = outermost_lone(document, member, self.created.as_ref());
        if outermost.starts_with(&self.path) {
            self.path.clone()
        } else {
            outermost
        }
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        let Some(member) = self.member(target.document) else {
            return Ok(());
        };
        let outermost = outermost_lone(target.document, member, self.created.as_ref());
        edit.remove(&outermost)
            .map_err(|source| target.refuse(source))
    }
}

/// A member, or the outermost node up to `created` that would be empty without it.
pub(super) fn outermost_lone(document: &Document, mut path: Path, created: Option<&Path>) -> Path {
    let is_lone = |parent: &Path| {
        let node = document.get(parent);
        let entries = node.and_then(Node::as_mapping).map(Mapping::len);
        entries.or_else(|| node.and_then(Node::as_sequence).map(|items| items.len())) == Some(1)
    };
    let may_go = |parent: &Path| created.is_some_and(|created| parent.starts_with(created));
    while let Some(parent) = path
        .parent()
        .filter(|parent| may_go(parent) && is_lone(parent))
    {
        path = parent;
    }
    path
}

/// An item of a list.
struct ItemFound {
    index: usize,
    /// Whether it says what was written, letter for letter.
    is_as_written: bool,
}

/// The last item that says a text: one that was added stands behind another one of the same text.
pub(super) fn index_as_written(list: Option<Node<'_>>, item: &str) -> Option<usize> {
    let items: Vec<Node<'_>> = list?.as_sequence()?.items().collect();
    items
        .iter()
        .rposition(|node| text_of(*node).as_deref() == Some(item))
}

/// The text of a scalar, or one line of YAML for a node of several parts.
fn text_of(node: Node<'_>) -> Option<String> {
    match node.as_scalar() {
        Some(scalar) => Some(scalar.value().to_owned()),
        None => Some(line::line(&super::copied(node)?)),
    }
}

/// As [`text_of`], of a value that is to be written.
pub(crate) fn item_text(value: &NewValue) -> String {
    match value {
        NewValue::Scalar(scalar) => scalar.as_str().to_owned(),
        other => line::line(other),
    }
}

/// The source of a mount in its short or its long form.
fn source_of(node: Node<'_>) -> Option<&str> {
    match node.as_scalar() {
        Some(own) => own.value().split_once(':').map(|(source, _)| source),
        None => Some(node.as_mapping()?.get("source")?.as_scalar()?.value()),
    }
}

/// Paths that may be missing.
pub(super) mod optional_path {
    use compose_edit::Path;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        path: &Option<Path>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        path.as_ref().map(ToString::to_string).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Path>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom))
            .transpose()
    }
}
