//! The screen of `onboard`: a title a step, and what became of each env file.

use super::count;
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::git::{self, Tracked};
use crate::screen::{Screen, Tone};
use crate::settings::Outcome;

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
