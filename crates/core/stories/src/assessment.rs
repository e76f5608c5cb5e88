//! What a change finds in an environment.

use compose_edit::{NewValue, Path};

use crate::conflict::Conflict;
use crate::op::append::Append;
use crate::op::insert::Insert;
use crate::{Operation, Question};

/// What a change finds in one environment.
#[derive(Clone, Debug)]
pub enum Assessment {
    /// The view says so already; where.
    Satisfied(Vec<Path>),
    /// What is still to be said.
    Wanted(Vec<Want>),
    /// Something else stands there; a person decides.
    Conflict(Conflict),
    /// Something must be known that no file says; a person answers.
    Question(Box<Question>),
    /// There is nothing the change could be about; why.
    NotApplicable(String),
}

/// One thing that the view of an environment shall say.
#[derive(Clone, Debug)]
pub struct Want {
    /// The service it belongs to: its first definition decides which file is edited.
    pub service: String,
    /// Where the view shall say it.
    pub at: Path,
    /// What it shall say.
    pub what: Wanted,
}

/// What a [`Want`] shall say. For all but an edit the file is chosen, for all environments that
/// want it together.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A mapping's entry: `at` ends in its key. A map is added key by key where environments
    /// differ.
    Entry(NewValue),
    /// One more item of the list at `at`.
    Item(String),
    /// An edit of what stands in a file, which it names.
    Edit(Operation),
}

/// Something to tell beside an assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A value that nothing states; the person should look at it.
    Guess(String),
    /// Where a value was found.
    Source(String),
    /// A health probe that nothing has run yet.
    Unproved(Probe),
    /// A step that cannot be taken back in the data.
    OneWay(String),
}

impl Want {
    /// What the view shall say, as a line of YAML.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.what {
            Wanted::Entry(value) => {
                Operation::from(Insert::new("", self.at.clone(), value.clone())).describe()
            }
            Wanted::Item(item) => {
                Operation::from(Append::new("", self.at.clone(), item.as_str().into())).describe()
            }
            Wanted::Edit(operation) => operation.describe(),
        }
    }
}

impl Assessment {
    /// What several services of one environment add up to: the first conflict, else all that is
    /// wanted.
    pub(crate) fn all(found: Vec<Self>) -> Self {
        let (mut evidence, mut wants) = (Vec::new(), Vec::new());
        for assessment in found {
            match assessment {
                Self::Satisfied(paths) => evidence.extend(paths),
                Self::Wanted(more) => wants.extend(more),
                other => return other,
            }
        }
        if wants.is_empty() {
            Self::Satisfied(evidence)
        } else {
            Self::Wanted(wants)
        }
    }
}

/// A health probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The environment it is written for.
    pub environment: String,
    /// The service that it probes.
    pub service: String,
    /// The command as `exec` takes it.
    pub command: Vec<String>,
}
