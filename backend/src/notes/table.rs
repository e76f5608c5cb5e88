//! The notes' table, by parameters alone.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::Note;
use crate::database::{Database, DatabaseError};

/// More are not listed: an answer stays small whatever is stored.
const LISTED: i64 = 500;

pub(super) async fn newest(database: &Database) -> Result<Vec<Note>, DatabaseError> {
    let client = database.client().await?;
    let query = client
        .prepare_cached("SELECT id, text, created_at FROM notes ORDER BY id DESC LIMIT $1")
        .await?;
    let rows = client.query(&query, &[&LISTED]).await?;
    rows.iter().map(note).collect()
}

pub(super) async fn insert(database: &Database, text: &str) -> Result<Note, DatabaseError> {
    let client = database.client().await?;
    let insert = "INSERT INTO notes (text) VALUES ($1) RETURNING id, text, created_at";
    note(&client.query_one(insert, &[&text]).await?)
}

/// Whether there was one.
pub(super) async fn delete(database: &Database, id: i64) -> Result<bool, DatabaseError> {
    let client = database.client().await?;
    Ok(client
        .execute("DELETE FROM notes WHERE id = $1", &[&id])
        .await?
        > 0)
}

fn note(row: &Row) -> Result<Note, DatabaseError> {
    let created_at: Timestamp = row.try_get(2)?;
    Ok(Note {
        id: row.try_get(0)?,
        text: row.try_get(1)?,
        created_at: created_at.to_string(),
    })
}
