//! `mount-volume`: a named volume, declared at top level and mounted in a service.

use compose_edit::{NewValue, Path};
use compose_view::{Service, Value};
use serde::{Deserialize, Serialize};

use super::Kind;
use crate::Selector;
use crate::assessment::{Assessment, Conflict, Want, Wanted};
use crate::context::Context;

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

impl Kind for MountVolume {
    fn validate(&self) -> Result<(), String> {
        let name = self.volume.replace("{service}", "service");
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(format!("volume `{}` is a path that may leave the checkout; name a volume", self.volume));
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
            return Err(format!("target `{}` must be an absolute path in the container", self.target));
        }
        Ok(())
    }

    fn describe(&self) -> String {
        format!("declares the volume {} and mounts it at {} in {}", self.volume, self.target, self.service)
    }

    fn describe_undo(&self) -> String {
        format!(
            "the mount and the declaration of {} are removed; the volume with its data stays in Docker",
            self.volume
        )
    }

    fn compatibility(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("nothing is mounted at the target", "declared and mounted"),
            ("the volume is declared, not mounted", "mounted"),
            ("the volume is declared with labels or options, not mounted", "mounted: the declaration stays as it is"),
            ("a mount or a volume in a comment", "declared and mounted: a comment says nothing, and stays"),
            ("the volume is mounted, whatever its options", "satisfied"),
            ("another named volume is mounted there", "satisfied: it keeps the data"),
            ("a bind mount is there", "conflict: its data would be hidden"),
            ("an anonymous volume is there", "conflict: its data would be left behind"),
            ("a tmpfs is there", "conflict: the data is kept in memory on purpose"),
            ("the mount there is read-only", "conflict: the data cannot be written"),
            ("volumes_from brings a mount there", "conflict: its data would be hidden"),
            ("the volume is mounted by another service", "conflict: two services would share the data"),
            ("its mounts come through `<<` or an alias", "refused: the line is named, for others may share it"),
            ("the service runs several times", "conflict: its containers would share the data"),
        ]
    }

    fn assess(&self, cx: &Context<'_>) -> Assessment {
        let services = match self.service.select(cx, self.each) {
            Ok(services) => services,
            Err(assessment) => return assessment,
        };
        let found: Vec<_> = services.into_iter().map(|service| self.assess_service(cx, service)).collect();
        Assessment::all(found)
    }

    fn covers(&self, cx: &Context<'_>) -> Vec<(String, String)> {
        let services = self.service.select(cx, self.each).unwrap_or_default();
        let bare = services.into_iter().filter(|service| self.mount(cx, *service).is_none());
        bare.map(|service| (service.name.to_owned(), self.target.clone())).collect()
    }
}

impl MountVolume {
    fn assess_service(&self, cx: &Context<'_>, service: Service<'_>) -> Assessment {
        let volume = self.volume.replace("{service}", service.name);
        if let Some((at, mount)) = self.mount(cx, service) {
            return self.assess_mount(cx, &volume, at, mount);
        }
        if let Some(obstacle) = self.in_the_way(cx, service, &volume) {
            return self.conflict(cx, &volume, obstacle);
        }
        let declaration = Path::from(["volumes", &volume]);
        let mut wants = Vec::new();
        if cx.view.get(&declaration).is_none() {
            wants.push(want(service, declaration, Wanted::Entry(NewValue::Null)));
        }
        let mount = format!("{volume}:{}", self.target);
        wants.push(want(service, Context::path(service.name, &["volumes"]), Wanted::Item(mount)));
        Assessment::Wanted(wants)
    }

