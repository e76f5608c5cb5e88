//! Which service a change is about.

use std::fmt;

use compose_model::{ImageRef, Service};
use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, Note};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::evidence::role::{self, Player};
use crate::{Place, unset};

/// Selects a service by name, by role, by image or by what its image keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Selector {
    /// The service of this name.
    Name(String),
    /// The service that `roles` of `compose/stack.yaml` names, else the one that is called like the
    /// role, however the words of its name are joined, else the one that the files show to play it.
    Role(String),
    /// Services whose image is exactly this repository, whatever the registry: `redis` is not
    /// `bitnami/redis`. Of several, the one whose role is called like the repository.
    Image(String),
    /// Services of the images that are known to keep data, whatever their family. Such as run in no
    /// such image, or in one that is built here, are none.
    Datastore(Any),
}

/// That nothing is asked of what is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Any {
    /// Any one.
    Any,
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "service {name}"),
            Self::Role(role) => write!(f, "the {role}"),
            Self::Image(image) => write!(f, "the service with image {image}"),
            Self::Datastore(Any::Any) => f.write_str("the datastore"),
        }
    }
}

impl Selector {
    /// The services of an environment that match; several only where `each` allows it.
    ///
    /// # Errors
    /// The assessment that follows from none (not applicable), too many (a conflict), or a role of
    /// which a person says who plays it (a question).
    pub(crate) fn select<'a>(
        &self,
        cx: &Context<'a>,
        each: bool,
    ) -> Result<Vec<Service<'a>>, Assessment> {
        if let Self::Role(role) = self {
            return match role::of(cx, role) {
                Player::Known { service, .. } => Ok(vec![service]),
                Player::Open(question) => Err(Assessment::Question(question)),
                Player::Nobody => Err(Assessment::NotApplicable(self.absence(cx))),
            };
        }
        let mut found: Vec<_> = cx
            .view
            .services()
            .filter(|service| self.matches(cx, *service))
            .collect();
        if let Some(stated) = self.stated(cx).filter(|_| !each) {
            let chosen = found.iter().find(|service| service.name == stated.name);
            found = match chosen {
                Some(chosen) => vec![*chosen],
                None => return Err(Assessment::NotApplicable(self.why_not(cx, stated))),
            };
        }
        match found.as_slice() {
            [] => Err(match self.untold(cx) {
                Some(service) => Assessment::Conflict(self.unset(cx, service)),
                None => Assessment::NotApplicable(self.absence(cx)),
            }),
            [first, second, ..] if !each => Err(Assessment::Conflict(Conflict {
                at: cx.locate(second.value),
                stands: format!(
                    "services {} {} match",
                    listed(&found),
                    if found.len() == 2 { "both" } else { "all" }
                ),
                wanted: format!("one: {self}"),
                why: "The story changes one service and cannot tell which.".to_owned(),
                settle: format!(
                    "name it in compose/stack.yaml: roles: {{ {}: {} }}{}",
                    self.word(),
                    first.name,
                    if found.len() == 2 {
                        ""
                    } else {
                        ", or another one of them"
                    }
                ),
            })),
            _ => Ok(found),
        }
    }

    /// The service that may be the one, where none is for certain: its image has no name for want of
    /// a variable's value.
    pub(crate) fn untold<'a>(&self, cx: &Context<'a>) -> Option<Service<'a>> {
        let Self::Image(repository) = self else {
            return None;
        };
        if cx.view.services().any(|service| self.matches(cx, service)) {
            return None;
        }
        let may_be = |service: &Service<'a>| {
            let image = cx
                .image(*service)
                .filter(|_| service.get("build").is_none());
            image.is_some_and(|image| {
                let is_open = !image.unset.is_empty() && !image.names_repository();
                is_open && (self.is_stated(cx, *service) || is_likely(*service, &image, repository))
            })
        };
        cx.view.services().find(may_be)
    }

    /// The conflict of a service that may be the one.
    fn unset(&self, cx: &Context<'_>, service: Service<'_>) -> Conflict {
        let name = match self {
            Self::Image(repository) => format!("{repository}:TAG"),
            _ => self.word().to_owned(),
        };
        match cx.image(service) {
            Some(image) => unset::conflict(cx, service, &image, &[name]),
            None => Conflict {
                at: cx.locate(service.value),
                stands: cx.quote(service.value),
                wanted: name,
                why: format!("{} has no image.", service.name),
                settle: "give it one".to_owned(),
            },
        }
    }

    /// The services that match, as places.
    ///
    /// # Errors
    /// As for [`Self::select`].
    pub(crate) fn places(&self, cx: &Context<'_>, each: bool) -> Result<Vec<Place>, Assessment> {
        let found = self.select(cx, each)?;
        Ok(found
            .into_iter()
            .map(|service| Place::Service(service.name.to_owned()))
            .collect())
    }

    /// The one service that matches.
    ///
    /// # Errors
    /// As for [`Self::select`].
    pub(crate) fn select_one<'a>(&self, cx: &Context<'a>) -> Result<Service<'a>, Assessment> {
        let found = self.select(cx, false)?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| Assessment::NotApplicable(self.absence(cx)))
    }

    /// The service that a person chose by its role.
    fn stated<'a>(&self, cx: &Context<'a>) -> Option<Service<'a>> {
        cx.view.service(cx.stack.layout.roles.get(self.word())?)
    }

    fn is_stated(&self, cx: &Context<'_>, service: Service<'_>) -> bool {
        let stated = self.stated(cx);
        stated.is_some_and(|stated| stated.name == service.name)
    }

    /// Why the service that a person chose is none of those that match.
    fn why_not(&self, cx: &Context<'_>, stated: Service<'_>) -> String {
        let (name, word) = (stated.name, self.word());
        let runs = match (stated.get("image"), stated.get("build")) {
            (Some(image), _) => {
                let what = match cx.image(stated) {
                    Some(known) if known.unset.is_empty() => {
                        format!("runs {}", known.repository)
                    }
                    _ => "runs an image that has no value here".to_owned(),
                };
                format!("{what} ({})", cx.locate(image))
            }
            (None, Some(build)) => format!("is built here ({})", cx.locate(build)),
            (None, None) => format!("names no image ({})", cx.locate(stated.value)),
        };
        format!(
            "the {word} is {name} (compose/stack.yaml), which {runs}; that is not known to be {word}"
        )
    }

    /// How it is known who plays a role, where that does not go without saying.
    pub(crate) fn note(&self, cx: &Context<'_>) -> Option<Note> {
        let Self::Role(role) = self else {
            return None;
        };
        let player = role::of(cx, role);
        let told = player.told(role)?;
        Some(match player.is_guess() {
            true => Note::Guess(told),
            false => Note::Source(told),
        })
    }

    /// The role that is selected by.
    pub(crate) fn role(&self) -> Option<&str> {
        match self {
            Self::Role(role) => Some(role),
            _ => None,
        }
    }

    /// The last word of what is selected by.
    fn word(&self) -> &str {
        let text = match self {
            Self::Name(text) | Self::Role(text) | Self::Image(text) => text,
            Self::Datastore(Any::Any) => "datastore",
        };
        text.rsplit('/').next().unwrap_or(text)
    }

    fn matches(&self, cx: &Context<'_>, service: Service<'_>) -> bool {
        match self {
            Self::Name(name) => service.name == name,
            // A person or the files say who plays a role; no service by itself.
            Self::Role(_) => false,
            Self::Image(repository) => cx.image(service).is_some_and(|image| image.is(repository)),
            Self::Datastore(Any::Any) => {
                let image = cx.image(service).filter(|_| service.get("build").is_none());
                image.is_some_and(|image| datastores::of(&image).is_some())
            }
        }
    }

    /// Says what is missing, and what looks like it but is something else.
    fn absence(&self, cx: &Context<'_>) -> String {
        match self {
            Self::Name(name) => format!("no service is called {name}"),
            Self::Role(role) => match cx.stack.layout.roles.get(role) {
                Some(name) => format!(
                    "the {role} is {name} (compose/stack.yaml), and there is no such service"
                ),
                None => format!(
                    "no service is called {role}; if it has another name: roles: {{ {role}: NAME }} in compose/stack.yaml"
                ),
            },
            Self::Datastore(Any::Any) => {
                "no service runs an image that is known to keep data".to_owned()
            }
            Self::Image(repository) => match alike(cx, repository) {
                Some(alike) => format!("no service runs {repository}; {alike}"),
                None => unknown(cx).unwrap_or_else(|| format!("no service runs {repository}")),
            },
        }
    }
}

