//! The environments of a checkout, made here and nowhere else: from the layout, from what is on the
//! disk, and from what was typed.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use compose_edit::Path;
use compose_model::{Environment, Project};
use docker::ConfigCall;
use stories::{Context, EnvironmentFiles, Stack};

use super::{Checkout, example_of};
use crate::cli::{EnvironmentArg, ServiceArgs};
use crate::root::STACK_FILE;

/// What a command works on.
#[derive(Clone, Debug)]
pub struct Target {
    /// The environment.
    pub environment: Environment,
    /// Names of services, which it need not have; none where all are meant.
    pub services: Vec<String>,
}

impl Checkout {
    /// All environments, in the order in which they are shown.
    #[must_use]
    pub fn environments(&self) -> Vec<Environment> {
        self.environments_of(&self.stack)
    }

    /// The environments of a stack that this checkout's may become: a draft may make one of
    /// other files.
    #[must_use]
    pub fn environments_of(&self, stack: &Stack) -> Vec<Environment> {
        stack
            .layout
            .environments
            .iter()
            .map(|(name, own)| self.resolved(stack, name, own))
            .collect()
    }

    fn resolved(&self, stack: &Stack, name: &str, own: &EnvironmentFiles) -> Environment {
        let mut environment = Environment {
            name: name.to_owned(),
            files: own.files.clone(),
            env_files: self.read_env_files.get(name).cloned().unwrap_or_default(),
            listed_env_files: own.env_files.clone(),
            project: Project::default(),
        };
        let of_folder = || Project::of_folder(&environment.directory_in(&self.root));
        environment.project = pinned_project(stack, name).unwrap_or_else(of_folder);
        environment
    }

    /// The environments that a command works on: those that were named, else all.
    ///
    /// # Errors
    /// For a name that the layout does not have.
    pub fn select(&self, named: &[String]) -> Result<Vec<Environment>> {
        let mut environments = self.environments();
        let known: Vec<_> = environments.iter().map(|own| own.name.as_str()).collect();
        if let Some(unknown) = named.iter().find(|name| !known.contains(&name.as_str())) {
            bail!(
                "no environment is called {unknown}; known: {} ({})",
                known.join(", "),
                self.layout_source
            );
        }
        environments.retain(|own| named.is_empty() || named.contains(&own.name));
        Ok(environments)
    }

    /// The environments that a command looks at: those that were named, else the first, which is
    /// the one that runs here.
    ///
    /// # Errors
    /// As for [`Self::select`].
    pub fn select_or_first(&self, named: &[String]) -> Result<Vec<Environment>> {
        let mut environments = self.select(named)?;
        if named.is_empty() {
            environments.truncate(1);
        }
        Ok(environments)
    }

    /// The environment that a command works on: the one that was named, else the first.
    ///
    /// # Errors
    /// As for [`Self::select`].
    pub fn environment(&self, named: &EnvironmentArg) -> Result<Environment> {
        self.one(named.positional.as_ref().or(named.flag.as_ref()))
    }

    /// The environment and the services that a command works on. The first name is the
    /// environment's where there is one of that name and no flag names another.
    ///
    /// # Errors
    /// As for [`Self::select`].
    pub fn target(&self, named: &ServiceArgs) -> Result<Target> {
        let is_environment = |name: &String| self.stack.layout.environments.contains_key(name);
        let (environment, services) = match (&named.flag, named.targets.split_first()) {
            (None, Some((first, rest))) if is_environment(first) => (Some(first), rest),
            (flag, _) => (flag.as_ref(), &named.targets[..]),
        };
        Ok(Target {
            environment: self.one(environment)?,
            services: services.to_vec(),
        })
    }

    fn one(&self, named: Option<&String>) -> Result<Environment> {
        let mut selected = self
            .select(named.map(std::slice::from_ref).unwrap_or_default())?
            .into_iter();
        selected
            .next()
            .with_context(|| format!("there is no environment here; name one in {STACK_FILE}"))
    }

