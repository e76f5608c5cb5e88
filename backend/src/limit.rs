//! So many requests a client may send in a minute, counted in Redis for all backends together.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;
use crate::error::ApiError;
use crate::redis::{Redis, StoreError};

const WINDOW_SECONDS: u32 = 60;

/// Counts, and starts the window with the first request of it: in one step, so that no counter is
/// ever without an end.
const COUNT: &str = "
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
    left = ARGV[1] * 1000
    redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}";

/// Lets a request through, or answers 429.
///
/// # Errors
///
/// Too many requests, or Redis is away.
pub async fn limit(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let (count, milliseconds) = count(&app.redis, client(peer.ip(), request.headers())).await?;
    if count > u64::from(app.rate_limit) {
        return Err(ApiError::TooMany {
            seconds: milliseconds.div_ceil(1000).max(1),
        });
    }
    Ok(next.run(request).await)
}

async fn count(redis: &Redis, client: IpAddr) -> Result<(u64, u64), StoreError> {
    let mut command = ::redis::cmd("EVAL");
    command
        .arg(COUNT)
        .arg(1)
        .arg(format!("limit:{client}"))
        .arg(WINDOW_SECONDS);
    redis.ask_again(&command).await
}

/// Who asks. A proxy on a private address tells for whom it asks; from anywhere else the header is
/// the client's own word.
pub fn client(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_private(peer) {
        return peer;
    }
    let said = headers
        .get("x-real-ip")
        .and_then(|value| value.to_str().ok());
    said.and_then(|text| text.trim().parse().ok())
        .map_or(peer, |address: IpAddr| address.to_canonical())
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_private() || address.is_loopback() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests;
