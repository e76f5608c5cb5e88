//! What a service finds in its file system: volumes, temporary file systems, secrets and configs.

use super::shared::{DIFFERENT_PAIRS, TEXT_OR_TEXTS};
use crate::format::Format;
use crate::grammar::{Kind, List, Number, NumberText, Object, WHOLE_ONLY};

/// `services.*.volumes`
pub(super) const VOLUMES: Kind = Kind::List(&List {
    item: Kind::OneOf(&[Kind::Formatted(Format::Mount), LONG_MOUNT]),
    unique: false,
});

/// `services.*.tmpfs`
pub(super) const TMPFS: Kind = TEXT_OR_TEXTS;

/// `services.*.secrets`, `services.*.configs` and `services.*.build.secrets`
pub(super) const FILE_MOUNTS: Kind = Kind::List(&List {
    item: Kind::OneOf(&[
        Kind::Text,
        Kind::Object(&Object::new(&[
            ("source", Kind::Text),
            ("target", Kind::Text),
            ("uid", Kind::Text),
            ("gid", Kind::Text),
            ("mode", FILE_MODE),
        ])),
    ]),
    unique: false,
});

/// As text it is octal.
const FILE_MODE: Kind = Kind::OneOf(&[Kind::Formatted(Format::FileMode), Kind::Number(WHOLE_ONLY)]);

const LONG_MOUNT: Kind = Kind::Object(
    &Object::new(&[
        (
            "type",
            Kind::Words(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
        ),
        ("source", Kind::Text),
        ("target", Kind::Text),
        ("read_only", Kind::Flag),
        ("consistency", Kind::Text),
        (
            "bind",
            Kind::Object(&Object::new(&[
                ("propagation", Kind::Text),
                ("create_host_path", Kind::Flag),
                (
                    "recursive",
                    Kind::Words(&["enabled", "disabled", "writable", "readonly"]),
                ),
                ("selinux", Kind::Words(&["z", "Z"])),
            ])),
        ),
        (
            "volume",
            Kind::Object(&Object::new(&[
                ("labels", DIFFERENT_PAIRS),
                ("nocopy", Kind::Flag),
                ("subpath", Kind::Text),
            ])),
        ),
        (
            "tmpfs",
            Kind::Object(&Object::new(&[("size", TMPFS_SIZE), ("mode", TMPFS_MODE)])),
        ),
        (
            "image",
            Kind::Object(&Object::new(&[("subpath", Kind::Text)])),
        ),
    ])
    .requiring(&["type", "target"]),
);

const TMPFS_SIZE: Kind = Kind::Number(Number {
    text: NumberText::Size,
    min: Some(0),
    ..WHOLE_ONLY
});

/// The schema lets texts through, the decoder does not.
const TMPFS_MODE: Kind = Kind::Number(Number {
    whole: false,
    min: Some(0),
    ..WHOLE_ONLY
});
