//! Names of images.

use std::fmt;

use crate::template::{GivenBy, Piece};

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
    /// The variables for want of which this is no name that Docker takes, each once: those that
    /// must have a value, and those whose place stays empty. None where it is one.
    pub unset: Vec<String>,
}

impl ImageRef {
    /// Takes a name apart. A first part with a `.` or `:`, or `localhost`, is a registry, as for
    /// Docker itself.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let (name, digest) = match name.split_once('@') {
            Some((name, digest)) => (name, Some(digest.to_owned())),
            None => (name, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => {
                (Some(first.to_owned()), rest)
            }
            _ => (None, name),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (rest, None),
        };
        Self {
            registry,
            repository: repository.to_owned(),
            tag,
            digest,
            unset: Vec::new(),
        }
    }

    /// Takes a name apart whose variables are replaced. Where some have no value, and what is left
    /// is no name, or one of them must have a value, they are told.
    ///
    /// Docker Compose 2.40.3 itself accepts such names, `redis:` and `/redis:7` among them; the
    /// engine then says `invalid reference format`.
    #[must_use]
    pub fn of_pieces(pieces: &[Piece]) -> Self {
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let mut image = Self::parse(&text);
        let is_missing = |piece: &Piece| matches!(piece.by, GivenBy::Missing(_));
        if image.is_well_formed() && !pieces.iter().any(is_missing) {
            return image;
        }
        for piece in pieces {
            if let GivenBy::Unset(name) | GivenBy::Missing(name) = &piece.by
                && !image.unset.contains(name)
            {
                image.unset.push(name.clone());
            }
        }
        image
    }

    /// Registry and repository alone.
    #[must_use]
    pub fn without_tag(&self) -> Self {
        Self {
            tag: None,
            digest: None,
            ..self.clone()
        }
    }

    /// Whether Docker takes it for a name: no part is empty or begins with a mark.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.names_repository() && self.names_tag()
    }

    /// Whether a tag and a digest are told, where they are written.
    #[must_use]
    pub fn names_tag(&self) -> bool {
        let is_digest = |digest: &String| {
            let parts = digest.split_once(':');
            parts.is_some_and(|(algorithm, hash)| !algorithm.is_empty() && !hash.is_empty())
        };
        self.tag.as_deref().is_none_or(begins_well) && self.digest.as_ref().is_none_or(is_digest)
    }

    /// Whether registry and repository are told, whatever the tag.
    #[must_use]
    pub fn names_repository(&self) -> bool {
        self.registry.as_deref().is_none_or(begins_well)
            && self.repository.split('/').all(begins_well)
    }

    /// The version that the tag begins with; none for a tag that floats, such as `alpine`, or no
    /// tag.
    ///
    /// ```
    /// use compose_model::ImageRef;
    ///
    /// let version = ImageRef::parse("redis:6.2.13-alpine").version().unwrap();
    /// assert_eq!((version.major, version.minor, version.patch), (6, Some(2), Some(13)));
    /// ```
    #[must_use]
    pub fn version(&self) -> Option<ImageVersion> {
        ImageVersion::leading(self.tag.as_deref()?)
    }

    /// The version of PostgreSQL in an image of it, or in one that adds to it and names both
    /// versions: `17-alpine`, `pg17`, `2.17.2-pg17`. TimescaleDB's own version says nothing of
    /// PostgreSQL's.
    #[must_use]
    pub fn postgres_version(&self) -> Option<ImageVersion> {
        match self.tag.as_deref()?.split_once("pg") {
            Some((_, behind)) => ImageVersion::leading(behind),
            None if self.is("timescale/timescaledb") => None,
            None => self.version(),
        }
    }

    /// Whether this is the given repository, whatever the registry. The official `redis` is also
    /// `library/redis`, what a mirror or a registry's proxy has of it and what its publishers build
    /// for one architecture (`arm64v8/redis`); it is not `bitnami/redis`, whose data lies
    /// elsewhere.
    #[must_use]
    pub fn is(&self, repository: &str) -> bool {
        official(&self.repository) == official(repository)
    }
}

/// Whether a part of a name is there and begins with a letter, a digit or `_`.
fn begins_well(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// A version as tags say it: `7`, `6.2`, `v6.2.13`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageVersion {
    /// The first number.
    pub major: u64,
    /// The second.
    pub minor: Option<u64>,
    /// The third.
    pub patch: Option<u64>,
}

/// What may follow on a number without a sign between: `18beta1`.
const PRERELEASES: [&str; 3] = ["alpha", "beta", "rc"];

