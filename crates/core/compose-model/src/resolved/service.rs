//! Services.

use std::collections::BTreeMap;

use super::read::{
    duration, entries, filled, flag, items, number, parsed, read, size, text, texts,
};
use super::{Resolved, Text};
use crate::{Data, Duration, ImageRef, PortRange, ShortPort, Size, Value, template, words};

/// A service of a [`ResolvedModel`](super::ResolvedModel).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// The image that it is started from, or that is made when it is built.
    pub image: Option<Resolved<ImageRef>>,
    /// Whether it can be built.
    pub is_built: bool,
    /// When its image is pulled.
    pub pull_policy: Option<Text>,
    /// Its command in words; none where the image says it.
    pub command: Option<Vec<Text>>,
    /// What runs the command, in words; none where the image says it.
    pub entrypoint: Option<Vec<Text>>,
    /// Its variables, those of its env files too; none for one that is named and that nothing sets.
    pub environment: BTreeMap<String, Option<Text>>,
    /// The env files whose variables are not among its own, since nobody read them.
    pub unread_env_files: Vec<Text>,
    /// What is mounted into it, memory by `tmpfs` behind the rest.
    pub mounts: Vec<Mount>,
    /// Where it is reached from outside.
    pub ports: Vec<Resolved<Port>>,
    /// Its health check; none where the image says it.
    pub health: Option<HealthCheck>,
    /// What it waits for, by service.
    pub depends_on: BTreeMap<String, Dependency>,
    /// The networks that it is in, by key, with its further names there.
    pub networks: BTreeMap<String, Vec<Text>>,
    /// The secrets that it gets.
    pub secrets: Vec<FileMount>,
    /// The configs that it gets.
    pub configs: Vec<FileMount>,
    /// The profiles of which one must be active for it to start; without any it always does.
    pub profiles: Vec<Text>,
    /// How many containers it gets.
    pub scale: Option<Resolved<u64>>,
    /// When it is started again.
    pub restart: Option<Text>,
    /// Who it runs as.
    pub user: Option<Text>,
    /// How long it may take to stop.
    pub stop_grace_period: Option<Resolved<Duration>>,
    /// How much memory it may take.
    pub memory: Option<Resolved<Size>>,
    /// What it shares with others.
    pub joined: Joined,
}

/// What is mounted, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// What.
    pub source: Resolved<MountSource>,
    /// The path in the container.
    pub target: Text,
    /// Whether the container may not write there.
    pub read_only: bool,
}

/// What is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// A volume by its key; the model's `volumes` have its name.
    Volume(String),
    /// A volume without a name.
    Anonymous,
    /// A path of the host.
    Bind(String),
    /// A file system in memory.
    Tmpfs,
    /// Something else by its type, such as `image` or `npipe`.
    Other(String),
}

/// A published or exposed port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The address of the host; none for all of them.
    pub host_ip: Option<String>,
    /// The port of the host, or those of which Docker takes one; none where it may take any.
    pub published: Option<PortRange>,
    /// The port of the container.
    pub target: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

/// How a container is asked whether it is well.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HealthCheck {
    /// The probe: `CMD` and words, or `CMD-SHELL` and a line; empty where the image says it.
    pub test: Vec<Text>,
    /// Whether that of the image is switched off.
    pub disabled: bool,
    /// From the end of one probe to the next.
    pub interval: Option<Resolved<Duration>>,
    /// How long a probe may take.
    pub timeout: Option<Resolved<Duration>>,
    /// How long failures do not count.
    pub start_period: Option<Resolved<Duration>>,
    /// From the end of one probe to the next while failures do not count.
    pub start_interval: Option<Resolved<Duration>>,
    /// How many failures in a row make it unhealthy.
    pub retries: Option<Resolved<u64>>,
}

/// What a service waits for of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// What must have come true.
    pub condition: Condition,
    /// Whether it fails without the other; else it does without.
    pub required: bool,
}

/// What must have come true of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `service_started`.
    Started,
    /// `service_healthy`.
    Healthy,
    /// `service_completed_successfully`.
    CompletedSuccessfully,
    /// What Compose has no name for, or what a variable says that nothing sets.
    Unknown,
}

/// A secret or a config in a container.
#[derive(Clone, Debug, PartialEq)]
pub struct FileMount {
    /// Its key.
    pub source: Text,
    /// Where it lies: a path, or a name below `/run/secrets`.
    pub target: Option<Text>,
}

/// What a service shares with others, as written: `service:db`, `container:x`, `host`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// The network.
    pub network_mode: Option<Text>,
    /// Memory and semaphores.
    pub ipc: Option<Text>,
    /// Processes.
    pub pid: Option<Text>,
    /// Volumes: `db`, `db:ro`, `container:x`.
    pub volumes_from: Vec<Text>,
}

