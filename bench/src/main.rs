//! The editor against its peers: one story of four edits, on a file of 100 and one of 5,000 lines,
//! in one run.
//!
//!     cargo run --release --manifest-path bench/Cargo.toml
//!
//! Each side reads the file, makes the same four edits and has the new text. Rounds alternate
//! between the sides, so that a busy machine is unfair to none; medians are compared as ratios.

use std::path::Path as File;
use std::str::FromStr;
use std::time::{Duration, Instant};

use compose_edit::{Document, NewValue, Path, differences};

const ROUNDS: usize = 61;

/// The lines of a service in [`stack`].
const SERVICE: usize = 10;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for lines in [100, 5000] {
        let file = folder.path().join(format!("{lines}.yml"));
        let services = lines / SERVICE;
        std::fs::write(&file, stack(services)).expect("the file");
        let middle = format!("service{}", services / 2);
        compare(lines, &file, &middle);
    }
}

fn compare(lines: usize, file: &File, service: &str) {
    let sides: [(&str, &dyn Fn() -> String); 5] = [
        ("yaml-edit", &|| yaml_edit(file, service)),
        ("oneyaml", &|| oneyaml(file, service)),
        ("compose-edit, one edit", &|| ours(file, service, 1)),
        ("compose-edit, four edits", &|| ours(file, service, 4)),
        ("compose-edit, four edits and proof", &|| {
            proved(file, service)
        }),
    ];
    for (name, side) in &sides {
        check(name, &side());
    }
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); sides.len()];
    for _ in 0..ROUNDS {
        for ((_, side), times) in sides.iter().zip(&mut times) {
            let start = Instant::now();
            std::hint::black_box(side());
            times.push(start.elapsed());
        }
    }
    let medians: Vec<f64> = times
        .into_iter()
        .map(|times| median(times).as_secs_f64() * 1e6)
        .collect();
    println!("{lines} lines");
    for ((name, _), micros) in sides.iter().zip(&medians) {
        println!(
            "  {name:36} {micros:9.0} µs   {:5.2} x yaml-edit",
            micros / medians[0]
        );
    }
    println!(
        "  four edits are {:.2} x one (goal: at most 1.3)",
        medians[3] / medians[2]
    );
    println!("  goals: without proof at most 1.00 x yaml-edit, with it at most 2.00\n");
}

/// All sides must have made their edits; a peer's style is its own affair.
fn check(name: &str, text: &str) {
    let all = [
        "redis:7-alpine",
        "extra_data:",
        "extra_data:/extra",
        "mem_limit: 512m",
    ];
    let wanted = if name.ends_with("one edit") {
        &all[..1]
    } else {
        &all[..]
    };
    for part in wanted {
        assert!(text.contains(part), "{name} did not write {part}");
    }
}

fn ours(file: &File, service: &str, edits: usize) -> String {
    edit(&read(file), service, edits).text().to_owned()
}

fn proved(file: &File, service: &str) -> String {
    let before = read(file);
    let after = edit(&before, service, 4).text().to_owned();
    assert_eq!(
        differences(&before, &after).expect("both are YAML").len(),
        4
    );
    after
}

fn edit(text: &str, service: &str, edits: usize) -> Document {
    let document = Document::parse(text).expect("it is YAML");
    let at = Path::from(["services", service]);
    let mut edit = document.edit();
    edit.set(&at.join("image"), &"redis:7-alpine".into())
        .expect("set");
    if edits > 1 {
        edit.insert(
            &Path::from(["volumes"]),
            "extra_data",
            &NewValue::Null,
            None,
        )
        .expect("declare");
        edit.push(&at.join("volumes"), &NewValue::from("extra_data:/extra"))
            .expect("mount");
        edit.insert(&at, "mem_limit", &NewValue::from("512m"), None)
            .expect("insert");
    }
    edit.finish().expect("it is YAML still")
}

fn yaml_edit(file: &File, service: &str) -> String {
    let yaml = yaml_edit::YamlFile::from_str(&read(file)).expect("it is YAML");
    let document = yaml.document().expect("a document");
    let body = document
        .get_mapping("services")
        .and_then(|all| all.get_mapping(service))
        .expect("the service");
    body.set("image", "redis:7-alpine");
    document
        .get_mapping("volumes")
        .expect("the volumes")
        .set("extra_data", yaml_edit::ScalarValue::null());
    body.get_sequence("volumes")
        .expect("its mounts")
        .push("extra_data:/extra");
    body.set("mem_limit", "512m");
    yaml.to_string()
}

fn oneyaml(file: &File, service: &str) -> String {
    let text = read(file);
    let mut document = oneyaml::Document::parse(&text).expect("it is YAML");
    let at = |key: &str| format!("services.{service}.{key}");
    document
        .set_path(at("image").as_str(), "redis:7-alpine")
        .expect("set");
    document
        .set_path("volumes.extra_data", ())
        .expect("declare");
    document
        .get_path_mut(at("volumes").as_str())
        .expect("its mounts")
        .push("extra_data:/extra")
        .expect("mount");
    document
        .set_path(at("mem_limit").as_str(), "512m")
        .expect("insert");
    document.to_string()
}

fn read(file: &File) -> String {
    std::fs::read_to_string(file).expect("the file")
}

/// A stack with services of ten lines each.
fn stack(services: usize) -> String {
    let mut text = "services:\n".to_owned();
    for number in 0..services {
        text.push_str(&format!(
            "  # service number {number}\n  service{number}:\n    image: redis:6.2.13-alpine   # pinned\n    restart: always\n    \
             ports:\n      - \"{}:80\"\n    volumes:\n      - data{number}:/data\n      - ./etc:/etc/app:ro\n\n",
            8000 + number
        ));
    }
    text.push_str("volumes:\n");
    (0..services).for_each(|number| text.push_str(&format!("  data{number}:\n")));
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
