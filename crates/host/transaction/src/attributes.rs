//! What a file has beside text, mode and owner: extended attributes, lists of access rights among
//! them.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
use rustix::io::Errno;

/// A person's own, which must not be lost. All others are set by the system's rules, which may not
/// let us.
const OWN: [&[u8]; 2] = [b"user.", b"system.posix_acl_access"];

/// The largest that Linux knows, for the list of names and for each value.
const MOST: usize = 64 << 10;

/// Gives a new file the attributes of an old one.
pub fn copy(from: &Path, to: &File) -> io::Result<()> {
    let mut buffer = vec![0; MOST];
    let names = match listxattr(from, &mut buffer[..]) {
        // A disk that knows none has none to lose.
        Err(Errno::NOTSUP) => return Ok(()),
        listed => buffer[..listed?].to_vec(),
    };
    for name in names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        let copied = copy_one(OsStr::from_bytes(name), from, to, &mut buffer);
        if OWN.iter().any(|own| name.starts_with(own)) {
            copied?;
        }
    }
    Ok(())
}

fn copy_one(name: &OsStr, from: &Path, to: &File, buffer: &mut [u8]) -> io::Result<()> {
    let length = getxattr(from, name, &mut *buffer)?;
    Ok(fsetxattr(to, name, &buffer[..length], XattrFlags::empty())?)
}
