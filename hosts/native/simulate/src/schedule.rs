//! What happens in a simulated world, as text that a person can read, write and shorten. A seed makes a schedule
//! (`draw`). A schedule that failed is shortened (`shrink`) and kept in `tests/simulated/`.
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
//! Times are in milliseconds, and the numbers of faults are times in a thousand. Everything that a line does not say
//! follows from its own seed. So a line does the same whatever other lines there are.

use std::fmt;
use std::str::FromStr;

/// Everything that happens in a world.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Schedule {
    pub host: HostKind,
    /// How much memory the server may have, in MiB.
    pub memory: Option<u64>,
    /// How many files and connections the system allows the server.
    pub descriptors: Option<u64>,
    /// How many names the large folder has.
    pub names: u64,
    /// The options of the server.
    pub options: Vec<String>,
    pub faults: Vec<(Fault, u64)>,
    pub clients: Vec<ClientLine>,
    pub changes: Vec<ChangeLine>,
}

/// The host in which the server runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum HostKind {
    /// The functions of `hosts/native`, unchanged.
    #[default]
    Aula,
    /// The same functions, with what wasmtime 48 does differently: `host48`.
    Wasmtime48,
}

/// Some clients that do the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLine {
    pub kind: ClientKind,
    /// When the first client comes.
    pub at: u64,
    pub seed: u64,
    /// For an honest client, how many requests it sends; for the other kinds, how many clients there are.
    pub times: u64,
    /// How long the clients of the other kinds stay.
    pub stays: u64,
}

/// Something that happens in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    pub kind: ChangeKind,
    pub at: u64,
    pub seed: u64,
}

/// Declares an enum in which each variant has its word in the text.
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
        // The clients up to `old` are honest: what they get is checked to the last byte.
        /// It sends one request after another, of all kinds.
        Honest = "honest",
        /// It sends several requests in one write.
        Pipelining = "pipelining",
        /// It takes its responses slowly.
        SlowReader = "slow-reader",
        /// It fetches large files, and reads them slowly.
        Downloading = "downloading",
        /// It sends each request at the moment when the server would close the idle connection.
        Punctual = "punctual",
        /// It requests the pages of a large folder.
        Listing = "listing",
        /// It opens a connection for each request, and closes the connection itself.
        Brief = "brief",
        /// It sends the next request as soon as it has its response.
        Eager = "eager",
        /// It waits for changes of a file, as a page of `--live` does.
        Watching = "watching",
        /// It sends its requests in small pieces.
        SlowWriter = "slow-writer",
        /// It ends its side after each request.
        HalfClosing = "half-closing",
        /// It opens a connection for each request, and speaks old versions of HTTP.
        Old = "old",
        // The kinds from here on do harm.
        /// It connects and sends nothing.
        Silent = "silent",
        /// It sends a head, one byte at a time.
        Dripping = "dripping",
        /// It sends requests, and reads nothing.
        Deaf = "deaf",
        /// It resets the connection in any state.
        Resetting = "resetting",
        /// It sends bytes that are no request.
        Garbling = "garbling",
        /// It sends heads that are as large as the server allows, and never ends them.
        Swelling = "swelling",
        /// It sends content that does not end.
        Pouring = "pouring",
        /// It gets a response, as an honest client does. Then it requests everything that takes memory, and reads
        /// nothing.
        Hungry = "hungry",
        /// It opens the inspector. Some viewers read what they get, and some do not.
        Viewing = "viewing",
    }
}

impl ClientKind {
    pub fn is_honest(self) -> bool {
        self <= Self::Old
    }

    /// Whether it sends requests before it has the responses to earlier ones.
    pub fn pipelines(self) -> bool {
        matches!(self, Self::Pipelining | Self::Deaf | Self::Garbling | Self::Hungry)
    }
}

words! {
    /// What happens in the folder.
    ChangeKind {
        /// Another file takes the name of a file, in one step.
        Replace = "replace",
        /// A file is overwritten in place, in several steps.
        Rewrite = "rewrite",
        /// A file is cut short.
        Truncate = "truncate",
        /// A file grows at its end.
        Grow = "grow",
        /// A file is removed, and put back later.
        Remove = "remove",
        /// A folder has another name for some time.
        Rename = "rename",
        /// A file may not be read for some time.
        Forbid = "forbid",
        /// A name becomes a link, and later a file again.
        Link = "link",
        /// A name becomes a FIFO, and later a file again.
        Fifo = "fifo",
    }
}

words! {
    /// What a host is allowed to do, and what makes the server's work hard.
    Fault {
        /// A read returns fewer bytes than there are.
        ShortReads = "short-reads",
        /// A read returns nothing although there are bytes. Their readiness is reported later.
        EmptyReads = "empty-reads",
        /// A write takes fewer bytes than there is room for.
        ShortWrites = "short-writes",
        /// A write takes nothing although there is room. That readiness is reported later.
        BlockedWrites = "blocked-writes",
        /// A connection is reported as ready although it is not.
        SpuriousReadiness = "spurious-readiness",
        /// Readiness is reported late.
        LateReadiness = "late-readiness",
        /// The call `accept` fails.
        AcceptErrors = "accept-errors",
        /// The network breaks a connection.
        NetworkResets = "network-resets",
        /// Examining a file, opening it or reading it fails.
        FileErrors = "file-errors",
        /// A read from a file returns fewer bytes than there are.
        ShortFileReads = "short-file-reads",
        /// The host cannot say which addresses a connection has.
        AddressErrors = "address-errors",
        /// Each call takes a long time.
        SlowCalls = "slow-calls",
        /// The wall clock is set to another time.
        WallClockJumps = "wall-clock-jumps",
        /// The monotonic clock moves only once in this number of milliseconds.
        CoarseClock = "coarse-clock",
        /// Stdout is read slowly.
        SlowStdout = "slow-stdout",
        /// From some time on, nobody reads stdout.
        ClosedStdout = "closed-stdout",
        /// If a connection is closed with unread input, what its client has not taken is lost.
        HarshResets = "harsh-resets",
        /// The system has large send buffers for programs that ask for them.
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

    /// Reads what [`Display`](fmt::Display) writes. Empty lines and lines that begin with `#` are ignored.
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
