//! Each rule by itself: what is there and what is wanted as values, and sights that a test gives.

use std::collections::BTreeMap;

use engine_facts::container::{Container, State, Status};
use engine_facts::volume::{HASH, KEY, Volume};
use engine_facts::{Contents, Mount};
use serde_json::json;

use super::*;

/// A stack of one service, `db`, with a volume at `/data`, started as it stands.
struct Stack {
    desired: Desired,
    actual: Actual,
    observations: Observations,
}

fn mount(kind: &str, name: &str, target: &str) -> Mount {
    let source = if kind == "bind" { name } else { "" };
    serde_json::from_value(
        json!({ "Type": kind, "Name": name, "Source": source, "Destination": target, "RW": true }),
    )
    .unwrap()
}

fn container(service: &str, mounts: Vec<Mount>) -> Container {
    let (exit_code, error) = (0, String::new());
    Container {
        id: format!("id-{service}"),
        name: format!("shop-{service}-1"),
        image: String::new(),
        image_id: String::new(),
        service: service.to_owned(),
        labels: BTreeMap::new(),
        state: State {
            status: Status::Running,
            exit_code,
            started_at: None,
            finished_at: None,
            out_of_memory: false,
            error,
        },
        health: None,
        mounts,
        restarts: 0,
    }
}

fn volume(project: &str, key: &str) -> (String, Volume) {
    let labels = [
        ("com.docker.compose.project", project),
        (KEY, key),
        (HASH, "1"),
    ];
    let labels = labels
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let name = format!("{project}_{key}");
    (
        name.clone(),
        Volume {
            name,
            driver: "local".to_owned(),
            labels,
            options: BTreeMap::new(),
            created_at: None,
        },
    )
}

impl Stack {
    /// Of an image, with a command.
    fn of(image: &str, command: &str) -> Self {
        let mut desired = Desired {
            project: "shop".to_owned(),
            ..Desired::default()
        };
        desired.up = "cargo xtask up local".to_owned();
        let service = DesiredService {
            image: Some(image.to_owned()),
            command: Some(command.to_owned()),
            ..DesiredService::default()
        };
        desired.services.insert("db".to_owned(), service);
        let mut stack = Self {
            desired,
            actual: Actual::default(),
            observations: Observations::new(),
        };
        stack.wants("data", "/data");
        stack
            .actual
            .containers
            .push(container("db", vec![mount("volume", "shop_data", "/data")]));
        stack.actual.volumes.extend([volume("shop", "data")]);
        stack
    }

    fn plain() -> Self {
        Self::of("example/db:1", "db")
    }

    /// From now on the service mounts this volume there and nothing else.
    fn wants(&mut self, key: &str, target: &str) {
        let name = format!("{}_{key}", self.desired.project);
        let own = DesiredVolume {
            name: name.clone(),
            driver: "local".to_owned(),
            ..DesiredVolume::default()
        };
        self.desired.volumes = BTreeMap::from([(key.to_owned(), own)]);
        self.mounts(target, Source::Volume(name));
    }

    fn mounts(&mut self, target: &str, source: Source) {
        self.service().mounts = vec![DesiredMount {
            target: target.to_owned(),
            source,
        }];
    }

    fn service(&mut self) -> &mut DesiredService {
        self.desired.services.get_mut("db").unwrap()
    }

    fn has(&mut self, mounts: Vec<Mount>) {
        self.actual.containers[0].mounts = mounts;
    }

    /// What is at a path of the container.
    fn holds(&mut self, path: &str, observation: Observation) {
        self.observations.insert(
            Query::Container {
                id: "id-db".to_owned(),
                path: path.to_owned(),
            },
            observation,
        );
    }

    /// A volume has one file, written at a time in seconds.
    fn lists(&mut self, volume: &str, newest: u64) {
        let data = engine_facts::Data {
            entries: 1,
            bytes: 700,
            newest: Some(newest),
            ..engine_facts::Data::default()
        };
        self.observations.insert(
            Query::Content(Source::Volume(volume.to_owned())),
            Observation::Content(engine_facts::Content::Data(data)),
        );
    }

