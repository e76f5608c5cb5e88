//! The roles and parameters that stories ask `compose/stack.yaml` for: whatever else stands there
//! does nothing, and is a slip as a rule.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Catalog;
use crate::Layout;

/// Names that a layout may give a meaning to.
#[derive(Debug, Default)]
struct Asked {
    roles: BTreeSet<String>,
    parameters: BTreeSet<String>,
}

impl Asked {
    /// Reads them off a story's canonical form, so that no kind of change can forget one: a selector
    /// is a map with one key, a value that a layout may state names its parameter.
    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    let into = match (key.as_str(), map.len()) {
                        ("parameter", _) => Some(&mut self.parameters),
                        ("role" | "name" | "image", 1) => Some(&mut self.roles),
                        _ => None,
                    };
                    match (into, inner) {
                        (Some(into), Value::String(name)) => {
                            into.extend(name.rsplit('/').next().map(str::to_owned));
                        }
                        _ => self.collect(inner),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }
}

impl Catalog {
    /// A sentence for each role and parameter of a layout that no story asks for, with its place.
    /// `file` and `text` are those of the layout.
    #[must_use]
    pub fn not_asked_for(&self, layout: &Layout, file: &str, text: &str) -> Vec<String> {
        let mut asked = Asked::default();
        for story in self.stories.values() {
            // A story that was read can be written.
            asked.collect(&serde_json::to_value(&story.changes).unwrap_or_default());
        }
        let sentence = |key: &str, name: &str, known: &BTreeSet<String>| {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            let (place, known) = (place(text, key, name), known.join(", "));
            format!("{file}{place}: {key}: no story asks for {name}; they ask for: {known}")
        };
        let roles = layout.roles.keys();
        let roles = roles
            .filter(|name| !asked.roles.contains(*name))
            .map(|name| sentence("roles", name, &asked.roles));
        let parameters = layout.parameters.keys();
        let parameters = parameters
            .filter(|name| !asked.parameters.contains(*name))
            .map(|name| sentence("parameters", name, &asked.parameters));
        roles.chain(parameters).collect()
    }
}

/// `:line:column` of a name below a key.
fn place(text: &str, key: &str, name: &str) -> String {
    let document = compose_edit::Document::parse(text).ok();
    let found = document.as_ref().and_then(|document| {
        let map = document.get(&[key].into())?.as_mapping()?;
        Some(map.entry(name)?.0.position())
    });
    found.map_or_else(String::new, |at| format!(":{at}"))
}
