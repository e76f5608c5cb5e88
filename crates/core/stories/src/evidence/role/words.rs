//! What a service's name says of its role.

/// A role that is known by words and signs. Others are known by `compose/stack.yaml` alone, and by
/// a service of their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Answers requests for data.
    Backend,
    /// Serves the page.
    Frontend,
}

/// How a word speaks for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// No other role has it: `api`.
    Own,
    /// No other role has it, and a product may be called so: `fleet-server`.
    Product,
    /// Either role has it: `app`.
    Shared,
}

const BACKEND: [&str; 8] = [
    "backend",
    "api",
    "server",
    "apiserver",
    "django",
    "fastapi",
    "flask",
    "rails",
];

const FRONTEND: [&str; 9] = [
    "frontend", "ui", "webui", "client", "spa", "nextjs", "react", "vue", "angular",
];

const SHARED: [&str; 7] = [
    "app",
    "application",
    "web",
    "webapp",
    "webserver",
    "www",
    "site",
];

/// Words that are the role's alone where they are the whole name: `fleet-server` is a product.
const OF_PRODUCTS: [&str; 2] = ["server", "client"];

/// Words by which a service does something else, whatever else its name says.
const OTHERS: [&str; 71] = [
    "worker",
    "workers",
    "celery",
    "beat",
    "flower",
    "scheduler",
    "cron",
    "crons",
    "cronjob",
    "sidekiq",
    "queue",
    "job",
    "jobs",
    "runner",
    "task",
    "tasks",
    "consumer",
    "producer",
    "processor",
    "horizon",
    "daemon",
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "init",
    "setup",
    "seed",
    "seeder",
    "bootstrap",
    "install",
    "installer",
    "entrypoint",
    "db",
    "database",
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "cache",
    "kafka",
    "rabbitmq",
    "nats",
    "mqtt",
    "minio",
    "proxy",
    "nginx",
    "traefik",
    "caddy",
    "lb",
    "test",
    "tests",
    "e2e",
    "docs",
    "storybook",
    "mock",
    "exporter",
    "prometheus",
    "grafana",
    "backup",
    "backups",
    "mail",
    "smtp",
    "ssh",
    "dns",
    "vpn",
    "auth",
    "ws",
];

impl Role {
    pub(super) const ALL: [Self; 2] = [Self::Backend, Self::Frontend];

    /// The role of a name.
    pub(super) fn called(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Frontend => "frontend",
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Backend => &BACKEND,
            Self::Frontend => &FRONTEND,
        }
    }
}

/// The words of a name in small letters; `back-end` and `web-app` are one word each.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_small = false;
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && is_small || words.is_empty();
        is_small = c.is_ascii_lowercase();
        if starts {
            words.push(String::new());
        }
        match (c.is_ascii_alphanumeric(), words.last_mut()) {
            (true, Some(word)) => word.push(c.to_ascii_lowercase()),
            _ => words.push(String::new()),
        }
    }
    let plain = |word: String| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem.is_empty() {
            word
        } else {
            stem.to_owned()
        }
    };
    words.retain(|word| !word.is_empty());
    let mut joined: Vec<String> = Vec::new();
    for word in words.into_iter().map(plain) {
        match joined.last_mut() {
            Some(last) if ["back", "front"].contains(&last.as_str()) && word == "end" => {
                last.push_str(&word)
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Whether a service's name says that it does something else.
pub(super) fn is_other(name: &str) -> bool {
    words(name)
        .iter()
        .any(|word| OTHERS.contains(&word.as_str()))
}

/// How a service's name speaks for a role.
pub(super) fn of(name: &str, role: Role) -> Option<Word> {
    let words = words(name);
    let says = |role: Role| {
        let own = |word: &String| role.words().contains(&word.as_str());
        words.iter().rposition(own)
    };
    // The role's own name says more than any other word.
    let named = Role::ALL.into_iter().find(|one| {
        let is_named = |word: &String| word == one.name();
        words.iter().any(is_named)
    });
    // Of two, the last one says what it is: `client-api` is no client.
    let last = Role::ALL.into_iter().max_by_key(|one| says(*one));
    match named.or(last.filter(|one| says(*one).is_some())) {
        Some(said) => {
            let word = says(said).and_then(|at| words.get(at));
            let is_of_product =
                words.len() > 1 && word.is_some_and(|word| OF_PRODUCTS.contains(&word.as_str()));
            let word = if is_of_product {
                Word::Product
            } else {
                Word::Own
            };
            (said == role).then_some(word)
        }
        None => {
            let is_shared = words.iter().any(|word| SHARED.contains(&word.as_str()));
            is_shared.then_some(Word::Shared)
        }
    }
}

/// Whether a service is called like a role, however the words of its name are joined: `back-end` and
/// `BackEnd` are the `backend`.
pub(super) fn is_called(service: &str, role: &str) -> bool {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | '.'));
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(service) == letters(role)
}

/// Whether a service's whole name is a word of a role.
pub(super) fn is_whole(name: &str, role: Role) -> bool {
    match words(name).as_slice() {
        [word] => role.words().contains(&word.as_str()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_by_its_words() {
        use Word::{Own, Product, Shared};
        let table = [
            ("api", Some(Own), None),
            ("back-end", Some(Own), None),
            ("shop_backend", Some(Own), None),
            ("immich-server", Some(Product), None),
            ("backend2", Some(Own), None),
            ("webApi", Some(Own), None),
            ("web-api", Some(Own), None),
            ("client-api", Some(Own), None),
            ("api-client", None, Some(Product)),
            ("frontend-server", None, Some(Own)),
            ("Front-End", None, Some(Own)),
            ("web-client", None, Some(Product)),
            ("ui", None, Some(Own)),
            ("app", Some(Shared), Some(Shared)),
            ("web", Some(Shared), Some(Shared)),
            ("my.web.app", Some(Shared), Some(Shared)),
            ("shop", None, None),
            ("rapid", None, None),
            ("guild", None, None),
        ];
        for (name, backend, frontend) in table {
            assert_eq!(of(name, Role::Backend), backend, "{name}");
            assert_eq!(of(name, Role::Frontend), frontend, "{name}");
        }
        let others = [
            "api-worker",
            "web_db",
            "celery-app",
            "app-migrate",
            "apiWorker",
        ];
        assert!(others.into_iter().all(is_other));
        assert!(
            !["api", "latest-app", "workshop-api"]
                .into_iter()
                .any(is_other)
        );
        assert!(is_whole("api", Role::Backend) && !is_whole("auth-api", Role::Backend));
    }
}
