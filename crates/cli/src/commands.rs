//! The verbs: one file each.

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
mod forget;
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
pub mod shell;
pub mod skip;
pub mod status;
pub mod up;
pub mod verify;
mod volumes;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use diagnostics::Invocation;
use diagnostics::shell_quote::quoted;
use stories::StoryId;
use system::interrupt;
use system::process::Limits;
use transaction::{CheckoutWriter, LockOptions, RecoverOptions, Recovered, TransactionError};

use crate::checker::{Checker, Chosen};
use crate::checkout::Checkout;
use crate::cli::{CheckerChoice, Cli, Command, Format, Global, Volumes};
use crate::command_line::{self, CommandLine, ENVIRONMENT};
use crate::exit::Exit;
use crate::git;
use crate::root;
use crate::screen::{self, Screen};
use crate::state::State as Memory;
use crate::state::runs::{Event, Start};

/// How often a checkout is read at most: files that change all the time are no commit of ours.
const MOST_READINGS: usize = 20;

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
    let session = Session {
        screen: Screen::new(&global),
        global,
        typed: Some(CommandLine::typed()),
    };
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

fn dispatch(session: &Session, command: Command) -> Result<Exit> {
    match command {
        Command::Migrate(flags) => migrate::run(session, &flags),
        Command::Status(flags) => status::run(session, &flags),
        Command::Verify(flags) => verify::run(session, &flags),
        Command::Explain(flags) => explain::run(session, &flags),
        Command::Revert(flags) => revert::run(session, &flags),
        Command::Skip(flags) => skip::run(session, &flags),
        Command::Ledger(verb) => ledger::run(session, &verb),
        Command::Init(flags) => init::run(session, &flags),
        Command::Recover(flags) => recover::run(session, &flags),
        Command::Compose(flags) => compose::run(session, &flags),
        Command::Up(flags) => up::run(session, &flags),
        Command::Down(flags) => down::run(session, &flags),
        Command::Restart(flags) => restart::run(session, &flags),
        Command::Logs(flags) => logs::run(session, &flags),
        Command::Ps(flags) => ps::run(session, &flags),
        Command::Shell(flags) => shell::run(session, &flags),
        Command::Demo => demo::run(session),
        Command::Facts(flags) => facts::run(session, &flags),
        Command::Volumes(Volumes::Forget(flags)) => forget::run(session, &flags),
        Command::Onboard(flags) => onboard::run(session, &flags),
        Command::Doctor(flags) => doctor::run(session, &flags),
    }
}

/// What every verb gets.
#[derive(Debug)]
pub struct Session {
    /// What a person sees.
    pub screen: Screen,
    global: Global,
    /// None for a step of another command.
    typed: Option<CommandLine>,
}

impl Session {
    /// The checkout's root.
    ///
    /// # Errors
    /// When there is none.
    pub fn root(&self) -> Result<PathBuf> {
        let here = std::env::current_dir().context("the working directory is gone")?;
        root::find(self.global.root.as_deref(), &here)
    }

    /// The same for who writes the layout down.
    ///
    /// # Errors
    /// As for [`Self::root`].
    pub fn root_to_write_down(&self) -> Result<PathBuf> {
        let here = std::env::current_dir().context("the working directory is gone")?;
        root::find_to_write_down(self.global.root.as_deref(), &here)
    }

    /// The checkout, its warnings told. What an interrupted run had begun is completed before, and
    /// told too.
    ///
    /// # Errors
    /// What cannot be read or understood.
    pub fn checkout(&self) -> Result<Checkout> {
        self.read(Checkout::load)
    }

    /// The same, its layout made of whatever Compose files there are.
    ///
    /// # Errors
    /// As for [`Self::checkout`].
    pub fn checkout_to_write_down(&self) -> Result<Checkout> {
        self.read(Checkout::load_to_write_down)
    }

    /// The same, where records that cannot be read as such are set aside.
    ///
    /// # Errors
    /// As for [`Self::checkout`].
    pub fn checkout_with_broken_records(&self) -> Result<Checkout> {
        self.read(Checkout::load_with_broken_records)
    }

    /// Reads again while somebody writes.
    fn read(&self, load: fn(&Path) -> Result<Checkout>) -> Result<Checkout> {
        let root = self.root()?;
        let mut readings = 0;
        loop {
            if let Some(recovered) = self.recover(&root, &RecoverOptions::default())? {
                self.screen.talk(recovered);
            }
            let checkout = load(&root)?;
            readings += 1;
            if readings == MOST_READINGS || checkout.is_current() {
                checkout
                    .warnings
                    .iter()
                    .for_each(|warning| self.screen.warn(self.located(warning)));
                return Ok(checkout);
            }
        }
    }

    /// Completes what an interrupted run had begun. That changes the stack, so it is told of
    /// afterwards, as every run that does.
    ///
    /// # Errors
    /// As for [`transaction::recover`].
    fn recover(
        &self,
        root: &Path,
        settle: &RecoverOptions,
    ) -> Result<Option<Recovered>, TransactionError> {
        let recovered = transaction::recover(root, self.lock_options(), settle);
        let (what, failure) = match &recovered {
            Ok(Some(recovered)) => (recovered.done(), None),
            Err(error @ TransactionError::Pending { what, .. }) => {
                (Some(what.clone()), Some(error.to_string()))
            }
            _ => return recovered,
        };
        if let Some(what) = what {
            let mut log = Memory::of(root).begin(Start::now("recover", None, &[]));
            if failure.is_none() {
                log.note(Event::Done {
                    story: what,
                    checks: Vec::new(),
                });
            }
            log.end(failure);
        }
        recovered
    }

