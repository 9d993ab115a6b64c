//! What a host adds to the first lines of the server: the URLs that others in the room can type, one of them as a QR
//! code for phones, and a browser. `cargo serve` and `aula` share it; the Python package has its own.
//!
//! The component knows only that it listens on "all addresses" (`0.0.0.0`, `[::]`): WASI 0.2 has no call that lists
//! them. So this crate reads the server's lines, and answers in their language.

use qrcode::render::unicode;
use std::fmt::Write as _;
use std::mem;
use std::net::SocketAddr;

/// Reads what the server prints on stderr, and says what to print after it.
pub struct Announcer {
    /// The name before messages of the program.
    program: &'static str,
    /// Whether to open a browser, which happens once.
    opens: bool,
    /// Whether to draw the first address for others, which happens once.
    draws: bool,
    /// The beginning of a line whose end has not been printed yet.
    begun: Vec<u8>,
    /// Whether the server has printed its second line, after which there is nothing to add.
    is_done: bool,
    /// Finds the URLs for others. Only the tests of this crate have another function here.
    reachable: fn(SocketAddr) -> Vec<Reachable>,
}

/// A message in English and Spanish.
type Message = [&'static str; 2];

const FROM_OTHERS: Message = ["from other machines", "desde otras máquinas"];
const NO_OTHERS: Message = [
    "--qr: the server listens on this machine alone: leave --host out",
    "--qr: el servidor solo escucha en esta máquina: quita --host",
];
const NO_NETWORK: Message = [
    "--qr: this machine is in no network",
    "--qr: esta máquina no está en ninguna red",
];
const NO_BROWSER: Message = [
    "no browser opened; open it yourself:",
    "no se abrió ningún navegador; abre tú",
];

impl Announcer {
    /// An announcer for this program, which `opens` a browser, and `draws` the address for phones.
    #[must_use]
    pub fn new(program: &'static str, opens: bool, draws: bool) -> Self {
        Self {
            program,
            opens,
            draws,
            begun: Vec::new(),
            is_done: false,
            reachable,
        }
    }

    /// The lines to print after these bytes of the server: none, if they do not complete one of its first lines.
    /// Opens the browser.
    pub fn hear(&mut self, bytes: &[u8]) -> String {
        if self.is_done {
            return String::new();
        }
        self.begun.extend_from_slice(bytes);
        let Some(end) = self.begun.iter().rposition(|&byte| byte == b'\n') else {
            return String::new();
        };
        let rest = self.begun.split_off(end + 1);
        let lines = mem::replace(&mut self.begun, rest);
        let mut said = String::new();
        for line in String::from_utf8_lossy(&lines).lines() {
            self.hear_line(line, &mut said);
        }
        said
    }

    fn hear_line(&mut self, line: &str, said: &mut String) {
        let Some((line, language)) = first_line(line) else {
            return;
        };
        let in_language = |message: Message| message[language];
        match line {
            FirstLine::Ready(url) => {
                if mem::take(&mut self.opens)
                    && let Err(error) = open::that_detached(url)
                {
                    let text = in_language(NO_BROWSER);
                    let _ = writeln!(said, "{}: {text} {url} ({error})", self.program);
                }
            }
            FirstLine::Serving(addresses) => {
                self.is_done = true;
                for address in addresses {
                    let others = (self.reachable)(address);
                    for Reachable { url, interface } in &others {
                        let _ = writeln!(said, "  {}: {url}  ({interface})", in_language(FROM_OTHERS));
                    }
                    if mem::take(&mut self.draws) {
                        let _ = match others.first() {
                            Some(Reachable { url, .. }) => writeln!(said, "{}\n  {url}", qr_code(url)),
                            None if address.ip().is_loopback() => {
                                writeln!(said, "{}: {}", self.program, in_language(NO_OTHERS))
                            }
                            None if address.ip().is_unspecified() => {
                                writeln!(said, "{}: {}", self.program, in_language(NO_NETWORK))
                            }
                            None => {
                                let url = format!("http://{address}/");
                                writeln!(said, "{}\n  {url}", qr_code(&url))
                            }
                        };
                    }
                }
            }
        }
    }
}

/// The first two lines of the server.
#[derive(Debug, PartialEq)]
enum FirstLine<'a> {
    /// `Listening on URL`; the URL is for a browser on this machine.
    Ready(&'a str),
    /// `Serving FOLDER at ADDRESS and ADDRESS; Ctrl-C stops it.`
    Serving(Vec<SocketAddr>),
}

/// One of the first two lines, and its language as an index of [`Message`]. None for any other line.
fn first_line(line: &str) -> Option<(FirstLine<'_>, usize)> {
    for (language, before) in ["Listening on ", "Escuchando en "].into_iter().enumerate() {
        if let Some(url) = line.strip_prefix(before).filter(|url| url.ends_with('/')) {
            return Some((FirstLine::Ready(url), language));
        }
    }
    let language = ["Serving ", "Sirviendo "]
        .iter()
        .position(|before| line.starts_with(before))?;
    let (addresses, _) = line.rsplit_once("; ")?;
    let addresses = addresses.split(' ').filter_map(|word| word.parse().ok()).collect();
    Some((FirstLine::Serving(addresses), language))
}

/// A URL for others, and the interface of this machine that it leads to.
struct Reachable {
    url: String,
    interface: String,
}

/// The URLs by which other machines reach a server that listens on `address`: one for each of this machine's addresses
/// of that family, with its interface's name, since only the reader knows which network the others are on.
///
/// The list is empty if `address` is a specific one, because the server prints that itself.
fn reachable(address: SocketAddr) -> Vec<Reachable> {
    if !address.ip().is_unspecified() {
        return Vec::new();
    }
    let mut interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.retain(|interface| {
        let same_family = interface.ip().is_ipv4() == address.is_ipv4();
        // Link-local addresses need a zone, which browsers refuse in a URL.
        same_family && interface.is_oper_up() && !interface.is_loopback() && !interface.is_link_local()
    });
    interfaces
        .into_iter()
        .map(|each| Reachable {
            url: format!("http://{}/", SocketAddr::new(each.ip(), address.port())),
            interface: each.name,
        })
        .collect()
}

/// A URL as a QR code (ISO/IEC 18004) for a terminal with light text on a dark background. Each character holds two
/// modules, one above the other, and light modules are drawn. It is empty if the URL is too long, which that of an
/// address never is.
fn qr_code(url: &str) -> String {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::L) else {
        return String::new();
    };
    let mut draw = code.render::<unicode::Dense1x2>();
    draw.dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark);
    draw.build()
}

