//! `backend` serves; `backend healthcheck` asks the server beside it.

use std::ffi::OsString;
use std::process::ExitCode;

use backend::config::{self, Config};
use backend::{healthcheck, log, server};

const USAGE: &str = "usage: backend [healthcheck | --version]";

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let command = args.next();
    let result = match (command.as_ref().and_then(|word| word.to_str()), args.next()) {
        (None, None) if command.is_none() => serve(),
        (Some("healthcheck"), None) => ask(),
        (Some("--version" | "-V"), None) => {
            println!("backend {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        (Some("--help" | "-h" | "help"), None) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("unknown arguments; {USAGE}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<(), String> {
    let config = Config::read(&environment).map_err(|err| err.to_string())?;
    log::start(config.log, config.log_format);
    server::run(config).map_err(|err| err.to_string())
}

/// Wants the port alone: the command must not fail for want of a secret that it does not need.
fn ask() -> Result<(), String> {
    let port = config::port(&environment).map_err(|err| err.to_string())?;
    healthcheck::ask(port).map_err(|err| err.to_string())
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
