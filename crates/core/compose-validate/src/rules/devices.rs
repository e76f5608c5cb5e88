//! A reservation counts devices or names them.

use compose_edit::Path;
use compose_model::{Service, Value};

use crate::model::{Model, items, path};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    one_way(path(service, "gpus"), service.get("gpus"), report);
    let reserved: Path = ["deploy", "resources", "reservations", "devices"].into();
    let path = reserved
        .segments()
        .iter()
        .fold(["services", service.name].into(), |path: Path, key| {
            path.join(key.clone())
        });
    one_way(path, service.value.at(&reserved), report);
}

fn one_way(path: Path, requests: Option<&Value>, report: &mut Report<'_>) {
    for (index, request) in items(requests).iter().enumerate() {
        if request.get("count").is_some() && request.get("device_ids").is_some() {
            report.add(
                &path.join(index),
                request,
                "`count` and `device_ids` exclude each other",
            );
        }
    }
}
