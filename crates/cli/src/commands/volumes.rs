//! `volumes`: what the team says of volumes.

use anyhow::{Context as _, Result, bail};
use compose_edit::{Document, NewScalar, NewValue, Path};

use super::Session;
use crate::checkout::Checkout;
use crate::cli::{Forget, Volumes};
use crate::exit::Exit;
use crate::report;
use crate::root::STACK_FILE;
use crate::stack_file::StackFile;

/// Runs the command: writes into `compose/stack.yaml` and nothing else; no engine is asked.
///
/// # Errors
/// For a volume that the files use, an empty reason, and a file that cannot be written.
pub fn run(session: &Session, what: &Volumes) -> Result<Exit> {
    match what {
        Volumes::Forget(flags) => forget(session, flags),
    }
}

/// The team knows of a volume that nothing uses, and leaves it where it is.
fn forget(session: &Session, flags: &Forget) -> Result<Exit> {
    let checkout = session.checkout()?;
    let (volume, reason) = (flags.volume.as_str(), flags.reason.trim());
    if reason.is_empty() {
        bail!("--reason is empty; say why it stays, for those who come later");
    }
    refuse_used(&checkout, volume)?;
    let file = StackFile::read(&checkout.root)?;
    let text = forgotten(file.text(), volume, reason)?;
    if file.text() != text {
        file.replace(&mut session.writer()?, text)?;
    }
    report::forgotten(session, volume, reason);
    Ok(Exit::Done)
}

/// What the files name is used; its leftover would be told of at another place.
fn refuse_used(checkout: &Checkout, volume: &str) -> Result<()> {
    for environment in checkout.environments() {
        let model = checkout.stack.resolved(&environment, &checkout.root);
        let model = model.with_context(|| environment.name.clone())?;
        let names = |(key, own): (&String, &compose_model::resolved::Volume)| {
            key == volume || own.name.text() == Some(volume)
        };
        if model.volumes.iter().any(names) {
            bail!(
                "the files of {} declare the volume {volume}; only one that nothing uses is forgotten",
                environment.name
            );
        }
    }
    Ok(())
}

/// `compose/stack.yaml` with the reason; all else stays as it is.
fn forgotten(text: &str, volume: &str, reason: &str) -> Result<String> {
    let document = Document::parse(text).context(STACK_FILE)?;
    let map = |key: &str, value: NewValue| NewValue::Map(vec![(key.to_owned(), value)]);
    let (section, remarks) = (Path::from(["volumes"]), Path::from(["volumes", volume]));
    let written = Path::from(["volumes", volume, "forgotten"]);
    let mut edit = document.edit();
    let done = if document.get(&written).is_some() {
        edit.set(&written, &NewScalar::from(reason))
    } else if document.get(&remarks).is_some() {
        edit.insert(&remarks, "forgotten", &NewValue::from(reason), None)
    } else {
        let remark = map("forgotten", NewValue::from(reason));
        if document.get(&section).is_some() {
            edit.insert(&section, volume, &remark, None)
        } else {
            edit.insert(&Path::root(), "volumes", &map(volume, remark), None)
        }
    };
    done.context(STACK_FILE)?;
    Ok(edit.finish().context(STACK_FILE)?.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_added_and_all_else_stays() {
        let whole = "volumes:\n  old:\n    forgotten: a copy\n";
        for (before, after) in [
            ("", whole.to_owned()),
            (
                "# ours\nroles: { backend: api }\n",
                format!("# ours\nroles: {{ backend: api }}\n{whole}"),
            ),
            (
                "volumes:\n  other: { forgotten: x } # theirs\n",
                "volumes:\n  other: { forgotten: x } # theirs\n  old:\n    forgotten: a copy\n"
                    .to_owned(),
            ),
            (
                "volumes: { old: { forgotten: no } } # one\n",
                "volumes: { old: { forgotten: a copy } } # one\n".to_owned(),
            ),
            ("volumes:\n  old: {}\n", whole.to_owned()),
        ] {
            assert_eq!(forgotten(before, "old", "a copy").unwrap(), after);
        }
    }
}
