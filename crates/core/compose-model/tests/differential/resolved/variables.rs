//! Made-up projects whose values hang on variables, some of which nothing sets.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Tally, compare_set};
use crate::compose::Compose;
use crate::generate::Set;
use crate::generate::random::Random;

/// How many projects are made up, and how many of them must be such that Compose accepts them.
const PROJECTS: u64 = 400;
const ENOUGH: usize = 250;

const DOT_ENV: &str = "\
TAG=7.2\nPORT=8080\nADDRESS=127.0.0.1\nDIR=./data\nVOLUME=data\nTIME=1m30s\nSIZE=1g\nNUMBER=3\nYES=true
NAME=real\nEMPTY=\nWORDS=run --fast 'two words'\nDOLLAR='a$b'\nPROBE=service_healthy\nWHOLE=8443:443/udp
";

/// Each key of a service with ways to write it; `NONE` is set by nothing.
const KEYS: &[(&str, &[&str])] = &[
    (
        "image",
        &[
            "redis:${TAG}",
            "redis:${NONE:-6.2}",
            "redis:${NONE}",
            "'${NONE}'",
            "\"${NONE:+x}redis\"",
            "r$$x",
        ],
    ),
    (
        "command",
        &[
            "'${WORDS}'",
            "[a, '$TAG', '$$TAG']",
            "\"sh -c 'echo $$HOME ${TAG}'\"",
            "'${NONE}'",
            "[a, '${NONE}']",
        ],
    ),
    ("entrypoint", &["/run ${TAG}", "[/run, '${NONE:-x}']", "''"]),
    (
        "environment",
        &[
            "{A: '${TAG}', B: , TAG: , D: '$$x', N: '${NONE}', E: '${EMPTY}', P: '${COMPOSE_PROJECT_NAME}'}",
            "['A=${TAG}', B, TAG, 'C=${NONE:-c}', '${NAME}=x', 'U=a${NONE}b', 'D=${DOLLAR}']",
            "{OWN: mine, MORE: , Q: '${NONE:-}'}",
            "{T: 1.50, F: 1e3, H: 0x10, Y: true, Z: '${EMPTY:-e}', R: '${TAG:?wanted}'}",
        ],
    ),
    (
        "env_file",
        &[
            "[own.env]",
            "[{path: '${NAME}.env', required: false}]",
            "[own.env, more.env]",
            "[more.env, {path: own.env, format: raw}]",
            "['${NONE:-own}.env']",
        ],
    ),
    (
        "ports",
        &[
            "['${PORT}:80']",
            "['${NONE}:80']",
            "['${ADDRESS}:${PORT}:80', '${PORT}:80/udp']",
            "['${WHOLE}']",
            "['${NONE:-9000}:90', '9000:90']",
            "[{target: 80, published: '${PORT}'}, {target: '${NUMBER}', published: '${NONE}'}]",
            "['8080:80', '${PORT}:80']",
            "['${NONE:-8000-8002}:80-82']",
            "[{target: 80, host_ip: '${ADDRESS}', published: 8000-8010}]",
        ],
    ),
    (
        "volumes",
        &[
            "['${DIR}:/x']",
            "['${VOLUME}:/x:ro']",
            "['${NONE:-data}:/x', '${NONE:-./here}:/y']",
            "['data:/${TAG}']",
            "['./a/${TAG}:/x', '~/${NAME}:/h', '/abs/../b:/z']",
            "[{type: bind, source: '${DIR}', target: /x}, {type: volume, source: '${VOLUME}', target: '/${TAG}/'}]",
            "['data:/same', '${VOLUME}:/same/']",
            "['${NONE}/sub:/n']",
            "[{type: volume, target: /anonymous}, {type: tmpfs, target: /m, tmpfs: {size: '${SIZE}'}}]",
        ],
    ),
    ("tmpfs", &["'/run:size=${SIZE}'", "['/run', '/t/${TAG}']"]),
    (
        "healthcheck",
        &[
            "{test: 'ping ${NAME} $$HOME', interval: '${TIME}', retries: '${NUMBER}'}",
            "{test: [CMD, '${NAME}'], timeout: '${NONE:-90s}', start_period: 1.5h}",
            "{disable: '${YES}'}",
            "{test: [NONE]}",
        ],
    ),
    (
        "depends_on",
        &[
            "[other]",
            "{other: {condition: '${PROBE}'}}",
            "{other: {condition: service_started, required: false}}",
        ],
    ),
    (
        "networks",
        &[
            "[front]",
            "{front: {aliases: ['${NAME}', a]}}",
            "{front: , default: }",
        ],
    ),
    (
        "secrets",
        &[
            "[key]",
            "[{source: key, target: '${NAME}'}]",
            "[key, variable, given]",
        ],
    ),
    (
        "configs",
        &["[settings]", "[{source: settings, target: '/etc/${NAME}'}]"],
    ),
    ("profiles", &["[debug]", "['${NAME}']"]),
    ("scale", &["'${NUMBER}'", "2"]),
    (
        "deploy",
        &[
            "{replicas: '${NUMBER}'}",
            "{resources: {limits: {memory: '${SIZE}'}}}",
        ],
    ),
    ("restart", &["'${NONE:-always}'", "unless-stopped"]),
    ("user", &["'${NUMBER}'", "1000:1000"]),
    (
        "stop_grace_period",
        &["'${TIME}'", "'${NONE:-1m0s}'", "1d", "500ms"],
    ),
    ("mem_limit", &["'${SIZE}'", "'${NONE:-512m}'", "1048576"]),
    ("links", &["[other]", "['other:${NAME}']"]),
    ("network_mode", &["'service:${NONE:-other}'", "host"]),
    ("ipc", &["'service:other'", "shareable"]),
    ("pid", &["'service:${NONE:-other}'"]),
    (
        "volumes_from",
        &["[other]", "['other:ro']", "['container:${NAME}']"],
    ),
    ("build", &["'./${NAME}'", "{context: ., secrets: [key]}"]),
    ("read_only", &["'${YES}'"]),
];

