//! Secrets are never printed: their values become `***` in whatever is quoted.

use std::collections::BTreeSet;

use compose_edit::{Content, Document, Node};

mod words;

/// In a name, in capitals: what makes its value a secret.
const TELLING: [&str; 11] = [
    "PASSWORD",
    "PASSWD",
    "PASS",
    "SECRET",
    "TOKEN",
    "KEY",
    "CREDENTIAL",
    "DSN",
    "JWT",
    "BASICAUTH",
    "MASTERAUTH",
];

/// Parts of a name, between underscores, that tell of a secret.
const TELLING_PARTS: [&str; 2] = ["AUTH", "PWD"];

/// The last part of the names of numbers, whatever stands before.
const MEASURES: [&str; 17] = [
    "MILLISECONDS",
    "MS",
    "SECONDS",
    "SECS",
    "SEC",
    "MINUTES",
    "MINS",
    "MIN",
    "HOURS",
    "DAYS",
    "TTL",
    "AGE",
    "TIMEOUT",
    "LENGTH",
    "ROUNDS",
    "PORT",
    "PORTS",
];

/// How a part of a name begins that tells when a secret ends, and not which it is.
const ENDING: &str = "EXPIR";

/// A shorter value would blacken half of every text: it goes where it is the value of something
/// secret alone.
const SHORTEST: usize = 4;

/// The secret values of an environment's files.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Longest first, so that a value inside another leaves nothing of it over.
    values: Vec<String>,
    /// What is called so and is no secret; a value that is such a word too goes where it is the
    /// secret alone.
    names: BTreeSet<String>,
}

impl Secrets {
    /// Collects them from env and compose files: values whose names look secret, and passwords
    /// inside URLs.
    pub fn of<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let mut found = Self::default();
        for text in texts {
            let text = text.as_ref();
            collect_written(text, &mut found.values);
            if let Ok(document) = Document::parse(text) {
                found.collect_from(&document);
            }
        }
        found.in_order()
    }

    /// As [`Self::of`], from files that are parsed already.
    pub fn of_files<'d>(files: impl IntoIterator<Item = &'d Document>) -> Self {
        let mut found = Self::default();
        for document in files {
            collect_written(document.text(), &mut found.values);
            found.collect_from(document);
        }
        found.in_order()
    }

    fn collect_from(&mut self, document: &Document) {
        document
            .documents()
            .for_each(|root| collect_below(document.text(), root, &mut self.values));
        words::names(document, &mut self.names);
    }

    /// With these values by name too; each line of a longer one counts, for what is quoted may be a
    /// part of it. A name that ends in `_FILE` tells where a secret lies.
    #[must_use]
    pub fn with<'t>(mut self, named: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        for (name, value) in named
            .into_iter()
            .filter(|(name, _)| !name.ends_with("_FILE"))
        {
            value
                .lines()
                .map(str::trim)
                .for_each(|line| collect(name, line, &mut self.values));
        }
        self.in_order()
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.values.extend(other.values);
        self.names.extend(other.names);
        self.in_order()
    }

    fn in_order(mut self) -> Self {
        self.values.retain(|value| words::says_something(value));
        self.values
            .sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        self.values.dedup();
        self
    }

    /// The text with each secret replaced.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, value| {
            let is_also_a_word = value.len() < SHORTEST || words::is_word(value, &self.names);
            if is_also_a_word {
                words::hide(&text, value)
            } else {
                text.replace(value, "***")
            }
        })
    }
}

/// Prints no value, also when something that holds it is debugged.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.values.len())
    }
}

/// What a text says line by line, whether or not it is YAML.
fn collect_written(text: &str, values: &mut Vec<String>) {
    text.lines()
        .filter_map(assignment)
        .for_each(|(name, value)| collect(name, value, values));
    flags(text)
        .chain(defaults(text))
        .for_each(|(name, value)| collect(name, value, values));
}

fn collect(name: &str, value: &str, values: &mut Vec<String>) {
    let password = password_in_url(value);
    if password.is_some() || looks_secret(name) {
        values.push(value.to_owned());
    }
    values.extend(password.map(str::to_owned));
}

