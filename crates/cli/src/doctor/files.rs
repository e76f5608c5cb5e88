//! Whether Compose accepts the files; what it makes of them is what the other checks look at.

use compose_model::{Environment, ResolvedModel};
use diagnostics::{Diagnostic, Remedy};
use docker::Compose;

use super::{Subject, failure, pass, unknown};
use crate::model;

/// A rejection that only comes of an env file that is missing is told by the check of env files.
pub(super) fn check(
    compose: Option<&Compose>,
    subject: Subject<'_>,
) -> (Option<Diagnostic>, Option<ResolvedModel>) {
    let Subject {
        checkout,
        environment: Environment { name, .. },
        ..
    } = subject;
    let Some(compose) = compose else {
        let says = format!("{name}: files and ports were not looked at without Compose");
        return (Some(unknown("files", says)), None);
    };
    match model::resolve(compose, checkout, subject.environment) {
        Ok(resolved) => {
            let says = match &resolved.shape_only {
                Some(why) => format!("{name}: Compose accepts the files, in shape only: {why}"),
                None => format!("{name}: Compose accepts the files"),
            };
            (Some(pass("files", says)), Some(resolved.model))
        }
        Err(words) => {
            let says = format!(
                "{name}: Compose rejects the files: {}",
                words.lines().next().unwrap_or_default()
            );
            let see = Remedy::command("", &["verify", "--environment", name]);
            (Some(failure("files", says, see)), None)
        }
    }
}
