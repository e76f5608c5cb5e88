//! What a run could not apply, why, and the command that mends it.

use super::{failure, headline, listed};
use crate::commands::Session;
use crate::pipeline::{Failure, Progress, Waiting};
use crate::screen::Tone;

/// Tells what was not applied and where things stand, if something was not.
pub(super) fn tell(session: &Session, progress: &Progress, is_dry: bool) {
    if progress.is_complete() {
        return;
    }
    let screen = &session.screen;
    progress
        .failures()
        .for_each(|failed| failure::tell(session, failed));
    for waiting in &progress.waiting {
        let (id, title) = (&waiting.id, &waiting.title);
        let on = ids(waiting);
        screen.talk_behind_toned(
            "waiting:",
            Tone::Warn,
            &format!("{id} {title}: it needs {on} first"),
        );
    }
    let open = open(progress);
    if !open.is_empty() {
        screen.talk_behind("Not applied: ", &format!("{}.", listed(&open)));
    }
    let indent = if open.is_empty() { "  " } else { "" };
    let standing = failure::standing(&progress.reports, is_dry, progress.ended.as_ref());
    screen.talk(format_args!("{indent}{standing}"));
}

/// Why the run is not done, in one line for its log.
pub fn reason(progress: &Progress) -> Option<String> {
    let waiting = progress
        .waiting
        .iter()
        .map(|one| format!("{} {}: {}", one.id, one.title, words(one)));
    let all: Vec<_> = progress
        .stopped
        .iter()
        .map(headline)
        .chain(waiting)
        .chain(progress.ended.iter().map(headline))
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Every story that stays open while the others go on, with a few words why.
fn open(progress: &Progress) -> Vec<String> {
    let of_story = |failed: &Failure| {
        let (id, _) = failed.story.as_ref()?;
        Some(format!("{id} ({})", failure::brief(failed)))
    };
    let stopped = progress.stopped.iter().filter_map(of_story);
    stopped
        .chain(
            progress
                .waiting
                .iter()
                .map(|one| format!("{} ({})", one.id, words(one))),
        )
        .collect()
}

fn words(waiting: &Waiting) -> String {
    format!("waits for {}", ids(waiting))
}

fn ids(waiting: &Waiting) -> String {
    listed(
        &waiting
            .on
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    )
}
