//! 2: PostgreSQL keeps its data.

use super::super::error::LiveError;
use super::super::postgres::Postgres;
use super::super::sandbox::Sandbox;

/// The PostgreSQL to take through the steps of [`survive`](super::super::survival::survive).
///
/// # Errors
/// [`LiveError`].
pub fn store<'s>(sandbox: &'s Sandbox<'s>) -> Result<Option<Postgres<'s>>, LiveError> {
    sandbox.subject.model.service_of("postgres").map(|service| Postgres::of(sandbox, service)).transpose()
}
