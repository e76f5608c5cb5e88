//! A story taken back in memory: by the bytes from before where they are known, else by what its
//! record says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use compose_edit::Path;
use compose_model::{Difference, DifferenceKind};

use crate::context::Context;
use crate::proof::differences;
use crate::refusal::Refusal;
use crate::waits::refuse_new;
use crate::{Draft, Operation, Place, Places, Record, Stack, Story, Workspace};

mod comments;
mod kept;
mod undone;

use kept::Kept;
use undone::UndoneFiles;

/// A recorded story taken back in memory, in all environments at once: they share files, and the
/// record says what was done to files.
#[derive(Debug)]
pub struct Revert {
    /// The stack as it would be.
    pub stack: Stack,
    /// The files that change, with how.
    pub changed: BTreeMap<String, RevertMethod>,
    /// What is not as the story left it. Reverting takes these edits back too.
    pub edited: Vec<Edited>,
    /// Volumes that the story declared and that stay: something else mounts them now.
    pub kept: BTreeMap<Path, String>,
    /// The paths of the environments that the story is about.
    pub declared: Vec<Path>,
    undone: BTreeMap<String, BTreeSet<Path>>,
}

/// A revert that was proved. Only [`Revert::prove`] makes one, and nothing changes it afterwards.
#[derive(Debug)]
pub struct ProvedRevert(Revert);

impl ProvedRevert {
    /// The revert alone, for who goes on with it in memory.
    #[must_use]
    pub fn into_revert(self) -> Revert {
        self.0
    }
}

impl Deref for ProvedRevert {
    type Target = Revert;

    fn deref(&self) -> &Revert {
        &self.0
    }
}

/// How a file gets back to where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevertMethod {
    /// Byte for byte: it holds what the story wrote, and this machine knows what it held before.
    Snapshot,
    /// Byte for byte: git has what it held before.
    Blob,
    /// Edit by edit: it says what it said before; the layout may differ.
    Structural,
}

/// What is known of a file before a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// What it held; none for a file that was not there.
    pub text: Option<String>,
    /// Who knows: this machine's snapshot, taken when the story left in the file what it holds now,
    /// or git.
    pub method: RevertMethod,
}

impl Before {
    /// What this machine noted when it applied the story.
    #[must_use]
    pub fn snapshot(text: Option<String>) -> Self {
        Self {
            text,
            method: RevertMethod::Snapshot,
        }
    }

    /// What git has under the id that the record names.
    #[must_use]
    pub fn blob(text: String) -> Self {
        Self {
            text: Some(text),
            method: RevertMethod::Blob,
        }
    }
}

/// The places at which a record says that its story was applied; the whole stack where those may be
/// called otherwise now.
fn applied_places(stack: &Stack, record: &Record, environments: &[&str]) -> Places {
    let places = |name: &str| -> BTreeSet<Place> {
        match record.may_call_otherwise(stack, name) {
            true => [Place::Stack].into(),
            false => record.applied_places(name).cloned().collect(),
        }
    };
    let named = environments
        .iter()
        .map(|name| ((*name).to_owned(), places(name)));
    named.filter(|(_, places)| !places.is_empty()).collect()
}

/// A place that is not as the story left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What is different.
    pub what: String,
    /// `file:line:column` of it, or of the nearest thing that is there.
    pub at: String,
}

impl Edited {
    /// `file:line`: what the record tells of a line need not be told again.
    fn line(&self) -> &str {
        self.at.rsplit_once(':').map_or(&self.at, |(line, _)| line)
    }
}

impl Revert {
    /// Takes a story back. `before` is what is known of the files before the story; a snapshot is
    /// used where every edit of the record is undone in it.
    ///
    /// # Errors
    /// [`Refusal`], by name; the stack is as it was.
    pub fn make(
        stack: &Stack,
        story: &Story,
        record: &Record,
        before: &BTreeMap<String, Before>,
    ) -> Result<Self, Refusal> {
        let nothing = Kept::new();
        let mut all = UndoneFiles::make(stack, record, before, &nothing)?;
        let kept = kept::still_mounted(&all.stack, record);
        if !kept.is_empty() {
            all = UndoneFiles::make(stack, record, before, &kept)?;
        }
        let UndoneFiles {
            stack: next,
            changed,
            edited,
        } = all;
        let lost = comments::lost(stack, &next, &changed);
        let (undone, declared) = (undone_paths(record), Vec::new());
        let kept = kept
            .into_iter()
            .map(|(place, service)| (place.path, service))
            .collect();
        let mut revert = Self {
            stack: next,
            changed,
            edited,
            kept,
            declared,
            undone,
        };
        revert.compare_with_again(stack, story, record);
        revert.edited.extend(lost);
        Ok(revert)
    }

