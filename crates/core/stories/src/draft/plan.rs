//! From what the environments want to edits of files.

use std::collections::BTreeSet;

use compose_edit::{NewScalar, NewValue, Path};

use super::steps::{Step, healthy};
use crate::Stack;
use crate::assessment::{Want, Wanted};
use crate::context::Context;
use crate::placement::{Placed, Placement, Wishes, refuse_foreign};
use crate::refusal::Refusal;

/// The edits; what two environments want of one file is one.
pub(super) fn plan(stack: &Stack, selected: &[&str], wants: &[(String, Want)]) -> Result<Vec<Step>, Refusal> {
    let mut steps: Vec<Step> = Vec::new();
    let mut placed_already: BTreeSet<(&Path, &str)> = BTreeSet::new();
    for (_, want) in wants {
        let more = match &want.what {
            Wanted::Entry(_) | Wanted::Item(_) | Wanted::Dependency { .. } => {
                if !placed_already.insert((&want.at, item(want))) {
                    continue;
                }
                place(stack, selected, want, wants)?
            }
            Wanted::Replace { file, node, value, old } => {
                refuse_foreign(stack, selected, file)?;
                let (node, value, old) = (node.clone(), value.clone(), old.clone());
                vec![Step::Replace { file: file.clone(), node, value, old }]
            }
            Wanted::ListedDependency { file, list, on } => {
                refuse_foreign(stack, selected, file)?;
                vec![Step::ListToMap { file: file.clone(), list: list.clone(), on: on.clone(), restart: false }]
            }
        };
        steps.extend(more.into_iter().filter(|step| !steps.contains(step)).collect::<Vec<_>>());
    }
    Ok(steps)
}

/// Chooses the files for a new entry or item, for all environments that want it.
fn place(stack: &Stack, selected: &[&str], want: &Want, wants: &[(String, Want)]) -> Result<Vec<Step>, Refusal> {
    let alike = wants.iter().filter(|(_, other)| other.at == want.at && item(other) == item(want));
    let wishes: Wishes = alike.map(|(environment, other)| (environment.clone(), value(&other.what))).collect();
    let placed = Placement { stack, selected, service: &want.service }.place(&want.at, &wishes)?;
    Ok(placed.into_iter().map(|placed| step(stack, want, placed)).collect())
}

/// The text of an item: a list may be wanted to hold several.
fn item(want: &Want) -> &str {
    if let Wanted::Item(item) = &want.what { item } else { "" }
}

fn value(wanted: &Wanted) -> NewValue {
    match wanted {
        Wanted::Entry(value) => value.clone(),
        Wanted::Item(item) => NewValue::Scalar(NewScalar::from(item.as_str())),
        Wanted::Dependency { restart, .. } => healthy(*restart),
        Wanted::Replace { value, .. } => NewValue::Scalar(value.clone()),
        Wanted::ListedDependency { .. } => NewValue::Null,
    }
}

fn step(stack: &Stack, want: &Want, placed: Placed) -> Step {
    let Placed { file, at, value } = placed;
    match &want.what {
        Wanted::Item(item) => Step::Push { file, list: at, item: item.clone() },
        Wanted::Dependency { on, restart } => {
            let list = Context::path(&want.service, &["depends_on"]);
            let listed = stack.files[&file].get(&list).is_some_and(|node| node.as_sequence().is_some());
            match listed {
                true => Step::ListToMap { file, list, on: on.clone(), restart: *restart },
                false => Step::Insert { file, at, value },
            }
        }
        _ => Step::Insert { file, at, value },
    }
}
