//! A story's edits, made in memory and proved.

use std::collections::BTreeMap;

use compose_edit::Path;

use crate::assessment::{Assessment, Want};
use crate::context::Context;
use crate::refusal::Refusal;
use crate::{Operation, Stack, Story, Workspace, op};

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
    /// What the story found and does in each environment that it is drafted for.
    pub outcomes: BTreeMap<String, Outcome>,
    /// What is done to the files, in order.
    pub operations: Vec<Operation>,
    /// What takes that back, the last one first.
    pub undo: Vec<Operation>,
    wants: Vec<(String, Want)>,
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
    /// Applies a story to environments, whose files alone may be edited. Costs one parse for each
    /// file that changes, as long as its edits keep apart.
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
        let (mut outcomes, mut wants) = (BTreeMap::new(), Vec::new());
        for environment in environments {
            let (outcome, wanted) = assess(stack, story, environment)?;
            outcomes.insert((*environment).to_owned(), outcome);
            wants.extend(
                wanted
                    .into_iter()
                    .map(|want| ((*environment).to_owned(), want)),
            );
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
            .map(Operation::place)
            .filter(move |place| place.file == file)
            .map(|place| place.path)
    }

    /// The paths that the story declares in an environment.
    #[must_use]
    pub fn declared(&self, environment: &str) -> &[Path] {
        match self.outcomes.get(environment) {
            Some(Outcome::Applied(paths)) => paths,
            _ => &[],
        }
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

/// All that a story finds in an environment.
fn assess(
    stack: &Stack,
    story: &Story,
    environment: &str,
) -> Result<(Outcome, Vec<Want>), Refusal> {
    match story.assess(&Context::of_team(stack, environment)) {
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
