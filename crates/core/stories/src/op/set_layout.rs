//! `set-layout`: an environment is made of other files, and `compose/stack.yaml` says so.

use compose_edit::{Document, Edit, EditError, NewScalar, NewValue, Node, Path, Sequence};
use serde::{Deserialize, Serialize};

use super::remove::optional_path;
use super::{Found, NodePath, Operate, Operation};
use crate::layout::{self, Layout};
use crate::refusal::Refusal;
use crate::{EnvironmentFiles, FileState, Workspace};

/// Where a checkout says what it is made of.
pub const STACK_FILE: &str = "compose/stack.yaml";

/// An environment is made of these files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetLayout {
    /// The environment; it is made where there is none of this name.
    pub environment: String,
    /// Its Compose files in order; none for an environment that goes.
    #[serde(default)]
    pub files: Vec<String>,
    /// What was made for it in `compose/stack.yaml` and goes: the root stands for the file.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "optional_path"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub created: Option<Path>,
}

impl SetLayout {
    /// An environment of these files.
    #[must_use]
    pub fn new(environment: impl Into<String>, files: Vec<String>) -> Self {
        Self {
            environment: environment.into(),
            files,
            created: None,
        }
    }

    fn path(&self) -> Path {
        Path::from(["environments", &self.environment])
    }

    /// The layout as it is then.
    fn next(&self, layout: &Layout) -> Layout {
        let mut next = layout.clone();
        if self.files.is_empty() {
            next.environments.shift_remove(&self.environment);
        } else {
            let own = next.environments.entry(self.environment.clone());
            own.or_default().files.clone_from(&self.files);
        }
        next
    }

    /// What has to be made in the file; none where its list is there already.
    fn made(&self, document: Option<&Document>) -> Option<Path> {
        let Some(document) = document else {
            return Some(Path::root());
        };
        let all = Path::from(["environments"]);
        let missing = [all, self.path(), self.path().join("files")];
        missing
            .into_iter()
            .find(|path| document.get(path).is_none())
    }

    /// The file as it is then; none for one that goes.
    fn text(
        &self,
        document: Option<&Document>,
        next: &Layout,
    ) -> Result<Option<String>, EditError> {
        let Some(document) = document else {
            return Ok(Some(layout::environments(next)));
        };
        let mut edit = document.edit();
        match (&self.created, self.made(Some(document))) {
            (Some(created), _) if is_lone(document, created) => return Ok(None),
            (Some(created), _) if created.segments().is_empty() => {
                edit.remove(&Path::from(["environments"]))?
            }
            (Some(created), _) => edit.remove(created)?,
            (None, _) if self.files.is_empty() => edit.remove(&self.path())?,
            (None, None) => self.list(document, &mut edit)?,
            (None, Some(missing)) => self.add(&mut edit, &missing, next)?,
        }
        Ok(Some(edit.finish()?.text().to_owned()))
    }

    /// The list of files, item by item, so that its form stays.
    fn list(&self, document: &Document, edit: &mut Edit<'_>) -> Result<(), EditError> {
        let path = self.path().join("files");
        let known = document
            .get(&path)
            .and_then(Node::as_sequence)
            .map_or(0, Sequence::len);
        for (index, file) in self.files.iter().enumerate() {
            match index < known {
                true => edit.set(&path.join(index), &NewScalar::from(file.as_str()))?,
                false => edit.push(&path, &NewValue::from(file.as_str()))?,
            }
        }
        (self.files.len()..known)
            .rev()
            .try_for_each(|index| edit.remove(&path.join(index)))
    }

    fn add(&self, edit: &mut Edit<'_>, missing: &Path, next: &Layout) -> Result<(), EditError> {
        let list = |files: &[String]| {
            let items = files
                .iter()
                .map(|file| NewValue::from(file.as_str()))
                .collect();
            NewValue::List { items, flow: true }
        };
        let body = |own: &EnvironmentFiles| {
            let mut entries = vec![("files".to_owned(), list(&own.files))];
            entries.extend(
                (!own.env_files.is_empty()).then(|| ("env_files".to_owned(), list(&own.env_files))),
            );
            NewValue::Map(entries)
        };
        let own = next.environments.get(&self.environment);
        match (missing.segments().len(), own) {
            (1, _) => {
                let all = next
                    .environments
                    .iter()
                    .map(|(name, own)| (name.clone(), body(own)))
                    .collect();
                edit.insert(&Path::root(), "environments", &NewValue::Map(all), None)
            }
            (2, Some(own)) => edit.insert(
                &Path::from(["environments"]),
                &self.environment,
                &body(own),
                None,
            ),
            _ => edit.insert(&self.path(), "files", &list(&self.files), None),
        }
    }
}

/// Whether nothing is left of a file that was made for its environments but those.
fn is_lone(document: &Document, created: &Path) -> bool {
    let root = document.root().and_then(Node::as_mapping);
    created.segments().is_empty()
        && root.is_none_or(|root| root.len() == 1 && root.get("environments").is_some())
}

impl Operate for SetLayout {
    fn node(&self) -> NodePath {
        NodePath {
            file: STACK_FILE.to_owned(),
            path: self.path(),
        }
    }

    fn apply(&self, workspace: &mut Workspace<'_>) -> Result<(), Refusal> {
        let next = self.next(workspace.layout());
        let document = match workspace.known(STACK_FILE)? {
            FileState::Absent => None,
            _ => Some(workspace.document(STACK_FILE)?),
        };
        let text = self.text(document, &next).map_err(|source| Refusal::Edit {
            file: STACK_FILE.to_owned(),
            source,
        })?;
        let state = text.map_or(FileState::Absent, |text| FileState::of(STACK_FILE, text));
        workspace.put(STACK_FILE, state);
        workspace.set_layout(next);
        Ok(())
    }

    fn inverse(&self, workspace: &Workspace<'_>) -> Result<Option<Operation>, Refusal> {
        let known = workspace.layout().environments.get(&self.environment);
        let files = known.map(|own| own.files.clone()).unwrap_or_default();
        let document = match workspace.known(STACK_FILE)? {
            FileState::Absent => None,
            _ => Some(workspace.document(STACK_FILE)?),
        };
        if files == self.files {
            return Ok(None);
        }
        Ok(Some(
            Self {
                environment: self.environment.clone(),
                files,
                created: self.made(document),
            }
            .into(),
        ))
    }

    fn found(&self, workspace: &Workspace<'_>) -> Found {
        let known = workspace.layout().environments.get(&self.environment);
        let files = known.map(|own| own.files.as_slice()).unwrap_or_default();
        if files == self.files {
            Found::Done
        } else {
            Found::AsExpected
        }
    }

    fn declared_paths(&self) -> Vec<NodePath> {
        vec![NodePath {
            file: STACK_FILE.to_owned(),
            path: self.created.clone().unwrap_or_else(|| self.path()),
        }]
    }

    fn describe(&self) -> String {
        format!(
            "{}: {{ files: [{}] }}",
            self.environment,
            self.files.join(", ")
        )
    }
}
