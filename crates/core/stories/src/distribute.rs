//! Which files say a value that differs by environment: every environment then says what it is to
//! say, be that nothing, and what environments have in common is said once.
//!
//! The rule by which Compose merges a place decides what may be shared. What comes out is compared
//! with what is wanted in every environment; where that differs, less is shared, so that a wrong
//! rule costs a line and never a wrong value.

use std::collections::{BTreeMap, BTreeSet};

use compose_edit::{NewValue, Path};

use crate::op::line::same;
use crate::op::run;
use crate::placement::refuse_foreign;
use crate::refusal::Refusal;
use crate::{Operation, Stack, Workspace};

mod edits;
mod judge;
mod rule;

pub use rule::MergeRule;

/// What environments shall say at a place; none where it shall be nothing.
pub type Wanted = BTreeMap<String, Option<NewValue>>;

/// What files say at a place.
type ByFile = BTreeMap<String, NewValue>;

/// The operations after which the environments say at `at` what is wanted, and no other one says
/// anything else than now.
///
/// # Errors
/// [`Refusal::NoOwnFile`] where a value has no file that only those read that want it,
/// [`Refusal::Shared`] where another environment reads a file that would change, and what an editor
/// refuses.
pub fn distribute(stack: &Stack, at: &Path, wanted: &Wanted) -> Result<Vec<Operation>, Refusal> {
    let solver = Solver { stack, wanted, at };
    let mut last = None;
    for depth in [usize::MAX, 1, 0] {
        match solver.attempt(depth) {
            Ok(operations) => return Ok(operations),
            Err(refusal) => last = Some(refusal),
        }
    }
    Err(last.unwrap_or_else(|| solver.no_file(wanted.keys())))
}

/// What is wanted of one path.
struct Solver<'a> {
    stack: &'a Stack,
    wanted: &'a Wanted,
    at: &'a Path,
}

