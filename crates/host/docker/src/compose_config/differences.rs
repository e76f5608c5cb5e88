//! Where two resolved models differ.

use std::collections::BTreeMap;

use DifferenceKind::{Added, Changed, Removed};
use compose_edit::{Path, Segment};
use compose_model::{Difference, DifferenceKind};

use super::Model;

/// Where two models differ, at the deepest paths and in their order. A map or list that was added
/// or removed is told entry by entry, for what declares `volumes.data` does not declare all of
/// `volumes`; a container that became another kind is its path. Lists whose items Compose merges by
/// a key (ports, volumes, secrets, configs) are compared by that key; an item's path counts in the
/// list that has it, the newer one first.
#[must_use]
pub fn differences(before: &Model, after: &Model) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, &Path::root(), &mut found);
    found.sort_by(|one, other| {
        one.path
            .cmp(&other.path)
            .then((one.kind as u8).cmp(&(other.kind as u8)))
    });
    found.dedup();
    found
}

/// Whether a model has something at a path of keys.
#[must_use]
pub fn has(model: &Model, path: &Path) -> bool {
    let mut at = model;
    for segment in path.segments() {
        let Segment::Key(key) = segment else {
            return false;
        };
        let Some(next) = at.get(key) else {
            return false;
        };
        at = next;
    }
    true
}

fn compare(before: &Model, after: &Model, path: &Path, found: &mut Vec<Difference>) {
    match (before, after) {
        _ if before == after => {}
        (Model::Object(before), Model::Object(after)) => {
            for (key, old) in before {
                match after.get(key) {
                    Some(new) => compare(old, new, &path.join(key.as_str()), found),
                    None => tell_all(old, Removed, &path.join(key.as_str()), found),
                }
            }
            for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                tell_all(new, Added, &path.join(key.as_str()), found);
            }
        }
        (Model::Array(before), Model::Array(after)) => match identity_in(path) {
            Some(identity) => compare_keyed([before, after], identity, path, found),
            None => compare_in_order(before, after, path, found),
        },
        _ => found.push(Difference {
            path: path.clone(),
            kind: Changed,
        }),
    }
}

/// Everything in what stands on one side only.
fn tell_all(value: &Model, kind: DifferenceKind, path: &Path, found: &mut Vec<Difference>) {
    match value {
        Model::Object(entries) if !entries.is_empty() => {
            entries
                .iter()
                .for_each(|(key, value)| tell_all(value, kind, &path.join(key.as_str()), found));
        }
        Model::Array(items) if !items.is_empty() => {
            found.extend((0..items.len()).map(|at| Difference {
                path: path.join(at),
                kind,
            }));
        }
        _ => found.push(Difference {
            path: path.clone(),
            kind,
        }),
    }
}

/// What makes an item of a list the same item as another's.
type Identity = fn(&Model) -> String;

/// The lists of a service that are sets to Compose, by what its merge takes for an item's key.
fn identity_in(path: &Path) -> Option<Identity> {
    let [top, _, list] = path.segments() else {
        return None;
    };
    if *top != "services".into() {
        return None;
    }
    let lists: [(&str, Identity); 4] = [
        ("ports", |item| {
            fields(item, &["host_ip", "published", "target", "protocol"])
        }),
        ("volumes", |item| fields(item, &["target"])),
        ("secrets", |item| fields(item, &["source", "target"])),
        ("configs", |item| fields(item, &["source", "target"])),
    ];
    lists
        .into_iter()
        .find(|(name, _)| *list == (*name).into())
        .map(|(_, identity)| identity)
}

fn fields(item: &Model, names: &[&str]) -> String {
    let values = names
        .iter()
        .map(|name| item.get(name).map_or_else(String::new, Model::to_string));
    values.collect::<Vec<_>>().join("\n")
}

fn compare_keyed(
    [before, after]: [&[Model]; 2],
    identity: Identity,
    path: &Path,
    found: &mut Vec<Difference>,
) {
    let mut old: BTreeMap<String, usize> = keyed(before, identity);
    for (key, at) in keyed(after, identity) {
        match old.remove(&key) {
            Some(was) => compare(&before[was], &after[at], &path.join(at), found),
            None => found.push(Difference {
                path: path.join(at),
                kind: Added,
            }),
        }
    }
    found.extend(old.into_values().map(|at| Difference {
        path: path.join(at),
        kind: Removed,
    }));
}

/// Items that are alike in their key are told apart by their place among each other.
fn keyed(items: &[Model], identity: Identity) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        let key = identity(item);
        let again = (0..)
            .map(|time| format!("{key}\n{time}"))
            .find(|key| !keys.contains_key(key));
        keys.extend(again.map(|key| (key, at)));
    }
    keys
}

/// A list in which order counts: what stands between the equal beginning and the equal end differs.
fn compare_in_order(before: &[Model], after: &[Model], path: &Path, found: &mut Vec<Difference>) {
    let head = before
        .iter()
        .zip(after)
        .take_while(|(old, new)| old == new)
        .count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    for at in 0..old.len().max(new.len()) {
        match (old.get(at), new.get(at)) {
            (Some(old), Some(new)) => compare(old, new, &path.join(head + at), found),
            (Some(_), None) => found.push(Difference {
                path: path.join(head + at),
                kind: Removed,
            }),
            (None, _) => found.push(Difference {
                path: path.join(head + at),
                kind: Added,
            }),
        }
    }
}
