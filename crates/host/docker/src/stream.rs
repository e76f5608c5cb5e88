//! Runs a program for a person who looks on: what it says is passed on line by line, its secrets
//! taken out.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use diagnostics::printable::shown_with_colours;
use diagnostics::redact::Secrets;

/// Something that a program's words are passed on to.
pub trait Sink: Write + IsTerminal + Send {}

impl<T: Write + IsTerminal + Send> Sink for T {}

/// Where a program's two outputs go.
pub struct Streams<'a> {
    /// Its standard output.
    pub stdout: &'a mut dyn Sink,
    /// Its standard error.
    pub stderr: &'a mut dyn Sink,
}

/// Whether Compose's own progress is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// With all else that it says.
    Shown,
    /// Another one takes its place.
    LeftOut,
}

/// Runs it with nothing to read, so that no question of its can be answered by what is piped to us.
///
/// # Errors
/// When it cannot be started or waited for.
pub fn stream(
    mut command: Command,
    secrets: &Secrets,
    progress: Progress,
    to: Streams<'_>,
) -> io::Result<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (said, complained) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| pass_on(said, secrets, progress, to.stdout));
        pass_on(complained, secrets, progress, to.stderr);
    });
    child.wait()
}

/// A reader of ours that went away (`| head`) ends the program too, by its own next write.
fn pass_on(from: Option<impl Read>, secrets: &Secrets, progress: Progress, to: &mut dyn Sink) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let mut text = secrets.redact(&String::from_utf8_lossy(&line));
        let is_left_out = progress == Progress::LeftOut && is_progress(&text);
        if to.is_terminal() {
            text = shown_with_colours(&text);
        }
        if !is_left_out
            && to
                .write_all(text.as_bytes())
                .and_then(|()| to.flush())
                .is_err()
        {
            return;
        }
        line.clear();
    }
}

/// What Compose tells of containers, networks and volumes while all goes well, and of the layers of
/// an image.
const STATES: [&str; 22] = [
    "Creating",
    "Created",
    "Recreate",
    "Recreated",
    "Starting",
    "Started",
    "Running",
    "Waiting",
    "Healthy",
    "Exited",
    "Stopping",
    "Stopped",
    "Removing",
    "Removed",
    "Restarting",
    "Pulling",
    "Waiting",
    "Downloading",
    "Verifying",
    "Download",
    "Extracting",
    "Already",
];

/// Whether a line is Compose's progress; one of another form is passed on, whatever a later version
/// writes.
fn is_progress(line: &str) -> bool {
    let words: Vec<_> = line.split_whitespace().collect();
    match words[..] {
        ["Container" | "Network" | "Volume", _, state] => STATES.contains(&state),
        [layer, "Pull", "complete", ..] => is_layer(layer),
        [layer, state, ..] => is_layer(layer) && STATES.contains(&state),
        _ => false,
    }
}

/// The beginning of a digest, as `3153aa388d02`.
fn is_layer(word: &str) -> bool {
    word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::is_progress;

    #[test]
    fn what_goes_well_is_left_out_and_the_rest_is_not() {
        for line in [
            " Container shop-redis-1  Waiting",
            " Network shop_default  Created",
            " Volume \"shop_redis_data\"  Creating",
            " 3153aa388d02 Downloading [====>     ]  1.2MB/30MB",
            " 3153aa388d02 Pull complete",
            " 3153aa388d02 Already exists",
        ] {
            assert!(is_progress(line), "{line}");
        }
        for line in [
            " Container shop-redis-1  Error",
            "container shop-redis-1 exited (1)",
            "dependency failed to start: container shop-redis-1 is unhealthy",
            " redis Pulling",
            " redis Warning pull access denied",
            "#5 [own] exporting to image",
            "",
        ] {
            assert!(!is_progress(line), "{line}");
        }
    }
}
