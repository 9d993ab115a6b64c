//! The trace as text for people: what is said of each event. [`super::page`] lays it out.

use super::page::{Colour, INDENT, Mark, Page, WIDTH, columns, cut};
use super::{Completed, Event, Form, Peer, Read, Slot, Style, Times, Token, bytes, texts, tokens};
use crate::catalogue::{Text, wrapped};
use crate::escape;
use crate::exchange::{Details, Exchange};
use crate::http::MediaTypeSource;
use crate::http1::{CloseReason, Pace, Side};
use crate::site::LookupError;
use crate::site::path::PathError;
use crate::site::recorder::{Lookup, LookupResult};
use crate::time::Instant;
use std::net::SocketAddr;
use std::ops::Range;

/// The maximum number of columns for a request in the short form.
const SHORT_REQUEST: usize = 30;
/// Up to this number of slots, the trace shows which one a connection has.
const FEW_SLOTS: usize = 64;

/// Renders an event as lines, each with its LF. An exchange without details gives no lines.
pub(super) fn text(style: &Style, peer: &Peer, at: Instant, event: &Event<'_>) -> String {
    let mut page = Page {
        style,
        lang: style.lang,
        text: String::new(),
    };
    let is_short = style.form == Form::Short;
    match event {
        Event::Accepted(slot) if is_short => page.accepted_in_short(peer, slot, at),
        Event::Accepted(slot) => page.accepted(peer, slot, at),
        Event::Completed(completed) => {
            if let Some(details) = &completed.exchange.details {
                if is_short {
                    page.exchange_in_short(peer, completed, details, at);
                } else {
                    page.exchange(peer, completed, details, at);
                }
            }
        }
        Event::Closed(reason) if is_short => page.closed_in_short(peer, *reason, at),
        Event::Closed(reason) => page.closed(peer, *reason, at),
    }
    page.text
}

