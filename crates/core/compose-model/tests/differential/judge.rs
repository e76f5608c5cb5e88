//! Compares the view with Compose's answer, after both were brought into one form.
//!
//! Written apart from the view and in terms of JSON, so that a mistake in the view's own forms does
//! not hide here.

use std::collections::BTreeMap;
use std::path::Path;

use compose_model::{Data, Value as Said, View};
use serde_json::{Map, Value, json};

use crate::compose::HOME;

/// The view as JSON.
pub fn json_of(view: &View) -> Value {
    said(view.root())
}

fn said(value: &Said) -> Value {
    match &value.data {
        Data::Null => Value::Null,
        Data::Bool(value) => json!(value),
        Data::Int(value) => json!(value),
        Data::Float(value) => json!(value),
        Data::String(text) => json!(text),
        Data::List(items) => items.iter().map(said).collect(),
        Data::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), said(value)))
                .collect(),
        ),
    }
}

/// The places at which two models differ, each with both values; none when they say the same.
pub fn differences(view: &Value, real: &Value, root: &Path) -> Vec<String> {
    let (view, mut real) = (canonical(view, root), canonical(real, root));
    if view.get("name").is_none() {
        real.as_object_mut().and_then(|real| real.remove("name"));
    }
    let mut found = Vec::new();
    compare(&view, &real, "", &mut found);
    found
}

fn compare(view: &Value, real: &Value, path: &str, found: &mut Vec<String>) {
    match (view, real) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let path = format!("{path}.{key}");
                match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => compare(one, other, &path, found),
                    (one, other) => found.push(difference(&path, one, other)),
                }
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(difference(path, Some(one), Some(other))),
    }
}

fn difference(path: &str, view: Option<&Value>, real: Option<&Value>) -> String {
    let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    format!(
        "{path}: the view says {}, Compose {}",
        show(view),
        show(real)
    )
}

/// One form of a model: long forms, maps of texts, paths from the checkout's root.
pub fn canonical(model: &Value, root: &Path) -> Value {
    let mut model = paths(model, root);
    if let Some(services) = model.get_mut("services").and_then(Value::as_object_mut) {
        services
            .values_mut()
            .filter_map(Value::as_object_mut)
            .for_each(service);
    }
    for section in ["networks", "volumes", "secrets", "configs"] {
        let bodies = model
            .get_mut(section)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut);
        bodies.for_each(|body| change(body, "labels", texts));
    }
    // An empty section is an absent one.
    if let Some(model) = model.as_object_mut() {
        model.retain(|_, value| value.as_object().is_none_or(|section| !section.is_empty()));
    }
    model
}

fn service(body: &mut Map<String, Value>) {
    let mut body_value = Value::Object(std::mem::take(body));
    for key in ["environment", "labels", "annotations", "sysctls"] {
        change(&mut body_value, key, texts);
    }
    for key in ["dns_search", "tmpfs"] {
        change(&mut body_value, key, list);
    }
    change(&mut body_value, "extra_hosts", hosts);
    change(&mut body_value, "expose", |value| each(value, text));
    change(&mut body_value, "ports", ports);
    change(&mut body_value, "volumes", |value| each(value, mount));
    change(&mut body_value, "build", |build| {
        change(build, "args", texts);
        change(build, "labels", texts);
        change(build, "extra_hosts", hosts);
    });
    change(&mut body_value, "deploy", |deploy| {
        change(deploy, "labels", texts)
    });
    for hooks in ["post_start", "pre_stop"] {
        change(&mut body_value, hooks, |value| {
            each(value, |hook| change(hook, "environment", texts))
        });
    }
    change(&mut body_value, "develop", |develop| {
        change(develop, "watch", |watch| {
            each(watch, |one| {
                change(one, "exec", |exec| change(exec, "environment", texts))
            })
        });
    });
    if let Value::Object(changed) = body_value {
        *body = changed;
    }
}

fn mount(mount: &mut Value) {
    change(mount, "volume", |volume| change(volume, "labels", texts));
    change(mount, "target", |target| {
        let trimmed = target
            .as_str()
            .map(|target| target.trim_end_matches('/').to_owned());
        *target = json!(trimmed);
    });
}

fn change(value: &mut Value, key: &str, with: impl FnOnce(&mut Value)) {
    if let Some(value) = value.get_mut(key) {
        with(value);
    }
}

fn each(value: &mut Value, with: impl Fn(&mut Value)) {
    value.as_array_mut().into_iter().flatten().for_each(with);
}

fn text(value: &mut Value) {
    if !value.is_string() && !value.is_null() {
        *value = json!(value.to_string());
    }
}

