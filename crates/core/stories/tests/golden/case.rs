//! One case: a checkout, a story, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use stories::{
    Catalog, Checklist, Context, Draft, Ledger, Outcome, ProvedDraft, Record, Refusal, Stack,
    State, Story,
};

use crate::expected::{self, Expected, Refused};
use crate::{checkout, revert};

/// Texts of a folder by path.
type Texts = BTreeMap<String, String>;

/// A case of a story.
pub struct Case {
    folder: PathBuf,
    plan: Plan,
}

/// The content of `case.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// What the case shows.
    #[serde(rename = "shows")]
    _shows: String,
    /// The rows of the compatibility table that it is a case of.
    #[serde(default)]
    covers: Vec<String>,
    /// The environments that the run selects; all where none are named.
    #[serde(default)]
    environments: Vec<String>,
    /// The files that git ignores.
    #[serde(default)]
    ignored: BTreeSet<String>,
    /// Whether guesses wait for an answer; most cases are about what is written, and take them.
    #[serde(default)]
    asks: bool,
}

/// What a run gives.
#[derive(Default)]
struct Run {
    expected: Expected,
    after: Texts,
}

/// The folder of all cases.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The name of a story's folder.
pub fn folder(story: &Story) -> String {
    story.file_name().trim_end_matches(".yaml").to_owned()
}

