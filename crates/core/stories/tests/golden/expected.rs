//! What a person is told of a case.

use std::collections::BTreeMap;

use serde::Serialize;
use stories::Conflict;
use stories::assessment::Note;
use stories::{Checklist, Context, Draft, Outcome, Question, Refusal, State, Story};

/// The content of `expected.yaml`.
#[derive(Debug, Default, Serialize)]
pub struct Expected {
    /// Where the story stands before, by environment.
    pub before: BTreeMap<String, String>,
    /// Where it stands after.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub after: BTreeMap<String, String>,
    /// The paths that it declares.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, Vec<String>>,
    /// Why it is not applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refused>,
    /// What is told beside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A refusal in words.
#[derive(Debug, Serialize)]
pub struct Refused {
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    conflict: Option<BTreeMap<&'static str, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<Asked>,
}

/// A question in words.
#[derive(Debug, Serialize)]
struct Asked {
    at: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    found: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contradictions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    guesses: Vec<String>,
    settle: String,
}

impl Asked {
    fn of(question: &Question) -> Self {
        let settle = question.settle();
        let Question {
            at,
            found,
            contradictions,
            guesses,
            ..
        } = question.clone();
        Self {
            at,
            found,
            contradictions,
            guesses,
            settle,
        }
    }
}

impl Refused {
    pub fn of(refusal: &Refusal) -> Self {
        let conflict = if let Refusal::Conflict { conflict, .. } = refusal {
            Some(parts(conflict))
        } else {
            None
        };
        let question = match refusal {
            Refusal::Question { question, .. } => Some(Asked::of(question)),
            _ => None,
        };
        Self {
            words: refusal.to_string(),
            conflict,
            question,
        }
    }
}

fn parts(conflict: &Conflict) -> BTreeMap<&'static str, String> {
    let Conflict {
        at,
        stands,
        wanted,
        why,
        settle,
    } = conflict.clone();
    [
        ("at", at),
        ("stands", stands),
        ("wanted", wanted),
        ("why", why),
        ("settle", settle),
    ]
    .into()
}

/// Where a story stands in each environment, in words.
pub fn states(checklist: Checklist<'_>, story: &Story) -> BTreeMap<String, String> {
    let names = checklist.stack.layout.environments.keys();
    names
        .map(|name| (name.clone(), words(&checklist.state(story, name))))
        .collect()
}

fn words(state: &State) -> String {
    let list = |ids: &[stories::StoryId]| {
        ids.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = state.name();
    match state {
        State::Waiting(ids) => format!("{name}, after {}", list(ids)),
        State::NotApplicable(why) | State::Skipped(why) => format!("{name}: {why}"),
        State::Drifted(drifts) => {
            let drifts: Vec<_> = drifts
                .iter()
                .map(|drift| format!("{} ({})", drift.what, drift.at))
                .collect();
            format!("{name}: {}", drifts.join(", "))
        }
        _ => name.to_owned(),
    }
}

/// What the story declares.
pub fn declared(draft: &Draft) -> BTreeMap<String, Vec<String>> {
    let applied = draft
        .outcomes
        .iter()
        .filter(|(_, places)| matches!(Outcome::sum(places.values()), Outcome::Applied(_)));
    applied
        .map(|(name, _)| {
            (
                name.clone(),
                draft
                    .declared(name)
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            )
        })
        .collect()
}

/// What is to tell in an environment, each once.
pub fn note(notes: &mut Vec<String>, cx: Context<'_>, story: &Story) {
    for note in story.notes(&cx) {
        let words = match note {
            Note::Guess(words) => format!("guess: {words}"),
            Note::Source(words) => format!("source: {words}"),
            Note::OneWay(words) => format!("one way: {words}"),
            Note::Unproved(probe) => {
                format!(
                    "unproved: {} {}: {}",
                    probe.environment,
                    probe.service,
                    probe.command.join(" ")
                )
            }
        };
        if !notes.contains(&words) {
            notes.push(words);
        }
    }
}
