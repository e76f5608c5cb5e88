//! `GET /health`: whether a request could be served now. `GET /health/live`: whether the process
//! runs.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use tokio::time::timeout;

use crate::app::App;
use crate::database::{Database, DatabaseError};
use crate::error::Dependency;
use crate::redis::{Redis, StoreError};
use crate::schema::Schema;

/// For each dependency; they are asked side by side. Shorter than a container's health check waits.
const LIMIT: Duration = Duration::from_secs(3);

#[derive(Serialize)]
struct Health {
    status: &'static str,
    checks: Checks,
}

#[derive(Serialize)]
struct Checks {
    postgres: Check,
    redis: Check,
    schema: Check,
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Check {
    Ok,
    Failed { reason: String },
}

/// Answers for the process alone.
pub async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// Asks the dependencies now, and remembers nothing.
pub async fn ready(State(app): State<App>) -> Response {
    let ((postgres, schema), redis) =
        tokio::join!(database(&app.database, &app.schema), cache(&app.redis));
    let checks = Checks {
        postgres,
        redis,
        schema,
    };
    let (code, status) = if checks.pass() {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    (code, Json(Health { status, checks })).into_response()
}

impl Checks {
    fn pass(&self) -> bool {
        [&self.postgres, &self.redis, &self.schema]
            .iter()
            .all(|check| matches!(check, Check::Ok))
    }
}

impl Check {
    fn failed(reason: impl ToString) -> Self {
        Self::Failed {
            reason: reason.to_string(),
        }
    }
}

/// The database itself, and the tables in it.
async fn database(database: &Database, schema: &Schema) -> (Check, Check) {
    let unknown = || {
        Check::failed(format!(
            "not known while {} is not available",
            Dependency::Postgres.name()
        ))
    };
    let checks = async {
        let client = match writable(database).await {
            Ok(client) => client,
            Err(check) => return (check, unknown()),
        };
        let tables = schema.check(&client).await;
        (Check::Ok, tables.map_or_else(Check::failed, |()| Check::Ok))
    };
    timeout(LIMIT, checks)
        .await
        .unwrap_or_else(|_| (silent(), unknown()))
}

/// A connection that takes writes: a standby answers too, and then refuses every note.
async fn writable(database: &Database) -> Result<deadpool_postgres::Object, Check> {
    let client = database.client().await.map_err(Check::failed)?;
    let asked = client
        .query_one("SELECT current_setting('transaction_read_only')", &[])
        .await;
    let answer = asked.and_then(|row| row.try_get::<_, String>(0));
    match answer
        .map_err(DatabaseError::from)
        .map_err(Check::failed)?
        .as_str()
    {
        "off" => Ok(client),
        _ => Err(Check::failed("it is read-only")),
    }
}

async fn cache(redis: &Redis) -> Check {
    let asked: Result<Result<String, StoreError>, _> =
        timeout(LIMIT, redis.ask_again(&::redis::cmd("PING"))).await;
    match asked {
        Ok(Ok(word)) if word == "PONG" => Check::Ok,
        Ok(Ok(word)) => Check::failed(format!("it answers `{word}` to a PING")),
        Ok(Err(error)) => Check::failed(error),
        Err(_) => silent(),
    }
}

fn silent() -> Check {
    Check::failed(format!("no answer within {} s", LIMIT.as_secs()))
}
