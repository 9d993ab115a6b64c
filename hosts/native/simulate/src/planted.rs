//! Does the simulation notice faults? Faults are planted into the server, one at a time: a piece of its source text is
//! replaced, the server is built, and seeds are run until one of them fails.

use crate::coverage::{self, Mark};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fault that is planted.
pub struct Planted {
    /// What is wrong in a server with this fault.
    pub what: &'static str,
    /// The replacements: the file, the old text, and the new text.
    changes: &'static [(&'static str, &'static str, &'static str)],
}

const fn fault(what: &'static str, changes: &'static [(&'static str, &'static str, &'static str)]) -> Planted {
    Planted { what, changes }
}

/// All planted faults, the most telling first.
pub const PLANTED: &[Planted] = &[
    // The faults with which the storm of `docs/reliability.md` was tried.
    fault(
        "after reading, no look at whether the file changed",
        &[(
            "src/shell/file.rs",
            "self.last_seen.set(Seen::Nothing(LookupError::Failed));\n        Err(Changed)",
            "Ok(())",
        )],
    ),
    fault(
        "files remembered for 3 s instead of 0.1 s",
        &[(
            "src/shell/content.rs",
            "REVALIDATE_AFTER: Duration = Duration::from_millis(80)",
            "REVALIDATE_AFTER: Duration = Duration::from_millis(3000)",
        )],
    ),
    fault(
        "an entity tag made only of the size",
        &[(
            "src/site/metadata.rs",
            "\"{seconds:x}.{nanoseconds:x}-{size:x}{coding}\"",
            "\"{:x}-{size:x}{coding}\", seconds.wrapping_mul(0) + u64::from(nanoseconds).wrapping_mul(0)",
        )],
    ),
    fault(
        "no deadline for heads",
        &[(
            "src/http1/timers.rs",
            "Timer::Head => timeouts.head,",
            "Timer::Head => timeouts.head.saturating_mul(1000),",
        )],
    ),
    // Faults that the attacks have found: their findings 1 to 7.
    fault(
        "clients that never read keep their slots (attack 1)",
        &[(
            "src/schedule/admission.rs",
            "Self::Stalled(since) if lack == Lack::Slot => (since, PAUSE),",
            "Self::Stalled(_) if lack == Lack::Slot => return false,",
        )],
    ),
    fault(
        "each queued response has a file of its own open (attack 2)",
        &[
            (
                "src/shell/content.rs",
                "let open = self.open.borrow().get(name).and_then(Weak::upgrade);",
                "let open: Option<Rc<OpenFile>> = None;",
            ),
            (
                "src/shell/server.rs",
                "if connection.newest_file().is_some_and(|file| file.is_on_disk()) {",
                "if connection.newest_file().is_some_and(|file| file.is_on_disk() && false) {",
            ),
        ],
    ),
    fault(
        "no look whether there is memory (attack 3)",
        &[(
            "src/shell/memory.rs",
            "let is_free = block.try_reserve_exact(bytes).is_ok();",
            "let is_free = bytes < usize::MAX;",
        )],
    ),
    fault(
        "the late are closed without a last look (attack 5)",
        &[(
            "src/shell/reactor.rs",
            "let is_all_read = self.server.serve(number, slot);",
            "let is_all_read = true;",
        )],
    ),
    fault(
        "`--log json` passes control characters on (attack 6)",
        &[(
            "src/access_log.rs",
            "return escape::json(&line.to_string()) + \"\\n\";",
            "return line.to_string() + \"\\n\";",
        )],
    ),
    fault(
        "errors may be kept by caches (attack 4)",
        &[(
            "src/site/respond.rs",
            "        _ => Some(NO_STORE),",
            "        _ => site.cache_control.as_deref(),",
        )],
    ),
    fault(
        "a listing has no pages (attack 7)",
        &[(
            "src/site/listing.rs",
            "pub const PAGE: usize = 500;",
            "pub const PAGE: usize = 20_000;",
        )],
    ),
    // Faults in the shell and the scheduler.
    fault(
        "a newcomer can take over the number of a ready connection",
        &[(
            "src/shell/poller.rs",
            "ready.sort_by_key(|source| matches!(source, Source::Listener(_)));",
            "",
        )],
    ),
    fault(
        "a slot is not given back",
        &[(
            "src/shell/reactor.rs",
            "self.server.in_slots = self.server.in_slots.saturating_sub(1);\n        }\n        self.server.turns",
            "}\n        self.server.turns",
        )],
    ),
    fault(
        "a closed connection keeps its turn (`--serial`)",
        &[(
            "src/shell/reactor.rs",
            "self.server.turns.forget(number);\n        self.server.file_queue",
            "self.server.file_queue",
        )],
    ),
    fault(
        "an empty read is taken for the end",
        &[(
            "io/src/transport.rs",
            "Ok(bytes) if bytes.is_empty() => Arrived::Nothing,",
            "Ok(bytes) if bytes.is_empty() => Arrived::End,",
        )],
    ),
    fault(
        "a file that is larger now is taken for one that has grown",
        &[(
            "src/shell/file.rs",
            "is_larger && !self.ends.is_empty() && read_ends(descriptor, self.size) == self.ends",
            "is_larger && !self.ends.is_empty() && descriptor.stat().is_ok()",
        )],
    ),
    fault(
        "permissions that were taken away are not noticed",
        &[("src/shell/content.rs", "&& known.permitted == permitted", "")],
    ),
    fault(
        "no write deadline is put off by progress",
        &[(
            "src/http1/connection.rs",
            "if count > 0 {",
            "if count > usize::MAX - 1 {",
        )],
    ),
    fault(
        "the sending side is not shut down",
        &[("src/shell/slot.rs", "self.transport.end_sending();", "")],
    ),
    fault(
        "no round goes on (wasmtime 48 tells of 128)",
        &[(
            "src/schedule/poll_plan.rs",
            "self.is_truncated = reported.connections > 0 && self.readiness.is_truncated();",
            "self.is_truncated = false;",
        )],
    ),
    fault(
        "the budget of wasmtime 48 is not renewed",
        &[(
            "src/schedule/readiness.rs",
            "is_used_up && self.is_crowded",
            "false && is_used_up",
        )],
    ),
    fault(
        "who is evicted gets no last look",
        &[(
            "src/shell/reactor.rs",
            "self.server.serve(number, slot);\n            self.rearm(number);\n            if self.eviction(lack)",
            "let _ = slot;\n            if self.eviction(lack)",
        )],
    ),
    fault(
        "displaced connections are not counted off",
        &[(
            "src/shell/reactor.rs",
            "} else if slot.is_displaced {",
            "} else if slot.is_displaced && false {",
        )],
    ),
    fault(
        "a permit to write is used again and again",
        &[(
            "src/schedule/permit.rs",
            "*left = left.saturating_sub(count);",
            "*left = left.saturating_sub(count.wrapping_mul(0));",
        )],
    ),
    // Faults in the options that make the server slow on purpose.
    fault(
        "`--delay` is over at once",
        &[(
            "src/http1/connection.rs",
            "self.phase = Phase::Delayed(now.saturating_add(delay));",
            "self.phase = Phase::Delayed(now);",
        )],
    ),
    fault(
        "all wait while one is delayed (`--delay`)",
        &[(
            "src/shell/server.rs",
            "let (queued, head) = (connection.queued_bytes(), connection.head_bytes().len());",
            "let (queued, head) = (connection.queued_bytes(), connection.head_bytes().len());\n            clock::pause(self.settings.rules.pace.delay);",
        )],
    ),
    fault(
        "what is sent is not counted for `--rate`",
        &[(
            "src/http1/send_rate.rs",
            "self.left = self.left.saturating_sub(count);",
            "self.left = self.left.saturating_sub(count.wrapping_mul(0));",
        )],
    ),
    fault(
        "`--live` looks at the files once in 19 s",
        &[(
            "src/site/live.rs",
            "pub const INTERVAL: Duration = Duration::from_millis(250);",
            "pub const INTERVAL: Duration = Duration::from_secs(19);",
        )],
    ),
    fault(
        "`--live` does not wait for a change",
        &[(
            "src/site/live.rs",
            "pub const LONGEST_WAIT: Duration = Duration::from_secs(20);",
            "pub const LONGEST_WAIT: Duration = Duration::from_secs(0);",
        )],
    ),
];

/// A copy of the server's sources, into which faults are planted.
pub struct Garden {
    source: PathBuf,
    target: PathBuf,
}

impl Garden {
    /// Copies the sources into the repository's target folder.
    ///
    /// # Errors
    /// The sources cannot be read or written.
    pub fn new() -> Result<Self, String> {
        let root = root();
        let garden = Self {
            source: root.join("target/planted/source"),
            target: root.join("target/planted/target"),
        };
        let listed = Command::new("git").arg("ls-files").current_dir(&root).output();
        let listed = listed.map_err(|error| format!("cannot run git: {error}"))?;
        for file in String::from_utf8_lossy(&listed.stdout).lines() {
            let copied = copy(&root.join(file), &garden.source.join(file));
            copied.map_err(|error| format!("{file}: {error}"))?;
        }
        Ok(garden)
    }

    /// Builds the server with this fault.
    ///
    /// # Errors
    /// An old text does not occur exactly once, or the changed sources do not compile.
    pub fn plant(&self, planted: &Planted) -> Result<Vec<u8>, String> {
        let mut before = Vec::new();
        for (name, from, to) in planted.changes {
            let file = self.source.join(name);
            let text = fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
            if text.matches(from).count() != 1 {
                return Err(format!("{name}: {from:?} is not there exactly once"));
            }
            fs::write(&file, text.replace(from, to)).map_err(|error| format!("{name}: {error}"))?;
            before.push((file, text));
        }
        let built = self.build();
        for (file, text) in before {
            fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        built
    }

    /// Builds the server with marks in the branches of its shell, of `io` and of its scheduler. Returns the marks too.
    ///
    /// # Errors
    /// A file cannot be read or written, or the marked sources do not compile.
    pub fn cover(&self) -> Result<(Vec<u8>, Vec<Mark>), String> {
        let failed = |error: io::Error| error.to_string();
        let mut marks = Vec::new();
        let mut before = Vec::new();
        for package in ["src", "io/src"] {
            let library = self.source.join(package).join("lib.rs");
            let text = fs::read_to_string(&library).map_err(failed)?;
            fs::write(&library, format!("{text}\npub mod cover;\n")).map_err(failed)?;
            before.push((library, text));
            let module = self.source.join(package).join("cover.rs");
            fs::write(&module, coverage::MODULE).map_err(failed)?;
        }
        for (folder, module) in [
            ("src/shell", "aula::cover"),
            ("src/schedule", "crate::cover"),
            ("io/src", "crate::cover"),
        ] {
            let entries = fs::read_dir(self.source.join(folder)).map_err(failed)?;
            let mut files: Vec<PathBuf> = entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<_, _>>()
                .map_err(failed)?;
            files.retain(|file| {
                let name = file.to_string_lossy();
                let ends = ["_tests.rs", "lib.rs", "cover.rs"];
                // A file that existed when an earlier copy was made may be gone.
                let here = root().join(file.strip_prefix(&self.source).unwrap_or(file));
                !ends.iter().any(|end| name.ends_with(end)) && here.is_file()
            });
            files.sort();
            for file in files {
                let text = fs::read_to_string(&file).map_err(failed)?;
                let name = file.strip_prefix(&self.source).unwrap_or(&file).display().to_string();
                let marked = coverage::mark(&name, &text, module, &mut marks)?;
                fs::write(&file, marked).map_err(failed)?;
                before.push((file, text));
            }
        }
        let built = self.build();
        for (file, text) in before {
            fs::write(&file, text).map_err(failed)?;
        }
        Ok((built?, marks))
    }

    /// Builds the server without the optimizations of the server that is shipped, because they take three times as
    /// long.
    fn build(&self) -> Result<Vec<u8>, String> {
        const TARGET: &str = "wasm32-wasip2";
        let mut build = Command::new("cargo");
        build.args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "aula",
            "--bin",
            "server",
        ]);
        build.args(["--target", TARGET, "--target-dir"]).arg(&self.target);
        build.env("CARGO_PROFILE_RELEASE_LTO", "off");
        build.env("CARGO_INCREMENTAL", "1");
        build.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        build.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        let status = build.env("RUSTFLAGS", "-Awarnings").current_dir(&self.source).status();
        if !status.map_err(|error| format!("cannot run cargo: {error}"))?.success() {
            return Err("it does not compile".to_owned());
        }
        let built = self.target.join(TARGET).join("release/server.wasm");
        fs::read(&built).map_err(|error| format!("{}: {error}", built.display()))
    }
}

/// The root folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// Copies a file, unless the copy is already the same: then nothing has to be built again.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let Ok(bytes) = fs::read(from) else {
        return Ok(());
    };
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::write(to, bytes)
}
