//! The settings, all from the environment. Every fault is told at once, by the variable's name; no
//! secret is ever shown.

mod problem;
mod secret;

use std::ffi::OsString;
use std::str::FromStr;

pub use problem::{ConfigError, Problem};
pub use secret::Secret;
use tracing::level_filters::LevelFilter;

/// Where a variable's value comes from: the environment, or a test.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// All settings.
#[derive(Debug)]
pub struct Config {
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// The database.
    pub postgres: Postgres,
    /// The cache.
    pub redis: Redis,
    /// So many requests a client may send in a minute.
    pub rate_limit: u32,
    /// Less urgent messages are not logged.
    pub log: LevelFilter,
    /// How a message looks.
    pub log_format: LogFormat,
}

/// How to reach PostgreSQL.
#[derive(Clone, Debug)]
pub struct Postgres {
    /// A name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database's name.
    pub database: String,
    /// Who logs in.
    pub user: String,
    /// With which password.
    pub password: Secret,
}

/// How to reach Redis.
#[derive(Clone, Debug)]
pub struct Redis {
    /// A name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What `requirepass` wants, where it is set.
    pub password: Option<Secret>,
}

/// How a log message looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Config {
    /// Reads everything, the files of the secrets too.
    ///
    /// # Errors
    ///
    /// Names every variable that is missing or wrong, not only the first.
    pub fn read(lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        let mut reader = Reader {
            lookup,
            problems: Vec::new(),
        };
        let config = Self::from(&mut reader);
        if reader.problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError(reader.problems))
        }
    }

    /// With stand-ins where there was a problem.
    fn from(reader: &mut Reader<'_>) -> Self {
        Self {
            port: reader.parsed("PORT", DEFAULT_PORT, "a port from 0 to 65535"),
            postgres: Postgres {
                host: reader.required("POSTGRES_HOST"),
                port: reader.parsed("POSTGRES_PORT", 5432, "a port from 1 to 65535"),
                database: reader.required("POSTGRES_DB"),
                user: reader.required("POSTGRES_USER"),
                password: reader.required_secret("POSTGRES_PASSWORD"),
            },
            redis: Redis {
                host: reader.required("REDIS_HOST"),
                port: reader.parsed("REDIS_PORT", 6379, "a port from 1 to 65535"),
                password: reader.secret("REDIS_PASSWORD"),
            },
            rate_limit: reader.parsed("RATE_LIMIT", 120, "a number of requests a minute"),
            log: reader.chosen("LOG", LEVELS, LevelFilter::INFO),
            log_format: reader.chosen("LOG_FORMAT", FORMATS, LogFormat::Json),
        }
    }
}

/// The port alone, for the command that asks the server beside it.
///
/// # Errors
///
/// Says what `PORT` is instead of a port.
pub fn port(lookup: Lookup<'_>) -> Result<u16, ConfigError> {
    let mut reader = Reader {
        lookup,
        problems: Vec::new(),
    };
    let port = reader.parsed("PORT", DEFAULT_PORT, "a port from 0 to 65535");
    if reader.problems.is_empty() {
        Ok(port)
    } else {
        Err(ConfigError(reader.problems))
    }
}

const DEFAULT_PORT: u16 = 3000;

const LEVELS: &[(&str, LevelFilter)] = &[
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
];

const FORMATS: &[(&str, LogFormat)] = &[("json", LogFormat::Json), ("text", LogFormat::Text)];

struct Reader<'a> {
    lookup: Lookup<'a>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// A variable's text; an empty one counts as unset, as Compose's `${X:-}` passes it.
    fn text(&mut self, name: &'static str) -> Option<String> {
        let value = (self.lookup)(name).filter(|value| !value.is_empty())?;
        match value.into_string() {
            Ok(text) => Some(text),
            Err(_) => {
                self.problems.push(Problem::NotText { name });
                None
            }
        }
    }

    fn required(&mut self, name: &'static str) -> String {
        let before = self.problems.len();
        let text = self.text(name);
        if text.is_none() && self.problems.len() == before {
            self.problems.push(Problem::Missing { name });
        }
        text.unwrap_or_default()
    }

    fn parsed<T: FromStr + Default + PartialOrd>(
        &mut self,
        name: &'static str,
        default: T,
        wanted: &'static str,
    ) -> T {
        let Some(value) = self.text(name) else {
            return default;
        };
        // 0 is for `PORT` alone, which a test lets the system choose.
        match value.parse::<T>() {
            Ok(number) if name == "PORT" || number > T::default() => number,
            _ => {
                self.problems.push(Problem::Unfit {
                    name,
                    value,
                    wanted: wanted.to_owned(),
                });
                default
            }
        }
    }

    fn chosen<T: Copy>(&mut self, name: &'static str, choices: &[(&str, T)], default: T) -> T {
        let Some(value) = self.text(name) else {
            return default;
        };
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == value) {
            return *choice;
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        self.problems.push(Problem::Unfit {
            name,
            value,
            wanted: format!("one of {}", words.join(", ")),
        });
        default
    }

    fn secret(&mut self, name: &'static str) -> Option<Secret> {
        let file = (self.lookup)(&format!("{name}_FILE")).filter(|path| !path.is_empty());
        match (self.text(name), file) {
            (Some(_), Some(_)) => {
                self.problems.push(Problem::Both { name });
                None
            }
            (Some(text), None) => Some(Secret::new(text)),
            (None, Some(path)) => Secret::from_file(name, path.as_ref())
                .map_err(|problem| self.problems.push(problem))
                .ok(),
            (None, None) => None,
        }
    }

    fn required_secret(&mut self, name: &'static str) -> Secret {
        let before = self.problems.len();
        let secret = self.secret(name);
        if secret.is_none() && self.problems.len() == before {
            self.problems.push(Problem::MissingSecret { name });
        }
        secret.unwrap_or_else(|| Secret::new(String::new()))
    }
}

#[cfg(test)]
mod tests;
