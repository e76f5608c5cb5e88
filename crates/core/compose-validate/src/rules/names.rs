//! Names of the project and of containers.

use std::collections::HashMap;

use compose_edit::Path;

use crate::model::{Model, filled, path};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, report: &mut Report<'_>) {
    project(model, report);
    containers(model, report);
}

/// What cannot be in a project's name is dropped; something must be left.
fn project(model: Model<'_>, report: &mut Report<'_>) {
    let Some(name) = model.name().filter(|name| filled(Some(name)).is_some()) else {
        return;
    };
    if !name
        .as_str()
        .is_some_and(|name| name.chars().any(|c| c.is_ascii_alphanumeric()))
    {
        report.add(
            &Path::from(["name"]),
            name,
            "a project's name needs a letter or a digit",
        );
    }
}

fn containers(model: Model<'_>, report: &mut Report<'_>) {
    let mut taken = HashMap::new();
    for service in model.services() {
        let Some(name) = service.get("container_name") else {
            continue;
        };
        let Some(text) = filled(Some(name)) else {
            continue;
        };
        if let Some(first) = taken.insert(text, service.name) {
            let problem = format!(
                "the services `{first}` and `{}` have the same `container_name`",
                service.name
            );
            report.add(&path(service, "container_name"), name, problem);
        }
    }
}
