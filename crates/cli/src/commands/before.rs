//! What is looked at before docker compose makes containers anew or removes them: whose they are,
//! and what they hold.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use compose_model::{Environment, ResolvedModel};
use data_safety::{Impact, Leftover};
use docker::engine::container::{Container, FILES, FOLDER};
use docker::engine::{Engine, EngineUnavailable};
use docker::{Arguments, Compose, Docker, Effect};

use super::Session;
use super::compose_environment::ComposeEnvironment;
use super::renewal::{Project, Renewal};
use crate::guard::living;
use crate::guard::living::{Fate, Loss};
use crate::report::Other;
use crate::{model, report};

/// An environment, and the engine that it is about to be changed on.
pub(super) struct Before<'b> {
    pub(super) session: &'b Session,
    pub(super) target: &'b ComposeEnvironment,
    pub(super) engine: &'b Engine,
    /// The containers of the project as they are.
    pub(super) containers: Vec<Container>,
    renewal: OnceCell<Renewal>,
}

/// The engine.
///
/// # Errors
/// [`EngineUnavailable`], with who led there and what helps.
pub(super) fn reach() -> Result<Engine> {
    Ok(Engine::reach(Docker::new()).map_err(EngineUnavailable)?)
}

/// Tells where the containers that are looked at are another environment's, or another checkout's.
/// An engine that does not answer is docker's own to tell.
pub(super) fn tell_whose(session: &Session, target: &ComposeEnvironment) {
    let Some(engine) = Engine::find() else { return };
    let Ok(before) = Before::look(session, target, &engine) else {
        return;
    };
    if let Some(other) = before.other() {
        report::whose(session, &target.environment.name, &other, before.project());
    }
}

/// Whether the containers are this environment's own, before `docker compose` works on them; whose
/// they are else is told. Without an engine docker says itself that there is none.
///
/// # Errors
/// Where the engine does not answer any more.
pub(super) fn are_own(
    session: &Session,
    target: &ComposeEnvironment,
    asked: &Arguments,
) -> Result<bool> {
    let Some(engine) = Engine::find() else {
        return Ok(true);
    };
    Ok(Before::look(session, target, &engine)?.are_own(asked))
}

impl<'b> Before<'b> {
    /// Looks at the project's containers.
    ///
    /// # Errors
    /// Where the engine does not answer any more.
    pub(super) fn look(
        session: &'b Session,
        target: &'b ComposeEnvironment,
        engine: &'b Engine,
    ) -> Result<Self> {
        let containers = engine.containers(&target.environment.project.name)?;
        Ok(Self {
            session,
            target,
            engine,
            containers,
            renewal: OnceCell::new(),
        })
    }

