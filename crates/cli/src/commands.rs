//! The verbs: one file each; a verb is named in the registry below and nowhere else.

mod answers;
mod before;
pub mod compose;
mod compose_environment;
pub mod demo;
mod dirty;
pub mod doctor;
pub mod down;
pub mod explain;
pub mod facts;
mod impact;
pub mod init;
pub mod ledger;
pub mod logs;
pub mod migrate;
pub mod onboard;
pub mod ps;
pub mod recover;
mod renewal;
pub mod restart;
pub mod revert;
mod session;
pub mod shell;
pub mod skip;
pub mod status;
pub mod up;
pub mod verify;
mod volumes;
mod volumes_before;

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use system::interrupt;
use system::process::Limits;

use crate::cli::{self, Format, Global};
use crate::exit::Exit;
use crate::screen;

pub use session::Session;

/// Keeps a team's Docker Compose stack up to date, story by story.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where and how, for every command.
    #[command(flatten)]
    pub global: Global,
}

/// Verbs by when they are needed: a title, and names in the order in which they are used.
pub type Group = (&'static str, &'static [&'static str]);

macro_rules! registry {
    ($($group:literal { $($(#[$meta:meta])* $name:ident($flags:ty) in $module:ident,)* })*) => {
        /// The verbs.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($($(#[$meta])* $name($flags),)*)*
        }

        /// The verbs by when they are needed.
        pub const GROUPS: &[Group] = &[$(($group, &[$(stringify!($module),)*]),)*];

        fn dispatch(session: &Session, command: Command) -> Result<Exit> {
            match command {
                $($(Command::$name(flags) => $module::run(session, &flags),)*)*
            }
        }
    };
}

registry! {
    "Once in a checkout" {
        /// Make this checkout ready: doctor, env files, migrate, verify.
        Onboard(cli::Onboard) in onboard,
        /// Write compose/stack.yaml from what is here, and say what was guessed.
        Init(cli::Init) in init,
        /// Show a migration on a copy of examples/old-checkout, with its diff.
        Demo(cli::Demo) in demo,
    }
    "Keep the stack up to date" {
        /// Show where every story stands; exit 1 when something is to be done.
        Status(cli::Status) in status,
        /// Bring this checkout up to date, story by story.
        Migrate(cli::Migrate) in migrate,
        /// Say what a story does, why, where, and how it is undone.
        Explain(cli::Explain) in explain,
        /// Record that the team does not want a story, with a reason.
        Skip(cli::Skip) in skip,
        /// Take a story back, in all environments, and remove its record.
        Revert(cli::Revert) in revert,
    }
    "Run the stack" {
        /// Start an environment and wait until it is healthy.
        Up(cli::Up) in up,
        /// Stop an environment and remove its containers; volumes stay.
        Down(cli::Down) in down,
        /// Restart an environment's services.
        Restart(cli::ServiceArgs) in restart,
        /// Show what an environment's services say.
        Logs(cli::ServiceArgs) in logs,
        /// Show an environment's containers, stopped ones included.
        Ps(cli::ServiceArgs) in ps,
        /// Open a shell in a service's container.
        Shell(cli::Shell) in shell,
        /// Run docker compose with an environment's files.
        Compose(cli::Compose) in compose,
    }
    "Look closer" {
        /// Prove that files, ledger and Docker agree.
        Verify(cli::Verify) in verify,
        /// Say what this machine and this checkout lack, and what mends it.
        Doctor(cli::Doctor) in doctor,
        /// Show what data the engine holds, or judge a document of it.
        Facts(cli::Facts) in facts,
        /// What the team says of volumes.
        #[command(subcommand)]
        Volumes(cli::Volumes) in volumes,
    }
    "After a crash or a merge" {
        /// Complete what an interrupted run began; other commands do so too.
        Recover(cli::Recover) in recover,
        /// The team's records in compose/ledger.
        #[command(subcommand)]
        Ledger(cli::Ledger) in ledger,
    }
}

/// How long to wait for docker where a person does not watch it.
const PATIENCE: Limits = Limits {
    time: Duration::from_secs(60),
    output: 16 << 20,
};

/// Runs what the command line asks for.
///
/// # Errors
/// What kept the command from being understood or from looking at everything.
pub fn run(cli: Cli) -> Result<Exit> {
    let Cli { command, global } = cli;
    let session = Session::new(global);
    if !matches!(session.screen.format, Format::Human | Format::Json) && !has_findings(&command) {
        bail!(
            "--format junit, markdown, sarif and github are for verify, doctor, status and migrate --check; here: human \
             or json"
        );
    }
    if !leaves_interrupts_to_docker(&command) {
        interrupt::listen(|| screen::talk("error: interrupted; nothing was being written"))
            .context("Ctrl-C cannot be listened for")?;
    }
    let exit = dispatch(&session, command)?;
    Ok(if interrupt::is_requested() {
        Exit::Interrupted
    } else {
        exit
    })
}

/// Whether findings are the whole result, which programs may then have in their own forms.
fn has_findings(command: &Command) -> bool {
    match command {
        Command::Verify(_) | Command::Doctor(_) => true,
        Command::Status(flags) => !flags.last,
        Command::Migrate(flags) => flags.check,
        _ => false,
    }
}

/// What docker does for a person at the terminal ends as docker ends.
fn leaves_interrupts_to_docker(command: &Command) -> bool {
    use Command::{Compose, Down, Logs, Ps, Restart, Shell, Up};
    matches!(
        command,
        Compose(_) | Up(_) | Down(_) | Restart(_) | Logs(_) | Ps(_) | Shell(_)
    )
}
