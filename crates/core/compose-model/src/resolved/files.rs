//! The model of a project's own files.

use super::ResolvedModel;
use super::project_files::ProjectFiles;
use super::service::Service;
use super::settle::settle;
use super::stored::{network, secret, section, volume};
use crate::interpolation::Interpolation;
use crate::load::{Loader, Project};
use crate::{Value, ViewError, paths, shape};

impl ResolvedModel {
    /// What Compose would answer about these files, with every profile active.
    ///
    /// # Errors
    /// [`ViewError`], as for [`View::resolve`](crate::View::resolve); a `${` that begins no
    /// variable.
    pub fn from_files(source: &ProjectFiles<'_>) -> Result<Self, ViewError> {
        let first = source.order.first().copied().unwrap_or_default();
        let project = Project {
            files: source.order.iter().map(|path| (*path).to_owned()).collect(),
            directory: paths::folder(first).to_owned(),
            included_by: Vec::new(),
            named_by: None,
        };
        let mut loader = Loader::new(source.files);
        loader.interpolation = Some(Interpolation::new(
            source.env_files,
            source.around,
            source.project,
        ));
        let mut root = loader
            .project(&project)
            .map_err(|problem| problem.locate(source.files))?;
        shape::finish(&mut root);
        paths::finish(&mut root);
        let variables = loader
            .interpolation
            .map(Interpolation::into_variables)
            .unwrap_or_default();
        let mut model = Self::read(&root, source.project.to_owned());
        settle(&mut model, &root, source, &variables);
        Ok(model)
    }

    /// A model whose variables are replaced, whoever replaced them.
    pub(super) fn read(root: &Value, project: String) -> Self {
        let services = root
            .get("services")
            .and_then(Value::as_map)
            .into_iter()
            .flatten();
        Self {
            services: services
                .map(|(name, value)| (name.clone(), Service::of(value)))
                .collect(),
            volumes: section(root, "volumes", &project, volume),
            networks: section(root, "networks", &project, network),
            secrets: section(root, "secrets", &project, secret),
            configs: section(root, "configs", &project, secret),
            project,
        }
    }
}
