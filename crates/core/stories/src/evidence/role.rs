//! Which service plays a role.
//!
//! | what is seen | grade | what becomes of it |
//! |---|---|---|
//! | `roles` of `compose/stack.yaml` names it | stated | taken |
//! | it is called like the role | found | taken |
//! | a record of the ledger says that a story was applied to it in that role | found | taken |
//! | one service alone has a word of the role in its name (a frontend: as its name), and any sign | found | taken and said |
//! | one has such a word beside others, or one that either role or a product has, such as `app`, `web` or `fleet-server`, and a sign that only this role has | found | taken and said |
//! | one has the word and no sign, or the signs and no word | guessed | asked |
//! | several have as much | guessed | asked |
//! | none has a word or all signs | none | the story does not apply |
//!
//! What serves something else by its image (a datastore, a proxy, a tool) or by its name (a worker,
//! a migration) plays neither.

use compose_model::Service;

use super::{Evidence, Grade, Source};
use crate::context::Context;
use crate::question::{Answer, Section};
use crate::{Parameter, Question};

mod candidate;
mod signs;
mod words;

use candidate::{Candidate, Candidates};
use words::{Role, Word};

/// Who plays a role in an environment.
#[derive(Debug)]
pub(crate) enum Player<'a> {
    /// Nobody.
    Nobody,
    /// A service, and how that is known.
    Known {
        service: Service<'a>,
        evidence: Evidence<String>,
        /// Whether it goes without saying: its name or `compose/stack.yaml` says it.
        is_plain: bool,
    },
    /// A person says who.
    Open(Box<Question>),
}

/// Who plays a role in an environment.
pub(crate) fn of<'a>(cx: &Context<'a>, role: &str) -> Player<'a> {
    if let Some(name) = cx.stack.layout.roles.get(role) {
        let parameter = format!("roles: {{ {role}: {name} }}");
        return match cx.view.service(name) {
            Some(service) => Player::plain(service, Evidence::stated(&parameter, name.clone())),
            None => Player::Nobody,
        };
    }
    if let Some(service) = called(cx, role) {
        let source = Source::new("its name", cx.locate(service.value));
        let evidence = Evidence::found(service.name.to_owned(), vec![source]);
        return Player::plain(service, evidence);
    }
    let Some(known) = Role::called(role) else {
        return Player::Nobody;
    };
    if let Some(service) = recorded(cx, role) {
        let source = Source::new("the record of a story", "compose/ledger");
        let evidence = Evidence::found(service.name.to_owned(), vec![source]);
        return Player::plain(service, evidence);
    }
    cast(cx, known)
}

/// The service that is called like a role: to the letter, else the one whose words are joined in
/// another way.
fn called<'a>(cx: &Context<'a>, role: &str) -> Option<Service<'a>> {
    let mut alike = cx
        .view
        .services()
        .filter(|service| words::is_called(service.name, role));
    let joined = || alike.next().filter(|_| alike.next().is_none());
    cx.view.service(role).or_else(joined)
}

/// The one service that the ledger's records know in a role.
fn recorded<'a>(cx: &Context<'a>, role: &str) -> Option<Service<'a>> {
    let names = cx.stack.recorded_roles.get(role)?.iter();
    let mut there = names.filter_map(|name| cx.view.service(name));
    there.next().filter(|_| there.next().is_none())
}

fn cast<'a>(cx: &Context<'a>, role: Role) -> Player<'a> {
    let all = Candidates::of(cx);
    let taken = match role {
        Role::Backend => Vec::new(),
        Role::Frontend => backends(cx, &all),
    };
    let likely = all.likely(role, &taken);
    let [one] = likely.as_slice() else {
        return several(cx, &all, role, &likely);
    };
    let signs = all.signs(one, role, &taken);
    let is_found = match one.word(role) {
        Some(Word::Own) if role == Role::Backend || one.is_whole_word(role) => !signs.is_empty(),
        Some(_) => all.is_decided(one, role, &taken),
        None => false,
    };
    let name = one.service.name.to_owned();
    if is_found {
        return Player::Known {
            service: one.service,
            evidence: Evidence::found(name, signs),
            is_plain: false,
        };
    }
    if cx.stack.accepts_guesses() {
        return Player::Known {
            service: one.service,
            evidence: Evidence {
                value: name,
                grade: Grade::Guessed,
                sources: signs,
                contradictions: Vec::new(),
            },
            is_plain: false,
        };
    }
    let seen = match signs.as_slice() {
        [] => "by its name alone".to_owned(),
        signs => told(signs),
    };
    let guess = Some(one.service.name);
    let mut question = question(cx, role, one, guess);
    question.guesses = vec![format!("{name}: {seen}")];
    Player::Open(Box::new(question))
}

