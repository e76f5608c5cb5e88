//! Redis reads either its snapshot or its append-only file, and starts empty on the other one's
//! data, healthy as ever.

use datastores::redis::{DIR, LOG_FILE, LOG_FOLDER, SNAPSHOT};
use datastores::{Mark, REDIS};
use engine_facts::{Container, Mount, MountKind};

use crate::evaluation::{Evaluation, Risk, RiskKind};
use crate::{DesiredService, Observation, Query, Source};

/// The newest format of a snapshot that Redis 6 reads.
const FORMAT_OF_6: u32 = 9;

pub(super) fn evaluate(evaluation: &mut Evaluation<'_>) {
    let desired = evaluation.desired;
    for (name, service) in desired.started() {
        let Some(image) = service.image_ref().filter(|image| REDIS.has(image)) else {
            continue;
        };
        let is_six = image.version().is_some_and(|version| version.major <= 6) && image.is("redis");
        if !appends(service) && !is_six {
            continue;
        }
        let Some(held) = held(evaluation, name, service) else {
            continue;
        };
        if appends(service) && !held.is_appended() {
            snapshot_under_appending(evaluation, name, &held);
        }
        if is_six {
            newer_than_six(evaluation, name, service, &held);
        }
    }
}

/// What a service would find.
struct Held<'c> {
    container: Option<&'c Container>,
    whose: String,
    snapshot: Option<Vec<u8>>,
    appended: [bool; 2],
    keys: Option<u64>,
}

impl Held<'_> {
    fn is_appended(&self) -> bool {
        self.appended.contains(&true)
    }
}

/// None where there is nothing yet, or until it was looked at.
fn held<'c>(
    evaluation: &mut Evaluation<'c>,
    name: &str,
    service: &DesiredService,
) -> Option<Held<'c>> {
    let data = option(service, DIR).unwrap_or_else(|| REDIS.usual_folder().to_owned());
    let mount = service.mount_at(&data).map(|mount| mount.source.clone());
    let actual = evaluation.actual;
    let own = actual
        .containers
        .iter()
        .filter(|container| container.service == name);
    let others = actual
        .containers
        .iter()
        .filter(|container| container.service != name);
    for container in own.chain(others) {
        let has_it = |there: &Mount| match (&mount, there.kind()) {
            (Some(Source::Volume(desired)), MountKind::NamedVolume(there)) => *desired == there,
            (Some(Source::Bind(desired)), MountKind::Bind(there)) => *desired == there,
            (None | Some(Source::Anonymous), MountKind::Anonymous(_)) => container.service == name,
            _ => false,
        };
        if let Some(there) = container.mounts.iter().find(|there| has_it(there)) {
            return in_container(evaluation, container, &there.destination, &files(service));
        }
    }
    let Some(Source::Volume(volume)) = mount else {
        return None;
    };
    if evaluation.actual.volumes.contains_key(&volume) {
        in_volume(evaluation, name, &volume, &files(service))
    } else {
        None
    }
}

/// The snapshot, the append-only folder of 7 and the append-only file of 6.
fn files(service: &DesiredService) -> [String; 3] {
    let named = |mark: Mark| {
        mark.flag
            .and_then(|flag| option(service, flag))
            .unwrap_or_else(|| mark.path.to_owned())
    };
    [SNAPSHOT, LOG_FOLDER, LOG_FILE].map(named)
}

fn in_container<'c>(
    evaluation: &mut Evaluation<'c>,
    container: &'c Container,
    folder: &str,
    files: &[String; 3],
) -> Option<Held<'c>> {
    let [snapshot, seven, six] = files
        .each_ref()
        .map(|file| evaluation.observe_in(&container.id, &format!("{folder}/{file}")));
    let keys = if container.is_running() {
        evaluation.observe(Query::RedisKeys(container.id.clone()))
    } else {
        Some(&Observation::Nothing)
    };
    let keys = match keys? {
        Observation::Number(keys) => Some(*keys),
        _ => None,
    };
    let whose = format!("{folder} of {}", container.name);
    Some(Held {
        container: Some(container),
        whose,
        snapshot: file(snapshot?),
        appended: [is_there(seven?), is_there(six?)],
        keys,
    })
}

