//! The values of secrets are never printed.

use crate::machine::Machine;

const SECRETS: [&str; 5] = [
    "fixture-session-secret",
    "fixture-prod-secret",
    "fixture-api-token",
    "fixture-redis-password",
    "fixture-inline",
];

/// A machine whose Compose quotes every file that it is given as it rejects what holds `text`.
fn quoting(text: &str) -> Machine {
    let machine = Machine::with_shop();
    // Beside what the stories edit, so that the diffs would show it.
    let command = "image: redis:6.2.13-alpine\n    command: redis-server --requirepass ";
    machine.replace(
        "docker-compose.prod.yml",
        &format!("{command}${{REDIS_PASSWORD}}"),
        &format!("{command}fixture-inline"),
    );
    machine.compose_answers(&format!(
        r#"if grep -q '{text}' docker-compose.prod.yml; then
             for file in "$@"; do [ ! -f "$file" ] || tr '\n' ' ' <"$file" >&2; done; exit 1
           fi; echo '{{"name": "fixture-api-token"}}'"#
    ));
    machine
}

#[test]
fn no_output_holds_one() {
    for text in ["services", "redis_data:/data", "start_period: 40s", "never"] {
        let machine = quoting(text);
        for args in [
            &["migrate", "--dry-run"][..],
            &["migrate", "--dry-run", "--format", "json"],
            &["migrate"],
            &["migrate", "--format", "json"],
            &["status", "--format", "json"],
            &["verify"],
            &["verify", "--format", "json"],
            &["revert", "--all", "--dry-run"],
            &[
                "revert",
                "--all",
                "--accept-irreversible",
                "--format",
                "json",
            ],
        ] {
            let said = machine.xtask(args);
            let told: Vec<_> = SECRETS
                .iter()
                .filter(|secret| said.all().contains(*secret))
                .collect();
            assert!(
                told.is_empty(),
                "{args:?}, Compose stumbling over {text:?}, tells {told:?}: {said}"
            );
        }
    }
}

/// But for what the files held, which is kept for the undo and is nobody else's to read.
#[test]
fn no_record_and_no_memory_holds_one() {
    let machine = quoting("never");
    machine.xtask(&["migrate"]).with(0);
    machine.xtask(&["verify"]).with(0);
    let ledger = machine.root().join("compose/ledger");
    for folder in [ledger, machine.folder().join("state")] {
        let args = ["-r", "-F", "--exclude-dir=preimages", "fixture-"];
        let found = std::process::Command::new("grep")
            .args(args)
            .arg(&folder)
            .output()
            .unwrap();
        assert!(
            found.stdout.is_empty(),
            "{}",
            String::from_utf8_lossy(&found.stdout)
        );
    }
}

#[test]
fn what_stands_beside_a_conflict_is_not_quoted() {
    let machine = Machine::bare();
    machine.write(
        "compose.yml",
        "services:\n  redis: { image: \"redis:7\", environment: { PASSWORD: Zq21secret }, volumes: [\"./x:/data:ro\"] }\n",
    );
    for args in [
        &["status"][..],
        &["status", "--format", "json"],
        &["verify"],
        &["migrate"],
    ] {
        let said = machine.xtask(args);
        assert!(
            !said.stdout.contains("Zq21secret") && !said.stderr.contains("Zq21secret"),
            "{said}"
        );
        assert!(
            said.stdout.contains("./x:/data:ro") || said.stderr.contains("./x:/data:ro"),
            "{said}"
        );
    }
}
