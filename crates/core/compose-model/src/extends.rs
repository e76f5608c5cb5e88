//! `extends`: a service on top of another one, of the same document or of another file.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::budget::DEPTH;
use crate::load::Loader;
use crate::marks::Marks;
use crate::merge::merge;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::{Data, Origin, Value, paths, references};

type Services = IndexMap<String, Value>;

/// Where a service that extends another one stands.
#[derive(Clone, Debug)]
pub(crate) struct ExtendsContext<'m> {
    /// The file that holds the services.
    file: String,
    /// The folder to which `extends.file` is relative.
    directory: String,
    /// Marks that take away what is inherited.
    marks: Option<&'m Marks>,
    /// Services of an environment's own document that others of it extend.
    extended: HashSet<String>,
    /// The services that are being extended, outermost first: file and name.
    chain: Vec<(String, String)>,
}

/// What `extends` says.
struct Reference {
    service: String,
    file: Option<String>,
    origin: Origin,
}

impl<'m> ExtendsContext<'m> {
    pub(crate) fn new(file: &str, directory: &str, marks: &'m Marks) -> Self {
        let (file, directory) = (file.to_owned(), directory.to_owned());
        Self {
            file,
            directory,
            marks: Some(marks),
            extended: HashSet::new(),
            chain: Vec::new(),
        }
    }

    /// The scene of a service of the same document that `name` extends. In another file Compose
    /// obeys the tags of the service alone that is named there, not of those behind it.
    fn behind(&self, name: &str, reference: &Reference) -> Outcome<Self> {
        let here = (self.file.clone(), name.to_owned());
        if self.chain.contains(&here) {
            let names: Vec<_> = self
                .chain
                .iter()
                .chain([&here])
                .map(|(_, name)| name.as_str())
                .collect();
            let circle = names.join(" extends ");
            return Err(Problem::rejected(
                &reference.origin,
                format!("services extend each other in a circle: {circle}"),
            ));
        }
        if self.chain.len() == DEPTH {
            return Err(Problem::rejected(
                &reference.origin,
                format!("more than {DEPTH} services extend one another"),
            ));
        }
        let mut scene = self.clone();
        scene.chain.push(here);
        scene.marks = self.marks.filter(|_| !self.extended.is_empty());
        Ok(scene)
    }

    /// The scene of a service of another file.
    fn elsewhere(&self, file: String, marks: &'m Marks) -> Self {
        Self {
            file,
            marks: Some(marks),
            extended: HashSet::new(),
            ..self.clone()
        }
    }

    /// Takes away what the marks say. Compose does so for a service that is extended in turn only
    /// when it comes to it before those that extend it, and it takes services in random order.
    fn remove_marked(&self, name: &str, base: &mut Value) -> Outcome<()> {
        let (Some(marks), Data::Map(entries)) = (self.marks, &mut base.data) else {
            return Ok(());
        };
        match marks.remove_from_service(name, entries) {
            Some(mark) if self.extended.contains(name) => {
                let reason = format!(
                    "`{name}` extends a service and is extended; Compose obeys this tag at random there"
                );
                Err(Problem::rejected(mark, reason))
            }
            _ => Ok(()),
        }
    }
}

impl Loader<'_> {
    /// Resolves `extends` in every service of a document.
    pub(crate) fn extend_services(
        &mut self,
        document: &mut Value,
        mut scene: ExtendsContext<'_>,
    ) -> Outcome<()> {
        let Some(services) = services_of(document) else {
            return Ok(());
        };
        for service in services.values() {
            let sibling = reference(service)?.filter(|reference| reference.file.is_none());
            scene
                .extended
                .extend(sibling.map(|reference| reference.service));
        }
        let names: Vec<String> = services.keys().cloned().collect();
        names
            .iter()
            .try_for_each(|name| self.extend(name, services, &scene))
    }

    /// Puts a service on top of what it extends, in place.
    fn extend(
        &mut self,
        name: &str,
        services: &mut Services,
        scene: &ExtendsContext<'_>,
    ) -> Outcome<()> {
        let Some(reference) = services.get(name).map(reference).transpose()?.flatten() else {
            return Ok(());
        };
        let behind = scene.behind(name, &reference)?;
        let mut base = match &reference.file {
            Some(file) => self.base_of_file(file, &reference, &behind)?,
            None => self.base_of_sibling(&reference, services, &behind)?,
        };
        scene.remove_marked(name, &mut base)?;
        let Some(body) = services.get_mut(name) else {
            return Ok(());
        };
        let top = Trail::default();
        let services = top.child("services");
        *body = merge(base, body.take(), &services.child(name))?;
        if let Data::Map(entries) = &mut body.data {
            entries.shift_remove("extends");
        }
        Ok(())
    }

    fn base_of_sibling(
        &mut self,
        reference: &Reference,
        services: &mut Services,
        scene: &ExtendsContext<'_>,
    ) -> Outcome<Value> {
        self.extend(&reference.service, services, scene)?;
        let base = services
            .get(&reference.service)
            .ok_or_else(|| not_found(reference, &scene.file))?;
        self.budget.copy(base)
    }

    fn base_of_file(
        &mut self,
        file: &str,
        reference: &Reference,
        scene: &ExtendsContext<'_>,
    ) -> Outcome<Value> {
        references::must_be_local("extends", file, &reference.origin)?;
        let path = paths::join(&scene.directory, file);
        let (mut model, marks) = self.lone_file(&path, &reference.origin)?;
        let missing = not_found(reference, &path);
        let services = services_of(&mut model).ok_or(missing)?;
        self.base_of_sibling(reference, services, &scene.elsewhere(path, &marks))
    }
}

fn services_of(model: &mut Value) -> Option<&mut Services> {
    let Data::Map(entries) = &mut model.data else {
        return None;
    };
    match entries
        .get_mut("services")
        .map(|services| &mut services.data)
    {
        Some(Data::Map(services)) => Some(services),
        _ => None,
    }
}

fn not_found(reference: &Reference, file: &str) -> Problem {
    Problem::rejected(
        &reference.origin,
        format!(
            "there is no service `{}` in {file} to extend",
            reference.service
        ),
    )
}

/// What a service extends, if anything.
fn reference(service: &Value) -> Outcome<Option<Reference>> {
    let Data::Map(body) = &service.data else {
        return Ok(None);
    };
    let Some(extends) = body.get("extends") else {
        return Ok(None);
    };
    let text = |key: &str| extends.get(key).and_then(Value::as_str).map(str::to_owned);
    let service = extends
        .as_str()
        .map(str::to_owned)
        .or_else(|| text("service"));
    let origin = extends.origin.clone();
    match service {
        Some(service) => Ok(Some(Reference {
            service,
            file: text("file"),
            origin,
        })),
        None => Err(Problem::rejected(&origin, "`extends` names no service")),
    }
}
