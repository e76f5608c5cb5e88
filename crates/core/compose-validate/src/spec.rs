//! The Compose specification's keys and types, as Compose 2.40 enforces them.
//!
//! Source: the JSON schema of the specification (<https://github.com/compose-spec/compose-spec>,
//! `schema/compose-spec.json`) as compose-go 2 carries it, narrowed by what its decoder refuses;
//! where the two disagree with the documentation, `docker compose config` was asked. One file per
//! section, keys in the schema's order.

mod build;
mod deploy;
mod develop;
mod devices;
mod health;
mod mounts;
mod networks;
mod resources;
mod service;
mod shared;

use crate::grammar::{Keys, Kind, List, Map, Object};
use resources::{CONFIG, MODEL, SECRET, VOLUME};

/// The whole model.
pub(crate) const ROOT: Kind = Kind::Object(&Object::new(&[
    ("version", Kind::Text),
    ("name", Kind::Text),
    (
        "include",
        Kind::OneOf(&[
            Kind::Null,
            Kind::List(&List {
                item: Kind::Anything,
                unique: false,
            }),
        ]),
    ),
    ("services", Kind::Map(&named(service::SERVICE))),
    (
        "models",
        Kind::Map(&Map {
            others: true,
            ..named(MODEL)
        }),
    ),
    (
        "networks",
        Kind::Map(&Map {
            others: true,
            ..named(networks::NETWORK)
        }),
    ),
    ("volumes", Kind::Map(&named(VOLUME))),
    ("secrets", Kind::Map(&named(SECRET))),
    ("configs", Kind::Map(&named(CONFIG))),
]));

/// A section of things that users name.
const fn named(value: Kind) -> Map {
    Map {
        keys: Keys::Name,
        value,
        others: false,
    }
}
