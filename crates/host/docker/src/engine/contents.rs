//! How much a folder of a container holds, told from the beginning of its tar stream.

use engine_facts::{Contents, Entry, Listing};

/// A tar stream's unit.
const BLOCK: usize = 512;

/// Counts the entries of a tar stream but the first, the folder itself. A size stands in an entry's
/// header, so that of a file that is cut off counts too.
pub(super) fn of_tar(stream: &[u8], cut_off: bool) -> Contents {
    let mut found = Contents {
        at_least: cut_off,
        ..Contents::default()
    };
    let mut rest = stream;
    while let Some(header) = Header::leading(rest) {
        if !header.is_about_another && !header.is_the_folder {
            found.entries += 1;
            found.bytes = found.bytes.saturating_add(header.size);
        }
        let length = usize::try_from(header.size)
            .unwrap_or(usize::MAX)
            .div_ceil(BLOCK)
            .saturating_mul(BLOCK);
        rest = rest.get(BLOCK.saturating_add(length)..).unwrap_or_default();
    }
    found
}

/// How deep below the folder names are kept.
const DEPTH: usize = 3;

/// How much of each file is kept: enough to know it by.
const BEGINNING: usize = 16;

/// The names of a tar stream below its first entry, the folder itself.
pub(super) fn listing(stream: &[u8], cut_off: bool) -> Listing {
    let contents = of_tar(stream, cut_off);
    let mut found = Listing {
        count: contents.entries,
        bytes: contents.bytes,
        at_least: cut_off,
        ..Listing::default()
    };
    let mut rest = stream;
    while let Some(header) = Header::leading(rest) {
        let length = usize::try_from(header.size).unwrap_or(usize::MAX);
        if !header.is_about_another && !header.is_the_folder {
            let content = rest.get(BLOCK..).unwrap_or_default();
            found
                .entries
                .extend(entry(&rest[..BLOCK], &content[..content.len().min(length)]));
            if rest[156] != b'5' {
                found.newest = found.newest.max(Some(size(&rest[136..148])));
            }
        }
        let padded = length.div_ceil(BLOCK).saturating_mul(BLOCK);
        rest = rest.get(BLOCK.saturating_add(padded)..).unwrap_or_default();
    }
    found
}

/// An entry below the folder; none where it lies too deep, or has a name too long for its header,
/// as no file has by which data is known.
fn entry(block: &[u8], content: &[u8]) -> Option<Entry> {
    let name = until_zero(&block[..100]);
    let prefix = until_zero(&block[345..500]);
    let joined = if prefix.is_empty() {
        name.to_vec()
    } else {
        [prefix, b"/", name].concat()
    };
    let path = String::from_utf8_lossy(&joined).into_owned();
    let (_, path) = path.trim_end_matches('/').split_once('/')?;
    (path.split('/').count() <= DEPTH).then(|| Entry {
        path: path.to_owned(),
        is_folder: block[156] == b'5',
        beginning: content[..content.len().min(BEGINNING)].to_vec(),
    })
}

/// The beginning of the file that a tar stream is of; none where it is of a folder.
pub(super) fn first_file(stream: &[u8]) -> Option<Vec<u8>> {
    let mut rest = stream;
    loop {
        let header = Header::leading(rest)?;
        let length = usize::try_from(header.size).unwrap_or(usize::MAX);
        if !header.is_about_another {
            let content = rest.get(BLOCK..)?;
            return (!header.is_the_folder).then(|| content[..content.len().min(length)].to_vec());
        }
        rest = rest.get(BLOCK.saturating_add(length.div_ceil(BLOCK).saturating_mul(BLOCK))..)?;
    }
}

struct Header {
    size: u64,
    /// An extended header: a long name or the like for the entry that follows.
    is_about_another: bool,
    /// `data/`: nothing behind its first slash.
    is_the_folder: bool,
}

impl Header {
    /// None at the end, which is a block of zeros.
    fn leading(stream: &[u8]) -> Option<Self> {
        let block = stream.get(..BLOCK).filter(|block| block[0] != 0)?;
        let name = until_zero(&block[..100]);
        let kind = block[156];
        let slash = name.iter().position(|byte| *byte == b'/');
        let is_the_folder = kind == b'5' && slash.is_none_or(|at| at + 1 == name.len());
        Some(Self {
            size: size(&block[124..136]),
            is_about_another: b"xgLK".contains(&kind),
            is_the_folder,
        })
    }
}

fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits; from 8 GiB on a binary number behind a set first bit.
fn size(field: &[u8]) -> u64 {
    if field[0] & 0x80 != 0 {
        return field[4..]
            .iter()
            .fold(0, |size, byte| size << 8 | u64::from(*byte));
    }
    let digits = field.iter().filter(|byte| (b'0'..=b'7').contains(byte));
    digits.fold(0, |size, digit| size << 3 | u64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: u8, size: usize) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        block[156] = kind;
        block.resize(BLOCK + size.div_ceil(BLOCK) * BLOCK, 7);
        block
    }

    #[test]
    fn the_folder_itself_is_no_content() {
        let end = vec![0; 2 * BLOCK];
        assert!(of_tar(&[entry("data/", b'5', 0), end.clone()].concat(), false).is_empty());
        assert!(of_tar(&end, false).is_empty());
        assert!(of_tar(&[], false).is_empty());
    }

    #[test]
    fn entries_and_sizes_are_counted() {
        let stream = [
            entry("data/", b'5', 0),
            entry("data/sub/", b'5', 0),
            entry("x", b'x', 30),
            entry("data/a", b'0', 700),
        ];
        let found = of_tar(&stream.concat(), false);
        assert_eq!(
            found,
            Contents {
                entries: 2,
                bytes: 700,
                at_least: false
            }
        );
    }

    #[test]
    fn a_file_alone_is_told_from_a_folder() {
        assert_eq!(
            first_file(&[entry("x", b'x', 30), entry("PG_VERSION", b'0', 3)].concat()),
            Some(vec![7; 3])
        );
        assert_eq!(first_file(&entry("data/", b'5', 0)), None);
        assert_eq!(first_file(&[]), None);
        assert_eq!(
            first_file(&entry("dump.rdb", b'0', 100_000)[..1_024]),
            Some(vec![7; 512])
        );
    }

    #[test]
    fn names_are_listed_with_how_files_begin() {
        let mut newer = entry("data/sub/PG_VERSION", b'0', 3);
        newer[136..148].copy_from_slice(b"00000000017\0");
        let stream = [
            entry("data/", b'5', 0),
            entry("data/sub/", b'5', 0),
            newer,
            entry("data/a/b/c/d", b'0', 700),
            entry("data/z", b'0', 700),
        ];
        let found = listing(&stream.concat(), false);
        let names: Vec<_> = found
            .entries
            .iter()
            .map(|one| (one.path.as_str(), one.is_folder, one.beginning.len()))
            .collect();
        assert_eq!(
            names,
            [
                ("sub", true, 0),
                ("sub/PG_VERSION", false, 3),
                ("z", false, 16)
            ]
        );
        assert_eq!(
            (found.count, found.bytes, found.newest),
            (4, 1_403, Some(15))
        );
        assert!(listing(&entry("data/", b'5', 0), false).entries.is_empty());
    }

    #[test]
    fn a_file_that_is_cut_off_counts_whole() {
        let stream = [
            entry("data/", b'5', 0),
            entry("data/dump.rdb", b'0', 100_000),
        ]
        .concat();
        let found = of_tar(&stream[..5_000], true);
        assert_eq!(
            found,
            Contents {
                entries: 1,
                bytes: 100_000,
                at_least: true
            }
        );
    }
}
