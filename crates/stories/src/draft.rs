//! A story's edits, made in memory and proved.

use std::collections::{BTreeMap, BTreeSet};

use compose_edit::{NewScalar, NewValue, Path};

use crate::assessment::{Assessment, Want, Wanted};
use crate::context::Context;
use crate::placement::{Placed, Placement, Wishes, refuse_foreign};
use crate::proof::{Difference, DifferenceKind, differences};
use crate::refusal::Refusal;
use crate::{Stack, Story, Undo};

mod steps;

use steps::{Step, write};

/// A story applied in memory: what would be written, and what the environments would then say.
#[derive(Debug)]
pub struct Draft {
    /// The stack as it would be.
    pub stack: Stack,
    /// The files that change, in order.
    pub changed: Vec<String>,
    /// What the story found and does in each environment of its scope.
    pub outcomes: BTreeMap<String, Outcome>,
    /// How each file's edits are undone, in the order in which they are to be undone.
    pub undo: BTreeMap<String, Vec<Undo>>,
}

/// What a story does in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is applied; the paths of the view that it changes.
    Applied(Vec<Path>),
    /// It holds already; the paths that say so.
    Held(Vec<Path>),
    /// There is nothing it could be about; why.
    NotApplicable(String),
}

impl Draft {
    /// Applies a story to the environments in `scope`, which alone may be edited. Costs one parse for each file that changes.
    ///
    /// # Errors
    /// [`Refusal`], by name; the stack is as it was.
    pub fn make(stack: &Stack, story: &Story, scope: &[&str]) -> Result<Self, Refusal> {
        let (mut outcomes, mut wants) = (BTreeMap::new(), Vec::new());
        for environment in scope {
            let (outcome, wanted) = assess(stack, story, environment)?;
            outcomes.insert((*environment).to_owned(), outcome);
            wants.extend(wanted.into_iter().map(|want| ((*environment).to_owned(), want)));
        }
        let steps = plan(stack, scope, &wants)?;
        let (documents, undo) = write(stack, &steps)?;
        let changed = documents.keys().cloned().collect();
        let next = if documents.is_empty() { stack.clone() } else { stack.with(documents)? };
        Ok(Self { stack: next, changed, outcomes, undo })
    }

    /// Proves the draft: the files and the environments differ in the paths that the story declares and nowhere else, and
    /// a second apply changes nothing.
    ///
    /// # Errors
    /// [`Refusal::Stray`], [`Refusal::NotIdempotent`] and what an independent reader finds in the texts.
    pub fn prove(&self, before: &Stack, story: &Story) -> Result<(), Refusal> {
        for file in &self.changed {
            self.prove_text(before, file)?;
        }
        for environment in before.layout.environments.keys() {
            self.prove_view(before, environment)?;
        }
        let applied = self.outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Applied(_)));
        applied.map(|(environment, _)| environment).try_for_each(|environment| self.prove_second(story, environment))
    }

    /// The paths that the story declares in an environment.
    #[must_use]
    pub fn declared(&self, environment: &str) -> &[Path] {
        match self.outcomes.get(environment) {
            Some(Outcome::Applied(paths)) => paths,
            _ => &[],
        }
    }

    fn prove_text(&self, before: &Stack, file: &str) -> Result<(), Refusal> {
        let found = compose_edit::differences(before.files[file].text(), self.stack.files[file].text());
        let found = found.map_err(|source| Refusal::Oracle { file: file.to_owned(), source })?;
        let edited: BTreeSet<Path> = self.undo.get(file).into_iter().flatten().filter_map(undo_path).collect();
        let stray =
            found.into_iter().filter(|path| !edited.iter().any(|own| path.starts_with(own) || own.starts_with(path)));
        let differences: Vec<_> = stray.map(|path| Difference { path, kind: DifferenceKind::Changed }).collect();
        if differences.is_empty() { Ok(()) } else { Err(Refusal::Stray { place: file.to_owned(), differences }) }
    }

    fn prove_view(&self, before: &Stack, environment: &str) -> Result<(), Refusal> {
        let found = differences(before.view(environment).root(), self.stack.view(environment).root());
        let declared = self.declared(environment);
        let stray: Vec<_> = found.into_iter().filter(|difference| !is_declared(declared, difference)).collect();
        if stray.is_empty() {
            return Ok(());
        }
        Err(Refusal::Stray { place: environment.to_owned(), differences: stray })
    }

    fn prove_second(&self, story: &Story, environment: &str) -> Result<(), Refusal> {
        let (_, again) = assess(&self.stack, story, environment)?;
        let what: Vec<_> = again.iter().map(|want| want.at.to_string()).collect();
        if what.is_empty() {
            return Ok(());
        }
        Err(Refusal::NotIdempotent { environment: environment.to_owned(), what: what.join(", ") })
    }
}