    fn in_volume(&mut self, name: &str, path: &str, observation: Observation) {
        let image = self.service().image.clone().unwrap();
        self.observations.insert(
            Query::Volume {
                name: name.to_owned(),
                image,
                path: path.to_owned(),
            },
            observation,
        );
    }

    /// The last word, what nobody set being nothing.
    fn verdict(&self) -> Verdict {
        let mut observations = self.observations.clone();
        loop {
            let verdict = evaluate(&self.desired, &self.actual, &observations);
            if verdict.open.is_empty() {
                return verdict;
            }
            observations.extend(
                verdict
                    .open
                    .iter()
                    .map(|query| (query.clone(), Observation::Nothing)),
            );
        }
    }

    fn kinds(&self) -> Vec<RiskKind> {
        self.verdict().risks.iter().map(|risk| risk.kind).collect()
    }
}

fn filled() -> Observation {
    Observation::NonEmptyFolder(Contents {
        entries: 1,
        bytes: 700,
        at_least: false,
    })
}

#[test]
fn the_same_stack_again_is_no_risk() {
    for (image, command) in [
        ("example/db:1", "db"),
        ("postgres:17-alpine", "postgres"),
        ("redis:7-alpine", "redis-server --appendonly yes"),
    ] {
        let mut stack = Stack::of(image, command);
        stack.holds("/data", filled());
        stack.holds("/data/dump.rdb", Observation::File(b"REDIS0011".to_vec()));
        stack.holds("/data/appendonlydir", filled());
        stack.holds("/data/PG_VERSION", Observation::File(b"17\n".to_vec()));
        stack
            .service()
            .variables
            .insert("PGDATA".to_owned(), "/data".to_owned());
        assert_eq!(stack.verdict(), Verdict::default(), "{image}");
    }
}

#[test]
fn nothing_there_is_no_risk() {
    let mut stack = Stack::of("redis:7-alpine", "redis-server --appendonly yes");
    stack.actual = Actual::default();
    assert_eq!(stack.verdict(), Verdict::default());
}

#[test]
fn a_renamed_key_is_one() {
    let mut stack = Stack::plain();
    stack.wants("cache", "/data");
    assert_eq!(stack.kinds(), [], "an empty volume is nobody's data");
    stack.holds("/data", filled());
    assert_eq!(stack.kinds(), [RiskKind::Renamed]);
    let risk = &stack.verdict().risks[0];
    assert_eq!(
        risk.remedies[0].1,
        ["volumes:", "  cache:", "    name: shop_data"]
    );
    stack.actual.volumes.extend([volume("shop", "cache")]);
    assert_eq!(stack.kinds(), [RiskKind::Renamed], "it is there, and empty");
    stack.in_volume("shop_cache", "", filled());
    stack.lists("shop_data", 20);
    stack.lists("shop_cache", 20);
    assert_eq!(stack.kinds(), [], "somebody has carried the data over");
    stack.lists("shop_cache", 10);
    assert_eq!(
        stack.kinds(),
        [RiskKind::Renamed],
        "it is of an earlier time"
    );
    stack.observations.insert(
        Query::Content(Source::Volume("shop_cache".to_owned())),
        Observation::Unavailable("no reason".to_owned()),
    );
    assert_eq!(stack.kinds(), []);
    assert_eq!(stack.verdict().unknown.len(), 1, "it may be of any time");
}

#[test]
fn a_renamed_key_after_a_down_is_one() {
    let mut stack = Stack::plain();
    stack.actual.containers.clear();
    stack.wants("cache", "/data");
    assert_eq!(stack.kinds(), [], "an empty one is nobody's data");
    stack.in_volume("shop_data", "", filled());
    assert_eq!(stack.kinds(), [RiskKind::Renamed]);
    stack.actual.volumes.extend([volume("shop", "cache")]);
    assert_eq!(stack.kinds(), [], "the new one is there already");
}

#[test]
fn a_volume_by_its_old_name_is_none() {
    let mut stack = Stack::plain();
    stack.wants("cache", "/data");
    stack.holds("/data", filled());
    stack.desired.volumes.get_mut("cache").unwrap().name = "shop_data".to_owned();
    stack.mounts("/data", Source::Volume("shop_data".to_owned()));
    assert_eq!(stack.kinds(), []);
}

