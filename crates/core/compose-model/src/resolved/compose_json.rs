//! The model of Compose's own answer.

use std::sync::Arc;

use compose_edit::Span;

use super::ResolvedModel;
use crate::{Data, Origin, ScopeId, Value};

impl ResolvedModel {
    /// What `docker compose config --format json` answers, with `--profile '*'` or without. It
    /// doubles every `$`.
    #[must_use]
    pub fn from_compose_json(json: &serde_json::Value) -> Self {
        let file: Arc<str> = Arc::from("");
        let origin = Origin {
            file,
            span: Span::default(),
            key: None,
            scope: ScopeId::default(),
        };
        let root = value(json, &origin);
        let project = root
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        Self::read(&root, project)
    }
}

fn value(json: &serde_json::Value, origin: &Origin) -> Value {
    let data = match json {
        serde_json::Value::Null => Data::Null,
        serde_json::Value::Bool(value) => Data::Bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Data::Int(whole),
            None => Data::Float(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(text) => Data::String(single(text)),
        serde_json::Value::Array(items) => {
            Data::List(items.iter().map(|item| value(item, origin)).collect())
        }
        serde_json::Value::Object(entries) => Data::Map(
            entries
                .iter()
                .map(|(key, entry)| (single(key), value(entry, origin)))
                .collect(),
        ),
    };
    Value {
        data,
        origin: origin.clone(),
    }
}

fn single(text: &str) -> String {
    text.replace("$$", "$")
}
