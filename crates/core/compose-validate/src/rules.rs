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

use crate::model::Model;
use crate::report::Report;

/// A rule about one service.
type OfAService = fn(Model<'_>, Service<'_>, &mut Report<'_>);

/// A rule about the whole model.
type OfTheModel = fn(Model<'_>, &mut Report<'_>);

/// Rules about one service, by their names.
const OF_A_SERVICE: &[(&str, OfAService)] = &[
    ("compose-build", build::check),
    ("compose-devices", devices::check),
    ("compose-healthcheck", healthcheck::check),
    ("compose-image", image::check),
    ("compose-limits", limits::check),
    ("compose-mounts", mounts::check),
    ("compose-references", references::check),
    ("compose-replicas", replicas::check),
    ("compose-watch", watch::check),
];

/// Rules about the whole model, by their names.
const OF_THE_MODEL: &[(&str, OfTheModel)] = &[
    ("compose-dependencies", dependencies::check),
    ("compose-external", external::check),
    ("compose-names", names::check),
    ("compose-sources", sources::check),
];

/// Applies every rule.
pub(crate) fn check(model: Model<'_>, report: &mut Report<'_>) {
    for service in model.services() {
        for (name, rule) in OF_A_SERVICE {
            report.by_rule(name);
            rule(model, service, report);
        }
    }
    for (name, rule) in OF_THE_MODEL {
        report.by_rule(name);
        rule(model, report);
    }
}