    /// Who checks; where the embedded checker takes the place of Docker's, a person is told why.
    ///
    /// # Errors
    /// As for [`Checker::choose`].
    pub fn checker(&self, choice: CheckerChoice) -> Result<Checker> {
        let Chosen {
            checker,
            instead_of,
        } = Checker::choose(choice)?;
        if let Some(why) = instead_of {
            self.screen.warn(format_args!(
                "{why}\n  falling back to the embedded checker"
            ));
        }
        Ok(checker)
    }

    /// What a command writes with.
    ///
    /// # Errors
    /// When there is no checkout.
    pub fn writer(&self) -> Result<CheckoutWriter> {
        Ok(CheckoutWriter::new(&self.root()?, self.lock_options()))
    }

    /// How long to wait for another run.
    #[must_use]
    pub fn lock_options(&self) -> LockOptions {
        let options = crate::lock::options();
        if self.global.no_wait {
            LockOptions {
                limit: Duration::ZERO,
                ..options
            }
        } else {
            options
        }
    }

    /// The same for another checkout.
    #[must_use]
    pub fn at(&self, root: &Path) -> Self {
        let global = Global {
            root: Some(root.to_owned()),
            ..self.global.clone()
        };
        Self {
            screen: self.screen,
            global,
            typed: None,
        }
    }

    /// The same for a step of another command: for programs it says nothing.
    #[must_use]
    pub fn muted_for_programs(&self) -> Self {
        Self {
            screen: self.screen.muted_for_programs(),
            global: self.global.clone(),
            typed: None,
        }
    }

    /// How the tool was called: what turns the arguments of a command into the command.
    #[must_use]
    pub fn invocation(&self) -> Invocation {
        command_line::invocation(self.global.root.as_deref())
    }

    /// A command of this tool by its arguments, as it works from where the person stands.
    #[must_use]
    pub fn command<T: AsRef<str>>(&self, arguments: &[T]) -> String {
        self.invocation().command(arguments)
    }

    /// The arguments of the command once more with a flag; a step of another command is named as a
    /// command of its own.
    #[must_use]
    pub fn again(&self, verb: &str, flag: &str) -> Vec<String> {
        match &self.typed {
            Some(typed) => typed.with(flag).words().to_vec(),
            None => [verb]
                .into_iter()
                .chain(flag.split(' '))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The arguments of the command once more, with one flag and its value for another one.
    #[must_use]
    pub fn again_with(&self, verb: &str, flag: &str, gone: &str) -> Vec<String> {
        match &self.typed {
            Some(typed) => typed.with_instead(flag, gone).words().to_vec(),
            None => self.again(verb, flag),
        }
    }

    /// A command of this tool for the environments that were named.
    #[must_use]
    pub fn narrowed(&self, arguments: &[&str]) -> String {
        let arguments = arguments.iter().map(|&word| word.to_owned());
        let words: Vec<_> = arguments.chain(self.chosen(&[ENVIRONMENT])).collect();
        self.command(&words)
    }

    /// The environments and stories that were named, as flags of `migrate`.
    #[must_use]
    pub fn choice(&self) -> Vec<String> {
        self.chosen(&[ENVIRONMENT, "--to", "--only"])
    }

    fn chosen(&self, flags: &[&str]) -> Vec<String> {
        let typed = self.typed.as_ref();
        typed.map(|typed| typed.chosen(flags)).unwrap_or_default()
    }

    /// The dry run that was typed, as the command that writes, with the flag that it then needs.
    #[must_use]
    pub fn for_real(&self, verb: &str, flag: Option<&str>) -> String {
        let Some(typed) = &self.typed else {
            return self.command(&[verb]);
        };
        let typed = ["--dry-run", "--check"]
            .iter()
            .fold(typed.clone(), |typed, flag| typed.without(flag));
        self.command(
            flag.map_or_else(|| typed.clone(), |flag| typed.with(flag))
                .words(),
        )
    }

    /// For a story that there is not.
    #[must_use]
    pub fn unknown_story(&self, id: &StoryId) -> anyhow::Error {
        anyhow::anyhow!(
            "there is no story {id}; list them: {}",
            self.command(&["status"])
        )
    }

    /// How the commands that are shown spell git.
    #[must_use]
    pub fn git(&self) -> String {
        self.root()
            .map_or_else(|_| "git".to_owned(), |root| git::spelt(&root))
    }

    /// A text from below with the checkout in the commands that it offers.
    #[must_use]
    pub fn located(&self, text: &str) -> String {
        self.invocation().located(text)
    }

    /// How the commands that are shown name the checkout: nothing where it is found from here
    /// anyway.
    #[must_use]
    pub fn root_flag(&self) -> String {
        self.global
            .root
            .as_ref()
            .map(|root| format!(" --root {}", quoted(&root.display().to_string())))
            .unwrap_or_default()
    }
}
