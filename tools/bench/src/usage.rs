//! What a server has used, read from `/proc` (proc(5)): its process, with all threads, and its descendants.

use anyhow::{Context, Result};
use rustix::param::clock_ticks_per_second;
use std::fs;
use std::ops::{Add, Sub};

/// Processor time and memory.
#[derive(Clone, Copy, Default)]
pub(super) struct Usage {
    /// Seconds in user space, since the start.
    pub(super) user: f64,
    /// Seconds in the kernel, since the start.
    pub(super) system: f64,
    /// Bytes in memory now. Shared memory counts for each process.
    pub(super) resident: u64,
    /// The maximum so far.
    pub(super) peak: u64,
}

impl Usage {
    /// Seconds of either kind.
    pub(super) fn time(&self) -> f64 {
        self.user + self.system
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            user: self.user + other.user,
            system: self.system + other.system,
            resident: self.resident + other.resident,
            peak: self.peak + other.peak,
        }
    }
}

/// The time that passed from `other` to `self`; the memory is that of `self`.
impl Sub for Usage {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            user: self.user - other.user,
            system: self.system - other.system,
            ..self
        }
    }
}

/// What the process `id` and its descendants have used.
pub(super) fn of(id: u32) -> Result<Usage> {
    let all = processes()?;
    let mut family = vec![id];
    let mut known = 0;
    while known < family.len() {
        let parent = family[known];
        family.extend(all.iter().filter(|each| each.parent == parent).map(|each| each.id));
        known += 1;
    }
    let members = all.iter().filter(|each| family.contains(&each.id));
    members
        .map(|each| Ok(each.time + memory(each.id)?))
        .sum::<Result<Usage>>()
        .with_context(|| format!("process {id}"))
}

impl std::iter::Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

struct Process {
    id: u32,
    parent: u32,
    time: Usage,
}

fn processes() -> Result<Vec<Process>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| name.parse().ok());
        // A process may end while this reads its files.
        let stat = id.and_then(|id: u32| Some((id, fs::read_to_string(format!("/proc/{id}/stat")).ok()?)));
        if let Some((id, stat)) = stat {
            found.push(process(id, &stat).with_context(|| format!("/proc/{id}/stat"))?);
        }
    }
    Ok(found)
}

/// `ID (NAME) STATE PARENT ...`, where the name may hold anything; the 14th and 15th words are times in clock ticks.
fn process(id: u32, stat: &str) -> Option<Process> {
    let (_, behind_name) = stat.rsplit_once(')')?;
    let words: Vec<_> = behind_name.split_whitespace().collect();
    let seconds = |word: &str| Some(word.parse::<f64>().ok()? / clock_ticks_per_second() as f64);
    Some(Process {
        id,
        parent: words.get(1)?.parse().ok()?,
        time: Usage {
            user: seconds(words.get(11)?)?,
            system: seconds(words.get(12)?)?,
            ..Usage::default()
        },
    })
}

fn memory(id: u32) -> Result<Usage> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    // `VmRSS:     12345 kB`; a kernel's KB has 1024 bytes. A process that has just ended has no such line.
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
            .map(|kib| kib * 1024)
    };
    Ok(Usage {
        resident: bytes("VmRSS").unwrap_or(0),
        peak: bytes("VmHWM").unwrap_or(0),
        ..Usage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{self, Command};

    #[test]
    fn a_process_has_memory_and_its_child_counts() {
        let alone = of(process::id()).unwrap();
        assert!(alone.resident > 0 && alone.peak >= alone.resident);
        let mut child = Command::new("sleep").arg("10").spawn().unwrap();
        let child_alone = of(child.id()).unwrap();
        let both = of(process::id()).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(child_alone.resident > 0);
        assert!(both.peak >= alone.peak + child_alone.resident);
    }

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        let stat = "7 (a) b ) (c) S 3 7 7 0 -1 0 0 0 0 0 100 50 0 0 20 0";
        let process = process(7, stat).unwrap();
        assert_eq!((process.id, process.parent), (7, 3));
        assert!((process.time.user - 2.0 * process.time.system).abs() < 1e-9 && process.time.user > 0.0);
    }
}