impl Service {
    pub(super) fn of(value: &Value) -> Self {
        let get = |key: &str| value.get(key);
        let replicas = || get("deploy").and_then(|deploy| deploy.get("replicas"));
        Self {
            image: parsed(get("image"), |text| {
                (!text.is_empty()).then(|| ImageRef::parse(text))
            }),
            is_built: get("build").is_some_and(|build| !build.is_null()),
            pull_policy: filled(get("pull_policy")),
            command: command(get("command")),
            entrypoint: command(get("entrypoint")),
            environment: environment(get("environment")),
            unread_env_files: Vec::new(),
            mounts: items(get("volumes"))
                .iter()
                .filter_map(Mount::of)
                .chain(memory(get("tmpfs")))
                .collect(),
            ports: items(get("ports")).iter().filter_map(port).collect(),
            health: get("healthcheck")
                .filter(|check| !check.is_null())
                .map(HealthCheck::of),
            depends_on: entries(get("depends_on"))
                .map(|(name, how)| (name.clone(), Dependency::of(how)))
                .collect(),
            networks: entries(get("networks"))
                .map(|(key, own)| (key.clone(), texts(own.get("aliases"))))
                .collect(),
            secrets: items(get("secrets"))
                .iter()
                .filter_map(FileMount::of)
                .collect(),
            configs: items(get("configs"))
                .iter()
                .filter_map(FileMount::of)
                .collect(),
            profiles: texts(get("profiles")),
            scale: number(get("scale").or_else(replicas)),
            restart: filled(get("restart")),
            user: filled(get("user")),
            stop_grace_period: duration(get("stop_grace_period")),
            memory: size(get("mem_limit")),
            joined: Joined::of(value),
        }
    }

    /// The name of its image, where one is known.
    #[must_use]
    pub fn image_name(&self) -> Option<String> {
        self.image.as_ref()?.known().map(ImageRef::to_string)
    }

    /// The words of its command in one line.
    #[must_use]
    pub fn command_line(&self) -> Option<String> {
        let words: Vec<_> = self
            .command
            .as_ref()?
            .iter()
            .filter_map(Text::text)
            .collect();
        Some(words.join(" "))
    }

    /// A variable whose value is known.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name)?.as_ref()?.text()
    }

    /// How many containers it gets; one where the files do not say.
    #[must_use]
    pub fn containers(&self) -> u64 {
        self.scale
            .as_ref()
            .and_then(Resolved::known)
            .copied()
            .unwrap_or(1)
    }

    /// Whether `up` starts it where no profile is active.
    #[must_use]
    pub fn starts(&self) -> bool {
        !self.is_behind_a_profile() && self.containers() > 0
    }

    /// Whether it starts where these profiles are active; `*` is all of them.
    #[must_use]
    pub fn is_active(&self, profiles: &[String]) -> bool {
        let names = |one: &Text| {
            profiles
                .iter()
                .any(|name| name == "*" || one.text() == Some(name))
        };
        self.profiles.is_empty() || self.profiles.iter().any(names)
    }

    /// Whether it starts only with a profile.
    #[must_use]
    pub fn is_behind_a_profile(&self) -> bool {
        !self.profiles.is_empty()
    }

    /// The volumes that it mounts, by key.
    pub fn volumes(&self) -> impl Iterator<Item = &str> {
        self.mounts
            .iter()
            .filter_map(|mount| match mount.source.known()? {
                MountSource::Volume(key) => Some(key.as_str()),
                _ => None,
            })
    }

    /// The ports that are known.
    pub fn known_ports(&self) -> impl Iterator<Item = &Port> {
        self.ports.iter().filter_map(Resolved::known)
    }
}

