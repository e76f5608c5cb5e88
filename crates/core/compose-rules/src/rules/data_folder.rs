//! Data that lies in memory, or in no volume at all.

use compose_model::resolved::{Mount, MountSource, Resolved};
use diagnostics::{Diagnostic, Remedy, Severity};

use crate::data_folder::DataFolder;
use crate::{Named, Subject};

/// Folders of a host that are in memory.
const MEMORY_OF_THE_HOST: [&str; 2] = ["/dev/shm", "/run"];

pub(crate) fn evaluate(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let of = |named: Named<'_>| of_service(subject, named);
    subject.services().filter_map(of).collect()
}

fn of_service(subject: &Subject<'_>, Named { name, service }: Named<'_>) -> Option<Diagnostic> {
    let data = DataFolder::of(subject.model, name, service)?;
    let (title, folder) = (data.store.title, &data.folder);
    let is_joined = !service.joined.volumes_from.is_empty();
    let remedy = |words: String| vec![Remedy::advice("", words)];
    let volume = format!("Mount a named volume at {folder}.");
    let finding = |rule, key, message| {
        subject.finding(rule, Severity::Warning, &["services", name, key], message)
    };
    match data.mount.map(|mount| (mount, &mount.source)) {
        Some((_, Resolved::Unresolved(_))) => None,
        Some((mount, Resolved::Known(source))) if is_memory(source) => {
            let at = mount.target.text().unwrap_or_default();
            let message = format!(
                "{name} keeps the data of {title} in {folder}, and what is mounted at {at} is \
                 memory: the data is gone whenever the container stops"
            );
            let key = key_of(mount);
            Some(finding("data-in-memory", key, message).with_remedies(remedy(volume)))
        }
        Some((_, Resolved::Known(MountSource::Anonymous))) | None if !is_joined => {
            let message = format!(
                "{name} keeps the data of {title} in {folder}, which no volume with a name holds: \
                 after `down` a new container starts without it"
            );
            Some(finding("data-outside-volumes", "volumes", message).with_remedies(remedy(volume)))
        }
        _ => None,
    }
}

fn is_memory(source: &MountSource) -> bool {
    match source {
        MountSource::Tmpfs => true,
        MountSource::Bind(path) => {
            let path = std::path::Path::new(path);
            MEMORY_OF_THE_HOST.iter().any(|one| path.starts_with(one))
        }
        _ => false,
    }
}

/// The key that a mount stands under; that of a short `tmpfs` is its own.
fn key_of(mount: &Mount) -> &'static str {
    match mount.source.known() {
        Some(MountSource::Tmpfs) => "tmpfs",
        _ => "volumes",
    }
}
