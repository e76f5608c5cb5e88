//! The layout: what `compose/stack.yaml` says, else what is found.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Result, bail};
use compose_view::{EnvFile, Files};
use stories::Layout;
use stories::layout::{Found, LayoutDoubt, LayoutError, detect, is_compose_file};

use super::compose_files::parse;
use super::read::{names, read_text};
use crate::git::{self, Tracked};
use crate::root::STACK_FILE;
use crate::screen::is_hidden;
use crate::shell_word::quoted;

/// Where a layout comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutSource {
    /// It is written down.
    Written,
    /// `COMPOSE_FILE` of `.env` says it; with what was left out.
    EnvFile(Vec<String>),
    /// It was read off the files; with what was left out.
    Found(Vec<String>),
}

impl LayoutSource {
    /// What a person should know of how the layout was found.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        match self {
            Self::Written => &[],
            Self::EnvFile(notes) | Self::Found(notes) => notes,
        }
    }
}

impl fmt::Display for LayoutSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Written => "from compose/stack.yaml",
            Self::EnvFile(_) => "from COMPOSE_FILE in .env",
            Self::Found(_) => "found; write it down with: cargo xtask init",
        })
    }
}

/// How many environments a checkout may have. The largest that are known have a dozen.
const MOST: usize = 250;

/// Reads or finds the layout of a checkout.
pub(super) fn read(root: &Path) -> Result<(Layout, LayoutSource)> {
    let found = written_or_found(root)?;
    must_be_few(found.0.environments.len(), &found.1.to_string())?;
    must_be_shown(&found.0)?;
    Ok(found)
}

/// A name that ends the line, or turns it round, would say something else on every screen than what it is.
fn must_be_shown(layout: &Layout) -> Result<()> {
    for (name, environment) in &layout.environments {
        if name.contains(is_hidden) {
            bail!("environment {}: its name has control characters; give it another in {STACK_FILE}", quoted(name));
        }
        let mut files = environment.files.iter().chain(&environment.env_files);
        if let Some(file) = files.find(|file| file.contains(is_hidden)) {
            bail!("{file}: its name has control characters; rename it: mv -- {file} NAME", file = quoted(file));
        }
    }
    Ok(())
}

fn must_be_few(environments: usize, place: &str) -> Result<()> {
    if environments > MOST {
        bail!("{environments} environments ({place}), and no more than {MOST} are read; split the checkout");
    }
    Ok(())
}

/// A link that leads nowhere, or a folder that may not be searched, is no place without a layout.
fn is_written(root: &Path) -> bool {
    let found = root.join(STACK_FILE).symlink_metadata();
    !found.is_err_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}

fn written_or_found(root: &Path) -> Result<(Layout, LayoutSource)> {
    if is_written(root) {
        let layout = Layout::parse(STACK_FILE, &read_text(root, STACK_FILE)?);
        let mut layout = layout.map_err(|error| completed(root, error))?;
        leave_out_others(root, &mut layout);
        return Ok((layout, LayoutSource::Written));
    }
    find(root)
}

/// A private override of somebody else's machine is listed behind another file, ignored by git and not there.
fn leave_out_others(root: &Path, layout: &mut Layout) {
    let is_others = |file: &String| !root.join(file).exists() && git::tracked(root, file) == Tracked::Ignored;
    for environment in layout.environments.values_mut() {
        let base = environment.files.first().cloned();
        environment.files.retain(|file| Some(file) == base.as_ref() || !is_others(file));
    }
}

/// A file that says something and no environments is completed by those that are found without it.
fn completed(root: &Path, error: LayoutError) -> anyhow::Error {
    let has_none = error.to_string().contains("missing field `environments`");
    match find(root) {
        Ok((layout, _)) if has_none => {
            let text: String = described(&layout).lines().map(|line| format!("{}\n", &line[2..])).collect();
            anyhow::anyhow!(
                "{STACK_FILE} names no environments. Add those that are found here:\ncat >> {STACK_FILE} <<'END'\n\n{text}END"
            )
        }
        _ => error.into(),
    }
}

fn find(root: &Path) -> Result<(Layout, LayoutSource)> {
    let all = names(root, "")?;
    let mut files = Files::new();
    let named: Vec<_> = all.iter().filter(|name| is_compose_file(name)).collect();
    must_be_few(named.len(), "found by the names of files")?;
    for name in named {
        files.insert(name.clone(), parse(root, name)?);
    }
    let env_files: Vec<_> = all.iter().filter(|name| name.starts_with(".env")).cloned().collect();
    let compose_file = compose_file(root, &env_files)?;
    let found = Found { files: &files, env_files: &env_files, compose_file: compose_file.as_deref() };
    let layout = detect(found).map_err(|doubt| explain(root, doubt))?;
    let left_out = left_out(&all, &layout);
    let source = if compose_file.is_some() { LayoutSource::EnvFile(left_out) } else { LayoutSource::Found(left_out) };
    Ok((layout, source))
}

fn compose_file(root: &Path, env_files: &[String]) -> Result<Option<String>> {
    if !env_files.iter().any(|name| name == ".env") || root.join(".env").metadata().is_ok_and(|data| data.len() == 0) {
        return Ok(None);
    }
    let entries = EnvFile::parse(&read_text(root, ".env")?);
    let value =
        entries.entries().iter().rev().find(|entry| entry.key == "COMPOSE_FILE").map(|entry| entry.value.clone());
    Ok(value.filter(|value| !value.is_empty()))
}

/// Compose files in the root that no environment reads.
fn left_out(all: &[String], layout: &Layout) -> Vec<String> {
    let is_yaml = |name: &&String| name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml"));
    let unread = |name: &&String| layout.users_of(name).next().is_none();
    let mut names: Vec<_> = all.iter().filter(is_yaml).filter(unread).cloned().collect();
    names.sort();
    let note = |name: String| format!("{name} belongs to no environment; if it should: cargo xtask init, then add it");
    names.into_iter().map(note).collect()
}

fn explain(root: &Path, doubt: LayoutDoubt) -> anyhow::Error {
    let LayoutDoubt::Ambiguous { reason, readings } = doubt else {
        return anyhow::anyhow!("{}: {doubt}; name your checkout: --root DIR", root.display());
    };
    let readings: Vec<_> = readings.iter().map(described).collect();
    anyhow::anyhow!("{reason}\nWrite one of these to {STACK_FILE}:\n{}", readings.join("or\n").trim_end())
}

/// A layout as `compose/stack.yaml` would say it, indented for a message.
#[must_use]
pub fn described(layout: &Layout) -> String {
    let mut text = "  environments:\n".to_owned();
    for (name, environment) in &layout.environments {
        let (files, env_files) = (environment.files.join(", "), environment.env_files.join(", "));
        text.push_str(&format!("    {name}: {{ files: [{files}], env_files: [{env_files}] }}\n"));
    }
    text
}
