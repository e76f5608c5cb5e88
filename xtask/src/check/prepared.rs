//! One environment made ready to be asked about, and the judgement of the answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::redact::Secrets;
use super::shadow::Shadow;
use super::stand_ins::StandIns;
use super::words::Words;
use super::{CheckError, Model, Subject, Verdict};
use crate::docker::{ConfigCall, Output, Profiles, RunError};

/// A subject with the folder in which Compose sees its drafts; the folder goes when this is dropped.
pub struct Prepared<'s> {
    subject: Subject<'s>,
    stand_ins: StandIns,
    shadow: Option<Shadow>,
    call: ConfigCall,
    profiles: &'static [Profiles],
}

impl<'s> Prepared<'s> {
    /// Reads the environment's files and lays out the shadow, where one is needed.
    pub fn of(subject: &Subject<'s>) -> Result<Self, CheckError> {
        let io = |doing: &str, source| CheckError::Io {
            environment: subject.environment.to_owned(),
            doing: doing.to_owned(),
            source,
        };
        let root = std::path::absolute(subject.root).map_err(|error| io("its root has no absolute path", error))?;
        let stand_ins = StandIns::of(subject);
        let shadow = Shadow::needed(&root, subject.drafts, &stand_ins);
        let shadow = shadow.map_err(|error| io("no shadow of the checkout can be made", error))?;
        let seen = shadow.as_ref().map_or_else(|| root.clone(), |shadow| shadow.seen(&root));
        let call = call(subject, &seen, &stand_ins, shadow.as_ref());
        let profiles: &[_] = if subject.profiles { &[Profiles::All, Profiles::Default] } else { &[Profiles::All] };
        Ok(Self { subject: *subject, stand_ins, shadow, call, profiles })
    }

    /// The files of its calls.
    pub fn call(&self) -> &ConfigCall {
        &self.call
    }

    /// Its calls, the one that prints the model first.
    pub fn profiles(&self) -> &'static [Profiles] {
        self.profiles
    }

    /// Its calls, each with itself.
    pub fn calls(&self) -> impl Iterator<Item = (&Self, Profiles)> {
        self.profiles.iter().map(move |profiles| (self, *profiles))
    }

    /// What the answers mean, given in the order of the calls.
    pub fn judge(&self, outputs: Vec<Result<Output, RunError>>) -> Result<Verdict, CheckError> {
        let mut accepted = Vec::new();
        for output in outputs {
            accepted.push(self.accepted(output)?);
        }
        let took = accepted.iter().map(|output| output.took).max().unwrap_or(Duration::ZERO);
        let mut warnings = Vec::new();
        for warning in accepted.iter().flat_map(|output| self.words(&output.stderr).warnings) {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        let model = self.model(accepted.first())?;
        Ok(Verdict { model, warnings, took, shape_only: self.stand_ins.why() })
    }

    fn accepted(&self, output: Result<Output, RunError>) -> Result<Output, CheckError> {
        let environment = self.subject.environment.to_owned();
        let output = output.map_err(|error| match error {
            RunError::TimedOut { after, .. } => CheckError::TimedOut { environment: environment.clone(), after },
            RunError::Start { source, .. } => {
                CheckError::Io { environment: environment.clone(), doing: "Compose cannot be started".into(), source }
            }
            RunError::Io { source, .. } => {
                CheckError::Io { environment: environment.clone(), doing: "Compose cannot be read".into(), source }
            }
        })?;
        match (output.truncated, output.success) {
            (true, _) => Err(self.garbage(&output.stdout)),
            (false, true) => Ok(output),
            (false, false) => Err(CheckError::Rejected { environment, words: self.rejection(&output) }),
        }
    }

    fn rejection(&self, output: &Output) -> String {
        let said = match output.stderr.trim() {
            "" => String::from_utf8_lossy(&output.stdout).into_owned(),
            _ => output.stderr.clone(),
        };
        let words = self.words(&said).problem;
        match self.stand_ins.why() {
            Some(why) => format!("{words}\n(checked with stand-ins: {why})"),
            None => words,
        }
    }

    fn words(&self, said: &str) -> Words {
        // The texts are read again only when Compose has something to say.
        if said.trim().is_empty() {
            return Words::default();
        }
        let secrets = Secrets::of(self.stand_ins.texts(&self.subject));
        let root = std::path::absolute(self.subject.root).unwrap_or_default();
        Words::of(&secrets.redact(&self.strip(said)), &root)
    }

    fn model(&self, output: Option<&Output>) -> Result<Model, CheckError> {
        let stdout = output.map_or(&[][..], |output| &output.stdout);
        let mut model = serde_json::from_slice(stdout).map_err(|_| self.garbage(stdout))?;
        self.strip_all(&mut model);
        Ok(model)
    }

    fn garbage(&self, stdout: &[u8]) -> CheckError {
        let beginning = String::from_utf8_lossy(&stdout[..stdout.len().min(4096)]);
        let first = beginning.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let first_line = self.words(first).problem.chars().take(200).collect();
        CheckError::Garbage { environment: self.subject.environment.to_owned(), first_line }
    }

    fn strip(&self, text: &str) -> String {
        self.shadow.as_ref().map_or_else(|| text.to_owned(), |shadow| text.replace(shadow.prefix(), ""))
    }

    fn strip_all(&self, value: &mut Model) {
        let Some(shadow) = &self.shadow else { return };
        strip_prefix(value, shadow.prefix());
    }
}

fn strip_prefix(value: &mut Model, prefix: &str) {
    match value {
        Model::String(text) if text.contains(prefix) => *text = text.replace(prefix, ""),
        Model::Array(items) => items.iter_mut().for_each(|item| strip_prefix(item, prefix)),
        Model::Object(entries) => entries.values_mut().for_each(|value| strip_prefix(value, prefix)),
        _ => {}
    }
}

fn call(subject: &Subject<'_>, seen: &Path, stand_ins: &StandIns, shadow: Option<&Shadow>) -> ConfigCall {
    let files: Vec<PathBuf> = subject.files.iter().map(|file| seen.join(file)).collect();
    let directory = files.first().and_then(|file| file.parent()).unwrap_or(seen).to_owned();
    let variables = shadow.and_then(Shadow::variables);
    let env_files = variables.into_iter().chain(stand_ins.env_files().iter().map(|file| seen.join(file))).collect();
    ConfigCall { directory, files, env_files }
}
