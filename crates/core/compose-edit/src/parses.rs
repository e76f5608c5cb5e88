//! How often each text was parsed in this process. Only test builds have it: no command may parse a
//! file twice.

use std::collections::BTreeMap;
use std::sync::Mutex;

static PARSES: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Counts a parse.
pub(crate) fn count(text: &str) {
    if let Ok(mut parses) = PARSES.lock() {
        *parses.entry(text.to_owned()).or_default() += 1;
    }
}

/// What was parsed since this was asked last: each text, and how often.
#[must_use]
pub fn take() -> BTreeMap<String, usize> {
    PARSES
        .lock()
        .map(|mut parses| std::mem::take(&mut *parses))
        .unwrap_or_default()
}
