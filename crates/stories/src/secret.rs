//! What looks like a secret.

/// In a name, in capitals: what makes its value a secret.
const TELLING: [&str; 11] =
    ["PASSWORD", "PASSWD", "PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL", "DSN", "JWT", "BASICAUTH", "MASTERAUTH"];

/// The same as a part of a name, between underscores.
const TELLING_PARTS: [&str; 2] = ["AUTH", "PWD"];

/// Whether a variable's name says that its value is a secret.
#[must_use]
pub fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_working_directory = matches!(name.as_str(), "PWD" | "OLDPWD");
    let has_part = || name.split('_').any(|part| TELLING_PARTS.contains(&part));
    TELLING.iter().any(|telling| name.contains(telling)) || !is_working_directory && has_part()
}

/// The password of `scheme://user:password@host`.
#[must_use]
pub fn password_in_url(value: &str) -> Option<&str> {
    let (_, behind) = value.split_once("://")?;
    let (user, _) = behind.split('/').next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}