#[test]
fn a_moved_target_and_a_dropped_volume_are() {
    let mut stack = Stack::plain();
    stack.holds("/data", filled());
    stack.wants("data", "/var/lib/db");
    assert_eq!(stack.kinds(), [RiskKind::Moved]);
    stack.service().mounts.clear();
    assert_eq!(stack.kinds(), [RiskKind::Dropped]);
    stack.mounts("/data", Source::Memory);
    assert_eq!(stack.kinds(), [RiskKind::Dropped]);
    stack.mounts("/data", Source::Bind("/srv/data".to_owned()));
    assert_eq!(stack.kinds(), [RiskKind::Dropped]);
}

/// A folder or a volume that holds something else covers the data as an empty one does.
#[test]
fn what_takes_the_place_of_data_must_be_a_copy_of_it() {
    let data = |entries: u64| {
        Observation::Content(engine_facts::Content::Data(engine_facts::Data {
            entries,
            bytes: 700,
            newest: Some(1),
            ..engine_facts::Data::default()
        }))
    };
    let folder = || Source::Bind("/srv/data".to_owned());
    let both = |stack: &mut Stack, (old, new): (Query, Query), kind: RiskKind| {
        stack.observations.insert(old, data(3));
        stack.observations.insert(new.clone(), data(3));
        assert_eq!(stack.kinds(), [], "a copy");
        stack.observations.insert(new.clone(), data(2));
        assert_eq!(stack.kinds(), [kind]);
        let why = "not here".to_owned();
        stack
            .observations
            .insert(new, Observation::Unavailable(why));
        assert_eq!((stack.kinds(), stack.verdict().unknown.len()), (vec![], 1));
    };
    let mut stack = Stack::plain();
    stack.holds("/data", filled());
    stack.mounts("/data", folder());
    let queries = (in_volume("shop_data"), Query::Content(folder()));
    both(&mut stack, queries.clone(), RiskKind::Dropped);
    // Below a checkout that is mounted above it, it is not compared, but where it is a datastore's.
    stack.mounts("/", folder());
    stack.observations.insert(queries.1.clone(), data(2));
    assert_eq!(stack.kinds(), []);
    stack
        .observations
        .insert(queries.0, content("postgres", "PG_VERSION"));
    assert_eq!(stack.kinds(), [RiskKind::Dropped]);
    // A folder under a volume, and an anonymous volume under a folder.
    let mut stack = Stack::plain();
    stack.has(vec![mount("bind", "/srv/data", "/data")]);
    stack.holds("/data", filled());
    stack.in_volume("shop_data", "", filled());
    let queries = (Query::Content(folder()), in_volume("shop_data"));
    both(&mut stack, queries, RiskKind::Renamed);
    let mut stack = Stack::plain();
    let anonymous = "0a".repeat(32);
    stack.has(vec![mount("volume", &anonymous, "/data")]);
    stack.holds("/data", filled());
    stack.mounts("/data", folder());
    let queries = (in_volume(&anonymous), Query::Content(folder()));
    both(&mut stack, queries, RiskKind::Anonymous);
}

#[test]
fn an_anonymous_volume_or_a_layer_under_a_named_one_is() {
    let mut stack = Stack::plain();
    stack.has(vec![mount("volume", &"0a".repeat(32), "/data")]);
    stack.wants("new", "/data");
    stack.actual.volumes.clear();
    assert_eq!(stack.kinds(), [], "with nothing in it");
    stack.holds("/data", filled());
    assert_eq!(stack.kinds(), [RiskKind::Anonymous]);
    stack.mounts("/data", Source::Anonymous);
    assert_eq!(stack.kinds(), [], "Compose hands it on");
    stack.wants("new", "/data");
    stack.has(Vec::new());
    assert_eq!(stack.kinds(), []);
    stack.observations.insert(
        Query::Layer {
            id: "id-db".to_owned(),
            folder: "/data".to_owned(),
        },
        Observation::Number(3),
    );
    assert_eq!(stack.kinds(), [RiskKind::Anonymous]);
}

