//! A small web server that passes every check, with a switch that breaks exactly one thing. So it is known in advance
//! what the checker must report.
//!
//! It serves a folder to each client in a thread, and closes after each response (RFC 9112 section 9.6). Every
//! [`Fault`] is a few lines, in the place where a student would write them. It has nothing that the checker does not
//! test: no persistent connections (except for the faults that need them), no conditions, no ranges.

use percent_encoding::percent_decode_str;
use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, SystemTime};

/// What a server sends that ignores the request.
const PAGE: &str = "hello.html";

/// The maximum length of a head, in bytes, which is more than any browser sends. A longer one gets 431 (RFC 6585
/// section 5).
const LONGEST_HEAD: usize = 32 << 10;

/// The size of the buffer of [`Fault::DiesOnLongTarget`], in bytes.
const LONGEST_TARGET: usize = 4096;

/// The pause after each step of [`Fault::DiesOnEarlyLeave`]: long enough for the client's RST to arrive before the
/// next.
const BETWEEN_WRITES: Duration = Duration::from_millis(30);

/// How long [`Fault::TurnsAway`] delays an accepted client, so that simultaneous clients overlap.
const UNTIL_ALL_ARE_CONNECTED: Duration = Duration::from_millis(100);

/// The pause after each byte of [`Fault::OneSendPerByte`]: without it the system would join them.
const BETWEEN_BYTES: Duration = Duration::from_millis(1);

