//! Secrets and configs have one source.

use compose_edit::Path;
use compose_model::Value;

use crate::model::{Model, filled, is_set};
use crate::report::Report;

pub(super) fn check(model: Model<'_>, report: &mut Report<'_>) {
    for (name, secret) in model.section("secrets") {
        let path = Path::from(["secrets", name]);
        at_most_one(&path, secret, &["file", "environment"], report);
        let from_file = secret.get("file").is_some();
        if !is_set(secret.get("external"))
            && !from_file
            && filled(secret.get("environment")).is_none()
        {
            report.add(
                &path,
                secret,
                format!("the secret `{name}` wants `file`, `environment` or `external: true`"),
            );
        }
    }
    for (name, config) in model.section("configs") {
        let path = Path::from(["configs", name]);
        let sources = ["file", "environment", "content"];
        at_most_one(&path, config, &sources, report);
        if sources
            .iter()
            .chain(&["external"])
            .all(|key| config.get(key).is_none())
        {
            let problem = format!(
                "the config `{name}` wants `file`, `environment`, `content` or `external: true`"
            );
            report.add(&path, config, problem);
        }
    }
}

fn at_most_one(path: &Path, value: &Value, sources: &[&str], report: &mut Report<'_>) {
    if sources
        .iter()
        .filter(|key| value.get(key).is_some())
        .count()
        > 1
    {
        report.add(
            path,
            value,
            format!("`{}` exclude each other", sources.join("`, `")),
        );
    }
}
