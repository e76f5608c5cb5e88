//! A list of operations made one after the other, and the list that takes them back.

use std::collections::BTreeMap;

use compose_edit::Path;

use super::{EditDocument, NodePath, Operation, Remove};
use crate::Workspace;
use crate::refusal::Refusal;

/// Makes operations in their order; gives what takes them back, the last one first.
///
/// Those within one file that keep apart are made against one parse. One that meets another has
/// those before it written and the file read again first: that costs time, and nothing else.
///
/// # Errors
/// [`Refusal`] of the first operation that cannot be made; the workspace is then to be thrown away.
pub fn run(
    workspace: &mut Workspace<'_>,
    operations: &[Operation],
) -> Result<Vec<Operation>, Refusal> {
    let inverse = make(workspace, operations)?;
    refuse_irreversible(&inverse)?;
    Ok(inverse)
}

/// Makes what takes a program back, in its order.
///
/// # Errors
/// As for [`run`].
pub fn take_back(workspace: &mut Workspace<'_>, undo: &[Operation]) -> Result<(), Refusal> {
    make(workspace, undo).map(drop)
}

/// Makes operations; gives what makes the files again what they were, the last one first.
pub(crate) fn make(
    workspace: &mut Workspace<'_>,
    operations: &[Operation],
) -> Result<Vec<Operation>, Refusal> {
    let (mut open, mut inverse) = (Open::default(), Vec::new());
    for operation in operations {
        let Some(edit) = operation.own().in_document() else {
            operation
                .files()
                .iter()
                .try_for_each(|file| open.write(workspace, file))?;
            note(&mut inverse, operation.inverse(workspace)?);
            operation.apply(workspace)?;
            continue;
        };
        let file = operation.node().file;
        let mut touched = edit.touches(workspace.document(&file)?);
        if open.meets(&file, &touched) {
            open.write(workspace, &file)?;
            touched = edit.touches(workspace.document(&file)?);
        }
        note(&mut inverse, operation.inverse(workspace)?);
        open.edits
            .entry(file)
            .or_default()
            .push(OpenEdit { edit, touched });
    }
    let files: Vec<_> = open.edits.keys().cloned().collect();
    files
        .iter()
        .try_for_each(|file| open.write(workspace, file))?;
    inverse.reverse();
    Ok(inverse)
}

/// Notes what takes an operation back. What one of them made for itself and another one uses goes
/// with the last of both.
fn note(inverse: &mut Vec<Operation>, mut operation: Option<Operation>) {
    if let Some(Operation::Remove(own)) = &mut operation {
        own.created = own
            .created
            .take()
            .or_else(|| inverse.iter().find_map(|before| created_above(before, own)));
    }
    inverse.extend(operation);
}

/// Refuses to take out what the same operations have put there: the file from before does not have
/// it.
fn refuse_irreversible(inverse: &[Operation]) -> Result<(), Refusal> {
    for (index, operation) in inverse
        .iter()
        .enumerate()
        .filter(|(_, own)| own.need().is_some())
    {
        let place = operation.node();
        let meets = |other: &NodePath| {
            let is_related =
                other.path.starts_with(&place.path) || place.path.starts_with(&other.path);
            other.file == place.file && is_related
        };
        // Last first: those behind it were made before.
        if inverse[index + 1..]
            .iter()
            .flat_map(Operation::declared_paths)
            .any(|other| meets(&other))
        {
            return Err(Refusal::Irreversible {
                file: place.file,
                path: place.path,
            });
        }
    }
    Ok(())
}

/// What an operation before made that holds what another one removes.
fn created_above(before: &Operation, own: &Remove) -> Option<Path> {
    let Operation::Remove(before) = before else {
        return None;
    };
    before
        .created
        .clone()
        .filter(|created| before.file == own.file && own.path.starts_with(created))
}

/// Edits that are still to be written, by file.
#[derive(Default)]
struct Open<'o> {
    edits: BTreeMap<String, Vec<OpenEdit<'o>>>,
}

struct OpenEdit<'o> {
    edit: &'o dyn EditDocument,
    /// The outermost node that it changes.
    touched: Path,
}

impl Open<'_> {
    /// Whether an edit at a place would see or change what one before it does.
    fn meets(&self, file: &str, touched: &Path) -> bool {
        let edits = self.edits.get(file).into_iter().flatten();
        edits
            .into_iter()
            .any(|own| own.touched.starts_with(touched) || touched.starts_with(&own.touched))
    }

    fn write(&mut self, workspace: &mut Workspace<'_>, file: &str) -> Result<(), Refusal> {
        let Some(edits) = self.edits.remove(file) else {
            return Ok(());
        };
        let edits: Vec<_> = edits.iter().map(|own| own.edit).collect();
        workspace.edit(file, &edits)
    }
}
