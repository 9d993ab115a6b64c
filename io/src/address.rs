//! Conversions between the host's addresses and Rust's.

use std::net::SocketAddr;
use wasi::sockets::network::{IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress};

/// An address in the form of the host.
#[must_use]
pub fn to_host(address: SocketAddr) -> IpSocketAddress {
    match address {
        SocketAddr::V4(address) => IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: address.port(),
            address: address.ip().octets().into(),
        }),
        SocketAddr::V6(address) => IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port: address.port(),
            flow_info: address.flowinfo(),
            address: address.ip().segments().into(),
            scope_id: address.scope_id(),
        }),
    }
}

/// An address of the host as Rust's type.
#[must_use]
pub fn from_host(address: IpSocketAddress) -> SocketAddr {
    match address {
        IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port,
            address: (a, b, c, d),
        }) => SocketAddr::from(([a, b, c, d], port)),
        IpSocketAddress::Ipv6(Ipv6SocketAddress {
            port,
            address: (a, b, c, d, e, f, g, h),
            ..
        }) => SocketAddr::from(([a, b, c, d, e, f, g, h], port)),
    }
}

/// The family of an address.
#[must_use]
pub fn family(address: SocketAddr) -> IpAddressFamily {
    if address.is_ipv4() {
        IpAddressFamily::Ipv4
    } else {
        IpAddressFamily::Ipv6
    }
}
