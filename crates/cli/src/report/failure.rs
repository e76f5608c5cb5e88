//! Why a run stopped, and every way on.

mod git;

use docker::Endpoint;
use docker::engine;
use docker::engine::EngineError;
use serde_json::{Value, json};
use stories::Conflict;
use stories::{Drift, Edited, StoryId};
use transaction::TransactionError;

use super::{drifts_json, listed};
use crate::commands::Session;
use crate::pipeline::{Failure, FileChange, Report, Step};
use crate::screen::Tone;

pub(crate) use git::way_on;

/// Tells a person what failed, where, why, and what to type.
pub(super) fn tell(session: &Session, failure: &Failure) {
    tell_what(session, failure);
    if let (Step::Refused(refusal), Some((id, _))) = (&*failure.step, &failure.story)
        && refusal.is_of_the_files()
    {
        let root = session.root_flag();
        session.screen.talk(format_args!("  Do without it:  cargo xtask skip {id} --reason \"...\"{root}"));
    }
}

/// The same without how to do without the story.
pub(super) fn tell_what(session: &Session, failure: &Failure) {
    let screen = &session.screen;
    let root = session.root_flag();
    screen.talk_behind_toned("error:", Tone::Bad, &session.located(&headline(failure)));
    let environment = failure.environment.as_deref().unwrap_or_default();
    let id = failure.story.as_ref().map(|(id, _)| id);
    match &*failure.step {
        Step::Start { words, judged, .. } => {
            quote(session, words);
            tell_unanswered(session, *judged);
        }
        Step::Conflict(conflict) => tell_conflict(session, conflict, id, environment),
        Step::Drifted(drifts) => tell_drift(session, drifts, id, environment),
        Step::Edited { recorded, current } => {
            screen.talk(format_args!("  recorded  {recorded}\n  now       {current}"));
            screen.talk("  A released story is never changed: give the change an id of its own, or restore the story.");
        }
        Step::Rejected { words, judged, diff: files, .. } => {
            quote(session, words);
            tell_unanswered(session, *judged);
            tell_draft(session, files);
        }
        Step::Stray { paths, diff: files } => {
            screen.talk(format_args!("  {}", paths.join(", ")));
            tell_draft(session, files);
        }
        Step::Data { service, target, held } => {
            let held = match held {
                Ok(held) => held.to_string(),
                Err(error) => return tell_unseen(session, error),
            };
            screen.talk(format_args!("  {held}"));
            tell_carrying(session, environment, service, target);
        }
        Step::Outdated(what) => {
            what.iter().for_each(|what| screen.talk(format_args!("  {what}")));
            screen.talk(format_args!("  Plan anew:  cargo xtask migrate --plan FILE{root}"));
        }
        Step::EditedSince(edited) => tell_edited(session, edited),
        Step::OneWay(words) => {
            words.iter().for_each(|words| screen.talk(format_args!("  {words}")));
            screen.talk(format_args!("  Go back all the same:  {}", session.again("revert", "--accept-irreversible")));
        }
        step => git::tell(session, step),
    }
}

/// Data that may be there, behind an engine that does not tell.
fn tell_unseen(session: &Session, error: &EngineError) {
    let screen = &session.screen;
    screen.talk(format_args!("  It could not be looked into: {}", engine::first_line(error)));
    if !Endpoint::chosen().is_usual() {
        screen.talk(format_args!("  {} leads there.", Endpoint::chosen()));
    }
    screen.talk(format_args!("  To look:    {}", engine::mend(error)));
    screen.talk(format_args!("  Go on all the same:  {}", session.again("migrate", "--allow-data-loss")));
}

/// How a container's data gets into the volume that takes its place, or goes.
fn tell_carrying(session: &Session, environment: &str, service: &str, target: &str) {
    let (screen, root) = (&session.screen, session.root_flag());
    let compose = format!("cargo xtask compose {environment}{root} --");
    let again = session.again("migrate", "--allow-data-loss");
    let anyway = format!("cargo xtask compose {environment}{root} --allow-data-loss --");
    screen.talk(format_args!("  A new named volume at {target} would start empty and hide it."));
    screen.talk(format_args!(
        "  Carry it over:\n    {compose} stop {service}\n    {compose} cp {service}:{target} ./{service}-data\n    \
         {again}\n    {anyway} create {service}\n    \
         {compose} cp ./{service}-data/. {service}:{target}\n    {compose} start {service}"
    ));
    screen.talk(format_args!("  Let it go:  {again}"));
}

