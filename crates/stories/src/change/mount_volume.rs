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
            ("the volume is mounted, whatever its options", "satisfied"),
            ("another named volume is mounted there", "satisfied: it keeps the data"),
            ("a bind mount is there", "conflict: its data would be hidden"),
            ("an anonymous volume is there", "conflict: its data would be left behind"),
            ("a tmpfs is there", "conflict: the data is kept in memory on purpose"),
            ("the mount there is read-only", "conflict: the data cannot be written"),
            ("the volume is mounted by another service", "conflict: two services would share the data"),
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
        let bare = services.into_iter().filter(|service| self.mount(*service).is_none());
        bare.map(|service| (service.name.to_owned(), self.target.clone())).collect()
    }
}

impl MountVolume {
    fn assess_service(&self, cx: &Context<'_>, service: Service<'_>) -> Assessment {
        let volume = self.volume.replace("{service}", service.name);
        if let Some((at, mount)) = self.mount(service) {
            return self.assess_mount(cx, &volume, at, mount);
        }
        if let Some((place, memory)) = self.tmpfs(service) {
            return self.conflict(cx, &volume, memory, &format!("{place} keeps {} in memory.", self.target));
        }
        if let Some((other, mount)) = mounted_elsewhere(cx, service, &volume) {
            return self.conflict(
                cx,
                &volume,
                mount,
                &format!("{other} uses {volume} already; two services would share it."),
            );
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
    fn mount<'v>(&self, service: Service<'v>) -> Option<(Path, &'v Value)> {
        let mounts = service.get("volumes")?.as_list()?;
        let index = mounts.iter().position(|mount| text(mount, "target").trim_end_matches('/') == self.target)?;
        Some((Context::path(service.name, &["volumes"]).join(index), &mounts[index]))
    }

    fn tmpfs<'v>(&self, service: Service<'v>) -> Option<(&'static str, &'v Value)> {
        let items = service.get("tmpfs")?;
        let at_target = |value: &&Value| {
            let path = value.as_str().and_then(|text| text.split(':').next());
            path.is_some_and(|path| path.trim_end_matches('/') == self.target)
        };
        let one = std::slice::from_ref(items);
        items.as_list().unwrap_or(one).iter().find(at_target).map(|value| ("tmpfs", value))
    }

    fn assess_mount(&self, cx: &Context<'_>, volume: &str, at: Path, mount: &Value) -> Assessment {
        let why = match (text(mount, "type"), text(mount, "source")) {
            ("volume", "") => format!("An anonymous volume holds {}; its data would be left behind.", self.target),
            ("volume", _) if mount.get("read_only").and_then(Value::as_bool) == Some(true) => {
                format!("{} is mounted read-only.", self.target)
            }
            ("volume", source) => {
                let declaration = Path::from(["volumes", source]);
                return Assessment::Satisfied(vec![at, declaration]);
            }
            ("tmpfs", _) => format!("A tmpfs keeps {} in memory.", self.target),
            (_, source) => format!("Another mount holds {}: {source} on the host.", self.target),
        };
        self.conflict(cx, volume, mount, &why)
    }

    fn conflict(&self, cx: &Context<'_>, volume: &str, stands: &Value, why: &str) -> Assessment {
        Assessment::Conflict(Conflict {
            at: cx.locate(stands),
            stands: cx.quote(stands),
            wanted: format!("- {volume}:{}", self.target),
            why: why.to_owned(),
            settle: "copy the data over, remove that line, then run cargo xtask migrate".to_owned(),
        })
    }
}

fn want(service: Service<'_>, at: Path, what: Wanted) -> Want {
    Want { service: service.name.to_owned(), at, what }
}

fn text<'v>(mount: &'v Value, key: &str) -> &'v str {
    mount.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A service other than this one that mounts the volume.
fn mounted_elsewhere<'v>(cx: &Context<'v>, service: Service<'_>, volume: &str) -> Option<(&'v str, &'v Value)> {
    let others = cx.view.services().filter(|other| other.name != service.name);
    others.into_iter().find_map(|other| {
        let mounts = other.get("volumes")?.as_list()?;
        let mount = mounts.iter().find(|mount| text(mount, "type") == "volume" && text(mount, "source") == volume)?;
        Some((other.name, mount))
    })
}
