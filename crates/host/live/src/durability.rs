//! What data has to survive: each step with data that was never written before, so that no earlier
//! one covers for it.

use std::time::Instant;

use super::error::LiveError;
use super::outcome::{EvidenceLog, Verdict, seconds};
use super::reason::Reason;
use super::sandbox::Sandbox;
use super::store::{DataStore, StorageLocation, Verification};

/// What happens to a container that keeps data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Restart,
    Kill,
    Recreate,
    DownAndUp,
}

const STEPS: [Step; 4] = [Step::Restart, Step::Kill, Step::Recreate, Step::DownAndUp];

impl Step {
    fn words(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Kill => "SIGKILL, start",
            Self::Recreate => "recreate",
            Self::DownAndUp => "down, up",
        }
    }

    /// Takes it; the volumes that it removed.
    fn take(self, sandbox: &Sandbox<'_>, services: &[&str]) -> Result<Vec<String>, LiveError> {
        let mut removed = Vec::new();
        match self {
            Self::Restart => drop(sandbox.compose(&[&["restart"], services].concat())?),
            Self::Kill => kill(sandbox, services)?,
            Self::Recreate => {
                let limit = sandbox.subject.tools.wait;
                sandbox.up_with(
                    &["--force-recreate", "--no-deps"],
                    services,
                    limit,
                    &mut |_| Ok(()),
                )?;
            }
            // The volumes stay: that is what is proved.
            Self::DownAndUp => {
                sandbox.write_down_anonymous_volumes()?;
                let mounted = sandbox.named_volumes()?;
                sandbox.compose(&["down"])?;
                let kept = sandbox.engine().volumes_of(sandbox.project())?;
                removed = mounted
                    .into_iter()
                    .filter(|name| kept.iter().all(|one| one.name != *name))
                    .collect();
                sandbox.up(&[])?;
            }
        }
        sandbox.settle(services)?;
        Ok(removed)
    }
}

/// Kills as a crash does, and starts what a restart policy has not started already.
fn kill(sandbox: &Sandbox<'_>, services: &[&str]) -> Result<(), LiveError> {
    let containers = sandbox.containers()?;
    let of_those = containers
        .iter()
        .filter(|container| services.contains(&container.service.as_str()));
    let ids: Vec<_> = of_those.map(|container| container.id.as_str()).collect();
    sandbox.engine().signal("KILL", &ids)?;
    Ok(sandbox.engine().start(&ids)?)
}

/// What a store held and where, before a step.
struct Before {
    wrote: String,
    /// How it was made sure that the store had it on its disk, where the step is a kill.
    flushed: Option<String>,
    location: StorageLocation,
}

/// A step that was taken.
struct Taken {
    step: Step,
    /// The volumes that went with it.
    removed: Vec<String>,
    /// How long it took, in words.
    took: String,
}

/// One store on its way through the steps.
pub struct DurabilityTest<'s> {
    /// The id of the proof that it is taken there for.
    pub proof: &'static str,
    /// The store.
    pub store: Box<dyn DataStore + 's>,
    log: EvidenceLog,
    ended: Option<Verdict>,
}

impl<'s> DurabilityTest<'s> {
    /// A store that has what it needs.
    pub fn new(proof: &'static str, store: Box<dyn DataStore + 's>) -> Self {
        Self {
            proof,
            store,
            log: EvidenceLog::default(),
            ended: None,
        }
    }

    /// How it ended.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        self.ended.unwrap_or_else(|| self.log.proved())
    }
}

/// Takes all stores through all steps together; one that lost data takes no further part.
///
/// # Errors
/// [`LiveError`], also where a stack does not come up again.
pub fn run_durability_steps(
    sandbox: &Sandbox<'_>,
    stores: &mut [DurabilityTest<'_>],
) -> Result<(), LiveError> {
    for step in STEPS {
        let mut before = Vec::new();
        for one in stores.iter_mut().filter(|one| one.ended.is_none()) {
            let wrote = one.store.write()?;
            let flushed = if step == Step::Kill {
                Some(one.store.flush()?)
            } else {
                None
            };
            before.push(Before {
                wrote,
                flushed,
                location: StorageLocation::of(sandbox, &*one.store)?,
            });
        }
        let services: Vec<_> = stores
            .iter()
            .filter(|one| one.ended.is_none())
            .map(|one| one.store.service().to_owned())
            .collect();
        if services.is_empty() {
            return Ok(());
        }
        let services: Vec<_> = services.iter().map(String::as_str).collect();
        let start = Instant::now();
        let removed = step.take(sandbox, &services)?;
        let taken = Taken {
            step,
            removed,
            took: seconds(start.elapsed()),
        };
        let going_on = stores.iter_mut().filter(|one| one.ended.is_none());
        for (one, before) in going_on.zip(before) {
            one.judge(sandbox, &before, &taken)?;
        }
    }
    Ok(())
}

impl DurabilityTest<'_> {
    fn judge(
        &mut self,
        sandbox: &Sandbox<'_>,
        before: &Before,
        taken: &Taken,
    ) -> Result<(), LiveError> {
        let (
            Before {
                wrote,
                flushed,
                location,
            },
            Taken {
                step,
                removed,
                took,
            },
        ) = (before, taken);
        match self.store.verify()? {
            Verification::Whole(found) => {
                let flushed = flushed
                    .as_ref()
                    .map(|how| format!("; {how}"))
                    .unwrap_or_default();
                self.log.see(
                    step.words(),
                    format!("wrote {wrote}{flushed}; after {took}: {found}"),
                );
            }
            Verification::Lost(missing) => {
                let (now, container) = (
                    StorageLocation::of(sandbox, &*self.store)?,
                    sandbox.container(self.store.service())?,
                );
                let why = match location.why_lost(&now, &container, removed) {
                    Some(why) => Some(why),
                    None => self.store.explain_loss()?,
                };
                let (reason, why) =
                    why.unwrap_or((Reason::Lost, "nothing that is known explains it".to_owned()));
                self.log.see(
                    step.words(),
                    format!("wrote {wrote}; after {took} gone: {missing}"),
                );
                let words = format!(
                    "{} loses {missing} by {}: {why}",
                    self.store.service(),
                    step.words()
                );
                self.ended = Some(std::mem::take(&mut self.log).failed(reason, words));
            }
        }
        Ok(())
    }
}
