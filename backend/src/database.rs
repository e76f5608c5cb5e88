//! PostgreSQL: a small pool of connections that are tried before they are lent, each call with a
//! time limit.

use std::time::Duration;

use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Timeouts,
};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};

use crate::config::Postgres;
use crate::error::{ApiError, Dependency, chain};

/// The stack's PostgreSQL allows 20; this leaves room for a second backend and for people.
const CONNECTIONS: usize = 8;
/// For a connection, a new one too.
const PATIENCE: Duration = Duration::from_secs(2);
/// The server itself ends a statement that runs longer, so that a connection is never busy for
/// longer.
const STATEMENT_TIMEOUT: &str = "-c statement_timeout=5000";

/// The database; clones share the pool.
#[derive(Clone)]
pub struct Database {
    pool: Pool,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// No connection could be had.
    #[error("{}", unreachable(.0))]
    Unreachable(PoolError),
    /// The server refused, or went away.
    #[error("{}", chain(.0))]
    Failed(#[from] tokio_postgres::Error),
}

impl Database {
    /// Connects to nothing yet: that happens with the first call.
    ///
    /// # Errors
    ///
    /// None that settings could cause; the pool's own rules are the only ones.
    pub fn new(settings: &Postgres) -> Result<Self, deadpool_postgres::BuildError> {
        let mut config = Config::new();
        config
            .host(&settings.host)
            .port(settings.port)
            .dbname(&settings.database)
            .user(&settings.user)
            .password(settings.password.reveal())
            .application_name("backend")
            .options(STATEMENT_TIMEOUT)
            .connect_timeout(PATIENCE)
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(5));
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Verified,
        };
        let limit = Some(PATIENCE);
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: limit,
                create: limit,
                recycle: Some(PATIENCE / 2),
            })
            .build()?;
        Ok(Self { pool })
    }

    /// A connection that has just answered.
    ///
    /// # Errors
    ///
    /// The server is away, refuses, or is silent for two seconds.
    pub async fn client(&self) -> Result<Object, DatabaseError> {
        let silent = || PoolError::Timeout(deadpool_postgres::TimeoutType::Create);
        let client = tokio::time::timeout(PATIENCE, self.pool.get())
            .await
            .unwrap_or_else(|_| Err(silent()));
        client.map_err(|error| {
            // A server that froze or moved leaves connections that look open; each would cost the
            // next call its time.
            self.pool.retain(|_, _| false);
            DatabaseError::Unreachable(error)
        })
    }
}

impl DatabaseError {
    /// Whether the database has no such table: it is new, or another's.
    pub fn lacks_table(&self) -> bool {
        matches!(self, Self::Failed(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE))
    }

    /// Whether the fault is in the request to the database, not in its being there.
    fn is_ours(&self) -> bool {
        let Self::Failed(error) = self else {
            return false;
        };
        // Classes of SQLSTATE: connection, resources, operator intervention, system error; 25006:
        // read-only.
        let away = |code: &SqlState| {
            ["08", "53", "57", "58", "25006"]
                .iter()
                .any(|class| code.code().starts_with(class))
        };
        error.code().is_some_and(|code| !away(code)) && !self.lacks_table()
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        let reason = error.to_string();
        if error.is_ours() {
            Self::Internal { reason }
        } else {
            Self::Away {
                dependency: Dependency::Postgres,
                reason,
            }
        }
    }
}

impl From<tokio_postgres::Error> for ApiError {
    fn from(error: tokio_postgres::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

fn unreachable(error: &PoolError) -> String {
    match error {
        PoolError::Timeout(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        PoolError::Backend(error) => chain(error),
        other => chain(other),
    }
}
