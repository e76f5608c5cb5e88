//! Any text, any operation, any place: no panic; what is not refused gives YAML that differs in the
//! asked place alone.
//!
//!     cargo +nightly fuzz run edits
#![no_main]

use compose_edit::{
    Content, Document, Edit, EditError, NewScalar, NewValue, Node, Path, differences,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, u16, &str)| {
    let (operation, place, text) = input;
    let Ok(document) = Document::parse(text) else {
        return;
    };
    let Some(root) = document.root() else { return };
    let mut paths = vec![Path::root()];
    collect(root, &Path::root(), &mut paths);
    let path = &paths[usize::from(place) % paths.len()];
    let mut edit = document.edit();
    if apply(&mut edit, operation, path).is_err() {
        return;
    }
    let Ok(after) = edit.finish() else { return };
    // A text that the independent parser does not read proves nothing either way.
    let Ok(found) = differences(text, after.text()) else {
        return;
    };
    let parent = path.parent().unwrap_or_default();
    assert!(
        found
            .iter()
            .all(|changed| changed.starts_with(&parent) || parent.starts_with(changed)),
        "{found:?} for {path}"
    );
});

fn apply(edit: &mut Edit<'_>, operation: u8, path: &Path) -> Result<(), EditError> {
    match operation % 7 {
        0 => edit.set(path, &NewScalar::string("new value")),
        1 => edit.insert(path, "new-key", &NewValue::from("new value"), None),
        2 => edit.push(path, &NewValue::from("new item")),
        3 => edit.remove(path),
        4 => edit.rename(path, "new-key"),
        5 => edit.list_to_map(path, |item| (item.to_owned(), NewValue::Null)),
        _ => edit.take(path).map(drop),
    }
}

fn collect(node: Node<'_>, path: &Path, paths: &mut Vec<Path>) {
    let mut below = |path: Path, node| {
        paths.push(path.clone());
        collect(node, &path, paths);
    };
    match node.content() {
        Content::Mapping(mapping) => {
            for (key, value) in mapping.entries() {
                if let Some(key) = key.as_scalar() {
                    below(path.join(key.value()), value);
                }
            }
        }
        Content::Sequence(items) => items
            .items()
            .enumerate()
            .for_each(|(index, item)| below(path.join(index), item)),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}
