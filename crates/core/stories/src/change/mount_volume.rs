//! `mount-volume`: a named volume, declared at top level and mounted in a service.

use compose_edit::{NewValue, Path};
use compose_model::{Service, Value};
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::assessment::{Assessment, Note, Want, Wanted};
use crate::conflict::Conflict;
use crate::context::Context;
use crate::{Place, Selector};

mod data_dir;
mod mounts;

use data_dir::DataDir;
pub use data_dir::settings_file;
use mounts::{Mount, lent, mount_of, same, text, tmpfs};

/// Declares a named volume and mounts it in a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MountVolume {
    /// The service.
    pub service: Selector,
    /// Whether every service that matches gets a volume; its name then holds `{service}`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The volume's key under the top-level `volumes`.
    pub volume: String,
    /// Where it is mounted in the container; an absolute path.
    pub target: String,
}

/// What it makes of existing configuration, a row a case.
const COMPATIBILITY: &[(&str, &str)] = &[
    ("nothing is mounted at the target", "declared and mounted"),
    ("the volume is declared, not mounted", "mounted"),
    (
        "the volume is declared with labels or options, not mounted",
        "mounted: the declaration stays as it is",
    ),
    (
        "a mount or a volume in a comment",
        "declared and mounted: a comment says nothing, and stays",
    ),
    ("the volume is mounted, whatever its options", "satisfied"),
    (
        "another named volume is mounted there",
        "satisfied: it keeps the data",
    ),
    (
        "a bind mount is there",
        "satisfied: the directory on the host keeps the data",
    ),
    (
        "an anonymous volume is there",
        "conflict: its data would be left behind",
    ),
    (
        "a tmpfs is there",
        "conflict: the data is kept in memory on purpose",
    ),
    (
        "the mount there is read-only",
        "conflict: the data cannot be written",
    ),
    (
        "volumes_from brings a mount there",
        "as for a mount of its own",
    ),
    (
        "the volume is mounted by another service",
        "conflict: two services would share the data",
    ),
    (
        "its mounts come through `<<` or an alias",
        "refused: the line is named, for others may share it",
    ),
    (
        "the list is replaced with `!override` in a later file",
        "mounted there: the first list is not heard",
    ),
    (
        "the list is taken out with `!reset` in a later file",
        "refused: the line is named",
    ),
    (
        "the service runs several times",
        "conflict: its containers would share the data",
    ),
    (
        "Redis keeps its data elsewhere (--dir, working_dir), on a mount",
        "satisfied: no second volume",
    ),
    (
        "Redis keeps its data elsewhere, and nothing is mounted there",
        "declared and mounted there",
    ),
    (
        "Redis keeps its data elsewhere, and the mount is at the target",
        "conflict: the mount keeps nothing",
    ),
    (
        "Redis reads its settings from a file that is not in the checkout",
        "mounted at the target, as a guess: the file may say another dir",
    ),
    (
        "Redis reads its settings from a file of the checkout or an inline config",
        "as if its command said the same",
    ),
    (
        "Redis is told to keep nothing (save \"\", no append-only file), and nothing is mounted",
        "not applicable: there is no data to keep",
    ),
];

impl Kind for MountVolume {
    fn validate(&self) -> Result<(), String> {
        let name = self.volume.replace("{service}", "service");
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(format!(
                "volume `{}` is a path that may leave the checkout; name a volume",
                self.volume
            ));
        }
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if name.len() < 2 || !name.chars().all(valid) {
            return Err(format!(
                "`{}` is no name for a volume (two or more letters, digits, `_`, `.`, `-`)",
                self.volume
            ));
        }
        if self.each != self.volume.contains("{service}") {
            return Err("`each: true` and a volume name with {service} go together".to_owned());
        }
        if !self.target.starts_with('/') {
            return Err(format!(
                "target `{}` must be an absolute path in the container",
                self.target
            ));
        }
        Ok(())
    }

    fn describe(&self) -> String {
        format!(
            "declares the volume {} and mounts it at {} in {}",
            self.volume, self.target, self.service
        )
    }

    fn describe_undo(&self) -> String {
        format!(
            "the mount and the declaration of {} are removed; the volume with its data stays in Docker",
            self.volume
        )
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        COMPATIBILITY
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.service]
    }

    fn places(&self, cx: &Context<'_>) -> Result<Vec<Place>, Assessment> {
        self.service.places(cx, self.each)
    }

    fn is_each(&self) -> bool {
        self.each
    }

    fn assess(&self, cx: &Context<'_>, place: &Place) -> Assessment {
        let service = match cx.service_at(place) {
            Ok(service) => service,
            Err(assessment) => return assessment,
        };
        match (self.assess_service(cx, service), self.told(cx, service)) {
            (satisfied @ Assessment::Satisfied(_), _) => satisfied,
            (_, Some(at)) => Assessment::NotApplicable(format!(
                "{} is told to keep nothing ({at})",
                service.name
            )),
            (assessment, None) => assessment,
        }
    }

    fn notes(&self, cx: &Context<'_>, place: &Place) -> Vec<Note> {
        let bare = self.bare(cx, place);
        bare.and_then(|service| self.unsure(cx, service))
            .into_iter()
            .collect()
    }

    fn covers(&self, cx: &Context<'_>, place: &Place) -> Option<String> {
        Some(self.data_path(cx, self.bare(cx, place)?))
    }
}

