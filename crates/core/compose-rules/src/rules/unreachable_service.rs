//! A service that talks to another one, or starts after it, and shares no network with it: its name
//! is found nowhere.

use std::collections::BTreeSet;

use compose_model::ResolvedModel;
use compose_model::resolved::{Condition, Service, Text};
use diagnostics::{Diagnostic, Remedy, Severity};

use crate::{Named, Subject};

/// How a service is known to want another one.
enum Want<'m> {
    /// A variable names it as a host.
    Names(&'m str),
    /// It starts after it.
    StartsAfter,
}

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let started = || subject.services().filter(|named| named.service.starts());
    let mut found = Vec::new();
    for asking in started() {
        for other in started().filter(|other| other.name != asking.name) {
            if is_apart(subject.model, asking.service, other) {
                let want = want(subject.model, asking.service, other);
                found.extend(want.map(|want| finding(subject, asking.name, other.name, &want)));
            }
        }
    }
    found
}

fn want<'m>(model: &ResolvedModel, asking: &'m Service, other: Named<'_>) -> Option<Want<'m>> {
    let names = |(variable, value): (&'m String, &Option<Text>)| {
        let value = value.as_ref()?.text()?;
        names_host(variable, value, other.name).then_some(Want::Names(variable))
    };
    let named = asking.environment.iter().find_map(names);
    named.or_else(|| {
        let dependency = asking.depends_on.get(other.name)?;
        let waits_for_its_end = dependency.condition == Condition::CompletedSuccessfully;
        let is_meant = !waits_for_its_end && dependency.required;
        (is_meant && !is_reached_by_way(model, asking, other.service)).then_some(Want::StartsAfter)
    })
}

/// Whether a third service is in a network of each: what starts after a proxy is reached by it.
fn is_reached_by_way(model: &ResolvedModel, asking: &Service, other: &Service) -> bool {
    let meets = |service: &Service, third: &Service| {
        let both = (networks(model, service), networks(model, third));
        matches!(both, (Some(own), Some(others)) if !own.is_disjoint(&others))
    };
    let mut services = model.services.values();
    services.any(|third| meets(asking, third) && meets(other, third))
}

/// `redis://:word@cache:6379`, or `cache` for a variable that is called `..._HOST`.
fn names_host(variable: &str, value: &str, name: &str) -> bool {
    if let Some((_, behind)) = value.split_once("://") {
        let authority = behind.split(['/', '?', '#']).next().unwrap_or_default();
        let hosts = authority.rsplit('@').next().unwrap_or_default();
        return hosts.split(',').any(|host| without_port(host) == name);
    }
    let variable = variable.to_ascii_uppercase();
    let is_host = ["HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS"]
        .iter()
        .any(|end| variable == *end || variable.ends_with(&format!("_{end}")));
    is_host && without_port(value) == name
}

fn without_port(host: &str) -> &str {
    host.split(':').next().unwrap_or_default()
}

/// Whether two services surely share no network, and nothing else goes by the other one's name.
fn is_apart(model: &ResolvedModel, asking: &Service, other: Named<'_>) -> bool {
    let (Some(own), Some(others)) = (networks(model, asking), networks(model, other.service))
    else {
        return false;
    };
    let is_called_so = |service: &Service| {
        let mut networks = service.networks.iter();
        networks.any(|(key, aliases)| {
            own.contains(&real_name(model, key))
                && aliases.iter().any(|alias| alias.text() == Some(other.name))
        })
    };
    own.is_disjoint(&others) && !model.services.values().any(is_called_so)
}

/// The real names of the networks that a service is in; none where it uses the host's, has none, or
/// where that is not known.
fn networks(model: &ResolvedModel, service: &Service) -> Option<BTreeSet<String>> {
    let (mut service, mut steps) = (service, 0);
    while let Some(mode) = &service.joined.network_mode {
        service = model.services.get(mode.text()?.strip_prefix("service:")?)?;
        steps += 1;
        if steps > model.services.len() {
            return None;
        }
    }
    let all = service.networks.keys().map(|key| real_name(model, key));
    let all: BTreeSet<_> = all.collect();
    (!all.is_empty()).then_some(all)
}

fn real_name(model: &ResolvedModel, key: &str) -> String {
    let network = model.networks.get(key);
    let name = network.and_then(|network| network.name.text());
    name.unwrap_or(key).to_owned()
}

fn finding(subject: &Subject<'_>, asking: &str, other: &str, want: &Want<'_>) -> Diagnostic {
    let (severity, how, path) = match want {
        Want::Names(variable) => (
            Severity::Error,
            format!("{asking} is to reach {other} ({variable})"),
            ["services", asking, "environment", variable],
        ),
        Want::StartsAfter => (
            Severity::Warning,
            format!("{asking} starts after {other}"),
            ["services", asking, "depends_on", other],
        ),
    };
    let message = format!("{how}, and they share no network: no name leads from one to the other");
    let remedy = format!("Put both into one network, under networks of {asking} and of {other}.");
    subject
        .finding("unreachable-service", severity, &path, message)
        .with_remedies(vec![Remedy::advice("", remedy)])
}
