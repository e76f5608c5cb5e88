//! `set-image`: a newer major or minor version of an image, never an older and never another
//! flavour.

use compose_model::{ImageRef, Service, SetBy, Setting, Value};
use semver::{Prerelease, Version};
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::assessment::{Assessment, Note, Want, Wanted};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::op::set::Set;
use crate::{Place, Selector};

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
                "an older version, another flavour",
                "conflict: the choice is named",
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
                "the default is edited",
            ),
            (
                "${VAR:-old}, VAR set by an env file",
                "conflict: the env file's line is named",
            ),
        ]
    }

    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        self.service.places(cx, self.each)
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
        if image.tag.as_deref().is_some_and(|tag| tag.contains("${")) {
            return Assessment::NotApplicable(format!(
                "the version cannot be told: its variable has no value here ({})",
                cx.locate(written)
            ));
        }
        match self.wanted_tag(&image) {
            Verdict::Stays => Assessment::Satisfied(vec![Context::path(service.name, &["image"])]),
            Verdict::Leave(why) => Assessment::NotApplicable(why),
            Verdict::Choose(why) => {
                Assessment::Conflict(self.conflict(cx, written, why, &self.choices(&image)))
            }
            Verdict::Set(tag) => self.replace(cx, service, &image, &tag),
        }
    }

    fn notes(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        let Assessment::Wanted(_) = self.assess(cx, place) else {
            return Vec::new();
        };
        self.one_way
            .iter()
            .map(|words| Note::OneWay(words.clone()))
            .collect()
    }
}

/// What to do with an image.
enum Verdict {
    Stays,
    Leave(String),
    Choose(String),
    Set(String),
}

impl SetImage {
    fn wanted_tag(&self, image: &ImageRef) -> Verdict {
        if image.digest.is_some() {
            return Verdict::Leave(format!("{image} is pinned by its digest"));
        }
        let Some(written) = &image.tag else {
            return Verdict::Leave(format!(
                "{image} has no tag and floats: pin a version to have it kept up to date"
            ));
        };
        let (Some(old), Some(new)) = (Tag::parse(written), Tag::parse(&self.tag)) else {
            return Verdict::Leave(format!(
                "the tag {written} is no version, it floats: pin one to have it kept up to date"
            ));
        };
        if old.version >= new.version {
            return Verdict::Stays;
        }
        match old.flavour {
            None => Verdict::Set(self.tag.clone()),
            Some(flavour) if self.flavours.iter().any(|known| known == flavour) => {
                Verdict::Set(format!("{}-{flavour}", new.text))
            }
            Some(flavour) => Verdict::Choose(format!(
                "The story knows no {flavour} of version {}.",
                new.text
            )),
        }
    }

    fn choices(&self, image: &ImageRef) -> String {
        let version = self.tag.split('-').next().unwrap_or(&self.tag);
        let with = |flavour| {
            ImageRef {
                tag: Some(format!("{version}-{flavour}")),
                ..image.clone()
            }
            .to_string()
        };
        self.flavours
            .iter()
            .map(with)
            .collect::<Vec<_>>()
            .join(" or ")
    }

    /// Puts the tag where the old one is written: in the image itself or in the default of its
    /// variable.
    fn replace(
        &self,
        cx: &Context<'_>,
        service: Service<'_>,
        image: &ImageRef,
        tag: &str,
    ) -> Assessment {
        let Some((written, text)) = service.get("image").zip(service.image()) else {
            return Assessment::NotApplicable(format!("{} names no image", service.name));
        };
        let target = ImageRef {
            tag: Some(tag.to_owned()),
            ..image.clone()
        }
        .to_string();
        let old = image.tag.as_deref().unwrap_or_default();
        let replaced = text
            .rfind(old)
            .map(|at| format!("{}{tag}{}", &text[..at], &text[at + old.len()..]));
        let Some(replaced) = replaced.filter(|replaced| cx.expand(replaced, written) == target)
        else {
            return Assessment::Conflict(self.set_elsewhere(cx, written, old, &target));
        };
        let (file, node) = match cx.written(&Context::path(service.name, &["image"]), written) {
            Ok(found) => found,
            Err(why) => return Assessment::Conflict(self.shared(cx, service, why, &target)),
        };
        let at = Context::path(service.name, &["image"]);
        let what = Wanted::Edit(Set::new(file, node, replaced).into());
        Assessment::Wanted(vec![Want {
            service: service.name.to_owned(),
            at,
            what,
        }])
    }

