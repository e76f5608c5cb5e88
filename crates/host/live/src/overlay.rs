//! The file that lays itself over an environment's own: the same services with nothing in them that
//! reaches outside.
//!
//! It is text, made from the resolved model and from a look at what its binds lead to. `!override`
//! and `!reset` behave alike in Compose 2.26 and 2.40, also for `env_file`, which is then not
//! looked for. Values come from `config`, so their `$` are doubled already.

mod mounts;
mod service;
mod top;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::model::{HealthTimes, Model};

pub use mounts::Copy;

/// How fast health checks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As committed.
    Committed,
    /// Every interval is divided by this and is 1 s at least; timeouts, retries and start periods
    /// are as committed.
    Divided(u32),
}

/// Another image or another health check than the files name, for one proof.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Images by service.
    pub images: BTreeMap<String, String>,
    /// Health checks by service, as Compose writes them.
    pub health: BTreeMap<String, Value>,
    /// Services whose first process is to be their own and not an init.
    pub without_init: BTreeSet<String>,
}

/// What an overlay is made of.
pub struct OverlaySpec<'a> {
    /// What the files say.
    pub model: &'a Model,
    /// The project that it is for.
    pub project: &'a str,
    /// The checkout's root, inside which binds are copied.
    pub root: &'a Path,
    /// Where copies and stand-ins lie.
    pub folder: &'a Path,
    /// How fast health checks run.
    pub pace: Pace,
    /// What one proof wants otherwise.
    pub overrides: &'a Overrides,
    /// The image that each service runs, where it is not the one that it names.
    pub images: &'a BTreeMap<String, String>,
    /// A service's port that is to be reached from here.
    pub reach: Option<(&'a str, u32)>,
    /// The env files of services that name one that is not here, stand-ins in their places.
    pub env_files: &'a BTreeMap<String, Vec<PathBuf>>,
    /// The stand-ins of file secrets and configs that are not here, by section and key.
    pub files: &'a BTreeMap<(String, String), PathBuf>,
}

/// The overlay's text, what has to be copied for it, and what a person should know.
#[derive(Debug, Default)]
pub struct Overlay {
    /// The text, for Compose.
    pub text: String,
    /// Files and folders of the checkout that the sandbox gets a copy of.
    pub copies: Vec<Copy>,
    /// What is not as in the files, and why.
    pub notes: Vec<String>,
}

impl Pace {
    /// The pace at which the slowest interval is 2 s.
    #[must_use]
    pub fn quick(model: &Model) -> Self {
        let slowest = model
            .services()
            .filter_map(|service| service.health())
            .map(|times| times.interval)
            .max();
        match slowest.unwrap_or_default().as_secs() / 2 {
            0 | 1 => Self::Committed,
            factor => Self::Divided(u32::try_from(factor).unwrap_or(u32::MAX)),
        }
    }

    /// The pace as a report tells it.
    #[must_use]
    pub fn in_words(self) -> String {
        match self {
            Self::Committed => "as committed".to_owned(),
            Self::Divided(by) => format!("intervals divided by {by}"),
        }
    }

    /// The times at this pace.
    #[must_use]
    pub fn of(self, times: HealthTimes) -> HealthTimes {
        match self {
            Self::Committed => times,
            Self::Divided(by) => {
                let quick = (times.interval / by).max(Duration::from_secs(1));
                HealthTimes {
                    interval: quick.min(times.interval),
                    ..times
                }
            }
        }
    }
}

impl OverlaySpec<'_> {
    /// Makes the overlay.
    #[must_use]
    pub fn make(&self) -> Overlay {
        let mut overlay = Overlay::default();
        overlay.line("# Made by `cargo xtask verify --live`; it goes when the run ends.");
        overlay.line("services:");
        for service in self.model.services() {
            self.service(service, &mut overlay);
        }
        self.networks(&mut overlay);
        self.volumes(&mut overlay);
        self.replaced_files(&mut overlay);
        overlay.notes.sort();
        overlay.notes.dedup();
        overlay
    }
}

impl Overlay {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An entry: JSON is YAML, and a tag may stand before it.
    fn entry(&mut self, indent: usize, key: &str, tag: &str, value: &Value) {
        let space = if tag.is_empty() { "" } else { " " };
        // Writing to a String cannot fail.
        writeln!(
            self.text,
            "{:indent$}{}: {tag}{space}{value}",
            "",
            quoted(key)
        )
        .ok();
    }

    fn open(&mut self, indent: usize, key: &str) {
        writeln!(self.text, "{:indent$}{}:", "", quoted(key)).ok();
    }

    fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

/// A key in quotes: `on` and `1` are names of services too.
fn quoted(key: &str) -> String {
    Value::from(key).to_string()
}
