//! From what the server says when it starts to what others in the room can type.
//!
//! The component knows only that it listens on "all addresses" (`0.0.0.0`, `[::]`): WASI 0.2 has no
//! call that lists them.

use std::net::SocketAddr;

/// The addresses in the line behind the ready line, in either language: `Serving FOLDER at ADDRESS and ADDRESS; Ctrl-C
/// stops it.` None in another line.
pub(crate) fn listening(line: &str) -> impl Iterator<Item = SocketAddr> {
    let addresses = line.rsplit_once("; ").map_or("", |(addresses, _)| addresses);
    addresses.split(' ').filter_map(|word| word.parse().ok())
}

/// The URLs by which other machines reach a server that listens on `address`: one for each of this
/// machine's addresses of that family, with its interface's name, since only the reader knows which
/// network the others are on.
///
/// None if `address` is a certain one: the server's own lines say it all.
pub(crate) fn reachable(address: SocketAddr) -> Vec<String> {
    if !address.ip().is_unspecified() {
        return Vec::new();
    }
    let mut interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.retain(|interface| {
        let same_family = interface.ip().is_ipv4() == address.is_ipv4();
        // Link-local addresses need a zone, which browsers refuse in a URL.
        same_family && interface.is_oper_up() && !interface.is_loopback() && !interface.is_link_local()
    });
    let url = |ip| format!("http://{}/", SocketAddr::new(ip, address.port()));
    interfaces
        .iter()
        .map(|each| format!("{}  ({})", url(each.ip()), each.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_behind_the_ready_line_names_the_addresses() {
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
    fn a_server_on_one_address_is_not_announced_on_others() {
        for address in ["127.0.0.1:8080", "[::1]:8080", "10.0.0.2:3000"] {
            assert!(reachable(address.parse().unwrap()).is_empty(), "{address}");
        }
    }
}