const SECTIONS: &[(&str, &[&str])] = &[
    (
        "volumes",
        &[
            "{data: {name: '${NAME}-data', labels: {a: '${TAG}'}}, unused: }",
            "{data: {external: '${YES}', name: '${NAME}'}}",
            "{data: {driver: local, driver_opts: {type: none, o: bind, device: './${NAME}'}}}",
            "{data: {name: '${NONE}'}}",
            "{data: {external: true}, unused: {name: x}}",
            "{data: }",
        ],
    ),
    (
        "networks",
        &[
            "{front: {name: '${NAME}', internal: '${YES}'}}",
            "{front: {external: true}}",
            "{front: {driver: bridge}}",
        ],
    ),
    (
        "secrets",
        &[
            "{key: {file: './${NAME}.txt'}, variable: {environment: TAG}, given: {external: true, name: '${NAME}'}}",
            "{key: {file: '${NONE:-/run/k}', name: k}, variable: {environment: '${NAME}'}, given: {external: true}}",
        ],
    ),
    (
        "configs",
        &[
            "{settings: {file: './${NAME}.conf'}}",
            "{settings: {content: 'x=${TAG}'}}",
            "{settings: {environment: TAG}}",
        ],
    ),
];

fn project(seed: u64) -> Set {
    let mut random = Random::new(seed.wrapping_add(77_000));
    let base = file(&mut random, true);
    let mut files = vec![
        ("compose.yml".to_owned(), base),
        (".env".to_owned(), DOT_ENV.to_owned()),
    ];
    files.push((
        "own.env".to_owned(),
        "OWN=1\nTAG=own\nSEEN=${TAG}-${OWN}-${NONE}-${A}\nLIT='${TAG}'\nPORT\nexport NAME\nLONE\nMINE=${OWN}\n"
            .to_owned(),
    ));
    files.push((
        "more.env".to_owned(),
        "MORE=${OWN}+${TAG}\nOWN=2\nexport X=\"y z\" # c\n".to_owned(),
    ));
    let mut order = vec!["compose.yml".to_owned()];
    if random.percent(50) {
        files.push(("more.yml".to_owned(), file(&mut random, false)));
        order.push("more.yml".to_owned());
    }
    Set {
        files,
        order,
        features: Vec::new(),
    }
}

fn file(random: &mut Random, is_base: bool) -> String {
    let mut text = String::new();
    if is_base && random.percent(30) {
        text.push_str("name: made-up\n");
    }
    text.push_str("services:\n");
    if is_base {
        text.push_str("  other: {image: other, healthcheck: {test: [CMD, ok]}}\n");
    }
    for name in ["app", "web"] {
        text.push_str(&format!("  {name}:\n"));
        let keys = random.some(KEYS, 7);
        let joins_another = keys.iter().any(|(key, _)| *key == "network_mode");
        if is_base && keys.iter().all(|(key, _)| *key != "image") {
            text.push_str("    image: app\n");
        }
        for (key, forms) in keys
            .into_iter()
            .filter(|(key, _)| !(joins_another && *key == "networks"))
        {
            text.push_str(&format!("    {key}: {}\n", random.pick(forms)));
        }
    }
    if is_base {
        for (section, forms) in SECTIONS {
            text.push_str(&format!("{section}: {}\n", random.pick(forms)));
        }
    }
    text
}

#[test]
fn variables_come_to_what_compose_says() {
    let Some(compose) = Compose::find() else {
        return;
    };
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= PROJECTS {
                        break;
                    }
                    let set = project(seed);
                    let report = compare_set(&compose, &set);
                    let texts: String = set
                        .files
                        .iter()
                        .filter(|(path, _)| path.ends_with("yml"))
                        .map(|(path, text)| format!("--- {path}\n{text}"))
                        .collect();
                    tally
                        .lock()
                        .unwrap()
                        .count(&format!("seed {seed}\n{texts}"), report);
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    tally.report(ENOUGH);
    assert_eq!(
        tally.unresolved.iter().collect::<Vec<_>>(),
        ["NONE"],
        "what nothing sets is told by name"
    );
}
