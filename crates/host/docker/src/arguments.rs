//! What a command line of `docker compose` asks for, and which of it may be passed on unseen.
//!
//! Nothing is guessed: a verb or a flag that these tables do not know is refused, for a later
//! Compose may give it any meaning.

mod table;

use std::fmt;

use table::{COSTS, GLOBAL, Opt, VERBS, common};

pub use table::Effect;

/// A command line of `docker compose` that may be passed on once the containers have been looked
/// at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The verb; empty where there are global flags alone.
    pub verb: String,
    /// What it does.
    pub effect: Effect,
    /// What stands behind the verb and is no flag: services, as a rule.
    pub words: Vec<String>,
    /// All of it, as it was typed.
    pub typed: Vec<String>,
    global: Vec<Given>,
    flags: Vec<Given>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Given {
    name: &'static str,
    value: Option<String>,
}

/// Why a command line is not passed on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A flag that costs data.
    #[error("`{verb} {flag}` {why}, and this tool never does that")]
    Costs {
        /// The verb.
        verb: String,
        /// The flag as it was typed.
        flag: String,
        /// What it does.
        why: &'static str,
    },
    /// A verb that the tables do not have.
    #[error(
        "`docker compose {0}` is not known here, so whether it keeps the data is not known either"
    )]
    Verb(String),
    /// A flag that the tables do not have.
    #[error(
        "the flag {flag} of `{}` is not known here, so whether it keeps the data is not known either",
        Shown(verb)
    )]
    Flag {
        /// The verb; empty for one before it.
        verb: String,
        /// The flag as it was typed.
        flag: String,
    },
}

struct Shown<'v>(&'v str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "docker compose{}{}",
            if self.0.is_empty() { "" } else { " " },
            self.0
        )
    }
}

impl Arguments {
    /// Reads what stands behind `docker compose`.
    ///
    /// # Errors
    /// [`Refusal`] for what may cost data, and for what the tables do not know.
    pub fn parse(words: &[String]) -> Result<Self, Refusal> {
        let mut rest = words.iter();
        let (global, first) = Reader {
            verb: "",
            table: Some(GLOBAL),
            ends_at_words: true,
        }
        .read(&mut rest)?;
        let Some(name) = first.first() else {
            let effect = Effect::Looks;
            let (typed, none) = (words.to_vec(), Vec::new());
            return Ok(Self {
                verb: String::new(),
                effect,
                words: none,
                typed,
                global,
                flags: Vec::new(),
            });
        };
        let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
            return Err(Refusal::Verb(name.clone()));
        };
        let reader = Reader {
            verb: verb.name,
            table: verb.flags,
            ends_at_words: verb.ends_at_words,
        };
        let (flags, behind) = reader.read(&mut first[1..].iter())?;
        let (name, typed) = (verb.name.to_owned(), words.to_vec());
        let mut found = Self {
            verb: name,
            effect: verb.effect,
            words: behind,
            typed,
            global,
            flags,
        };
        // `--version` counts only without a verb: with one, Compose runs the verb.
        if is_set(&found.global, "help") || found.has("help") || found.is_dry_run() {
            found.effect = Effect::Looks;
        }
        Ok(found)
    }

    /// Whether a flag stands behind the verb, and is not said to be false.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        is_set(&self.flags, flag)
    }

    /// How many containers a service is said to get: `--scale web=2`, and the words of `scale`.
    #[must_use]
    pub fn scale_of(&self, service: &str) -> Option<u64> {
        let flags = self
            .flags
            .iter()
            .filter(|given| given.name == "scale")
            .filter_map(|given| given.value.as_ref());
        let words = self.words.iter().filter(|_| self.verb == "scale");
        let pairs = flags.chain(words).filter_map(|text| text.split_once('='));
        pairs
            .filter(|(name, _)| *name == service)
            .filter_map(|(_, number)| number.parse().ok())
            .next_back()
    }

    /// The value of the last flag by this name behind the verb.
    #[must_use]
    pub fn value_of(&self, flag: &str) -> Option<&str> {
        self.flags
            .iter()
            .rev()
            .find(|given| given.name == flag)?
            .value
            .as_deref()
    }

    /// The profiles that are named before the verb.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        let named = self.global.iter().filter(|given| given.name == "profile");
        named.filter_map(|given| given.value.as_deref())
    }

    /// Whether containers of services that the files do not have are removed too.
    #[must_use]
    pub fn removes_orphans(&self) -> bool {
        self.effect != Effect::Looks && self.has("remove-orphans")
    }

    /// The first of the flags before the verb by which other files or another folder are read; with
    /// its value.
    #[must_use]
    pub fn other_files(&self) -> Option<String> {
        let other = ["file", "env-file", "project-directory", "workdir"];
        let given = self
            .global
            .iter()
            .find(|given| other.contains(&given.name))?;
        Some(format!(
            "--{} {}",
            given.name,
            given.value.as_deref().unwrap_or_default()
        ))
    }

    /// The projects that are named before the verb.
    pub fn projects(&self) -> impl Iterator<Item = &str> {
        let named = self
            .global
            .iter()
            .filter(|given| given.name == "project-name");
        named.map(|given| given.value.as_deref().unwrap_or_default())
    }

    /// Only what is said to be one for certain.
    fn is_dry_run(&self) -> bool {
        let last = self
            .flags
            .iter()
            .chain(&self.global)
            .filter(|given| given.name == "dry-run");
        let mut all = last.peekable();
        all.peek().is_some()
            && all.all(|given| given.value.as_deref().is_none_or(|value| value == "true"))
    }
}

