//! Who chooses the engine: what of this shell or this machine leads the client to it, and how that
//! is taken back.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use system::regular_file;

/// Who chooses the engine, in the client's own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `DOCKER_HOST` of the shell, without a password.
    Host(String),
    /// `DOCKER_CONTEXT` of the shell.
    Context(String),
    /// The context that the client's configuration says to use.
    Configured(String),
    /// Nobody: the engine of this machine.
    Usual,
}

impl Endpoint {
    /// Who chooses it here and now.
    #[must_use]
    pub fn chosen() -> Self {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(host) = set("DOCKER_HOST") {
            return Self::Host(without_password(&host));
        }
        if let Some(context) = set("DOCKER_CONTEXT") {
            return if context == "default" {
                Self::Usual
            } else {
                Self::Context(context)
            };
        }
        let configuration = env::var_os("DOCKER_CONFIG").map(PathBuf::from);
        let folder =
            configuration.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".docker")));
        let context = folder.and_then(|folder| configured(&folder.join("config.json")));
        context.map_or(Self::Usual, Self::Configured)
    }

    /// Whether nobody chose it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::Usual
    }

    /// What leads back to the engine of this machine; none where nothing leads away from it.
    #[must_use]
    pub fn reset(&self) -> Option<&'static str> {
        match self {
            Self::Host(_) => Some("unset DOCKER_HOST"),
            Self::Context(_) => Some("unset DOCKER_CONTEXT"),
            Self::Configured(_) => Some("docker context use default"),
            Self::Usual => None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(f, "DOCKER_HOST={host} of this shell"),
            Self::Context(context) => write!(f, "DOCKER_CONTEXT={context} of this shell"),
            Self::Configured(context) => {
                write!(f, "the context {context} of docker's configuration")
            }
            Self::Usual => f.write_str("the engine of this machine"),
        }
    }
}

fn configured(file: &Path) -> Option<String> {
    let configuration: Value = serde_json::from_slice(&regular_file::bytes(file).ok()?).ok()?;
    let context = configuration.get("currentContext")?.as_str()?;
    (!context.is_empty() && context != "default").then(|| context.to_owned())
}

/// `ssh://user:word@host` without the word.
fn without_password(host: &str) -> String {
    let Some((scheme, rest)) = host.split_once("://") else {
        return host.to_owned();
    };
    match rest.split_once('@') {
        Some((user, place)) => format!(
            "{scheme}://{}@{place}",
            user.split(':').next().unwrap_or_default()
        ),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        assert_eq!(
            without_password("ssh://me:fixture-word@host"),
            "ssh://me@host"
        );
        assert_eq!(
            without_password("tcp://10.0.0.1:2375"),
            "tcp://10.0.0.1:2375"
        );
    }

    #[test]
    fn a_configured_context_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        for (text, found) in [
            (r#"{"currentContext": "colima"}"#, Some("colima")),
            (r#"{"currentContext": "default"}"#, None),
            ("{}", None),
            ("broken", None),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(configured(&file).as_deref(), found, "{text}");
        }
        assert_eq!(configured(Path::new("/nowhere/config.json")), None);
    }
}