/// What a YAML text says, in whatever form: in braces, on a line of its own, on several lines.
fn collect_below(text: &str, node: Node<'_>, values: &mut Vec<String>) {
    match node.content() {
        Content::Mapping(mapping) => {
            for (key, value) in mapping.entries() {
                if let (Some(name), Some(own)) = (key.as_scalar(), value.as_scalar()) {
                    // What is quoted may be one line of it.
                    let lines = text[value.span().range()].lines().chain([own.value()]);
                    lines.for_each(|line| collect_value(name.value(), line, values));
                }
                collect_below(text, value, values);
            }
        }
        Content::Sequence(items) => items.items().for_each(|item| {
            if let Some((name, value)) = item
                .as_scalar()
                .and_then(|item| item.value().split_once('='))
            {
                collect_value(name, value, values);
            }
            collect_below(text, item, values);
        }),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

/// A value that only names a variable is none.
fn collect_value(name: &str, value: &str, values: &mut Vec<String>) {
    let value = value.trim().trim_matches(['"', '\'']);
    if !value.starts_with('$') {
        collect(name, value, values);
    }
}

/// `NAME=value` and `NAME: value`, as a list item, after `export` or in a comment too. A value that
/// only names a variable is none.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line
        .trim()
        .trim_start_matches(['#', ' '])
        .trim_start_matches("- ")
        .trim_start_matches("export ")
        .trim_start_matches(['"', '\'']);
    let (name, value) = line.split_at_checked(line.find(['=', ':'])?)?;
    let value = value[1..].trim().trim_matches(['"', '\'']);
    (!value.starts_with('$')).then(|| (name.trim().trim_end_matches(['"', '\'']), value))
}

/// `--requirepass value`, `--password=value`, `"--token", "value"`: a program's flags and what
/// follows them; `redis-cli -a` too. A path tells where a secret lies and not what it is.
fn flags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let apart = |c: char| c.is_whitespace() || matches!(c, '=' | ',' | '[' | ']' | '"' | '\'');
    let words = || {
        text.split(apart)
            .filter(|word| !word.is_empty() && *word != "-")
    };
    let before = std::iter::once("").chain(words());
    let named = before.zip(words()).map(|pair| {
        if pair == ("redis-cli", "-a") {
            "--password"
        } else {
            pair.1
        }
    });
    let pairs = named.zip(words().skip(1));
    pairs.filter(|(flag, value)| flag.starts_with('-') && !value.starts_with(['-', '$', '/']))
}

/// `${NAME:-value}`, `${NAME-value}`.
fn defaults(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("${").skip(1).filter_map(|variable| {
        let (name, value) = variable.split_once('}')?.0.split_once('-')?;
        Some((name.trim_end_matches(':'), value))
    })
}

/// Whether a variable's name says that its value is a secret.
#[must_use]
pub fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_working_directory = matches!(name.as_str(), "PWD" | "OLDPWD");
    let has_part = || name.split('_').any(|part| TELLING_PARTS.contains(&part));
    let is_telling =
        TELLING.iter().any(|telling| name.contains(telling)) || !is_working_directory && has_part();
    is_telling && !is_measure(&name)
}

/// Whether a name in capitals is that of a number beside a secret: `JWT_EXPIRATION_MINUTES`,
/// `KEYCLOAK_PORT`. Its last word decides: `EXPIRED_TOKEN` is a secret.
fn is_measure(name: &str) -> bool {
    let mut parts = name.split('_').rev();
    let last = parts.next().unwrap_or_default();
    let tells = TELLING.iter().any(|telling| last.contains(telling));
    let mut all = std::iter::once(last).chain(parts);
    !tells && (MEASURES.contains(&last) || all.any(|part| part.starts_with(ENDING)))
}

