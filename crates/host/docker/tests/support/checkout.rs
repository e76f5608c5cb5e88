//! A checkout made of a few files, and the question about it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use compose_model::{Environment, Files};
use docker::compose_config::Subject;

/// These checkouts are asked about without having been loaded.
static NOT_LOADED: Files = Files::new();

/// A checkout of one environment in a temporary folder.
pub struct Checkout {
    folder: tempfile::TempDir,
    name: &'static str,
    environment: Environment,
    drafts: BTreeMap<String, String>,
}

#[allow(dead_code, reason = "not every test crate needs all of it")]
impl Checkout {
    /// Files by path; `docker-compose.yml` is the environment's.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let checkout = Self {
            folder: tempfile::tempdir().unwrap(),
            name: "shop",
            environment: environment("local", &["docker-compose.yml"]),
            drafts: BTreeMap::new(),
        };
        fs::create_dir(checkout.root()).unwrap();
        files
            .iter()
            .fold(checkout, |checkout, (path, text)| checkout.file(path, text))
    }

    /// One file more; `../` puts it beside the checkout.
    pub fn file(self, path: &str, text: &str) -> Self {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        self
    }

    /// A link in the checkout.
    pub fn link(self, path: &str, target: &str) -> Self {
        symlink(target, self.root().join(path)).unwrap();
        self
    }

    /// The environment's files, in order.
    pub fn files(mut self, files: &[&str]) -> Self {
        self.environment.files = environment("local", files).files;
        self
    }

    /// One env file more.
    pub fn env_file(mut self, path: &str) -> Self {
        self.environment.env_files.push(path.into());
        self
    }

    /// A new text for a file.
    pub fn draft(mut self, path: &str, text: &str) -> Self {
        self.drafts.insert(path.into(), text.into());
        self
    }

    /// Every file of the environment as a draft that says what the disk says.
    pub fn same_as_draft(mut self) -> Self {
        let read = |path: &String| {
            (
                path.clone(),
                fs::read_to_string(self.root().join(path)).unwrap(),
            )
        };
        self.drafts = self.environment.files.iter().map(read).collect();
        self
    }

    /// Its root.
    pub fn root(&self) -> std::path::PathBuf {
        self.folder.path().join(self.name)
    }

    /// The question about it, asked of a root of the caller's.
    pub fn subject<'a>(&'a self, root: &'a Path) -> Subject<'a> {
        Subject {
            root,
            environment: &self.environment,
            loaded: &NOT_LOADED,
            drafts: &self.drafts,
            profiles: false,
        }
    }
}

/// An environment of files and without env files.
pub fn environment(name: &str, files: &[&str]) -> Environment {
    let files = files.iter().map(|file| (*file).to_owned()).collect();
    Environment {
        name: name.to_owned(),
        files,
        ..Environment::default()
    }
}
