//! What every request shares.

use std::sync::Arc;

use crate::config::Config;
use crate::database::Database;
use crate::error::chain;
use crate::listing::Listing;
use crate::redis::Redis;
use crate::schema::Schema;

/// What every request shares.
#[derive(Clone)]
pub struct App {
    /// PostgreSQL.
    pub database: Database,
    /// Redis.
    pub redis: Redis,
    /// The state of the tables.
    pub schema: Arc<Schema>,
    /// The cached list of notes.
    pub listing: Arc<Listing>,
    /// Requests a minute.
    pub rate_limit: u32,
}

impl App {
    /// Connects to nothing yet.
    ///
    /// # Errors
    ///
    /// Settings that no client can be made from.
    pub fn new(config: &Config) -> Result<Self, String> {
        let database = Database::new(&config.postgres)
            .map_err(|err| format!("POSTGRES_*: {}", chain(&err)))?;
        let redis = Redis::new(&config.redis).map_err(|err| format!("REDIS_*: {}", chain(&err)))?;
        let listing = Arc::new(Listing::new(redis.clone()));
        Ok(Self {
            database,
            redis,
            schema: Arc::default(),
            listing,
            rate_limit: config.rate_limit,
        })
    }
}
