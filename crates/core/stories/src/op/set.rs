//! `set`: another scalar in the place of one.

use compose_edit::{Content, Document, Edit, NewScalar, Node, Path, ScalarStyle};
use serde::{Deserialize, Serialize};

use super::{
    EditDocument, Found, Need, NodePath, Operate, Operation, Target, displayed, entry_line, line,
};
use crate::Workspace;
use crate::refusal::Refusal;

/// Another scalar in the place of one, or of an alias of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// The path of the file, from the root of the checkout.
    pub file: String,
    /// The scalar.
    #[serde(with = "displayed")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub path: Path,
    /// What it is expected to say now; none where that is not to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it shall say; none where the file from before has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Whether it is to stand without quotes though YAML reads it as no string: a number, a truth.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain: bool,
    /// Git's id of the file from before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}

impl Set {
    /// Another text.
    #[must_use]
    pub fn new(file: impl Into<String>, path: Path, to: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            path,
            from: None,
            to: Some(to.into()),
            plain: false,
            blob: None,
        }
    }

    /// What it says in a document; of nothing, in whatever form, that it is null.
    fn current<'d>(&self, document: &'d Document) -> Option<&'d str> {
        let node = document.get(&self.path)?.resolved();
        if node.is_null() {
            Some("null")
        } else {
            Some(node.as_scalar()?.value())
        }
    }
}

impl Operate for Set {
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
        let node = document.get(&self.path);
        let plain = node.is_some_and(|node| is_plain_and_no_string(node.resolved()));
        let is_alias = node.is_some_and(|node| matches!(node.content(), Content::Alias(_)));
        let may_be_told = match node {
            Some(node) if is_alias => line::may_be_told(&self.path, node),
            _ => line::recordable(document, &self.path).is_some(),
        };
        let to = self
            .current(document)
            .filter(|_| may_be_told)
            .map(str::to_owned);
        // Where what stood there is not to be told, what takes its place may be as secret.
        let from = self.to.clone().filter(|_| to.is_some());
        Ok(Some(
            Self {
                from,
                to,
                plain,
                blob: None,
                ..self.clone()
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let Ok(document) = workspace.document(&self.file) else {
            return Found::Gone(format!("{} is gone", self.file));
        };
        let (path, current) = (&self.path, self.current(document));
        match (document.get(path), &self.from) {
            (None, _) => Found::Gone(format!("{path} is gone")),
            (Some(_), _) if current.is_some() && current == self.to.as_deref() => Found::Done,
            (Some(_), Some(from)) if current != Some(from) => {
                Found::Different(format!("{path} was changed from {from}"))
            }
            _ => Found::AsExpected,
        }
    }

    fn still_fits(&self, workspace: &Workspace<'_>) -> bool {
        let node = workspace.node(&self.file, &self.path);
        let scalar = node.and_then(|node| node.resolved().as_scalar());
        scalar.is_some_and(|scalar| self.from.as_ref().is_none_or(|from| scalar.value() == from))
    }

    fn describe(&self) -> String {
        entry_line(&self.path, self.to.as_deref().unwrap_or_default())
    }

    fn need(&self) -> Option<Need<'_>> {
        self.to.is_none().then_some(Need {
            file: &self.file,
            blob: self.blob.as_deref(),
        })
    }

    fn blob_mut(&mut self) -> Option<&mut Option<String>> {
        Some(&mut self.blob)
    }

    fn in_document(&self) -> Option<&dyn EditDocument> {
        Some(self)
    }
}

impl EditDocument for Set {
    fn touches(&self, _: &Document) -> Path {
        self.path.clone()
    }

    fn edit(&self, target: &Target<'_>, edit: &mut Edit<'_>) -> Result<(), Refusal> {
        let remembered = || Some(self.current(target.before?)?.to_owned());
        let forgotten = || Refusal::Forgotten {
            file: self.file.clone(),
            path: self.path.clone(),
        };
        let to = self.to.clone().or_else(remembered).ok_or_else(forgotten)?;
        let scalar = if self.plain {
            NewScalar::plain(to)
        } else {
            NewScalar::from(to)
        };
        edit.set(&self.path, &scalar)
            .map_err(|source| target.refuse(source))
    }
}

/// Whether a scalar is a number, a truth or nothing.
fn is_plain_and_no_string(node: Node<'_>) -> bool {
    node.as_scalar().is_some_and(|scalar| {
        scalar.style() == ScalarStyle::Plain && (node.is_null() || is_typed(scalar.value()))
    })
}

/// Whether YAML reads a word without quotes as a number or a truth.
fn is_typed(word: &str) -> bool {
    matches!(serde_yaml::from_str::<serde_yaml::Value>(word), Ok(value) if !value.is_string())
}
