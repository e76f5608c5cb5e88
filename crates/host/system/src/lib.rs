//! What the tool asks of the operating system: regular files within limits, programs within limits,
//! Ctrl-C.

mod group;
pub mod here;
pub mod interrupt;
pub mod leaving_link;
pub mod pipe;
pub mod process;
pub mod regular_file;
pub mod state_folder;
