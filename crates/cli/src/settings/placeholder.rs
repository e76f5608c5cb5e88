//! Which values of an env file stand for a secret and are none: `CHANGE_ME`, `change-me-please`,
//! `password123`, `<your password>`, `xxx`, nothing at all.

use diagnostics::redact::{looks_secret, password_in_url};

/// What an example says where everybody needs a value of their own.
pub const TOKEN: &str = "CHANGE_ME";

/// What is said in place of any value, whatever the variable.
const FOR_ANY: &[&str] = &["changeme", "changethis", "replaceme", "replacethis"];

/// What one says about a secret and does not use as one, in letters alone: a value that is put
/// together of these is an example. Names of databases are among them, for `postgres:postgres` is
/// what everybody tries first.
const ABOUT: &str = "password passwd passphrase pass pwd pw secret key token value string credential change changeit replace \
    insert enter fill set put generate please todo fixme tbd xxx placeholder example sample dummy fake demo test \
    testing default none null undefined foo bar baz abc qwerty letmein welcome admin root user guest postgres \
    postgresql mysql mariadb mongo redis rabbitmq db database app jwt session cookie your my me this the here it \
    in with and for only very super top strong secure long random unsafe";

/// Times and places that are said about a secret too.
const WHERE: &str = "dev development local prod production staging bit char chars characters";

/// More digits than in `secret12345678` are nobody's example.
const MOST_DIGITS: usize = 8;

/// How the names end whose secrets a team makes up itself.
const CHOSEN: [&str; 9] = [
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PWD",
    "PASSPHRASE",
    "SECRET",
    "SECRETS",
    "SECRET_KEY",
    "SECRET_KEY_BASE",
];

/// Parts of the names of secrets that somebody else hands out, or that are no secret but a switch.
const HANDED_OUT: &str = "API CLIENT ACCESS WEBHOOK OAUTH OIDC AWS S3 AZURE GCP GOOGLE GITHUB GITLAB STRIPE PAYPAL SLACK TWILIO \
    SENDGRID MAILGUN SMTP MAIL EMAIL ALLOW RANDOM";

/// Whether a value only stands for one. An empty one does where the team would make up a secret.
#[must_use]
pub fn is_placeholder(name: &str, value: &str) -> bool {
    let value = value.trim();
    let letters = letters(value);
    if FOR_ANY.iter().any(|words| letters.contains(words)) || value.starts_with("<your") {
        return true;
    }
    if value.is_empty() {
        return is_chosen_here(name);
    }
    match password_in_url(value) {
        Some(password) => !password.is_empty() && is_example(password),
        None => {
            let may_be = !is_number(value) || ends_as_a_secret(name);
            may_be && looks_secret(name) && !names_a_file(name) && is_example(value)
        }
    }
}

/// Whether a secret of this name is one that the team makes up, so that any random one will do. A
/// key that somebody else hands out is none of these: a random one would only hide that it is
/// missing.
#[must_use]
pub fn is_chosen_here(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_working_directory = matches!(name.as_str(), "PWD" | "OLDPWD");
    CHOSEN.iter().any(|end| ends_with(&name, end))
        && !is_working_directory
        && !name
            .split('_')
            .any(|part| HANDED_OUT.split(' ').any(|word| word == part))
}

/// What the name of a secret that a team makes up begins with, up to the words for a secret:
/// `MYSQL_ROOT_` of `MYSQL_ROOT_PASSWORD`.
pub(super) fn stem(name: &str) -> &str {
    let capitals = name.to_ascii_uppercase();
    let end = CHOSEN
        .iter()
        .filter(|end| ends_with(&capitals, end))
        .map(|end| end.len())
        .max();
    name.get(..name.len() - end.unwrap_or_default())
        .unwrap_or(name)
}

/// Whether a name in capitals ends with these words.
fn ends_with(name: &str, words: &str) -> bool {
    name.strip_suffix(words)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with(['_', '.']))
}

/// Whether a name ends as those of secrets do, so that a number is a poor one and no number of
/// minutes.
fn ends_as_a_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let mut ends = CHOSEN.iter().chain(&["TOKEN", "KEY"]);
    ends.any(|end| ends_with(&name, end))
}

