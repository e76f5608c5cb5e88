//! What a person can do about a finding, as a value: it becomes words where it is shown.

use crate::invocation::Invocation;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What it is for, as `Go on anyway`; empty where the only way needs no name.
    pub label: String,
    /// What to do, in this order.
    pub actions: Vec<Action>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A command of this tool: its arguments, without the program and without the checkout.
    Command(Vec<String>),
    /// A command of this tool that reads or writes a file by a shell: its arguments, and what
    /// stands behind them, as `> dump.sql`.
    Redirected {
        /// As of a command.
        arguments: Vec<String>,
        /// As a shell reads it.
        redirection: String,
    },
    /// A command of another program, as a shell reads it.
    Shell(String),
    /// What to write into a file of the checkout, one line or several.
    Lines(String),
    /// What to do by hand, in words.
    Advice(String),
}

impl Remedy {
    /// A command of this tool.
    #[must_use]
    pub fn command<T: AsRef<str>>(label: impl Into<String>, arguments: &[T]) -> Self {
        Self {
            label: label.into(),
            actions: vec![Action::command(arguments)],
        }
    }

    /// A command of another program, as a shell reads it.
    #[must_use]
    pub fn shell(label: impl Into<String>, line: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            actions: vec![Action::Shell(line.into())],
        }
    }

    /// What to do by hand, in words.
    #[must_use]
    pub fn advice(label: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            actions: vec![Action::Advice(words.into())],
        }
    }

    /// What to write into a file of the checkout, one line or several.
    #[must_use]
    pub fn lines_of_a_file(label: impl Into<String>, lines: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            actions: vec![Action::Lines(lines.into())],
        }
    }

    /// Several things to do, one after the other.
    #[must_use]
    pub fn steps(label: impl Into<String>, actions: Vec<Action>) -> Self {
        Self {
            label: label.into(),
            actions,
        }
    }

    /// What to do as it is typed, one text each.
    #[must_use]
    pub fn lines(&self, invocation: &Invocation) -> Vec<String> {
        self.actions
            .iter()
            .map(|action| action.line(invocation))
            .collect()
    }
}

/// A command as a shell reads it, where that is the only way.
impl From<String> for Remedy {
    fn from(line: String) -> Self {
        Self::shell("", line)
    }
}

/// As from a [`String`].
impl From<&str> for Remedy {
    fn from(line: &str) -> Self {
        Self::shell("", line)
    }
}

impl Action {
    /// A command of this tool by its arguments.
    #[must_use]
    pub fn command<T: AsRef<str>>(arguments: &[T]) -> Self {
        Self::Command(
            arguments
                .iter()
                .map(|argument| argument.as_ref().to_owned())
                .collect(),
        )
    }

    /// It as it is typed.
    #[must_use]
    pub fn line(&self, invocation: &Invocation) -> String {
        match self {
            Self::Command(arguments) => invocation.command(arguments),
            Self::Redirected {
                arguments,
                redirection,
            } => format!("{} {redirection}", invocation.command(arguments)),
            Self::Shell(line) | Self::Lines(line) => line.clone(),
            Self::Advice(words) => invocation.located(words),
        }
    }
}
