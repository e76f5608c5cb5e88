//! From what the environments want to operations on files.

use std::collections::BTreeSet;

use compose_edit::{NewScalar, NewValue, Path, Segment};

use crate::assessment::{Want, Wanted};
use crate::op::NodePath;
use crate::op::append::Append;
use crate::op::insert::Insert;
use crate::op::list_to_map::ListToMap;
use crate::placement::{Placed, Placement, Wishes, refuse_foreign};
use crate::refusal::Refusal;
use crate::{Operation, Stack};

/// The operations; what two environments want of one file is one.
pub(super) fn plan(
    stack: &Stack,
    selected: &[&str],
    wants: &[(String, Want)],
) -> Result<Vec<Operation>, Refusal> {
    let mut operations: Vec<Operation> = Vec::new();
    let mut placed_already: BTreeSet<(&Path, &str)> = BTreeSet::new();
    for (_, want) in wants {
        let more = match &want.what {
            Wanted::Edit(operation) => {
                operation
                    .files()
                    .iter()
                    .try_for_each(|file| refuse_foreign(stack, selected, file))?;
                vec![operation.clone()]
            }
            Wanted::Entry(_) | Wanted::Item(_)
                if !placed_already.insert((&want.at, item(want))) =>
            {
                continue;
            }
            Wanted::Entry(_) | Wanted::Item(_) => {
                let placed = place(stack, selected, want, wants)?;
                placed
                    .into_iter()
                    .map(|placed| operation(stack, &operations, want, placed))
                    .collect()
            }
        };
        more.into_iter()
            .for_each(|operation| add(&mut operations, operation));
    }
    Ok(operations)
}

/// Adds an operation. What several wants say of one place and of places below it is inserted as
/// one.
fn add(operations: &mut Vec<Operation>, operation: Operation) {
    let joins = |known: &mut Operation| match (known, &operation) {
        (Operation::Insert(known), Operation::Insert(more)) => known.join(more),
        _ => false,
    };
    if !operations.contains(&operation) && !operations.iter_mut().any(joins) {
        operations.push(operation);
    }
}

/// Chooses the files for a new entry or item, for all environments that want it.
fn place(
    stack: &Stack,
    selected: &[&str],
    want: &Want,
    wants: &[(String, Want)],
) -> Result<Vec<Placed>, Refusal> {
    let alike = wants
        .iter()
        .filter(|(_, other)| other.at == want.at && item(other) == item(want));
    let wishes: Wishes = alike
        .filter_map(|(environment, other)| Some((environment.clone(), value(&other.what)?)))
        .collect();
    Placement {
        stack,
        selected,
        service: &want.service,
    }
    .place(&want.at, &wishes)
}

/// The text of an item: a list may be wanted to hold several.
fn item(want: &Want) -> &str {
    if let Wanted::Item(item) = &want.what {
        item
    } else {
        ""
    }
}

fn value(wanted: &Wanted) -> Option<NewValue> {
    match wanted {
        Wanted::Entry(value) => Some(value.clone()),
        Wanted::Item(item) => Some(NewValue::Scalar(NewScalar::from(item.as_str()))),
        Wanted::Edit(_) => None,
    }
}

/// The operation that makes a file say a value; `before` it others are made. A list that is to get
/// a key becomes a mapping.
fn operation(stack: &Stack, before: &[Operation], want: &Want, placed: Placed) -> Operation {
    let Placed { file, at, value } = placed;
    if let Wanted::Item(_) = want.what {
        return Append::new(file, at, value).into();
    }
    let (Some(parent), Some(Segment::Key(key))) = (at.parent(), at.last()) else {
        return Insert::new(file, at, value).into();
    };
    let list = stack.files[&file]
        .get(&parent)
        .filter(|node| node.as_sequence().is_some());
    let place = NodePath {
        file: file.clone(),
        path: parent.clone(),
    };
    if list.is_none() || before.iter().any(|operation| operation.node() == place) {
        return Insert::new(file, at, value).into();
    }
    ListToMap {
        file,
        path: parent,
        key: Some(key.clone()),
        value: Some(value),
    }
    .into()
}
