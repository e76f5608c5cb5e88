//! What no file says, asked on a terminal: the answer goes into `compose/stack.yaml`, for everybody.

use anyhow::Result;
use stories::{Question, State};
use transaction::CheckoutWriter;

use super::request::{MigrateRequest, Purpose};
use crate::ask;
use crate::checkout::Checkout;
use crate::commands::Session;
use crate::commands::answers::{self, Asked, Given};
use crate::root::STACK_FILE;
use crate::stack_file::StackFile;

/// Asks what the stories wait for and was not asked before, and writes the answers; whether there
/// were any, so that the checkout is to be read anew, which may bring up other questions.
pub(super) fn settle(
    session: &Session,
    checkout: &Checkout,
    request: &MigrateRequest,
    writer: &mut CheckoutWriter,
    asked: &mut Asked,
) -> Result<bool> {
    let is_asked = matches!(request.purpose, Purpose::Write) && ask::is_possible(&session.screen);
    if !is_asked || request.accept_guesses {
        return Ok(false);
    }
    let mut given: Vec<Given> = Vec::new();
    for question in open(checkout, request) {
        given.extend(answers::ask(session, &question, asked));
    }
    if given.is_empty() {
        return Ok(false);
    }
    let file = StackFile::read(&checkout.root)?;
    let text = answers::with_answers(file.text(), &given)?;
    file.replace(writer, text)?;
    session
        .screen
        .talk(format_args!("Written into {STACK_FILE}; commit it."));
    Ok(true)
}

/// The questions of all stories, each once.
fn open(checkout: &Checkout, request: &MigrateRequest) -> Vec<Question> {
    let mut open: Vec<Question> = Vec::new();
    for story in &request.stories {
        for environment in &request.scope {
            let State::Question(question) = checkout.checklist().state(story, environment) else {
                continue;
            };
            if !open.iter().any(|known| known.answers == question.answers) {
                open.push(*question);
            }
        }
    }
    open
}
