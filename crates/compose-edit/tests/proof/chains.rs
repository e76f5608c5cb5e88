//! Edits upon edits, and several edits in one go.

use compose_edit::{EditError, Path};
use serde_yaml::Value;

use crate::case::{Case, Change};
use crate::cases;
use crate::every_operation::{attempt, on_all_files};
use crate::judge::{Before, Damage};
use crate::random::Random;
use crate::tally::Tally;
use crate::{tree, variants};

#[test]
fn chains_of_twelve() {
    let tally = on_all_files(|file, tally| {
        for (variant, text) in variants::of(&file.text) {
            let mut random = Random::of(12, &format!("{}{variant}", file.name));
            let mut text = text;
            for step in 0..12 {
                let Some(before) = Before::read(&text) else { break };
                let Some(case) = cases::any(&before.document, &mut random) else { break };
                if let Some(after) = attempt(&before, &case, &format!("{} {variant} step {step}", file.name), tally) {
                    text = after;
                }
            }
        }
    });
    tally.print("chains of twelve edits on every file and variant");
    tally.assert_flawless(0.01);
}

#[test]
fn four_in_one_go() {
    let tally = on_all_files(|file, tally| {
        for (variant, text) in variants::of(&file.text) {
            let Some(before) = Before::read(&text) else { continue };
            let mut random = Random::of(4, &format!("{}{variant}", file.name));
            for _ in 0..5 {
                together(&before, &mut random, &format!("{} {variant}", file.name), tally);
            }
        }
    });
    tally.print("four edits against one parse on every file and variant");
    tally.assert_sound();
}

/// Asks for four edits at once; those that touch the same node are refused by name and left out.
fn together(before: &Before, random: &mut Random, place: &str, tally: &mut Tally) {
    let mut edit = before.document.edit();
    let mut taken = Vec::new();
    for _ in 0..4 {
        let Some(case) = cases::any(&before.document, random) else { return };
        // What moves depends on the order of all others; `chains_of_twelve` has it.
        if matches!(case.change, Change::Move(_)) {
            continue;
        }
        match case.ask(&mut edit) {
            Ok(()) => taken.push(case),
            Err(
                error @ (EditError::AlreadyEdited { .. } | EditError::Shared { .. } | EditError::AnchorInUse { .. }),
            ) => {
                tally.refused(case.operation(), place, &error);
            }
            Err(error) => panic!("{place} {}: {error}", case.path),
        }
    }
    let operations: Vec<String> = taken.iter().map(|case| format!("{} {}", case.operation(), case.path)).collect();
    let expected = all_of(taken, &before.value);
    match edit.finish() {
        Ok(after) if tree::read(after.text()).is_some_and(|read| tree::same(&read, &expected)) => {
            tally.applied("together")
        }
        Ok(after) => {
            tally.damaged(
                "together",
                &format!("{place} {operations:?}"),
                &Damage::WrongValue,
                before.text(),
                after.text(),
            );
        }
        Err(error) => {
            tally.damaged("together", &format!("{place} {operations:?} {error}"), &Damage::NotYaml, before.text(), "")
        }
    }
}

/// All edits, in an order in which none moves what another means.
fn all_of(mut cases: Vec<Case>, before: &Value) -> Value {
    let rank = |case: &Case| match case.change {
        Change::Rename(_) | Change::Remove => 1,
        _ => 0,
    };
    let order = |case: &Case| if rank(case) > 0 { Some(case.path.clone()) } else { None::<Path> };
    cases.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| order(other).cmp(&order(one))));
    let mut after = before.clone();
    for case in cases {
        case.apply(&mut after, &case.path).unwrap_or_else(|| panic!("{} {}", case.operation(), case.path));
    }
    after
}
