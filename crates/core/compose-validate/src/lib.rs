//! The faults that `docker compose config` rejects, found without Docker.
//!
//! Serves where no Compose is installed. It looks for what Compose 2.40 rejects and for nothing
//! else: a file that Compose accepts has no finding, however unwise it may be. The tests hold both
//! halves against the real one.
//!
//! [`check`] goes the way of Compose's own loader (compose-go 2): `expand` replaces variables,
//! `shape` compares keys and types with the specification (`spec`) and reads texts as durations,
//! sizes and ports (`format`), `rules` looks for what is named elsewhere and for what must agree.
//! The merged model has lost some of what people wrote; `written` looks at the text for that. Each
//! stage may rely on the one before, so the first that finds faults is the last that runs.

mod expand;
mod format;
mod grammar;
mod model;
mod report;
mod rules;
mod shape;
mod spec;
mod written;

use compose_edit::Path;
use compose_model::Files;
use compose_model::ScopeId;
use compose_model::Value;
use compose_model::View;
use diagnostics::Diagnostic;

use model::Model;
use report::Report;

/// Checks an environment's merged model; no finding means that `docker compose config` would accept
/// it.
///
/// `variables` is the environment for `${X}`; behind it comes what the view knows of where a text
/// stands. Every profile is looked at, as with `--profile '*'`, and also which dependencies are
/// left out by the profiles that `COMPOSE_PROFILES` makes active.
///
/// Files on disk are not looked at: a missing `env_file` is the caller's to find. The subject of a
/// finding is a path of the merged model, as `services.web.ports[0]`; the environment is the
/// caller's to name.
#[must_use]
pub fn check(
    view: &View,
    files: &Files,
    variables: &dyn Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    let mut report = Report::new(files);
    report.by_rule("compose-variable");
    let root = expand::expand(view, variables, &mut report);
    report.by_rule("compose-text");
    written::check(view.root(), &mut report);
    if report.is_clean() && is_empty(&root) {
        report.by_rule("compose-empty");
        report.add(
            &Path::root(),
            &root,
            "the file says nothing; a stack has `services:`",
        );
    }
    if report.is_clean() {
        report.by_rule("compose-shape");
        shape::check(&root, &mut report);
    }
    if report.is_clean() {
        let active = variables("COMPOSE_PROFILES").or_else(|| {
            view.variable(ScopeId::default(), "COMPOSE_PROFILES")
                .map(|set| set.value.clone())
        });
        let active: Vec<_> = active
            .iter()
            .flat_map(|list| list.split(','))
            .map(|name| name.trim().to_owned())
            .collect();
        rules::check(Model::new(&root, &active), &mut report);
    }
    report.into_findings()
}

fn is_empty(root: &Value) -> bool {
    root.as_map().is_none_or(|entries| entries.is_empty())
}
