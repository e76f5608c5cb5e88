//! What a recorded story brought and what is gone since.

use compose_edit::Path;

use crate::Question;
use crate::assessment::Want;
use crate::conflict::Conflict;
use crate::context::Context;

/// One thing that a recorded story brought and that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// What.
    pub what: String,
    /// `file:line:column` of the nearest thing that is still there.
    pub at: String,
    /// What is expected there, as a line of YAML; none where nothing could be.
    pub expected: Option<String>,
    /// Whether the story can bring it again: nothing else stands in its place.
    pub can_return: bool,
}

impl Drift {
    /// Something that the story would add again.
    pub(crate) fn gone(cx: &Context<'_>, want: &Want) -> Self {
        let path = &want.at;
        let mut nearest = std::iter::successors(Some(path.clone()), Path::parent);
        let there = nearest.find_map(|path| cx.view.get(&path));
        let at = there.map_or_else(String::new, |value| cx.locate(value));
        let what = if cx.view.get(path).is_some() {
            format!("{path} has changed")
        } else {
            format!("{path} is gone")
        };
        Self {
            what,
            at,
            expected: Some(want.line()),
            can_return: true,
        }
    }

    /// Something that has given way to what the story would not touch.
    pub(crate) fn replaced(conflict: Conflict) -> Self {
        let what = conflict.in_a_clause();
        Self {
            what,
            at: conflict.at,
            expected: Some(conflict.wanted),
            can_return: false,
        }
    }

    /// Something is gone that the story can bring again once a person has answered.
    pub(crate) fn unanswered(question: &Question) -> Self {
        Self {
            what: format!("what it brought to {} is gone", question.service),
            at: question.at.clone(),
            expected: None,
            can_return: true,
        }
    }

    /// What the story is about is not there any more.
    pub(crate) fn without_object(why: String) -> Self {
        Self {
            what: why,
            at: String::new(),
            expected: None,
            can_return: false,
        }
    }
}
