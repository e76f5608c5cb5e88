//! `map-to-list`: a mapping becomes a list of its keys, where the list means the same.

use compose_edit::{Document, Edit, Mapping, NewScalar, Node, Path};
use serde::{Deserialize, Serialize};

use super::list_to_map::Meaning;
use super::{
    EditDocument, Found, Insert, ListToMap, NodePath, Operate, Operation, Set, Target, displayed,
    line,
};
use crate::Workspace;
use crate::change::{HEALTHY, STARTED};
use crate::refusal::Refusal;

/// A mapping becomes a list of its keys, where all but `key` say no more than a list does; else
/// `key` alone is put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MapToList {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The mapping.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// The key whose value goes, whatever it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether the list did not have that key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub added: bool,
    /// Whether the list stood in brackets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flow: bool,
}

impl MapToList {
    /// Its own entry, where it is there.
    fn own_entry(&self, document: &Document) -> Option<Path> {
        let own = self.path.join(self.key.as_deref()?);
        document.get(&own).map(|_| own)
    }

    /// The condition that is put back where no list can be: the one of an entry that the list had.
    fn condition(&self, document: &Document) -> Option<Path> {
        let condition = self
            .own_entry(document)
            .filter(|_| !self.added)?
            .join("condition");
        let said = document.get(&condition)?.as_scalar()?.value();
        (said == HEALTHY).then_some(condition)
    }

    /// Whether all keys but its own say no more than a list does.
    fn can_be_list(&self, map: Mapping<'_>) -> bool {
        let meaning = Meaning::at(&self.path);
        let is_own = |key: Node<'_>| {
            key.as_scalar()
                .is_some_and(|key| Some(key.value()) == self.key.as_deref())
        };
        map.entries()
            .filter(|(key, _)| !is_own(*key))
            .all(|(_, value)| meaning.is_said_by(value))
    }
}

impl Operate for MapToList {
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
        let document = workspace.document(&self.file)?;
        let Some(map) = document.get(&self.path).and_then(Node::as_mapping) else {
            return Ok(None);
        };
        let (file, path, key) = (self.file.clone(), self.path.clone(), self.key.clone());
        let own = self.own_entry(document);
        let value = own.as_ref().and_then(|own| line::recordable(document, own));
        if self.can_be_list(map) {
            return Ok(Some(
                ListToMap {
                    file,
                    path,
                    key,
                    value,
                }
                .into(),
            ));
        }
        let condition = self
            .condition(document)
            .map(|path| Set::new(file.clone(), path, HEALTHY).into());
        Ok(match own.filter(|_| self.added) {
            Some(path) => Some(
                Insert {
                    file,
                    path,
                    value,
                    blob: None,
                }
                .into(),
            ),
            None => condition,
        })
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let node = workspace.node(&self.file, &self.path);
        let Some(node) = node else {
            return Found::Gone(format!("{} is gone", self.path));
        };
        if node.as_sequence().is_some() {
            return Found::Done;
        }
        match &self.key {
            Some(key) if node.as_mapping().and_then(|map| map.get(key)).is_none() => {
                Found::Different(format!("{}.{key} is gone", self.path))
            }
            _ => Found::AsExpected,
        }
    }

    fn still_fits(&self, workspace: &Workspace<'_>) -> bool {
        let node = workspace.node(&self.file, &self.path);
        let map = node.and_then(|node| node.resolved().as_mapping());
        map.is_some_and(|map| self.key.as_ref().is_none_or(|key| map.get(key).is_some()))
    }

    fn describe(&self) -> String {
        format!("{} as a list", self.path)
    }

    fn in_document(&self) -> Option<&dyn EditDocument> {
        Some(self)
    }
}

impl EditDocument for MapToList {
    fn touches(&self, _: &Document) -> Path {
        self.path.clone()
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        let refuse = |source| target.refuse(source);
        let Some(map) = target.document.get(&self.path).and_then(Node::as_mapping) else {
            return Ok(());
        };
        if let Some(own) = self.own_entry(target.document).filter(|_| self.added) {
            edit.remove(&own).map_err(refuse)?;
        }
        if self.can_be_list(map) {
            return edit.map_to_list(&self.path, self.flow).map_err(refuse);
        }
        match self.condition(target.document) {
            Some(condition) => edit
                .set(&condition, &NewScalar::from(STARTED))
                .map_err(refuse),
            None => Ok(()),
        }
    }
}
