//! What `up` does to what runs, before it does it.

use data_safety::{Away, Impact, Reason, Renewed};
use serde::Serialize;
use serde_json::Value;

use super::listed;
use crate::screen::Screen;

/// What `up` would do to an environment that runs.
#[derive(Debug)]
pub struct EnvironmentImpact {
    /// The environment.
    pub environment: String,
    /// Its project.
    pub project: String,
    /// What would happen.
    pub impact: Impact,
}

/// Tells what the next `up` does, below what became of the files.
pub(super) fn tell(screen: &Screen, impacts: &[EnvironmentImpact]) {
    for one in impacts {
        let (environment, project) = (&one.environment, &one.project);
        if one.impact.anew.is_empty() && one.impact.created.is_empty() {
            screen.say_behind(
                "",
                &format!("{environment} runs, project {project}: the next up makes nothing anew."),
            );
            continue;
        }
        screen.say_behind(
            "",
            &format!("{environment} runs, project {project}. The next up makes anew or leaves:"),
        );
        for line in lines(&one.impact) {
            screen.say_labelled(line.label, &line.text);
        }
    }
}

/// Tells it right before it is done; nothing where no container is made anew.
pub fn before(screen: &Screen, environment: &str, impact: &Impact) {
    if impact.anew.is_empty() {
        return;
    }
    screen.talk(format_args!(
        "{environment} runs; this up makes anew or leaves:"
    ));
    for line in lines(impact) {
        screen.talk_behind(&format!("  {:7} ", line.label), &line.text);
    }
}

struct Line {
    label: &'static str,
    text: String,
}

fn lines(impact: &Impact) -> Vec<Line> {
    let mut lines: Vec<_> = impact
        .anew
        .iter()
        .map(|one| Line {
            label: "anew",
            text: anew(one),
        })
        .collect();
    for (label, names) in [("new", &impact.created), ("stays", &impact.stays)] {
        if !names.is_empty() {
            lines.push(Line {
                label,
                text: listed(names),
            });
        }
    }
    lines
}

fn anew(one: &Renewed) -> String {
    let mut text = match &one.reason {
        Reason::Configuration => format!("{}: it says something else now", one.service),
        Reason::Image => format!("{}: its image is another one, or may be", one.service),
        Reason::Joins(other) => format!("{}: it joins {other}", one.service),
        Reason::Forced => format!("{}: as asked", one.service),
    };
    if !one.keeps.is_empty() {
        let volumes = if one.keeps.len() == 1 {
            "volume"
        } else {
            "volumes"
        };
        text += &format!("; keeps the {volumes} {}", listed(&one.keeps));
    }
    if let Some(away) = one.away {
        text += &format!("; away for {}", spelt(away));
    }
    text
}

/// What the files say, and no guess: how long a start takes is in none of them.
fn spelt(away: Away) -> String {
    let stop = format!("at most {} s to stop", away.stop_at_most.as_secs_f32());
    match away.probed_every {
        Some(every) => format!(
            "{stop}, and until its health check passes (asked every {} s)",
            every.as_secs_f32()
        ),
        None => format!("{stop}, and its start, which no health check tells the end of"),
    }
}

/// The impact for programs.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Document<'i> {
    environment: &'i str,
    project: &'i str,
    anew: Vec<AnewDocument<'i>>,
    created: &'i [String],
    stays: &'i [String],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AnewDocument<'i> {
    service: &'i str,
    /// `configuration`, `image`, `joins` or `forced`.
    reason: &'static str,
    keeps: &'i [String],
    away: Option<AwayDocument>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct AwayDocument {
    stop_at_most_seconds: f32,
    probed_every_seconds: Option<f32>,
}

/// One entry an environment.
pub(super) fn json(impacts: &[EnvironmentImpact]) -> Value {
    let one = |one: &EnvironmentImpact| of(&one.environment, &one.project, &one.impact);
    impacts.iter().map(one).collect()
}

/// One environment's.
pub(super) fn of(environment: &str, project: &str, impact: &Impact) -> Value {
    let document = Document {
        environment,
        project,
        anew: impact.anew.iter().map(AnewDocument::of).collect(),
        created: &impact.created,
        stays: &impact.stays,
    };
    serde_json::to_value(document).unwrap_or_default()
}

impl<'i> AnewDocument<'i> {
    fn of(one: &'i Renewed) -> Self {
        Self {
            service: &one.service,
            reason: match one.reason {
                Reason::Configuration => "configuration",
                Reason::Image => "image",
                Reason::Joins(_) => "joins",
                Reason::Forced => "forced",
            },
            keeps: &one.keeps,
            away: one.away.map(|away| AwayDocument {
                stop_at_most_seconds: away.stop_at_most.as_secs_f32(),
                probed_every_seconds: away.probed_every.map(|every| every.as_secs_f32()),
            }),
        }
    }
}
