//! The model with its variables replaced, as the rules see it: its shape is known to be right.

use compose_edit::Path;
use compose_model::{Service, Value};

/// An environment's model.
#[derive(Clone, Copy)]
pub(crate) struct Model<'v> {
    root: &'v Value,
    profiles: &'v [String],
}

impl<'v> Model<'v> {
    pub(crate) fn new(root: &'v Value, profiles: &'v [String]) -> Self {
        Self { root, profiles }
    }

    /// Whether a service starts with the profiles that are active.
    pub(crate) fn starts(self, service: Service<'_>) -> bool {
        let own = items(service.get("profiles"));
        let is_active = |name: &Value| {
            self.profiles
                .iter()
                .any(|active| active == "*" || name.as_str() == Some(active))
        };
        own.is_empty() || own.iter().any(is_active)
    }

    /// What the project is called.
    pub(crate) fn name(self) -> Option<&'v Value> {
        self.root.get("name")
    }

    /// The services, those behind profiles included.
    pub(crate) fn services(self) -> impl Iterator<Item = Service<'v>> {
        self.section("services")
            .map(|(name, value)| Service { name, value })
    }

    pub(crate) fn service(self, name: &str) -> Option<Service<'v>> {
        let (name, value) = self.root.get("services")?.as_map()?.get_key_value(name)?;
        Some(Service { name, value })
    }

    /// The entries of a top-level section.
    pub(crate) fn section(self, section: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let entries = self.root.get(section).and_then(Value::as_map);
        entries
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Whether a top-level section has an entry of that name.
    pub(crate) fn has(self, section: &str, name: &str) -> bool {
        self.root
            .get(section)
            .is_some_and(|section| section.get(name).is_some())
    }
}

/// The path of a key of a service.
pub(crate) fn path(service: Service<'_>, key: &str) -> Path {
    Path::from(["services", service.name, key])
}

/// The items of a list; none where there is no list.
pub(crate) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or_default()
}

/// The entries of a map; none where there is no map.
pub(crate) fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_map)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// A text that is there and not empty.
pub(crate) fn filled(value: Option<&Value>) -> Option<&str> {
    value
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// A whole number, also as text; a fraction is cut off as Compose's decoder does.
#[expect(clippy::cast_possible_truncation, reason = "so does the decoder")]
pub(crate) fn number(value: Option<&Value>) -> Option<i64> {
    use compose_model::Data;
    match &value?.data {
        Data::Int(number) => Some(*number),
        Data::Float(number) => Some(*number as i64),
        Data::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Whether a flag is set, also as text.
pub(crate) fn is_set(value: Option<&Value>) -> bool {
    value.is_some_and(|value| {
        let text = value.scalar_text().unwrap_or_default().to_lowercase();
        matches!(text.as_str(), "true" | "y" | "yes" | "on")
    })
}
