//! One story at a time: plan, apply in memory, prove, check, compare, commit files and record as one.
//!
//! Each stage is a type that only the stage before can make: a [`Draft`] that is no [`ProvedDraft`]
//! cannot be checked, and one that is not [`Checked`] cannot be committed. A failure leaves files
//! and ledger as after the story before; see [`Progress`] for what it stops.

mod apart;
mod diff;
mod failure;
mod open;
mod progress;
mod record;
mod revert;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::Result;
use compose_model::{Difference, DifferenceKind, Environment, ResolvedModel};
use diagnostics::redact::Secrets;
use stories::assessment::Note;
use stories::{
    Context, Draft, Outcome, Place, PlaceState, Places, ProvedDraft, Record, Stack, State, Story,
    StoryId,
};
use transaction::{CheckoutWriter, Digest, Transaction, Write};

use crate::checker::{Accepted, Checker, Resolved, comes_into_use, differences};
use crate::checkout::Checkout;
use crate::git;
use crate::state::Texts;
use crate::state::runs::{self, Event, FileHashes, RunLog};

pub(crate) use apart::apart;
pub use diff::FileChange;
pub use failure::{Failure, Step};
pub use open::Open;
pub use progress::{Progress, Waiting};
pub(crate) use record::path as record_path;
pub use revert::{CheckedRevert, Reverted, SettledRevert, one_way};

/// A run over a checkout's stories.
#[derive(Debug)]
pub struct Run {
    /// The checkout; its stack and ledger move on with every story.
    pub checkout: Checkout,
    /// The environments that may be edited.
    pub scope: Vec<String>,
    /// Who checks.
    pub checker: Checker,
    /// Whether nothing is written.
    pub dry: bool,
    /// Whether what was recorded and removed by hand is applied again.
    pub reapply: bool,
    /// What it writes with.
    pub writer: CheckoutWriter,
    /// What is told of the run afterwards.
    pub log: RunLog,
    /// What each environment resolves to now, as far as it was checked.
    resolved: BTreeMap<String, Resolved>,
    /// What is not to be quoted of the files as they were read. Most runs quote nothing, and
    /// looking takes longer than all the rest of a run with nothing to do.
    secrets: OnceLock<Secrets>,
}

/// What became of one story.
#[derive(Debug)]
pub struct Report {
    /// The story.
    pub id: StoryId,
    /// Its title.
    pub title: String,
    /// What was found and done, by environment and place.
    pub outcomes: BTreeMap<String, BTreeMap<Place, Outcome>>,
    /// The files that changed.
    pub files: Vec<FileChange>,
    /// All files that are written, the record among them.
    pub hashes: Vec<FileHashes>,
    /// The checks that passed.
    pub checks: Vec<Accepted>,
    /// What to tell beside, each once.
    pub notes: Vec<Note>,
}

/// A proved draft that its checker accepts, and whose resolved models differ in the declared paths
/// alone. Only [`Run::check`] makes one; only one can be committed.
#[derive(Debug)]
pub struct Checked {
    draft: ProvedDraft,
    checks: Vec<Accepted>,
}

/// What is put before the checker.
struct Proposal<'a> {
    story: &'a Story,
    stack: &'a Stack,
    files: &'a [FileChange],
    /// The paths that may differ in an environment.
    declared: &'a dyn Fn(&str) -> &'a [compose_edit::Path],
    /// Whether what stands there may go: a story only adds and changes, a revert takes away what it
    /// added.
    takes_away: bool,
}

impl Run {
    /// A run over the environments in `scope`.
    #[must_use]
    pub fn new(checkout: Checkout, scope: Vec<String>, checker: Checker, dry: bool) -> Self {
        let writer = CheckoutWriter::new(&checkout.root, crate::lock::options());
        let (reapply, log, resolved, secrets) =
            (false, RunLog::none(), BTreeMap::new(), OnceLock::new());
        Self {
            checkout,
            scope,
            checker,
            dry,
            reapply,
            writer,
            log,
            resolved,
            secrets,
        }
    }

    /// The run in memory: with another checker, and nothing is written.
    #[must_use]
    pub fn rehearsal(&self, checker: Checker) -> Self {
        let run = Self::new(self.checkout.clone(), self.scope.clone(), checker, true);
        Self {
            reapply: self.reapply,
            ..run
        }
    }

