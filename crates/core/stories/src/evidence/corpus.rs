//! What is said of the services of real files, for people to judge.
//!
//! `EVIDENCE_CORPUS` names a folder of Compose files, each an environment of its own, whose
//! services are printed (`--nocapture`): a row each, of Markdown.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    reason = "reads the corpus and prints"
)]

use std::path::Path;

use super::image::Programs;
use super::role::{self, Player};
use super::{Evidence, Subject, health_path, other_images, port};
use crate::change::{Health, health};
use crate::context::Context;
use crate::{Layout, ROLES, Stack};

fn stack(folder: &Path, name: &str) -> Option<Stack> {
    let text = std::fs::read_to_string(folder.join(name)).ok()?;
    let document = compose_edit::Document::parse(text).ok()?;
    let layout = format!("environments: {{ local: {{ files: [\"{name}\"] }} }}\n");
    let layout = Layout::parse("stack.yaml", &layout).ok()?;
    Stack::new(layout, [(name.to_owned(), document)].into()).ok()
}

fn graded<T: std::fmt::Display>(evidence: &Evidence<T>) -> String {
    match evidence.is_guess() {
        true => "asked".to_owned(),
        false => format!("{} ({})", evidence.value, evidence.places()),
    }
}

/// The roles of a service, as they are seen in its environment.
fn roles(cx: &Context<'_>, service: &str) -> String {
    let of = |role: &&str| match role::of(cx, role) {
        Player::Known {
            service: one,
            evidence,
            ..
        } if one.name == service => Some(format!("{role}: {}", evidence.places())),
        Player::Open(question) => {
            let seen = question.contradictions.iter().chain(&question.guesses);
            let is_asked = question.service == service
                || seen.into_iter().any(|one| {
                    let rest = one.strip_prefix(service);
                    rest.is_some_and(|rest| rest.starts_with([':', ',']))
                });
            is_asked.then(|| format!("{role}: asked"))
        }
        _ => None,
    };
    let all: Vec<_> = ROLES.iter().filter_map(of).collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join("; ")
    }
}

fn row(cx: &Context<'_>, file: &str, service: compose_model::Service<'_>) -> String {
    let subject = Subject::of(cx, service);
    let role = roles(cx, service.name);
    let (port, path, program) = match (other_images::is_one(cx, service), health(service)) {
        (true, _) => Default::default(),
        (_, Health::Checked(_) | Health::Disabled(_)) => {
            let port = graded(&port::of(&subject, 3000));
            (port, "its own check".to_owned(), "its own check".to_owned())
        }
        _ => {
            let programs = Programs::of(&subject);
            let best = programs.best();
            let program = best
                .value
                .map_or("asked".to_owned(), |one| one.name().to_owned());
            (
                graded(&port::of(&subject, 3000)),
                graded(&health_path::of(&subject, "/health")),
                program,
            )
        }
    };
    let name = service.name;
    format!("| {file} | {name} | {role} | {port} | {path} | {program} |")
}

#[test]
fn a_named_corpus_is_told() {
    let Some(named) = std::env::var_os("EVIDENCE_CORPUS") else {
        return;
    };
    let folder = Path::new(&named);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    println!("| file | service | role | port | path | program |\n|---|---|---|---|---|---|");
    for name in names {
        let Some(stack) = stack(folder, &name) else {
            continue;
        };
        let cx = Context::new(&stack, "local");
        for service in cx.view.services() {
            println!("{}", row(&cx, &name, service));
        }
    }
}
