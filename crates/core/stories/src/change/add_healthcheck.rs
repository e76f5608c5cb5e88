//! `add-healthcheck`: a health check for a service that has none.

use compose_edit::{NewScalar, NewValue};
use compose_model::{Duration, Service, Value};
use serde::{Deserialize, Serialize};

use super::{Kind, Played};
use crate::assessment::{Assessment, Note, Probe, Want, Wanted};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::evidence::Subject;
use crate::{Parameter, PerEnvironment, Place, Selector};

mod probe;

/// Gives a service a health check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AddHealthcheck {
    /// The service.
    pub service: Selector,
    /// Whether every service that matches gets one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The probe, `{port}` and `{path}` replaced.
    pub test: Ask<Vec<String>>,
    /// The port in the container.
    pub port: Ask<u32>,
    /// The path on the server.
    pub path: Ask<String>,
    /// Time between two probes.
    pub interval: PerEnvironment<String>,
    /// Time after which a probe counts as failed.
    pub timeout: PerEnvironment<String>,
    /// Failures in a row that make the service unhealthy.
    pub retries: PerEnvironment<u32>,
    /// Time at the start in which failures do not count.
    pub start_period: PerEnvironment<String>,
}

/// A value that the stack may state, with the one to take where it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ask<T> {
    /// The parameter of `compose/stack.yaml` that states it.
    pub parameter: String,
    /// The value where nothing states it.
    pub default: T,
}

/// The state of a service's health check.
pub(crate) enum Health<'v> {
    None,
    Disabled(&'v Value),
    Checked(&'v Value),
}

/// What a service says of its health.
pub(crate) fn health(service: Service<'_>) -> Health<'_> {
    let Some(check) = service.get("healthcheck").filter(|check| !check.is_null()) else {
        return Health::None;
    };
    if let Some(disable) = check
        .get("disable")
        .filter(|disable| disable.as_bool() == Some(true))
    {
        return Health::Disabled(disable);
    }
    match check.get("test") {
        None => Health::None,
        Some(test) if first_word(test) == Some("NONE") => Health::Disabled(test),
        Some(test) if test.is_null() || test.as_list().is_some_and(<[Value]>::is_empty) => {
            Health::None
        }
        Some(_) => Health::Checked(check),
    }
}

fn first_word(test: &Value) -> Option<&str> {
    match test.as_list() {
        Some(words) => words.first()?.as_str(),
        None => test.as_str(),
    }
}

impl Kind for AddHealthcheck {
    fn validate(&self) -> Result<(), String> {
        match self.test.default.first().map(String::as_str) {
            Some("CMD" | "CMD-SHELL") => {}
            _ => return Err("test must start with CMD or CMD-SHELL".to_owned()),
        }
        let mut times = [&self.interval, &self.timeout, &self.start_period]
            .into_iter()
            .flat_map(PerEnvironment::values);
        match times.find(|time| Duration::parse(time).is_none()) {
            Some(time) => Err(format!("`{time}` is no duration such as 1m30s")),
            None => Ok(()),
        }
    }

    fn describe(&self) -> String {
        let probe = self.test.default.get(1..).unwrap_or_default();
        format!("gives {} a health check: {}", self.service, probe.join(" "))
    }

    fn describe_undo(&self) -> String {
        format!(
            "the keys that were added to the health check of {} are removed",
            self.service
        )
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("no health check", "added"),
            ("times without a test", "the test is added, the times stay"),
            (
                "other fields without a test, such as start_interval",
                "test and times are added, the fields stay",
            ),
            (
                "times that come through `<<`",
                "refused: the lines to write are told, for a new check would hide them",
            ),
            (
                "the service has an anchor that others merge",
                "refused: the lines to write in each are told",
            ),
            ("taken out with `!reset`", "refused: the line is named"),
            ("a health check of any kind", "satisfied: left alone"),
            (
                "the Dockerfile has a HEALTHCHECK",
                "satisfied: the image's own check counts",
            ),
            (
                "no file says the port, the path or a program of the image",
                "waits for an answer in compose/stack.yaml, or --accept-guesses",
            ),
            (
                "the files say that TLS or gRPC is spoken on the port",
                "waits for a command in compose/stack.yaml: plain HTTP would fail there",
            ),
            ("disable: true or test: NONE", "satisfied: left alone"),
        ]
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.service]
    }

    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        self.service.places(cx, self.each)
    }

    fn is_each(&self) -> bool {
        self.each
    }

    fn roles_at<'a>(&'a self, place: &'a Place) -> Vec<Played<'a>> {
        let service = place.service();
        let played = service.and_then(|name| Played::by(&self.service, name));
        played.into_iter().collect()
    }

    fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        let service = match cx.service_at(place) {
            Ok(service) => service,
            Err(assessment) => return assessment,
        };
        let at = Context::path(service.name, &["healthcheck"]);
        if let Health::Checked(_) | Health::Disabled(_) = health(service) {
            return Assessment::Satisfied(vec![at]);
        }
        if let Some(conflict) = self.misstated(cx) {
            return Assessment::Conflict(conflict);
        }
        if Subject::of(cx, service).image_check().is_some() {
            return Assessment::Satisfied(vec![Context::path(service.name, &["build"])]);
        }
        let probe = probe::Probe::of(self, cx, service);
        if let Some(question) = probe.question(self, cx, service) {
            return Assessment::Question(Box::new(question));
        }
        let Some(entries) = self.entries(cx, &probe.command) else {
            return Assessment::Conflict(self.no_times(cx, service));
        };
        let there = |key: &str| {
            service
                .get("healthcheck")
                .is_some_and(|check| check.get(key).is_some())
        };
        let want = |at, what| Want {
            service: service.name.to_owned(),
            at,
            what: Wanted::Entry(what),
        };
        match service.get("healthcheck").and_then(Value::as_map) {
            None => Assessment::Wanted(vec![want(at, NewValue::Map(entries))]),
            Some(_) => {
                let missing = entries.into_iter().filter(|(key, _)| !there(key));
                Assessment::Wanted(
                    missing
                        .map(|(key, value)| want(at.join(key), value))
                        .collect(),
                )
            }
        }
    }

    fn notes(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        let Ok(service) = cx.service_at(place) else {
            return Vec::new();
        };
        match health(service) {
            Health::Checked(check) => self.unproved(cx, service, check).into_iter().collect(),
            Health::Disabled(_) => Vec::new(),
            Health::None => match Subject::of(cx, service).image_check() {
                Some(check) => vec![Note::Source(format!("the image's own {check}"))],
                None => {
                    let role = self.service.note(cx).into_iter();
                    role.chain(probe::Probe::of(self, cx, service).notes())
                        .collect()
                }
            },
        }
    }
}

