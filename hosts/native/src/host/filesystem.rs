//! `wasi:filesystem`, for reading: no function here writes, creates, renames or removes anything.

use super::io::Input;
use super::{Host, PIECE, add, entry};
use crate::wit::wasi::filesystem::preopens;
use crate::wit::wasi::filesystem::types::{
    self, DescriptorFlags, DescriptorStat, DirectoryEntry, DirectoryEntryStream, ErrorCode, OpenFlags, PathFlags,
};
use crate::wit::wasi::io::streams::InputStream;
use crate::world::World;
use std::rc::Rc;
use std::vec;
use wasmtime::Result;
use wasmtime::component::Resource;

/// A descriptor.
pub enum Descriptor<W: World> {
    Directory(Rc<W::Directory>),
    File(Rc<W::File>),
}

/// The entries of a folder that have not been read yet.
pub type Entries = vec::IntoIter<Result<DirectoryEntry, ErrorCode>>;

impl<W: World> preopens::Host for Host<W> {
    /// `get-directories: func() -> list<tuple<descriptor, string>>`
    fn get_directories(&mut self) -> Result<Vec<(Resource<types::Descriptor>, String)>> {
        let folders = self.granted.folders.iter();
        folders
            .map(|(folder, name)| {
                let descriptor = Descriptor::Directory(Rc::clone(folder));
                Ok((add(&mut self.descriptors, descriptor)?, name.clone()))
            })
            .collect()
    }
}

impl<W: World> types::Host for Host<W> {}

impl<W: World> types::HostDescriptor for Host<W> {
    /// `open-at: func(path-flags, path: string, open-flags, %flags: descriptor-flags) -> result<descriptor,
    /// error-code>`
    ///
    /// Links are followed, whatever the flags say, and never lead out of the folder.
    fn open_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _: PathFlags,
        path: String,
        how: OpenFlags,
        flags: DescriptorFlags,
    ) -> Result<Result<Resource<types::Descriptor>, ErrorCode>> {
        let writes = OpenFlags::CREATE | OpenFlags::EXCLUSIVE | OpenFlags::TRUNCATE;
        if how.intersects(writes) || flags.intersects(DescriptorFlags::WRITE | DescriptorFlags::MUTATE_DIRECTORY) {
            return Ok(Err(ErrorCode::ReadOnly));
        }
        let opened = match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(folder) if how.contains(OpenFlags::DIRECTORY) => {
                let opened = self.world.open_directory(folder, &path);
                opened.map(|folder| Descriptor::Directory(Rc::new(folder)))
            }
            Descriptor::Directory(folder) => {
                let opened = self.world.open_file(folder, &path);
                opened.map(|file| Descriptor::File(Rc::new(file)))
            }
            Descriptor::File(_) => Err(ErrorCode::NotDirectory),
        };
        Ok(match opened {
            Ok(opened) => Ok(add(&mut self.descriptors, opened)?),
            Err(error) => Err(error),
        })
    }

    /// `stat: func() -> result<descriptor-stat, error-code>`
    fn stat(&mut self, descriptor: Resource<types::Descriptor>) -> Result<Result<DescriptorStat, ErrorCode>> {
        Ok(match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(folder) => self.world.stat_directory(folder),
            Descriptor::File(file) => self.world.stat_file(file),
        })
    }

    /// `stat-at: func(path-flags, path: string) -> result<descriptor-stat, error-code>`
    fn stat_at(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        _: PathFlags,
        path: String,
    ) -> Result<Result<DescriptorStat, ErrorCode>> {
        Ok(match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(folder) => self.world.stat_at(folder, &path),
            Descriptor::File(_) => Err(ErrorCode::NotDirectory),
        })
    }

    /// `read: func(length: filesize, offset: filesize) -> result<tuple<list<u8>, bool>, error-code>`
    fn read(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        length: u64,
        offset: u64,
    ) -> Result<Result<(Vec<u8>, bool), ErrorCode>> {
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(PIECE);
        Ok(match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(_) => Err(ErrorCode::IsDirectory),
            Descriptor::File(file) => self.world.read_at(file, offset, length).map(|bytes| {
                let is_end = bytes.is_empty() && length > 0;
                (bytes, is_end)
            }),
        })
    }

    /// `read-via-stream: func(offset: filesize) -> result<input-stream, error-code>`
    fn read_via_stream(
        &mut self,
        descriptor: Resource<types::Descriptor>,
        offset: u64,
    ) -> Result<Result<Resource<InputStream>, ErrorCode>> {
        Ok(match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(_) => Err(ErrorCode::IsDirectory),
            Descriptor::File(file) => Ok(add(&mut self.inputs, Input::File(Rc::clone(file), offset))?),
        })
    }

    /// `read-directory: func() -> result<directory-entry-stream, error-code>`
    fn read_directory(
        &mut self,
        descriptor: Resource<types::Descriptor>,
    ) -> Result<Result<Resource<DirectoryEntryStream>, ErrorCode>> {
        let entries = match entry(&mut self.descriptors, descriptor.rep())? {
            Descriptor::Directory(folder) => self.world.entries(folder),
            Descriptor::File(_) => Err(ErrorCode::NotDirectory),
        };
        Ok(match entries {
            Ok(entries) => Ok(add(&mut self.entries, entries.into_iter())?),
            Err(error) => Err(error),
        })
    }

    fn drop(&mut self, descriptor: Resource<types::Descriptor>) -> Result<()> {
        self.descriptors.try_remove(descriptor.rep() as usize);
        Ok(())
    }
}

impl<W: World> types::HostDirectoryEntryStream for Host<W> {
    /// `read-directory-entry: func() -> result<option<directory-entry>, error-code>`
    fn read_directory_entry(
        &mut self,
        entries: Resource<DirectoryEntryStream>,
    ) -> Result<Result<Option<DirectoryEntry>, ErrorCode>> {
        Ok(entry(&mut self.entries, entries.rep())?.next().transpose())
    }

    fn drop(&mut self, entries: Resource<DirectoryEntryStream>) -> Result<()> {
        self.entries.try_remove(entries.rep() as usize);
        Ok(())
    }
}
