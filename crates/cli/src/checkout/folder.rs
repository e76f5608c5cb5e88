//! A folder of this tool's that cannot be one, because a file has its name.

use std::path::Path;

use diagnostics::shell_quote::quoted;
use system::here;

use crate::git::{self, Tracked};

/// What stands in the way of a folder of the checkout, and how to move it; none where nothing does.
pub(super) fn in_the_way(root: &Path, folder: &str) -> Option<String> {
    let mut path = String::new();
    for part in folder.split('/') {
        path = if path.is_empty() {
            part.to_owned()
        } else {
            format!("{path}/{part}")
        };
        let is_file = root
            .join(&path)
            .metadata()
            .is_ok_and(|found| !found.is_dir());
        if is_file {
            let other = free_name(root, &path);
            let mv = if git::tracked(root, &path) == Tracked::Yes {
                let git = git::spelt(root);
                format!("{git} mv {} {}", quoted(&path), quoted(&other))
            } else {
                let here = |name: &str| here::quoted(&root.join(name));
                format!("mv {} {}", here(&path), here(&other))
            };
            return Some(format!(
                "{path} is a file, and this tool keeps its stories and records in a folder of that name; give the file \
                 another one: {mv}"
            ));
        }
    }
    None
}

fn free_name(root: &Path, path: &str) -> String {
    let is_free = |name: &String| root.join(name).symlink_metadata().is_err();
    let names = (1..).map(|number| match number {
        1 => format!("{path}.file"),
        number => format!("{path}.file{number}"),
    });
    names
        .take(1000)
        .find(is_free)
        .unwrap_or_else(|| format!("{path}.NEW"))
}
