//! A question that a story waits for, and how it is answered.

use diagnostics::render::text;
use diagnostics::{Evidence, Remedy};
use stories::{Question, Section};

use super::standings::{AnswerDocument, QuestionDocument};
use crate::commands::Session;
use crate::root::STACK_FILE;

/// The label of the command that takes the guesses.
pub(super) const TAKE_THE_GUESS: &str = "Take the guess";

/// What the question is asked by.
pub(super) fn evidence(question: &Question) -> Vec<Evidence> {
    let kinds = [
        ("found", &question.found),
        ("unclear", &question.contradictions),
        ("guessed", &question.guesses),
    ];
    let seen = |what: &str, seen: &String| Evidence {
        what: what.to_owned(),
        seen: seen.clone(),
    };
    kinds
        .into_iter()
        .flat_map(|(what, all)| all.iter().map(move |one| seen(what, one)))
        .collect()
}

/// The line that settles it, and the command that takes the guess where there is one.
pub(super) fn remedies(question: &Question, take: Remedy) -> Vec<Remedy> {
    let say = Remedy::advice(format!("Say it in {STACK_FILE}"), question.settle());
    [say]
        .into_iter()
        .chain(question.has_guess().then_some(take))
        .collect()
}

/// Tells a person what is asked and what is known of it.
pub fn tell(session: &Session, question: &Question) {
    let screen = &session.screen;
    screen.talk_behind("", &format!("{}: {}", question.at, question.asks));
    text::evidence(&evidence(question), "  ")
        .iter()
        .for_each(|line| screen.talk_behind(&line.head, &line.text));
}

/// The question for programs.
pub(super) fn document(question: &Question) -> QuestionDocument<'_> {
    QuestionDocument {
        at: &question.at,
        service: &question.service,
        asks: &question.asks,
        found: &question.found,
        contradictions: &question.contradictions,
        guesses: &question.guesses,
        answers: question.answers.iter().map(answer_document).collect(),
    }
}

fn answer_document(answer: &stories::Answer) -> AnswerDocument<'_> {
    let of = |section| (answer.section == section).then_some(answer.name.as_str());
    AnswerDocument {
        role: of(Section::Roles),
        parameter: of(Section::Parameters),
        what: &answer.what,
        value: answer.yaml(),
    }
}
