//! `verify --live`: the engine, the sandboxes, and a line of what goes on.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ::live::{Clients, Live, NoEngine, Options};
use anyhow::Result;
use compose_model::Environment;
use diagnostics::printable::printable;
use docker::Compose;
use docker::engine::Engine;

use crate::checkout::Checkout;
use crate::cli::LiveFlags;

/// Proves environments live.
///
/// # Errors
/// Where there is no Compose or no engine, and where an ended run's leftovers do not go.
pub fn run(checkout: &Checkout, environments: &[Environment], flags: &LiveFlags) -> Result<Live> {
    let clients = Clients {
        compose: Compose::find()?,
        engine: Engine::find().ok_or(NoEngine)?,
    };
    let options = Options {
        keep: flags.keep,
        wait: Duration::from_secs(flags.wait_timeout),
        build: flags.build,
    };
    let line = Line::new();
    let runs = checkout.memory.shared().map_or_else(
        || std::env::temp_dir().join("compose-stories"),
        PathBuf::from,
    );
    let files = ::live::Checkout {
        root: &checkout.root,
        stack: &checkout.stack,
        runs: &runs,
    };
    let found = ::live::run(
        &files,
        environments,
        clients,
        options,
        &|environment, what| {
            line.show(environment, what);
        },
    );
    line.clear();
    Ok(found?)
}

/// One line on a terminal that changes; nothing anywhere else.
struct Line {
    begun: Instant,
    is_terminal: bool,
    now: Mutex<Vec<(String, String)>>,
}

impl Line {
    fn new() -> Self {
        Self {
            begun: Instant::now(),
            is_terminal: std::io::stderr().is_terminal(),
            now: Mutex::default(),
        }
    }

    fn show(&self, environment: &str, what: &str) {
        let Ok(mut now) = self.now.lock() else { return };
        match now.iter_mut().find(|(name, _)| name == environment) {
            Some((_, known)) => what.clone_into(known),
            None => now.push((environment.to_owned(), what.to_owned())),
        }
        let all: Vec<_> = now
            .iter()
            .map(|(name, what)| printable(&format!("{name}: {what}")))
            .collect();
        let line: String = format!("{:3} s  {}", self.begun.elapsed().as_secs(), all.join("; "))
            .chars()
            .take(79)
            .collect();
        self.write(&format!("\r\u{1b}[K{line}"));
    }

    fn clear(&self) {
        self.write("\r\u{1b}[K");
    }

    /// A terminal that went away ends the talk, not the work.
    fn write(&self, text: &str) {
        if self.is_terminal {
            let mut stderr = std::io::stderr().lock();
            write!(stderr, "{text}").and_then(|()| stderr.flush()).ok();
        }
    }
}
