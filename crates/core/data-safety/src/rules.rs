//! The rules, one a file, in their order: a later one may pass over what an earlier one told of.

mod anonymous;
mod covering;
mod data_root;
mod leftovers;
mod mounts;
mod orphaned_volumes;
mod postgres;
mod project;
mod redis;
mod services;
mod shared_project;
mod volume_config;

pub(crate) use anonymous::named;

use crate::evaluation::Evaluation;

/// All of them.
pub(crate) const RULES: [fn(&mut Evaluation<'_>); 11] = [
    anonymous::evaluate,
    mounts::evaluate,
    project::evaluate,
    shared_project::evaluate,
    orphaned_volumes::evaluate,
    services::evaluate,
    volume_config::evaluate,
    postgres::evaluate,
    redis::evaluate,
    data_root::evaluate,
    leftovers::evaluate,
];