/// The password of `scheme://user:password@host`.
#[must_use]
pub fn password_in_url(value: &str) -> Option<&str> {
    let (_, behind) = value.split_once("://")?;
    let (user, _) = behind.split('/').next()?.rsplit_once('@')?;
    user.split_once(':').map(|(_, password)| password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_defaults_are_read_too() {
        let compose = "command: redis-server --requirepass in-a-flag --appendonly yes --tls-key-file /etc/redis.key\n\
            command: [\"--password\", \"in-a-list\"]\n  - --token=in-an-item\n  - ${DB_PASSWORD:-by-default} ${PORT:-5432}\n";
        let said = "in-a-flag in-a-list in-an-item by-default yes 5432 /etc/redis.key";
        assert_eq!(
            Secrets::of([compose]).redact(said),
            "*** *** *** *** yes 5432 /etc/redis.key"
        );
    }

    #[test]
    fn every_form_of_yaml_is_read() {
        let compose = "x: { TOKEN: in-braces, list: [ \"A_TOKEN=in-brackets\" ] }\nAPI_KEY:\n  on-its-own-line\n\
            JWT: 'two-1\n  two-2'\n# DB_PASSWORD: in-a-comment\n";
        let said = "in-braces in-brackets on-its-own-line two-2 two-1 in-a-comment x";
        assert_eq!(
            Secrets::of([compose]).redact(said),
            "*** *** *** *** *** *** x"
        );
    }

    #[test]
    fn names_that_tell_less_openly() {
        let compose = "  JWT: a.b.c-d\n  DB_PWD: hunter22\n  PWD: /srv/app\ncommand: redis-server --masterauth replica-pw\n\
            test: [CMD, redis-cli, -a, ping-pw, ping]\n  - \"traefik.http.middlewares.a.basicauth.users=me:$$2y$$x\"\n";
        let said = "a.b.c-d hunter22 /srv/app replica-pw ping-pw me:$$2y$$x";
        assert_eq!(
            Secrets::of([compose]).redact(said),
            "*** *** /srv/app *** *** ***"
        );
    }

    #[test]
    fn a_number_beside_a_secret_is_none() {
        for name in [
            "JWT_ACCESS_EXPIRATION_MINUTES",
            "JWT_REFRESH_EXPIRATION_DAYS",
            "jwt_expires_in",
            "TOKEN_TTL",
            "PASSWORD_RESET_SECONDS",
            "KEYCLOAK_PORT",
            "SECRET_LENGTH",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
        for name in ["JWT", "EXPIRED_TOKEN", "PORT_KEY", "TTL_PASSWORD", "AUTH"] {
            assert!(looks_secret(name), "{name}");
        }
        let said = Secrets::of(["JWT_TTL=86400\nJWT=86401"]).redact("86400 86401");
        assert_eq!(said, "86400 ***");
    }

    #[test]
    fn a_word_that_is_a_password_too_stays_readable_elsewhere() {
        let compose = "services:\n  shop-db:\n    image: example/mysql:8\n    environment:\n      MYSQL_PASSWORD: shop\n      \
            ROOT_PASSWORD: root\n      API_KEY: shopping9\n      PASS: abc\n";
        let secrets = Secrets::of([compose]);
        let said = "shop-db in /root/shop: example/mysql:8, abc; shopping9\nROOT_PASSWORD: root PASS=abc MYSQL_PASSWORD=shop";
        let expected = "shop-db in /root/shop: example/mysql:8, abc; ***\nROOT_PASSWORD: *** PASS=*** MYSQL_PASSWORD=***";
        assert_eq!(secrets.redact(said), expected);
    }

    #[test]
    fn values_with_telling_names_and_urls_go() {
        let env = "DB_PASSWORD=s3cret!\nexport API_KEY=\"abcdef\"\nURL=mongodb://me:hunter22@db:1/x\nPORT=3000\nPASS=abc";
        let compose = "  environment:\n    - JWT_SECRET=longer-s3cret!\n    SMTP_AUTH: 'user/pw'\n    KEY: ${API_KEY}\n";
        let secrets = Secrets::of([env, compose]);
        let said = "bad s3cret! longer-s3cret! abcdef hunter22 mongodb://me:hunter22@db:1/x user/pw 3000 abc ${API_KEY}";
        assert_eq!(
            secrets.redact(said),
            "bad *** *** *** *** *** *** 3000 abc ${API_KEY}"
        );
        assert_eq!(format!("{secrets:?}"), "Secrets(7)");
    }
}
