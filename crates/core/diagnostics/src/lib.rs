//! What is told to people: words that a terminal may show, words that a shell reads back, and no secret among them.

pub mod printable;
pub mod redact;
pub mod shell_quote;
