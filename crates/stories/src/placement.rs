//! Which file an edit goes to.
//!
//! A value that all environments share goes into the first file that defines the service for all of them. A value that
//! differs goes into the environment's own last file; an environment that has none is the base of the others, and the
//! base then carries its value. A file that git ignores is never chosen.

use std::collections::BTreeMap;

use compose_edit::{NewValue, Path};

use crate::Stack;
use crate::refusal::Refusal;

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
pub(crate) struct Placement<'a> {
    pub(crate) stack: &'a Stack,
    /// The environments that the run may edit; a file that another one reads is refused.
    pub(crate) scope: &'a [&'a str],
    /// The service that the values belong to.
    pub(crate) service: &'a str,
}

impl Placement<'_> {
    /// Places what the environments want said at `at`.
    pub(crate) fn place(&self, at: &Path, wishes: &Wishes) -> Result<Vec<Placed>, Refusal> {
        let mut placed = Vec::new();
        let mut open: Vec<&str> = wishes.keys().map(String::as_str).collect();
        while let Some(first) = open.first() {
            let file = self.home(first, wishes)?;
            let (group, rest): (Vec<_>, Vec<_>) = open.iter().copied().partition(|name| self.reads(name, &file));
            placed.extend(self.place_group(at, &file, &group, wishes)?);
            open = rest;
        }
        for Placed { file, .. } in &placed {
            self.refuse_foreign(file)?;
        }
        Ok(placed)
    }

    fn place_group(&self, at: &Path, file: &str, group: &[&str], wishes: &Wishes) -> Result<Vec<Placed>, Refusal> {
        let first = &wishes[group[0]];
        if group.iter().all(|name| &wishes[*name] == first) {
            return Ok(vec![Placed { file: file.to_owned(), at: at.clone(), value: first.clone() }]);
        }
        let base = self.base_of(file, group)?;
        let split = group.iter().map(|name| (*name, entries(&wishes[*name]))).collect::<Vec<_>>();
        let shared = |key: &str, value: &NewValue| {
            split.iter().all(|(_, own)| own.iter().any(|(name, other)| name == key && other == value))
        };
        let carries = split.iter().find(|(name, _)| Some(*name) == base).unwrap_or(&split[0]);
        let common = carries.1.iter().filter(|(key, value)| Some(carries.0) == base || shared(key, value));
        let mut placed =
            vec![Placed { file: file.to_owned(), at: at.clone(), value: NewValue::Map(common.cloned().collect()) }];
        for (name, own) in split.iter().filter(|(name, _)| Some(*name) != base) {
            let differs = own.iter().filter(|(key, value)| !shared(key, value)).cloned().collect();
            let file = self.own_last(name).ok_or_else(|| self.two_bases(file, group))?;
            placed.push(Placed { file, at: at.clone(), value: NewValue::Map(differs) });
        }
        Ok(placed)
    }

    /// The file for an environment and those that share it: the first that defines the service; where another
    /// environment that wants nothing reads it, the environment's own last file.
    fn home(&self, environment: &str, wishes: &Wishes) -> Result<String, Refusal> {
        let files = &self.stack.layout.environments[environment].files;
        let defines = |file: &&String| {
            let path = Path::from(["services", self.service]);
            self.stack.files.get(*file).is_some_and(|document| document.get(&path).is_some())
        };
        let tracked = |file: &&String| !self.stack.ignored.contains(*file);
        let first = files.iter().filter(tracked).find(defines).or_else(|| files.iter().find(tracked));
        let first =
            first.ok_or_else(|| Refusal::Ignored { environment: environment.to_owned(), files: files.clone() })?;
        let idle =
            self.stack.layout.users_of(first).any(|user| !wishes.contains_key(user) && self.scope.contains(&user));
        let own = if idle { self.own_last(environment) } else { None };
        Ok(own.unwrap_or_else(|| first.clone()))
    }

    fn reads(&self, environment: &str, file: &str) -> bool {
        self.stack.layout.environments[environment].files.iter().any(|own| own == file)
    }

    /// The last file that this environment alone reads.
    fn own_last(&self, environment: &str) -> Option<String> {
        let files = self.stack.layout.environments[environment].files.iter().rev();
        let own = |file: &&String| self.stack.layout.users_of(file).count() == 1 && !self.stack.ignored.contains(*file);
        files.into_iter().find(own).cloned()
    }

    /// The environment that has no file of its own, if one of the group has none: the base carries its values.
    fn base_of<'n>(&self, file: &str, group: &[&'n str]) -> Result<Option<&'n str>, Refusal> {
        let bases: Vec<_> = group.iter().copied().filter(|name| self.own_last(name).is_none()).collect();
        match bases.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(self.two_bases(file, group)),
        }
    }

    fn two_bases(&self, file: &str, group: &[&str]) -> Refusal {
        Refusal::NoOwnFile {
            file: file.to_owned(),
            environments: group.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    fn refuse_foreign(&self, file: &str) -> Result<(), Refusal> {
        refuse_foreign(self.stack, self.scope, file)
    }
}

/// Refuses a file that an environment reads which the run may not edit.
pub(crate) fn refuse_foreign(stack: &Stack, scope: &[&str], file: &str) -> Result<(), Refusal> {
    let foreign: Vec<_> = stack.layout.users_of(file).filter(|user| !scope.contains(user)).map(str::to_owned).collect();
    if foreign.is_empty() { Ok(()) } else { Err(Refusal::Shared { file: file.to_owned(), environments: foreign }) }
}

fn entries(value: &NewValue) -> Vec<(String, NewValue)> {
    if let NewValue::Map(entries) = value { entries.clone() } else { Vec::new() }
}
