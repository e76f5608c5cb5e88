//! A project of its own with an environment's real files: started, looked at, stopped, and gone in
//! the end.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use docker::ConfigCall;
use docker::engine::container::{Container, MountKind};
use docker::engine::{Engine, Exec, Executed};
use system::process::{Limits, Output};

use super::error::LiveError;
use super::overlay::{Copy, Overrides, Pace};
use super::test_environment::{TestEnvironment, last_lines};

/// What Compose may say.
const OUTPUT: usize = 8 << 20;

/// How long a `down`, a `stop` or the like may take.
const END: Limits = Limits {
    time: Duration::from_secs(120),
    output: OUTPUT,
};

/// A project of its own.
pub struct Sandbox<'s> {
    /// The environment.
    pub subject: &'s TestEnvironment<'s>,
    /// How fast its health checks run.
    pub pace: Pace,
    project: String,
    call: ConfigCall,
}

impl<'s> Sandbox<'s> {
    /// Makes one; nothing is started.
    ///
    /// # Errors
    /// Where its files cannot be written.
    pub fn new(
        subject: &'s TestEnvironment<'s>,
        purpose: &str,
        pace: Pace,
        overrides: &Overrides,
    ) -> Result<Self, LiveError> {
        let project = subject.run.project(&subject.environment, purpose)?;
        let call = subject.call(subject.run.folder().join(overlay_of(&project)));
        let sandbox = Self {
            subject,
            pace,
            project,
            call,
        };
        sandbox.vary(overrides)?;
        Ok(sandbox)
    }

    /// The project's name.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// From the next start on it is as this says.
    ///
    /// # Errors
    /// Where its files cannot be written.
    pub fn vary(&self, overrides: &Overrides) -> Result<(), LiveError> {
        let overlay = self
            .subject
            .overlay_spec(&self.project, self.pace, overrides)
            .make();
        for copy in overlay.copies.iter().filter(|copy| !copy.to.exists()) {
            make(copy)?;
        }
        self.subject
            .run
            .write(&overlay_of(&self.project), &overlay.text)
            .map(drop)
    }

    /// Runs a verb of Compose that ends soon.
    ///
    /// # Errors
    /// [`LiveError::Compose`] with its words.
    pub fn compose(&self, args: &[&str]) -> Result<Output, LiveError> {
        let output = self.compose_within(args, END.time)?;
        if output.success {
            return Ok(output);
        }
        let words = self.subject.redact(&last_lines(&output.stderr, 3));
        Err(LiveError::Compose {
            asked: args.join(" "),
            words,
        })
    }

    /// Runs a verb of Compose; how it ends is the caller's business.
    ///
    /// # Errors
    /// Where it cannot be run to its end.
    pub fn compose_within(&self, args: &[&str], time: Duration) -> Result<Output, LiveError> {
        self.subject.compose(
            &self.call,
            Some(&self.project),
            args,
            Limits {
                time,
                output: OUTPUT,
            },
        )
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.subject.tools.engine
    }

    /// Its containers.
    ///
    /// # Errors
    /// [`LiveError::Engine`].
    pub fn containers(&self) -> Result<Vec<Container>, LiveError> {
        Ok(self.engine().containers(&self.project)?)
    }

    /// Tells the run which volumes a `down` will leave without a label that says whose they were.
    ///
    /// # Errors
    /// Where they cannot be listed or written down.
    pub fn write_down_anonymous_volumes(&self) -> Result<(), LiveError> {
        let containers = self.containers()?;
        let mounts = containers.iter().flat_map(|container| &container.mounts);
        let anonymous = mounts.filter(|mount| matches!(mount.kind(), MountKind::Anonymous(_)));
        anonymous
            .map(|mount| &mount.name)
            .try_for_each(|name| self.subject.run.leaves(name))
    }

    /// The volumes with a name that its containers have.
    ///
    /// # Errors
    /// Where they cannot be listed.
    pub fn named_volumes(&self) -> Result<Vec<String>, LiveError> {
        let containers = self.containers()?;
        let mounts = containers.iter().flat_map(|container| &container.mounts);
        let named = mounts.filter(|mount| matches!(mount.kind(), MountKind::NamedVolume(_)));
        Ok(named.map(|mount| mount.name.clone()).collect())
    }

    /// The first container of a service.
    ///
    /// # Errors
    /// Where there is none.
    pub fn container(&self, service: &str) -> Result<Container, LiveError> {
        let found = self
            .containers()?
            .into_iter()
            .find(|container| container.service == service);
        found.ok_or_else(|| LiveError::Program {
            service: service.to_owned(),
            words: "it has no container".to_owned(),
        })
    }

    /// Runs a program in a service's container.
    ///
    /// # Errors
    /// Where there is no container, or the client does not work.
    pub fn exec(
        &self,
        service: &str,
        how: Exec<'_>,
        words: &[&str],
    ) -> Result<Executed, LiveError> {
        Ok(self
            .engine()
            .exec(&self.container(service)?.id, how, words)?)
    }

    /// Waits until something is so, looking several times a second; how long it took.
    ///
    /// # Errors
    /// [`LiveError`] of a look.
    pub fn wait_until(
        &self,
        limit: Duration,
        mut so: impl FnMut(&[Container]) -> bool,
    ) -> Result<Option<Duration>, LiveError> {
        let start = Instant::now();
        loop {
            if so(&self.containers()?) {
                return Ok(Some(start.elapsed()));
            }
            if start.elapsed() >= limit {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}

fn overlay_of(project: &str) -> String {
    format!("{project}.yml")
}

/// Makes a copy, with the modes and, where this may be done, the owners.
fn make(copy: &Copy) -> Result<(), LiveError> {
    copy_tree(&copy.from, &copy.to).map_err(LiveError::io(format!(
        "{} cannot be copied",
        copy.from.display()
    )))
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    let found = from.symlink_metadata()?;
    if found.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    if found.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_tree(&entry.path(), &to.join(entry.file_name()))?;
        }
        fs::set_permissions(to, found.permissions())?;
    } else if found.is_file() {
        fs::copy(from, to)?;
    }
    let (owner, group) = (
        std::os::unix::fs::MetadataExt::uid(&found),
        std::os::unix::fs::MetadataExt::gid(&found),
    );
    // Only root may give files away; the owner of the copy is then whoever runs this, who owns the
    // original too.
    std::os::unix::fs::chown(to, Some(owner), Some(group)).ok();
    Ok(())
}
