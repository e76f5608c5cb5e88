//! Whether what would be mounted in the place of data is a copy of it, or something else that would
//! cover it: a volume of an earlier time holds data too.

use engine_facts::{Content, Data};

use crate::evaluation::Evaluation;
use crate::{DesiredMount, Observation, Query, Source};

/// What would be mounted in the place of data.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Covering {
    /// The same data, carried over.
    Copy,
    /// Other data; what differs, in words.
    Other(String),
    /// Nothing.
    Empty,
    /// One of the two could not be looked into; why.
    Unseen(String),
}

/// Of what holds something. None until both were looked at.
pub(super) fn covering(
    evaluation: &mut Evaluation<'_>,
    old: &Source,
    new: &Source,
) -> Option<Covering> {
    let seen = [old, new].map(|source| evaluation.observe(Query::Content(source.clone())));
    let [Some(old), Some(new)] = seen else {
        return None;
    };
    Some(match (old, new) {
        (_, Observation::Content(Content::Empty) | Observation::Nothing) => Covering::Empty,
        (Observation::Content(Content::Data(old)), Observation::Content(Content::Data(new))) => {
            compared(old, new)
        }
        (Observation::Content(Content::Unknown { why }) | Observation::Unavailable(why), _)
        | (_, Observation::Content(Content::Unknown { why }) | Observation::Unavailable(why)) => {
            Covering::Unseen(why.clone())
        }
        // What was seen to hold something a moment ago is being filled or emptied.
        _ => Covering::Copy,
    })
}

/// The same for a mount, which may lie above the place of the data, such as a checkout that is
/// mounted over `node_modules`: what is below it is not compared, and only a datastore's data is
/// missed there.
pub(super) fn covering_at(
    evaluation: &mut Evaluation<'_>,
    old: &Source,
    target: &str,
    new: &DesiredMount,
) -> Option<Covering> {
    let covering = covering(evaluation, old, &new.source)?;
    let content = evaluation.observe(Query::Content(old.clone()));
    let is_datastore = matches!(content, Some(Observation::Content(Content::Data(data))) if !data.families.is_empty());
    let is_compared = new.target == target || is_datastore || covering == Covering::Empty;
    Some(if is_compared {
        covering
    } else {
        Covering::Copy
    })
}

/// A copy has the same files, and none of the old ones is newer than all of it. Whether the times
/// of files are kept depends on who copies.
fn compared(old: &Data, new: &Data) -> Covering {
    let is_same =
        (&old.families, old.entries, old.bytes) == (&new.families, new.entries, new.bytes);
    if !is_same {
        Covering::Other(format!("{new}, where the one that is mounted has {old}"))
    } else if old.newest > new.newest {
        Covering::Other("as much, but all of it older than what is mounted".to_owned())
    } else {
        Covering::Copy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_told_from_what_is_older_or_else() {
        let data = |entries: u64, newest: u64| Data {
            entries,
            bytes: 700,
            newest: Some(newest),
            ..Data::default()
        };
        assert_eq!(compared(&data(3, 10), &data(3, 10)), Covering::Copy);
        assert_eq!(compared(&data(3, 10), &data(3, 20)), Covering::Copy);
        assert!(matches!(
            compared(&data(3, 10), &data(3, 9)),
            Covering::Other(_)
        ));
        assert!(matches!(
            compared(&data(3, 10), &data(2, 20)),
            Covering::Other(_)
        ));
    }
}
