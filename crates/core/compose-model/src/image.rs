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

    /// Whether this is the given repository, whatever the registry. The official `redis` is also `library/redis`, what a
    /// mirror or a registry's proxy has of it and what its publishers build for one architecture (`arm64v8/redis`); it is
    /// not `bitnami/redis`, whose data lies elsewhere.
    #[must_use]
    pub fn is(&self, repository: &str) -> bool {
        official(&self.repository) == official(repository)
    }
}

/// Where Docker Hub keeps the official images: all of them, and those that are built for one architecture
/// (<https://github.com/docker-library/official-images#architectures-other-than-amd64>).
const OFFICIAL: [&str; 12] = [
    "library", "amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64", "s390x",
    "winamd64",
];

/// The short name of an official image, be it behind the folders of a mirror; another repository as it is.
fn official(repository: &str) -> &str {
    let Some((folder, name)) = repository.rsplit_once('/') else { return repository };
    let publisher = folder.rsplit('/').next().unwrap_or(folder);
    // GitLab's proxy of Docker Hub leaves `library` out.
    let is_proxy = folder.ends_with("/dependency_proxy/containers");
    if OFFICIAL.contains(&publisher) || is_proxy { name } else { repository }
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
        for name in [
            "docker.io/redis:7",
            "docker.io/library/redis:7",
            "index.docker.io/library/redis:7",
            "library/redis",
            "mirror.gcr.io/library/redis:7",
            "public.ecr.aws/docker/library/redis:7-alpine",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/redis:7",
            "harbor.example.org:5000/hub-proxy/library/redis@sha256:abc",
            "gitlab.example.org/team/app/dependency_proxy/containers/redis:7",
            "m.example.org/docker.io/library/redis",
            "arm64v8/redis:6.2",
            "docker.io/amd64/redis",
            // `${REGISTRY}/library/redis` without the variable.
            "/library/redis:7",
        ] {
            assert!(ImageRef::parse(name).is("redis"), "{name}");
        }
        for name in [
            "bitnami/redis:7",
            "myorg/redis",
            "ghcr.io/myorg/redis:7",
            "harbor.example.org/hub-proxy/bitnami/redis",
            "redis/redis-stack",
            "mylibrary/redis",
            "library/redis-exporter",
            "myorg/containers/redis",
        ] {
            assert!(!ImageRef::parse(name).is("redis"), "{name}");
        }
        assert!(ImageRef::parse("quay.io/bitnami/redis").is("bitnami/redis"));
    }
}
