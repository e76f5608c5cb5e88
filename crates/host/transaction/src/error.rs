//! Why a file was not written, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diagnostics::shell_quote::quoted;
use system::here;
use system::interrupt::Interrupted;
use system::regular_file::NotRead;

use super::{Digest, Holder, RecoverOptions};
use crate::FOLDER;

/// Why a file was not written. Its path is relative to the checkout's root.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransactionError {
    /// Somebody changed it since it was read.
    #[error(
        "{path} was changed by somebody else meanwhile: it was {} when it was read and is {} now (sha256); it is left as \
         it is. Run the command again", read.short(), now.short()
    )]
    Changed {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// What it held when it was read.
        read: Digest,
        /// What it holds.
        now: Digest,
    },
    /// It was to be new and is there.
    #[error(
        "{path} was made by somebody else meanwhile; it is left as it is. Run the command again"
    )]
    Appeared {
        /// The path of the file, from the root of the checkout.
        path: String,
    },
    /// It was there when it was read.
    #[error("{path} was removed by somebody else meanwhile. Run the command again")]
    Gone {
        /// The path of the file, from the root of the checkout.
        path: String,
    },
    /// Two writes have the same file.
    #[error(
        "{path} would be written twice: another path leads to the same file; name one of them in compose/stack.yaml"
    )]
    Twice {
        /// The second path.
        path: String,
    },
    /// Its path or a link on it leads out of the checkout.
    #[error(
        "{path} leads out of the checkout, to {target}{}",
        mend.as_ref().map(|mend| format!("; {mend}")).unwrap_or_default()
    )]
    LeavesCheckout {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// Where it leads.
        target: String,
        /// What to do about the link, where it is one.
        mend: Option<String>,
    },
    /// It is a folder, a device or the like.
    #[error("{path} is no file; move it away: mv {} {}", here::quoted(file), here::quoted(&with(file, ".old")))]
    NotAFile {
        /// The path.
        path: String,
        /// It by its full path.
        file: PathBuf,
    },
    /// It has other names, which would keep the old content.
    #[error(
        "{path} has {links} hard links and only one would change; make it a file of its own: cp -p {it} {own} && mv {own} {it}",
        it = here::quoted(file), own = here::quoted(&with(file, ".own"))
    )]
    HardLink {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// It by its full path.
        file: PathBuf,
        /// How many names it has.
        links: u64,
    },
    /// It is write-protected, or its folder is.
    #[error("{path} is read-only; allow writing: chmod u+w {}", here::quoted(file))]
    ReadOnly {
        /// The file or folder.
        path: String,
        /// It by its full path.
        file: PathBuf,
    },
    /// Not even root may change it, or what is in it.
    #[error(
        "{path} is immutable; allow changes: sudo chattr -i {}",
        here::quoted(file)
    )]
    Immutable {
        /// The file or folder.
        path: String,
        /// It by its full path.
        file: PathBuf,
    },
    /// Not even root may replace it, or what is in it.
    #[error(
        "{path} is append-only; allow changes: sudo chattr -a {}",
        here::quoted(file)
    )]
    AppendOnly {
        /// The file or folder.
        path: String,
        /// It by its full path.
        file: PathBuf,
    },
    /// It lies on a disk that may only be read.
    #[error("{path} is on a read-only disk; mount it writable, or work on a copy of the checkout")]
    ReadOnlyDisk {
        /// The file or folder.
        path: String,
    },
    /// It belongs to somebody else, and a new file cannot be given to them.
    #[error(
        "{path} belongs to user {owner} and would become yours; take it first: sudo chown $(id -u) {}",
        here::quoted(file)
    )]
    OtherOwner {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// It by its full path.
        file: PathBuf,
        /// The owner's number.
        owner: u32,
    },
    /// A folder belongs to somebody else, who lets nobody write there.
    #[error(
        "{path} belongs to user {owner}, and you may not write there; take it: sudo chown $(id -u) {}",
        here::quoted(file)
    )]
    NotYours {
        /// The folder.
        path: String,
        /// It by its full path.
        file: PathBuf,
        /// The owner's number.
        owner: u32,
    },
    /// It belongs to a group to which a new file cannot be given.
    #[error(
        "{path} belongs to group {group}, which you are not in; take it first: sudo chgrp $(id -g) {}",
        here::quoted(file)
    )]
    OtherGroup {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// It by its full path.
        file: PathBuf,
        /// The group's number.
        group: u32,
    },
    /// Another run writes here.
    #[error(
        "{} has the lock of this checkout ({FOLDER}/.lock){}; run the command again when it has ended",
        Holder::told(holder.as_ref()), if waited.is_zero() { String::new() } else { format!(" and kept it for {} s", waited.as_secs()) }
    )]
    Busy {
        /// Who.
        holder: Option<Holder>,
        /// How long it was waited for.
        waited: Duration,
    },
    /// It stopped when part of it was written. The journal knows the rest.
    #[error(
        "half done; the next command completes it, or says what is in its way: cargo xtask recover"
    )]
    Unfinished(#[source] Box<TransactionError>),
    /// What a killed process began cannot be completed by this one.
    #[error(
        "an interrupted run had begun {what}{}, and this one cannot finish it; clear the way or let somebody run who may: \
         cargo xtask recover",
        still(files)
    )]
    Pending {
        /// What its files are together.
        what: String,
        /// The files that are not yet as they shall be.
        files: Vec<String>,
        /// Why not.
        source: Box<TransactionError>,
    },
    /// What a killed process began cannot be completed without a person: files were changed since.
    #[error("{}", conflict(what, files, chosen))]
    Conflict {
        /// What its files are together.
        what: String,
        /// The files that are neither as before nor as after.
        files: Vec<FileConflict>,
        /// What was chosen already.
        chosen: RecoverOptions,
    },
    /// The journal is another checkout's: this one is a copy or a clone of it.
    #[error(
        "{FOLDER}/.journal belongs to another checkout: it was begun in {home}, where it was {what}; nothing was written\n  \
         Forget it here:    rm {}\n  \
         Complete it here:  cargo xtask recover --here",
        here::quoted(file)
    )]
    Foreign {
        /// What its files are together.
        what: String,
        /// Where it was begun.
        home: String,
        /// The journal by its full path.
        file: PathBuf,
    },
    /// Git has the journal, and hands it to everybody.
    #[error(
        "git tracks {FOLDER}/.journal, which is one checkout's alone and may be an old one; nothing was written. \
         Take it out of git, then complete it or remove it: {} rm --cached {FOLDER}/.journal",
        here::git(root)
    )]
    Tracked {
        /// The checkout's root.
        root: PathBuf,
    },
    /// A person named a file that is none of the commit's.
    #[error("{path} is no file of what was begun ({}); name one of them", known.join(", "))]
    NotInJournal {
        /// The name.
        path: String,
        /// The files.
        known: Vec<String>,
    },
    /// A person wants both of a file.
    #[error("--keep {path} and --take {path} are opposites; choose one")]
    KeptAndTaken {
        /// The path of the file, from the root of the checkout.
        path: String,
    },
    /// The journal is not one that this build wrote.
    #[error(
        "{FOLDER}/.journal cannot be used: {reason}. It holds new contents of files as JSON: take from it what is missing, \
         then rm {}",
        here::quoted(file)
    )]
    Journal {
        /// It by its full path.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// Somebody pressed Ctrl-C.
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
    /// The system refuses.
    #[error("{path} cannot be {doing}")]
    Io {
        /// The path of the file, from the root of the checkout.
        path: String,
        /// What was tried, as `written`.
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },
}

