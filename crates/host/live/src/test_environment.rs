//! One environment, ready to be run in sandboxes: its files, what they say, its images, and who
//! plays which role.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use compose_model::Environment;
use compose_model::resolved::Text;
use diagnostics::redact::Secrets;
use docker::engine::Engine;
use docker::{Compose, ConfigCall};
use system::process::{Limits, Output, run};
use system::regular_file;

use super::error::LiveError;
use super::model::{Model, Service};
use super::overlay::{OverlaySpec, Overrides, Pace};
use super::run::Run;
use super::stand_ins::{Files, secret};
use crate::Checkout;

/// What Compose may say, and how long it may take to say what files mean.
const RESOLUTION: Limits = Limits {
    time: Duration::from_secs(30),
    output: 64 << 20,
};

/// How long a build may take.
const BUILD: Limits = Limits {
    time: Duration::from_secs(1800),
    output: 64 << 20,
};

/// The label of an image that stands in for an official one.
const STAND_IN: &str = "compose-stories.stand-in";

/// One environment, ready to be run.
pub struct TestEnvironment<'c> {
    /// Its name.
    pub environment: String,
    /// The checkout.
    pub checkout: &'c Checkout<'c>,
    /// Who runs it.
    pub tools: &'c Tools,
    /// The run that it belongs to.
    pub run: &'c Run,
    /// What it says.
    pub model: Model,
    /// What must not be printed.
    pub secrets: Secrets,
    /// What is not as in the files, and why.
    pub notes: Vec<String>,
    files: Files,
    images: BTreeMap<String, String>,
    replaced: BTreeMap<(String, String), PathBuf>,
}

/// Who runs it, and how long is waited.
pub struct Tools {
    /// The Compose plugin.
    pub compose: Compose,
    /// The engine.
    pub engine: Engine,
    /// How long a start may take.
    pub wait: Duration,
    /// Whether images are built that are here already.
    pub build: bool,
}

impl<'c> TestEnvironment<'c> {
    /// Resolves an environment, and builds the images that are wanted and not here.
    ///
    /// # Errors
    /// Where it cannot be resolved, or an image is missing.
    pub fn prepare(
        checkout: &'c Checkout<'c>,
        environment: &Environment,
        tools: &'c Tools,
        run: &'c Run,
    ) -> Result<Self, LiveError> {
        let files = Files::of(checkout, environment, run)?;
        let secrets = Secrets::of(&files.texts);
        let mut subject = Self {
            environment: environment.name.clone(),
            checkout,
            tools,
            run,
            model: Model::default(),
            secrets,
            notes: files.notes.clone(),
            files,
            images: BTreeMap::new(),
            replaced: BTreeMap::new(),
        };
        subject.model = subject.resolve()?;
        subject.replace_files()?;
        subject.notes.extend(
            subject
                .overlay_spec("", Pace::Committed, &Overrides::default())
                .make()
                .notes,
        );
        subject.find_images()?;
        Ok(subject)
    }

