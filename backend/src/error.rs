//! What a client is told when a request fails, always as JSON: `{"error": "..."}`.

use std::error::Error;
use std::fmt::Write;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// What the backend cannot serve without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// The database.
    Postgres,
    /// The cache.
    Redis,
}

impl Dependency {
    /// As `/health` and messages name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        }
    }
}

/// A request that failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Nothing lies at this path.
    #[error("no such route")]
    NoRoute,
    /// Something lies at this path, but does not know the method.
    #[error("this route does not know this method")]
    NoMethod,
    /// The note is not there, or not any more.
    #[error("there is no such note")]
    NoNote,
    /// The body is not what the route wants.
    #[error("{reason}")]
    Rejected {
        /// What kind of fault it is.
        status: StatusCode,
        /// What is wanted.
        reason: String,
    },
    /// More requests than a client may send.
    #[error("too many requests: try again in {seconds} s")]
    TooMany {
        /// Until the next is allowed.
        seconds: u64,
    },
    /// A dependency does not answer.
    #[error("{} is not available: {reason}", dependency.name())]
    Away {
        /// Which one.
        dependency: Dependency,
        /// Why, without secrets.
        reason: String,
    },
    /// The whole request took too long.
    #[error("the request took longer than {seconds} s")]
    Late {
        /// The limit.
        seconds: u64,
    },
    /// A fault of the backend's own; the log has the rest.
    #[error("the backend failed: its log says why")]
    Internal {
        /// For the log alone.
        reason: String,
    },
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoRoute | Self::NoNote => StatusCode::NOT_FOUND,
            Self::NoMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Rejected { status, .. } => *status,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Away { .. } | Self::Late { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn log(&self) {
        match self {
            Self::Away { dependency, reason } => {
                tracing::warn!(
                    dependency = dependency.name(),
                    reason,
                    "a dependency is not available"
                );
            }
            Self::Internal { reason } => tracing::error!(reason, "a request failed"),
            _ => tracing::debug!(error = %self, "a request was refused"),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let mut response =
            (self.status(), Json(json!({ "error": self.to_string() }))).into_response();
        if let Self::TooMany { seconds } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error and its causes on one line, each said once.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            let _ = write!(text, ": {more}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