/// What is wrong with a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    // The status line (RFC 9112 section 4).
    /// `200 OK`: the version is left out.
    NoVersion,
    /// `HTTP 1.1/ 200 OK`: the slash is in the wrong place.
    SlashMisplaced,
    /// `HTTP/1.x 200 OK`: copied from a slide.
    VersionOnPaper,
    /// `HTTP/1.1 OK`: no status code.
    NoCode,

    // The head (RFC 9112 sections 2 and 5).
    /// One CRLF after the last field line and no second: the content runs into the head.
    HeadUnended,
    /// `\n` instead of `\r\n`.
    BareLf,
    /// `\r\r\n`: what Windows makes of `\r\n` in text mode.
    CrCrLf,
    /// `Language = Spanish`: an equals sign instead of the colon.
    MalformedField,
    /// No Content-Type.
    NoContentType,
    /// `text/html` for every file.
    HtmlForEverything,
    /// `aplication/pdf`, with one p.
    MisspeltType,
    /// No Server.
    NoServer,
    /// No Date.
    NoDate,
    /// The date as Python's `str(datetime.now())` writes it.
    LocalDate,
    /// Closes without `Connection: close`.
    NoConnectionField,
    /// Sends `Connection: keep-alive` and closes.
    FalseKeepAlive,
    /// `len(text)`: Content-Length counts characters, of which some are two bytes.
    LengthInCharacters,
    /// Content-Length from an earlier version of the page, which was longer.
    LengthTooLarge,

    // The content.
    /// A last `send("\r\n")` after the content, as after the head.
    ExtraCrlf,
    /// Only the head: the loop that sends the content is never reached.
    NoContent,
    /// Opens every file as text and ignores bytes that are not.
    TextMode,
    /// Text mode on Windows: `\n` has become `\r\n`.
    NewlinesTranslated,
    /// Sends the same page, whatever the request.
    HardCoded,
    /// Opens every file as text, and does not catch UnicodeDecodeError.
    DiesOnBinary,
    /// The content in one `send` per character.
    OneSendPerByte,

    // 404.
    /// A page that says 404, after a status line that says 200.
    NotFoundAs200,
    /// The 404 is a status line and a field line, without an empty line after them.
    NotFoundUnended,
    /// The 404 is only a head.
    NotFoundWithoutContent,
    /// The page of the 404 does not say Not Found.
    NotFoundWithoutWords,
    /// `close()` is in the `try`, after the `open()` that fails, so a 404 is never closed.
    NotFoundLeftOpen,
    /// `exit()` in the `except`.
    DiesAfterNotFound,

    // The connection and the loop.
    /// Neither reads the request nor sends anything.
    NeverResponds,
    /// Sends the page as soon as a client connects, without reading a request.
    RespondsUnasked,
    /// No `close()` at all, and no Content-Length either.
    LeftOpen,
    /// Keeps the connection open even if `Connection: close` asks not to.
    IgnoresClose,
    /// Sends `Connection: keep-alive`, but never reads a second request.
    PersistentInNameOnly,
    /// `exit()` in the loop.
    DiesAfterGet,
    /// The second `accept()` is in the wrong place, so only the first client is served.
    HangsAfterGet,
    /// Serves one client at a time, and waits in `recv` for a client that sends nothing.
    Serial,
    /// At most two clients at once. The connection of any other is closed without a response.
    TurnsAway,
    /// `split()[1]` of nothing: IndexError.
    DiesOnEmptyConnection,
    /// `split()[1]` of an empty line: IndexError.
    DiesOnBlankLine,
    /// `split()[1]` of one word: IndexError.
    DiesOnHalfRequest,
    /// Sends in three steps, and does not catch BrokenPipeError.
    DiesOnEarlyLeave,

    // The request.
    /// Takes the bytes of one `recv` for the whole request.
    OneRead,
    /// Takes an empty line before the request line for the request line (RFC 9112 section 2.2).
    LeadingBlankLine,
    /// `open("folder" + "/../secret.txt")`
    Traversal,
    /// Looks for `..` before it decodes `%2e%2e`.
    EncodedTraversal,
    /// `os.path.join(folder, "/etc/passwd")` is `/etc/passwd`.
    AbsolutePath,
    /// `open("hello.html?x=1")`
    QueryInName,
    /// `open("h%65llo.html")`
    NotDecoded,
    /// `open("http://host/hello.html")`
    AbsoluteForm,
    /// Never looks at the method: POST is a GET.
    PostServed,
    /// Every method that it does not know is a GET.
    AnyMethodServed,
    /// HEAD is a GET.
    HeadWithContent,
    /// Does not require Host (RFC 9112 section 3.2).
    HostIgnored,
    /// Finds Host only if it is written exactly so.
    CaseSensitive,
    /// Requires Host in HTTP/1.0 too.
    HostInOldVersion,
    /// Removes white space around a field's name (RFC 9112 section 5.1).
    SpaceBeforeColon,
    /// Sends the page in response to a line that is not a request line.
    AnythingServed,
    /// Waits for the end of a head that HTTP/0.9 does not have.
    NoSimpleRequest,
    /// `open(".")`: IsADirectoryError.
    DiesOnDirectory,
    /// Its buffer for the request-target overflows.
    DiesOnLongTarget,
    /// Its buffer for the head overflows.
    DiesOnManyFields,
}

/// A running server. It ends with the process of the test.
pub struct Broken {
    /// The address on which it listens.
    pub address: SocketAddr,
    server: Arc<Server>,
}

impl Broken {
    /// Serves a folder on a free port of 127.0.0.1.
    pub fn start(fault: Option<Fault>, folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Arc::new(Server {
            fault,
            folder: folder.to_owned(),
            address,
            state: Mutex::new(State::Alive),
            served: AtomicUsize::new(0),
            log: Mutex::new(String::new()),
        });
        let accepting = Arc::clone(&server);
        thread::spawn(move || accepting.accept(listener));
        Self { address, server }
    }

    /// The requests that it got, and what it did.
    pub fn log(&self) -> String {
        self.server.log.lock().unwrap().clone()
    }
}

/// Whether the server still works.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Alive,
    /// The program has ended: connections are refused.
    Dead,
    /// The program hangs. The system still accepts connections for it.
    Hung,
}

struct Server {
    fault: Option<Fault>,
    folder: PathBuf,
    address: SocketAddr,
    state: Mutex<State>,
    /// How many clients are being served.
    served: AtomicUsize,
    log: Mutex<String>,
}

