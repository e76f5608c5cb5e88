//! `services.*.develop`

use super::shared::{HOOK, TEXT_OR_DIFFERENT_TEXTS};
use crate::format::Format;
use crate::grammar::{Kind, List, Object};

/// What `docker compose watch` does.
pub(super) const DEVELOP: Kind = Kind::OneOf(&[
    Kind::Null,
    Kind::Object(&Object::new(&[(
        "watch",
        Kind::List(&List {
            item: WATCH,
            unique: false,
        }),
    )])),
]);

const WATCH: Kind = Kind::Object(
    &Object::new(&[
        ("ignore", TEXT_OR_DIFFERENT_TEXTS),
        ("include", TEXT_OR_DIFFERENT_TEXTS),
        ("path", Kind::Formatted(Format::Filled)),
        (
            "action",
            Kind::Words(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]),
        ),
        ("target", Kind::Text),
        ("exec", HOOK),
        ("initial_sync", Kind::Bool),
    ])
    .requiring(&["path", "action"]),
);
