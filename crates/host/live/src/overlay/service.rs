//! What the overlay says of one service.

use serde_json::{Map, Value, json};

use super::super::model::Service;
use super::{Overlay, OverlaySpec};

/// Keys by which a container shares something of the host; without them it keeps to itself.
const SHARED_WITH_THE_HOST: [&str; 6] =
    ["network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup"];

/// Log drivers that keep what they get on this machine.
const LOCAL_LOGS: [&str; 4] = ["json-file", "local", "journald", "none"];

/// What a service says of its place in a network, and may be said of another network too.
const PLACE_IN_NETWORK: [&str; 3] = ["aliases", "priority", "gw_priority"];

impl OverlaySpec<'_> {
    pub(super) fn service(&self, service: Service<'_>, overlay: &mut Overlay) {
        overlay.open(2, service.name);
        self.image(service, overlay);
        self.health(service, overlay);
        self.ports(service, overlay);
        if let Some(name) = service.answer["container_name"].as_str() {
            overlay.entry(4, "container_name", "!reset", &Value::Null);
            overlay.note(format!("{}: not called {name}", service.name));
        }
        if let Some(files) = self.env_files.get(service.name) {
            overlay.entry(4, "env_file", "!override", &json!(files));
        }
        if self.overrides.without_init.contains(service.name)
            && service.answer.get("init").is_some()
        {
            overlay.entry(4, "init", "!reset", &Value::Null);
        }
        self.host(service, overlay);
        self.logging(service, overlay);
        self.mounts(service, overlay);
    }

    fn image(&self, service: Service<'_>, overlay: &mut Overlay) {
        let image = self
            .overrides
            .images
            .get(service.name)
            .or_else(|| self.images.get(service.name));
        if let Some(image) = image {
            overlay.entry(4, "image", "", &json!(image));
        } else if service.resolved.image.is_none() {
            // Compose would name it after the sandbox.
            overlay.entry(
                4,
                "image",
                "",
                &json!(format!(
                    "{}-{}",
                    self.model.resolved().project(),
                    service.name
                )),
            );
        }
    }

    fn health(&self, service: Service<'_>, overlay: &mut Overlay) {
        if let Some(check) = self.overrides.health.get(service.name) {
            overlay.entry(4, "healthcheck", "!override", check);
            return;
        }
        let Some(committed) = service.health() else {
            return;
        };
        let quick = self.pace.of(committed);
        if quick != committed {
            overlay.entry(
                4,
                "healthcheck",
                "",
                &json!({ "interval": format!("{}ms", quick.interval.as_millis()) }),
            );
        }
    }

    fn ports(&self, service: Service<'_>, overlay: &mut Overlay) {
        let reached = self.reach.filter(|(name, _)| *name == service.name);
        let ports: Vec<_> = reached
            .iter()
            .map(|(_, port)| format!("127.0.0.1::{port}"))
            .collect();
        if service.answer.get("ports").is_some() || !ports.is_empty() {
            overlay.entry(4, "ports", "!override", &json!(ports));
        }
    }

    fn host(&self, service: Service<'_>, overlay: &mut Overlay) {
        let mut networks = service.answer["networks"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        for key in SHARED_WITH_THE_HOST {
            let Some(value) = service.answer[key].as_str() else {
                continue;
            };
            if value == "host" || value.starts_with("container:") {
                overlay.entry(4, key, "!reset", &Value::Null);
                overlay.note(format!(
                    "{}: without {key}: {value}, which reaches outside",
                    service.name
                ));
                if key == "network_mode" {
                    networks.insert("default".to_owned(), Value::Null);
                }
            }
        }
        if !networks.is_empty() {
            let own: Map<_, _> = networks
                .iter()
                .map(|(name, place)| (name.clone(), own_place(place)))
                .collect();
            overlay.entry(4, "networks", "!override", &own.into());
        }
        if service.answer["privileged"].as_bool() == Some(true) {
            overlay.entry(4, "privileged", "!reset", &Value::Null);
            overlay.note(format!("{}: not privileged", service.name));
        }
        for key in ["external_links", "devices", "mac_address", "use_api_socket"] {
            if service.answer.get(key).is_some() {
                overlay.entry(4, key, "!reset", &Value::Null);
                overlay.note(format!("{}: without {key}", service.name));
            }
        }
    }

    /// What is logged here is nobody else's business.
    fn logging(&self, service: Service<'_>, overlay: &mut Overlay) {
        let driver = service.answer["logging"]["driver"]
            .as_str()
            .unwrap_or("json-file");
        if !LOCAL_LOGS.contains(&driver) {
            overlay.entry(4, "logging", "!override", &json!({ "driver": "json-file" }));
            overlay.note(format!("{}: logs stay here, not {driver}", service.name));
        }
    }
}

/// Its names stay; addresses belong to a network that is not here.
fn own_place(place: &Value) -> Value {
    let Some(place) = place.as_object() else {
        return Value::Null;
    };
    let kept = place
        .iter()
        .filter(|(key, _)| PLACE_IN_NETWORK.contains(&key.as_str()));
    let kept: Map<_, _> = kept
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if kept.is_empty() {
        Value::Null
    } else {
        kept.into()
    }
}
