//! 3: what Redis 6 wrote is there under the files' own Redis, and the command's options are in
//! force.

use compose_model::ImageRef;

use super::super::error::LiveError;
use super::super::outcome::{About, EvidenceLog, Verdict};
use super::super::overlay::Overrides;
use super::super::reason::Reason;
use super::super::redis::{KEYS, Redis};
use super::super::store::{DataStore, Verification};
use super::super::test_environment::TestEnvironment;
use super::{Applies, Phase, Proof, ProofContext, Stage};

/// The version that the stack comes from.
const OLD: &str = "redis:6.2.13-alpine";

/// Options that are read back, in the order in which they are shown.
const READ_BACK: [&str; 5] = [
    "appendonly",
    "maxmemory",
    "maxmemory-policy",
    "appendfsync",
    "requirepass",
];

/// Redis 6's data is there under 7.
pub struct RedisUpgrade;

impl Proof for RedisUpgrade {
    fn about(&self) -> About {
        About {
            id: "redis-upgrade",
            title: "Redis 6 to 7 with data",
            requirement: "Data of Redis 6 is still there under 7, all services start, and the command's options are in force",
            reasons: &[
                Reason::RdbOnly,
                Reason::Lost,
                Reason::Option,
                Reason::NotStarted,
            ],
        }
    }

    fn stages(&self) -> &'static [Stage] {
        &[Stage::Shared(Phase::Start)]
    }

    fn progress(&self) -> Option<&'static str> {
        Some("Redis 6 with data, then the files' own")
    }

    /// Where the service runs Redis 7, and the old image is here.
    fn applies(&self, subject: &TestEnvironment<'_>) -> Result<Applies, LiveError> {
        let Some(redis) = subject.model.service_of("redis") else {
            return Ok(Applies::No("no service runs redis".to_owned()));
        };
        let image = redis.image_name();
        match redis
            .image()
            .and_then(ImageRef::version)
            .map(|version| version.major)
        {
            Some(major) if major < 7 => {
                return Ok(Applies::No(format!(
                    "{} runs {image}, not 7 yet",
                    redis.name
                )));
            }
            Some(7) => {}
            _ => {
                return Ok(Applies::No(format!(
                    "{} runs {image}, which is not a 7",
                    redis.name
                )));
            }
        }
        let is_here = subject.tools.engine.image(OLD)?.is_some();
        Ok(match is_here {
            true => Applies::Yes,
            false => Applies::Blocked(format!("{OLD} is not here; get it with: docker pull {OLD}")),
        })
    }

    /// The old image.
    fn overrides(&self, subject: &TestEnvironment<'_>) -> Overrides {
        let redis = subject.model.service_of("redis");
        let images = redis.map(|service| (service.name.to_owned(), OLD.to_owned()));
        Overrides {
            images: images.into_iter().collect(),
            ..Overrides::default()
        }
    }

    /// Starts the stack for the first time: with Redis 6, data, and then as the files say.
    fn prove(&self, context: &mut ProofContext<'_>) -> Result<Verdict, LiveError> {
        let sandbox = context.sandbox;
        let Some(service) = sandbox.subject.model.service_of("redis") else {
            return Ok(Verdict::not_applicable("no service runs redis"));
        };
        let mut log = EvidenceLog::default();
        sandbox.up(&[service.name])?;
        let mut redis = Redis::of(sandbox, service)?;
        let old = Old::fill(&mut redis, &mut log)?;
        sandbox.vary(&Overrides::default())?;
        context.timeline = Some(sandbox.up(&[])?);
        let (version, started) = (redis.version()?, sandbox.containers()?.len());
        let image = service.image_name();
        log.see(
            "switched",
            format!("{image} is Redis {version}; all {started} services are well"),
        );
        old.compare(
            &redis,
            &version,
            &service.command().collect::<Vec<_>>(),
            log,
        )
    }
}

/// What the old one held.
struct Old {
    /// How many keys.
    size: u64,
    /// What it said of its append-only file: `yes` or `no`.
    appends: String,
}

