//! The hosts: how to get each one, and its known failures.

use anyhow::{Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// A host, which runs the component.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// The command line of wasmtime, in the version that `wasmtime/NAME.txt` fixes.
    Wasmtime,
    /// Our own host, `hosts/native`.
    Aula,
    /// The Python package, `hosts/python`.
    Python,
    /// jco on Node.js.
    Jco,
}

pub(crate) struct Host {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The tests that are known to fail under it, by the beginning of their names, and why.
    pub(crate) known: &'static [(&'static str, &'static str)],
    /// The tests that are not run under it, by the beginning of their names, and why.
    pub(crate) left_out: &'static [(&'static str, &'static str)],
}

const fn wasmtime(name: &'static str, known: &'static [(&'static str, &'static str)]) -> Host {
    Host {
        name,
        kind: Kind::Wasmtime,
        known,
        left_out: &[],
    }
}

/// Seen with jco 1.35 and preview2-shim 0.26.1. The cause in them is not known.
const RESET: &str = "a rejected request gets its response, but what the client still sends is not read: a connection on which it comes \
                     late, or is long, is reset and not closed in order (RFC 9112 section 9.6)";

/// Seen with strace: up to 42, the host sets SO_REUSEADDR to 0 if it is to choose the port, and to 1 otherwise.
const CHOSEN_PORT: &str =
    "a port that the system has chosen (`--port 0`) cannot be taken again at once; one that the user names can";

/// Seen with strace: up to 47, there is no setsockopt after `set-send-buffer-size`, so what was written before stays.
const SMALL_BUFFER: &str = "a client that never reads loses its slot, its file and its response at its deadline, but its socket is open until \
                            it leaves: the host does not enlarge the send buffer of a connection";

/// The tests that a small send buffer fails.
const UNREAD: (&str, &str) = ("resources::after_its_deadline_not_even_the_socket_", SMALL_BUFFER);

/// The tests expect the folder's name to be `www`, wherever it is.
const NAME: &str = "the folder has the name under which it was given, so the messages name it otherwise, and a path below it is given so too";

/// Tests of what happens where memory is short. Without a limit they show nothing, and under jco they take minutes.
const NO_LIMIT: &str = "it has no option that limits the memory of a component";

const WITH_LITTLE_MEMORY: &[(&str, &str)] = &[("resources::in_", NO_LIMIT), ("sandbox::within_64_mib_", NO_LIMIT)];

/// The hosts, in the order of the page.
pub(crate) const ALL: [Host; 12] = [
    wasmtime(
        "wasmtime-36",
        &[("cli::a_server_can_be_restarted_at_once_", CHOSEN_PORT), UNREAD],
    ),
    wasmtime(
        "wasmtime-42",
        &[("cli::a_server_can_be_restarted_at_once_", CHOSEN_PORT), UNREAD],
    ),
    wasmtime("wasmtime-43", &[UNREAD]),
    wasmtime("wasmtime-44", &[UNREAD]),
    wasmtime("wasmtime-45", &[UNREAD]),
    wasmtime("wasmtime-46", &[UNREAD]),
    wasmtime("wasmtime-47", &[UNREAD]),
    wasmtime("wasmtime-48", &[]),
    wasmtime("wasmtime-49", &[]),
    Host {
        name: "aula",
        kind: Kind::Aula,
        known: &[],
        left_out: &[],
    },
    Host {
        name: "python",
        kind: Kind::Python,
        known: &[
            UNREAD,
            ("cli::a_root_that_is_not_a_granted_folder_", NAME),
            ("cli::the_ready_line_is_in_the_language_too", NAME),
            ("cli::the_server_says_where_it_listens_", NAME),
            ("content::the_root_may_be_below_the_granted_folder", NAME),
        ],
        left_out: WITH_LITTLE_MEMORY,
    },
    Host {
        name: "jco",
        kind: Kind::Jco,
        known: &[
            ("component::fields-of-100-kb", RESET),
            ("component::length-100000", RESET),
            ("component::encoding-chunked-not-last", RESET),
        ],
        left_out: WITH_LITTLE_MEMORY,
    },
];

impl Host {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|host| host.name == name)
    }

    /// The variables of the environment with which the tests use this host.
    pub(crate) fn environment(&self) -> Result<Vec<(&'static str, PathBuf)>> {
        Ok(match self.kind {
            Kind::Wasmtime => vec![
                ("TEST_HOST", "wasmtime".into()),
                ("AULA_WASMTIME", xtask::packed_wasmtime(&self.requirements())?),
            ],
            Kind::Aula => vec![("TEST_HOST", "aula".into()), ("AULA_NATIVE", xtask::aula()?)],
            Kind::Python => vec![("TEST_HOST", "python".into())],
            Kind::Jco => vec![("TEST_HOST", "jco".into()), ("HANDLER_HOST", "jco".into())],
        })
    }

    /// Its name and version, as it prints them.
    pub(crate) fn version(&self) -> Result<String> {
        match self.kind {
            Kind::Wasmtime => printed(&xtask::packed_wasmtime(&self.requirements())?, &["--version"]),
            Kind::Aula => printed(&xtask::aula()?, &["--version"]),
            Kind::Python => printed(&xtask::installed_wheel()?, &["--version"]),
            Kind::Jco => {
                let program = xtask::jco()?.join("@bytecodealliance/jco/dist/jco.js");
                let jco = printed("node".as_ref(), &[&program.to_string_lossy(), "--version"])?;
                Ok(format!(
                    "jco {jco}, Node.js {}",
                    printed("node".as_ref(), &["--version"])?.trim_start_matches('v')
                ))
            }
        }
    }

    /// The file that pins the version and the bytes of a wasmtime.
    pub(crate) fn requirements(&self) -> PathBuf {
        let folder = xtask::root().join("tools/hosts/wasmtime");
        folder.join(format!("{}.txt", self.name))
    }

    /// Why a test fails under it, if the reason is known.
    pub(crate) fn reason(&self, test: &str) -> Option<&'static str> {
        let mut known = self.known.iter();
        known
            .find(|(begin, _)| test.starts_with(begin))
            .map(|(_, reason)| *reason)
    }
}

/// The first line that a program prints, without the commit in parentheses that wasmtime adds.
fn printed(program: &std::path::Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output()?;
    ensure!(output.status.success(), "{} {arguments:?} failed", program.display());
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().unwrap_or_default();
    Ok(if line.starts_with("wasmtime ") {
        line.split(" (").next().unwrap_or_default().to_owned()
    } else {
        line.to_owned()
    })
}
