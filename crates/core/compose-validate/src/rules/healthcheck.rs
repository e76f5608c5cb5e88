//! The first word of a health check's list says how to run the rest.

use compose_model::Service;

use crate::model::{Model, items, path};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let test = service
        .get("healthcheck")
        .and_then(|healthcheck| healthcheck.get("test"));
    let Some(first) = items(test).first() else {
        return;
    };
    if !matches!(first.as_str(), Some("CMD" | "CMD-SHELL" | "NONE")) {
        let path = path(service, "healthcheck").join("test").join(0);
        report.add(
            &path,
            first,
            "the list must start with `CMD`, `CMD-SHELL` or `NONE`",
        );
    }
}
