//! A project's containers as `docker inspect` tells them, typed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::mounts::{self, Mount};
use crate::null_is_empty;
use crate::timestamp::Timestamp;

/// The label by which Compose knows a container's project.
pub const PROJECT: &str = "com.docker.compose.project";

/// The label that names the files a container was made of: full paths with commas between them.
pub const FILES: &str = "com.docker.compose.project.config_files";

/// The label that names the folder from which Compose was called.
pub const FOLDER: &str = "com.docker.compose.project.working_dir";

/// The label that holds a hash of the service that a container was made of.
pub const HASH: &str = "com.docker.compose.config-hash";

/// The label by which Compose knows a container's service.
pub const SERVICE: &str = "com.docker.compose.service";

/// The label that tells which of its service's containers one is, from 1.
pub const NUMBER: &str = "com.docker.compose.container-number";

/// A container, running or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its 64 digits.
    pub id: String,
    /// Its name, without the leading slash.
    pub name: String,
    /// The image as it was named, such as `redis:7-alpine`.
    pub image: String,
    /// The image that it really runs, as `sha256:…`.
    pub image_id: String,
    /// The Compose service; empty where Compose did not make it.
    pub service: String,
    /// Its labels, the image's included.
    pub labels: BTreeMap<String, String>,
    /// Where it is in its life.
    pub state: State,
    /// How its health check went; none without a health check, and before the first start.
    pub health: Option<Health>,
    /// What is mounted into it.
    pub mounts: Vec<Mount>,
    /// How often the engine started it anew after it ended by itself.
    pub restarts: u64,
}

/// Where a container is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// In one word.
    pub status: Status,
    /// The code of its last end; 0 before there was one, too.
    pub exit_code: i64,
    /// When it was last started.
    pub started_at: Option<Timestamp>,
    /// When it last ended.
    pub finished_at: Option<Timestamp>,
    /// Whether the kernel ended it for its memory.
    pub out_of_memory: bool,
    /// Why the engine could not start it; empty where it could.
    pub error: String,
}

/// A container's state in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Made and never started.
    Created,
    /// Running.
    Running,
    /// Held still.
    Paused,
    /// Ended, and about to be started anew.
    Restarting,
    /// On its way out.
    Removing,
    /// Ended.
    Exited,
    /// Could not be removed whole.
    Dead,
    /// A word that this tool does not know.
    #[serde(other)]
    Unknown,
}

/// How a container's health check goes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Health {
    /// In one word.
    pub status: HealthStatus,
    /// How many probes in a row failed and counted; those in the start period do not.
    #[serde(default)]
    pub failing_streak: u64,
    /// The last probes, the oldest first; the engine keeps five.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub log: Vec<Probe>,
}

/// A container's health in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HealthStatus {
    /// Nothing is known yet.
    Starting,
    /// The last probe succeeded, or too few have failed since.
    Healthy,
    /// Too many probes in a row failed.
    Unhealthy,
    /// The check is switched off, or a word that this tool does not know.
    #[serde(other)]
    None,
}

/// One run of a health check.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Probe {
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// 0 when healthy; -1 when it was ended at its time limit.
    pub exit_code: i64,
    /// What it printed. It may hold secrets.
    #[serde(default)]
    pub output: String,
}

impl Container {
    /// Whether `docker compose run` made it.
    #[must_use]
    pub fn is_one_off(&self) -> bool {
        self.labels
            .get("com.docker.compose.oneoff")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Which of its service's containers it is, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.labels
            .get(NUMBER)
            .and_then(|number| number.parse().ok())
            .unwrap_or(1)
    }

    /// Reads what `docker inspect` prints: a JSON array.
    ///
    /// # Errors
    /// Where it is no such array.
    pub fn parse(json: &[u8]) -> serde_json::Result<Vec<Self>> {
        Ok(serde_json::from_slice::<Vec<Inspected>>(json)?
            .into_iter()
            .map(Self::from)
            .collect())
    }

    /// The mount that holds a path: the deepest at it or above it.
    #[must_use]
    pub fn mount_at(&self, path: &str) -> Option<&Mount> {
        mounts::at(&self.mounts, path)
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state.status == Status::Running
    }

    /// Whether its health check says that it is well.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.health
            .as_ref()
            .is_some_and(|health| health.status == HealthStatus::Healthy)
    }
}

/// As the engine spells it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    id: String,
    name: String,
    image: String,
    state: InspectedState,
    #[serde(default)]
    restart_count: u64,
    #[serde(default, deserialize_with = "null_is_empty")]
    mounts: Vec<Mount>,
    config: Config,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InspectedState {
    status: Status,
    #[serde(default)]
    exit_code: i64,
    #[serde(default)]
    error: String,
    #[serde(rename = "OOMKilled", default)]
    out_of_memory: bool,
    started_at: Timestamp,
    finished_at: Timestamp,
    health: Option<Health>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    image: String,
    #[serde(default, deserialize_with = "null_is_empty")]
    labels: BTreeMap<String, String>,
}

