//! What a service says of itself: its variables, labels, words of its command and its image's
//! Dockerfile, each with the place.

use std::collections::BTreeMap;

use compose_model::{EnvFile, ImageRef, Service, Value};

use super::Source;
use super::dockerfile::{Build, Dockerfile, Instruction, expand};
use crate::context::Context;
use crate::stack::dockerfile_path;

/// What a Dockerfile's stage is built upon, and what it sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltOn {
    /// The image of the lowest stage, its build arguments replaced.
    pub image: String,
    /// What `ENV` sets in all stages above it.
    pub environment: BTreeMap<String, String>,
}

/// A service that is looked at, with the Dockerfile that builds it where one was read.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(super) cx: Context<'a>,
    pub(super) service: Service<'a>,
    build: Option<Build>,
    /// The Dockerfile, or where it stands inline.
    file: String,
}

/// A name and its value, at a place.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) at: String,
}

/// Words of a command, at a place.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
    pub(super) source: Source,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(cx: &Context<'a>, service: Service<'a>) -> Self {
        let cx = *cx;
        let (file, build) = built(&cx, service).unzip();
        Self {
            cx,
            service,
            build: build.flatten(),
            file: file.unwrap_or_default(),
        }
    }

    /// What its Dockerfile's stage says.
    pub(super) fn build(&self) -> Option<&Build> {
        self.build.as_ref()
    }

    /// The image that it runs, or that its Dockerfile builds upon.
    pub(super) fn base(&self) -> Option<ImageRef> {
        match &self.build {
            Some(build) => (!build.base.contains('$')).then(|| ImageRef::parse(&build.base)),
            None if self.service.get("build").is_some() => None,
            None => self
                .cx
                .image(self.service)
                .filter(|image| image.unset.is_empty()),
        }
    }

    /// What it is built upon; none where it is not built, or not known.
    pub(crate) fn built_on(&self) -> Option<BuiltOn> {
        let build = self
            .build
            .as_ref()
            .filter(|build| !build.base.contains('$'))?;
        Some(BuiltOn {
            image: build.base.clone(),
            environment: build.environment.clone(),
        })
    }

    /// The place of an instruction.
    pub(super) fn at(&self, instruction: &Instruction) -> String {
        self.at_line(instruction.line)
    }

    /// The place of a line of the Dockerfile; of one that is inline, where that stands.
    pub(super) fn at_line(&self, line: usize) -> String {
        if self.file.contains(':') {
            self.file.clone()
        } else {
            format!("{}:{line}:1", self.file)
        }
    }

    /// The health check that its own Dockerfile gives the image.
    pub(crate) fn image_check(&self) -> Option<Source> {
        let check = self.build()?.check()?;
        Some(Source::new("HEALTHCHECK", self.at(check)))
    }

    /// The variables of the container, each once: `environment` before env files before the image.
    pub(super) fn environment(&self) -> Vec<Said> {
        let mut all: Vec<Said> = Vec::new();
        let files = self.env_files();
        let image = self.image_environment();
        for said in self.own_environment().into_iter().chain(files).chain(image) {
            if !all.iter().any(|known| known.name == said.name) {
                all.push(said);
            }
        }
        all
    }

    /// The variables that it gives itself and those that it is built with.
    pub(super) fn own_variables_and_arguments(&self) -> Vec<Said> {
        let arguments = self
            .service
            .get("build")
            .and_then(|build| build.get("args"));
        let own = self.own_environment().into_iter();
        own.chain(self.entries(arguments)).collect()
    }

    fn own_environment(&self) -> Vec<Said> {
        self.entries(self.service.get("environment"))
    }

    fn env_files(&self) -> Vec<Said> {
        let mut all = Vec::new();
        for path in env_files(&self.cx, self.service).iter().rev() {
            let stack = self.cx.stack;
            let parsed = stack.env_files().get(path).cloned();
            let parsed = parsed.or_else(|| Some(EnvFile::parse(stack.texts.get(path)?)));
            let entries = parsed.iter().flat_map(EnvFile::entries).rev();
            all.extend(entries.map(|entry| Said {
                name: entry.key.clone(),
                value: entry.value.clone(),
                at: format!("{path}:{}:1", entry.line),
            }));
        }
        all
    }

    fn image_environment(&self) -> Vec<Said> {
        let Some(build) = self.build() else {
            return Vec::new();
        };
        let said = |(name, value): (&String, &String)| {
            let own = build
                .all("ENV")
                .filter(|own| own.text.contains(name.as_str()))
                .last()?;
            Some(Said {
                name: name.clone(),
                value: value.clone(),
                at: self.at(own),
            })
        };
        build.environment.iter().filter_map(said).collect()
    }

    /// Its labels, those of `deploy` among them.
    pub(super) fn labels(&self) -> Vec<Said> {
        let deploy = self
            .service
            .get("deploy")
            .and_then(|deploy| deploy.get("labels"));
        let own = self.entries(self.service.get("labels"));
        own.into_iter().chain(self.entries(deploy)).collect()
    }

    fn entries(&self, map: Option<&Value>) -> Vec<Said> {
        let entries = map.and_then(Value::as_map).into_iter().flatten();
        let said = |(name, value): (&String, &Value)| {
            Some(Said {
                name: self.cx.expand_from_files(name, value),
                value: self.text(value)?,
                at: self.cx.locate(value),
            })
        };
        entries.filter_map(said).collect()
    }

    /// A scalar with its variables replaced; none for null.
    pub(super) fn text(&self, value: &Value) -> Option<String> {
        let text = value.scalar_text().filter(|_| !value.is_null())?;
        Some(self.cx.expand_from_files(&text, value))
    }

    /// The words that it is started with: its own before the image's, which they replace.
    pub(super) fn command_line(&self) -> Vec<Words> {
        let own = |key: &str| self.service.get(key).filter(|value| !value.is_null());
        let of_image = |keyword| {
            let said = self.build()?.all(keyword).last()?;
            Some((said.text.clone(), Source::new(keyword, self.at(said))))
        };
        let mut said: Vec<(String, Source)> = Vec::new();
        let parts = [("entrypoint", "ENTRYPOINT"), ("command", "CMD")];
        for (key, keyword) in parts {
            let is_replaced = keyword == "CMD" && own("entrypoint").is_some();
            match own(key) {
                Some(value) => {
                    said.push((self.joined(value), Source::new(key, self.cx.locate(value))))
                }
                None if is_replaced => {}
                None => said.extend(of_image(keyword)),
            }
        }
        let known: BTreeMap<_, _> = self
            .environment()
            .into_iter()
            .map(|own| (own.name, own.value))
            .collect();
        let words = |(text, source): (String, Source)| Words {
            words: words(&expand(&text, &known)),
            source,
        };
        said.into_iter().map(words).collect()
    }

    fn joined(&self, value: &Value) -> String {
        let items = value
            .as_list()
            .map(|items| items.iter().filter_map(|item| self.text(item)));
        match items {
            Some(items) => items.collect::<Vec<_>>().join(" "),
            None => self.text(value).unwrap_or_default(),
        }
    }

    /// The names that others reach it by.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![self.service.name.to_owned()];
        let single = ["container_name", "hostname"].map(|key| self.service.get(key));
        names.extend(
            single
                .into_iter()
                .flatten()
                .filter_map(|value| self.text(value)),
        );
        let networks = self
            .service
            .get("networks")
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        let aliases = networks.filter_map(|(_, network)| network.get("aliases")?.as_list());
        names.extend(aliases.flatten().filter_map(|alias| self.text(alias)));
        names
    }

    /// The other services, without what builds them.
    pub(super) fn beside(&self) -> Vec<Self> {
        let services = self.cx.view.services();
        let others = services.filter(|own| own.name != self.service.name);
        let subject = |service| Self {
            cx: self.cx,
            service,
            build: None,
            file: String::new(),
        };
        others.map(subject).collect()
    }

    /// The texts of the other services in which URLs may stand.
    pub(super) fn others(&self) -> Vec<Said> {
        let mut all = Vec::new();
        for other in self.beside() {
            all.extend(other.own_environment());
            all.extend(other.env_files());
            all.extend(other.labels());
            all.extend(["command", "entrypoint"].into_iter().filter_map(|key| {
                let value = other.service.get(key).filter(|value| !value.is_null())?;
                Some(Said {
                    name: key.to_owned(),
                    value: other.joined(value),
                    at: self.cx.locate(value),
                })
            }));
        }
        all
    }

    /// Health checks that are written for it elsewhere: in another environment, in another stage.
    pub(super) fn other_checks(&self) -> Vec<Said> {
        let mut all = Vec::new();
        for environment in self.cx.stack.layout.environments.keys() {
            let cx = Context::new(self.cx.stack, environment);
            let test = cx
                .view
                .service(self.service.name)
                .and_then(|service| service.get("healthcheck")?.get("test"));
            all.extend(test.map(|test| Said {
                name: "healthcheck".to_owned(),
                value: self.joined(test),
                at: cx.locate(test),
            }));
        }
        all.extend(self.build().into_iter().flat_map(|build| {
            build.other_checks.iter().map(|check| Said {
                name: "HEALTHCHECK".to_owned(),
                value: check.text.clone(),
                at: self.at(check),
            })
        }));
        all
    }
}

