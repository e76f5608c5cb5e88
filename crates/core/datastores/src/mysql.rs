//! MySQL.

use crate::{By, Datastore, FirstStart, Folder, Mark, MarkKind, Mover, Owner, Tools, documented};

/// MySQL.
pub const MYSQL: Datastore = Datastore {
    id: "mysql",
    title: "MySQL",
    images: &["mysql"],
    folders: &[Folder {
        path: "/var/lib/mysql",
        since: None,
        source: documented("docker-library/mysql, 8.4/Dockerfile.oracle: VOLUME"),
    }],
    movers: &[Mover {
        by: By::Flag("--datadir"),
        source: documented(
            "<https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_datadir>",
        ),
    }],
    marks: &[Mark {
        path: "ibdata1",
        is: MarkKind::Files,
        flag: None,
        sign: None,
        source: documented(
            "<https://dev.mysql.com/doc/refman/8.4/en/innodb-system-tablespace.html>",
        ),
    }],
    tools: Some(Tools {
        client: "mysql",
        probe: Some("mysqladmin ping --silent"),
        flush: None,
        source: documented("<https://dev.mysql.com/doc/refman/8.4/en/mysqladmin.html>: ping"),
    }),
    first_start: Some(FirstStart {
        passwords: &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_PASSWORD",
            "MYSQL_ROOT_PASSWORD_FILE",
            "MYSQL_PASSWORD_FILE",
        ],
        refusals: &["access denied for user"],
        change: None,
        source: documented(
            "docker-library/docs, mysql: none of the variables has an effect on a data directory that contains a database",
        ),
    }),
    owners: &[Owner {
        base: "",
        uid: 999,
        source: documented("docker-library/mysql, 8.4/Dockerfile.oracle: useradd --uid 999"),
    }],
};
