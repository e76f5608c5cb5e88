//! Where the nodes of the first parse are after changes that moved them.

use std::collections::{BTreeSet, HashMap};

use crate::{Path, Segment};

/// From the paths that callers give to those of the text as it is now.
///
/// A node keeps its path however many of its neighbours go: items count on behind those that the
/// list had, and an entry that got another key is known by both.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    root: Place,
}

/// A change that moves what other paths mean. Its paths are those that callers give.
#[derive(Debug)]
pub(crate) enum Move {
    /// An entry or an item is gone.
    Removed(Path),
    /// A mapping has a key that it may have had before, for something else.
    Added(Path),
    /// An entry has another key.
    Renamed(Path, String),
    /// A list is a mapping now, or a mapping a list.
    Converted(Path),
}

/// What has become of the members of a collection.
#[derive(Debug, Default)]
struct Place {
    /// The items that are gone, by the numbers that callers give.
    gone: BTreeSet<usize>,
    /// The key that an entry has now, by those that it had.
    keys: HashMap<String, String>,
    /// Those below, by the key that they have now or the number that callers give.
    below: HashMap<Segment, Place>,
}

impl Addresses {
    /// The path as it is now; none of an item that is gone.
    pub(crate) fn now(&self, path: &Path) -> Option<Path> {
        let mut place = Some(&self.root);
        let segments = path.segments().iter().map(|segment| {
            let Some(here) = place else {
                return Some(segment.clone());
            };
            place = here.below.get(&here.own(segment));
            here.now(segment)
        });
        segments.collect()
    }

    pub(crate) fn note(&mut self, change: Move) {
        let (Move::Removed(path)
        | Move::Added(path)
        | Move::Renamed(path, _)
        | Move::Converted(path)) = &change;
        let (Some(parent), Some(last)) = (path.parent(), path.last()) else {
            // The root can be none of these but converted.
            self.root = Place::default();
            return;
        };
        let place = self.at(&parent);
        let own = place.own(last);
        match change {
            Move::Removed(_) => place.remove(own),
            Move::Added(_) => place.add(last.clone()),
            Move::Renamed(_, new) => place.rename(own, new),
            Move::Converted(_) => drop(place.below.remove(&own)),
        }
    }

    fn at(&mut self, path: &Path) -> &mut Place {
        path.segments()
            .iter()
            .fold(&mut self.root, |place, segment| {
                let own = place.own(segment);
                place.below.entry(own).or_default()
            })
    }
}

impl Place {
    /// How a member is filed here.
    fn own(&self, segment: &Segment) -> Segment {
        match segment {
            Segment::Key(key) => Segment::Key(self.keys.get(key).unwrap_or(key).clone()),
            Segment::Index(index) => Segment::Index(*index),
        }
    }

    fn remove(&mut self, own: Segment) {
        self.below.remove(&own);
        match own {
            Segment::Index(index) => drop(self.gone.insert(index)),
            Segment::Key(own) => self.keys.retain(|_, key| *key != own),
        }
    }

    /// A new entry is the one that its key means from now on.
    fn add(&mut self, own: Segment) {
        self.below.remove(&own);
        if let Segment::Key(key) = own {
            self.keys.remove(&key);
        }
    }

    fn rename(&mut self, own: Segment, new: String) {
        let below = self.below.remove(&own);
        let Segment::Key(old) = own else { return };
        self.add(Segment::Key(new.clone()));
        self.keys
            .values_mut()
            .filter(|key| **key == old)
            .for_each(|key| new.clone_into(key));
        self.below
            .extend(below.map(|below| (Segment::Key(new.clone()), below)));
        self.keys.insert(old, new);
    }

    /// How a member is reached in the text.
    fn now(&self, segment: &Segment) -> Option<Segment> {
        match segment {
            Segment::Key(_) => Some(self.own(segment)),
            Segment::Index(index) if self.gone.contains(index) => None,
            Segment::Index(index) => Some(Segment::Index(index - self.gone.range(..index).count())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(addresses: &Addresses, given: &str, now: Option<&str>) {
        assert_eq!(addresses.now(&path(given)), now.map(path), "{given}");
    }

    #[test]
    fn items_keep_their_numbers() {
        let mut addresses = Addresses::default();
        addresses.note(Move::Removed(path("a[1]")));
        addresses.note(Move::Removed(path("a[0]")));
        addresses.note(Move::Removed(path("a[3].b[0]")));
        check(&addresses, "a[0]", None);
        check(&addresses, "a[2].c", Some("a[0].c"));
        check(&addresses, "a[3].b[2]", Some("a[1].b[1]"));
        check(&addresses, "b[1]", Some("b[1]"));
        addresses.note(Move::Added(path("a")));
        check(&addresses, "a[1]", Some("a[1]"));
    }

    #[test]
    fn entries_are_known_by_all_their_keys() {
        let mut addresses = Addresses::default();
        addresses.note(Move::Removed(path("a.l[0]")));
        addresses.note(Move::Renamed(path("a"), "b".into()));
        addresses.note(Move::Renamed(path("b"), "c".into()));
        for given in ["a", "b", "c"] {
            check(&addresses, &format!("{given}.l[1]"), Some("c.l[0]"));
        }
        addresses.note(Move::Added(path("a")));
        check(&addresses, "a.l[1]", Some("a.l[1]"));
        check(&addresses, "b.l[1]", Some("c.l[0]"));
        addresses.note(Move::Converted(path("b.l")));
        check(&addresses, "b.l[1]", Some("c.l[1]"));
    }
}