/// How many names are told of many.
const MOST_NAMES: usize = 8;

/// The names of services, the first ones where there are many.
fn listed(services: &[Service<'_>]) -> String {
    let (shown, left) = services.split_at(services.len().min(MOST_NAMES));
    let names: Vec<_> = shown.iter().map(|service| service.name).collect();
    match (names.split_last(), left.len()) {
        (Some((last, others)), 0) if !others.is_empty() => {
            format!("{} and {last}", others.join(", "))
        }
        (_, 0) => names.join(", "),
        (_, more) => format!("{} and {more} more", names.join(", ")),
    }
}

/// A service of which it cannot be told what it runs.
fn unknown(cx: &Context<'_>) -> Option<String> {
    cx.view.services().find_map(|service| {
        let (written, image) = (service.get("image")?, cx.image(service)?);
        let is_unknown = !image.unset.is_empty() && !image.names_repository();
        is_unknown.then(|| {
            format!(
                "what {} runs cannot be told: {} has no value here ({})",
                service.name,
                image.unset.join(" and "),
                cx.locate(written)
            )
        })
    })
}

/// What the names of a repository's own services and variables add to its name.
const ADDED: [&str; 16] = [
    "image",
    "tag",
    "version",
    "name",
    "repo",
    "repository",
    "docker",
    "container",
    "service",
    "server",
    "cache",
    "db",
    "store",
    "master",
    "primary",
    "main",
];

/// Whether a service whose image cannot be told is likely to run a repository: what is left of the
/// image's name says so, its own name does, or the variable's. `redis-exporter` is no Redis.
fn is_likely(service: Service<'_>, image: &ImageRef, repository: &str) -> bool {
    let word = repository.rsplit('/').next().unwrap_or(repository);
    let says = |name: &str| {
        let name = name.to_ascii_lowercase();
        let mut parts = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
            .filter(|part| !part.is_empty() && (*part == word || !ADDED.contains(part)));
        parts.next_back() == Some(word)
    };
    match image.repository.trim_start_matches('/') {
        "" => says(service.name) || image.unset.iter().any(|name| says(name)),
        rest => {
            let rest = ImageRef {
                repository: rest.to_owned(),
                ..image.clone()
            };
            rest.is(repository)
        }
    }
}

/// A service whose image is somebody else's of the same name.
fn alike(cx: &Context<'_>, repository: &str) -> Option<String> {
    let suffix = format!("/{repository}");
    cx.view.services().find_map(|service| {
        let image = cx.image(service)?;
        image.repository.ends_with(&suffix).then(|| {
            let is_relative = image.repository.ends_with(&format!("bitnami{suffix}"));
            let what = if is_relative {
                "whose data lies elsewhere"
            } else {
                "an image that this tool does not know"
            };
            format!("{} runs {}, {what}", service.name, image.repository)
        })
    })
}