    /// The old version stands in a variable that an env file or the shell sets.
    fn set_elsewhere(
        &self,
        cx: &Context<'_>,
        written: &Value,
        old: &str,
        target: &str,
    ) -> Conflict {
        let text = written.as_str().unwrap_or_default();
        let names = compose_model::Template::parse(text)
            .map(|template| template.variables())
            .unwrap_or_default();
        let scope = written.origin.scope;
        let set: Vec<_> = names
            .iter()
            .filter_map(|name| Some((name, cx.view.variable(scope, name)?)))
            .collect();
        let holds_tag = |set: &&(&String, &Setting)| !old.is_empty() && set.1.value.contains(old);
        let variable = set.iter().find(holds_tag).or(set.first()).copied();
        match variable {
            Some((
                name,
                Setting {
                    value,
                    by: SetBy::Line(file, line),
                },
            )) => Conflict {
                at: format!("{file}:{line}"),
                stands: format!("{name}={value}"),
                wanted: target.to_owned(),
                why: format!("{file} sets the image through {name}; env files are yours to edit."),
                settle: format!("edit line {line} of {file}"),
            },
            Some((
                name,
                Setting {
                    value,
                    by: SetBy::Shell,
                },
            )) => Conflict {
                at: cx.locate(written),
                stands: format!("{name}={value} in this shell"),
                wanted: target.to_owned(),
                why: format!(
                    "This shell sets the image through {name}, which wins over every file."
                ),
                settle: format!("unset {name}"),
            },
            None => self.conflict(
                cx,
                written,
                "The version is put together from parts.".to_owned(),
                target,
            ),
        }
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

/// A tag taken apart: a version, and behind a dash what else it says.
struct Tag<'t> {
    text: &'t str,
    version: Version,
    flavour: Option<&'t str>,
}

impl<'t> Tag<'t> {
    /// A tag that starts with a version of one to three numbers; `None` for any other, which
    /// floats.
    fn parse(tag: &'t str) -> Option<Self> {
        let (text, mut flavour) = match tag.split_once('-') {
            Some((version, flavour)) => (version, Some(flavour)),
            None => (tag, None),
        };
        let mut numbers = [0; 3];
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        for number in &mut numbers {
            let Some(part) = parts.next() else { break };
            *number = part.parse().ok()?;
        }
        if parts.next().is_some() || text.is_empty() {
            return None;
        }
        let [major, minor, patch] = numbers;
        let mut version = Version::new(major, minor, patch);
        if let Some(pre) = flavour
            .map(|rest| rest.split('-').next().unwrap_or(rest))
            .filter(|pre| is_prerelease(pre))
        {
            version.pre = Prerelease::new(pre).ok()?;
            flavour = flavour
                .and_then(|rest| rest.split_once('-'))
                .map(|(_, rest)| rest);
        }
        Some(Self {
            text,
            version,
            flavour,
        })
    }
}

fn is_prerelease(part: &str) -> bool {
    ["rc", "beta", "alpha"].iter().any(|name| {
        part.strip_prefix(name).is_some_and(|number| {
            number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(image: &str) -> String {
        let change = SetImage {
            service: Selector::Image("redis".to_owned()),
            each: false,
            tag: "7-alpine".to_owned(),
            flavours: vec!["alpine".to_owned(), "bookworm".to_owned()],
            one_way: None,
        };
        match change.wanted_tag(&ImageRef::parse(image)) {
            Verdict::Stays => "stays".to_owned(),
            Verdict::Leave(_) => "leave".to_owned(),
            Verdict::Choose(_) => "choose".to_owned(),
            Verdict::Set(tag) => tag,
        }
    }

    #[test]
    fn never_down_never_sideways() {
        let table = [
            ("redis:6.2.13-alpine", "7-alpine"),
            ("redis:6-bookworm", "7-bookworm"),
            ("redis:6.2.13", "7-alpine"),
            ("redis:5", "7-alpine"),
            ("redis:7.0-rc3-alpine", "7-alpine"),
            ("redis:6.2-alpine3.18", "choose"),
            ("redis:6.2.13-buster", "choose"),
            ("redis:7", "stays"),
            ("redis:7-bookworm", "stays"),
            ("redis:7.4-alpine", "stays"),
            ("redis:8.0.1", "stays"),
            ("redis:alpine", "leave"),
            ("redis:latest", "leave"),
            ("redis", "leave"),
            ("redis:6.2.13@sha256:0123", "leave"),
        ];
        for (image, expected) in table {
            assert_eq!(verdict(image), expected, "{image}");
        }
    }
}
