//! Records written anew from what the files say.

use compose_edit::{Document, Path};

use crate::ledger::{Entry, Record};
use crate::{Stack, State, Story, Undo};

impl Record {
    /// The record that the files give a story; none where nothing is to be recorded.
    ///
    /// What the files say decides. What they cannot tell is taken from the known record: a team's decision to skip, and
    /// who did the work. An environment stays applied as long as the files say so and an undo that still fits is known;
    /// else it is adopted, with the evidence. Undo steps that fit no longer are dropped.
    #[must_use]
    pub fn rebuilt(stack: &Stack, story: &Story, known: Option<&Self>) -> Option<Self> {
        let mut record = Self::of(story);
        if let Some(known) = known {
            record.undo.clone_from(&known.undo);
            record.undo.retain(|file, steps| {
                steps.retain(|step| stack.files.get(file).is_some_and(|document| fits(document, step)));
                !steps.is_empty()
            });
        }
        for environment in stack.layout.environments.keys() {
            let entry = known.and_then(|known| known.environments.get(environment));
            if let Some(entry) = record.entry(stack, story, (environment, entry)) {
                record.environments.insert(environment.clone(), entry);
            }
        }
        let is_applied = |name: &str| record.environments.get(name) == Some(&Entry::Applied);
        record.undo.retain(|file, _| stack.readers(file).into_iter().any(is_applied));
        (!record.environments.is_empty()).then_some(record)
    }

    /// What became of the story in an environment, with what was known of it.
    fn entry(&self, stack: &Stack, story: &Story, (environment, known): (&str, Option<&Entry>)) -> Option<Entry> {
        if let Some(skipped @ Entry::Skipped { .. }) = known {
            return Some(skipped.clone());
        }
        let State::Adopted { evidence, .. } = State::of(stack, story, None, environment) else { return None };
        let can_be_undone = self.undo.keys().any(|file| stack.readers(file).contains(&environment));
        if known == Some(&Entry::Applied) && can_be_undone {
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
