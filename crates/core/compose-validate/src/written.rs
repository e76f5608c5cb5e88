//! What only the written text shows, for the merged model has lost it: there every short form is
//! long, every list of `NAME=value` a mapping, every number that stands for text a text.

mod date;
mod lists;

use compose_edit::{Content, Document, Node, Path, Scalar, ScalarStyle, Span};
use compose_model::{Data, Files, Value};

use crate::report::Report;

/// Looks at the text behind the merged model.
pub(crate) fn check(root: &Value, report: &mut Report<'_>) {
    version(root, report);
    dates(root, &Path::root(), report);
    lists::check(root, report);
    for (name, service) in root
        .get("services")
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
    {
        conditions(
            service.get("depends_on"),
            &Path::from(["services", name.as_str(), "depends_on"]),
            report,
        );
    }
}

/// The text that a value was written as, if it was one.
pub(crate) fn text<'f>(value: &Value, files: &'f Files) -> Option<&'f str> {
    node(value, files)?.as_scalar().map(Scalar::value)
}

/// Compose drops the old `version`, but not without looking: it must be text.
fn version(root: &Value, report: &mut Report<'_>) {
    let document = report.files().get(&*root.origin.file);
    let version = document.and_then(|document| document.get(&Path::from(["version"])));
    if version
        .and_then(Node::as_scalar)
        .is_some_and(|scalar| !is_text(scalar, version))
    {
        report.add(
            &Path::from(["version"]),
            root,
            "`version` must be text: put it in quotes, or drop it",
        );
    }
}

/// YAML's dates are a type of their own, which no key of the specification takes.
fn dates(value: &Value, path: &Path, report: &mut Report<'_>) {
    match &value.data {
        Data::String(text) if date::is_date(text) && is_plain(value, report.files()) => {
            // A list or mapping that is merged becomes text before Compose looks.
            let files = report.files();
            if path
                .parent()
                .is_some_and(|whole| !is_said_once(&whole, files))
            {
                return;
            }
            report.add(
                path,
                value,
                format!("{path} is a date to YAML; put it in quotes"),
            );
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                dates(item, &path.join(index), report);
            }
        }
        Data::Map(entries) => {
            for (key, entry) in entries.iter().filter(|(key, _)| !key.starts_with("x-")) {
                dates(entry, &path.join(key.as_str()), report);
            }
        }
        _ => {}
    }
}

/// A dependency that is written as a mapping says its condition; the model fills in what is
/// missing.
fn conditions(depends_on: Option<&Value>, path: &Path, report: &mut Report<'_>) {
    for (name, dependency) in depends_on.and_then(Value::as_map).into_iter().flatten() {
        let is_written_long = dependency.origin.key.is_some();
        let is_filled_in = dependency
            .get("condition")
            .is_some_and(|condition| condition.origin == dependency.origin);
        if is_written_long && is_filled_in {
            let path = path.join(name.as_str());
            let problem = format!("{path} wants `condition:`, as in `condition: service_started`");
            report.add(&path, dependency, problem);
        }
    }
}

/// Whether only one file has a say in a part of the model, and no service that another one extends.
fn is_said_once(path: &Path, files: &Files) -> bool {
    let whole: Path = path.segments().iter().take(2).cloned().collect();
    let says = |path: &Path| {
        files
            .values()
            .filter(|document| document.get(path).is_some())
            .count()
    };
    let may_say = files
        .values()
        .filter(|document| document.get(path).is_some() || borrows(document, &whole));
    may_say.count() <= 1 && says(&whole.join("extends")) == 0
}

/// Whether a service or the like has keys that are written elsewhere in the document.
fn borrows(document: &Document, whole: &Path) -> bool {
    document
        .get(whole)
        .is_some_and(|node| match node.content() {
            Content::Alias(_) => true,
            Content::Mapping(mapping) => mapping.get("<<").is_some(),
            Content::Scalar(_) | Content::Sequence(_) => false,
        })
}

fn is_plain(value: &Value, files: &Files) -> bool {
    let node = node(value, files).filter(|node| node.tag().is_none());
    node.and_then(Node::as_scalar)
        .is_some_and(|scalar| scalar.style() == ScalarStyle::Plain)
}

/// Whether a scalar is text to YAML, and no number, boolean or null.
fn is_text(scalar: Scalar<'_>, node: Option<Node<'_>>) -> bool {
    if scalar.style() != ScalarStyle::Plain || node.is_some_and(|node| node.tag().is_some()) {
        return true;
    }
    let text = scalar.value();
    let is_word = matches!(
        text.to_lowercase().as_str(),
        "" | "~" | "null" | "true" | "false"
    );
    let is_number = text
        .starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'))
        && text.replace('_', "").parse::<f64>().is_ok();
    !is_word && !is_number
}

/// The node that a value was read from.
fn node<'f>(value: &Value, files: &'f Files) -> Option<Node<'f>> {
    let document = files.get(&*value.origin.file)?;
    document
        .documents()
        .find_map(|root| find(root, value.origin.span))
}

/// The innermost node with a span.
fn find(node: Node<'_>, span: Span) -> Option<Node<'_>> {
    let own = node.span();
    if own.start > span.start || own.end < span.end {
        return None;
    }
    let inside = match node.content() {
        Content::Mapping(mapping) => mapping
            .values_around(span)
            .find_map(|value| find(value, span)),
        Content::Sequence(sequence) => sequence
            .items_around(span)
            .find_map(|item| find(item, span)),
        Content::Scalar(_) | Content::Alias(_) => None,
    };
    inside.or_else(|| (own == span).then_some(node))
}
