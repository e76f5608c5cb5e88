//! The databases of a test: a Redis of its own, and a database of its own in a PostgreSQL that
//! tests share.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use crate::client::eventually;
use crate::docker::{self, Container};

const REDIS: &str = "redis:7-alpine";
const POSTGRES: &str = "postgres:17-alpine";
/// Of every database here.
pub const PASSWORD: &str = "open-sesame";

/// Both, for one test.
pub struct Stores {
    /// Wants [`PASSWORD`]; empty at first.
    pub redis: Container,
    /// The server.
    pub postgres: Arc<Container>,
    /// The database of this test.
    pub database: String,
}

/// The server that tests share; the last of them removes it.
static SHARED: Mutex<Weak<Container>> = Mutex::new(Weak::new());

impl Stores {
    /// Ready for a backend. None where Docker is missing, and the test is over.
    pub fn new() -> Option<Self> {
        Self::in_server(shared)
    }

    /// With a PostgreSQL that this test may stop.
    pub fn of_its_own() -> Option<Self> {
        Self::in_server(|| Arc::new(postgres()))
    }

    fn in_server(server: impl FnOnce() -> Arc<Container>) -> Option<Self> {
        let stores = Self::without_database(server)?;
        stores.create_database();
        Some(stores)
    }

    /// With a server that does not have the test's database yet.
    pub fn empty() -> Option<Self> {
        Self::without_database(shared)
    }

    fn without_database(server: impl FnOnce() -> Arc<Container>) -> Option<Self> {
        if !docker::has(&[REDIS, POSTGRES]) {
            return None;
        }
        let (redis, postgres) = (redis(), server());
        Some(Self {
            redis,
            postgres,
            database: format!("test_{}", docker::random()),
        })
    }

    /// Creates the test's database.
    pub fn create_database(&self) {
        self.sql_in("postgres", &format!("CREATE DATABASE {}", self.database));
    }

    /// Runs statements in the test's database; what `psql` prints, unadorned.
    pub fn sql(&self, statements: &str) -> String {
        self.sql_in(&self.database, statements)
    }

    fn sql_in(&self, database: &str, statements: &str) -> String {
        self.postgres.exec(&[
            "psql",
            "-U",
            "app",
            "-d",
            database,
            "-v",
            "ON_ERROR_STOP=1",
            "-qAt",
            "-c",
            statements,
        ])
    }

    /// A Redis command.
    pub fn redis(&self, command: &str) -> String {
        self.redis.exec(&[
            "sh",
            "-c",
            &format!("REDISCLI_AUTH={PASSWORD} redis-cli {command}"),
        ])
    }
}

fn shared() -> Arc<Container> {
    let mut shared = SHARED
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(postgres());
        *shared = Arc::downgrade(&server);
        server
    })
}

fn postgres() -> Container {
    let password = format!("POSTGRES_PASSWORD={PASSWORD}");
    // Nothing here outlives its test, so nothing need reach the disk.
    let options = [
        "--env",
        "POSTGRES_USER=app",
        "--env",
        &password,
        "--env",
        "POSTGRES_INITDB_ARGS=--no-sync",
    ];
    let server = Container::run(POSTGRES, 5432, &options, &["postgres", "-c", "fsync=off"]);
    // Over TCP: while the image sets itself up, a server answers on the socket alone.
    eventually(Duration::from_secs(60), || {
        server.succeeds(&["pg_isready", "-h", "127.0.0.1", "-U", "app"])
    });
    server
}

fn redis() -> Container {
    let server = Container::run(
        REDIS,
        6379,
        &[],
        &[
            "redis-server",
            "--requirepass",
            PASSWORD,
            "--appendonly",
            "yes",
        ],
    );
    let ping = format!("REDISCLI_AUTH={PASSWORD} redis-cli ping | grep -q PONG");
    eventually(Duration::from_secs(30), || {
        server.succeeds(&["sh", "-c", &ping])
    });
    server
}
