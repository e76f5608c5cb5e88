//! Which variables a compose file asks for, and which an env file sets: names alone, values are Compose's business.

/// A variable as a compose file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether Compose rejects the file without it: `${NAME:?}`, `${NAME?}`.
    pub required: bool,
    /// Whether the file says what to take without it: `${NAME:-x}`, `${NAME-x}`, `${NAME:+x}`.
    pub has_default: bool,
}

/// The variables of a text, those inside defaults too. Comment lines and `$$` are no variables.
pub fn variables(text: &str) -> Vec<Variable> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(in_line).collect()
}

fn in_line(line: &str) -> Vec<Variable> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, behind)) = rest.split_once('$') {
        if let Some(escaped) = behind.strip_prefix('$') {
            rest = escaped;
            continue;
        }
        found.extend(leading(behind));
        rest = behind;
    }
    found
}

/// The variable behind a `$`.
fn leading(text: &str) -> Option<Variable> {
    let (text, braced) = text.strip_prefix('{').map_or((text, false), |inner| (inner, true));
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, behind) = text.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let operator = behind.strip_prefix(':').unwrap_or(behind);
    let required = braced && operator.starts_with('?');
    let has_default = braced && operator.starts_with(['-', '+']);
    Some(Variable { name: name.to_owned(), required, has_default })
}

/// The names that an env file sets.
pub fn set_names(text: &str) -> Vec<String> {
    let assignments = text.lines().filter_map(|line| line.split_once('='));
    let names = assignments.map(|(name, _)| name.trim().trim_start_matches("export ").trim());
    names.filter(|name| !name.starts_with('#')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_tell_what_is_required() {
        let found = variables("image: ${A:?say}/$B:${C:-${D?}} $$E ${F}\n # ${G}\n$1");
        let told: Vec<_> = found.iter().map(|v| (v.name.as_str(), v.required, v.has_default)).collect();
        let expected =
            [("A", true, false), ("B", false, false), ("C", false, true), ("D", true, false), ("F", false, false)];
        assert_eq!(told, expected);
    }

    #[test]
    fn env_files_set_names() {
        assert_eq!(set_names("A=1\nexport B = 2\n# C=3\nD\n"), ["A", "B"]);
    }
}
