//! 1: Redis keeps its data.

use super::super::error::LiveError;
use super::super::redis::Redis;
use super::super::sandbox::Sandbox;

/// The Redis to take through the steps of [`survive`](super::super::survival::survive).
///
/// # Errors
/// [`LiveError`].
pub fn store<'s>(sandbox: &'s Sandbox<'s>) -> Result<Option<Redis<'s>>, LiveError> {
    sandbox.subject.model.service_of("redis").map(|service| Redis::of(sandbox, service)).transpose()
}
