//! A look into several volumes at once, read-only, through one container that is never started.

use std::time::Duration;

use engine_facts::Listing;
use system::process::Limits;

use super::contents::listing;
use super::peek::{Empty, Helper, Peek, id};
use super::{Engine, EngineError, PATIENCE, answer, ran, refused};
use crate::FailureKind;

/// How much of each place is read. Servers' own files come early in the order of names; what a
/// place holds behind it is asked for by name.
const GLANCE: Limits = Limits {
    time: Duration::from_secs(20),
    output: 16 << 20,
};

/// Where the places are mounted: no image has it.
const PLACES: &str = "/compose-stories-look";

/// What can be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mountable {
    /// A volume that is there, by its real name. One that is not would be made.
    Volume(String),
    /// A folder of the engine's machine.
    Folder(String),
}

impl Mountable {
    fn mount(&self, target: &str) -> String {
        match self {
            Self::Volume(name) => {
                format!("type=volume,source={name},target={target},readonly,volume-nocopy")
            }
            Self::Folder(path) => format!("type=bind,\"source={path}\",target={target},readonly"),
        }
    }
}

impl Engine {
    /// The names in some places, in their order; a folder that is not there holds none. Where only
    /// the beginning of a place was read, `marks` are asked for by name. Made for it, and removed,
    /// are an image with nothing in it and a container of it; nothing is pulled, started or written.
    ///
    /// # Errors
    /// [`EngineError`] where nothing could be made to look through; for a place by itself why that
    /// one was not seen.
    pub fn listings(
        &self,
        places: &[Mountable],
        marks: &[&str],
    ) -> Result<Vec<Result<Listing, EngineError>>, EngineError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let empty = Empty::import(&self.docker)?;
        if let Ok(all) = self.looker(&empty, places) {
            let look = |at| self.listed(&all.id, at, marks);
            return Ok((0..places.len()).map(look).collect());
        }
        // One that cannot be mounted keeps none of the others from being seen.
        let alone = |place: &Mountable| match self.looker(&empty, std::slice::from_ref(place)) {
            Ok(one) => self.listed(&one.id, 0, marks),
            Err(error) if is_absent(&error) => Ok(Listing::default()),
            Err(error) => Err(error),
        };
        Ok(places.iter().map(alone).collect())
    }

    fn looker(&self, empty: &Empty<'_>, places: &[Mountable]) -> Result<Helper<'_>, EngineError> {
        let mounts: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(at, place)| place.mount(&format!("{PLACES}/{at}")))
            .collect();
        let made = answer(
            "create",
            self.docker.create_to_look(&empty.id, &mounts),
            PATIENCE,
        )?;
        Ok(Helper {
            docker: &self.docker,
            id: id(&made.stdout),
        })
    }

    fn listed(&self, looker: &str, at: usize, marks: &[&str]) -> Result<Listing, EngineError> {
        let folder = format!("{PLACES}/{at}");
        let output = ran("cp", self.docker.copy_out(looker, &folder), GLANCE)?;
        if !output.success && !output.truncated {
            return match FailureKind::of(&output.stderr) {
                FailureKind::NoSuchPath => Ok(Listing::default()),
                _ => Err(refused("cp", &output)),
            };
        }
        let mut found = listing(&output.stdout, output.truncated);
        if found.at_least {
            self.ask_for(&mut found, looker, &folder, marks)?;
        }
        Ok(found)
    }

    /// Adds the marks that lie behind what was read.
    fn ask_for(
        &self,
        found: &mut Listing,
        looker: &str,
        folder: &str,
        marks: &[&str],
    ) -> Result<(), EngineError> {
        for mark in marks {
            if found.entries.iter().any(|entry| entry.path == *mark) {
                continue;
            }
            let (is_folder, beginning) = match self.peek(looker, &format!("{folder}/{mark}"))? {
                Peek::Absent => continue,
                Peek::File(beginning) => (false, beginning),
                Peek::Folder(_) => (true, Vec::new()),
            };
            found.entries.push(engine_facts::Entry {
                path: (*mark).to_owned(),
                is_folder,
                beginning: beginning.into_iter().take(16).collect(),
            });
        }
        Ok(())
    }
}

/// Whether the engine says that a folder of its machine is not there.
fn is_absent(error: &EngineError) -> bool {
    matches!(error, EngineError::Refused { words, .. } if words.contains("source path does not exist"))
}
