//! The verbs: one file each.

pub mod compose;
pub mod demo;
pub mod explain;
pub mod init;
pub mod ledger;
pub mod migrate;
pub mod skip;
pub mod status;
pub mod verify;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::checkout::Checkout;
use crate::cli::{Cli, Command, Global};
use crate::exit::Exit;
use crate::root;
use crate::screen::Screen;

/// Runs what the command line asks for.
///
/// # Errors
/// What kept the command from being understood or from looking at everything.
pub fn run(cli: Cli) -> Result<Exit> {
    let Cli { command, global } = cli;
    let session = Session { screen: Screen::new(&global), global };
    match command {
        Command::Migrate(flags) => migrate::run(&session, &flags),
        Command::Status(flags) => status::run(&session, &flags),
        Command::Verify(flags) => verify::run(&session, &flags),
        Command::Explain(flags) => explain::run(&session, &flags),
        Command::Skip(flags) => skip::run(&session, &flags),
        Command::Ledger(verb) => ledger::run(&session, &verb),
        Command::Init(flags) => init::run(&session, &flags),
        Command::Compose(flags) => compose::run(&session, &flags),
        Command::Demo => demo::run(&session),
    }
}

/// What every verb gets.
#[derive(Debug)]
pub struct Session {
    /// What a person sees.
    pub screen: Screen,
    global: Global,
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

    /// The checkout, its warnings told.
    ///
    /// # Errors
    /// What cannot be read or understood.
    pub fn checkout(&self) -> Result<Checkout> {
        Ok(self.told(Checkout::load(&self.root()?)?))
    }

    /// The same, where records that git left unfinished are set aside.
    ///
    /// # Errors
    /// As for [`Self::checkout`].
    pub fn checkout_with_broken_records(&self) -> Result<Checkout> {
        Ok(self.told(Checkout::load_with_broken_records(&self.root()?)?))
    }

    fn told(&self, checkout: Checkout) -> Checkout {
        for warning in &checkout.warnings {
            self.screen.warn(warning);
        }
        checkout
    }

    /// The same for another checkout.
    #[must_use]
    pub fn at(&self, root: &Path) -> Self {
        let global = Global { root: Some(root.to_owned()), ..self.global.clone() };
        Self { screen: self.screen, global }
    }

    /// How the commands that are shown name the checkout: nothing where it is found from here anyway.
    #[must_use]
    pub fn root_flag(&self) -> String {
        self.global.root.as_ref().map(|root| format!(" --root {}", root.display())).unwrap_or_default()
    }
}
