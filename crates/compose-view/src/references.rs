//! Which other files a file names.

use std::sync::Arc;

use compose_edit::Document;

use crate::budget::Budget;
use crate::decode::decode;
use crate::{Value, include, paths};

/// The files that a file's `extends` and `include` name, relative to the checkout's root like `path` itself, each once.
///
/// Good for loading most of an environment in one go. It takes the file's own folder for the project directory, which a
/// file that is included with a `project_directory`, or an override in another folder, does not have;
/// [`View::resolve`](crate::View::resolve) knows better and names what is still missing, one file at a time. Env files
/// of an `include` are not among them: they are no YAML, and the view leaves variables as they are.
#[must_use]
pub fn references(path: &str, document: &Document) -> Vec<String> {
    let mut budget = Budget::new();
    let file = Arc::from(path);
    let mut found: Vec<String> = Vec::new();
    for root in document.documents() {
        let Ok(decoded) = decode(root, &file, &mut budget) else { continue };
        for named in extended(&decoded.value).chain(included(&decoded.value)) {
            let named = paths::join(paths::folder(path), named);
            if !found.contains(&named) {
                found.push(named);
            }
        }
    }
    found
}

fn extended(model: &Value) -> impl Iterator<Item = &str> {
    let services = model.get("services").and_then(Value::as_map).into_iter().flat_map(|services| services.values());
    services.filter_map(|service| service.get("extends")?.get("file")?.as_str())
}

fn included(model: &Value) -> impl Iterator<Item = &str> {
    let items = model.get("include").and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(include::files_of).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_names_its_files_once() {
        let text = "
include: [a.yml, {path: [b.yml, ../c.yml]}, a.yml]
services:
  web: {extends: {file: ./common/base.yml, service: web}}
  api: {extends: web}
";
        let document = Document::parse(text).unwrap();
        assert_eq!(
            references("deploy/compose.yml", &document),
            ["deploy/common/base.yml", "deploy/a.yml", "deploy/b.yml", "c.yml"]
        );
    }
}
