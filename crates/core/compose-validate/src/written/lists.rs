//! Lists that the model has made something else of.

use compose_edit::{Node, Path};
use compose_model::Value;

use super::{is_said_once, is_text, node};
use crate::format::Format;
use crate::report::Report;

/// Lists of a service, and the form of the texts in them.
const FORMS: &[(&[&str], Option<Format>)] = &[
    (&["annotations"], None),
    (&["build", "args"], None),
    (&["build", "labels"], None),
    (&["build", "ssh"], Some(Format::SshKey)),
    (&["deploy", "labels"], None),
    (&["devices"], Some(Format::Device)),
    (&["environment"], None),
    (&["labels"], None),
    (&["sysctls"], None),
];

/// Lists of a service in which nothing may be twice, and which the model has in another form.
const UNIQUE: &[&[&str]] = &[
    &["build", "extra_hosts"],
    &["build", "ssh"],
    &["depends_on"],
    &["extra_hosts"],
    &["models"],
    &["networks"],
];

pub(super) fn check(root: &Value, report: &mut Report<'_>) {
    for (name, service) in entries(root, "services") {
        let path = Path::from(["services", name]);
        for (keys, form) in FORMS {
            let Some(value) = service.at(&keys.iter().copied().collect()) else {
                continue;
            };
            texts_fit(value, &below(&path, keys), *form, report);
        }
        for keys in UNIQUE {
            let Some(value) = service.at(&keys.iter().copied().collect()) else {
                continue;
            };
            texts_differ(value, &below(&path, keys), report);
        }
        ports_fit(service, &path.join("ports"), report);
    }
    for section in ["volumes", "secrets", "configs"] {
        for (name, resource) in entries(root, section) {
            let Some(labels) = resource.get("labels") else {
                continue;
            };
            texts_differ(labels, &Path::from([section, name, "labels"]), report);
        }
    }
}

fn entries<'v>(root: &'v Value, section: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let entries = root.get(section).and_then(Value::as_map);
    entries
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn below(path: &Path, keys: &[&str]) -> Path {
    keys.iter().fold(path.clone(), |path, key| path.join(*key))
}

/// The items of a list that are single values, as written.
fn items<'f>(value: &Value, report: &Report<'f>) -> Vec<Node<'f>> {
    let list = node(value, report.files()).and_then(Node::as_sequence);
    let items = list
        .into_iter()
        .flat_map(|list| list.items().map(Node::resolved));
    items.filter(|item| item.as_scalar().is_some()).collect()
}

fn texts_fit(value: &Value, path: &Path, form: Option<Format>, report: &mut Report<'_>) {
    for (index, item) in items(value, report).into_iter().enumerate() {
        let Some(scalar) = item.as_scalar() else {
            continue;
        };
        let text = scalar.value();
        let wanted = if is_text(scalar, Some(item)) {
            form.filter(|form| !text.contains('$') && !form.accepts(text))
                .map(Format::description)
        } else {
            Some("text: put it in quotes")
        };
        if let Some(wanted) = wanted {
            let path = path.join(index);
            report.add(&path, value, format!("{path} must be {wanted}"));
        }
    }
}

/// Where other files have a say in a list, Compose, too, looks at it only when it has become a
/// mapping.
fn texts_differ(value: &Value, path: &Path, report: &mut Report<'_>) {
    let items = items(value, report);
    let texts: Vec<&str> = items
        .iter()
        .filter_map(|item| Some(item.as_scalar()?.value()))
        .collect();
    let is_repeated = |(index, text): &(usize, &&str)| texts[..*index].contains(text);
    let repeated: Vec<_> = texts.iter().enumerate().filter(is_repeated).collect();
    // In this order: hardly a list says something twice, and every file is gone through for a path.
    if repeated.is_empty() || !is_said_once(path, report.files()) {
        return;
    }
    for (index, text) in repeated {
        report.add(
            &path.join(index),
            value,
            format!("{path} has `{text}` twice; keep it once"),
        );
    }
}

/// A port is also a number there.
fn ports_fit(service: &Value, path: &Path, report: &mut Report<'_>) {
    let Some(ports) = service.get("ports") else {
        return;
    };
    for (index, item) in items(ports, report).into_iter().enumerate() {
        let text = item.as_scalar().map_or("", |scalar| scalar.value());
        if !text.contains('$') && !Format::Port.accepts(text) {
            let path = path.join(index);
            report.add(
                &path,
                ports,
                format!("{path} must be {}", Format::Port.description()),
            );
        }
    }
}
