//! `set-image`: a newer major or minor version of an image, never an older and never another
//! flavour.

use compose_model::{ImageRef, Service, Value};
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::assessment::{Assessment, Note, Want, Wanted};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::op::set::Set;
use crate::{Place, Selector, unset};

mod spelling;
mod tag;
mod verdict;

use spelling::{Elsewhere, Replaced, Spelling, set_elsewhere};
use tag::Tag;
use verdict::{Verdict, with_tag};

/// Brings an image up to a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SetImage {
    /// The service.
    pub service: Selector,
    /// Whether every service that matches is brought up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The tag to set: a version, a dash and the flavour of an image that names none, such as
    /// `7-alpine`.
    pub tag: String,
    /// The flavours that exist for that version, such as `alpine`.
    pub flavours: Vec<String>,
    /// What cannot be undone in the data, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_way: Option<String>,
}

impl Kind for SetImage {
    fn validate(&self) -> Result<(), String> {
        let Some(tag) = Tag::parse(&self.tag) else {
            return Err(format!("tag `{}` does not start with a version", self.tag));
        };
        match tag.flavour {
            Some(flavour) if !self.flavours.iter().any(|known| known == flavour) => Err(format!(
                "tag `{}`: {flavour} is not among the flavours",
                self.tag
            )),
            _ => Ok(()),
        }
    }

    fn describe(&self) -> String {
        format!(
            "sets the image of {} to {}, where it is older",
            self.service, self.tag
        )
    }

    fn describe_undo(&self) -> String {
        let warning = self
            .one_way
            .as_ref()
            .map(|words| format!("; one way: {words}"));
        format!("the old tag comes back{}", warning.unwrap_or_default())
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (
                "an older version of a flavour that is listed",
                "the new version, the flavour kept",
            ),
            (
                "an older version without a flavour",
                "the story's version and flavour",
            ),
            (
                "an older version of one release of a flavour's distribution (alpine3.19)",
                "the new version, the flavour without the release; told",
            ),
            (
                "an older version, another flavour",
                "conflict: the choice is named, of the same distribution",
            ),
            ("the same or a newer version", "satisfied"),
            (
                "the service is built, the image is its name",
                "not applicable: the Dockerfile says the version",
            ),
            (
                "it stands behind `*` or `<<`, or in a service that this one extends",
                "conflict: others may share it",
            ),
            (
                "the service has an anchor that others merge",
                "refused: the lines to write in each are told",
            ),
            ("a digest", "not applicable: pinned on purpose"),
            (
                "a tag that is no version, or none",
                "not applicable: it floats; never edited, reported",
            ),
            (
                "${VAR:-old}, VAR not set by an env file",
                "the default is edited, be it of the version alone",
            ),
            (
                "${VAR:-old}, VAR set by an env file",
                "conflict: the env file's line is named",
            ),
            (
                "${VAR} or ${VAR:?}, VAR without a value",
                "conflict: the variable, its env file and the line are named",
            ),
        ]
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.service]
    }

    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        match self.service.untold(cx) {
            Some(service) => Ok(vec![Place::Service(service.name.to_owned())]),
            None => self.service.places(cx, self.each),
        }
    }

    fn is_each(&self) -> bool {
        self.each
    }

    fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        let service = match cx.service_at(place) {
            Ok(service) => service,
            Err(assessment) => return assessment,
        };
        let (Some(written), Some(image)) = (service.get("image"), cx.image(service)) else {
            return Assessment::NotApplicable(format!("{} names no image", service.name));
        };
        if service.get("build").is_some() {
            let why = format!(
                "{} is built here; its version stands in its Dockerfile",
                service.name
            );
            return Assessment::NotApplicable(why);
        }
        let is_known = match &self.service {
            Selector::Image(repository) => image.is(repository),
            _ => image.names_repository(),
        };
        if !is_known || !image.names_tag() || Spelling::of(cx, written, &image).is_refused() {
            return Assessment::Conflict(self.untold(cx, service, &image));
        }
        match self.wanted_tag(&image) {
            Verdict::Stays => Assessment::Satisfied(vec![Context::path(service.name, &["image"])]),
            Verdict::Leave(why) => Assessment::NotApplicable(why),
            Verdict::Choose(flavour) => {
                let version = self.version();
                let why = format!("The story knows no {flavour} of version {version}.");
                let wanted = self.choices(&image, &flavour);
                Assessment::Conflict(self.conflict(cx, written, why, &wanted))
            }
            Verdict::Set(tag) => self.replace(cx, service, &image, &tag),
        }
    }

    fn notes(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        let Assessment::Wanted(_) = self.assess(cx, place) else {
            return Vec::new();
        };
        let one_way = self.one_way.iter().map(|words| Note::OneWay(words.clone()));
        let image = cx
            .service_at(place)
            .ok()
            .and_then(|service| cx.image(service));
        let pinned = image.and_then(|image| self.release_left(&image));
        pinned.into_iter().chain(one_way).collect()
    }
}

