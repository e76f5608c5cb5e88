//! Two servers in one folder: each destroys what the other wrote.

use diagnostics::{Diagnostic, Remedy, Severity};

use crate::data_folder::{DataFolder, Place};
use crate::{Named, Subject};

/// A server, and where its data lies.
struct Server<'m> {
    named: Named<'m>,
    place: Place,
}

/// Services behind profiles take turns, as a rule: they are left out.
pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let server = |named: Named<'_>| {
        DataFolder::of(subject.model, named.name, named.service)?.place(subject.model)
    };
    let servers: Vec<_> = subject
        .services()
        .filter(|named| named.service.starts())
        .filter_map(|named| {
            Some(Server {
                named,
                place: server(named)?,
            })
        })
        .collect();
    let mut found = Vec::new();
    for (at, server) in servers.iter().enumerate() {
        let name = server.named.name;
        let source = &server.place.source;
        if server.named.service.containers() > 1 {
            let count = server.named.service.containers();
            found.push(finding(
                subject,
                name,
                format!("{name} gets {count} containers, and all keep their data in {source}"),
            ));
        }
        let others = servers[at + 1..].iter();
        for other in others.filter(|other| other.place.meets(&server.place)) {
            let other = other.named.name;
            found.push(finding(
                subject,
                other,
                format!("{name} and {other} keep their data in one place, {source}"),
            ));
        }
    }
    found
}

fn finding(subject: &Subject<'_>, name: &str, what: String) -> Diagnostic {
    let message = format!("{what}: each destroys what the other wrote");
    let path = ["services", name, "volumes"];
    subject
        .finding("shared-data-folder", Severity::Error, &path, message)
        .with_remedies(vec![Remedy::advice("", "Give each a volume of its own.")])
}
