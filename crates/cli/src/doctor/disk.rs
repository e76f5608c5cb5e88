//! Room on the disks that fill: the checkout's and the engine's.

use std::path::Path;

use docker::engine::Engine;
use rustix::fs::statvfs;

use diagnostics::Diagnostic;

use super::{failure, pass, warning};

const GIB: u64 = 1 << 30;

/// Below this, images and databases fail in the middle.
const LEAST: u64 = GIB;

/// Below this, the next build or two may.
const SCARCE: u64 = 5 * GIB;

pub(super) fn check(engine: Option<&Engine>, root: &Path) -> Vec<Diagnostic> {
    let mut findings: Vec<_> = room("the checkout", root).into_iter().collect();
    let Some(engine) = engine else {
        return findings;
    };
    match engine.root_dir() {
        Ok(folder) if engine.is_local() && folder.is_dir() => {
            findings.extend(room("Docker", &folder))
        }
        _ => {}
    }
    let sound = findings.iter().all(|finding| finding.remedies.is_empty());
    if findings.len() == 2 && sound {
        let says: Vec<_> = findings.drain(..).map(|finding| finding.message).collect();
        findings.push(pass("disk", says.join(", ")));
    }
    findings
}

fn room(whose: &str, folder: &Path) -> Option<Diagnostic> {
    let disk = statvfs(folder).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let says = format!("{:.1} GiB free for {whose}", free as f64 / GIB as f64);
    let mend = if whose == "Docker" {
        "docker system df   # then docker image prune"
    } else {
        "df -h ."
    };
    Some(match free {
        free if free < LEAST => failure("disk", format!("{says}: too little"), mend),
        free if free < SCARCE => warning("disk", format!("{says}: scarce"), mend),
        _ => pass("disk", says),
    })
}
