//! Edits upon edits, and several edits in one go.

use compose_edit::EditError;
use serde_yaml::Value;

use crate::case::{Case, Change};
use crate::cases;
use crate::every_operation::{attempt, on_all_files};
use crate::judge::{Before, Damage};
use crate::model::{Entry, Tree};
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
                let Some(before) = Before::read(&text) else {
                    break;
                };
                let Some(case) = cases::any(&before.document, &mut random) else {
                    break;
                };
                if let Some(after) = attempt(
                    &before,
                    &case,
                    &format!("{} {variant} step {step}", file.name),
                    tally,
                ) {
                    text = after;
                }
            }
        }
    });
    tally.print("chains of twelve edits on every file and variant");
    tally.assert_flawless();
}

#[test]
fn four_in_one_go() {
    let tally = on_all_files(|file, tally| {
        for (variant, text) in variants::of(&file.text) {
            let Some(before) = Before::read(&text) else {
                continue;
            };
            let mut random = Random::of(4, &format!("{}{variant}", file.name));
            for _ in 0..5 {
                together(
                    &before,
                    &mut random,
                    &format!("{} {variant}", file.name),
                    tally,
                );
            }
        }
    });
    tally.print("four edits against one parse on every file and variant");
    tally.assert_sound();
}

/// Asks for four edits at once; what a plain tree of values cannot take is refused, and left out.
fn together(before: &Before, random: &mut Random, place: &str, tally: &mut Tally) {
    let mut edit = before.document.edit();
    let mut tree = Tree::of(&before.value);
    let mut taken = Vec::new();
    for _ in 0..4 {
        let Some(case) = cases::any(&before.document, random) else {
            return;
        };
        // What is moved can be shown in several places; `chains_of_twelve` has it.
        if matches!(case.change, Change::Move(_)) {
            continue;
        }
        let (mut after, asked) = (tree.clone(), case.ask(&mut edit));
        let operation = case.operation();
        match (apply(&case, &mut after), asked) {
            (Some(()), Ok(())) => {
                tree = after;
                taken.push(format!("{operation} {}", case.path));
            }
            (_, Err(error @ (EditError::Shared { .. } | EditError::AnchorInUse { .. }))) => {
                tally.refused(operation, place, &error);
            }
            (None, Err(_)) => {}
            (_, asked) => panic!("{place} {taken:?} {operation} {}: {asked:?}", case.path),
        }
    }
    let place = format!("{place} {taken:?}");
    match edit.finish() {
        Ok(after)
            if tree::read(after.text()).is_some_and(|read| tree::same(&read, &tree.value())) =>
        {
            tally.applied("together");
        }
        Ok(after) => tally.damaged(
            "together",
            &place,
            &Damage::WrongValue,
            before.text(),
            after.text(),
        ),
        Err(error) => tally.damaged(
            "together",
            &format!("{place} {error}"),
            &Damage::NotYaml,
            before.text(),
            "",
        ),
    }
}

fn apply(case: &Case, tree: &mut Tree) -> Option<()> {
    match &case.change {
        Change::Set(_, read) => tree.at(&case.path)?.set(read),
        Change::Insert { key, read, .. } => tree
            .at(&case.path)?
            .insert(Entry::new(&Value::String(key.clone()), Tree::of(read))),
        Change::Push(_, read) => tree.at(&case.path)?.push(Tree::of(read)),
        Change::Remove => tree.take(&case.path).map(drop),
        Change::Rename(new) => tree.rename(&case.path, new),
        Change::ListToMap => tree
            .at(&case.path)?
            .list_to_map(&tree::read("{condition: service_started}")?),
        Change::MapToList(_) => tree.at(&case.path)?.map_to_list(),
        Change::Move(to) => tree.take(&case.path)?.put(tree.at(to)?),
    }
}
