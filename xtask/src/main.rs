//! `cargo xtask`: the tool, as a task of the workspace that it keeps up to date.

use std::process::ExitCode;

fn main() -> ExitCode {
    compose_stories::main()
}
