//! MariaDB.

use crate::{By, Datastore, FirstStart, Folder, Mark, MarkKind, Mover, Tools, documented};

/// MariaDB.
pub const MARIADB: Datastore = Datastore {
    id: "mariadb",
    title: "MariaDB",
    images: &["mariadb"],
    folders: &[Folder {
        path: "/var/lib/mysql",
        since: None,
        source: documented("MariaDB/mariadb-docker, 11.4/Dockerfile: VOLUME"),
    }],
    movers: &[Mover {
        by: By::Flag("--datadir"),
        source: documented("<https://mariadb.com/kb/en/server-system-variables/#datadir>"),
    }],
    marks: &[Mark {
        path: "ibdata1",
        is: MarkKind::Files,
        flag: None,
        sign: None,
        source: documented("<https://mariadb.com/kb/en/innodb-system-tablespaces/>"),
    }],
    tools: Some(Tools {
        client: "mariadb",
        probe: Some("healthcheck.sh --connect --innodb_initialized"),
        flush: None,
        source: documented("MariaDB/mariadb-docker, 11.4/healthcheck.sh"),
    }),
    first_start: Some(FirstStart {
        passwords: &[
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_PASSWORD",
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_PASSWORD",
        ],
        refusals: &["access denied for user"],
        change: None,
        source: documented(
            "docker-library/docs, mariadb: none of the variables has an effect on a data directory that contains a database",
        ),
    }),
    owners: &[],
};
