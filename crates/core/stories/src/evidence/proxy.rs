//! Configurations of reverse proxies: to which service, port and path they send requests.
//!
//! A file counts that a service mounts, takes as a `config`, or that its Dockerfile copies into the
//! image. Of a folder those are looked at that proxies usually have there.

use compose_model::{Service, Value};

use super::said::{Said, Subject};
use crate::context::Context;
use crate::stack::{build_file, dockerfile_path};

/// The files of proxies in a folder, as they are usually called.
const IN_FOLDERS: [&str; 9] = [
    "default.conf",
    "default.conf.template",
    "nginx.conf",
    "app.conf",
    "Caddyfile",
    "traefik.yml",
    "dynamic.yml",
    "dynamic.yaml",
    "haproxy.cfg",
];

/// Ends of the names of configurations.
const ENDS: [&str; 7] = [
    ".conf",
    ".conf.template",
    ".cfg",
    ".yml",
    ".yaml",
    ".toml",
    "Caddyfile",
];

/// Where proxies look for their configuration.
const TARGETS: [&str; 6] = [
    "/etc/nginx",
    "/etc/caddy",
    "/etc/traefik",
    "/usr/local/etc/haproxy",
    "/usr/local/apache2/conf",
    "/etc/haproxy",
];

/// The files of the checkout that may configure a service as a proxy, relative to the root; some
/// may not be there.
#[must_use]
pub fn proxy_files(cx: &Context<'_>, service: Service<'_>) -> Vec<String> {
    let mounted = mounted(cx, service).chain(configs(cx, service));
    let mut all: Vec<String> = mounted.chain(copied(cx, service)).collect();
    all.sort();
    all.dedup();
    all
}

fn mounted<'a>(cx: &'a Context<'_>, service: Service<'a>) -> impl Iterator<Item = String> + 'a {
    let mounts = service.get("volumes").and_then(Value::as_list);
    let paths = mounts.into_iter().flatten().filter_map(move |mount| {
        let text = |key: &str| {
            let value = mount.get(key)?;
            Some(cx.expand_from_files(value.as_str()?, value))
        };
        let (source, target) = (text("source")?, text("target")?);
        let is_read = TARGETS.iter().any(|own| target.starts_with(own));
        let source =
            inside(&source).filter(|_| is_read && text("type").as_deref() == Some("bind"))?;
        Some(files_at(&source))
    });
    paths.flatten()
}

/// A file itself, else what a folder usually has.
fn files_at(path: &str) -> Vec<String> {
    if ENDS.iter().any(|end| path.ends_with(end)) {
        return vec![path.to_owned()];
    }
    let within = IN_FOLDERS.iter();
    within.map(|name| format!("{path}/{name}")).collect()
}

fn configs<'a>(cx: &'a Context<'_>, service: Service<'a>) -> impl Iterator<Item = String> + 'a {
    let own = service.get("configs").and_then(Value::as_list);
    own.into_iter().flatten().filter_map(move |config| {
        let source = config.get("source").unwrap_or(config).as_str()?;
        let file = cx.view.root().get("configs")?.get(source)?.get("file")?;
        inside(&cx.expand_from_files(file.as_str()?, file))
    })
}

/// What the Dockerfile of the service copies to where proxies look.
fn copied(cx: &Context<'_>, service: Service<'_>) -> Vec<String> {
    let text = dockerfile_path(cx, service).and_then(|path| cx.stack.texts.get(&path));
    let lines = text.into_iter().flat_map(|text| text.lines());
    let mut all = Vec::new();
    for line in lines {
        let words: Vec<_> = line.split_whitespace().collect();
        let ["COPY" | "ADD" | "copy" | "add", sources @ .., target] = words.as_slice() else {
            continue;
        };
        if !TARGETS.iter().any(|own| target.starts_with(own)) {
            continue;
        }
        let of_context = !sources.iter().any(|word| word.starts_with("--from"));
        let sources = sources.iter().filter(|word| !word.starts_with("--"));
        let paths = sources.filter_map(|source| build_file(cx, service, source));
        all.extend(
            paths
                .filter(|_| of_context)
                .flat_map(|path| files_at(&path)),
        );
    }
    all
}

/// A path of the checkout without `./`; none for one elsewhere.
fn inside(path: &str) -> Option<String> {
    let is_elsewhere = path.starts_with(['/', '~']) || path.contains('$') || path.contains("..");
    let plain = path.trim_start_matches("./").trim_end_matches('/');
    (!is_elsewhere && !plain.is_empty()).then(|| plain.to_owned())
}

/// The lines by which the other services of the stack send requests on.
pub(super) fn proxied(subject: &Subject<'_>) -> Vec<Said> {
    subject.beside().iter().flat_map(lines).collect()
}

