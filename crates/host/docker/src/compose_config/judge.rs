//! What Compose's answers mean.

use std::time::Duration;

use diagnostics::redact::Secrets;
use system::process::{Output, RunError};

use super::prepared::Prepared;
use super::sources::text_of;
use super::words::Words;
use super::{CheckError, Model, Verdict};

impl Prepared<'_> {
    /// What the answers mean, given in the order of the calls.
    pub fn judge(&self, outputs: Vec<Result<Output, RunError>>) -> Result<Verdict, CheckError> {
        let mut accepted = Vec::new();
        for output in outputs {
            accepted.push(self.accepted(output)?);
        }
        let took = accepted
            .iter()
            .map(|output| output.took)
            .max()
            .unwrap_or(Duration::ZERO);
        let mut warnings = Vec::new();
        for warning in accepted
            .iter()
            .flat_map(|output| self.words(&output.stderr).warnings)
        {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        let model = self.model(accepted.first())?;
        Ok(Verdict {
            model,
            warnings,
            took,
            shape_only: self.stand_ins.why(),
        })
    }

    fn accepted(&self, output: Result<Output, RunError>) -> Result<Output, CheckError> {
        let output = output.map_err(|error| self.no_answer(error))?;
        match (output.truncated, output.success) {
            (true, _) => Err(self.garbage(&output.stdout)),
            (false, true) => Ok(output),
            (false, false) => {
                let environment = self.environment();
                Err(match output.signal {
                    Some(signal) => CheckError::Killed {
                        environment,
                        signal,
                    },
                    None => CheckError::Rejected {
                        environment,
                        words: self.rejection(&output),
                    },
                })
            }
        }
    }

    fn no_answer(&self, error: RunError) -> CheckError {
        let environment = self.environment();
        let (doing, source) = match error {
            RunError::TimedOut { after, .. } => return CheckError::TimedOut { environment, after },
            RunError::Start { source, .. } => ("Compose cannot be started", source),
            RunError::Io { source, .. } => ("Compose's answer cannot be read", source),
        };
        CheckError::Io {
            environment,
            doing: doing.to_owned(),
            source,
        }
    }

    fn environment(&self) -> String {
        self.subject.environment.name.clone()
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
        if said.trim().is_empty() {
            return Words::default();
        }
        let secrets = self.secrets.get_or_init(|| self.find_secrets());
        Words::of(&secrets.redact(&self.strip(said)), &self.root)
    }

    /// Those of the Compose files and of all env files.
    fn find_secrets(&self) -> Secrets {
        let env_files = self
            .stand_ins
            .env_files()
            .iter()
            .cloned()
            .chain(self.sources.needed_files());
        let env_files = env_files.chain(self.sources.included_env_files().cloned());
        let env_texts = env_files.filter_map(|path| text_of(&self.subject, &path));
        let no_yaml = self.sources.texts_of_no_yaml().map(str::to_owned);
        Secrets::of_files(self.sources.documents()).and(Secrets::of(env_texts.chain(no_yaml)))
    }

    fn model(&self, output: Option<&Output>) -> Result<Model, CheckError> {
        let stdout = output.map_or(&[][..], |output| &output.stdout);
        let mut model = serde_json::from_slice(stdout).map_err(|_| self.garbage(stdout))?;
        if let Some(shadow) = &self.shadow {
            strip_prefix(&mut model, shadow.prefix());
        }
        Ok(model)
    }

    fn garbage(&self, stdout: &[u8]) -> CheckError {
        let beginning = String::from_utf8_lossy(&stdout[..stdout.len().min(4096)]);
        let first = beginning
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let first_line = self.words(first).problem.chars().take(200).collect();
        CheckError::Garbage {
            environment: self.environment(),
            first_line,
        }
    }

    fn strip(&self, text: &str) -> String {
        self.shadow.as_ref().map_or_else(
            || text.to_owned(),
            |shadow| text.replace(shadow.prefix(), ""),
        )
    }
}

fn strip_prefix(value: &mut Model, prefix: &str) {
    match value {
        Model::String(text) if text.contains(prefix) => *text = text.replace(prefix, ""),
        Model::Array(items) => items.iter_mut().for_each(|item| strip_prefix(item, prefix)),
        Model::Object(entries) => entries
            .values_mut()
            .for_each(|value| strip_prefix(value, prefix)),
        _ => {}
    }
}
