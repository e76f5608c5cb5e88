//! `compose/stack.yaml` as a text that commands edit.

use std::path::Path;

use anyhow::Result;
use transaction::{CheckoutWriter, Digest, Write};

use crate::checkout::{Unreadable, read_text};
use crate::root::STACK_FILE;

/// The text as it was read; none where there is no such file yet.
pub(crate) struct StackFile(Option<String>);

impl StackFile {
    /// Reads it.
    ///
    /// # Errors
    /// Where it is there and cannot be read.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        match read_text(root, STACK_FILE) {
            Ok(text) => Ok(Self(Some(text))),
            Err(Unreadable::Missing(_)) => Ok(Self(None)),
            Err(error) => Err(error.into()),
        }
    }

    /// The text; empty where there is no file.
    pub(crate) fn text(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether there is a file.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// Writes another text, unless somebody wrote one since it was read.
    ///
    /// # Errors
    /// As for [`CheckoutWriter::commit`].
    pub(crate) fn replace(&self, writer: &mut CheckoutWriter, text: String) -> Result<()> {
        let write = Write {
            path: STACK_FILE.to_owned(),
            before: self.0.as_deref().map(Digest::of),
            text: Some(text),
        };
        Ok(writer.commit(STACK_FILE, &[write])?)
    }
}
