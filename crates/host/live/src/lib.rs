//! `verify --live`: proves on running containers what the files promise.
//!
//! ```text
//! Checkout + environment            files, env files
//!   -> TestEnvironment   stand-ins for what is not here, the resolved model, images, roles  (test_environment, stand_ins, model)
//!   -> Overlay           text: nothing of the host, names of its own, checks at a pace      (overlay)
//!   -> Sandbox           a project of its own: up, down, exec, look                          (sandbox, start)
//!   -> Verdict           of each proof in the list: an outcome and what was seen            (proof, durability, store)
//!   -> Finding           with its time and pace; a report shows them                        (schedule, outcome)
//! Run                     owns all projects: its drop, or the next run, removes them         (run)
//! ```

mod data;
mod durability;
pub mod error;
pub mod http;
mod model;
pub mod outcome;
mod overlay;
mod postgres;
mod proof;
pub mod reason;
mod redis;
mod run;
mod sandbox;
mod schedule;
mod stand_ins;
mod start;
mod store;
mod test_environment;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use compose_model::Environment;
use docker::Compose;
use docker::engine::Engine;
use stories::Stack;

use error::LiveError;
use outcome::{EvidenceLog, Finding, Listed, Outcome};
use run::{Run, remove_stale_runs};
use test_environment::{TestEnvironment, Tools};

pub use run::StaleRun;
pub use schedule::Progress;

/// The checkout whose environments are proved.
#[derive(Clone, Copy, Debug)]
pub struct Checkout<'c> {
    /// Its root, an absolute path or one from the current folder.
    pub root: &'c Path,
    /// What its files say.
    pub stack: &'c Stack,
    /// Where runs keep what they have to remove: the machine's and not the checkout's, for a clone
    /// that is gone cannot come back to clean up.
    pub runs: &'c Path,
}

/// Who is asked.
#[derive(Clone, Debug)]
pub struct Clients {
    /// The Compose plugin.
    pub compose: Compose,
    /// The engine.
    pub engine: Engine,
}

/// What a person wants of a run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The projects stay.
    pub keep: bool,
    /// How long a start may take.
    pub wait: Duration,
    /// Images are built that are here already.
    pub build: bool,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Live {
    /// The engine's version.
    pub engine: String,
    /// Compose's version.
    pub compose: String,
    /// Each environment.
    pub environments: Vec<Proved>,
    /// What ended runs had left.
    pub leftovers: Vec<StaleRun>,
    /// The projects that stay.
    pub kept: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// What was found of an environment.
#[derive(Clone, Debug)]
pub struct Proved {
    /// Its name.
    pub environment: String,
    /// The proofs in the order of their numbers.
    pub findings: Vec<Finding>,
    /// What was not as in the files, and why.
    pub notes: Vec<String>,
}

/// No engine answers.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no Docker engine answers here, and --live needs one; start Docker and try again")]
pub struct NoEngine;

/// All proofs, in the order of their numbers.
pub fn proofs() -> impl Iterator<Item = Listed> {
    proof::all().map(|entry| entry.listed)
}

/// Makes all proofs for some environments, side by side.
///
/// # Errors
/// Where what an ended run left behind does not go, or there is no room for a new one.
pub fn run(
    checkout: &Checkout<'_>,
    environments: &[Environment],
    clients: Clients,
    options: Options,
    progress: Progress<'_>,
) -> Result<Live, LiveError> {
    let start = Instant::now();
    let Clients { compose, engine } = clients;
    let base = checkout.runs;
    let leftovers = remove_stale_runs(base, &engine)?;
    let run = Run::begin(base, &engine, options.keep).map_err(LiveError::io(format!(
        "no folder for the run can be made in {}",
        base.display()
    )))?;
    let (compose_version, engine_version) =
        (compose.version().to_string(), engine.version().to_owned());
    let tools = Tools {
        compose,
        engine,
        wait: options.wait,
        build: options.build,
    };
    let proved = thread::scope(|scope| {
        let one = |environment: &Environment| prove(checkout, environment, &tools, &run, progress);
        let all: Vec<_> = environments
            .iter()
            .map(|environment| scope.spawn(move || one(environment)))
            .collect();
        all.into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect()
    });
    let kept = if run.is_kept() {
        run.projects()
    } else {
        Vec::new()
    };
    drop(run);
    Ok(Live {
        engine: engine_version,
        compose: compose_version,
        environments: proved,
        leftovers,
        kept,
        took: start.elapsed(),
    })
}

fn prove(
    checkout: &Checkout<'_>,
    environment: &Environment,
    tools: &Tools,
    run: &Run,
    progress: Progress<'_>,
) -> Proved {
    let name = environment.name.clone();
    progress(&name, "files and images");
    match TestEnvironment::prepare(checkout, environment, tools, run) {
        Ok(subject) => {
            let findings = schedule::run(&subject, progress);
            Proved {
                environment: name,
                findings,
                notes: subject.notes.clone(),
            }
        }
        Err(error) => {
            let not = |proof| Finding {
                proof,
                verdict: EvidenceLog::default().ends(Outcome::Inconclusive(error.to_string())),
                took: Duration::ZERO,
                pace: String::new(),
            };
            Proved {
                environment: name,
                findings: proofs().map(not).collect(),
                notes: Vec::new(),
            }
        }
    }
}