    /// Those of its environments that have one of these names, as the stories so far have left
    /// them.
    fn named(&self, names: &[String]) -> Vec<Environment> {
        self.checkout
            .environments()
            .into_iter()
            .filter(|own| names.contains(&own.name))
            .collect()
    }

    /// The environments that may be edited, as the stories so far have left them.
    #[must_use]
    pub fn environments(&self) -> Vec<Environment> {
        self.named(&self.scope)
    }

    /// What an environment resolves to as the stories so far have left it; none where Compose did
    /// not say.
    #[must_use]
    pub fn model(&self, environment: &str) -> Option<ResolvedModel> {
        match self.resolved.get(environment)? {
            Resolved::Docker(model) => Some(ResolvedModel::from_compose_json(model)),
            Resolved::Embedded => None,
        }
    }

    /// Where a story stands in an environment.
    #[must_use]
    pub fn state(&self, story: &Story, environment: &str) -> State {
        self.checkout
            .checklist()
            .state(story, environment)
            .redacted(&|text| self.secrets().redact(text))
    }

    /// Where a story stands at each of its places of an environment.
    #[must_use]
    pub fn places(&self, story: &Story, environment: &str) -> Vec<PlaceState> {
        let places = self.checkout.checklist().places(story, environment);
        let redacted = |own: PlaceState| own.redacted(&|text| self.secrets().redact(text));
        places.into_iter().map(redacted).collect()
    }

