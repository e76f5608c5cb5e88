//! `services.*.healthcheck`

use super::shared::TEXTS;
use crate::grammar::{DURATION, Kind, Number, NumberText, Object, WHOLE_ONLY};

/// How Docker finds out whether a container is healthy.
pub(super) const HEALTHCHECK: Kind = Kind::Object(&Object::new(&[
    ("disable", Kind::Flag),
    ("interval", DURATION),
    ("retries", RETRIES),
    ("test", Kind::OneOf(&[Kind::Text, TEXTS])),
    ("timeout", DURATION),
    ("start_period", DURATION),
    ("start_interval", DURATION),
]));

/// A fraction is cut off, not refused.
const RETRIES: Kind = Kind::Number(Number {
    whole: false,
    text: NumberText::Whole,
    min: Some(0),
    ..WHOLE_ONLY
});
