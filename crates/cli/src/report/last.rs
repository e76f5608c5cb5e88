//! The screen of `status --last`: what the last run did, where it stands, and what to type.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::{SCHEMA, listed, value};
use crate::commands::Session;
use crate::screen::Tone;
use crate::state::runs::{Event, FileHashes, Start};

/// The document of `status --last`.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "status-last"))]
pub(super) struct LastDocument<'l> {
    schema: u32,
    command: &'static str,
    /// The last run that wrote or was to write; null where none is remembered.
    last: Option<RunDocument<'l>>,
}

/// A run, as its log tells it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct RunDocument<'l> {
    /// How it began; null where its log does not say.
    start: Option<&'l Start>,
    /// The stories that were written, or what else was written as one.
    completed: &'l [String],
    /// What was being written when it ended; null where nothing was.
    unfinished: Option<UnfinishedDocument<'l>>,
    /// `done`, `failed`, `running` or `interrupted`.
    outcome: &'l str,
    /// Why it failed; null where it did not.
    why: Option<&'l str>,
}

/// A story that was being written.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct UnfinishedDocument<'l> {
    /// The story, or what else was to be written as one.
    story: &'l str,
    /// Its files.
    files: Vec<UnfinishedFileDocument<'l>>,
}

/// A file of it, by the sha256 of its bytes.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct UnfinishedFileDocument<'l> {
    /// Its path.
    path: &'l str,
    /// Its hash before; null for a new file.
    before: Option<&'l str>,
    /// Its hash after; null for one that is removed.
    after: Option<&'l str>,
    /// `as-before`, `as-after` or `edited-since`.
    state: &'static str,
}

/// A file of an unfinished story, compared with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// As before the story.
    Before,
    /// As after it.
    After,
    /// As neither: somebody has edited it since.
    Neither,
}

/// A run as its log tells it.
#[derive(Debug)]
pub struct LastRun {
    /// How it began.
    pub start: Option<Start>,
    /// The stories that were written.
    pub done: Vec<String>,
    /// The story that was being written when the run ended, with its files.
    pub open: Option<(String, Vec<(FileHashes, Stands)>)>,
    /// How it ended: `done` or `failed`, and why. None for a run that goes on or was killed.
    pub end: Option<(String, Option<String>)>,
    /// What to type, where it said so itself or left something half done.
    pub next: Option<String>,
    /// Whether its process is there.
    pub is_running: bool,
}

impl LastRun {
    /// Reads the log; `stands` looks at the disk.
    #[must_use]
    pub fn of(events: Vec<Event>, stands: impl Fn(&FileHashes) -> Stands) -> Self {
        let mut run = Self {
            start: None,
            done: Vec::new(),
            open: None,
            end: None,
            next: None,
            is_running: false,
        };
        for event in events {
            match event {
                Event::Start(start) => run.start = Some(start),
                Event::Write { story, files } => {
                    let files = files
                        .into_iter()
                        .map(|file| (file.clone(), stands(&file)))
                        .collect();
                    run.open = Some((story, files));
                }
                Event::Done { story, .. } => {
                    run.open = None;
                    run.done.push(story);
                }
                Event::End {
                    outcome,
                    reason,
                    next,
                } => (run.end, run.next) = (Some((outcome, reason)), next),
            }
        }
        run
    }

    /// What a journal that is there says: the last write is not done, and `command` comes next.
    /// Where there is none, a write of which nothing can be seen failed before its first byte.
    pub fn compare(&mut self, journal: Option<String>) {
        let is_seen = |(_, stands): &(FileHashes, Stands)| *stands == Stands::After;
        let came_to_nothing = |(_, files): &mut (String, Vec<_>)| !files.iter().any(is_seen);
        if journal.is_none() && self.end.is_some() {
            self.open.take_if(came_to_nothing);
        }
        self.next = journal.or(self.next.take());
    }

