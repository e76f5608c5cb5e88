//! Files as they are read: regular ones only, up to a limit, and none that keeps its reader
//! waiting.
//!
//! A checkout is a stranger's. A FIFO in it would be waited for without end, a device may never end
//! or do something when it is opened, and a file may be larger than memory. So whatever is read
//! from a checkout, or from the folder of what is remembered, is read here.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

/// How large a file may be, in bytes: the largest Compose files that are known have a fifth of it.
pub const MOST: u64 = 2 << 20;

/// How large a file may be that the tool itself has written, in bytes: a journal holds the texts of
/// many files.
pub const MOST_OF_OURS: u64 = 256 << 20;

/// Why the system would let a file be read, and it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It is no regular file but, in words, what is named here.
    #[error("it is {0}, not a file")]
    Kind(&'static str),
    /// It is larger than the limit in bytes.
    #[error("it is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
}

impl NotRead {
    /// This reason, where an error of this module has it.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<NotRead> for io::Error {
    fn from(reason: NotRead) -> Self {
        Self::other(reason)
    }
}

/// The bytes of a file of at most [`MOST`] bytes; links are followed.
///
/// # Errors
/// The system's, or a [`NotRead`].
pub fn bytes(file: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    bytes_within(file.as_ref(), MOST)
}

/// The text of a file of at most [`MOST`] bytes; links are followed.
///
/// # Errors
/// As for [`bytes`], and for one that is not UTF-8.
pub fn text(file: impl AsRef<Path>) -> io::Result<String> {
    utf8(bytes(file)?)
}

/// The text of a file that the tool itself has written, of at most [`MOST_OF_OURS`] bytes; links
/// are followed.
///
/// # Errors
/// As for [`text`].
pub fn text_of_ours(file: &Path) -> io::Result<String> {
    utf8(bytes_within(file, MOST_OF_OURS)?)
}

/// The bytes of a file of at most `most` bytes; links are followed.
///
/// # Errors
/// As for [`bytes`].
pub fn bytes_within(file: &Path, most: u64) -> io::Result<Vec<u8>> {
    // Opening a device may do something, so it is not even opened.
    must_be_regular(file.metadata()?.file_type())?;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let open = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(file)?;
    read(&open, most)
}

/// Makes sure that there is a regular file, without reading it; links are followed.
///
/// # Errors
/// As for [`bytes`].
pub fn must_be_one(file: &Path) -> io::Result<()> {
    Ok(must_be_regular(file.metadata()?.file_type())?)
}

/// What is open may be another file than the one that was looked at, and may grow while it is read.
fn read(open: &File, most: u64) -> io::Result<Vec<u8>> {
    let found = open.metadata()?;
    must_be_regular(found.file_type())?;
    if found.len() > most {
        return Err(NotRead::TooLarge(most).into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default() + 1);
    open.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        Err(NotRead::TooLarge(most).into())
    } else {
        Ok(bytes)
    }
}

fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// What a folder is called in [`NotRead::Kind`].
pub const FOLDER: &str = "a folder";

fn must_be_regular(kind: FileType) -> Result<(), NotRead> {
    type Is = fn(&FileType) -> bool;
    let kinds: [(Is, _); 5] = [
        (FileType::is_dir, FOLDER),
        (FileTypeExt::is_fifo, "a named pipe (FIFO)"),
        (FileTypeExt::is_socket, "a socket"),
        (FileTypeExt::is_char_device, "a device"),
        (FileTypeExt::is_block_device, "a device"),
    ];
    match kinds.iter().find(|(is_it, _)| is_it(&kind)) {
        Some((_, name)) => Err(NotRead::Kind(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use rustix::fs::{CWD, FileType as Kind, Mode, mknodat};

    use super::*;

    #[test]
    fn only_regular_files_are_read_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        mknodat(CWD, path("fifo"), Kind::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        let _socket = UnixListener::bind(path("socket")).unwrap();
        std::os::unix::fs::symlink("fifo", path("link")).unwrap();
        let why = |file: &Path| NotRead::of(&bytes(file).unwrap_err());
        assert_eq!(
            why(&path("fifo")),
            Some(NotRead::Kind("a named pipe (FIFO)"))
        );
        assert_eq!(
            why(&path("link")),
            Some(NotRead::Kind("a named pipe (FIFO)"))
        );
        assert_eq!(why(&path("socket")), Some(NotRead::Kind("a socket")));
        assert_eq!(why(folder.path()), Some(NotRead::Kind("a folder")));
        assert_eq!(why(Path::new("/dev/zero")), Some(NotRead::Kind("a device")));
        assert_eq!(why(&path("nothing")), None);
        assert_eq!(
            must_be_one(&path("fifo")).unwrap_err().to_string(),
            "it is a named pipe (FIFO), not a file"
        );
    }

    #[test]
    fn a_file_at_the_limit_is_read_whole_and_a_larger_one_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "12345678").unwrap();
        assert_eq!(bytes_within(&file, 8).unwrap(), b"12345678");
        assert_eq!(
            NotRead::of(&bytes_within(&file, 7).unwrap_err()),
            Some(NotRead::TooLarge(7))
        );
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_len(1 << 40)
            .unwrap();
        assert_eq!(
            bytes(&file).unwrap_err().to_string(),
            "it is larger than 2 MiB"
        );
    }
}
