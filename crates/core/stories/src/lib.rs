//! Stories: versioned, idempotent migrations of a team's Compose files.
//!
//! What to change, where, and in which order: [`Story`] and [`Change`] are data, [`Stack`] is what
//! a checkout says, [`Draft`] is a story applied in memory, [`ProvedDraft`] one that may be
//! written, [`Record`] is what the team remembers, [`State`] is where a story stands. Knows no disk
//! and no Docker.

pub mod assessment;
mod catalog;
mod change;
mod checklist;
mod conflict;
mod context;
mod digest;
pub mod distribute;
mod draft;
mod drift;
mod evidence;
mod id;
mod implied;
pub mod layout;
pub mod ledger;
pub mod op;
mod passed_over;
mod per_environment;
mod place;
mod placement;
mod profiles;
pub mod proof;
mod question;
mod rebuild;
mod refusal;
pub mod replay;
mod revert;
mod roles;
#[cfg(feature = "schema")]
pub mod schema;
mod selector;
pub mod stack;
mod state;
mod story;
mod unset;
pub mod waits;
mod workspace;
mod yaml_error;

pub use catalog::{Catalog, CatalogError};
pub use change::{AddHealthcheck, Change, MountVolume, SetImage, WaitForHealthy};
pub use checklist::Checklist;
pub use conflict::Conflict;
pub use context::Context;
pub use draft::{Draft, Outcome, ProvedDraft};
pub use drift::Drift;
pub use evidence::{BuiltOn, HttpProbe};
pub use id::{StoryId, StoryIdError};
pub use layout::{EnvironmentFiles, Layout, Parameter, VolumeRemarks};
pub use ledger::{Entry, Ledger, Record, RecordError};
pub use op::Operation;
pub use passed_over::{PassedOver, passed_over};
pub use per_environment::PerEnvironment;
pub use place::{Found, Place, Places};
pub use question::{Answer, Question, Section};
pub use refusal::{ByHand, Refusal};
pub use revert::{Before, Edited, ProvedRevert, Revert, RevertMethod};
pub use roles::{ROLES, RolePlayer};
pub use selector::{Any, Selector};
pub use stack::Stack;
pub use state::{PlaceState, State};
pub use story::{Story, StoryError};
pub use workspace::{FileState, Workspace};