    /// What became of it, in a word.
    #[must_use]
    pub fn outcome(&self) -> &str {
        match (&self.end, self.is_running) {
            (Some((outcome, _)), _) => outcome,
            (None, true) => "running",
            (None, false) => "interrupted",
        }
    }

    fn document(&self) -> RunDocument<'_> {
        RunDocument {
            start: self.start.as_ref(),
            completed: &self.done,
            unfinished: self.open.as_ref().map(UnfinishedDocument::of),
            outcome: self.outcome(),
            why: self.end.as_ref().and_then(|(_, reason)| reason.as_deref()),
        }
    }

    fn next(&self, session: &Session) -> String {
        if let (Some(next), false) = (&self.next, self.is_running) {
            return next.clone();
        }
        let words: &[&str] = match (
            self.outcome(),
            self.start.as_ref().map(|start| start.command.as_str()),
        ) {
            ("running", _) => &["status", "--last"],
            ("done", _) => &["status"],
            (_, Some("migrate")) => &["migrate"],
            _ => &["status"],
        };
        session.command(words)
    }
}

/// Shows it.
pub fn last(session: &Session, run: Option<&LastRun>, journal: Option<String>) {
    let screen = &session.screen;
    let Some(run) = run else {
        for_programs(session, None);
        let next = journal.unwrap_or_else(|| session.command(&["status"]));
        screen.say(format_args!("No run is remembered here.\nNext: {next}"));
        return;
    };
    for_programs(session, Some(run.document()));
    if let Some(start) = &run.start {
        let with = start
            .checker
            .as_ref()
            .map_or_else(|| unchecked(start), |checker| format!(", {checker}"));
        screen.say(format_args!(
            "last run  {}, {} ago, version {}{with}",
            start.command,
            ago(start.when),
            start.tool
        ));
    }
    if !run.done.is_empty() {
        screen.say(format_args!("written   {}", listed(&run.done)));
    }
    if let Some((story, files)) = &run.open {
        screen.say(format_args!("open      {story} was being written"));
        for (file, stands) in files {
            screen.say(format_args!("          {}  {}", file.path, words(*stands)));
        }
    }
    let tone = if run.outcome() == "done" {
        Tone::Good
    } else {
        Tone::Bad
    };
    screen.say(format_args!(
        "outcome   {}",
        screen.tone(tone, run.outcome())
    ));
    if let Some((_, Some(reason))) = &run.end {
        screen.say_behind("          ", reason);
    }
    screen.say(format_args!("Next: {}", run.next(session)));
}

/// A `migrate` that nobody checks has nothing to check.
fn unchecked(start: &Start) -> String {
    match start.command.as_str() {
        "migrate" => ", nothing had to be checked".to_owned(),
        _ => String::new(),
    }
}

impl<'l> UnfinishedDocument<'l> {
    fn of(open: &'l (String, Vec<(FileHashes, Stands)>)) -> Self {
        let (story, files) = open;
        let file = |one: &'l (FileHashes, Stands)| UnfinishedFileDocument {
            path: &one.0.path,
            before: one.0.before.as_deref(),
            after: one.0.after.as_deref(),
            state: id(one.1),
        };
        Self {
            story,
            files: files.iter().map(file).collect(),
        }
    }
}

fn for_programs(session: &Session, last: Option<RunDocument<'_>>) {
    session.screen.json(&value(&LastDocument {
        schema: SCHEMA,
        command: "status",
        last,
    }));
}

/// How a file stands, for programs.
fn id(stands: Stands) -> &'static str {
    match stands {
        Stands::Before => "as-before",
        Stands::After => "as-after",
        Stands::Neither => "edited-since",
    }
}

fn words(stands: Stands) -> &'static str {
    match stands {
        Stands::Before => "as before",
        Stands::After => "as after",
        Stands::Neither => "as neither before nor after: edited since",
    }
}

/// How long ago a time in seconds since 1970 is, in whole units: `3 min`.
pub(super) fn ago(when: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    match now.saturating_sub(when) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