fn is_number(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

fn names_a_file(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["_FILE", "_PATH", "_DIR"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a value of a secret is an example of one.
fn is_example(value: &str) -> bool {
    let bracketed = [("<", ">"), ("{{", "}}"), ("[", "]"), ("__", "__")];
    if bracketed
        .iter()
        .any(|(open, close)| value.starts_with(open) && value.ends_with(close))
    {
        return true;
    }
    let mut shown = value.chars().filter(char::is_ascii_alphanumeric);
    let first = shown.next();
    // `xxx`, `0000`, and `***` or `...`, which have no letter at all.
    if shown.all(|c| Some(c) == first) {
        return !value.chars().any(char::is_alphabetic) || first.is_some();
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = letters(value);
    if digits > MOST_DIGITS || !value.is_ascii() {
        return false;
    }
    is_made_of(&letters)
        || is_made_of(&self::letters(
            &value.replace('@', "a").replace('0', "o").replace('$', "s"),
        ))
}

/// The letters, small.
fn letters(value: &str) -> String {
    value
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Whether letters are words of [`ABOUT`] and [`WHERE`] one after the other, none for digits alone.
fn is_made_of(letters: &str) -> bool {
    let mut reached = vec![false; letters.len() + 1];
    reached[0] = true;
    for at in 0..letters.len() {
        if reached[at] {
            let words = ABOUT
                .split(' ')
                .chain(WHERE.split(' '))
                .filter(|word| letters[at..].starts_with(*word));
            words.for_each(|word| reached[at + word.len()] = true);
        }
    }
    reached[letters.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_secrets_are_none() {
        let examples = [
            "CHANGE_ME",
            "change-me",
            "changeme!",
            "Change-Me-In-Production",
            "changethis",
            "please_change_me_123",
            "replace-me",
            "password",
            "Password1!",
            "password123",
            "P@ssw0rd",
            "<your password>",
            "<password>",
            "your-password-here",
            "YOUR_SECRET_KEY",
            "your-256-bit-secret",
            "xxx",
            "XXXXXXXX",
            "xxxx-xxxx",
            "***",
            "...",
            "secret",
            "mysecretpassword",
            "super_secret_jwt_key",
            "todo",
            "TODO: set me",
            "placeholder",
            "example",
            "{{ db_password }}",
            "[password]",
            "__PASSWORD__",
            "postgres",
            "admin",
            "root",
            "test",
            "1234",
            "12345678",
            "0000",
            "qwerty",
            "",
        ];
        for example in examples {
            assert!(is_placeholder("DB_PASSWORD", example), "{example:?}");
        }
    }

    #[test]
    fn secrets_and_values_of_other_variables_are_no_examples() {
        let secrets = [
            "hunter2",
            "correct-horse-battery",
            "Tr0ub4dor&3",
            "9f86d081884c7d65",
            "fixture-session-secret",
            "passw0rt-von-uns",
            "kX9vQ2mT7bLw4ZrN",
            "4739281056",
            "pässword",
            "my-secret-4739281056",
        ];
        for secret in secrets {
            assert!(!is_placeholder("DB_PASSWORD", secret), "{secret:?}");
        }
        let others = [
            ("MODE", "test"),
            ("POSTGRES_USER", "postgres"),
            ("LOG_LEVEL", ""),
            ("DB_PASSWORD_FILE", "/run/secret"),
            ("STRIPE_API_KEY", ""),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", ""),
            ("PWD", ""),
            ("JWT_ACCESS_EXPIRATION_MINUTES", "30"),
            ("JWT_REFRESH_EXPIRATION_DAYS", "7"),
            ("PASSWORD_MIN_SIZE", "8"),
            ("KEYCLOAK_PORT", "8080"),
            ("URL", "http://localhost/secret"),
        ];
        for (name, value) in others {
            assert!(!is_placeholder(name, value), "{name}={value}");
        }
        for name in ["PASSWORD", "JWT_SECRET", "API_TOKEN", "SECRET_KEY"] {
            assert!(is_placeholder(name, "30"), "{name}");
        }
        assert!(is_placeholder("HOST", "change-me") && is_placeholder("SITE", "<your site>"));
        assert!(is_placeholder(
            "DATABASE_URL",
            "postgres://app:change-me@db/app"
        ));
        assert!(is_placeholder(
            "DATABASE_URL",
            "postgres://app:secret@db/app"
        ));
        assert!(!is_placeholder(
            "DATABASE_URL",
            "postgres://app:hunter2@db/app"
        ));
    }

    #[test]
    fn what_somebody_else_hands_out_is_not_made_up() {
        for name in [
            "DB_PASSWORD",
            "POSTGRES_PASSWORD",
            "DB_PASS",
            "SESSION_SECRET",
            "jwt_secret",
            "SECRET_KEY_BASE",
            "SECRET",
        ] {
            assert!(is_chosen_here(name), "{name}");
        }
        for name in [
            "STRIPE_SECRET_KEY",
            "GITHUB_CLIENT_SECRET",
            "AWS_SECRET_ACCESS_KEY",
            "SMTP_PASSWORD",
            "API_SECRET",
            "BYPASS",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "DB_PASSWORD_FILE",
            "PWD",
            "SENTRY_DSN",
            "GITHUB_TOKEN",
            "COMPASS",
        ] {
            assert!(!is_chosen_here(name), "{name}");
        }
    }
}
