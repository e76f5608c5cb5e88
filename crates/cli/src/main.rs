//! The tool under its own name; `cargo xtask` is the same.

use std::process::ExitCode;

fn main() -> ExitCode {
    compose_stories::main()
}