    /// The mount at the target and its path.
    fn mount<'v>(&self, cx: &Context<'_>, service: Service<'v>) -> Option<(Path, &'v Value)> {
        let mounts = service.get("volumes")?.as_list()?;
        let index = mounts.iter().position(|mount| self.is_target(&text(cx, mount, "target")))?;
        Some((Context::path(service.name, &["volumes"]).join(index), &mounts[index]))
    }

    fn is_target(&self, path: &str) -> bool {
        path.trim_end_matches('/') == self.target.trim_end_matches('/')
    }

    /// What else keeps a volume of its own from the service.
    fn in_the_way<'v>(&self, cx: &Context<'v>, service: Service<'v>, volume: &str) -> Option<Obstacle<'v>> {
        if let Some(stands) = self.tmpfs(service) {
            return Some(self.in_memory(stands));
        }
        if let Some((lender, stands)) = self.lent(cx, service) {
            let why = format!("{} is mounted from {lender} through volumes_from.", self.target);
            return Some(Obstacle { stands, why, settle: COPY });
        }
        if let Some((count, stands)) = replicas(cx, service) {
            let why = format!("{} runs {count} times; all of them would write to {volume}.", service.name);
            return Some(Obstacle { stands, why, settle: "run it once, then run cargo xtask migrate" });
        }
        let (other, stands) = mounted_elsewhere(cx, service, volume)?;
        let why = format!("{other} uses {volume} already; two services would share it.");
        Some(Obstacle { stands, why, settle: "give one of the two services a volume of another name" })
    }

    fn in_memory<'v>(&self, stands: &'v Value) -> Obstacle<'v> {
        let why = format!("A tmpfs keeps {} in memory.", self.target);
        Obstacle { stands, why, settle: "remove it, then run cargo xtask migrate" }
    }

    fn tmpfs<'v>(&self, service: Service<'v>) -> Option<&'v Value> {
        let items = service.get("tmpfs")?;
        let at_target = |value: &&Value| {
            let path = value.as_str().and_then(|text| text.split(':').next());
            path.is_some_and(|path| self.is_target(path))
        };
        let one = std::slice::from_ref(items);
        items.as_list().unwrap_or(one).iter().find(at_target)
    }

    /// A mount at the target of a service whose volumes this one takes over.
    fn lent<'v>(&self, cx: &Context<'v>, service: Service<'_>) -> Option<(&'v str, &'v Value)> {
        let lenders = service.get("volumes_from")?.as_list()?;
        lenders.iter().find_map(|lender| {
            let lender = cx.view.service(lender.as_str()?.split(':').next()?)?;
            self.mount(cx, lender).map(|(_, mount)| (lender.name, mount))
        })
    }

    fn assess_mount(&self, cx: &Context<'_>, volume: &str, at: Path, stands: &Value) -> Assessment {
        let source = text(cx, stands, "source");
        let kind = text(cx, stands, "type");
        let is_volume = kind == "volume" && !source.starts_with(['.', '/', '~']);
        let is_read_only = stands.get("read_only").and_then(Value::as_bool) == Some(true);
        let obstacle = if kind == "tmpfs" {
            self.in_memory(stands)
        } else if !is_volume {
            Obstacle { stands, why: format!("{source} on the host is mounted at {}.", self.target), settle: COPY }
        } else if source.is_empty() {
            let why = format!("An anonymous volume holds {}; its data would be left behind.", self.target);
            Obstacle { stands, why, settle: COPY }
        } else if is_read_only {
            let why = format!("{} is mounted read-only.", self.target);
            Obstacle { stands, why, settle: "let the service write there" }
        } else {
            return Assessment::Satisfied(vec![at, Path::from(["volumes", &source])]);
        };
        self.conflict(cx, volume, obstacle)
    }

    fn conflict(&self, cx: &Context<'_>, volume: &str, obstacle: Obstacle<'_>) -> Assessment {
        Assessment::Conflict(Conflict {
            at: cx.locate(obstacle.stands),
            stands: cx.quote(obstacle.stands),
            wanted: format!("- {volume}:{}", self.target),
            why: obstacle.why,
            settle: obstacle.settle.to_owned(),
        })
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
    Want { service: service.name.to_owned(), at, what }
}

/// A text of a mount, variables replaced.
fn text(cx: &Context<'_>, mount: &Value, key: &str) -> String {
    let value = mount.get(key);
    value.and_then(|value| Some(cx.expand(value.as_str()?, value))).unwrap_or_default()
}

/// How often the service runs, where that is more than once.
fn replicas<'v>(cx: &Context<'_>, service: Service<'v>) -> Option<(u32, &'v Value)> {
    let counts = [service.get("scale"), service.get("deploy").and_then(|deploy| deploy.get("replicas"))];
    counts.into_iter().flatten().find_map(|value| {
        let count: u32 = cx.expand(&value.scalar_text()?, value).parse().ok()?;
        (count > 1).then_some((count, value))
    })
}

/// A service other than this one that mounts the volume.
fn mounted_elsewhere<'v>(cx: &Context<'v>, service: Service<'_>, volume: &str) -> Option<(&'v str, &'v Value)> {
    mounts_of(cx, volume).find(|(other, _)| *other != service.name)
}

/// The services that mount a volume, each with its first mount of it.
pub(crate) fn mounts_of<'v>(cx: &Context<'v>, volume: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let is_it = move |mount: &&Value| text(cx, mount, "type") == "volume" && text(cx, mount, "source") == volume;
    let mounts =
        move |service: Service<'v>| Some((service.name, service.get("volumes")?.as_list()?.iter().find(is_it)?));
    cx.view.services().filter_map(mounts)
}