impl From<Inspected> for Container {
    fn from(found: Inspected) -> Self {
        let Inspected {
            id,
            name,
            image: image_id,
            state,
            restart_count: restarts,
            mounts,
            config,
        } = found;
        let InspectedState {
            status,
            exit_code,
            error,
            out_of_memory,
            started_at,
            finished_at,
            health,
        } = state;
        let [started_at, finished_at] = [started_at, finished_at].map(ever);
        Self {
            id,
            name: name.trim_start_matches('/').to_owned(),
            image: config.image,
            image_id,
            service: config.labels.get(SERVICE).cloned().unwrap_or_default(),
            labels: config.labels,
            state: State {
                status,
                exit_code,
                started_at,
                finished_at,
                out_of_memory,
                error,
            },
            health,
            mounts,
            restarts,
        }
    }
}

/// The engine writes the year 1 for never.
fn ever(time: Timestamp) -> Option<Timestamp> {
    (time > Timestamp::UNIX_EPOCH).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mounts::Kind as MountKind;

    /// What Engine 20.10 printed about a Redis whose probe fails in its first seconds.
    const INSPECTED: &str = include_str!("../tests/fixtures/inspect-20.10.json");

    fn changed(change: impl FnOnce(&mut serde_json::Value)) -> Container {
        let mut json = serde_json::from_str(INSPECTED).unwrap();
        change(&mut json);
        Container::parse(json.to_string().as_bytes())
            .unwrap()
            .remove(0)
    }

    #[test]
    fn a_real_answer_is_read() {
        let one = changed(|_| {});
        assert_eq!(
            (one.name.as_str(), one.service.as_str()),
            ("shop-redis-1", "redis")
        );
        assert_eq!(
            (one.image.as_str(), &one.image_id[..14]),
            ("redis:7-alpine", "sha256:285fc5c")
        );
        assert_eq!(one.labels[PROJECT], "shop");
        assert!(one.is_running() && !one.is_healthy());
        assert_eq!(
            one.state.started_at,
            Some("2026-11-21T12:06:28.549802767Z".parse().unwrap())
        );
        assert_eq!(one.state.finished_at, None);
        assert_eq!(one.mounts.len(), 1);
        assert_eq!(one.mounts[0].destination, "/data");
        assert_eq!(
            one.mounts[0].kind(),
            MountKind::NamedVolume("shop_redis_data".into())
        );
        let health = one.health.unwrap();
        assert_eq!(
            (health.status, health.failing_streak, health.log.len()),
            (HealthStatus::Starting, 2, 2)
        );
        let probe = &health.log[0];
        assert!(probe.exit_code == 1 && probe.output.is_empty() && probe.end > probe.start);
    }

    #[test]
    fn what_is_null_or_missing_is_empty() {
        let one = changed(|json| {
            json[0]["Mounts"] = serde_json::Value::Null;
            json[0]["Config"]["Labels"] = serde_json::Value::Null;
            json[0]["State"]["Health"]["Log"] = serde_json::Value::Null;
        });
        assert!(one.mounts.is_empty() && one.labels.is_empty() && one.service.is_empty());
        assert!(one.health.unwrap().log.is_empty());
        let without =
            changed(|json| drop(json[0]["State"].as_object_mut().unwrap().remove("Health")));
        assert!(without.health.is_none());
    }

    #[test]
    fn an_end_and_a_time_zone_are_read() {
        let one = changed(|json| {
            json[0]["State"]["Status"] = "exited".into();
            json[0]["State"]["ExitCode"] = 137.into();
            json[0]["State"]["OOMKilled"] = true.into();
            json[0]["State"]["FinishedAt"] = "2026-11-21T14:06:30.5+02:00".into();
        });
        assert_eq!(
            (
                one.state.status,
                one.state.exit_code,
                one.state.out_of_memory
            ),
            (Status::Exited, 137, true)
        );
        assert_eq!(
            one.state.finished_at,
            Some("2026-11-21T12:06:30.5Z".parse().unwrap())
        );
        let probe = changed(|json| {
            json[0]["State"]["Health"]["Log"][0]["Start"] =
                "2026-11-21T22:06:30.123456789+09:30".into();
            json[0]["State"]["Health"]["Log"][0]["End"] =
                "2026-11-21T08:36:31.000000001-04:00".into();
        });
        let probe = &probe.health.unwrap().log[0];
        assert_eq!(
            probe.start,
            "2026-11-21T12:36:30.123456789Z"
                .parse::<Timestamp>()
                .unwrap()
        );
        assert_eq!(
            probe.end,
            "2026-11-21T12:36:31.000000001Z"
                .parse::<Timestamp>()
                .unwrap()
        );
        assert_eq!(
            changed(|json| json[0]["State"]["Status"] = "stuck".into())
                .state
                .status,
            Status::Unknown
        );
    }

    #[test]
    fn what_is_no_time_is_refused_with_what_was_written() {
        let json = INSPECTED.replace("2026-11-21T12:06:28.549802767Z", "yesterday");
        assert_ne!(json, INSPECTED);
        let error = Container::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(r#""yesterday" is no time"#), "{error}");
    }
}
