//! Redis: one connection that all requests share, made anew when it breaks, each call with a time
//! limit.
//!
//! The crate's own connection manager is not used: it makes callers wait through its pauses between
//! tries, and it keeps a connection whose other end has gone without a word.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo, RedisError};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::config;
use crate::error::{ApiError, Dependency, chain};

/// For a connection, and for an answer. Redis answers within milliseconds or not at all.
const PATIENCE: Duration = Duration::from_secs(1);

/// The cache; clones share the connection.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    connection: Arc<Mutex<Connection>>,
}

#[derive(Default)]
struct Connection {
    /// Which one this is, so that of several callers that see it break only the first drops it.
    number: u64,
    open: Option<MultiplexedConnection>,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No answer in time.
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Silent,
    /// Redis refused, or is away.
    #[error("{}", chain(.0))]
    Failed(#[from] RedisError),
}

impl Redis {
    /// Connects to nothing yet: that happens with the first call.
    ///
    /// # Errors
    ///
    /// The host is not one that can be asked for.
    pub fn new(settings: &config::Redis) -> Result<Self, RedisError> {
        let mut info = (settings.host.as_str(), settings.port).into_connection_info()?;
        if let Some(password) = &settings.password {
            let login = info
                .redis_settings()
                .clone()
                .set_password(password.reveal());
            info = info.set_redis_settings(login);
        }
        Ok(Self {
            client: Client::open(info)?,
            connection: Arc::default(),
        })
    }

    /// Asks once.
    ///
    /// # Errors
    ///
    /// Redis is away, refuses, or is silent for a second.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let (number, mut connection) = self.connection().await?;
        let answer = match timeout(PATIENCE, command.query_async(&mut connection)).await {
            Ok(answer) => answer.map_err(StoreError::from),
            Err(_) => Err(StoreError::Silent),
        };
        if answer.as_ref().is_err_and(StoreError::breaks) {
            self.drop_connection(number).await;
        }
        answer
    }

    /// Asks, and once more if the connection turns out to be broken, as it is after a restart of
    /// Redis. For commands that may be carried out twice.
    ///
    /// # Errors
    ///
    /// As [`Redis::ask`].
    pub async fn ask_again<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        match self.ask(command).await {
            Err(StoreError::Failed(error)) if error.is_unrecoverable_error() => {
                self.ask(command).await
            }
            answer => answer,
        }
    }

    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let mut connection = timeout(PATIENCE, self.connection.lock())
            .await
            .map_err(|_| StoreError::Silent)?;
        if let Some(open) = &connection.open {
            return Ok((connection.number, open.clone()));
        }
        // Its own time limits are off: the ones here also bound the look-up of the name, and say
        // how long they waited.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let opening = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let open = timeout(PATIENCE, opening)
            .await
            .map_err(|_| StoreError::Silent)??;
        connection.number += 1;
        connection.open = Some(open.clone());
        Ok((connection.number, open))
    }

    async fn drop_connection(&self, number: u64) {
        let mut connection = self.connection.lock().await;
        if connection.number == number {
            connection.open = None;
        }
    }
}

impl StoreError {
    fn breaks(&self) -> bool {
        match self {
            Self::Silent => true,
            Self::Failed(error) => error.is_unrecoverable_error() || error.is_io_error(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Away {
            dependency: Dependency::Redis,
            reason: error.to_string(),
        }
    }
}
