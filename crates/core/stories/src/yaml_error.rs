//! What the YAML reader says, taken apart for a message that starts with the place.

/// `:line:column` where the reader knows it, and the reason without a place.
pub(crate) fn place_and_reason(error: &serde_yaml::Error) -> (String, String) {
    let place = error
        .location()
        .map_or_else(String::new, |at| format!(":{}:{}", at.line(), at.column()));
    let message = error.to_string();
    // The reader repeats the place behind the reason.
    let reason = message
        .rfind(" at line ")
        .map_or(message.as_str(), |at| &message[..at]);
    (place, reason.to_owned())
}
