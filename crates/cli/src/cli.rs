//! The command line: types alone, no behaviour.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use stories::StoryId;

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

/// Flags of every command.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The checkout to work on [default: the nearest folder above with compose/stack.yaml or a
    /// Compose file].
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How the result is written to stdout.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Exit 11 at once where another run holds the lock, instead of waiting up to 10 s.
    #[arg(long, global = true)]
    pub no_wait: bool,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

/// The form of the result on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs: one JSON document with a schema version.
    Json,
    /// For CI systems: JUnit XML; where findings are the result.
    Junit,
    /// For a file beside the code: a report in Markdown; where findings are the result.
    Markdown,
    /// For code scanners and editors: SARIF 2.1.0; where findings are the result.
    Sarif,
    /// For GitHub Actions: annotations of a run; where findings are the result.
    Github,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Who checks drafts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckerChoice {
    /// Docker Compose where it is installed, else the embedded checker.
    #[default]
    Auto,
    /// Docker Compose; exit 12 where it is not installed.
    Docker,
    /// The embedded checker.
    Embedded,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring this checkout up to date, story by story.
    Migrate(Migrate),
    /// Show where every story stands; exit 1 when something is to be done.
    Status(Status),
    /// Prove that files, ledger and Docker agree.
    Verify(Verify),
    /// Say what a story does, why, where, and how it is undone.
    Explain(Explain),
    /// Take a story back, in all environments, and remove its record.
    Revert(Revert),
    /// Record that the team does not want a story, with a reason.
    Skip(Skip),
    /// The team's records in compose/ledger.
    #[command(subcommand)]
    Ledger(Ledger),
    /// Write compose/stack.yaml from what is here, and say what was guessed.
    Init(Init),
    /// Complete what an interrupted run began; other commands do so too.
    Recover(Recover),
    /// Run docker compose with an environment's files.
    Compose(Compose),
    /// Say what this machine and this checkout lack, and what mends it.
    Doctor(Doctor),
    /// Make this checkout ready: doctor, env files, migrate, verify.
    Onboard(Onboard),
    /// Show what data the engine holds, or judge a document of it.
    Facts(Facts),
    /// What the team says of volumes.
    #[command(subcommand)]
    Volumes(Volumes),
    /// Start an environment and wait until it is healthy.
    Up(Up),
    /// Stop an environment and remove its containers; volumes stay.
    Down(Down),
    /// Restart an environment's services.
    Restart(ServiceArgs),
    /// Show what an environment's services say.
    Logs(ServiceArgs),
    /// Show an environment's containers, stopped ones included.
    Ps(ServiceArgs),
    /// Open a shell in a service's container.
    Shell(Shell),
    /// Show a migration on a copy of examples/old-checkout, with its diff.
    Demo,
}

/// Which environments, for commands that look at several.
#[derive(Args, Clone, Debug, Default)]
pub struct EnvironmentArgs {
    /// Only this environment; may be given more than once.
    #[arg(
        long = "environment",
        short = 'e',
        value_name = "ENVIRONMENT",
        id = "environments"
    )]
    pub named: Vec<String>,
}

/// Which environments, for commands that look at the first unless others are named.
#[derive(Args, Clone, Debug, Default)]
pub struct FirstArgs {
    /// This environment [default: the first]; may be given more than once.
    #[arg(
        long = "environment",
        short = 'e',
        value_name = "ENVIRONMENT",
        id = "environments"
    )]
    pub named: Vec<String>,
}

/// Which environment, for commands that work on one.
#[derive(Args, Clone, Debug, Default)]
pub struct EnvironmentArg {
    /// The environment [default: the first].
    #[arg(value_name = "ENVIRONMENT", id = "environment")]
    pub positional: Option<String>,
    /// The same as a flag.
    #[arg(
        long = "environment",
        short = 'e',
        value_name = "ENVIRONMENT",
        id = "named",
        conflicts_with = "environment"
    )]
    pub flag: Option<String>,
}

/// Which services of which environment.
#[derive(Args, Clone, Debug, Default)]
pub struct ServiceArgs {
    /// The environment [default: the first], then services [default: all].
    #[arg(value_name = "ENVIRONMENT] [SERVICE")]
    pub targets: Vec<String>,
    /// The environment as a flag.
    #[arg(
        long = "environment",
        short = 'e',
        value_name = "ENVIRONMENT",
        id = "named"
    )]
    pub flag: Option<String>,
    /// What docker compose gets beside.
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