/// What a client sent.
enum Input {
    /// A complete head, or the line of an HTTP/0.9 request, possibly after empty lines.
    Head(Vec<u8>),
    /// More than [`LONGEST_HEAD`].
    TooLong,
    /// The client closed its side before the head was complete.
    Ended(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// `GET /path` without a version.
    Http09,
    Http10,
    Http11,
}

struct Request {
    method: String,
    target: String,
    version: Version,
    /// Names in lower case.
    fields: Vec<(String, String)>,
}

impl Request {
    fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

type Status = (u16, &'static str);

const OK: Status = (200, "OK");
const BAD_REQUEST: Status = (400, "Bad Request");
const NOT_FOUND: Status = (404, "Not Found");
const NOT_ALLOWED: Status = (405, "Method Not Allowed");
const TOO_LARGE: Status = (431, "Request Header Fields Too Large");
const NOT_IMPLEMENTED: Status = (501, "Not Implemented");

struct Response {
    status: Status,
    content_type: &'static str,
    content: Vec<u8>,
}

impl Response {
    /// A page that shows the status.
    fn page((code, reason): Status) -> Self {
        Self {
            status: (code, reason),
            content_type: "text/html; charset=utf-8",
            content: format!("<!DOCTYPE html><title>{code}</title><h1>{code} {reason}</h1>\n").into_bytes(),
        }
    }
}

/// What happens to the connection after a response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Close,
    /// The next request is read.
    Next,
    /// Nothing happens until the client closes.
    Nothing,
}

impl Server {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn log_line(&self, what: &str) {
        let mut log = self.log.lock().unwrap();
        log.push_str(what);
        log.push('\n');
    }

    fn accept(self: Arc<Self>, listener: TcpListener) {
        let mut unserved = Vec::new();
        loop {
            let Ok((stream, _)) = listener.accept() else { continue };
            let state = *self.state();
            match state {
                State::Dead => {
                    // Close the listener first: `die` waits until this last connection is closed.
                    drop(listener);
                    return;
                }
                State::Hung => unserved.push(stream),
                State::Alive if self.has(Fault::Serial) => self.serve(stream),
                State::Alive => {
                    let server = Arc::clone(&self);
                    thread::spawn(move || {
                        let others = server.served.fetch_add(1, Ordering::SeqCst);
                        if !server.has(Fault::TurnsAway) {
                            server.serve(stream);
                        } else if others < 2 {
                            thread::sleep(UNTIL_ALL_ARE_CONNECTED);
                            server.serve(stream);
                        }
                        server.served.fetch_sub(1, Ordering::SeqCst);
                    });
                }
            }
        }
    }

    /// With this fault, ends the program: when this returns, connections are refused. It returns an error, so that the
    /// current connection is closed too.
    fn die(&self, fault: Fault) -> io::Result<()> {
        if !self.has(fault) {
            return Ok(());
        }
        *self.state() = State::Dead;
        // `accept` notices the new state when it has accepted one more connection.
        let mut last = TcpStream::connect(self.address)?;
        let _ = last.read(&mut [0]);
        Err(io::Error::other("the program has ended"))
    }

    fn serve(&self, mut stream: TcpStream) {
        let then = loop {
            match self.exchange(&mut stream) {
                Ok(Then::Next) => {}
                Ok(then) => break then,
                Err(error) => {
                    self.log_line(&format!("{error}"));
                    if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) {
                        let _ = self.die(Fault::DiesOnEarlyLeave);
                    }
                    return;
                }
            }
        };
        if then == Then::Close {
            let _ = stream.shutdown(Shutdown::Write);
        }
        // Closing a connection with unread bytes resets it, and the response may be lost (RFC 9112 section 9.6).
        let _ = io::copy(&mut stream, &mut io::sink());
    }

