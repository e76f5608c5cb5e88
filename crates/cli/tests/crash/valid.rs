//! The states that a checkout may be in: before the first story and after each one, to the byte.

use std::process::Output;

use crate::place::{Files, Place};
use crate::{MIGRATE, STATUS};

/// The states in order.
pub struct Valid {
    states: Vec<Files>,
}

impl Valid {
    /// As an undisturbed machine makes them.
    pub fn learnt() -> Self {
        Self::along(
            &Place::new(),
            ["5.1", "5.2", "5.3", "5.4"].map(|id| [MIGRATE, &["--to", id]].concat()),
        )
    }

    /// Before the first of some commands and after each one.
    pub fn along<'a>(place: &Place, commands: impl IntoIterator<Item = Vec<&'a str>>) -> Self {
        let mut states = vec![place.files()];
        for command in commands {
            let output = place.run(&command);
            assert!(output.status.success(), "{}", said(&output));
            states.push(place.files());
        }
        Self { states }
    }

    /// The files after the last one.
    pub fn last(&self) -> &Files {
        self.states.last().unwrap()
    }

    /// How many stories these files have; none for a state between two stories, or with something
    /// beside.
    pub fn position(&self, files: &Files) -> Option<usize> {
        self.states.iter().position(|state| state == files)
    }

    /// Whether these files have all stories, and nothing beside.
    pub fn is_complete(&self, files: &Files) -> bool {
        self.last() == files
    }

    /// Reads the checkout as the next command does; what is wrong with it then, if something is.
    pub fn judge(&self, place: &Place) -> Result<(), String> {
        let status = place.run(STATUS);
        if !matches!(status.status.code(), Some(0 | 1)) {
            return Err(format!("it cannot be read any more: {}", said(&status)));
        }
        if self.position(&place.files()).is_none() {
            return Err(format!(
                "between two stories, or something beside: {}",
                listed(&place.files())
            ));
        }
        Ok(())
    }

    /// The same, and brings it up to date.
    pub fn judge_whole(&self, place: &Place) -> Result<(), String> {
        self.judge(place)?;
        let migrate = place.run(MIGRATE);
        if !migrate.status.success() || !self.is_complete(&place.files()) {
            return Err(format!(
                "it cannot be brought up to date: {}{}",
                said(&migrate),
                listed(&place.files())
            ));
        }
        Ok(())
    }
}

/// What a program said and how it ended, for a failure.
pub fn said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{}\n{}{}", output.status, text[0], text[1])
}

fn listed(files: &Files) -> String {
    let lines = files
        .iter()
        .map(|(path, (mode, bytes))| format!("{mode:o} {path}: {} bytes", bytes.len()));
    lines.collect::<Vec<_>>().join("\n")
}
