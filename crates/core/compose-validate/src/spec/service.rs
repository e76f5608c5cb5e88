//! `services.*`

use super::build::BUILD;
use super::deploy::DEPLOY;
use super::develop::DEVELOP;
use super::devices::{BLKIO_CONFIG, DEVICES, GPUS};
use super::health::HEALTHCHECK;
use super::mounts::{FILE_MOUNTS, TMPFS, VOLUMES};
use super::networks::{PORTS, SERVICE_NETWORKS};
use super::shared::{
    COMMAND, DIFFERENT_TEXTS, EXTRA_HOSTS, HOOK, PAIRS, TEXT_OR_TEXTS, TEXTS, ULIMITS,
};
use crate::format::Format;
use crate::grammar::{
    COUNT, DURATION, Keys, Kind, List, Map, NUMBER, NUMBER_OR_WHOLE_TEXT, Number, NumberText,
    Object, REAL, SIZE, WHOLE, WHOLE_ONLY, WHOLE_SIZE,
};

/// A service.
pub(super) const SERVICE: Kind = Kind::Object(&Object::new(&[
    ("develop", DEVELOP),
    ("deploy", DEPLOY),
    ("annotations", PAIRS),
    ("attach", Kind::Flag),
    ("build", BUILD),
    ("blkio_config", BLKIO_CONFIG),
    ("cap_add", TEXTS),
    ("cap_drop", TEXTS),
    ("cgroup", Kind::Words(&["host", "private"])),
    ("cgroup_parent", Kind::Text),
    ("command", COMMAND),
    ("configs", FILE_MOUNTS),
    ("container_name", Kind::Formatted(Format::ContainerName)),
    ("cpu_count", COUNT),
    ("cpu_percent", CPU_PERCENT),
    ("cpu_shares", NUMBER_OR_WHOLE_TEXT),
    ("cpu_quota", NUMBER_OR_WHOLE_TEXT),
    ("cpu_period", NUMBER_OR_WHOLE_TEXT),
    ("cpu_rt_period", NUMBER_OR_WHOLE_TEXT),
    ("cpu_rt_runtime", NUMBER_OR_WHOLE_TEXT),
    ("cpus", REAL),
    ("cpuset", Kind::Text),
    ("credential_spec", CREDENTIAL_SPEC),
    ("depends_on", DEPENDS_ON),
    ("device_cgroup_rules", DIFFERENT_TEXTS),
    ("devices", DEVICES),
    ("dns", TEXT_OR_TEXTS),
    ("dns_opt", TEXTS),
    ("dns_search", TEXT_OR_TEXTS),
    ("domainname", Kind::Text),
    ("entrypoint", COMMAND),
    ("env_file", ENV_FILE),
    ("label_file", TEXT_OR_TEXTS),
    ("environment", PAIRS),
    (
        "expose",
        Kind::List(&List {
            item: Kind::OneOf(&[Kind::Text, WHOLE]),
            unique: false,
        }),
    ),
    ("extends", Kind::Anything),
    ("provider", PROVIDER),
    ("external_links", DIFFERENT_TEXTS),
    ("extra_hosts", EXTRA_HOSTS),
    ("gpus", GPUS),
    (
        "group_add",
        Kind::List(&List {
            item: Kind::OneOf(&[Kind::Text, WHOLE]),
            unique: true,
        }),
    ),
    ("healthcheck", HEALTHCHECK),
    ("hostname", Kind::Text),
    ("image", Kind::Text),
    ("init", Kind::Flag),
    ("ipc", Kind::Text),
    ("isolation", Kind::Text),
    ("labels", PAIRS),
    ("links", TEXTS),
    ("logging", LOGGING),
    ("mac_address", Kind::Text),
    ("mem_limit", SIZE),
    ("mem_reservation", WHOLE_SIZE),
    ("mem_swappiness", WHOLE_SIZE),
    ("memswap_limit", SIZE),
    ("network_mode", Kind::Text),
    ("models", SERVICE_MODELS),
    ("networks", SERVICE_NETWORKS),
    ("oom_kill_disable", Kind::Flag),
    ("oom_score_adj", OOM_SCORE_ADJ),
    // The schema lets null through; Compose then crashes.
    ("pid", Kind::Text),
    ("pids_limit", NUMBER_OR_WHOLE_TEXT),
    ("platform", Kind::Text),
    ("ports", PORTS),
    ("post_start", HOOKS),
    ("pre_stop", HOOKS),
    ("privileged", Kind::Flag),
    ("profiles", TEXTS),
    ("pull_policy", Kind::Formatted(Format::PullPolicy)),
    ("pull_refresh_after", Kind::Text),
    ("read_only", Kind::Flag),
    ("restart", Kind::Text),
    ("runtime", Kind::Text),
    ("scale", COUNT),
    ("security_opt", DIFFERENT_TEXTS),
    ("shm_size", SIZE),
    ("secrets", FILE_MOUNTS),
    ("sysctls", PAIRS),
    ("stdin_open", Kind::Flag),
    ("stop_grace_period", DURATION),
    ("stop_signal", Kind::Text),
    ("storage_opt", STORAGE_OPTIONS),
    ("tmpfs", TMPFS),
    ("tty", Kind::Flag),
    ("ulimits", ULIMITS),
    ("use_api_socket", Kind::Bool),
    ("user", Kind::Text),
    ("uts", Kind::Text),
    ("userns_mode", Kind::Text),
    ("volumes", VOLUMES),
    ("volumes_from", DIFFERENT_TEXTS),
    ("working_dir", Kind::Text),
]));

