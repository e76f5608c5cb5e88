//! What a person sees: stdout for the result, stderr for talk, colour where it is wanted.
//!
//! Everything that is written goes through here, and nothing that a file or a program says can
//! steer a terminal.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use diagnostics::printable::{shown, shown_json, toned};

use crate::cli::{Colour, Format, Global};
use crate::command_line;

pub use diagnostics::printable::Tone;

/// The two streams and how to write to them.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// The form of the result.
    pub format: Format,
    colour: bool,
    muted: bool,
}

impl Screen {
    /// Looks at the flags, NO_COLOR and whether stdout is a terminal.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = match global.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => !no_color && std::io::stdout().is_terminal(),
        };
        Self {
            format: global.format,
            colour,
            muted: false,
        }
    }

    /// Whether the result is for people.
    #[must_use]
    pub fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    /// The screen without results for programs: those of a step are no document of their own.
    #[must_use]
    pub fn muted_for_programs(self) -> Self {
        Self {
            muted: true,
            ..self
        }
    }

    /// Whether there is colour.
    #[must_use]
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    /// A text in a tone.
    #[must_use]
    pub fn tone(&self, tone: Tone, text: &str) -> String {
        if self.colour {
            toned(tone, text)
        } else {
            text.to_owned()
        }
    }

    /// A line of the result; only for people.
    pub fn say(&self, line: impl Display) {
        if self.is_human() {
            result(&shown(&line.to_string(), self.colour));
        }
    }

    /// A line of the result below a title: a word, then what it says, wrapped to the width of a
    /// plain terminal.
    pub fn say_labelled(&self, label: &str, text: &str) {
        self.say_behind(&format!("     {label:8} "), text);
    }

    /// A text of the result behind a head, wrapped to the width of a plain terminal; later lines
    /// start below the text.
    pub fn say_behind(&self, head: &str, text: &str) {
        Self::wrap_behind(head, text)
            .into_iter()
            .for_each(|line| self.say(line));
    }

    /// The lines of that.
    #[must_use]
    pub fn wrap_behind(head: &str, text: &str) -> Vec<String> {
        let indent = head.chars().count();
        let lines = wrapped(text, WIDTH.saturating_sub(indent))
            .into_iter()
            .enumerate();
        lines
            .map(|(at, line)| {
                if at == 0 {
                    format!("{head}{line}")
                } else {
                    format!("{:indent$}{line}", "")
                }
            })
            .collect()
    }

    /// A text of the result, wrapped behind a word in a tone and what separates the two.
    pub fn say_behind_toned(&self, word: &str, tone: Tone, apart: &str, text: &str) {
        let indent = word.chars().count() + apart.chars().count();
        let mut head = format!("{}{apart}", self.tone(tone, word));
        for line in wrapped(text, WIDTH.saturating_sub(indent)) {
            self.say(format_args!("{head}{line}"));
            head = " ".repeat(indent);
        }
    }

    /// The result for programs.
    pub fn json(&self, value: &serde_json::Value) {
        if self.format == Format::Json && !self.muted {
            json(value);
        }
    }

    /// A line of talk.
    pub fn talk(&self, line: impl Display) {
        write_line(
            &mut std::io::stderr().lock(),
            &shown(&line.to_string(), self.colour),
        );
    }

    /// A text of talk behind a head: wrapped as a result is where somebody watches, in one line for
    /// a log.
    pub fn talk_behind(&self, head: &str, text: &str) {
        talked_behind(head, text)
            .into_iter()
            .for_each(|line| self.talk(line));
    }

    /// A text of talk behind a word in a tone.
    pub fn talk_behind_toned(&self, word: &str, tone: Tone, text: &str) {
        let mut lines = talked_behind(&format!("{word} "), text).into_iter();
        let first = lines.next().unwrap_or_default();
        self.talk(first.replacen(word, &self.tone(tone, word), 1));
        lines.for_each(|line| self.talk(line));
    }

    /// Something to look at, as talk.
    pub fn warn(&self, text: impl Display) {
        self.talk_behind("warning: ", &text.to_string());
    }
}

