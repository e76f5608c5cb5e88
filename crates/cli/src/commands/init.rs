//! `init`: writes `compose/stack.yaml` from what is here, and says what was guessed.

use anyhow::{Result, bail};
use stories::layout::{environments, plain_or_quoted};
use stories::{Answer, Parameter, ROLES, RolePlayer, Stack};

use super::Session;
use super::answers::{self, Asked, Given};
use crate::checkout::{Checkout, LayoutSource};
use crate::cli::Init;
use crate::exit::Exit;
use crate::report::{self, Layout, LayoutNote as Note};
use crate::root::STACK_FILE;
use crate::stack_file::StackFile;

/// Runs the command.
///
/// # Errors
/// When the file is there already, or the layout is in doubt.
pub fn run(session: &Session, flags: &Init) -> Result<Exit> {
    let inside = session.at(&session.root_to_write_down()?);
    let checkout = inside.checkout_to_write_down()?;
    if checkout.layout_source == LayoutSource::Written {
        bail!("{STACK_FILE} is there already; edit it, or remove it and run init again");
    }
    let file = StackFile::read(&checkout.root)?;
    let answers = match flags.dry_run {
        true => Vec::new(),
        false => asked(session, &checkout),
    };
    let Written { text, notes } = written(&checkout, &answers);
    // What stands there already, such as an answer to a question, stays.
    let text = match file.is_there() {
        true => format!("{}\n\n{text}", file.text().trim_end()),
        false => text,
    };
    let layout = Layout {
        text: &text,
        notes: &notes,
    };
    report::layout(session, layout);
    if !flags.dry_run {
        file.replace(&mut inside.writer()?, text.clone())?;
    }
    report::laid_out(session, layout, !flags.dry_run);
    Ok(Exit::Done)
}

/// What is written, and what is said of it.
struct Written {
    text: String,
    notes: Vec<Note>,
}

fn written(checkout: &Checkout, answers: &[Given]) -> Written {
    let layout = &checkout.stack.layout;
    let mut notes: Vec<_> = layout
        .environments
        .iter()
        .map(|(name, own)| match own.env_files.as_slice() {
            [] => format!("{name} is {}", own.files.join(" + ")),
            env_files => format!(
                "{name} is {} with {}",
                own.files.join(" + "),
                env_files.join(", ")
            ),
        })
        .map(|text| Note {
            label: "guessed",
            text,
        })
        .collect();
    let mut text = format!(
        "# Which files make an environment, in the order in which Compose merges them.\n{}",
        environments(layout)
    );
    if layout.roles.is_empty() {
        let players = players(&checkout.stack);
        text.push_str(&roles(&players, answers));
        notes.extend(players.iter().filter_map(|player| player.note(answers)));
    }
    Written { text, notes }
}

/// A role, and who plays it.
struct Player {
    role: &'static str,
    cast: RolePlayer,
}

impl Player {
    /// The service to write down; none where nobody said who it is.
    fn service<'a>(&'a self, answers: &'a [Given]) -> Option<&'a str> {
        match &self.cast {
            RolePlayer::Known { service, .. } => Some(service),
            _ => {
                let mut own = answers.iter().filter(|given| given.name == self.role);
                match &own.next()?.value {
                    Parameter::Text(name) => Some(name),
                    _ => None,
                }
            }
        }
    }

    fn note(&self, answers: &[Given]) -> Option<Note> {
        let role = self.role;
        match (&self.cast, self.service(answers)) {
            (RolePlayer::Known { service, told }, _) => Some(Note {
                label: "found",
                text: match told {
                    Some(told) => told.clone(),
                    None => format!("the {role} is the service {service}"),
                },
            }),
            (RolePlayer::Open(question), None) => {
                let seen = question.contradictions.iter().chain(&question.guesses);
                let seen: Vec<_> = seen.map(String::as_str).collect();
                Some(Note {
                    label: "open",
                    text: format!("{} {}", question.asks, seen.join("; ")),
                })
            }
            _ => None,
        }
    }
}

/// The roles as YAML; one that is open as a comment to fill in.
fn roles(players: &[Player], answers: &[Given]) -> String {
    let is_known = players.iter().any(|one| one.service(answers).is_some());
    let line = |player: &Player| {
        let role = player.role;
        match (player.service(answers), &player.cast) {
            (Some(service), _) => Some(format!("  {role}: {}\n", plain_or_quoted(service))),
            (None, RolePlayer::Open(question)) => {
                let guess = question.answers.first().map(Answer::yaml);
                Some(format!("#  {role}: {}\n", guess.unwrap_or_default()))
            }
            (None, _) => None,
        }
    };
    let lines: String = players.iter().filter_map(line).collect();
    if lines.is_empty() {
        return lines;
    }
    let comment = if is_known { "" } else { "# " };
    format!("\n# Which service plays which role in the stories.\n{comment}roles:\n{lines}")
}

/// Who plays the roles, where the environments do not say different things.
fn players(stack: &Stack) -> Vec<Player> {
    let of = |role| {
        let environments = stack.layout.environments.keys();
        let all: Vec<_> = environments.map(|own| stack.role(own, role)).collect();
        let known = |cast: &&RolePlayer| matches!(cast, RolePlayer::Known { .. });
        let mut names: Vec<_> = all.iter().filter_map(RolePlayer::service).collect();
        names.dedup();
        let cast = match names.as_slice() {
            [] => all.iter().find(|cast| **cast != RolePlayer::Nobody),
            [_] => all.iter().find(known),
            _ => None,
        };
        Some(Player {
            role,
            cast: cast?.clone(),
        })
    };
    ROLES.into_iter().filter_map(of).collect()
}

/// What a person says of the roles that are open.
fn asked(session: &Session, checkout: &Checkout) -> Vec<Given> {
    if !checkout.stack.layout.roles.is_empty() {
        return Vec::new();
    }
    let mut asked = Asked::default();
    let mut given = Vec::new();
    for player in players(&checkout.stack) {
        if let RolePlayer::Open(question) = &player.cast {
            given.extend(answers::ask(session, question, &mut asked));
        }
    }
    given
}
