//! Where a probe's port and command are found, and how sure that is.

use compose_view::{Service, Value};

use crate::assessment::Note;
use crate::context::Context;

/// A value and what states it.
pub(super) struct Sourced<T> {
    pub(super) value: T,
    /// `None`: nothing states it.
    source: Option<String>,
}

impl<T> Sourced<T> {
    pub(super) fn stack(parameter: &str, value: T) -> Self {
        Self { value, source: Some(format!("{parameter} in compose/stack.yaml")) }
    }

    pub(super) fn found(value: T, source: String) -> Self {
        Self { value, source: Some(source) }
    }

    pub(super) fn guess(value: T) -> Self {
        Self { value, source: None }
    }

    pub(super) fn is_guess(&self) -> bool {
        self.source.is_none()
    }

    /// `what value, from source` or, for a guess, how to state it.
    pub(super) fn note(&self, what: &str, shown: &str, parameter: &str) -> Note {
        match &self.source {
            Some(source) => Note::Source(format!("{what} {shown}, from {source}")),
            None => Note::Guess(format!("{what} {shown} (else set {parameter} in compose/stack.yaml)")),
        }
    }
}

/// The port that the service listens on: from `ports`, `expose` or its Dockerfile's EXPOSE; the usual one among several.
pub(super) fn port(cx: &Context<'_>, service: Service<'_>, usual: u32) -> Sourced<u32> {
    let choose = |ports: Vec<u32>, source: String| {
        let first = *ports.first()?;
        let port = if ports.contains(&usual) { usual } else { first };
        Some(Sourced::found(port, source))
    };
    let path = |key: &str| format!("services.{}.{key}", service.name);
    choose(targets(cx, service), path("ports"))
        .or_else(|| choose(exposed(cx, service), path("expose")))
        .or_else(|| {
            let (file, text) = dockerfile(cx, service)?;
            choose(expose_instructions(text), format!("EXPOSE in {file}"))
        })
        .unwrap_or_else(|| Sourced::guess(usual))
}

/// The ports in the container that `ports` publishes.
fn targets(cx: &Context<'_>, service: Service<'_>) -> Vec<u32> {
    let ports = service.get("ports").and_then(Value::as_list).unwrap_or_default();
    let target = |port: &Value| -> Option<u32> {
        let target = match port.get("target") {
            Some(target) => target.scalar_text()?,
            None => port.scalar_text()?.rsplit(':').next()?.to_owned(),
        };
        cx.expand(&target).split(['/', '-']).next()?.parse().ok()
    };
    ports.iter().filter_map(target).collect()
}

fn exposed(cx: &Context<'_>, service: Service<'_>) -> Vec<u32> {
    let ports = service.get("expose").and_then(Value::as_list).unwrap_or_default();
    let number = |port: &Value| cx.expand(&port.scalar_text()?).split(['/', '-']).next()?.parse().ok();
    ports.iter().filter_map(number).collect()
}

/// The path and the text of the Dockerfile that builds the service, where it was loaded.
fn dockerfile<'a>(cx: &Context<'a>, service: Service<'_>) -> Option<(&'a str, &'a str)> {
    let path = crate::stack::dockerfile_path(service)?;
    let (file, text) = cx.stack.texts.get_key_value(&path)?;
    Some((file, text))
}

/// The probe of a `HEALTHCHECK` instruction.
pub(super) fn in_dockerfile(cx: &Context<'_>, service: Service<'_>) -> Option<Sourced<Vec<String>>> {
    let (file, text) = dockerfile(cx, service)?;
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    let line = joined.lines().rev().find(|line| is_instruction(line, "HEALTHCHECK"))?;
    let (_, command) = line.split_once(" CMD ")?;
    let words: Vec<String> = match serde_json::from_str::<Vec<String>>(command.trim()) {
        Ok(words) => std::iter::once("CMD".to_owned()).chain(words).collect(),
        Err(_) => vec!["CMD-SHELL".to_owned(), command.split_whitespace().collect::<Vec<_>>().join(" ")],
    };
    Some(Sourced::found(words, format!("HEALTHCHECK in {file}")))
}

fn expose_instructions(text: &str) -> Vec<u32> {
    let lines = text.lines().filter(|line| is_instruction(line, "EXPOSE"));
    let words = lines.flat_map(|line| line.split_whitespace().skip(1));
    words.filter_map(|word| word.split('/').next()?.parse().ok()).collect()
}

fn is_instruction(line: &str, name: &str) -> bool {
    line.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(name))
}
