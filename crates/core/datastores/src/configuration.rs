//! How a family's server is told of a configuration file, and what in it moves the data.

use crate::{Source, documented, measured};

/// Of one family.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// The family's id.
    pub family: &'static str,
    /// How the server is told of the file.
    pub by: ConfiguredBy,
    /// What the file calls the folder of the data.
    pub folder: &'static str,
    /// Who says so.
    pub source: Source,
}

/// How a server is told of its configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfiguredBy {
    /// A word of the command that ends like this.
    Word(&'static str),
    /// The value of one of these options.
    Option(&'static [&'static str]),
    /// By its place alone: the file, or any file of the folder.
    Place(&'static [&'static str]),
}

/// All that are known.
pub static CONFIGURATIONS: &[Configuration] = &[
    Configuration {
        family: "redis",
        by: ConfiguredBy::Word(".conf"),
        folder: "dir",
        source: measured("redis-server FILE, with `dir` and `dbfilename` in it, and looked into"),
    },
    Configuration {
        family: "mongo",
        by: ConfiguredBy::Option(&["--config", "-f"]),
        folder: "dbPath",
        source: documented(
            "<https://www.mongodb.com/docs/manual/reference/configuration-options/>: storage.dbPath",
        ),
    },
    Configuration {
        family: "postgres",
        by: ConfiguredBy::Option(&["config_file"]),
        folder: "data_directory",
        source: documented(
            "<https://www.postgresql.org/docs/current/runtime-config-file-locations.html>",
        ),
    },
    Configuration {
        family: "mysql",
        by: ConfiguredBy::Place(MYSQL),
        folder: "datadir",
        source: documented("<https://dev.mysql.com/doc/refman/8.4/en/option-files.html>"),
    },
    Configuration {
        family: "mariadb",
        by: ConfiguredBy::Place(MYSQL),
        folder: "datadir",
        source: documented(
            "<https://mariadb.com/kb/en/configuring-mariadb-with-option-files/>: locations",
        ),
    },
];

const MYSQL: &[&str] = &["/etc/my.cnf", "/etc/my.cnf.d", "/etc/mysql"];

/// The value of a setting in a configuration file: `dir /data`, `dbPath: /data`,
/// `data_directory = '/data'`. The last line that has it counts.
#[must_use]
pub fn setting<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let value = |line: &'t str| {
        let (key, value) = line.trim().split_once([' ', '\t', '=', ':'])?;
        let is_it = key.eq_ignore_ascii_case(name);
        is_it.then(|| value.trim_matches([' ', '\t', '=', ':', '\'', '"']))
    };
    text.lines()
        .rev()
        .filter_map(value)
        .find(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_read_in_each_of_their_forms() {
        for (text, name) in [
            ("port 1\ndir /there\n", "dir"),
            ("storage:\n  dbPath: /there\n", "dbPath"),
            ("data_directory = '/there'\n", "data_directory"),
            ("[mysqld]\ndatadir=/there\r\n", "datadir"),
            ("dir /first\n#dir /never\nDIR \"/there\"\n", "dir"),
        ] {
            assert_eq!(setting(text, name), Some("/there"), "{text}");
        }
        assert_eq!(setting("# dir /there\ndirectory /x\ndir\n", "dir"), None);
    }
}
