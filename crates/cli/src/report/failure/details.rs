//! What each failure is concluded from, and what can be done about it.

use diagnostics::shell_quote::all_quoted;
use diagnostics::{Action, Evidence, Remedy};
use docker::Endpoint;
use docker::engine;
use docker::engine::EngineError;
use stories::{Drift, Edited};

use crate::commands::Session;
use crate::git;
use crate::pipeline::{Failure, Step};
use crate::report::findings::{RELEASED, StoryAt, apply_apart, conflict_remedies, drift_remedies};
use crate::report::question::{self, TAKE_THE_GUESS, remedies as question_remedies};

/// What that is concluded from, line by line.
pub(super) fn evidence(step: &Step) -> Vec<Evidence> {
    match step {
        Step::Start { words, .. } | Step::Rejected { words, .. } | Step::GitUnavailable(words) => {
            vec![Evidence::seen(words)]
        }
        Step::PerhapsIgnored { words, .. } | Step::Git { words, .. } => vec![Evidence::seen(words)],
        Step::NoCommit(obstacle) => vec![Evidence::seen(&obstacle.words)],
        Step::Conflict { conflict, .. } => {
            vec![
                seen(&conflict.at, &conflict.stands),
                seen("wanted", &conflict.wanted),
                Evidence::seen(&conflict.why),
            ]
        }
        Step::Question { question, .. } => question::evidence(question),
        Step::Drifted(drifts) => drifts.iter().flat_map(drifted).collect(),
        Step::Edited { recorded, current } => {
            vec![seen("recorded", recorded), seen("now", current)]
        }
        Step::Stray { paths, .. } => vec![Evidence::seen(paths.join(", "))],
        Step::Data { target, held, .. } => match held {
            Ok(held) => vec![
                Evidence::seen(held.to_string()),
                Evidence::seen(format!(
                    "A new named volume at {target} would start empty and hide it."
                )),
            ],
            Err(error) => unseen(error),
        },
        Step::EditedSince(edited) => edited.iter().map(edited_since).collect(),
        Step::OneWay(all) | Step::Dirty(all) | Step::Outdated(all) => {
            all.iter().map(Evidence::seen).collect()
        }
        Step::Refused { .. } | Step::Write(_) | Step::Record(_) => Vec::new(),
        Step::Overtaken | Step::Interrupted | Step::Uncommitted { .. } => Vec::new(),
    }
}

fn seen(what: &str, seen: &str) -> Evidence {
    Evidence {
        what: what.to_owned(),
        seen: seen.to_owned(),
    }
}

fn drifted(drift: &Drift) -> Vec<Evidence> {
    let at = if drift.at.is_empty() {
        String::new()
    } else {
        format!(" ({})", drift.at)
    };
    let what = Evidence::seen(format!("{}{at}", drift.what));
    [what]
        .into_iter()
        .chain(
            drift
                .expected
                .as_ref()
                .map(|expected| seen("  expected", expected)),
        )
        .collect()
}

fn edited_since(edited: &Edited) -> Evidence {
    let Edited { what, at } = edited;
    Evidence::seen(format!(
        "{at}{}{what}",
        if at.is_empty() { "" } else { "   " }
    ))
}

/// Data that may be there, behind an engine that does not tell.
fn unseen(error: &EngineError) -> Vec<Evidence> {
    let why = Evidence::seen(format!(
        "It could not be looked into: {}",
        engine::first_line(error)
    ));
    let chosen = (!Endpoint::chosen().is_default())
        .then(|| Evidence::seen(format!("{} leads there.", Endpoint::chosen())));
    [why].into_iter().chain(chosen).collect()
}

/// What can be done.
pub(super) fn remedies(session: &Session, failure: &Failure) -> Vec<Remedy> {
    let environment = failure.environment.as_deref().unwrap_or_default();
    let id = failure
        .story
        .as_ref()
        .map(|(id, _)| id.to_string())
        .unwrap_or_default();
    let of = StoryAt {
        id: &id,
        environment,
        service: failure.service(),
    };
    let again =
        |label: &str, verb: &str, flag: &str| Remedy::command(label, &session.again(verb, flag));
    match &*failure.step {
        Step::Start { judged, .. } => without_docker(session, *judged),
        Step::Rejected { judged, .. } => with(
            without_docker(session, *judged),
            Some(again("See it again", "migrate", "--dry-run")),
        ),
        Step::Stray { .. } => vec![again("See it again", "migrate", "--dry-run")],
        Step::Conflict { conflict, apart } => {
            with(conflict_remedies(of, conflict), apply_apart(&id, apart))
        }
        Step::Question { question, apart } => {
            let take = again(TAKE_THE_GUESS, "migrate", "--accept-guesses");
            with(question_remedies(question, take), apply_apart(&id, apart))
        }
        Step::Drifted(drifts) => {
            let reapply = again("", "migrate", "--reapply");
            let remedies = drift_remedies(of, drifts, reapply);
            with(remedies, put_back(session, drifts))
        }
        Step::Edited { .. } => vec![Remedy::advice("", RELEASED)],
        Step::Data {
            service,
            target,
            held,
        } => match held {
            Ok(_) => carry_over(session, environment, service, target),
            Err(error) => look_or_go_on(session, error),
        },
        Step::Outdated(_) => vec![Remedy::command("Plan anew", &["migrate", "--plan", "FILE"])],
        Step::EditedSince(_) => {
            let by_hand = "undo the story by hand around it, then the same command";
            vec![
                again("Take that back too", "revert", "--discard-edits"),
                Remedy::advice("Keep it", by_hand),
            ]
        }
        Step::OneWay(_) => vec![again(
            "Go back all the same",
            "revert",
            "--accept-irreversible",
        )],
        step => of_git(session, step),
    }
}

