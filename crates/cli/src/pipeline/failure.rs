//! Why a story was not applied, with all that a person needs to go on.

use docker::engine::{EngineError, Held};
use stories::Conflict;
use stories::{Drift, Edited, Place, Question, Refusal, Story, StoryId};
use system::interrupt;
use system::interrupt::Interrupted;
use transaction::TransactionError;

use super::FileChange;
use crate::checker::{Checker, NotAccepted};
use crate::exit::Exit;
use crate::git::{GitUnavailable, Obstacle};

/// Why a story is not applied, or why a run stops. Files and ledger are as after the story before.
#[derive(Debug)]
pub struct Failure {
    /// The story, unless the fault was there before any.
    pub story: Option<(StoryId, String)>,
    /// The environment, where it is one's fault.
    pub environment: Option<String>,
    /// The place, where the story has others, which it does not stop.
    pub place: Option<Box<Place>>,
    /// What failed.
    pub step: Box<Step>,
}

/// What failed.
#[derive(Debug)]
pub enum Step {
    /// The checker rejects the files as they are, before any story.
    Start {
        /// Who says so.
        checker: String,
        /// Its words, redacted.
        words: String,
        /// Whether it judged; otherwise it gave no answer.
        judged: bool,
    },
    /// A person must decide.
    Conflict {
        /// What stands in the way.
        conflict: Box<Conflict>,
        /// Where the story could be applied by itself.
        apart: Vec<String>,
    },
    /// A person must answer.
    Question {
        /// What is asked.
        question: Box<Question>,
        /// Where the story could be applied by itself.
        apart: Vec<String>,
    },
    /// What was recorded is gone.
    Drifted(Vec<Drift>),
    /// The story is another than the one that was recorded.
    Edited {
        /// The record's checksum.
        recorded: String,
        /// The story's.
        current: String,
    },
    /// The story cannot be applied here.
    Refused {
        /// Why.
        refusal: Box<Refusal>,
        /// The environments in which it was to be applied; empty where those are all.
        environments: Vec<String>,
    },
    /// The checker rejects the draft.
    Rejected {
        /// Who says so.
        checker: String,
        /// Its words, redacted.
        words: String,
        /// Whether it judged; otherwise it gave no answer.
        judged: bool,
        /// The draft.
        diff: Vec<FileChange>,
    },
    /// The resolved models differ in more than the story declares.
    Stray {
        /// Where.
        paths: Vec<String>,
        /// The draft.
        diff: Vec<FileChange>,
    },
    /// A container holds data that the story's volume would hide.
    Data {
        /// The service.
        service: String,
        /// Where in the container.
        target: String,
        /// What holds it, or why that could not be seen.
        held: Result<Held, EngineError>,
    },
    /// A file could not be written.
    Write(TransactionError),
    /// Another run has written here since the files were read; they are to be read again.
    Overtaken,
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// What the story wrote was edited since; reverting would take that back too.
    EditedSince(Vec<Edited>),
    /// The data does not go back with the files; why.
    OneWay(Vec<String>),
    /// The record has no text.
    Record(String),
    /// Git calls files modified that would be written.
    Dirty(Vec<String>),
    /// What a plan was made from has changed since.
    Outdated(Vec<String>),
    /// Git does not say which files are modified; its words.
    GitUnavailable(String),
    /// Git does not say whether it ignores a file that would be written.
    PerhapsIgnored {
        /// The path of the file, from the root of the checkout.
        file: String,
        /// Its words.
        words: String,
    },
    /// Git would not commit; nothing is written yet.
    NoCommit(Obstacle),
    /// Stories were applied or taken back and that is not committed: it would get into another
    /// story's commit.
    Uncommitted {
        /// Those that were applied.
        applied: Vec<String>,
        /// Those that were taken back.
        reverted: Vec<String>,
        /// What commits them.
        command: String,
    },
    /// The story is written, and git does not commit it.
    Git {
        /// Its words.
        words: String,
        /// What commits it.
        command: String,
    },
}

impl Failure {
    fn of(story: &Story, environment: Option<&str>, step: Step) -> Self {
        let story = Some((story.id.clone(), story.title.clone()));
        Self {
            story,
            environment: environment.map(str::to_owned),
            place: None,
            step: Box::new(step),
        }
    }

    /// The failure as one of a single place.
    pub(crate) fn at(self, place: Option<Place>) -> Self {
        let place = place.map(Box::new);
        Self { place, ..self }
    }

    /// The service to name to a command that is to be about this place alone.
    pub(crate) fn service(&self) -> Option<&str> {
        self.place.as_deref().and_then(Place::service)
    }

    /// Whether it is of a story, as a whole or at a place.
    pub(crate) fn is_of(&self, story: &StoryId) -> bool {
        self.story.as_ref().is_some_and(|(own, _)| own == story)
    }

    pub(super) fn conflict(
        story: &Story,
        environment: &str,
        conflict: Box<Conflict>,
        apart: Vec<String>,
    ) -> Self {
        Self::of(story, Some(environment), Step::Conflict { conflict, apart })
    }

    pub(super) fn question(
        story: &Story,
        environment: &str,
        question: Box<Question>,
        apart: Vec<String>,
    ) -> Self {
        Self::of(story, Some(environment), Step::Question { question, apart })
    }

