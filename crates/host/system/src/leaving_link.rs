//! A link in a checkout that leads out of it, or nowhere, and the command that puts something of
//! the checkout's own there.

use std::path::{Path, PathBuf};

use diagnostics::shell_quote::quoted_path;

use crate::here;

/// The link that keeps a path from leading to a place in the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeavingLink {
    /// The link, relative to the checkout's root: the path itself, or a folder on it.
    pub link: String,
    /// The link by its full path.
    file: PathBuf,
    /// Where it leads, as far as links can be followed.
    pub target: PathBuf,
}

impl LeavingLink {
    /// The first such link on a path that is relative to `root`, which has no links itself.
    #[must_use]
    pub fn on(root: &Path, path: &str) -> Option<Self> {
        let mut names: Vec<_> = Path::new(path)
            .ancestors()
            .filter(|name| !name.as_os_str().is_empty())
            .collect();
        names.reverse();
        names.into_iter().find_map(|name| {
            let link = root.join(name);
            let target = link.read_link().ok()?;
            let target = link
                .canonicalize()
                .unwrap_or_else(|_| link.parent().unwrap_or(root).join(target));
            let leaves = !target.starts_with(root) || !target.exists();
            leaves.then(|| Self {
                link: name.to_string_lossy().into_owned(),
                file: link,
                target,
            })
        })
    }

    /// What to do, with its command, by what is at the link's end now.
    #[must_use]
    pub fn mend(&self) -> String {
        let (link, target) = (here::quoted(&self.file), quoted_path(&self.target));
        if is_of_the_system(&self.target) {
            return format!("remove it: rm {link}");
        }
        match self.target.metadata() {
            Ok(found) if found.is_dir() => {
                format!("put the folder itself there: rm {link} && cp -R {target} {link}")
            }
            Ok(found) if found.is_file() => {
                format!("put the file itself there: rm {link} && cp {target} {link}")
            }
            _ => format!("remove it: rm {link}"),
        }
    }
}

/// Folders in which the system shows its own state: what looks like a file there is none to copy.
const OF_THE_SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];

fn is_of_the_system(target: &Path) -> bool {
    OF_THE_SYSTEM
        .iter()
        .any(|folder| target.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_command_fits_what_the_link_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let root = folder.join("root");
        std::fs::create_dir_all(folder.join("outside/ledger")).unwrap();
        std::fs::create_dir(&root).unwrap();
        std::fs::write(folder.join("outside/a.yml"), "").unwrap();
        std::fs::write(root.join("own.yml"), "").unwrap();
        for (name, target) in [
            ("compose", "../outside"),
            ("a.yml", "../outside/a.yml"),
            ("gone", "nowhere"),
            ("in", "own.yml"),
            ("l", "l"),
            ("memory", "/proc/self/mem"),
            ("devices", "/dev"),
        ] {
            symlink(target, root.join(name)).unwrap();
        }
        let mend = |path: &str| {
            LeavingLink::on(&root, path).map(|link| {
                link.mend()
                    .replace(folder.to_str().unwrap(), "")
                    .replace("/root/", "")
            })
        };
        assert_eq!(
            mend("compose/ledger/.lock").as_deref(),
            Some("put the folder itself there: rm compose && cp -R /outside compose")
        );
        assert_eq!(
            mend("a.yml").as_deref(),
            Some("put the file itself there: rm a.yml && cp /outside/a.yml a.yml")
        );
        assert_eq!(mend("gone/x").as_deref(), Some("remove it: rm gone"));
        assert_eq!(mend("l").as_deref(), Some("remove it: rm l"));
        assert_eq!(mend("memory").as_deref(), Some("remove it: rm memory"));
        assert_eq!(
            mend("devices/null").as_deref(),
            Some("remove it: rm devices")
        );
        assert_eq!(
            (mend("in"), mend("own.yml"), mend("new/x")),
            (None, None, None)
        );
    }
}