/// `status`.
#[derive(Args, Debug, Default)]
pub struct Status {
    /// Which environments.
    #[command(flatten)]
    pub environments: EnvironmentArgs,
    /// Tell how the last run ended, where it stands, and what to type.
    #[arg(long, conflicts_with = "environments")]
    pub last: bool,
}

/// `ledger`.
#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// Write the records anew from what the files say; the difference is shown first.
    Rebuild(Rebuild),
}

/// `ledger rebuild`.
#[derive(Args, Debug)]
pub struct Rebuild {
    /// Show the difference, write nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Write without a question.
    #[arg(long)]
    pub yes: bool,
}

/// `migrate`.
#[derive(Args, Debug, Default)]
pub struct Migrate {
    /// Which environments.
    #[command(flatten)]
    pub environments: EnvironmentArgs,
    /// Stop after this story.
    #[arg(long, value_name = "ID", conflicts_with = "only")]
    pub to: Option<StoryId>,
    /// This story alone.
    #[arg(long, value_name = "ID")]
    pub only: Option<StoryId>,
    /// Show what would be done, with the diff; write nothing.
    #[arg(long, conflicts_with = "check")]
    pub dry_run: bool,
    /// Exit 1 when something is pending; write nothing.
    #[arg(long)]
    pub check: bool,
    /// Go on where a new volume would hide data that a container holds now.
    #[arg(long)]
    pub allow_data_loss: bool,
    /// Apply again what was applied before and removed by hand since.
    #[arg(long)]
    pub reapply: bool,
    /// Write what no file says and is only likely, such as a health check's path; it is told.
    #[arg(long)]
    pub accept_guesses: bool,
    /// What git has to do with it.
    #[command(flatten)]
    pub git: GitFlags,
    /// A plan in a file.
    #[command(flatten)]
    pub plan_file: PlanFlags,
    /// Who checks the drafts.
    #[arg(long, value_enum, default_value_t = CheckerChoice::Auto)]
    pub checker: CheckerChoice,
}

/// What git has to do with a run.
#[derive(Args, Clone, Debug, Default)]
pub struct GitFlags {
    /// Write files too that git calls modified.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Make one git commit a story, of its files and its record.
    #[arg(long)]
    pub commit: bool,
}

/// A plan in a file.
#[derive(Args, Clone, Debug, Default)]
pub struct PlanFlags {
    /// Save what would be done to FILE, with hashes; write nothing else.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub plan: Option<PathBuf>,
    /// Do exactly what the plan in FILE says; refuse when anything has changed since.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plan", "environments", "to", "only", "reapply", "accept_guesses", "dry_run", "check"])]
    pub apply: Option<PathBuf>,
}

/// `verify`.
#[derive(Args, Debug, Default)]
pub struct Verify {
    /// Which environments.
    #[command(flatten)]
    pub environments: EnvironmentArgs,
    /// Who checks the files.
    #[arg(long, value_enum, default_value_t = CheckerChoice::Auto)]
    pub checker: CheckerChoice,
    /// What is proved on running containers.
    #[command(flatten)]
    pub live: LiveFlags,
}

/// `verify --live`.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct LiveFlags {
    /// Prove it on running containers too: a sandbox of its own; this checkout's containers and
    /// data are not touched.
    #[arg(long)]
    pub live: bool,
    /// Leave the sandboxes running, to look around.
    #[arg(long, requires = "live")]
    pub keep: bool,
    /// How long a start may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 180, requires = "live",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub wait_timeout: u64,
    /// Build the images that the files say how to build, also where they are here.
    #[arg(long, requires = "live")]
    pub build: bool,
}

/// `doctor`.
#[derive(Args, Debug, Default)]
pub struct Doctor {
    /// Which environments.
    #[command(flatten)]
    pub environments: FirstArgs,
}

/// `facts`.
#[derive(Args, Debug, Default)]
pub struct Facts {
    /// Which environment.
    #[command(flatten)]
    pub environment: EnvironmentArg,
    /// Ask no engine: say what these files would do to the data in FILE, which `facts --format
    /// json` printed elsewhere; exit 1 where data is at risk.
    #[arg(long, value_name = "FILE")]
    pub judge: Option<PathBuf>,
}

/// `volumes`.
#[derive(Debug, Subcommand)]
pub enum Volumes {
    /// Say that a volume which nothing uses is to stay, so that nobody is told of it any more.
    Forget(Forget),
}

/// `volumes forget`.
#[derive(Args, Debug)]
pub struct Forget {
    /// The volume: its key in the files, or its real name.
    #[arg(value_name = "NAME")]
    pub volume: String,
    /// Why it stays, for those who come later.
    #[arg(long)]
    pub reason: String,
}

