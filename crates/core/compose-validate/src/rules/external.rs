//! A volume that others manage is only named here.

use compose_edit::Path;

use crate::model::{Model, entries, is_set};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, report: &mut Report<'_>) {
    for (name, volume) in model.section("volumes") {
        if !is_set(volume.get("external")) {
            continue;
        }
        for (key, value) in entries(Some(volume)) {
            if !matches!(key, "external" | "name") && !key.starts_with("x-") {
                let problem =
                    format!("`{key}` says how to make the volume `{name}`, which is external");
                report.add(&Path::from(["volumes", name, key]), value, problem);
            }
        }
    }
}