    /// The files of an environment for `docker compose`; env files that are not there are left out.
    #[must_use]
    pub fn call(&self, environment: &Environment) -> ConfigCall {
        let files = environment
            .files
            .iter()
            .map(|file| self.root.join(file))
            .collect();
        let read = environment
            .env_files
            .iter()
            .map(|file| self.root.join(file));
        let mut env_files: Vec<_> = read.filter(|file| file.is_file()).collect();
        if env_files.is_empty() && !environment.env_files.is_empty() {
            // Else Compose would take the `.env` of another environment for those that are not
            // there.
            env_files.push("/dev/null".into());
        }
        let directory = environment.directory_in(&self.root);
        let project = Some(environment.project.name.clone()).filter(|name| !name.is_empty());
        ConfigCall {
            directory,
            files,
            env_files,
            project,
        }
    }

    /// The last file of an environment, if no other environment reads it: what is to hold for this
    /// one alone goes there.
    #[must_use]
    pub fn own_file<'e>(&self, environment: &'e Environment) -> Option<&'e str> {
        let file = environment.files.last()?;
        let mut others = self
            .stack
            .layout
            .environments
            .iter()
            .filter(|(name, _)| **name != environment.name);
        others
            .all(|(_, other)| !other.files.contains(file))
            .then_some(file)
    }

    /// Whether an environment is the first, which runs here and is meant where none is named.
    #[must_use]
    pub fn is_first(&self, environment: &Environment) -> bool {
        self.is_first_name(&environment.name)
    }

    /// Whether the environment of this name is the first of the layout.
    #[must_use]
    pub fn is_first_name(&self, environment: &str) -> bool {
        let mut names = self.stack.layout.environments.keys();
        names.next().is_some_and(|first| first == environment)
    }

    /// The arguments of the command that makes an environment ready; the first needs no name.
    #[must_use]
    pub fn make_ready<'n>(&self, environment: &'n str) -> Vec<&'n str> {
        if self.is_first_name(environment) {
            vec!["onboard"]
        } else {
            vec!["onboard", "--environment", environment]
        }
    }

    /// The env files of an environment: those that it names, those that its services require and
    /// lack, and the one that Compose reads by itself where an example for it lies there.
    #[must_use]
    pub fn env_files(&self, environment: &Environment) -> Vec<String> {
        let listed = &environment.listed_env_files;
        let missing = self
            .missing
            .iter()
            .filter(|missing| missing.environment == environment.name);
        let mut files: Vec<_> = listed
            .iter()
            .chain(missing.map(|missing| &missing.path))
            .cloned()
            .collect();
        let usual = environment
            .directory()
            .join(".env")
            .to_string_lossy()
            .into_owned();
        if listed.is_empty()
            && self.is_first(environment)
            && example_of(&self.root, &usual).is_some()
        {
            files.push(usual);
        }
        let mut told = BTreeSet::new();
        files.retain(|file| told.insert(file.clone()));
        files
    }
}

/// The names of environments, in their order.
#[must_use]
pub fn names(environments: &[Environment]) -> Vec<String> {
    environments.iter().map(|own| own.name.clone()).collect()
}

/// The project that a file names, the one source of it where there is one: `COMPOSE_PROJECT_NAME`
/// of the env files, else `name:`. It is handed to docker with every call; what the shell says of
/// it is not taken.
fn pinned_project(stack: &Stack, environment: &str) -> Option<Project> {
    let variable = stack.variable(environment, "COMPOSE_PROJECT_NAME");
    if let Some(project) = variable.and_then(|own| Project::of_variable(&own.value)) {
        return Some(project);
    }
    let cx = Context::new(stack, environment);
    let named = cx.view.root().get("name")?;
    let text = named_last(stack, environment)?;
    Some(Project::of_compose_file(&cx.expand(&text, named)))
}

/// What the last file says that has a name which is not empty: over an empty one Compose goes by
/// the file before.
fn named_last(stack: &Stack, environment: &str) -> Option<String> {
    let files = stack.own_files(environment).iter().rev();
    let mut names = files.filter_map(|file| {
        let name = stack.files.get(file)?.get(&Path::from(["name"]))?;
        Some(name.resolved().as_scalar()?.value().to_owned())
    });
    names.find(|name| !name.is_empty())
}
