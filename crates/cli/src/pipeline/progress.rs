//! How a run goes on: what stops a story stops those that need it too, and no other.

use stories::{State, Story, StoryId};
use system::interrupt;

use super::{Failure, Open, Report, Run};

/// A story that is to be applied once others are, which were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The story.
    pub id: StoryId,
    /// Its title.
    pub title: String,
    /// Those of the stories that it needs which do not hold.
    pub on: Vec<StoryId>,
}

/// What a run has come to so far.
#[derive(Debug, Default)]
pub struct Progress {
    /// The stories that it applied or recorded.
    pub reports: Vec<Report>,
    /// Why others were not applied, or one not at a place; each stops itself and those that need it.
    pub stopped: Vec<Failure>,
    /// Those that need one of them.
    pub waiting: Vec<Waiting>,
    /// What ended the whole run.
    pub ended: Option<Failure>,
}

impl Progress {
    /// A run that a failure ends before its first story.
    #[must_use]
    pub fn ended_by(failure: Failure) -> Self {
        Self {
            ended: Some(failure),
            ..Self::default()
        }
    }

    /// Applies a story, unless the run has ended or the story was stopped before its turn. `told`
    /// is called for what was applied; it may end the run.
    pub fn apply(
        &mut self,
        run: &mut Run,
        story: &Story,
        told: impl FnOnce(&Run, &Report) -> Result<(), Failure>,
    ) {
        if self.ended.is_some() || self.is_stopped_everywhere(&story.id) {
            return;
        }
        match self.attempt(run, story) {
            Ok(None) => {}
            Ok(Some(report)) => {
                self.ended = told(run, &report).err();
                self.reports.push(report);
            }
            Err(failure) => match failure.or_interrupted() {
                failure if failure.is_of_its_story() => self.stopped.push(failure),
                failure => self.ended = Some(failure),
            },
        }
    }

    /// Whether every story that was to be applied is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.ended.is_none() && self.stopped.is_empty() && self.waiting.is_empty()
    }

    /// Everything that failed, what ended the run last.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.stopped.iter().chain(&self.ended)
    }

    fn attempt(&mut self, run: &mut Run, story: &Story) -> Result<Option<Report>, Failure> {
        interrupt::check()?;
        let mut open = run.open(story);
        open.leave_out(self.stopped.iter().filter(|own| own.is_of(&story.id)));
        let on = self.awaited(run, story, &open);
        self.stopped.append(&mut open.stopped);
        if !on.is_empty() {
            self.waiting.push(Waiting {
                id: story.id.clone(),
                title: story.title.clone(),
                on,
            });
            return Ok(None);
        }
        if open.places.is_empty() {
            return Ok(None);
        }
        let draft = run.draft_what_can(story, &mut open)?;
        self.stopped.append(&mut open.stopped);
        let Some(draft) = draft else {
            return Ok(None);
        };
        let checked = run.check(story, draft)?;
        run.commit(story, checked).map(Some)
    }

    /// What a story waits for: those that it needs and that this run could not apply, where it is
    /// still to be applied itself, and those without which it would conflict.
    fn awaited(&self, run: &Run, story: &Story, open: &Open) -> Vec<StoryId> {
        let waits = |id: &&StoryId| {
            self.is_stopped(id) || self.waiting.iter().any(|waiting| waiting.id == **id)
        };
        let is_applied_now = open.places.keys().any(|environment| {
            let mut places = run.places(story, environment).into_iter();
            places.any(|own| run.applies(&own.state))
        });
        let mut on: Vec<_> = story
            .needs
            .iter()
            .filter(|id| is_applied_now && waits(id))
            .cloned()
            .collect();
        for environment in &run.scope {
            for own in run.places(story, environment) {
                let State::Waiting(more) = own.state else {
                    continue;
                };
                let new: Vec<_> = more.into_iter().filter(|id| !on.contains(id)).collect();
                on.extend(new);
            }
        }
        on
    }

    /// At some place at least: what needs the story waits for all of it.
    fn is_stopped(&self, id: &StoryId) -> bool {
        self.stopped.iter().any(|failure| failure.is_of(id))
    }

    fn is_stopped_everywhere(&self, id: &StoryId) -> bool {
        let mut whole = self.stopped.iter().filter(|own| own.place.is_none());
        whole.any(|failure| failure.is_of(id))
    }
}
