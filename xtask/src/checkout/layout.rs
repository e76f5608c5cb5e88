//! The layout: what `compose/stack.yaml` says, else what is found.

use std::fmt;
use std::path::Path;

use anyhow::Result;
use compose_view::{EnvFile, Files};
use stories::Layout;
use stories::layout::{Found, LayoutDoubt, LayoutError, detect, is_compose_file};

use super::compose_files::parse;
use super::read::{names, read_text};
use crate::git::{self, Tracked};
use crate::root::STACK_FILE;

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

/// Reads or finds the layout of a checkout; what had to be parsed for that is added to `parsed`.
pub(super) fn read(root: &Path, parsed: &mut Files) -> Result<(Layout, LayoutSource)> {
    if root.join(STACK_FILE).exists() {
        let layout = Layout::parse(STACK_FILE, &read_text(root, STACK_FILE)?);
        let mut layout = layout.map_err(|error| completed(root, error))?;
        leave_out_others(root, &mut layout);
        return Ok((layout, LayoutSource::Written));
    }
    find(root, parsed)
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
    match find(root, &mut Files::new()) {
        Ok((layout, _)) if has_none => {
            let text: String = described(&layout).lines().map(|line| format!("{}\n", &line[2..])).collect();
            anyhow::anyhow!(
                "{STACK_FILE} names no environments. Add those that are found here:\ncat >> {STACK_FILE} <<'END'\n\n{text}END"
            )
        }
        _ => error.into(),
    }
}

fn find(root: &Path, parsed: &mut Files) -> Result<(Layout, LayoutSource)> {
    let all = names(root, "")?;
    for name in all.iter().filter(|name| is_compose_file(name)) {
        parsed.insert(name.clone(), parse(root, name)?);
    }
    let env_files: Vec<_> = all.iter().filter(|name| name.starts_with(".env")).cloned().collect();
    let compose_file = compose_file(root, &env_files)?;
    let found = Found { files: parsed, env_files: &env_files, compose_file: compose_file.as_deref() };
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
