//! The shape of the model: its keys and the types of its values, against [`crate::spec`].

mod nearest;
mod single;
mod words;

use compose_edit::Path;
use compose_model::{Data, Value};

use crate::grammar::{Kind, List, Map, Object, Others};
use crate::report::Report;
use crate::spec::ROOT;
use single::{is_equal, is_right, is_right_in_quotes, takes};

/// Compares the whole model with the specification.
pub(crate) fn check(root: &Value, report: &mut Report<'_>) {
    Comparison { report }.value(ROOT, root, &Path::root());
}

struct Comparison<'a, 'f> {
    report: &'a mut Report<'f>,
}

impl Comparison<'_, '_> {
    fn value(&mut self, kind: Kind, value: &Value, path: &Path) {
        match (kind, &value.data) {
            (Kind::Anything, _) => {}
            (Kind::OneOf(kinds), _) => match kinds.iter().find(|kind| takes(**kind, &value.data)) {
                Some(kind) => self.value(*kind, value, path),
                None => self.wrong(kind, value, path),
            },
            (Kind::List(list), Data::List(items)) => self.items(list, items, path),
            (Kind::Map(map), Data::Map(entries)) => {
                for (key, entry) in entries {
                    self.entry(map, key, entry, path);
                }
            }
            (Kind::Object(object), Data::Map(_)) => self.object(object, value, path),
            (kind, data) if !is_right(kind, data) => self.wrong(kind, value, path),
            _ => {}
        }
    }

    fn items(&mut self, list: &List, items: &[Value], path: &Path) {
        for (index, item) in items.iter().enumerate() {
            self.value(list.item, item, &path.join(index));
            if list.unique
                && items[..index]
                    .iter()
                    .any(|earlier| is_equal(&earlier.data, &item.data))
            {
                self.report.add(
                    &path.join(index),
                    item,
                    format!("{path} has this twice; keep it once"),
                );
            }
        }
    }

    fn entry(&mut self, map: &Map, key: &str, value: &Value, path: &Path) {
        let own = path.join(key);
        if map.keys.take(key) {
            self.value(map.value, value, &own);
        } else if !map.others {
            let problem = format!("`{key}` is no name for {path}: {}", words::keys(map.keys));
            self.report.add(&own, value, problem);
        }
    }

    fn object(&mut self, object: &Object, value: &Value, path: &Path) {
        for (key, entry) in value.as_map().into_iter().flatten() {
            let own = path.join(key.as_str());
            match object.field(key) {
                Some(kind) => self.value(kind, entry, &own),
                None if object.lets_through(key) => {}
                None => self.report.add(&own, entry, unknown_key(object, key, path)),
            }
        }
        for key in object.required {
            if value.get(key).is_none() {
                self.report.add(
                    path,
                    value,
                    format!("{path} wants `{key}:`, which is missing"),
                );
            }
        }
    }

    fn wrong(&mut self, kind: Kind, value: &Value, path: &Path) {
        let found = match &value.data {
            Data::String(text) if takes(kind, &value.data) => format!("`{text}`"),
            data => words::value(data),
        };
        let mut problem = format!("{path} must be {}, not {found}", words::kind(kind));
        if is_right_in_quotes(kind, value) {
            problem.push_str("; put it in quotes");
        }
        self.report.add(path, value, problem);
    }
}

fn unknown_key(object: &Object, key: &str, path: &Path) -> String {
    let place = if path.segments().is_empty() {
        "the top level".to_owned()
    } else {
        path.to_string()
    };
    let names = object.fields.iter().map(|(name, _)| *name);
    match nearest::nearest(key, names) {
        Some(name) => format!("`{key}` is no key of {place}; did you mean `{name}`?"),
        None if object.others == Others::Extensions => {
            format!("`{key}` is no key of {place}; keys of your own start with `x-`")
        }
        None => format!("`{key}` is no key of {place}"),
    }
}
