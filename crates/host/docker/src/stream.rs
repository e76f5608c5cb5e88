//! Runs a program for a person who looks on: what it says is passed on line by line, its secrets taken out.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use diagnostics::printable::shown_with_colours;
use diagnostics::redact::Secrets;

/// Where a program's standard output goes; its standard error goes to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// To ours: it is the result.
    Result,
    /// To our standard error: it is talk.
    Talk,
    /// The same without Compose's own progress, where ours takes its place.
    Calm,
}

/// Runs it with nothing to read, so that no question of its can be answered by what is piped to us.
///
/// # Errors
/// When it cannot be started or waited for.
pub fn stream(mut command: Command, secrets: &Secrets, out: Out) -> io::Result<ExitStatus> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| match out {
            Out::Result => pass_on(stdout, (secrets, out), io::stdout()),
            Out::Talk | Out::Calm => pass_on(stdout, (secrets, out), io::stderr()),
        });
        pass_on(stderr, (secrets, out), io::stderr());
    });
    child.wait()
}

/// A reader of ours that went away (`| head`) ends the program too, by its own next write.
fn pass_on(from: Option<impl Read>, (secrets, out): (&Secrets, Out), mut to: impl Write + IsTerminal) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let mut text = secrets.redact(&String::from_utf8_lossy(&line));
        let is_left_out = out == Out::Calm && is_progress(&text);
        if to.is_terminal() {
            text = shown_with_colours(&text);
        }
        if !is_left_out && to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
            return;
        }
        line.clear();
    }
}

/// What Compose tells of containers, networks and volumes while all goes well, and of the layers of an image.
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

/// Whether a line is Compose's progress; one of another form is passed on, whatever a later version writes.
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
