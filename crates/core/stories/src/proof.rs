//! What differs between two views, and whether a story declared it.

use compose_edit::{NewValue, Path};
use compose_model::{Data, Difference, DifferenceKind, Value};

/// All differences between two values, at the deepest paths. Lists are compared as collections: a
/// later item is not a change of all that follow it.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&Path::root(), Some(before), Some(after), &mut found);
    found
}

fn compare(
    path: &Path,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let (old, new) = (
        before.map(|value| &value.data),
        after.map(|value| &value.data),
    );
    match (old, new) {
        (Some(Data::Map(_)), Some(Data::Map(_)) | None)
        | (None | Some(Data::Null), Some(Data::Map(_))) => {
            compare_maps(path, before, after, found);
        }
        (Some(Data::List(_)), Some(Data::List(_)) | None)
        | (None | Some(Data::Null), Some(Data::List(_))) => {
            compare_lists(path, before, after, found);
        }
        (Some(old), Some(new)) if same(old, new) => {}
        (Some(_), Some(_)) => found.push(Difference {
            path: path.clone(),
            kind: DifferenceKind::Changed,
        }),
        (Some(_), None) => found.push(Difference {
            path: path.clone(),
            kind: DifferenceKind::Removed,
        }),
        (None, Some(_)) => found.push(Difference {
            path: path.clone(),
            kind: DifferenceKind::Added,
        }),
        (None, None) => {}
    }
}

fn compare_maps(
    path: &Path,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let get =
        |side: Option<&'_ Value>, key: &str| side.is_some_and(|value| value.get(key).is_some());
    let keys = |side: Option<&Value>| {
        side.and_then(Value::as_map)
            .into_iter()
            .flat_map(|map| map.keys().cloned())
            .collect::<Vec<_>>()
    };
    for key in keys(before) {
        compare(
            &path.join(key.clone()),
            before.and_then(|value| value.get(&key)),
            after.and_then(|value| value.get(&key)),
            found,
        );
    }
    for key in keys(after).into_iter().filter(|key| !get(before, key)) {
        compare(
            &path.join(key.clone()),
            None,
            after.and_then(|value| value.get(&key)),
            found,
        );
    }
}

fn compare_lists(
    path: &Path,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let items =
        |side: Option<&'_ Value>| side.and_then(Value::as_list).unwrap_or_default().to_vec();
    let (old, mut new) = (
        items(before),
        items(after).into_iter().enumerate().collect::<Vec<_>>(),
    );
    for (index, item) in old.iter().enumerate() {
        match new
            .iter()
            .position(|(_, other)| same(&item.data, &other.data))
        {
            Some(at) => drop(new.remove(at)),
            None => found.push(Difference {
                path: path.join(index),
                kind: DifferenceKind::Removed,
            }),
        }
    }
    found.extend(new.into_iter().map(|(index, _)| Difference {
        path: path.join(index),
        kind: DifferenceKind::Added,
    }));
}

/// Equal whatever file says it.
pub(crate) fn same(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Map(one), Data::Map(other)) => {
            let equal = |(key, value): (&String, &Value)| {
                other
                    .get(key)
                    .is_some_and(|other| same(&value.data, &other.data))
            };
            one.len() == other.len() && one.iter().all(equal)
        }
        (Data::List(one), Data::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same(&one.data, &other.data))
        }
        _ => one == other,
    }
}

/// Whether a value says all that was to be written; a map may say more.
pub(crate) fn says(value: &Value, wanted: &NewValue) -> bool {
    match wanted {
        NewValue::Null => true,
        NewValue::Scalar(scalar) => value.scalar_text().as_deref() == Some(scalar.as_str()),
        NewValue::List { items, .. } => value.as_list().is_some_and(|found| {
            found.len() == items.len()
                && found
                    .iter()
                    .zip(items)
                    .all(|(found, wanted)| says(found, wanted))
        }),
        NewValue::Map(entries) => entries
            .iter()
            .all(|(key, wanted)| value.get(key).is_some_and(|found| says(found, wanted))),
    }
}
