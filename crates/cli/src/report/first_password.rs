//! A server that may have another password than the files say: that of its first start.

use diagnostics::Remedy;
use serde::Serialize;

use super::not_done::offer;
use crate::commands::Session;
use crate::screen::Screen;
use crate::standing::FirstPassword;

/// The same for programs.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct FirstPasswordDocument<'f> {
    /// Its service.
    service: &'f str,
    /// The volume of its data, which was there before.
    volume: &'f str,
    /// The variable that had an effect at the first start alone.
    variable: &'f str,
}

impl<'f> From<&'f FirstPassword> for FirstPasswordDocument<'f> {
    fn from(first: &'f FirstPassword) -> Self {
        Self {
            service: &first.service,
            volume: &first.volume,
            variable: &first.variable,
        }
    }
}

/// Tells of a password that a variable does not set any more.
pub(super) fn tell(session: &Session, environment: &str, first: &FirstPassword) {
    let FirstPassword {
        service,
        volume,
        variable,
        change,
    } = first;
    let why = format!(
        "A log-in at {service} was refused. Its volume {volume} was there before this start and \
         keeps the password of the first one; a {variable} that was changed since sets nothing."
    );
    for line in Screen::wrap_behind("  ", &why) {
        session.screen.talk(line);
    }
    if let Some(words) = change {
        let mut command = vec!["compose", environment, "--", "exec", service];
        command.extend(words.iter().map(String::as_str));
        offer(session, &[Remedy::command("Set it in the data", &command)]);
    }
}