    /// Every edit is shown as a diff before the checkout moves on, and so asks for them in time.
    fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| secrets(&self.checkout))
    }

    /// Whether a story in such a state is to be applied.
    #[must_use]
    pub fn applies(&self, state: &State) -> bool {
        matches!(state, State::Pending(_)) || self.reapply && state.can_return()
    }

    /// Checks the environments as they are, before any story; a fault found here is none of a
    /// story's.
    ///
    /// # Errors
    /// [`Failure`] when the checker rejects one.
    pub fn check_start(&mut self, environments: &[String]) -> Result<Vec<Accepted>, Failure> {
        let environments = self.named(environments);
        let answers = self
            .checker
            .check(&self.checkout, &self.checkout.stack, &environments);
        let mut accepted = Vec::new();
        for answer in answers {
            let one = answer.map_err(|not| Failure::start(&self.checker, not))?;
            self.resolved
                .insert(one.environment.clone(), one.resolved.clone());
            accepted.push(one);
        }
        Ok(accepted)
    }

    /// Applies a story at places in memory and proves it.
    ///
    /// # Errors
    /// [`Failure`] by name.
    pub fn draft(&self, story: &Story, places: &Places) -> Result<ProvedDraft, Failure> {
        let selected: Vec<_> = self.scope.iter().map(String::as_str).collect();
        let Checkout { root, stack, .. } = &self.checkout;
        let refuse =
            |refusal| Failure::refused(story, refusal, stack.layout.unless_all(places.keys()));
        let mut draft = Draft::make_at(stack, story, places, &selected).map_err(refuse)?;
        draft.note_blobs(|file| git::blob_id(root, file, stack.text(file)?));
        draft.prove(stack, story).map_err(refuse)
    }

    /// Has the draft checked in every environment that reads one of its files, and compares what
    /// they resolve to.
    ///
    /// # Errors
    /// [`Failure`] in the checker's own words, with the draft's diff.
    pub fn check(&mut self, story: &Story, draft: ProvedDraft) -> Result<Checked, Failure> {
        let files = self.diff(&draft);
        let declared = |environment: &str| draft.declared(environment);
        let checks = self.accept(&Proposal {
            story,
            stack: &draft.stack,
            files: &files,
            declared: &declared,
            takes_away: false,
        })?;
        Ok(Checked { draft, checks })
    }

    fn accept(&mut self, proposal: &Proposal<'_>) -> Result<Vec<Accepted>, Failure> {
        let Proposal {
            story,
            stack,
            files,
            ..
        } = *proposal;
        let touched = proposal.touched(&self.checkout);
        let unseen = touched
            .iter()
            .map(|own| &own.name)
            .filter(|name| !self.resolved.contains_key(*name));
        self.check_start(&unseen.cloned().collect::<Vec<_>>())?;
        let mut checks = Vec::new();
        for answer in self.checker.check(&self.checkout, stack, &touched) {
            let one = answer
                .map_err(|not| Failure::rejected(story, not, files.to_vec(), &self.checker))?;
            let stray = self.stray(proposal, &one);
            if !stray.is_empty() {
                return Err(Failure::stray(
                    story,
                    &one.environment,
                    &stray,
                    files.to_vec(),
                ));
            }
            checks.push(one);
        }
        Ok(checks)
    }

    /// Writes the files, then the record, and moves on. A dry run only looks whether that can be
    /// done, and moves on.
    ///
    /// # Errors
    /// When a file cannot be written; it is named.
    pub fn commit(&mut self, story: &Story, checked: Checked) -> Result<Report, Failure> {
        let Checked { draft, checks } = checked;
        let files = self.diff(&draft);
        let record = Record::after(self.checkout.ledger.get(&story.id), story, &draft);
        self.must_not_be_ignored(story, &draft)?;
        let writes = self.writes(story, &draft, record.as_ref())?;
        let hashes = writes.iter().map(FileHashes::of).collect();
        if self.dry {
            Transaction::must_be_replaceable(&self.checkout.root, &writes)
                .map_err(|error| Failure::write(story, error))?;
        } else if !writes.is_empty() {
            self.remember_before(story, &draft);
            self.write(story, "", &writes, &checks)?;
        }
        self.checkout
            .ledger
            .extend(record.map(|record| (story.id.clone(), record)));
        for one in &checks {
            self.resolved
                .insert(one.environment.clone(), one.resolved.clone());
        }
        let Draft {
            stack, outcomes, ..
        } = draft.into_draft();
        let notes = notes(story, &self.checkout.stack, &stack, &outcomes);
        self.checkout.stack = stack;
        let (id, title) = (story.id.clone(), story.title.clone());
        Ok(Report {
            id,
            title,
            outcomes,
            files,
            hashes,
            checks,
            notes,
        })
    }

    /// What git may ignore is somebody's own, and is not written.
    fn must_not_be_ignored(&self, story: &Story, draft: &Draft) -> Result<(), Failure> {
        let Some(unanswered) = &self.checkout.unanswered else {
            return Ok(());
        };
        match draft
            .changed
            .iter()
            .find(|file| unanswered.files.contains(*file))
        {
            Some(file) => Err(Failure::perhaps_ignored(story, file, &unanswered.words)),
            None => Ok(()),
        }
    }

    /// `how` stands before the story where it is not applied.
    fn write(
        &mut self,
        story: &Story,
        how: &str,
        writes: &[Write],
        checks: &[Accepted],
    ) -> Result<(), Failure> {
        let (id, files) = (
            story.id.to_string(),
            writes.iter().map(FileHashes::of).collect(),
        );
        self.log.note(Event::Write {
            story: id.clone(),
            files,
        });
        self.write_as_one(story, how, writes)?;
        record::remember(&mut self.checkout, writes);
        self.log.note(Event::Done {
            story: id,
            checks: checks.iter().map(passed).collect(),
        });
        Ok(())
    }

    /// Locks the checkout for the first story, which may take a while; who was faster may have
    /// written meanwhile.
    fn write_as_one(&mut self, story: &Story, how: &str, writes: &[Write]) -> Result<(), Failure> {
        let failed = |error| Failure::write(story, error);
        let is_first = !self.writer.is_locked();
        let prepared = Transaction::prepare(&self.checkout.root, writes);
        if is_first && prepared.is_ok() {
            self.writer.lock().map_err(failed)?;
        }
        if is_first && self.checkout.is_overtaken() {
            return Err(Failure::before_any(Step::Overtaken));
        }
        let what = format!("{how}{} {}", story.id, story.title);
        prepared
            .and_then(|commit| commit.apply(self.writer.lock()?, &what))
            .map_err(failed)
    }

    /// Notes what the files hold now, for an undo to the byte.
    fn remember_before(&self, story: &Story, draft: &Draft) {
        let mut memory = self.checkout.memory.preimages();
        for path in &draft.changed {
            let texts = Texts {
                before: self.checkout.stack.text(path),
                after: draft.stack.text(path),
            };
            memory.remember(&story.id, path, texts);
        }
    }

    /// The files, then the record where it changes; that of a story applied again may say all
    /// already. In a dry run a file is found as the stories before would have left it.
    fn writes(
        &self,
        story: &Story,
        draft: &Draft,
        record: Option<&Record>,
    ) -> Result<Vec<Write>, Failure> {
        let file = |path: &String| Write {
            path: path.clone(),
            before: self.checkout.stack.text(path).map(Digest::of),
            text: draft.stack.text(path).map(str::to_owned),
        };
        let mut writes: Vec<_> = draft.changed.iter().map(file).collect();
        if let Some(record) = record {
            let text = record
                .text()
                .map_err(|error| Failure::record(story, &error.to_string()))?;
            let path = record::path(story);
            writes.push(Write {
                before: self.checkout.digests.get(&path).cloned(),
                path,
                text: Some(text),
            });
        }
        Ok(writes)
    }

    /// What differs between the resolved models and is not declared.
    fn stray(&self, proposal: &Proposal<'_>, after: &Accepted) -> Vec<String> {
        let Some(before) = self.resolved.get(&after.environment) else {
            return Vec::new();
        };
        let declared = (proposal.declared)(&after.environment);
        let is_declared = |found: &Difference| {
            let may_be = proposal.takes_away || found.kind != DifferenceKind::Removed;
            may_be && declared.iter().any(|own| found.path.starts_with(own))
        };
        let stands = [&self.checkout.stack, proposal.stack]
            .map(|stack| Context::new(stack, &after.environment).view);
        // A volume that is declared before and after and has its first mount, or loses its last
        // one.
        let is_old = |path: &compose_edit::Path| {
            let entry: compose_edit::Path = path.segments().iter().take(2).cloned().collect();
            let everywhere = stands.iter().all(|view| view.get(&entry).is_some());
            everywhere
                && !entry.starts_with(&["services"].into())
                && comes_into_use(before, &after.resolved, &entry)
        };
        let found = differences(before, &after.resolved).into_iter();
        let stray = found.filter(|found| !is_declared(found) && !is_old(&found.path));
        let mut paths: Vec<_> = stray.map(|found| found.path.to_string()).collect();
        paths.dedup();
        paths
    }

    fn diff(&self, draft: &Draft) -> Vec<FileChange> {
        let change = |path: &String| {
            let [before, after] = [&self.checkout.stack, &draft.stack]
                .map(|stack| stack.text(path).unwrap_or_default());
            let paths = draft.edited(path).map(|path| path.to_string()).collect();
            FileChange::between(path, before, after, paths, self.secrets())
        };
        draft.changed.iter().map(change).collect()
    }
}