/// `5.3 Backend health check: docker compose rejects the draft of prod`.
pub(crate) fn headline(failure: &Failure) -> String {
    let environment = failure.environment.as_deref().unwrap_or("an environment");
    let what = match &*failure.step {
        Step::Start { checker, judged: true, .. } => {
            return format!("{checker} rejects {environment} as it is, before any story; mend it first");
        }
        Step::Start { checker, .. } => return format!("{checker} gave no answer about {environment}"),
        Step::Conflict(_) => format!("conflict in {environment}"),
        Step::Drifted(_) => format!("drifted in {environment}: applied earlier, now missing"),
        Step::Edited { .. } => "edited: the story is not the one that was recorded".to_owned(),
        Step::Refused(refusal) => refusal.to_string(),
        Step::Rejected { checker, judged: true, .. } => format!("{checker} rejects the draft of {environment}"),
        Step::Rejected { checker, .. } => format!("{checker} gave no answer about the draft of {environment}"),
        Step::Stray { .. } => format!("the draft would change more in {environment} than the story declares"),
        Step::Data { service, target, held: Ok(_) } => {
            format!("data first: a container of {service} holds data at {target}")
        }
        Step::Data { service, target, .. } => format!("data first: a container of {service} may hold data at {target}"),
        Step::Write(error) => with_cause(error),
        Step::Overtaken => "the checkout was modified by another run; run the command again".to_owned(),
        Step::Interrupted => "interrupted".to_owned(),
        Step::Record(reason) => format!("the record cannot be written: {reason}"),
        Step::Dirty(_) => "files that would be written are modified and not committed".to_owned(),
        Step::Outdated(_) => "something has changed since the plan was made".to_owned(),
        Step::NoAnswer(_) => {
            "git is there and does not say whether the files that would be written are modified".to_owned()
        }
        Step::PerhapsIgnored { file, .. } => {
            format!("git does not say whether it ignores {file}; what it ignores is never written")
        }
        Step::NoCommit(obstacle) => format!("git would not commit here: {}", obstacle.what),
        Step::Uncommitted { applied, reverted, .. } => {
            let left =
                [("applied", applied), ("taken back", reverted)].into_iter().filter(|(_, some)| !some.is_empty());
            let left = left.map(|(how, stories)| format!("{how} and not committed: {}; ", listed(stories)));
            format!("{}it would get into the commit of another story", left.collect::<String>())
        }
        Step::Git { .. } => "written, but git does not commit it".to_owned(),
        Step::EditedSince(_) => "edited since it was applied; nothing is taken back unasked".to_owned(),
        Step::OneWay(_) => "a one-way step: the data does not go back with the files".to_owned(),
    };
    match &failure.story {
        Some((id, title)) => format!("{id} {title}: {what}"),
        None => what,
    }
}

fn tell_conflict(session: &Session, conflict: &Conflict, id: Option<&StoryId>, environment: &str) {
    let screen = &session.screen;
    let width = conflict.at.chars().count().max("wanted".len());
    screen.talk(format_args!("  {:width$}   {}", conflict.at, conflict.stands));
    screen.talk(format_args!("  {:width$}   {}", "wanted", conflict.wanted));
    screen.talk_behind("  ", &conflict.why);
    if let Some(id) = id {
        screen.talk(format_args!("  Keep what stands:  {}", skip(session, id, environment)));
    }
    screen.talk_behind("  Take the story's:  ", &session.located(&conflict.settle));
}

fn tell_drift(session: &Session, drifts: &[Drift], id: Option<&StoryId>, environment: &str) {
    let screen = &session.screen;
    for drift in drifts {
        let at = if drift.at.is_empty() { String::new() } else { format!(" ({})", drift.at) };
        screen.talk_behind("  ", &format!("{}{at}", drift.what));
        if let Some(expected) = &drift.expected {
            screen.talk(format_args!("    expected  {expected}"));
        }
    }
    if let Some(id) = id {
        screen.talk(format_args!("  It is meant so:    {}", skip(session, id, environment)));
        if drifts.iter().all(|drift| drift.can_return) {
            screen.talk(format_args!("  It was a mistake:  {}", session.again("migrate", "--reapply")));
        } else {
            let log = session.root().ok().and_then(|root| crate::git::offered(&root, "log -p"));
            let log = log.map(|log| format!("{log}, and ")).unwrap_or_default();
            screen.talk(format_args!("  It was a mistake:  {log}put it back"));
        }
    }
}

