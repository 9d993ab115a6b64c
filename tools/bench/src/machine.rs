//! What the figures were measured on, and when.

use super::Bench;
use std::fs;
use std::thread;
use std::time::SystemTime;

/// What a reader needs to compare figures: names and values.
pub(super) fn describe(bench: &Bench) -> Vec<(&'static str, String)> {
    vec![
        ("date", httpdate::fmt_http_date(SystemTime::now())),
        ("processor", format!("{}, {} cores", processor(), cores())),
        ("kernel", format!("Linux {}", kernel())),
        ("programs", bench.tools.versions().join(", ")),
        (
            "component",
            format!(
                "server.wasm, {} KiB",
                fs::metadata(&bench.component).map_or(0, |file| file.len() / 1024)
            ),
        ),
        (
            "each run",
            format!("{} s, {} rounds in turn", bench.seconds, bench.rounds),
        ),
    ]
}

/// How many cores there are to run on.
pub(super) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = all.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|rest| rest.split_once(':')).map(|(_, name)| name.trim());
    model.unwrap_or("unknown processor").to_owned()
}

fn kernel() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    release.trim().to_owned()
}
