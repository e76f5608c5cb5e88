//! What is wrong, and where.

use compose_edit::Path;
use compose_model::{Files, Value};

/// A fault for which `docker compose config` rejects the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where in the merged model, as `services.web.ports[0]`.
    pub path: Path,
    /// Where it is written, as `file:line:column`.
    pub at: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// The findings of a check, in the order in which they were made.
pub(crate) struct Report<'f> {
    files: &'f Files,
    findings: Vec<Finding>,
}

impl<'f> Report<'f> {
    pub(crate) fn new(files: &'f Files) -> Self {
        Self {
            files,
            findings: Vec::new(),
        }
    }

    /// Notes a fault of a value.
    pub(crate) fn add(&mut self, path: &Path, value: &Value, problem: impl Into<String>) {
        let at = value.origin.locate(self.files);
        self.findings.push(Finding {
            path: path.clone(),
            at,
            problem: problem.into(),
        });
    }

    pub(crate) fn files(&self) -> &'f Files {
        self.files
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