#[cfg(test)]
#[path = "../../../tests/support/qr.rs"]
mod qr;

#[cfg(test)]
mod tests {
    use super::*;

    /// The machine of these tests has one address in a network, of the older family.
    fn one_address(address: SocketAddr) -> Vec<Reachable> {
        let is_reachable = address.ip().is_unspecified() && address.is_ipv4();
        let url = format!("http://192.168.1.20:{}/", address.port());
        let interface = "eth0".to_owned();
        is_reachable
            .then_some(Reachable { url, interface })
            .into_iter()
            .collect()
    }

    fn announcer(draws: bool, reachable: fn(SocketAddr) -> Vec<Reachable>) -> Announcer {
        Announcer {
            reachable,
            ..Announcer::new("aula", false, draws)
        }
    }

    #[test]
    fn the_first_lines_are_read_in_both_languages() {
        let serving =
            |addresses: &str| FirstLine::Serving(addresses.split(' ').map(|one| one.parse().unwrap()).collect());
        for (line, expected) in [
            (
                "Listening on http://127.0.0.1:8080/",
                Some((FirstLine::Ready("http://127.0.0.1:8080/"), 0)),
            ),
            (
                "Escuchando en http://[::1]:80/",
                Some((FirstLine::Ready("http://[::1]:80/"), 1)),
            ),
            (
                "Serving www at 0.0.0.0:8080; Ctrl-C stops it.",
                Some((serving("0.0.0.0:8080"), 0)),
            ),
            (
                "Serving a at b; c at 0.0.0.0:80 and [::]:80; Ctrl-C stops it.",
                Some((serving("0.0.0.0:80 [::]:80"), 0)),
            ),
            (
                "Sirviendo www en 0.0.0.0:80 y [::]:80; Ctrl-C lo detiene.",
                Some((serving("0.0.0.0:80 [::]:80"), 1)),
            ),
            ("Serving www", None),
            ("Listening", None),
            ("aula: no folder at 0.0.0.0:80; give one", None),
        ] {
            assert_eq!(first_line(line), expected, "{line:?}");
        }
    }

