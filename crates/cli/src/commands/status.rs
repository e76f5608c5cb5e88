//! `status`: where every story stands, and how the last run ended.

use anyhow::Result;
use rustix::process::{Pid, test_kill_process};
use system::regular_file;
use transaction::Digest;

use super::Session;
use crate::checkout::names;
use crate::cli::Status;
use crate::exit::Exit;
use crate::report::{self, LastRun, Stands};
use crate::state::State as Memory;
use crate::state::runs::FileHashes;

/// Runs the command. Starts no process and writes nothing.
///
/// # Errors
/// What kept it from looking at everything.
pub fn run(session: &Session, flags: &Status) -> Result<Exit> {
    if flags.last {
        return last(session);
    }
    let checkout = session.checkout()?;
    let scope = names(&checkout.select(&flags.environments.named)?);
    let stories: Vec<_> = checkout.catalog.in_order().into_iter().cloned().collect();
    let rows = report::rows(&checkout, &stories, &scope);
    report::status(session, &checkout, &rows)?;
    Ok(if rows.iter().all(report::Row::is_up_to_date) {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// `--last`: reads the log of the last run, whatever state the files are in.
fn last(session: &Session) -> Result<Exit> {
    let root = session.root()?;
    let stands = |file: &FileHashes| {
        let hash = regular_file::bytes(root.join(&file.path))
            .ok()
            .map(|bytes| Digest::of(bytes).to_string());
        if hash == file.after {
            Stands::After
        } else if hash == file.before {
            Stands::Before
        } else {
            Stands::Neither
        }
    };
    let journal = transaction::remedy(
        &root,
        session.lock_options().is_tracked,
        &session.root_flag(),
    )
    .map(|way| session.located(&way));
    let mut run = Memory::of(&root)
        .last_run()
        .map(|events| LastRun::of(events, stands));
    if let Some(run) = &mut run {
        run.is_running = run
            .start
            .as_ref()
            .is_some_and(|start| is_there(start.process));
        run.compare(journal.clone());
    }
    report::last(session, run.as_ref(), journal);
    Ok(if run.is_none_or(|run| run.outcome() == "done") {
        Exit::Done
    } else {
        Exit::Findings
    })
}

fn is_there(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process).is_ok())
}