fn in_volume<'c>(
    evaluation: &mut Evaluation<'c>,
    name: &str,
    volume: &str,
    files: &[String; 3],
) -> Option<Held<'c>> {
    let [snapshot, seven, six] = files
        .each_ref()
        .map(|file| evaluation.observe_in_volume(volume, name, file));
    if let Some(Observation::Unavailable(why)) = snapshot {
        evaluation.unknown(format!(
            "what Redis left in {volume} was not looked at: {why}"
        ));
        return None;
    }
    let whose = format!("the volume {volume}");
    Some(Held {
        container: None,
        whose,
        snapshot: file(snapshot?),
        appended: [is_there(seven?), is_there(six?)],
        keys: None,
    })
}

fn file(observation: &Observation) -> Option<Vec<u8>> {
    if let Observation::File(beginning) = observation {
        Some(beginning.clone())
    } else {
        None
    }
}

fn is_there(observation: &Observation) -> bool {
    observation.is_something()
}

fn appends(service: &DesiredService) -> bool {
    option(service, "--appendonly").is_some_and(|value| value.eq_ignore_ascii_case("yes"))
}

/// What follows an option in the command, the last time that it is there.
fn option(service: &DesiredService, name: &str) -> Option<String> {
    let command = service.command.as_deref()?;
    let words: Vec<_> = command
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .collect();
    let at = words.iter().rposition(|word| *word == name)?;
    words.get(at + 1).map(|word| (*word).to_owned())
}

/// `REDIS0011`.
fn format(snapshot: &[u8]) -> Option<u32> {
    std::str::from_utf8(snapshot.strip_prefix(b"REDIS")?.get(..4)?)
        .ok()?
        .parse()
        .ok()
}

/// A running server that does not append holds what it holds in memory, and leaves a snapshot when
/// it is stopped.
fn snapshot_under_appending(evaluation: &mut Evaluation<'_>, name: &str, held: &Held<'_>) {
    let runs = held.container.is_some_and(Container::is_running);
    if runs && held.keys == Some(0) || !runs && held.snapshot.is_none() {
        return;
    }
    let mut evidence = vec![format!("{} has no append-only file", held.whose)];
    if held.snapshot.is_some() {
        evidence.push(format!("{} has a snapshot, {}", held.whose, SNAPSHOT.path));
    }
    evidence.extend(
        held.keys
            .map(|keys| format!("the running server holds {keys} keys")),
    );
    evidence.push("the files now say --appendonly yes".to_owned());
    let (compose, up) = (&evaluation.desired.compose, &evaluation.desired.up);
    let mut live = Vec::new();
    if !runs {
        live.push("without --appendonly yes in the files, as it was:".to_owned());
        live.push(up.clone());
    }
    live.push(format!(
        "{compose} exec {name} redis-cli config set appendonly yes"
    ));
    live.push(format!("{compose} exec {name} redis-cli info persistence"));
    live.push("  until aof_rewrite_in_progress:0 and aof_last_bgrewrite_status:ok".to_owned());
    live.push("then, with --appendonly yes in the files:".to_owned());
    live.push(up.clone());
    evaluation.risk(Risk {
        kind: RiskKind::Redis,
        subject: name.to_owned(),
        volumes: evaluation.volumes_of(name),
        impact: format!(
            "{name} would start empty: with --appendonly yes it does not read its snapshot, and overwrites it later"
        ),
        evidence,
        remedies: vec![("switch the running server first".to_owned(), live)],
    });
}

/// 7 to 6: the append-only folder is not read, silently; a newer snapshot is refused.
fn newer_than_six(
    evaluation: &mut Evaluation<'_>,
    name: &str,
    service: &DesiredService,
    held: &Held<'_>,
) {
    let newer = held
        .snapshot
        .as_deref()
        .and_then(format)
        .filter(|format| *format > FORMAT_OF_6);
    let image = service.known_image().unwrap_or_default();
    let (impact, evidence) = if held.appended[0] && appends(service) {
        let impact =
            format!("{name} would start empty: Redis 6 does not read the append-only folder of 7");
        (impact, format!("{} has {}", held.whose, LOG_FOLDER.path))
    } else if let Some(format) = newer.filter(|_| !held.appended[1]) {
        let impact = format!("{name} would not start: Redis 6 does not read a snapshot of 7");
        (
            impact,
            format!(
                "{} has a snapshot of format {format}; Redis 6 reads {FORMAT_OF_6}",
                held.whose
            ),
        )
    } else {
        return;
    };
    evaluation.risk(Risk {
        kind: RiskKind::Redis,
        subject: name.to_owned(),
        volumes: evaluation.volumes_of(name),
        impact,
        evidence: vec![evidence, format!("the files now say {image}")],
        remedies: vec![(
            "stay on 7".to_owned(),
            vec!["the image of Redis 7, in the files".to_owned()],
        )],
    });
}