    /// One request and its response.
    fn exchange(&self, stream: &mut TcpStream) -> io::Result<Then> {
        stream.set_nodelay(true)?;
        while self.has(Fault::NeverResponds) {
            thread::park();
        }
        if self.has(Fault::RespondsUnasked) {
            return self.send(stream, None, self.file(&self.folder.join(PAGE)));
        }
        let head = match self.read_head(stream)? {
            Input::Head(head) => head,
            Input::TooLong => {
                self.die(Fault::DiesOnManyFields)?;
                return self.send(stream, None, Response::page(TOO_LARGE));
            }
            Input::Ended(start) => {
                self.die(match start.trim_ascii() {
                    b"" if start.is_empty() => Fault::DiesOnEmptyConnection,
                    b"" => Fault::DiesOnBlankLine,
                    _ => Fault::DiesOnHalfRequest,
                })?;
                return Ok(Then::Close);
            }
        };
        let head = String::from_utf8_lossy(&head);
        let first: String = head.lines().next().unwrap_or_default().chars().take(100).collect();
        self.log_line(&format!("{first:?}"));
        match self.parse(&head) {
            Err(_) if self.has(Fault::AnythingServed) => self.send(stream, None, self.file(&self.folder.join(PAGE))),
            Err(status) => self.send(stream, None, Response::page(status)),
            Ok(request) => {
                let response = self.respond(&request);
                if request.target == "/" {
                    self.die(Fault::DiesOnDirectory)?;
                }
                if request.target.len() > LONGEST_TARGET {
                    self.die(Fault::DiesOnLongTarget)?;
                }
                if str::from_utf8(&response.content).is_err() {
                    self.die(Fault::DiesOnBinary)?;
                }
                self.send(stream, Some(&request), response)
            }
        }
    }

    /// Reads until the head is complete (RFC 9112 section 2.2).
    fn read_head(&self, stream: &mut TcpStream) -> io::Result<Input> {
        let mut received = Vec::new();
        loop {
            let mut buffer = [0; 4096];
            let count = stream.read(&mut buffer)?;
            received.extend_from_slice(&buffer[..count]);
            if count == 0 {
                return Ok(Input::Ended(received));
            }
            if self.has(Fault::OneRead) {
                return Ok(Input::Head(received.trim_ascii_start().to_vec()));
            }
            let head = if self.has(Fault::LeadingBlankLine) {
                received.as_slice()
            } else {
                received.trim_ascii_start()
            };
            let is_complete = head.starts_with(b"\r\n") || head.windows(4).any(|four| four == b"\r\n\r\n");
            if is_complete || (is_simple(head) && !self.has(Fault::NoSimpleRequest)) {
                return Ok(Input::Head(head.to_vec()));
            }
            if received.len() > LONGEST_HEAD {
                return Ok(Input::TooLong);
            }
        }
    }

    /// Reads the request line and the field lines (RFC 9112 sections 3 and 5).
    fn parse(&self, head: &str) -> Result<Request, Status> {
        let mut lines = head.split("\r\n");
        let words: Vec<_> = lines.next().unwrap_or_default().split(' ').collect();
        let (method, target, version) = match words[..] {
            ["GET", target] => ("GET", target, Version::Http09),
            [method, target, "HTTP/1.0"] => (method, target, Version::Http10),
            [method, target, "HTTP/1.1"] => (method, target, Version::Http11),
            _ => return Err(BAD_REQUEST),
        };
        let mut fields = Vec::new();
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or(BAD_REQUEST)?;
            if name.contains(' ') && !self.has(Fault::SpaceBeforeColon) {
                return Err(BAD_REQUEST);
            }
            let name = if !self.has(Fault::CaseSensitive) {
                name.trim().to_ascii_lowercase()
            } else if name == "Host" {
                "host".to_owned()
            } else {
                name.to_owned()
            };
            fields.push((name, value.trim().to_owned()));
        }
        let request = Request {
            method: method.to_owned(),
            target: target.to_owned(),
            version,
            fields,
        };
        let wants_host = match version {
            Version::Http09 => false,
            Version::Http10 => self.has(Fault::HostInOldVersion),
            Version::Http11 => !self.has(Fault::HostIgnored),
        };
        if wants_host && request.field("host").is_none() {
            return Err(BAD_REQUEST);
        }
        Ok(request)
    }

