//! What an environment's Compose files say once merged, and which line of which file says it.
//!
//! A [`View`] is pure: it is made from parsed [`Files`] and knows no disk, no Docker and no stories.

mod budget;
mod canonical;
mod decode;
mod difference;
mod env_file;
mod environment;
mod extends;
mod image;
mod include;
mod load;
mod marks;
mod merge;
mod origin;
mod paths;
mod problem;
mod references;
mod shape;
mod template;
mod trail;
mod value;
mod variables;
mod view;

pub use difference::{Difference, DifferenceKind};
pub use env_file::{EnvEntry, EnvFile};
pub use environment::{Environment, Project, ProjectSource};
pub use image::ImageRef;
pub use origin::{Files, Origin};
pub use references::{EnvFiles, Named, is_remote, named, references};
pub use template::{Operator, OperatorKind, Part, Template, TemplateError, Variable};
pub use value::{Data, Value};
pub use variables::{Scope, ScopeId, SetBy, Setting, Surroundings};
pub use view::{Service, View, ViewError};
