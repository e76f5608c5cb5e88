//! One file a rule.

pub(crate) mod data_folder;
pub(crate) mod health_check;
pub(crate) mod shared_data;
pub(crate) mod volume_in_memory;
