//! Clients that behave well, and check every byte that they get. Their reader counts while it reads under load, so it
//! is not the strict one of `tests/support`.

use super::files::{Kind, Tag, Tracked};
use super::{Dice, Field};
use socket2::{Domain, Socket, Type};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// A connection without a byte for this long is stuck.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much is read at once: little, so that files change while they are read.
const READ: usize = 16 * 1024;

/// The size of the receive buffer: small, because a whole file would fit into a larger one, and no file would change
/// while it is sent.
const RECEIVE_BUFFER: usize = 32 * 1024;

/// The name of the counter for correct responses.
pub(super) const RIGHT: &str = "honest responses, every byte correct";

/// Why there is no correct response.
#[derive(Debug)]
enum Fault {
    /// The connection ended before the response was complete. False: before its first byte.
    CutOff(bool),
    /// No byte arrived for [`PATIENCE`].
    Stuck,
    /// 503: the server has no memory for the request.
    Refused,
    /// Bytes are not those of the version that the response began with.
    Mixed(String),
    /// Something else in the response is wrong.
    Wrong(String),
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::Wrong(what)
    }
}

/// How a file is requested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As fast as possible.
    Plain,
    /// With pauses, so that the file may change meanwhile.
    Slow,
    /// A part of a file that does not change.
    Part,
    /// The second half, if the version whose first half the client has is still current (If-Range).
    Resumed,
    /// Again, unless the client's version is still current (If-None-Match).
    Again,
}

/// A client, and its cache.
struct Client<'a> {
    field: &'a Field,
    dice: Dice,
    connection: Option<Connection>,
    /// The last response for each file.
    cache: HashMap<&'a str, Fetched>,
}

/// Requests one file after the other until the phase is over. Half of the clients sometimes read slowly.
pub(super) fn client(field: &Field, seed: u64) {
    use Manner::{Again, Part, Plain, Resumed, Slow};
    let mut client = Client {
        field,
        dice: Dice(seed),
        connection: None,
        cache: HashMap::new(),
    };
    while !field.is_over() {
        let file = &field.folder.files[client.dice.below(field.folder.files.len())];
        let manners = if seed.is_multiple_of(2) { 4 } else { 6 };
        let manner = [Plain, Part, Resumed, Again, Slow, Slow][client.dice.below(manners)];
        // A connection is used for several requests.
        if client.dice.below(8) == 0 {
            client.connection = None;
        }
        client.ask(file, manner);
    }
}

/// One request after the attacks are over.
pub(super) fn once(field: &Field) -> Result<(), String> {
    let file = &field.folder.files[2];
    let mut connection = Connection::open(field).map_err(|fault| format!("{fault:?}"))?;
    let response = fetch(&mut connection, field, file, "", false).map_err(|fault| format!("{fault:?}"))?;
    if response.status == 200 {
        Ok(())
    } else {
        Err(format!("status {}", response.status))
    }
}

impl<'a> Client<'a> {
    fn ask(&mut self, file: &'a Tracked, manner: Manner) {
        let begin = Instant::now();
        let mut connection = match self.connection.take().map_or_else(|| Connection::open(self.field), Ok) {
            Ok(connection) => connection,
            Err(fault) => return judge(self.field, file, begin, &fault),
        };
        match self.ask_on(&mut connection, file, manner) {
            Ok(()) => {
                self.field.count(RIGHT);
                if manner != Manner::Slow {
                    self.field.took(begin.elapsed());
                }
                self.connection = Some(connection);
            }
            // RFC 9112 section 9.3.1: an idle connection may be closed at any time.
            Err(Fault::CutOff(false)) if connection.responses > 0 => {
                self.field.count("idle connections ended by the server");
            }
            Err(fault) => judge(self.field, file, begin, &fault),
        }
    }

    fn ask_on(&mut self, connection: &mut Connection, file: &'a Tracked, manner: Manner) -> Result<(), Fault> {
        let Self { field, dice, cache, .. } = self;
        let known = cache.get(file.name.as_str());
        match (manner, known) {
            (Manner::Part, _) => part(connection, field, file, dice)?,
            (Manner::Resumed, Some(known)) => resume(connection, field, file, known)?,
            (Manner::Again, Some(known)) => {
                let condition = format!("If-None-Match: {}\r\n", known.entity_tag);
                let begin = Instant::now();
                let response = fetch(connection, field, file, &condition, false)?;
                if response.status == 304 {
                    confirm(field, file, known, begin)?;
                }
            }
            _ => {
                let response = fetch(connection, field, file, "", manner == Manner::Slow)?;
                if response.tag.is_some() {
                    cache.insert(&file.name, response);
                }
            }
        }
        Ok(())
    }
}