/// A map of texts, whether it was a map or a list of `key=value`; the last of two wins.
fn texts(value: &mut Value) {
    let mut entries = Map::new();
    match value {
        Value::Array(items) => {
            for item in items.iter().filter_map(Value::as_str) {
                match item.split_once('=') {
                    Some((key, value)) => entries.insert(key.to_owned(), json!(value)),
                    None => entries.insert(item.to_owned(), Value::Null),
                };
            }
        }
        Value::Object(map) => {
            entries = std::mem::take(map);
            entries.values_mut().for_each(text);
        }
        _ => return,
    }
    *value = Value::Object(entries);
}

fn list(value: &mut Value) {
    if value.is_string() {
        *value = json!([value]);
    }
}

/// A sorted list of `host=address`.
fn hosts(value: &mut Value) {
    let mut lines: Vec<String> = Vec::new();
    match value {
        Value::Array(items) => {
            lines.extend(items.iter().filter_map(Value::as_str).map(str::to_owned))
        }
        Value::Object(map) => {
            for (host, addresses) in map {
                let addresses = addresses
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![addresses.clone()]);
                lines.extend(
                    addresses
                        .iter()
                        .map(|address| format!("{host}={}", address.as_str().unwrap_or_default())),
                );
            }
        }
        _ => return,
    }
    for line in &mut lines {
        if !line.contains('=') {
            *line = line.replacen(':', "=", 1);
        }
        line.retain(|c| !matches!(c, '[' | ']'));
    }
    lines.sort();
    *value = json!(lines);
}

/// Long ports; where Compose could not read one of a file it leaves them all as written.
fn ports(value: &mut Value) {
    let Value::Array(items) = value else { return };
    let mut kept: Vec<Value> = Vec::new();
    let mut seen = BTreeMap::new();
    let any_raw = items.iter().any(|item| !item.is_object());
    for mut item in items.drain(..).flat_map(long_ports) {
        if let Some(target) = item
            .get("target")
            .and_then(Value::as_str)
            .and_then(|target| target.parse::<u16>().ok())
        {
            item["target"] = json!(target);
        }
        if let Some(published) = item.get_mut("published") {
            text(published);
        }
        let part =
            |key: &str, default: &str| item.get(key).cloned().unwrap_or_else(|| json!(default));
        let key = if item.is_object() {
            json!([
                part("host_ip", "0.0.0.0"),
                part("published", ""),
                part("target", ""),
                part("protocol", "tcp")
            ])
        } else {
            item.clone()
        };
        match seen.get(&key.to_string()) {
            Some(position) if any_raw => kept[*position] = item,
            _ => {
                seen.insert(key.to_string(), kept.len());
                kept.push(item);
            }
        }
    }
    *items = kept;
}

/// A raw port made long: one entry for each target.
fn long_ports(item: Value) -> Vec<Value> {
    let text = match &item {
        Value::String(text) if !text.contains('$') => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return vec![item],
    };
    let (rest, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
    let (before, target) = rest.rsplit_once(':').unwrap_or(("", rest));
    let (host_ip, published) = before.rsplit_once(':').unwrap_or(("", before));
    let mut targets: Vec<String> = numbers(target);
    let (first, single) = (
        numbers(target)[0].parse::<u16>().unwrap(),
        targets.len() == 1,
    );
    targets.sort();
    let long = |target: String| {
        let target: u16 = target.parse().unwrap();
        let mut port = json!({"mode": "ingress", "protocol": protocol, "target": target});
        if !published.is_empty() {
            let at = usize::from(target - first);
            port["published"] = if single {
                json!(published)
            } else {
                json!(numbers(published)[at])
            };
        }
        if !host_ip.is_empty() {
            port["host_ip"] = json!(host_ip.trim_matches(['[', ']']));
        }
        port
    };
    targets.into_iter().map(long).collect()
}

fn numbers(range: &str) -> Vec<String> {
    let (start, end) = range.split_once('-').unwrap_or((range, range));
    let number = |text: &str| text.parse::<u16>().unwrap();
    (number(start)..=number(end))
        .map(|number| number.to_string())
        .collect()
}

/// Paths as `./x` or `../x` from the checkout's root, `~/x` in the home folder; whole numbers
/// without a fraction.
fn paths(value: &Value, root: &Path) -> Value {
    match value {
        Value::String(text) => json!(relative(text, root)),
        // Go writes an empty list as null.
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(|item| paths(item, root)).collect(),
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), paths(value, root)))
                .collect(),
        ),
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => json!(float as i64),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

fn relative(text: &str, root: &Path) -> String {
    let below = |folder: &Path, prefix: &str| {
        let rest = text.strip_prefix(folder.to_str()?)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{prefix}{rest}"))
    };
    let up = root.ancestors().skip(1).take(2).zip(["..", "../.."]);
    let known = std::iter::once((root, "."))
        .chain(up)
        .chain([(Path::new(HOME), "~")]);
    known
        .filter_map(|(folder, prefix)| below(folder, prefix))
        .next()
        .unwrap_or_else(|| text.to_owned())
}
