//! A checkout as the stories see it: its layout, its files, and what each environment says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use compose_edit::Document;
use compose_model::{
    Data, EnvFile, Environment, Files, ProjectFiles, ResolvedModel, ScopeId, Service, SetBy,
    Setting, Template, Value, VariableSources, View, ViewError,
};

use crate::context::Context;
use crate::evidence::Subject;
use crate::{BuiltOn, EnvironmentFiles, FileState, Layout, Workspace};

pub use crate::change::settings_file;
pub use crate::evidence::env_files as service_env_files;
pub use crate::evidence::proxy_files;

/// A checkout's compose stack. Immutable: an applied story gives a new one.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Which files make which environment.
    pub layout: Layout,
    /// Every Compose file that an environment reads, `extends` and `include` followed.
    pub files: Files,
    /// Other texts that stories look at or edit, by path: the Dockerfiles of built services, what a
    /// Redis is started with as its settings, and what records name.
    pub texts: BTreeMap<String, String>,
    /// Files that were looked for and are not there.
    pub absent: BTreeSet<String>,
    around: VariableSources,
    ignored: BTreeSet<String>,
    accepts_guesses: bool,
    /// The services that records know in a role, by role.
    pub(crate) recorded_roles: BTreeMap<String, BTreeSet<String>>,
    views: BTreeMap<String, View>,
    /// What the environments say that read an ignored file, without that file.
    team_views: BTreeMap<String, View>,
}

impl Stack {
    /// Resolves every environment of the layout.
    ///
    /// # Errors
    /// [`ViewError`] of the first environment that gives no model; a missing file among them.
    pub fn new(layout: Layout, files: Files) -> Result<Self, ViewError> {
        let views = resolve(&layout, &files)?;
        let (around, texts, absent, ignored, team_views) = Default::default();
        let recorded_roles = BTreeMap::new();
        let accepts_guesses = false;
        Ok(Self {
            layout,
            files,
            texts,
            absent,
            around,
            ignored,
            accepts_guesses,
            recorded_roles,
            views,
            team_views,
        })
    }

    /// Tells the stack what gives variables their values: the env files that are there, and the
    /// shell.
    pub fn set_variable_sources(&mut self, around: VariableSources) {
        self.around = around;
        self.expand_views();
    }

    /// The env files that are there, by path.
    #[must_use]
    pub fn env_files(&self) -> &BTreeMap<String, EnvFile> {
        &self.around.env_files
    }

    /// What an environment comes to, its variables replaced; `root` is the checkout's, an absolute
    /// path.
    ///
    /// # Errors
    /// [`ViewError`], as for [`ResolvedModel::from_files`].
    pub fn resolved(
        &self,
        environment: &Environment,
        root: &Path,
    ) -> Result<ResolvedModel, ViewError> {
        let order: Vec<_> = environment.files.iter().map(String::as_str).collect();
        ResolvedModel::from_files(&ProjectFiles {
            files: &self.files,
            order: &order,
            env_files: &self.env_files_of(&environment.name),
            around: &self.around,
            project: &environment.project.name,
            root,
            home: None,
        })
    }

    /// What a service's Dockerfile builds upon; none where the service is not built, or what its
    /// Dockerfile says is not known.
    #[must_use]
    pub fn build_of(&self, environment: &str, service: &str) -> Option<BuiltOn> {
        let service = self.view(environment).service(service)?;
        Subject::of(&Context::new(self, environment), service).built_on()
    }

    /// The env files that Compose reads for an environment, be they there or not, later ones last:
    /// its own, else the `.env` of its project directory. Those of what it includes are not among
    /// them.
    #[must_use]
    pub fn env_files_of(&self, environment: &str) -> Vec<String> {
        let own = self.layout.environments.get(environment);
        own.map(EnvironmentFiles::env_files_or_default)
            .unwrap_or_default()
    }

    /// The env files that what an environment includes brings along: those that must be there, and
    /// those that count where they are.
    pub fn included_env_files(&self, environment: &str) -> impl Iterator<Item = (&str, bool)> {
        let scopes = self.view(environment).included();
        scopes.flat_map(|scope| {
            scope
                .env_files
                .iter()
                .map(|path| (path.as_str(), scope.named_at.is_some()))
        })
    }

    /// Names the files that git ignores: they are read, but what the team remembers does not hang
    /// on them, and they are never edited.
    pub fn ignore(&mut self, files: BTreeSet<String>) {
        self.ignored = files;
        self.team_views = self.without_ignored();
        self.expand_views();
    }

