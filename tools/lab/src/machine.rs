//! What the lab needs from this machine: Linux, four programs, and namespaces. If something is missing, one line names
//! it and the cure.
//!
//! The lab never changes the machine itself: the cures are for its owner.

use anyhow::{Result, bail, ensure};
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::process::Command;

/// The programs that the lab runs, and the Debian package of each.
const PROGRAMS: &[(&str, &str)] = &[
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
    ("nsenter", "util-linux"),
    ("setpriv", "util-linux"),
];

/// Trial commands, which do in new namespaces what the lab will do, and what the kernel lacks if one fails.
const TRIALS: &[(&[&str], &str)] = &[
    (&["ip", "link", "add", "s1", "type", "bridge"], "bridge"),
    (
        &[
            "ip", "link", "add", "h1-eth0", "type", "veth", "peer", "name", "s1-eth1",
        ],
        "veth",
    ),
];

/// The files with which a kernel allows namespaces only to root, their content in that case, and the setting that
/// allows them to all users: Ubuntu's, Debian's (before 11), and every Linux's own.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "user.max_user_namespaces=10000",
    ),
    (
        "/proc/sys/user/max_net_namespaces",
        "0",
        "user.max_net_namespaces=10000",
    ),
];

/// How this machine makes namespaces.
pub(super) struct Namespaces {
    /// The options of `unshare` for the user.
    user: &'static [&'static str],
}

impl Namespaces {
    /// Root needs no user namespace.
    const ROOTS: Self = Self { user: &[] };

    /// Any other user can become root in a new user namespace.
    const EVERYBODYS: Self = Self {
        user: &["--user", "--map-root-user"],
    };

    /// `program` in new network, mount and PID namespaces, there as process 1. It ends with this process: if we die, of
    /// whatever signal, `unshare` is killed, and then `program`; and when process 1 ends, the kernel ends all others of
    /// the namespace, and removes its network.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "unshare", "--kill-child"])
            .args(self.user)
            .args(["--net", "--pid", "--fork", "--mount-proc", "--"])
            .arg(program);
        command
    }
}

/// Finds out how to make namespaces here.
///
/// # Errors
/// What is missing, in one line, with the cure.
pub(super) fn find_namespaces() -> Result<Namespaces> {
    ensure!(
        cfg!(target_os = "linux"),
        "lab: network namespaces are Linux's: run it on Linux, in a virtual machine for instance"
    );
    for (program, package) in PROGRAMS {
        let found = Command::new(program).arg("-V").output();
        let is_missing = found.is_err_and(|error| error.kind() == ErrorKind::NotFound);
        ensure!(
            !is_missing,
            "lab: no program `{program}` here; install it: apt-get install {package}"
        );
    }
    let namespaces = match (
        attempt(&Namespaces::ROOTS, &["true"]),
        attempt(&Namespaces::EVERYBODYS, &["true"]),
    ) {
        (Ok(()), _) => Namespaces::ROOTS,
        (_, Ok(())) => Namespaces::EVERYBODYS,
        (_, Err(reason)) => bail!("lab: no namespaces here ({reason}); {}", cure()),
    };
    for (command, module) in TRIALS {
        if let Err(reason) = attempt(&namespaces, command) {
            bail!("lab: no {module} in this kernel ({reason}); load it: sudo modprobe {module}");
        }
    }
    Ok(namespaces)
}

/// Runs a command in new namespaces. If it fails, returns the last line that it printed.
fn attempt(namespaces: &Namespaces, command: &[&str]) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("no command")?;
    let output = namespaces.command(program).args(arguments).output();
    let output = output.map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    match said.lines().last() {
        _ if output.status.success() => Ok(()),
        Some(line) => Err(line.to_owned()),
        None => Err(output.status.to_string()),
    }
}

/// The setting that allows namespaces, if the kernel says why it does not.
fn cure() -> String {
    let is_set = |(file, value, _): &&(&str, &str, &str)| fs::read_to_string(file).is_ok_and(|it| it.trim() == *value);
    match FORBIDDEN.iter().find(is_set) {
        Some((_, _, setting)) => format!("allow them: sudo sysctl -w {setting}"),
        None => "run it as root or, if this is a container, outside of it".to_owned(),
    }
}
