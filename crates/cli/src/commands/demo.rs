//! `demo`: the main job on a copy of `examples/old-checkout`, to be looked at and repeated.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use diagnostics::redact::Secrets;
use system::regular_file;

use super::{Session, migrate};
use crate::checkout::LEDGER;
use crate::cli::{Demo, Migrate, Status};
use crate::exit::Exit;
use crate::pipeline::FileChange;
use crate::report;
use crate::screen::Tone;

/// The folder with the example, below the repository's root.
const EXAMPLE: &str = "examples/old-checkout";

/// Runs the command. The copy goes into a new folder of the machine's temporary ones and stays
/// there.
///
/// # Errors
/// When the example cannot be copied.
pub fn run(session: &Session, _: &Demo) -> Result<Exit> {
    let copy = copy()?;
    let before = texts(&copy)?;
    let screen = &session.screen;
    screen.talk(format_args!("{EXAMPLE}, copied to {}", copy.display()));
    let typed = |verb: &str| {
        let program = session.invocation().program().to_owned();
        screen.say(screen.tone(Tone::Strong, &format!("$ {program} {verb}")));
    };
    typed("migrate");
    let own = session.at(&copy);
    let exit = migrate::run(&own, &Migrate::default())?;
    if !screen.is_human() {
        return Ok(exit);
    }
    screen.say(screen.tone(Tone::Strong, "\n$ git diff"));
    let after = texts(&copy)?;
    for (path, old) in &before {
        let change = FileChange::between(path, old, &after[path], Vec::new(), &Secrets::default());
        report::diff(screen, &change);
    }
    show_ledger(session, &copy)?;
    screen.say("");
    typed("status");
    let status = super::status::run(&own, &Status::default())?;
    Ok(if exit == Exit::Done { status } else { exit })
}

fn show_ledger(session: &Session, copy: &Path) -> Result<()> {
    let screen = &session.screen;
    screen.say(screen.tone(Tone::Strong, &format!("\n$ ls {LEDGER}")));
    let mut records: Vec<_> = fs::read_dir(copy.join(LEDGER))?.collect::<Result<_, _>>()?;
    records.retain(|record| !record.file_name().as_encoded_bytes().starts_with(b"."));
    records.sort_by_key(fs::DirEntry::file_name);
    for record in &records {
        screen.say(record.file_name().to_string_lossy());
    }
    if let Some(first) = records.first() {
        let name = first.file_name();
        screen.say(screen.tone(
            Tone::Strong,
            &format!("\n$ cat {LEDGER}/{}", name.to_string_lossy()),
        ));
        screen.say(regular_file::text(first.path())?.trim_end());
    }
    Ok(())
}

/// A copy of the example with env files made from their examples.
fn copy() -> Result<PathBuf> {
    let manifest = std::env::var("CARGO_MANIFEST_DIR")
        .unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let mut above = Path::new(&manifest)
        .ancestors()
        .map(|folder| folder.join(EXAMPLE));
    let example = above
        .find(|example| example.is_dir())
        .with_context(|| format!("{EXAMPLE} is not here"))?;
    let to = tempfile::Builder::new()
        .prefix("old-checkout-")
        .tempdir()
        .context("no temporary folder")?
        .keep();
    copy_folder(&example, &to).with_context(|| format!("{EXAMPLE} cannot be copied"))?;
    for name in [".env", ".env.prod"] {
        fs::copy(to.join(format!("{name}.example")), to.join(name))?;
    }
    Ok(to)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The texts of the Compose files in a folder, by name.
fn texts(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if stories::layout::is_compose_file(&name) {
            let text = regular_file::text(folder.join(&name))?;
            texts.insert(name, text);
        }
    }
    Ok(texts)
}