/// A check for the log.
fn passed(check: &Accepted) -> runs::Check {
    let ms = u64::try_from(check.took.as_millis()).unwrap_or(u64::MAX);
    runs::Check {
        environment: check.environment.clone(),
        ms,
        shape_only: check.shape_only.is_some(),
    }
}

impl Proposal<'_> {
    /// The environments that read a file that changes.
    fn touched(&self, checkout: &Checkout) -> Vec<Environment> {
        let changed = |file: &&str| self.files.iter().any(|own| own.path == *file);
        let reads = |own: &Environment| self.stack.files_of(&own.name).iter().any(changed);
        checkout
            .environments_of(self.stack)
            .into_iter()
            .filter(reads)
            .collect()
    }
}

/// The notes on the environments in which a story was applied, as they were before it and as they
/// are after.
fn notes(
    story: &Story,
    before: &Stack,
    after: &Stack,
    outcomes: &BTreeMap<String, BTreeMap<Place, Outcome>>,
) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let places = outcomes
        .iter()
        .flat_map(|(environment, own)| own.iter().map(move |found| (environment, found)));
    for (environment, (place, outcome)) in places {
        let Outcome::Applied(_) = outcome else {
            continue;
        };
        let both = [before, after]
            .into_iter()
            .flat_map(|stack| story.notes_at(&Context::new(stack, environment), place));
        for note in both {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    notes
}

/// What a checkout's files and env files hold that nobody may read off a screen.
pub(crate) fn secrets(checkout: &Checkout) -> Secrets {
    let entries = checkout
        .stack
        .env_files()
        .values()
        .flat_map(|file| file.entries());
    let values = entries.map(|entry| format!("{}={}", entry.key, entry.value));
    Secrets::of_files(checkout.stack.files.values()).and(Secrets::of(values))
}
