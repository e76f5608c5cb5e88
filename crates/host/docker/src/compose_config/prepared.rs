//! One environment made ready to be asked about.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use diagnostics::redact::Secrets;

use super::shadow::Shadow;
use super::sources::Sources;
use super::stand_ins::StandIns;
use super::{CheckError, Subject};
use crate::{ConfigCall, Profiles};

/// A subject with the folder in which Compose sees its drafts; the folder goes when this is
/// dropped.
pub struct Prepared<'s> {
    pub(super) subject: Subject<'s>,
    pub(super) root: PathBuf,
    pub(super) sources: Sources<'s>,
    pub(super) stand_ins: StandIns,
    pub(super) shadow: Option<Shadow>,
    /// What must not be quoted; looked for only when Compose has something to say.
    pub(super) secrets: OnceLock<Secrets>,
    call: ConfigCall,
}

impl<'s> Prepared<'s> {
    /// Reads the environment's files and lays out the shadow, where one is needed.
    pub fn of(subject: &Subject<'s>) -> Result<Self, CheckError> {
        Self::lay_out(subject).map_err(|source| CheckError::Io {
            environment: subject.environment.name.clone(),
            doing: "no shadow of the checkout can be made".to_owned(),
            source,
        })
    }

    fn lay_out(subject: &Subject<'s>) -> io::Result<Self> {
        let root = absolute(subject.root)?;
        let sources = Sources::of(subject);
        let stand_ins = StandIns::of(subject, &sources);
        let shadow = Shadow::needed(&root, subject.drafts, &stand_ins)?;
        let call = call(subject, &root, &stand_ins, shadow.as_ref());
        Ok(Self {
            subject: *subject,
            root,
            sources,
            stand_ins,
            shadow,
            secrets: OnceLock::new(),
            call,
        })
    }

    /// The files of its calls.
    pub fn call(&self) -> &ConfigCall {
        &self.call
    }

    /// Its calls, the one that prints the model first.
    pub fn profiles(&self) -> &'static [Profiles] {
        if self.subject.profiles {
            &[Profiles::All, Profiles::Active]
        } else {
            &[Profiles::All]
        }
    }

    /// Its calls, each with itself.
    pub fn calls(&self) -> impl Iterator<Item = (&Self, Profiles)> {
        self.profiles()
            .iter()
            .map(move |profiles| (self, *profiles))
    }
}

/// Links are not followed: Compose names a project after its folder as it was called.
fn absolute(root: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(root)?;
    if absolute
        .components()
        .any(|component| component == Component::ParentDir)
    {
        return absolute.canonicalize();
    }
    Ok(absolute)
}

fn call(
    subject: &Subject<'_>,
    root: &Path,
    stand_ins: &StandIns,
    shadow: Option<&Shadow>,
) -> ConfigCall {
    let seen = |path: &String| match shadow {
        Some(shadow) => shadow.seen(&root.join(path)),
        None => root.join(path),
    };
    let files: Vec<PathBuf> = subject.environment.files.iter().map(seen).collect();
    let directory = files
        .first()
        .and_then(|file| file.parent())
        .unwrap_or(root)
        .to_owned();
    let variables = shadow.and_then(Shadow::variables);
    let env_files = variables
        .into_iter()
        .chain(stand_ins.env_files().iter().map(seen))
        .collect();
    ConfigCall {
        directory,
        files,
        env_files,
        project: None,
    }
}
