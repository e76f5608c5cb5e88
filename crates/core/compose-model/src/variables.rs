//! What gives the variables of a text their values: the shell, an environment's env files, those of
//! an `include`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{EnvFile, Origin, Piece, Template};

/// Names the [`Scope`] whose variables a text sees; the default is the environment's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeId(usize);

/// The files of one `include`, which see more variables than the files that include them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// The scope of the file that includes them.
    pub outer: ScopeId,
    /// The env files that the `include` names, else the `.env` of its project directory; relative
    /// to the checkout's root.
    pub env_files: Vec<String>,
    /// The item of `include`, where it names the env files itself; then they must be there.
    pub named_at: Option<Origin>,
}

/// The scopes of a view, each behind the one that includes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes(Vec<Scope>);

impl Scopes {
    pub(crate) fn add(&mut self, scope: Scope) -> ScopeId {
        self.0.push(scope);
        ScopeId(self.0.len())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// None for the environment's own.
    pub(crate) fn get(&self, scope: ScopeId) -> Option<&Scope> {
        self.0.get(scope.0.checked_sub(1)?)
    }
}

/// A variable's value and what sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value.
    pub value: String,
    /// What sets it.
    pub by: SetBy,
}

/// What sets a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The shell that the command was called from.
    Shell,
    /// A line of an env file, from 1.
    Line(Arc<str>, usize),
}

/// Env files by path.
type EnvFiles = BTreeMap<String, EnvFile>;

/// Variables by name.
type Settings = BTreeMap<String, Setting>;

/// Where values come from: what Compose finds around an environment's files.
#[derive(Clone, Debug, Default)]
pub struct VariableSources {
    /// Variables of the shell; they win over every env file.
    pub shell: BTreeMap<String, String>,
    /// The env files that are there, by their path from the checkout's root.
    pub env_files: BTreeMap<String, EnvFile>,
}

/// The variables of each scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables(Vec<Settings>);

impl Variables {
    /// `own` are the environment's env files, later ones last.
    pub(crate) fn of(
        scopes: &Scopes,
        own: &[String],
        env_files: &EnvFiles,
        shell: &BTreeMap<String, String>,
    ) -> Self {
        let shell = shell.iter().map(|(name, value)| {
            let value = value.clone();
            (
                name.clone(),
                Setting {
                    value,
                    by: SetBy::Shell,
                },
            )
        });
        let shell: Settings = shell.collect();
        let mut found = Self(vec![extended(&shell, own, env_files)]);
        scopes
            .iter()
            .for_each(|scope| found.enter(scope, env_files));
        found
    }

    /// Adds the next scope.
    pub(crate) fn enter(&mut self, scope: &Scope, env_files: &EnvFiles) {
        let outer = self.0.get(scope.outer.0).cloned().unwrap_or_default();
        self.0.push(extended(&outer, &scope.env_files, env_files));
    }

    pub(crate) fn get(&self, scope: ScopeId, name: &str) -> Option<&Setting> {
        self.0.get(scope.0)?.get(name)
    }

    pub(crate) fn pieces(&self, text: &str, scope: ScopeId) -> Option<Vec<Piece>> {
        let lookup = |name: &str| self.get(scope, name).map(|setting| setting.value.clone());
        Some(Template::parse(text).ok()?.pieces(&lookup))
    }

    /// As it is where it is no template.
    pub(crate) fn expand(&self, text: &str, scope: ScopeId) -> String {
        if !text.contains('$') {
            return text.to_owned();
        }
        let lookup = |name: &str| self.get(scope, name).map(|setting| setting.value.clone());
        Template::parse(text)
            .and_then(|template| template.expand(&lookup))
            .unwrap_or_else(|_| text.to_owned())
    }
}

/// The variables that are known already, which win, and those of env files: of these a later file
/// wins, and each sees what the files before it set.
fn extended(known: &Settings, files: &[String], env_files: &EnvFiles) -> Settings {
    let mut set = Settings::new();
    for path in files {
        let Some(file) = env_files.get(path) else {
            continue;
        };
        let name: Arc<str> = Arc::from(path.as_str());
        let outer = |name: &str| {
            known
                .get(name)
                .or_else(|| set.get(name))
                .map(|setting| setting.value.clone())
        };
        for entry in file.within(&outer).entries {
            let by = SetBy::Line(Arc::clone(&name), entry.line);
            set.insert(
                entry.key,
                Setting {
                    value: entry.value,
                    by,
                },
            );
        }
    }
    set.extend(
        known
            .iter()
            .map(|(name, setting)| (name.clone(), setting.clone())),
    );
    set
}
