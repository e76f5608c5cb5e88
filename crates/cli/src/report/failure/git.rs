//! What stands between a run and git, and the command that settles it.

use diagnostics::shell_quote::all_quoted;

use super::quote;
use crate::commands::Session;
use crate::git::{self, Obstacle};
use crate::pipeline::{Failure, Step};

/// Tells a step that is about git; others say all in their headline.
pub(super) fn tell(session: &Session, step: &Step) {
    let screen = &session.screen;
    match step {
        Step::Dirty(files) => {
            files.iter().for_each(|file| screen.talk(format_args!("  {file}")));
            screen.talk(format_args!("  See them:      {} diff -- {}", session.git(), all_quoted(files)));
            tell_hidden(session, files);
            screen.talk(format_args!("  Go on anyway:  {}", session.again("migrate", "--allow-dirty")));
        }
        Step::NoAnswer(words) => tell_no_answer(session, words),
        Step::PerhapsIgnored { words, .. } => {
            quote(session, words);
            screen.talk("  Settle what git says there, then run the command again.");
        }
        Step::NoCommit(Obstacle { words, mend, .. }) => {
            quote(session, words);
            screen.talk(format_args!("  Mend it:  {mend}"));
        }
        Step::Uncommitted { command, .. } => tell_by_hand(session, command),
        Step::Git { words, command } => {
            quote(session, words);
            tell_by_hand(session, command);
        }
        _ => {}
    }
}

/// The command that comes before the next run, where a failure wants one.
pub(crate) fn way_on(failure: &Failure) -> Option<String> {
    match &*failure.step {
        Step::Git { command, .. } | Step::Uncommitted { command, .. } => Some(command.clone()),
        Step::NoCommit(obstacle) => Some(obstacle.mend.clone()),
        _ => None,
    }
}

/// What git was told not to look at, it shows in no diff either.
fn tell_hidden(session: &Session, files: &[String]) {
    let hidden = session.root().map(|root| git::hidden(&root, files)).unwrap_or_default();
    if !hidden.is_empty() {
        let (git, files) = (session.git(), all_quoted(&hidden));
        session.screen.talk(format_args!(
            "  Git was told not to look at them; undo that first:\n    {git} update-index --no-skip-worktree -- {files}\n    \
             {git} update-index --no-assume-unchanged -- {files}"
        ));
    }
}

fn tell_no_answer(session: &Session, words: &str) {
    quote(session, words);
    if words.contains("index file") || words.contains("bad signature") {
        session.screen.talk("  A broken index is made anew by:  rm \"$(git rev-parse --git-path index)\" && git reset");
    }
    session.screen.talk(format_args!("  Go on without git:  {}", session.again("migrate", "--allow-dirty")));
}

fn tell_by_hand(session: &Session, command: &str) {
    let screen = &session.screen;
    screen.talk(format_args!("  Commit it:   {command}"));
    screen.talk(format_args!("  Then go on:  cargo xtask migrate --commit{}", session.root_flag()));
}