    /// Whether every file gets back byte for byte.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.changed
            .values()
            .all(|method| *method != RevertMethod::Structural)
    }

    /// Where a file's edits are undone.
    pub fn undone(&self, file: &str) -> impl Iterator<Item = &Path> {
        self.undone.get(file).into_iter().flatten()
    }

    /// Applies the story to the reverted stack: it then says what the story is about, and what
    /// differs from what stands now was edited since.
    fn compare_with_again(&mut self, before: &Stack, story: &Story, record: &Record) {
        self.declared = self.undone.values().flatten().cloned().collect();
        if record.checksum != story.checksum() {
            let what = format!(
                "story {} itself: its checksum is not the recorded one",
                story.id
            );
            return self.edited.push(Edited {
                what,
                at: story.file_name(),
            });
        }
        // What is recorded was applied with whatever was guessed then.
        let mut undone = self.stack.clone();
        undone.accept_guesses();
        let all: Vec<&str> = undone
            .layout
            .environments
            .keys()
            .map(String::as_str)
            .collect();
        let applied = applied_places(before, record, &all);
        match Draft::make_at(&undone, story, &applied, &all) {
            Ok(again) => {
                let names = applied.keys();
                let declared = names.flat_map(|name| again.declared(name));
                self.declared.extend(declared.cloned());
                if !self.is_exact() {
                    let by_hand = undone_by_hand(before, record);
                    let found = all
                        .iter()
                        .flat_map(|name| edits(before, &again.stack, name, &by_hand));
                    found.for_each(|found| self.note_edit(found));
                }
            }
            Err(_) if self.is_exact() => {}
            Err(refusal) => self.edited.push(unlike(&refusal)),
        }
    }

    /// Notes an edit of a line that none is known of yet.
    fn note_edit(&mut self, found: Edited) {
        if !self.edited.iter().any(|known| known.line() == found.line()) {
            self.edited.push(found);
        }
    }

    /// Proves that the files differ where the record says that the story edited them, and the
    /// environments in what the story is about, and nowhere else.
    ///
    /// # Errors
    /// [`Refusal::Stray`], and what an independent reader finds in the texts.
    pub fn prove(self, before: &Stack) -> Result<ProvedRevert, Refusal> {
        self.must_hold(before)?;
        Ok(ProvedRevert(self))
    }

    fn must_hold(&self, before: &Stack) -> Result<(), Refusal> {
        for file in self.changed.keys() {
            let own: Vec<_> = self.undone(file).cloned().collect();
            if own.contains(&Path::root()) {
                continue;
            }
            let [old, new] =
                [before, &self.stack].map(|stack| stack.text(file).unwrap_or_default());
            let found = compose_edit::differences(old, new);
            let found = found.map_err(|source| Refusal::Oracle {
                file: file.clone(),
                source,
            })?;
            let found = found.into_iter().map(|path| Difference {
                path,
                kind: DifferenceKind::Changed,
            });
            refuse_stray(file, found.collect(), &own)?;
        }
        for environment in before.layout.environments.keys() {
            let found = differences(
                before.view(environment).root(),
                self.stack.view(environment).root(),
            );
            refuse_stray(environment, found, &self.declared)?;
            // What was there before, to the byte, was somebody's wish.
            if !self.is_exact() {
                refuse_new(before, &self.stack, environment)?;
            }
        }
        Ok(())
    }
}

/// Where each file may differ afterwards.
fn undone_paths(record: &Record) -> BTreeMap<String, BTreeSet<Path>> {
    let mut paths: BTreeMap<String, BTreeSet<Path>> = BTreeMap::new();
    for place in record.undo.iter().flat_map(Operation::declared_paths) {
        paths.entry(place.file).or_default().insert(place.path);
    }
    paths
}

/// The places in which somebody has taken the story back already: there is nothing to lose.
fn undone_by_hand(now: &Stack, record: &Record) -> Vec<Path> {
    let workspace = Workspace::of(now);
    record
        .undo
        .iter()
        .filter(|own| own.is_undone(&workspace))
        .map(|own| own.node().path)
        .collect()
}

/// What an environment says now and would not say had the story just been applied, and the other
/// way round.
fn edits(now: &Stack, again: &Stack, environment: &str, by_hand: &[Path]) -> Vec<Edited> {
    let cx = Context::new(now, environment);
    let edited = |found: Difference| {
        let how = match found.kind {
            DifferenceKind::Added => "is gone",
            DifferenceKind::Removed => "was added",
            DifferenceKind::Changed => "was changed",
        };
        let mut nearest = std::iter::successors(Some(found.path.clone()), Path::parent);
        let there = nearest.find_map(|path| cx.view.get(&path));
        Edited {
            what: format!("{} {how}", found.path),
            at: there.map_or_else(String::new, |value| cx.locate(value)),
        }
    };
    let mut found = differences(cx.view.root(), again.view(environment).root());
    found.retain(|found| {
        let is_undone = by_hand.iter().any(|path| found.path.starts_with(path));
        found.kind != DifferenceKind::Added || !is_undone
    });
    found.into_iter().map(edited).collect()
}

/// The story could not be applied again: something stands there now that did not.
fn unlike(refusal: &Refusal) -> Edited {
    match refusal {
        Refusal::Conflict { conflict, .. } => Edited {
            what: conflict.in_a_clause(),
            at: conflict.at.clone(),
        },
        other => Edited {
            what: other.to_string(),
            at: String::new(),
        },
    }
}

fn refuse_stray(place: &str, mut found: Vec<Difference>, own: &[Path]) -> Result<(), Refusal> {
    found.retain(|found| !own.iter().any(|path| found.path.starts_with(path)));
    if found.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Stray {
            place: place.to_owned(),
            differences: found,
        })
    }
}
