//! What must agree beyond the shape: names that something must have, values that exclude each
//! other.
//!
//! Source: compose-go 2, `loader/validate.go`, `validation/` and `graph/cycle.go`, and `docker
//! compose config` itself.

mod build;
mod dependencies;
mod devices;
mod external;
mod healthcheck;
mod image;
mod limits;
mod mounts;
mod names;
mod references;
mod replicas;
mod sources;
mod watch;

use compose_model::Service;

use crate::finding::Report;
use crate::model::Model;

/// Rules about one service.
const OF_A_SERVICE: &[fn(Model<'_>, Service<'_>, &mut Report<'_>)] = &[
    build::check,
    devices::check,
    healthcheck::check,
    image::check,
    limits::check,
    mounts::check,
    references::check,
    replicas::check,
    watch::check,
];

/// Rules about the whole model.
const OF_THE_MODEL: &[fn(Model<'_>, &mut Report<'_>)] = &[
    dependencies::check,
    external::check,
    names::check,
    sources::check,
];

/// Applies every rule.
pub(crate) fn check(model: Model<'_>, report: &mut Report<'_>) {
    for service in model.services() {
        for rule in OF_A_SERVICE {
            rule(model, service, report);
        }
    }
    for rule in OF_THE_MODEL {
        rule(model, report);
    }
}
