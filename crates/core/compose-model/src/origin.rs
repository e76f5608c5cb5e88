//! Where a value comes from.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_edit::{Document, Span};

use crate::ScopeId;

/// Parsed files by their path, relative to the checkout's root, with `/` between folders and no `.`
/// or `..` inside.
pub type Files = BTreeMap<String, Document>;

/// The text that gives a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Path of the file, as a key of [`Files`].
    pub file: Arc<str>,
    /// The value's own bytes in that file; for a value that a short form implies, the short form's.
    pub span: Span,
    /// The bytes of the value's key, where it stands under one.
    pub key: Option<Span>,
    /// The variables that the text sees.
    pub scope: ScopeId,
}

impl Origin {
    /// The place as `file:line:column`, the key's where there is one.
    #[must_use]
    pub fn locate(&self, files: &Files) -> String {
        let offset = self.key.unwrap_or(self.span).start;
        match files.get(&*self.file) {
            Some(document) => format!("{}:{}", self.file, document.position(offset)),
            None => self.file.to_string(),
        }
    }
}