    /// Lets stories take a value that no file says, where there is a likely one.
    pub fn accept_guesses(&mut self) {
        self.accepts_guesses = true;
    }

    /// Whether stories take what no file says.
    #[must_use]
    pub fn accepts_guesses(&self) -> bool {
        self.accepts_guesses
    }

    /// Whether git ignores a file.
    #[must_use]
    pub fn is_ignored(&self, file: &str) -> bool {
        self.ignored.contains(file)
    }

    /// The stack with other texts for some of its files.
    ///
    /// # Errors
    /// As for [`Self::new`].
    pub fn with(&self, changed: Files) -> Result<Self, ViewError> {
        let mut next = self.clone();
        next.files.extend(changed);
        next.views = resolve(&next.layout, &next.files)?;
        next.team_views = next.without_ignored();
        next.expand_views();
        Ok(next)
    }

    /// The text of a file that was looked at and is there.
    #[must_use]
    pub fn text(&self, file: &str) -> Option<&str> {
        let compose = self.files.get(file).map(Document::text);
        compose.or_else(|| self.texts.get(file).map(String::as_str))
    }

    /// The stack with its files as operations have left them. A file that no environment named
    /// is one of its Compose files where the layout names it.
    pub(crate) fn after(&self, workspace: Workspace<'_>) -> Result<Self, ViewError> {
        let changed = workspace.changed(self);
        let mut next = self.clone();
        let (files, layout) = workspace.into_parts();
        if changed.is_empty() {
            return Ok(next);
        }
        next.layout = layout;
        for (path, state) in files.into_iter().filter(|(path, _)| changed.contains(path)) {
            let is_compose = next.files.remove(&path).is_some() || next.is_named(&path);
            next.texts.remove(&path);
            next.absent.remove(&path);
            match state {
                FileState::Absent => drop(next.absent.insert(path)),
                FileState::Yaml(document) if is_compose => {
                    drop(next.files.insert(path, document.into_owned()))
                }
                FileState::Yaml(document) => {
                    drop(next.texts.insert(path, document.text().to_owned()))
                }
                FileState::Text(text) => drop(next.texts.insert(path, text.into_owned())),
            }
        }
        next.views = resolve(&next.layout, &next.files)?;
        next.team_views = next.without_ignored();
        next.expand_views();
        Ok(next)
    }

    fn is_named(&self, file: &str) -> bool {
        self.layout
            .environments
            .values()
            .any(|own| own.files.iter().any(|named| named == file))
    }

    /// What an environment says.
    ///
    /// # Panics
    /// For an environment that the layout does not have.
    #[must_use]
    pub fn view(&self, environment: &str) -> &View {
        &self.views[environment]
    }

    /// What an environment says without the files that git ignores; with them where it says nothing
    /// without.
    pub(crate) fn team_view(&self, environment: &str) -> &View {
        self.team_views
            .get(environment)
            .unwrap_or_else(|| self.view(environment))
    }

    /// Whether an environment says something to this machine alone, by files that git ignores.
    pub(crate) fn has_private_files(&self, environment: &str) -> bool {
        self.team_views.contains_key(environment)
    }

    fn expand_views(&mut self) {
        for (name, own) in &self.layout.environments {
            let env_files = own.env_files_or_default();
            for views in [&mut self.views, &mut self.team_views] {
                if let Some(view) = views.get_mut(name) {
                    view.set_variable_sources(&env_files, &self.around);
                }
            }
        }
    }

    fn without_ignored(&self) -> BTreeMap<String, View> {
        let private = self
            .layout
            .environments
            .iter()
            .filter(|(_, own)| own.files.iter().any(|file| self.is_ignored(file)));
        let view = |own: &EnvironmentFiles| {
            let team: Vec<_> = own
                .files
                .iter()
                .map(String::as_str)
                .filter(|file| !self.is_ignored(file))
                .collect();
            View::resolve(&self.files, &team)
                .ok()
                .filter(|_| !team.is_empty())
        };
        private
            .filter_map(|(name, own)| Some((name.clone(), view(own)?)))
            .collect()
    }

    /// The Compose files that make an environment, in the order in which Compose merges them; none
    /// for an environment that the layout does not have.
    #[must_use]
    pub fn own_files(&self, environment: &str) -> &[String] {
        self.layout
            .environments
            .get(environment)
            .map(|own| own.files.as_slice())
            .unwrap_or_default()
    }