impl MountVolume {
    fn assess_service(&self, cx: &Context<'_>, service: Service<'_>) -> Assessment {
        let volume = self.volume_of(service);
        let place = self.data_path(cx, service);
        if let Some(mount) = self.mount(cx, service) {
            return self.assess_mount(cx, service, mount);
        }
        if let Some(stands) = tmpfs(service, &place) {
            return self.conflict(cx, service, in_memory(&place, stands));
        }
        if let Some(lent) = lent(cx, service, &place) {
            return match lent.read_only {
                Some(stands) => self.conflict(cx, service, read_only(&place, stands)),
                None => self.assess_mount(cx, service, lent.mount),
            };
        }
        if let Some(obstacle) = self.in_the_way(cx, service) {
            return self.conflict(cx, service, obstacle);
        }
        let declaration = Path::from(["volumes", &volume]);
        let mut wants = Vec::new();
        if cx.view.get(&declaration).is_none() {
            wants.push(want(service, declaration, Wanted::Entry(NewValue::Null)));
        }
        let mount = format!("{volume}:{place}");
        wants.push(want(
            service,
            Context::path(service.name, &["volumes"]),
            Wanted::Item(mount),
        ));
        Assessment::Wanted(wants)
    }

    /// The service of a place, where nothing is mounted that holds its data.
    fn bare<'v>(&self, cx: &Context<'v>, place: &Place) -> Option<Service<'v>> {
        let service = cx.service_at(place).ok()?;
        let is_bare = self.mount(cx, service).is_none() && self.told(cx, service).is_none();
        is_bare.then_some(service)
    }

    /// Where a service says that there is no data to keep.
    fn told(&self, cx: &Context<'_>, service: Service<'_>) -> Option<String> {
        self.is_of_redis()
            .then(|| data_dir::keeps_nothing(cx, service))
            .flatten()
    }

    /// Whether it is about the data of a Redis, and not about another folder of its container.
    fn is_of_redis(&self) -> bool {
        same(&self.target, data_dir::usual())
    }

    /// The key of the volume of a service.
    fn volume_of(&self, service: Service<'_>) -> String {
        self.volume.replace("{service}", service.name)
    }

    /// Where in the container the data lies that the story is about: its target, but for a Redis
    /// that is told another place than the one that its image knows.
    fn data_path(&self, cx: &Context<'_>, service: Service<'_>) -> String {
        match self.data_dir(cx, service) {
            Some(DataDir::At(dir)) => dir,
            _ => self.target.clone(),
        }
    }

    fn data_dir(&self, cx: &Context<'_>, service: Service<'_>) -> Option<DataDir> {
        data_dir::of(cx, service).filter(|_| self.is_of_redis())
    }

    /// What a person should look at, where the data may lie elsewhere.
    fn unsure(&self, cx: &Context<'_>, service: Service<'_>) -> Option<Note> {
        let Some(DataDir::Unsure(what)) = self.data_dir(cx, service) else {
            return None;
        };
        let (name, target) = (service.name, &self.target);
        Some(Note::Guess(format!(
            "{name} keeps its data in {target} ({what} may say another place, and was not read; else mount a volume there)"
        )))
    }

    /// The mount that holds the place of the data.
    fn mount<'v>(&self, cx: &Context<'_>, service: Service<'v>) -> Option<Mount<'v>> {
        mount_of(cx, service, &self.data_path(cx, service))
    }

    /// What else keeps a volume of its own from the service.
    fn in_the_way<'v>(&self, cx: &Context<'v>, service: Service<'v>) -> Option<Obstacle<'v>> {
        let (volume, place) = (self.volume_of(service), self.data_path(cx, service));
        if let Some(mount) = mount_of(cx, service, &self.target) {
            let why = format!(
                "{} keeps its data in {place}, where nothing is mounted.",
                service.name
            );
            let settle = "mount it where the data is, then run cargo xtask migrate";
            return Some(Obstacle {
                stands: mount.value,
                why,
                settle,
            });
        }
        if let Some((count, stands)) = replicas(cx, service) {
            let why = format!(
                "{} runs {count} times; all of them would write to {volume}.",
                service.name
            );
            return Some(Obstacle {
                stands,
                why,
                settle: "run it once, then run cargo xtask migrate",
            });
        }
        let (other, stands) = mounted_elsewhere(cx, service, &volume)?;
        let why = format!("{other} uses {volume} already; two services would share it.");
        Some(Obstacle {
            stands,
            why,
            settle: "give one of the two services a volume of another name",
        })
    }

    fn assess_mount(&self, cx: &Context<'_>, service: Service<'_>, mount: Mount<'_>) -> Assessment {
        let Mount { at, value: stands } = mount;
        let (source, kind) = (text(cx, stands, "source"), text(cx, stands, "type"));
        let place = self.data_path(cx, service);
        let is_read_only = stands.get("read_only").and_then(Value::as_bool) == Some(true);
        let obstacle = match kind.as_str() {
            "tmpfs" => in_memory(&place, stands),
            "volume" | "bind" | "cluster" if source.is_empty() => {
                let why =
                    format!("An anonymous volume holds {place}; its data would be left behind.");
                Obstacle {
                    stands,
                    why,
                    settle: COPY,
                }
            }
            "volume" | "bind" | "cluster" if is_read_only => read_only(&place, stands),
            "bind" => return Assessment::Satisfied(vec![at]),
            // A variable may name a directory of the host.
            "volume" | "cluster" if source.starts_with(['.', '/', '~']) => {
                return Assessment::Satisfied(vec![at]);
            }
            "volume" | "cluster" => {
                return Assessment::Satisfied(vec![at, Path::from(["volumes", &source])]);
            }
            other => {
                let why =
                    format!("What is mounted at {place} is of type {other} and keeps no data.");
                Obstacle {
                    stands,
                    why,
                    settle: COPY,
                }
            }
        };
        self.conflict(cx, service, obstacle)
    }

    fn conflict(
        &self,
        cx: &Context<'_>,
        service: Service<'_>,
        obstacle: Obstacle<'_>,
    ) -> Assessment {
        Assessment::Conflict(Conflict {
            at: cx.locate(obstacle.stands),
            stands: cx.quote(obstacle.stands),
            wanted: format!(
                "- {}:{}",
                self.volume_of(service),
                self.data_path(cx, service)
            ),
            why: obstacle.why,
            settle: obstacle.settle.to_owned(),
        })
    }
}

