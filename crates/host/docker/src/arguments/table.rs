//! The verbs and flags of Compose 2.26 to 2.40, with the spellings that it keeps for older ones.

/// What a verb does to containers that hold data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It looks, and changes nothing.
    Looks,
    /// It works with what is there: no container goes.
    Works,
    /// It makes containers anew where the files have changed.
    Recreates,
    /// Containers are made anew, and what they keep in volumes without a name is not handed on.
    Renews,
    /// It removes containers.
    Removes,
}

/// A verb: its flags as `letter,name`, with `=` behind one that takes a value and `!` behind one
/// that costs data.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) effect: Effect,
    /// None where no flag of it, known or not, can do more than the verb itself.
    pub(super) flags: Option<&'static [&'static str]>,
    /// Whether flags end at its first word: what follows is a command for a container.
    pub(super) ends_at_words: bool,
}

const fn verb(name: &'static str, effect: Effect, flags: Option<&'static [&'static str]>) -> Verb {
    Verb {
        name,
        effect,
        flags,
        ends_at_words: false,
    }
}

/// The flags before the verb.
pub(super) const GLOBAL: &[&str] = &[
    "all-resources",
    "ansi=",
    "compatibility",
    "dry-run",
    "env-file=",
    "f,file=",
    "h,help",
    "insecure-registry=",
    "no-ansi",
    "parallel=",
    "p,project-name=",
    "profile=",
    "progress=",
    "project-directory=",
    "v,version",
    "verbose",
    "workdir=",
];

const UP: &[&str] = &[
    "abort-on-container-exit",
    "abort-on-container-failure",
    "always-recreate-deps",
    "attach=",
    "attach-dependencies",
    "build",
    "d,detach",
    "exit-code-from=",
    "force-recreate",
    "menu",
    "no-attach=",
    "no-build",
    "no-color",
    "no-deps",
    "no-log-prefix",
    "no-recreate",
    "no-start",
    "pull=",
    "quiet-build",
    "quiet-pull",
    "remove-orphans",
    "V,renew-anon-volumes!",
    "scale=",
    "t,timeout=",
    "timestamps",
    "wait",
    "wait-timeout=",
    "w,watch",
    "y,yes!",
    "y,y!",
];

const CREATE: &[&str] = &[
    "build",
    "force-recreate",
    "no-build",
    "no-recreate",
    "pull=",
    "quiet-pull",
    "remove-orphans",
    "scale=",
    "y,yes!",
    "y,y!",
];

const RUN: &[&str] = &[
    "build",
    "cap-add=",
    "cap-drop=",
    "d,detach",
    "entrypoint=",
    "e,env=",
    "env-from-file=",
    "i,interactive",
    "l,label=",
    "labels=",
    "name=",
    "T,no-TTY",
    "no-tty",
    "no-deps",
    "p,publish=",
    "pull=",
    "q,quiet",
    "quiet-build",
    "quiet-pull",
    "remove-orphans",
    "rm",
    "P,service-ports",
    "t,tty",
    "use-aliases",
    "u,user=",
    "v,volume=",
    "volumes=",
    "w,workdir=",
];

pub(super) const VERBS: &[Verb] = &[
    verb("up", Effect::Recreates, Some(UP)),
    verb("create", Effect::Recreates, Some(CREATE)),
    verb(
        "watch",
        Effect::Recreates,
        Some(&["no-up", "prune", "quiet"]),
    ),
    verb("scale", Effect::Renews, Some(&["no-deps"])),
    Verb {
        name: "run",
        effect: Effect::Renews,
        flags: Some(RUN),
        ends_at_words: true,
    },
    verb(
        "down",
        Effect::Removes,
        Some(&[
            "remove-orphans",
            "rmi=",
            "t,timeout=",
            "v,volumes!",
            "volume!",
        ]),
    ),
    verb(
        "rm",
        Effect::Removes,
        Some(&["a,all", "f,force", "s,stop", "v,volumes!", "volume!"]),
    ),
    verb(
        "kill",
        Effect::Works,
        Some(&["remove-orphans", "s,signal="]),
    ),
    verb("wait", Effect::Works, Some(&["down-project!"])),
    verb("start", Effect::Works, Some(&["wait", "wait-timeout="])),
    verb("stop", Effect::Works, Some(&["t,timeout="])),
    verb("restart", Effect::Works, Some(&["no-deps", "t,timeout="])),
    verb("pause", Effect::Works, Some(&[])),
    verb("unpause", Effect::Works, Some(&[])),
    Verb {
        name: "exec",
        effect: Effect::Works,
        flags: None,
        ends_at_words: true,
    },
    verb("attach", Effect::Works, None),
    verb("build", Effect::Works, None),
    verb("commit", Effect::Works, None),
    verb("cp", Effect::Works, None),
    verb("export", Effect::Works, None),
    verb("publish", Effect::Works, None),
    verb("pull", Effect::Works, None),
    verb("push", Effect::Works, None),
    verb("config", Effect::Looks, None),
    verb("convert", Effect::Looks, None),
    verb("events", Effect::Looks, None),
    verb("help", Effect::Looks, None),
    verb("images", Effect::Looks, None),
    verb("logs", Effect::Looks, None),
    verb("ls", Effect::Looks, None),
    verb("port", Effect::Looks, None),
    verb("ps", Effect::Looks, None),
    verb("stats", Effect::Looks, None),
    verb("top", Effect::Looks, None),
    verb("version", Effect::Looks, None),
    verb("volumes", Effect::Looks, None),
];

/// Why each flag with a `!` is not passed on.
pub(super) const COSTS: &[(&str, &str)] = &[
    ("volumes", "deletes the volumes with their data"),
    ("volume", "deletes the volumes with their data"),
    (
        "renew-anon-volumes",
        "gives every service without a named volume a new, empty one",
    ),
    (
        "yes",
        "lets Compose destroy volumes whose labels have changed",
    ),
    (
        "y",
        "lets Compose destroy volumes whose labels have changed",
    ),
    (
        "down-project",
        "takes the whole project down without a look at its data",
    ),
];

/// The flags of every verb.
pub(super) fn common() -> impl Iterator<Item = Opt> {
    ["dry-run", "h,help"].iter().map(|text| Opt::of(text))
}

/// A flag as a table spells it.
pub(super) struct Opt {
    /// Its letter, if it has one.
    pub(super) letter: Option<char>,
    /// Its name.
    pub(super) name: &'static str,
    /// Whether what follows is its value.
    pub(super) takes_value: bool,
    /// Whether it costs data.
    pub(super) costs: bool,
}

impl Opt {
    pub(super) fn of(text: &'static str) -> Self {
        let (letter, name) = text
            .split_once(',')
            .map_or((None, text), |(letter, name)| (letter.chars().next(), name));
        let (takes_value, costs) = (name.ends_with('='), name.ends_with('!'));
        Self {
            letter,
            name: name.trim_end_matches(['=', '!']),
            takes_value,
            costs,
        }
    }
}
