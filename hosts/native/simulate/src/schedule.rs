//! What happens in a simulated world, as text that a person can read, write and shorten. A seed makes one (`draw`); one
//! that failed is shortened (`shrink`) and kept in `tests/simulated/`.
//!
//! ```text
//! host wasmtime-48
//! option --max-connections 16
//! fault short-reads 20
//! client honest at 130 seed 5123 times 12
//! client deaf at 20 seed 77 times 40 for 9000
//! change replace at 140 seed 9
//! ```
//!
//! Times are milliseconds, and the numbers of faults are times in a thousand. What a line does not say follows from its
//! own seed: a line does the same whatever other lines there are.

use std::fmt;
use std::str::FromStr;

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Schedule {
    pub host: HostKind,
    /// How much memory the server may have, in MiB.
    pub memory: Option<u64>,
    /// How many files and connections the system has for the server.
    pub descriptors: Option<u64>,
    /// How many names a folder has that has many.
    pub names: u64,
    /// The server's own.
    pub options: Vec<String>,
    pub faults: Vec<(Fault, u64)>,
    pub clients: Vec<ClientLine>,
    pub changes: Vec<ChangeLine>,
}

/// What the server runs in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum HostKind {
    /// `hosts/native`, as it is.
    #[default]
    Aula,
    /// The same functions with what wasmtime 48 does otherwise: `host48`.
    Wasmtime48,
}

/// Some clients that do alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLine {
    pub kind: ClientKind,
    /// When the first one comes.
    pub at: u64,
    pub seed: u64,
    /// How many requests an honest one has; how many others there are.
    pub times: u64,
    /// How long the others stay.
    pub stays: u64,
}

/// Something that happens in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    pub kind: ChangeKind,
    pub at: u64,
    pub seed: u64,
}

/// Declares an enum whose variants have a word each.
macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum $name { $($(#[doc = $doc])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|it| it.word() == word);
                found.copied().ok_or_else(|| format!("no such {}: {word}", stringify!($name)))
            }
        }
    };
}

words! {
    /// What a client does.
    ClientKind {
        // These are honest: what they get is checked to the last byte.
        /// One request after the other, of all kinds.
        Honest = "honest",
        /// Several requests in one write.
        Pipelining = "pipelining",
        /// It takes its responses slowly.
        SlowReader = "slow-reader",
        /// It fetches large files, and takes its time.
        Downloading = "downloading",
        /// It sends each request in the moment in which the server would close the idle connection.
        Punctual = "punctual",
        /// It asks for the pages of a large folder.
        Listing = "listing",
        /// It has a connection for each request, and closes it itself.
        Brief = "brief",
        /// It asks again as soon as it has its response.
        Eager = "eager",
        /// It waits for changes of a file, as a page of `--live` does.
        Watching = "watching",
        /// It sends its requests in small pieces.
        SlowWriter = "slow-writer",
        /// It ends its side behind each request.
        HalfClosing = "half-closing",
        /// A connection for each request, in old versions of HTTP.
        Old = "old",
        // These are not.
        /// It connects and says nothing.
        Silent = "silent",
        /// It sends a head, a byte at a time.
        Dripping = "dripping",
        /// It asks, and reads nothing.
        Deaf = "deaf",
        /// It breaks the connection in any state.
        Resetting = "resetting",
        /// It sends what is no request.
        Garbling = "garbling",
        /// It sends heads as large as may be, and never ends them.
        Swelling = "swelling",
        /// It sends content that does not end.
        Pouring = "pouring",
        /// It gets a response, as an honest client does, and then asks for all that takes memory, and reads nothing.
        Hungry = "hungry",
        /// It looks at the inspector, and reads or does not.
        Viewing = "viewing",
    }
}

impl ClientKind {
    pub fn is_honest(self) -> bool {
        self <= Self::Old
    }

    /// Whether it sends requests before it has the responses to those before.
    pub fn pipelines(self) -> bool {
        matches!(self, Self::Pipelining | Self::Deaf | Self::Garbling | Self::Hungry)
    }
}

words! {
    /// What happens in the folder.
    ChangeKind {
        /// Another file takes a name, in one step.
        Replace = "replace",
        /// A file is written over where it is, in steps.
        Rewrite = "rewrite",
        /// A file is cut short.
        Truncate = "truncate",
        /// A file grows at its end.
        Grow = "grow",
        /// A file is removed, and put back later.
        Remove = "remove",
        /// A folder has another name for a while.
        Rename = "rename",
        /// A file may not be read for a while.
        Forbid = "forbid",
        /// A name becomes a link, and a file again later.
        Link = "link",
        /// A name becomes a FIFO, and a file again later.
        Fifo = "fifo",
    }
}

