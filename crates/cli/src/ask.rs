//! Questions to a person: only on a terminal, with a default that is named, and never the only way
//! to answer.

use std::fmt::Display;
use std::io::{IsTerminal, stderr, stdin};

use system::interrupt;

use crate::screen::Screen;

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, or no answer: the default.
    No,
    /// There is nobody to ask: a pipe, or output for programs.
    Nobody,
}

/// Whether there is somebody to ask: a terminal at both ends, and output for people.
#[must_use]
pub fn is_possible(screen: &Screen) -> bool {
    screen.is_human() && stdin().is_terminal() && stderr().is_terminal()
}

/// Asks for a text: the line that was typed, empty for Enter alone. None where there is nobody to
/// ask: the caller then says how else it is answered.
#[must_use]
pub fn text(screen: &Screen, question: impl Display) -> Option<String> {
    if !is_possible(screen) {
        return None;
    }
    screen.talk(question);
    let mut line = String::new();
    let read = interrupt::at_once(|| stdin().read_line(&mut line));
    // The end of the input is no answer.
    read.ok().filter(|read| *read > 0)?;
    Some(line.trim().to_owned())
}

/// Asks for a yes; anything else is a no. Asks nothing off a terminal: the caller then names the
/// flag that answers.
#[must_use]
pub fn confirm(screen: &Screen, question: impl Display) -> Answer {
    if !is_possible(screen) {
        return Answer::Nobody;
    }
    screen.talk(format_args!("{question} [y/N, default: no]"));
    let mut line = String::new();
    match interrupt::at_once(|| stdin().read_line(&mut line)) {
        Ok(_) if matches!(line.trim().to_lowercase().as_str(), "y" | "yes") => Answer::Yes,
        _ => Answer::No,
    }
}