    pub(super) fn drifted(story: &Story, environment: &str, drifts: Vec<Drift>) -> Self {
        Self::of(story, Some(environment), Step::Drifted(drifts))
    }

    pub(super) fn edited(story: &Story, recorded: String, current: String) -> Self {
        Self::of(story, None, Step::Edited { recorded, current })
    }

    /// `environments` are those in which it was to be applied, empty where those are all.
    pub(super) fn refused(story: &Story, refusal: Refusal, environments: Vec<String>) -> Self {
        match refusal {
            Refusal::Conflict {
                environment,
                conflict,
            } => Self::conflict(story, &environment, conflict, Vec::new()),
            Refusal::Question {
                environment,
                question,
            } => Self::question(story, &environment, question, Vec::new()),
            refusal => {
                let refusal = Box::new(refusal);
                let step = Step::Refused {
                    refusal,
                    environments,
                };
                Self::of(story, None, step)
            }
        }
    }

    pub(super) fn start(checker: &Checker, not: NotAccepted) -> Self {
        let NotAccepted {
            environment,
            words,
            judged,
            ..
        } = not;
        let step = Box::new(Step::Start {
            checker: checker.to_string(),
            words,
            judged,
        });
        Self {
            story: None,
            environment: Some(environment),
            place: None,
            step,
        }
    }

    pub(super) fn rejected(
        story: &Story,
        not: NotAccepted,
        diff: Vec<FileChange>,
        checker: &Checker,
    ) -> Self {
        let NotAccepted {
            environment,
            words,
            judged,
            ..
        } = not;
        Self::of(
            story,
            Some(&environment),
            Step::Rejected {
                checker: checker.to_string(),
                words,
                judged,
                diff,
            },
        )
    }

    pub(super) fn stray(
        story: &Story,
        environment: &str,
        paths: &[String],
        diff: Vec<FileChange>,
    ) -> Self {
        Self::of(
            story,
            Some(environment),
            Step::Stray {
                paths: paths.to_vec(),
                diff,
            },
        )
    }

    pub(crate) fn data(
        story: &Story,
        environment: &str,
        service: String,
        target: String,
        held: Result<Held, EngineError>,
    ) -> Self {
        Self::of(
            story,
            Some(environment),
            Step::Data {
                service,
                target,
                held,
            },
        )
    }

    pub(super) fn write(story: &Story, error: TransactionError) -> Self {
        match error {
            TransactionError::Interrupted(_) => Self::before_any(Step::Interrupted),
            error => Self::of(story, None, Step::Write(error)),
        }
    }

    /// An interruption where the failure only came of one, else the failure itself.
    pub(crate) fn or_interrupted(self) -> Self {
        let is_write = matches!(*self.step, Step::Write(_));
        if interrupt::is_requested() && !is_write {
            Self::before_any(Step::Interrupted)
        } else {
            self
        }
    }

    /// Whether it stops its story alone, and those that need it: the stack is valid without, and
    /// the fault is none of the machine's, of another run's or of this tool's.
    pub(crate) fn is_of_its_story(&self) -> bool {
        let is_judged = matches!(
            &*self.step,
            Step::Conflict { .. }
                | Step::Question { .. }
                | Step::Drifted(_)
                | Step::Edited { .. }
                | Step::Refused { .. }
                | Step::Rejected { judged: true, .. }
                | Step::Data { .. }
        );
        is_judged && self.story.is_some()
    }

    /// Whether the files are to be read again.
    pub(crate) fn is_overtaken(&self) -> bool {
        matches!(*self.step, Step::Overtaken)
    }

    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        match &*self.step {
            Step::Write(TransactionError::Busy { .. }) => Exit::Locked,
            Step::Interrupted => Exit::Interrupted,
            Step::GitUnavailable(_) | Step::PerhapsIgnored { .. } => Exit::Usage,
            _ => Exit::Findings,
        }
    }

    pub(crate) fn git(story: &Story, words: String, command: String) -> Self {
        Self::of(story, None, Step::Git { words, command })
    }

    /// Git will not say what it is asked.
    pub(crate) fn no_answer(no: GitUnavailable) -> Self {
        Self::before_any(Step::GitUnavailable(no.words))
    }

    /// Something that keeps the run from its first story.
    pub(crate) fn before_any(step: Step) -> Self {
        Self {
            story: None,
            environment: None,
            place: None,
            step: Box::new(step),
        }
    }

    pub(crate) fn edited_since(story: &Story, edited: Vec<Edited>) -> Self {
        Self::of(story, None, Step::EditedSince(edited))
    }

    pub(crate) fn one_way(story: &Story, words: Vec<String>) -> Self {
        Self::of(story, None, Step::OneWay(words))
    }

    pub(super) fn perhaps_ignored(story: &Story, file: &str, words: &str) -> Self {
        Self::of(
            story,
            None,
            Step::PerhapsIgnored {
                file: file.to_owned(),
                words: words.to_owned(),
            },
        )
    }

    pub(super) fn record(story: &Story, reason: &str) -> Self {
        Self::of(story, None, Step::Record(reason.to_owned()))
    }
}

impl From<Interrupted> for Failure {
    fn from(_: Interrupted) -> Self {
        Self::before_any(Step::Interrupted)
    }
}
