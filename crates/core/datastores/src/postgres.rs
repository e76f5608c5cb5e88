//! PostgreSQL, and what is built on its image.

use crate::{
    By, Datastore, FirstStart, Folder, Mark, MarkKind, Mover, Owner, Since, Source, Tools,
    documented, measured,
};

const IMAGE: Source =
    documented("docker-library/postgres, 17/bookworm/Dockerfile: ENV PGDATA and VOLUME");

/// The file of a data folder that tells the version of who made it.
pub const VERSION: Mark = Mark {
    path: "PG_VERSION",
    is: MarkKind::Version,
    flag: None,
    sign: None,
    source: measured(
        "PostgreSQL 15 and 17 started and looked into; 17 does not start on the data of 15",
    ),
};

/// The variable that says where the data lies.
pub const PGDATA: &str = "PGDATA";

/// The client.
pub const CLIENT: &str = "psql";

/// PostgreSQL.
pub const POSTGRES: Datastore = Datastore {
    id: "postgres",
    title: "PostgreSQL",
    images: &[
        "postgres",
        "postgis/postgis",
        "pgvector/pgvector",
        "timescale/timescaledb",
    ],
    folders: &[
        Folder {
            path: "/var/lib/postgresql/data",
            since: None,
            source: IMAGE,
        },
        // Each major has a folder of its own below this one: 18/docker.
        Folder {
            path: "/var/lib/postgresql",
            since: Some(Since {
                image: "postgres",
                major: 18,
            }),
            source: documented(
                "docker-library/postgres, 18/trixie/Dockerfile: PGDATA and VOLUME have moved",
            ),
        },
    ],
    movers: &[Mover {
        by: By::Variable(PGDATA),
        source: documented("docker-library/docs, postgres: PGDATA"),
    }],
    marks: &[VERSION],
    tools: Some(Tools {
        client: CLIENT,
        probe: Some("pg_isready --quiet"),
        flush: Some(&["-c", "CHECKPOINT"]),
        source: documented(
            "<https://www.postgresql.org/docs/current/reference.html>: psql, pg_isready, CHECKPOINT",
        ),
    }),
    first_start: Some(FirstStart {
        passwords: &["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"],
        refusals: &["password authentication failed for user"],
        change: Some(&["-c", "\\password"]),
        source: measured(
            "PostgreSQL 17 started on a volume with another POSTGRES_PASSWORD: the first one counts; psql in the container needs none",
        ),
    }),
    owners: &[
        Owner {
            base: "debian",
            uid: 999,
            source: documented(
                "docker-library/postgres, 17/bookworm/Dockerfile: useradd --uid=999",
            ),
        },
        Owner {
            base: "alpine",
            uid: 70,
            source: documented("docker-library/postgres, 17/alpine3.22/Dockerfile: adduser -u 70"),
        },
    ],
};
