//! The files that stories come and go on, each a checkout of one environment.

use std::path::{Path, PathBuf};

use compose_edit::Document;
use compose_model::{Files, Service, Value};
use stories::{Catalog, EnvironmentFiles, Layout, Stack};

/// The name under which each file stands in its checkout.
pub const FILE: &str = "docker-compose.yml";

pub fn catalog() -> Catalog {
    let folder = root().join("compose/stories");
    let texts: Vec<_> = texts(&folder)
        .into_iter()
        .map(|(name, text)| (format!("compose/stories/{name}"), text))
        .collect();
    Catalog::new(&[], &texts).unwrap()
}

pub fn files() -> Vec<(String, String)> {
    let own = std::env::var_os("COMPOSE_CORPUS")
        .map_or_else(|| root().join("../shared/corpus"), PathBuf::from);
    let folders = [own, root().join("corpus"), root().join("compose")];
    texts(folders.iter().find(|folder| folder.is_dir()).unwrap())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn texts(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let yaml = entries.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yml" || extension == "yaml")
    });
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut texts: Vec<_> = yaml
        .map(|path| (name(&path), std::fs::read_to_string(&path).unwrap()))
        .collect();
    texts.sort();
    texts
}

/// The checkout of a file; none where the file alone is no model.
pub fn stack(text: &str) -> Option<Stack> {
    let files = Files::from_iter([(FILE.to_owned(), Document::parse(text).ok()?)]);
    let environment = EnvironmentFiles {
        files: vec![FILE.to_owned()],
        env_files: Vec::new(),
    };
    let mut layout = Layout::default();
    layout.environments.insert("local".to_owned(), environment);
    let plain = Stack::new(layout.clone(), files.clone()).ok()?;
    let services: Vec<Service<'_>> = plain.view("local").services().collect();
    // Whoever is waited for is the backend, so that as many stories as can be apply.
    let waits_for =
        |service: &Service<'_>| Some(service.get("depends_on")?.as_map()?.keys().next()?.clone());
    let pair = services
        .iter()
        .find_map(|service| Some((service.name.to_owned(), waits_for(service)?)));
    let (frontend, backend) =
        pair.or_else(|| Some((services.last()?.name.into(), services.first()?.name.into())))?;
    layout.roles.extend([
        ("frontend".to_owned(), frontend),
        ("backend".to_owned(), backend),
    ]);
    let mut stack = Stack::new(layout, files).ok()?;
    stack.accept_guesses();
    Some(stack)
}

pub fn text(stack: &Stack) -> &str {
    stack.files[FILE].text()
}

/// Where two checkouts say different things. Nothing and an empty collection are the same.
pub fn differences(before: &Stack, after: &Stack) -> Vec<String> {
    let found =
        stories::proof::differences(before.view("local").root(), after.view("local").root());
    let is_empty = |value: &Value| {
        value.as_map().is_some_and(|map| map.is_empty())
            || value.as_list().is_some_and(<[Value]>::is_empty)
    };
    let told = found
        .iter()
        .filter(|found| !after.view("local").get(&found.path).is_some_and(is_empty));
    told.map(ToString::to_string).collect()
}