/// Decides whether the server is responsible for a fault.
fn judge(field: &Field, file: &Tracked, begin: Instant, fault: &Fault) {
    let versions = file.was(begin, Instant::now());
    let may_be_cut_off = matches!(file.kind, Kind::Rewritten | Kind::Truncated);
    match fault {
        Fault::CutOff(_) if may_be_cut_off && (versions.len() > 1 || versions.contains(&None)) => {
            field.count("responses cut off because the file changed");
        }
        Fault::CutOff(_) | Fault::Stuck | Fault::Refused if field.may_refuse => field.count("honest requests refused"),
        Fault::CutOff(has_begun) => {
            let after = begin.elapsed();
            field.found(
                "cut off",
                format_args!("{} after {after:?}, begun: {has_begun}", file.name),
            );
        }
        Fault::Stuck => field.found(
            "stuck connections",
            format_args!("{}: nothing for {PATIENCE:?}", file.name),
        ),
        Fault::Refused => field.found("wrong", format_args!("{}: status 503", file.name)),
        // What the host has handed over to the kernel is the file's own page until the client has it (docs/host.md).
        Fault::Mixed(_) if field.sends_pages && may_be_cut_off && versions.contains(&None) => {
            field.count("responses with bytes that were written over while they were sent");
        }
        Fault::Mixed(what) | Fault::Wrong(what) => field.found("wrong", what),
    }
}

/// After a 304, the client's version must be the current one.
fn confirm(field: &Field, file: &Tracked, known: &Fetched, begin: Instant) -> Result<(), Fault> {
    let versions = file.was(begin, Instant::now());
    if !versions.contains(&known.tag) && !versions.contains(&None) {
        let (name, tag) = (&file.name, known.tag);
        return Err(Fault::Wrong(format!(
            "{name}: 304, but it is no longer {tag:x?}: {versions:x?}"
        )));
    }
    field.count("honest responses: 304");
    Ok(())
}

/// Requests the second half of a file, if its version is still the known one.
fn resume(connection: &mut Connection, field: &Field, file: &Tracked, known: &Fetched) -> Result<(), Fault> {
    let middle = known.length / 2;
    let condition = format!("If-Range: {}\r\nRange: bytes={middle}-\r\n", known.entity_tag);
    let response = connection.ask(file, &condition)?;
    let bytes = connection.content(&response, false, |_, _| ())?;
    if response.status == 206 {
        file.check(&bytes, middle, known.tag).map_err(Fault::Mixed)?;
        field.count("honest responses: 206 of the same version");
    }
    Ok(())
}

/// Requests a part of a file that does not change.
fn part(connection: &mut Connection, field: &Field, file: &Tracked, dice: &mut Dice) -> Result<(), Fault> {
    let now = Instant::now();
    let [Some(tag)] = file.was(now, now)[..] else {
        return Ok(());
    };
    if file.kind != Kind::Still {
        return Ok(());
    }
    let size = tag.size().unwrap_or(0) as usize;
    let first = dice.below(size);
    let last = first + dice.below(size - first);
    let head = connection.ask(file, &format!("Range: bytes={first}-{last}\r\n"))?;
    if head.status == 503 {
        return Err(Fault::Refused);
    }
    let bytes = connection.content(&head, false, |_, _| ())?;
    if head.status != 206 || bytes.len() != last - first + 1 {
        let name = &file.name;
        return Err(Fault::Wrong(format!(
            "{name}: {} and {} bytes for {first}-{last}",
            head.status,
            bytes.len()
        )));
    }
    file.check(&bytes, first as u64, Some(tag))?;
    field.count("honest responses: 206");
    Ok(())
}

/// A complete file that was checked.
struct Fetched {
    status: u16,
    entity_tag: String,
    length: u64,
    /// `None` without content.
    tag: Option<Tag>,
}

