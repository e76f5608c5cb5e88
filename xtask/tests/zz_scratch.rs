//! x
use std::collections::BTreeMap; use std::time::Instant; use xtask::check::*; use xtask::docker::*;
#[test] fn bench() {
    let c = Compose::find().unwrap();
    let root = std::path::Path::new("/tmp/exp/em");
    let l = vec!["docker-compose.yml".to_string()]; let p = vec!["docker-compose.prod.yml".to_string()];
    let le = vec![".env".to_string()]; let pe = vec![".env.prod".to_string()];
    let mut d = BTreeMap::new();
    for f in [&l[0], &p[0]] { d.insert(f.clone(), std::fs::read_to_string(root.join(f)).unwrap()); }
    let s = [Subject{root,environment:"local",files:&l,env_files:&le,drafts:&d,profiles:false},Subject{root,environment:"prod",files:&p,env_files:&pe,drafts:&d,profiles:false}];
    let med = |mut v: Vec<f64>| { v.sort_by(f64::total_cmp); v[v.len()/2] };
    let plugin = c.plugin().to_owned();
    let bare = |f: &str, e: &str, gogc: bool| { let mut x = std::process::Command::new(&plugin); x.current_dir(root).args(["--env-file", e, "-f", f, "config", "-q"]); if gogc {x.env("GOGC","off");} x.output().unwrap(); };
    let time = |f: &dyn Fn()| { let t = Instant::now(); f(); t.elapsed().as_secs_f64()*1e3 };
    let mut r: Vec<Vec<f64>> = vec![vec![];7];
    for _ in 0..40 {
    r[0].push(time(&|| bare("docker-compose.yml", ".env", false)));
    r[1].push(time(&|| { c.check(&s[0]).unwrap(); }));
    r[2].push(time(&|| std::thread::scope(|t| { t.spawn(|| bare("docker-compose.yml", ".env", false)); t.spawn(|| bare("docker-compose.prod.yml", ".env.prod", false)); })));
    r[3].push(time(&|| { for v in c.check_all(&s) { v.unwrap(); } }));
    r[4].push(time(&|| { let _ = key(c.version(), &s[0], &[]); }));
    r[5].push(time(&|| { Compose::find().unwrap(); }));
    r[6].push(time(&|| std::thread::scope(|t| { t.spawn(|| bare("docker-compose.yml", ".env", true)); t.spawn(|| bare("docker-compose.prod.yml", ".env.prod", true)); })));
    }
    for (n, v) in ["bare one", "check one", "bare two side by side", "check_all two", "key", "find", "bare two gogc off"].iter().zip(r) { println!("{n}: {:.2} ms", med(v)); }
}