#[test]
fn a_folder_of_the_host_under_a_volume_is() {
    let mut stack = Stack::plain();
    stack.has(vec![mount("bind", "/srv/data", "/data")]);
    stack.wants("new", "/data");
    stack.actual.volumes.clear();
    assert_eq!(stack.kinds(), []);
    stack.holds("/data", filled());
    assert_eq!(stack.kinds(), [RiskKind::Renamed]);
}

fn related(project: &str, why: RelationReason, mounts: Vec<Mount>) -> RelatedContainer {
    RelatedContainer {
        container: container("db", mounts),
        project: project.to_owned(),
        why,
    }
}

#[test]
fn another_project_name_is() {
    let mut stack = Stack::plain();
    stack.actual = Actual::default();
    stack.actual.volumes.extend([volume("old", "data")]);
    assert_eq!(stack.kinds(), [], "nothing tells that it is ours");
    for why in [
        RelationReason::SameFolder,
        RelationReason::FolderGone("/home/a/old".to_owned()),
    ] {
        stack.actual.related = vec![related(
            "old",
            why,
            vec![mount("volume", "old_data", "/data")],
        )];
        assert_eq!(stack.kinds(), [RiskKind::Project]);
    }
    stack.desired.other_projects = vec!["old".to_owned()];
    assert_eq!(stack.kinds(), [], "it is another environment's");
    stack.actual.related.clear();
    stack.desired.other_projects.clear();
    stack.actual.last_project = Some("old".to_owned());
    assert_eq!(
        stack.kinds(),
        [RiskKind::Project],
        "remembered by this machine"
    );
    stack.actual.volumes.extend([volume("shop", "data")]);
    assert_eq!(stack.kinds(), [], "it has its volume");
}

/// `docker-compose.yml` and `db` are everybody's names.
#[test]
fn a_project_with_other_services_is_none_of_ours() {
    let mut stack = Stack::plain();
    stack.desired.files = vec!["docker-compose.yml".to_owned()];
    let of_old = |service: &str| {
        let label =
            |key: &str, value: &str| (format!("com.docker.compose.project{key}"), value.to_owned());
        let folder = "/nowhere/old";
        let labels = [
            label("", "old"),
            label(".working_dir", folder),
            label(".config_files", "/nowhere/old/docker-compose.yml"),
        ];
        Container {
            labels: labels.into(),
            ..container(service, vec![mount("volume", "old_data", "/data")])
        }
    };
    stack.actual = Actual {
        related: related_among(vec![of_old("db")], &stack.desired, |_| false),
        ..Actual::default()
    };
    stack.actual.volumes.extend([volume("old", "data")]);
    let verdict = stack.verdict();
    assert_eq!(verdict.risks[0].kind, RiskKind::Project);
    assert_eq!(
        verdict.risks[0].remedies[1].1,
        ["docker rm --force shop-db-1"]
    );
    assert_eq!(
        related_among(vec![of_old("db"), of_old("mail")], &stack.desired, |_| {
            false
        }),
        []
    );
}

#[test]
fn another_project_s_anonymous_data_is() {
    let mut stack = Stack::plain();
    stack.actual = Actual::default();
    stack.desired.volumes.clear();
    stack.service().mounts.clear();
    stack.actual.related = vec![related(
        "old",
        RelationReason::SameFolder,
        vec![mount("volume", &"0a".repeat(32), "/data")],
    )];
    assert_eq!(stack.kinds(), []);
    stack.holds("/data", filled());
    assert_eq!(stack.kinds(), [RiskKind::Project]);
}

#[test]
fn an_old_service_on_the_same_volume_is() {
    let mut stack = Stack::plain();
    stack.actual.containers.push(container(
        "database",
        vec![mount("volume", "shop_data", "/data")],
    ));
    assert_eq!(stack.kinds(), [RiskKind::Service]);
    stack.desired.removes_orphans = true;
    assert_eq!(stack.kinds(), []);
    stack.desired.removes_orphans = false;
    stack.actual.containers[1].state.status = Status::Exited;
    assert_eq!(stack.kinds(), [], "it writes nothing");
}

