//! 7: a stack that never becomes healthy ends in time, with the service's name and its last words.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::error::{LiveError, StartFailure};
use super::super::model::Service;
use super::super::outcome::{About, EvidenceLog, Outcome, Verdict, seconds};
use super::super::overlay::Overrides;
use super::super::reason::Reason;
use super::super::sandbox::Sandbox;
use super::super::test_environment::TestEnvironment;
use super::{Applies, HealthPace, Proof, ProofContext, SandboxSpec, Stage};

/// How long this start may take.
const LIMIT: Duration = Duration::from_secs(12);

/// What Docker itself may take beyond it.
const SLACK: Duration = Duration::from_secs(5);

/// A program that no image has, so that the probe fails in all of them, and the engine's words are
/// known.
const NO_PROGRAM: &str = "/compose-stories/never-healthy";

/// The service that is made to fail: of those with a health check, the first that waits for nobody.
fn victim<'s>(subject: &'s TestEnvironment<'_>) -> Option<Service<'s>> {
    let with_health = || {
        subject
            .model
            .services()
            .filter(|service| service.health().is_some())
    };
    with_health()
        .find(|service| service.resolved.depends_on.is_empty())
        .or_else(|| with_health().next())
}

/// A start that fails says why.
pub struct NeverHealthy;

impl Proof for NeverHealthy {
    fn about(&self) -> About {
        About {
            id: "never-healthy",
            title: "A failed start says why",
            requirement: "A stack that never becomes healthy ends in time, with the service's name and its last words",
            reasons: &[
                Reason::CalledWell,
                Reason::WrongName,
                Reason::NoHealthOutput,
                Reason::NoLogLines,
                Reason::TooLate,
            ],
        }
    }

    fn stages(&self) -> &'static [Stage] {
        const OWN: SandboxSpec = SandboxSpec {
            pace: HealthPace::Quick,
            purpose: "broken",
            setting: "with a health check that never succeeds",
        };
        &[Stage::Fresh(OWN)]
    }

    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        let none = || Applies::No("no service has a health check in the files".to_owned());
        Ok(victim(subject).map_or_else(none, |_| Applies::Yes))
    }

    /// One service has a check that never succeeds and whose failures never suffice.
    fn overrides(&self, subject: &TestEnvironment<'_>) -> Overrides {
        let check = json!({ "test": ["CMD", NO_PROGRAM], "interval": "1s", "timeout": "3s", "retries": 1000 });
        let health = victim(subject).map(|service| (service.name.to_owned(), check));
        Overrides {
            health: health.into_iter().collect(),
            ..Overrides::default()
        }
    }

    /// Starts the sandbox for the first time, which must fail.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        let sandbox = context.sandbox;
        let Some(victim) = victim(sandbox.subject) else {
            return Ok(Verdict::not_applicable(
                "no service has a health check in the files",
            ));
        };
        let mut log = EvidenceLog::default();
        let (start, limit) = (Instant::now(), LIMIT.min(sandbox.subject.tools.wait));
        let failure = match sandbox.up_with(&[], &[], limit, &mut |_| Ok(())) {
            Err(LiveError::Start(failure)) => failure,
            Err(error) => return Err(error),
            Ok(_) => {
                let words = format!("the start ended well, and {} never was", victim.name);
                return Ok(log.failed(Reason::CalledWell, words));
            }
        };
        let times = Times {
            took: start.elapsed(),
            limit,
        };
        tell(&failure, victim, times, &mut log);
        judge(sandbox, &failure, victim, times, log)
    }
}

/// How long the start took, and how long it might.
#[derive(Clone, Copy)]
struct Times {
    took: Duration,
    limit: Duration,
}

fn tell(failure: &StartFailure, victim: Service<'_>, times: Times, log: &mut EvidenceLog) {
    let made = format!(
        "{}: a health check that never succeeds, time limit {}",
        victim.name,
        seconds(times.limit)
    );
    log.see("made to fail", made);
    log.see(
        "ended",
        format!(
            "after {}: {} {}",
            seconds(times.took),
            failure.service,
            failure.state
        ),
    );
    log.see("health output", failure.health.clone().unwrap_or_default());
    let last = failure.lines.last().cloned();
    log.see(
        "last log line",
        last.unwrap_or_else(|| "(it has logged nothing)".to_owned()),
    );
}

/// Whether the failure says who failed, and why.
fn judge(
    sandbox: &Sandbox<'_>,
    failure: &StartFailure,
    victim: Service<'_>,
    times: Times,
    log: EvidenceLog,
) -> Result<Verdict, LiveError> {
    let Times { took, limit } = times;
    let came_so_far =
        !failure.service.is_empty() && (failure.service != victim.name || failure.health.is_some());
    if !came_so_far {
        let why = format!(
            "no health check of {} ran within {}; is this machine busy?",
            victim.name,
            seconds(limit)
        );
        return Ok(log.ends(Outcome::Inconclusive(why)));
    }
    let logged = !failure.lines.is_empty()
        || sandbox
            .engine()
            .last_lines(&sandbox.container(victim.name)?.id, 1)?
            .trim()
            .is_empty();
    Ok(if failure.service != victim.name {
        log.failed(
            Reason::WrongName,
            format!(
                "it is {} that is named, not {}",
                failure.service, victim.name
            ),
        )
    } else if !failure
        .health
        .as_ref()
        .is_some_and(|health| health.contains(NO_PROGRAM))
    {
        log.failed(Reason::NoHealthOutput, "the last health output is not told")
    } else if !logged {
        log.failed(Reason::NoLogLines, "the last log lines are not told")
    } else if took > limit + SLACK {
        log.failed(
            Reason::TooLate,
            format!(
                "it ended after {}, the limit was {}",
                seconds(took),
                seconds(limit)
            ),
        )
    } else {
        log.proved()
    })
}
