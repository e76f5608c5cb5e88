//! What a build says must agree with itself and with the service.

use compose_model::{Service, Value};

use crate::model::{Model, entries, filled, items, path};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let Some(build) = service.get("build") else {
        return;
    };
    one_dockerfile(service, build, report);
    platform_is_built(service, build, report);
    contexts_are_built(model, service, build, report);
}

fn one_dockerfile(service: Service<'_>, build: &Value, report: &mut Report<'_>) {
    let inline = build
        .get("dockerfile_inline")
        .filter(|inline| filled(Some(inline)).is_some());
    if let (Some(inline), Some(_)) = (inline, filled(build.get("dockerfile"))) {
        let path = path(service, "build").join("dockerfile_inline");
        report.add(
            &path,
            inline,
            "`dockerfile` and `dockerfile_inline` exclude each other",
        );
    }
}

fn platform_is_built(service: Service<'_>, build: &Value, report: &mut Report<'_>) {
    let Some(platform) = filled(service.get("platform")) else {
        return;
    };
    let Some(platforms) = build.get("platforms") else {
        return;
    };
    let built = items(Some(platforms));
    if !built.is_empty() && !built.iter().any(|built| built.as_str() == Some(platform)) {
        let path = path(service, "build").join("platforms");
        report.add(
            &path,
            platforms,
            format!("the build's platforms must include the service's, `{platform}`"),
        );
    }
}

/// A further context may be another service's image, which must then be built.
fn contexts_are_built(
    model: Model<'_>,
    service: Service<'_>,
    build: &Value,
    report: &mut Report<'_>,
) {
    let contexts = path(service, "build").join("additional_contexts");
    for (name, context) in entries(build.get("additional_contexts")) {
        let Some(target) = context
            .as_str()
            .and_then(|text| text.strip_prefix("service:"))
        else {
            continue;
        };
        if model
            .service(target)
            .is_none_or(|target| target.get("build").is_none())
        {
            let problem = format!("the context `{name}` wants a service `{target}` with a build");
            report.add(&contexts.join(name), context, problem);
        }
    }
}
