//! Services that a service needs are there, start with the same profiles as it does, and do not
//! need it in turn.

use compose_edit::Path;
use compose_model::{Service, Value};

use crate::model::{Model, entries, items, path};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, report: &mut Report<'_>) {
    for service in model.services() {
        for needed in dependencies(service) {
            resolve(model, service, &needed, report);
        }
    }
    if report.is_clean() {
        no_cycle(model, report);
    }
}

/// A service that another one needs.
struct Dependency<'v> {
    name: &'v str,
    is_required: bool,
    path: Path,
    value: &'v Value,
}

fn resolve(
    model: Model<'_>,
    service: Service<'_>,
    needed: &Dependency<'_>,
    report: &mut Report<'_>,
) {
    let Dependency {
        name,
        is_required,
        path,
        value,
    } = needed;
    match model.service(name) {
        None => report.add(
            path,
            value,
            format!(
                "`{}` needs a service `{name}`, which is not there",
                service.name
            ),
        ),
        Some(target) if *is_required && model.starts(service) && !model.starts(target) => {
            let problem = format!(
                "`{}` needs `{name}`, which runs only with a profile",
                service.name
            );
            report.add(path, value, problem);
        }
        Some(_) => {}
    }
}

/// What a service says it depends on, and what it depends on by sharing something.
fn dependencies(service: Service<'_>) -> Vec<Dependency<'_>> {
    let mut all = Vec::new();
    all.extend(declared(service));
    all.extend(linked(service));
    all.extend(
        ["network_mode", "ipc", "pid", "uts", "cgroup"]
            .iter()
            .filter_map(|key| shared(service, key)),
    );
    all.extend(mounted(service));
    all
}

fn declared(service: Service<'_>) -> Vec<Dependency<'_>> {
    let depends_on = path(service, "depends_on");
    let long = entries(service.get("depends_on")).map(|(name, value)| {
        let is_required = value
            .get("required")
            .and_then(Value::as_bool)
            .unwrap_or(true);
        Dependency {
            name,
            is_required,
            path: depends_on.join(name),
            value,
        }
    });
    let short =
        listed(service, "depends_on").map(|(name, path, value)| required(name, path, value));
    long.chain(short).collect()
}

/// `links`, whose items may carry an alias.
fn linked(service: Service<'_>) -> impl Iterator<Item = Dependency<'_>> {
    listed(service, "links").map(|(text, path, value)| {
        let name = match text.split_once(':') {
            Some((name, alias)) if !alias.contains(':') => name,
            _ => text,
        };
        required(name, path, value)
    })
}

/// A namespace that is another service's.
fn shared<'v>(service: Service<'v>, key: &str) -> Option<Dependency<'v>> {
    let value = service.get(key)?;
    let name = value.as_str()?.strip_prefix("service:")?;
    Some(required(name, path(service, key), value))
}

/// `volumes_from`, whose items may be containers and may carry a mode.
fn mounted(service: Service<'_>) -> impl Iterator<Item = Dependency<'_>> {
    let of_services =
        listed(service, "volumes_from").filter(|(text, ..)| !text.starts_with("container:"));
    of_services
        .map(|(text, path, value)| required(text.split(':').next().unwrap_or(text), path, value))
}

fn required<'v>(name: &'v str, path: Path, value: &'v Value) -> Dependency<'v> {
    Dependency {
        name,
        is_required: true,
        path,
        value,
    }
}

/// The texts of a list of the service.
fn listed<'v>(service: Service<'v>, key: &str) -> impl Iterator<Item = (&'v str, Path, &'v Value)> {
    let path = path(service, key);
    let items = items(service.get(key)).iter().enumerate();
    items.filter_map(move |(index, item)| Some((item.as_str()?, path.join(index), item)))
}

/// Follows every service's dependencies; the first way back to a service on the way is reported.
fn no_cycle(model: Model<'_>, report: &mut Report<'_>) {
    let mut done = Vec::new();
    for service in model.services() {
        if let Some(found) = follow(model, service, &mut Vec::new(), &mut done) {
            report.add(&found.path, found.value, found.problem);
            return;
        }
    }
}

struct Cycle<'v> {
    path: Path,
    value: &'v Value,
    problem: String,
}

fn follow<'v>(
    model: Model<'v>,
    service: Service<'v>,
    way: &mut Vec<&'v str>,
    done: &mut Vec<&'v str>,
) -> Option<Cycle<'v>> {
    if done.contains(&service.name) {
        return None;
    }
    way.push(service.name);
    for needed in dependencies(service) {
        if let Some(start) = way.iter().position(|name| *name == needed.name) {
            let round = [&way[start..], &[needed.name]].concat().join(" -> ");
            let problem = format!("services depend on each other in a circle: {round}");
            return Some(Cycle {
                path: needed.path,
                value: needed.value,
                problem,
            });
        }
        let next = model.service(needed.name);
        if let Some(cycle) = next.and_then(|next| follow(model, next, way, done)) {
            return Some(cycle);
        }
    }
    way.pop();
    done.push(service.name);
    None
}
