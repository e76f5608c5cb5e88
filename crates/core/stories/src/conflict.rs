//! What stands in the way of a story, for a person to decide.

/// Something that a person must decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `file:line:column` of what stands.
    pub at: String,
    /// What stands.
    pub stands: String,
    /// What the story wants.
    pub wanted: String,
    /// Why the two do not go together, in a sentence.
    pub why: String,
    /// What to do to take the story's side.
    pub settle: String,
}

impl Conflict {
    /// What stands and why that does not do, in one clause; what stands is left out where it is a
    /// key alone, for the reason names it.
    pub(crate) fn in_a_clause(&self) -> String {
        let why = self.why.trim_end_matches('.');
        if self.stands.ends_with(':') {
            why.to_owned()
        } else {
            format!("{} stands there, and {why}", self.stands)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_is_told_where_it_says_something() {
        let clause = |stands: &str, why: &str| {
            let (stands, why) = (stands.to_owned(), why.to_owned());
            let (at, wanted, settle) = Default::default();
            let conflict = Conflict {
                at,
                stands,
                wanted,
                why,
                settle,
            };
            conflict.in_a_clause()
        };
        let why = "backend has no health check, so frontend would not start.";
        let expected = "backend has no health check, so frontend would not start";
        assert_eq!(clause("backend:", why), expected);
        let expected = "./data:/data:ro stands there, and /data is mounted read-only";
        assert_eq!(
            clause("./data:/data:ro", "/data is mounted read-only."),
            expected
        );
    }
}
