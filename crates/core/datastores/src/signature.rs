//! Whose data lies below a folder, by the marks of the table.

use std::collections::BTreeMap;
use std::path::Path;

use engine_facts::{Entry, Listing, Signature};

use crate::{DATASTORES, Datastore, Mark, MarkKind, Sign};

/// The places of a listing at which a datastore's files lie. A family's place inside of another of
/// its own is part of it: each database of PostgreSQL has a `PG_VERSION` too. MySQL's files and
/// MariaDB's are the same ones, and told as both.
#[must_use]
pub fn signatures(listing: &Listing) -> Vec<Signature> {
    let mut found: Vec<_> = DATASTORES
        .iter()
        .flat_map(|store| of_family(store, listing))
        .collect();
    found.sort();
    found
}

fn of_family(store: &Datastore, listing: &Listing) -> Vec<Signature> {
    let mut places: BTreeMap<&str, Signature> = BTreeMap::new();
    for entry in &listing.entries {
        let Some((mark, path)) = store
            .marks
            .iter()
            .find_map(|mark| Some((mark, of_mark(mark, entry)?)))
        else {
            continue;
        };
        let (subpath, name) = path.rsplit_once('/').unwrap_or(("", path));
        let place = places.entry(subpath).or_insert_with(|| Signature {
            family: store.id.to_owned(),
            version: None,
            subpath: subpath.to_owned(),
            files: Vec::new(),
        });
        if mark.is == MarkKind::Version {
            place.version = first_line(&entry.beginning);
        }
        if !place.files.iter().any(|file| file == name) {
            place.files.push(name.to_owned());
        }
    }
    let is_inner = |subpath: &str| {
        let is_above = |above: &&str| match *above {
            "" => !subpath.is_empty(),
            above => Path::new(subpath).starts_with(above) && subpath != above,
        };
        places.keys().any(is_above)
    };
    places
        .iter()
        .filter(|(subpath, _)| !is_inner(subpath))
        .map(|(_, place)| {
            let mut place = place.clone();
            place.files.sort();
            place
        })
        .collect()
}

/// The path of a mark by which an entry makes it known: its own, or its folder's.
fn of_mark<'e>(mark: &Mark, entry: &'e Entry) -> Option<&'e str> {
    let path = entry.path.as_str();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name == mark.path {
        return Some(path);
    }
    match mark.sign? {
        _ if entry.is_folder => None,
        Sign::Begins(bytes) => entry.beginning.starts_with(bytes).then_some(path),
        Sign::Holds(end) => (name.ends_with(end) && !folder.is_empty()).then_some(folder),
        Sign::Ends(end) => name.ends_with(end).then_some(path),
    }
}

fn first_line(beginning: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(beginning);
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(entries: &[(&str, &str)]) -> Vec<String> {
        let entry = |(path, beginning): &(&str, &str)| Entry {
            path: path.trim_end_matches('/').to_owned(),
            is_folder: path.ends_with('/'),
            beginning: beginning.as_bytes().to_vec(),
        };
        let listing = Listing {
            entries: entries.iter().map(entry).collect(),
            ..Listing::default()
        };
        let told = |one: Signature| {
            let version = one.version.unwrap_or_default();
            format!(
                "{} {version} at {:?}: {}",
                one.family,
                one.subpath,
                one.files.join(" ")
            )
        };
        signatures(&listing).into_iter().map(told).collect()
    }

    #[test]
    fn each_family_is_known_by_its_files_and_by_its_place() {
        assert_eq!(
            of(&[
                ("data/PG_VERSION", "17\n"),
                ("data/base/1/PG_VERSION", "17\n")
            ]),
            ["postgres 17 at \"data\": PG_VERSION"]
        );
        assert_eq!(
            of(&[("WiredTiger", ""), ("journal/", "")]),
            ["mongo  at \"\": WiredTiger"]
        );
        assert_eq!(
            of(&[("ibdata1", "")]),
            ["mariadb  at \"\": ibdata1", "mysql  at \"\": ibdata1"]
        );
        assert_eq!(of(&[("notes.txt", "words"), ("uploads/", "")]), [""; 0]);
    }

    #[test]
    fn redis_is_known_by_what_its_files_are_under_any_name() {
        assert_eq!(
            of(&[("mine.bin", "REDIS0011")]),
            ["redis  at \"\": mine.bin"]
        );
        assert_eq!(
            of(&[
                ("log/", ""),
                ("log/a.aof.manifest", "file"),
                ("log/a.1.base.rdb", "REDIS0011"),
                ("dump.rdb", "REDIS0011")
            ]),
            ["redis  at \"\": dump.rdb log"]
        );
    }
}
