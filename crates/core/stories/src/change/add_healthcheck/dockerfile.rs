//! What a Dockerfile says of the image's port and probe.

/// The instructions of the stage that is built and of the stages that it builds upon, first to
/// last.
#[derive(Debug)]
pub(super) struct Dockerfile {
    instructions: Vec<(String, String)>,
}

/// `FROM` and what follows it.
#[derive(Debug, Default)]
struct Stage {
    from: String,
    name: String,
    instructions: Vec<(String, String)>,
}

impl Dockerfile {
    /// Reads a text. `target` is the stage that is built, the last one where none is named.
    pub(super) fn parse(text: &str, target: Option<&str>) -> Self {
        let stages = stages(text);
        let mut next = match target {
            Some(target) => position(&stages, target),
            None => stages.len().checked_sub(1),
        };
        let mut chain = Vec::new();
        while let Some(at) = next {
            chain.push(at);
            next = position(&stages[..at], &stages[at].from);
        }
        let instructions = chain
            .iter()
            .rev()
            .flat_map(|at| stages[*at].instructions.clone())
            .collect();
        Self { instructions }
    }

    /// The TCP ports of `EXPOSE` that are numbers.
    pub(super) fn ports(&self) -> Vec<u32> {
        let words = self.all("EXPOSE").flat_map(str::split_whitespace);
        words
            .filter_map(|word| word.strip_suffix("/tcp").unwrap_or(word).parse().ok())
            .collect()
    }

    /// The command of `HEALTHCHECK`, as words behind `CMD` or `CMD-SHELL`.
    pub(super) fn probe(&self) -> Option<Vec<String>> {
        let last = self.all("HEALTHCHECK").last()?;
        let options_end = last
            .split_whitespace()
            .find(|word| !word.starts_with("--"))?;
        let command = last[last.find(options_end)?..].strip_prefix("CMD")?.trim();
        Some(match serde_json::from_str::<Vec<String>>(command) {
            Ok(words) => std::iter::once("CMD".to_owned()).chain(words).collect(),
            Err(_) => vec![
                "CMD-SHELL".to_owned(),
                command.split_whitespace().collect::<Vec<_>>().join(" "),
            ],
        })
    }

    fn all<'d>(&'d self, name: &'static str) -> impl Iterator<Item = &'d str> {
        self.instructions
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, rest)| rest.as_str())
    }
}

fn position(stages: &[Stage], name: &str) -> Option<usize> {
    stages
        .iter()
        .position(|stage| stage.name.eq_ignore_ascii_case(name))
}

fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for (name, rest) in instructions(text) {
        if name != "FROM" {
            if let Some(stage) = stages.last_mut() {
                stage.instructions.push((name, rest));
            }
            continue;
        }
        let words: Vec<_> = rest
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let name = words
            .get(2)
            .map_or_else(|| stages.len().to_string(), |name| (*name).to_owned());
        let from = words.first().copied().unwrap_or_default().to_owned();
        stages.push(Stage {
            from,
            name,
            instructions: Vec::new(),
        });
    }
    stages
}

/// Instructions in capitals with what they say, lines that go on put together, comments left out.
fn instructions(text: &str) -> impl Iterator<Item = (String, String)> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut joined = vec![String::new()];
    for line in lines {
        let goes_on = line.strip_suffix('\\');
        if let Some(last) = joined.last_mut() {
            last.push_str(goes_on.unwrap_or(line));
        }
        if goes_on.is_none() {
            joined.push(String::new());
        }
    }
    joined.into_iter().filter_map(|line| {
        let (name, rest) = line.split_once(char::is_whitespace)?;
        Some((name.to_ascii_uppercase(), rest.trim().to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGES: &str = "# syntax=docker/dockerfile:1
FROM node:22 AS base
EXPOSE 3000
FROM base AS development
EXPOSE 9229/tcp 5353/udp
FROM --platform=$BUILDPLATFORM base as production
EXPOSE $PORT
healthcheck --interval=5s \\
  # not a shell comment
  CMD curl -f http://localhost:${PORT}/ready \\
    || exit 1
";

    #[test]
    fn a_stage_says_what_the_stages_below_it_say() {
        assert_eq!(
            Dockerfile::parse(STAGES, Some("development")).ports(),
            [3000, 9229]
        );
        assert_eq!(Dockerfile::parse(STAGES, None).ports(), [3000]);
        assert_eq!(Dockerfile::parse(STAGES, Some("elsewhere")).ports(), [0; 0]);
    }

    #[test]
    fn a_probe_is_the_last_one_of_its_stage() {
        assert_eq!(Dockerfile::parse(STAGES, Some("development")).probe(), None);
        let probe = [
            "CMD-SHELL",
            "curl -f http://localhost:${PORT}/ready || exit 1",
        ]
        .map(str::to_owned);
        assert_eq!(
            Dockerfile::parse(STAGES, None).probe(),
            Some(probe.to_vec())
        );
        let words = "FROM a\nHEALTHCHECK CMD [\"probe\", \"-q\"]\n";
        assert_eq!(
            Dockerfile::parse(words, None).probe(),
            Some(["CMD", "probe", "-q"].map(str::to_owned).to_vec())
        );
        assert_eq!(
            Dockerfile::parse("FROM a\nHEALTHCHECK NONE\n", None).probe(),
            None
        );
    }
}