/// Data that could not be looked into.
fn look_or_go_on(session: &Session, error: &EngineError) -> Vec<Remedy> {
    let go_on = session.again("migrate", "--allow-data-loss");
    vec![
        Remedy::shell("To look", engine::mend(error)),
        Remedy::command("Go on all the same", &go_on),
    ]
}

fn with(mut remedies: Vec<Remedy>, more: Option<Remedy>) -> Vec<Remedy> {
    remedies.extend(more);
    remedies
}

/// The way on where Docker is what does not work.
fn without_docker(session: &Session, judged: bool) -> Vec<Remedy> {
    let again = || {
        Remedy::command(
            "Without Docker",
            &session.again("migrate", "--checker embedded"),
        )
    };
    (!judged).then(again).into_iter().collect()
}

/// What gave way to something else, the story cannot bring again.
fn put_back(session: &Session, drifts: &[Drift]) -> Option<Remedy> {
    if drifts.iter().all(|drift| drift.can_return) {
        return None;
    }
    let log = session
        .root()
        .ok()
        .and_then(|root| git::offered(&root, "log -p"));
    let log = log.map(|log| format!("{log}, and ")).unwrap_or_default();
    Some(Remedy::advice(
        "It was a mistake",
        format!("{log}put it back"),
    ))
}

/// How a container's data gets into the volume that takes its place, or goes.
fn carry_over(session: &Session, environment: &str, service: &str, target: &str) -> Vec<Remedy> {
    let compose =
        |words: &[&str]| Action::command(&[&["compose", environment, "--"], words].concat());
    let (inside, outside) = (format!("{service}:{target}"), format!("./{service}-data"));
    let again = session.again("migrate", "--allow-data-loss");
    let steps = vec![
        compose(&["stop", service]),
        compose(&["cp", &inside, &outside]),
        Action::command(&again),
        Action::command(&[
            "compose",
            environment,
            "--allow-data-loss",
            "--",
            "create",
            service,
        ]),
        compose(&["cp", &format!("{outside}/."), &inside]),
        compose(&["start", service]),
    ];
    vec![
        Remedy::steps("Carry it over", steps),
        Remedy::command("Let it go", &again),
    ]
}

/// What stands between a run and git, and the command that settles it; others say all in their
/// headline.
fn of_git(session: &Session, step: &Step) -> Vec<Remedy> {
    let again = |label: &str| Remedy::command(label, &session.again("migrate", "--allow-dirty"));
    match step {
        Step::Dirty(files) => {
            let look = Remedy::shell(
                "See them",
                format!("{} diff -- {}", session.git(), all_quoted(files)),
            );
            [look]
                .into_iter()
                .chain(hidden(session, files))
                .chain([again("Go on anyway")])
                .collect()
        }
        Step::GitUnavailable(words) => {
            let is_broken = words.contains("index file") || words.contains("bad signature");
            let git = session.git();
            // Git answers from its own folder.
            let index = format!("{git} rev-parse --path-format=absolute --git-path index");
            let anew = format!("rm \"$({index})\" && {git} reset");
            let anew = is_broken.then(|| Remedy::shell("A broken index is made anew by", anew));
            anew.into_iter()
                .chain([again("Go on without git")])
                .collect()
        }
        Step::PerhapsIgnored { .. } => {
            vec![Remedy::advice(
                "",
                "Settle what git says there, then run the command again.",
            )]
        }
        Step::NoCommit(obstacle) => vec![Remedy::shell("Mend it", obstacle.mend.as_str())],
        Step::Uncommitted { command, .. } | Step::Git { command, .. } => {
            let words = ["migrate", "--commit"].map(str::to_owned);
            let go_on = [words.to_vec(), session.choice()].concat();
            vec![
                Remedy::shell("Commit it", command.as_str()),
                Remedy::command("Then go on", &go_on),
            ]
        }
        _ => Vec::new(),
    }
}

/// What git was told not to look at, it shows in no diff either.
fn hidden(session: &Session, files: &[String]) -> Option<Remedy> {
    let hidden = session
        .root()
        .map(|root| git::hidden(&root, files))
        .unwrap_or_default();
    let (git, files) = (session.git(), all_quoted(&hidden));
    let look = |flag: &str| Action::Shell(format!("{git} update-index --no-{flag} -- {files}"));
    let label = "Git was told not to look at them; undo that first";
    (!hidden.is_empty()).then(|| {
        Remedy::steps(
            label,
            ["skip-worktree", "assume-unchanged"].map(look).to_vec(),
        )
    })
}