fn tell_edited(session: &Session, edited: &[Edited]) {
    let screen = &session.screen;
    for Edited { what, at } in edited {
        screen.talk_behind("  ", &format!("{at}{}{what}", if at.is_empty() { "" } else { "   " }));
    }
    screen.talk(format_args!("  Take that back too:  {}", session.again("revert", "--discard-edits")));
    screen.talk("  Keep it:             undo the story by hand around it, then the same command");
}

fn skip(session: &Session, id: &StoryId, environment: &str) -> String {
    format!("cargo xtask skip {id} --environment {environment} --reason \"...\"{}", session.root_flag())
}

fn tell_draft(session: &Session, files: &[FileChange]) {
    session.screen.talk("  The draft, which was not written:");
    for line in files.iter().flat_map(|file| file.diff.lines()) {
        session.screen.talk(format_args!("    {line}"));
    }
    session.screen.talk(format_args!("  See it again:  {}", session.again("migrate", "--dry-run")));
}

/// The way on where Docker is what does not work.
fn tell_unanswered(session: &Session, judged: bool) {
    if !judged {
        session.screen.talk(format_args!("  Without Docker:  {}", session.again("migrate", "--checker embedded")));
    }
}

fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {}", with_cause(cause)))
}

fn quote(session: &Session, words: &str) {
    words.lines().for_each(|line| session.screen.talk_behind("  ", line));
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
    let place = failure.environment.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
    let what = match &*failure.step {
        Step::Conflict(_) => "conflict",
        Step::Drifted(_) => "drifted",
        Step::Edited { .. } => "edited",
        Step::Refused(_) => "refused",
        Step::Rejected { .. } => "its draft is rejected",
        Step::Data { .. } => "data first",
        _ => "failed",
    };
    format!("{what}{place}")
}

/// The failure for programs.
pub(super) fn json(failure: &Failure) -> Value {
    let mut body = json!({
        "story": failure.story.as_ref().map(|(id, _)| id.to_string()),
        "environment": failure.environment,
        "message": headline(failure),
    });
    let extra = match &*failure.step {
        Step::Start { words, .. } => json!({ "kind": "start", "said": words }),
        Step::Conflict(conflict) => json!({
            "kind": "conflict", "at": conflict.at, "found": conflict.stands, "wanted": conflict.wanted, "why": conflict.why,
        }),
        Step::Drifted(drifts) => {
            json!({ "kind": "drifted", "drifts": drifts_json(drifts) })
        }
        Step::Edited { recorded, current } => json!({ "kind": "edited", "recorded": recorded, "current": current }),
        Step::Refused(_) => json!({ "kind": "refused" }),
        Step::Rejected { words, diff, .. } => json!({ "kind": "rejected", "said": words, "files": diff }),
        Step::Stray { paths, diff } => json!({ "kind": "undeclared-change", "paths": paths, "files": diff }),
        Step::Data { service, target, held } => {
            let held = held.as_ref().map_or_else(ToString::to_string, ToString::to_string);
            json!({ "kind": "data", "service": service, "target": target, "held": held })
        }
        Step::Write(_) | Step::Record(_) => json!({ "kind": "write" }),
        Step::Overtaken => json!({ "kind": "concurrent-write" }),
        Step::Interrupted => json!({ "kind": "interrupted" }),
        Step::Dirty(files) => json!({ "kind": "dirty", "files": files }),
        Step::Outdated(what) => json!({ "kind": "outdated", "what": what }),
        Step::NoAnswer(words) | Step::PerhapsIgnored { words, .. } => {
            json!({ "kind": "git-unavailable", "said": words })
        }
        Step::NoCommit(obstacle) => json!({ "kind": "commit-blocked", "said": obstacle.words, "fix": obstacle.mend }),
        Step::Uncommitted { applied, reverted, command } => {
            json!({ "kind": "uncommitted", "stories": applied, "reverted": reverted, "fix": command })
        }
        Step::Git { words, command } => json!({ "kind": "git", "said": words, "fix": command }),
        Step::EditedSince(edited) => {
            let places = edited.iter().map(|edited| json!({ "at": edited.at, "what": edited.what }));
            json!({ "kind": "edited-since", "places": places.collect::<Vec<_>>() })
        }
        Step::OneWay(words) => json!({ "kind": "irreversible", "reason": words }),
    };
    if let (Value::Object(body), Value::Object(extra)) = (&mut body, extra) {
        body.extend(extra);
    }
    body
}
