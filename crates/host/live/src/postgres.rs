//! PostgreSQL in a sandbox, asked through its own client.

use datastores::postgres::CLIENT;
use docker::engine::Exec;

use super::error::LiveError;
use super::model::Service;
use super::reason::Reason;
use super::run::token;
use super::sandbox::Sandbox;
use super::store::{DataStore, Verification};

/// How many rows are written.
const ROWS: u32 = 100;

/// The PostgreSQL of a sandbox.
pub struct Postgres<'s> {
    sandbox: &'s Sandbox<'s>,
    service: String,
    user: String,
    database: String,
    password: Option<String>,
    /// The count and the sum of what was written last.
    written: String,
}

impl<'s> Postgres<'s> {
    /// The user and the database that the service's variables name, or files of the container that
    /// these name.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn of(sandbox: &'s Sandbox<'s>, service: Service<'_>) -> Result<Self, LiveError> {
        let value = |name: &str| -> Result<Option<String>, LiveError> {
            if let Some(value) = service
                .resolved
                .variable(name)
                .filter(|value| !value.is_empty())
            {
                return Ok(Some(value.to_owned()));
            }
            let Some(file) = service.resolved.variable(&format!("{name}_FILE")) else {
                return Ok(None);
            };
            let said = sandbox.exec(service.name, Exec::default(), &["cat", file])?;
            Ok(said.success.then(|| said.stdout.trim().to_owned()))
        };
        let user = value("POSTGRES_USER")?.unwrap_or_else(|| "postgres".to_owned());
        let database = value("POSTGRES_DB")?.unwrap_or_else(|| user.clone());
        let password = value("POSTGRES_PASSWORD")?;
        Ok(Self {
            sandbox,
            service: service.name.to_owned(),
            user,
            database,
            password,
            written: String::new(),
        })
    }

    /// What the server answers, without headings.
    ///
    /// # Errors
    /// [`LiveError::Program`] with its words, redacted.
    pub fn ask(&self, sql: &str) -> Result<String, LiveError> {
        let handed: Vec<_> = self
            .password
            .iter()
            .map(|password| ("PGPASSWORD", password.as_str()))
            .collect();
        let options = [CLIENT, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];
        let words = [
            &options[..],
            &["-U", &self.user, "-d", &self.database, "-c", sql],
        ]
        .concat();
        let said = self.sandbox.exec(
            &self.service,
            Exec {
                user: None,
                env: &handed,
            },
            &words,
        )?;
        if said.success {
            return Ok(said.stdout.trim().to_owned());
        }
        let words = self.sandbox.subject.redact(said.stderr.trim());
        Err(LiveError::Program {
            service: self.service.clone(),
            words,
        })
    }

    fn sum(&self) -> Result<String, LiveError> {
        self.ask("SELECT count(*) || ' rows, sum ' || left(md5(string_agg(kept::text, '|' ORDER BY id)), 8) FROM compose_stories_live.kept")
    }
}

impl DataStore for Postgres<'_> {
    fn service(&self) -> &str {
        &self.service
    }

    fn write(&mut self) -> Result<String, LiveError> {
        let mark = token();
        self.ask(&format!(
            "SET client_min_messages = warning; DROP SCHEMA IF EXISTS compose_stories_live CASCADE; \
             CREATE SCHEMA compose_stories_live; \
             CREATE TABLE compose_stories_live.kept (id int PRIMARY KEY, words text, at timestamptz, doc jsonb); \
             INSERT INTO compose_stories_live.kept SELECT n, '{mark}-' || n, now(), jsonb_build_object('n', n) \
             FROM generate_series(1, {ROWS}) n"
        ))?;
        self.written = self.sum()?;
        Ok(format!("a table of {ROWS} rows"))
    }

    fn verify(&self) -> Result<Verification, LiveError> {
        Ok(match self.sum() {
            Ok(sum) if sum == self.written => Verification::Whole(sum),
            Ok(sum) => Verification::Lost(format!("rows: {sum} instead of {}", self.written)),
            Err(LiveError::Program { words, .. }) if words.contains("does not exist") => {
                Verification::Lost(format!("the table of {ROWS} rows"))
            }
            Err(error) => return Err(error),
        })
    }

    fn flush(&self) -> Result<String, LiveError> {
        Ok(format!("committed, fsync {}", self.ask("SHOW fsync")?))
    }

    fn folder(&self) -> Result<String, LiveError> {
        self.ask("SHOW data_directory")
    }

    fn explain_loss(&self) -> Result<Option<(Reason, String)>, LiveError> {
        let off = self.ask("SHOW fsync")? == "off";
        Ok(off.then(|| {
            (
                Reason::FsyncOff,
                "fsync is off, so what was committed was not on disk".to_owned(),
            )
        }))
    }
}
