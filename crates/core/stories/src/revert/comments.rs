//! The comments that a revert would take along.

use std::collections::BTreeMap;

use compose_edit::Comment;

use super::{Edited, Way};
use crate::Stack;

/// The comments that go with what is taken back: whoever wrote them has not been asked.
pub(super) fn lost(before: &Stack, after: &Stack, changed: &BTreeMap<String, Way>) -> Vec<Edited> {
    let by_record = changed.iter().filter(|(_, way)| **way == Way::Structural);
    let lost = by_record.flat_map(|(file, _)| {
        let mut left: Vec<&str> = after.files[file].comments().iter().map(|comment| comment.text).collect();
        let is_lost = move |comment: &Comment<'_>| match left.iter().position(|text| *text == comment.text) {
            Some(position) => {
                left.swap_remove(position);
                false
            }
            None => true,
        };
        let edited = move |comment: Comment<'_>| Edited {
            what: format!("a comment stands there: {}", comment.text),
            at: format!("{file}:{}", comment.at),
        };
        before.files[file].comments().into_iter().filter(is_lost).map(edited)
    });
    lost.collect()
}
