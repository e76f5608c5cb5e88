//! Redis, and Valkey, which went on from it.

use crate::{
    By, Datastore, Folder, Mark, MarkKind, Mover, Owner, Sign, Source, Tools, documented, measured,
};

const STARTED: Source = measured(
    "Redis 6.0, 7.0 and 8.0 and Valkey of Debian's packages, started, written to and looked into",
);

/// The snapshot.
pub const SNAPSHOT: Mark = Mark {
    path: "dump.rdb",
    is: MarkKind::Snapshot,
    flag: Some("--dbfilename"),
    sign: Some(Sign::Begins(b"REDIS0")),
    source: STARTED,
};

/// The folder of the append-only file, from 7 on.
pub const LOG_FOLDER: Mark = Mark {
    path: "appendonlydir",
    is: MarkKind::Log,
    flag: Some("--appenddirname"),
    sign: Some(Sign::Holds(".aof.manifest")),
    source: STARTED,
};

/// The append-only file up to 6.
pub const LOG_FILE: Mark = Mark {
    path: "appendonly.aof",
    is: MarkKind::Log,
    flag: Some("--appendfilename"),
    sign: Some(Sign::Ends(".aof")),
    source: STARTED,
};

/// The option that says where the data lies.
pub const DIR: &str = "--dir";

/// The client.
pub const CLIENT: &str = "redis-cli";

/// What it is given so that all that was written is on disk, in 3 s at most. Before 7.2 there is no
/// such command, which the server then says.
pub const FLUSH: &[&str] = &["WAITAOF", "1", "0", "3000"];

/// Redis and Valkey.
pub const REDIS: Datastore = Datastore {
    id: "redis",
    title: "Redis",
    images: &["redis", "valkey/valkey"],
    folders: &[Folder {
        path: "/data",
        since: None,
        source: documented(
            "docker-library/redis and valkey-io/valkey-container, Dockerfile: VOLUME and WORKDIR /data",
        ),
    }],
    movers: &[Mover {
        by: By::Flag(DIR),
        source: documented("redis.conf: `dir ./`, the working directory"),
    }],
    marks: &[SNAPSHOT, LOG_FOLDER, LOG_FILE],
    tools: Some(Tools {
        client: CLIENT,
        // Without grep it is content with NOAUTH and LOADING, for the client ends with 0.
        probe: Some("redis-cli ping | grep -q PONG"),
        flush: Some(FLUSH),
        source: measured(
            "Redis 6.0 and 7.0 asked with and without a password, and while they loaded",
        ),
    }),
    first_start: None,
    owners: &[Owner {
        base: "",
        uid: 999,
        source: documented(
            "docker-library/redis and valkey-io/valkey-container, Dockerfile: useradd -u 999",
        ),
    }],
};
