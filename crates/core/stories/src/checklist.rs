//! All stories together: where one stands may hang on those that it needs.

use crate::{Catalog, Ledger, Stack, State, Story};

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
    /// Where a story stands in an environment. What conflicts with it today may be what a story
    /// that it needs brings; it then waits for that one.
    #[must_use]
    pub fn state(self, story: &Story, environment: &str) -> State {
        let state = State::of(self.stack, story, self.ledger.get(&story.id), environment);
        if !matches!(state, State::Conflict(_)) {
            return state;
        }
        let open = |needed: &Story| !self.state(needed, environment).is_settled();
        let awaited = story
            .needs
            .iter()
            .filter(|id| self.catalog.get(id).is_some_and(open));
        match awaited.cloned().collect::<Vec<_>>() {
            none if none.is_empty() => state,
            awaited => State::Waiting(awaited),
        }
    }
}
