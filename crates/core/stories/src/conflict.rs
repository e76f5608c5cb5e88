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
