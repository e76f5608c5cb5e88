//! Where a probe's port and command are found, and how sure that is.

use compose_model::{Service, Value};

use super::dockerfile::Dockerfile;
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
        Self {
            value,
            source: Some(format!("{parameter} in compose/stack.yaml")),
        }
    }

    pub(super) fn found(value: T, source: String) -> Self {
        Self {
            value,
            source: Some(source),
        }
    }

    pub(super) fn guess(value: T) -> Self {
        Self {
            value,
            source: None,
        }
    }

    pub(super) fn is_guess(&self) -> bool {
        self.source.is_none()
    }

    /// `what value, from source` or, for a guess, how to state it.
    pub(super) fn note(&self, what: &str, shown: &str, parameter: &str) -> Note {
        match &self.source {
            Some(source) => Note::Source(format!("{what} {shown}, from {source}")),
            None => Note::Guess(format!(
                "{what} {shown} (else set {parameter} in compose/stack.yaml)"
            )),
        }
    }
}

/// A text that reaches the container as it is: Compose would replace a variable that the container
/// is meant to. What is doubled already, as in a Compose file, stays.
pub(super) fn literal(text: &str) -> String {
    let mut parts = text.split_inclusive('$').peekable();
    let mut out = String::new();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if part.ends_with('$') {
            out.push('$');
            parts.next_if_eq(&"$");
        }
    }
    out
}

/// The port that the service listens on: from `ports`, `expose` or its Dockerfile's EXPOSE; the
/// usual one among several.
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
            let (file, dockerfile) = dockerfile(cx, service)?;
            choose(dockerfile.ports(), format!("EXPOSE in {file}"))
        })
        .unwrap_or_else(|| Sourced::guess(usual))
}

/// The TCP ports in the container that `ports` publishes.
fn targets(cx: &Context<'_>, service: Service<'_>) -> Vec<u32> {
    let ports = service
        .get("ports")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let is_tcp = |port: &&Value| port.get("protocol").and_then(Value::as_str) != Some("udp");
    let target = |port: &Value| match port.get("target") {
        Some(target) => number(cx, &target.scalar_text()?, target),
        None => number(cx, port.scalar_text()?.rsplit(':').next()?, port),
    };
    ports.iter().filter(is_tcp).filter_map(target).collect()
}

fn exposed(cx: &Context<'_>, service: Service<'_>) -> Vec<u32> {
    let ports = service
        .get("expose")
        .and_then(Value::as_list)
        .unwrap_or_default();
    ports
        .iter()
        .filter_map(|port| number(cx, &port.scalar_text()?, port))
        .collect()
}

/// The number in front of a protocol or of a range's end.
fn number(cx: &Context<'_>, port: &str, stands: &Value) -> Option<u32> {
    cx.expand_from_files(port, stands)
        .split(['/', '-'])
        .next()?
        .parse()
        .ok()
}

/// The Dockerfile that builds the service, where it was loaded, and its path.
fn dockerfile<'a>(cx: &Context<'a>, service: Service<'_>) -> Option<(&'a str, Dockerfile)> {
    let path = crate::stack::dockerfile_path(service)?;
    let (file, text) = cx.stack.texts.get_key_value(&path)?;
    let target = service
        .get("build")
        .and_then(|build| build.get("target"))
        .and_then(Value::as_str);
    Some((file, Dockerfile::parse(text, target)))
}

/// The probe of a `HEALTHCHECK` instruction, as Compose writes it.
pub(super) fn in_dockerfile(
    cx: &Context<'_>,
    service: Service<'_>,
) -> Option<Sourced<Vec<String>>> {
    let (file, dockerfile) = dockerfile(cx, service)?;
    // Compose would replace a variable that the container's shell is meant to.
    let words = dockerfile
        .probe()?
        .iter()
        .map(|word| word.replace('$', "$$"))
        .collect();
    Some(Sourced::found(words, format!("HEALTHCHECK in {file}")))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_dollar_is_doubled_once() {
        let table = [
            (
                "curl localhost:$PORT/health",
                "curl localhost:$$PORT/health",
            ),
            (
                "curl localhost:$$PORT/health",
                "curl localhost:$$PORT/health",
            ),
            ("test ${A:-1} = $B$$C$$$D", "test $${A:-1} = $$B$$C$$$$D"),
            ("grep ok$", "grep ok$$"),
            ("none", "none"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(literal(text), expected);
            assert_eq!(literal(expected), expected);
        }
    }
}
