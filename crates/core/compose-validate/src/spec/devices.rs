//! Devices of a service: mapped, reserved and throttled ones.

use super::shared::{DIFFERENT_PAIRS, DIFFERENT_TEXTS};
use crate::format::Format;
use crate::grammar::{Field, Kind, List, Number, Object, WHOLE_ONLY, WHOLE_SIZE};

/// `services.*.devices`
pub(super) const DEVICES: Kind = Kind::List(&List {
    item: Kind::OneOf(&[
        Kind::Formatted(Format::Device),
        // The schema requires the source, the merge the target.
        Kind::Object(
            &Object::new(&[
                ("source", Kind::Text),
                ("target", Kind::Text),
                ("permissions", Kind::Text),
            ])
            .requiring(&["source", "target"]),
        ),
    ]),
    unique: false,
});

/// `services.*.gpus`
pub(super) const GPUS: Kind = Kind::OneOf(&[
    Kind::Words(&["all"]),
    // The schema puts its ban on other keys beside the items instead of on them, where it does
    // nothing.
    Kind::List(&List {
        item: Kind::Object(&Object::new(DEVICE_REQUEST).open()),
        unique: false,
    }),
]);

/// `services.*.deploy.resources.reservations.devices`
pub(super) const RESERVED_DEVICES: Kind = Kind::List(&List {
    item: Kind::Object(&Object::new(DEVICE_REQUEST).requiring(&["capabilities"])),
    unique: false,
});

const DEVICE_REQUEST: &[Field] = &[
    ("capabilities", DIFFERENT_TEXTS),
    (
        "count",
        Kind::OneOf(&[
            Kind::Formatted(Format::DeviceCount),
            Kind::Number(WHOLE_ONLY),
        ]),
    ),
    ("device_ids", DIFFERENT_TEXTS),
    ("driver", Kind::Text),
    ("options", DIFFERENT_PAIRS),
];

/// `services.*.blkio_config`
pub(super) const BLKIO_CONFIG: Kind = Kind::Object(
    &Object::new(&[
        ("device_read_bps", RATES),
        ("device_read_iops", RATES),
        ("device_write_bps", RATES),
        ("device_write_iops", RATES),
        ("weight", WEIGHT),
        (
            "weight_device",
            Kind::List(&List {
                item: Kind::Object(
                    &Object::new(&[("path", Kind::Text), ("weight", WEIGHT)]).closed(),
                ),
                unique: false,
            }),
        ),
    ])
    .closed(),
);

const RATES: Kind = Kind::List(&List {
    item: Kind::Object(&Object::new(&[("path", Kind::Text), ("rate", WHOLE_SIZE)]).closed()),
    unique: false,
});

/// The schema lets texts through, the decoder does not.
const WEIGHT: Kind = Kind::Number(Number {
    min: Some(0),
    ..WHOLE_ONLY
});