#[test]
fn changed_labels_and_options_are_and_no_value_is_told() {
    let mut stack = Stack::plain();
    let own = stack.desired.volumes.get_mut("data").unwrap();
    own.labels.insert("backup".to_owned(), "weekly".to_owned());
    own.options
        .insert("o".to_owned(), "password=hunter22".to_owned());
    assert_eq!(stack.kinds(), [RiskKind::Settings]);
    let risk = &stack.verdict().risks[0];
    assert_eq!(risk.evidence.len(), 2);
    assert!(!format!("{risk:?}").contains("hunter22"));
    stack
        .actual
        .volumes
        .get_mut("shop_data")
        .unwrap()
        .labels
        .remove(HASH);
    assert_eq!(stack.kinds(), [], "Compose has nothing to compare with");
    stack.actual.volumes.extend([volume("shop", "data")]);
    stack.desired.volumes.get_mut("data").unwrap().external = true;
    assert_eq!(stack.kinds(), [], "Compose leaves it alone");
}

#[test]
fn another_major_of_postgres_is() {
    for (image, made_by, kinds) in [
        ("postgres:17-alpine", "15", &[RiskKind::Postgres][..]),
        (
            "registry.example:5000/postgres:17.2",
            "15",
            &[RiskKind::Postgres],
        ),
        ("pgvector/pgvector:pg17", "16", &[RiskKind::Postgres]),
        ("postgres:17-alpine", "17", &[]),
        ("mypostgres:17", "15", &[]),
    ] {
        let mut stack = Stack::of(image, "postgres");
        stack
            .service()
            .variables
            .insert("PGDATA".to_owned(), "/data/pg".to_owned());
        stack.holds(
            "/data/pg/PG_VERSION",
            Observation::File(format!("{made_by}\n").into_bytes()),
        );
        assert_eq!(stack.kinds(), kinds, "{image} over {made_by}");
        stack.actual.containers.clear();
        stack.in_volume(
            "shop_data",
            "pg/PG_VERSION",
            Observation::File(format!("{made_by}\n").into_bytes()),
        );
        assert_eq!(
            stack.kinds(),
            kinds,
            "{image} over {made_by}, by the volume alone"
        );
    }
}

#[test]
fn a_postgres_without_a_version_in_its_tag_is_asked() {
    let mut stack = Stack::of("postgres:latest", "postgres");
    stack
        .service()
        .variables
        .insert("PGDATA".to_owned(), "/data".to_owned());
    stack.holds("/data/PG_VERSION", Observation::File(b"15\n".to_vec()));
    let verdict = stack.verdict();
    assert!(
        verdict.risks.is_empty() && verdict.notes[0].contains("was not looked at"),
        "{verdict:?}"
    );
    let variables = b"PATH=/bin\nPG_MAJOR=18\n".to_vec();
    stack.observations.insert(
        Query::ImageVariables("postgres:latest".to_owned()),
        Observation::File(variables),
    );
    assert_eq!(stack.kinds(), [RiskKind::Postgres]);
}

#[test]
fn a_volume_that_cannot_be_looked_into_is_told() {
    let mut stack = Stack::of("postgres:17", "postgres");
    stack
        .service()
        .variables
        .insert("PGDATA".to_owned(), "/data".to_owned());
    stack.actual.containers.clear();
    stack.in_volume(
        "shop_data",
        "PG_VERSION",
        Observation::Unavailable("no such image".to_owned()),
    );
    let verdict = stack.verdict();
    assert!(
        verdict.risks.is_empty() && verdict.unknown[0].contains("no such image"),
        "{verdict:?}"
    );
    assert!(
        !verdict.is_safe(),
        "what was not seen is not known to be safe"
    );
}

#[test]
fn a_volume_of_years_ago_over_the_data_of_today_is() {
    let mut stack = Stack::plain();
    stack.actual.containers[0].mounts = vec![mount("volume", &"0a".repeat(32), "/data")];
    stack.wants("data", "/data");
    stack.actual.volumes.extend([volume("shop", "data")]);
    stack.holds("/data", filled());
    let old = Observation::NonEmptyFolder(Contents {
        entries: 9,
        bytes: 12,
        at_least: false,
    });
    stack.in_volume("shop_data", "", old);
    assert_eq!(stack.kinds(), [RiskKind::Anonymous]);
    assert!(stack.verdict().risks[0].evidence[1].contains("holds something else: 9 entries"));
    stack.in_volume("shop_data", "", filled());
    assert_eq!(stack.kinds(), [], "it is a copy");
    stack.in_volume(
        "shop_data",
        "",
        Observation::Unavailable("no answer".to_owned()),
    );
    let verdict = stack.verdict();
    assert!(
        verdict.risks.is_empty() && !verdict.is_safe(),
        "{verdict:?}"
    );
}

