//! Redis in a sandbox, asked through its own client.

use std::time::Duration;

use datastores::redis::{CLIENT, FLUSH};
use diagnostics::redact::looks_secret;
use docker::engine::Exec;

use super::error::LiveError;
use super::model::Service;
use super::reason::Reason;
use super::run::token;
use super::sandbox::Sandbox;
use super::store::{DataStore, Verification};

/// What the keys begin with.
const PREFIX: &str = "compose-stories:live:";

/// How many keys [`WRITE`] writes.
pub const KEYS: u64 = 7;

/// Writes a key of every type, and one that expires in an hour.
const WRITE: &str = "local p, v = KEYS[1], ARGV[1]
for _, k in ipairs({'string', 'hash', 'list', 'set', 'zset', 'stream', 'expiring'}) do redis.call('DEL', p .. k) end
redis.call('SET', p .. 'string', v)
redis.call('HSET', p .. 'hash', 'a', v .. 'a', 'b', v .. 'b')
redis.call('RPUSH', p .. 'list', '1', '2', v)
redis.call('SADD', p .. 'set', v, 'x')
redis.call('ZADD', p .. 'zset', '1.5', v)
redis.call('XADD', p .. 'stream', '1-1', 'v', v)
redis.call('SET', p .. 'expiring', v, 'EX', '3600')
return 'OK'";

/// Reads them all: one line each, an empty one for what is missing.
const READ: &str = "local p, v = KEYS[1], ARGV[1]
local function or_empty(x) if x then return tostring(x) else return '' end end
local s = redis.call('XRANGE', p .. 'stream', '-', '+')
return {or_empty(redis.call('GET', p .. 'string')), or_empty(redis.call('HGET', p .. 'hash', 'b')),
table.concat(redis.call('LRANGE', p .. 'list', 0, -1), ','), or_empty(redis.call('SISMEMBER', p .. 'set', v)),
or_empty(redis.call('ZSCORE', p .. 'zset', v)), s[1] and s[1][2][2] or '', or_empty(redis.call('GET', p .. 'expiring')),
or_empty(redis.call('TTL', p .. 'expiring'))}";

/// What the lines of [`READ`] are about.
const NAMES: [&str; 7] = [
    "string",
    "hash",
    "list",
    "set",
    "sorted set",
    "stream",
    "expiring key",
];

/// The Redis of a sandbox.
pub struct Redis<'s> {
    sandbox: &'s Sandbox<'s>,
    service: String,
    password: Option<String>,
    written: String,
}

impl<'s> Redis<'s> {
    /// Finds out how to be let in: without a password, else with the one of the command, a variable
    /// or a secret.
    ///
    /// # Errors
    /// Where none works.
    pub fn of(sandbox: &'s Sandbox<'s>, service: Service<'_>) -> Result<Self, LiveError> {
        let mut redis = Self {
            sandbox,
            service: service.name.to_owned(),
            password: None,
            written: String::new(),
        };
        let candidates = passwords(sandbox, service).into_iter().map(Some);
        let mut last = String::new();
        for candidate in [None].into_iter().chain(candidates) {
            redis.password = candidate;
            match redis.ask(&["PING"]) {
                Ok(answer) if answer == "PONG" => return Ok(redis),
                Ok(answer) => last = answer,
                Err(LiveError::Program { words, .. }) => last = words,
                Err(error) => return Err(error),
            }
        }
        Err(LiveError::Program {
            service: redis.service,
            words: format!("{CLIENT} is not let in: {last}"),
        })
    }

    /// What Redis answers.
    ///
    /// # Errors
    /// [`LiveError::Program`] with its words, redacted.
    pub fn ask(&self, words: &[&str]) -> Result<String, LiveError> {
        let handed: Vec<_> = self
            .password
            .iter()
            .map(|password| ("REDISCLI_AUTH", password.as_str()))
            .collect();
        let said = self.sandbox.exec(
            &self.service,
            Exec {
                user: None,
                env: &handed,
            },
            &[&[CLIENT], words].concat(),
        )?;
        let refusal = [
            "NOAUTH",
            "ERR ",
            "WRONGPASS",
            "LOADING",
            "MISCONF",
            "NOPERM",
            "OOM ",
        ];
        let answer = said.stdout.trim().to_owned();
        if said.success && !refusal.iter().any(|word| answer.starts_with(word)) {
            return Ok(answer);
        }
        let words = if answer.is_empty() {
            said.stderr.trim().to_owned()
        } else {
            answer
        };
        Err(LiveError::Program {
            service: self.service.clone(),
            words: self.sandbox.subject.redact(&words),
        })
    }

