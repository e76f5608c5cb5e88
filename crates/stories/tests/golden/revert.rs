//! Undoing a draft by what its record says, and nothing else.

use compose_edit::{Document, NewScalar, NewValue, Path};
use stories::proof::differences;
use stories::{Draft, Stack, Undo};

/// Undoes the draft's edits one by one; every environment then says what it said before.
pub fn check(before: &Stack, draft: &Draft) -> Result<(), String> {
    let mut files = draft.stack.files.clone();
    for (file, steps) in &draft.undo {
        for step in steps {
            let document = undo(&files[file], step).map_err(|error| format!("undo of {file}: {step:?}: {error}"))?;
            files.insert(file.clone(), document);
        }
    }
    let reverted = draft.stack.with(files).map_err(|error| format!("the undone files give no model: {error}"))?;
    for environment in before.layout.environments.keys() {
        let found = differences(before.view(environment).root(), reverted.view(environment).root());
        let left: Vec<_> = found.into_iter().filter(|found| !is_empty(&reverted, environment, &found.path)).collect();
        if !left.is_empty() {
            return Err(format!("undone, {environment} still differs: {left:?}"));
        }
    }
    Ok(())
}

/// What was null or missing may be empty.
fn is_empty(stack: &Stack, environment: &str, path: &Path) -> bool {
    let value = stack.view(environment).get(path);
    value.is_some_and(|value| {
        value.as_map().is_some_and(indexmap::IndexMap::is_empty) || value.as_list().is_some_and(<[_]>::is_empty)
    })
}

fn undo(document: &Document, step: &Undo) -> Result<Document, Box<dyn std::error::Error>> {
    match step {
        Undo::Remove { path, created } => {
            let document = remove(document, &path.parse()?)?;
            prune(document, path, created.as_deref())
        }
        Undo::RemoveItem { path, item, created } => {
            let list: Path = path.parse()?;
            let items = document.get(&list).and_then(|node| node.as_sequence()).ok_or("no list")?;
            let index = items.items().position(|node| node.as_scalar().is_some_and(|scalar| scalar.value() == item));
            let document = remove(document, &list.join(index.ok_or("no such item")?))?;
            prune(document, &format!("{path}.x"), created.as_deref())
        }
        Undo::Set { path, from, to } => {
            let path = path.parse()?;
            let stands = document.get(&path).and_then(|node| node.as_scalar()).map(|scalar| scalar.value().to_owned());
            assert_eq!(stands.as_ref(), Some(from));
            let mut edit = document.edit();
            edit.set(&path, &NewScalar::from(to.as_str()))?;
            Ok(edit.finish()?)
        }
        Undo::ListAgain { path, on, added, flow } => list_again(document, &path.parse()?, (on, *added, *flow)),
    }
}

fn remove(document: &Document, path: &Path) -> Result<Document, Box<dyn std::error::Error>> {
    let mut edit = document.edit();
    edit.remove(path)?;
    Ok(edit.finish()?)
}

/// Removes what is empty above a path, up to what was made for it.
fn prune(mut document: Document, path: &str, created: Option<&str>) -> Result<Document, Box<dyn std::error::Error>> {
    let Some(created) = created else { return Ok(document) };
    let (mut path, created): (Path, Path) = (path.parse()?, created.parse()?);
    while let Some(parent) = path.parent().filter(|parent| parent.starts_with(&created)) {
        let is_empty = document.get(&parent).is_some_and(|node| {
            node.as_mapping().is_some_and(|entries| entries.is_empty())
                || node.as_sequence().is_some_and(|items| items.is_empty())
        });
        if !is_empty {
            break;
        }
        document = remove(&document, &parent)?;
        path = parent;
    }
    Ok(document)
}

fn list_again(
    document: &Document,
    path: &Path,
    (on, added, flow): (&str, bool, bool),
) -> Result<Document, Box<dyn std::error::Error>> {
    let map = document.get(path).and_then(|node| node.as_mapping()).ok_or("no map")?;
    let keys = map.entries().filter_map(|(key, _)| key.as_scalar());
    let keys = keys.map(|key| key.value()).filter(|key| !(added && *key == on));
    let items = keys.map(NewValue::from).collect();
    let (parent, key) = (path.parent().ok_or("root")?, path.segments().last().cloned());
    let Some(compose_edit::Segment::Key(key)) = key else { return Err("no key".into()) };
    let document = remove(document, path)?;
    let mut edit = document.edit();
    edit.insert(&parent, &key, &NewValue::List { items, flow }, None)?;
    Ok(edit.finish()?)
}
