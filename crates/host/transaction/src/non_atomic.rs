//! A writer that does it wrong, on purpose: the crash suites are held to notice. Only test builds
//! have it.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;

use super::target::Target;
use super::{TransactionError, Write};

/// Which fault the suite wants: `in-place` or `unsynced`.
const FAULT: &str = "COMPOSE_STORIES_NON_ATOMIC";

/// Files are overwritten where they are, one after the other, without lock or journal.
pub fn writes_in_place() -> bool {
    wanted("in-place")
}

/// No file's content is made to last before it gets its name.
pub fn leaves_files_unsynced() -> bool {
    wanted("unsynced")
}

/// Writes them where they are, and makes each last.
pub fn write(writes: &[(Target, Write)]) -> Result<(), TransactionError> {
    for (target, write) in writes {
        fs::create_dir_all(target.folder())
            .map_err(TransactionError::io(target.path(), "given a folder"))?;
        let text = write.text.as_deref().unwrap_or_default();
        let file = File::create(target.file());
        let written = file.and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        });
        written.map_err(TransactionError::io(target.path(), "written"))?;
    }
    Ok(())
}

fn wanted(fault: &str) -> bool {
    env::var_os(FAULT).is_some_and(|named| named == fault)
}
