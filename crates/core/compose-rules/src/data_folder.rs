//! Where the server of a service keeps its data, and what is mounted there.

use std::path::Path;

use compose_model::ResolvedModel;
use compose_model::resolved::{Mount, MountSource, Service, Text};
use datastores::redis::Start;
use datastores::{By, Datastore, REDIS};

/// The servers' programs: a command that begins with another word runs something else in the image.
const SERVERS: [&str; 12] = [
    "docker-entrypoint.sh",
    "postgres",
    "redis-server",
    "valkey-server",
    "mongod",
    "mysqld",
    "mariadbd",
    "rabbitmq-server",
    "influxd",
    "elasticsearch",
    "eswrapper",
    "sh",
];

/// The data of a server.
#[derive(Clone, Debug)]
pub(crate) struct DataFolder<'m> {
    /// The family of its image.
    pub store: &'static Datastore,
    /// The folder in the container.
    pub folder: String,
    /// What is mounted there or above it; the innermost.
    pub mount: Option<&'m Mount>,
}

/// Where data lies outside of containers: two of the same are one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The volume's real name, or the path on the host.
    pub source: String,
    /// The folder below it.
    pub below: String,
}

impl<'m> DataFolder<'m> {
    /// None of a service whose image is not known to keep data, that runs another program of it or
    /// is told to keep nothing, or where a variable keeps its place from being known.
    pub fn of(model: &ResolvedModel, name: &str, service: &'m Service) -> Option<Self> {
        let image = service.image.as_ref()?.known()?;
        let store = datastores::of(image)?;
        if model.is_one_shot(name)
            || !runs_the_server(service)
            || is_told_elsewhere(store, service)
            || keeps_nothing(store, service)
        {
            return None;
        }
        let moved = store.movers.iter().find_map(|mover| match mover.by {
            By::Variable(name) => service.environment.get(name)?.clone(),
            By::Flag(flag) => value_of(service, flag),
        });
        let folder = match moved {
            Some(moved) => moved
                .text()
                .filter(|path| path.starts_with('/'))?
                .to_owned(),
            None => store.folder_of(image).to_owned(),
        };
        let holds = |mount: &&Mount| {
            let target = mount.target.text();
            target.is_some_and(|target| Path::new(&folder).starts_with(target))
        };
        let mounts = service.mounts.iter().filter(holds);
        let mount = mounts.max_by_key(|mount| mount.target.text().map(str::len));
        Some(Self {
            store,
            folder,
            mount,
        })
    }

    /// Where it lies outside of the container; none where that is not known, or nowhere.
    pub fn place(&self, model: &ResolvedModel) -> Option<Place> {
        let mount = self.mount.filter(|mount| !mount.read_only)?;
        let source = match mount.source.known()? {
            MountSource::Volume(key) => model.volume_name(key)?.to_owned(),
            MountSource::Bind(path) => path.clone(),
            _ => return None,
        };
        let below = Path::new(&self.folder).strip_prefix(mount.target.text()?);
        Some(Place {
            source,
            below: below.ok()?.to_string_lossy().into_owned(),
        })
    }
}

impl Place {
    /// Whether one lies in the other.
    pub fn meets(&self, other: &Self) -> bool {
        let [own, others] = [self, other].map(|place| Path::new(&place.source).join(&place.below));
        own.starts_with(&others) || others.starts_with(&own)
    }
}

/// Whether it is the server that a service runs: a dump, a permission that is mended and the like
/// use its image too.
fn runs_the_server(service: &Service) -> bool {
    if service.entrypoint.is_some() {
        return false;
    }
    let first = service.command.as_ref().and_then(|words| words.first());
    let Some(first) = first else { return true };
    let is_server = |word: &str| {
        let program = word.rsplit('/').next().unwrap_or(word);
        word.starts_with('-') || SERVERS.contains(&program)
    };
    first.text().is_some_and(is_server)
}

/// Whether a file that is not read here, or a line of shell, may say where the data lies.
fn is_told_elsewhere(store: &Datastore, service: &Service) -> bool {
    let words = service.command.iter().flatten().filter_map(Text::text);
    let names_the_flag = |word: &str| {
        let mut flags = store.flags();
        word.contains(' ') && flags.any(|flag| word.contains(flag))
    };
    words.into_iter().any(|word| {
        let is_file = [".conf", ".cnf", ".yml", ".yaml"]
            .iter()
            .any(|end| word.ends_with(end));
        is_file || names_the_flag(word)
    })
}

/// Whether its command tells a server to write nothing by itself. A variable may say anything.
fn keeps_nothing(store: &Datastore, service: &Service) -> bool {
    let words = service.command.iter().flatten();
    let words: Vec<_> = words
        .map(|word| word.text().unwrap_or("$").to_owned())
        .collect();
    store.id == REDIS.id && Start::of(&words).options.keeps_nothing().is_some()
}

/// `--dir /x` or `--dir=/x`.
fn value_of(service: &Service, flag: &str) -> Option<Text> {
    let words = service.command.as_ref()?;
    let at = words.iter().rposition(|word| {
        let rest = word.text().and_then(|word| word.strip_prefix(flag));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })?;
    match words[at].text()?.split_once('=') {
        Some((_, value)) => Some(Text::Known(value.to_owned())),
        None => words.get(at + 1).cloned(),
    }
}
