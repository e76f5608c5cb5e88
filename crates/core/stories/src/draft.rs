//! A story's edits, made in memory and proved.

use std::collections::BTreeMap;

use compose_edit::Path;

use crate::assessment::{Assessment, Want};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::{Found, Operation, Place, Places, Stack, Story, Workspace, op};

mod by_hand;
mod plan;
mod prove;

pub use prove::ProvedDraft;

/// A story applied in memory: what would be written, and what the environments would then say. It
/// counts for nothing before it is a [`ProvedDraft`].
#[derive(Debug)]
pub struct Draft {
    /// The stack as it would be.
    pub stack: Stack,
    /// The files that change, in the order in which the environments name them.
    pub changed: Vec<String>,
    /// What the story found and does in each environment that it is drafted for, by place.
    pub outcomes: BTreeMap<String, BTreeMap<Place, Outcome>>,
    /// What is done to the files, in order.
    pub operations: Vec<Operation>,
    /// What takes that back, the last one first.
    pub undo: Vec<Operation>,
    wants: Vec<(String, Want)>,
    declared: BTreeMap<String, Vec<Path>>,
}

/// What a story does at one place of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is applied; the paths of the view that it changes.
    Applied(Vec<Path>),
    /// It holds already; the paths that say so.
    Held(Vec<Path>),
    /// There is nothing it could be about; why.
    NotApplicable(String),
}

impl Outcome {
    /// What a story does in an environment, over its places: what it applies, else what holds
    /// already.
    #[must_use]
    pub fn sum<'o>(places: impl IntoIterator<Item = &'o Self>) -> Self {
        let (mut applied, mut held, mut none) = (None, None, Vec::new());
        for outcome in places {
            match outcome {
                Self::Applied(paths) => applied.get_or_insert_with(Vec::new).extend(paths.clone()),
                Self::Held(paths) => held.get_or_insert_with(Vec::new).extend(paths.clone()),
                Self::NotApplicable(why) => none.push(why.as_str()),
            }
        }
        applied
            .map(Self::Applied)
            .or(held.map(Self::Held))
            .unwrap_or_else(|| Self::NotApplicable(none.join("; ")))
    }
}

impl Draft {
    /// Applies a story at all its places of environments, whose files alone may be edited. Costs
    /// one parse for each file that changes, as long as its edits keep apart.
    ///
    /// # Errors
    /// [`Refusal`], by name; the stack is as it was.
    pub fn make(stack: &Stack, story: &Story, environments: &[&str]) -> Result<Self, Refusal> {
        Self::make_within(stack, story, environments, environments)
    }

    /// As [`Self::make`], where files that others of the `selected` environments read may be edited
    /// too: they are those in which the story holds already, or is not wanted.
    ///
    /// # Errors
    /// As for [`Self::make`].
    pub fn make_within(
        stack: &Stack,
        story: &Story,
        environments: &[&str],
        selected: &[&str],
    ) -> Result<Self, Refusal> {
        let mut found = BTreeMap::new();
        for environment in environments {
            let own = story.assess(&Context::of_team(stack, environment));
            found.insert((*environment).to_owned(), own);
        }
        Self::of(stack, selected, found)
    }

    /// As [`Self::make_within`], at some of the story's places alone; [`Place::Stack`] among them
    /// stands for all.
    ///
    /// # Errors
    /// As for [`Self::make`].
    pub fn make_at(
        stack: &Stack,
        story: &Story,
        places: &Places,
        selected: &[&str],
    ) -> Result<Self, Refusal> {
        let mut found = BTreeMap::new();
        for (environment, places) in places {
            let mut own = story.assess(&Context::of_team(stack, environment));
            own.retain(|found| {
                found.place == Place::Stack
                    || places.contains(&found.place)
                    || places.contains(&Place::Stack)
            });
            found.insert(environment.clone(), own);
        }
        Self::of(stack, selected, found)
    }

    fn of(
        stack: &Stack,
        selected: &[&str],
        mut found: BTreeMap<String, Vec<Found>>,
    ) -> Result<Self, Refusal> {
        let (mut outcomes, mut wants, mut declared) =
            (BTreeMap::new(), Vec::new(), BTreeMap::new());
        // In the layout's order, whatever order they were named in.
        let environments = stack.layout.environments.keys();
        for (environment, found) in environments.filter_map(|name| found.remove_entry(name)) {
            let own: &mut BTreeMap<_, _> = outcomes.entry(environment.clone()).or_default();
            let paths: &mut Vec<Path> = declared.entry(environment.clone()).or_default();
            for Found { place, assessment } in found {
                let (outcome, wanted) = outcome(&environment, assessment)?;
                own.insert(place, outcome);
                paths.extend(wanted.iter().map(|want| want.at.clone()));
                wants.extend(wanted.into_iter().map(|want| (environment.clone(), want)));
            }
        }
        let operations = plan::plan(stack, selected, &wants)?;
        let mut workspace = Workspace::of(stack);
        let undo = op::run(&mut workspace, &operations);
        let undo = undo.map_err(|refusal| by_hand::told(stack, &operations, refusal))?;
        let mut changed: Vec<_> = workspace.changed(stack).into_iter().collect();
        changed.sort_by_key(|file| rank(stack, file));
        let next = stack.after(workspace)?;
        Ok(Self {
            stack: next,
            changed,
            outcomes,
            operations,
            undo,
            wants,
            declared,
        })
    }

    /// Notes git's ids of the files from before where the record does not hold what goes: `id`
    /// gives the one of a file that git holds as it is now. Whoever has that commit can take the
    /// story back.
    pub fn note_blobs(&mut self, id: impl Fn(&str) -> Option<String>) {
        for operation in &mut self.undo {
            let file = operation.need().map(|need| need.file.to_owned());
            if let Some(id) = file.and_then(|file| id(&file)) {
                operation.note_blob(id);
            }
        }
    }

    /// The places in a file that the story edits, in order.
    pub fn edited(&self, file: &str) -> impl Iterator<Item = Path> {
        self.operations
            .iter()
            .map(Operation::node)
            .filter(move |place| place.file == file)
            .map(|place| place.path)
    }

    /// The paths that the story declares in an environment.
    #[must_use]
    pub fn declared(&self, environment: &str) -> &[Path] {
        self.declared.get(environment).map_or(&[], Vec::as_slice)
    }
}

/// A file's place among those that the environments name; others come last.
fn rank(stack: &Stack, file: &str) -> usize {
    let mut named = stack
        .layout
        .environments
        .values()
        .flat_map(|own| &own.files);
    named.position(|own| own == file).unwrap_or(usize::MAX)
}

/// What a story does at a place of an environment, and what it wants there.
fn outcome(environment: &str, found: Assessment) -> Result<(Outcome, Vec<Want>), Refusal> {
    match found {
        Assessment::Satisfied(evidence) => Ok((Outcome::Held(evidence), Vec::new())),
        Assessment::NotApplicable(why) => Ok((Outcome::NotApplicable(why), Vec::new())),
        Assessment::Wanted(wants) => Ok((
            Outcome::Applied(wants.iter().map(|want| want.at.clone()).collect()),
            wants,
        )),
        Assessment::Conflict(conflict) => Err(Refusal::conflict(environment, conflict)),
        Assessment::Question(question) => Err(Refusal::Question {
            environment: environment.to_owned(),
            question,
        }),
    }
}
