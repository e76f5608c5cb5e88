//! Redis and PostgreSQL that lose data, or do not come up; and starts that fail in other ways than
//! they ought to.

use live::reason::Reason;

use super::{Control, Red, frontend, redis_alone, stores};
use crate::stack::Stack;

/// The controls of this file.
pub const ALL: &[&Control] = &[
    &VOLUMES_REMOVED,
    &WRONG_TARGETS,
    &LOG_OFF,
    &DATA_LOST,
    &SNAPSHOT_ALONE,
    &OWN_LAYER,
    &ANONYMOUS,
    &REDIS_NOT_AGAIN,
    &POSTGRES_NOT_AGAIN,
    &NOTHING_STARTS,
];

/// A Compose that takes the volumes along, and a failing check that does not fail.
pub const VOLUMES_REMOVED: Control = Control {
    stack: || {
        let stack = stores()?.with_compose_that("[[ $last == down ]] && set -- \"$@\" --volumes");
        Some(never_healthy_with(
            stack,
            "healthcheck: !override { interval: 1s, retries: 1000, test: [CMD, 'true'] }",
        ))
    },
    red: &[
        Red(
            "redis-data",
            Reason::VolumeRemoved,
            &["redis_data", "down, up"],
        ),
        Red(
            "postgres-data",
            Reason::VolumeRemoved,
            &["postgres_data", "down, up"],
        ),
        Red("never-healthy", Reason::CalledWell, &["postgres never was"]),
    ],
};

/// Volumes that lie beside the data.
pub const WRONG_TARGETS: Control = Control {
    stack: || {
        let stack = stores()?
            .with("redis_data:/data", "redis_data:/var/lib/redis")
            .with(
                "postgres_data:/var/lib/postgresql/data",
                "postgres_data:/var/lib/postgresql",
            );
        Some(never_healthy_with(
            stack,
            "healthcheck: !override { interval: 1s, retries: 1000, test: [CMD, 'false'] }",
        ))
    },
    red: &[
        Red(
            "redis-data",
            Reason::WrongTarget,
            &["/data", "mounted at /var/lib/redis"],
        ),
        Red(
            "postgres-data",
            Reason::WrongTarget,
            &["/var/lib/postgresql/data", "anonymous"],
        ),
        Red(
            "volumes",
            Reason::WrongTarget,
            &["mounted at /var/lib/postgresql"],
        ),
        Red("never-healthy", Reason::NoHealthOutput, &[]),
    ],
};

/// Redis without its log; a PostgreSQL that loses a schema while nothing else is wrong with it; and
/// a second service that does not come up beside the one that is never healthy.
pub const LOG_OFF: Control = Control {
    stack: || {
        let stack = stores()?
            .with("--appendonly yes", "--appendonly no")
            .with_compose_that(&on_restart(DROP_SCHEMA));
        let other = "services: { other: { image: redis:7-alpine, entrypoint: [/bin/false] } }\n";
        Some(stack.with_more_on_up("[[ $project == *-broken ]]", other))
    },
    red: &[
        Red(
            "redis-data",
            Reason::AofOff,
            &["SIGKILL", "appendonly is no"],
        ),
        // With options on its command line Redis 6.0 makes no snapshots either.
        Red("redis-upgrade", Reason::Lost, &["all 7 keys of 7 are gone"]),
        Red(
            "postgres-data",
            Reason::Lost,
            &["restart", "nothing that is known explains it"],
        ),
        Red(
            "never-healthy",
            Reason::WrongName,
            &["it is other that is named"],
        ),
    ],
};

/// Data that goes while the log and the volume are as they should be; what PostgreSQL does not
/// write to disk; a client that does not tell the last lines of a log; and a Redis that runs with
/// less memory than its command says.
pub const DATA_LOST: Control = Control {
    stack: || {
        let image = "image: postgres:17-alpine\n";
        let stack = stores()?.with(
            image,
            &format!("{image}    command: postgres -c fsync=off\n"),
        );
        let stack = stack.with_compose_that(&on_restart(&format!("{DROP_SCHEMA}\n{FLUSH}")));
        Some(stack.with_docker_that("[[ $1 == logs && \" $* \" == *' 5 '* ]] && exit 0"))
    },
    red: &[
        Red(
            "redis-data",
            Reason::Lost,
            &["all 7 keys by restart", "nothing that is known explains it"],
        ),
        Red(
            "postgres-data",
            Reason::FsyncOff,
            &["the table of 100 rows", "fsync is off"],
        ),
        Red("never-healthy", Reason::NoLogLines, &[]),
    ],
};