fn in_memory<'v>(place: &str, stands: &'v Value) -> Obstacle<'v> {
    let why = format!("A tmpfs keeps {place} in memory.");
    Obstacle {
        stands,
        why,
        settle: "remove it, then run cargo xtask migrate",
    }
}

fn read_only<'v>(place: &str, stands: &'v Value) -> Obstacle<'v> {
    let why = format!("{place} is mounted read-only.");
    Obstacle {
        stands,
        why,
        settle: "let the service write there",
    }
}

/// What stands where the volume would go.
struct Obstacle<'v> {
    stands: &'v Value,
    why: String,
    settle: &'static str,
}

const COPY: &str = "copy the data over, remove that line, then run cargo xtask migrate";

fn want(service: Service<'_>, at: Path, what: Wanted) -> Want {
    Want {
        service: service.name.to_owned(),
        at,
        what,
    }
}

/// How often the service runs, where that is more than once.
fn replicas<'v>(cx: &Context<'_>, service: Service<'v>) -> Option<(u32, &'v Value)> {
    let counts = [
        service.get("scale"),
        service
            .get("deploy")
            .and_then(|deploy| deploy.get("replicas")),
    ];
    counts.into_iter().flatten().find_map(|value| {
        let count: u32 = cx.expand(&value.scalar_text()?, value).parse().ok()?;
        (count > 1).then_some((count, value))
    })
}

/// A service other than this one that mounts the volume.
fn mounted_elsewhere<'v>(
    cx: &Context<'v>,
    service: Service<'_>,
    volume: &str,
) -> Option<(&'v str, &'v Value)> {
    mounts_of(cx, volume).find(|(other, _)| *other != service.name)
}

/// The services that mount a volume, each with its first mount of it.
pub(crate) fn mounts_of<'v>(
    cx: &Context<'v>,
    volume: &str,
) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let is_it = move |mount: &&Value| {
        text(cx, mount, "type") == "volume" && text(cx, mount, "source") == volume
    };
    let mounts = move |service: Service<'v>| {
        Some((
            service.name,
            service.get("volumes")?.as_list()?.iter().find(is_it)?,
        ))
    };
    cx.view.services().filter_map(mounts)
}
