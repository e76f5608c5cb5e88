//! Variables replaced, in every text of the model.

use compose_edit::Path;
use compose_model::{Data, Template, TemplateError, Value, View};

use crate::report::Report;
use crate::written;

/// The model with its variables replaced; a text whose variables cannot be replaced is reported and
/// stays as it is.
///
/// Compose replaces variables before it makes short forms long, the model knows only long ones. So
/// a short form with a variable goes back to its written text. Keys are never looked at, and what
/// stands below `x-…` always is.
pub(crate) fn expand(
    view: &View,
    variables: &dyn Fn(&str) -> Option<String>,
    report: &mut Report<'_>,
) -> Value {
    Expansion {
        view,
        variables,
        report,
    }
    .value(view.root(), &Path::root())
}

struct Expansion<'a, 'f> {
    view: &'a View,
    variables: &'a dyn Fn(&str) -> Option<String>,
    report: &'a mut Report<'f>,
}

impl<'f> Expansion<'_, 'f> {
    fn value(&mut self, value: &Value, path: &Path) -> Value {
        match self.written(value) {
            Some(text) => self.text(text, value, path),
            None => self.inside(value, path),
        }
    }

    /// A value that is no short form, or whose text cannot be found.
    fn inside(&mut self, value: &Value, path: &Path) -> Value {
        let data = match &value.data {
            Data::String(text) => return self.text(text, value, path),
            Data::List(items) => {
                let expanded = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.item(item, &path.join(index)));
                Data::List(expanded.collect())
            }
            Data::Map(entries) => Data::Map(
                entries
                    .iter()
                    .map(|(key, value)| self.entry(key, value, path))
                    .collect(),
            ),
            data => data.clone(),
        };
        Value {
            data,
            origin: value.origin.clone(),
        }
    }

    /// An item of a list; one that says more than was written comes from a mapping such as `host:
    /// address`.
    fn item(&mut self, item: &Value, path: &Path) -> Value {
        let (own, written) = (
            item.as_str().unwrap_or_default(),
            self.written(item).unwrap_or_default(),
        );
        let says_more = own.len() > written.len() && own.ends_with(written);
        if says_more {
            self.inside(item, path)
        } else {
            self.value(item, path)
        }
    }

    /// An entry of a map; one without a key of its own comes from a list such as `- NAME=value`.
    fn entry(&mut self, key: &str, value: &Value, path: &Path) -> (String, Value) {
        let own = path.join(key);
        let item = self.written(value).filter(|_| value.origin.key.is_none());
        let Some(item) = item else {
            return (key.to_owned(), self.value(value, &own));
        };
        let item = self.text(item, value, &own);
        let text = item.as_str().unwrap_or_default();
        let of = |data| Value {
            data,
            origin: value.origin.clone(),
        };
        match (text.split_once('='), &value.data) {
            // A variable that is not set has left no name; Compose does not mind in a list.
            _ if text.is_empty() || text.starts_with('=') => (key.to_owned(), of(Data::Null)),
            (_, Data::Map(_)) => (text.to_owned(), value.clone()),
            (Some((name, text)), _) => (name.to_owned(), of(Data::String(text.to_owned()))),
            (None, _) => (text.to_owned(), of(Data::Null)),
        }
    }

    /// The text that a value was written as, where it has a variable.
    fn written(&self, value: &Value) -> Option<&'f str> {
        written::text(value, self.report.files()).filter(|text| text.contains('$'))
    }

    fn text(&mut self, text: &str, value: &Value, path: &Path) -> Value {
        let known = |name: &str| Some(self.view.variable(value.origin.scope, name)?.value.clone());
        let lookup = |name: &str| (self.variables)(name).or_else(|| known(name));
        let expanded = Template::parse(text).and_then(|template| template.expand(&lookup));
        let expanded = expanded.unwrap_or_else(|error| {
            self.report.add(path, value, problem(&error));
            text.to_owned()
        });
        Value {
            data: Data::String(expanded),
            origin: value.origin.clone(),
        }
    }
}

/// What is wrong with a text's variables. The text itself is not shown: it may be a secret.
fn problem(error: &TemplateError) -> String {
    match error {
        TemplateError::Required { .. } => error.to_string(),
        _ => "a `${` here begins no variable such as `${NAME}` or `${NAME:-default}`; a dollar sign is `$$`".to_owned(),
    }
}
