//! A look at a path of a container or a volume, without starting anything.

use std::process::{Command, Stdio};

use super::contents::{first_file, of_tar};
use super::{Contents, Engine, EngineError, GLIMPSE, PATIENCE, answer, ran, refused};
use crate::{Docker, FailureKind};

/// Where a volume is mounted to be looked at: no image has it, so nothing is copied into the
/// volume.
const LOOK: &str = "/compose-stories-look";

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Peek {
    /// Nothing.
    Absent,
    /// A file, and its beginning.
    File(Vec<u8>),
    /// A folder.
    Folder(Contents),
}

impl Engine {
    /// What is at a path of a container, running or not.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn peek(&self, container: &str, path: &str) -> Result<Peek, EngineError> {
        let output = ran("cp", self.docker.copy_out(container, path), GLIMPSE)?;
        if output.success || output.truncated {
            let contents = || Peek::Folder(of_tar(&output.stdout, output.truncated));
            return Ok(first_file(&output.stdout).map_or_else(contents, Peek::File));
        }
        match FailureKind::of(&output.stderr) {
            FailureKind::NoSuchPath => Ok(Peek::Absent),
            _ => Err(refused("cp", &output)),
        }
    }

    /// What is at a path of a volume that no container has: through one that is made, never
    /// started, and removed at once; of this image, or where that is not here, of one with nothing
    /// in it.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn peek_into_volume(
        &self,
        volume: &str,
        image: &str,
        path: &str,
    ) -> Result<Peek, EngineError> {
        let path = format!("{LOOK}/{path}");
        let path = path.trim_end_matches('/');
        match self.beside(volume, image) {
            Ok(helper) => self.peek(&helper.id, path),
            Err(error) if error.kind() == FailureKind::NotFound => {
                let empty = Empty::import(&self.docker)?;
                let helper = self.beside(volume, &empty.id)?;
                self.peek(&helper.id, path)
            }
            Err(error) => Err(error),
        }
    }

    fn beside(&self, volume: &str, image: &str) -> Result<Helper<'_>, EngineError> {
        let made = answer(
            "create",
            self.docker.create_beside(image, volume, LOOK),
            PATIENCE,
        )?;
        Ok(Helper {
            docker: &self.docker,
            id: id(&made.stdout),
        })
    }

    /// How many paths below a folder a container has changed in its own layer.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn changed_below(&self, container: &str, folder: &str) -> Result<usize, EngineError> {
        let below = format!("{}/", folder.trim_end_matches('/'));
        Ok(self
            .written(container)?
            .iter()
            .filter(|path| path.starts_with(&below))
            .count())
    }

    /// The paths that a container has made or changed in its own layer; what it deleted is no data.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn written(&self, container: &str) -> Result<Vec<String>, EngineError> {
        let said = answer("diff", self.docker.changes(container), GLIMPSE)?;
        let text = String::from_utf8_lossy(&said.stdout);
        let changes = text.lines().filter_map(|line| line.split_once(' '));
        Ok(changes
            .filter(|(how, _)| *how != "D")
            .map(|(_, path)| path.to_owned())
            .collect())
    }

    /// How many keys a running Redis holds, asked with its own client; none where that does not
    /// tell.
    #[must_use]
    pub fn redis_keys(&self, container: &str) -> Option<u64> {
        let said = answer("exec", self.docker.redis_keys(container), PATIENCE).ok()?;
        let text = String::from_utf8_lossy(&said.stdout);
        text.trim().trim_start_matches("(integer) ").parse().ok()
    }

    /// The variables that an image sets, one a line; none where the image is not here.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn image_variables(&self, image: &str) -> Result<String, EngineError> {
        let said = answer(
            "image inspect",
            self.docker.image_variables(image),
            PATIENCE,
        )?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }
}

/// A container that goes with this, on a panic or an interruption too; with it the anonymous
/// volumes that it was given.
pub(super) struct Helper<'d> {
    pub(super) docker: &'d Docker,
    pub(super) id: String,
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        quietly(self.docker.remove(&self.id));
    }
}

/// An image with nothing in it that goes with this. It is declared before the container of it, so
/// it goes after it.
pub(super) struct Empty<'d> {
    docker: &'d Docker,
    pub(super) id: String,
}

impl<'d> Empty<'d> {
    /// Imports it; nothing is pulled.
    ///
    /// # Errors
    /// [`EngineError`].
    pub(super) fn import(docker: &'d Docker) -> Result<Self, EngineError> {
        let made = answer("import", docker.import_nothing(), PATIENCE)?;
        Ok(Self {
            docker,
            id: id(&made.stdout),
        })
    }
}

impl Drop for Empty<'_> {
    fn drop(&mut self) {
        quietly(self.docker.remove_image(&self.id));
    }
}

/// Not through `run`, which an interruption ends at once.
fn quietly(command: xshell::Result<Command>) {
    if let Ok(mut command) = command {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok();
    }
}

pub(super) fn id(stdout: &[u8]) -> String {
    String::from_utf8_lossy(stdout).trim().to_owned()
}
