//! The functions that only `checker.wasm` gets: to connect to other hosts, look up names, and write reports.
//!
//! `aula check` links them; a server is started without them.

use super::filesystem::Descriptor;
use super::io::Pollable;
use super::sockets::from_wit;
use super::{Host, add, entry};
use crate::wit::checker::wasi::sockets::ip_name_lookup::{self, ResolveAddressStream};
use crate::wit::wasi::filesystem::types::{
    self, DescriptorFlags, ErrorCode as FileError, HostDescriptor, OpenFlags, PathFlags,
};
use crate::wit::wasi::io::poll;
use crate::wit::wasi::sockets::network::{ErrorCode, IpAddress, IpSocketAddress, Network};
use crate::wit::wasi::sockets::tcp::TcpSocket;
use crate::world::{Reports, World};
use std::net::IpAddr;
use std::rc::Rc;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime::{Result, StoreContextMut};

type Store<'a, W> = StoreContextMut<'a, Host<W>>;

/// Adds these functions. `open-at` replaces the server's, which opens nothing for writing.
pub fn add_to_linker<W: World + Reports>(linker: &mut Linker<Host<W>>) -> Result<()> {
    ip_name_lookup::add_to_linker::<_, HasSelf<Host<W>>>(linker, |host| host)?;
    let mut tcp = linker.instance("wasi:sockets/tcp@0.2.12")?;
    // `start-connect: func(network: borrow<network>, remote-address: ip-socket-address) -> result<_, error-code>`
    tcp.func_wrap(
        "[method]tcp-socket.start-connect",
        |mut store: Store<W>, (socket, _, to): (Resource<TcpSocket>, Resource<Network>, IpSocketAddress)| {
            Ok((store.data_mut().connect(socket.rep() as usize, from_wit(to))?,))
        },
    )?;
    // `finish-connect: func() -> result<tuple<input-stream, output-stream>, error-code>`
    tcp.func_wrap(
        "[method]tcp-socket.finish-connect",
        |mut store: Store<W>, (socket,): (Resource<TcpSocket>,)| {
            Ok((store.data_mut().finish_connecting(socket.rep() as usize)?,))
        },
    )?;
    linker.allow_shadowing(true);
    let mut types = linker.instance("wasi:filesystem/types@0.2.12")?;
    types.func_wrap(
        "[method]descriptor.open-at",
        |mut store: Store<W>, arguments: OpenAt| Ok((store.data_mut().open_or_create(arguments)?,)),
    )?;
    // `write: func(buffer: list<u8>, offset: filesize) -> result<filesize, error-code>`
    types.func_wrap(
        "[method]descriptor.write",
        |mut store: Store<W>, (descriptor, bytes, offset): (Resource<types::Descriptor>, Vec<u8>, u64)| {
            let host = store.data_mut();
            let written = match entry(&mut host.descriptors, descriptor.rep())? {
                Descriptor::File(file) => host.world.write_at(file, offset, &bytes),
                Descriptor::Directory(_) => Err(FileError::IsDirectory),
            };
            Ok((written.map(|count| count as u64),))
        },
    )?;
    linker.allow_shadowing(false);
    Ok(())
}

type OpenAt = (
    Resource<types::Descriptor>,
    PathFlags,
    String,
    OpenFlags,
    DescriptorFlags,
);

impl<W: World + Reports> Host<W> {
    fn open_or_create(
        &mut self,
        (descriptor, path_flags, path, how, flags): OpenAt,
    ) -> Result<Result<Resource<types::Descriptor>, FileError>> {
        if !how.contains(OpenFlags::CREATE | OpenFlags::TRUNCATE) {
            return self.open_at(descriptor, path_flags, path, how, flags);
        }
        let created = match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(folder) => self.world.create_file(folder, &path),
            Descriptor::File(_) => Err(FileError::NotDirectory),
        };
        Ok(match created {
            Ok(file) => Ok(add(&mut self.descriptors, Descriptor::File(Rc::new(file)))?),
            Err(error) => Err(error),
        })
    }
}

impl<W: World> ip_name_lookup::Host for Host<W> {
    /// `resolve-addresses: func(network: borrow<network>, name: string) -> result<resolve-address-stream, error-code>`
    fn resolve_addresses(
        &mut self,
        _: Resource<Network>,
        name: String,
    ) -> Result<Result<Resource<ResolveAddressStream>, ErrorCode>> {
        Ok(match self.world.resolve(&name) {
            Ok(addresses) => Ok(add(&mut self.addresses, addresses.into_iter())?),
            Err(error) => Err(error),
        })
    }
}

impl<W: World> ip_name_lookup::HostResolveAddressStream for Host<W> {
    /// `resolve-next-address: func() -> result<option<ip-address>, error-code>`
    fn resolve_next_address(
        &mut self,
        addresses: Resource<ResolveAddressStream>,
    ) -> Result<Result<Option<IpAddress>, ErrorCode>> {
        let next = entry(&mut self.addresses, addresses.rep())?.next();
        Ok(Ok(next.map(|address| match address {
            IpAddr::V4(address) => IpAddress::Ipv4(address.octets().into()),
            IpAddr::V6(address) => IpAddress::Ipv6(address.segments().into()),
        })))
    }

    /// `subscribe: func() -> pollable`: the addresses are there already.
    fn subscribe(&mut self, _: Resource<ResolveAddressStream>) -> Result<Resource<poll::Pollable>> {
        add(&mut self.pollables, Pollable::Nothing)
    }

    fn drop(&mut self, addresses: Resource<ResolveAddressStream>) -> Result<()> {
        self.addresses.try_remove(addresses.rep() as usize);
        Ok(())
    }
}
