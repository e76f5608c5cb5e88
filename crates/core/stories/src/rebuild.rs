//! Records written anew from what the files say.

use std::collections::BTreeMap;

use crate::ledger::{Entry, Record};
use crate::{
    Catalog, Checklist, Ledger, Operation, Place, PlaceState, Places, Stack, State, Story,
    Workspace,
};

impl Record {
    /// The record that the files give a story; none where nothing is to be recorded.
    ///
    /// What the files say decides. What they cannot tell is taken from what is `known`: nothing, a
    /// record, or both sides of one that git left unmerged. That is a team's decision to skip, and
    /// who did the work; an environment may have another name there. It stays applied as long as
    /// the files say so and an undo that still fits is known; else it is adopted, with the
    /// evidence. Operations that fit no longer are dropped.
    #[must_use]
    pub fn rebuilt(
        stack: &Stack,
        catalog: &Catalog,
        story: &Story,
        known: &[Self],
    ) -> Option<Self> {
        let mut record = Self::of(story);
        let workspace = Workspace::of(stack);
        for operation in known.iter().flat_map(|known| &known.undo) {
            if !record.undo.contains(operation) && operation.still_fits(&workspace) {
                record.undo.push(operation.clone());
            }
        }
        record.order_undo();
        let ledger = Ledger::new();
        let checklist = Checklist {
            stack,
            catalog,
            ledger: &ledger,
        };
        for environment in stack.layout.environments.keys() {
            let places = checklist.places(story, environment);
            let entries = record.entries(stack, environment, known, places);
            if !entries.is_empty() {
                record.environments.insert(environment.clone(), entries);
            }
        }
        record.drop_needless_undo(stack);
        (!record.environments.is_empty()).then_some(record)
    }

    /// The record with environments in which the team does not want the story.
    #[must_use]
    pub fn skipped(mut self, stack: &Stack, environments: &[String], reason: &str) -> Self {
        for environment in environments {
            let entries = BTreeMap::from([(Place::Stack, Entry::skipped(reason))]);
            self.environments.insert(environment.clone(), entries);
        }
        self.drop_needless_undo(stack);
        self
    }

    /// The record with places at which the team does not want the story.
    #[must_use]
    pub fn skipped_at(mut self, stack: &Stack, places: &Places, reason: &str) -> Self {
        for (environment, places) in places {
            let entries = self.environments.entry(environment.clone()).or_default();
            let skipped = |place: &Place| (place.clone(), Entry::skipped(reason));
            entries.extend(places.iter().map(skipped));
        }
        self.drop_needless_undo(stack);
        self
    }

    /// Drops the undo within files that no environment reads in which the story is applied, and
    /// where it is applied nowhere, all of it.
    fn drop_needless_undo(&mut self, stack: &Stack) {
        let is_applied = |name: &str| self.is_applied_in(name);
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
        let needed: Vec<_> = self
            .undo
            .iter()
            .filter(|own| is_needed(own))
            .cloned()
            .collect();
        self.undo = needed;
    }

    /// What became of the story at the places of an environment, with what was known of them.
    fn entries(
        &self,
        stack: &Stack,
        environment: &str,
        known: &[Self],
        places: Vec<PlaceState>,
    ) -> BTreeMap<Place, Entry> {
        let is_renamed = known
            .iter()
            .any(|known| known.may_call_otherwise(stack, environment));
        let can_be_undone = stack
            .files_of(environment)
            .iter()
            .any(|file| self.edits(file));
        let was_applied = is_renamed || known.iter().any(|known| known.is_applied_in(environment));
        let mut entries = decisions(environment, known);
        if entries.contains_key(&Place::Stack) && !was_applied {
            return entries;
        }
        for PlaceState { place, state } in places {
            let known: Vec<_> = known
                .iter()
                .filter_map(|known| known.entry(environment, &place))
                .collect();
            let was_applied = is_renamed || known.contains(&&Entry::Applied);
            let is_skipped = known.iter().any(|entry| entry.is_skipped());
            let State::Adopted { evidence, .. } = state else {
                continue;
            };
            let entry = match (was_applied, is_skipped) {
                (false, true) => continue,
                (true, _) if can_be_undone => Entry::Applied,
                _ => Entry::Adopted {
                    evidence: evidence.iter().map(ToString::to_string).collect(),
                },
            };
            entries.insert(place, entry);
        }
        // Of two sides, the one that did the work is believed.
        if entries.values().any(|entry| *entry == Entry::Applied) {
            entries.remove(&Place::Stack);
        }
        entries
    }
}

/// What records say that the team does not want in an environment; of two reasons the first.
fn decisions(environment: &str, known: &[Record]) -> BTreeMap<Place, Entry> {
    let mut decisions = BTreeMap::new();
    let entries = known
        .iter()
        .filter_map(|known| known.environments.get(environment))
        .flatten();
    for (place, entry) in entries.filter(|(_, entry)| entry.is_skipped()) {
        decisions
            .entry(place.clone())
            .or_insert_with(|| entry.clone());
    }
    decisions
}
