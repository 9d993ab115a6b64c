//! The addresses of a host's name (`wasi:sockets/ip-name-lookup`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use wasi::sockets::instance_network::instance_network;
use wasi::sockets::ip_name_lookup::resolve_addresses;
use wasi::sockets::network::{ErrorCode, IpAddress};

/// Why a name has no address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LookupError {
    /// The runtime does not grant the lookup of names.
    NotGranted,
    /// There is no host with this name.
    NoSuchHost,
}

/// The possible addresses of a host: the one that is given, the two of `localhost`, or those that the lookup finds.
pub fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupError> {
    let found: Vec<IpAddr> = if let Ok(address) = host.parse() {
        vec![address]
    } else if host.eq_ignore_ascii_case("localhost") {
        // RFC 6761 section 6.3: these two, without a lookup.
        vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
    } else {
        look_up(host)?
    };
    Ok(found
        .into_iter()
        .map(|address| SocketAddr::new(address, port))
        .collect())
}

fn look_up(host: &str) -> Result<Vec<IpAddr>, LookupError> {
    let addresses = resolve_addresses(&instance_network(), host).map_err(lookup_error)?;
    let mut found = Vec::new();
    loop {
        match addresses.resolve_next_address() {
            Ok(Some(IpAddress::Ipv4((a, b, c, d)))) => found.push(IpAddr::from([a, b, c, d])),
            Ok(Some(IpAddress::Ipv6((a, b, c, d, e, f, g, h)))) => found.push(IpAddr::from([a, b, c, d, e, f, g, h])),
            Ok(None) if found.is_empty() => return Err(LookupError::NoSuchHost),
            Ok(None) => return Ok(found),
            Err(ErrorCode::WouldBlock) => addresses.subscribe().block(),
            Err(error) => return Err(lookup_error(error)),
        }
    }
}

fn lookup_error(error: ErrorCode) -> LookupError {
    match error {
        // wasmtime returns this without -S allow-ip-name-lookup.
        ErrorCode::PermanentResolverFailure | ErrorCode::AccessDenied | ErrorCode::NotSupported => {
            LookupError::NotGranted
        }
        _ => LookupError::NoSuchHost,
    }
}
