//! Structural mutations of a YAML text. What comes out need not be YAML; the caller looks.

use compose_edit::{Document, Node};

use crate::cases;
use crate::random::Random;

/// One mutation, drawn by chance; the text as it was where that one does not apply.
pub fn once(text: &str, random: &mut Random) -> String {
    let mutations: [fn(&str, &mut Random) -> Option<String>; 15] = [
        comment_line,
        comment_line,
        comment_beside,
        comment_glued,
        blank_line,
        white_line,
        remove_line,
        swap_lines,
        quote,
        to_flow,
        block_scalar,
        nothing,
        anchor,
        tag,
        whole,
    ];
    random.pick(&mutations)(text, random).unwrap_or_else(|| text.to_owned())
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}

fn with_line(text: &str, line: String, random: &mut Random) -> String {
    let mut lines = lines(text);
    let first = usize::from(lines[0].starts_with('\u{feff}'));
    lines.insert(first.max(random.below(lines.len())), line);
    lines.join("\n")
}

fn comment_line(text: &str, random: &mut Random) -> Option<String> {
    let words = [
        "# note",
        "# key: value",
        "# - item",
        "#",
        "# --- section ---",
        "#TODO: x",
        "# it's \"quoted\" {a: [b",
    ];
    let line = format!("{}{}", " ".repeat(random.below(9)), random.pick(&words));
    Some(with_line(text, line, random))
}

fn comment_beside(text: &str, random: &mut Random) -> Option<String> {
    let mut lines = lines(text);
    let chosen = random.below(lines.len());
    let line = &mut lines[chosen];
    let end = line.trim_end_matches('\r').len();
    let behind = random.pick::<&str>(&[" # beside", "  #", "\t# behind a tab", " #: x", "   "]);
    line.insert_str(end, behind);
    Some(lines.join("\n"))
}

/// A comment without a blank before it, behind a brace, a bracket, a comma or a quote: Compose
/// takes those.
fn comment_glued(text: &str, random: &mut Random) -> Option<String> {
    let mut lines = lines(text);
    let takes = |line: &String| {
        line.trim_end()
            .ends_with(['{', '}', '[', ']', ',', '"', '\''])
    };
    let fitting: Vec<usize> = (0..lines.len())
        .filter(|line| takes(&lines[*line]))
        .collect();
    let chosen = *random.pick(fitting.get(..).filter(|fitting| !fitting.is_empty())?);
    let line = &mut lines[chosen];
    let end = line.trim_end().len();
    line.insert_str(end, random.pick::<&str>(&["#", "#x", "# glued", "#}"]));
    Some(lines.join("\n"))
}

fn blank_line(text: &str, random: &mut Random) -> Option<String> {
    Some(with_line(text, String::new(), random))
}

fn white_line(text: &str, random: &mut Random) -> Option<String> {
    let line = " ".repeat(random.below(9));
    Some(with_line(text, line, random))
}

fn remove_line(text: &str, random: &mut Random) -> Option<String> {
    let mut lines = lines(text);
    lines.remove(random.below(lines.len()));
    Some(lines.join("\n"))
}

fn swap_lines(text: &str, random: &mut Random) -> Option<String> {
    let mut lines = lines(text);
    let first = random.below(lines.len().checked_sub(1).filter(|length| *length > 0)?);
    lines.swap(first, first + 1);
    Some(lines.join("\n"))
}

/// A node of the text that pleases.
fn node<'d>(
    document: &'d Document,
    random: &mut Random,
    pleases: impl Fn(Node<'d>) -> bool,
) -> Option<Node<'d>> {
    let nodes: Vec<Node<'d>> = cases::nodes(document)
        .into_iter()
        .map(|(_, node)| node)
        .filter(|node| pleases(*node))
        .collect();
    (!nodes.is_empty()).then(|| *random.pick(&nodes))
}

