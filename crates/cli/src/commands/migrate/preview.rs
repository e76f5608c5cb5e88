//! What a run would do, worked out once in memory.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use stories::Story;
use transaction::Digest;

use crate::checker::Checker;
use crate::git;
use crate::pipeline::{Progress, Report, Run};
use crate::state::runs::FileHashes;

/// What the stories would do, checked by the embedded checker alone; as far as they come. It is
/// worked out when it is first asked for, for most runs need not know, and then once: whatever is
/// decided is decided of the same.
#[derive(Debug)]
pub(super) struct Preview<'r> {
    /// The run that would do it; nothing is written yet.
    pub(super) run: &'r Run,
    /// The stories, in order.
    pub(super) stories: &'r [Story],
    reports: OnceCell<Vec<Report>>,
}

impl<'r> Preview<'r> {
    /// Of a run over stories, in order.
    pub(super) fn of(run: &'r Run, stories: &'r [Story]) -> Self {
        Self {
            run,
            stories,
            reports: OnceCell::new(),
        }
    }

    /// What would become of each story that would do something.
    pub(super) fn reports(&self) -> &[Report] {
        self.reports.get_or_init(|| {
            let mut rehearsal = self.run.rehearsal(Checker::Embedded);
            let mut progress = Progress::default();
            self.stories
                .iter()
                .for_each(|story| progress.apply(&mut rehearsal, story, |_, _| Ok(())));
            progress.reports
        })
    }

    /// The files that would be written, records among them, in the order of the writes; some more
    /// than once.
    pub(super) fn writes(&self) -> impl Iterator<Item = &FileHashes> {
        self.reports().iter().flat_map(|report| &report.hashes)
    }

    /// The files that would be written.
    pub(super) fn files(&self) -> BTreeSet<&str> {
        self.writes().map(|file| file.path.as_str()).collect()
    }

    /// The files that the first write to them would make again what the last commit holds: nothing
    /// that stands in them now gets into a commit.
    pub(super) fn restored(&self) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let first = self.writes().filter(|file| seen.insert(&file.path));
        first
            .filter(|file| self.is_committed(file))
            .map(|file| file.path.as_str())
            .collect()
    }

    /// Whether the last commit holds what a write would leave.
    fn is_committed(&self, file: &FileHashes) -> bool {
        let committed = git::committed(&self.run.checkout.root, &file.path)
            .map(|text| Digest::of(text).to_string());
        committed.is_some() && committed == file.after
    }
}
