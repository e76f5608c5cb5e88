//! What the next `up` does to the containers that run, told by who changes the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::thread::{self, JoinHandle};

use compose_model::Environment;
use data_safety::RenewalFacts;
use docker::engine::Engine;
use docker::engine::container::{Container, FILES};
use docker::{Arguments, Compose, ConfigCall, Docker};
use tempfile::TempDir;

use super::before::meant;
use super::renewal::Project;
use crate::checker::{Checker, drafts};
use crate::model;
use crate::pipeline::Run;
use crate::report::EnvironmentImpact;

/// A look at what runs, beside the run that changes the files: it costs the run no time of its own.
pub(super) struct Looking {
    compose: Compose,
    looked: JoinHandle<Option<Looked>>,
}

/// The engine, and the containers by project.
struct Looked {
    engine: Engine,
    containers: BTreeMap<String, Vec<Container>>,
}

impl Looking {
    /// Begins; none without Compose, whose hashes decide.
    pub(super) fn begin(run: &Run) -> Option<Self> {
        let Checker::Docker(compose) = &run.checker else {
            return None;
        };
        let projects: BTreeSet<_> = run
            .environments()
            .into_iter()
            .map(|own| own.project.name)
            .filter(|name| !name.is_empty())
            .collect();
        Some(Self {
            compose: compose.clone(),
            looked: thread::spawn(|| look(projects)),
        })
    }

    /// What `up` would do to each environment that runs, now that the stories have been applied.
    /// Where nothing runs, no engine answers, or Compose does not tell, nothing is told: this is
    /// never why a run fails.
    pub(super) fn end(self, run: &Run) -> Vec<EnvironmentImpact> {
        let Ok(Some(looked)) = self.looked.join() else {
            return Vec::new();
        };
        run.environments()
            .into_iter()
            .filter_map(|own| looked.impact(&self.compose, run, own))
            .collect()
    }
}

fn look(projects: BTreeSet<String>) -> Option<Looked> {
    let engine = Engine::through(Docker::new())?;
    let mut containers = BTreeMap::new();
    for project in projects {
        let own = engine.containers(&project).ok()?;
        containers.insert(project, own);
    }
    Some(Looked { engine, containers })
}

impl Looked {
    fn impact(
        &self,
        compose: &Compose,
        run: &Run,
        environment: Environment,
    ) -> Option<EnvironmentImpact> {
        let checkout = &run.checkout;
        let name = &environment.project.name;
        let containers = self.containers.get(name)?;
        let call = checkout.call(&environment);
        let is_whole = checkout
            .missing
            .iter()
            .all(|missing| missing.environment != environment.name);
        if !is_whole || !containers.iter().any(|one| is_made_of(one, &call)) {
            return None;
        }
        let model = run.model(&environment.name)?;
        let drafted = Drafted::of(run, &environment, call)?;
        let asked = Arguments::parse(&["up".to_owned()]).ok()?;
        let project = Project {
            compose,
            engine: &self.engine,
            name,
            model: &model,
            containers,
        };
        let renewal = project.renewal(&drafted.call, &asked);
        if !renewal.is_known() {
            return None;
        }
        let profiles = model::active_profiles(checkout, &environment);
        let meant = meant(&model, &asked, &profiles);
        let facts: RenewalFacts<'_> = renewal.facts(&model, containers, &meant);
        Some(EnvironmentImpact {
            impact: facts.impact(),
            project: name.clone(),
            environment: environment.name,
        })
    }
}

/// Whether a container was made of these files: two environments may share a project.
fn is_made_of(container: &Container, call: &ConfigCall) -> bool {
    let files: Vec<_> = call
        .files
        .iter()
        .map(|file| file.to_string_lossy())
        .collect();
    container
        .labels
        .get(FILES)
        .is_some_and(|found| *found == files.join(","))
}

/// An environment's files for Compose, as a dry run would leave them.
struct Drafted {
    call: ConfigCall,
    /// Holds the drafts until Compose has answered.
    _folder: Option<TempDir>,
}

impl Drafted {
    /// None where a draft is read by another file: where Compose looks for that depends on where
    /// the file lies.
    fn of(run: &Run, environment: &Environment, mut call: ConfigCall) -> Option<Self> {
        let drafts = if run.dry {
            drafts(&run.checkout, &run.checkout.stack)
        } else {
            BTreeMap::new()
        };
        let all = run.checkout.stack.files_of(&environment.name);
        let mut own = drafts
            .iter()
            .filter(|(path, _)| all.contains(&path.as_str()))
            .peekable();
        if own.peek().is_none() {
            return Some(Self {
                call,
                _folder: None,
            });
        }
        let folder = tempfile::tempdir().ok()?;
        for (path, text) in own {
            let at = environment.files.iter().position(|file| file == path)?;
            let file = folder.path().join(format!("{at}.yml"));
            fs::write(&file, text).ok()?;
            call.files[at] = file;
        }
        Some(Self {
            call,
            _folder: Some(folder),
        })
    }
}