    fn respond(&self, request: &Request) -> Response {
        let is_get = match request.method.as_str() {
            "GET" | "HEAD" => true,
            "POST" => self.has(Fault::PostServed),
            _ => self.has(Fault::AnyMethodServed),
        };
        if !is_get {
            return Response::page(match request.method.as_str() {
                "POST" | "PUT" | "DELETE" | "OPTIONS" => NOT_ALLOWED,
                _ => NOT_IMPLEMENTED,
            });
        }
        match self.path(&request.target) {
            Some(path) => self.file(&path),
            None => Response::page(NOT_FOUND),
        }
    }

    /// The file that a request-target names, if there is one in the folder.
    fn path(&self, target: &str) -> Option<PathBuf> {
        let mut target = target;
        // RFC 9112 section 3.2.2
        if let Some(rest) = target.strip_prefix("http://")
            && !self.has(Fault::AbsoluteForm)
        {
            target = rest.find('/').map_or("/", |slash| &rest[slash..]);
        }
        if !self.has(Fault::QueryInName) {
            target = target.split('?').next().unwrap_or_default();
        }
        let decoded = if self.has(Fault::NotDecoded) {
            target.to_owned()
        } else {
            percent_decode_str(target).decode_utf8().ok()?.into_owned()
        };
        let checked = if self.has(Fault::EncodedTraversal) {
            target
        } else {
            &decoded
        };
        let is_outside = checked.split('/').any(|segment| segment == "..");
        let relative = decoded.strip_prefix('/')?;
        let path = match relative.strip_prefix('/') {
            Some(_) if self.has(Fault::AbsolutePath) => PathBuf::from(relative),
            Some(_) => return None,
            None if is_outside && !self.has(Fault::Traversal) => return None,
            None if relative.is_empty() => self.folder.join("index.html"),
            None => self.folder.join(relative),
        };
        path.is_file().then_some(path)
    }

