//! Which file an edit goes to.
//!
//! A value that all environments share goes into the first file that defines the service for all of
//! them. A value that differs goes into the environment's own last file; an environment that has
//! none is the base of the others, and the base then carries its value. A file that git ignores is
//! never chosen, nor one whose word on the place a later file of the environment takes away with
//! `!override`.

use std::collections::BTreeMap;

use compose_edit::{NewValue, Path};

use crate::Stack;
use crate::refusal::Refusal;

mod heard;

use heard::Heard;

/// A value for each environment that wants one, by name.
pub(crate) type Wishes = BTreeMap<String, NewValue>;

/// A value and the file that shall say it.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) file: String,
    pub(crate) at: Path,
    pub(crate) value: NewValue,
}

/// Chooses the files for one path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement<'a> {
    pub(crate) stack: &'a Stack,
    /// The environments that were selected; a file that another one reads is refused.
    pub(crate) selected: &'a [&'a str],
    /// The service that the values belong to.
    pub(crate) service: &'a str,
}

impl Placement<'_> {
    /// Places what the environments want said at `at`.
    pub(crate) fn place(&self, at: &Path, wishes: &Wishes) -> Result<Vec<Placed>, Refusal> {
        let mut placed = Vec::new();
        let mut open: Vec<&str> = wishes.keys().map(String::as_str).collect();
        while let Some(first) = open.first() {
            let file = self.home(first, at, wishes)?;
            let mut group = Vec::new();
            let mut rest = Vec::new();
            for name in open.iter().copied() {
                let is_heard = Heard::of(self.stack, name, at)?
                    .files
                    .contains(&file.as_str());
                if is_heard {
                    group.push(name)
                } else {
                    rest.push(name)
                }
            }
            let parts = self.divide(&file, &group, wishes)?;
            placed.extend(parts.into_iter().map(|(file, value)| Placed {
                file,
                at: at.clone(),
                value,
            }));
            open = rest;
        }
        placed
            .iter()
            .try_for_each(|placed| refuse_foreign(self.stack, self.selected, &placed.file))?;
        Ok(placed)
    }

    /// What `file` says for all of a group, and what each one's own file says.
    fn divide(
        &self,
        file: &str,
        group: &[&str],
        wishes: &Wishes,
    ) -> Result<Vec<(String, NewValue)>, Refusal> {
        let first = &wishes[group[0]];
        if group.iter().all(|name| &wishes[*name] == first) {
            return Ok(vec![(file.to_owned(), first.clone())]);
        }
        let base = self.base_of(file, group)?;
        let is_shared = |entry: &(String, NewValue)| {
            group
                .iter()
                .all(|name| entries(&wishes[*name]).contains(entry))
        };
        let in_base = &wishes[base.unwrap_or(group[0])];
        let mut parts = vec![(
            file.to_owned(),
            part(in_base, |entry| base.is_some() || is_shared(entry)),
        )];
        for name in group.iter().filter(|name| Some(**name) != base) {
            let own = self
                .own_last(name)
                .ok_or_else(|| no_own_file(file, group))?;
            parts.push((own, part(&wishes[*name], |entry| !is_shared(entry))));
        }
        Ok(parts
            .into_iter()
            .filter_map(|(file, value)| Some((file, value?)))
            .collect())
    }

    /// The file for an environment and those that share it: the first that defines the service;
    /// where another selected environment that wants nothing reads it, the one that most of those
    /// that do want it share.
    fn home(&self, environment: &str, at: &Path, wishes: &Wishes) -> Result<String, Refusal> {
        let Heard { files, own } = Heard::of(self.stack, environment, at)?;
        let tracked = |file: &&&str| !self.stack.is_ignored(file);
        let path = Path::from(["services", self.service]);
        let defines = |file: &&&str| self.stack.files[**file].get(&path).is_some();
        // Behind its own files come those that they extend and include: one that defines a service
        // which they do not is included.
        let first = files
            .iter()
            .filter(tracked)
            .find(defines)
            .or_else(|| files[..own].iter().find(tracked));
        let refuse = || Refusal::Ignored {
            file: files.join(" and "),
            environment: environment.to_owned(),
        };
        let first = *first.ok_or_else(refuse)?;
        let is_idle = |user: &&str| !wishes.contains_key(*user) && self.selected.contains(user);
        let is_shared = self.stack.readers(first).iter().any(is_idle);
        let among_them = || {
            self.last_of(environment, |readers| {
                readers.iter().all(|user| wishes.contains_key(*user))
            })
        };
        let theirs = among_them().filter(|file| is_shared && files.contains(&file.as_str()));
        Ok(theirs.unwrap_or_else(|| first.to_owned()))
    }

    /// The last file that this environment alone reads.
    fn own_last(&self, environment: &str) -> Option<String> {
        self.last_of(environment, |readers| readers.len() == 1)
    }

    /// Of an environment's files whose readers are such, the one with the most readers, and of
    /// those the last.
    fn last_of(&self, environment: &str, is_such: impl Fn(&[&str]) -> bool) -> Option<String> {
        let files = self.stack.own_files(environment);
        let tracked = files.iter().filter(|file| !self.stack.is_ignored(file));
        let with_readers = tracked.map(|file| (self.stack.readers(file), file));
        let such = with_readers.filter(|(readers, _)| is_such(readers));
        such.max_by_key(|(readers, _)| readers.len())
            .map(|(_, file)| file.clone())
    }

    /// The environment that has no file of its own, if one of the group has none: the base carries
    /// its values.
    fn base_of<'n>(&self, file: &str, group: &[&'n str]) -> Result<Option<&'n str>, Refusal> {
        let bases: Vec<_> = group
            .iter()
            .copied()
            .filter(|name| self.own_last(name).is_none())
            .collect();
        match bases.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(no_own_file(file, group)),
        }
    }
}

fn no_own_file(file: &str, group: &[&str]) -> Refusal {
    Refusal::NoOwnFile {
        file: file.to_owned(),
        environments: group.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// Refuses a file that an environment reads which was not selected, and one that git ignores.
pub(crate) fn refuse_foreign(stack: &Stack, selected: &[&str], file: &str) -> Result<(), Refusal> {
    let readers = stack.readers(file);
    if stack.is_ignored(file) {
        return Err(Refusal::Ignored {
            file: file.to_owned(),
            environment: readers.join(" and "),
        });
    }
    let foreign: Vec<_> = readers
        .into_iter()
        .filter(|user| !selected.contains(user))
        .map(str::to_owned)
        .collect();
    if foreign.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Shared {
            file: file.to_owned(),
            environments: foreign,
        })
    }
}

/// The entries of a map; a value of another kind is one of its own.
fn entries(value: &NewValue) -> Vec<(String, NewValue)> {
    match value {
        NewValue::Map(entries) => entries.clone(),
        other => vec![(String::new(), other.clone())],
    }
}

/// The part of a value that is to be said in one place; none where that is nothing.
fn part(value: &NewValue, wanted: impl Fn(&(String, NewValue)) -> bool) -> Option<NewValue> {
    let mut kept: Vec<_> = entries(value).into_iter().filter(wanted).collect();
    match value {
        NewValue::Map(_) => (!kept.is_empty()).then_some(NewValue::Map(kept)),
        _ => kept.pop().map(|(_, value)| value),
    }
}
