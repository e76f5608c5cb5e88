//! `services.*.build`

use super::mounts::FILE_MOUNTS;
use super::shared::{BUILD_ULIMITS, EXTRA_HOSTS, PAIR_MAP, PAIRS, TEXTS};
use crate::format::Format;
use crate::grammar::{Keys, Kind, List, Map, Object, WHOLE_SIZE};

/// A folder, or all that one may say of a build.
pub(super) const BUILD: Kind = Kind::OneOf(&[
    Kind::Text,
    Kind::Object(&Object::new(&[
        ("context", Kind::Text),
        ("dockerfile", Kind::Text),
        ("dockerfile_inline", Kind::Text),
        ("entitlements", TEXTS),
        ("args", PAIRS),
        ("ssh", SSH),
        ("labels", PAIRS),
        ("cache_from", TEXTS),
        ("cache_to", TEXTS),
        ("no_cache", Kind::Flag),
        ("additional_contexts", ADDITIONAL_CONTEXTS),
        ("network", Kind::Text),
        ("provenance", Kind::OneOf(&[Kind::Text, Kind::Bool])),
        ("sbom", Kind::OneOf(&[Kind::Text, Kind::Bool])),
        ("pull", Kind::Flag),
        ("target", Kind::Text),
        ("shm_size", WHOLE_SIZE),
        ("extra_hosts", EXTRA_HOSTS),
        ("isolation", Kind::Text),
        ("privileged", Kind::Flag),
        ("secrets", FILE_MOUNTS),
        ("tags", TEXTS),
        ("ulimits", BUILD_ULIMITS),
        ("platforms", TEXTS),
    ])),
]);

const SSH: Kind = Kind::OneOf(&[
    PAIR_MAP,
    Kind::List(&List {
        item: Kind::Formatted(Format::SshKey),
        unique: true,
    }),
]);

/// The schema lets numbers and null through; Compose then crashes.
const ADDITIONAL_CONTEXTS: Kind = Kind::OneOf(&[
    Kind::Map(&Map {
        keys: Keys::Filled,
        value: Kind::Text,
        others: false,
    }),
    Kind::List(&List {
        item: Kind::Formatted(Format::Assignment),
        unique: false,
    }),
]);