/// Whether the last of some flags by this name is not said to be false.
fn is_set(flags: &[Given], name: &str) -> bool {
    let last = flags.iter().rev().find(|given| given.name == name);
    last.is_some_and(|given| {
        !matches!(
            given.value.as_deref(),
            Some("false" | "False" | "FALSE" | "f" | "F" | "0")
        )
    })
}

/// Reads flags by a table, as Compose's own parser does.
struct Reader {
    verb: &'static str,
    table: Option<&'static [&'static str]>,
    ends_at_words: bool,
}

type Rest<'a> = std::slice::Iter<'a, String>;

impl Reader {
    /// The flags and the words.
    fn read(&self, rest: &mut Rest<'_>) -> Result<(Vec<Given>, Vec<String>), Refusal> {
        let (mut flags, mut words) = (Vec::new(), Vec::new());
        while let Some(word) = rest.next() {
            if word == "--" {
                words.extend(rest.by_ref().cloned());
            } else if let Some(long) = word.strip_prefix("--") {
                flags.extend(self.long(long, word, rest)?);
            } else if let Some(letters) =
                word.strip_prefix('-').filter(|letters| !letters.is_empty())
            {
                self.short(letters, word, rest, &mut flags)?;
            } else {
                words.push(word.clone());
                if self.ends_at_words {
                    words.extend(rest.by_ref().cloned());
                }
            }
        }
        Ok((flags, words))
    }

    fn long(&self, long: &str, word: &str, rest: &mut Rest<'_>) -> Result<Option<Given>, Refusal> {
        let (name, value) = long
            .split_once('=')
            .map_or((long, None), |(name, value)| (name, Some(value.to_owned())));
        let Some(option) = self.find(|option| option.name == name, word)? else {
            return Ok(None);
        };
        let value = if value.is_none() && option.takes_value {
            rest.next().cloned()
        } else {
            value
        };
        Ok(Some(Given {
            name: option.name,
            value,
        }))
    }

    /// `-dt5`, `-t 5`, `-t=5`: the first letter that takes a value takes what is left.
    fn short(
        &self,
        letters: &str,
        word: &str,
        rest: &mut Rest<'_>,
        flags: &mut Vec<Given>,
    ) -> Result<(), Refusal> {
        for (at, letter) in letters.char_indices() {
            let Some(option) = self.find(|option| option.letter == Some(letter), word)? else {
                return Ok(());
            };
            let left = &letters[at + letter.len_utf8()..];
            if option.takes_value {
                let own = left.strip_prefix('=').unwrap_or(left).to_owned();
                let value = if own.is_empty() {
                    rest.next().cloned()
                } else {
                    Some(own)
                };
                flags.push(Given {
                    name: option.name,
                    value,
                });
                return Ok(());
            }
            let value = left.strip_prefix('=').map(str::to_owned);
            let ends = value.is_some();
            flags.push(Given {
                name: option.name,
                value,
            });
            if ends {
                return Ok(());
            }
        }
        Ok(())
    }

    /// None where the verb's flags are its own business.
    fn find(&self, is_it: impl Fn(&Opt) -> bool, word: &str) -> Result<Option<Opt>, Refusal> {
        let Some(table) = self.table else {
            return Ok(common().find(is_it));
        };
        let (verb, flag) = (self.verb.to_owned(), word.to_owned());
        match table
            .iter()
            .map(|text| Opt::of(text))
            .chain(common())
            .find(is_it)
        {
            Some(option) if option.costs => {
                let why = COSTS
                    .iter()
                    .find(|(name, _)| *name == option.name)
                    .map_or("costs data", |(_, why)| why);
                Err(Refusal::Costs { verb, flag, why })
            }
            Some(option) => Ok(Some(option)),
            None => Err(Refusal::Flag { verb, flag }),
        }
    }
}

#[cfg(test)]
mod tests;