/// The folders in a folder, sorted.
pub fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir());
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Case {
    /// The cases of a story.
    pub fn all(story: &Story) -> Vec<Self> {
        let root = root().join(folder(story));
        let read = |name: String| {
            let folder = root.join(name);
            let text = fs::read_to_string(folder.join("case.yaml")).unwrap();
            let plan = serde_yaml::from_str(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
            Self { folder, plan }
        };
        folders(&root).into_iter().map(read).collect()
    }

    pub fn name(&self) -> String {
        self.folder
            .strip_prefix(root())
            .unwrap()
            .display()
            .to_string()
    }

    pub fn covers(&self) -> &[String] {
        &self.plan.covers
    }

    /// Runs the case and compares; whether it changes files.
    pub fn run(&self, catalog: &Catalog, story: &Story) -> Result<bool, String> {
        let before = checkout::tree(&self.folder.join("before"));
        let run = self.apply(catalog, story, &before)?;
        let expected = serde_yaml::to_string(&run.expected).unwrap();
        if std::env::var_os("BLESS").is_some() {
            self.bless(&expected, &run.after);
        }
        let written = fs::read_to_string(self.folder.join("expected.yaml")).unwrap_or_default();
        if written != expected {
            return Err(format!(
                "expected.yaml says\n{written}\nbut it is\n{expected}"
            ));
        }
        let after = checkout::tree(&self.folder.join("after"));
        for path in after.keys().chain(run.after.keys()) {
            if after.get(path) != run.after.get(path) {
                return Err(format!(
                    "after/{path} says\n{:?}\nbut it is\n{:?}",
                    after.get(path),
                    run.after.get(path)
                ));
            }
        }
        Ok(run.after.keys().any(|path| before.contains_key(path)))
    }

    /// A checkout whose Compose files have another shape ends in the same shape.
    pub fn check_shape(
        &self,
        catalog: &Catalog,
        story: &Story,
        shape: fn(&str) -> String,
    ) -> Result<(), String> {
        let is_compose = |path: &str| path.ends_with(".yml");
        let in_shape = |texts: Texts| -> Texts {
            let change = |(path, text): (String, String)| {
                let text = if is_compose(&path) {
                    shape(&text)
                } else {
                    text
                };
                (path, text)
            };
            texts.into_iter().map(change).collect()
        };
        let before = checkout::tree(&self.folder.join("before"));
        if before.values().any(|text| text.contains('\r')) {
            return Ok(());
        }
        let found = self.apply(catalog, story, &in_shape(before))?.after;
        let expected = in_shape(checkout::tree(&self.folder.join("after")));
        if found == expected {
            Ok(())
        } else {
            Err(format!("expected\n{expected:#?}\nbut it is\n{found:#?}"))
        }
    }

    fn bless(&self, expected: &str, after: &Texts) {
        fs::write(self.folder.join("expected.yaml"), expected).unwrap();
        let folder = self.folder.join("after");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        for (path, text) in after {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn stack(&self, texts: &Texts) -> Stack {
        let mut stack = checkout::stack(texts, &self.plan.ignored);
        if !self.plan.asks {
            stack.accept_guesses();
        }
        stack
    }

    fn apply(&self, catalog: &Catalog, story: &Story, texts: &Texts) -> Result<Run, String> {
        let stack = self.stack(texts);
        let ledger = checkout::ledger(texts);
        let checklist = Checklist {
            stack: &stack,
            catalog,
            ledger: &ledger,
        };
        let mut run = Run::default();
        run.expected.before = expected::states(checklist, story);
        let (open, selected) = self.environments(checklist, story);
        let draft = match draft(&stack, story, &open, &selected) {
            Ok(draft) => draft,
            Err(refusal) => {
                run.expected.refusal = Some(Refused::of(&refusal));
                return Ok(run);
            }
        };
        run.after = changed(&draft);
        run.expected.declared = expected::declared(&draft);
        for environment in &open {
            for stack in [&stack, &draft.stack] {
                expected::note(
                    &mut run.expected.notes,
                    Context::new(stack, environment),
                    story,
                );
            }
        }
        let ledger = remember(&mut run, ledger.clone(), story, &draft);
        let checklist = Checklist {
            stack: &draft.stack,
            catalog,
            ledger: &ledger,
        };
        run.expected.after = expected::states(checklist, story);
        self.apply_again(story, texts, &run, &open, &selected)?;
        match ledger.get(&story.id) {
            Some(record) => revert::check(&stack, &draft, story, record)?,
            None => assert!(run.after.is_empty(), "nothing is changed without a record"),
        }
        Ok(run)
    }

    /// The environments that the story is open in, and those that are selected.
    fn environments<'a>(
        &self,
        checklist: Checklist<'a>,
        story: &Story,
    ) -> (Vec<&'a str>, Vec<&'a str>) {
        let is_selected = |name: &&str| {
            let named = &self.plan.environments;
            named.is_empty() || named.iter().any(|own| own == name)
        };
        let is_open = |name: &&str| match checklist.state(story, name) {
            State::Adopted { recorded, .. } => !recorded,
            state => !state.is_settled(),
        };
        let names = checklist
            .stack
            .layout
            .environments
            .keys()
            .map(String::as_str);
        let selected: Vec<_> = names.filter(is_selected).collect();
        (selected.iter().copied().filter(is_open).collect(), selected)
    }

    /// A second run finds nothing to change, on files read anew.
    fn apply_again(
        &self,
        story: &Story,
        before: &Texts,
        run: &Run,
        open: &[&str],
        selected: &[&str],
    ) -> Result<(), String> {
        let mut texts = before.clone();
        texts.extend(run.after.clone());
        let again = draft(&self.stack(&texts), story, open, selected);
        let again = again.map_err(|refusal| format!("the second run is refused: {refusal}"))?;
        let applied = again
            .outcomes
            .values()
            .flat_map(|places| places.values())
            .any(|outcome| matches!(outcome, Outcome::Applied(_)));
        if applied || !again.changed.is_empty() {
            return Err(format!(
                "the second run changes {:?}: {:?}",
                again.changed, again.outcomes
            ));
        }
        Ok(())
    }
}

fn draft(
    stack: &Stack,
    story: &Story,
    open: &[&str],
    selected: &[&str],
) -> Result<ProvedDraft, Refusal> {
    Draft::make_within(stack, story, open, selected)?.prove(stack, story)
}

fn changed(draft: &Draft) -> Texts {
    let text = |path: &String| (path.clone(), draft.stack.files[path].text().to_owned());
    draft.changed.iter().map(text).collect()
}

/// Records what was done.
fn remember(run: &mut Run, mut ledger: Ledger, story: &Story, draft: &Draft) -> Ledger {
    if let Some(record) = Record::after(ledger.get(&story.id), story, draft) {
        run.after.insert(
            format!("compose/ledger/{}", story.file_name()),
            record.text().unwrap(),
        );
        ledger.insert(story.id.clone(), record);
    }
    ledger
}
