//! The backend's tables: the migrations in the binary, and the table of those that a database has
//! had.
//!
//! All that are missing are applied in one transaction under an advisory lock, so several backends
//! may start at once and none leaves a half-made schema. A database that was emptied while the
//! backend ran gets its tables again.

use std::time::Duration;

use deadpool_postgres::{GenericClient, Transaction};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::database::{Database, DatabaseError};

/// In the order in which they are applied. One that was released is never changed: add another.
const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    sql: include_str!("../migrations/0001_notes.sql"),
}];

/// Whoever migrates this schema holds the lock of this number: the letters `notes` as one.
const LOCK: i64 = 0x6e_6f_74_65_73;
const PAUSE: Duration = Duration::from_secs(1);
/// For all that is missing together, with the wait for another backend that is at it.
const LIMIT: Duration = Duration::from_secs(120);

struct Migration {
    version: i32,
    sql: &'static str,
}

/// Why the tables are not as this backend needs them.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not there yet; the keeper is at it.
    #[error("migration {0} is not applied yet")]
    Behind(i32),
    /// Somebody changed a migration after it was applied.
    #[error(
        "migration {0} was applied with other text than this backend has: bring back its released text"
    )]
    Diverged(i32),
    /// It took too long.
    #[error("not done within {} s", LIMIT.as_secs())]
    Slow,
    /// The database could not be asked.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<tokio_postgres::Error> for SchemaError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Wakes whoever keeps the tables.
#[derive(Default)]
pub struct Schema {
    wanted: Notify,
}

impl Schema {
    /// Applies what is missing, tries again until it is done, and again whenever a check finds
    /// something missing.
    pub async fn keep(&self, database: &Database) {
        let mut said = String::new();
        loop {
            match timeout(LIMIT, migrate(database))
                .await
                .unwrap_or(Err(SchemaError::Slow))
            {
                Ok(applied) => {
                    said.clear();
                    tracing::info!(applied, "the schema is ready");
                    self.wanted.notified().await;
                }
                Err(error) => {
                    let reason = error.to_string();
                    if reason != said {
                        tracing::warn!(reason, "the schema is not ready; trying again");
                    }
                    said = reason;
                }
            }
            sleep(PAUSE).await;
        }
    }

    /// Whether this database has had every migration.
    ///
    /// # Errors
    ///
    /// Says what is missing or different, and has it mended if it can be.
    pub async fn check(&self, client: &impl GenericClient) -> Result<(), SchemaError> {
        let found = match applied(client).await {
            Err(SchemaError::Database(error)) if error.lacks_table() => Vec::new(),
            found => found?,
        };
        let missing = missing(&found)?;
        let Some(first) = missing.first() else {
            return Ok(());
        };
        self.wanted.notify_one();
        Err(SchemaError::Behind(first.version))
    }
}

async fn migrate(database: &Database) -> Result<usize, SchemaError> {
    let mut client = database.client().await?;
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("SET LOCAL statement_timeout = 0")
        .await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    transaction.batch_execute(TABLE).await?;
    let found = applied(&transaction).await?;
    let missing = missing(&found)?;
    for migration in &missing {
        apply(&transaction, migration).await?;
    }
    transaction.commit().await?;
    Ok(missing.len())
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version integer PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)";

async fn apply(transaction: &Transaction<'_>, migration: &Migration) -> Result<(), SchemaError> {
    transaction.batch_execute(migration.sql).await?;
    let insert = "INSERT INTO schema_migrations (version, checksum) VALUES ($1, $2)";
    transaction
        .execute(insert, &[&migration.version, &migration.checksum()])
        .await?;
    Ok(())
}

/// The versions that a database has had, with their checksums.
async fn applied(client: &impl GenericClient) -> Result<Vec<(i32, String)>, SchemaError> {
    let rows = client
        .query("SELECT version, checksum FROM schema_migrations", &[])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

/// What a database lacks. Versions that this backend does not know are a newer one's, which runs
/// beside it during an update.
fn missing(found: &[(i32, String)]) -> Result<Vec<&'static Migration>, SchemaError> {
    let mut missing = Vec::new();
    for migration in MIGRATIONS {
        match found
            .iter()
            .find(|(version, _)| *version == migration.version)
        {
            None => missing.push(migration),
            Some((_, checksum)) if *checksum == migration.checksum() => {}
            Some(_) => return Err(SchemaError::Diverged(migration.version)),
        }
    }
    Ok(missing)
}

impl Migration {
    fn checksum(&self) -> String {
        Sha256::digest(self.sql)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

#[cfg(test)]
mod tests;
