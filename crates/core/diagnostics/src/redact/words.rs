//! Passwords that are words: what is called so elsewhere stays readable, and the word goes where it
//! is the password.

use std::collections::BTreeSet;

use compose_edit::{Content, Document, Node, Path};

use super::looks_secret;

/// Words that stand in messages, paths and images of any stack, and in passwords of many.
const COMMON: [&str; 58] = [
    "admin",
    "administrator",
    "api",
    "app",
    "backend",
    "cache",
    "change",
    "compose",
    "data",
    "database",
    "debug",
    "default",
    "demo",
    "dev",
    "development",
    "docker",
    "elastic",
    "example",
    "file",
    "frontend",
    "grafana",
    "guest",
    "host",
    "image",
    "latest",
    "local",
    "localhost",
    "main",
    "mariadb",
    "master",
    "minio",
    "mongo",
    "mongodb",
    "mysql",
    "nginx",
    "node",
    "password",
    "postgres",
    "postgresql",
    "prod",
    "production",
    "queue",
    "rabbitmq",
    "redis",
    "root",
    "secret",
    "server",
    "service",
    "services",
    "staging",
    "test",
    "token",
    "user",
    "username",
    "volume",
    "volumes",
    "web",
    "worker",
];

/// Values that say nothing, whatever their name.
const SAYS_NOTHING: [&str; 9] = [
    "true", "false", "yes", "no", "on", "off", "null", "none", "~",
];

/// Names that lead to a password without a sign between.
const PLAIN_NAMES: [&str; 3] = ["password", "passwd", "pass"];

/// Whether a value may be hidden at all.
pub(super) fn says_something(value: &str) -> bool {
    !value.is_empty() && !SAYS_NOTHING.contains(&value.to_ascii_lowercase().as_str())
}

/// Whether a value is a word that means something else as well.
pub(super) fn is_word(value: &str, names: &BTreeSet<String>) -> bool {
    COMMON.contains(&value.to_ascii_lowercase().as_str()) || names.contains(value)
}

/// What is called by a name that everybody may read: services, volumes and the like, images,
/// folders that are mounted.
pub(super) fn names(document: &Document, names: &mut BTreeSet<String>) {
    for section in ["services", "volumes", "networks", "secrets", "configs"] {
        let entries = document
            .get(&Path::from([section]))
            .and_then(Node::as_mapping);
        for (key, value) in entries.into_iter().flat_map(|entries| entries.entries()) {
            key.as_scalar()
                .into_iter()
                .for_each(|key| add(key.value(), names));
            let body = value.as_mapping();
            let keys = ["image", "container_name", "hostname", "volumes"];
            keys.into_iter()
                .filter_map(|key| body?.get(key))
                .for_each(|value| add_all(value, names));
        }
    }
}

fn add_all(node: Node<'_>, names: &mut BTreeSet<String>) {
    match node.content() {
        Content::Scalar(scalar) => add(scalar.value(), names),
        Content::Sequence(items) => items.items().for_each(|item| add_all(item, names)),
        Content::Mapping(_) | Content::Alias(_) => {}
    }
}

/// A name, and each part of it between signs.
fn add(name: &str, names: &mut BTreeSet<String>) {
    names.insert(name.to_owned());
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    names.extend(
        parts
            .filter(|part| part.contains(char::is_alphabetic))
            .map(str::to_owned),
    );
}

/// The text with a word replaced wherever it stands as a value of something secret.
pub(super) fn hide(text: &str, word: &str) -> String {
    let mut hidden = String::new();
    let mut rest = 0;
    for (at, _) in text.match_indices(word) {
        let end = at + word.len();
        if at >= rest && is_secret_here(&text[..at], &text[end..]) {
            hidden.push_str(&text[rest..at]);
            hidden.push_str("***");
            rest = end;
        }
    }
    hidden + &text[rest..]
}

/// Whether what stands between two texts is the value of something secret: behind its name, behind
/// a flag, in a URL.
fn is_secret_here(before: &str, after: &str) -> bool {
    if after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        return false;
    }
    if before.ends_with(':') && after.starts_with('@') {
        return true;
    }
    // `mysql -proot`
    if before
        .strip_suffix("-p")
        .is_some_and(|before| before.ends_with([' ', '"', '\'']))
    {
        return true;
    }
    let head = before.trim_end_matches([
        ' ', '\t', '\r', '\n', '"', '\'', '`', ',', '[', '(', '{', ':', '=', '-', '?', '+',
    ]);
    let between = &before[head.len()..];
    let name = &head[head
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .map_or(0, |at| at + 1)..];
    if between.contains([':', '=', '-']) {
        return looks_secret(name);
    }
    let is_flag = name.starts_with('-') && looks_secret(name);
    let is_of_redis = name == "-a"
        && head
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.contains("redis-cli"));
    let is_plain = PLAIN_NAMES.contains(&name.to_ascii_lowercase().as_str());
    !between.is_empty() && !between.contains('\n') && (is_flag || is_of_redis || is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_goes_where_it_is_the_password() {
        for (text, expected) in [
            ("MYSQL_ROOT_PASSWORD: root", "MYSQL_ROOT_PASSWORD: ***"),
            ("- MYSQL_ROOT_PASSWORD=root", "- MYSQL_ROOT_PASSWORD=***"),
            ("{\"password\":\"root\"}", "{\"password\":\"***\"}"),
            ("${DB_PASSWORD:-root}", "${DB_PASSWORD:-***}"),
            ("PASSWORDS:\n  - root", "PASSWORDS:\n  - ***"),
            (
                "redis-server --requirepass root",
                "redis-server --requirepass ***",
            ),
            (
                "[redis-server, --requirepass, \"root\"]",
                "[redis-server, --requirepass, \"***\"]",
            ),
            ("redis-cli -a root ping", "redis-cli -a *** ping"),
            ("mysql -uroot -proot", "mysql -uroot -p***"),
            ("mysql://root:root@db/root", "mysql://root:***@db/root"),
            ("wrong password root", "wrong password ***"),
            ("/root/.cache:/root", "/root/.cache:/root"),
            ("user: root", "user: root"),
            ("image: root:1-root", "image: root:1-root"),
            (
                "services.keycloak.image: root",
                "services.keycloak.image: root",
            ),
            ("PASSWORD: rootless", "PASSWORD: rootless"),
            ("root", "root"),
        ] {
            assert_eq!(hide(text, "root"), expected);
        }
    }
}