/// A repository's name, short and in full.
fn names_of(repository: &str) -> Vec<String> {
    let full = if repository.contains('/') {
        format!("docker.io/{repository}")
    } else {
        format!("docker.io/library/{repository}")
    };
    vec![repository.to_owned(), full]
}

impl SetImage {
    /// Puts the tag where the old one is written: in the image itself or in the default of a
    /// variable of it.
    fn replace(
        &self,
        cx: &Context<'_>,
        service: Service<'_>,
        image: &ImageRef,
        tag: &str,
    ) -> Assessment {
        let Some(written) = service.get("image") else {
            return Assessment::NotApplicable(format!("{} names no image", service.name));
        };
        let spelling = Spelling::of(cx, written, image);
        // What may stand behind it elsewhere is the flavour, and stays.
        let tag = if spelling.may_go_on() {
            self.version()
        } else {
            tag
        };
        let target = with_tag(image, tag).to_string();
        let replaced = match spelling.replaced(tag) {
            Some(Replaced::Text(text)) if cx.image_of(&text, written).to_string() == target => text,
            Some(Replaced::Value { name, value }) => {
                let (name, value) = (name.as_str(), Some(value));
                let elsewhere = Elsewhere { name, value };
                return Assessment::Conflict(set_elsewhere(cx, written, elsewhere, target));
            }
            _ => {
                let conflict = match spelling.variable() {
                    Some(name) => {
                        let elsewhere = Elsewhere { name, value: None };
                        set_elsewhere(cx, written, elsewhere, target)
                    }
                    None => {
                        let why = "The version is put together from parts.".to_owned();
                        self.conflict(cx, written, why, &target)
                    }
                };
                return Assessment::Conflict(conflict);
            }
        };
        let at = Context::path(service.name, &["image"]);
        let (file, node) = match cx.written(&at, written) {
            Ok(found) => found,
            Err(why) => return Assessment::Conflict(self.shared(cx, service, why, &target)),
        };
        let what = Wanted::Edit(Set::new(file, node, replaced).into());
        Assessment::Wanted(vec![Want {
            service: service.name.to_owned(),
            at,
            what,
        }])
    }

    /// The image has no name here for want of a variable's value, or is none.
    fn untold(&self, cx: &Context<'_>, service: Service<'_>, image: &ImageRef) -> Conflict {
        let version = self.version();
        let with_flavour = |flavour: &String| format!("{version}-{flavour}");
        let tags: Vec<_> = std::iter::once(self.tag.clone())
            .chain(self.flavours.iter().map(with_flavour))
            .chain([version.to_owned()])
            .collect();
        let repositories = match &self.service {
            Selector::Image(repository) if !image.is(repository) || !image.names_repository() => {
                names_of(repository)
            }
            _ => vec![image.without_tag().to_string()],
        };
        let names: Vec<_> = repositories
            .iter()
            .flat_map(|name| tags.iter().map(move |tag| format!("{name}:{tag}")))
            .collect();
        if image.unset.is_empty() {
            let written = service.get("image").unwrap_or(service.value);
            let why = format!("Docker takes no image of the name {image}.");
            return self.conflict(cx, written, why, &names[0]);
        }
        unset::conflict(cx, service, image, &names)
    }

    /// The image stands outside of the service, where others may take it from as well.
    fn shared(
        &self,
        cx: &Context<'_>,
        service: Service<'_>,
        why: String,
        wanted: &str,
    ) -> Conflict {
        let written = service.get("image").unwrap_or(service.value);
        let place = |value: &Value| (value.origin.file.clone(), value.origin.span.start);
        let takes = |other: &Service<'_>| {
            other
                .get("image")
                .is_some_and(|image| place(image) == place(written))
        };
        let all: Vec<_> = cx
            .view
            .services()
            .filter(takes)
            .map(|other| other.name)
            .collect();
        // The line of the value itself: an alias of it has a place of its own.
        let (name, file) = (service.name, &*written.origin.file);
        let text = cx
            .stack
            .files
            .get(file)
            .map_or("", |document| document.text());
        let line = text[..written.origin.span.start.min(text.len())]
            .matches('\n')
            .count()
            + 1;
        let at = format!("{file}:{line}");
        let settle = match all.split_last() {
            Some((last, [])) => format!("write {wanted} at {at}, which {last} alone takes"),
            Some((last, others)) => format!(
                "write {wanted} at {at}, which changes {} and {last}; or write image: {wanted} in the service {name} \
                 itself ({}), for it alone",
                others.join(", "),
                cx.locate(service.value)
            ),
            None => format!("write image: {wanted}"),
        };
        Conflict {
            settle,
            ..self.conflict(cx, written, why, wanted)
        }
    }

    fn conflict(&self, cx: &Context<'_>, written: &Value, why: String, wanted: &str) -> Conflict {
        Conflict {
            at: cx.locate(written),
            stands: cx.quote(written),
            wanted: wanted.to_owned(),
            why,
            settle: format!("write image: {wanted}"),
        }
    }
}