impl Old {
    /// Writes into the old one.
    fn fill(redis: &mut Redis<'_>, log: &mut EvidenceLog) -> Result<Self, LiveError> {
        let wrote = redis.write()?;
        let (version, size, appends) = (
            redis.version()?,
            redis.size()?,
            redis.setting("appendonly")?,
        );
        let seen =
            format!("{OLD} is Redis {version}, appendonly {appends}; wrote {wrote}, DBSIZE {size}");
        log.see("before", seen);
        Ok(Self { size, appends })
    }

    /// Looks for it in the new one, of this version.
    fn compare(
        &self,
        redis: &Redis<'_>,
        version: &str,
        command: &[&str],
        mut log: EvidenceLog,
    ) -> Result<Verdict, LiveError> {
        let (size, now) = (self.size, redis.size()?);
        match redis.verify()? {
            Verification::Whole(found) if now >= size => {
                log.see("after", format!("{found}; DBSIZE {now}"));
                options(log, redis, command)
            }
            Verification::Whole(_) => Ok(log.failed(
                Reason::Lost,
                format!("Redis {version} has {now} keys of {size}"),
            )),
            Verification::Lost(missing) => {
                let gone = format!(
                    "{missing} of {KEYS} are gone under the new Redis, DBSIZE {now} instead of {size}"
                );
                lost(log, redis, &gone, &self.appends)
            }
        }
    }
}

/// Why keys are gone; `aof` is what the old one said of its append-only file.
fn lost(log: EvidenceLog, redis: &Redis<'_>, gone: &str, aof: &str) -> Result<Verdict, LiveError> {
    if aof == "no" && redis.setting("appendonly")? == "yes" {
        let why = "the old one kept its data as RDB alone, and with appendonly yes a new one starts empty; on the running \
                   old one first: redis-cli CONFIG SET appendonly yes";
        return Ok(log.failed(Reason::RdbOnly, format!("{gone}: {why}")));
    }
    Ok(log.failed(Reason::Lost, gone))
}

/// Reads back what the command asks for.
fn options(
    mut log: EvidenceLog,
    redis: &Redis<'_>,
    command: &[&str],
) -> Result<Verdict, LiveError> {
    let words: Vec<_> = command
        .iter()
        .flat_map(|word| word.split_whitespace())
        .collect();
    let asked = |name: &str| {
        // Of several the last one counts.
        let at = words
            .iter()
            .rposition(|word| word.strip_prefix("--") == Some(name))?;
        words
            .get(at + 1)
            .map(|value| value.trim_matches(['"', '\'']).to_owned())
    };
    let mut seen = Vec::new();
    for name in READ_BACK {
        let Some(wanted) = asked(name) else { continue };
        let found = redis.setting(name)?;
        if name == "requirepass" {
            if found.is_empty() || redis.lets_anybody_in()? {
                return Ok(log.failed(
                    Reason::Option,
                    "requirepass is not in force: a client without a password is let in",
                ));
            }
            seen.push("requirepass (a client without it is refused)".to_owned());
        } else if bytes(&wanted) == bytes(&found) {
            seen.push(format!("{name} {found}"));
        } else {
            return Ok(log.failed(
                Reason::Option,
                format!("{name} is {found} and not {wanted}, as the command asks"),
            ));
        }
    }
    let seen = if seen.is_empty() {
        "the command sets none".to_owned()
    } else {
        seen.join(", ")
    };
    log.see("CONFIG GET", seen);
    Ok(log.proved())
}

/// `256mb` as Redis tells it: in bytes. Other words are themselves.
fn bytes(value: &str) -> String {
    let lower = value.to_ascii_lowercase();
    let end = lower
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(lower.len());
    let unit: Option<u64> = match &lower[end..] {
        "" => Some(1),
        "k" => Some(1000),
        "kb" => Some(1 << 10),
        "m" => Some(1_000_000),
        "mb" => Some(1 << 20),
        "g" => Some(1_000_000_000),
        "gb" => Some(1 << 30),
        _ => None,
    };
    match (lower[..end].parse::<u64>(), unit) {
        (Ok(number), Some(unit)) => number.saturating_mul(unit).to_string(),
        _ => lower,
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_compared_in_bytes() {
        assert_eq!(bytes("256mb"), bytes("268435456"));
        assert_eq!(bytes("1GB"), "1073741824");
        assert_eq!(bytes("allkeys-lru"), "allkeys-lru");
        assert_ne!(bytes("1k"), bytes("1kb"));
    }
}