/// The words of a command, those that it gives to a shell or as JSON among them.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ';' | '&'))
        .map(|word| word.trim_end_matches(']'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The Dockerfile of a service, and what building it comes to.
fn built(cx: &Context<'_>, service: Service<'_>) -> Option<(String, Option<Build>)> {
    let build = service.get("build")?;
    let (file, text) = match build.get("dockerfile_inline") {
        // Compose takes `$$` for the `$` of the Dockerfile.
        Some(inline) => (
            cx.locate(inline),
            cx.expand_from_files(inline.as_str()?, inline),
        ),
        None => {
            let path = dockerfile_path(cx, service)?;
            let text = cx.stack.texts.get(&path)?.clone();
            (path, text)
        }
    };
    let target = build.get("target").and_then(|target| {
        Some(cx.expand_from_files(&target.scalar_text()?, target))
            .filter(|target| !target.is_empty())
    });
    let entries = build
        .get("args")
        .and_then(Value::as_map)
        .into_iter()
        .flatten();
    let arguments = entries
        .filter(|(_, value)| !value.is_null())
        .filter_map(|(name, value)| {
            Some((
                name.clone(),
                cx.expand_from_files(&value.scalar_text()?, value),
            ))
        })
        .collect();
    Some((
        file,
        Dockerfile::parse(&text).build(target.as_deref(), &arguments),
    ))
}

/// The env files that a service names, relative to the checkout's root; those outside are left
/// out.
#[must_use]
pub fn env_files(cx: &Context<'_>, service: Service<'_>) -> Vec<String> {
    let entries = service
        .get("env_file")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let path = |entry: &Value| {
        let path = entry.get("path")?;
        let path = cx.expand_from_files(path.as_str()?, path);
        let path = path.trim_start_matches("./");
        (!path.contains('$') && !path.is_empty()).then(|| path.to_owned())
    };
    entries.iter().filter_map(path).collect()
}
