//! Who checks: Docker Compose where it is installed, else the embedded checker, and every report
//! says which.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use compose_edit::Path as NodePath;
use compose_model::{Difference, Environment};
use diagnostics::Diagnostic;
use docker::compose_config::{CheckError, Model, Subject};
use docker::{Compose, NoCompose, compose_config};
use stories::{Context, Stack};
use transaction::Digest;

use crate::checkout::Checkout;
use crate::cli::CheckerChoice;

/// The variable that sets how long one check may take.
const TIME_LIMIT: &str = "COMPOSE_STORIES_CHECK_SECONDS";

/// Who checks.
#[derive(Clone, Debug)]
pub enum Checker {
    /// The real one.
    Docker(Compose),
    /// Our own table of the specification; no Compose is needed.
    Embedded,
}

/// A checker as it was chosen.
#[derive(Debug)]
pub struct Chosen {
    /// Who checks.
    pub checker: Checker,
    /// Why the embedded checker takes the place of Docker's, where it does and nobody chose it.
    pub instead_of: Option<NoCompose>,
}

/// What an environment resolves to, as its checker sees it. Compared, never stored: it holds
/// resolved secrets.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Docker's model.
    Docker(Box<Model>),
    /// The view; its comparison is part of every story's proof.
    Embedded,
}

/// An environment that a checker accepts.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The environment.
    pub environment: String,
    /// What it resolves to.
    pub resolved: Resolved,
    /// How long the check took.
    pub took: Duration,
    /// Why only the shape was checked, not the values.
    pub shape_only: Option<String>,
    /// The checker's warnings.
    pub warnings: Vec<String>,
}

/// How it is known that a checker accepts an environment.
#[derive(Clone, Debug)]
pub enum Passed {
    /// It was checked now.
    Checked(Accepted),
    /// It passed on this machine before, with the same bytes; its name. What it resolves to is not
    /// remembered.
    Remembered(String),
}

impl Passed {
    /// The environment.
    #[must_use]
    pub fn environment(&self) -> &str {
        match self {
            Self::Checked(one) => &one.environment,
            Self::Remembered(environment) => environment,
        }
    }

    /// Why only the shape was checked, not the values; such a check is never remembered.
    #[must_use]
    pub fn shape_only(&self) -> Option<&str> {
        match self {
            Self::Checked(one) => one.shape_only.as_deref(),
            Self::Remembered(_) => None,
        }
    }
}

/// An environment that a checker does not accept.
#[derive(Debug)]
pub struct NotAccepted {
    /// The environment.
    pub environment: String,
    /// The checker's words, redacted.
    pub words: String,
    /// Each fault by itself, where the checker tells them so; Compose has words alone.
    pub findings: Vec<Diagnostic>,
    /// Whether the checker judged the files; otherwise it gave no answer.
    pub judged: bool,
}

impl Checker {
    /// The checker that was chosen.
    ///
    /// # Errors
    /// [`NoCompose`] when Docker Compose was chosen and is not installed; a time limit that is
    /// none.
    pub fn choose(choice: CheckerChoice) -> anyhow::Result<Chosen> {
        let found = match choice {
            CheckerChoice::Embedded => {
                return Ok(Chosen {
                    checker: Self::Embedded,
                    instead_of: None,
                });
            }
            CheckerChoice::Docker => Compose::find()?,
            CheckerChoice::Auto => match Compose::find() {
                Ok(compose) => compose,
                Err(why) => {
                    return Ok(Chosen {
                        checker: Self::Embedded,
                        instead_of: Some(why),
                    });
                }
            },
        };
        let checker = Self::Docker(match time_limit()? {
            Some(limit) => found.with_time_limit(limit),
            None => found,
        });
        Ok(Chosen {
            checker,
            instead_of: None,
        })
    }

    /// Checks environments side by side, with a stack's texts in place of the disk's. The answers
    /// keep the order.
    pub fn check(
        &self,
        checkout: &Checkout,
        stack: &Stack,
        environments: &[Environment],
    ) -> Vec<Result<Accepted, NotAccepted>> {
        match self {
            Self::Embedded => environments
                .iter()
                .map(|own| embedded(stack, &own.name))
                .collect(),
            Self::Docker(compose) => {
                let drafts = drafts(checkout, stack);
                let subjects: Vec<_> = environments
                    .iter()
                    .map(|own| subject(checkout, stack, own, &drafts))
                    .collect();
                let verdicts = compose.check_all(&subjects);
                verdicts
                    .into_iter()
                    .zip(environments)
                    .map(|(verdict, own)| accepted(&own.name, verdict))
                    .collect()
            }
        }
    }