/// A declared path covers what is below it. A removal is never declared; a list's items may only be added.
fn is_declared(declared: &[Path], difference: &Difference) -> bool {
    let covered = declared.iter().any(|path| difference.path.starts_with(path));
    covered && difference.kind != DifferenceKind::Removed
}

fn undo_path(undo: &Undo) -> Option<Path> {
    let text = match undo {
        Undo::Remove { path, .. }
        | Undo::RemoveItem { path, .. }
        | Undo::Set { path, .. }
        | Undo::ListAgain { path, .. } => path,
    };
    text.parse().ok()
}

/// All that a story finds in an environment.
fn assess(stack: &Stack, story: &Story, environment: &str) -> Result<(Outcome, Vec<Want>), Refusal> {
    match story.assess(&Context::new(stack, environment)) {
        Assessment::Satisfied(evidence) => Ok((Outcome::Held(evidence), Vec::new())),
        Assessment::NotApplicable(why) => Ok((Outcome::NotApplicable(why), Vec::new())),
        Assessment::Wanted(wants) => Ok((Outcome::Applied(wants.iter().map(|want| want.at.clone()).collect()), wants)),
        Assessment::Conflict(conflict) => Err(Refusal::Conflict { environment: environment.to_owned(), conflict }),
    }
}

/// From what the environments want to edits of files; what two environments want of one file is one edit.
fn plan(stack: &Stack, scope: &[&str], wants: &[(String, Want)]) -> Result<Vec<Step>, Refusal> {
    let mut steps: Vec<Step> = Vec::new();
    let mut placed_already: BTreeSet<&Path> = BTreeSet::new();
    for (_, want) in wants {
        let more = match &want.what {
            Wanted::Entry(_) | Wanted::Item(_) | Wanted::Dependency { .. } => {
                if !placed_already.insert(&want.at) {
                    continue;
                }
                place(stack, scope, want, wants)?
            }
            Wanted::Replace { file, node, value, old } => {
                refuse_foreign(stack, scope, file)?;
                let (node, value, old) = (node.clone(), value.clone(), old.clone());
                vec![Step::Replace { file: file.clone(), node, value, old }]
            }
            Wanted::ListedDependency { file, on } => {
                refuse_foreign(stack, scope, file)?;
                let list = Context::path(&want.service, &["depends_on"]);
                vec![Step::ListToMap { file: file.clone(), list, on: on.clone() }]
            }
        };
        steps.extend(more.into_iter().filter(|step| !steps.contains(step)).collect::<Vec<_>>());
    }
    Ok(steps)
}

/// Chooses the files for a new entry or item, for all environments that want one there.
fn place(stack: &Stack, scope: &[&str], want: &Want, wants: &[(String, Want)]) -> Result<Vec<Step>, Refusal> {
    let alike = wants.iter().filter(|(_, other)| other.at == want.at);
    let wishes: Wishes = alike.map(|(environment, other)| (environment.clone(), value_of(&other.what))).collect();
    let placement = Placement { stack, scope, service: &want.service };
    let placed = placement.place(&want.at, &wishes)?;
    Ok(placed.into_iter().map(|placed| step(stack, want, placed)).collect())
}

fn value_of(wanted: &Wanted) -> NewValue {
    match wanted {
        Wanted::Entry(value) => value.clone(),
        Wanted::Item(item) => NewValue::Scalar(NewScalar::from(item.as_str())),
        Wanted::Dependency { .. } => steps::healthy(),
        Wanted::Replace { value, .. } => NewValue::Scalar(value.clone()),
        Wanted::ListedDependency { .. } => NewValue::Null,
    }
}

fn step(stack: &Stack, want: &Want, placed: Placed) -> Step {
    let Placed { file, at, value } = placed;
    match &want.what {
        Wanted::Item(item) => Step::Push { file, list: at, item: item.clone() },
        Wanted::Dependency { on } => {
            let list = Context::path(&want.service, &["depends_on"]);
            let listed = stack.files[&file].get(&list).is_some_and(|node| node.as_sequence().is_some());
            if listed {
                Step::ListToMap { file, list, on: on.clone() }
            } else {
                Step::Insert { file, at: list.join(on.as_str()), value }
            }
        }
        _ => Step::Insert { file, at, value },
    }
}