impl Solver<'_> {
    /// Shares what is wanted down to so many levels below the place, and looks whether it comes
    /// out.
    fn attempt(&self, depth: usize) -> Result<Vec<Operation>, Refusal> {
        let values: BTreeMap<&str, &NewValue> = self
            .wanted
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?)))
            .collect();
        let placed = self.place(self.at, &values, depth)?;
        let mut operations = Vec::new();
        for file in self.files() {
            let document = &self.stack.files[file];
            operations.extend(edits::between(file, document, self.at, placed.get(file)));
        }
        for file in operations
            .iter()
            .flat_map(Operation::files)
            .collect::<BTreeSet<_>>()
        {
            let selected: Vec<&str> = self.wanted.keys().map(String::as_str).collect();
            refuse_foreign(self.stack, &selected, &file)?;
        }
        let mut workspace = Workspace::of(self.stack);
        run(&mut workspace, &operations)?;
        let next = self.stack.after(workspace)?;
        judge::refuse_other(&next, self.at, self.wanted)?;
        Ok(operations)
    }

    /// The files that say what is wanted at a path, by the path's rule.
    fn place(
        &self,
        path: &Path,
        values: &BTreeMap<&str, &NewValue>,
        depth: usize,
    ) -> Result<ByFile, Refusal> {
        let all_maps = values
            .values()
            .all(|value| matches!(value, NewValue::Map(entries) if !entries.is_empty()));
        let all_lists = values
            .values()
            .all(|value| matches!(value, NewValue::List { .. }));
        match MergeRule::at(path) {
            MergeRule::Map if all_maps && depth > 0 => self.place_entries(path, values, depth - 1),
            MergeRule::Append | MergeRule::Unique if all_lists && depth > 0 => {
                self.place_items(values)
            }
            _ => self.place_whole(path, values),
        }
    }

    /// Each entry by itself.
    fn place_entries(
        &self,
        path: &Path,
        values: &BTreeMap<&str, &NewValue>,
        depth: usize,
    ) -> Result<ByFile, Refusal> {
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in values.values().flat_map(|value| entries(value)) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        let mut placed: BTreeMap<String, Vec<(String, NewValue)>> = BTreeMap::new();
        for key in keys {
            let of_key = values.iter().filter_map(|(name, value)| {
                let (_, own) = entries(value).iter().find(|(name, _)| name == key)?;
                Some((*name, own))
            });
            for (file, value) in self.place(&path.join(key), &of_key.collect(), depth)? {
                placed
                    .entry(file)
                    .or_default()
                    .push((key.to_owned(), value));
            }
        }
        Ok(placed
            .into_iter()
            .map(|(file, entries)| (file, NewValue::Map(entries)))
            .collect())
    }

    /// A list in parts: a file that several read gets what the rest of their lists begins with.
    fn place_items(&self, values: &BTreeMap<&str, &NewValue>) -> Result<ByFile, Refusal> {
        let mut rest: BTreeMap<&str, &[NewValue]> = values
            .iter()
            .map(|(name, value)| (*name, items(value)))
            .collect();
        let mut placed = ByFile::new();
        for file in self.files() {
            let readers = self.readers(file);
            let lists: Option<Vec<_>> =
                readers.iter().map(|name| rest.get(name).copied()).collect();
            // One who reads it and wants no list keeps it from the file.
            let shared = lists.map_or(0, |lists| common_prefix(&lists));
            if shared == 0 {
                continue;
            }
            let own = rest[readers[0]][..shared].to_vec();
            for name in readers {
                rest.entry(name).and_modify(|rest| *rest = &rest[shared..]);
            }
            placed.insert(
                file.to_owned(),
                NewValue::List {
                    items: own,
                    flow: false,
                },
            );
        }
        match rest.into_iter().find(|(_, rest)| !rest.is_empty()) {
            None => Ok(placed),
            Some((name, _)) => Err(self.no_file([&name.to_owned()])),
        }
    }

    /// A value that is said whole: in a file whose readers all want it, the one with the most
    /// readers first. One who has no file that others do not read has its value in the base, where
    /// the others say their own above it.
    fn place_whole(
        &self,
        path: &Path,
        values: &BTreeMap<&str, &NewValue>,
    ) -> Result<ByFile, Refusal> {
        let mut placed = ByFile::new();
        let mut open: BTreeSet<&str> = values.keys().copied().collect();
        let mut files = self.files();
        files.sort_by_key(|file| {
            (
                std::cmp::Reverse(self.readers(file).len()),
                !self.defines(file),
            )
        });
        for file in &files {
            let readers = self.readers(file);
            let Some(value) = readers.first().and_then(|first| values.get(first)) else {
                continue;
            };
            let agree = readers
                .iter()
                .all(|name| values.get(name).is_some_and(|own| same(own, value)));
            if agree && readers.iter().all(|name| open.contains(name)) {
                placed.insert((*file).to_owned(), (*value).clone());
                open.retain(|name| !readers.contains(name));
            }
        }
        let gives_way = MergeRule::at(path) == MergeRule::Whole
            || values
                .values()
                .all(|value| matches!(value, NewValue::Scalar(_)));
        for name in open {
            let base = self
                .base_of(name, &placed)
                .filter(|_| gives_way)
                .ok_or_else(|| self.no_file([&name.to_owned()]))?;
            placed.insert(base.to_owned(), values[name].clone());
        }
        Ok(placed)
    }

    /// The last file of an environment that says nothing yet, if whoever else reads it says
    /// something above it.
    fn base_of(&self, name: &str, placed: &ByFile) -> Option<&str> {
        let base = self
            .own_files(name)
            .into_iter()
            .rev()
            .find(|file| !placed.contains_key(*file))?;
        let is_above = |other: &str| {
            let files = self
                .own_files(other)
                .into_iter()
                .skip_while(|file| *file != base)
                .skip(1);
            files.into_iter().any(|file| placed.contains_key(file))
        };
        let mut others = self
            .readers(base)
            .into_iter()
            .filter(|other| *other != name);
        others.all(is_above).then_some(base)
    }

    /// The files of the environments, in an order in which each environment reads them.
    fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = Vec::new();
        for name in self.wanted.keys() {
            let mut behind = 0;
            for file in self.own_files(name) {
                match files.iter().position(|known| *known == file) {
                    Some(known) => behind = known + 1,
                    None => {
                        files.insert(behind, file);
                        behind += 1;
                    }
                }
            }
        }
        files
    }

    /// The files that an environment names and git does not ignore.
    fn own_files(&self, environment: &str) -> Vec<&str> {
        self.stack
            .own_files(environment)
            .iter()
            .map(String::as_str)
            .filter(|file| !self.stack.is_ignored(file))
            .collect()
    }

    /// The environments that name a file, whatever they want.
    fn readers(&self, file: &str) -> Vec<&str> {
        let names = self.stack.layout.environments.iter();
        names
            .filter(|(_, own)| own.files.iter().any(|own| own == file))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Whether a file defines what the place belongs to: the service, or the entry of another
    /// section.
    fn defines(&self, file: &str) -> bool {
        let owner: Path = self.at.segments().iter().take(2).cloned().collect();
        self.stack
            .files
            .get(file)
            .is_some_and(|document| document.get(&owner).is_some())
    }

    fn no_file<'n>(&self, environments: impl IntoIterator<Item = &'n String>) -> Refusal {
        let environments: Vec<_> = environments.into_iter().cloned().collect();
        let file = environments
            .first()
            .map(|name| self.own_files(name).join(" and "))
            .unwrap_or_default();
        Refusal::NoOwnFile { file, environments }
    }
}

fn entries(value: &NewValue) -> &[(String, NewValue)] {
    if let NewValue::Map(entries) = value {
        entries
    } else {
        &[]
    }
}

fn items(value: &NewValue) -> &[NewValue] {
    if let NewValue::List { items, .. } = value {
        items
    } else {
        &[]
    }
}

/// How many items lists have in common at their beginning.
fn common_prefix(lists: &[&[NewValue]]) -> usize {
    let Some((first, others)) = lists.split_first() else {
        return 0;
    };
    let is_common = |index: &usize| {
        others.iter().all(|other| {
            other
                .get(*index)
                .is_some_and(|item| same(item, &first[*index]))
        })
    };
    (0..first.len()).take_while(is_common).count()
}
