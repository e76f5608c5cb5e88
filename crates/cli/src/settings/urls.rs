//! Passwords inside URLs: which secret a URL repeats, so that an application logs in with what its
//! database has.

use compose_model::{EnvEntry, EnvFile};
use diagnostics::redact::password_in_url;

use super::placeholder::{is_chosen_here, stem};

/// How the variable is called, behind what the secret's begins with, that names the secret's user.
const USERS: [&str; 2] = ["USER", "USERNAME"];

/// A shorter part of a name says nothing as the beginning of another word.
const SHORTEST: usize = 4;

/// Who logs in where.
struct Login<'u> {
    scheme: &'u str,
    user: &'u str,
    host: &'u str,
}

impl<'u> Login<'u> {
    fn of(url: &'u str) -> Option<Self> {
        let (scheme, behind) = url.split_once("://")?;
        let (login, host) = behind.split(['/', '?']).next()?.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        let host = host.split([':', ',']).next()?;
        Some(Self { scheme, user, host })
    }
}

/// What says that a URL logs in with a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    /// Its variable is called as the user or the kind of URL.
    Name,
    /// It is the service's that the URL leads to, or the user's that logs in.
    Service,
    /// Both.
    ServiceAndUser,
}

/// The variable among those of one placeholder whose secret a URL of the same placeholder repeats:
/// the only one, else the one that is called after the service or the user that stands beside it.
/// None where that stays open.
pub(super) fn repeated<'n>(
    url: &str,
    candidates: &[&'n str],
    example: &EnvFile,
) -> Option<&'n str> {
    if let [only] = candidates {
        return Some(only);
    }
    let login = Login::of(url)?;
    let found: Vec<_> = candidates
        .iter()
        .filter_map(|name| Some((evidence(name, &login, example)?, *name)))
        .collect();
    let strongest = found.iter().map(|(evidence, _)| *evidence).max()?;
    let mut best = found.iter().filter(|(evidence, _)| *evidence == strongest);
    match (best.next(), best.next()) {
        (Some((_, name)), None) => Some(name),
        _ => None,
    }
}

/// None where nothing says so, or where the secret is another user's.
fn evidence(name: &str, login: &Login<'_>, example: &EnvFile) -> Option<Evidence> {
    let stem = stem(name);
    let user = USERS
        .iter()
        .find_map(|user| example.get(&format!("{stem}{user}")));
    if user.is_some_and(|user| user != login.user) {
        return None;
    }
    let parts = || stem.split('_').filter(|part| !part.is_empty());
    let begins = |word: &str, part: &str| {
        word.eq_ignore_ascii_case(part)
            || part.len() >= SHORTEST
                && word
                    .get(..part.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(part))
    };
    let is_host = login
        .host
        .split(['-', '_', '.'])
        .any(|word| parts().any(|part| begins(word, part)));
    let is_named =
        || parts().any(|part| begins(login.scheme, part) || login.user.eq_ignore_ascii_case(part));
    match (is_host, user.is_some()) {
        (true, true) => Some(Evidence::ServiceAndUser),
        (true, false) | (false, true) => Some(Evidence::Service),
        (false, false) => is_named().then_some(Evidence::Name),
    }
}

/// Whether a URL of an env file still has the password that its example gives secrets, which all
/// have another one by now: nothing lets it in.
#[must_use]
pub fn is_left_behind(entry: &EnvEntry, own: &EnvFile, example: &EnvFile) -> bool {
    let Some(password) = password_in_url(&entry.value) else {
        return false;
    };
    let mut secrets = example
        .entries()
        .iter()
        .filter(|secret| secret.value == password && is_chosen_here(&secret.key))
        .peekable();
    let is_as_in_example = example.get(&entry.key) == Some(entry.value.as_str());
    is_as_in_example
        && secrets.peek().is_some()
        && secrets.all(|secret| own.get(&secret.key) != Some(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_repeats_the_secret_of_its_service_or_its_user() {
        let example = EnvFile::parse(
            "MONGO_INITDB_ROOT_USERNAME=admin\nMYSQL_USER=app\nPOSTGRES_USER=postgres\n",
        );
        let mongo = ["MONGO_INITDB_ROOT_PASSWORD", "ADMIN_PASSWORD"];
        let mysql = ["MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"];
        let two = ["A_PASSWORD", "B_PASSWORD"];
        for (url, candidates, expected) in [
            ("mongodb://admin:x@mongo:27017/a?b=c", mongo, Some(mongo[0])),
            ("mysql://app:x@mysql/shop", mysql, Some(mysql[1])),
            ("mysql://root:x@mysql/shop", mysql, Some(mysql[0])),
            (
                "postgres://shop:x@db/shop",
                ["POSTGRES_PASSWORD", "SHOP_PASSWORD"],
                Some("SHOP_PASSWORD"),
            ),
            (
                "redis://:x@redis-cache:6379",
                ["REDIS_PASSWORD", "SESSION_SECRET"],
                Some("REDIS_PASSWORD"),
            ),
            ("redis://:x@redis", two, None),
            (
                "redis://:x@redis",
                ["REDIS_A_PASSWORD", "REDIS_B_PASSWORD"],
                None,
            ),
            ("no url", two, None),
        ] {
            assert_eq!(repeated(url, &candidates, &example), expected, "{url}");
        }
        assert_eq!(
            repeated("redis://:x@redis", &two[..1], &example),
            Some(two[0])
        );
    }

    #[test]
    fn a_url_is_left_behind_once_nothing_has_its_password() {
        let example = EnvFile::parse("A_PASSWORD=x\nB_PASSWORD=x\nURL=redis://:x@redis\nC=x\n");
        for (own, expected) in [
            ("A_PASSWORD=1\nB_PASSWORD=2\nURL=redis://:x@redis\n", true),
            ("A_PASSWORD=x\nB_PASSWORD=2\nURL=redis://:x@redis\n", false),
            ("A_PASSWORD=1\nB_PASSWORD=2\nURL=redis://:1@redis\n", false),
            ("A_PASSWORD=1\nB_PASSWORD=2\nURL=redis://redis\n", false),
        ] {
            let own = EnvFile::parse(own);
            let url = own.entries().iter().find(|entry| entry.key == "URL");
            assert_eq!(is_left_behind(url.unwrap(), &own, &example), expected);
        }
    }
}
