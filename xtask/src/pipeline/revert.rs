//! A story taken back goes down the same line: in memory, proved, checked, compared, committed, its record last.

use std::collections::BTreeMap;

use stories::assessment::Note;
use stories::{Context, Entry, Record, Revert, Story, StoryId};

use super::{Failure, FileChange, Proposal, Run, record};
use crate::checker::Accepted;
use crate::commit::Write;

/// A revert that its checker accepts, and whose resolved models differ in the story's paths alone. Only
/// [`Run::check_revert`] makes one; only one can be committed.
#[derive(Debug)]
pub struct CheckedRevert {
    revert: Revert,
    files: Vec<FileChange>,
    checks: Vec<Accepted>,
}

/// A story that was taken back.
#[derive(Debug)]
pub struct Reverted {
    /// The story.
    pub id: StoryId,
    /// Its title.
    pub title: String,
    /// The environments that it was applied in.
    pub environments: Vec<String>,
    /// The files that changed.
    pub files: Vec<FileChange>,
    /// Whether all of them are byte for byte as before the story.
    pub exact: bool,
    /// The checks that passed.
    pub checks: Vec<Accepted>,
    /// What cannot be taken back in the data.
    pub one_way: Vec<String>,
    /// What is left of the record.
    pub record: Option<Record>,
    /// Where the record lies or lay.
    pub record_path: String,
}

impl Run {
    /// Takes a recorded story back in memory and proves it.
    ///
    /// # Errors
    /// [`Failure`] by name.
    pub fn revert(&self, story: &Story, record: &Record) -> Result<Revert, Failure> {
        let stack = &self.checkout.stack;
        let memory = self.checkout.memory.preimages();
        let before = |file: &String| memory.before(&story.id, file, stack.files.get(file)?.text());
        let known: BTreeMap<_, _> = record.undo.keys().filter_map(|file| Some((file.clone(), before(file)?))).collect();
        let refuse = |refusal| Failure::refused(story, refusal);
        let mut revert = Revert::make(stack, story, record, &known).map_err(refuse)?;
        revert.edited.iter_mut().for_each(|edited| edited.what = self.secrets.redact(&edited.what));
        revert.prove(stack).map_err(refuse)?;
        Ok(revert)
    }

    /// Has the revert checked in every environment that reads one of its files, and compares what they resolve to.
    ///
    /// # Errors
    /// [`Failure`] in the checker's own words, with the diff.
    pub fn check_revert(&mut self, story: &Story, revert: Revert) -> Result<CheckedRevert, Failure> {
        let change = |path: &String| {
            let (before, after) = (self.checkout.stack.files[path].text(), revert.stack.files[path].text());
            let paths = revert.undone(path).map(ToString::to_string).collect();
            FileChange::between(path, (before, after), paths, &self.secrets)
        };
        let files: Vec<_> = revert.changed.keys().map(change).collect();
        let declared = |_: &str| revert.declared.as_slice();
        let checks = self.accept(&Proposal { story, stack: &revert.stack, files: &files, declared: &declared })?;
        Ok(CheckedRevert { revert, files, checks })
    }

    /// Writes the files, then what is left of the record, and moves on. A dry run only moves on.
    ///
    /// # Errors
    /// When a file cannot be written; it is named.
    pub fn commit_revert(
        &mut self,
        story: &Story,
        checked: CheckedRevert,
        keep_out: Option<&str>,
    ) -> Result<Reverted, Failure> {
        let CheckedRevert { revert, files, checks } = checked;
        let known = self.checkout.ledger.remove(&story.id).unwrap_or_else(|| Record::of(story));
        let left = known.reverted(keep_out);
        let mut writes: Vec<Write> = revert
            .changed
            .keys()
            .map(|path| self.write_of(path, Some(revert.stack.files[path].text().to_owned())))
            .collect();
        let text = left.as_ref().map(Record::text).transpose();
        let record_path = record::path(story);
        writes.push(self.write_of(&record_path, text.map_err(|error| Failure::record(story, &error.to_string()))?));
        if !self.dry {
            self.write(story, &writes, &checks)?;
        }
        self.checkout.ledger.extend(left.clone().map(|record| (story.id.clone(), record)));
        self.resolved.extend(checks.iter().map(|one| (one.environment.clone(), one.resolved.clone())));
        let (one_way, exact) = (one_way(story, &known, &revert), revert.is_exact());
        self.checkout.stack = revert.stack;
        let (id, title, record) = (story.id.clone(), story.title.clone(), left);
        let environments = applied_in(&known);
        Ok(Reverted { id, title, environments, files, exact, checks, one_way, record, record_path })
    }
}

impl Run {
    fn write_of(&self, path: &str, text: Option<String>) -> Write {
        Write { path: path.to_owned(), before: self.checkout.digests.get(path).cloned(), text }
    }
}

/// The environments that a story was applied in.
fn applied_in(record: &Record) -> Vec<String> {
    let applied = record.environments.iter().filter(|(_, entry)| **entry == Entry::Applied);
    applied.map(|(name, _)| name.clone()).collect()
}

/// What a story says of data that does not go back with the files.
#[must_use]
pub fn one_way(story: &Story, record: &Record, revert: &Revert) -> Vec<String> {
    let known = |name: &String| revert.stack.layout.environments.contains_key(name);
    let mut words = Vec::new();
    for name in applied_in(record).iter().filter(|name| known(name)) {
        for note in story.notes(&Context::new(&revert.stack, name)) {
            match note {
                Note::OneWay(text) if !words.contains(&text) => words.push(text),
                _ => {}
            }
        }
    }
    words
}
