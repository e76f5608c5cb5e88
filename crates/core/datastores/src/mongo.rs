//! MongoDB.

use crate::{
    By, Datastore, FirstStart, Folder, Mark, MarkKind, Mover, Owner, Tools, documented, inferred,
};

/// MongoDB.
pub const MONGO: Datastore = Datastore {
    id: "mongo",
    title: "MongoDB",
    images: &["mongo"],
    folders: &[Folder {
        path: "/data/db",
        since: None,
        source: documented("docker-library/mongo, Dockerfile: VOLUME /data/db /data/configdb"),
    }],
    movers: &[Mover {
        by: By::Flag("--dbpath"),
        source: documented(
            "<https://www.mongodb.com/docs/manual/reference/program/mongod/>: --dbpath",
        ),
    }],
    marks: &[Mark {
        path: "WiredTiger",
        is: MarkKind::Files,
        flag: None,
        sign: None,
        source: documented(
            "<https://source.wiredtiger.com/develop/database_config.html>: a file of that name in each",
        ),
    }],
    tools: Some(Tools {
        client: "mongosh",
        probe: Some("mongosh --quiet --eval 'db.runCommand({ ping: 1 }).ok' | grep -q 1"),
        flush: None,
        source: inferred("mongosh is in the images from 5.0 on; none was to be had to try it"),
    }),
    first_start: Some(FirstStart {
        passwords: &[
            "MONGO_INITDB_ROOT_PASSWORD",
            "MONGO_INITDB_ROOT_PASSWORD_FILE",
        ],
        refusals: &["authentication failed", "authenticationfailed"],
        change: None,
        source: documented(
            "docker-library/docs, mongo: MONGO_INITDB_* count where the data folder is empty alone",
        ),
    }),
    owners: &[Owner {
        base: "",
        uid: 999,
        source: documented("docker-library/mongo, Dockerfile: useradd --uid 999"),
    }],
};