/// A file that is neither as it was before a commit nor as it is after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileConflict {
    /// The path of the file, from the root of the checkout.
    pub path: String,
    /// What it held before; none where it was new.
    pub before: Option<Digest>,
    /// What it would hold; none where it was to go.
    pub after: Option<Digest>,
    /// What it holds.
    pub now: Option<Digest>,
}

impl TransactionError {
    /// For `map_err`.
    pub(super) fn io(path: &str, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            path,
            doing,
            source,
        }
    }

    /// Whether what is there is a pipe, a link that leads out or the like, which no waiting makes a
    /// file.
    pub(super) fn is_about_no_file(&self) -> bool {
        match self {
            Self::Io { source, .. } => NotRead::of(source).is_some(),
            Self::LeavesCheckout { .. } => true,
            _ => false,
        }
    }

    /// Whether somebody else's write is the reason.
    #[must_use]
    pub fn is_a_change(&self) -> bool {
        matches!(
            self,
            Self::Changed { .. } | Self::Appeared { .. } | Self::Gone { .. }
        )
    }
}

fn still(files: &[String]) -> String {
    if files.is_empty() {
        String::new()
    } else {
        format!(" ({} still to be written)", files.join(", "))
    }
}

/// A file beside another one.
fn with(file: &Path, ending: &str) -> PathBuf {
    let mut file = file.as_os_str().to_owned();
    file.push(ending);
    file.into()
}

fn conflict(what: &str, files: &[FileConflict], chosen: &RecoverOptions) -> String {
    let all: Vec<_> = files.iter().map(|clash| clash.path.as_str()).collect();
    let (all, [keep, take]) = (all.join(", "), remedies(files, chosen));
    let lines: Vec<_> = files.iter().map(FileConflict::told).collect();
    format!(
        "an interrupted run had begun {what}, and {all} changed since; nothing was overwritten\n{}\n  \
         Keep yours:          {keep}   (the other files are written; status shows what yours lacks)\n  \
         Take the journal's:  {take}   (yours is kept beside it, as FILE.yours)",
        lines.join("\n")
    )
}

/// The commands that keep all of these files, and that take all; what was chosen of others stays
/// chosen.
pub(super) fn remedies(files: &[FileConflict], chosen: &RecoverOptions) -> [String; 2] {
    let all: Vec<_> = files.iter().map(|clash| clash.path.clone()).collect();
    ["--keep", "--take"].map(|flag| format!("cargo xtask recover{chosen}{}", flags(flag, &all)))
}

/// ` --keep a.yml --keep b.yml`.
pub(super) fn flags(flag: &str, paths: &[String]) -> String {
    paths
        .iter()
        .map(|path| format!(" {flag} {}", quoted(path)))
        .collect()
}

impl FileConflict {
    fn told(&self) -> String {
        let short = |digest: &Option<Digest>| {
            digest
                .as_ref()
                .map_or_else(|| "not there".to_owned(), Digest::short)
        };
        let (before, after, now) = (short(&self.before), short(&self.after), short(&self.now));
        format!(
            "  {}: before {before}, wanted {after}, now {now} (sha256)",
            self.path
        )
    }
}