/// The text with a node's own text replaced.
fn replaced(text: &str, node: Node<'_>, new: &str) -> String {
    format!(
        "{}{new}{}",
        &text[..node.span().start],
        &text[node.span().end..]
    )
}

fn is_plain_word(node: Node<'_>) -> bool {
    node.as_scalar().is_some()
        && !node.span().is_empty()
        && !node.text().contains(['\n', '"', '\'', '\\'])
}

fn quote(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = node(&document, random, is_plain_word)?;
    let word = node.text();
    let forms = [
        format!("'{word}'"),
        format!("\"{word}\""),
        format!("\"{word}\\n\\\n   more\""),
        format!("{word}\n           more"),
    ];
    Some(replaced(text, node, random.pick(&forms).as_str()))
}

/// A list of words in brackets, on one line or on several.
fn to_flow(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let list = node(&document, random, |node| {
        node.as_sequence()
            .is_some_and(|list| !list.is_empty() && list.items().all(is_plain_word))
    })?;
    let words: Vec<&str> = list.as_sequence()?.items().map(Node::text).collect();
    let pad = " ".repeat(10);
    let forms = [
        format!("[{}]", words.join(", ")),
        format!("[ {} ]", words.join(" , ")),
        format!("[{},]", words.join(",")),
        format!("[\n{pad}{}\n{pad}]", words.join(&format!(", # why\n{pad}"))),
        format!(
            "[\n{pad}{},  # last\n{pad}]",
            words.join(&format!(",\n{pad}"))
        ),
        format!("{{{}: 1, b: [x, {{c: d}}]}}", words[0]),
    ];
    let above = text[..list.span().start].trim_end().len();
    let end = list.span().end;
    Some(format!(
        "{} {}{}",
        &text[..above],
        random.pick(&forms),
        &text[end..]
    ))
}

fn block_scalar(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = node(&document, random, |node| {
        is_plain_word(node) && node.parent().is_some()
    })?;
    let pad = " ".repeat(random.below(3) + 10);
    let header = *random.pick(&["|", "|-", "|+", ">", ">-", ">+", "| # why"]);
    let below = *random.pick(&["", "\n", "\n\n", "\n         "]);
    let body = format!(
        "{header}\n{pad}{}\n\n{pad}  more # no comment{below}",
        node.text()
    );
    Some(replaced(text, node, &body))
}

/// Nothing, a null or an empty collection in the place of a value.
fn nothing(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = node(&document, random, |node| {
        node.parent().is_some() && !node.span().is_empty()
    })?;
    let nothing = random.pick::<&str>(&["", "~", "null", "{}", "[]", "{ }", "[ ]", "[\n ]"]);
    Some(replaced(text, node, nothing))
}

fn anchor(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let word = |node: Node<'_>| is_plain_word(node) || node.text().starts_with(['{', '[']);
    let first = node(&document, random, word)?;
    let second = node(&document, random, |node| {
        is_plain_word(node) && node.span().start > first.span().end
    })?;
    let text = replaced(text, second, "*shared");
    Some(replaced(&text, first, &format!("&shared {}", first.text())))
}

fn tag(text: &str, random: &mut Random) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let node = node(&document, random, |node| {
        is_plain_word(node) || node.text().starts_with(['{', '['])
    })?;
    Some(replaced(
        text,
        node,
        &format!(
            "{} {}",
            random.pick(&["!reset", "!override", "!!str"]),
            node.text()
        ),
    ))
}

/// The whole file in another guise.
fn whole(text: &str, random: &mut Random) -> Option<String> {
    let forms = [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        text.trim_end().to_owned(),
        format!("---\n{text}"),
        format!("{text}\n...\n"),
        format!("%YAML 1.1\n---\n{text}"),
        format!("{text}\n\n\n"),
    ];
    let plain = !text.contains('\r')
        && !text.starts_with(['\u{feff}', '-', '%'])
        && !text.contains("\n...");
    plain.then(|| random.pick(&forms).clone())
}
