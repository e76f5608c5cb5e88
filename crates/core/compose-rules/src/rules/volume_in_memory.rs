//! A volume that looks as if it kept something, and is memory.

use compose_model::resolved::{Text, Volume};
use diagnostics::{Diagnostic, Remedy, Severity};

use crate::Subject;

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let volumes = subject.model.volumes.iter();
    let in_memory = volumes.filter(|(_, volume)| is_in_memory(volume));
    in_memory
        .map(|(key, _)| {
            let message = format!(
                "the volume {key} is memory (driver_opts: type tmpfs): it is empty again as soon \
                 as no container runs that mounts it"
            );
            let path = ["volumes", key, "driver_opts", "type"];
            let remedy = "Leave its driver_opts out, or mount a tmpfs, which says what it is.";
            subject
                .finding("volume-in-memory", Severity::Warning, &path, message)
                .with_remedies(vec![Remedy::advice("", remedy)])
        })
        .collect()
}

fn is_in_memory(volume: &Volume) -> bool {
    let is_local = volume
        .driver
        .as_ref()
        .is_none_or(|one| one.text() == Some("local"));
    let kind = volume.options.get("type").and_then(Text::text);
    !volume.external && is_local && matches!(kind, Some("tmpfs" | "ramfs"))
}