/// The lines of the configurations of a service, without comments.
fn lines(subject: &Subject<'_>) -> Vec<Said> {
    let cx = &subject.cx;
    let mut all = Vec::new();
    for path in proxy_files(cx, subject.service) {
        let text = cx.stack.texts.get(&path).map_or("", String::as_str);
        let name = path.rsplit('/').next().unwrap_or(&path);
        let lines = text.lines().enumerate().map(|(number, line)| Said {
            name: name.to_owned(),
            value: line
                .split(" #")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned(),
            at: format!("{path}:{}:1", number + 1),
        });
        // Who is asked over FastCGI is asked nothing over HTTP.
        let is_http = |line: &str| !text.contains("fastcgi_pass") || line.contains("proxy_pass");
        let is_said = |said: &Said| !said.value.starts_with('#') && is_http(&said.value);
        all.extend(lines.filter(is_said));
    }
    all
}

/// Whether a line begins a group of servers of a name: `upstream backend {`.
pub(super) fn is_group(line: &str, name: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || c == '{');
    words.next() == Some("upstream") && words.next() == Some(name)
}

/// The ports behind a service's name in a line: `server api:3000;`, `reverse_proxy api:3000`.
pub(super) fn ports(line: &str, names: &[String]) -> Vec<u32> {
    let words = line.split(|c: char| c.is_whitespace() || ";,\"'`[]{}()".contains(c));
    let found = words.filter_map(|word| {
        let word = word.rsplit("://").next()?;
        let word = word.split('/').next()?;
        let (host, port) = word.split_once(':')?;
        let is_own = names.iter().any(|name| name == host);
        port.parse().ok().filter(|_| is_own)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Grade, health_path, port};
    use super::*;
    use crate::{Layout, Stack};

    const COMPOSE: &str = "services:
  backend:
    build: ./backend
  edge:
    image: nginx:1.29
    volumes: [\"./edge:/etc/nginx/conf.d:ro\"]
  caddy:
    image: caddy:2
    configs: [routes]
  front:
    build: ./front
configs:
  routes: { file: ./caddy/Caddyfile }
";

    /// What is found of the backend where these files are there: its port, and its path.
    fn found(files: &[(&str, &str)]) -> (Option<u32>, Option<String>, Vec<String>) {
        let document = compose_edit::Document::parse(COMPOSE).unwrap();
        let layout = "environments: { local: { files: [compose.yaml] } }\n";
        let layout = Layout::parse("stack.yaml", layout).unwrap();
        let mut stack = Stack::new(layout, [("compose.yaml".to_owned(), document)].into()).unwrap();
        let texts = files.iter();
        stack.texts = texts
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect::<BTreeMap<_, _>>();
        let cx = Context::new(&stack, "local");
        let subject = Subject::of(&cx, cx.view.service("backend").unwrap());
        let port = port::of(&subject, 1);
        let path = health_path::of(&subject, "/none");
        let sources = port.sources.iter().map(ToString::to_string).collect();
        let is_found = |grade: Grade| grade == Grade::Found;
        (
            is_found(port.grade).then_some(port.value),
            is_found(path.grade).then_some(path.value),
            sources,
        )
    }

    #[test]
    fn where_a_proxy_sends_requests_is_found() {
        let nginx = "upstream app {\n  # server backend:9999;\n  server backend:8000;\n}\n";
        assert_eq!(
            found(&[("edge/default.conf", nginx)]),
            (
                Some(8000),
                None,
                vec!["default.conf (edge/default.conf:3:1)".to_owned()]
            )
        );
        let table = [
            (
                "edge/nginx.conf",
                "location /api { proxy_pass http://backend:4000/; }\nlocation /up { proxy_pass http://backend:4000/healthz; }\n",
                Some(4000),
                Some("/healthz"),
            ),
            (
                "caddy/Caddyfile",
                "shop.example\nreverse_proxy backend:5000\n",
                Some(5000),
                None,
            ),
            (
                "edge/default.conf",
                "proxy_pass http://backend;\n",
                Some(80),
                None,
            ),
            (
                "edge/default.conf",
                "proxy_pass http://backendx:1;\n",
                None,
                None,
            ),
            (
                "edge/default.conf",
                "upstream backend {\n  server backend:8000;\n}\nproxy_pass http://backend;\n",
                Some(8000),
                None,
            ),
            (
                "edge/default.conf",
                "upstream php {\n  server backend:9000;\n}\nfastcgi_pass php;\n",
                None,
                None,
            ),
            (
                "edge/default.conf",
                "set $u http://${BACKEND}:3;\n",
                None,
                None,
            ),
            (
                "other/default.conf",
                "proxy_pass http://backend:8000;\n",
                None,
                None,
            ),
        ];
        for (file, text, port, path) in table {
            let (found_port, found_path, _) = found(&[(file, text)]);
            assert_eq!((found_port, found_path.as_deref()), (port, path), "{text}");
        }
    }

    #[test]
    fn what_an_image_is_built_with_counts_too() {
        let dockerfile = "FROM node AS build\nFROM nginx:1.29\nCOPY --from=build /app/dist /usr/share/nginx/html\nCOPY nginx/site.conf /etc/nginx/conf.d/default.conf\n";
        let files = [
            ("front/Dockerfile", dockerfile),
            (
                "front/nginx/site.conf",
                "proxy_pass http://backend:7000/;\n",
            ),
        ];
        assert_eq!(found(&files).0, Some(7000));
    }
}
