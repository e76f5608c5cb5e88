//! A limit may be set at the service and below `deploy`, but not to two values.

use compose_edit::Path;
use compose_model::{Service, Size, Value};

use crate::model::{Model, path};
use crate::report::Report;

/// A limit of the service, and where `deploy.resources` has the same one.
const TWICE: [(&str, [&str; 2]); 4] = [
    ("cpus", ["limits", "cpus"]),
    ("mem_limit", ["limits", "memory"]),
    ("mem_reservation", ["reservations", "memory"]),
    ("pids_limit", ["limits", "pids"]),
];

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    for (key, [section, name]) in TWICE {
        let Some(own) = service.get(key) else {
            continue;
        };
        let Some(deployed) = service
            .value
            .at(&Path::from(["deploy", "resources", section]))
        else {
            continue;
        };
        let (Some(one), Some(other)) = (amount(Some(own)), amount(deployed.get(name))) else {
            continue;
        };
        // Zero is what Compose takes for unset; one that is set beside limits without it differs
        // from their zero.
        if one != 0.0 && (one - other).abs() > f64::EPSILON * one.abs() {
            let problem = format!(
                "`{key}` and `deploy.resources.{section}.{name}` are set to different values"
            );
            report.add(&path(service, key), own, problem);
        }
    }
}

/// How much a limit says, in its own unit; nothing is zero.
#[expect(
    clippy::cast_precision_loss,
    reason = "two sizes that agree stay equal"
)]
fn amount(value: Option<&Value>) -> Option<f64> {
    let text = value
        .and_then(Value::scalar_text)
        .unwrap_or_else(|| "0".to_owned());
    text.parse()
        .ok()
        .or_else(|| Size::parse(&text).map(|size| size.bytes() as f64))
}
