//! A plan on disk: what `migrate` would do, with the hashes of all that it was decided from.
//!
//! It holds hashes, and diffs in which secrets are replaced; it is readable for its owner alone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use diagnostics::shell_quote::quoted;
use serde::{Deserialize, Serialize};
use stories::{Story, StoryId};
use system::regular_file;
use transaction::Digest;

use crate::checkout::Checkout;
use crate::pipeline::{Failure, Report, Run, Step};
use crate::root::STACK_FILE;
use crate::state::runs::FileHashes;

/// The format that this build reads and writes.
const SCHEMA: u32 = 1;

/// What would be done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    schema: u32,
    /// The version of this tool that made it.
    tool: String,
    /// The environments.
    pub environments: Vec<String>,
    /// Whether what was removed by hand is applied again.
    pub reapply: bool,
    /// Whether what no file says was guessed.
    #[serde(default)]
    pub accept_guesses: bool,
    /// What it was decided from.
    read: PlanInputs,
    /// The stories that do something, in order.
    pub stories: Vec<Planned>,
}

/// The sha256 of all that a decision hangs on: every file by path, none for one that is not there,
/// and every story as `story 5.1`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanInputs(BTreeMap<String, Option<String>>);

/// What a story would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The story.
    pub id: StoryId,
    /// Its checksum.
    checksum: String,
    /// The files that it would write, its record among them.
    files: Vec<FileHashes>,
    /// The changes for people, by file; secrets are replaced.
    diffs: BTreeMap<String, String>,
}

impl PlanInputs {
    /// Of a checkout as it is on the disk now.
    #[must_use]
    pub fn of(checkout: &Checkout) -> Self {
        let environments = checkout.stack.layout.environments.keys();
        let env_files = environments.flat_map(|name| {
            let included = checkout
                .stack
                .included_env_files(name)
                .map(|(path, _)| path.to_owned());
            checkout
                .stack
                .env_files_of(name)
                .into_iter()
                .chain(included)
                .collect::<Vec<_>>()
        });
        let stack = &checkout.stack;
        let others = checkout
            .digests
            .keys()
            .chain(stack.texts.keys())
            .chain(&stack.absent)
            .cloned();
        let paths = env_files.chain(others).chain([STACK_FILE.to_owned()]);
        let hash = |path: &str| {
            regular_file::bytes(checkout.root.join(path))
                .ok()
                .map(|bytes| Digest::of(bytes).to_string())
        };
        let files = paths.map(|path| (path.clone(), hash(&path)));
        let stories = checkout.catalog.in_order().into_iter();
        let stories = stories.map(|story| {
            (
                format!("story {}", story.id),
                Some(story.checksum().to_owned()),
            )
        });
        Self(files.chain(stories).collect())
    }

    /// What is another file now, in words.
    fn differences(&self, now: &Self) -> Vec<String> {
        let paths: BTreeSet<_> = self.0.keys().chain(now.0.keys()).collect();
        let hash = |read: &Self, path: &str| read.0.get(path).cloned().flatten();
        let differs = |path: &&&String| hash(self, path) != hash(now, path);
        let words = |path: &String| match (hash(self, path), hash(now, path)) {
            (_, None) => format!("{path} is gone"),
            (None, _) => format!("{path} is new"),
            _ => format!("{path} has changed"),
        };
        paths
            .iter()
            .filter(differs)
            .map(|path| words(path))
            .collect()
    }
}

