//! `/api/notes`: short texts in PostgreSQL, listed through a cache.

mod table;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::app::App;
use crate::error::ApiError;

const LONGEST: usize = 500;
const X_CACHE: HeaderName = HeaderName::from_static("x-cache");

/// One note.
#[derive(Debug, Serialize)]
pub struct Note {
    /// Given by the database, never used twice.
    pub id: i64,
    /// 1 to 500 characters.
    pub text: String,
    /// RFC 3339, in UTC.
    pub created_at: String,
}

/// The newest notes first; `X-Cache` tells whether the database was asked.
///
/// # Errors
///
/// A dependency is away.
pub async fn list(State(app): State<App>) -> Result<Response, ApiError> {
    let place = app.listing.place().await?;
    let (cached, body) = match app.listing.read(&place).await? {
        Some(body) => ("hit", body),
        None => {
            let body = listed(&app).await?;
            app.listing.fill(&place, &body).await;
            ("miss", body)
        }
    };
    Ok((
        [
            (X_CACHE, cached),
            (header::CONTENT_TYPE, "application/json"),
        ],
        body,
    )
        .into_response())
}

async fn listed(app: &App) -> Result<String, ApiError> {
    let notes = table::newest(&app.database).await?;
    serde_json::to_string(&notes).map_err(|err| ApiError::Internal {
        reason: err.to_string(),
    })
}

/// Stores a note.
///
/// # Errors
///
/// The text does not fit, or a dependency is away.
pub async fn create(
    State(app): State<App>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(body) = body.map_err(|no| ApiError::Rejected {
        status: no.status(),
        reason: no.body_text(),
    })?;
    let text = checked(body.get("text"))?.to_owned();
    let note = to_the_end(async move {
        let note = table::insert(&app.database, &text).await?;
        app.listing.changed().await;
        Ok(note)
    });
    let note = note.await?;
    let location = format!("/api/notes/{}", note.id);
    Ok((
        StatusCode::CREATED,
        [(header::LOCATION, location)],
        Json(note),
    )
        .into_response())
}

/// Removes a note.
///
/// # Errors
///
/// There is none of this number, or a dependency is away.
pub async fn delete(
    State(app): State<App>,
    id: Result<Path<i64>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let Path(id) = id.map_err(|_| ApiError::NoNote)?;
    let found = to_the_end(async move {
        let found = table::delete(&app.database, id).await?;
        app.listing.changed().await;
        Ok(found)
    });
    if found.await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NoNote)
    }
}

/// Carries a write through although its client goes away in between: else the list could stay as it
/// was before.
async fn to_the_end<T: Send + 'static>(
    write: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    let ended = tokio::spawn(write).await;
    ended.unwrap_or_else(|err| {
        Err(ApiError::Internal {
            reason: format!("a write did not end: {err}"),
        })
    })
}

fn checked(text: Option<&Value>) -> Result<&str, ApiError> {
    let refused = |reason: String| {
        Err(ApiError::Rejected {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            reason,
        })
    };
    let Some(text) = text.and_then(Value::as_str) else {
        return refused("`text` is missing, or no string".to_owned());
    };
    let length = text.chars().count();
    if text.trim().is_empty() {
        return refused("`text` is empty".to_owned());
    }
    if length > LONGEST {
        return refused(format!(
            "`text` has {length} characters: at most {LONGEST} are allowed"
        ));
    }
    // PostgreSQL has no such character.
    if text.contains('\0') {
        return refused("`text` has a character U+0000".to_owned());
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
