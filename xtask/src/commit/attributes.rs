//! What a file has beside text, mode and owner: extended attributes, lists of access rights among them.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
use rustix::io::Errno;

/// The system's own, which it sets by its own rules.
const THE_SYSTEMS: &[u8] = b"security.";

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
    let own = names.split(|byte| *byte == 0).filter(|name| !name.is_empty() && !name.starts_with(THE_SYSTEMS));
    for name in own.map(OsStr::from_bytes) {
        let length = getxattr(from, name, &mut buffer[..])?;
        fsetxattr(to, name, &buffer[..length], XattrFlags::empty())?;
    }
    Ok(())
}
