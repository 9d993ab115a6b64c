//! All kinds of requests that honest clients send.

use crate::content::Version;
use crate::dice::Dice;
use crate::schedule::ClientKind;
use crate::world::Nanos;
use crate::world::truth::PATHS;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The paths of large files.
pub const LARGE: &[&str] = &["/edge.bin", "/over.bin", "/large.bin", "/huge.bin"];

/// Pages of a large folder.
const PAGES: &[&str] = &["/many/", "/many/?page=2", "/many/?page=3"];

/// The versions that a client has of each path, separately for plain and for compressed content.
pub type Known = BTreeMap<(usize, bool), Cached>;

/// A version that a client has, known by its entity tag.
#[derive(Clone, Debug)]
pub struct Cached {
    pub tag: String,
    pub version: Rc<Version>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    Get,
    Head,
    Post,
    Options,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Http {
    V0_9,
    V1_0,
    V1_1,
}

/// Which part of a file is requested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Range {
    Span(u64, u64),
    From(u64),
    Last(u64),
    Two(u64, u64),
}

/// The condition of a request.
#[derive(Clone, Debug)]
pub enum Condition {
    /// The client wants the content only if it is another version than this.
    NoneMatch(Cached),
    /// The client wants the range only if it is of this version.
    IfRange(Cached),
}

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The number of its path in [`PATHS`].
    pub path: usize,
    pub method: Method,
    pub http: Http,
    pub range: Option<Range>,
    pub condition: Option<Condition>,
    pub takes_gzip: bool,
    /// The connection must end after the response.
    pub closes: bool,
    /// The request line.
    pub line: String,
    /// The head.
    pub head: Vec<u8>,
    pub content: Vec<u8>,
    /// How many bytes had been sent on its connection before it.
    pub begins: u64,
    /// Its place among the requests that were sent together with it, counted from 1.
    pub order: u64,
    pub sent_at: Nanos,
}

impl Range {
    /// The first and the last byte of each part, in a file of this size. There are none if the file has no such part.
    pub fn of(self, size: u64) -> Vec<(u64, u64)> {
        let spans = match self {
            Self::Span(first, last) => vec![(first, last)],
            Self::From(first) => vec![(first, u64::MAX)],
            Self::Last(count) => vec![(size.saturating_sub(count), if count == 0 { 0 } else { u64::MAX })],
            Self::Two(first, second) => vec![(first, first + 9), (second, second + 9)],
        };
        let is_empty = matches!(self, Self::Last(0));
        let spans = spans.into_iter().filter(|&(first, _)| first < size && !is_empty);
        spans.map(|(first, last)| (first, last.min(size - 1))).collect()
    }

    fn written(self) -> String {
        match self {
            Self::Span(first, last) => format!("bytes={first}-{last}"),
            Self::From(first) => format!("bytes={first}-"),
            Self::Last(count) => format!("bytes=-{count}"),
            Self::Two(first, second) => format!("bytes={first}-{}, {second}-{}", first + 9, second + 9),
        }
    }
}

/// Makes a request of an honest client of that kind, which already has the versions in `known`.
pub fn ask(kind: ClientKind, dice: &mut Dice, known: &Known) -> Asked {
    let path = match kind {
        ClientKind::Downloading => large_path(dice),
        ClientKind::Listing => path_of(dice.pick(PAGES)),
        _ => path(dice, kind == ClientKind::Old),
    };
    let http = match kind {
        ClientKind::Old => dice.pick(&[Http::V0_9, Http::V1_0, Http::V1_0]),
        _ => Http::V1_1,
    };
    let method = match dice.below(20) {
        _ if http == Http::V0_9 => Method::Get,
        0 => Method::Head,
        1 if http == Http::V1_1 => Method::Post,
        2 if http == Http::V1_1 => Method::Options,
        _ => Method::Get,
    };
    let mut asked = Asked {
        path,
        method,
        http,
        range: None,
        condition: None,
        takes_gzip: false,
        closes: http != Http::V1_1 || dice.one_in(30) || kind == ClientKind::HalfClosing,
        line: String::new(),
        head: Vec::new(),
        content: Vec::new(),
        begins: 0,
        order: 0,
        sent_at: 0,
    };
    let mut fields = String::new();
    if http == Http::V1_1 {
        fields += "Host: a\r\n";
        add_details(&mut asked, &mut fields, dice, known);
    }
    if http == Http::V1_0 && dice.one_in(3) {
        fields += "Connection: keep-alive\r\n";
        asked.closes = false;
    } else if asked.closes && http == Http::V1_1 && kind != ClientKind::HalfClosing {
        fields += "Connection: close\r\n";
    }
    write_out(&mut asked, &fields, dice);
    asked
}