    fn project(&self) -> &'b str {
        &self.target.environment.project.name
    }

    /// Whether the containers are this environment's own; whose they are else is told.
    pub(super) fn are_own(&self, asked: &Arguments) -> bool {
        let target = self.target;
        let Some(other) = self.other() else {
            return true;
        };
        let found = report::InTheWay {
            environment: &target.environment.name,
            other: &other,
            project: self.project(),
            own_file: target.checkout.own_file(&target.environment),
        };
        report::in_the_way(self.session, asked, found);
        false
    }

    /// Whether there is a container of the services that a command names, or of any.
    pub(super) fn has_containers(&self, asked: &Arguments) -> bool {
        let is_meant =
            |one: &Container| asked.words.is_empty() || asked.words.contains(&one.service);
        self.containers.iter().any(is_meant)
    }

    /// Who else has containers as this project: an environment of this checkout, or another
    /// checkout.
    fn other(&self) -> Option<Other> {
        let (checkout, environment) = (&self.target.checkout, &self.target.environment);
        let files = |environment: &Environment| {
            let files = checkout.call(environment).files;
            files
                .iter()
                .map(|file| file.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(",")
        };
        let own = files(environment);
        let running = self
            .containers
            .iter()
            .filter(|one| one.is_running())
            .filter_map(|one| one.labels.get(FILES));
        let others: BTreeSet<_> = running.filter(|found| **found != own).collect();
        let of_environment = checkout
            .environments()
            .into_iter()
            .find(|own| others.contains(&files(own)));
        let here = checkout.call(environment).directory.canonicalize().ok();
        // A folder that is gone was this checkout before it was moved, as a rule.
        let elsewhere = |folder: &&String| {
            let there = Path::new(folder.as_str()).canonicalize().ok();
            there.is_some() && there != here
        };
        let folder = self
            .containers
            .iter()
            .filter_map(|one| one.labels.get(FOLDER))
            .find(elsewhere);
        let environment = of_environment.map(|own| Other::Environment(own.name));
        environment.or_else(|| folder.cloned().map(Other::Checkout))
    }

    /// Whether nothing gets out of reach when containers are made anew; what would is told.
    ///
    /// # Errors
    /// Where the engine does not answer any more.
    pub(super) fn is_safe_to_recreate(
        &self,
        compose: &Compose,
        model: &ResolvedModel,
        asked: &Arguments,
    ) -> Result<bool> {
        let (session, target) = (self.session, self.target);
        let mut wanted = living::wanted(&target.checkout, &target.environment, model);
        wanted.again = report::again(asked, &target.environment.name);
        let reached = reached(model, asked, &self.profiles(asked));
        wanted.hold_back_unless(|service| reached.contains(service));
        wanted.removes_orphans = self.removes_orphans(asked);
        let verdict = living::look(self.engine, &target.checkout, &wanted)?;
        verdict
            .notes
            .iter()
            .for_each(|note| session.screen.talk(format_args!("note: {note}")));
        self.tell_leftovers(&verdict.leftovers);
        if !verdict.is_safe() {
            report::at_risk(session, &wanted, &verdict, asked);
            return Ok(false);
        }
        let mut losses = self.lost_by_renewal(compose, model, asked)?;
        losses.extend(self.lost_by_scaling(model, asked)?);
        if wanted.removes_orphans {
            losses.extend(self.lost_with_orphans(model)?);
        }
        Ok(self.tell(asked, &losses))
    }

    /// Each once on this machine; `verify` tells of them as long as they are there.
    fn tell_leftovers(&self, leftovers: &[Leftover]) {
        if leftovers.is_empty() {
            return;
        }
        let mut told = self.target.checkout.memory.told_leftovers();
        for leftover in leftovers {
            if !told.passed(&leftover.volume) {
                let environment = &self.target.environment.name;
                let screen = &self.session.screen;
                report::leftover(self.session, environment, leftover, &mut |line| {
                    screen.talk(line)
                });
                told.remember(&leftover.volume);
            }
        }
    }

    /// Whether nothing gets out of reach when containers are removed; what would is told.
    ///
    /// # Errors
    /// Where the engine does not answer any more.
    pub(super) fn is_safe_to_remove(&self, asked: &Arguments) -> Result<bool> {
        let all = asked.words.is_empty() || self.removes_orphans(asked);
        let is_meant = |one: &&Container| all || asked.words.contains(&one.service);
        let goes = |one: &&Container| asked.verb != "rm" || asked.has("stop") || !one.is_running();
        let losses = living::lost(
            self.engine,
            self.containers.iter().filter(is_meant).filter(goes),
            Fate::Removed,
        )?;
        Ok(self.tell(asked, &losses))
    }

    /// Whether nothing gets out of reach with the containers of services that the files do not
    /// have.
    ///
    /// # Errors
    /// As for [`Self::is_safe_to_remove`].
    pub(super) fn is_safe_without_orphans(
        &self,
        model: &ResolvedModel,
        asked: &Arguments,
    ) -> Result<bool> {
        let losses = self.lost_with_orphans(model)?;
        Ok(self.tell(asked, &losses))
    }

    /// By a flag, or by what the env files say.
    pub(super) fn removes_orphans(&self, asked: &Arguments) -> bool {
        let variable = self
            .target
            .checkout
            .stack
            .variable(&self.target.environment.name, "COMPOSE_REMOVE_ORPHANS");
        let by_file = variable.is_some_and(|variable| is_true(&variable.value));
        asked.removes_orphans() || (by_file && asked.effect != Effect::Looks)
    }

    fn lost_with_orphans(&self, model: &ResolvedModel) -> Result<Vec<Loss>> {
        let orphans = self
            .containers
            .iter()
            .filter(|one| model.service(&one.service).is_none());
        Ok(living::lost(self.engine, orphans, Fate::Removed)?)
    }

    /// What containers that are made anew do not hand on: their own layer, and for `run` and
    /// `scale` volumes without a name too.
    fn lost_by_renewal(
        &self,
        compose: &Compose,
        model: &ResolvedModel,
        asked: &Arguments,
    ) -> Result<Vec<Loss>> {
        if asked.has("no-recreate") {
            return Ok(Vec::new());
        }
        let meant = meant(model, asked, &self.profiles(asked));
        let anew = self
            .renewal(compose, model, asked)
            .facts(model, &self.containers, &meant)
            .reasons();
        let is_renewed = |one: &&Container| {
            anew.contains_key(&one.service) && meant.contains(&one.service) && !one.is_one_off()
        };
        let fate = if asked.effect == Effect::Renews {
            Fate::Renewed
        } else {
            Fate::Recreated
        };
        Ok(living::lost(
            self.engine,
            self.containers.iter().filter(is_renewed),
            fate,
        )?)
    }

    /// What a command does to the containers that are there.
    pub(super) fn impact(
        &self,
        compose: &Compose,
        model: &ResolvedModel,
        asked: &Arguments,
    ) -> Impact {
        let none = Renewal::none();
        let renewal = if asked.has("no-recreate") || self.containers.is_empty() {
            &none
        } else {
            self.renewal(compose, model, asked)
        };
        // The guard takes what is unknown for the worst; here it would be a guess.
        if !renewal.is_known() {
            return Impact::default();
        }
        let meant = meant(model, asked, &self.profiles(asked));
        renewal.facts(model, &self.containers, &meant).impact()
    }

    /// It is asked for once: Compose and the engine are.
    fn renewal(&self, compose: &Compose, model: &ResolvedModel, asked: &Arguments) -> &Renewal {
        self.renewal.get_or_init(|| {
            Project {
                compose,
                engine: self.engine,
                name: self.project(),
                model,
                containers: &self.containers,
            }
            .renewal(&self.target.call(), asked)
        })
    }

    /// The profiles that are active.
    fn profiles(&self, asked: &Arguments) -> Vec<String> {
        profiles(self.target, asked)
    }

    /// What goes with the containers that are too many.
    fn lost_by_scaling(&self, model: &ResolvedModel, asked: &Arguments) -> Result<Vec<Loss>> {
        let meant = meant(model, asked, &self.profiles(asked));
        let mut losses = Vec::new();
        for (name, service) in model
            .services
            .iter()
            .filter(|(name, _)| meant.contains(*name))
        {
            let own: Vec<_> = self
                .containers
                .iter()
                .filter(|one| one.service == *name && !one.is_one_off())
                .collect();
            let wanted = asked.scale_of(name).unwrap_or_else(|| service.containers());
            if own.len() as u64 > wanted {
                losses.extend(living::lost(self.engine, own, Fate::Removed)?);
            }
        }
        Ok(losses)
    }

    fn tell(&self, asked: &Arguments, losses: &[Loss]) -> bool {
        if !losses.is_empty() {
            report::losses(self.session, asked, &self.target.environment, losses);
        }
        losses.is_empty()
    }
}