#[test]
fn a_volume_is_not_passed_over_for_another_whose_name_holds_its_own() {
    let mut stack = Stack::plain();
    stack.actual.containers.clear();
    stack.actual.volumes.clear();
    for name in ["old_pg", "pg"] {
        let (_, volume) = volume("shop", name);
        stack.actual.volumes.insert(
            name.to_owned(),
            Volume {
                name: name.to_owned(),
                ..volume
            },
        );
        stack.in_volume(name, "", filled());
    }
    stack.wants("new", "/data");
    let risks = stack.verdict().risks;
    let subjects: Vec<_> = risks.iter().map(|risk| risk.subject.as_str()).collect();
    assert_eq!(subjects, ["old_pg", "pg"]);
    assert!(risks[0].volumes.contains("old_pg") && !risks[0].volumes.contains("pg"));
}

#[test]
fn appending_over_a_snapshot_is() {
    let mut stack = Stack::of(
        "redis:7-alpine",
        "redis-server --save 60 1 --appendonly yes",
    );
    let keys = Query::RedisKeys("id-db".to_owned());
    stack
        .observations
        .insert(keys.clone(), Observation::Number(0));
    assert_eq!(stack.kinds(), [], "it holds nothing");
    stack
        .observations
        .insert(keys.clone(), Observation::Number(5));
    assert_eq!(
        stack.kinds(),
        [RiskKind::Redis],
        "in memory only, until it is stopped"
    );
    stack.actual.containers[0].state.status = Status::Exited;
    assert_eq!(stack.kinds(), []);
    stack.holds("/data/dump.rdb", Observation::File(b"REDIS0009".to_vec()));
    assert_eq!(stack.kinds(), [RiskKind::Redis]);
    stack.holds("/data/appendonlydir", filled());
    assert_eq!(stack.kinds(), [], "switched live, before");
    stack.actual.containers.clear();
    stack.in_volume(
        "shop_data",
        "dump.rdb",
        Observation::File(b"REDIS0009".to_vec()),
    );
    assert_eq!(stack.kinds(), [RiskKind::Redis], "by the volume alone");
    stack.service().command = Some("redis-server --appendonly no".to_owned());
    assert_eq!(stack.kinds(), []);
}

#[test]
fn other_names_of_redis_files_are_known() {
    let command = "redis-server --appendonly yes --appenddirname log --dbfilename snap.rdb";
    let mut stack = Stack::of("redis:7", command);
    stack.actual.containers[0].state.status = Status::Exited;
    stack.holds("/data/snap.rdb", Observation::File(b"REDIS0011".to_vec()));
    assert_eq!(stack.kinds(), [RiskKind::Redis]);
    stack.holds("/data/log", filled());
    assert_eq!(stack.kinds(), []);
}

#[test]
fn going_back_to_redis_6_is() {
    let mut stack = Stack::of("redis:6.2.13-alpine", "redis-server");
    stack.holds(
        "/data/dump.rdb",
        Observation::File(b"REDIS0009-data".to_vec()),
    );
    assert_eq!(stack.kinds(), []);
    stack.holds(
        "/data/dump.rdb",
        Observation::File(b"REDIS0011-data".to_vec()),
    );
    assert_eq!(stack.kinds(), [RiskKind::Redis]);
    stack.service().command = Some("redis-server --appendonly yes".to_owned());
    stack.holds("/data/appendonlydir", filled());
    assert_eq!(stack.kinds(), [RiskKind::Redis]);
}

#[test]
fn another_environment_of_the_project_that_is_down_is_one() {
    let mut stack = Stack::plain();
    stack.actual.containers.clear();
    stack.lists("shop_data", 20);
    assert_eq!(stack.kinds(), [], "its own data");
    stack.actual.other_environment = Some("local".to_owned());
    assert_eq!(stack.kinds(), [RiskKind::Shared]);
    stack.observations.clear();
    assert_eq!(stack.kinds(), [], "an empty volume is nobody's data");
}

