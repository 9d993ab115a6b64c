//! From the server's first output lines to the URLs that others in the room can type.
//!
//! The component knows only that it listens on "all addresses" (`0.0.0.0`, `[::]`): WASI 0.2 has no
//! call that lists them.

use qrcode::render::unicode;
use std::net::SocketAddr;

/// The addresses in the line after the ready line, in either language: `Serving FOLDER at ADDRESS and ADDRESS; Ctrl-C
/// stops it.` Another line has none.
pub(crate) fn listening(line: &str) -> impl Iterator<Item = SocketAddr> {
    let addresses = line.rsplit_once("; ").map_or("", |(addresses, _)| addresses);
    addresses.split(' ').filter_map(|word| word.parse().ok())
}

/// The URLs by which other machines reach a server that listens on `address`: one for each of this
/// machine's addresses of that family, with its interface's name, since only the reader knows which
/// network the others are on.
///
/// The list is empty if `address` is a specific one, because the server prints that itself.
pub(crate) fn reachable(address: SocketAddr) -> Vec<Reachable> {
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
        .iter()
        .map(|each| Reachable {
            url: format!("http://{}/", SocketAddr::new(each.ip(), address.port())),
            interface: each.name.clone(),
        })
        .collect()
}

/// A URL for others, and the interface of this machine that it leads to.
pub(crate) struct Reachable {
    pub(crate) url: String,
    pub(crate) interface: String,
}

/// The URL in the ready line, in either language; it is for a browser on this machine.
pub(crate) fn ready(line: &str) -> Option<&str> {
    let url = line
        .strip_prefix("Listening on ")
        .or_else(|| line.strip_prefix("Escuchando en "))?;
    url.trim_end().strip_suffix('/').map(|_| url.trim_end())
}

/// A URL as a QR code (ISO/IEC 18004) for a terminal with light text on a dark background. Each character holds two
/// modules, one above the other, and light modules are drawn. `None` if the URL is too long.
pub(crate) fn qr_code(url: &str) -> Option<String> {
    let code = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::L).ok()?;
    let mut draw = code.render::<unicode::Dense1x2>();
    draw.dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark);
    Some(draw.build())
}

#[cfg(test)]
#[path = "../../tests/support/qr.rs"]
mod qr;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_after_the_ready_line_names_the_addresses() {
        for (line, addresses) in [
            ("Serving www at 0.0.0.0:8080; Ctrl-C stops it.\n", "0.0.0.0:8080"),
            ("Serving www at [::]:80; Ctrl-C stops it.\r\n", "[::]:80"),
            (
                "Serving a at b at 0.0.0.0:80 and [::]:80; Ctrl-C stops it.",
                "0.0.0.0:80 [::]:80",
            ),
            (
                "Sirviendo www en 0.0.0.0:80 y [::]:80; Ctrl-C lo detiene.",
                "0.0.0.0:80 [::]:80",
            ),
            ("Listening on http://127.0.0.1:8080/", ""),
            ("Serving www", ""),
        ] {
            let read: Vec<_> = listening(line).map(|address| address.to_string()).collect();
            assert_eq!(read.join(" "), addresses, "{line:?}");
        }
    }

    #[test]
    fn the_ready_line_has_a_url() {
        for (line, url) in [
            ("Listening on http://127.0.0.1:8080/\n", Some("http://127.0.0.1:8080/")),
            ("Escuchando en http://[::1]:80/\r\n", Some("http://[::1]:80/")),
            ("Serving www at 0.0.0.0:8080; Ctrl-C stops it.\n", None),
        ] {
            assert_eq!(ready(line), url, "{line:?}");
        }
    }

    #[test]
    fn a_qr_code_is_read_back_as_its_url() {
        for url in [
            "http://192.168.1.20:8080/",
            "http://[2001:db8::1234:5678:9abc:def0]:65535/",
        ] {
            assert_eq!(qr::read(&qr_code(url).unwrap()), url);
        }
    }

    #[test]
    fn a_server_on_one_address_is_not_announced_on_others() {
        for address in ["127.0.0.1:8080", "[::1]:8080", "10.0.0.2:3000"] {
            assert!(reachable(address.parse().unwrap()).is_empty(), "{address}");
        }
    }
}
