//! Where a file lies, seen from the folder that a person stands in: what a shell is told must name
//! it from there.

use std::env;
use std::path::{Component, Path, PathBuf};

use diagnostics::shell_quote::quoted_path;

/// A file by its full path, as a shell takes it where this tool was called.
#[must_use]
pub fn quoted(file: &Path) -> String {
    let path = env::current_dir().map_or_else(|_| file.to_owned(), |here| seen(&here, file));
    quoted_path(&path)
}

/// Git as a person spells it for a checkout by its full path.
#[must_use]
pub fn git(root: &Path) -> String {
    if env::current_dir().is_ok_and(|here| here == root) {
        "git".to_owned()
    } else {
        format!("git -C {}", quoted_path(root))
    }
}

/// The way from a folder to a file, or the full path where that is no longer.
fn seen(here: &Path, file: &Path) -> PathBuf {
    let shared = here
        .components()
        .zip(file.components())
        .take_while(|(one, other)| one == other)
        .count();
    // A part that climbs cannot be passed by.
    let climbs = file.components().any(|part| part == Component::ParentDir);
    if climbs || !file.is_absolute() {
        return file.to_owned();
    }
    let up = here.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(file.components().skip(shared)).collect();
    let length = |path: &Path| path.as_os_str().len();
    if way.as_os_str().is_empty() {
        PathBuf::from(".")
    } else if length(&way) > length(file) {
        file.to_owned()
    } else {
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_from_where_a_person_stands() {
        for (here, file, way) in [
            ("/home/me/shop", "/home/me/shop/.env", ".env"),
            ("/home/me/shop/src", "/home/me/shop/.env", "../.env"),
            ("/home/me/other", "/home/me/shop/.env", "../shop/.env"),
            ("/home/me/other/src/x", "/srv/.env", "/srv/.env"),
            ("/", "/srv/a b", "srv/a b"),
            ("/home/me", "/home/me", "."),
            ("/home/me", "/home/me/../x", "/home/me/../x"),
        ] {
            assert_eq!(seen(Path::new(here), Path::new(file)), Path::new(way));
        }
    }
}