/// Whether Compose takes a variable's value for true: in any case, and `yes` and `on` are not.
fn is_true(value: &str) -> bool {
    ["1", "t", "true", "y"].contains(&value.trim().to_ascii_lowercase().as_str())
}

/// The profiles that are active: those named before the verb, else those of `COMPOSE_PROFILES`.
pub(super) fn profiles(target: &ComposeEnvironment, asked: &Arguments) -> Vec<String> {
    let named: Vec<_> = asked.profiles().map(str::to_owned).collect();
    if !named.is_empty() {
        return named;
    }
    model::active_profiles(&target.checkout, &target.environment)
}

/// The services that may be started: those that no inactive profile holds back, and what a command
/// is about.
fn reached(model: &ResolvedModel, asked: &Arguments, profiles: &[String]) -> BTreeSet<String> {
    active(model, profiles)
        .chain(named(asked))
        .chain(meant(model, asked, profiles))
        .collect()
}

/// The services that a command names.
fn named(asked: &Arguments) -> impl Iterator<Item = String> {
    let words = match asked.verb.as_str() {
        // What follows is the command of its container.
        "run" => asked
            .words
            .first()
            .map(std::slice::from_ref)
            .unwrap_or_default(),
        _ => &asked.words[..],
    };
    // `scale web=3`.
    words
        .iter()
        .map(|word| word.split('=').next().unwrap_or_default().to_owned())
}

/// The services that no inactive profile holds back.
fn active(model: &ResolvedModel, profiles: &[String]) -> impl Iterator<Item = String> {
    let active = model
        .services
        .iter()
        .filter(move |(_, service)| service.is_active(profiles));
    active.map(|(name, _)| name.clone())
}

/// The services that a command is about: those that it names, else those that no inactive profile
/// holds back; and all that these wait for.
pub(super) fn meant(
    model: &ResolvedModel,
    asked: &Arguments,
    profiles: &[String],
) -> BTreeSet<String> {
    let mut open: Vec<_> = named(asked).collect();
    if open.is_empty() {
        open = active(model, profiles).collect();
    }
    let mut meant = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !asked.has("no-deps") {
            let awaited = model
                .service(&name)
                .into_iter()
                .flat_map(|service| service.depends_on.keys());
            open.extend(awaited.filter(|other| !meant.contains(*other)).cloned());
        }
        meant.insert(name);
    }
    if asked.verb == "run" {
        // The container of its own is another one; the service's own stay as they are.
        let own: BTreeSet<_> = named(asked).collect();
        meant.retain(|name| !own.contains(name));
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Arguments {
        Arguments::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn an_inactive_profile_is_not_meant() {
        let model = serde_json::json!({"services": {
            "web": {"depends_on": {"db": {}}}, "db": {}, "tool": {"profiles": ["tools"]}
        }});
        let model = ResolvedModel::from_compose_json(&model);
        let of = |text: &str, profiles: &[&str]| {
            let profiles: Vec<_> = profiles.iter().map(|name| (*name).to_owned()).collect();
            meant(&model, &asked(text), &profiles)
                .into_iter()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(of("up", &[]), "db web");
        assert_eq!(of("up", &["other"]), "db web");
        assert_eq!(of("up", &["tools"]), "db tool web");
        assert_eq!(of("up", &["*"]), "db tool web");
        assert_eq!(of("up tool", &[]), "tool");
        assert_eq!(of("up web", &[]), "db web");
    }

    #[test]
    fn a_variable_is_true_as_compose_spells_it() {
        assert!(
            ["1", "t", "T", "true", "TrUe", "y", "Y"]
                .into_iter()
                .all(is_true)
        );
        assert!(
            !["", "0", "false", "no", "yes", "on", "2"]
                .into_iter()
                .any(is_true)
        );
    }
}
