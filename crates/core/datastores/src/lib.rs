//! What is known of the images that keep data, as a table: a row a family, a file a row, each fact
//! with who says so.
//!
//! A new row is a file of this folder, its `mod` and its line of [`DATASTORES`].

mod configuration;
mod elasticsearch;
mod influxdb;
mod mariadb;
mod mongo;
mod mysql;
pub mod postgres;
mod rabbitmq;
pub mod redis;
mod signature;

use compose_model::ImageRef;

pub use configuration::{CONFIGURATIONS, Configuration, ConfiguredBy, setting};
pub use postgres::POSTGRES;
pub use redis::REDIS;
pub use signature::signatures;

/// All families.
pub static DATASTORES: &[&Datastore] = &[
    &REDIS,
    &POSTGRES,
    &mysql::MYSQL,
    &mariadb::MARIADB,
    &mongo::MONGO,
    &rabbitmq::RABBITMQ,
    &elasticsearch::ELASTICSEARCH,
    &influxdb::INFLUXDB,
];

/// A family of images that keep data in one way.
#[derive(Debug)]
pub struct Datastore {
    /// Its name for programs, such as `postgres`; no other row has it.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The repositories, as [`ImageRef::is`] compares them: mirrors of an official image, and what
    /// its publishers build for one architecture, are that image.
    pub images: &'static [&'static str],
    /// Where the images keep their data unless told otherwise: first what holds for all, then
    /// exceptions.
    pub folders: &'static [Folder],
    /// What moves the data or a part of it elsewhere.
    pub movers: &'static [Mover],
    /// The files and folders by which the data is known.
    pub marks: &'static [Mark],
    /// The programs of the images; none where none of them is known to be in all.
    pub tools: Option<Tools>,
    /// What its images take from their variables at the first start alone; none where it is not
    /// known to be so.
    pub first_start: Option<FirstStart>,
    /// Who owns the data, by what the image is built on.
    pub owners: &'static [Owner],
}

/// Where an image keeps its data.
#[derive(Clone, Copy, Debug)]
pub struct Folder {
    /// An absolute path in the container.
    pub path: &'static str,
    /// For which versions alone.
    pub since: Option<Since>,
    /// Who says so.
    pub source: Source,
}

/// From a major version of an image on.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// The repository.
    pub image: &'static str,
    /// The major version.
    pub major: u64,
}

/// What moves the data, or a part of it, to the path that it is given.
#[derive(Clone, Copy, Debug)]
pub struct Mover {
    /// A variable or an option.
    pub by: By,
    /// Who says so.
    pub source: Source,
}

/// A variable or an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A variable of the container.
    Variable(&'static str),
    /// An option of the server's command, with two dashes.
    Flag(&'static str),
}

/// A file or folder by which data is known.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// Its path below the folder of the data.
    pub path: &'static str,
    /// What it is.
    pub is: MarkKind,
    /// The option of the server's command that gives it another name.
    pub flag: Option<&'static str>,
    /// By what it is known under another name.
    pub sign: Option<Sign>,
    /// Who says so.
    pub source: Source,
}

/// By what a mark is known, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A file that begins like this.
    Begins(&'static [u8]),
    /// A folder with a file in it whose name ends like this.
    Holds(&'static str),
    /// A file whose name ends like this.
    Ends(&'static str),
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Its first line is the major version of who made the data.
    Version,
    /// All data as it was at one moment.
    Snapshot,
    /// What was written, one after the other.
    Log,
    /// The server's own files.
    Files,
}

/// The programs of an image by which the server is spoken to.
#[derive(Clone, Copy, Debug)]
pub struct Tools {
    /// The client.
    pub client: &'static str,
    /// A line of shell that ends with 0 where the server answers, and otherwise where it does not.
    /// Credentials are the caller's.
    pub probe: Option<&'static str>,
    /// What the client is given so that all that was written is on disk; none where that is the
    /// server's own promise.
    pub flush: Option<&'static [&'static str]>,
    /// Who says so.
    pub source: Source,
}

/// What goes into the data when it is made, and is not changed by a variable afterwards.
#[derive(Clone, Copy, Debug)]
pub struct FirstStart {
    /// The variables that set passwords.
    pub passwords: &'static [&'static str],
    /// What the server or a client of it says, in any case of letters, where a password is another
    /// one.
    pub refusals: &'static [&'static str],
    /// How its client sets another one, asked from within the container, where no password is
    /// wanted; none where one is.
    pub change: Option<&'static [&'static str]>,
    /// Who says so.
    pub source: Source,
}

/// Who owns the data in a container.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// What the image is built on: `alpine`; empty where it does not matter.
    pub base: &'static str,
    /// The user's number.
    pub uid: u32,
    /// Who says so.
    pub source: Source,
}

/// Who says so, and how far that is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// How far.
    pub trust: Trust,
    /// The experiment, or the document with its place in it.
    pub text: &'static str,
}

/// How far a fact is to be trusted, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Concluded from something else.
    Inferred,
    /// Its makers say so.
    Documented,
    /// Seen on a running container.
    Measured,
}

/// The family of an image; none where it is not known to keep data.
#[must_use]
pub fn of(image: &ImageRef) -> Option<&'static Datastore> {
    DATASTORES.iter().find(|store| store.has(image)).copied()
}

impl Datastore {
    /// Whether an image is one of the family.
    #[must_use]
    pub fn has(&self, image: &ImageRef) -> bool {
        self.images.iter().any(|repository| image.is(repository))
    }

    /// Where all images of the family keep their data, exceptions and what the files say aside.
    #[must_use]
    pub fn usual_folder(&self) -> &'static str {
        self.folders.first().map_or("/", |folder| folder.path)
    }

    /// Where an image of the family keeps its data, what the files say aside.
    #[must_use]
    pub fn folder_of(&self, image: &ImageRef) -> &'static str {
        let holds = |since: &Since| {
            image.is(since.image)
                && image
                    .version()
                    .is_some_and(|version| version.major >= since.major)
        };
        let exception = self
            .folders
            .iter()
            .rfind(|folder| folder.since.as_ref().is_some_and(holds));
        exception.map_or(self.usual_folder(), |folder| folder.path)
    }

    /// The variables that move the data.
    pub fn variables(&self) -> impl Iterator<Item = &'static str> {
        self.movers.iter().filter_map(|mover| {
            if let By::Variable(name) = mover.by {
                Some(name)
            } else {
                None
            }
        })
    }

    /// The options that move the data.
    pub fn flags(&self) -> impl Iterator<Item = &'static str> {
        self.movers.iter().filter_map(|mover| {
            if let By::Flag(name) = mover.by {
                Some(name)
            } else {
                None
            }
        })
    }
}

/// Seen on a running container.
const fn measured(text: &'static str) -> Source {
    Source {
        trust: Trust::Measured,
        text,
    }
}

/// Its makers say so.
const fn documented(text: &'static str) -> Source {
    Source {
        trust: Trust::Documented,
        text,
    }
}

/// Concluded from something else.
const fn inferred(text: &'static str) -> Source {
    Source {
        trust: Trust::Inferred,
        text,
    }
}
