//! The services of an environment that may play a role, with what every environment says of them.

use std::cell::OnceCell;

use compose_model::Service;

use super::super::{Source, Subject, other_images};
use super::signs;
use super::words::{self, Role, Word};
use crate::context::Context;

/// A service that may play a role.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) service: Service<'a>,
    /// What is looked at: it, in each environment that has it.
    subjects: Vec<Subject<'a>>,
    store: OnceCell<Option<Source>>,
    page: OnceCell<Option<Source>>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Candidates<'a>(Vec<Candidate<'a>>);

impl<'a> Candidates<'a> {
    pub(super) fn of(cx: &Context<'a>) -> Self {
        let may_be = |service: &Service<'_>| {
            let is_other =
                other_images::is_one(cx, *service) && !signs::may_serve_files(cx, *service);
            !is_other && !words::is_other(service.name)
        };
        let all = cx.view.services().filter(may_be);
        Self(all.map(|service| Candidate::of(cx, service)).collect())
    }

    /// Those that speak most for a role; `taken` play another one.
    pub(super) fn likely(&self, role: Role, taken: &[&str]) -> Vec<&Candidate<'a>> {
        let free = || {
            let all = self.0.iter();
            all.filter(|one| !taken.contains(&one.service.name))
        };
        let own: Vec<_> = free()
            .filter(|one| one.word(role) == Some(Word::Own))
            .collect();
        if !own.is_empty() {
            return own;
        }
        let worded =
            free().filter(|one| one.word(role).is_some() && self.may_play(one, role, taken));
        let worded: Vec<_> = worded.collect();
        let decided = worded.iter().copied();
        let decided: Vec<_> = decided
            .filter(|one| self.is_decided(one, role, taken))
            .collect();
        match (decided.as_slice(), worded.as_slice()) {
            ([], []) => {}
            ([], _) => return worded,
            _ => return decided,
        }
        let is_served = |one: &&Candidate<'a>| one.built().is_some() && one.listens().is_some();
        free()
            .filter(is_served)
            .filter(|one| match role {
                Role::Backend => one.store().is_some() && one.page().is_none(),
                Role::Frontend => one.page().is_some() && one.calls_one_of(taken).is_some(),
            })
            .collect()
    }

    /// Whether nothing that is seen speaks against it. A word that others have too says nothing
    /// alone.
    fn may_play(&self, one: &Candidate<'a>, role: Role, taken: &[&str]) -> bool {
        match role {
            Role::Backend => {
                let is_a_front = one.page().is_some() || self.calls_another(one);
                one.store().is_some() || !is_a_front && !self.signs(one, role, taken).is_empty()
            }
            Role::Frontend => !taken.is_empty() && (one.store().is_none() || one.page().is_some()),
        }
    }

    /// A front of another candidate is no backend.
    fn calls_another(&self, one: &Candidate<'a>) -> bool {
        let mut others = self.0.iter().filter(|other| {
            other.service.name != one.service.name && other.word(Role::Backend).is_some()
        });
        others.any(|other| one.calls(other).is_some())
    }

    /// Whether a sign is there that no other role has.
    pub(super) fn is_decided(&self, one: &Candidate<'a>, role: Role, taken: &[&str]) -> bool {
        match role {
            Role::Backend => one.page().is_none() && self.serves_a_page(one).is_some(),
            Role::Frontend => one.page().is_some() || one.calls_one_of(taken).is_some(),
        }
    }

    /// A datastore behind it, or a page or a proxy in front of it.
    fn serves_a_page(&self, one: &Candidate<'a>) -> Option<Source> {
        let store = || one.store().cloned();
        store().or_else(|| self.called_by(one, |other| other.is_a_page()))
    }

    /// All that speaks for a role.
    pub(super) fn signs(&self, one: &Candidate<'a>, role: Role, taken: &[&str]) -> Vec<Source> {
        let own = match role {
            Role::Backend => [
                one.store().cloned(),
                self.called_by(one, |_| true),
                one.first(signs::check),
            ],
            Role::Frontend => [one.page().cloned(), one.calls_one_of(taken), None],
        };
        let either = [one.built(), one.listens()];
        own.into_iter().chain(either).flatten().collect()
    }

    fn called_by(
        &self,
        one: &Candidate<'a>,
        counts: impl Fn(&Candidate<'a>) -> bool,
    ) -> Option<Source> {
        let others = self.0.iter();
        others
            .filter(|other| other.service.name != one.service.name && counts(other))
            .find_map(|other| {
                let source = other.calls(one)?;
                let what = format!("{} calls it", other.service.name);
                Some(Source::new(what, source.at))
            })
            .or_else(|| one.first(signs::proxied))
    }
}

impl<'a> Candidate<'a> {
    fn of(cx: &Context<'a>, service: Service<'a>) -> Self {
        let name = service.name;
        let others = cx.stack.layout.environments.keys();
        let others = others.filter(|other| *other != cx.environment);
        let elsewhere = others.filter_map(|other| {
            let cx = Context::of_team(cx.stack, other);
            Some(Subject::of(&cx, cx.view.service(name)?))
        });
        let here = std::iter::once(Subject::of(cx, service));
        Self {
            service,
            subjects: here.chain(elsewhere).collect(),
            store: OnceCell::new(),
            page: OnceCell::new(),
        }
    }

    fn first(&self, find: fn(&Subject<'_>) -> Option<Source>) -> Option<Source> {
        self.subjects.iter().find_map(find)
    }

    /// Where it is built in this checkout.
    fn built(&self) -> Option<Source> {
        self.first(signs::built)
    }

    /// A port on which it listens.
    fn listens(&self) -> Option<Source> {
        self.first(signs::listens)
    }

    /// A datastore that it uses.
    fn store(&self) -> Option<&Source> {
        self.store.get_or_init(|| self.first(signs::store)).as_ref()
    }

    /// That it serves a page.
    fn page(&self) -> Option<&Source> {
        self.page.get_or_init(|| self.first(signs::page)).as_ref()
    }

    fn is_a_page(&self) -> bool {
        self.word(Role::Frontend).is_some() || self.page().is_some()
    }

    pub(super) fn word(&self, role: Role) -> Option<Word> {
        words::of(self.service.name, role)
    }

    pub(super) fn is_whole_word(&self, role: Role) -> bool {
        words::is_whole(self.service.name, role)
    }

    fn calls(&self, other: &Self) -> Option<Source> {
        let mut subjects = self.subjects.iter();
        subjects.find_map(|subject| signs::call(subject, other.service.name))
    }

    fn calls_one_of(&self, names: &[&str]) -> Option<Source> {
        let subjects = self.subjects.iter();
        let mut all =
            subjects.flat_map(|subject| names.iter().map(move |name| signs::call(subject, name)));
        all.find_map(|found| found)
    }
}
