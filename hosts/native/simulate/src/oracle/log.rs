//! Checks that the access log and the trace describe what was sent.
//!
//! Each honest client has an address of its own. The oracle notes what the client got, and this must appear in the log:
//! the request line, the status, and how many bytes of content were sent. About a response that the client did not get
//! to its end, the log may say more.

use crate::schedule::Schedule;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What the log says about an exchange: the request line, the status, and the length of the content.
type Told = (String, u16, u64);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Format {
    #[default]
    Combined,
    Json,
    /// The JSON trace.
    Trace,
    /// Output that the oracle does not read.
    Other,
}

/// What the server printed, and what it should have printed.
#[derive(Default)]
pub struct Log {
    format: Format,
    /// The beginning of a line whose end has not been printed.
    unfinished: Vec<u8>,
    told: BTreeMap<IpAddr, Vec<Told>>,
    expected: BTreeMap<IpAddr, Vec<Told>>,
    faults: Vec<String>,
    /// Lines may be missing.
    pub is_incomplete: bool,
    is_without_addresses: bool,
}

impl Log {
    pub fn new(schedule: &Schedule) -> Self {
        let has = |option: &str| schedule.options.iter().any(|given| given == option);
        let is_traced = schedule.options.iter().any(|given| given.starts_with("--trace"));
        let format = if has("--log json") && !is_traced {
            Format::Json
        } else if has("--trace=json") && !schedule.options.iter().any(|given| given.starts_with("--log")) {
            Format::Trace
        } else if is_traced || has("--log common") || has("--log off") || has("--log json") {
            Format::Other
        } else {
            Format::Combined
        };
        Self {
            format,
            ..Self::default()
        }
    }

    /// The host did not tell the server the address of a client.
    pub fn misses_an_address(&mut self) {
        self.is_without_addresses = true;
    }

    /// Notes a response that a client got completely.
    pub fn expect(&mut self, address: IpAddr, request_line: &str, status: u16, length: u64) {
        let expected = self.expected.entry(address).or_default();
        expected.push((request_line.to_owned(), status, length));
    }

    /// Reads what the server prints.
    pub fn read(&mut self, bytes: &[u8]) {
        self.unfinished.extend_from_slice(bytes);
        while let Some(end) = self.unfinished.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.unfinished.drain(..=end).collect();
            if let Err(error) = self.line(&line[..end]) {
                self.faults.push(format!("{error}: {}", line.escape_ascii()));
            }
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        if self.format == Format::Other {
            return Ok(());
        }
        if line.iter().any(|byte| !(0x20..0x7f).contains(byte)) {
            return Err("a line of the log that is not printable ASCII".to_owned());
        }
        let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
        let told = match self.format {
            Format::Combined => combined(line).ok_or("not in the combined format")?,
            Format::Json => object(line)?,
            Format::Trace => match event(line)? {
                Some(told) => told,
                None => return Ok(()),
            },
            Format::Other => return Ok(()),
        };
        let (address, told) = told;
        if let Some(address) = address {
            self.told.entry(address).or_default().push(told);
        }
        Ok(())
    }

    /// Returns what is wrong with everything that was printed.
    pub fn faults(mut self) -> Vec<String> {
        if self.format == Format::Other || self.is_incomplete || self.is_without_addresses {
            return self.faults;
        }
        for (address, expected) in self.expected {
            let told = self.told.entry(address).or_default();
            for exchange in expected {
                match told.iter().position(|told| *told == exchange) {
                    Some(position) => {
                        told.remove(position);
                    }
                    None => self.faults.push(format!(
                        "{address} got {exchange:?}, and the log does not tell of it: {told:?}"
                    )),
                }
            }
        }
        self.faults
    }
}

/// `ADDRESS - - [TIME] "REQUEST LINE" STATUS BYTES "..." "..."`
fn combined(line: &str) -> Option<(Option<IpAddr>, Told)> {
    let (address, rest) = line.split_once(" - - [")?;
    let (_, rest) = rest.split_once("] \"")?;
    let mut is_escaped = false;
    let end = rest.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })?;
    let (request, rest) = (&rest[..end], rest[end..].strip_prefix("\" ")?);
    let mut words = rest.split(' ');
    let status = words.next()?.parse().ok()?;
    let length = words.next()?.parse().ok()?;
    Some((address.parse().ok(), (request.to_owned(), status, length)))
}

fn object(line: &str) -> Result<(Option<IpAddr>, Told), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| value[name].as_u64().ok_or_else(|| format!("no {name}"));
    let told = (text("request"), number("status")? as u16, number("bytes")?);
    Ok((text("address").parse().ok(), told))
}

/// What an event of the trace says about an exchange. Other events say nothing about one.
fn event(line: &str) -> Result<Option<(Option<IpAddr>, Told)>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    match value["event"].as_str() {
        Some("exchange") => {}
        Some("accepted" | "closed") => return Ok(None),
        _ => return Err("an event without a name".to_owned()),
    }
    let received = value["received"]["bytes"].as_str().unwrap_or_default();
    let request = received.split("\\r\\n").next().unwrap_or_default();
    let status = value["decision"]["status"].as_u64().ok_or("no status")? as u16;
    let length = value["sent"]["content_sent"].as_u64().ok_or("no content_sent")?;
    let remote = value["remote"]
        .as_str()
        .and_then(|remote| remote.parse::<std::net::SocketAddr>().ok());
    Ok(Some((
        remote.map(|remote| remote.ip()),
        (request.to_owned(), status, length),
    )))
}
