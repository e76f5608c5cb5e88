//! A look at a path of a container or a volume, without starting anything.

use std::process::Stdio;

use super::contents::first_file;
use super::{Contents, Engine, EngineError, GLIMPSE, PATIENCE, answer, ran, refused};
use crate::docker::Docker;

/// Where a volume is mounted to be looked at: no image has it, so nothing is copied into the volume.
const LOOK: &str = "/compose-xtask-look";

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
            let contents = || Peek::Folder(Contents::of_tar(&output.stdout, output.truncated));
            return Ok(first_file(&output.stdout).map_or_else(contents, Peek::File));
        }
        let words = output.stderr.to_ascii_lowercase();
        if words.contains("could not find the file") || words.contains("no such file or directory") {
            return Ok(Peek::Absent);
        }
        Err(refused("cp", &output))
    }

    /// What is at a path of a volume that no container has: through one of this image that is made, never started, and
    /// removed at once.
    ///
    /// # Errors
    /// [`EngineError`], where the image is not here too.
    pub fn peek_into_volume(&self, volume: &str, image: &str, path: &str) -> Result<Peek, EngineError> {
        let made = answer("create", self.docker.create_beside(image, volume, LOOK), PATIENCE)?;
        let id = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let helper = Helper { docker: &self.docker, id };
        self.peek(&helper.id, format!("{LOOK}/{path}").trim_end_matches('/'))
    }

    /// How many paths below a folder a container has changed in its own layer.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn changed_below(&self, container: &str, folder: &str) -> Result<usize, EngineError> {
        let said = answer("diff", self.docker.changes(container), GLIMPSE)?;
        let below = format!("{}/", folder.trim_end_matches('/'));
        let text = String::from_utf8_lossy(&said.stdout);
        // `A /data/mark`; what was deleted is no data.
        let changed = text.lines().filter_map(|line| line.split_once(' ')).filter(|(how, _)| *how != "D");
        Ok(changed.filter(|(_, path)| path.starts_with(&below)).count())
    }

    /// How many keys a running Redis holds, asked with its own client; none where that does not tell.
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
        let said = answer("image inspect", self.docker.image_variables(image), PATIENCE)?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }
}

/// A container that goes with this, on a panic or an interruption too; with it the anonymous volumes that it was given.
struct Helper<'d> {
    docker: &'d Docker,
    id: String,
}

impl Drop for Helper<'_> {
    fn drop(&mut self) {
        // Not through `run`, which an interruption ends at once.
        if let Ok(mut command) = self.docker.remove(&self.id) {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok();
        }
    }
}
