//! Power cuts: a disk of its own loses everything that was not made to last, after every call that
//! changes something.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::place::{Files, Place};
use crate::strace::{self, Call};
use crate::valid::Valid;
use crate::{FIRST, MIGRATE, skip, tell};

/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: from here on nothing reaches the disk
/// any more.
const CUT: &str = "my $flag = pack('L', 2); open(my $disk, '<', $ARGV[0]) or die; ioctl($disk, 0x8004587d, $flag) or die $!";

/// How long an image may stay in use after it was unmounted, in milliseconds.
const PATIENCE: u32 = 10_000;

/// What is run when the power goes.
#[derive(Clone, Copy)]
struct How {
    args: &'static [&'static str],
    naive: Option<&'static str>,
}

/// A disk of 16 MB; mounted without what saves careless writers of ext4.
struct Disk {
    folder: TempDir,
    is_mounted: bool,
}

impl Disk {
    /// None where this machine has none to give; told why.
    fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() || !Path::new("/dev/loop-control").exists() {
            tell("SKIPPED: power cuts need root and a loop device");
            return None;
        }
        let mut disk = Self {
            folder: tempfile::tempdir().unwrap(),
            is_mounted: false,
        };
        File::create(disk.image())
            .unwrap()
            .set_len(16 << 20)
            .unwrap();
        std::fs::create_dir(disk.mount_point()).unwrap();
        let image = disk.image();
        match run("mkfs.ext4", &["-q".as_ref(), &image]).and_then(|()| disk.mount()) {
            Ok(()) => Some(disk),
            // A container may be root and may not mount; there it cannot be made to.
            Err(why) if why.contains("permission denied") || why.contains("not permitted") => {
                tell(&format!(
                    "SKIPPED: power cuts need a disk of their own: {why}"
                ));
                None
            }
            Err(why) => {
                skip(&format!("power cuts need a disk of their own: {why}"));
                None
            }
        }
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join("image")
    }

    fn mount_point(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn mount(&mut self) -> Result<(), String> {
        let (image, point) = (self.image(), self.mount_point());
        run(
            "mount",
            &[
                "-o".as_ref(),
                "loop,noauto_da_alloc".as_ref(),
                &image,
                &point,
            ],
        )?;
        self.is_mounted = true;
        Ok(())
    }

    fn unmount(&mut self) -> Result<(), String> {
        self.is_mounted = false;
        run("umount", &[&self.mount_point()])?;
        self.wait_until_free()
    }

    /// A container that starts meanwhile holds a copy of every mount for a moment; mounted again
    /// before that is over, the disk would be the one whose power is off.
    fn wait_until_free(&self) -> Result<(), String> {
        for _ in 0..PATIENCE {
            if !self.is_held() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Err(format!(
            "{} is still held by a loop device {PATIENCE} ms after it was unmounted",
            self.image().display()
        ))
    }

    /// Whether a loop device has the image.
    fn is_held(&self) -> bool {
        let devices = std::fs::read_dir("/sys/block")
            .into_iter()
            .flatten()
            .flatten();
        let image = self.image();
        let mut backing = devices.filter_map(|device| {
            let text = std::fs::read_to_string(device.path().join("loop/backing_file")).ok()?;
            Some(PathBuf::from(text.trim_end()))
        });
        backing.any(|file| file == image)
    }

    /// The power goes, and comes back.
    fn cut(&mut self) {
        run("perl", &["-e".as_ref(), CUT.as_ref(), &self.mount_point()]).unwrap();
        self.unmount().unwrap();
        self.mount().unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            self.unmount().ok();
        }
    }
}

/// The system's words where it fails.
fn run(program: &str, args: &[&Path]) -> Result<(), String> {
    let output = Command::new(program)
        .args(args)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr).to_lowercase()
    ))
}

/// The files after a power cut at a call, and what is wrong with them.
fn cut_at(disk: &mut Disk, call: &Call, valid: &Valid, how: How) -> Result<Files, String> {
    let place = Place::below(&disk.mount_point()).naive(how.naive);
    run("sync", &["-f".as_ref(), &place.root()])?;
    let ran = strace::inject(&place, how.args, call, "signal=KILL");
    assert_eq!(ran.output.status.signal(), Some(9), "{call:?}");
    disk.cut();
    let files = place.files();
    valid
        .judge_whole(&place)
        .map(|()| files)
        .map_err(|fault| format!("power cut at {}: {fault}", call.line))
}

/// Cuts the power at every point; what is wrong, for each.
fn cut_everywhere(disk: &mut Disk, how: How) -> Vec<Result<Files, String>> {
    let valid = Valid::learnt();
    let calls = strace::calls(&Place::new().naive(how.naive), how.args)
        .into_iter()
        .filter(Call::changes_something);
    calls.map(|call| cut_at(disk, &call, &valid, how)).collect()
}

fn faults(results: &[Result<Files, String>]) -> Vec<&String> {
    results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect()
}

#[test]
fn nothing_is_lost_that_was_said_to_be_done() {
    let Some(mut disk) = Disk::new().filter(|_| strace::is_here()) else {
        return;
    };
    let results = cut_everywhere(
        &mut disk,
        How {
            args: MIGRATE,
            naive: None,
        },
    );
    assert!(faults(&results).is_empty(), "{:#?}", faults(&results));
    let recovered = results
        .iter()
        .flatten()
        .filter(|files| files.contains_key("compose/ledger/.journal"))
        .count();
    tell(&format!(
        "power cuts: {} points, {recovered} of them with a journal to go on from, no bad state",
        results.len()
    ));
    assert!(
        results.len() > 100 && recovered > 20,
        "the points are not all seen"
    );
    for naive in ["in-place", "unsynced"] {
        let results = cut_everywhere(
            &mut disk,
            How {
                args: FIRST,
                naive: Some(naive),
            },
        );
        let bad = faults(&results).len();
        tell(&format!(
            "power cuts, control: {bad} bad states of {} with a naive writer ({naive})",
            results.len()
        ));
        assert!(bad > 0, "{naive}");
    }
}
