//! The layout: what `compose/stack.yaml` says, else what is found.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use compose_model::Files;
use diagnostics::printable::is_hidden;
use diagnostics::shell_quote::quoted;
use stories::layout::{Found, LayoutAmbiguity, detect, environments, is_compose_file};
use stories::{Catalog, Layout};
use system::here;

use super::compose_files::parse;
use super::elsewhere;
use super::read::{names, read_text};
use super::shell::{self, Listed};
use crate::git::{self, Tracked};
use crate::root::STACK_FILE;

/// Where a layout comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutSource {
    /// It is written down.
    Written,
    /// `COMPOSE_FILE` of the shell says it; with what was left out.
    Shell(Vec<String>),
    /// `COMPOSE_FILE` of `.env` says it; with what was left out.
    EnvFile(Vec<String>),
    /// It was read off the files; with what was left out.
    Found(Vec<String>),
    /// It was made of files whose names say nothing, to be looked at before it counts.
    Offered,
}

impl LayoutSource {
    /// What a person should know of how the layout was found.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        match self {
            Self::Written | Self::Offered => &[],
            Self::Shell(notes) | Self::EnvFile(notes) | Self::Found(notes) => notes,
        }
    }
}

impl fmt::Display for LayoutSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written => "from compose/stack.yaml",
            Self::Shell(_) => "from COMPOSE_FILE of this shell",
            Self::EnvFile(_) => "from COMPOSE_FILE in .env",
            Self::Found(_) | Self::Offered => "found; write it down with: cargo xtask init",
        })
    }
}

/// No file has a name that says that it is a Compose file; what is there and what to write.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoneNamed(String);

/// A layout, and what was read for it.
pub(super) struct ReadLayout {
    pub(super) layout: Layout,
    pub(super) source: LayoutSource,
    /// The Compose files that had to be parsed for it.
    pub(super) parsed: Files,
}

/// How many environments a checkout may have. The largest that are known have a dozen.
const MOST: usize = 250;

/// Reads or finds the layout of a checkout.
pub(super) fn read(root: &Path) -> Result<ReadLayout> {
    let found = written_or_found(root)?;
    must_be_few(found.layout.environments.len(), &found.source.to_string())?;
    must_be_shown(root, &found.layout)?;
    Ok(found)
}

fn written_or_found(root: &Path) -> Result<ReadLayout> {
    let Some(mut layout) = written(root)? else {
        return find(root);
    };
    if layout.environments.is_empty() {
        let found = find(root)?;
        return Ok(ReadLayout {
            layout: Layout {
                environments: found.layout.environments,
                ..layout
            },
            ..found
        });
    }
    leave_out_others(root, &mut layout);
    Ok(ReadLayout {
        layout,
        source: LayoutSource::Written,
        parsed: Files::new(),
    })
}

/// A name that ends the line, or turns it round, would say something else on every screen than what
/// it is.
fn must_be_shown(root: &Path, layout: &Layout) -> Result<()> {
    for (name, environment) in &layout.environments {
        if name.contains(is_hidden) {
            bail!(
                "environment {}: its name has control characters; give it another in {STACK_FILE}",
                quoted(name)
            );
        }
        let mut files = environment.files.iter().chain(&environment.env_files);
        if let Some(file) = files.find(|file| file.contains(is_hidden)) {
            let full = root.join(file);
            bail!(
                "{}: its name has control characters; rename it: mv -- {} {}",
                quoted(file),
                here::quoted(&full),
                here::quoted(&full.with_file_name("NAME"))
            );
        }
    }
    Ok(())
}

fn must_be_few(environments: usize, place: &str) -> Result<()> {
    if environments > MOST {
        bail!(
            "{environments} environments ({place}), and no more than {MOST} are read; split the checkout"
        );
    }
    Ok(())
}

/// A link that leads nowhere, or a folder that may not be searched, is no place without a layout.
fn is_written(root: &Path) -> bool {
    let found = root.join(STACK_FILE).symlink_metadata();
    !found
        .is_err_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}

/// The layout for who writes it down: files whose names say nothing are taken for what they may be.
pub(super) fn read_or_offer(root: &Path) -> Result<ReadLayout> {
    match read(root) {
        Err(error) if error.is::<NoneNamed>() => match elsewhere::found(root).offer(root) {
            Some(layout) => Ok(ReadLayout {
                layout,
                source: LayoutSource::Offered,
                parsed: Files::new(),
            }),
            None => Err(error),
        },
        layout => layout,
    }
}

fn written(root: &Path) -> Result<Option<Layout>> {
    if !is_written(root) {
        return Ok(None);
    }
    Ok(Some(Layout::parse(
        STACK_FILE,
        &read_text(root, STACK_FILE)?,
    )?))
}

