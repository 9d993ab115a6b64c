//! The folder, as the host's functions use it.

use super::Simulated;
use super::tree::{Inode, Node};
use crate::schedule::Fault;
use aula_native::wit::wasi::clocks::wall_clock::Datetime;
use aula_native::wit::wasi::filesystem::types::{DescriptorStat, DescriptorType, DirectoryEntry, ErrorCode};
use aula_native::world::Folders;
use std::rc::Rc;
use std::time::Duration;

/// An open folder, with its name.
pub struct Directory {
    name: String,
    _counted: Rc<()>,
}

/// An open file.
pub struct File {
    inode: Rc<Inode>,
    _counted: Rc<()>,
}

impl<const EXACT: bool> Simulated<EXACT> {
    /// The folder that is granted to the server.
    pub fn granted(&self) -> Directory {
        Directory {
            name: String::new(),
            _counted: Rc::clone(&self.state().open),
        }
    }

    /// A call that may fail because of the disk.
    fn attempt(&self, opens: bool) -> Result<(), ErrorCode> {
        let mut state = self.after_a_moment();
        // The server does not start if it cannot open its folder, so faults begin only when it listens.
        if !state.listeners.is_empty() && state.strikes(Fault::FileErrors) {
            state.file_error_at = Some(state.now);
            state.tell(|| "the disk fails".to_owned());
            return Err(state
                .dice
                .pick(&[ErrorCode::Io, ErrorCode::Io, ErrorCode::Busy, ErrorCode::Interrupted]));
        }
        if opens && state.is_out_of_descriptors() {
            Err(ErrorCode::Io)
        } else {
            Ok(())
        }
    }
}

/// The name of an entry of a folder.
fn beneath(folder: &Directory, name: &str) -> String {
    format!("{}/{name}", folder.name)
}

impl<const EXACT: bool> Folders for Simulated<EXACT> {
    type Directory = Directory;
    type File = File;

    fn stat_at(&self, folder: &Directory, name: &str) -> Result<DescriptorStat, ErrorCode> {
        self.attempt(true)?;
        let state = self.state();
        let (_, node) = state.tree.find(&beneath(folder, name))?;
        Ok(stat(node))
    }

    fn open_file(&self, folder: &Directory, name: &str) -> Result<File, ErrorCode> {
        self.attempt(true)?;
        let state = self.state();
        match state.tree.find(&beneath(folder, name))? {
            (_, Node::File(inode)) if inode.is_readable.get() => Ok(File {
                inode: Rc::clone(inode),
                _counted: Rc::clone(&state.open),
            }),
            (_, Node::File(_)) => Err(ErrorCode::Access),
            (_, Node::Folder(_)) => Err(ErrorCode::IsDirectory),
            _ => Err(ErrorCode::Access),
        }
    }

    fn open_directory(&self, folder: &Directory, name: &str) -> Result<Directory, ErrorCode> {
        self.attempt(true)?;
        let state = self.state();
        match state.tree.find(&beneath(folder, name))? {
            (name, Node::Folder(_)) => Ok(Directory {
                name,
                _counted: Rc::clone(&state.open),
            }),
            _ => Err(ErrorCode::NotDirectory),
        }
    }

    fn stat_file(&self, file: &File) -> Result<DescriptorStat, ErrorCode> {
        self.attempt(false)?;
        Ok(stat_of(&file.inode))
    }

    fn stat_directory(&self, folder: &Directory) -> Result<DescriptorStat, ErrorCode> {
        self.stat_at(folder, ".")
    }

    fn read_at(&self, file: &File, offset: u64, length: usize) -> Result<Vec<u8>, ErrorCode> {
        self.attempt(false)?;
        let mut length = length;
        let mut state = self.state();
        if length > 1 && state.strikes(Fault::ShortFileReads) {
            length = state.dice.between(1, length as u64) as usize;
        }
        Ok(file.inode.version.borrow().bytes(offset, length))
    }

    fn entries(&self, folder: &Directory) -> Result<Vec<Result<DirectoryEntry, ErrorCode>>, ErrorCode> {
        self.attempt(true)?;
        let state = self.state();
        let entries = state.tree.entries(&folder.name);
        let entry = |name: Option<&str>, node: &Node| {
            let name = name.ok_or(ErrorCode::IllegalByteSequence)?;
            Ok(DirectoryEntry {
                type_: kind(node),
                name: name.to_owned(),
            })
        };
        Ok(entries.map(|(name, node)| entry(name, node)).collect())
    }
}

fn kind(node: &Node) -> DescriptorType {
    match node {
        Node::File(_) => DescriptorType::RegularFile,
        Node::Folder(_) => DescriptorType::Directory,
        Node::Link(_) => DescriptorType::SymbolicLink,
        Node::Fifo => DescriptorType::Fifo,
    }
}

fn stat(node: &Node) -> DescriptorStat {
    match node {
        Node::File(inode) => stat_of(inode),
        Node::Folder(modified) => of(DescriptorType::Directory, 4096, *modified),
        _ => of(kind(node), 0, Duration::ZERO),
    }
}

fn stat_of(inode: &Inode) -> DescriptorStat {
    let version = inode.version.borrow();
    DescriptorStat {
        status_change_timestamp: Some(time(inode.changed.get())),
        ..of(DescriptorType::RegularFile, version.size(), version.modified)
    }
}

fn time(time: Duration) -> Datetime {
    Datetime {
        seconds: time.as_secs(),
        nanoseconds: time.subsec_nanos(),
    }
}

fn of(kind: DescriptorType, size: u64, modified: Duration) -> DescriptorStat {
    DescriptorStat {
        type_: kind,
        link_count: 1,
        size,
        data_access_timestamp: None,
        data_modification_timestamp: Some(time(modified)),
        status_change_timestamp: None,
    }
}
