//! What texts are known by.

use hmac_sha256::Hash;

/// The sha256 of a text, as 64 hexadecimal digits.
pub(crate) fn sha256(text: &str) -> String {
    Hash::hash(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
