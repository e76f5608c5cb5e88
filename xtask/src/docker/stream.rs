//! Runs a program for a person who looks on: what it says is passed on line by line, its secrets taken out.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use crate::check::Secrets;
use crate::screen::shown_with_colours;

/// Where a program's standard output goes; its standard error goes to ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// To ours: it is the result.
    Result,
    /// To our standard error: it is talk.
    Talk,
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
            Out::Result => pass_on(stdout, secrets, io::stdout()),
            Out::Talk => pass_on(stdout, secrets, io::stderr()),
        });
        pass_on(stderr, secrets, io::stderr());
    });
    child.wait()
}

/// A reader of ours that went away (`| head`) ends the program too, by its own next write.
fn pass_on(from: Option<impl Read>, secrets: &Secrets, mut to: impl Write + IsTerminal) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let mut text = secrets.redact(&String::from_utf8_lossy(&line));
        if to.is_terminal() {
            text = shown_with_colours(&text);
        }
        if to.write_all(text.as_bytes()).and_then(|()| to.flush()).is_err() {
            return;
        }
        line.clear();
    }
}
