//! Why a run stopped, and every way on.

mod details;
mod document;

use diagnostics::render::text::{self, Line};
use diagnostics::{Diagnostic, Location, Remedy, Severity};
use stories::Refusal;
use transaction::TransactionError;

pub(super) use self::document::{FailureDocument, document};
use super::findings::skip_in;
use super::listed;
use crate::commands::Session;
use crate::pipeline::{Failure, FileChange, Report, Step};
use crate::screen::Tone;

/// Tells a person what failed, where, why, and what to type.
pub(super) fn tell(session: &Session, failure: &Failure) {
    let mut told = diagnostic(session, failure);
    told.remedies.extend(do_without(failure));
    show(session, failure, &told);
}

/// Tells of a failure, without how to do without the story.
pub(super) fn tell_what(session: &Session, failure: &Failure) {
    show(session, failure, &diagnostic(session, failure));
}

/// A failure as a diagnostic: what failed, what that is concluded from, and every way on.
pub(super) fn diagnostic(session: &Session, failure: &Failure) -> Diagnostic {
    let of = if failure.story.is_some() {
        "story"
    } else {
        "run"
    };
    let subject = failure
        .story
        .as_ref()
        .map(|(id, title)| format!("{id} {title}"))
        .unwrap_or_default();
    let location = match &*failure.step {
        Step::Conflict { conflict, .. } => Location::parse(&conflict.at),
        Step::Question { question, .. } => Location::parse(&question.at),
        Step::Drifted(drifts) => drifts.first().and_then(|drift| Location::parse(&drift.at)),
        _ => None,
    };
    let message = session.located(&headline(failure));
    Diagnostic {
        environment: failure.environment.clone(),
        ..Diagnostic::new(
            format!("{of}-{}", kind(&failure.step)),
            Severity::Error,
            subject,
            message,
        )
        .at(location)
        .with_evidence(details::evidence(&failure.step))
        .with_remedies(details::remedies(session, failure))
    }
}

fn do_without(failure: &Failure) -> Option<Remedy> {
    let (
        Step::Refused {
            refusal,
            environments,
        },
        Some((id, _)),
    ) = (&*failure.step, &failure.story)
    else {
        return None;
    };
    let id = id.to_string();
    let environments = environments.iter().map(String::as_str);
    let words = skip_in(&id, environments, failure.service());
    let skip = || Remedy::command("Do without it", &words);
    refusal.is_of_the_files().then(skip)
}

fn show(session: &Session, failure: &Failure, told: &Diagnostic) {
    let screen = &session.screen;
    let line = |line: &Line| match line.is_prose {
        true => screen.talk_behind(&line.head, &line.text),
        false => screen.talk(line),
    };
    let (head, tone) = match &*failure.step {
        Step::Question { .. } => ("waiting:", Tone::Warn),
        _ => ("error:", Tone::Bad),
    };
    screen.talk_behind_toned(head, tone, &told.message);
    text::evidence(&told.evidence, "  ").iter().for_each(line);
    if let Some(files) = draft(&failure.step) {
        screen.talk("  The draft, which was not written:");
        files
            .iter()
            .flat_map(|file| file.diff.split_terminator('\n'))
            .for_each(|line| screen.talk(format_args!("    {line}")));
    }
    text::remedies(&told.remedies, "  ", &session.invocation())
        .iter()
        .for_each(line);
}

/// The draft that was not written, where that is what failed.
fn draft(step: &Step) -> Option<&[FileChange]> {
    match step {
        Step::Rejected { diff, .. } | Step::Stray { diff, .. } => Some(diff),
        _ => None,
    }
}

/// `5.3 Backend health check: docker compose rejects the draft of prod`.
pub(crate) fn headline(failure: &Failure) -> String {
    let what = what(failure);
    match &failure.story {
        Some((id, title)) => format!("{id} {title}: {what}"),
        None => what,
    }
}

fn what(failure: &Failure) -> String {
    let environment = failure.environment.as_deref().unwrap_or("an environment");
    let whereabouts = whereabouts(failure);
    match &*failure.step {
        Step::Start {
            checker, judged, ..
        } => before_any_story(checker, *judged, environment),
        Step::Conflict { .. } => format!("conflict{whereabouts}"),
        Step::Question { question, .. } => format!("{environment}: {}", question.asks),
        Step::Drifted(_) => format!("drifted{whereabouts}: applied earlier, now missing"),
        Step::Edited { .. } => "edited: the story is not the one that was recorded".to_owned(),
        Step::Refused { refusal, .. } => refused(failure, refusal),
        Step::Rejected {
            checker, judged, ..
        } => of_draft(checker, *judged, environment),
        Step::Stray { .. } => {
            format!("the draft would change more in {environment} than the story declares")
        }
        Step::Data {
            service,
            target,
            held,
        } => {
            let holds = if held.is_ok() { "holds" } else { "may hold" };
            format!("data first: a container of {service} {holds} data at {target}")
        }
        Step::Write(error) => with_cause(error),
        Step::Record(reason) => format!("the record cannot be written: {reason}"),
        Step::PerhapsIgnored { file, .. } => {
            format!("git does not say whether it ignores {file}; what it ignores is never written")
        }
        Step::NoCommit(obstacle) => format!("git would not commit here: {}", obstacle.what),
        Step::Uncommitted {
            applied, reverted, ..
        } => uncommitted(applied, reverted),
        Step::Overtaken => OVERTAKEN.to_owned(),
        Step::Interrupted => "interrupted".to_owned(),
        Step::Dirty(_) => DIRTY.to_owned(),
        Step::Outdated(_) => "something has changed since the plan was made".to_owned(),
        Step::GitUnavailable(_) => NO_ANSWER.to_owned(),
        Step::Git { .. } => "written, but git does not commit it".to_owned(),
        Step::EditedSince(_) => EDITED_SINCE.to_owned(),
        Step::OneWay(_) => "a one-way step: the data does not go back with the files".to_owned(),
    }
}

