//! Changes that people make to compose files, most of them by mistake.

mod harmless;
mod services;
mod settings;
mod splice;
mod structure;
mod top;

use compose_edit::Document;

use crate::corpus::Subject;

/// A changed file.
pub struct Mutation {
    /// What sort of change it is.
    pub kind: &'static str,
    /// The change itself.
    pub what: String,
    text: String,
    /// An override file, where the change is in one.
    overlay: Option<String>,
}

impl Mutation {
    /// The file as it is.
    pub fn none(subject: &Subject) -> Self {
        Self {
            kind: "as it is",
            what: String::new(),
            text: subject.text.clone(),
            overlay: None,
        }
    }

    /// The files in order.
    pub fn texts(&self) -> Vec<&str> {
        std::iter::once(self.text.as_str())
            .chain(self.overlay.as_deref())
            .collect()
    }
}

/// A kind of change: its name, and how it is done at one of several places, with what was done
/// there; none where there is no place for it.
type Kind = (&'static str, fn(&Document, usize) -> Changed);

/// What was changed and the text afterwards.
type Changed = Option<(String, String)>;

/// How a mutation of each sort is made, at the given turn.
pub const SORTS: [fn(&Document, usize) -> Option<Mutation>; 3] = [structural, set, overlaid];

/// The mutations of a file, `count` of each sort. The kinds take turns, beginning with the file's.
pub fn some_of(subject: &Subject, turn: usize, count: usize) -> Vec<Mutation> {
    let Ok(document) = Document::parse(subject.text.as_str()) else {
        return Vec::new();
    };
    let turns = turn * count..(turn + 1) * count;
    SORTS
        .iter()
        .flat_map(|sort| turns.clone().filter_map(|turn| sort(&document, turn)))
        .collect()
}

/// A change of what is there.
fn structural(document: &Document, turn: usize) -> Option<Mutation> {
    let kinds: Vec<&Kind> = structure::KINDS
        .iter()
        .chain(harmless::KINDS)
        .chain(top::KINDS)
        .collect();
    let (kind, change) = kinds[turn % kinds.len()];
    let (what, text) = change(document, turn / 3)?;
    Some(Mutation {
        kind,
        what,
        text,
        overlay: None,
    })
}

/// A key that one service is given.
fn set(document: &Document, turn: usize) -> Option<Mutation> {
    let (kind, key, value) = settings::SETTINGS[turn % settings::SETTINGS.len()];
    let text = services::set(document, turn / 3, key, value)?;
    Some(Mutation {
        kind,
        what: format!("{key}: {value}"),
        text,
        overlay: None,
    })
}

/// The same in an override file.
fn overlaid(document: &Document, turn: usize) -> Option<Mutation> {
    let (_, key, value) = settings::SETTINGS[turn % settings::SETTINGS.len()];
    let (service, _) = services::one(document, turn / 5)?;
    let what = format!("{key}: {value}");
    let overlay = format!("services:\n  {}:\n    {what}\n", service.text());
    Some(Mutation {
        kind: "in an override file",
        what,
        text: document.text().to_owned(),
        overlay: Some(overlay),
    })
}
