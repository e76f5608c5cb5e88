//! What an environment's Compose files say once merged, and which line of which file says it.
//!
//! A [`View`] is pure: it is made from parsed [`Files`] and knows no disk, no Docker and no
//! stories.

mod budget;
mod canonical;
mod command_line;
mod decode;
mod difference;
mod duration;
mod env_file;
mod environment;
mod extends;
mod image;
mod include;
mod interpolation;
mod load;
mod marks;
mod merge;
mod mount;
mod origin;
mod paths;
mod port;
mod problem;
mod references;
pub mod resolved;
mod shape;
mod size;
mod template;
mod trail;
mod value;
mod variables;
mod view;

pub use command_line::words;
pub use difference::{Difference, DifferenceKind};
pub use duration::Duration;
pub use env_file::{EnvEntry, EnvFile};
pub use environment::{Environment, Project, ProjectSource, normalized as project_name};
pub use image::{ImageRef, ImageVersion};
pub use mount::ShortMount;
pub use origin::{Files, Origin};
pub use port::{PortRange, ShortPort};
pub use references::{EnvFiles, Named, is_remote, named, references};
pub use resolved::{ProjectFiles, Resolved, ResolvedModel};
pub use size::Size;
pub use template::{
    GivenBy, Operator, OperatorKind, Part, Piece, Template, TemplateError, Variable,
};
pub use value::{Data, Value};
pub use variables::{Scope, ScopeId, SetBy, Setting, VariableSources};
pub use view::{Service, View, ViewError};
