//! RabbitMQ.

use crate::{By, Datastore, Folder, Mark, MarkKind, Mover, Owner, Tools, documented, inferred};

/// RabbitMQ.
pub const RABBITMQ: Datastore = Datastore {
    id: "rabbitmq",
    title: "RabbitMQ",
    images: &["rabbitmq"],
    folders: &[Folder {
        path: "/var/lib/rabbitmq",
        since: None,
        source: documented("docker-library/rabbitmq, Dockerfile: RABBITMQ_DATA_DIR and VOLUME"),
    }],
    movers: &[Mover {
        by: By::Variable("RABBITMQ_MNESIA_BASE"),
        source: documented("<https://www.rabbitmq.com/docs/relocate>"),
    }],
    marks: &[Mark {
        path: "mnesia",
        is: MarkKind::Files,
        flag: None,
        sign: None,
        source: inferred(
            "<https://www.rabbitmq.com/docs/relocate>: the base is `mnesia` below the home directory",
        ),
    }],
    tools: Some(Tools {
        client: "rabbitmqctl",
        probe: Some("rabbitmq-diagnostics -q ping"),
        flush: None,
        source: documented("<https://www.rabbitmq.com/docs/monitoring>: health checks, stage 1"),
    }),
    first_start: None,
    owners: &[Owner {
        base: "ubuntu",
        uid: 999,
        source: documented("docker-library/rabbitmq, ubuntu/Dockerfile: useradd --uid 999"),
    }],
};
