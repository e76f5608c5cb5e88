//! The run log: what each run did, line by line as it went, so that it can be told after a crash.
//!
//! One file a run, one JSON document a line. It holds no secret and nothing of what an environment
//! resolves to.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use system::regular_file;
use transaction::Write;

use crate::screen::talk;

/// How many runs are kept; the oldest go.
const MOST: usize = 50;

/// The log of the run that goes on. Where the disk does not let it be written, the run goes on
/// without.
#[derive(Debug)]
pub struct RunLog {
    file: Option<File>,
    begun: Instant,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run began.
    Start(Start),
    /// A story's files are about to be written.
    Write {
        /// The story, or what else they are together.
        story: String,
        /// The files.
        files: Vec<FileHashes>,
    },
    /// They are written.
    Done {
        /// The story.
        story: String,
        /// The checks that its draft passed.
        checks: Vec<Check>,
    },
    /// The run ended by itself.
    End {
        /// `done` or `failed`.
        outcome: String,
        /// Why it failed, in one line.
        reason: Option<String>,
        /// What to type then, where that is not what any such run is followed by.
        #[serde(default)]
        next: Option<String>,
    },
}

/// What a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Start {
    /// The verb.
    pub command: String,
    /// When, in seconds since 1970.
    pub when: u64,
    /// The process.
    pub process: u32,
    /// This tool's version.
    pub tool: String,
    /// Who checks, with its version.
    pub checker: Option<String>,
    /// The environments.
    pub environments: Vec<String>,
}

/// A file that a story writes, by the sha256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHashes {
    /// The path of the file, from the root of the checkout.
    pub path: String,
    /// Before; none for a new file.
    pub before: Option<String>,
    /// After; none for a file that is removed.
    pub after: Option<String>,
}

/// A check that passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The environment.
    pub environment: String,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Whether only the shape was checked.
    pub shape_only: bool,
}

/// An event with its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    /// Milliseconds since the run began.
    ms: u64,
    #[serde(flatten)]
    event: Event,
}

impl FileHashes {
    /// What a write does.
    #[must_use]
    pub fn of(write: &Write) -> Self {
        let before = write.before.as_ref().map(ToString::to_string);
        Self {
            path: write.path.clone(),
            before,
            after: write.after().map(String::from),
        }
    }
}

impl Start {
    /// A run of a verb that begins now, in this process.
    #[must_use]
    pub fn now(command: &str, checker: Option<String>, environments: &[String]) -> Self {
        Self {
            command: command.to_owned(),
            when: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_secs()),
            process: std::process::id(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            checker,
            environments: environments.to_vec(),
        }
    }
}

impl RunLog {
    /// A log that keeps nothing.
    #[must_use]
    pub fn none() -> Self {
        Self {
            file: None,
            begun: Instant::now(),
        }
    }

    pub(super) fn begin(folder: Option<PathBuf>, start: Start) -> Self {
        let file = folder.and_then(|folder| {
            if let Err(error) = DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)
            {
                forgetful(&folder, &error);
                return None;
            }
            forget_oldest(&folder);
            // To the nanosecond: two runs of one second are told apart in time, whatever their
            // process ids are.
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            let name = format!("{:020}-{:07}.jsonl", since.as_nanos(), start.process);
            let opened = OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .open(folder.join(name));
            opened.inspect_err(|error| forgetful(&folder, error)).ok()
        });
        let mut log = Self {
            file,
            begun: Instant::now(),
        };
        log.note(Event::Start(start));
        log
    }

    /// Adds a line.
    pub fn note(&mut self, event: Event) {
        let ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let (Some(file), Ok(mut line)) =
            (&mut self.file, serde_json::to_vec(&Line { ms, event }))
        {
            line.push(b'\n');
            file.write_all(&line).ok();
        }
    }

    /// Adds the last line.
    pub fn end(&mut self, failure: Option<String>) {
        self.end_with(failure, None);
    }

    /// Adds the last line, with the command that comes next.
    pub fn end_with(&mut self, failure: Option<String>, next: Option<String>) {
        let outcome = if failure.is_some() { "failed" } else { "done" };
        self.note(Event::End {
            outcome: outcome.to_owned(),
            reason: failure,
            next,
        });
    }
}

/// Tells once that nothing of this run is remembered.
fn forgetful(folder: &Path, error: &io::Error) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        talk(format_args!(
            "warning: cannot write {} ({error}): this run will not be logged, and a revert goes by the records \
             alone",
            folder.display()
        ));
    });
}

/// The newest run that left a log.
pub(super) fn last(folder: &Path) -> Option<Vec<Event>> {
    names(folder)
        .iter()
        .rev()
        .map(|name| read(&folder.join(name)))
        .find(|events| !events.is_empty())
}

/// What this tool wrote last into each file, by its hash; none where it removed the file.
pub(super) fn written(folder: &Path) -> BTreeMap<String, Option<String>> {
    let events = names(folder)
        .into_iter()
        .flat_map(|name| read(&folder.join(name)));
    let files = events.filter_map(|event| {
        if let Event::Write { files, .. } = event {
            Some(files)
        } else {
            None
        }
    });
    files
        .flatten()
        .map(|file| (file.path, file.after))
        .collect()
}

/// A line that was cut off by a crash is none.
fn read(file: &Path) -> Vec<Event> {
    let text = regular_file::text_of_ours(file).unwrap_or_default();
    text.lines()
        .filter_map(|line| Some(serde_json::from_str::<Line>(line).ok()?.event))
        .collect()
}

/// The logs, oldest first.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.retain(|name| name.ends_with(".jsonl"));
    names.sort();
    names
}

fn forget_oldest(folder: &Path) {
    let names = names(folder);
    for name in names.iter().take((names.len() + 1).saturating_sub(MOST)) {
        // One that stays is forgotten next time.
        fs::remove_file(folder.join(name)).ok();
    }
}
