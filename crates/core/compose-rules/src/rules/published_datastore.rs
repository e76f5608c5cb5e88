//! A datastore of production that is published on every address of its machine: Docker opens the
//! port past the machine's own firewall.

use diagnostics::{Diagnostic, Remedy, Severity};

use super::open_datastore::Open;
use crate::published::published_to_all;
use crate::{Named, Subject};

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if !subject.is_production() {
        return Vec::new();
    }
    let of = |named: Named<'_>| of_service(subject, named);
    subject.services().filter_map(of).collect()
}

fn of_service(subject: &Subject<'_>, Named { name, service }: Named<'_>) -> Option<Diagnostic> {
    let image = service.image.as_ref()?.known()?;
    datastores::of(image)?;
    // One that asks for no password is told as that.
    if Open::of(service).is_some() {
        return None;
    }
    let place = published_to_all(service)?;
    let message =
        format!("{name} is published on every address ({place}), past the firewall of the machine");
    let remedy =
        format!("Services reach it without: take it out, or publish it as 127.0.0.1:{place}");
    let path = ["services", name, "ports"];
    let found = subject.finding("datastore-published", Severity::Warning, &path, message);
    Some(found.with_remedies(vec![Remedy::advice("", remedy)]))
}