/// What stands in `compose/stack.yaml` and does nothing, in sentences.
pub(super) fn not_asked_for(
    root: &Path,
    catalog: &Catalog,
    layout: &Layout,
) -> Result<Vec<String>> {
    if layout.roles.is_empty() && layout.parameters.is_empty() {
        return Ok(Vec::new());
    }
    let text = read_text(root, STACK_FILE)?;
    Ok(catalog.not_asked_for(layout, STACK_FILE, &text))
}

/// A private override of somebody else's machine is listed behind another file, ignored by git and
/// not there.
fn leave_out_others(root: &Path, layout: &mut Layout) {
    let is_others =
        |file: &String| !root.join(file).exists() && git::tracked(root, file) == Tracked::Ignored;
    for environment in layout.environments.values_mut() {
        let base = environment.files.first().cloned();
        environment
            .files
            .retain(|file| Some(file) == base.as_ref() || !is_others(file));
    }
}

fn find(root: &Path) -> Result<ReadLayout> {
    let all = names(root, "")?;
    let listed = shell::listed(root)?;
    let mut parsed = Files::new();
    // Where a list says which files count, the others may hold anything.
    let named: Vec<_> = all
        .iter()
        .filter(|name| listed.is_none() && is_compose_file(name))
        .collect();
    must_be_few(named.len(), "found by the names of files")?;
    for name in named {
        parsed.insert(name.clone(), parse(root, name)?);
    }
    let env_files: Vec<_> = all
        .iter()
        .filter(|name| name.starts_with(".env"))
        .cloned()
        .collect();
    let compose_file = listed.as_ref().map(|listed| listed.files.as_slice());
    let names = Found {
        files: &parsed,
        env_files: &env_files,
        compose_file,
    };
    let mut layout = detect(names).map_err(|doubt| explain(root, doubt))?;
    let of_shell = shell::env_files(root)?;
    match &of_shell {
        Some(own) => take_env_files(own, &mut layout),
        None if listed.is_some() => add_env_file_of_project(root, &mut layout),
        None => {}
    }
    let told = of_shell.map(|own| {
        format!(
            "COMPOSE_ENV_FILES of this shell says which env files are read: {}",
            own.join(", ")
        )
    });
    let left_out = told
        .into_iter()
        .chain(left_out(&all, &layout))
        .collect::<Vec<_>>();
    let source = match listed {
        Some(Listed { by_shell: true, .. }) => {
            LayoutSource::Shell([vec![files_of_shell(&layout)], left_out].concat())
        }
        Some(_) => LayoutSource::EnvFile(left_out),
        None => LayoutSource::Found(left_out),
    };
    Ok(ReadLayout {
        layout,
        source,
        parsed,
    })
}

/// Gives the env files of the shell to the environment that `docker compose` itself would start:
/// the only one, or that of the usual files. Another one is known by the name of its own.
fn take_env_files(of_shell: &[String], layout: &mut Layout) {
    let usual = if layout.environments.len() == 1 {
        layout.environments.values_mut().next()
    } else {
        layout.environments.get_mut("local")
    };
    if let Some(environment) = usual {
        environment.env_files = of_shell.to_vec();
    }
}

/// Beside the `.env` that holds the list Compose reads that of the first file's folder; the former
/// wins.
fn add_env_file_of_project(root: &Path, layout: &mut Layout) {
    for environment in layout.environments.values_mut() {
        let folder = environment
            .files
            .first()
            .and_then(|file| file.rsplit_once('/'))
            .map(|(folder, _)| folder);
        let own = folder
            .map(|folder| format!("{folder}/.env"))
            .filter(|own| root.join(own).is_file());
        environment.env_files.splice(0..0, own);
    }
}

fn files_of_shell(layout: &Layout) -> String {
    let files: Vec<_> = layout
        .environments
        .values()
        .flat_map(|own| own.files.iter().cloned())
        .collect();
    format!(
        "COMPOSE_FILE of this shell says which files are read: {}",
        files.join(", ")
    )
}

/// Compose files in the root that no environment reads.
fn left_out(all: &[String], layout: &Layout) -> Vec<String> {
    let is_yaml = |name: &&String| {
        name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml"))
    };
    let unread = |name: &&String| layout.users_of(name).next().is_none();
    let mut names: Vec<_> = all.iter().filter(is_yaml).filter(unread).cloned().collect();
    names.sort();
    let note = |name: String| {
        format!("{name} belongs to no environment; if it should: cargo xtask init, then add it")
    };
    names.into_iter().map(note).collect()
}

fn explain(root: &Path, doubt: LayoutAmbiguity) -> anyhow::Error {
    let LayoutAmbiguity::Ambiguous { reason, readings } = doubt else {
        return NoneNamed(elsewhere::found(root).explained(root)).into();
    };
    let readings: Vec<_> = readings.iter().map(described).collect();
    anyhow!(
        "{reason}\nWrite one of these to {STACK_FILE}:\n{}",
        readings.join("or\n").trim_end()
    )
}

/// A layout as `compose/stack.yaml` would say it, indented for a message.
#[must_use]
pub fn described(layout: &Layout) -> String {
    environments(layout)
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect()
}