impl Plan {
    /// The plan that a dry run has made.
    #[must_use]
    pub fn of(run: &Run, read: PlanInputs, reports: &[Report]) -> Self {
        let (tool, environments) = (env!("CARGO_PKG_VERSION").to_owned(), run.scope.clone());
        Self {
            schema: SCHEMA,
            tool,
            environments,
            reapply: run.reapply,
            accept_guesses: run.checkout.stack.accepts_guesses(),
            read,
            stories: planned(&run.checkout, reports),
        }
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// When it cannot be read, is none, or another version of this tool made it.
    pub fn load(file: &Path) -> Result<Self> {
        let text = regular_file::text_of_ours(file)
            .with_context(|| format!("--apply {}", file.display()))?;
        let plan: Self = serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is no plan; make one in a file of its own: cargo xtask migrate --plan FILE",
                file.display()
            )
        })?;
        if (plan.schema, plan.tool.as_str()) != (SCHEMA, env!("CARGO_PKG_VERSION")) {
            bail!(
                "{}: version {} of this tool made the plan, and this is {}; make it anew: cargo xtask migrate --plan {}",
                file.display(),
                plan.tool,
                env!("CARGO_PKG_VERSION"),
                quoted(&file.display().to_string())
            );
        }
        Ok(plan)
    }

    /// Makes sure that saving a plan there overwrites nothing but an old plan.
    ///
    /// # Errors
    /// For a file that the checkout is read from, be it there or not, and for one that is there and
    /// is no plan.
    pub fn may_be_saved(file: &Path, checkout: &Checkout, read: &PlanInputs) -> Result<()> {
        let name = file.display();
        let whole = |file: &Path| {
            let folder = file
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            Some(folder.canonicalize().ok()?.join(file.file_name()?))
        };
        let own = whole(file);
        let is_it = |path: &&String| own.is_some() && whole(&checkout.root.join(path)) == own;
        if read.0.keys().find(is_it).is_some() {
            bail!(
                "--plan {name}: the stack is read from it; save the plan in a file of its own: --plan FILE"
            );
        }
        if file
            .extension()
            .is_some_and(|extension| extension == "yml" || extension == "yaml")
        {
            bail!(
                "--plan {name}: a plan is JSON, and this name is one of YAML; save it as FILE.json"
            );
        }
        if file.symlink_metadata().is_ok() && !Self::is_one(file) {
            bail!(
                "--plan {name} is there and is no plan; it is left as it is. Save the plan elsewhere: --plan FILE"
            );
        }
        if own.is_none() {
            bail!(
                "--plan {name}: there is no such folder; make it first, or save the plan elsewhere"
            );
        }
        Ok(())
    }

    /// Whether a file holds a plan, of whatever version.
    fn is_one(file: &Path) -> bool {
        let text = regular_file::text_of_ours(file).unwrap_or_default();
        let plan: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        plan.is_some_and(|plan| {
            ["schema", "tool", "read", "stories"]
                .iter()
                .all(|key| plan.get(key).is_some())
        })
    }

    /// Writes the plan whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, file: &Path) -> Result<()> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let write = || -> Result<()> {
            // A temporary file is its owner's alone, and stays so under its new name.
            let mut new = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer_pretty(&mut new, self)?;
            writeln!(new)?;
            new.persist(file)?;
            Ok(())
        };
        write().with_context(|| format!("--plan {}", file.display()))
    }

    /// Makes sure that nothing has changed since and that the run would do just what the plan says;
    /// `preview` is what it would do.
    ///
    /// # Errors
    /// [`Failure`], naming what has changed.
    pub fn must_hold<'p>(
        &self,
        checkout: &Checkout,
        preview: impl FnOnce() -> &'p [Report],
    ) -> Result<(), Failure> {
        let changed = self.read.differences(&PlanInputs::of(checkout));
        if !changed.is_empty() {
            return Err(Failure::before_any(Step::Outdated(changed)));
        }
        let now = planned(checkout, preview());
        let differs = self.stories.iter().find(|story| !now.contains(story));
        match differs {
            Some(story) => {
                let what = format!("story {} would do something else now", story.id);
                Err(Failure::before_any(Step::Outdated(vec![what])))
            }
            None => Ok(()),
        }
    }
}

fn planned(checkout: &Checkout, reports: &[Report]) -> Vec<Planned> {
    let checksum = |id: &StoryId| {
        checkout
            .catalog
            .get(id)
            .map(Story::checksum)
            .unwrap_or_default()
            .to_owned()
    };
    let one = |report: &Report| Planned {
        id: report.id.clone(),
        checksum: checksum(&report.id),
        files: report.hashes.clone(),
        diffs: report
            .files
            .iter()
            .map(|file| (file.path.clone(), file.diff.clone()))
            .collect(),
    };
    reports.iter().map(one).collect()
}
