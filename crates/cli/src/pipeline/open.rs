//! What a story is still to do, place by place: a place at which it cannot be applied stops itself
//! alone.

use std::collections::BTreeSet;

use stories::{Place, PlaceState, Places, ProvedDraft, State, Story};

use super::{Failure, Run, apart};

/// What a story is still to do.
#[derive(Debug, Default)]
pub struct Open {
    /// The places at which it is to be applied or recorded.
    pub places: Places,
    /// Why it is not at others: one failure a place, or one of the whole story, which then has no
    /// place left.
    pub stopped: Vec<Failure>,
}

impl Run {
    /// The places at which a story is still to be applied or recorded, without those at which it
    /// cannot be in some environment: drifted, edited, in conflict, or to be answered first.
    #[must_use]
    pub fn open(&self, story: &Story) -> Open {
        let mut open = Open::default();
        let at = |environment: &String| self.places(story, environment);
        let found: Vec<_> = self.scope.iter().map(at).collect();
        let has_several = are_several(found.iter().flatten());
        for (environment, places) in self.scope.iter().zip(found) {
            for PlaceState { place, state } in places {
                let failure = match state {
                    state if self.is_to_do(&state) => {
                        let places = open.places.entry(environment.clone()).or_default();
                        places.insert(place);
                        continue;
                    }
                    State::Conflict(conflict) => {
                        let apart = apart(&self.checkout, story, &self.scope);
                        Failure::conflict(story, environment, conflict.into(), apart)
                    }
                    State::Question(question) => {
                        let apart = apart(&self.checkout, story, &self.scope);
                        Failure::question(story, environment, question, apart)
                    }
                    State::Drifted(drifts) => Failure::drifted(story, environment, drifts),
                    State::Edited { recorded, current } => {
                        Failure::edited(story, recorded, current)
                    }
                    _ => continue,
                };
                let is_one_of = has_several && place != Place::Stack;
                open.stopped.push(failure.at(is_one_of.then_some(place)));
            }
        }
        let mut seen = BTreeSet::new();
        open.stopped
            .retain(|failure| seen.insert(failure.place.clone()));
        if let Some(at) = open.stopped.iter().position(|own| own.place.is_none()) {
            open.stopped = vec![open.stopped.swap_remove(at)];
        }
        open.leave_out_stopped();
        open
    }

    /// Whether a story has more than one place in the environments that may be edited.
    #[must_use]
    pub fn has_several(&self, story: &Story) -> bool {
        let checklist = self.checkout.checklist();
        let at = |environment: &String| checklist.places(story, environment);
        are_several(&self.scope.iter().flat_map(at).collect::<Vec<_>>())
    }

    /// Whether a story in such a state is to be applied or recorded.
    fn is_to_do(&self, state: &State) -> bool {
        let is_unrecorded = matches!(
            state,
            State::Adopted {
                recorded: false,
                ..
            }
        );
        is_unrecorded || self.applies(state)
    }

    /// Drafts a story at its open places; where that is refused, at those alone at which it is not.
    /// None where no place is left.
    ///
    /// # Errors
    /// [`Failure`] where no single place is to blame.
    pub fn draft_what_can(
        &self,
        story: &Story,
        open: &mut Open,
    ) -> Result<Option<ProvedDraft>, Failure> {
        let places: BTreeSet<_> = open.places.values().flatten().cloned().collect();
        let all = match self.draft(story, &open.places) {
            Err(all) if places.len() > 1 => all,
            one => return one.map(Some),
        };
        for place in places {
            let alone = open.only(&place);
            if let Err(failure) = self.draft(story, &alone) {
                open.stopped.push(failure.at(Some(place)));
            }
        }
        if open.stopped.iter().all(|own| own.place.is_none()) {
            return Err(all);
        }
        open.leave_out_stopped();
        if open.places.is_empty() {
            return Ok(None);
        }
        self.draft(story, &open.places).map(Some)
    }
}

/// Whether more than one place is among these, the stack as a whole left out.
fn are_several<'p>(found: impl IntoIterator<Item = &'p PlaceState>) -> bool {
    let places = found.into_iter().map(|own| &own.place);
    let places = places.filter(|place| **place != Place::Stack);
    places.collect::<BTreeSet<_>>().len() > 1
}

impl Open {
    /// Leaves out what failures of this story stop.
    pub fn leave_out<'f>(&mut self, stopped: impl Iterator<Item = &'f Failure>) {
        for failure in stopped {
            match &failure.place {
                None => self.places.clear(),
                Some(place) => self.places.values_mut().for_each(|own| {
                    own.remove(place.as_ref());
                }),
            }
        }
        self.places.retain(|_, own| !own.is_empty());
    }

    fn leave_out_stopped(&mut self) {
        let stopped = std::mem::take(&mut self.stopped);
        self.leave_out(stopped.iter());
        self.stopped = stopped;
    }

    /// One place, in the environments in which it is open.
    fn only(&self, place: &Place) -> Places {
        let has = |own: &&String| self.places[*own].contains(place);
        let environments = self.places.keys().filter(has);
        environments
            .map(|own| (own.clone(), [place.clone()].into()))
            .collect()
    }
}
