//! One environment of a checkout, as everybody who works with it gets it: which files make it, and
//! under which name Compose keeps what it starts.

use std::path::{Path, PathBuf};

/// An environment of a checkout. All paths count from the checkout's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name, as `local`.
    pub name: String,
    /// Its Compose files, in the order in which Compose merges them.
    pub files: Vec<String>,
    /// The env files that Compose is to read, later ones last; without any, Compose reads the
    /// `.env` of the project directory.
    pub env_files: Vec<String>,
    /// All env files that are listed for it, later ones last: those too that are neither there nor
    /// needed.
    pub listed_env_files: Vec<String>,
    /// The project that its containers and volumes belong to.
    pub project: Project,
}

/// What Compose calls containers, networks and volumes after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its name; empty where no source yields a character that Compose allows in a project name.
    pub name: String,
    /// What gives it.
    pub source: ProjectSource,
}

/// What gives a project its name, in the order in which Compose asks.
///
/// Source: <https://docs.docker.com/compose/how-tos/project-name/>; `--project-name` and the
/// shell's own `COMPOSE_PROJECT_NAME` come first there, and are not taken here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectSource {
    /// `COMPOSE_PROJECT_NAME` of an env file.
    EnvFile,
    /// `name:` at the top of a Compose file.
    ComposeFile,
    /// The folder of the first Compose file: a checkout that is moved is another project.
    #[default]
    Folder,
}

impl Environment {
    /// The project directory: the folder of the first Compose file, empty for the root itself.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.files
            .first()
            .and_then(|file| Path::new(file).parent())
            .unwrap_or(Path::new(""))
    }

    /// The project directory of a checkout at `root`.
    #[must_use]
    pub fn directory_in(&self, root: &Path) -> PathBuf {
        // Joined to nothing, a path gets a slash at its end.
        if self.directory() == Path::new("") {
            root.to_owned()
        } else {
            root.join(self.directory())
        }
    }
}

impl Project {
    /// The project that Compose makes of a folder.
    #[must_use]
    pub fn of_folder(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Self {
            name: normalized(&name),
            source: ProjectSource::Folder,
        }
    }

    /// The project of `name:` in a Compose file, its variables replaced. Where nothing of the name
    /// is left, Compose refuses the files, and the name is empty.
    #[must_use]
    pub fn of_compose_file(name: &str) -> Self {
        Self {
            name: normalized(name),
            source: ProjectSource::ComposeFile,
        }
    }

    /// The project of `COMPOSE_PROJECT_NAME`, which Compose takes as it is or refuses; none where
    /// it is empty.
    #[must_use]
    pub fn of_variable(name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| Self {
            name: name.to_owned(),
            source: ProjectSource::EnvFile,
        })
    }

    /// Whether Compose takes the name.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.name.is_empty() && normalized(&self.name) == self.name
    }

    /// Whether a file says the name, so that it does not hang on where the checkout lies.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.source != ProjectSource::Folder
    }
}

/// What Compose makes of the name of a folder or of a file: small letters, digits, `-` and `_`,
/// with a letter or a digit first. Measured with Compose 2.40.3.
#[must_use]
pub fn normalized(name: &str) -> String {
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name: String = name.to_lowercase().chars().filter(is_allowed).collect();
    name.trim_start_matches(['_', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_called_after_its_folder_as_compose_spells_it() {
        let of = |folder: &str| Project::of_folder(Path::new(folder)).name;
        assert_eq!(of("/srv/My Shop.v2"), "myshopv2");
        assert_eq!(of("/srv/_-shop_1"), "shop_1");
        assert_eq!(of("/srv/Ü"), "");
        assert!(!Project::of_folder(Path::new("/srv/shop")).is_pinned());
    }

    /// Each is what Compose 2.40.3 says.
    #[test]
    fn a_name_is_spelt_as_compose_spells_it() {
        for (said, spelt) in [
            ("Foo_Bar", "foo_bar"),
            ("a.b", "ab"),
            ("my proj", "myproj"),
            ("_foo", "foo"),
            ("...", ""),
        ] {
            assert_eq!(Project::of_compose_file(said).name, spelt);
        }
        let of_variable = |name| Project::of_variable(name).map(|own| (own.is_valid(), own.name));
        assert_eq!(of_variable(""), None);
        assert_eq!(of_variable("shop"), Some((true, "shop".to_owned())));
        assert_eq!(of_variable("Shop"), Some((false, "Shop".to_owned())));
        assert_eq!(of_variable("_shop"), Some((false, "_shop".to_owned())));
    }

    #[test]
    fn the_project_directory_is_that_of_the_first_file() {
        let of = |file: &str| Environment {
            files: vec![file.to_owned(), "b/c.yml".to_owned()],
            ..Environment::default()
        };
        assert_eq!(
            of("a.yml").directory_in(Path::new("/srv/shop")).as_os_str(),
            "/srv/shop"
        );
        assert_eq!(
            of("a/b.yml")
                .directory_in(Path::new("/srv/shop"))
                .as_os_str(),
            "/srv/shop/a"
        );
    }
}
