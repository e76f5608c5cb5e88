//! How often Docker is asked: counted with stand-ins, for a count does not depend on the machine.

use std::fs;

use crate::machine::Machine;

/// The stories that a first run applies to express-mongo and to the example.
const STORIES: usize = 4;

#[test]
fn a_first_migrate_asks_at_most_twice_for_each_story_and_environment() {
    let machine = Machine::with_old_checkout();
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Applied 4 stories to local and prod"]);
    let calls = machine.compose.calls();
    assert!(
        calls.iter().all(|call| call.contains(" config ")),
        "{calls:#?}"
    );
    for environment in [".env", ".env.prod"] {
        let asked = calls
            .iter()
            .filter(|call| call.contains(&format!("{environment} ")))
            .count();
        assert!(asked <= 2 * STORIES + 1, "{environment}: {asked} calls");
    }
    assert_eq!(
        calls.len(),
        2 * (STORIES + 1),
        "no profiles: one call each, and one for each environment as it was"
    );
}

#[test]
fn a_second_migrate_asks_nothing_and_touches_nothing() {
    let machine = Machine::with_old_checkout();
    machine.xtask(&["migrate"]).with(0);
    let (before, starts) = (machine.tree(), machine.starts());
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Up to date in local and prod: 4 stories applied. Nothing written."]);
    assert_eq!(machine.starts(), starts);
    assert!(
        machine.tree() == before,
        "a byte, a mode or a time of change is another"
    );
}

#[test]
fn what_only_looks_starts_no_process() {
    let machine = Machine::with_old_checkout();
    for _ in ["pending", "migrated"] {
        let starts = machine.starts();
        for args in [
            &["status"][..],
            &["migrate", "--check"],
            &["explain", "5.1"],
            &["status", "--format", "json"],
        ] {
            let before = machine.tree();
            machine.xtask(args);
            assert_eq!(machine.starts(), starts, "{args:?}");
            assert!(machine.tree() == before, "{args:?}");
        }
        machine.xtask(&["migrate"]).with(0);
    }
}

#[test]
fn a_second_verify_asks_compose_nothing_and_the_client_for_an_engine() {
    let machine = Machine::with_old_checkout();
    machine.xtask(&["migrate"]).with(0);
    let migrated = machine.compose.calls().len();
    machine.xtask(&["verify"]).with(0);
    assert_eq!(machine.compose.calls().len(), migrated + 2);
    let starts = machine.starts();
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["the same bytes", "no Docker engine answers here"]);
    assert_eq!(machine.starts(), starts + 1);
    assert_eq!(machine.compose.calls().len(), migrated + 2);
}

#[test]
fn verify_asks_again_about_what_changed() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.xtask(&["verify"]).with(0);
    for change in [".env.prod", "docker-compose.prod.yml"] {
        let asked = machine.compose.calls().len();
        machine.write(change, machine.read(change) + "# another byte\n");
        machine.xtask(&["verify"]).with(0);
        let about_prod = |call: &String| call.contains("docker-compose.prod.yml");
        assert!(
            machine.compose.calls()[asked..].iter().any(about_prod),
            "{change}"
        );
    }
}

#[test]
fn profiles_cost_a_second_call() {
    let machine = Machine::with_shop();
    machine.replace(
        "docker-compose.yml",
        "  frontend:\n",
        "  frontend:\n    profiles: [ui]\n",
    );
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    let calls = machine.compose.calls();
    assert_eq!(
        calls.len(),
        2 * 3,
        "local twice and prod once, as they were and with 5.1: {calls:#?}"
    );
}

#[test]
fn a_dry_run_and_one_environment_ask_no_more() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate", "--dry-run"]).with(0);
    assert_eq!(machine.compose.calls().len(), 2 * (STORIES + 1));
    let machine = Machine::with_shop();
    machine
        .xtask(&["migrate", "--environment", "local"])
        .with(0);
    assert_eq!(machine.compose.calls().len(), STORIES + 1);
}

/// Each call waits until another one is there too.
#[test]
fn the_environments_are_checked_side_by_side() {
    let machine = Machine::with_shop();
    machine.compose_answers(
        r#"touch "$here/call.$$"; tries=0
           while [ "$(ls "$here" | grep -c '^call\.')" -lt 2 ] && [ $tries -lt 200 ]; do
             tries=$((tries + 1)); sleep 0.05
           done
           [ $tries -lt 200 ] || touch "$here/alone"
           echo '{}'"#,
    );
    machine.xtask(&["migrate", "--to", "5.1"]).with(0);
    assert!(
        !machine.compose.file("alone").exists(),
        "a call had ended before the next one began"
    );
}

#[test]
fn a_lost_memory_costs_a_question_and_no_more() {
    let machine = Machine::with_shop();
    machine.xtask(&["migrate"]).with(0);
    machine.xtask(&["verify"]).with(0);
    fs::remove_dir_all(machine.folder().join("state")).unwrap();
    machine
        .xtask(&["verify"])
        .with(0)
        .says(&["Verified: 4 stories"]);
    machine
        .xtask(&["migrate"])
        .with(0)
        .says(&["Nothing written."]);
}