fn talked_behind(head: &str, text: &str) -> Vec<String> {
    // What has lines of its own was laid out by whoever wrote it.
    let wraps = std::io::stderr().is_terminal() && !text.contains('\n');
    if wraps {
        Screen::wrap_behind(head, text)
    } else {
        vec![format!("{head}{text}")]
    }
}

/// The width of a plain terminal, in columns.
pub(crate) const WIDTH: usize = 80;

/// The words of a text in lines of at most `width` columns; a longer word has a line of its own,
/// and so has a command of this tool, which can be copied then.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrapped_around(command_line::invocation(None).program(), text, width)
}

fn wrapped_around(program: &str, text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        // What is indented is to be copied.
        if line.starts_with(' ') {
            lines.push(line.to_owned())
        } else {
            wrap_line(&unbroken(program, line), width, &mut lines)
        }
    }
    lines
}

/// The words of a line, those of a command of this tool as one: it ends with the line or at the
/// word that a sign ends.
fn unbroken<'t>(program: &str, line: &'t str) -> Vec<&'t str> {
    let (mut words, mut rest) = (Vec::new(), line);
    while !rest.is_empty() {
        let is_command = rest
            .strip_prefix(program)
            .is_some_and(|behind| behind.starts_with(' '));
        let end = if is_command {
            let ends = rest
                .match_indices([';', ',', ')', '.'])
                .map(|(at, sign)| at + sign.len());
            ends.into_iter()
                .find(|end| rest[*end..].starts_with(' '))
                .unwrap_or(rest.len())
        } else {
            rest.find(' ').unwrap_or(rest.len())
        };
        words.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    words
}

fn wrap_line(words: &[&str], width: usize, lines: &mut Vec<String>) {
    lines.push(String::new());
    for word in words {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
}

/// Whether a line of the result is lost: a full disk, a closed stream. A reader that went away
/// wants no more.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether all of the result was written to stdout, as far as somebody wanted to read it.
#[must_use]
pub fn is_whole() -> bool {
    !LOST.load(Ordering::Relaxed)
}

/// Whether something of a result was written; a document for programs is written whole.
static BEGUN: AtomicBool = AtomicBool::new(false);

/// Whether something of a result was written.
#[must_use]
pub fn has_begun() -> bool {
    BEGUN.load(Ordering::Relaxed)
}

/// The result for programs, where there is no [`Screen`].
pub fn json(document: &serde_json::Value) {
    result(&shown_json(&format!("{document:#}")));
}

/// The whole result in a form of its own; nothing where it says nothing.
pub fn document(text: &str) {
    let text = text.trim_end();
    if !text.is_empty() {
        result(&shown(text, false));
    }
}

/// A line of talk, where there is no [`Screen`].
pub fn talk(line: impl Display) {
    write_line(
        &mut std::io::stderr().lock(),
        &shown(&line.to_string(), false),
    );
}

/// The result, which must arrive: without it an exit code says little.
fn result(line: &str) {
    BEGUN.store(true, Ordering::Relaxed);
    let mut stream = std::io::stdout().lock();
    match writeln!(stream, "{line}").and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => LOST.store(true, Ordering::Relaxed),
        _ => {}
    }
}

/// Talk: whoever does not listen misses nothing but that.
fn write_line(stream: &mut impl Write, line: &str) {
    writeln!(stream, "{line}").ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_never_broken_over_lines() {
        let text =
            "5.3: the image does not say. See: cargo xtask status --environment prod; or: ask.";
        for width in 10..90 {
            let lines = wrapped_around("cargo xtask", text, width);
            assert_eq!(lines.join(" "), text, "{width}");
            let command = "cargo xtask status --environment prod;";
            assert!(
                lines.iter().any(|line| line.contains(command)),
                "{lines:#?}"
            );
            let fits = |line: &String| line.len() <= width || line == command;
            assert!(lines.iter().all(fits), "{width}: {lines:#?}");
        }
        let lines = wrapped_around("xt", "not recorded: next. See: xt status", 30);
        assert_eq!(lines, ["not recorded: next. See:", "xt status"]);
    }
}