const OVERTAKEN: &str = "the checkout was modified by another run; run the command again";
const DIRTY: &str = "files that would be written are modified and not committed";
const NO_ANSWER: &str =
    "git is there and does not say whether the files that would be written are modified";
const EDITED_SINCE: &str = "edited since it was applied; nothing is taken back unasked";

fn refused(failure: &Failure, refusal: &Refusal) -> String {
    match &failure.place {
        Some(place) => format!("{place}: {refusal}"),
        None => refusal.to_string(),
    }
}

fn of_draft(checker: &str, is_judged: bool, environment: &str) -> String {
    if is_judged {
        format!("{checker} rejects the draft of {environment}")
    } else {
        format!("{checker} gave no answer about the draft of {environment}")
    }
}

fn before_any_story(checker: &str, is_judged: bool, environment: &str) -> String {
    if is_judged {
        format!("{checker} rejects {environment} as it is, before any story; mend it first")
    } else {
        format!("{checker} gave no answer about {environment}")
    }
}

/// The stories whose files are not committed yet.
fn uncommitted(applied: &[String], reverted: &[String]) -> String {
    let all = [("applied", applied), ("taken back", reverted)];
    let left = all.into_iter().filter(|(_, some)| !some.is_empty());
    let left = left.map(|(how, stories)| format!("{how} and not committed: {}; ", listed(stories)));
    format!(
        "{}it would get into the commit of another story",
        left.collect::<String>()
    )
}

fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(
        || error.to_string(),
        |cause| format!("{error}: {}", with_cause(cause)),
    )
}

/// The command that comes before the next run, where a failure wants one.
pub(crate) fn way_on(failure: &Failure) -> Option<String> {
    match &*failure.step {
        Step::Git { command, .. } | Step::Uncommitted { command, .. } => Some(command.clone()),
        Step::NoCommit(obstacle) => Some(obstacle.mend.clone()),
        _ => None,
    }
}

/// Where files and ledger stand after a run that `failure` ended, if one did.
pub(super) fn standing(done: &[Report], is_dry: bool, failure: Option<&Failure>) -> String {
    let ids: Vec<_> = done.iter().map(|report| report.id.to_string()).collect();
    match (ids.as_slice(), failure.map(|failure| &*failure.step)) {
        (_, Some(Step::Write(TransactionError::Unfinished(_)))) => {
            "The journal in compose/ledger/ holds what is missing.".to_owned()
        }
        (_, Some(Step::Git { .. })) => "It is applied and recorded, and not committed.".to_owned(),
        ([], _) => "Nothing was written.".to_owned(),
        (ids, _) if is_dry => format!("Nothing was written; {} would be applied.", listed(ids)),
        (ids, _) => format!("Files and ledger are as after {}.", listed(ids)),
    }
}

/// Why a story is not applied, in a few words.
pub(super) fn brief(failure: &Failure) -> String {
    let what = match &*failure.step {
        Step::Conflict { .. } => "conflict",
        Step::Question { .. } => "waits for an answer",
        Step::Drifted(_) => "drifted",
        Step::Edited { .. } => "edited",
        Step::Refused { .. } => "refused",
        Step::Rejected { .. } => "its draft is rejected",
        Step::Data { .. } => "data first",
        _ => "failed",
    };
    format!("{what}{}", whereabouts(failure))
}

/// ` at db in local`, as far as the failure is of one place and of one environment.
fn whereabouts(failure: &Failure) -> String {
    let place = failure.place.as_ref().map(|place| format!(" at {place}"));
    let environment = failure
        .environment
        .as_ref()
        .map(|name| format!(" in {name}"));
    [place, environment].into_iter().flatten().collect()
}

/// The kind of a failure, for programs.
fn kind(step: &Step) -> &'static str {
    match step {
        Step::Start { .. } => "start",
        Step::Conflict { .. } => "conflict",
        Step::Question { .. } => "question",
        Step::Drifted(_) => "drifted",
        Step::Edited { .. } => "edited",
        Step::Refused { .. } => "refused",
        Step::Rejected { .. } => "rejected",
        Step::Stray { .. } => "undeclared-change",
        Step::Data { .. } => "data",
        Step::Write(_) | Step::Record(_) => "write",
        Step::Overtaken => "concurrent-write",
        Step::Interrupted => "interrupted",
        Step::Dirty(_) => "dirty",
        Step::Outdated(_) => "outdated",
        Step::GitUnavailable(_) | Step::PerhapsIgnored { .. } => "git-unavailable",
        Step::NoCommit(_) => "commit-blocked",
        Step::Uncommitted { .. } => "uncommitted",
        Step::Git { .. } => "git",
        Step::EditedSince(_) => "edited-since",
        Step::OneWay(_) => "irreversible",
    }
}
