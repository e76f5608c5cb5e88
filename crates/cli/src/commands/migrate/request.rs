//! What a run of `migrate` is asked to do.

use std::path::PathBuf;

use anyhow::{Result, bail};
use stories::{State, Story, StoryId};

use crate::checkout::{Checkout, names};
use crate::cli::Migrate;
use crate::commands::Session;
use crate::git;
use crate::guard::Guard;
use crate::plan_file::Plan;

/// What a run is asked to do, by flags or by a plan.
#[derive(Debug)]
pub(super) struct MigrateRequest {
    /// The environments.
    pub(super) scope: Vec<String>,
    /// The stories, in order.
    pub(super) stories: Vec<Story>,
    /// Whether to apply again what was removed by hand.
    pub(super) reapply: bool,
    /// Whether to write what no file says and is only likely.
    pub(super) accept_guesses: bool,
    /// Whether data is looked at first.
    pub(super) guard: Guard,
    /// Whether each story becomes a commit of git.
    pub(super) commit: bool,
    /// Whether files are written too that git calls modified.
    pub(super) allow_dirty: bool,
    /// What becomes of it.
    pub(super) purpose: Purpose,
}

/// What becomes of what a run would do.
#[derive(Debug)]
pub(super) enum Purpose {
    /// It is said whether there is something.
    Check,
    /// It is shown.
    Show,
    /// It is shown, and saved as a plan in this file.
    Save(PathBuf),
    /// It is written.
    Write,
    /// It is written where it is what the plan says.
    WriteAsPlanned(Plan),
}

impl MigrateRequest {
    /// By flags, or by the plan where there is one.
    ///
    /// # Errors
    /// For a plan that is none, for environments and stories that there are not, and needs that are
    /// not met.
    pub(super) fn of(session: &Session, checkout: &Checkout, flags: &Migrate) -> Result<Self> {
        let purpose = Purpose::of(flags)?;
        let (scope, stories, reapply, accept_guesses) = match &purpose {
            Purpose::WriteAsPlanned(plan) => {
                let scope = names(&checkout.select(&plan.environments)?);
                let stories = planned(session, checkout, plan)?;
                (scope, stories, plan.reapply, plan.accept_guesses)
            }
            _ => {
                let scope = names(&checkout.select(&flags.environments.named)?);
                let stories = chosen(session, checkout, flags, &scope)?;
                (scope, stories, flags.reapply, flags.accept_guesses)
            }
        };
        let guard = if flags.allow_data_loss {
            Guard::Off
        } else {
            Guard::On
        };
        let (commit, allow_dirty) = (flags.git.commit, flags.git.allow_dirty);
        Ok(Self {
            scope,
            stories,
            reapply,
            accept_guesses,
            guard,
            commit,
            allow_dirty,
            purpose,
        })
    }

    /// Whether nothing is written.
    pub(super) fn is_dry(&self) -> bool {
        !matches!(self.purpose, Purpose::Write | Purpose::WriteAsPlanned(_))
    }

    /// Commits need a repository.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn must_have_repository(&self, checkout: &Checkout) -> Result<()> {
        if self.commit && !git::is_repository(&checkout.root) {
            bail!(
                "--commit makes one git commit a story, and this is no git repository; leave it out, or run: git init"
            );
        }
        Ok(())
    }

    /// The environments in which some story is to be applied, or only recorded, which says that the
    /// files are accepted, or may be applied again, which is no way out of a rejection.
    pub(super) fn open_environments(&self, checkout: &Checkout) -> Vec<String> {
        let checklist = checkout.checklist();
        let is_open = |environment: &&String| {
            let mut states = self
                .stories
                .iter()
                .flat_map(|story| checklist.places(story, environment));
            states.any(|own| {
                matches!(
                    own.state,
                    State::Pending(_)
                        | State::Adopted {
                            recorded: false,
                            ..
                        }
                        | State::Drifted(_)
                )
            })
        };
        self.scope.iter().filter(is_open).cloned().collect()
    }
}

impl Purpose {
    fn of(flags: &Migrate) -> Result<Self> {
        Ok(match (&flags.plan_file.apply, &flags.plan_file.plan) {
            (Some(file), _) => Self::WriteAsPlanned(Plan::load(file)?),
            (None, Some(file)) => Self::Save(file.clone()),
            (None, None) if flags.check => Self::Check,
            (None, None) if flags.dry_run => Self::Show,
            (None, None) => Self::Write,
        })
    }
}

fn known<'c>(session: &Session, checkout: &'c Checkout, id: &StoryId) -> Result<&'c Story> {
    checkout
        .catalog
        .get(id)
        .ok_or_else(|| session.unknown_story(id))
}

/// The stories of a plan, in its order.
fn planned(session: &Session, checkout: &Checkout, plan: &Plan) -> Result<Vec<Story>> {
    plan.stories
        .iter()
        .map(|story| known(session, checkout, &story.id).cloned())
        .collect()
}

/// The stories that the flags choose, in order.
fn chosen(
    session: &Session,
    checkout: &Checkout,
    flags: &Migrate,
    scope: &[String],
) -> Result<Vec<Story>> {
    let all = checkout.catalog.in_order().into_iter().cloned();
    if let Some(only) = &flags.only {
        let story = known(session, checkout, only)?;
        unmet_needs(session, checkout, story, scope)?;
        return Ok(vec![story.clone()]);
    }
    let Some(last) = &flags.to else {
        return Ok(all.collect());
    };
    known(session, checkout, last)?;
    let mut stories: Vec<_> = all.collect();
    let end = stories
        .iter()
        .position(|story| story.id == *last)
        .map_or(0, |at| at + 1);
    stories.truncate(end);
    Ok(stories)
}

/// Refuses a story alone when another must hold first.
fn unmet_needs(
    session: &Session,
    checkout: &Checkout,
    story: &Story,
    scope: &[String],
) -> Result<()> {
    let is_met = |id: &StoryId| {
        let Some(needed) = checkout.catalog.get(id) else {
            return false;
        };
        scope
            .iter()
            .all(|environment| checkout.checklist().state(needed, environment).is_settled())
    };
    let unmet: Vec<_> = story
        .needs
        .iter()
        .filter(|id| !is_met(id))
        .map(ToString::to_string)
        .collect();
    if unmet.is_empty() {
        return Ok(());
    }
    let id = &story.id;
    let first = session.again_with("migrate", &format!("--to {id}"), "--only");
    bail!(
        "story {id} needs {} first; run: {}",
        unmet.join(", "),
        session.command(&first)
    )
}
