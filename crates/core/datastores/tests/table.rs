//! The table is whole, and says what each of the tables said that it took the place of.

use std::collections::BTreeSet;

use compose_model::ImageRef;
use datastores::{
    DATASTORES, Datastore, Folder, Mark, POSTGRES, REDIS, Source, of, postgres, redis,
};

fn image(name: &str) -> ImageRef {
    ImageRef::parse(name)
}

/// Where an image keeps its data, what the files say aside.
fn folder(name: &str) -> Option<&'static str> {
    let image = image(name);
    of(&image).map(|store| store.folder_of(&image))
}

#[test]
fn each_image_keeps_its_data_where_it_did() {
    for (name, expected) in [
        ("redis", "/data"),
        ("valkey/valkey", "/data"),
        ("postgres", "/var/lib/postgresql/data"),
        ("postgis/postgis", "/var/lib/postgresql/data"),
        ("pgvector/pgvector", "/var/lib/postgresql/data"),
        ("timescale/timescaledb", "/var/lib/postgresql/data"),
        ("mysql", "/var/lib/mysql"),
        ("mariadb", "/var/lib/mysql"),
        ("mongo", "/data/db"),
        ("rabbitmq", "/var/lib/rabbitmq"),
        ("elasticsearch", "/usr/share/elasticsearch/data"),
        ("influxdb", "/var/lib/influxdb2"),
    ] {
        assert_eq!(folder(name), Some(expected), "{name}");
        assert_eq!(
            of(&image(name)).map(Datastore::usual_folder),
            Some(expected),
            "{name}"
        );
        assert_eq!(
            folder(&format!("mirror.example/library/{name}:1")),
            folder(&format!("library/{name}:1")),
            "{name}"
        );
    }
    for name in ["nginx", "bitnami/redis", "mypostgres", "redis-exporter"] {
        assert_eq!(folder(name), None, "{name}");
    }
}

#[test]
fn postgres_has_moved_with_18_and_what_is_built_on_it_is_not_known_to_have() {
    for (name, expected) in [
        ("postgres:17.2-alpine", "/var/lib/postgresql/data"),
        ("postgres:18", "/var/lib/postgresql"),
        (
            "docker.io/library/postgres:19-alpine",
            "/var/lib/postgresql",
        ),
        ("postgres:latest", "/var/lib/postgresql/data"),
        ("postgis/postgis:18-3.6", "/var/lib/postgresql/data"),
        ("pgvector/pgvector:pg18", "/var/lib/postgresql/data"),
    ] {
        assert_eq!(folder(name), Some(expected), "{name}");
    }
}

#[test]
fn what_the_rules_on_redis_and_postgres_ask_for_is_there() {
    assert_eq!(REDIS.images, ["redis", "valkey/valkey"]);
    assert_eq!(REDIS.flags().collect::<Vec<_>>(), [redis::DIR]);
    let named =
        [redis::SNAPSHOT, redis::LOG_FOLDER, redis::LOG_FILE].map(|mark| (mark.path, mark.flag));
    assert_eq!(
        named,
        [
            ("dump.rdb", Some("--dbfilename")),
            ("appendonlydir", Some("--appenddirname")),
            ("appendonly.aof", Some("--appendfilename")),
        ]
    );
    assert_eq!(
        POSTGRES.images,
        [
            "postgres",
            "postgis/postgis",
            "pgvector/pgvector",
            "timescale/timescaledb"
        ]
    );
    assert_eq!(POSTGRES.variables().collect::<Vec<_>>(), [postgres::PGDATA]);
    assert_eq!(postgres::VERSION.path, "PG_VERSION");
}

#[test]
fn no_image_and_no_id_is_in_two_rows() {
    let ids: BTreeSet<_> = DATASTORES.iter().map(|store| store.id).collect();
    assert_eq!(ids.len(), DATASTORES.len());
    let images: Vec<_> = DATASTORES.iter().flat_map(|store| store.images).collect();
    assert_eq!(images.iter().collect::<BTreeSet<_>>().len(), images.len());
}

#[test]
fn each_row_says_where_the_data_lies_and_each_fact_who_says_so() {
    for store in DATASTORES {
        assert_eq!(faults(store), [""; 0], "{}", store.id);
    }
}

#[test]
fn a_row_that_lacks_something_would_be_seen() {
    let [usual, later] = [POSTGRES.folders[0], POSTGRES.folders[1]];
    let unknown = Source {
        text: "",
        ..usual.source
    };
    let mark = Mark {
        path: "/data/PG_VERSION",
        source: unknown,
        ..postgres::VERSION
    };
    let folders: &[Folder] = Box::leak(Box::new([later, usual]));
    let marks: &[Mark] = Box::leak(Box::new([mark]));
    let broken = Datastore {
        folders,
        marks,
        movers: &[],
        ..POSTGRES
    };
    assert_eq!(
        faults(&broken),
        [
            "movers",
            "what holds for all comes first",
            "exceptions",
            "marks",
            "sources"
        ]
    );
}

/// What is wrong with a row.
fn faults(store: &Datastore) -> Vec<&'static str> {
    let exceptions = store.folders.iter().skip(1);
    let flags = store
        .flags()
        .chain(store.marks.iter().filter_map(|mark| mark.flag));
    let holds = [
        ("names", !store.images.is_empty() && !store.title.is_empty()),
        ("movers", !store.movers.is_empty()),
        (
            "what holds for all comes first",
            store
                .folders
                .first()
                .is_some_and(|folder| folder.since.is_none()),
        ),
        (
            "exceptions",
            exceptions.clone().all(|folder| folder.since.is_some()),
        ),
        (
            "folders",
            store
                .folders
                .iter()
                .all(|folder| folder.path.starts_with('/')),
        ),
        (
            "flags",
            flags.into_iter().all(|flag| flag.starts_with("--")),
        ),
        (
            "marks",
            store.marks.iter().all(|mark| !mark.path.starts_with('/')),
        ),
        (
            "sources",
            sources(store).iter().all(|source| source.text.len() > 10),
        ),
    ];
    holds
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(what, _)| what)
        .collect()
}

fn sources(store: &Datastore) -> Vec<Source> {
    let folders = store.folders.iter().map(|one| one.source);
    let movers = store.movers.iter().map(|one| one.source);
    let marks = store.marks.iter().map(|one| one.source);
    let tools = store.tools.iter().map(|one| one.source);
    let owners = store.owners.iter().map(|one| one.source);
    folders
        .chain(movers)
        .chain(marks)
        .chain(tools)
        .chain(owners)
        .collect()
}
