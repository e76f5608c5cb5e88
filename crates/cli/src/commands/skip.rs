//! `skip`: records that the team does not want a story.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use diagnostics::shell_quote::quoted;
use stories::{Place, Places, Record, State, Story};
use transaction::Write;

use super::Session;
use crate::checkout::{Checkout, names};
use crate::cli::Skip;
use crate::exit::Exit;
use crate::pipeline::record_path;
use crate::report::{self, Skipped};
use crate::state::runs::{Event, FileHashes, Start};

/// Runs the command: writes the record and nothing else.
///
/// # Errors
/// For an unknown story or environment, an empty reason, and a record that cannot be written.
pub fn run(session: &Session, flags: &Skip) -> Result<Exit> {
    let checkout = session.checkout()?;
    let scope = names(&checkout.select(&flags.environments.named)?);
    let Some(story) = checkout.catalog.get(&flags.id) else {
        return Err(session.unknown_story(&flags.id));
    };
    let reason = flags.reason.trim().to_owned();
    if reason.is_empty() {
        bail!("--reason is empty; say why, for those who come later");
    }
    let places = chosen(&checkout, story, &scope, flags.service.as_deref())?;
    refuse_applied(session, &checkout, story, &places, &reason)?;
    let known = checkout.ledger.get(&story.id);
    let record = known.cloned().unwrap_or_else(|| Record::of(story));
    let scope: Vec<_> = places.keys().cloned().collect();
    let record = match flags.service {
        None => record.skipped(&checkout.stack, &scope, &reason),
        Some(_) => record.skipped_at(&checkout.stack, &places, &reason),
    };
    let path = record_path(story);
    let change = match known {
        None => "added",
        Some(known) if *known == record => "unchanged",
        Some(_) => "changed",
    };
    if known != Some(&record) {
        let before = checkout.digests.get(&path).cloned();
        let write = Write {
            path: path.clone(),
            before,
            text: Some(record.text()?),
        };
        let mut log = checkout.memory.begin(Start::now("skip", None, &scope));
        log.note(Event::Write {
            story: story.id.to_string(),
            files: vec![FileHashes::of(&write)],
        });
        let written = session
            .writer()?
            .commit(&format!("the record of {}", story.id), &[write]);
        if written.is_ok() {
            log.note(Event::Done {
                story: story.id.to_string(),
                checks: Vec::new(),
            });
        }
        log.end(written.as_ref().err().map(ToString::to_string));
        written?;
    }
    let skipped = Skipped {
        story,
        environments: &scope,
        service: flags.service.as_deref(),
        path: &path,
        change,
    };
    report::skipped(session, skipped);
    Ok(Exit::Done)
}

/// The places that are to be skipped: all of the story's in each environment, or those of a service
/// in the environments in which it has them.
fn chosen(
    checkout: &Checkout,
    story: &Story,
    scope: &[String],
    service: Option<&str>,
) -> Result<Places> {
    let mut all = Places::new();
    for environment in scope {
        let own = checkout.checklist().places(story, environment);
        let places = own.into_iter().map(|own| own.place).collect();
        all.insert(environment.clone(), places);
    }
    let Some(service) = service else {
        return Ok(all);
    };
    let named: BTreeSet<_> = all
        .values()
        .flatten()
        .filter_map(Place::service)
        .map(str::to_owned)
        .collect();
    for places in all.values_mut() {
        places.retain(|place| place.service() == Some(service));
    }
    all.retain(|_, places| !places.is_empty());
    if !all.is_empty() {
        return Ok(all);
    }
    let id = &story.id;
    if named.is_empty() {
        bail!("{id} is about no service here; leave --service out to skip it everywhere");
    }
    let named: Vec<_> = named.into_iter().collect();
    bail!(
        "{id} is not about {service}; it is about {}",
        report::listed(&named)
    )
}

/// What this tool applied and what stands is taken back, not skipped: nothing would know any more
/// how to undo it.
fn refuse_applied(
    session: &Session,
    checkout: &Checkout,
    story: &Story,
    places: &Places,
    reason: &str,
) -> Result<()> {
    let is_applied = |name: &&String| {
        let chosen = &places[*name];
        let own = checkout.checklist().places(story, name);
        own.iter()
            .any(|own| own.state == State::Applied && chosen.contains(&own.place))
    };
    let applied: Vec<_> = places.keys().filter(is_applied).cloned().collect();
    if applied.is_empty() {
        return Ok(());
    }
    let (id, title, root) = (&story.id, &story.title, session.root_flag());
    bail!(
        "{id} {title} is applied in {}; to take it back and keep it out: cargo xtask revert {id} \
         --skip {}{root}",
        report::listed(&applied),
        quoted(reason)
    )
}
