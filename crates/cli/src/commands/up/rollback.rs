//! `up --rollback`: the files and images that ran when all was well last, from this machine's
//! memory. The checkout's files stay as they are.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use compose_model::ResolvedModel;
use docker::ConfigCall;
use docker::engine::Engine;
use serde_json::{Value, json};
use tempfile::TempPath;

use super::ComposeEnvironment;
use crate::standing::Service;
use crate::state::last_good::LastGood;

/// What an environment is to run as again.
pub(super) struct Rollback {
    /// What the files said, with the images by their names.
    pub(super) model: ResolvedModel,
    /// When it ran so, in seconds since 1970.
    pub(super) when: u64,
    /// How docker compose is called for it.
    pub(super) call: ConfigCall,
    /// The file that it is called with, the images by their ids; it goes with this.
    _file: TempPath,
}

impl Rollback {
    /// What ran last, where all that it needs is still there.
    ///
    /// # Errors
    /// Where nothing is remembered, or under another project's name, and where an image is gone.
    pub(super) fn of(target: &ComposeEnvironment, engine: &Engine) -> Result<Self> {
        let environment = &target.environment;
        let name = &environment.name;
        let Some(good) = target.checkout.memory.last_good(name) else {
            bail!("nothing is known here of an up of {name} after which all was well");
        };
        if good.project != environment.project.name {
            bail!(
                "{name} ran as the project {} and is {} now; give it that name to go back",
                good.project,
                environment.project.name
            );
        }
        for (service, image) in &good.images {
            if engine.image(image)?.is_none() {
                bail!("the image that {service} ran is not here any more: {image}");
            }
        }
        let mut file = tempfile::Builder::new()
            .prefix("compose-stories-")
            .suffix(".json")
            .tempfile()
            .context("a file for what ran cannot be made")?;
        file.write_all(pinned(&good).to_string().as_bytes())
            .context("a file for what ran cannot be written")?;
        let file = file.into_temp_path();
        let call = ConfigCall {
            files: vec![file.to_path_buf()],
            // All variables have their values; without one Compose reads the `.env` of today.
            env_files: vec![PathBuf::from("/dev/null")],
            ..target.call()
        };
        Ok(Self {
            model: ResolvedModel::from_compose_json(&good.model),
            when: good.when,
            call,
            _file: file,
        })
    }
}

/// The model with each service at the image that it ran: a tag may be another one's by now, and
/// what is built here is not built anew.
fn pinned(good: &LastGood) -> Value {
    let mut model = good.model.clone();
    for (service, image) in &good.images {
        if let Some(Value::Object(service)) = model.pointer_mut(&pointer(service)) {
            service.remove("build");
            service.insert("image".to_owned(), json!(image));
            service.insert("pull_policy".to_owned(), json!("never"));
        }
    }
    model
}

fn pointer(service: &str) -> String {
    format!(
        "/services/{}",
        service.replace('~', "~0").replace('/', "~1")
    )
}

/// Remembers what an environment runs as, all of which is well: what Compose made of the files when
/// they were resolved for its start.
pub(super) fn remember(target: &ComposeEnvironment, services: &[Service]) {
    let Some(said) = &target.said else { return };
    let images = services.iter().filter_map(|service| {
        let container = service.container.as_ref()?;
        Some((service.name.clone(), container.image_id.clone()))
    });
    let environment = &target.environment;
    let memory = &target.checkout.memory;
    memory.remember_good(
        &environment.name,
        &environment.project.name,
        said.clone(),
        images.collect(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_gets_the_image_that_it_ran() {
        let good = LastGood {
            model: json!({"services": {
                "api": {"build": {"context": "."}, "restart": "no"}, "db": {"image": "postgres:17"}, "off": {"image": "x"},
            }}),
            images: [("api", "sha256:1"), ("db", "sha256:2")]
                .map(|(name, id)| (name.to_owned(), id.to_owned()))
                .into(),
            ..LastGood::default()
        };
        let expected = json!({"services": {
            "api": {"image": "sha256:1", "pull_policy": "never", "restart": "no"},
            "db": {"image": "sha256:2", "pull_policy": "never"}, "off": {"image": "x"},
        }});
        assert_eq!(pinned(&good), expected);
    }
}
