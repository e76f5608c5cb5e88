//! Why a file was not written, and what to do about it.

use std::io;

/// Why a file was not written. Its path is relative to the checkout's root.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// Somebody changed it since it was read.
    #[error("{path} was changed by somebody else meanwhile; it is left as it is. Run the command again")]
    Changed {
        /// The file.
        path: String,
    },
    /// It was to be new and is there.
    #[error("{path} was made by somebody else meanwhile; it is left as it is. Run the command again")]
    Appeared {
        /// The file.
        path: String,
    },
    /// It was there when it was read.
    #[error("{path} was removed by somebody else meanwhile. Run the command again")]
    Gone {
        /// The file.
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
        "{path} leads out of the checkout, to {target}; replace the link with a file: cp --remove-destination {target} {path}"
    )]
    LeavesCheckout {
        /// The file.
        path: String,
        /// Where it leads.
        target: String,
    },
    /// It is a folder, a device or the like.
    #[error("{path} is no file; move it away: mv {path} {path}.old")]
    NotAFile {
        /// The path.
        path: String,
    },
    /// It has other names, which would keep the old content.
    #[error(
        "{path} has {links} hard links and only one would change; make it a file of its own: cp -p {path} {path}.own && mv {path}.own {path}"
    )]
    HardLink {
        /// The file.
        path: String,
        /// How many names it has.
        links: u64,
    },
    /// It is write-protected, or its folder is.
    #[error("{path} is read-only; allow writing: chmod u+w {path}")]
    ReadOnly {
        /// The file or folder.
        path: String,
    },
    /// It belongs to somebody else, and a new file cannot be given to them.
    #[error("{path} belongs to user {owner} and would become yours; take it first: sudo chown $(id -u) {path}")]
    OtherOwner {
        /// The file.
        path: String,
        /// The owner's number.
        owner: u32,
    },
    /// The system refuses.
    #[error("{path} cannot be {doing}")]
    Io {
        /// The file.
        path: String,
        /// What was tried, as `written`.
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },
}

impl CommitError {
    /// For `map_err`.
    pub(super) fn io(path: &str, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, doing, source }
    }

    /// The file or folder that is in the way, relative to the checkout's root.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Changed { path }
            | Self::Appeared { path }
            | Self::Gone { path }
            | Self::Twice { path }
            | Self::LeavesCheckout { path, .. }
            | Self::NotAFile { path }
            | Self::HardLink { path, .. }
            | Self::ReadOnly { path }
            | Self::OtherOwner { path, .. }
            | Self::Io { path, .. } => path,
        }
    }
}
