//! A folder of links in the machine's temporary area through which Compose sees a checkout with its
//! drafts.
//!
//! The shadow of `/home/me/shop` is `PREFIX/home/me/shop`: once the prefix is taken out, every path
//! that Compose prints is the checkout's own, and the project has the checkout's name. Folders on
//! the way to a draft are real ones full of links, everything else is a link. Compose cleans paths
//! by their text, so `../` from a shadow stays in the shadow.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::stand_ins::StandIns;

/// The shadow of a checkout; its drop removes it, on a panic too.
pub struct Shadow {
    prefix: String,
    variables: Option<PathBuf>,
    // Declared last only for the reader: dropping it removes the folder.
    _folder: TempDir,
}

impl Shadow {
    /// Makes one, unless the disk already says everything that is to be checked.
    pub fn needed(
        root: &Path,
        drafts: &BTreeMap<String, String>,
        stand_ins: &StandIns,
    ) -> io::Result<Option<Self>> {
        if drafts.is_empty() && stand_ins.is_empty() {
            return Ok(None);
        }
        // Private: a draft may be an env file.
        let private = fs::Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new()
            .prefix("compose-stories-")
            .permissions(private)
            .tempdir()?;
        let home = folder.path().canonicalize()?;
        let prefix = home.join("seen");
        let texts = stand_ins.files().chain(
            drafts
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        );
        let texts: Texts<'_> = texts
            .map(|(path, text)| (clean(&root.join(path)), text))
            .collect();
        let start = if stand_ins.looks_outside() {
            Path::new("/")
        } else {
            root
        };
        mirror(start, &prefix, &texts, root)?;
        let variables = write_variables(&home, &stand_ins.variables())?;
        let prefix = prefix.to_string_lossy().into_owned();
        Ok(Some(Self {
            prefix,
            variables,
            _folder: folder,
        }))
    }

    /// What stands before every path of the checkout.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Where an absolute path of the checkout is seen.
    pub fn seen(&self, path: &Path) -> PathBuf {
        below(Path::new(&self.prefix), path)
    }

    /// The env file of stand-in values, if there is one.
    pub fn variables(&self) -> Option<PathBuf> {
        self.variables.clone()
    }
}

fn write_variables(home: &Path, text: &str) -> io::Result<Option<PathBuf>> {
    if text.is_empty() {
        return Ok(None);
    }
    let file = home.join("stand-in.env");
    fs::write(&file, text)?;
    Ok(Some(file))
}

/// New texts by the absolute path that they stand for.
type Texts<'t> = BTreeMap<PathBuf, &'t str>;

/// Makes the shadow of one folder: a real folder for each one that leads to a text or to the root,
/// links for the rest.
fn mirror(real: &Path, prefix: &Path, texts: &Texts<'_>, root: &Path) -> io::Result<()> {
    let shadow = below(prefix, real);
    fs::create_dir_all(&shadow)?;
    for name in names(real)? {
        let entry = real.join(&name);
        if !leads_to(&entry, texts, root) {
            symlink(&entry, shadow.join(&name))?;
        }
    }
    for next in next_folders(real, texts, root) {
        mirror(&next, prefix, texts, root)?;
    }
    for (path, text) in texts
        .range(real.to_owned()..)
        .take_while(|(path, _)| path.starts_with(real))
    {
        if path.parent() == Some(real) {
            fs::write(below(prefix, path), text)?;
        }
    }
    Ok(())
}

/// A folder that may not be listed shows nothing; what needs more of it fails in Compose, with
/// Compose's words.
fn names(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect(),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

fn leads_to(entry: &Path, texts: &Texts<'_>, root: &Path) -> bool {
    root.starts_with(entry) || texts.keys().any(|path| path.starts_with(entry))
}

/// The folders right below `real` that must be real ones too.
fn next_folders(real: &Path, texts: &Texts<'_>, root: &Path) -> Vec<PathBuf> {
    let targets = texts.keys().filter_map(|path| path.parent()).chain([root]);
    let mut next: Vec<PathBuf> = targets
        .filter_map(|folder| child_towards(real, folder))
        .collect();
    next.sort();
    next.dedup();
    next
}

fn child_towards(real: &Path, folder: &Path) -> Option<PathBuf> {
    let first = folder.strip_prefix(real).ok()?.components().next()?;
    Some(real.join(first))
}

fn below(prefix: &Path, path: &Path) -> PathBuf {
    prefix.join(path.strip_prefix("/").unwrap_or(path))
}

/// Takes `.` and `..` out by the text alone, as Compose does.
fn clean(path: &Path) -> PathBuf {
    path.components()
        .fold(PathBuf::new(), |mut cleaned, component| {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(cleaned.pop()),
                other => cleaned.push(other),
            }
            cleaned
        })
}
