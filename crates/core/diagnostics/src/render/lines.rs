//! What stands behind a message, for forms that have no columns: a line each.

use crate::diagnostic::Diagnostic;
use crate::invocation::Invocation;

/// What was seen.
pub(super) fn evidence(one: &Diagnostic) -> impl Iterator<Item = String> {
    one.evidence.iter().map(ToString::to_string)
}

/// What can be done, the label first.
pub(super) fn remedies<'d>(
    one: &'d Diagnostic,
    invocation: &'d Invocation,
) -> impl Iterator<Item = String> + 'd {
    one.remedies.iter().map(|remedy| {
        let lines = remedy.lines(invocation).join("\n");
        match remedy.label.as_str() {
            "" => lines,
            label => format!("{label}: {lines}"),
        }
    })
}
