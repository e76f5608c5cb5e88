//! The list of notes, cached in Redis.
//!
//! A list lies under the key of a generation, and every write begins a new one. So a reader that
//! asked the database before a write, and fills the cache after it, fills a place that nobody reads
//! any more. A generation is a random word and not a count: a count that Redis loses would begin
//! again, and meet old lists.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::ApiError;
use crate::redis::{Redis, StoreError};

const GENERATION: &str = "notes:generation";
/// A list that no write told of, by hand or by a backend that was killed in between, is wrong for
/// no longer.
const LIST_SECONDS: u32 = 60;

/// The current generation; the one offered, where there is none.
const CURRENT: &str = "
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])";

/// The cached list.
pub struct Listing {
    redis: Redis,
    /// How many writes there were. It begins with one: the process before this one may have died
    /// after a write.
    writes: AtomicU64,
    /// Up to which of them Redis knows; it may have been away.
    told: AtomicU64,
}

/// Where the list of a generation lies.
pub struct Place(String);

impl Listing {
    /// One that has to tell Redis of a write first.
    pub fn new(redis: Redis) -> Self {
        Self {
            redis,
            writes: AtomicU64::new(1),
            told: AtomicU64::new(0),
        }
    }

    /// Where the list of this moment lies. Ask before the database is asked.
    ///
    /// # Errors
    ///
    /// Redis is away.
    pub async fn place(&self) -> Result<Place, ApiError> {
        self.tell().await?;
        let mut command = ::redis::cmd("EVAL");
        command.arg(CURRENT).arg(1).arg(GENERATION).arg(word()?);
        let generation: String = self.redis.ask_again(&command).await?;
        Ok(Place(format!("notes:list:{generation}")))
    }

    /// The list in that place.
    ///
    /// # Errors
    ///
    /// Redis is away.
    pub async fn read(&self, place: &Place) -> Result<Option<String>, StoreError> {
        self.redis
            .ask_again(::redis::cmd("GET").arg(&place.0))
            .await
    }

    /// Keeps a list in its place. If that fails, the next reader asks the database again.
    pub async fn fill(&self, place: &Place, list: &str) {
        let mut command = ::redis::cmd("SET");
        command.arg(&place.0).arg(list).arg("EX").arg(LIST_SECONDS);
        if let Err(error) = self.redis.ask_again::<()>(&command).await {
            tracing::warn!(reason = %error, "the list is not cached");
        }
    }

    /// Begins a new generation after a write. If that fails, the next reader does it before it
    /// reads.
    pub async fn changed(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
        if let Err(error) = self.tell().await {
            tracing::warn!(reason = %error, "the cached list is out of date; the next reader drops it");
        }
    }

    async fn tell(&self) -> Result<(), ApiError> {
        let writes = self.writes.load(Ordering::SeqCst);
        if self.told.load(Ordering::SeqCst) < writes {
            self.redis
                .ask_again::<()>(::redis::cmd("SET").arg(GENERATION).arg(word()?))
                .await?;
            self.told.fetch_max(writes, Ordering::SeqCst);
        }
        Ok(())
    }
}

fn word() -> Result<String, ApiError> {
    let random = getrandom::u64().map_err(|err| ApiError::Internal {
        reason: format!("no random bytes: {err}"),
    })?;
    Ok(format!("{random:016x}"))
}
