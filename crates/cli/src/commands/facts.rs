//! `facts`: what lives on an engine, as a document; or what a checkout's files would do to it.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use compose_model::{Environment, ProjectSource};
use data_safety::{FACTS_SCHEMA, Facts};
use docker::Compose;
use system::regular_file;

use super::{Session, before};
use crate::checkout::Checkout;
use crate::cli;
use crate::exit::Exit;
use crate::guard::living::{self, Desired};
use crate::{model, report};

/// Runs the command. Changes nothing.
///
/// # Errors
/// For an environment that there is not, a document that cannot be read, and an engine that does
/// not answer where it is asked.
pub fn run(session: &Session, flags: &cli::Facts) -> Result<Exit> {
    let checkout = session.checkout()?;
    let environment = checkout.environment(&flags.environment)?;
    match &flags.judge {
        Some(file) => judge(session, &checkout, environment, file),
        None => take(session, &checkout, &environment),
    }
}

fn take(session: &Session, checkout: &Checkout, environment: &Environment) -> Result<Exit> {
    let engine = before::reach()?;
    let desired = desired(checkout, environment)?;
    let facts = living::take(&engine, checkout, &desired)?;
    report::facts(session, &facts)?;
    Ok(Exit::Done)
}

/// A project that is named after its folder has the document's name: the checkout lies elsewhere.
fn judge(
    session: &Session,
    checkout: &Checkout,
    mut environment: Environment,
    file: &Path,
) -> Result<Exit> {
    let facts = read(file)?;
    if environment.project.source == ProjectSource::Folder {
        environment.project.name.clone_from(&facts.project);
    }
    let desired = desired(checkout, &environment)?;
    let verdict = living::judge(&facts, &desired);
    report::judged(session, &desired, &verdict, file);
    Ok(
        match (verdict.risks.is_empty(), verdict.unknown.is_empty()) {
            (false, _) => Exit::Findings,
            (true, false) => Exit::Usage,
            (true, true) => Exit::Done,
        },
    )
}

fn read(file: &Path) -> Result<Facts> {
    let shown = file.display();
    let text = regular_file::text(file).with_context(|| format!("{shown} cannot be read"))?;
    let facts: Facts = serde_json::from_str(&text)
        .with_context(|| format!("{shown} is not what cargo xtask facts --format json prints"))?;
    if facts.schema != FACTS_SCHEMA {
        bail!(
            "{shown} is of schema {}, and this tool reads {FACTS_SCHEMA}; print it anew with this \
             version: cargo xtask facts --format json",
            facts.schema
        );
    }
    Ok(facts)
}

fn desired(checkout: &Checkout, environment: &Environment) -> Result<Desired> {
    let compose = Compose::find()?;
    let resolved = model::resolve(&compose, checkout, environment).map_err(anyhow::Error::msg)?;
    Ok(living::wanted(checkout, environment, &resolved.model))
}
