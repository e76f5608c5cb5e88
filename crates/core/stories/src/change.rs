//! Changes: what a story does, as data. One file a kind; a kind is named in the registry below and
//! nowhere else.

use std::mem::discriminant;

use compose_edit::{NewScalar, NewValue};
use serde::{Deserialize, Serialize};

use crate::assessment::{Assessment, Note};
use crate::context::Context;
use crate::{Place, Selector};

mod add_healthcheck;
mod mount_volume;
mod set_image;
mod wait_for_healthy;

pub use add_healthcheck::AddHealthcheck;
pub(crate) use add_healthcheck::{Health, health};
pub use mount_volume::MountVolume;
pub(crate) use mount_volume::mounts_of;
pub use mount_volume::settings_file;
pub use set_image::SetImage;
pub use wait_for_healthy::WaitForHealthy;

/// What a long dependency says: wait until the other service is healthy.
pub(crate) const HEALTHY: &str = "service_healthy";
/// What a dependency of a list means: wait until the other service has started.
pub(crate) const STARTED: &str = "service_started";
/// What a long dependency says: wait until the other service has come to a good end.
const COMPLETED: &str = "service_completed_successfully";

/// The long form of a dependency.
pub(crate) fn condition(name: &str) -> NewValue {
    NewValue::Map(vec![("condition".to_owned(), NewValue::from(name))])
}

/// The long form of a dependency that is waited for; `restart` where the service is restarted with
/// the other one.
pub(crate) fn healthy(restart: bool) -> NewValue {
    let mut entries = vec![("condition".to_owned(), NewValue::from(HEALTHY))];
    entries.extend(restart.then(|| {
        (
            "restart".to_owned(),
            NewValue::Scalar(NewScalar::bool(true)),
        )
    }));
    NewValue::Map(entries)
}

macro_rules! registry {
    ($($(#[$doc:meta])* $name:ident($kind:ty),)*) => {
        /// One change of a story: in YAML a map with the kind as its only key.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum Change {
            $($(#[$doc])* $name($kind),)*
        }

        impl Change {
            fn kind(&self) -> &dyn Kind {
                match self {
                    $(Self::$name(kind) => kind,)*
                }
            }
        }
    };
}

registry! {
    /// A named volume, declared and mounted.
    MountVolume(mount_volume::MountVolume),
    /// A newer image.
    SetImage(set_image::SetImage),
    /// A health check where there is none.
    AddHealthcheck(add_healthcheck::AddHealthcheck),
    /// A dependency that waits until the other service is healthy.
    WaitForHealthy(wait_for_healthy::WaitForHealthy),
}

impl Change {
    /// What is wrong with the change's own values, before any stack is looked at.
    ///
    /// # Errors
    /// The reason, as a sentence.
    pub fn validate(&self) -> Result<(), String> {
        self.kind().validate()
    }

    /// What it does, in one sentence without a full stop.
    #[must_use]
    pub fn describe(&self) -> String {
        self.kind().describe()
    }

    /// How it is undone, in one sentence without a full stop.
    #[must_use]
    pub fn describe_undo(&self) -> String {
        self.kind().describe_undo()
    }

    /// Its compatibility table: what stands, and what the change then does.
    #[must_use]
    pub fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        self.kind().compatibility()
    }

    /// The places of an environment that it is about, at least one.
    ///
    /// # Errors
    /// The assessment that follows from none (not applicable) or too many (a conflict).
    pub fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        self.kind().places(cx)
    }

    /// What an environment says already at one of the change's places, and what is missing.
    #[must_use]
    pub fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        self.kind().assess(cx, place)
    }

    /// What to tell a person about the change at a place, applied or not.
    #[must_use]
    pub fn notes(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        self.kind().notes(cx, place)
    }

    /// The path in the containers of the place's service that a new volume would cover.
    #[must_use]
    pub fn covers(&self, cx: &Context<'_>, place: &Place) -> Option<String> {
        self.kind().covers(cx, place)
    }

    /// Whether it takes every place that its selector finds, and leaves those that a change of the
    /// same group in another story owns.
    #[must_use]
    pub fn is_each(&self) -> bool {
        self.kind().is_each()
    }

    /// The selectors of the services that it is about.
    pub(crate) fn selectors(&self) -> Vec<&Selector> {
        self.kind().selectors()
    }

    /// The roles in which services are at one of its places.
    pub(crate) fn roles_at<'a>(&'a self, place: &'a Place) -> Vec<Played<'a>> {
        self.kind().roles_at(place)
    }

    /// Whether both write the same thing at a place, so that one of two stories is to own it. A
    /// newer image after a new one is no such thing: each story takes the other's further.
    pub(crate) fn is_of_group(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other) && !matches!(self, Self::SetImage(_))
    }
}

/// A role and the service that plays it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played<'a> {
    pub(crate) role: &'a str,
    pub(crate) service: &'a str,
}

impl<'a> Played<'a> {
    /// None where the service is not selected by a role.
    fn by(selector: &'a Selector, service: &'a str) -> Option<Self> {
        let role = selector.role()?;
        Some(Self { role, service })
    }
}

/// What every kind of change can do.
pub(crate) trait Kind {
    /// What is wrong with the change's own values, before any stack is looked at.
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
    /// What it does, in one sentence without a full stop.
    fn describe(&self) -> String;
    /// How it is undone, in one sentence without a full stop.
    fn describe_undo(&self) -> String;
    /// Its compatibility table: what stands, and what the change then does.
    fn compatibility(&self) -> &'static [(&'static str, &'static str)];
    /// The selectors of the services that it is about.
    fn selectors(&self) -> Vec<&Selector>;
    /// The places of an environment that it is about, at least one.
    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment>;
    /// What an environment says already at one of its places, and what is missing.
    fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment;
    /// Whether it takes every place that its selector finds.
    fn is_each(&self) -> bool;
    /// What to tell a person about the change at a place, applied or not.
    fn notes(&self, _cx: &Context<'_>, _place: &Place) -> Vec<Note> {
        Vec::new()
    }
    /// The roles in which services are at one of its places.
    fn roles_at<'a>(&'a self, _place: &'a Place) -> Vec<Played<'a>> {
        Vec::new()
    }
    /// The path in the containers of the place's service that a new volume would cover.
    fn covers(&self, _cx: &Context<'_>, _place: &Place) -> Option<String> {
        None
    }
}
