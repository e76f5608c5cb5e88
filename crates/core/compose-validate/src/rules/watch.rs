//! What is synchronised needs a place to go.

use compose_edit::Path;
use compose_model::Service;

use crate::model::{Model, filled, items, path};
use crate::report::Report;

pub(super) fn check(_: Model<'_>, service: Service<'_>, report: &mut Report<'_>) {
    let watches = items(service.value.at(&Path::from(["develop", "watch"])));
    for (index, watch) in watches.iter().enumerate() {
        let action = filled(watch.get("action")).unwrap_or_default();
        if !matches!(action, "rebuild" | "restart") && filled(watch.get("target")).is_none() {
            let path = path(service, "develop").join("watch").join(index);
            report.add(
                &path,
                watch,
                format!("the action `{action}` wants a `target`"),
            );
        }
    }
}