/// The services that play the backend, or may.
fn backends<'a>(cx: &Context<'a>, all: &Candidates<'a>) -> Vec<&'a str> {
    match of(cx, Role::Backend.name()) {
        Player::Known { service, .. } => vec![service.name],
        Player::Nobody => Vec::new(),
        Player::Open(_) => {
            let likely = all.likely(Role::Backend, &[]).into_iter();
            likely.map(|one| one.service.name).collect()
        }
    }
}

/// Several are asked for: one of them is the guess where its whole name is a word of the role.
fn several<'a>(
    cx: &Context<'a>,
    all: &Candidates<'a>,
    role: Role,
    likely: &[&Candidate<'a>],
) -> Player<'a> {
    let Some(first) = likely.first() else {
        return Player::Nobody;
    };
    let mut whole = likely.iter().filter(|one| one.is_whole_word(role));
    let guess = whole.next().filter(|_| whole.next().is_none());
    if let Some(one) = guess.filter(|_| cx.stack.accepts_guesses()) {
        return Player::Known {
            service: one.service,
            evidence: Evidence {
                value: one.service.name.to_owned(),
                grade: Grade::Guessed,
                sources: Vec::new(),
                contradictions: Vec::new(),
            },
            is_plain: false,
        };
    }
    let name = guess.map(|one| one.service.name);
    let mut question = question(cx, role, guess.unwrap_or(first), name);
    let seen = |one: &&Candidate<'a>| {
        let signs = all.signs(one, role, &[]);
        match signs.as_slice() {
            [] => format!("{}, by its name alone", one.service.name),
            signs => format!("{}: {}", one.service.name, told(signs)),
        }
    };
    question.contradictions = likely.iter().map(seen).collect();
    question.guesses = name
        .map(|name| format!("{name}, by its name"))
        .into_iter()
        .collect();
    Player::Open(Box::new(question))
}

fn question(cx: &Context<'_>, role: Role, about: &Candidate<'_>, guess: Option<&str>) -> Question {
    let role = role.name();
    Question {
        at: cx.locate(about.service.value),
        service: about.service.name.to_owned(),
        asks: format!("which service is the {role}?"),
        found: Vec::new(),
        contradictions: Vec::new(),
        guesses: Vec::new(),
        answers: vec![Answer {
            section: Section::Roles,
            name: role.to_owned(),
            what: format!("the service that is the {role}"),
            guess: guess.map(|name| Parameter::Text(name.to_owned())),
        }],
    }
}

/// The first signs, in words.
fn told(signs: &[Source]) -> String {
    let words: Vec<_> = signs.iter().take(3).map(ToString::to_string).collect();
    words.join(", ")
}

impl<'a> Player<'a> {
    fn plain(service: Service<'a>, evidence: Evidence<String>) -> Self {
        Self::Known {
            service,
            evidence,
            is_plain: true,
        }
    }

    /// What is told beside a story that goes by it; none where it goes without saying.
    pub(crate) fn told(&self, role: &str) -> Option<String> {
        match self {
            Self::Known {
                service,
                evidence,
                is_plain: false,
            } => {
                let seen = match evidence.sources.as_slice() {
                    [] => "its name".to_owned(),
                    signs => told(signs),
                };
                Some(format!("the {role} is {}: {seen}", service.name))
            }
            _ => None,
        }
    }

    /// Whether somebody accepted it as a guess.
    pub(crate) fn is_guess(&self) -> bool {
        matches!(self, Self::Known { evidence, .. } if evidence.is_guess())
    }
}

#[cfg(test)]
mod tests;
