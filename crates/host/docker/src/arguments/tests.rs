//! The tables, and command lines in every spelling that Compose's own parser takes.

use super::*;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn parsed(text: &str) -> Arguments {
    Arguments::parse(&words(text)).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
}

#[test]
fn what_deletes_volumes_is_refused_in_every_spelling() {
    for text in [
        "down -v",
        "down --volumes",
        "down --volume",
        "down --volumes=true",
        "down --volume=1",
        "down -vt 5",
        "down -t5 -v",
        "down --rmi local -v",
        "down redis -v",
        "--profile x down -v",
        "--profile=x --ansi never --progress plain --parallel 3 down --volume",
        "--compatibility --env-file a -f b -p c --project-directory d down -v",
        "rm -fv redis",
        "rm -svf",
        "rm --stop --volumes",
        "up -V",
        "up -dV",
        "up --renew-anon-volumes=true",
        "up redis -y",
        "up --yes",
        "create --yes",
        "create -y",
        "wait --down-project redis",
    ] {
        let refusal = Arguments::parse(&words(text)).unwrap_err();
        assert!(
            matches!(refusal, Refusal::Costs { .. }),
            "{text}: {refusal:?}"
        );
    }
}

#[test]
fn what_is_not_known_is_refused() {
    for text in [
        "prune",
        "alpha viz",
        "bridge convert",
        "DOWN",
        "volumes-prune",
    ] {
        assert!(
            matches!(Arguments::parse(&words(text)), Err(Refusal::Verb(_))),
            "{text}"
        );
    }
    for text in [
        "down --vol",
        "down --wipe",
        "rm -x",
        "up --fresh",
        "--fresh up",
        "-x down",
        "stop --volumes",
        "run --zap a",
    ] {
        assert!(
            matches!(Arguments::parse(&words(text)), Err(Refusal::Flag { .. })),
            "{text}"
        );
    }
}

#[test]
fn each_verb_is_known_for_what_it_does() {
    for (text, effect) in [
        ("", Effect::Looks),
        ("--version", Effect::Looks),
        ("-h", Effect::Looks),
        ("ps -a --format json", Effect::Looks),
        ("logs -f -n 5 redis", Effect::Looks),
        ("config --hash *", Effect::Looks),
        ("exec redis redis-cli -v", Effect::Works),
        ("exec -T redis down -v", Effect::Works),
        ("stop -t 5", Effect::Works),
        ("kill -s TERM redis", Effect::Works),
        ("run --rm --no-deps web down -v", Effect::Renews),
        ("run -v a:/b -e A=b web sh -c x", Effect::Renews),
        ("scale web=3", Effect::Renews),
        ("up -d --force-recreate", Effect::Recreates),
        ("--profile tools up -t5 web", Effect::Recreates),
        ("create", Effect::Recreates),
        ("watch --no-up", Effect::Recreates),
        ("down --remove-orphans -t 5", Effect::Removes),
        ("rm -sf redis", Effect::Removes),
        ("--dry-run down", Effect::Looks),
        ("down --dry-run", Effect::Looks),
        ("down --dry-run=false", Effect::Removes),
        ("--dry-run down --dry-run=false", Effect::Removes),
        ("down --help", Effect::Looks),
        ("--help rm -sf", Effect::Looks),
        ("--help=false down", Effect::Removes),
        ("--help --help=false down", Effect::Removes),
        ("-h=0 down", Effect::Removes),
        ("down --help=F", Effect::Removes),
        ("-v down -t 1", Effect::Removes),
        ("--version down", Effect::Removes),
        ("--version=false down", Effect::Removes),
        ("-v rm -sf", Effect::Removes),
        ("-v up -d", Effect::Recreates),
    ] {
        assert_eq!(parsed(text).effect, effect, "{text}");
    }
}

#[test]
fn flags_take_their_values_and_words_end_them() {
    let found = parsed(
        "-f a.yml --file=b.yml -pshop --project-name other --profile x up -t 5 --scale web=2 web api",
    );
    assert_eq!(found.verb, "up");
    assert_eq!(found.words, ["web", "api"]);
    assert_eq!(found.projects().collect::<Vec<_>>(), ["shop", "other"]);
    assert_eq!(found.other_files().as_deref(), Some("--file a.yml"));
    assert_eq!(
        parsed("--env-file=x up").other_files().as_deref(),
        Some("--env-file x")
    );
    assert_eq!(
        parsed("up --attach -v web").words,
        ["web"],
        "the value of a flag is no flag"
    );
    assert_eq!(
        parsed("--profile a --profile=b up --pull always")
            .profiles()
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(
        parsed("up --pull missing --pull=always").value_of("pull"),
        Some("always")
    );
    let run = parsed("run -T web --volumes -v");
    assert_eq!(run.words, ["web", "--volumes", "-v"]);
    assert!(parsed("up --remove-orphans").removes_orphans());
    assert!(parsed("kill --remove-orphans").removes_orphans());
    assert!(!parsed("up --remove-orphans=false").removes_orphans());
    assert_eq!(
        parsed("up --scale web=2 --scale web=0").scale_of("web"),
        Some(0)
    );
    assert_eq!(parsed("scale web=3 api=1").scale_of("web"), Some(3));
    assert_eq!(parsed("up web").scale_of("web"), None);
    assert_eq!(
        parsed("down -- -v").words,
        ["-v"],
        "behind -- there are services alone"
    );
}
