//! How a run goes on: what stops a story stops those that need it too, and no other.

use stories::{State, Story, StoryId};
use system::interrupt;

use super::{Failure, Report, Run};

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
    /// Why others were not applied; each stops itself and those that need it.
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
        if self.ended.is_some() || self.is_stopped(&story.id) {
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
        let open = run.open_environments(story)?;
        let on = self.awaited(run, story, &open);
        if !on.is_empty() {
            self.waiting.push(Waiting {
                id: story.id.clone(),
                title: story.title.clone(),
                on,
            });
            return Ok(None);
        }
        if open.is_empty() {
            return Ok(None);
        }
        let draft = run.draft(story, &open)?;
        let checked = run.check(story, draft)?;
        run.commit(story, checked).map(Some)
    }

    /// What a story waits for: those that it needs and that this run could not apply, where it is
    /// still to be applied itself, and those without which it would conflict.
    fn awaited(&self, run: &Run, story: &Story, open: &[String]) -> Vec<StoryId> {
        let waits = |id: &&StoryId| {
            self.is_stopped(id) || self.waiting.iter().any(|waiting| waiting.id == **id)
        };
        let is_applied_now = open
            .iter()
            .any(|environment| run.applies(&run.state(story, environment)));
        let mut on: Vec<_> = story
            .needs
            .iter()
            .filter(|id| is_applied_now && waits(id))
            .cloned()
            .collect();
        for environment in &run.scope {
            if let State::Waiting(more) = run.state(story, environment) {
                on.extend(
                    more.into_iter()
                        .filter(|id| !on.contains(id))
                        .collect::<Vec<_>>(),
                );
            }
        }
        on
    }

    fn is_stopped(&self, id: &StoryId) -> bool {
        self.stopped
            .iter()
            .any(|failure| failure.story.as_ref().is_some_and(|(own, _)| own == id))
    }
}