impl AddHealthcheck {
    /// The health check for an environment; none where the story has no times for it.
    fn entries(&self, cx: &Context<'_>, words: &[String]) -> Option<Vec<(String, NewValue)>> {
        let items = words
            .iter()
            .map(|word| NewValue::Scalar(NewScalar::quoted(word)))
            .collect();
        let time = |value: &PerEnvironment<String>| {
            Some(NewValue::Scalar(NewScalar::plain(
                value.get(cx.environment)?,
            )))
        };
        let entry = |key: &str, value: Option<NewValue>| Some((key.to_owned(), value?));
        [
            entry("test", Some(NewValue::List { items, flow: true })),
            entry("interval", time(&self.interval)),
            entry("timeout", time(&self.timeout)),
            entry(
                "retries",
                Some(NewValue::Scalar(NewScalar::int(
                    (*self.retries.get(cx.environment)?).into(),
                ))),
            ),
            entry("start_period", time(&self.start_period)),
        ]
        .into_iter()
        .collect()
    }

    /// The probe, if it is the story's own: nothing has run it yet.
    fn unproved(&self, cx: &Context<'_>, service: Service<'_>, check: &Value) -> Option<Note> {
        let own: Vec<_> = check
            .get("test")?
            .as_list()?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let command = probe::Probe::of(self, cx, service).command;
        if own != command {
            return None;
        }
        // As the container gets it: `$$` is one `$` there.
        let command: Vec<_> = command.iter().map(|word| cx.expand(word, check)).collect();
        let (shell, rest) = command.split_first()?;
        let command = match shell.as_str() {
            "CMD-SHELL" => ["sh", "-c"]
                .into_iter()
                .map(str::to_owned)
                .chain(rest.iter().cloned())
                .collect(),
            _ => rest.to_vec(),
        };
        let environment = cx.environment.to_owned();
        Some(Note::Unproved(Probe {
            environment,
            service: service.name.to_owned(),
            command,
        }))
    }

    /// A parameter that is stated in a form that says nothing.
    fn misstated(&self, cx: &Context<'_>) -> Option<Conflict> {
        let port = cx
            .parameter(&self.port.parameter)
            .filter(|port| port.number().is_none());
        let path = cx
            .parameter(&self.path.parameter)
            .filter(|path| path.text().is_none());
        let port = port.map(|port| (&self.port.parameter, port, self.port.default.to_string()));
        let (name, stands, example) =
            port.or(path.map(|path| (&self.path.parameter, path, self.path.default.clone())))?;
        let wanted = format!("{name}: {example}");
        Some(Conflict {
            at: "compose/stack.yaml".to_owned(),
            stands: format!("{name}: {}", words(stands)[1..].join(" ")),
            why: format!("The parameter {name} cannot be read."),
            settle: format!("write it as in {wanted}"),
            wanted,
        })
    }

    fn no_times(&self, cx: &Context<'_>, service: Service<'_>) -> Conflict {
        Conflict {
            at: cx.locate(service.value),
            stands: format!("{}:", service.name),
            wanted: "healthcheck:".to_owned(),
            why: format!(
                "The story has no times for the environment {} and no default.",
                cx.environment
            ),
            settle: format!(
                "add {} or default to the story's interval, timeout, retries and start_period",
                cx.environment
            ),
        }
    }
}

/// A command as words: a text is one for the shell.
fn words(parameter: &Parameter) -> Vec<String> {
    match parameter {
        Parameter::Words(words)
            if matches!(words.first().map(String::as_str), Some("CMD" | "CMD-SHELL")) =>
        {
            words.clone()
        }
        Parameter::Words(words) => std::iter::once("CMD".to_owned())
            .chain(words.iter().cloned())
            .collect(),
        Parameter::Text(text) => vec!["CMD-SHELL".to_owned(), text.clone()],
        Parameter::Number(number) => vec!["CMD-SHELL".to_owned(), number.to_string()],
    }
}
