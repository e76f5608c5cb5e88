//! Which programs that can ask over HTTP are in a service's image.

use compose_model::ImageRef;

use super::packages::installed;
use super::program::Program;
use super::said::Subject;
use super::{Evidence, Grade, Source};

use Program::{Bun, Curl, Node, Php, Python, Ruby, Wget};

/// What is known of an image.
#[derive(Debug)]
pub(crate) struct Programs {
    /// Those that are there for certain, best first.
    pub(crate) there: Vec<Program>,
    /// Whether there is no other one.
    pub(crate) is_all: bool,
    /// What that is known by.
    pub(crate) source: Source,
}

impl Programs {
    /// Of the image that a service runs.
    pub(crate) fn of(subject: &Subject<'_>) -> Self {
        let base = subject.base();
        let by_base = base.as_ref().and_then(of_base);
        let is_all = by_base.is_some();
        let mut there = by_base.unwrap_or_default().to_vec();
        let mut source = Source::new(
            base.as_ref().map_or_else(
                || "an image that is not known here".to_owned(),
                ImageRef::to_string,
            ),
            subject.cx.locate(
                subject
                    .service
                    .get("image")
                    .unwrap_or(subject.service.value),
            ),
        );
        if let Some(build) = subject.build() {
            let (added, removed) = installed(build.all("RUN").map(|run| run.text.as_str()));
            there.retain(|program| !removed.contains(program));
            source.at = subject.at_line(build.from_line);
            there.extend(added);
        }
        there.sort_unstable();
        there.dedup();
        Self {
            there,
            is_all,
            source,
        }
    }

    /// The program to take.
    pub(crate) fn best(&self) -> Evidence<Option<Program>> {
        let best = self.there.first().copied();
        Evidence {
            value: best,
            grade: if best.is_some() {
                Grade::Found
            } else {
                Grade::Guessed
            },
            sources: vec![self.source.clone()],
            contradictions: Vec::new(),
        }
    }
}

/// The programs of an image's variants; none for a variant of which nothing is known.
struct Row {
    images: &'static [&'static str],
    /// A tag of no variant.
    full: Option<&'static [Program]>,
    slim: Option<&'static [Program]>,
    alpine: Option<&'static [Program]>,
    /// No tag, but a digest: what any of its variants has.
    digest: Option<&'static [Program]>,
}

impl Row {
    /// Images that have the same in each variant.
    const fn alike(images: &'static [&'static str], programs: &'static [Program]) -> Self {
        Self {
            images,
            full: Some(programs),
            slim: Some(programs),
            alpine: Some(programs),
            digest: Some(programs),
        }
    }

    /// The images of a language whose full variant is made from `buildpack-deps`.
    const fn of_language(
        images: &'static [&'static str],
        full: &'static [Program],
        slim: &'static [Program],
        alpine: &'static [Program],
    ) -> Self {
        Self {
            images,
            full: Some(full),
            slim: Some(slim),
            alpine: Some(alpine),
            digest: Some(slim),
        }
    }
}

/// By the Dockerfiles of the official images: full variants of languages are made from
/// `buildpack-deps`, which has curl and wget, `slim` ones from bare Debian, and Alpine's BusyBox
/// brings wget.
const IMAGES: &[Row] = &[
    Row::alike(&["alpine", "busybox"], &[Wget]),
    Row::alike(&["debian", "ubuntu"], &[]),
    Row::alike(&["buildpack-deps"], &[Curl, Wget]),
    Row::of_language(&["node"], &[Curl, Wget, Node], &[Node], &[Wget, Node]),
    Row::of_language(
        &["python"],
        &[Curl, Wget, Python],
        &[Python],
        &[Wget, Python],
    ),
    Row::of_language(&["ruby"], &[Curl, Wget, Ruby], &[Ruby], &[Wget, Ruby]),
    Row::of_language(&["php"], &[Php], &[Php], &[Wget, Php]),
    Row::of_language(&["oven/bun"], &[Bun], &[Bun], &[Wget, Bun]),
    Row {
        images: &["golang"],
        full: Some(&[Curl, Wget]),
        slim: Some(&[Curl, Wget]),
        alpine: Some(&[Wget]),
        digest: None,
    },
    Row {
        images: &["rust"],
        full: Some(&[Curl, Wget]),
        slim: Some(&[]),
        alpine: Some(&[Wget]),
        digest: None,
    },
    Row {
        images: &[
            "nginx",
            "httpd",
            "caddy",
            "traefik",
            "eclipse-temurin",
            "elixir",
            "erlang",
            "haproxy",
            "amazoncorretto",
        ],
        full: None,
        slim: None,
        alpine: Some(&[Wget]),
        digest: None,
    },
];

/// The programs of an image, where it is a well-known one.
fn of_base(image: &ImageRef) -> Option<&'static [Program]> {
    let tag = image.tag.as_deref().unwrap_or("latest");
    let is_digest = image.tag.is_none() && image.digest.is_some();
    let is_alpine = tag.contains("alpine");
    if tag.contains("windows") || tag.contains("nanoserver") {
        return None;
    }
    if image.registry.as_deref() == Some("mcr.microsoft.com") {
        let is_runtime = ["dotnet/aspnet", "dotnet/runtime", "dotnet/runtime-deps"]
            .contains(&image.repository.as_str());
        return is_runtime.then_some(if is_alpine { &[Wget] } else { &[] });
    }
    if image.repository == "scratch" || image.repository.starts_with("distroless/") {
        return Some(&[]);
    }
    if image.repository == "astral-sh/uv" && tag.starts_with("python") {
        return Some(if is_alpine {
            &[Wget, Python]
        } else {
            &[Python]
        });
    }
    let of_image = |row: &&Row| row.images.iter().any(|name| image.is(name));
    let row = IMAGES.iter().find(of_image)?;
    match () {
        () if is_digest => row.digest,
        () if is_alpine => row.alpine,
        () if tag.contains("slim") => row.slim,
        () => row.full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_family() {
        let table: [(&str, Option<&[Program]>); 24] = [
            ("python:3.12-slim", Some(&[Python])),
            ("python", Some(&[Curl, Wget, Python])),
            ("docker.io/library/node:22-alpine3.20", Some(&[Wget, Node])),
            ("node:22-bookworm-slim", Some(&[Node])),
            ("node:22", Some(&[Curl, Wget, Node])),
            ("node@sha256:0", Some(&[Node])),
            ("golang:1.25", Some(&[Curl, Wget])),
            ("golang@sha256:0", None),
            ("rust:1-slim", Some(&[])),
            ("rust:1-alpine", Some(&[Wget])),
            ("php:8-fpm", Some(&[Php])),
            ("oven/bun:1-alpine", Some(&[Wget, Bun])),
            ("nginx:1.29", None),
            ("nginx:1.29-alpine", Some(&[Wget])),
            ("alpine:3", Some(&[Wget])),
            ("debian:12-slim", Some(&[])),
            ("scratch", Some(&[])),
            ("gcr.io/distroless/static-debian12", Some(&[])),
            ("mcr.microsoft.com/dotnet/aspnet:8.0", Some(&[])),
            ("ghcr.io/example/api:1-alpine", None),
            ("bitnami/node:22", None),
            ("eclipse-temurin:21-jre", None),
            ("eclipse-temurin:21-jre-alpine", Some(&[Wget])),
            ("python:3-windowsservercore", None),
        ];
        for (image, programs) in table {
            assert_eq!(of_base(&ImageRef::parse(image)), programs, "{image}");
        }
    }
}
