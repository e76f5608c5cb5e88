//! `volumes.*`, `secrets.*`, `configs.*` and `models.*`

use super::shared::{DIFFERENT_PAIRS, DRIVER_OPTIONS, TEXTS};
use crate::grammar::{Kind, Object, WHOLE};

/// A volume.
pub(super) const VOLUME: Kind = Kind::OneOf(&[
    Kind::Null,
    Kind::Object(&Object::new(&[
        ("name", Kind::Text),
        ("driver", Kind::Text),
        ("driver_opts", DRIVER_OPTIONS),
        ("external", EXTERNAL),
        ("labels", DIFFERENT_PAIRS),
    ])),
]);

/// A secret.
pub(super) const SECRET: Kind = Kind::Object(&Object::new(&[
    ("name", Kind::Text),
    ("environment", Kind::Text),
    ("file", Kind::Text),
    ("external", OPEN_EXTERNAL),
    ("labels", DIFFERENT_PAIRS),
    ("driver", Kind::Text),
    ("driver_opts", DRIVER_OPTIONS),
    ("template_driver", Kind::Text),
]));

/// A config.
pub(super) const CONFIG: Kind = Kind::Object(&Object::new(&[
    ("name", Kind::Text),
    ("content", Kind::Text),
    ("environment", Kind::Text),
    ("file", Kind::Text),
    ("external", OPEN_EXTERNAL),
    ("labels", DIFFERENT_PAIRS),
    ("template_driver", Kind::Text),
]));

/// A language model.
pub(super) const MODEL: Kind = Kind::Object(
    &Object::new(&[
        ("name", Kind::Text),
        ("model", Kind::Text),
        ("context_size", WHOLE),
        ("runtime_flags", TEXTS),
    ])
    .requiring(&["model"]),
);

/// Whether something is made outside Compose; the mapping is the old way to name it.
pub(super) const EXTERNAL: Kind = Kind::OneOf(&[
    Kind::Flag,
    Kind::Object(&Object::new(&[("name", Kind::Text)])),
]);

const OPEN_EXTERNAL: Kind = Kind::OneOf(&[
    Kind::Flag,
    Kind::Object(&Object::new(&[("name", Kind::Text)]).open()),
]);
