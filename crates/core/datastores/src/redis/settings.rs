//! What a Redis server is told: by the lines of its file, and behind them by the options of its
//! command, each of which it reads as one more line.

/// The servers' programs.
const SERVERS: [&str; 2] = ["redis-server", "valkey-server"];

/// What a server is told, in the order in which it reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    told: Vec<Setting>,
}

/// One line of what a server is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What is set, in lower case.
    pub name: String,
    /// To what.
    pub values: Vec<String>,
    /// Its line in the file, the first is 1; none for an option of the command.
    pub line: Option<usize>,
}

/// A server's command taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The file of settings that it is started with; `-` is its standard input.
    pub file: Option<String>,
    /// The options.
    pub options: Settings,
}

impl Settings {
    /// What a file says.
    #[must_use]
    pub fn of_file(text: &str) -> Self {
        let told = text.lines().enumerate().filter_map(|(index, line)| {
            let line = line.trim();
            let words = if line.starts_with('#') {
                Vec::new()
            } else {
                split(line, Operators::AreText).concat()
            };
            Setting::of(words, Some(index + 1))
        });
        Self {
            told: told.collect(),
        }
    }

    /// Of a file that cannot be read, which may say anything.
    #[must_use]
    pub fn unread() -> Self {
        Self::of_file("include unread")
    }

    /// These, and others that are read behind them.
    #[must_use]
    pub fn then(mut self, later: Self) -> Self {
        self.told.extend(later.told);
        self
    }

    /// The value that counts of a setting that has one.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        let mut named = self.told.iter().rev().filter(|one| one.name == name);
        named.find_map(|one| one.values.first().map(String::as_str))
    }

    /// Whether they name further files, which are not among them.
    #[must_use]
    pub fn include_others(&self) -> bool {
        self.told.iter().any(|one| one.name == INCLUDE)
    }

    /// What says that no snapshot is made, where no file is appended to either: the server writes
    /// nothing by itself then. None where a variable or a file that was not read may say otherwise.
    ///
    /// By `setConfigSaveOption` of Redis 7 and 8: the first `save` replaces the usual ones, an empty
    /// one takes those before it away, every other one adds.
    #[must_use]
    pub fn keeps_nothing(&self) -> Option<&Setting> {
        let (mut nothing_saved, mut appends) = (None, false);
        for one in &self.told {
            let values: Vec<_> = one.values.iter().map(String::as_str).collect();
            match (one.name.as_str(), values.as_slice()) {
                (INCLUDE, _) => (nothing_saved, appends) = (None, true),
                ("save", [] | [""]) => nothing_saved = Some(one),
                ("save", _) => nothing_saved = None,
                ("appendonly", values) => {
                    appends = !matches!(values, [no] if no.eq_ignore_ascii_case("no"));
                }
                _ => {}
            }
        }
        nothing_saved.filter(|_| !appends)
    }
}

const INCLUDE: &str = "include";

impl Setting {
    fn of(words: Vec<String>, line: Option<usize>) -> Option<Self> {
        let mut words = words.into_iter();
        Some(Self {
            name: words.next()?.to_ascii_lowercase(),
            values: words.collect(),
            line,
        })
    }
}

impl Start {
    /// Of the words of an entrypoint and a command, in which a line of a shell may be one word. All
    /// of them are the server's own where the image's entrypoint puts its name in front.
    #[must_use]
    pub fn of(words: &[String]) -> Self {
        let words: Vec<_> = words.iter().flat_map(|word| of_shell(word)).collect();
        let server = words.iter().position(|word| is_server(word));
        let arguments = &words[server.map_or(0, |at| at + 1)..];
        let is_file = |first: &&String| match server {
            Some(_) => !first.starts_with("--"),
            None => first.ends_with(".conf"),
        };
        let file = arguments.first().filter(is_file).cloned();
        let mut told: Vec<Vec<String>> = Vec::new();
        for word in &arguments[usize::from(file.is_some())..] {
            match (word.strip_prefix("--"), told.last_mut()) {
                (Some(option), _) => told.push(split(option, Operators::AreText).concat()),
                (None, Some(words)) => words.push(word.clone()),
                (None, None) => {}
            }
        }
        let told = told
            .into_iter()
            .filter_map(|words| Setting::of(words, None));
        Self {
            file,
            options: Settings {
                told: told.collect(),
            },
        }
    }
}

fn is_server(word: &str) -> bool {
    let program = word.rsplit('/').next().unwrap_or(word);
    SERVERS.contains(&program)
}

/// A word of a command; where it is a line of a shell that starts a server, the words of that.
fn of_shell(word: &str) -> Vec<String> {
    let may_start = SERVERS.iter().any(|server| word.contains(server));
    if !may_start || !word.contains(char::is_whitespace) {
        return vec![word.to_owned()];
    }
    let commands = split(word, Operators::EndCommands);
    let starts = |command: &&Vec<String>| command.iter().any(|word| is_server(word));
    match commands.iter().rfind(starts) {
        Some(command) => command.clone(),
        None => commands.concat(),
    }
}

