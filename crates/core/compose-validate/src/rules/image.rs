//! A service comes from an image, a build or a provider.

use compose_model::Service;

use crate::model::{Model, filled};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    if service.get("build").is_some()
        || service.get("provider").is_some()
        || filled(service.get("image")).is_some()
    {
        return;
    }
    let path = ["services", service.name].into();
    let place = service.get("image").unwrap_or(service.value);
    report.add(
        &path,
        place,
        format!(
            "the service `{}` has neither an image nor a build",
            service.name
        ),
    );
}
