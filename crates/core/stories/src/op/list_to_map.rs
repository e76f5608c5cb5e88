//! `list-to-map`: a list becomes a mapping that means the same, one of its keys excepted.

use compose_edit::{Document, Edit, NewValue, Node, Path, Segment, Sequence};
use serde::{Deserialize, Serialize};

use super::{
    EditDocument, Found, MapToList, NodePath, Operate, Operation, Target, displayed, entry_line,
    line,
};
use crate::Workspace;
use crate::change::{STARTED, condition};
use crate::refusal::Refusal;

/// A list becomes a mapping in which every item has the value that it meant, and `key` another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListToMap {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The list.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// A key with a value of its own, be it in the list or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// That value as one line of YAML.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "line")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub value: Option<NewValue>,
}

/// What an item of a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A dependency on a service that has started.
    Started,
    /// `NAME=value`; the name alone has no value.
    Assignment,
    /// A name alone.
    Name,
}

impl Meaning {
    /// By the key of the list.
    pub(crate) fn at(path: &Path) -> Self {
        match path.last() {
            Some(Segment::Key(key)) if key == "depends_on" => Self::Started,
            Some(Segment::Key(key))
                if ["environment", "labels", "args", "annotations", "sysctls"]
                    .contains(&&**key) =>
            {
                Self::Assignment
            }
            _ => Self::Name,
        }
    }

    /// The key that an item becomes, and its value.
    pub(crate) fn entry(self, item: &str) -> (String, NewValue) {
        match (self, item.split_once('=')) {
            (Self::Started, _) => (item.to_owned(), condition(STARTED)),
            (Self::Assignment, Some((name, value))) => (name.to_owned(), NewValue::from(value)),
            _ => (item.to_owned(), NewValue::Null),
        }
    }

    /// Whether an item of a list can mean a value.
    pub(super) fn is_said_by(self, value: Node<'_>) -> bool {
        match self {
            Self::Started => {
                let mut entries = value.as_mapping().into_iter().flat_map(|map| map.entries());
                let lone = entries.next().filter(|_| entries.next().is_none());
                let is = |node: Node<'_>, text: &str| {
                    node.as_scalar()
                        .is_some_and(|scalar| scalar.value() == text)
                };
                lone.is_some_and(|(key, value)| is(key, "condition") && is(value, STARTED))
            }
            // A list that is made of the keys alone would lose the value.
            Self::Assignment | Self::Name => value.is_null(),
        }
    }
}

impl ListToMap {
    fn is_listed(&self, list: Sequence<'_>) -> bool {
        let meaning = Meaning::at(&self.path);
        let is_own = |item: Node<'_>| {
            let key = item.as_scalar().map(|item| meaning.entry(item.value()).0);
            key.is_some() && key == self.key
        };
        list.items().any(is_own)
    }
}

impl Operate for ListToMap {
    fn node(&self) -> NodePath {
        NodePath {
            file: self.file.clone(),
            path: self.path.clone(),
        }
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        workspace.edit(&self.file, &[self])
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let list = workspace
            .document(&self.file)?
            .get(&self.path)
            .and_then(Node::as_sequence);
        let added = self.key.is_some() && !list.is_some_and(|list| self.is_listed(list));
        let flow = list.is_some_and(Sequence::is_flow);
        let (file, path, key) = (self.file.clone(), self.path.clone(), self.key.clone());
        Ok(Some(
            MapToList {
                file,
                path,
                key,
                added,
                flow,
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let node = workspace.node(&self.file, &self.path);
        match node {
            Some(node) if node.as_mapping().is_some() => Found::Done,
            Some(_) => Found::AsExpected,
            None => Found::Gone(format!("{} is gone", self.path)),
        }
    }

    fn describe(&self) -> String {
        let value = self.value.as_ref().map(line::shown).unwrap_or_default();
        match &self.key {
            Some(key) => entry_line(&self.path.join(key.as_str()), &value),
            None => format!("{} as a mapping", self.path),
        }
    }

    fn in_document(&self) -> Option<&dyn EditDocument> {
        Some(self)
    }
}

impl EditDocument for ListToMap {
    fn touches(&self, _: &Document) -> Path {
        self.path.clone()
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        let list = target.document.get(&self.path).and_then(Node::as_sequence);
        let added = !list.is_some_and(|list| self.is_listed(list));
        let meaning = Meaning::at(&self.path);
        let entry = |item: &str| {
            let (key, value) = meaning.entry(item);
            let own = self
                .value
                .clone()
                .filter(|_| Some(&key) == self.key.as_ref());
            (key, own.unwrap_or(value))
        };
        edit.list_to_map(&self.path, entry)
            .map_err(|source| target.refuse(source))?;
        if let (Some(key), true) = (&self.key, added) {
            // It goes into a mapping of the edited text.
            let value = self.value.clone().unwrap_or(NewValue::Null);
            edit.insert(&self.path, key, &value, None)
                .map_err(|source| target.refuse(source))?;
        }
        Ok(())
    }
}
