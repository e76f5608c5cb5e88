//! The screen of `onboard`: a title a step, and what became of each env file.

use serde::Serialize;

use super::{SCHEMA, count, value};
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::git::{self, Tracked};
use crate::screen::{Screen, Tone};
use crate::settings::Outcome;

/// The document of `onboard`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "onboard"))]
pub(super) struct OnboardDocument {
    schema: u32,
    command: &'static str,
    /// Whether the checkout is ready.
    done: bool,
    /// Whether a file was changed.
    changed: bool,
    /// The steps that were taken, in this order.
    steps: Vec<StepDocument>,
    /// The ids of the stories that wait for a person.
    open: Vec<String>,
}

/// A step that was taken.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct StepDocument {
    /// Its name, in kebab-case.
    step: &'static str,
    /// Whether it went well.
    done: bool,
}

/// A step that was taken.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// Whether it went well.
    pub is_done: bool,
}

/// Tells programs what was done; `open` are the stories that wait for a person.
pub fn onboarded(screen: &Screen, steps: &[Step], changed: bool, open: Vec<String>) {
    let step = |step: &Step| StepDocument {
        step: step.name,
        done: step.is_done,
    };
    screen.json(&value(&OnboardDocument {
        schema: SCHEMA,
        command: "onboard",
        done: steps.iter().all(|step| step.is_done),
        changed,
        steps: steps.iter().map(step).collect(),
        open,
    }));
}

/// The title of a step.
pub fn step(screen: &Screen, number: usize, title: &str) {
    let apart = if number == 1 { "" } else { "\n" };
    screen.say(format_args!(
        "{apart}{}",
        screen.tone(Tone::Strong, &format!("{number}. {title}"))
    ));
}

/// What became of an env file; names, never values.
pub fn env_file(session: &Session, checkout: &Checkout, path: &str, outcome: &Outcome) {
    let git = match git::tracked(&checkout.root, path) {
        Tracked::Ignored => ", git ignores it",
        Tracked::No => ", and git does NOT ignore it",
        Tracked::Yes => ", and it is in git",
        Tracked::NoGit => "",
    };
    let (word, text) = match outcome {
        Outcome::Made { example, secrets } if secrets.is_empty() => {
            ("made", format!("{path} from {example}, mode 0600{git}"))
        }
        Outcome::Made { example, secrets } => {
            let number = count(secrets.len(), "secret", "secrets");
            (
                "made",
                format!(
                    "{path} from {example}, mode 0600{git}; {number} generated: {}",
                    secrets.join(", ")
                ),
            )
        }
        Outcome::Added(names) => (
            "added",
            format!("{} to {path}; the rest is as it was", names.join(", ")),
        ),
        Outcome::Kept => (
            "kept",
            format!("{path}: it lacks nothing of its example{git}"),
        ),
        Outcome::NoExample => ("no", format!("{path}, and no example to make it of")),
    };
    session.screen.say_behind(&format!("{word:5} "), &text);
}
