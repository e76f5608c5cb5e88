//! Dockerfiles: instructions, stages, and what the stage that is built says.

use std::collections::BTreeMap;

use compose_model::Template;

mod instructions;

pub(crate) use instructions::Instruction;
use instructions::instructions;

/// A Dockerfile taken apart.
#[derive(Debug)]
pub(crate) struct Dockerfile {
    /// `ARG`s before the first stage.
    globals: Vec<Instruction>,
    stages: Vec<Stage>,
}

/// `FROM` and what follows it.
#[derive(Debug)]
struct Stage {
    from: String,
    line: usize,
    name: Option<String>,
    instructions: Vec<Instruction>,
}

/// The stage that is built, with the stages that it builds upon.
#[derive(Debug)]
pub(crate) struct Build {
    /// The image that the lowest stage is built from, variables replaced.
    pub(crate) base: String,
    /// The line of its `FROM`.
    pub(crate) from_line: usize,
    /// The instructions, first to last; the variables of those that Docker expands replaced.
    pub(crate) instructions: Vec<Instruction>,
    /// What `ENV` leaves in the image.
    pub(crate) environment: BTreeMap<String, String>,
    /// The health checks of the stages that are not built.
    pub(crate) other_checks: Vec<Instruction>,
}

/// The values of build arguments that are given from outside.
pub(crate) type Arguments = BTreeMap<String, String>;

impl Dockerfile {
    pub(crate) fn parse(text: &str) -> Self {
        let (mut globals, mut stages) = (Vec::new(), Vec::<Stage>::new());
        for instruction in instructions(text) {
            if instruction.keyword == "FROM" {
                stages.push(Stage::of(&instruction));
            } else if let Some(stage) = stages.last_mut() {
                stage.instructions.push(instruction);
            } else {
                globals.push(instruction);
            }
        }
        Self { globals, stages }
    }

    /// What building a stage comes to, the last one where no `target` is named; none where there is
    /// no such stage.
    pub(crate) fn build(&self, target: Option<&str>, arguments: &Arguments) -> Option<Build> {
        let last = match target {
            Some(target) => self.position(target, self.stages.len())?,
            None => self.stages.len().checked_sub(1)?,
        };
        let mut globals = BTreeMap::new();
        for global in self.globals.iter().filter(|own| own.keyword == "ARG") {
            declare(&global.text, &mut globals, arguments, &BTreeMap::new());
        }
        let (mut chain, mut base) = (vec![last], String::new());
        while let Some(at) = chain.last().copied() {
            base = expand(&self.stages[at].from, &globals);
            match self.position(&base, at) {
                Some(below) => chain.push(below),
                None => break,
            }
        }
        let others = (0..self.stages.len()).filter(|at| !chain.contains(at));
        let other_checks = others
            .flat_map(|at| &self.stages[at].instructions)
            .filter(|own| own.keyword == "HEALTHCHECK")
            .cloned()
            .collect();
        let mut build = Build {
            base,
            from_line: chain.last().map_or(1, |lowest| self.stages[*lowest].line),
            instructions: Vec::new(),
            environment: BTreeMap::new(),
            other_checks,
        };
        for at in chain.iter().rev() {
            build.run(&self.stages[*at], arguments, &globals);
        }
        Some(build)
    }

    /// A stage by its name or number, among the first ones.
    fn position(&self, name: &str, before: usize) -> Option<usize> {
        let is_called = |stage: &Stage| {
            stage
                .name
                .as_ref()
                .is_some_and(|own| own.eq_ignore_ascii_case(name))
        };
        let named = self.stages[..before].iter().rposition(is_called);
        named.or_else(|| name.parse().ok().filter(|at| *at < before))
    }
}

impl Stage {
    fn of(from: &Instruction) -> Self {
        let words: Vec<_> = from
            .text
            .split_whitespace()
            .filter(|word| !word.starts_with("--"))
            .collect();
        let is_named = words
            .get(1)
            .is_some_and(|word| word.eq_ignore_ascii_case("as"));
        Self {
            from: words.first().copied().unwrap_or_default().to_owned(),
            line: from.line,
            name: words
                .get(2)
                .filter(|_| is_named)
                .map(|name| (*name).to_owned()),
            instructions: Vec::new(),
        }
    }
}

impl Build {
    fn run(&mut self, stage: &Stage, given: &Arguments, globals: &BTreeMap<String, String>) {
        // Arguments end with their stage; the environment stays.
        let mut arguments = BTreeMap::new();
        for instruction in &stage.instructions {
            let mut known = arguments.clone();
            known.extend(self.environment.clone());
            let mut instruction = instruction.clone();
            match instruction.keyword.as_str() {
                "ARG" => declare(&instruction.text, &mut arguments, given, globals),
                "ENV" => {
                    let pairs = pairs(&instruction.text);
                    let set = pairs
                        .into_iter()
                        .map(|(name, value)| (name, expand(&value, &known)));
                    self.environment.extend(set);
                }
                "EXPOSE" => instruction.text = expand(&instruction.text, &known),
                _ => {}
            }
            self.instructions.push(instruction);
        }
    }

    /// The instructions of a kind, first to last.
    pub(crate) fn all<'b>(&'b self, keyword: &'b str) -> impl Iterator<Item = &'b Instruction> {
        self.instructions
            .iter()
            .filter(move |own| own.keyword == keyword)
    }

    /// The health check that the image has, if it has one.
    pub(crate) fn check(&self) -> Option<&Instruction> {
        self.all("HEALTHCHECK")
            .last()
            .filter(|own| !own.text.trim().eq_ignore_ascii_case("none"))
    }
}

/// `ARG NAME`, `ARG NAME=default`, several in a row.
fn declare(
    text: &str,
    arguments: &mut BTreeMap<String, String>,
    given: &Arguments,
    globals: &BTreeMap<String, String>,
) {
    for word in instructions::words(text) {
        let (name, default) = match word.split_once('=') {
            Some((name, default)) => (name.to_owned(), Some(expand(default, arguments))),
            None => (word.clone(), globals.get(&word).cloned()),
        };
        let value = given.get(&name).cloned().or(default);
        arguments.extend(value.map(|value| (name, value)));
    }
}

/// `K=V K="V 2"`, or `K V` of old.
fn pairs(text: &str) -> Vec<(String, String)> {
    let words = instructions::words(text);
    if words.first().is_some_and(|first| !first.contains('=')) {
        let (name, value) = text
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((text, ""));
        return vec![(name.to_owned(), value.trim().to_owned())];
    }
    let pair = |word: &String| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    words.iter().filter_map(pair).collect()
}

/// A text with the variables that are known replaced; as it is where another one is needed.
pub(crate) fn expand(text: &str, known: &BTreeMap<String, String>) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    Template::parse(text)
        .ok()
        .and_then(|template| template.expand(&|name| known.get(name).cloned()).ok())
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests;
