//! `onboard`: a fresh clone or an old checkout made ready, step by step. What is done already is
//! left alone, so it goes on where it was stopped.

use anyhow::Result;
use compose_model::Environment;
use docker::engine::Engine;
use stories::StoryId;
use system::interrupt;

use super::compose_environment::ComposeEnvironment;
use super::doctor::exit;
use super::{Session, migrate, up, verify};
use crate::checkout::{Checkout, names};
use crate::cli::{EnvironmentArg, EnvironmentArgs, Migrate, Onboard, Up, Verify};
use crate::doctor::{self, Machine};
use crate::exit::Exit;
use crate::report::{self, Step};
use crate::settings::{self, Outcome};

/// Runs the command.
///
/// # Errors
/// What kept a step from being done at all.
pub fn run(session: &Session, flags: &Onboard) -> Result<Exit> {
    let checkout = session.checkout()?;
    let scope = checkout.select_or_first(&flags.environments.named)?;
    let aside = session.muted_for_programs();
    let mut steps = Steps {
        session,
        done: Vec::new(),
        open: Vec::new(),
        changed: false,
    };

    steps.title("This machine");
    let machine = Machine::examine();
    report::findings_for_people(session, &machine.findings);
    steps.did("machine", exit(&machine.findings));

    steps.title("Settings");
    steps.changed = prepare(session, &checkout, &scope)?;
    steps.did("settings", Exit::Done);
    interrupt::check()?;

    // Read anew, with the env files that are there now.
    let checkout = aside.checkout()?;
    let scope = checkout.select_or_first(&flags.environments.named)?;
    steps.title("This checkout");
    let findings = doctor::checkout(&machine, &checkout, &scope);
    report::findings_for_people(session, &findings);
    report::looked_at(session, "onboard", &checkout, &scope);
    steps.did("checkout", exit(&findings));

    steps.title("Stories");
    let stories: Vec<_> = checkout.catalog.in_order().into_iter().cloned().collect();
    let rows = report::rows(&checkout, &stories, &names(&checkout.environments()));
    steps.changed |= !rows.iter().all(report::Row::is_up_to_date);
    let ended = migrate::as_a_step(&aside, &Migrate::default())?;
    // What waits for a person's answer keeps nothing else from being ready.
    steps.open = ended.open;
    let is_open = !steps.open.is_empty();
    if !steps.did("migrate", if is_open { Exit::Done } else { ended.exit }) {
        return Ok(steps.stopped());
    }
    steps.title("Proof");
    let environments = EnvironmentArgs {
        named: names(&scope),
    };
    let proof = Verify {
        environments,
        ..Verify::default()
    };
    let proved = verify::run(&aside, &proof)?;
    if !steps.did("verify", proved) {
        return Ok(steps.stopped());
    }
    finish(&aside, steps, flags, &scope)
}

fn finish(
    aside: &Session,
    mut steps: Steps<'_>,
    flags: &Onboard,
    scope: &[Environment],
) -> Result<Exit> {
    if steps.worst() != Exit::Done {
        return Ok(steps.stopped());
    }
    if flags.up {
        for Environment { name, .. } in scope {
            steps.title(&format!("Up: {name}"));
            let environment = EnvironmentArg {
                positional: Some(name.clone()),
                ..EnvironmentArg::default()
            };
            if !steps.did(
                "up",
                up::start(
                    aside,
                    ComposeEnvironment::open(aside, &environment)?,
                    &Up::default(),
                )?,
            ) {
                return Ok(steps.stopped());
            }
        }
    }
    Ok(steps.ready(scope))
}

/// Makes and completes the env files; whether any was written.
fn prepare(session: &Session, checkout: &Checkout, scope: &[Environment]) -> Result<bool> {
    let mut written = false;
    for environment in scope {
        for path in checkout.env_files(environment) {
            let outcome = settings::prepare(&checkout.root, &path)?;
            written |= outcome.is_written();
            report::env_file(session, checkout, &path, &outcome);
            if matches!(&outcome, Outcome::Made { secrets, .. } if !secrets.is_empty()) {
                warn_of_volumes(session, &environment.project.name);
            }
        }
    }
    Ok(written)
}

/// A database keeps the password that it was made with, whatever a new env file says.
fn warn_of_volumes(session: &Session, project: &str) {
    let volumes = Engine::find()
        .and_then(|engine| engine.volumes_of(project).ok())
        .unwrap_or_default();
    if let [first, ..] = &volumes[..] {
        session.screen.warn(format_args!(
            "volumes of the project {project} are here already, such as {};\n  their databases keep the passwords that \
             they were made with: put those into the file",
            first.name
        ));
    }
}

/// What was done so far.
struct Steps<'s> {
    session: &'s Session,
    done: Vec<(&'static str, Exit)>,
    /// The stories that wait for a person.
    open: Vec<StoryId>,
    changed: bool,
}

impl Steps<'_> {
    fn title(&self, title: &str) {
        let number = self.done.len() + 1;
        report::step(&self.session.screen, number, title);
    }

    /// Whether it went well.
    fn did(&mut self, step: &'static str, exit: Exit) -> bool {
        self.done.push((step, exit));
        exit == Exit::Done
    }

    /// The first exit that is not well.
    fn worst(&self) -> Exit {
        self.done
            .iter()
            .map(|(_, exit)| *exit)
            .find(|exit| *exit != Exit::Done)
            .unwrap_or(Exit::Done)
    }

    fn stopped(self) -> Exit {
        let screen = &self.session.screen;
        let failed: Vec<_> = self
            .done
            .iter()
            .filter(|(_, exit)| *exit != Exit::Done)
            .map(|(step, _)| *step)
            .collect();
        self.tell_programs();
        screen.say(format_args!(
            "\nNot ready yet: {}. Mend what is told above, then go on: {}",
            report::listed(&failed),
            self.session.command(&["onboard"])
        ));
        match self.done.last() {
            Some((_, exit)) if *exit != Exit::Done => *exit,
            _ => self.worst(),
        }
    }

    fn ready(self, scope: &[Environment]) -> Exit {
        let (screen, session) = (&self.session.screen, self.session);
        self.tell_programs();
        let is_up = self.done.iter().any(|(step, _)| *step == "up");
        let done = if self.changed {
            "Ready."
        } else {
            "Ready, as it was: no file was changed."
        };
        let open: Vec<_> = self.open.iter().map(ToString::to_string).collect();
        let done = match open.as_slice() {
            [] => done.to_owned(),
            open => format!(
                "{done}\nOpen, told above: {}. See: {}",
                report::listed(open),
                session.command(&["status"])
            ),
        };
        let environment = scope.first().map_or("local", |first| first.name.as_str());
        let up = session.command(&["up", environment]);
        screen.say(match is_up {
            true => format!("\n{done}"),
            false if open.is_empty() => format!("\n{done} Next: {up}"),
            false => format!("\n{done}\nNext: {up}"),
        });
        Exit::Done
    }

    fn tell_programs(&self) {
        let step = |(name, exit): &(&'static str, Exit)| Step {
            name,
            is_done: *exit == Exit::Done,
        };
        let steps: Vec<_> = self.done.iter().map(step).collect();
        let open = self.open.iter().map(ToString::to_string).collect();
        report::onboarded(&self.session.screen, &steps, self.changed, open);
    }
}
