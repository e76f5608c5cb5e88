//! `networks.*`, and how services join networks and publish ports.

use super::resources::EXTERNAL;
use super::shared::{DIFFERENT_TEXTS, DRIVER_OPTIONS, PAIRS, TEXTS};
use crate::format::Format;
use crate::grammar::{
    COUNT, Keys, Kind, List, Map, NUMBER, Number, NumberText, Object, WHOLE, WHOLE_ONLY,
};

/// A network.
pub(super) const NETWORK: Kind = Kind::OneOf(&[
    Kind::Null,
    Kind::Object(&Object::new(&[
        ("name", Kind::Text),
        ("driver", Kind::Text),
        ("driver_opts", DRIVER_OPTIONS),
        ("ipam", IPAM),
        ("external", EXTERNAL),
        ("internal", Kind::Flag),
        ("enable_ipv4", Kind::Flag),
        ("enable_ipv6", Kind::Flag),
        ("attachable", Kind::Flag),
        ("labels", PAIRS),
    ])),
]);

const IPAM: Kind = Kind::Object(&Object::new(&[
    ("driver", Kind::Text),
    (
        "config",
        Kind::List(&List {
            item: Kind::Object(&Object::new(&[
                ("subnet", Kind::Text),
                ("ip_range", Kind::Text),
                ("gateway", Kind::Text),
                ("aux_addresses", TEXT_MAP),
            ])),
            unique: false,
        }),
    ),
    ("options", TEXT_MAP),
]));

const TEXT_MAP: Kind = Kind::Map(&Map {
    keys: Keys::Filled,
    value: Kind::Text,
    others: false,
});

/// `services.*.networks`
pub(super) const SERVICE_NETWORKS: Kind = Kind::OneOf(&[
    DIFFERENT_TEXTS,
    Kind::Map(&Map {
        keys: Keys::Name,
        value: Kind::OneOf(&[
            Kind::Null,
            Kind::Object(&Object::new(&[
                ("aliases", TEXTS),
                ("interface_name", Kind::Text),
                ("ipv4_address", Kind::Text),
                ("ipv6_address", Kind::Text),
                ("link_local_ips", TEXTS),
                ("mac_address", Kind::Text),
                ("driver_opts", DRIVER_OPTIONS),
                ("priority", NUMBER),
                ("gw_priority", NUMBER),
            ])),
        ]),
        others: false,
    }),
]);

/// `services.*.ports`
pub(super) const PORTS: Kind = Kind::List(&List {
    item: Kind::OneOf(&[
        SHORT_PORT,
        Kind::Formatted(Format::Port),
        Kind::Object(
            &Object::new(&[
                ("name", Kind::Text),
                ("mode", Kind::Text),
                ("host_ip", Kind::Text),
                ("target", COUNT),
                ("published", Kind::OneOf(&[Kind::Text, WHOLE])),
                ("protocol", Kind::Text),
                ("app_protocol", Kind::Text),
            ])
            .requiring(&["target"]),
        ),
    ]),
    unique: false,
});

/// A container's port alone; 0 is read as none.
const SHORT_PORT: Kind = Kind::Number(Number {
    text: NumberText::Refused,
    min: Some(1),
    max: Some(65535),
    ..WHOLE_ONLY
});
