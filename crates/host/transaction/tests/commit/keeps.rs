//! What belongs to a file beside its text stays.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

use rustix::fs::{XattrFlags, getxattr, setxattr};
use transaction::TransactionError;

use crate::{change, checkout, commit, make, names, refused, text};

#[test]
fn mode_and_owner() {
    let folder = checkout(&[("a.yml", "old")]);
    let file = folder.path().join("a.yml");
    let is_root = chown(&file, Some(12345), Some(54321)).is_ok();
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap();
    let found = file.metadata().unwrap();
    assert_eq!(found.mode() & 0o7777, 0o640);
    if is_root {
        assert_eq!((found.uid(), found.gid()), (12345, 54321));
    }
    commit(folder.path(), &[make("b.yml", "")]).unwrap();
    assert_eq!(
        folder.path().join("b.yml").metadata().unwrap().mode() & 0o7777,
        0o644
    );
}

#[test]
fn attributes() {
    let folder = checkout(&[("a.yml", "old")]);
    let file = folder.path().join("a.yml");
    if setxattr(&file, "user.team", b"shop", XattrFlags::empty()).is_err() {
        eprintln!(
            "SKIPPED: no extended attributes in {}",
            folder.path().display()
        );
        return;
    }
    commit(folder.path(), &[change("a.yml", "old", "new")]).unwrap();
    let mut value = [0; 9];
    let length = getxattr(&file, "user.team", &mut value[..]).unwrap();
    assert_eq!(&value[..length], b"shop");
}

#[test]
fn line_endings_and_byte_order_mark() {
    let (old, new) = ("\u{feff}a: 1\r\nb: 2", "\u{feff}a: 1\r\nb: 3");
    let folder = checkout(&[("a.yml", old)]);
    commit(folder.path(), &[change("a.yml", old, new)]).unwrap();
    assert_eq!(text(folder.path(), "a.yml"), new);
}

#[test]
fn links_inside_the_checkout() {
    let folder = checkout(&[("real/a.yml", "old")]);
    let root = folder.path();
    symlink("real/a.yml", root.join("a.yml")).unwrap();
    symlink("real", root.join("folder")).unwrap();
    commit(
        root,
        &[change("a.yml", "old", "new"), make("folder/b.yml", "b")],
    )
    .unwrap();
    assert!(root.join("a.yml").is_symlink());
    assert_eq!(
        (
            text(root, "real/a.yml").as_str(),
            text(root, "real/b.yml").as_str()
        ),
        ("new", "b")
    );
    assert_eq!(names(&root.join("real")), ["a.yml", "b.yml"]);
    let error = refused(
        root,
        &[
            change("a.yml", "new", "x"),
            change("real/a.yml", "new", "y"),
        ],
    );
    assert!(matches!(error, TransactionError::Twice { .. }), "{error}");
}