/// `onboard`.
#[derive(Args, Debug, Default)]
pub struct Onboard {
    /// Which environments.
    #[command(flatten)]
    pub environments: FirstArgs,
    /// Start it too.
    #[arg(long)]
    pub up: bool,
}

/// `explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// The story's id, such as 5.1.
    #[arg(value_name = "ID")]
    pub id: StoryId,
}

/// `revert`.
#[derive(Args, Debug)]
pub struct Revert {
    /// The story's id, such as 5.1.
    #[arg(value_name = "ID", required_unless_present_any = ["to", "all"], conflicts_with_all = ["to", "all"])]
    pub id: Option<StoryId>,
    /// All stories behind this one, the last one first; this one stays.
    #[arg(long, value_name = "ID", conflicts_with = "all")]
    pub to: Option<StoryId>,
    /// All stories, the last one first.
    #[arg(long)]
    pub all: bool,
    /// The stories that need this one too.
    #[arg(long, requires = "id")]
    pub with_dependents: bool,
    /// Record that the team does not want it, so that migrate leaves it out.
    #[arg(long = "skip", value_name = "REASON")]
    pub skip_reason: Option<String>,
    /// Discard later edits to what the story wrote.
    #[arg(long)]
    pub discard_edits: bool,
    /// Revert even though the data cannot be converted back.
    #[arg(long)]
    pub accept_irreversible: bool,
    /// Write files too that git calls modified.
    #[arg(long)]
    pub allow_dirty: bool,
    /// Show what would be done, with the diff; write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Who checks the drafts.
    #[arg(long, value_enum, default_value_t = CheckerChoice::Auto)]
    pub checker: CheckerChoice,
}

/// `skip`.
#[derive(Args, Debug)]
pub struct Skip {
    /// The story's id, such as 5.1.
    #[arg(value_name = "ID")]
    pub id: StoryId,
    /// Why, for those who come later.
    #[arg(long)]
    pub reason: String,
    /// At this service alone, of those that the story is about.
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,
    /// Which environments.
    #[command(flatten)]
    pub environments: EnvironmentArgs,
}

/// `init`.
#[derive(Args, Debug)]
pub struct Init {
    /// Show the file, write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// `recover`.
#[derive(Args, Debug)]
pub struct Recover {
    /// Leave this file as it is, though it was changed since; may be given more than once.
    #[arg(long, value_name = "FILE")]
    pub keep: Vec<String>,
    /// Write this file all the same, and keep what it holds as FILE.yours; may be given more than
    /// once.
    #[arg(long, value_name = "FILE")]
    pub take: Vec<String>,
    /// Give up what was begun: files that were written go back to what they held before.
    #[arg(long)]
    pub abandon: bool,
    /// Complete it here though it was begun in another checkout, of which this is a copy.
    #[arg(long)]
    pub here: bool,
}

/// `compose`.
#[derive(Args, Debug)]
pub struct Compose {
    /// Which environment.
    #[command(flatten)]
    pub environment: EnvironmentArg,
    /// Go on where data that is here would be out of reach.
    #[arg(long)]
    pub allow_data_loss: bool,
    /// What docker compose gets.
    #[arg(last = true, required = true)]
    pub arguments: Vec<String>,
}

/// `up`.
#[derive(Args, Debug, Default)]
pub struct Up {
    /// Which environment.
    #[command(flatten)]
    pub environment: EnvironmentArg,
    /// Build images first.
    #[arg(long)]
    pub build: bool,
    /// How long to wait until all is healthy.
    #[arg(long, value_name = "SECONDS")]
    pub wait_timeout: Option<u32>,
    /// Run what ran when all was well last: its files and images, from this machine's memory. The
    /// files here stay as they are.
    #[arg(long, conflicts_with_all = ["build", "arguments"])]
    pub rollback: bool,
    /// Go on where data that is here would be out of reach.
    #[arg(long)]
    pub allow_data_loss: bool,
    /// What docker compose up gets beside, such as the names of services.
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

/// `down`.
#[derive(Args, Debug)]
pub struct Down {
    /// Which environment.
    #[command(flatten)]
    pub environment: EnvironmentArg,
    /// Go on where data that is here would be out of reach.
    #[arg(long)]
    pub allow_data_loss: bool,
    /// What docker compose down gets beside.
    #[arg(last = true)]
    pub arguments: Vec<String>,
}

/// `shell`.
#[derive(Args, Debug)]
pub struct Shell {
    /// The service.
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// Which environment.
    #[command(flatten)]
    pub environment: EnvironmentArg,
    /// What to run in place of a shell.
    #[arg(last = true)]
    pub arguments: Vec<String>,
}
