//! The keys of networks, volumes and the like.

use super::Form::{Entries, Items, One};
use super::{Key, LABELS, MAP_OF_LABELS, SEPARATE_LABELS, SWITCH, key};

/// The top-level sections: names that bodies may have, and the keys of such a body.
pub const SECTIONS: &[(&str, &[&str], &[Key])] = &[
    (
        "networks",
        &["n1", "n2"],
        &[
            key("attachable", SWITCH),
            key("driver", &[One(&["bridge", "overlay"])]),
            key("driver_opts", &[Entries(&["a: 1", "a: two", "b: x"])]),
            key("enable_ipv6", SWITCH),
            key("internal", SWITCH),
            key(
                "ipam",
                &[
                    Entries(&[
                        "driver: default",
                        "options: {a: b}",
                        "options: {a: c, d: e}",
                    ]),
                    One(&[
                        "{config: [{subnet: 10.0.0.0/24}]}",
                        "{config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}",
                        "{config: [{subnet: 10.0.0.0/24, aux_addresses: {a: 10.0.0.5}}]}",
                    ]),
                ],
            ),
            key("labels", LABELS),
            key("name", &[One(&["real", "other"])]),
            key("x-own", &[Entries(&["a: 1", "b: [1]"])]),
        ],
    ),
    (
        "volumes",
        &["data", "other"],
        &[
            key("driver", &[One(&["local", "nfs"])]),
            key(
                "driver_opts",
                &[Entries(&[
                    "type: none",
                    "o: bind",
                    "device: ./dev",
                    "size: 1",
                ])],
            ),
            key("labels", SEPARATE_LABELS),
            key("name", &[One(&["real", "other"])]),
        ],
    ),
    (
        "secrets",
        &["s1", "s2", "s3"],
        &[
            key("file", &[One(&["./s.txt", "../t.txt", "/abs/u"])]),
            key("labels", MAP_OF_LABELS),
            key("name", &[One(&["real", "other"])]),
        ],
    ),
    (
        "configs",
        &["c1", "c2"],
        &[
            key("file", &[One(&["./c.txt", "~/d.txt"])]),
            key("labels", MAP_OF_LABELS),
            key("name", &[One(&["real", "other"])]),
        ],
    ),
    (
        "models",
        &["m1", "m2"],
        &[
            key("context_size", &[One(&["1024", "2048"])]),
            key(
                "runtime_flags",
                &[Items(&["\"--a\"", "\"--b\"", "\"--c\""])],
            ),
        ],
    ),
];
