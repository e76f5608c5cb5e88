//! PostgreSQL does not read the data of another major version.

use docker::engine::container::MountKind;

use super::case::{Case, Risk, RiskKind};
use super::{Place, Sight, Source, WantedService};

/// The images with PostgreSQL in them whose tags tell its version.
const IMAGES: [&str; 4] = ["postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb"];

/// Where the images keep the data unless `PGDATA` says otherwise.
const DATA: &str = "/var/lib/postgresql/data";

/// The file of a data folder that tells the version of who made it.
const VERSION: &str = "PG_VERSION";

pub(super) fn judge(case: &mut Case<'_>) {
    let wanted = case.wanted;
    for (name, service) in wanted.started() {
        if !service.image_ref().is_some_and(|image| IMAGES.iter().any(|known| image.is(known))) {
            continue;
        }
        let Some((found, at)) = version_there(case, name, service) else { continue };
        let Some(will) = version_wanted(case, service) else { continue };
        if found != will {
            tell(case, name, service, &Majors { found, will, at });
        }
    }
}

/// The version of the data that the service would find, and where it is.
fn version_there(case: &mut Case<'_>, name: &str, service: &WantedService) -> Option<(String, String)> {
    let data = service.variables.get("PGDATA").map_or(DATA, String::as_str);
    let volume = service.mount_at(data).map(|mount| (mount.source.clone(), mount.target.clone()));
    let own = case.existing.containers.iter().filter(|container| container.service == name);
    let others = case.existing.containers.iter().filter(|container| container.service != name);
    for container in own.chain(others) {
        for mount in &container.mounts {
            let is_it = match (&volume, mount.kind()) {
                (Some((Source::Volume(wanted), _)), MountKind::NamedVolume(there)) => *wanted == there,
                (Some((Source::Bind(wanted), _)), MountKind::Bind(there)) => *wanted == there,
                // Compose hands it on.
                (None | Some((Source::Anonymous, _)), MountKind::Anonymous(_)) => container.service == name,
                _ => false,
            };
            if !is_it {
                continue;
            }
            for path in candidates(&mount.destination, data) {
                if let Some(Sight::File(version)) = case.see_in(&container.id, &path) {
                    return Some((first_line(version), format!("{path} of {}", container.name)));
                }
            }
            return None;
        }
    }
    let Some((Source::Volume(volume), target)) = volume else { return None };
    if case.existing.volumes.contains_key(&volume) { in_volume(case, name, &volume, &target, data) } else { None }
}

/// Where no container has the volume.
fn in_volume(case: &mut Case<'_>, name: &str, volume: &str, target: &str, data: &str) -> Option<(String, String)> {
    for path in candidates(target, data) {
        let inside = path.strip_prefix(target).unwrap_or(VERSION).trim_start_matches('/');
        match case.see_in_volume(volume, name, inside)? {
            Sight::File(version) => return Some((first_line(version), format!("{inside} in the volume {volume}"))),
            Sight::Unseen(why) => {
                case.unknown(format!("which PostgreSQL made the data in {volume} was not looked at: {why}"));
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Where the version may lie below a mount.
fn candidates(mounted: &str, data: &str) -> Vec<String> {
    let mut paths = vec![format!("{mounted}/{VERSION}"), format!("{mounted}/data/{VERSION}")];
    if data.starts_with(mounted) {
        paths.insert(0, format!("{data}/{VERSION}"));
    }
    paths.dedup();
    paths
}

/// The version of the image: by its tag, else by what the image says of itself.
fn version_wanted(case: &mut Case<'_>, service: &WantedService) -> Option<String> {
    let image = service.image_ref()?;
    if let Some(version) = image.postgres_version() {
        return Some(version.major.to_string());
    }
    let name = service.image.clone().unwrap_or_default();
    match case.see(Place::Image(name.clone()))? {
        Sight::File(variables) => {
            let text = String::from_utf8_lossy(variables);
            let major = text.lines().find_map(|line| line.strip_prefix("PG_MAJOR=")).map(str::to_owned);
            if major.is_none() {
                case.note(format!("which PostgreSQL {name} is was not found out"));
            }
            major
        }
        _ => {
            case.note(format!("which PostgreSQL {name} is was not looked at: the image is not here"));
            None
        }
    }
}

fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).lines().next().unwrap_or_default().trim().to_owned()
}

/// Two major versions that do not go together.
struct Majors {
    /// That of the data.
    found: String,
    /// That of the image in the files.
    will: String,
    /// Where the first was found.
    at: String,
}

fn tell(case: &mut Case<'_>, name: &str, service: &WantedService, majors: &Majors) {
    let Majors { found, will, at } = majors;
    let (compose, up, again) = (&case.wanted.compose, &case.wanted.up, &case.wanted.again);
    let image = service.image.as_deref().unwrap_or_default();
    let user = service.variables.get("POSTGRES_USER").map_or("postgres", String::as_str);
    let dump = vec![
        format!("with {found} in the files:  {up}"),
        format!("{compose} exec -T {name} pg_dumpall -U {user} > dump.sql"),
        "with a volume of a new name and the new image in the files:".to_owned(),
        format!("{again}   # the old volume stays"),
        format!("{compose} exec -T {name} psql -U {user} -d postgres < dump.sql"),
    ];
    case.risk(Risk {
        kind: RiskKind::Postgres,
        subject: name.to_owned(),
        volumes: case.volumes_of(name),
        impact: format!("{name} would not start: PostgreSQL {will} does not read the data of {found}"),
        evidence: vec![format!("{at} says {found}"), format!("the files now say {image}")],
        remedies: vec![
            ("go back".to_owned(), vec![format!("the image of PostgreSQL {found}, in the files")]),
            ("dump and load".to_owned(), dump),
        ],
    });
}
