//! Small projects of several files, written by hand: what the made-up ones come across too seldom.

use crate::checkout;
use crate::compose::{Compose, Depth};
use crate::generate::Set;
use crate::judge::{differences, json_of};

/// What a project shows, whether it is accepted, its files. Those that are named `compose*.yml` are
/// given with `-f`.
type Project = (&'static str, bool, &'static [(&'static str, &'static str)]);

const PROJECTS: &[Project] = &[
    (
        "an included service that is there already",
        false,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {a: {image: i}}",
            ),
            ("inc/x.yml", "services: {a: {image: other}}"),
        ],
    ),
    (
        "the same to the letter",
        true,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {a: {image: i, labels: {b: 1}}}\nvolumes: {v: }",
            ),
            (
                "inc/x.yml",
                "services: {a: {labels: {b: 1}, image: i}}\nvolumes: {v: }",
            ),
        ],
    ),
    (
        "the same, but long and short",
        false,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {a: {image: i, ports: ['1:1']}}",
            ),
            ("inc/x.yml", "services: {a: {image: i, ports: ['1:1']}}"),
        ],
    ),
    (
        "the same path from two folders",
        false,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {a: {image: i, env_file: [{path: ./inc/e, required: true}]}}",
            ),
            (
                "inc/x.yml",
                "services: {a: {image: i, env_file: [{path: e, required: true}]}}",
            ),
        ],
    ),
    (
        "two includes that say the same",
        true,
        &[
            ("compose.yml", "include: [inc/x.yml, inc/y.yml]"),
            (
                "inc/x.yml",
                "services: {a: {image: i, ports: ['1:1']}}\nnetworks: {n: {driver: d}}",
            ),
            (
                "inc/y.yml",
                "services: {a: {image: i, ports: ['1:1']}, b: {image: b}}\nnetworks: {n: {driver: d}}",
            ),
        ],
    ),
    (
        "two includes that do not",
        false,
        &[
            ("compose.yml", "include: [inc/x.yml, inc/y.yml]"),
            (
                "inc/x.yml",
                "services: {a: {image: i}}\nnetworks: {n: {driver: d}}",
            ),
            (
                "inc/y.yml",
                "services: {b: {image: i}}\nnetworks: {n: {driver: e}}",
            ),
        ],
    ),
    (
        "what an include does not bring along",
        true,
        &[
            ("compose.yml", "include: [inc/x.yml]\nname: mine\nx-a: 1"),
            (
                "inc/x.yml",
                "name: theirs\nx-a: 2\nx-b: 3\nservices: {a: {image: i}}\nsecrets: {s: {file: s}}\nmodels: {m: {model: m}}",
            ),
        ],
    ),
    (
        "an include in an override",
        true,
        &[
            (
                "compose.yml",
                "services: {a: {image: i, command: [x], labels: {a: 1}}}",
            ),
            ("compose.over.yml", "include: [inc/x.yml]"),
            (
                "inc/x.yml",
                "services: {a: {image: j, labels: {a: 2, b: 3}}}",
            ),
        ],
    ),
    (
        "an include in each of two files",
        true,
        &[
            ("compose.yml", "include: [inc/x.yml]"),
            (
                "compose.over.yml",
                "include: [inc/x.yml]\nservices: {b: {image: b}}",
            ),
            ("inc/x.yml", "services: {a: {image: j, ports: ['1:1']}}"),
        ],
    ),
    (
        "an included override, from its own folder",
        true,
        &[
            ("compose.yml", "include: [{path: [inc/x.yml, other/y.yml]}]"),
            ("inc/x.yml", "services: {a: {image: j, build: ./ctx}}"),
            (
                "other/y.yml",
                "services: {a: {env_file: e, volumes: ['./v:/v']}}",
            ),
        ],
    ),
    (
        "an include that includes its includer",
        false,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {a: {image: a}}",
            ),
            (
                "inc/x.yml",
                "include: [../compose.yml]\nservices: {b: {image: b}}",
            ),
        ],
    ),
    (
        "a service that an include brings cannot be extended",
        false,
        &[
            (
                "compose.yml",
                "include: [inc/x.yml]\nservices: {b: {extends: a}}",
            ),
            ("inc/x.yml", "services: {a: {image: i}}"),
        ],
    ),
    (
        "includes of an extended file do not count",
        true,
        &[
            (
                "compose.yml",
                "services: {b: {extends: {file: inc/x.yml, service: a}}}",
            ),
            (
                "inc/x.yml",
                "include: [gone.yml]\nservices: {a: {image: i, build: .}}\n---\nservices: {a: {user: u}}",
            ),
        ],
    ),
    (
        "circles",
        false,
        &[(
            "compose.yml",
            "services: {a: {extends: b}, b: {extends: a}}",
        )],
    ),
    (
        "a circle through another file",
        false,
        &[
            (
                "compose.yml",
                "services: {a: {extends: {file: x.yml, service: b}}}",
            ),
            (
                "x.yml",
                "services: {b: {extends: {file: compose.yml, service: a}}}",
            ),
        ],
    ),
    (
        "a tag in another file, of the service that is named",
        true,
        &[
            (
                "compose.yml",
                "services: {a: {extends: {file: x.yml, service: b}}}",
            ),
            (
                "x.yml",
                "services: {b: {extends: c, image: b, ports: !override ['1:1']}, c: {ports: ['2:2']}}",
            ),
        ],
    ),
    (
        "a tag in another file, of one behind it",
        true,
        &[
            (
                "compose.yml",
                "services: {a: {extends: {file: x.yml, service: b}}}",
            ),
            (
                "x.yml",
                "services: {b: {extends: c, image: b}, c: {extends: d, ports: !override ['1:1']}, d: {ports: ['2:2']}}",
            ),
        ],
    ),
    (
        "a tag in another file, of one of the same name",
        true,
        &[
            (
                "compose.yml",
                "services: {a: {extends: {file: x.yml, service: b}}}",
            ),
            (
                "x.yml",
                "services: {a: {image: a, ports: !override ['1:1']}, b: {image: b, ports: ['2:2']}}",
            ),
        ],
    ),
    (
        "devices of a volume",
        true,
        &[(
            "deploy/compose.yml",
            "services: {a: {image: i}}\nvolumes:\n  v: {driver: local, driver_opts: {type: none, o: bind, device: ./d}}\n  \
         w: {driver_opts: {type: none, o: bind, device: ./d}}",
        )],
    ),
    (
        "tags inside of an !override",
        true,
        &[
            ("compose.yml", "services: {a: {image: i, x-v: {b: 1}}}"),
            (
                "compose.over.yml",
                "services: {a: {x-v: !override {b: !reset 1, c: !override [2]}}}",
            ),
        ],
    ),
    (
        "scalars of every notation",
        true,
        &[(
            "compose.yml",
            "services: {a: {image: i}}\nx-v: [!!str 5, !foo 5, 0o17, 0b11, 1_000, 017, 089, +5, 1.e3, !!int '7', -0x1F, 0x, 1:30, y, -.5, ! 5, \
         0_7, 1_0.5, ~, '', True, NULL]",
        )],
    ),
    (
        "an anchor on a list under <<",
        true,
        &[(
            "compose.yml",
            "x-a: &a {user: a}\nx-b: &b {user: b, tty: true}\nx-l: &l [*a, *b]\nservices: {s: {image: i, <<: *l}}",
        )],
    ),
    (
        "an empty file among others",
        true,
        &[
            ("compose.yml", "services: {a: {image: i}}"),
            ("compose.over.yml", "# nothing\n"),
        ],
    ),
    (
        "nothing but empty files",
        false,
        &[("compose.yml", "# nothing\n")],
    ),
    (
        "a second document that is empty",
        false,
        &[("compose.yml", "services: {a: {image: i}}\n---\n")],
    ),
    (
        "a key that is no text",
        false,
        &[("compose.yml", "services: {a: {image: i, labels: {80: x}}}")],
    ),
    (
        "an alias that holds itself",
        false,
        &[("compose.yml", "services: {a: {image: i}}\nx-a: &a {b: *a}")],
    ),
];

fn set(files: &[(&str, &str)]) -> Set {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    let given = |path: &&String| {
        path.rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("compose"))
    };
    let order = files
        .iter()
        .map(|(path, _)| path)
        .filter(given)
        .cloned()
        .collect();
    Set {
        files,
        order,
        features: Vec::new(),
    }
}

#[test]
fn small_projects_mean_what_compose_says() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let mut wrong = Vec::new();
    for (shows, accepted, files) in PROJECTS {
        let set = set(files);
        let folder = checkout::write(&set);
        let root = checkout::root(&folder);
        let order: Vec<&str> = set.order.iter().map(String::as_str).collect();
        match (
            compose.config(&root, &order, Depth::Merged),
            checkout::resolve(&set),
        ) {
            (Ok(real), Ok(view)) if *accepted => {
                let found = differences(&json_of(&view), &real, &root);
                wrong.extend(
                    found
                        .into_iter()
                        .map(|difference| format!("{shows}{difference}")),
                );
            }
            (Err(_), Err(_)) if !accepted => {}
            (real, view) => wrong.push(format!(
                "{shows}: Compose {:?}, the view {:?}",
                real.err(),
                view.err()
            )),
        }
    }
    println!("{} projects", PROJECTS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
