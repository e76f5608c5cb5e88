//! How often a service runs is said once, and a named container runs once.

use compose_edit::Path;
use compose_model::Service;

use crate::model::{Model, filled, number, path};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let scale = service.get("scale");
    let replicas = service.value.at(&Path::from(["deploy", "replicas"]));
    if let (Some(scale), Some(_)) = (scale, replicas)
        && number(Some(scale)) != number(replicas)
    {
        let problem = "`scale` and `deploy.replicas` are set to different values";
        report.add(&path(service, "scale"), scale, problem);
    }
    let count = scale.or(replicas);
    let Some(name) = service.get("container_name") else {
        return;
    };
    if number(count).is_some_and(|count| count > 1) && filled(Some(name)).is_some() {
        let problem =
            "a service with a `container_name` can run only once, for the name must be unique";
        report.add(&path(service, "container_name"), name, problem);
    }
}
