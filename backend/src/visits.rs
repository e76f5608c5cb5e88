//! `POST /api/visits`: counts all visits, and those of a session, which a cookie names and Redis
//! keeps.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, Unit};
use serde::Serialize;

use crate::app::App;
use crate::error::ApiError;

const COOKIE: &str = "session";
/// A week after its last visit a session ends.
const SESSION_SECONDS: u32 = 7 * 24 * 60 * 60;
/// As hexadecimal digits, twice as many.
const ID_BYTES: usize = 16;

/// Counts in the session that the client named, if Redis still has it, else in a new one: an id
/// that a client made up is never taken over.
const COUNT: &str = "
local total = redis.call('INCR', KEYS[1])
local session = KEYS[2]
if redis.call('EXISTS', session) == 0 then
    session = KEYS[3]
    redis.call('HSET', session, 'since', ARGV[1])
end
local visits = redis.call('HINCRBY', session, 'visits', 1)
redis.call('EXPIRE', session, ARGV[2])
return {total, visits, redis.call('HGET', session, 'since'), session}";

#[derive(Serialize)]
struct Visits {
    visits: u64,
    session: Session,
}

#[derive(Serialize)]
struct Session {
    visits: u64,
    since: String,
}

/// Counts a visit.
///
/// # Errors
///
/// Redis is away.
pub async fn count(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let fresh = new_id()?;
    let named = session_id(&headers).unwrap_or(&fresh);
    let mut command = ::redis::cmd("EVAL");
    command
        .arg(COUNT)
        .arg(3)
        .arg("visits")
        .arg(key(named))
        .arg(key(&fresh))
        .arg(now())
        .arg(SESSION_SECONDS);
    let (total, visits, since, session): (u64, u64, String, String) =
        app.redis.ask(&command).await?;
    let id = session.strip_prefix(&key("")).unwrap_or(&fresh);
    let cookie =
        format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age={SESSION_SECONDS}");
    let body = Visits {
        visits: total,
        session: Session { visits, since },
    };
    Ok((
        [
            (header::SET_COOKIE, cookie),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        Json(body),
    )
        .into_response())
}

fn key(id: &str) -> String {
    format!("session:{id}")
}

fn new_id() -> Result<String, ApiError> {
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|err| ApiError::Internal {
        reason: format!("no random bytes: {err}"),
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The id in the request's cookies, if it could be one of ours.
fn session_id(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let is_id = |id: &str| {
        id.len() == 2 * ID_BYTES
            && id
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    pairs
        .find(|(name, id)| *name == COOKIE && is_id(id))
        .map(|(_, id)| id)
}

fn now() -> String {
    let now = Timestamp::now();
    now.round(Unit::Second).unwrap_or(now).to_string()
}

#[cfg(test)]
mod tests;