    /// The setting that is in force; empty for one that it does not know.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn setting(&self, name: &str) -> Result<String, LiveError> {
        let answer = self.ask(&["CONFIG", "GET", name])?;
        Ok(answer.lines().nth(1).unwrap_or_default().to_owned())
    }

    /// The version that runs.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn version(&self) -> Result<String, LiveError> {
        let info = self.ask(&["INFO", "server"])?;
        let version = info
            .lines()
            .find_map(|line| line.strip_prefix("redis_version:"));
        Ok(version.unwrap_or_default().trim().to_owned())
    }

    /// How many keys there are.
    ///
    /// # Errors
    /// [`LiveError`].
    pub fn size(&self) -> Result<u64, LiveError> {
        Ok(self.ask(&["DBSIZE"])?.parse().unwrap_or_default())
    }

    /// Whether somebody without a password is let in.
    ///
    /// # Errors
    /// [`LiveError`] of the client.
    pub fn lets_anybody_in(&self) -> Result<bool, LiveError> {
        // An empty variable takes the place of one that the container has.
        let how = Exec {
            user: None,
            env: &[("REDISCLI_AUTH", "")],
        };
        Ok(self
            .sandbox
            .exec(&self.service, how, &[CLIENT, "PING"])?
            .stdout
            .trim()
            == "PONG")
    }
}

impl DataStore for Redis<'_> {
    fn service(&self) -> &str {
        &self.service
    }

    fn write(&mut self) -> Result<String, LiveError> {
        self.written = token();
        self.ask(&["EVAL", WRITE, "1", PREFIX, &self.written])?;
        Ok(format!("{KEYS} keys of every type"))
    }

    fn verify(&self) -> Result<Verification, LiveError> {
        let answer = self.ask(&["EVAL", READ, "1", PREFIX, &self.written])?;
        let lines: Vec<_> = answer
            .lines()
            .map(str::trim)
            .chain(std::iter::repeat(""))
            .take(8)
            .collect();
        let v = &self.written;
        let wanted = [
            v.clone(),
            format!("{v}b"),
            format!("1,2,{v}"),
            "1".into(),
            "1.5".into(),
            v.clone(),
            v.clone(),
        ];
        let missing: Vec<_> = (0..wanted.len())
            .filter(|at| lines[*at] != wanted[*at])
            .map(|at| NAMES[at])
            .collect();
        let left: i64 = lines[7].parse().unwrap_or(-2);
        Ok(match missing.as_slice() {
            [] if (1..=3600).contains(&left) => {
                Verification::Whole(format!("{KEYS} keys with their values, TTL {left} s"))
            }
            [] => Verification::Lost(format!("the time to live of a key ({left})")),
            some if some.len() == wanted.len() => Verification::Lost(format!("all {KEYS} keys")),
            some => Verification::Lost(format!("the {}", some.join(", the "))),
        })
    }

    /// `WAITAOF` where there is one (7.2), else a little over the second that `everysec` promises.
    fn flush(&self) -> Result<String, LiveError> {
        if self.setting("appendonly")? != "yes" {
            return Ok("appendonly is no: nothing to wait for".to_owned());
        }
        match self.setting("appendfsync")?.as_str() {
            "always" => Ok("appendfsync always".to_owned()),
            kind => {
                if self.ask(FLUSH).is_ok_and(|answer| answer.starts_with('1')) {
                    return Ok(format!("appendfsync {kind}, WAITAOF answered"));
                }
                std::thread::sleep(Duration::from_millis(1500));
                Ok(format!("appendfsync {kind}, after 1.5 s"))
            }
        }
    }

    fn folder(&self) -> Result<String, LiveError> {
        self.setting("dir")
    }

    fn explain_loss(&self) -> Result<Option<(Reason, String)>, LiveError> {
        let off = self.setting("appendonly")? == "no";
        Ok(off.then(|| {
            (
                Reason::AofOff,
                "appendonly is no, so what was written since the last snapshot is gone".to_owned(),
            )
        }))
    }
}

/// The passwords that the service's command, variables and secrets suggest.
fn passwords(sandbox: &Sandbox<'_>, service: Service<'_>) -> Vec<String> {
    let command: Vec<_> = service.command().collect();
    let flag = command
        .iter()
        .position(|word| *word == "--requirepass")
        .and_then(|at| command.get(at + 1))
        .map(|word| (*word).to_owned());
    // Words of a shell's script stay one word of the command.
    let inside = command
        .iter()
        .filter_map(|word| word.split("--requirepass ").nth(1));
    let inside = inside
        .filter_map(|rest| rest.split_whitespace().next())
        .map(|word| word.trim_matches(['"', '\'']).to_owned());
    let is_one = |name: &str| looks_secret(name) && !name.ends_with("_FILE");
    let variables = service
        .resolved
        .environment
        .keys()
        .filter(|name| is_one(name))
        .filter_map(|name| service.resolved.variable(name))
        .map(str::to_owned);
    let secrets = service.resolved.secrets.iter();
    let files = secrets.filter_map(|secret| secret.source.text());
    let files = files.filter_map(|key| sandbox.subject.secret(key));
    flag.into_iter()
        .chain(inside)
        .chain(variables)
        .chain(files)
        .filter(|word| !word.is_empty())
        .collect()
}