const CPU_PERCENT: Kind = Kind::Number(Number {
    text: NumberText::Real,
    min: Some(0),
    max: Some(100),
    ..WHOLE_ONLY
});

const OOM_SCORE_ADJ: Kind = Kind::Number(Number {
    text: NumberText::Whole,
    min: Some(-1000),
    max: Some(1000),
    ..WHOLE_ONLY
});

const HOOKS: Kind = Kind::List(&List {
    item: HOOK,
    unique: false,
});

const CREDENTIAL_SPEC: Kind = Kind::Object(&Object::new(&[
    ("config", Kind::Text),
    ("file", Kind::Text),
    ("registry", Kind::Text),
]));

const DEPENDS_ON: Kind = Kind::OneOf(&[
    DIFFERENT_TEXTS,
    Kind::Map(&Map {
        keys: Keys::Name,
        value: Kind::Object(
            &Object::new(&[
                ("restart", Kind::Flag),
                ("required", Kind::Bool),
                (
                    "condition",
                    Kind::Words(&[
                        "service_started",
                        "service_healthy",
                        "service_completed_successfully",
                    ]),
                ),
            ])
            .requiring(&["condition"]),
        ),
        others: false,
    }),
]);

const ENV_FILE: Kind = Kind::OneOf(&[
    Kind::Text,
    Kind::List(&List {
        item: Kind::OneOf(&[
            Kind::Text,
            Kind::Object(
                &Object::new(&[
                    ("path", Kind::Text),
                    ("format", Kind::Text),
                    ("required", Kind::Flag),
                ])
                .requiring(&["path"])
                .closed(),
            ),
        ]),
        unique: false,
    }),
]);

const LOGGING: Kind = Kind::Object(&Object::new(&[
    ("driver", Kind::Text),
    (
        "options",
        Kind::Map(&Map {
            keys: Keys::Filled,
            value: Kind::OneOf(&[Kind::Text, NUMBER, Kind::Null]),
            others: true,
        }),
    ),
]));

const PROVIDER: Kind = Kind::Object(
    &Object::new(&[
        ("type", Kind::Text),
        (
            "options",
            Kind::Map(&Map {
                keys: Keys::Filled,
                value: Kind::OneOf(&[
                    PROVIDER_OPTION,
                    Kind::List(&List {
                        item: PROVIDER_OPTION,
                        unique: false,
                    }),
                ]),
                others: true,
            }),
        ),
    ])
    .requiring(&["type"]),
);

const PROVIDER_OPTION: Kind = Kind::OneOf(&[Kind::Text, NUMBER, Kind::Bool]);

const SERVICE_MODELS: Kind = Kind::OneOf(&[
    DIFFERENT_TEXTS,
    Kind::Map(&Map {
        keys: Keys::Name,
        value: Kind::OneOf(&[
            Kind::Null,
            Kind::Object(&Object::new(&[
                ("endpoint_var", Kind::Text),
                ("model_var", Kind::Text),
            ])),
        ]),
        others: true,
    }),
]);

/// The schema asks for a mapping only; the decoder wants single values.
const STORAGE_OPTIONS: Kind = Kind::Map(&Map {
    keys: Keys::Filled,
    value: Kind::OneOf(&[Kind::Text, NUMBER, Kind::Null]),
    others: true,
});
