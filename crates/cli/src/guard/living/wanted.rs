//! What the files now say, as far as data hangs on it: taken from a resolved model.

use std::collections::BTreeMap;
use std::path::PathBuf;

use compose_model::resolved::{self, MountSource, Text};
use compose_model::{Environment, ResolvedModel};
use data_safety::{Desired, DesiredMount, DesiredService, DesiredVolume, Source};
use diagnostics::Invocation;
use stories::BuiltOn;

use crate::checkout::Checkout;

/// An environment as it would be started.
pub(super) fn of(
    checkout: &Checkout,
    environment: &Environment,
    model: &ResolvedModel,
    invocation: &Invocation,
) -> Desired {
    let call = checkout.call(environment);
    let name = |path: &PathBuf| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let others = checkout
        .environments()
        .into_iter()
        .filter(|other| other.name != environment.name);
    let Environment {
        name: environment,
        project,
        ..
    } = environment;
    Desired {
        environment: environment.clone(),
        project: project.name.clone(),
        is_named_by_folder: !project.is_pinned(),
        other_projects: others.map(|other| other.project.name).collect(),
        files: call.files.iter().map(name).collect(),
        folder: call.directory,
        services: model
            .services
            .iter()
            .map(|(name, own)| {
                let mut service = service(own, model);
                if own.is_built {
                    let build = checkout.stack.build_of(environment, name);
                    built(&mut service, build, format!("{}-{name}", project.name));
                }
                (name.clone(), service)
            })
            .collect(),
        volumes: model
            .volumes
            .iter()
            .map(|(key, own)| (key.clone(), volume(own)))
            .collect(),
        forgotten: checkout.stack.layout.forgotten_volumes().collect(),
        removes_orphans: false,
        compose: invocation.command(&["compose", environment, "--"]),
        compose_anyway: invocation.command(&["compose", environment, "--allow-data-loss", "--"]),
        up: invocation.command(&["up", environment]),
        forget: invocation.command(&["volumes", "forget"]),
        again: invocation.command(&["up", environment, "--allow-data-loss"]),
    }
}

fn volume(volume: &resolved::Volume) -> DesiredVolume {
    let text = |text: &Text| text.text().unwrap_or_default().to_owned();
    let texts = |own: &BTreeMap<String, Text>| {
        own.iter()
            .map(|(key, value)| (key.clone(), text(value)))
            .collect()
    };
    DesiredVolume {
        name: text(&volume.name),
        external: volume.external,
        driver: volume
            .driver
            .as_ref()
            .map_or_else(|| "local".to_owned(), text),
        labels: texts(&volume.labels),
        options: texts(&volume.options),
    }
}

/// What a Dockerfile adds to what the files say of its service; `name` is what Compose calls the
/// image where they do not name it.
fn built(service: &mut DesiredService, build: Option<BuiltOn>, name: String) {
    service.image.get_or_insert(name);
    let Some(BuiltOn { image, environment }) = build else {
        return;
    };
    service.built_on = Some(image);
    for (name, value) in environment {
        service.variables.entry(name).or_insert(value);
    }
}

fn service(service: &resolved::Service, model: &ResolvedModel) -> DesiredService {
    let variables = service.environment.iter();
    DesiredService {
        image: service.image_name(),
        built_on: None,
        command: command(service),
        variables: variables
            .filter_map(|(name, own)| Some((name.clone(), own.as_ref()?.text()?.to_owned())))
            .collect(),
        mounts: service
            .mounts
            .iter()
            .filter_map(|own| mount(own, model))
            .chain(configs(service, model))
            .collect(),
        is_held_back: false,
    }
}

/// The words of its entrypoint and its command; none where the image's own count.
fn command(service: &resolved::Service) -> Option<String> {
    let entrypoint = service.entrypoint.iter().flatten();
    let words: Vec<_> = entrypoint
        .filter_map(Text::text)
        .map(str::to_owned)
        .collect();
    let words: Vec<_> = words.into_iter().chain(service.command_line()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Its configs that are files of this machine.
fn configs<'m>(
    service: &'m resolved::Service,
    model: &'m ResolvedModel,
) -> impl Iterator<Item = DesiredMount> + 'm {
    service.configs.iter().filter_map(|config| {
        let source = config.source.text()?;
        let file = model.configs.get(source)?.file.as_ref()?.text()?;
        let target = match config.target.as_ref().and_then(Text::text) {
            Some(target) => target.to_owned(),
            None => format!("/{source}"),
        };
        Some(DesiredMount {
            target,
            source: Source::Bind(file.to_owned()),
        })
    })
}

fn mount(mount: &resolved::Mount, model: &ResolvedModel) -> Option<DesiredMount> {
    let source = match mount.source.known()? {
        MountSource::Volume(key) => {
            Source::Volume(model.volume_name(key).unwrap_or(key).to_owned())
        }
        MountSource::Anonymous => Source::Anonymous,
        MountSource::Bind(path) => Source::Bind(path.clone()),
        MountSource::Tmpfs | MountSource::Other(_) => Source::Memory,
    };
    let target = mount.target.text()?;
    let target = if target.len() > 1 {
        target.trim_end_matches('/')
    } else {
        target
    };
    Some(DesiredMount {
        target: target.to_owned(),
        source,
    })
}
