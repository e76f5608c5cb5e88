//! What a stack becomes by the stories that one ledger records and another does not. Who compares
//! it with a checkout knows what this tool itself has written there since the other ledger, on any
//! machine.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Before, Catalog, Draft, Entry, Ledger, Place, Places, Record, Revert, Stack, Story, StoryId,
};

/// Two ledgers of one checkout.
#[derive(Clone, Copy, Debug)]
pub struct Between<'a> {
    /// What the stack is that is replayed on.
    pub before: &'a Ledger,
    /// What it is to become.
    pub after: &'a Ledger,
    /// The stories of both.
    pub catalog: &'a Catalog,
}

/// What a file held before a story, where that is known: by story, file and what the file holds
/// now.
pub type Snapshots<'a> = &'a dyn Fn(&StoryId, &str, Option<&str>) -> Option<Before>;

/// A stack and its ledger after a replay.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The stack as it would be.
    pub stack: Stack,
    /// The ledger as it would be.
    pub ledger: Ledger,
}

impl Between<'_> {
    /// Takes back what only the ledger before records, the last story first, and applies what only
    /// the one after records, in order. `selected` holds the environments whose files may be
    /// edited. None where that cannot be done.
    #[must_use]
    pub fn replay(
        self,
        stack: &Stack,
        selected: &[&str],
        snapshots: Snapshots<'_>,
    ) -> Option<Replayed> {
        let mut replayed = Replayed {
            stack: stack.clone(),
            ledger: self.before.clone(),
        };
        // What is recorded was applied with whatever was guessed then.
        replayed.stack.accept_guesses();
        let stories = self.catalog.in_order();
        for story in stories.iter().rev() {
            if is_applied(self.before, story) && !is_applied(self.after, story) {
                replayed.revert(story, snapshots)?;
            }
        }
        for story in stories {
            if let Some(record) = self.after.get(&story.id) {
                replayed.apply(story, record, selected)?;
            }
        }
        Some(replayed)
    }
}

impl Replayed {
    fn revert(&mut self, story: &Story, snapshots: Snapshots<'_>) -> Option<()> {
        let record = self.ledger.remove(&story.id)?;
        let before = |file: String| {
            Some((
                file.clone(),
                snapshots(&story.id, &file, self.stack.text(&file))?,
            ))
        };
        let known: BTreeMap<_, _> = record.files().into_iter().filter_map(before).collect();
        self.stack = Revert::make(&self.stack, story, &record, &known)
            .ok()?
            .stack;
        self.ledger
            .extend(record.reverted(None).map(|left| (story.id.clone(), left)));
        Some(())
    }

    fn apply(&mut self, story: &Story, record: &Record, selected: &[&str]) -> Option<()> {
        let known = self.ledger.get(&story.id);
        let open = new_places(known, record);
        let is_known = |name: &String| self.stack.layout.environments.contains_key(name);
        let mut next = known.cloned();
        if !open.is_empty() {
            if record.checksum != story.checksum() || !open.keys().all(is_known) {
                return None;
            }
            let draft = Draft::make_at(&self.stack, story, &open, selected).ok()?;
            next = Record::after(known, story, &draft).or(next);
            self.stack = draft.stack;
        }
        // What the team does not want is in the record alone.
        for (name, entries) in &record.environments {
            let is_skipped = |found: &(&Place, &Entry)| matches!(found.1, Entry::Skipped { .. });
            for (place, entry) in entries.iter().filter(is_skipped) {
                let next = next.get_or_insert_with(|| Record::of(story));
                let own = next.environments.entry(name.clone()).or_default();
                own.insert(place.clone(), entry.clone());
            }
        }
        self.ledger
            .extend(next.map(|record| (story.id.clone(), record)));
        Some(())
    }
}

/// The places at which a record says that the story holds, and another one says nothing or something
/// else. What speaks for all places is asked of all of them.
fn new_places(known: Option<&Record>, record: &Record) -> Places {
    let mut places = Places::new();
    for (name, entries) in &record.environments {
        let was = known.and_then(|known| known.environments.get(name));
        let is_new = |found: &(&Place, &Entry)| {
            let is_skipped = matches!(found.1, Entry::Skipped { .. });
            !is_skipped && was.and_then(|was| was.get(found.0)) != Some(found.1)
        };
        let new: BTreeSet<_> = entries
            .iter()
            .filter(is_new)
            .map(|(place, _)| place.clone())
            .collect();
        if !new.is_empty() {
            places.insert(name.clone(), new);
        }
    }
    places
}

fn is_applied(ledger: &Ledger, story: &Story) -> bool {
    ledger.get(&story.id).is_some_and(Record::is_applied)
}
