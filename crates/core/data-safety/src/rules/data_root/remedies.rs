//! What lets a datastore find its data again.

use diagnostics::Remedy;
use engine_facts::Signature;

use super::{Wanted, in_memory};
use crate::Source;
use crate::evaluation::Evaluation;

/// What brings the data back to where the service looks.
pub(super) fn back(
    evaluation: &Evaluation<'_>,
    wanted: &Wanted<'_>,
    volume: &str,
    found: &Signature,
) -> Remedy {
    in_place(evaluation, wanted, volume, found)
        .or_else(|| look_there(wanted, volume, found))
        .unwrap_or_else(|| {
            Remedy::lines_of_a_file(
                "mount it where the data is looked for, in the files",
                mount(evaluation, wanted, volume, found).join("\n"),
            )
        })
}

/// Where the volume is mounted right already: it stays on the disk, or its file keeps its name.
fn in_place(
    evaluation: &Evaluation<'_>,
    wanted: &Wanted<'_>,
    volume: &str,
    found: &Signature,
) -> Option<Remedy> {
    let root = wanted.root;
    if root.source.as_ref() != Some(&Source::Volume(volume.to_owned())) {
        return None;
    }
    if in_memory(evaluation.desired, volume) {
        let key = key(evaluation, volume).unwrap_or(volume);
        return Some(Remedy::advice(
            "keep it on the disk, in the files",
            format!("volumes.{key} without driver_opts"),
        ));
    }
    (root.subpath == found.subpath).then(|| {
        let names = [&found.files, &root.reads].map(|names| names.join(", "));
        Remedy::advice(
            "keep the name of its file, in the files",
            names.join(" instead of "),
        )
    })
}

/// Where the volume is mounted elsewhere, at a place where the service can look.
fn look_there(wanted: &Wanted<'_>, volume: &str, found: &Signature) -> Option<Remedy> {
    let Wanted {
        name,
        root,
        service,
        ..
    } = wanted;
    let mount = service
        .mounts
        .iter()
        .find(|mount| mount.volume() == Some(volume))?;
    let there = match found.subpath.as_str() {
        "" => mount.target.clone(),
        subpath => format!("{}/{subpath}", mount.target),
    };
    let usual = root.family.usual_folder();
    (there == usual || root.path != usual).then(|| {
        Remedy::advice(
            format!("let {name} look where its data is, in the files"),
            format!("{there} instead of {}", root.path),
        )
    })
}

/// The lines that mount the volume so that the data lies where the service looks.
fn mount(
    evaluation: &Evaluation<'_>,
    wanted: &Wanted<'_>,
    volume: &str,
    found: &Signature,
) -> Vec<String> {
    let Wanted { name, root, .. } = wanted;
    let key = key(evaluation, volume);
    let label = evaluation.actual.volumes.get(volume).and_then(|own| {
        own.key()
            .filter(|key| volume == format!("{}_{key}", evaluation.desired.project))
    });
    let short = key.or(label).unwrap_or(volume);
    let target = match found.subpath.as_str() {
        "" => Some(root.path.as_str()),
        subpath => root
            .path
            .strip_suffix(subpath)
            .map(|above| above.trim_end_matches('/')),
    };
    let mut lines = vec![
        "services:".to_owned(),
        format!("  {name}:"),
        "    volumes:".to_owned(),
        format!("      - {short}:{}", target.unwrap_or(&root.path)),
    ];
    if key.is_none() {
        lines.extend(["volumes:".to_owned(), format!("  {short}:")]);
        if label.is_none() {
            lines.push(format!("    name: {volume}"));
        }
    }
    lines
}

/// The key under which the files declare a volume.
fn key<'e>(evaluation: &Evaluation<'e>, volume: &str) -> Option<&'e str> {
    let mut declared = evaluation.desired.volumes.iter();
    declared
        .find(|(_, own)| own.name == volume)
        .map(|(key, _)| key.as_str())
}