    /// The key under which a passed check of an environment is remembered; none for the embedded
    /// checker, which is fast.
    #[must_use]
    pub fn key(&self, checkout: &Checkout, environment: &Environment) -> Option<String> {
        let Self::Docker(compose) = self else {
            return None;
        };
        let drafts = BTreeMap::new();
        let subject = subject(checkout, &checkout.stack, environment, &drafts);
        let files = &checkout.stack.files;
        let others: Vec<_> = checkout
            .stack
            .files_of(&environment.name)
            .into_iter()
            .map(|path| (path, files[path].text()))
            .collect();
        Some(compose_config::key(compose.version(), &subject, &others))
    }
}

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Docker(compose) => write!(f, "docker compose {}", compose.version()),
            Self::Embedded => f.write_str("embedded checker"),
        }
    }
}

/// The paths at which two resolved environments differ.
#[must_use]
pub fn differences(before: &Resolved, after: &Resolved) -> Vec<Difference> {
    match (before, after) {
        (Resolved::Docker(before), Resolved::Docker(after)) => {
            compose_config::differences(before, after)
        }
        _ => Vec::new(),
    }
}

/// Whether an entry at top level, as `volumes.data`, is in one of two resolved environments alone:
/// Compose leaves out what no service uses.
#[must_use]
pub fn comes_into_use(before: &Resolved, after: &Resolved, entry: &NodePath) -> bool {
    match (before, after) {
        (Resolved::Docker(before), Resolved::Docker(after)) => {
            compose_config::has(before, entry) != compose_config::has(after, entry)
        }
        _ => false,
    }
}

/// The time limit of a check that `COMPOSE_STORIES_CHECK_SECONDS` sets.
fn time_limit() -> anyhow::Result<Option<Duration>> {
    let Some(set) = std::env::var_os(TIME_LIMIT) else {
        return Ok(None);
    };
    let seconds = set
        .to_str()
        .and_then(|text| text.parse::<f64>().ok())
        .filter(|seconds| *seconds > 0.0);
    match seconds.map(Duration::try_from_secs_f64) {
        Some(Ok(limit)) => Ok(Some(limit)),
        _ => anyhow::bail!(
            "{TIME_LIMIT} is {set:?}; set it to a number of seconds, such as 30, or unset it"
        ),
    }
}

/// The texts that differ from what was read from disk.
pub(crate) fn drafts(checkout: &Checkout, stack: &Stack) -> BTreeMap<String, String> {
    let differs = |path: &str, text: &str| checkout.digests.get(path) != Some(&Digest::of(text));
    let texts = stack
        .files
        .iter()
        .map(|(path, document)| (path, document.text()));
    texts
        .filter(|(path, text)| differs(path, text))
        .map(|(path, text)| (path.clone(), text.to_owned()))
        .collect()
}

/// The question about an environment.
pub(crate) fn subject<'a>(
    checkout: &'a Checkout,
    stack: &'a Stack,
    environment: &'a Environment,
    drafts: &'a BTreeMap<String, String>,
) -> Subject<'a> {
    let profiles = stack
        .view(&environment.name)
        .services()
        .any(|service| service.get("profiles").is_some());
    Subject {
        root: &checkout.root,
        environment,
        loaded: &stack.files,
        drafts,
        profiles,
    }
}

fn accepted(
    environment: &str,
    verdict: Result<compose_config::Verdict, CheckError>,
) -> Result<Accepted, NotAccepted> {
    let environment = environment.to_owned();
    match verdict {
        Ok(compose_config::Verdict {
            model,
            warnings,
            took,
            shape_only,
        }) => Ok(Accepted {
            environment,
            resolved: Resolved::Docker(Box::new(model)),
            took,
            shape_only,
            warnings,
        }),
        Err(CheckError::Rejected { words, .. }) => Err(NotAccepted {
            environment,
            words,
            findings: Vec::new(),
            judged: true,
        }),
        Err(error) => Err(NotAccepted {
            environment,
            words: format!("{:#}", anyhow::Error::from(error)),
            findings: Vec::new(),
            judged: false,
        }),
    }
}

fn embedded(stack: &Stack, environment: &str) -> Result<Accepted, NotAccepted> {
    let start = Instant::now();
    let cx = Context::new(stack, environment);
    let of_shell = |name: &str| docker::profiles_of_shell().filter(|_| name == "COMPOSE_PROFILES");
    let findings = compose_validate::check(cx.view, &stack.files, &of_shell);
    let environment = environment.to_owned();
    if findings.is_empty() {
        let (resolved, took) = (Resolved::Embedded, start.elapsed());
        return Ok(Accepted {
            environment,
            resolved,
            took,
            shape_only: None,
            warnings: Vec::new(),
        });
    }
    let lines: Vec<_> = findings.iter().map(Diagnostic::in_one_line).collect();
    let of_environment = |finding: Diagnostic| finding.of(&environment);
    Err(NotAccepted {
        words: lines.join("\n"),
        findings: findings.into_iter().map(of_environment).collect(),
        environment,
        judged: true,
    })
}
