//! The same file as others write it.

use compose_edit::{Document, Path};

use crate::reindent::reindent;

/// The file itself and its variants, by name.
pub fn of(text: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("as it is", text.to_owned()),
        ("CRLF", text.replace("\r\n", "\n").replace('\n', "\r\n")),
        (
            "BOM",
            format!("\u{feff}{}", text.trim_start_matches('\u{feff}')),
        ),
        ("no final newline", text.trim_end().to_owned()),
    ];
    let reindented = [
        ("indentless", 2, 0),
        ("indent 4", 4, 4),
        ("indent 4, indentless", 4, 0),
    ];
    all.extend(
        reindented
            .iter()
            .filter_map(|(name, step, offset)| Some((*name, reindent(text, *step, *offset)?))),
    );
    all.extend(
        ["volumes:", "volumes: {}", ""]
            .into_iter()
            .filter_map(|volumes| {
                let name = if volumes.is_empty() {
                    "no volumes"
                } else {
                    volumes
                };
                Some((name, with_volumes(text, volumes)?))
            }),
    );
    all
}

/// The file with this line in the place of its top-level `volumes`.
fn with_volumes(text: &str, volumes: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let line = if volumes.is_empty() {
        String::new()
    } else {
        format!("{volumes}\n")
    };
    let Some((key, value)) = document.root()?.as_mapping()?.entry("volumes") else {
        return (!volumes.is_empty()).then(|| format!("{}\n{line}", text.trim_end()));
    };
    let end = document
        .get(&Path::from(["volumes"]))
        .map(|_| value.span().end.max(key.span().end + 1))?;
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    Some(format!(
        "{}{line}{}",
        &text[..key.span().start],
        &text[line_end..]
    ))
}
