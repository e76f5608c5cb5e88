//! Records written anew from what the files say.

use compose_edit::{Document, Path};

use crate::ledger::{Entry, Record};
use crate::{Stack, State, Story, Undo};

impl Record {
    /// The record that the files give a story; none where nothing is to be recorded.
    ///
    /// What the files say decides. What they cannot tell is taken from what is `known`: nothing, a record, or both sides
    /// of one that git left unmerged. That is a team's decision to skip, and who did the work; an environment may have
    /// another name there. It stays applied as long as the files say so and an undo that still fits is known; else it is
    /// adopted, with the evidence. Undo steps that fit no longer are dropped.
    #[must_use]
    pub fn rebuilt(stack: &Stack, story: &Story, known: &[Self]) -> Option<Self> {
        let mut record = Self::of(story);
        for (file, step) in known.iter().flat_map(Self::undo_steps) {
            let steps = record.undo.entry(file.clone()).or_default();
            if !steps.contains(step) && stack.files.get(file).is_some_and(|document| fits(document, step)) {
                steps.push(step.clone());
            }
        }
        record.undo.retain(|_, steps| !steps.is_empty());
        for environment in stack.layout.environments.keys() {
            let entries: Vec<_> = known.iter().filter_map(|known| known.environments.get(environment)).collect();
            let is_renamed = known.iter().any(|known| known.may_call_otherwise(stack, environment));
            let entries = if is_renamed { vec![&Entry::Applied] } else { entries };
            if let Some(entry) = record.entry(stack, story, (environment, &entries)) {
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
            self.environments.insert(environment.clone(), Entry::Skipped { reason: reason.to_owned() });
        }
        self.drop_needless_undo(stack);
        self
    }

    /// Drops the undo of files that no environment reads in which the story is applied.
    fn drop_needless_undo(&mut self, stack: &Stack) {
        let is_applied = |name: &str| self.environments.get(name) == Some(&Entry::Applied);
        self.undo.retain(|file, _| stack.readers(file).into_iter().any(is_applied));
    }

    /// What became of the story in an environment, with what was known of it.
    fn entry(&self, stack: &Stack, story: &Story, (environment, known): (&str, &[&Entry])) -> Option<Entry> {
        let skipped = known.iter().find(|entry| matches!(entry, Entry::Skipped { .. }));
        let is_applied = known.contains(&&Entry::Applied);
        if let Some(skipped) = skipped.filter(|_| !is_applied) {
            return Some((*skipped).clone());
        }
        let State::Adopted { evidence, .. } = State::of(stack, story, None, environment) else {
            return skipped.map(|skipped| (*skipped).clone());
        };
        let can_be_undone = self.undo.keys().any(|file| stack.readers(file).contains(&environment));
        if is_applied && can_be_undone {
            return Some(Entry::Applied);
        }
        Some(Entry::Adopted { evidence: evidence.iter().map(ToString::to_string).collect() })
    }
}

/// Whether a file still says what an undo step is about.
fn fits(document: &Document, step: &Undo) -> bool {
    let node = step.path().parse::<Path>().ok().and_then(|path| document.get(&path));
    let Some(node) = node.map(compose_edit::Node::resolved) else { return false };
    let says = |node: compose_edit::Node<'_>, text: &str| node.as_scalar().is_some_and(|scalar| scalar.value() == text);
    match step {
        Undo::Remove { .. } => true,
        Undo::RemoveItem { item, .. } => {
            node.as_sequence().is_some_and(|list| list.items().any(|own| says(own.resolved(), item)))
        }
        Undo::Set { from, .. } => says(node, from),
        Undo::ListAgain { on, .. } => node.as_mapping().is_some_and(|map| map.get(on).is_some()),
    }
}
