//! What was found so far.

use compose_edit::Path;
use compose_model::{Files, Value};
use diagnostics::{Diagnostic, Location, Severity};

/// The findings of a check, in the order in which they were made.
pub(crate) struct Report<'f> {
    files: &'f Files,
    rule: &'static str,
    findings: Vec<Diagnostic>,
}

impl<'f> Report<'f> {
    pub(crate) fn new(files: &'f Files) -> Self {
        Self {
            files,
            rule: "",
            findings: Vec::new(),
        }
    }

    /// What follows is found by this rule, until another one is named.
    pub(crate) fn by_rule(&mut self, rule: &'static str) {
        self.rule = rule;
    }

    /// Notes a fault of a value.
    pub(crate) fn add(&mut self, path: &Path, value: &Value, problem: impl Into<String>) {
        let at = Location::parse(&value.origin.locate(self.files));
        let found = Diagnostic::new(self.rule, Severity::Error, path.to_string(), problem);
        self.findings.push(found.at(at));
    }

    pub(crate) fn files(&self) -> &'f Files {
        self.files
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }
}