words! {
    /// What a host may do, and makes things hard.
    Fault {
        /// A read gives less than there is.
        ShortReads = "short-reads",
        /// A read gives nothing although there is something; that is told later.
        EmptyReads = "empty-reads",
        /// A write takes less than there is room for.
        ShortWrites = "short-writes",
        /// A write takes nothing although there is room; that is told later.
        BlockedWrites = "blocked-writes",
        /// Somebody is told to be ready who is not.
        SpuriousReadiness = "spurious-readiness",
        /// That somebody is ready is told late.
        LateReadiness = "late-readiness",
        /// Accepting fails.
        AcceptErrors = "accept-errors",
        /// The network breaks a connection.
        NetworkResets = "network-resets",
        /// A look at a file, opening or reading it fails.
        FileErrors = "file-errors",
        /// A read from a file gives less than there is.
        ShortFileReads = "short-file-reads",
        /// Nobody can tell a connection's addresses.
        AddressErrors = "address-errors",
        /// Each call takes long.
        SlowCalls = "slow-calls",
        /// The wall clock is set to another time.
        WallClockJumps = "wall-clock-jumps",
        /// The other clock moves only every this number of milliseconds.
        CoarseClock = "coarse-clock",
        /// Stdout is read slowly.
        SlowStdout = "slow-stdout",
        /// Nobody reads stdout from some time on.
        ClosedStdout = "closed-stdout",
        /// A closed connection with unread input loses what its client has not taken.
        HarshResets = "harsh-resets",
        /// The system has large send buffers for those who ask for them.
        LargeSendBuffers = "large-send-buffers",
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host {
            HostKind::Aula => writeln!(f, "host aula")?,
            HostKind::Wasmtime48 => writeln!(f, "host wasmtime-48")?,
        }
        if let Some(memory) = self.memory {
            writeln!(f, "memory {memory}")?;
        }
        if let Some(descriptors) = self.descriptors {
            writeln!(f, "descriptors {descriptors}")?;
        }
        if self.names > 0 {
            writeln!(f, "names {}", self.names)?;
        }
        for option in &self.options {
            writeln!(f, "option {option}")?;
        }
        for (fault, times) in &self.faults {
            writeln!(f, "fault {} {times}", fault.word())?;
        }
        for line in &self.clients {
            write!(
                f,
                "client {} at {} seed {} times {}",
                line.kind.word(),
                line.at,
                line.seed,
                line.times
            )?;
            if line.kind.is_honest() {
                writeln!(f)?
            } else {
                writeln!(f, " for {}", line.stays)?
            }
        }
        for line in &self.changes {
            writeln!(f, "change {} at {} seed {}", line.kind.word(), line.at, line.seed)?;
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = String;

    /// Reads what [`Display`](fmt::Display) writes. Empty lines and those that begin with `#` say nothing.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut schedule = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                read(&mut schedule, line).map_err(|error| format!("line {number}, {line:?}: {error}"))?;
            }
        }
        Ok(schedule)
    }
}

fn read(schedule: &mut Schedule, line: &str) -> Result<(), String> {
    let (what, rest) = line.split_once(' ').ok_or("a word and a value are expected")?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    let first = words.first().copied().unwrap_or_default();
    let value = |name: &str| -> Result<u64, String> {
        let position = words.iter().position(|word| *word == name);
        let value = position.and_then(|position| words.get(position + 1));
        value.map_or(Ok(0), |value| number(value))
    };
    match what {
        "host" => {
            schedule.host = match first {
                "aula" => HostKind::Aula,
                "wasmtime-48" => HostKind::Wasmtime48,
                _ => return Err("the host is aula or wasmtime-48".to_owned()),
            }
        }
        "memory" => schedule.memory = Some(number(first)?),
        "descriptors" => schedule.descriptors = Some(number(first)?),
        "names" => schedule.names = number(first)?,
        "option" => schedule.options.push(rest.to_owned()),
        "fault" => {
            let times = words.get(1).ok_or("how many times in a thousand?")?;
            schedule.faults.push((first.parse()?, number(times)?));
        }
        "client" => schedule.clients.push(ClientLine {
            kind: first.parse()?,
            at: value("at")?,
            seed: value("seed")?,
            times: value("times")?,
            stays: value("for")?,
        }),
        "change" => schedule.changes.push(ChangeLine {
            kind: first.parse()?,
            at: value("at")?,
            seed: value("seed")?,
        }),
        _ => return Err(format!("no line begins with {what}")),
    }
    Ok(())
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}
