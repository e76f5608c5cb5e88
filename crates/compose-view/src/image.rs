//! Names of images.

use std::fmt;

/// An image's name taken apart: `registry/repository:tag@digest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRef {
    /// The registry's host, where one is named.
    pub registry: Option<String>,
    /// The repository as written, without registry: `redis`, `library/redis`, `bitnami/redis`.
    pub repository: String,
    /// The tag, where one is written.
    pub tag: Option<String>,
    /// The digest, algorithm included, where one is written.
    pub digest: Option<String>,
}

impl ImageRef {
    /// Takes a name apart. A first part with a `.` or `:`, or `localhost`, is a registry, as for Docker itself.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let (name, digest) = match name.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (name, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first.to_owned()), rest),
            _ => (None, name),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (rest, None),
        };
        Self { registry, repository: repository.to_owned(), tag, digest }
    }

    /// Whether this is the given repository, whatever the registry: the official `redis` is also `library/redis`, and is
    /// not `bitnami/redis`, whose data lies elsewhere.
    #[must_use]
    pub fn is(&self, repository: &str) -> bool {
        fn short(name: &str) -> &str {
            name.strip_prefix("library/").unwrap_or(name)
        }
        short(&self.repository) == short(repository)
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_and_put_together_again() {
        for name in [
            "redis",
            "redis:6.2.13-alpine",
            "localhost:5000/team/redis:7",
            "registry.example.org/library/redis:7@sha256:abc",
            "bitnami/redis@sha256:abc",
        ] {
            assert_eq!(ImageRef::parse(name).to_string(), name);
        }
    }

    #[test]
    fn the_registry_does_not_matter_but_the_publisher_does() {
        assert!(ImageRef::parse("mirror.example.org/library/redis:7").is("redis"));
        assert!(!ImageRef::parse("bitnami/redis:7").is("redis"));
    }
}