    fn file(&self, path: &Path) -> Response {
        let mut content = fs::read(path).unwrap();
        match self.fault {
            Some(Fault::TextMode) => content = String::from_utf8_lossy(&content).replace('\u{fffd}', "").into_bytes(),
            Some(Fault::NewlinesTranslated) => {
                content = String::from_utf8_lossy(&content).replace('\n', "\r\n").into_bytes();
            }
            Some(Fault::HardCoded) => content = fs::read(self.folder.join(PAGE)).unwrap(),
            _ => {}
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        Response {
            status: OK,
            content_type: match extension {
                _ if self.has(Fault::HtmlForEverything) => "text/html",
                Some("html" | "htm") => "text/html; charset=utf-8",
                Some("txt") => "text/plain; charset=utf-8",
                Some("jpeg") => "image/jpeg",
                Some("png") => "image/png",
                Some("pdf") if self.has(Fault::MisspeltType) => "aplication/pdf",
                Some("pdf") => "application/pdf",
                _ => "application/octet-stream",
            },
            content,
        }
    }

    fn send(&self, stream: &mut TcpStream, request: Option<&Request>, mut response: Response) -> io::Result<Then> {
        let is_missing = response.status == NOT_FOUND;
        match self.fault {
            Some(Fault::NotFoundAs200) if is_missing => response.status = OK,
            Some(Fault::NotFoundWithoutContent) if is_missing => response.content.clear(),
            Some(Fault::NotFoundWithoutWords) if is_missing => response.content = b"<h1>No existe</h1>\n".to_vec(),
            _ => {}
        }
        let asks_close = request
            .is_none_or(|request| request.version != Version::Http11 || request.field("connection") == Some("close"));
        let then = match self.fault {
            Some(Fault::LeftOpen) => Then::Nothing,
            Some(Fault::NotFoundLeftOpen) if is_missing => Then::Nothing,
            Some(Fault::PersistentInNameOnly) if !asks_close => Then::Nothing,
            Some(Fault::IgnoresClose) => Then::Next,
            _ => Then::Close,
        };
        let head = match request {
            Some(request) if request.version == Version::Http09 => String::new(),
            _ => self.head(&response, then),
        };
        let mut content = response.content;
        match self.fault {
            Some(Fault::ExtraCrlf) if !is_missing => content.extend_from_slice(b"\r\n"),
            Some(Fault::NoContent) if !is_missing => content.clear(),
            Some(Fault::NotFoundUnended) if is_missing => content.clear(),
            _ => {}
        }
        if request.is_some_and(|request| request.method == "HEAD") && !self.has(Fault::HeadWithContent) {
            content.clear();
        }
        match self.fault {
            Some(Fault::OneSendPerByte) => {
                stream.write_all(head.as_bytes())?;
                for byte in content {
                    stream.write_all(&[byte])?;
                    thread::sleep(BETWEEN_BYTES);
                }
            }
            Some(Fault::DiesOnEarlyLeave) => {
                let (status_line, fields) = head.split_at(head.find('\n').unwrap_or(0));
                for piece in [status_line.as_bytes(), fields.as_bytes(), &content] {
                    stream.write_all(piece)?;
                    thread::sleep(BETWEEN_WRITES);
                }
            }
            _ => stream.write_all(&[head.into_bytes(), content].concat())?,
        }
        if is_missing {
            self.die(Fault::DiesAfterNotFound)?;
        }
        self.die(Fault::DiesAfterGet)?;
        if self.has(Fault::HangsAfterGet) {
            *self.state() = State::Hung;
        }
        Ok(then)
    }

    /// The status line, the field lines and the empty line (RFC 9112 sections 4 and 5).
    fn head(&self, response: &Response, then: Then) -> String {
        let (code, reason) = response.status;
        let status_line = match self.fault {
            Some(Fault::NoVersion) => format!("{code} {reason}"),
            Some(Fault::SlashMisplaced) => format!("HTTP 1.1/ {code} {reason}"),
            Some(Fault::VersionOnPaper) => format!("HTTP/1.x {code} {reason}"),
            Some(Fault::NoCode) => format!("HTTP/1.1 {reason}"),
            _ => format!("HTTP/1.1 {code} {reason}"),
        };
        let length = match self.fault {
            Some(Fault::LengthInCharacters) => String::from_utf8_lossy(&response.content).chars().count(),
            Some(Fault::LengthTooLarge) => response.content.len() + 7,
            _ => response.content.len(),
        };
        let date = match self.fault {
            Some(Fault::LocalDate) => "2026-03-02 09:15:00.123456".to_owned(),
            _ => httpdate::fmt_http_date(SystemTime::now()),
        };
        let connection = match then {
            Then::Close if self.has(Fault::FalseKeepAlive) => "keep-alive",
            Then::Close => "close",
            Then::Next | Then::Nothing => "keep-alive",
        };
        let has_end = then != Then::Nothing || self.has(Fault::PersistentInNameOnly);
        let mut lines = vec![status_line];
        for (name, value, is_there) in [
            ("Date", date, !self.has(Fault::NoDate)),
            ("Server", "broken".to_owned(), !self.has(Fault::NoServer)),
            ("Allow", "GET, HEAD".to_owned(), response.status == NOT_ALLOWED),
            (
                "Content-Type",
                response.content_type.to_owned(),
                !self.has(Fault::NoContentType),
            ),
            ("Content-Length", length.to_string(), has_end),
            (
                "Connection",
                connection.to_owned(),
                has_end && !self.has(Fault::NoConnectionField),
            ),
        ] {
            if is_there {
                lines.push(format!("{name}: {value}"));
            }
        }
        if self.has(Fault::MalformedField) {
            lines.insert(2, "Language = Spanish".to_owned());
        }
        let is_unended =
            self.has(Fault::HeadUnended) || self.has(Fault::NotFoundUnended) && response.status == NOT_FOUND;
        let line_end = match self.fault {
            Some(Fault::BareLf) => "\n",
            Some(Fault::CrCrLf) => "\r\r\n",
            _ => "\r\n",
        };
        let mut head = lines.join(line_end);
        head.push_str(line_end);
        if !is_unended {
            head.push_str(line_end);
        }
        head
    }
}

/// Whether a head is only `GET /path` and CRLF: HTTP/0.9.
fn is_simple(head: &[u8]) -> bool {
    let Some(line) = head.strip_suffix(b"\r\n") else {
        return false;
    };
    line.starts_with(b"GET ") && line.iter().filter(|&&byte| byte == b' ').count() == 1
}