    #[test]
    fn the_addresses_for_others_come_after_the_server_s_line_in_its_language() {
        let everywhere = "Serving www at 0.0.0.0:8080 and [::]:8080; Ctrl-C stops it.\n";
        for (line, said) in [
            (everywhere, "  from other machines: http://192.168.1.20:8080/  (eth0)\n"),
            (
                "Sirviendo www en 0.0.0.0:80; Ctrl-C lo detiene.\n",
                "  desde otras máquinas: http://192.168.1.20:80/  (eth0)\n",
            ),
            ("Serving www at 127.0.0.1:8080; Ctrl-C stops it.\n", ""),
            ("Serving www at 10.0.0.2:8080; Ctrl-C stops it.\n", ""),
            ("Listening on http://127.0.0.1:8080/\n", ""),
            ("127.0.0.1 - - \"GET / HTTP/1.1\"\n", ""),
        ] {
            assert_eq!(announcer(false, one_address).hear(line.as_bytes()), said, "{line}");
        }
        // In pieces, as a component may print it.
        let mut announcer = announcer(false, one_address);
        let heard: Vec<_> = everywhere
            .as_bytes()
            .chunks(7)
            .map(|piece| announcer.hear(piece))
            .collect();
        let (last, before) = heard.split_last().unwrap();
        assert!(
            before.iter().all(String::is_empty) && last.starts_with("  from other machines: "),
            "{heard:?}"
        );
    }

    #[test]
    fn the_first_address_for_others_is_drawn_once_or_it_is_said_why_not() {
        for (line, url) in [
            (
                "Serving www at 0.0.0.0:8080 and [::]:8080; Ctrl-C stops it.\n",
                "http://192.168.1.20:8080/",
            ),
            (
                "Serving www at 10.0.0.2:3000; Ctrl-C stops it.\n",
                "http://10.0.0.2:3000/",
            ),
        ] {
            let mut announcer = announcer(true, one_address);
            let said = announcer.hear(line.as_bytes());
            let drawn: String = said
                .lines()
                .filter(|line| line.contains('█'))
                .map(|line| format!("{line}\n"))
                .collect();
            assert_eq!(qr::read(drawn.trim_end_matches('\n')), url, "{said}");
            assert!(said.ends_with(&format!("\n  {url}\n")), "{said}");
            assert!(!announcer.hear(line.as_bytes()).contains('█'), "a second time");
        }
        for (line, said) in [
            ("Serving www at 127.0.0.1:80; Ctrl-C stops it.\n", NO_OTHERS[0]),
            ("Sirviendo www en [::1]:80; Ctrl-C lo detiene.\n", NO_OTHERS[1]),
            ("Serving www at 0.0.0.0:80; Ctrl-C stops it.\n", NO_NETWORK[0]),
        ] {
            let heard = announcer(true, |_| Vec::new()).hear(line.as_bytes());
            assert_eq!(heard, format!("aula: {said}\n"), "{line}");
        }
    }

    #[test]
    fn a_qr_code_is_read_back_as_its_url() {
        for url in [
            "http://192.168.1.20:8080/",
            "http://[2001:db8::1234:5678:9abc:def0]:65535/",
        ] {
            assert_eq!(qr::read(&qr_code(url)), url);
        }
    }

    #[test]
    fn a_server_on_one_address_is_not_announced_on_others() {
        for address in ["127.0.0.1:8080", "[::1]:8080", "10.0.0.2:3000"] {
            assert!(reachable(address.parse().unwrap()).is_empty(), "{address}");
        }
    }
}