/// What `;`, `&` and `|` are outside quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operators {
    AreText,
    EndCommands,
}

/// The commands of a line as a shell splits it, each in its words, quotes taken away.
fn split(line: &str, operators: Operators) -> Vec<Vec<String>> {
    let (mut commands, mut word, mut quote) = (vec![Vec::new()], None::<String>, None);
    let mut chars = line.chars();
    let end = |commands: &mut Vec<Vec<String>>, word: &mut Option<String>| {
        if let Some(command) = commands.last_mut() {
            command.extend(word.take());
        }
    };
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => end(&mut commands, &mut word),
            (None, ';' | '&' | '|') if operators == Operators::EndCommands => {
                end(&mut commands, &mut word);
                commands.push(Vec::new());
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    end(&mut commands, &mut word);
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(words: &[&str]) -> Start {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        Start::of(&words)
    }

    #[test]
    fn a_line_is_split_as_a_shell_does() {
        let expected = [
            vec!["sh", "-c", "exec a --dir '/x y'", "b c", "", "d"],
            vec!["e"],
        ];
        let line = r#"sh  -c "exec a --dir '/x y'" b\ c '' d; e"#;
        assert_eq!(split(line, Operators::EndCommands), expected);
        assert_eq!(split("a b;c|d", Operators::AreText), [["a", "b;c|d"]]);
    }

    #[test]
    fn the_file_is_the_first_argument() {
        for (words, file) in [
            (
                &["redis-server", "/etc/redis.conf", "--port", "1"][..],
                Some("/etc/redis.conf"),
            ),
            (&["/usr/local/bin/valkey-server", "-"], Some("-")),
            (&["/etc/redis.conf"], Some("/etc/redis.conf")),
            (&["redis-server", "--save", "60", "1"], None),
            (&["--include", "/etc/redis.conf"], None),
            (
                &["sh", "-c", "cp a b && exec redis-server /x && c"],
                Some("/x"),
            ),
        ] {
            assert_eq!(start(words).file.as_deref(), file, "{words:?}");
        }
    }

    #[test]
    fn the_last_of_a_setting_counts() {
        let settings = "# dir /no\nport 6379\nDIR /a\n  dir \"/var/lib/my redis\"\r\n";
        let settings = Settings::of_file(settings);
        assert_eq!(settings.last("dir"), Some("/var/lib/my redis"));
        assert_eq!(settings.told[2].line, Some(4));
        let options = start(&["redis-server", "--dir", "/a", "--DIR", "/b"]).options;
        assert_eq!(settings.then(options).last("dir"), Some("/b"));
        assert_eq!(Settings::of_file("appendonly yes\n").last("dir"), None);
        assert!(Settings::of_file("dir /a\ninclude /etc/more.conf\n").include_others());
    }

    #[test]
    fn nothing_is_kept_without_snapshots_and_an_append_only_file() {
        for command in [
            &["redis-server", "--save", "", "--appendonly", "no"][..],
            &["redis-server", "--save", ""],
            &[
                "valkey-server",
                "--appendonly",
                "yes",
                "--save",
                "60",
                "1",
                "--save",
                "",
                "--appendonly",
                "NO",
            ],
            &["--save", ""],
            &["redis-server", "--save ''"],
            &["redis-server", "--save", "--appendonly", "no"],
            &[
                "sh",
                "-c",
                "exec redis-server --save '' --appendonly no --requirepass $P; true",
            ],
        ] {
            assert!(
                start(command).options.keeps_nothing().is_some(),
                "{command:?}"
            );
        }
        for command in [
            &["redis-server"][..],
            &["redis-server", "--appendonly", "no"],
            &["redis-server", "--save", "", "--appendonly", "yes"],
            &["redis-server", "--save", "", "--save", "60", "1"],
            &["redis-server", "--save", "${SAVE}"],
            &["redis-server", "--save", "", "--appendonly", "${AOF}"],
            &["sh", "-c", "redis-server --save '' $MORE"],
            &["redis-server", "--save", "", "--include", "/etc/more.conf"],
        ] {
            assert_eq!(start(command).options.keeps_nothing(), None, "{command:?}");
        }
    }

    #[test]
    fn a_file_says_it_too_and_the_command_has_the_last_word() {
        let file = || Settings::of_file("port 1\nsave \"\"\nappendonly no\n");
        let options = |words: &[&str]| start(words).options;
        assert_eq!(file().keeps_nothing().unwrap().line, Some(2));
        assert_eq!(
            file()
                .then(options(&["--appendonly", "yes"]))
                .keeps_nothing(),
            None
        );
        let told = options(&["--save", "", "--appendonly", "no"]);
        assert_eq!(
            Settings::unread()
                .then(told.clone())
                .keeps_nothing()
                .unwrap()
                .line,
            None
        );
        assert_eq!(
            Settings::unread()
                .then(options(&["--save", ""]))
                .keeps_nothing(),
            None
        );
    }
}
