//! A checkout as the stories see it: its layout, its files, and what each environment says.

use std::collections::{BTreeMap, BTreeSet};

use compose_view::{EnvFile, Files, Service, Value, View, ViewError};

use crate::Layout;

/// A checkout's compose stack. Immutable: an applied story gives a new one.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Which files make which environment.
    pub layout: Layout,
    /// Every Compose file that an environment reads, `extends` and `include` followed.
    pub files: Files,
    /// The env files that are there, by path.
    pub env_files: BTreeMap<String, EnvFile>,
    /// Other texts that stories look at: the Dockerfiles of built services, by path.
    pub texts: BTreeMap<String, String>,
    /// Files that git ignores: read, never edited unless named.
    pub ignored: BTreeSet<String>,
    views: BTreeMap<String, View>,
}

impl Stack {
    /// Resolves every environment of the layout.
    ///
    /// # Errors
    /// [`ViewError`] of the first environment that gives no model; a missing file among them.
    pub fn new(layout: Layout, files: Files) -> Result<Self, ViewError> {
        let views = resolve(&layout, &files)?;
        let (env_files, texts, ignored) = Default::default();
        Ok(Self { layout, files, env_files, texts, ignored, views })
    }

    /// The same stack with other texts for some of its files.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn with(&self, changed: Files) -> Result<Self, ViewError> {
        let mut next = self.clone();
        next.files.extend(changed);
        next.views = resolve(&next.layout, &next.files)?;
        Ok(next)
    }

    /// What an environment says.
    ///
    /// # Panics
    /// For an environment that the layout does not have.
    #[must_use]
    pub fn view(&self, environment: &str) -> &View {
        &self.views[environment]
    }

    /// The value of a variable in an environment: its last env file that sets it, with the file and the line.
    #[must_use]
    pub fn variable(&self, environment: &str, name: &str) -> Option<Variable<'_>> {
        let files = &self.layout.environments.get(environment)?.env_files;
        files.iter().rev().find_map(|file| {
            let (file, content) = self.env_files.get_key_value(file)?;
            let entry = content.entries().iter().rev().find(|entry| entry.key == name)?;
            Some(Variable { file, line: entry.line, value: &entry.value })
        })
    }
}

/// A variable as an env file sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable<'s> {
    /// The env file.
    pub file: &'s str,
    /// The line, from 1.
    pub line: usize,
    /// The value.
    pub value: &'s str,
}

/// The path of the Dockerfile that builds a service, relative to the checkout's root; none for an inline or remote one.
#[must_use]
pub fn dockerfile_path(service: Service<'_>) -> Option<String> {
    let build = service.get("build")?;
    let context = build.get("context").or(Some(build)).and_then(Value::as_str).unwrap_or(".");
    if build.get("dockerfile_inline").is_some() || context.contains("://") || context.contains('$') {
        return None;
    }
    let name = build.get("dockerfile").and_then(Value::as_str).unwrap_or("Dockerfile");
    let mut parts: Vec<&str> = Vec::new();
    for part in context.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn resolve(layout: &Layout, files: &Files) -> Result<BTreeMap<String, View>, ViewError> {
    let view = |own: &[String]| View::resolve(files, &own.iter().map(String::as_str).collect::<Vec<_>>());
    layout.environments.iter().map(|(name, own)| Ok((name.clone(), view(&own.files)?))).collect()
}