fn large_path(dice: &mut Dice) -> usize {
    path_of(dice.pick(LARGE))
}

pub fn path_of(url: &str) -> usize {
    PATHS.iter().position(|path| path.url == url).unwrap_or(0)
}

fn path(dice: &mut Dice, is_old: bool) -> usize {
    // A client of HTTP/0.9 cannot tell whether it has received everything, so it requests only small files.
    let weights: u64 = PATHS.iter().map(|path| path.weight).sum();
    let mut rest = dice.below(weights);
    let found = PATHS.iter().position(|path| {
        let is_it = rest < path.weight;
        rest = rest.saturating_sub(path.weight);
        is_it
    });
    match found.unwrap_or(0) {
        large if is_old && LARGE.contains(&PATHS[large].url) => 3,
        found => found,
    }
}

/// Adds ranges, conditions, codings and content.
fn add_details(asked: &mut Asked, fields: &mut String, dice: &mut Dice, known: &Known) {
    if asked.method == Method::Post {
        asked.content = vec![b'x'; dice.below(3000) as usize];
        *fields += &format!("Content-Length: {}\r\n", asked.content.len());
        if dice.one_in(3) && !asked.content.is_empty() {
            *fields += "Expect: 100-continue\r\n";
        }
        return;
    }
    if asked.method == Method::Options {
        return;
    }
    if dice.one_in(3) {
        asked.takes_gzip = true;
        *fields += "Accept-Encoding: gzip\r\n";
    }
    if dice.one_in(5) && asked.method == Method::Get {
        let at = dice.pick(&[0, 1, 10, 100, 500, 4000, 65_536, 300_000]);
        let range = match dice.below(4) {
            0 => Range::Span(at, at + dice.below(2000)),
            1 => Range::From(at),
            2 => Range::Last(at),
            _ => Range::Two(at, at + 40 + dice.below(400)),
        };
        asked.range = Some(range);
        *fields += &format!("Range: {}\r\n", range.written());
    }
    let cached = known.get(&(asked.path, asked.takes_gzip));
    if let Some(cached) = cached.filter(|_| dice.one_in(2)) {
        let (name, condition) = match asked.range {
            Some(_) => ("If-Range", Condition::IfRange(cached.clone())),
            None => ("If-None-Match", Condition::NoneMatch(cached.clone())),
        };
        *fields += &format!("{name}: {}\r\n", cached.tag);
        asked.condition = Some(condition);
    }
}

fn write_out(asked: &mut Asked, fields: &str, dice: &mut Dice) {
    let method = match asked.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Options => "OPTIONS",
    };
    let url = PATHS[asked.path].url;
    asked.line = match asked.http {
        Http::V0_9 => format!("{method} {url}"),
        Http::V1_0 => format!("{method} {url} HTTP/1.0"),
        Http::V1_1 if dice.one_in(30) => format!("{method} http://a{url} HTTP/1.1"),
        Http::V1_1 => format!("{method} {url} HTTP/1.1"),
    };
    asked.head = match asked.http {
        Http::V0_9 => format!("{}\r\n", asked.line),
        _ => format!("{}\r\n{fields}\r\n", asked.line),
    }
    .into_bytes();
}
