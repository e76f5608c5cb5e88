//! Whether Compose accepts the files; what it makes of them is what the other checks look at.

use docker::Compose;
use docker::compose_config::Model;

use super::{Finding, Place};
use crate::model;

/// A rejection that only comes of an env file that is missing is told by the check of env files.
pub(super) fn check(compose: Option<&Compose>, place: Place<'_>) -> (Option<Finding>, Option<Model>) {
    let Place { checkout, environment, .. } = place;
    let Some(compose) = compose else {
        let says = format!("{environment}: files and ports were not looked at without Compose");
        return (Some(Finding::unknown("files", says)), None);
    };
    match model::resolve(compose, checkout, environment) {
        Ok(resolved) => {
            let says = match &resolved.shape_only {
                Some(why) => format!("{environment}: Compose accepts the files, in shape only: {why}"),
                None => format!("{environment}: Compose accepts the files"),
            };
            (Some(Finding::ok("files", says)), Some(resolved.model))
        }
        Err(words) => {
            let says =
                format!("{environment}: Compose rejects the files: {}", words.lines().next().unwrap_or_default());
            (Some(Finding::fail("files", says, place.command("verify", ""))), None)
        }
    }
}
