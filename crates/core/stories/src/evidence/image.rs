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

/// The programs of an image, where it is a well-known one; by the Dockerfiles of the official
/// images: their full variants are made from `buildpack-deps`, which has curl and wget, `slim` ones
/// from bare Debian, and Alpine's BusyBox brings wget.
fn of_base(image: &ImageRef) -> Option<&'static [Program]> {
    let tag = image.tag.as_deref().unwrap_or(if image.digest.is_some() {
        "?"
    } else {
        "latest"
    });
    let is_alpine = tag.contains("alpine");
    let is_slim = tag.contains("slim") || tag == "?";
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
    let is = |name: &str| image.is(name);
    let own: &[Program] = match () {
        () if is("alpine") || is("busybox") => return Some(&[Wget]),
        () if is("debian") || is("ubuntu") => return Some(&[]),
        () if is("buildpack-deps") => return Some(&[Curl, Wget]),
        () if is("node") => match (is_alpine, is_slim) {
            (true, _) => &[Wget, Node],
            (_, true) => &[Node],
            _ => &[Curl, Wget, Node],
        },
        () if is("python") => match (is_alpine, is_slim) {
            (true, _) => &[Wget, Python],
            (_, true) => &[Python],
            _ => &[Curl, Wget, Python],
        },
        () if is("ruby") => match (is_alpine, is_slim) {
            (true, _) => &[Wget, Ruby],
            (_, true) => &[Ruby],
            _ => &[Curl, Wget, Ruby],
        },
        () if is("golang") && !is_alpine && tag != "?" => &[Curl, Wget],
        () if is("rust") && !is_alpine && tag != "?" => {
            if is_slim {
                &[]
            } else {
                &[Curl, Wget]
            }
        }
        () if is("php") => {
            if is_alpine {
                &[Wget, Php]
            } else {
                &[Php]
            }
        }
        () if is("oven/bun") => {
            if is_alpine {
                &[Wget, Bun]
            } else {
                &[Bun]
            }
        }
        () if is_alpine && OFFICIAL_ON_ALPINE.iter().any(|name| is(name)) => &[Wget],
        () => return None,
    };
    Some(own)
}

/// Other official images whose variant for Alpine is a whole Alpine.
const OFFICIAL_ON_ALPINE: [&str; 11] = [
    "golang",
    "rust",
    "nginx",
    "httpd",
    "caddy",
    "traefik",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "haproxy",
    "amazoncorretto",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_family() {
        let table: [(&str, Option<&[Program]>); 16] = [
            ("python:3.12-slim", Some(&[Python])),
            ("python", Some(&[Curl, Wget, Python])),
            ("docker.io/library/node:22-alpine3.20", Some(&[Wget, Node])),
            ("node:22-bookworm-slim", Some(&[Node])),
            ("node:22", Some(&[Curl, Wget, Node])),
            ("node@sha256:0", Some(&[Node])),
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
