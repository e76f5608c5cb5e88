//! Networks, volumes, secrets and configs of the sandbox: its own, whatever name or place the files
//! pin.

use serde_json::{Map, Value, json};

use super::{Overlay, OverlaySpec};

impl OverlaySpec<'_> {
    pub(super) fn networks(&self, overlay: &mut Overlay) {
        let moved = |service: super::super::model::Service<'_>| {
            service.answer["network_mode"].as_str() == Some("host")
        };
        let known: Vec<_> = self.model.section("networks").collect();
        let default = json!({});
        let needs_default =
            self.model.services().any(moved) && !known.iter().any(|(key, _)| *key == "default");
        let added = needs_default.then_some(("default", &default));
        let all: Vec<_> = known.into_iter().chain(added).collect();
        if all.is_empty() {
            return;
        }
        overlay.line("networks:");
        for (key, network) in all {
            let mut own = Map::new();
            own.insert("name".to_owned(), json!(format!("{}_{key}", self.project)));
            for kept in ["internal", "attachable"] {
                own.extend(
                    network
                        .get(kept)
                        .map(|value| (kept.to_owned(), value.clone())),
                );
            }
            overlay.entry(2, key, "!override", &own.into());
            if network["external"].as_bool() == Some(true) {
                overlay.note(format!(
                    "network {key}: the sandbox's own, not the external one"
                ));
            } else if network["ipam"]["config"].is_array() {
                overlay.note(format!("network {key}: without its fixed addresses"));
            }
        }
    }

    pub(super) fn volumes(&self, overlay: &mut Overlay) {
        let known: Vec<_> = self.model.section("volumes").collect();
        let fresh = self.fresh_volumes();
        if known.is_empty() && fresh.is_empty() {
            return;
        }
        overlay.line("volumes:");
        for (key, volume) in known {
            overlay.entry(
                2,
                key,
                "!override",
                &json!({ "name": format!("{}_{key}", self.project) }),
            );
            let is_set = |part: &str| {
                volume
                    .get(part)
                    .is_some_and(|value| !value.is_null() && *value != json!({}))
            };
            if volume["external"].as_bool() == Some(true) {
                overlay.note(format!(
                    "volume {key}: a new one of the sandbox, not the external one"
                ));
            } else if is_set("driver_opts")
                || volume["driver"]
                    .as_str()
                    .is_some_and(|driver| driver != "local")
            {
                overlay.note(format!(
                    "volume {key}: a new local one, without its driver or options"
                ));
            }
        }
        for key in fresh {
            overlay.entry(
                2,
                &key,
                "",
                &json!({ "name": format!("{}_{key}", self.project) }),
            );
        }
    }

    pub(super) fn replaced_files(&self, overlay: &mut Overlay) {
        for section in ["secrets", "configs"] {
            let own: Vec<_> = self
                .files
                .iter()
                .filter(|((of, _), _)| of == section)
                .collect();
            if own.is_empty() {
                continue;
            }
            overlay.line(&format!("{section}:"));
            for ((_, key), file) in own {
                let value: Value = json!({ "file": file });
                overlay.entry(2, key, "!override", &value);
            }
        }
    }
}
