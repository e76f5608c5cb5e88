//! `services.*.deploy`

use super::devices::RESERVED_DEVICES;
use super::shared::{PAIRS, TEXTS};
use crate::format::Format;
use crate::grammar::{COUNT, DURATION, INTEGER, Kind, List, NUMBER_OR_WHOLE_TEXT, Object, REAL};

/// How a service is deployed.
pub(super) const DEPLOY: Kind = Kind::OneOf(&[
    Kind::Null,
    Kind::Object(&Object::new(&[
        ("mode", Kind::Text),
        ("endpoint_mode", Kind::Text),
        ("replicas", COUNT),
        ("labels", PAIRS),
        ("rollback_config", UPDATES),
        ("update_config", UPDATES),
        ("resources", RESOURCES),
        ("restart_policy", RESTART_POLICY),
        ("placement", PLACEMENT),
    ])),
]);

const UPDATES: Kind = Kind::Object(&Object::new(&[
    ("parallelism", COUNT),
    ("delay", DURATION),
    ("failure_action", Kind::Text),
    ("monitor", DURATION),
    ("max_failure_ratio", REAL),
    ("order", Kind::Words(&["start-first", "stop-first"])),
]));

const RESOURCES: Kind = Kind::Object(&Object::new(&[
    (
        "limits",
        Kind::Object(&Object::new(&[
            ("cpus", REAL),
            ("memory", MEMORY),
            ("pids", INTEGER),
        ])),
    ),
    (
        "reservations",
        Kind::Object(&Object::new(&[
            ("cpus", REAL),
            ("memory", MEMORY),
            ("generic_resources", GENERIC_RESOURCES),
            ("devices", RESERVED_DEVICES),
        ])),
    ),
]));

/// Unlike `mem_limit`, never a number.
const MEMORY: Kind = Kind::Formatted(Format::Size);

const GENERIC_RESOURCES: Kind = Kind::List(&List {
    item: Kind::Object(&Object::new(&[(
        "discrete_resource_spec",
        Kind::Object(&Object::new(&[
            ("kind", Kind::Text),
            ("value", NUMBER_OR_WHOLE_TEXT),
        ])),
    )])),
    unique: false,
});

const RESTART_POLICY: Kind = Kind::Object(&Object::new(&[
    ("condition", Kind::Text),
    ("delay", DURATION),
    ("max_attempts", COUNT),
    ("window", DURATION),
]));

const PLACEMENT: Kind = Kind::Object(&Object::new(&[
    ("constraints", TEXTS),
    (
        "preferences",
        Kind::List(&List {
            item: Kind::Object(&Object::new(&[("spread", Kind::Text)])),
            unique: false,
        }),
    ),
    ("max_replicas_per_node", COUNT),
]));
