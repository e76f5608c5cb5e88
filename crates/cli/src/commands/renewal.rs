//! What decides which containers are made anew: asked of Compose and of the engine.

use std::collections::{BTreeMap, BTreeSet};

use compose_model::ResolvedModel;
use compose_model::resolved::Service;
use data_safety::RenewalFacts;
use docker::engine::Engine;
use docker::engine::container::Container;
use docker::{Arguments, Compose, ConfigCall};

use crate::model;

/// A project that is there, and the new files.
pub(super) struct Project<'p> {
    pub(super) compose: &'p Compose,
    pub(super) engine: &'p Engine,
    pub(super) name: &'p str,
    /// The new files.
    pub(super) model: &'p ResolvedModel,
    /// The containers as they are.
    pub(super) containers: &'p [Container],
}

/// What was answered.
pub(super) struct Renewal {
    hashes: Option<BTreeMap<String, String>>,
    hashes_among: BTreeMap<String, String>,
    other_images: BTreeSet<String>,
    forced: bool,
}

impl Renewal {
    /// Where nothing is made anew, and so nobody is asked.
    pub(super) fn none() -> Self {
        Self {
            hashes: Some(BTreeMap::new()),
            hashes_among: BTreeMap::new(),
            other_images: BTreeSet::new(),
            forced: false,
        }
    }

    /// Whether Compose told its hashes, so that what differs is known and not supposed.
    pub(super) fn is_known(&self) -> bool {
        self.hashes.is_some()
    }

    /// For the services that a command is about.
    pub(super) fn facts<'f>(
        &'f self,
        model: &'f ResolvedModel,
        containers: &'f [Container],
        meant: &'f BTreeSet<String>,
    ) -> RenewalFacts<'f> {
        RenewalFacts {
            model,
            containers,
            hashes: self.hashes.as_ref(),
            hashes_among: &self.hashes_among,
            other_images: &self.other_images,
            forced: self.forced,
            meant,
        }
    }
}

impl Project<'_> {
    /// Asks; `call` names the new files.
    pub(super) fn renewal(&self, call: &ConfigCall, asked: &Arguments) -> Renewal {
        Renewal {
            hashes: model::hashes(self.compose, call),
            hashes_among: model::hashes_among(self.compose, call, self.model, self.containers)
                .unwrap_or_default(),
            other_images: self.other_images(asked),
            forced: asked.has("force-recreate") || asked.has("always-recreate-deps"),
        }
    }

    /// The containers that run another image than their service gets now, or may get once it is
    /// pulled or built.
    fn other_images(&self, asked: &Arguments) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (name, service) in &self.model.services {
            let own: Vec<_> = self
                .containers
                .iter()
                .filter(|one| one.service == *name)
                .collect();
            if own.is_empty() {
                continue;
            }
            let image = service
                .image_name()
                .unwrap_or_else(|| format!("{}-{name}", self.name));
            let now = if makes_image(service, asked) {
                None
            } else {
                self.engine.image(&image).ok().flatten()
            };
            let is_other = |one: &&Container| now.as_ref().is_none_or(|now| now.id != one.image_id);
            found.extend(own.into_iter().filter(is_other).map(|one| one.id.clone()));
        }
        found
    }
}

/// Whether a service's image is pulled or built first, so that which one it is shows only
/// afterwards.
fn makes_image(service: &Service, asked: &Arguments) -> bool {
    let is_built = service.is_built && !asked.has("no-build");
    let builds = asked.has("build") || asked.has("watch") || asked.verb == "watch";
    let policy = asked
        .value_of("pull")
        .or_else(|| service.pull_policy.as_ref()?.text());
    match policy.unwrap_or("missing") {
        _ if is_built && builds => true,
        "" | "missing" | "if_not_present" | "never" => false,
        "build" => is_built,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Arguments {
        Arguments::parse(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_pull_or_a_build_may_bring_another_image() {
        let service = |said: serde_json::Value| {
            let model =
                ResolvedModel::from_compose_json(&serde_json::json!({"services": {"one": said}}));
            model.service("one").unwrap().clone()
        };
        let built = service(serde_json::json!({"build": ".", "image": "own:1"}));
        let of_policy =
            |policy: &str| service(serde_json::json!({"image": "a:1", "pull_policy": policy}));
        assert!(makes_image(&built, &asked("up --build")) && makes_image(&built, &asked("watch")));
        assert!(!makes_image(&built, &asked("up")));
        assert!(!makes_image(&of_policy("missing"), &asked("up --build")));
        for (policy, words, is_made) in [
            ("always", "up", true),
            ("always", "up --pull never", false),
            ("missing", "up --pull always", true),
            ("daily", "up", true),
            ("never", "up", false),
            ("build", "up", false),
        ] {
            assert_eq!(
                makes_image(&of_policy(policy), &asked(words)),
                is_made,
                "{policy} {words}"
            );
        }
    }
}
