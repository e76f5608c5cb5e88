//! What a change may look at: one environment of a stack.

use compose_edit::{Path, Segment};
use compose_model::{ImageRef, Service, Value, View};

use crate::assessment::Assessment;
use crate::{Parameter, Place, Stack};

/// One environment of a stack.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The whole stack.
    pub stack: &'a Stack,
    /// The environment's name.
    pub environment: &'a str,
    /// What it says.
    pub view: &'a View,
}

impl<'a> Context<'a> {
    /// The context of an environment that the stack has.
    #[must_use]
    pub fn new(stack: &'a Stack, environment: &'a str) -> Self {
        Self {
            stack,
            environment,
            view: stack.view(environment),
        }
    }

    /// The context of what an environment says to the whole team: files that git ignores left out.
    pub(crate) fn of_team(stack: &'a Stack, environment: &'a str) -> Self {
        Self {
            stack,
            environment,
            view: stack.team_view(environment),
        }
    }

    /// A text with its variables replaced as Compose does where it stands; as it is where it cannot
    /// be.
    #[must_use]
    pub fn expand(self, text: &str, stands: &Value) -> String {
        self.view.expand(text, &stands.origin)
    }

    /// A text with its variables replaced, without what only this shell says: for values that are
    /// written.
    #[must_use]
    pub fn expand_from_files(self, text: &str, stands: &Value) -> String {
        self.view.expand_from_files(text, &stands.origin)
    }

    /// The service whose place it is.
    ///
    /// # Errors
    /// That nothing is there to be about (not applicable).
    pub(crate) fn service_at(self, place: &Place) -> Result<Service<'a>, Assessment> {
        let found = place.service().and_then(|name| self.view.service(name));
        found.ok_or_else(|| Assessment::NotApplicable(format!("there is no service {place}")))
    }

    /// A service's image with its variables replaced; of one that has no name for want of a value
    /// what is left, and those variables.
    #[must_use]
    pub fn image(self, service: Service<'_>) -> Option<ImageRef> {
        let written = service.get("image")?;
        let text = written.as_str().filter(|text| !text.is_empty())?;
        Some(self.image_of(text, written))
    }

    /// An image as it would be read in the place of a value.
    pub(crate) fn image_of(self, text: &str, stands: &Value) -> ImageRef {
        match self.view.pieces(text, &stands.origin) {
            Some(pieces) => ImageRef::of_pieces(&pieces),
            None => ImageRef::parse(text),
        }
    }

    /// `file:line:column` of a value.
    #[must_use]
    pub fn locate(self, value: &Value) -> String {
        value.origin.locate(&self.stack.files)
    }

    /// The file and the node there that give the value at a path of a service, and nothing else of
    /// the environment: for one that a short form implies, the short form's node.
    ///
    /// # Errors
    /// Where the value stands instead, as a sentence.
    pub fn written(self, at: &Path, value: &Value) -> Result<(&'a str, Path), String> {
        let found = self.stack.files.get_key_value(&*value.origin.file);
        let found = found.and_then(|(file, document)| {
            Some((file.as_str(), document.path_at(value.origin.span)?))
        });
        let (file, path) = found.ok_or(
            "It stands in a further YAML document of the file; an edit needs a file of one.",
        )?;
        let [_, Segment::Key(service), wanted @ ..] = at.segments() else {
            return Err(format!("{at} is no value of a service."));
        };
        let [Segment::Key(section), Segment::Key(owner), stands @ ..] = path.segments() else {
            return Err("It stands behind an anchor, which others may share.".to_owned());
        };
        if section != "services" {
            return Err("It stands behind an anchor, which others may share.".to_owned());
        }
        if owner != service && self.view.service(owner).is_some() {
            return Err(format!(
                "It stands in {owner}, from which {service} takes it; an edit would change both."
            ));
        }
        // An item of a list implies keys that stand nowhere.
        let is_same = |(wanted, stands): (&Segment, &Segment)| {
            wanted == stands || matches!(stands, Segment::Index(_))
        };
        if stands.len() > wanted.len() || !wanted.iter().zip(stands).all(is_same) {
            return Err(format!(
                "It stands in {path}, to which an alias leads; an edit would change both."
            ));
        }
        let takers = self.takers(service, wanted, value);
        match takers.as_slice() {
            // What shares an anchor in the service itself is told by the editor, with its places.
            _ if owner == service => Ok((file, path)),
            [] => Ok((file, path)),
            takers => Err(format!(
                "It stands in {owner} of {file}, from which {} take it too; an edit would change all of them.",
                takers.join(" and ")
            )),
        }
    }

    /// The other services that have the very same text at a path.
    fn takers(self, service: &str, at: &[Segment], value: &Value) -> Vec<&'a str> {
        let takes = |other: &Service<'_>| {
            let at: Path = at.iter().cloned().collect();
            let found = other.value.at(&at);
            found.is_some_and(|found| {
                found.origin.file == value.origin.file && found.origin.span == value.origin.span
            })
        };
        let others = self.view.services().filter(|other| other.name != service);
        others.filter(takes).map(|other| other.name).collect()
    }

    /// The source line of a value, without its indent; of a line that holds more, the value's own
    /// part alone, for what stands beside it may be a secret.
    #[must_use]
    pub fn quote(self, value: &Value) -> String {
        let Some(document) = self.stack.files.get(&*value.origin.file) else {
            return String::new();
        };
        let start = value.origin.key.unwrap_or(value.origin.span).start;
        let text = document.text();
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let is_alone = text[from..start]
            .chars()
            .all(|c| matches!(c, ' ' | '\t' | '-'));
        let quoted = if is_alone {
            &text[from..]
        } else {
            &text[start..value.origin.span.end.max(start)]
        };
        quoted.lines().next().unwrap_or_default().trim().to_owned()
    }

    /// A parameter that `compose/stack.yaml` sets.
    #[must_use]
    pub fn parameter(self, name: &str) -> Option<&'a Parameter> {
        self.stack.layout.parameters.get(name)
    }

    /// The path of a service's key, or of the service for no key.
    #[must_use]
    pub fn path(service: &str, keys: &[&str]) -> Path {
        ["services", service]
            .into_iter()
            .chain(keys.iter().copied())
            .collect()
    }
}
