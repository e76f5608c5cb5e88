//! The comments that a revert would take along.

use std::collections::BTreeMap;

use compose_edit::Comment;

use super::{Edited, RevertMethod};
use crate::Stack;

/// The comments that go with what is taken back: whoever wrote them has not been asked.
pub(super) fn lost(
    before: &Stack,
    after: &Stack,
    changed: &BTreeMap<String, RevertMethod>,
) -> Vec<Edited> {
    let by_record = changed
        .iter()
        .filter(|(_, way)| **way == RevertMethod::Structural);
    let documents = by_record
        .filter_map(|(file, _)| Some((file, before.files.get(file)?, after.files.get(file)?)));
    let lost = documents.flat_map(|(file, old, new)| {
        let mut left: Vec<&str> = new.comments().iter().map(|comment| comment.text).collect();
        let is_lost =
            move |comment: &Comment<'_>| match left.iter().position(|text| *text == comment.text) {
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
        old.comments().into_iter().filter(is_lost).map(edited)
    });
    lost.collect()
}
