//! Which service plays a role.

/// Whether a service is called like a role, however the words of its name are joined: `backend`,
/// `back-end`, `back_end` and `BackEnd` are one name, and `backend-worker` is another one.
///
/// ```
/// assert!(stories::role::is_called("front-end", "frontend"));
/// assert!(!stories::role::is_called("backends", "backend"));
/// ```
#[must_use]
pub fn is_called(service: &str, role: &str) -> bool {
    letters(service).eq(letters(role))
}

/// Whether a service plays a role: the one that `roles` of `compose/stack.yaml` states, else the one
/// that is called so to the letter, which `is_taken` tells is there, else what is called like it.
#[must_use]
pub fn plays(service: &str, role: &str, stated: Option<&String>, is_taken: bool) -> bool {
    match stated {
        Some(stated) => service == stated,
        None if is_taken => service == role,
        None => is_called(service, role),
    }
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    let joins = |c: &char| matches!(c, '-' | '_' | '.');
    let letters = name.chars().filter(move |c| !joins(c));
    letters.flat_map(char::to_lowercase)
}
