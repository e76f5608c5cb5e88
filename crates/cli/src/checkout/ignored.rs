//! A ledger that git ignores: what is recorded there reaches nobody.

use std::fmt;
use std::path::Path;

use super::LEDGER;
use crate::git;

/// A record as every story has one.
pub(super) const RECORD: &str = "compose/ledger/0.0-any.yaml";

/// Why the ledger is ignored, and the lines that end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    /// `.gitignore:1: compose/`.
    by: Option<String>,
    /// The file that the lines go into.
    file: String,
    lines: Vec<String>,
}

impl Ignored {
    /// Asks git what makes it ignore a record.
    pub(super) fn of(root: &Path) -> Self {
        let (folder, own) = (LEDGER.split('/').next().unwrap_or_default(), LEDGER);
        let steps = [format!("{folder}/"), format!("{own}/"), RECORD.to_owned()];
        match steps
            .iter()
            .find_map(|step| Some((step, git::ignoring_pattern(root, step)?)))
        {
            Some((step, pattern)) => Self::by(step, &pattern),
            None => Self {
                by: None,
                file: ".gitignore".to_owned(),
                lines: lines_from("", &steps[0], "*"),
            },
        }
    }

    fn by(step: &str, by: &git::IgnoringPattern) -> Self {
        let git::IgnoringPattern {
            source,
            line,
            pattern,
        } = by;
        // A deeper file wins over the checkout's own.
        let own_folder = source
            .strip_suffix("/.gitignore")
            .filter(|folder| LEDGER.starts_with(folder));
        let file = own_folder.map_or_else(|| ".gitignore".to_owned(), |_| source.to_owned());
        let lines = lines_from(own_folder.unwrap_or_default(), step, pattern);
        Self {
            by: Some(format!("{source}:{line}: {pattern}")),
            file,
            lines,
        }
    }
}

/// The lines that take the ledger back from a pattern which matches first at `step`; they count
/// from `folder`.
fn lines_from(folder: &str, step: &str, pattern: &str) -> Vec<String> {
    let below = |path: &str| {
        format!(
            "!/{}",
            path.strip_prefix(folder)
                .unwrap_or(path)
                .trim_start_matches('/')
        )
    };
    // What matches any name matches those below, too.
    let is_any = pattern.ends_with('*')
        && !pattern
            .trim_end_matches('*')
            .trim_end_matches('/')
            .contains("ledger");
    let steps = [
        "compose/".to_owned(),
        format!("{LEDGER}/"),
        format!("{LEDGER}/*.yaml"),
    ];
    let from = steps.iter().position(|known| known == step).unwrap_or(2);
    let reaches_below = |at: usize| at == from || (is_any && at > from);
    steps
        .iter()
        .enumerate()
        .filter(|(at, _)| reaches_below(*at))
        .map(|(_, step)| below(step))
        .collect()
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self
            .by
            .as_ref()
            .map(|by| format!(" ({by})"))
            .unwrap_or_default();
        write!(
            f,
            "{LEDGER}/ is ignored by git{by}: what is recorded there reaches no colleague;\n  add to {}:  {}",
            self.file,
            self.lines.join("  ")
        )
    }
}
