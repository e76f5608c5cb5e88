//! An environment's merged model.

use std::collections::BTreeMap;

use compose_edit::Path;

use crate::load::{Loader, Project};
use crate::variables::{Scopes, Variables};
use crate::{Files, Origin, Piece, Scope, ScopeId, Setting, Value, VariableSources, paths, shape};

/// An environment's files merged as Compose merges them, measured on Docker Compose 2.40.3.
///
/// It is what `docker compose config --no-interpolate --no-normalize` prints, with every value in
/// one shape however it was written:
///
/// - maps of texts, null for a name alone: `environment`, `labels` everywhere, `annotations`,
///   `sysctls`, `build.args`
/// - lists: `dns`, `dns_search`, `tmpfs`, `label_file`; texts in `expose`; `host=address` in
///   `extra_hosts`
/// - long forms: `build`, `configs`, `depends_on`, `devices`, `env_file`, `gpus`, `networks`,
///   `ports` (target a number, published a text), `secrets`, `volumes` of services; `external:
///   true` with a `name`
/// - as written: `command`, `entrypoint`, `healthcheck.test` (text or list), durations, sizes,
///   numbers of other keys
/// - paths, in `build`, `env_file`, `label_file`, bind mounts, `develop.watch`, files of secrets
///   and configs, from the checkout's root, whichever folder the file lies in: `./x`, `.` or
///   `../x`; absolute ones and `~/x` as they are
/// - variables stay. A port or volume that cannot be read without one stays a text, other ports are
///   long all the same
///
/// `extends`, `include` and `version` are gone, `x-` keys stay. Nothing is judged that merging does
/// not need to know: unknown keys, wrong types and missing references are there as they are.
#[derive(Clone, Debug)]
pub struct View {
    root: Value,
    scopes: Scopes,
    variables: Variables,
    /// The variables without the shell's.
    of_files: Variables,
}

/// Why the files of an environment give no model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// A file that is named is not among the [`Files`]; the caller can load it and try again.
    #[error("{named_at}: file {path} is not there")]
    MissingFile {
        /// The file, relative to the checkout's root.
        path: String,
        /// Who names it: `file:line:column`, or the environment.
        named_at: String,
    },
    /// The model is one that Compose rejects, or whose merge it does not do predictably.
    #[error("{at}: {reason}")]
    Rejected {
        /// `file:line:column`.
        at: String,
        /// What is wrong, in a sentence.
        reason: String,
    },
}

impl View {
    /// Merges files in order, the way `docker compose -f a -f b config --no-interpolate` does.
    ///
    /// The folder of the first file is the project directory. Files that `extends` or `include`
    /// name must be among the `files`, too: [`references`](crate::references) finds most of them
    /// beforehand. At most 250,000 values are made, so that no file can take up much time or
    /// memory.
    ///
    /// # Errors
    /// [`ViewError`], naming the file and the line. What Compose merges wrongly or at random is
    /// refused, too: `ipam.config` of two files unless it is one and the same subnet; `!reset` and
    /// `!override` that take something away from what a service inherits while others extend it;
    /// `logging` that is null in one file of several.
    pub fn resolve(files: &Files, order: &[&str]) -> Result<Self, ViewError> {
        let project = Project {
            files: order.iter().map(|path| (*path).to_owned()).collect(),
            directory: order
                .first()
                .map_or("", |path| paths::folder(path))
                .to_owned(),
            included_by: Vec::new(),
            named_by: None,
        };
        let mut loader = Loader::new(files);
        let mut root = loader
            .project(&project)
            .map_err(|problem| problem.locate(files))?;
        let scopes = loader.scopes;
        shape::finish(&mut root);
        paths::finish(&mut root);
        let (variables, of_files) = Default::default();
        Ok(Self {
            root,
            scopes,
            variables,
            of_files,
        })
    }

    /// Tells the view what gives variables their values; `env_files` are the environment's own,
    /// later ones last. Without it no variable has a value.
    pub fn set_variable_sources(&mut self, env_files: &[String], around: &VariableSources) {
        self.variables = Variables::of(&self.scopes, env_files, &around.env_files, &around.shell);
        self.of_files = Variables::of(&self.scopes, env_files, &around.env_files, &BTreeMap::new());
    }

    /// The included projects, each behind the one that includes it.
    pub fn included(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter()
    }

    /// A variable as a text of this scope sees it.
    #[must_use]
    pub fn variable(&self, scope: ScopeId, name: &str) -> Option<&Setting> {
        self.variables.get(scope, name)
    }

    /// A text with its variables replaced as Compose replaces them where it stands; as it is where
    /// it cannot be.
    #[must_use]
    pub fn expand(&self, text: &str, stands: &Origin) -> String {
        self.variables.expand(text, stands.scope)
    }

    /// A text with its variables replaced, the shell's left out, for what is written into files: a
    /// shell is nobody else's.
    #[must_use]
    pub fn expand_from_files(&self, text: &str, stands: &Origin) -> String {
        self.of_files.expand(text, stands.scope)
    }

    /// A text with its variables replaced as Compose replaces them where it stands, each piece with
    /// what gives it; none for one that is no template.
    #[must_use]
    pub fn pieces(&self, text: &str, stands: &Origin) -> Option<Vec<Piece>> {
        self.variables.pieces(text, stands.scope)
    }

    /// The env files of an included project, later ones last; none for the environment's own scope.
    #[must_use]
    pub fn included_env_files(&self, scope: ScopeId) -> Option<&[String]> {
        self.scopes
            .get(scope)
            .map(|scope| scope.env_files.as_slice())
    }

    /// The whole model.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The value at a path such as `services.redis.image`.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Value> {
        self.root.at(path)
    }

    /// The services in the order in which the files name them, those behind profiles included.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let entries = self.root.get("services").and_then(Value::as_map);
        entries
            .into_iter()
            .flatten()
            .map(|(name, value)| Service { name, value })
    }

    /// A service by name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<Service<'_>> {
        let (name, value) = self.root.get("services")?.as_map()?.get_key_value(name)?;
        Some(Service { name, value })
    }
}

/// A service of a [`View`].
#[derive(Clone, Copy, Debug)]
pub struct Service<'v> {
    /// Its name.
    pub name: &'v str,
    /// Its merged body.
    pub value: &'v Value,
}

impl<'v> Service<'v> {
    /// What a key of the service says.
    #[must_use]
    pub fn get(self, key: &str) -> Option<&'v Value> {
        self.value.get(key)
    }

    /// Its image as written, variables not replaced.
    #[must_use]
    pub fn image(self) -> Option<&'v str> {
        self.get("image")?.as_str()
    }
}
