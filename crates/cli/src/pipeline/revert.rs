//! A story taken back goes down the same line: in memory, proved, checked, compared, settled,
//! committed, its record last. Where several go, all are settled before the first is written.

use std::collections::BTreeMap;

use stories::assessment::Note;
use stories::{Before, Context, Operation, ProvedRevert, Record, Revert, State, Story, StoryId};
use transaction::{Transaction, Write};

use super::{Failure, FileChange, Proposal, Run, record};
use crate::checker::Accepted;
use crate::git;

/// A proved revert that its checker accepts, and whose resolved models differ in the story's paths
/// alone. Only [`Run::check_revert`] makes one; only one can be committed.
#[derive(Debug)]
pub struct CheckedRevert {
    revert: ProvedRevert,
    files: Vec<FileChange>,
    checks: Vec<Accepted>,
}

/// A checked revert that the run counts on, its files still to be written. Only
/// [`Run::settle_revert`] makes one.
#[derive(Debug)]
pub struct SettledRevert {
    story: Story,
    /// What each file is to hold; nothing where it goes.
    texts: Vec<(String, Option<String>)>,
    reverted: Reverted,
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
    /// What the story made and that stays, with why.
    pub kept: Vec<String>,
    /// Whether the next `migrate` applies it again.
    pub comes_back: bool,
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
    pub fn revert(&self, story: &Story, record: &Record) -> Result<ProvedRevert, Failure> {
        let stack = &self.checkout.stack;
        let memory = self.checkout.memory.preimages();
        let before = |file: String| {
            Some((
                file.clone(),
                memory.before(&story.id, &file, stack.text(&file))?,
            ))
        };
        let mut known: BTreeMap<_, _> = record.files().into_iter().filter_map(before).collect();
        for need in record.undo.iter().filter_map(Operation::need) {
            let text = || git::blob(&self.checkout.root, need.file, need.blob?);
            if !known.contains_key(need.file)
                && let Some(text) = text()
            {
                known.insert(need.file.to_owned(), Before::blob(text));
            }
        }
        let applied = record.environments.keys();
        let applied: Vec<_> = applied.filter(|name| record.is_applied_in(name)).collect();
        let refuse = |refusal| {
            let environments = stack.layout.unless_all(applied.iter().copied());
            Failure::refused(story, refusal, environments)
        };
        let mut revert = Revert::make(stack, story, record, &known).map_err(refuse)?;
        revert
            .edited
            .iter_mut()
            .for_each(|edited| edited.what = self.secrets().redact(&edited.what));
        revert.prove(stack).map_err(refuse)
    }

    /// Has the revert checked in every environment that reads one of its files, and compares what
    /// they resolve to.
    ///
    /// # Errors
    /// [`Failure`] in the checker's own words, with the diff.
    pub fn check_revert(
        &mut self,
        story: &Story,
        revert: ProvedRevert,
    ) -> Result<CheckedRevert, Failure> {
        let change = |path: &String| {
            let [before, after] = [&self.checkout.stack, &revert.stack]
                .map(|stack| stack.text(path).unwrap_or_default());
            let paths = revert.undone(path).map(ToString::to_string).collect();
            FileChange::between(path, before, after, paths, self.secrets())
        };
        let files: Vec<_> = revert.changed.keys().map(change).collect();
        let declared = |_: &str| revert.declared.as_slice();
        let (stack, takes_away) = (&revert.stack, true);
        let checks = self.accept(&Proposal {
            story,
            stack,
            files: &files,
            declared: &declared,
            takes_away,
        })?;
        Ok(CheckedRevert {
            revert,
            files,
            checks,
        })
    }

    /// Moves on as if it were written: the next revert is made on top of this one. Nothing is
    /// written yet.
    ///
    /// # Errors
    /// When what is left of the record cannot be put into words.
    pub fn settle_revert(
        &mut self,
        story: &Story,
        checked: CheckedRevert,
        skip_reason: Option<&str>,
    ) -> Result<SettledRevert, Failure> {
        let CheckedRevert {
            revert,
            files,
            checks,
        } = checked;
        let known = self
            .checkout
            .ledger
            .remove(&story.id)
            .unwrap_or_else(|| Record::of(story));
        let left = left_of(story, &revert, &known, skip_reason);
        let record = left.as_ref().map(Record::text).transpose();
        let record = record.map_err(|error| Failure::record(story, &error.to_string()))?;
        let file = |path: &String| (path.clone(), revert.stack.text(path).map(str::to_owned));
        let record_path = record::path(story);
        let texts = revert
            .changed
            .keys()
            .map(file)
            .chain([(record_path.clone(), record)])
            .collect();
        self.checkout
            .ledger
            .extend(left.clone().map(|record| (story.id.clone(), record)));
        self.resolved.extend(
            checks
                .iter()
                .map(|one| (one.environment.clone(), one.resolved.clone())),
        );
        let reverted = Reverted {
            id: story.id.clone(),
            title: story.title.clone(),
            environments: applied_in(&known),
            files,
            exact: revert.is_exact(),
            checks,
            one_way: one_way(story, &known, &revert),
            kept: revert
                .kept
                .iter()
                .map(|(path, service)| format!("{path}: {service} mounts it"))
                .collect(),
            comes_back: skip_reason.is_none(),
            record: left,
            record_path,
        };
        self.checkout.stack = revert.into_revert().stack;
        Ok(SettledRevert {
            story: story.clone(),
            texts,
            reverted,
        })
    }

    /// Writes the files, then what is left of the record. A dry run only looks whether that can be
    /// done.
    ///
    /// # Errors
    /// When a file cannot be written; it is named.
    pub fn commit_revert(&mut self, settled: SettledRevert) -> Result<Reverted, Failure> {
        let SettledRevert {
            story,
            texts,
            reverted,
        } = settled;
        let before = |path: &String| self.checkout.digests.get(path).cloned();
        let write = |(path, text)| Write {
            before: before(&path),
            path,
            text,
        };
        let writes: Vec<_> = texts.into_iter().map(write).collect();
        if self.dry {
            Transaction::must_be_replaceable(&self.checkout.root, &writes)
                .map_err(|error| Failure::write(&story, error))?;
        } else {
            self.write(&story, "the revert of ", &writes, &reverted.checks)?;
        }
        Ok(reverted)
    }
}

/// What is left of a record; with a reason, the environments that the story would come back to are
/// skipped in it.
fn left_of(
    story: &Story,
    revert: &Revert,
    known: &Record,
    skip_reason: Option<&str>,
) -> Option<Record> {
    let left = known.reverted(skip_reason)?;
    Some(match skip_reason {
        Some(reason) => left.skipped(&revert.stack, &coming(story, revert, known), reason),
        None => left,
    })
}

/// The environments to which the next `migrate` would bring the story, and of which its record says
/// nothing.
fn coming(story: &Story, revert: &Revert, known: &Record) -> Vec<String> {
    let is_pending = |name: &&String| {
        matches!(
            State::of(&revert.stack, story, None, name),
            State::Pending(_)
        )
    };
    let environments = revert.stack.layout.environments.keys();
    let unsaid = environments.filter(|name| !known.environments.contains_key(*name));
    unsaid.filter(is_pending).cloned().collect()
}

/// The environments that a story was applied in.
fn applied_in(record: &Record) -> Vec<String> {
    let names = record.environments.keys();
    names
        .filter(|name| record.is_applied_in(name))
        .cloned()
        .collect()
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