/// Content with a datastore's files at the top.
fn content(family: &str, file: &str) -> Observation {
    let found = engine_facts::Signature {
        family: family.to_owned(),
        version: Some("15".to_owned()),
        subpath: String::new(),
        files: vec![file.to_owned()],
    };
    Observation::Content(engine_facts::Content::Data(engine_facts::Data {
        families: vec![found],
        ..engine_facts::Data::default()
    }))
}

fn in_volume(name: &str) -> Query {
    Query::Content(Source::Volume(name.to_owned()))
}

#[test]
fn data_that_nothing_uses_is_a_note_until_the_team_knows_of_it() {
    let mut stack = Stack::plain();
    stack.desired.forget = "cargo xtask volumes forget".to_owned();
    stack.actual.volumes.extend([volume("shop", "old")]);
    let is_told = |stack: &Stack| {
        let verdict = stack.verdict();
        assert!(verdict.is_safe());
        verdict.leftovers
    };
    stack
        .observations
        .insert(in_volume("shop_old"), content("postgres", "PG_VERSION"));
    let expected = Leftover {
        volume: "shop_old".to_owned(),
        holds: "PostgreSQL 15".to_owned(),
        forget: "cargo xtask volumes forget shop_old --reason 'WHY'".to_owned(),
    };
    assert_eq!(is_told(&stack), [expected]);
    for name in ["old", "shop_old"] {
        stack.desired.forgotten = [name.to_owned()].into();
        assert_eq!(is_told(&stack), [], "{name}");
    }
    stack.desired.forgotten.clear();
    // Another environment of the same name may use it.
    stack.desired.other_projects = vec!["shop".to_owned()];
    assert_eq!(is_told(&stack), []);
    stack.desired.other_projects.clear();
    for nothing in [
        engine_facts::Content::Empty,
        engine_facts::Content::Data(engine_facts::Data::default()),
    ] {
        let nothing = Observation::Content(nothing);
        stack.observations.insert(in_volume("shop_old"), nothing);
        assert_eq!(is_told(&stack), [], "no datastore's files");
    }
}

#[test]
fn a_moved_checkout_without_a_container_is_known_by_the_keys_of_its_volumes() {
    let mut stack = Stack::of("postgres:17", "postgres");
    stack.wants("data", "/var/lib/postgresql/data");
    stack.desired.is_named_by_folder = true;
    stack.actual = Actual::default();
    let (_, theirs) = volume("store", "data");
    let alike = |stack: &Stack, volumes: &[Volume], containers: &[&str]| {
        let containers = containers.iter().map(|name| (*name).to_owned()).collect();
        alike_among(volumes, &containers, &stack.desired)
    };
    let all = [theirs.clone()];
    assert_eq!(alike(&stack, &all, &[]), ["store".to_owned()].into());
    assert!(alike(&stack, &all, &["store"]).is_empty(), "its own tell");
    let (_, more) = volume("store", "more");
    assert!(alike(&stack, &[theirs.clone(), more], &[]).is_empty());
    let (_, ours) = volume("shop", "data");
    assert!(alike(&stack, &[theirs.clone(), ours], &[]).is_empty());
    stack.desired.is_named_by_folder = false;
    assert!(alike(&stack, &all, &[]).is_empty(), "it has a name");
    stack.actual.alike = ["store".to_owned()].into();
    stack.actual.volumes.extend([volume("store", "data")]);
    stack
        .observations
        .insert(in_volume("store_data"), content("postgres", "PG_VERSION"));
    let risk = &stack.verdict().risks[0];
    assert_eq!(
        (risk.kind, risk.subject.as_str()),
        (RiskKind::Project, "store")
    );
    assert!(
        risk.impact.starts_with("the project may have been store"),
        "{}",
        risk.impact
    );
    // Another family's data is another stack's.
    stack
        .observations
        .insert(in_volume("store_data"), content("redis", "dump.rdb"));
    assert_eq!(stack.verdict().risks, []);
}
