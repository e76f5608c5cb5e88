//! All stories together: where one stands may hang on those that it needs, and on those that own a
//! place.

use crate::context::Context;
use crate::{Catalog, Ledger, PlaceState, Question, Stack, State, Story, StoryId};

/// What a checkout says, the stories there are and what the team remembers of them.
#[derive(Clone, Copy, Debug)]
pub struct Checklist<'a> {
    /// What the checkout says.
    pub stack: &'a Stack,
    /// The stories.
    pub catalog: &'a Catalog,
    /// What the team remembers.
    pub ledger: &'a Ledger,
}

impl Checklist<'_> {
    /// Where a story stands in an environment: the sum of its places, which says the worst.
    #[must_use]
    pub fn state(self, story: &Story, environment: &str) -> State {
        State::sum(self.places(story, environment))
    }

    /// Where a story stands at each of its own places of an environment; at [`crate::Place::Stack`] what is
    /// true of all. What conflicts with it today may be what a story that it needs brings; it then
    /// waits for that one.
    #[must_use]
    pub fn places(self, story: &Story, environment: &str) -> Vec<PlaceState> {
        let record = self.ledger.get(&story.id);
        let cx = Context::of_team(self.stack, environment);
        let mut found = story.assess(&cx);
        let mut owners = Vec::new();
        found.retain(|found| match self.catalog.owner(story, &cx, &found.place) {
            Some(owner) => {
                owners.push(format!("{} is a place of {owner}", found.place));
                false
            }
            None => true,
        });
        let mut states = match owners.is_empty() || !found.is_empty() {
            true => PlaceState::all(self.stack, story, record, environment, found),
            false => PlaceState::of_others(record, environment, owners.join(", ")),
        };
        let is_in_conflict = |found: &&mut PlaceState| matches!(found.state, State::Conflict(_));
        let mut conflicts = states.iter_mut().filter(is_in_conflict).peekable();
        if conflicts.peek().is_some() {
            let awaited = self.awaited(story, environment);
            if !awaited.is_empty() {
                conflicts.for_each(|found| found.state = State::Waiting(awaited.clone()));
            }
        }
        for found in &mut states {
            let asked = match &found.state {
                State::Question(question) => self.asked_by(story, question, environment),
                _ => Vec::new(),
            };
            if !asked.is_empty() {
                found.state = State::Waiting(asked);
            }
        }
        states
    }

    /// The stories that it needs and that ask the same.
    fn asked_by(self, story: &Story, question: &Question, environment: &str) -> Vec<StoryId> {
        let asks = |needed: &Story| match self.state(needed, environment) {
            State::Question(other) => other.answers == question.answers,
            _ => false,
        };
        let asking = story
            .needs
            .iter()
            .filter(|id| self.catalog.get(id).is_some_and(asks));
        asking.cloned().collect()
    }

    /// The stories that it needs and that do not hold in an environment.
    fn awaited(self, story: &Story, environment: &str) -> Vec<StoryId> {
        let open = |needed: &Story| !self.state(needed, environment).is_settled();
        let awaited = story
            .needs
            .iter()
            .filter(|id| self.catalog.get(id).is_some_and(open));
        awaited.cloned().collect()
    }
}