/// The old Redis ran without the log, as with a team that switched it on in the file alone; and an
/// engine that hangs for a moment when the time for a start is nearly over.
pub const SNAPSHOT_ALONE: Control = Control {
    stack: || {
        let snapshot = "services: {redis: {command: 'redis-server --appendonly no --save 60 1 --requirepass \
                        fixture-redis-secret'}}\n";
        let hangs = "if [[ $1 == ps && \" $* \" == *-broken* ]]; then
                [[ -e $folder/begun ]] || date +%s >\"$folder/begun\"
                (($(date +%s) - $(<\"$folder/begun\") > 10)) && mkdir \"$folder/hung\" && sleep 9
            fi 2>/dev/null";
        let when = "[[ $project == *-steady ]] && grep -q redis:6 \"$folder\"/state/compose-stories/live/*/\"$project\".yml";
        Some(
            redis_alone()?
                .with_more_on_up(when, snapshot)
                .with_docker_that(hangs),
        )
    },
    red: &[
        Red(
            "redis-upgrade",
            Reason::RdbOnly,
            &["CONFIG SET appendonly yes", "DBSIZE 0"],
        ),
        Red("never-healthy", Reason::TooLate, &["the limit was 12.0 s"]),
    ],
};

/// The volume is where it belongs, and Redis writes beside it.
pub const OWN_LAYER: Control = Control {
    stack: || {
        Some(redis_alone()?.with(
            "    command: redis-server",
            "    entrypoint: [redis-server, --dir, /]\n    command:",
        ))
    },
    red: &[
        Red(
            "redis-upgrade",
            Reason::Lost,
            &["all 7 keys of 7 are gone under the new Redis"],
        ),
        Red("volumes", Reason::Layer, &["redis writes /", "own layer"]),
        Red(
            "redis-data",
            Reason::WrongTarget,
            &["in the container's own layer"],
        ),
    ],
};

/// No volume; and an entrypoint that takes the command for a name, so that Redis asks for no
/// password.
pub const ANONYMOUS: Control = Control {
    stack: || {
        let entrypoint = "    entrypoint: [sh, -c, exec redis-server --appendonly yes --maxmemory 64mb \
                          --maxmemory-policy allkeys-lru]\n    command: redis-server";
        let stack = redis_alone()?
            .with("    volumes: [redis_data:/data]\n", "")
            .with("    command: redis-server", entrypoint);
        // A Compose that writes down which volumes its `down` leaves behind.
        Some(stack.with_compose_that(
            "[[ \" $* \" == *' down '* ]] && docker ps --all --quiet --filter \"name=$project\" |
                xargs docker inspect --format '{{range .Mounts}}{{.Name}} {{end}}' >>\"$folder/anonymous\"",
        ))
    },
    red: &[
        Red(
            "volumes",
            Reason::AnonymousVolume,
            &["redis keeps data in /data"],
        ),
        Red(
            "redis-data",
            Reason::WrongTarget,
            &["on an anonymous volume"],
        ),
        Red(
            "redis-upgrade",
            Reason::Option,
            &["requirepass is not in force"],
        ),
    ],
};

/// Redis does not come up when its container is made anew; and it runs with less memory than its
/// command says.
pub const REDIS_NOT_AGAIN: Control = Control {
    stack: || {
        let smaller = "services: { redis: { command: redis-server --appendonly yes --maxmemory 32mb --requirepass \
                       fixture-redis-secret } }\n";
        let stack = redis_alone()?.with_more_on_up("[[ $project == *-steady ]]", smaller);
        Some(stack.with_more_on_up(
            RECREATED,
            "services: { redis: { entrypoint: [/bin/false] } }\n",
        ))
    },
    red: &[
        Red(
            "redis-upgrade",
            Reason::Option,
            &["maxmemory is 33554432 and not 64mb"],
        ),
        Red(
            "redis-data",
            Reason::NotStarted,
            &["redis ended with exit code 1"],
        ),
    ],
};

/// PostgreSQL does not come up when its container is made anew; Redis does.
pub const POSTGRES_NOT_AGAIN: Control = Control {
    stack: || {
        Some(stores()?.with_more_on_up(
            RECREATED,
            "services: { postgres: { entrypoint: [/bin/false] } }\n",
        ))
    },
    red: &[Red(
        "postgres-data",
        Reason::NotStarted,
        &["postgres ended with exit code 1"],
    )],
};

/// A Redis that is never healthy, so that nobody who waits for it is started.
pub const NOTHING_STARTS: Control = Control {
    stack: || {
        Some(frontend()?.with(
            "redis-cli ping | grep -q PONG",
            "echo fixture says no; exit 1",
        ))
    },
    red: &[
        Red(
            "redis-upgrade",
            Reason::NotStarted,
            &["redis is unhealthy", "fixture says no"],
        ),
        Red("start-order", Reason::NotStarted, &["redis is unhealthy"]),
    ],
};

/// When containers are made anew.
const RECREATED: &str = "[[ $all == *' --force-recreate '* ]]";

/// Somebody throws away what PostgreSQL has, and what Redis has.
const DROP_SCHEMA: &str = "docker exec \"$project-postgres-1\" psql -q -U postgres -c 'DROP SCHEMA compose_stories_live CASCADE'";
const FLUSH: &str = "docker exec \"$project-redis-1\" redis-cli FLUSHALL";

/// Shell that does something before a restart.
fn on_restart(does: &str) -> String {
    format!("if [[ \" $* \" == *' restart '* ]]; then\n{does}\nfi >>\"$folder/said\" 2>&1")
}

/// A start that ought to fail, with another health check in the place of the one that never
/// succeeds.
fn never_healthy_with(stack: Stack, check: &str) -> Stack {
    let text = format!("services: {{ postgres: {{ {check} }} }}\n");
    stack.with_more_on_up("[[ $project == *-broken ]]", &text)
}
