//! PostgreSQL does not read the data of another major version.

use datastores::POSTGRES;
use datastores::postgres::{PGDATA, VERSION};
use engine_facts::MountKind;

use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{DesiredService, Observation, Query, Source};

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let desired = evaluation.desired;
    for (name, service) in desired.started() {
        if !service
            .image_ref()
            .is_some_and(|image| POSTGRES.has(&image))
        {
            continue;
        }
        let Some((found, at)) = version_there(evaluation, name, service) else {
            continue;
        };
        let Some(will) = version_wanted(evaluation, service) else {
            continue;
        };
        if found != will {
            tell(evaluation, name, service, &Majors { found, will, at });
        }
    }
}

/// The version of the data that the service would find, and where it is.
fn version_there(
    evaluation: &mut Evaluation<'_>,
    name: &str,
    service: &DesiredService,
) -> Option<(String, String)> {
    let data = service
        .variables
        .get(PGDATA)
        .map_or(POSTGRES.usual_folder(), String::as_str);
    let volume = service
        .mount_at(data)
        .map(|mount| (mount.source.clone(), mount.target.clone()));
    let own = evaluation
        .actual
        .containers
        .iter()
        .filter(|container| container.service == name);
    let others = evaluation
        .actual
        .containers
        .iter()
        .filter(|container| container.service != name);
    for container in own.chain(others) {
        for mount in &container.mounts {
            let is_it = match (&volume, mount.kind()) {
                (Some((Source::Volume(desired), _)), MountKind::NamedVolume(there)) => {
                    *desired == there
                }
                (Some((Source::Bind(desired), _)), MountKind::Bind(there)) => *desired == there,
                // Compose hands it on.
                (None | Some((Source::Anonymous, _)), MountKind::Anonymous(_)) => {
                    container.service == name
                }
                _ => false,
            };
            if !is_it {
                continue;
            }
            for path in candidates(&mount.destination, data) {
                if let Some(Observation::File(version)) =
                    evaluation.observe_in(&container.id, &path)
                {
                    return Some((first_line(version), format!("{path} of {}", container.name)));
                }
            }
            return None;
        }
    }
    let Some((Source::Volume(volume), target)) = volume else {
        return None;
    };
    if evaluation.actual.volumes.contains_key(&volume) {
        in_volume(evaluation, name, &volume, &target, data)
    } else {
        None
    }
}

/// Where no container has the volume.
fn in_volume(
    evaluation: &mut Evaluation<'_>,
    name: &str,
    volume: &str,
    target: &str,
    data: &str,
) -> Option<(String, String)> {
    for path in candidates(target, data) {
        let inside = path
            .strip_prefix(target)
            .unwrap_or(VERSION.path)
            .trim_start_matches('/');
        match evaluation.observe_in_volume(volume, name, inside)? {
            Observation::File(version) => {
                return Some((
                    first_line(version),
                    format!("{inside} in the volume {volume}"),
                ));
            }
            Observation::Unavailable(why) => {
                evaluation.unknown(format!(
                    "which PostgreSQL made the data in {volume} was not looked at: {why}"
                ));
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Where the version may lie below a mount.
fn candidates(mounted: &str, data: &str) -> Vec<String> {
    let version = VERSION.path;
    let mut paths = vec![
        format!("{mounted}/{version}"),
        format!("{mounted}/data/{version}"),
    ];
    if data.starts_with(mounted) {
        paths.insert(0, format!("{data}/{version}"));
    }
    paths.dedup();
    paths
}

/// The version of the image: by its tag, else by what the image says of itself.
fn version_wanted(evaluation: &mut Evaluation<'_>, service: &DesiredService) -> Option<String> {
    let image = service.image_ref()?;
    if let Some(version) = image.postgres_version() {
        return Some(version.major.to_string());
    }
    let name = service.image.clone().unwrap_or_default();
    match evaluation.observe(Query::ImageVariables(name.clone()))? {
        Observation::File(variables) => {
            let text = String::from_utf8_lossy(variables);
            let major = text
                .lines()
                .find_map(|line| line.strip_prefix("PG_MAJOR="))
                .map(str::to_owned);
            if major.is_none() {
                evaluation.note(format!("which PostgreSQL {name} is was not found out"));
            }
            major
        }
        _ => {
            evaluation.note(format!(
                "which PostgreSQL {name} is was not looked at: the image is not here"
            ));
            None
        }
    }
}

fn first_line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
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

fn tell(evaluation: &mut Evaluation<'_>, name: &str, service: &DesiredService, majors: &Majors) {
    let Majors { found, will, at } = majors;
    let (compose, up, again) = (
        &evaluation.desired.compose,
        &evaluation.desired.up,
        &evaluation.desired.again,
    );
    let image = service.known_image().unwrap_or_default();
    let user = service
        .variables
        .get("POSTGRES_USER")
        .map_or("postgres", String::as_str);
    let dump = vec![
        format!("with {found} in the files:  {up}"),
        format!("{compose} exec -T {name} pg_dumpall -U {user} > dump.sql"),
        "with a volume of a new name and the new image in the files:".to_owned(),
        format!("{again}   # the old volume stays"),
        format!("{compose} exec -T {name} psql -U {user} -d postgres < dump.sql"),
    ];
    evaluation.risk(Risk {
        kind: RiskKind::Postgres,
        subject: name.to_owned(),
        volumes: evaluation.volumes_of(name),
        impact: format!(
            "{name} would not start: PostgreSQL {will} does not read the data of {found}"
        ),
        evidence: vec![
            format!("{at} says {found}"),
            format!("the files now say {image}"),
        ],
        remedies: vec![
            (
                "go back".to_owned(),
                vec![format!("the image of PostgreSQL {found}, in the files")],
            ),
            ("dump and load".to_owned(), dump),
        ],
    });
}
