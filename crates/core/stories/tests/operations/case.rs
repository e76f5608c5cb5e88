//! One case: files, operations, and what becomes of the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stories::op::set_layout::STACK_FILE;
use stories::{FileState, Layout, Operation, Workspace, op};

/// A case of an operation.
pub struct Case {
    path: PathBuf,
    given: Given,
}

/// The content of `<case>.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// What the case shows.
    #[serde(rename = "shows")]
    _shows: String,
    /// The files; nothing for one that is not there.
    before: BTreeMap<String, Option<String>>,
    operations: Vec<Operation>,
}

/// The content of `<case>.expected`.
#[derive(Default, Serialize)]
struct Expected {
    /// The files that are others then; nothing for one that is gone.
    after: BTreeMap<String, Option<String>>,
    /// What takes the operations back.
    undo: Vec<Operation>,
    /// The files that are not to the byte as before once that is made.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    again: BTreeMap<String, Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

impl Case {
    pub fn all() -> Vec<Self> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/operations");
        let folders = entries(&root).into_iter().filter(|path| path.is_dir());
        let paths = folders.flat_map(|folder| entries(&folder));
        let read = |path: PathBuf| {
            let text = fs::read_to_string(&path).unwrap();
            let given = serde_yaml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Self { path, given }
        };
        paths
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "yaml")
            })
            .map(read)
            .collect()
    }

    pub fn is_of(&self, operation: &str) -> bool {
        self.path
            .parent()
            .and_then(Path::file_name)
            .is_some_and(|folder| folder == operation)
    }

    /// Makes the operations, then what takes them back; compares.
    pub fn run(&self) -> Result<(), String> {
        let found = serde_yaml::to_string(&self.expected()).unwrap();
        let path = self.path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &found).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found == expected {
            return Ok(());
        }
        Err(format!(
            "{} says\n{expected}\nbut it is\n{found}",
            path.display()
        ))
    }

    fn workspace(&self) -> Workspace<'static> {
        let layout = self
            .given
            .before
            .get(STACK_FILE)
            .and_then(Option::as_deref)
            .unwrap_or_default();
        let mut workspace =
            Workspace::default().with_layout(Layout::parse(STACK_FILE, layout).unwrap());
        for (path, text) in &self.given.before {
            workspace.put(
                path,
                text.clone()
                    .map_or(FileState::Absent, |text| FileState::of(path, text)),
            );
        }
        workspace
    }

    fn expected(&self) -> Expected {
        let before = self.workspace();
        let mut now = before.clone();
        let undo = match op::run(&mut now, &self.given.operations) {
            Ok(undo) => undo,
            Err(refusal) => {
                return Expected {
                    refused: Some(refusal.to_string()),
                    ..Expected::default()
                };
            }
        };
        let after = self.differences(&before, &now);
        // What is recorded is what is read again.
        let undo: Vec<Operation> =
            serde_yaml::from_str(&serde_yaml::to_string(&undo).unwrap()).unwrap();
        let refused = op::take_back(&mut now, &undo)
            .err()
            .map(|refusal| refusal.to_string());
        let again = if refused.is_some() {
            BTreeMap::new()
        } else {
            self.differences(&before, &now)
        };
        Expected {
            after,
            undo,
            again,
            refused,
        }
    }

    fn differences(
        &self,
        before: &Workspace<'_>,
        after: &Workspace<'_>,
    ) -> BTreeMap<String, Option<String>> {
        let differs = |path: &&String| before.text(path) != after.text(path);
        let text = |path: &String| (path.clone(), after.text(path).map(str::to_owned));
        self.given.before.keys().filter(differs).map(text).collect()
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}