impl Page<'_> {
    fn accepted(&mut self, peer: &Peer, slot: &Slot, at: Instant) {
        let number = texts::CONNECTION.with("number", peer.connection).get(self.lang);
        let text = match slot {
            _ if slot.number > slot.of => texts::NO_SLOT,
            _ if self.shows_slot(slot) => texts::ACCEPTED,
            _ => texts::ACCEPTED_PLAINLY,
        };
        let text = text
            .with("slot", slot.number)
            .with("of", slot.of)
            .with("taken", slot.taken)
            .get(self.lang);
        let time = self.time(at);
        self.heading(&format!("{time}, {number}: {text}"));
        self.four_tuple(peer);
    }

    fn closed(&mut self, peer: &Peer, reason: CloseReason, at: Instant) {
        let number = texts::CONNECTION.with("number", peer.connection).get(self.lang);
        let (time, by) = (self.time(at), by(reason).get(self.lang));
        self.heading(&format!("{time}, {number}: {by}"));
        self.reason(reason.explanation().get(self.lang), reason.section());
    }

    fn exchange(&mut self, peer: &Peer, completed: &Completed<'_>, details: &Details, at: Instant) {
        let slot = &completed.observed.slot;
        let times = completed.times(at);
        let mut heading = texts::EXCHANGE
            .with("connection", peer.connection)
            .with("number", completed.exchange.number)
            .get(self.lang);
        if self.shows_slot(slot) {
            let text = texts::SLOT.with("slot", slot.number).with("of", slot.of);
            heading.push_str(&format!(", {}", text.get(self.lang)));
        }
        let time = self.time(times.first_byte);
        self.heading(&format!("{time}, {heading}"));
        if self.is_full() {
            self.four_tuple(peer);
        }
        self.received(details, &completed.observed.reads);
        self.parsed(details);
        self.resolved(details);
        self.decided(completed.exchange);
        self.sent(details, completed);
        self.afterwards(details, slot);
        self.times(&times);
        self.pace(details.pace);
    }

    fn accepted_in_short(&mut self, peer: &Peer, slot: &Slot, at: Instant) {
        let mut line = texts::SHORT_ACCEPTED
            .with("remote", address(peer.remote))
            .get(self.lang);
        if slot.number > slot.of {
            let text = texts::NO_SLOT.with("of", slot.of).with("taken", slot.taken);
            line.push_str(&format!(", {}", text.get(self.lang)));
        } else if self.shows_slot(slot) {
            let text = texts::SLOT.with("slot", slot.number).with("of", slot.of);
            line.push_str(&format!(", {}", text.get(self.lang)));
        }
        self.short(at, &format!("c{}", peer.connection), Colour::Dim, &line);
    }

    fn exchange_in_short(&mut self, peer: &Peer, completed: &Completed<'_>, details: &Details, at: Instant) {
        let exchange = completed.exchange;
        let request: Vec<_> = tokens(details)
            .into_iter()
            .filter(|(token, _)| matches!(token, Token::Method | Token::Target))
            .map(|(_, at)| escape::line(bytes(details, &at)))
            .collect();
        let request = if request.is_empty() {
            escape::line(&exchange.request_line)
        } else {
            request.join(" ")
        };
        let took = at.since(exchange.begun).as_micros() / 100;
        let line = texts::SHORT_EXCHANGE
            .with("request", cut(&request, SHORT_REQUEST))
            .with("status", exchange.explanation.status.code())
            .with("count", completed.content_sent)
            .with("took", format_args!("{}.{}", took / 10, took % 10))
            .with(
                "then",
                if details.close_reason.is_some() {
                    texts::CLOSES
                } else {
                    texts::KEPT
                }
                .get(self.lang),
            );
        let name = format!("c{}.{}", peer.connection, completed.exchange.number);
        self.short(at, &name, status_colour(exchange), &line.get(self.lang));
        if exchange.rejection.is_some() {
            self.received(details, &completed.observed.reads);
            self.decided(exchange);
        }
    }

    fn closed_in_short(&mut self, peer: &Peer, reason: CloseReason, at: Instant) {
        let line = format!("{}: {}", by(reason).get(self.lang), reason.explanation().get(self.lang));
        self.short(at, &format!("c{}", peer.connection), Colour::Dim, &line);
    }

    /// A line of the short form.
    fn short(&mut self, at: Instant, name: &str, colour: Colour, line: &str) {
        let time = self.time(at);
        let name = format!(" {name:<6} ");
        let used = columns(&time).saturating_add(columns(&name));
        self.coloured(Colour::Dim, &time);
        self.text.push_str(&name);
        self.coloured(colour, &cut(line, WIDTH.saturating_sub(used)));
        self.text.push('\n');
    }

    fn is_full(&self) -> bool {
        self.style.form == Form::Full
    }

    /// Whether the trace shows which slot a connection has.
    fn shows_slot(&self, slot: &Slot) -> bool {
        self.is_full() || slot.of <= FEW_SLOTS || slot.taken >= slot.of
    }

    /// A time in seconds since the server started.
    fn time(&self, at: Instant) -> String {
        let milliseconds = self.style.since(at).as_millis();
        format!("+{}.{:03}", milliseconds / 1000, milliseconds % 1000)
    }

    fn times(&mut self, times: &Times) {
        self.label(texts::TIMES.get(self.lang));
        let after = |at: Instant| {
            let microseconds = at.since(times.first_byte).as_micros();
            format!("{}.{:03}", microseconds / 1000, microseconds % 1000)
        };
        let rendered = texts::STEPS
            .with("head", after(times.head))
            .with("response", after(times.response))
            .with("from", after(times.first_sent))
            .with("to", after(times.last_sent));
        for line in wrapped(rendered.get(self.lang).split(' '), WIDTH - INDENT) {
            self.line(Colour::Plain, &line);
        }
    }

    /// Writes how slow the server was on purpose.
    fn pace(&mut self, pace: Pace) {
        if !pace.delay.is_zero() {
            let text = texts::DELAYED.with("seconds", pace.delay.as_secs_f64());
            self.line(Colour::Plain, &text.get(self.lang));
        }
        if let Some(rate) = pace.rate {
            self.line(Colour::Plain, &texts::PACED.with("rate", rate).get(self.lang));
        }
    }

    /// Writes the two ends of a connection.
    fn four_tuple(&mut self, peer: &Peer) {
        self.line(
            Colour::Dim,
            &format!("{} -> {}", address(peer.remote), address(peer.local)),
        );
    }

    /// Writes the received bytes, with carets below the bytes for which they were rejected.
    fn received(&mut self, details: &Details, reads: &[Read]) {
        let heading = texts::RECEIVED.with("count", details.received.len()).get(self.lang);
        self.label(&heading);
        let marks = marks(details);
        let fault = details.head.fault();
        let mut from = 0;
        for fold in self.folds(details) {
            self.rows(&details.received, from..fold.bytes.start, &marks, fault.as_ref());
            let folded = texts::FOLDED
                .with("first", fold.first)
                .with("more", fold.count.saturating_sub(1))
                .with("count", fold.bytes.len());
            let folded = cut(&folded.get(self.lang), WIDTH - INDENT);
            self.offset(&fold.bytes.start.to_string());
            self.coloured(Colour::Dim, &folded);
            self.text.push('\n');
            from = fold.bytes.end;
        }
        self.rows(&details.received, from..details.received.len(), &marks, fault.as_ref());
        if reads.len() > 1 {
            let each = |read: &Read| {
                let time = self.time(read.at);
                texts::READ
                    .with("count", read.bytes.len())
                    .with("time", time)
                    .get(self.lang)
            };
            let each = reads.iter().map(each).collect::<Vec<_>>().join(", ");
            let rendered = texts::READS
                .with("count", reads.len())
                .with("reads", each)
                .get(self.lang);
            for line in wrapped(rendered.split(' '), WIDTH - INDENT) {
                self.line(Colour::Plain, &line);
            }
        }
        if details.content_received > 0 {
            let more = texts::MORE_RECEIVED
                .with("count", details.content_received)
                .get(self.lang);
            self.line(Colour::Plain, &more);
        }
    }

    /// The lines of a head that only the full form shows: several consecutive fields with which a browser describes
    /// itself.
    fn folds(&self, details: &Details) -> Vec<Fold> {
        let mut folds: Vec<Fold> = Vec::new();
        if self.is_full() || details.head.fault().is_some() {
            return folds;
        }
        for line in details.head.lines() {
            let (name, value) = (&line.name, &line.value);
            let text = bytes(details, name);
            if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"sec-")) {
                continue;
            }
            let rest = details.received.get(value.end..).unwrap_or_default();
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(0);
            let end = value.end.saturating_add(length).saturating_add(1);
            match folds.last_mut() {
                Some(fold) if fold.bytes.end == name.start => {
                    fold.bytes.end = end;
                    fold.count = fold.count.saturating_add(1);
                }
                _ => folds.push(Fold {
                    bytes: name.start..end,
                    first: escape::line(text),
                    count: 1,
                }),
            }
        }
        folds.retain(|fold| fold.count > 1);
        folds
    }

    fn parsed(&mut self, details: &Details) {
        let tokens = tokens(details);
        if tokens.is_empty() {
            return;
        }
        if !self.is_full() {
            return self.parsed_in_short(details, &tokens);
        }
        self.label(texts::PARSED.get(self.lang));
        let mut tokens = tokens.into_iter();
        while let Some((token, at)) = tokens.next() {
            let shown = |at: &Range<usize>| escape::line(bytes(details, at));
            let (kind, offset, text) = match token {
                Token::Method => (texts::METHOD, at.start.to_string(), shown(&at)),
                Token::Target => (texts::TARGET, at.start.to_string(), shown(&at)),
                Token::Version => (texts::VERSION, at.start.to_string(), shown(&at)),
                // The value of a name comes next, on the same line.
                Token::FieldName | Token::FieldValue => {
                    let value = tokens.next().map_or(at.end..at.end, |(_, value)| value);
                    let offsets = format!("{}, {}", at.start, value.start);
                    (texts::FIELD, offsets, format!("{} = {}", shown(&at), shown(&value)))
                }
            };
            let kind = kind.get(self.lang);
            self.row(&offset, &cut(&format!("{kind:<8} {text}"), WIDTH - INDENT));
        }
    }

    /// The head is shown above, with its tokens in colours. Here only the tokens are named.
    fn parsed_in_short(&mut self, details: &Details, tokens: &[(Token, Range<usize>)]) {
        let named = tokens.iter().filter_map(|(token, at)| {
            let kind = match token {
                Token::Method => texts::METHOD,
                Token::Target => texts::TARGET,
                Token::Version => texts::VERSION,
                Token::FieldName | Token::FieldValue => return None,
            };
            let text = cut(&escape::line(bytes(details, at)), WIDTH / 3);
            Some(format!("{} {text}", kind.get(self.lang)))
        });
        let mut rendered: Vec<_> = named.collect();
        let fields = details.head.lines().len();
        if fields > 0 {
            rendered.push(texts::FIELDS.with("count", fields).get(self.lang));
        }
        let rendered = texts::PARSED_IN_SHORT
            .with("tokens", rendered.join(", "))
            .get(self.lang);
        self.label(&cut(&rendered, WIDTH));
    }

    fn resolved(&mut self, details: &Details) {
        let Some(resource) = &details.resolution.resource else {
            return;
        };
        self.label(texts::RESOLVED.get(self.lang));
        let resource = match resource {
            Ok(path) => texts::RESOURCE.with("name", shown(path.name())),
            Err(PathError::AboveRoot) => texts::ABOVE_ROOT.into(),
            Err(PathError::Forbidden) => texts::FORBIDDEN.into(),
            Err(PathError::NoSuchName) => texts::NO_SUCH_NAME.into(),
            Err(PathError::Hidden) => texts::HIDDEN.into(),
            Err(PathError::OutsideBase) => texts::OUTSIDE_BASE.into(),
        };
        self.line(Colour::Plain, &resource.get(self.lang));
        let lookups = self.looked_up(&details.lookups);
        let name = |(lookup, folded): &(&Lookup, String)| shown(&lookup.name) + folded;
        let longest = lookups.iter().map(name).map(columns).max();
        let column = longest.unwrap_or_default().min(WIDTH / 2);
        for looked_up in &lookups {
            let result = match looked_up.0.result {
                LookupResult::File(size) => texts::FILE.with("size", size).get(self.lang),
                LookupResult::Directory => texts::DIRECTORY.get(self.lang).to_owned(),
                LookupResult::Nothing(LookupError::NotFound) => texts::NOTHING.get(self.lang).to_owned(),
                LookupResult::Nothing(LookupError::Refused) => texts::NOT_OURS.get(self.lang).to_owned(),
                LookupResult::Nothing(LookupError::Failed | LookupError::NoMemory) => {
                    texts::UNREADABLE.get(self.lang).to_owned()
                }
            };
            self.line(
                Colour::Plain,
                &format!("{:<column$}  {result}", cut(&name(looked_up), column)),
            );
        }
        if let (Some(media_type), Some(source)) = (&details.content_type, &details.resolution.media_type) {
            let message = match source {
                MediaTypeSource::Extension(extension) => {
                    texts::MEDIA_TYPE_BY_EXTENSION.with("extension", format_args!(".{extension}"))
                }
                MediaTypeSource::Option(extension) => {
                    texts::MEDIA_TYPE_BY_OPTION.with("extension", format_args!(".{extension}"))
                }
                MediaTypeSource::Unknown => texts::MEDIA_TYPE_UNKNOWN.into(),
                MediaTypeSource::Generated => texts::MEDIA_TYPE_GENERATED.into(),
                MediaTypeSource::Ranges => texts::MEDIA_TYPE_RANGES.into(),
            };
            self.line(Colour::Plain, &message.with("type", media_type).get(self.lang));
        }
    }

    /// The lookups, each with its result. Missing compressed siblings of a file share one line, except in the full
    /// form.
    fn looked_up<'a>(&self, lookups: &'a [Lookup]) -> Vec<(&'a Lookup, String)> {
        let mut rendered: Vec<(&Lookup, String)> = Vec::new();
        for lookup in lookups {
            let is_absent = |lookup: &Lookup| lookup.result == LookupResult::Nothing(LookupError::NotFound);
            let sibling = |of: &Lookup| {
                let (stem, extension) = lookup.name.rsplit_once('.')?;
                let (of_stem, _) = of.name.rsplit_once('.')?;
                let is_sibling = stem == of_stem && is_absent(of) && is_absent(lookup) && !self.is_full();
                is_sibling.then(|| format!(", .{extension}"))
            };
            match rendered.last_mut() {
                Some((last, folded)) if let Some(extension) = sibling(last) => folded.push_str(&extension),
                _ => rendered.push((lookup, String::new())),
            }
        }
        rendered
    }

    fn decided(&mut self, exchange: &Exchange) {
        let status = exchange.explanation.status;
        let colour = status_colour(exchange);
        let status = format!("{} {}", status.code(), status.reason_phrase());
        let decided = texts::DECIDED.with("status", status).get(self.lang);
        self.coloured_line(0, colour, &decided);
        let meaning = exchange.explanation.meaning.get(self.lang);
        self.reason(meaning.trim_end_matches('.'), exchange.explanation.section);
    }

    fn sent(&mut self, details: &Details, completed: &Completed<'_>) {
        let sent = if details.sent.is_empty() {
            texts::SENT_BARE
        } else {
            texts::SENT
        };
        let sent = sent
            .with("head", details.sent.len())
            .with("content", completed.content_sent)
            .with("length", details.content_length);
        self.label(&sent.get(self.lang));
        self.rows(&details.sent, 0..details.sent.len(), &[], None);
        let content = &completed.observed.content;
        if !content.is_empty() {
            let rendered = texts::CONTENT
                .with("shown", content.len())
                .with("length", details.content_length);
            self.label(&rendered.get(self.lang));
            self.rows(content, 0..content.len(), &[], None);
        }
    }

    fn afterwards(&mut self, details: &Details, slot: &Slot) {
        match details.close_reason {
            None => self.label(texts::STAYS.get(self.lang)),
            Some(reason) => {
                self.label(texts::CLOSED_AFTER.get(self.lang));
                self.reason(reason.explanation().get(self.lang), reason.section());
            }
        }
        if !slot.waiting.is_empty() {
            let waiting = texts::WAITING.with("count", slot.waiting.len()).get(self.lang);
            self.label(&waiting);
            for client in &slot.waiting {
                self.line(Colour::Plain, &client.to_string());
            }
        }
    }
}

