//! What to do with an image: leave it, set another tag, or ask a person.

use compose_model::ImageRef;

use super::SetImage;
use super::tag::{Distribution, Tag, is_release_of};
use crate::assessment::Note;

/// An image with another tag.
pub(super) fn with_tag(image: &ImageRef, tag: &str) -> ImageRef {
    ImageRef {
        tag: Some(tag.to_owned()),
        ..image.clone()
    }
}

/// What to do with an image.
pub(super) enum Verdict {
    Stays,
    Leave(String),
    /// The story does not know this flavour.
    Choose(String),
    Set(String),
}

impl SetImage {
    /// The version of the tag to set, without its flavour.
    pub(super) fn version(&self) -> &str {
        self.tag.split('-').next().unwrap_or(&self.tag)
    }

    /// The flavour that is known where the old one is that of one release of its distribution.
    fn unpinned(&self, flavour: &str) -> Option<&str> {
        let mut known = self.flavours.iter().map(String::as_str);
        known.find(|known| is_release_of(flavour, known))
    }

    /// That an image was pinned to a release of its distribution, and is so no more.
    pub(super) fn release_left(&self, image: &ImageRef) -> Option<Note> {
        let old = Tag::parse(image.tag.as_deref()?)?;
        let flavour = old.flavour?;
        let known = self.unpinned(flavour)?;
        let version = self.version();
        Some(Note::Guess(format!(
            "the pin to {flavour} goes: {version} may be built on another release of {known}; pin one again if you need it"
        )))
    }

    pub(super) fn wanted_tag(&self, image: &ImageRef) -> Verdict {
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
            Some(flavour) => match self.unpinned(flavour) {
                Some(known) => Verdict::Set(format!("{}-{known}", new.text)),
                None => Verdict::Choose(flavour.to_owned()),
            },
        }
    }

    /// The names that a person may choose among: those of the same distribution, where the old
    /// flavour names one.
    pub(super) fn choices(&self, image: &ImageRef, flavour: &str) -> String {
        let version = self.version();
        let distribution = Distribution::of(flavour);
        let is_alike =
            |known: &&String| distribution.is_none() || Distribution::of(known) == distribution;
        let named = |flavour: &str| with_tag(image, &format!("{version}-{flavour}")).to_string();
        let alike: Vec<_> = self
            .flavours
            .iter()
            .filter(is_alike)
            .map(|own| named(own))
            .collect();
        if alike.is_empty() {
            return format!("{}, if there is such a tag", named(flavour));
        }
        alike.join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Selector;

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
            ("redis:6.2-alpine3.18", "7-alpine"),
            ("redis:6.2-alpine-edge", "choose"),
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
