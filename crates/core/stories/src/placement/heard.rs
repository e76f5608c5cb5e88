//! The files whose word on a place counts: what a later file takes away with `!override` or
//! `!reset` is not heard.

use compose_edit::{Document, Path};

use crate::Stack;
use crate::refusal::Refusal;

/// The files of an environment that are heard on a place.
pub(super) struct Heard<'s> {
    /// In their order: the environment's own, then those that these extend and include.
    pub(super) files: Vec<&'s str>,
    /// How many of them are the environment's own.
    pub(super) own: usize,
}

impl<'s> Heard<'s> {
    /// The files that are heard at a path. Tags of files that git ignores count for their owner
    /// alone.
    ///
    /// # Errors
    /// [`Refusal::Reset`] where the last word is that there be nothing.
    pub(super) fn of(stack: &'s Stack, environment: &str, at: &Path) -> Result<Self, Refusal> {
        let files = stack.files_of(environment);
        let own = stack.own_files(environment).len().min(files.len());
        let (mut first, mut reset) = (0, None);
        for (index, file) in files[..own]
            .iter()
            .enumerate()
            .filter(|(_, file)| !stack.is_ignored(file))
        {
            let document = &stack.files[*file];
            match tagged(document, at) {
                Some((path, "!reset")) => (first, reset) = (index + 1, Some((*file, path))),
                Some(_) => (first, reset) = (index, None),
                None => reset = reset.filter(|(_, path)| document.get(path).is_none()),
            }
        }
        match reset {
            Some((file, path)) => {
                let at = stack.files[file]
                    .get(&path)
                    .map(compose_edit::Node::position)
                    .unwrap_or_default();
                Err(Refusal::Reset {
                    file: file.to_owned(),
                    at,
                    path,
                })
            }
            // What is included or extended is merged below what stands in the file that says so.
            None if first > 0 => Ok(Self {
                files: files[first..own].to_vec(),
                own: own - first,
            }),
            None => Ok(Self { files, own }),
        }
    }
}

/// The innermost node with `!reset` or `!override` at a path or above it, and its tag.
fn tagged<'d>(document: &'d Document, at: &Path) -> Option<(Path, &'d str)> {
    std::iter::successors(Some(at.clone()), Path::parent).find_map(|path| {
        let tag = document
            .get(&path)?
            .tag()
            .filter(|tag| ["!reset", "!override"].contains(tag))?;
        Some((path, tag))
    })
}
