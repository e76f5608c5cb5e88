//! What is told to people: findings and what to do about them, words that a terminal may show,
//! words that a shell reads back, and no secret among them.

pub mod diagnostic;
pub mod invocation;
pub mod printable;
pub mod redact;
pub mod remedy;
pub mod render;
pub mod shell_quote;

pub use diagnostic::{Diagnostic, Evidence, Group, Location, Severity};
pub use invocation::Invocation;
pub use remedy::{Action, Remedy};