    /// The service that plays a role, as `compose/stack.yaml` or the files say.
    #[must_use]
    pub fn role(&self, role: &str) -> Option<Service<'_>> {
        let stack = &self.checkout.stack;
        let player = stack.player(&self.environment, role)?;
        self.model.service(&player)
    }

    /// Where the backend answers whether it can serve: its service, its port and the path.
    #[must_use]
    pub fn endpoint(&self) -> Option<(&str, u32, String)> {
        let backend = self.role("backend")?;
        let parameters = &self.checkout.stack.layout.parameters;
        let port = parameters
            .get("backend-port")
            .and_then(stories::Parameter::number);
        let port = port.or_else(|| {
            let mut ports = backend.resolved.known_ports();
            ports.next().map(|port| port.target.into())
        })?;
        let path = parameters
            .get("backend-health-path")
            .and_then(stories::Parameter::text);
        Some((
            backend.name,
            port,
            path.unwrap_or_else(|| "/health".to_owned()),
        ))
    }

    /// The content of a file secret.
    #[must_use]
    pub fn secret(&self, key: &str) -> Option<String> {
        let named = self.model.resolved().secrets.get(key)?;
        let named = named.file.as_ref()?.text()?;
        let stand_in = self.replaced.get(&("secrets".to_owned(), key.to_owned()));
        let file = stand_in.map_or_else(|| PathBuf::from(named), Clone::clone);
        regular_file::text(file)
            .ok()
            .map(|text| text.trim().to_owned())
    }

    /// What an overlay for a project is made of.
    #[must_use]
    pub fn overlay_spec<'a>(
        &'a self,
        project: &'a str,
        pace: Pace,
        overrides: &'a Overrides,
    ) -> OverlaySpec<'a> {
        OverlaySpec {
            model: &self.model,
            project,
            root: self.checkout.root,
            folder: self.run.folder(),
            pace,
            overrides,
            images: &self.images,
            reach: self.endpoint().map(|(service, port, _)| (service, port)),
            env_files: &self.files.env_files,
            files: &self.replaced,
        }
    }

    /// The files of a call, the overlay as the last.
    #[must_use]
    pub fn call(&self, overlay: PathBuf) -> ConfigCall {
        let mut call = self.files.call.clone();
        call.files.push(overlay);
        call
    }

    /// Compose's words without secrets.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.secrets.redact(text)
    }

    fn resolve(&self) -> Result<Model, LiveError> {
        let mut call = self.files.call.clone();
        if !self.files.env_files.is_empty() {
            let entry = |(service, files): (&String, &Vec<PathBuf>)| {
                format!(
                    "  {}: {{\"env_file\": !override {}}}\n",
                    serde_json::json!(service),
                    serde_json::json!(files)
                )
            };
            let text: String = self.files.env_files.iter().map(entry).collect();
            call.files.push(self.run.write(
                &format!("{}-env-files.yml", self.environment),
                &format!("services:\n{text}"),
            )?);
        }
        let output = self.compose(&call, None, &["config", "--format", "json"], RESOLUTION)?;
        if !output.success {
            return Err(LiveError::Unresolved(self.redact(output.stderr.trim())));
        }
        let model = serde_json::from_slice(&output.stdout);
        model.map(Model::new).map_err(|_| {
            LiveError::Unresolved("docker compose answers with what is no model".to_owned())
        })
    }

    /// File secrets and configs that are not here get a stand-in.
    fn replace_files(&mut self) -> Result<(), LiveError> {
        let mut missing = Vec::new();
        let model = self.model.resolved();
        for (section, entries) in [("secrets", &model.secrets), ("configs", &model.configs)] {
            for (key, value) in entries {
                match value.file.as_ref().and_then(Text::text) {
                    Some(file) if std::path::Path::new(file).exists() => {
                        let content = regular_file::text(file).unwrap_or_default();
                        self.files.texts.push(format!("SECRET={}", content.trim()));
                    }
                    Some(_) => missing.push((section.to_owned(), key.clone())),
                    None => {}
                }
            }
        }
        for (section, key) in missing {
            let value = secret();
            let file = self
                .run
                .write(&format!("{section}/{}-{key}", self.environment), &value)?;
            readable_by_all(&file)?;
            self.files.texts.push(format!("SECRET={value}"));
            self.notes.push(format!(
                "the file of {section}.{key} is not here; one made for this run stands in"
            ));
            self.replaced.insert((section, key), file);
        }
        self.secrets = Secrets::of(&self.files.texts);
        Ok(())
    }

    fn find_images(&mut self) -> Result<(), LiveError> {
        let (mut missing, mut to_build) = (Vec::new(), Vec::new());
        for service in self.model.services() {
            let own = format!("{}-{}", self.model.resolved().project(), service.name);
            let image = service.resolved.image_name().unwrap_or(own);
            let found = self.tools.engine.image(&image)?;
            let is_here = found.is_some();
            if found.is_some_and(|found| found.labels.contains_key(STAND_IN)) {
                self.notes.push(format!(
                    "{image} is a STAND-IN on this engine, not the official image"
                ));
            }
            if service.resolved.is_built && (self.tools.build || !is_here) {
                to_build.push(service.name.to_owned());
            } else if !is_here {
                missing.push(image);
            }
        }
        if !missing.is_empty() {
            missing.sort();
            missing.dedup();
            return Err(LiveError::NoImages {
                images: missing,
                environment: self.environment.clone(),
            });
        }
        self.notes.sort();
        self.notes.dedup();
        if to_build.is_empty() {
            Ok(())
        } else {
            self.build(&to_build)
        }
    }

    /// Builds under names of the run's own, so that nobody's image is replaced.
    fn build(&mut self, services: &[String]) -> Result<(), LiveError> {
        let project = self.run.project(&self.environment, "build")?;
        self.images = services
            .iter()
            .map(|service| (service.clone(), format!("{project}/{service}")))
            .collect();
        let overrides = Overrides::default();
        let text = self
            .overlay_spec(&project, Pace::Committed, &overrides)
            .make()
            .text;
        let call = self.call(self.run.write(&format!("{project}.yml"), &text)?);
        let words: Vec<_> = ["build"]
            .into_iter()
            .chain(services.iter().map(String::as_str))
            .collect();
        let output = self.compose(&call, Some(&project), &words, BUILD)?;
        if output.success {
            return Ok(());
        }
        let words = self.redact(&last_lines(&output.stderr, 5));
        Err(LiveError::Compose {
            asked: "build".to_owned(),
            words,
        })
    }

    /// Runs Compose.
    ///
    /// # Errors
    /// Where it cannot be run to its end.
    pub fn compose(
        &self,
        call: &ConfigCall,
        project: Option<&str>,
        args: &[&str],
        limits: Limits,
    ) -> Result<Output, LiveError> {
        let command = self.tools.compose.project(call, project, args);
        let command = command.map_err(|error| {
            LiveError::io("docker compose cannot be spelt")(std::io::Error::other(error))
        })?;
        Ok(run(command, limits)?)
    }
}

/// The users of containers are not the user of this machine.
fn readable_by_all(file: &std::path::Path) -> Result<(), LiveError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(file, mode)
        .map_err(LiveError::io("a stand-in cannot be made readable"))
}

/// The last lines of a text that say something.
#[must_use]
pub fn last_lines(text: &str, lines: usize) -> String {
    let said: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    said[said.len().saturating_sub(lines)..].join("\n")
}
