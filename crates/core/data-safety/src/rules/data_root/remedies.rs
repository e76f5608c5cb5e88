//! What lets a datastore find its data again.

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
) -> (String, Vec<String>) {
    let Wanted {
        name,
        root,
        service,
        ..
    } = wanted;
    let desired = evaluation.desired;
    let key = desired
        .volumes
        .iter()
        .find(|(_, own)| own.name == volume)
        .map(|(key, _)| key);
    let is_at_root = root.source.as_ref() == Some(&Source::Volume(volume.to_owned()));
    if is_at_root && in_memory(desired, volume) {
        return (
            "keep it on the disk, in the files".to_owned(),
            vec![format!(
                "volumes.{} without driver_opts",
                key.map_or(volume, String::as_str)
            )],
        );
    }
    if is_at_root && root.subpath == found.subpath {
        return (
            "keep the name of its file, in the files".to_owned(),
            vec![format!(
                "{} instead of {}",
                found.files.join(", "),
                root.reads.join(", ")
            )],
        );
    }
    if let Some(mount) = service
        .mounts
        .iter()
        .find(|mount| mount.volume() == Some(volume))
    {
        let there = match found.subpath.as_str() {
            "" => mount.target.clone(),
            subpath => format!("{}/{subpath}", mount.target),
        };
        let usual = root.family.usual_folder();
        if there == usual || root.path != usual {
            return (
                format!("let {name} look where its data is, in the files"),
                vec![format!("{there} instead of {}", root.path)],
            );
        }
    }
    let label = evaluation.actual.volumes.get(volume).and_then(|own| {
        own.key()
            .filter(|key| volume == format!("{}_{key}", desired.project))
    });
    let short = key.map(String::as_str).or(label).unwrap_or(volume);
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
    (
        "mount it where the data is looked for, in the files".to_owned(),
        lines,
    )
}
