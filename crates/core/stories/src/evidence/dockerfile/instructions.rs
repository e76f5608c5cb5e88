//! The instructions of a Dockerfile, as BuildKit reads its lines.

/// One instruction, its lines put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// In capitals: `EXPOSE`.
    pub(crate) keyword: String,
    /// What follows it; the bodies of here-documents behind it, line by line.
    pub(crate) text: String,
    /// The line that it begins on, from 1.
    pub(crate) line: usize,
}

/// All instructions: comments left out, lines that go on put together.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let text = text.trim_start_matches('\u{feff}');
    let escape = escape(text);
    let mut lines = text.lines().enumerate();
    let mut found = Vec::new();
    while let Some((at, first)) = lines.next() {
        let mut whole = String::new();
        let mut next = Some(first);
        while let Some(line) = next {
            if line.trim_start().starts_with('#') || line.trim().is_empty() {
                // Inside an instruction neither ends it.
                if whole.is_empty() {
                    break;
                }
            } else if let Some(part) = line.trim_end().strip_suffix(escape) {
                whole.push_str(part);
            } else {
                whole.push_str(line);
                break;
            }
            next = lines.next().map(|(_, line)| line);
        }
        let Some(mut instruction) = instruction(&whole, at + 1) else {
            continue;
        };
        for end in here_documents(&instruction) {
            for (_, line) in lines.by_ref() {
                if line.trim_start_matches('\t').trim_end() == end {
                    break;
                }
                instruction.text.push('\n');
                instruction.text.push_str(line);
            }
        }
        found.push(instruction);
    }
    found
}

fn instruction(line: &str, number: usize) -> Option<Instruction> {
    let line = line.trim();
    let (keyword, text) = line.split_once(char::is_whitespace)?;
    Some(Instruction {
        keyword: keyword.to_ascii_uppercase(),
        text: text.trim().to_owned(),
        line: number,
    })
}

/// The character that lets a line go on: the directive `# escape=` at the top may set another one.
fn escape(text: &str) -> char {
    let directives = text.lines().map_while(|line| line.trim().strip_prefix('#'));
    for directive in directives {
        let Some((name, value)) = directive.split_once('=') else {
            break;
        };
        if name.trim().eq_ignore_ascii_case("escape") {
            return value.trim().chars().next().unwrap_or('\\');
        }
    }
    '\\'
}

/// The words that end the here-documents of an instruction that may have some.
fn here_documents(instruction: &Instruction) -> Vec<String> {
    if !matches!(instruction.keyword.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let marks = instruction
        .text
        .match_indices("<<")
        .map(|(at, _)| &instruction.text[at + 2..]);
    let word = |rest: &str| {
        let rest = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_owned())
    };
    marks.filter_map(word).collect()
}

/// Words of an instruction, their quotes taken off.
pub(super) fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => {
                let next = chars.next();
                word.get_or_insert_default().extend(next);
            }
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
