//! The stories that this build carries, so that today's tool migrates yesterday's checkout.

macro_rules! story {
    ($name:literal) => {
        (
            concat!("compose/stories/", $name),
            include_str!(concat!("../../../compose/stories/", $name)),
        )
    };
}

/// Path and text of each, in no order.
pub const STORIES: &[(&str, &str)] = &[
    story!("5.1-redis-data-volume.yaml"),
    story!("5.2-redis-7.yaml"),
    story!("5.3-backend-health-check.yaml"),
    story!("5.4-frontend-waits-for-backend.yaml"),
];
