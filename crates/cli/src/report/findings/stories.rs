//! Where stories stand.

use diagnostics::invocation::TO_WRITE;
use diagnostics::{Diagnostic, Evidence, Location, Remedy, Severity};
use stories::{Conflict, Drift, State};

use super::super::{Cell, Row, listed, question, rows::short};

/// A diagnostic for each story in each environment. How bad it is that something is not applied or
/// not recorded yet is the command's to say; what was recorded and does not hold is always an
/// error. `choice` is which environments and stories were named, for the commands that are offered.
pub(in crate::report) fn of_rows(
    rows: &[Row],
    open: Severity,
    choice: &[String],
) -> Vec<Diagnostic> {
    rows.iter()
        .flat_map(|row| {
            row.cells.iter().map(move |cell| {
                of_cell(row, cell, open).with_remedies(remedies(&row.id, cell, choice))
            })
        })
        .collect()
}

fn of_cell(row: &Row, cell: &Cell, open: Severity) -> Diagnostic {
    let (rule, severity) = match &cell.state {
        State::Adopted {
            recorded: false, ..
        } => ("unrecorded", open),
        State::Applied | State::Adopted { .. } => (cell.state.id(), Severity::Pass),
        State::NotApplicable(_) | State::Skipped(_) => (cell.state.id(), Severity::NotApplicable),
        State::Pending(_) | State::Waiting(_) | State::Conflict(_) | State::Question(_) => {
            (cell.state.id(), open)
        }
        State::Drifted(_) | State::Edited { .. } => (cell.state.id(), Severity::Error),
    };
    let (message, location) = message(cell);
    Diagnostic::new(
        format!("story-{rule}"),
        severity,
        format!("{} {}", row.id, row.title),
        message,
    )
    .of(&cell.environment)
    .at(location)
    .with_evidence(evidence(&cell.state))
}

fn message(cell: &Cell) -> (String, Option<Location>) {
    let name = cell.state.name();
    match &cell.state {
        State::Drifted(drifts) => {
            let what: Vec<_> = drifts.iter().map(|drift| drift.what.clone()).collect();
            (
                format!("{name}: {}", listed(&what)),
                drifts.first().and_then(|drift| Location::parse(&drift.at)),
            )
        }
        State::Conflict(conflict) => (
            format!("{name}: {}", conflict.why),
            Location::parse(&conflict.at),
        ),
        State::Question(question) => (
            format!("{name}: {}", question.asks),
            Location::parse(&question.at),
        ),
        State::Edited { recorded, current } => (
            format!(
                "{name}: recorded as {}, the story is now {}",
                short(recorded),
                short(current)
            ),
            None,
        ),
        _ => {
            // Some say the state themselves, for a table has them in a line of their own.
            let told = format!("{name}: ");
            let details = cell.details().into_iter();
            let details: Vec<_> = details
                .map(|one| one.strip_prefix(&told).map(str::to_owned).unwrap_or(one))
                .collect();
            let details = if details.is_empty() {
                String::new()
            } else {
                format!(": {}", details.join("; "))
            };
            (format!("{name}{details}"), None)
        }
    }
}

fn evidence(state: &State) -> Vec<Evidence> {
    let seen = |what: &str, seen: &str| Evidence {
        what: what.to_owned(),
        seen: seen.to_owned(),
    };
    match state {
        State::Drifted(drifts) => {
            let expected = drifts.iter().filter_map(|drift| drift.expected.as_deref());
            expected
                .map(|expected| seen("expected there", expected))
                .collect()
        }
        State::Conflict(conflict) => vec![
            seen("found", &conflict.stands),
            seen("expected", &conflict.wanted),
        ],
        State::Question(question) => question::evidence(question),
        _ => Vec::new(),
    }
}

fn remedies(id: &str, cell: &Cell, choice: &[String]) -> Vec<Remedy> {
    let of = StoryAt {
        id,
        environment: &cell.environment,
        service: cell.worst().and_then(|place| place.service()),
    };
    let migrate = |label: &str, flags: &[&str]| {
        let words = ["migrate"].iter().chain(flags).copied();
        let words: Vec<_> = words.chain(choice.iter().map(String::as_str)).collect();
        Remedy::command(label, &words)
    };
    match &cell.state {
        State::Pending(_) | State::Waiting(_) => vec![migrate("Apply it", &[])],
        State::Adopted {
            recorded: false, ..
        } => vec![migrate("Record it", &[])],
        State::Drifted(drifts) => drift_remedies(of, drifts, migrate("", &["--reapply"])),
        State::Edited { .. } => vec![Remedy::advice("", RELEASED)],
        State::Conflict(conflict) => conflict_remedies(of, conflict),
        State::Question(question) => {
            let take = migrate(question::TAKE_THE_GUESS, &["--accept-guesses"]);
            question::remedies(question, take)
        }
        _ => Vec::new(),
    }
}

/// What to do about a story that was changed after it was recorded.
pub(in crate::report) const RELEASED: &str =
    "A released story is never changed: give the change an id of its own, or restore the story.";

/// Leave it out, or let the story bring it again, if nothing else stands in its place.
pub(in crate::report) fn drift_remedies(
    of: StoryAt<'_>,
    drifts: &[Drift],
    again: Remedy,
) -> Vec<Remedy> {
    let mistake = || Remedy {
        label: "It was a mistake".to_owned(),
        ..again
    };
    let meant = of.skip("It is meant so");
    let can_return = drifts.iter().all(|drift| drift.can_return);
    [meant]
        .into_iter()
        .chain(can_return.then(mistake))
        .collect()
}

/// Leave what stands, or take the story's side.
pub(in crate::report) fn conflict_remedies(of: StoryAt<'_>, conflict: &Conflict) -> Vec<Remedy> {
    vec![
        of.skip("Keep what stands"),
        Remedy::advice("Take the story's", conflict.settle.as_str()),
    ]
}

/// Go on in the environments that the conflict is not in.
pub(in crate::report) fn apply_apart(id: &str, apart: &[String]) -> Option<Remedy> {
    let label = format!("Apply it in {} alone", listed(apart));
    (!apart.is_empty()).then(|| Remedy::command(label, &apply_in(id, apart)))
}

/// The arguments of `migrate` for one story in some environments alone.
pub(in crate::report) fn apply_in<'a>(id: &'a str, environments: &'a [String]) -> Vec<&'a str> {
    let named = environments
        .iter()
        .flat_map(|name| ["--environment", name.as_str()]);
    ["migrate", "--only", id].into_iter().chain(named).collect()
}

/// A story in an environment, at the places of one service alone where one is named.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct StoryAt<'a> {
    /// The story's id.
    pub(in crate::report) id: &'a str,
    /// The environment.
    pub(in crate::report) environment: &'a str,
    /// The service.
    pub(in crate::report) service: Option<&'a str>,
}

impl StoryAt<'_> {
    /// Does without it there.
    fn skip(self, label: &str) -> Remedy {
        Remedy::command(label, &skip_in(self.id, [self.environment], self.service))
    }
}

/// The arguments of `skip` for a story in some environments alone, in all of them where none is
/// named, and at the places of one service alone where one is.
pub(crate) fn skip_in<'a>(
    id: &'a str,
    environments: impl IntoIterator<Item = &'a str>,
    service: Option<&'a str>,
) -> Vec<&'a str> {
    let environments = environments.into_iter();
    let named = environments.flat_map(|name| ["--environment", name]);
    let service = service.into_iter().flat_map(|name| ["--service", name]);
    let words = ["skip", id].into_iter().chain(named).chain(service);
    words.chain(["--reason", TO_WRITE]).collect()
}