/// Lines of a head that are shown as one line.
struct Fold {
    bytes: Range<usize>,
    /// The name of the first field.
    first: String,
    count: usize,
}

/// The tokens of a request that have a colour.
fn marks(details: &Details) -> Vec<Mark> {
    let colour = |token| match token {
        Token::Method => Some(Colour::Yellow),
        Token::Target => Some(Colour::Magenta),
        Token::Version => Some(Colour::Cyan),
        Token::FieldName => Some(Colour::Green),
        Token::FieldValue => None,
    };
    let tokens = tokens(details).into_iter();
    tokens.filter_map(|(token, at)| Some((at, colour(token)?))).collect()
}

fn status_colour(exchange: &Exchange) -> Colour {
    match exchange.explanation.status.code() {
        ..400 => Colour::Green,
        400..500 => Colour::Yellow,
        500.. => Colour::Red,
    }
}

/// Which side closed a connection.
fn by(reason: CloseReason) -> Text {
    match reason.side() {
        Side::Client => texts::BY_CLIENT,
        Side::Server => texts::BY_SERVER,
    }
}

/// A name that was looked up, escaped; `.` for the root.
fn shown(name: &str) -> String {
    match name {
        "" => ".".to_owned(),
        name => escape::text(name),
    }
}

fn address(address: Option<SocketAddr>) -> String {
    address.map_or_else(|| "?".to_owned(), |address| address.to_string())
}
