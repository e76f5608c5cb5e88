//! One file a rule.

pub(crate) mod data_folder;
pub(crate) mod default_password;
pub(crate) mod health_check;
pub(crate) mod open_datastore;
pub(crate) mod published_datastore;
pub(crate) mod shared_data;
pub(crate) mod unreachable_service;
pub(crate) mod volume_in_memory;