impl ImageVersion {
    /// The version that a text begins with. What looks like a number and goes on in letters, as a
    /// commit's hash does, is none.
    fn leading(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let is_prerelease = PRERELEASES.iter().any(|name| rest.starts_with(name));
        if !rest.is_empty() && !rest.starts_with(['-', '_', '+']) && !is_prerelease {
            return None;
        }
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let (major, minor, patch) = (
            parts.next()??,
            parts.next().flatten(),
            parts.next().flatten(),
        );
        Some(Self {
            major,
            minor,
            patch,
        })
    }
}

/// Where Docker Hub keeps the official images: all of them, and those that are built for one
/// architecture
/// (<https://github.com/docker-library/official-images#architectures-other-than-amd64>).
const OFFICIAL: [&str; 12] = [
    "library", "amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le",
    "riscv64", "s390x", "winamd64",
];

/// The short name of an official image, be it behind the folders of a mirror; another repository as
/// it is.
fn official(repository: &str) -> &str {
    let Some((folder, name)) = repository.rsplit_once('/') else {
        return repository;
    };
    let publisher = folder.rsplit('/').next().unwrap_or(folder);
    // GitLab's proxy of Docker Hub leaves `library` out.
    let is_proxy = folder.ends_with("/dependency_proxy/containers");
    if OFFICIAL.contains(&publisher) || is_proxy {
        name
    } else {
        repository
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
    fn a_variable_without_a_value_is_told_where_the_name_wants_it() {
        let lookup = |name: &str| match name {
            "SET" => Some("6".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let read = |text: &str| {
            let template = crate::Template::parse(text).unwrap();
            let image = ImageRef::of_pieces(&template.pieces(&lookup));
            (image.to_string(), image.unset.join(" "))
        };
        for (text, name, unset) in [
            ("redis:${SET}", "redis:6", ""),
            ("redis:${V}", "redis:", "V"),
            ("redis:${EMPTY}", "redis:", "EMPTY"),
            ("redis:${EMPTY-6}", "redis:", "EMPTY"),
            ("redis:${V}-alpine", "redis:-alpine", "V"),
            ("redis:${V:?see a/b:c@d}", "redis:", "V"),
            ("${REG:?x}/redis:${V:?y}", "/redis:", "REG V"),
            ("${REG}/library/redis:6", "/library/redis:6", "REG"),
            ("${REG:-}/redis:6", "/redis:6", "REG"),
            ("${IMAGE}", "", "IMAGE"),
            ("${IMAGE:?say}", "", "IMAGE"),
            ("redis@${DIGEST}", "redis@", "DIGEST"),
            ("${REG}:5000/redis:6", ":5000/redis:6", "REG"),
            // What may as well be left out is no hindrance.
            ("${REG}redis:6", "redis:6", ""),
            ("redis:6${SUFFIX}", "redis:6", ""),
            ("redis${TAG}", "redis", ""),
            // Compose wants it all the same.
            ("redis:6${SUFFIX:?say}", "redis:6", "SUFFIX"),
        ] {
            let expected = (name.to_owned(), unset.to_owned());
            assert_eq!(read(text), expected, "{text}");
        }
        assert!(!ImageRef::parse("redis:").is_well_formed());
    }

    #[test]
    fn tags_say_versions() {
        let major = |name: &str| ImageRef::parse(name).version().map(|version| version.major);
        for name in [
            "redis:6",
            "redis:6.2",
            "redis:v6.2.13-alpine",
            "x:6-1.2",
            "x:6beta1",
            "x:6rc1",
            "x:6_2",
        ] {
            assert_eq!(major(name), Some(6), "{name}");
        }
        for name in [
            "redis",
            "redis:alpine",
            "redis:6f3a2b",
            "redis@sha256:6",
            "redis:.6",
            "redis:v",
        ] {
            assert_eq!(major(name), None, "{name}");
        }
        let postgres = |name: &str| {
            ImageRef::parse(name)
                .postgres_version()
                .map(|version| version.major)
        };
        assert_eq!(postgres("postgres:17.2-alpine"), Some(17));
        assert_eq!(postgres("postgis/postgis:17-3.5"), Some(17));
        assert_eq!(postgres("pgvector/pgvector:0.8.0-pg16"), Some(16));
        assert_eq!(postgres("pgvector/pgvector:pg17"), Some(17));
        assert_eq!(postgres("timescale/timescaledb:2.17.2-pg15"), Some(15));
        assert_eq!(postgres("timescale/timescaledb:2.17.2"), None);
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