/// Requests a file, and checks the content as it arrives.
fn fetch(
    connection: &mut Connection,
    field: &Field,
    file: &Tracked,
    fields: &str,
    is_slow: bool,
) -> Result<Fetched, Fault> {
    let begin = Instant::now();
    let head = connection.ask(file, fields)?;
    // The version when the server opened the file. The content must be all of this version.
    let versions = file.was(begin, Instant::now());
    let is_certain = !versions.contains(&None);
    let mut tag = None;
    let mut fault = None;
    match head.status {
        200 => {
            connection.content(&head, is_slow, |bytes, offset| {
                match file.check(bytes, offset, tag) {
                    Ok(found) => tag = Some(found),
                    // The rest is read too, because the connection may be used again.
                    Err(what) => fault = fault.take().or(Some(what)),
                }
            })?;
        }
        304 => {}
        404 if file.kind == Kind::Deleted && !is_certain => {
            connection.content(&head, false, |_, _| ())?;
            field.count("honest responses: 404, the file is not there");
        }
        503 => return Err(Fault::Refused),
        status => {
            return Err(Fault::Wrong(format!(
                "{}: status {status}, it was {versions:x?}",
                file.name
            )));
        }
    }
    match (fault, tag) {
        // It was opened while it was being changed, so its version is not known.
        (Some(_), _) if !is_certain && file.kind == Kind::Rewritten => {
            field.count("responses from the middle of a change");
            tag = None;
        }
        (Some(what), _) => return Err(Fault::Mixed(format!("{what}; it was {versions:x?}"))),
        (None, Some(tag)) if is_certain => {
            if !versions.contains(&Some(tag)) {
                return Err(Fault::Wrong(format!(
                    "{}: {tag:x?}, but it was {versions:x?}",
                    file.name
                )));
            }
            if tag.size() != Some(head.length) {
                return Err(Fault::Wrong(format!(
                    "{}: {} bytes of {tag:x?}",
                    file.name, head.length
                )));
            }
        }
        _ => {}
    }
    Ok(Fetched {
        status: head.status,
        entity_tag: head.entity_tag,
        length: head.length,
        tag,
    })
}

/// A connection, and the bytes that were read ahead.
struct Connection {
    stream: TcpStream,
    ahead: Vec<u8>,
    responses: u64,
}

/// The head of a response.
struct Head {
    status: u16,
    length: u64,
    entity_tag: String,
}

impl Connection {
    fn open(field: &Field) -> Result<Self, Fault> {
        let wrong = |error: std::io::Error| Fault::Wrong(error.to_string());
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).map_err(wrong)?;
        socket.set_recv_buffer_size(RECEIVE_BUFFER).map_err(wrong)?;
        socket
            .connect_timeout(&field.server.into(), PATIENCE)
            .map_err(|_| Fault::Stuck)?;
        let stream = TcpStream::from(socket);
        let set = stream
            .set_read_timeout(Some(PATIENCE))
            .and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
        set.and_then(|()| stream.set_nodelay(true))
            .map_err(|error| Fault::Wrong(error.to_string()))?;
        let ahead = Vec::new();
        Ok(Self {
            stream,
            ahead,
            responses: 0,
        })
    }

    /// Sends a request and reads the head of its response.
    fn ask(&mut self, file: &Tracked, fields: &str) -> Result<Head, Fault> {
        let request = format!("GET /{} HTTP/1.1\r\nHost: a\r\n{fields}\r\n", file.name);
        self.stream
            .write_all(request.as_bytes())
            .map_err(|_| Fault::CutOff(false))?;
        let end = loop {
            if let Some(end) = self.ahead.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.read(!self.ahead.is_empty())?;
        };
        let rest = self.ahead.split_off(end + 4);
        let text = String::from_utf8_lossy(&std::mem::replace(&mut self.ahead, rest)).into_owned();
        let value = |name: &str| {
            let lines = text.lines().filter_map(|line| line.split_once(": "));
            lines
                .filter(|(given, _)| *given == name)
                .map(|(_, value)| value.to_owned())
                .next()
        };
        let status = text
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|code| code.parse().ok());
        self.responses += 1;
        Ok(Head {
            status: status.ok_or_else(|| format!("no status line: {text:?}"))?,
            length: value("Content-Length")
                .and_then(|length| length.parse().ok())
                .unwrap_or(0),
            entity_tag: value("ETag").unwrap_or_default(),
        })
    }

    /// Reads the content, passes on each piece with its offset, and returns all of it.
    fn content(&mut self, head: &Head, is_slow: bool, mut show: impl FnMut(&[u8], u64)) -> Result<Vec<u8>, Fault> {
        if head.status == 304 {
            return Ok(Vec::new());
        }
        let mut content = Vec::new();
        while (content.len() as u64) < head.length {
            let left = usize::try_from(head.length).unwrap_or(usize::MAX) - content.len();
            // The first piece needs the eight bytes that identify the version.
            if self.ahead.len() < left.min(8) {
                self.read(true)?;
                continue;
            }
            let rest = self.ahead.split_off(left.min(self.ahead.len()));
            let piece = std::mem::replace(&mut self.ahead, rest);
            show(&piece, content.len() as u64);
            content.extend_from_slice(&piece);
            if is_slow {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(content)
    }

    fn read(&mut self, has_begun: bool) -> Result<(), Fault> {
        let mut buffer = [0; READ];
        match self.stream.read(&mut buffer) {
            Ok(0) => Err(Fault::CutOff(has_begun)),
            Ok(count) => {
                self.ahead.extend_from_slice(&buffer[..count]);
                Ok(())
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Err(Fault::Stuck),
            Err(_) => Err(Fault::CutOff(has_begun)),
        }
    }
}
