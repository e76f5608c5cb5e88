//! A layout as the text of `compose/stack.yaml`.

use compose_edit::flow_scalar;

use super::Layout;

/// The key `environments` of a layout, as lines of YAML: one environment a line.
#[must_use]
pub fn environments(layout: &Layout) -> String {
    let mut text = "environments:\n".to_owned();
    for (name, environment) in &layout.environments {
        let (name, files) = (flow_scalar(name), list(&environment.files));
        let env_files = match environment.env_files.as_slice() {
            [] => String::new(),
            env_files => format!(", env_files: {}", list(env_files)),
        };
        text.push_str(&format!("  {name}: {{ files: {files}{env_files} }}\n"));
    }
    text
}

/// A name as YAML reads it back: quoted where it must be.
#[must_use]
pub fn plain_or_quoted(name: &str) -> String {
    flow_scalar(name)
}

fn list(paths: &[String]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| flow_scalar(path)).collect();
    format!("[{}]", paths.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::EnvironmentFiles;
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let names = [
            "a, b.yml",
            "it's.yml",
            "with \"quotes\".yml",
            "a #b.yml",
            "#a.yml",
            "-a.yml",
            "- a.yml",
            "caf\u{e9}.yml",
            " a.yml ",
            "a: b.yml",
            "{a}.yml",
            "*a.yml",
            "&a.yml",
            "!a.yml",
            "%a.yml",
            "@a.yml",
            "`a.yml",
            "null",
            "1e3",
            "yes",
            "a\nb.yml",
            "\u{1f600}.yml",
            "~",
            "[a].yml",
            "a\\b.yml",
            "?a.yml",
            "a:.yml",
            "2026-11-28",
        ];
        let files: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let own = EnvironmentFiles {
            files: files.clone(),
            env_files: files,
        };
        let environments = names
            .iter()
            // A name that starts like a flag is refused; a file's is not.
            .map(|name| (name.trim_start_matches('-').to_owned(), own.clone()))
            .collect();
        let layout = Layout {
            environments,
            ..Layout::default()
        };
        assert_eq!(
            Layout::parse("compose/stack.yaml", &super::environments(&layout)),
            Ok(layout)
        );
    }
}
