//! From disk to a [`Stack`]: the layout, the Compose files with all they refer to, the stories and
//! the ledger.

mod compose_files;
mod current;
mod elsewhere;
mod encoding;
mod env_files;
mod environment;
mod folder;
mod ignored;
mod layout;
mod ledger;
mod read;
mod referenced_files;
pub(crate) mod shell;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use stories::{Catalog, Checklist, Ledger, Record, Stack};
use transaction::Digest;

use self::layout::ReadLayout;
use crate::embedded::STORIES;
use crate::state::State as Memory;

pub use elsewhere::{Elsewhere, found as found_elsewhere};
pub use environment::{Target, names};
pub use layout::{LayoutSource, described};
pub use ledger::LEDGER;
pub use read::{Unreadable, read_text};
pub use referenced_files::example_of;

/// Where a checkout keeps stories of its own.
const OWN_STORIES: &str = "compose/stories";

/// A checkout as it was read.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// Its root.
    pub root: PathBuf,
    /// What it says.
    pub stack: Stack,
    /// The stories of this build and its own.
    pub catalog: Catalog,
    /// What the team remembers.
    pub ledger: Ledger,
    /// The texts of records that git left unmerged or that do not have the form of one, by path;
    /// none but where they are asked for.
    pub broken: BTreeMap<String, String>,
    /// What each Compose file, each record and each other file that a record names held when it was
    /// read, by path.
    pub digests: BTreeMap<String, Digest>,
    /// Env files that are needed and not there.
    pub missing: Vec<MissingEnvFile>,
    /// The env files that an environment lists and Compose is to read, by environment: those that
    /// are neither there nor needed are left out.
    read_env_files: BTreeMap<String, Vec<String>>,
    /// The files that git may ignore, where it does not say so.
    pub unanswered: Option<Unanswered>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Where the layout comes from.
    pub layout_source: LayoutSource,
    /// The machine's memory of it.
    pub memory: Memory,
}

/// An env file that is named and not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingEnvFile {
    /// Its path.
    pub path: String,
    /// The environment that names it.
    pub environment: String,
    /// `file:line:column` of who names it.
    pub named_at: String,
    /// The example that lies beside it, if any.
    pub example: Option<String>,
}

/// Files that git was asked about, and did not say whether it ignores them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The files.
    pub files: BTreeSet<String>,
    /// Git's words.
    pub words: String,
}

impl Unanswered {
    fn told(&self) -> String {
        let files: Vec<_> = self.files.iter().map(String::as_str).collect();
        let words = self.words.trim();
        format!(
            "git does not say whether it ignores {}, so nothing is written there: {words}",
            files.join(", ")
        )
    }
}

impl Checkout {
    /// Reads a checkout. Writes nothing.
    ///
    /// # Errors
    /// Whatever cannot be read or understood, with file, line and remedy.
    pub fn load(root: &Path) -> Result<Self> {
        let checkout = Self::load_with_broken_records(root)?;
        for (path, text) in &checkout.broken {
            Record::parse(path, text)?;
        }
        Ok(checkout)
    }

    /// As [`Self::load`], where records that cannot be read as such are set aside.
    ///
    /// # Errors
    /// As for [`Self::load`].
    pub fn load_with_broken_records(root: &Path) -> Result<Self> {
        Self::load_as(root, layout::read(root)?)
    }

    /// Reads a checkout for who writes its layout down: files whose names say nothing are taken for
    /// what they may be.
    ///
    /// # Errors
    /// As for [`Self::load`].
    pub fn load_to_write_down(root: &Path) -> Result<Self> {
        Self::load_as(root, layout::read_or_offer(root)?)
    }

    fn load_as(root: &Path, found: ReadLayout) -> Result<Self> {
        let ReadLayout {
            layout,
            source: layout_source,
            parsed,
        } = found;
        let files = compose_files::load(root, &layout, parsed)?;
        let mut digests: BTreeMap<_, _> = files
            .iter()
            .map(|(path, document)| (path.clone(), Digest::of(document.text().as_bytes())))
            .collect();
        let mut stack = Stack::new(layout, files)?;
        referenced_files::load(root, &mut stack)?;
        referenced_files::must_not_wait(root, &stack)?;
        let referenced_files::Ignored {
            ledger: ledger_ignored,
            unanswered,
        } = referenced_files::leave_out_ignored(root, &mut stack);
        let catalog = Catalog::new(STORIES, &own_stories(root)?)?;
        let ledger::Records {
            ledger,
            broken,
            digests: own,
        } = ledger::load(root, &catalog)?;
        digests.extend(own);
        stack.remember_roles(&catalog, &ledger);
        digests.extend(referenced_files::load_named(root, &mut stack, &ledger));
        let missing = referenced_files::missing_env_files(root, &stack);
        let read_env_files = env_files::read_by_compose(root, &stack, &missing);
        let mut warnings = catalog.warnings().to_vec();
        warnings.extend(layout_source.notes().iter().cloned());
        warnings.extend(layout::not_asked_for(root, &catalog, &stack.layout)?);
        warnings.extend(ledger::of_no_environment(&ledger, &stack.layout));
        warnings.extend(shell::told(root, &stack, &layout_source));
        warnings.extend(ledger_ignored.map(|ignored| ignored.to_string()));
        warnings.extend(unanswered.as_ref().map(Unanswered::told));
        let (root, memory) = (root.to_owned(), Memory::of(root));
        Ok(Self {
            root,
            stack,
            catalog,
            ledger,
            broken,
            digests,
            missing,
            read_env_files,
            unanswered,
            warnings,
            layout_source,
            memory,
        })
    }

    /// All stories together with what the checkout says and the team remembers.
    #[must_use]
    pub fn checklist(&self) -> Checklist<'_> {
        Checklist {
            stack: &self.stack,
            catalog: &self.catalog,
            ledger: &self.ledger,
        }
    }
}

/// The checkout's own stories, as path and text.
fn own_stories(root: &Path) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for name in read::yaml_files(root, OWN_STORIES)? {
        let path = format!("{OWN_STORIES}/{name}");
        let text = read_text(root, &path)?;
        found.push((path, text));
    }
    Ok(found)
}
