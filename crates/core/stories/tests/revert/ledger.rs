//! What a record says once its story is taken back.

use stories::{Entry, Place, Record};

use crate::corpus;

fn record() -> Record {
    let catalog = corpus::catalog();
    let mut record = Record::of(catalog.in_order()[0]);
    let skipped = Entry::Skipped {
        reason: "no".to_owned(),
    };
    let adopted = Entry::Adopted {
        evidence: Vec::new(),
    };
    record.environments = [("a", Entry::Applied), ("b", skipped), ("c", adopted)]
        .map(|(name, entry)| {
            let redis = Place::Service("redis".to_owned());
            (name.to_owned(), [(redis, entry)].into())
        })
        .into();
    record
}

#[test]
fn a_persons_word_stays() {
    let left = record().reverted(None).unwrap();
    assert_eq!(left.environments.keys().collect::<Vec<_>>(), ["b"]);
    let mut applied = record();
    applied.environments.retain(|name, _| name != "b");
    assert_eq!(applied.reverted(None), None);
}

#[test]
fn kept_out_is_skipped_where_it_was_applied() {
    let left = record().reverted(Some("too slow")).unwrap();
    assert_eq!(
        left.environments["a"],
        [(Place::Stack, Entry::skipped("too slow"))].into()
    );
    assert_eq!(left.environments.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert!(left.undo.is_empty());
}

/// A skip that is taken back leaves nothing.
#[test]
fn a_skip_can_be_lifted() {
    let mut skipped = record();
    skipped.environments.retain(|name, _| name == "b");
    assert_eq!(skipped.reverted(None), None);
}