/// A variable whose name is another variable that nothing sets is left out.
fn environment(value: Option<&Value>) -> BTreeMap<String, Option<Text>> {
    let named = entries(value).filter(|(name, _)| template::unset(name).is_none());
    named
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// A line is split as a shell does; an empty command is none, as Compose takes it.
fn command(value: Option<&Value>) -> Option<Vec<Text>> {
    let value = value?;
    let found = match &value.data {
        Data::String(line) => line_of(line),
        Data::List(_) => texts(Some(value)),
        _ => Vec::new(),
    };
    (!found.is_empty()).then_some(found)
}

fn line_of(line: &str) -> Vec<Text> {
    let found = words(line).unwrap_or_default();
    found
        .iter()
        .filter_map(|word| read(word, |word| Some(word.to_owned())))
        .collect()
}

impl Mount {
    fn of(value: &Value) -> Option<Self> {
        // A short form that cannot be taken apart without a variable.
        let Some(kind) = value.get("type") else {
            let source = parsed(Some(value), |_| None)?;
            return Some(Self {
                source,
                target: text(value)?,
                read_only: false,
            });
        };
        let own = filled(value.get("source"));
        let source = read(kind.as_str()?, |kind| {
            Some(match kind {
                "volume" => own
                    .clone()
                    .map_or(Resolved::Known(MountSource::Anonymous), |own| {
                        named(own, MountSource::Volume)
                    }),
                "bind" => named(own.clone()?, MountSource::Bind),
                "tmpfs" => Resolved::Known(MountSource::Tmpfs),
                other => Resolved::Known(MountSource::Other(other.to_owned())),
            })
        })?;
        let source = match source {
            Resolved::Known(source) => source,
            Resolved::Unresolved(variable) => Resolved::Unresolved(variable),
        };
        Some(Self {
            source,
            target: text(value.get("target")?)?,
            read_only: flag(value.get("read_only")),
        })
    }
}

fn named(text: Text, source: fn(String) -> MountSource) -> Resolved<MountSource> {
    match text {
        Resolved::Known(text) => Resolved::Known(source(text)),
        Resolved::Unresolved(variable) => Resolved::Unresolved(variable),
    }
}

/// `tmpfs: /run:size=1m`.
fn memory(value: Option<&Value>) -> impl Iterator<Item = Mount> {
    let target = |text: &str| Some(text.split(':').next().unwrap_or(text).to_owned());
    let targets = items(value)
        .iter()
        .filter_map(move |item| parsed(Some(item), target));
    targets.map(|target| Mount {
        source: Resolved::Known(MountSource::Tmpfs),
        target,
        read_only: false,
    })
}

/// A port; unresolved as soon as a part of it is.
fn port(value: &Value) -> Option<Resolved<Port>> {
    if value.as_map().is_none() {
        return parsed(Some(value), |text| {
            let port = ShortPort::parse(text).ok()?;
            let host_ip = port.host_ip.map(str::to_owned);
            Some(Port {
                host_ip,
                published: port.published,
                target: port.target.first,
                protocol: port.protocol,
            })
        });
    }
    let part = |key: &str| filled(value.get(key));
    let parts = [
        part("host_ip"),
        part("published"),
        part("target"),
        part("protocol"),
    ];
    for part in parts.iter().flatten() {
        if let Resolved::Unresolved(variable) = part {
            return Some(Resolved::Unresolved(variable.clone()));
        }
    }
    let [host_ip, published, target, protocol] =
        parts.map(|part| part.and_then(|part| part.text().map(str::to_owned)));
    Some(Resolved::Known(Port {
        host_ip,
        published: published.and_then(|text| PortRange::parse(&text)),
        target: target?.parse().ok()?,
        protocol: protocol.unwrap_or_else(|| "tcp".to_owned()),
    }))
}

impl HealthCheck {
    fn of(value: &Value) -> Self {
        let test = value.get("test");
        let line = test.and_then(Value::as_str).filter(|line| !line.is_empty());
        let shell = |line: &str| {
            let line = read(line, |line| Some(line.to_owned()));
            std::iter::once(Resolved::Known("CMD-SHELL".to_owned()))
                .chain(line)
                .collect()
        };
        Self {
            test: line.map_or_else(|| texts(test), shell),
            disabled: flag(value.get("disable")),
            interval: duration(value.get("interval")),
            timeout: duration(value.get("timeout")),
            start_period: duration(value.get("start_period")),
            start_interval: duration(value.get("start_interval")),
            retries: number(value.get("retries")),
        }
    }

    /// Whether there is none, neither this one nor that of the image.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.disabled || self.test.first().and_then(Text::text) == Some("NONE")
    }
}

impl Dependency {
    pub(super) fn started() -> Self {
        Self {
            condition: Condition::Started,
            required: true,
        }
    }

    fn of(value: &Value) -> Self {
        let condition = match value.get("condition").and_then(Value::as_str) {
            Some("service_started") | None => Condition::Started,
            Some("service_healthy") => Condition::Healthy,
            Some("service_completed_successfully") => Condition::CompletedSuccessfully,
            Some(_) => Condition::Unknown,
        };
        Self {
            condition,
            required: value
                .get("required")
                .is_none_or(|required| flag(Some(required))),
        }
    }
}

impl FileMount {
    fn of(value: &Value) -> Option<Self> {
        Some(Self {
            source: text(value.get("source")?)?,
            target: filled(value.get("target")),
        })
    }
}

impl Joined {
    fn of(value: &Value) -> Self {
        Self {
            network_mode: filled(value.get("network_mode")),
            ipc: filled(value.get("ipc")),
            pid: filled(value.get("pid")),
            volumes_from: texts(value.get("volumes_from")),
        }
    }

    /// The network, memory and processes by their keys in a Compose file.
    #[must_use]
    pub fn by_key(&self) -> [(&'static str, Option<&str>); 3] {
        let all = [
            ("network_mode", &self.network_mode),
            ("ipc", &self.ipc),
            ("pid", &self.pid),
        ];
        all.map(|(key, joined)| (key, joined.as_ref().and_then(Text::text)))
    }

    /// The services that are joined.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        let by_key = self
            .by_key()
            .into_iter()
            .filter_map(|(_, joined)| joined?.strip_prefix("service:"));
        let volumes = self
            .volumes_from
            .iter()
            .filter_map(|entry| entry.text()?.split(':').next());
        by_key.chain(volumes.filter(|name| *name != "container"))
    }
}
