//! Records written anew from what the files say.

use crate::ledger::{Entry, Record};
use crate::{Operation, Stack, State, Story, Workspace};

impl Record {
    /// The record that the files give a story; none where nothing is to be recorded.
    ///
    /// What the files say decides. What they cannot tell is taken from what is `known`: nothing, a
    /// record, or both sides of one that git left unmerged. That is a team's decision to skip, and
    /// who did the work; an environment may have another name there. It stays applied as long as
    /// the files say so and an undo that still fits is known; else it is adopted, with the
    /// evidence. Operations that fit no longer are dropped.
    #[must_use]
    pub fn rebuilt(stack: &Stack, story: &Story, known: &[Self]) -> Option<Self> {
        let mut record = Self::of(story);
        let workspace = Workspace::of(stack);
        for operation in known.iter().flat_map(|known| &known.undo) {
            if !record.undo.contains(operation) && operation.still_fits(&workspace) {
                record.undo.push(operation.clone());
            }
        }
        record.order_undo();
        for environment in stack.layout.environments.keys() {
            let entries: Vec<_> = known
                .iter()
                .filter_map(|known| known.environments.get(environment))
                .collect();
            let is_renamed = known
                .iter()
                .any(|known| known.may_call_otherwise(stack, environment));
            let entries = if is_renamed {
                vec![&Entry::Applied]
            } else {
                entries
            };
            if let Some(entry) = record.entry(stack, story, environment, &entries) {
                record.environments.insert(environment.clone(), entry);
            }
        }
        record.drop_needless_undo(stack);
        (!record.environments.is_empty()).then_some(record)
    }

    /// The record with environments in which the team does not want the story.
    #[must_use]
    pub fn skipped(mut self, stack: &Stack, environments: &[String], reason: &str) -> Self {
        for environment in environments {
            self.environments.insert(
                environment.clone(),
                Entry::Skipped {
                    reason: reason.to_owned(),
                },
            );
        }
        self.drop_needless_undo(stack);
        self
    }

    /// Drops the undo within files that no environment reads in which the story is applied, and
    /// where it is applied nowhere, all of it.
    fn drop_needless_undo(&mut self, stack: &Stack) {
        let is_applied = |name: &str| self.environments.get(name) == Some(&Entry::Applied);
        let is_applied_somewhere = stack
            .layout
            .environments
            .keys()
            .any(|name| is_applied(name));
        let is_read = |file: &String| stack.readers(file).into_iter().any(is_applied);
        let is_needed = |operation: &Operation| match operation.is_in_document() {
            true => operation.files().iter().any(is_read),
            false => is_applied_somewhere,
        };
        self.undo.retain(is_needed);
    }

    /// What became of the story in an environment, with what was known of it.
    fn entry(
        &self,
        stack: &Stack,
        story: &Story,
        environment: &str,
        known: &[&Entry],
    ) -> Option<Entry> {
        let skipped = known
            .iter()
            .find(|entry| matches!(entry, Entry::Skipped { .. }));
        let is_applied = known.contains(&&Entry::Applied);
        if let Some(skipped) = skipped.filter(|_| !is_applied) {
            return Some((*skipped).clone());
        }
        let State::Adopted { evidence, .. } = State::of(stack, story, None, environment) else {
            return skipped.map(|skipped| (*skipped).clone());
        };
        let can_be_undone = stack
            .files_of(environment)
            .iter()
            .any(|file| self.edits(file));
        if is_applied && can_be_undone {
            return Some(Entry::Applied);
        }
        Some(Entry::Adopted {
            evidence: evidence.iter().map(ToString::to_string).collect(),
        })
    }
}
