//! Up, down, up: a story that is taken back leaves no trace, and what a person did since is never
//! taken back unasked.
//!
//! `COMPOSE_CORPUS` names a folder of Compose files; without it the project's neighbour
//! `../shared/corpus` is taken, else the project's own `corpus`, else its own stack.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their files from disk"
)]

mod corpus;
mod edited;
mod ledger;
mod round;

use corpus::stack;
use round::{Round, Tally};
use stories::Story;

#[test]
fn every_story_on_every_file_comes_and_goes() {
    let mut tally = Tally::default();
    for (name, text) in corpus::files() {
        let Some(stack) = stack(&text) else { continue };
        for story in corpus::catalog().in_order() {
            Round {
                name: &name,
                stack: &stack,
            }
            .run(&[story], &mut tally);
        }
    }
    tally.finish("each story");
}

#[test]
fn all_stories_on_every_file_come_and_go() {
    let mut tally = Tally::default();
    let catalog = corpus::catalog();
    let all: Vec<&Story> = catalog.in_order();
    for (name, text) in corpus::files() {
        let Some(stack) = stack(&text) else { continue };
        Round {
            name: &name,
            stack: &stack,
        }
        .run(&all, &mut tally);
    }
    tally.finish("all stories");
}
