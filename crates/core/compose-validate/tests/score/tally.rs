//! Verdicts counted by kind of mutation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::corpus::Subject;
use crate::mutation::Mutation;
use crate::verdict::Verdict;

/// What was counted.
#[derive(Default)]
pub struct Tally {
    by_kind: BTreeMap<&'static str, Count>,
    alarms: Vec<String>,
    misses: Vec<String>,
    unmerged: Vec<String>,
    /// Files that Compose accepts.
    pub accepted: BTreeSet<String>,
}

#[derive(Default)]
struct Count {
    accepted: usize,
    rejected: usize,
    alarms: usize,
    misses: usize,
    /// Accepted by Compose; the view refuses to guess what the merge would be.
    unmerged: usize,
}

impl Tally {
    pub fn count(
        &mut self,
        subject: &Subject,
        mutation: &Mutation,
        theirs: &Verdict,
        ours: Verdict,
    ) {
        let count = self.by_kind.entry(mutation.kind).or_default();
        let case = format!("{} [{}: {}]", subject.name, mutation.kind, mutation.what);
        match (theirs, ours) {
            (Verdict::Accepted, Verdict::Accepted) => count.accepted += 1,
            (Verdict::Accepted, Verdict::Rejected(problem)) => {
                count.accepted += 1;
                if problem.starts_with("view") {
                    count.unmerged += 1;
                    self.unmerged.push(format!("{case}\n    {problem}"));
                    return;
                }
                count.alarms += 1;
                self.alarms.push(format!("{case}\n    {problem}"));
            }
            (Verdict::Rejected(_), Verdict::Rejected(_)) => count.rejected += 1,
            (Verdict::Rejected(words), Verdict::Accepted) => {
                count.rejected += 1;
                count.misses += 1;
                self.misses.push(format!("{case}\n    {words}"));
            }
        }
        if *theirs == Verdict::Accepted {
            self.accepted.insert(subject.name.clone());
        }
    }

    fn sum(&self, of: fn(&Count) -> usize) -> usize {
        self.by_kind.values().map(of).sum()
    }

    pub fn total(&self) -> usize {
        self.sum(|count| count.accepted + count.rejected)
    }

    pub fn kinds(&self) -> usize {
        self.by_kind.len()
    }

    /// Files that the view does not merge though Compose somehow does.
    pub fn unmerged(&self) -> &[String] {
        &self.unmerged
    }

    /// Misses in percent of what Compose rejects.
    #[expect(clippy::cast_precision_loss, reason = "thousands at most")]
    pub fn missed_percent(&self) -> f64 {
        100.0 * self.misses.len() as f64 / self.sum(|count| count.rejected).max(1) as f64
    }

    pub fn alarms(&self) -> String {
        self.alarms.join("\n")
    }

    pub fn misses(&self) -> String {
        self.misses.join("\n")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<39}{:>9}{:>9}{:>13}{:>8}{:>9}",
            "kind", "accepted", "rejected", "false alarms", "missed", "unmerged"
        )?;
        for (
            kind,
            Count {
                accepted,
                rejected,
                alarms,
                misses,
                unmerged,
            },
        ) in &self.by_kind
        {
            writeln!(
                f,
                "{kind:<39}{accepted:>9}{rejected:>9}{alarms:>13}{misses:>8}{unmerged:>9}"
            )?;
        }
        let [accepted, rejected] = [
            self.sum(|count| count.accepted),
            self.sum(|count| count.rejected),
        ];
        let [alarms, misses, unmerged] = [&self.alarms, &self.misses, &self.unmerged].map(Vec::len);
        writeln!(
            f,
            "{:<39}{accepted:>9}{rejected:>9}{alarms:>13}{misses:>8}{unmerged:>9}",
            "all"
        )?;
        writeln!(
            f,
            "missed: {:.2} % of what is rejected",
            self.missed_percent()
        )
    }
}
