//! `extends`: a service on top of another one, of the same document or of another file.

use indexmap::IndexMap;

use crate::budget::DEPTH;
use crate::load::Loader;
use crate::marks::Marks;
use crate::merge::merge;
use crate::problem::{Outcome, Problem};
use crate::trail::Trail;
use crate::{Data, Origin, Value, paths};

type Services = IndexMap<String, Value>;

/// Where a service that extends another one stands.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// The file that holds the services.
    file: String,
    /// The folder to which `extends.file` is relative.
    directory: String,
    /// Marks that take away what would be inherited.
    marks: Vec<Marks>,
    /// The services that are being extended, outermost first: file and name.
    chain: Vec<(String, String)>,
}

/// What `extends` says.
struct Reference {
    service: String,
    file: Option<String>,
    origin: Origin,
}

impl Scene {
    pub(crate) fn new(file: &str, directory: &str, marks: &Marks) -> Self {
        Self { file: file.to_owned(), directory: directory.to_owned(), marks: vec![marks.clone()], chain: Vec::new() }
    }

    /// The scene of the service that `name` extends.
    fn behind(&self, name: &str, reference: &Reference) -> Outcome<Self> {
        let here = (self.file.clone(), name.to_owned());
        if self.chain.contains(&here) {
            let names: Vec<_> = self.chain.iter().chain([&here]).map(|(_, name)| name.as_str()).collect();
            let circle = names.join(" extends ");
            return Err(Problem::rejected(
                &reference.origin,
                format!("services extend each other in a circle: {circle}"),
            ));
        }
        if self.chain.len() == DEPTH {
            return Err(Problem::rejected(&reference.origin, format!("more than {DEPTH} services extend one another")));
        }
        let mut scene = self.clone();
        scene.chain.push(here);
        Ok(scene)
    }
}

impl Loader<'_> {
    /// Resolves `extends` in every service of a document.
    pub(crate) fn extend_services(&mut self, document: &mut Value, scene: &Scene) -> Outcome<()> {
        let Data::Map(entries) = &mut document.data else { return Ok(()) };
        let Some(Data::Map(services)) = entries.get_mut("services").map(|services| &mut services.data) else {
            return Ok(());
        };
        let names: Vec<String> = services.keys().cloned().collect();
        names.iter().try_for_each(|name| self.extend(name, services, scene))
    }

    /// Puts a service on top of what it extends, in place.
    fn extend(&mut self, name: &str, services: &mut Services, scene: &Scene) -> Outcome<()> {
        let Some(reference) = services.get(name).map(reference).transpose()?.flatten() else { return Ok(()) };
        let behind = scene.behind(name, &reference)?;
        let (mut base, marks) = match &reference.file {
            Some(file) => self.base_of_file(file, &reference, behind)?,
            None => (self.base_of_sibling(&reference, services, &behind)?, behind.marks),
        };
        let Some(body) = services.get_mut(name) else { return Ok(()) };
        if let Data::Map(entries) = &mut base.data {
            marks.iter().for_each(|marks| marks.remove_from_service(name, entries));
        }
        let null = Value { data: Data::Null, origin: body.origin.clone() };
        let own = std::mem::replace(body, null);
        *body = merge(base, own, &Trail::default().child("services").child("x"))?;
        if let Data::Map(entries) = &mut body.data {
            entries.shift_remove("extends");
        }
        Ok(())
    }

    fn base_of_sibling(&mut self, reference: &Reference, services: &mut Services, scene: &Scene) -> Outcome<Value> {
        self.extend(&reference.service, services, scene)?;
        let base = services.get(&reference.service).ok_or_else(|| not_found(reference, &scene.file))?;
        self.budget.copy(base)
    }

    fn base_of_file(&mut self, file: &str, reference: &Reference, mut scene: Scene) -> Outcome<(Value, Vec<Marks>)> {
        let path = paths::join(&scene.directory, file);
        let (mut model, marks) = self.lone_file(&path, &reference.origin)?;
        scene.marks.push(marks);
        scene.file = path;
        let Data::Map(entries) = &mut model.data else { return Err(not_found(reference, &scene.file)) };
        let Some(Data::Map(services)) = entries.get_mut("services").map(|services| &mut services.data) else {
            return Err(not_found(reference, &scene.file));
        };
        let base = self.base_of_sibling(reference, services, &scene)?;
        Ok((base, scene.marks))
    }
}

fn not_found(reference: &Reference, file: &str) -> Problem {
    Problem::rejected(&reference.origin, format!("there is no service `{}` in {file} to extend", reference.service))
}

/// What a service extends, if anything.
fn reference(service: &Value) -> Outcome<Option<Reference>> {
    let Data::Map(body) = &service.data else { return Ok(None) };
    let Some(extends) = body.get("extends") else { return Ok(None) };
    let text = |key: &str| extends.get(key).and_then(Value::as_str).map(str::to_owned);
    let service = extends.as_str().map(str::to_owned).or_else(|| text("service"));
    let origin = extends.origin.clone();
    match service {
        Some(service) => Ok(Some(Reference { service, file: text("file"), origin })),
        None => Err(Problem::rejected(&origin, "`extends` names no service")),
    }
}