    /// The files that an environment reads: its own in their order, then those that they extend and
    /// include.
    #[must_use]
    pub fn files_of(&self, environment: &str) -> Vec<&str> {
        let own = self.own_files(environment);
        let mut files: Vec<&str> = own
            .iter()
            .filter_map(|file| Some(self.files.get_key_value(file)?.0.as_str()))
            .collect();
        let mut next = 0;
        while let Some(file) = files.get(next).copied() {
            for named in named_by(file, &self.files[file]) {
                let known = self
                    .files
                    .get_key_value(&named)
                    .map(|(named, _)| named.as_str());
                files.extend(known.filter(|named| !files.contains(named)));
            }
            next += 1;
        }
        files
    }

    /// The environments that read a file, be it by way of another one.
    #[must_use]
    pub fn readers(&self, file: &str) -> Vec<&str> {
        let names = self.layout.environments.keys().map(String::as_str);
        names
            .filter(|name| self.files_of(name).contains(&file))
            .collect()
    }

    /// The value of a variable as an environment's own files see it, and what sets it.
    #[must_use]
    pub fn variable(&self, environment: &str, name: &str) -> Option<&Setting> {
        self.views
            .get(environment)?
            .variable(ScopeId::default(), name)
    }

    /// The variables of the shell that give a value to something that an environment says.
    #[must_use]
    pub fn taken_from_the_shell(&self, environment: &str) -> Vec<&str> {
        let view = self.view(environment);
        let is_from_shell = |name: &&str| {
            view.variable(ScopeId::default(), name)
                .is_some_and(|setting| setting.by == SetBy::Shell)
        };
        self.around
            .shell
            .keys()
            .map(String::as_str)
            .filter(is_from_shell)
            .filter(|name| uses(view.root(), name))
            .collect()
    }
}

/// Whether a value, or one below it, names a variable.
fn uses(value: &Value, name: &str) -> bool {
    match &value.data {
        Data::String(text) => {
            text.contains(name)
                && Template::parse(text)
                    .is_ok_and(|template| template.variables().iter().any(|own| own == name))
        }
        Data::List(items) => items.iter().any(|item| uses(item, name)),
        Data::Map(entries) => entries.values().any(|entry| uses(entry, name)),
        _ => false,
    }
}

/// The path of the Dockerfile that builds a service, relative to the checkout's root, which it may
/// leave by `..` in front; none for one that is inline, remote or at an absolute path.
#[must_use]
pub fn dockerfile_path(cx: &Context<'_>, service: Service<'_>) -> Option<String> {
    let build = service.get("build")?;
    if build.get("dockerfile_inline").is_some() {
        return None;
    }
    let name = build_setting(cx, build, "dockerfile", "Dockerfile")?;
    build_file(cx, service, &name)
}

/// The path of a file of the folder that a service is built from, as [`dockerfile_path`].
pub(crate) fn build_file(cx: &Context<'_>, service: Service<'_>, name: &str) -> Option<String> {
    let context = build_setting(cx, service.get("build")?, "context", ".")?;
    let is_elsewhere =
        |path: &str| path.contains("://") || path.contains('$') || path.starts_with(['/', '~']);
    if is_elsewhere(&context) || is_elsewhere(name) || context.starts_with("git@") {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in context.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn build_setting(cx: &Context<'_>, build: &Value, key: &str, usual: &str) -> Option<String> {
    match build.get(key).filter(|value| !value.is_null()) {
        None => Some(usual.to_owned()),
        Some(value) => Some(cx.expand_from_files(value.as_str()?, value)),
    }
}

/// The files that a file extends or includes. Most do neither, and looking closer costs.
fn named_by(file: &str, document: &Document) -> Vec<String> {
    let names_others = ["extends", "include"]
        .iter()
        .any(|key| document.text().contains(key));
    if names_others {
        compose_model::references(file, document)
    } else {
        Vec::new()
    }
}

fn resolve(layout: &Layout, files: &Files) -> Result<BTreeMap<String, View>, ViewError> {
    let view =
        |own: &[String]| View::resolve(files, &own.iter().map(String::as_str).collect::<Vec<_>>());
    layout
        .environments
        .iter()
        .map(|(name, own)| Ok((name.clone(), view(&own.files)?)))
        .collect()
}
