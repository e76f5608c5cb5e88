//! `include`: other projects' models beside the document's own.

use indexmap::IndexMap;

use crate::budget::DEPTH;
use crate::load::{Loader, Project};
use crate::problem::{Outcome, Problem};
use crate::variables::Scope;
use crate::{Data, Origin, Value, paths, references};

/// What an `include` brings along.
const SECTIONS: [&str; 6] = [
    "services", "volumes", "networks", "secrets", "configs", "models",
];

impl Loader<'_> {
    /// Adds what a document includes to it.
    pub(crate) fn include_all(
        &mut self,
        document: &mut Value,
        path: &str,
        project: &Project<'_>,
    ) -> Outcome<()> {
        let Data::Map(entries) = &mut document.data else {
            return Ok(());
        };
        let Some(include) = entries.shift_remove("include") else {
            return Ok(());
        };
        let Data::List(items) = include.data else {
            return Err(Problem::rejected(
                &include.origin,
                "`include` must be a list",
            ));
        };
        for item in &items {
            let included = included_project(item, path, project)?;
            let model = self.included(item, &included, &project.directory)?;
            import(model, entries, &item.origin)?;
        }
        Ok(())
    }
}

impl Loader<'_> {
    /// The model of an included project, whose texts see the variables of its own env files too.
    fn included(
        &mut self,
        item: &Value,
        included: &Project<'_>,
        outer_directory: &str,
    ) -> Outcome<Value> {
        let outer = self.scope;
        let env_files = references::env_files(item, outer_directory, &included.directory);
        let named_at = env_files.are_named.then(|| item.origin.clone());
        let scope = Scope {
            outer,
            env_files: env_files.paths,
            named_at,
        };
        if let Some(interpolation) = &mut self.interpolation {
            interpolation.enter(&scope);
        }
        self.scope = self.scopes.add(scope);
        let model = self.project(included);
        self.scope = outer;
        model
    }
}

/// The project that an item of `include` names.
fn included_project<'i>(
    item: &'i Value,
    path: &str,
    project: &Project<'_>,
) -> Outcome<Project<'i>> {
    let mut files = Vec::new();
    for named in references::files_of(item).unwrap_or_default() {
        references::must_be_local("include", named, &item.origin)?;
        files.push(paths::join(&project.directory, named));
    }
    let Some(first) = files.first() else {
        return Err(Problem::rejected(
            &item.origin,
            "an item of `include` names no file",
        ));
    };
    let mut included_by = project.included_by.clone();
    included_by.push(path.to_owned());
    if included_by.contains(first) {
        return Err(Problem::rejected(
            &item.origin,
            format!("{first} includes itself, directly or through others"),
        ));
    }
    if included_by.len() > DEPTH {
        return Err(Problem::rejected(
            &item.origin,
            format!("more than {DEPTH} files include one another"),
        ));
    }
    let directory = references::directory_of(item, first, &project.directory);
    Ok(Project {
        files,
        directory,
        included_by,
        named_by: Some(&item.origin),
    })
}

/// Adds a model's resources to a document. What both have must be equal to the letter: the included
/// side is in the long form, the document's own as written.
fn import(model: Value, document: &mut IndexMap<String, Value>, include: &Origin) -> Outcome<()> {
    let Data::Map(mut sections) = model.data else {
        return Ok(());
    };
    for section in SECTIONS {
        let Some(Value {
            data: Data::Map(imported),
            origin,
        }) = sections.shift_remove(section)
        else {
            continue;
        };
        let own = document.entry(section.to_owned()).or_insert(Value {
            data: Data::Map(IndexMap::new()),
            origin,
        });
        let Data::Map(own) = &mut own.data else {
            return Err(Problem::rejected(
                &own.origin,
                format!("{section} must be a map"),
            ));
        };
        for (name, value) in imported {
            match own.get(&name) {
                None => drop(own.insert(name, value)),
                Some(existing) if says_the_same(existing, &value) => {}
                Some(existing) => {
                    let at = existing.origin.key.map_or(include, |_| &existing.origin);
                    return Err(Problem::rejected(
                        at,
                        format!("{section}.{name} conflicts with imported resource"),
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Equality without origins and order of keys.
fn says_the_same(one: &Value, other: &Value) -> bool {
    match (&one.data, &other.data) {
        (Data::List(one), Data::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| says_the_same(one, other))
        }
        (Data::Map(one), Data::Map(other)) => {
            let same = |(key, value): (&String, &Value)| {
                other
                    .get(key)
                    .is_some_and(|other| says_the_same(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}
