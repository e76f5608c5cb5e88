//! What a service does, as its files show it; each sign with its place.

use compose_model::{Service, Value};

use super::super::{Source, Subject, other_images, port, proxy};
use crate::context::Context;

/// Beginnings of variables that end up in a page.
const VARIABLES_OF_PAGES: [&str; 6] = [
    "VITE_",
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "REACT_APP_",
    "VUE_APP_",
    "EXPO_PUBLIC_",
];

/// Commands that build or serve a page, as they stand in a script.
const TOOLS_OF_PAGES: [&str; 15] = [
    "vite",
    "next dev",
    "next start",
    "next build",
    "nuxt dev",
    "nuxt build",
    "nuxt start",
    "react-scripts",
    "vue-cli-service",
    "ng serve",
    "ng build",
    "astro dev",
    "astro build",
    "serve -s",
    "svelte-kit",
];

/// Servers of files, which a page is put into.
const SERVERS_OF_FILES: [&str; 4] = ["nginx", "httpd", "caddy", "nginxinc/nginx-unprivileged"];

pub(super) fn built(subject: &Subject<'_>) -> Option<Source> {
    let build = subject
        .service
        .get("build")
        .filter(|build| !build.is_null())?;
    Some(Source::new("built here", subject.cx.locate(build)))
}

pub(super) fn listens(subject: &Subject<'_>) -> Option<Source> {
    let claim = port::said_by_itself(subject).into_iter().next()?;
    let port = claim.values.first()?;
    let what = format!("port {port} in {}", claim.source.what);
    Some(Source::new(what, claim.source.at))
}

/// A health check over HTTP.
pub(super) fn check(subject: &Subject<'_>) -> Option<Source> {
    let checks = subject.other_checks();
    let over_http = checks
        .into_iter()
        .find(|check| check.value.contains("http"))?;
    Some(Source::new(over_http.name, over_http.at))
}

/// A datastore that it starts after, or that its variables name.
pub(super) fn store(subject: &Subject<'_>) -> Option<Source> {
    let services = subject.cx.view.services();
    let stores: Vec<_> = services
        .filter(|other| {
            other.name != subject.service.name && other_images::is_store(&subject.cx, *other)
        })
        .map(|other| other.name)
        .collect();
    stores.into_iter().find_map(|store| {
        let after = depends_on(subject, store);
        after.or_else(|| {
            let names = |value: &str| {
                let mut words =
                    value.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
                words.any(|word| word == store)
            };
            let variables = subject.environment();
            let said = variables.into_iter().find(|said| names(&said.value))?;
            Some(Source::new(format!("{} names {store}", said.name), said.at))
        })
    })
}

/// Whether it serves files and may hold a page: one of the stack's own, or one that is put in.
pub(super) fn may_serve_files(cx: &Context<'_>, service: Service<'_>) -> bool {
    let image = cx.image(service);
    image.is_some_and(|image| SERVERS_OF_FILES.iter().any(|own| image.is(own)))
        && mounted_page(cx, service).is_some()
}

/// Files that are put where such servers look for a page.
fn mounted_page(cx: &Context<'_>, service: Service<'_>) -> Option<Source> {
    let volumes = service.get("volumes")?.as_list()?;
    volumes.iter().find_map(|volume| {
        let target = match volume.get("target") {
            Some(target) => target.scalar_text()?,
            None => volume.scalar_text()?,
        };
        let folders = ["/usr/share/nginx/html", "/usr/local/apache2/htdocs", "/srv"];
        let is_page = folders.iter().any(|folder| {
            let mut parts = target.split(':');
            parts.any(|part| part == *folder || part.starts_with(&format!("{folder}/")))
        });
        is_page.then(|| Source::new("serves files", cx.locate(volume)))
    })
}

pub(super) fn page(subject: &Subject<'_>) -> Option<Source> {
    if let Some(mounted) = mounted_page(&subject.cx, subject.service) {
        return Some(mounted);
    }
    let is_of_page = |name: &str| VARIABLES_OF_PAGES.iter().any(|own| name.starts_with(own));
    let variables = subject.own_variables_and_arguments();
    if let Some(said) = variables.into_iter().find(|said| is_of_page(&said.name)) {
        return Some(Source::new(said.name, said.at));
    }
    let serves = |words: &str| TOOLS_OF_PAGES.into_iter().find(|tool| runs(words, tool));
    for words in subject.command_line() {
        if let Some(tool) = serves(&words.words.join(" ")) {
            return Some(Source::new(tool, words.source.at));
        }
    }
    let build = subject.build()?;
    for run in build.all("RUN") {
        if let Some(tool) = serves(&run.text) {
            return Some(Source::new(tool, subject.at(run)));
        }
    }
    let base = subject.base()?;
    let is_server = SERVERS_OF_FILES.iter().any(|own| base.is(own));
    let copied = build.all("COPY").find(|copy| !copy.text.contains(".conf"));
    let copied = copied.filter(|_| is_server)?;
    let what = format!("files in {}", base.repository);
    Some(Source::new(what, subject.at(copied)))
}

/// Whether a script runs a command: it stands there as words of its own.
fn runs(script: &str, command: &str) -> bool {
    let is_edge =
        |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
    script.match_indices(command).any(|(at, found)| {
        let (before, after) = (&script[..at], &script[at + found.len()..]);
        is_edge(before.chars().next_back()) && is_edge(after.chars().next())
    })
}

/// That a service names another one as one to talk to, or starts after it. The first says more: a
/// story may have brought the second.
pub(super) fn call(subject: &Subject<'_>, name: &str) -> Option<Source> {
    let names = |value: &str| {
        let mut found = value.match_indices(name);
        found.any(|(at, _)| {
            let (before, after) = (&value[..at], &value[at + name.len()..]);
            let is_host = before.ends_with("://") || before.is_empty() || before.ends_with('@');
            let is_port = after
                .strip_prefix(':')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let ends = after.is_empty() || after.starts_with('/');
            before.ends_with("://") && (ends || is_port) || is_host && is_port
        })
    };
    let variables = subject.environment().into_iter();
    let mut said = variables.chain(subject.own_variables_and_arguments());
    let said = said.find(|said| names(&said.value));
    let named = said.map(|said| Source::new(format!("{} names {name}", said.name), said.at));
    named.or_else(|| depends_on(subject, name))
}

/// That a proxy sends requests to it.
pub(super) fn proxied(subject: &Subject<'_>) -> Option<Source> {
    let names = subject.names();
    let sends = |line: &str| {
        let words = line.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
        let is_pass = ["proxy", "server ", "url", "http://"]
            .into_iter()
            .any(|word| line.contains(word));
        is_pass
            && words
                .into_iter()
                .any(|word| names.iter().any(|name| name == word))
    };
    let said = proxy::proxied(subject)
        .into_iter()
        .find(|said| sends(&said.value))?;
    Some(Source::new(format!("{} names it", said.name), said.at))
}

fn depends_on(subject: &Subject<'_>, name: &str) -> Option<Source> {
    let entries = subject.service.get("depends_on")?;
    let entry: &Value = entries.get(name)?;
    Some(Source::new(
        format!("starts after {name}"),
        subject.cx.locate(entry),
    ))
}
