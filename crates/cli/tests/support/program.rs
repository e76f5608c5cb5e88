//! The binary in another place.

use std::path::Path;
use std::process::Command;

/// Copies the binary. Another process does it: were the copy open for writing here, a child that
/// another test starts at that moment would hold it open too, and it could not be run (`ETXTBSY`).
pub fn copy(to: &Path) {
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_compose-stories"))
        .arg(to)
        .status();
    assert!(
        copied.is_ok_and(|status| status.success()),
        "{}",
        to.display()
    );
}
