//! What a run of `migrate` is told to do.

use anyhow::{Result, bail};
use stories::{Story, StoryId};

use crate::checkout::{Checkout, names};
use crate::cli::Migrate;
use crate::commands::Session;
use crate::guard::Guard;
use crate::plan_file::Plan;

/// What a run is told to do, by flags or by a plan.
#[derive(Debug)]
pub(super) struct Orders {
    /// The environments.
    pub(super) scope: Vec<String>,
    /// The stories, in order.
    pub(super) stories: Vec<Story>,
    /// Whether to apply again what was removed by hand.
    pub(super) reapply: bool,
    /// Whether data is looked at first.
    pub(super) guard: Guard,
    /// Whether each story becomes a commit of git.
    pub(super) commit: bool,
}

impl Orders {
    /// By flags, or by the plan where there is one.
    ///
    /// # Errors
    /// For environments and stories that there are not, and needs that are not met.
    pub(super) fn of(session: &Session, checkout: &Checkout, flags: &Migrate, plan: Option<&Plan>) -> Result<Self> {
        let guard = if flags.allow_data_loss { Guard::Off } else { Guard::On };
        let commit = flags.git.commit;
        if let Some(plan) = plan {
            let scope = names(&checkout.select(&plan.environments)?);
            let known = |id: &StoryId| known(session, checkout, id).cloned();
            let stories = plan.stories.iter().map(|story| known(&story.id)).collect::<Result<_>>()?;
            return Ok(Self { scope, stories, reapply: plan.reapply, guard, commit });
        }
        let scope = names(&checkout.select(&flags.environments.named)?);
        let stories = chosen(session, checkout, flags, &scope)?;
        Ok(Self { scope, stories, reapply: flags.reapply, guard, commit })
    }
}

fn known<'c>(session: &Session, checkout: &'c Checkout, id: &StoryId) -> Result<&'c Story> {
    checkout.catalog.get(id).ok_or_else(|| session.unknown_story(id))
}

/// The stories that the flags choose, in order.
fn chosen(session: &Session, checkout: &Checkout, flags: &Migrate, scope: &[String]) -> Result<Vec<Story>> {
    let all = checkout.catalog.in_order().into_iter().cloned();
    if let Some(only) = &flags.only {
        let story = known(session, checkout, only)?;
        unmet_needs(session, checkout, story, scope)?;
        return Ok(vec![story.clone()]);
    }
    let Some(last) = &flags.to else { return Ok(all.collect()) };
    known(session, checkout, last)?;
    let mut stories: Vec<_> = all.collect();
    let end = stories.iter().position(|story| story.id == *last).map_or(0, |at| at + 1);
    stories.truncate(end);
    Ok(stories)
}

/// Refuses a story alone when another must hold first.
fn unmet_needs(session: &Session, checkout: &Checkout, story: &Story, scope: &[String]) -> Result<()> {
    let is_met = |id: &StoryId| {
        let Some(needed) = checkout.catalog.get(id) else { return false };
        scope.iter().all(|environment| checkout.checklist().state(needed, environment).is_settled())
    };
    let unmet: Vec<_> = story.needs.iter().filter(|id| !is_met(id)).map(ToString::to_string).collect();
    if unmet.is_empty() {
        return Ok(());
    }
    let (id, root) = (&story.id, session.root_flag());
    bail!("story {id} needs {} first; run: cargo xtask migrate --to {id}{root}", unmet.join(", "))
}
