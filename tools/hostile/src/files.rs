//! Files whose every byte depends on the file and its version, and a thread that changes them all the time.
//!
//! The first eight bytes are the version's [`Tag`]. Each later byte can be computed from the tag and its offset, so a
//! client notices every byte of another version, or from another offset.

use super::{Dice, Field, locked};
use anyhow::Result;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// How old a response may be. The server checks a small file ten times a second, and may be busy.
pub(super) const STALE: Duration = Duration::from_millis(500);

/// The size of `big.bin`, which no client reads to its end: more than all socket buffers on the way.
pub(super) const BIG: u64 = 64 * 1024 * 1024;

/// Sizes in bytes: around the limits of what the server keeps in memory and reads at once, and more than the sockets
/// hold.
const SIZES: [u64; 8] = [8, 100, 4096, 65_536, 65_537, 300_000, 2_000_000, 6_000_000];

/// What happens to a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Nothing.
    Still,
    /// Another file replaces it. The old one stays available to those who have it open.
    Replaced,
    /// It is overwritten in place.
    Rewritten,
    /// It is truncated, and later replaced.
    Truncated,
    /// It is removed, and later put back.
    Deleted,
}

/// The kinds of files that change.
pub(super) const CHANGING: [Kind; 4] = [Kind::Replaced, Kind::Rewritten, Kind::Truncated, Kind::Deleted];

/// A file, and its history.
pub(super) struct Tracked {
    pub(super) kind: Kind,
    number: u64,
    /// Relative to the folder; also its path in a request.
    pub(super) name: String,
    /// Whether it is too large to be kept in memory by the server.
    pub(super) is_large: bool,
    history: Mutex<Vec<Span>>,
}

/// A time from which a file has a version.
#[derive(Clone, Copy)]
struct Span {
    /// None while it is being changed, or does not exist.
    version: Option<Tag>,
    /// The version that is just replacing it. Until the next span, either is correct.
    next: Option<Tag>,
    from: Instant,
}

/// A version of a file: the number of the file, the index of its size in [`SIZES`], and a unique number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tag(u64);

impl Tag {
    fn new(file: u64, size: usize, version: u64) -> Self {
        Self(file << 48 | (size as u64) << 40 | version)
    }

    fn file(self) -> u64 {
        self.0 >> 48
    }

    pub(super) fn size(self) -> Option<u64> {
        SIZES.get((self.0 >> 40 & 0xff) as usize).copied()
    }

    /// The eight bytes at offset `8 * index`.
    fn word(self, index: u64) -> [u8; 8] {
        let word = if index == 0 {
            self.0
        } else {
            scramble(self.0 ^ index.rotate_left(32))
        };
        word.to_le_bytes()
    }

    fn content(self) -> Vec<u8> {
        let size = self.size().unwrap_or(0);
        let mut bytes = Vec::with_capacity(size as usize + 8);
        for index in 0..size.div_ceil(8) {
            bytes.extend_from_slice(&self.word(index));
        }
        bytes.truncate(size as usize);
        bytes
    }
}

/// The folder that is served.
pub(super) struct Folder {
    root: PathBuf,
    pub(super) files: Vec<Tracked>,
}

/// A mixing function, which maps similar numbers to very different ones.
pub(super) fn scramble(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Tracked {
    /// The version to which `bytes` at `offset` belong; `given` is the version, if it is already known.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn check(&self, bytes: &[u8], offset: u64, given: Option<Tag>) -> Result<Tag, String> {
        let tag = match (given, bytes.first_chunk()) {
            (Some(given), _) => given,
            (None, Some(first)) if offset == 0 => Tag(u64::from_le_bytes(*first)),
            _ => return Err(format!("{}: too short to tell its version", self.name)),
        };
        if tag.file() != self.number {
            return Err(format!("{}: no version of it begins with {tag:x?}", self.name));
        }
        let mut at = offset;
        let mut rest = bytes;
        while !rest.is_empty() {
            let word = tag.word(at / 8);
            let expected = &word[(at % 8) as usize..];
            let (these, others) = rest.split_at(expected.len().min(rest.len()));
            if these != &expected[..these.len()] {
                return Err(format!(
                    "{}: byte {at} or one soon after it is not of the version {tag:x?}",
                    self.name
                ));
            }
            at += these.len() as u64;
            rest = others;
        }
        Ok(tag)
    }

    /// The versions that it had in a span of time and shortly before. None among them means that it was being changed.
    pub(super) fn was(&self, from: Instant, until: Instant) -> Vec<Option<Tag>> {
        let from = from.checked_sub(STALE).unwrap_or(from);
        let history = locked(&self.history);
        let first = history.iter().rposition(|span| span.from <= from).unwrap_or(0);
        let spans = history[first..].iter().take_while(|span| span.from <= until);
        spans
            .flat_map(|span| [Some(span.version), span.next.map(Some)])
            .flatten()
            .collect()
    }

    fn note(&self, version: Option<Tag>) {
        self.note_next(version, None);
    }

    fn note_next(&self, version: Option<Tag>, next: Option<Tag>) {
        let from = Instant::now();
        let mut history = locked(&self.history);
        history.push(Span { version, next, from });
        // A response takes a minute at most.
        while history.len() > 2 && history[1].from + Duration::from_secs(120) < from {
            history.remove(0);
        }
    }
}

impl Folder {
    pub(super) fn create(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for kind in [&[Kind::Still], &CHANGING[..]].concat() {
            let name = format!("{kind:?}").to_lowercase();
            fs::create_dir_all(root.join(&name))?;
            for (index, size) in SIZES.into_iter().enumerate() {
                let file = Tracked {
                    kind,
                    number: files.len() as u64 + 1,
                    name: format!("{name}/{index}.bin"),
                    is_large: size > 1024 * 1024,
                    history: Mutex::default(),
                };
                let tag = Tag::new(file.number, index, 1);
                fs::write(root.join(&file.name), tag.content())?;
                file.note(Some(tag));
                files.push(file);
            }
        }
        File::create(root.join("big.bin"))?.set_len(BIG)?;
        let root = root.to_owned();
        Ok(Self { root, files })
    }

    /// Changes one file of a kind after the other, each a few times in a minute, until the phase is over.
    pub(super) fn keep_changing(&self, kind: Kind, field: &Field) {
        let mut dice = Dice(kind as u64);
        let mut version = 1;
        let changing: Vec<_> = self.files.iter().filter(|file| file.kind == kind).collect();
        while !field.is_over() {
            let file = changing[dice.below(changing.len())];
            version += 1;
            match self.change(file, version, &mut dice) {
                Ok(()) => field.count("files changed"),
                Err(error) => field.found("test", format_args!("{}: {error}", file.name)),
            }
            field.pause(Duration::from_millis(dice.roll() % 400));
        }
    }

    fn change(&self, file: &Tracked, version: u64, dice: &mut Dice) -> Result<()> {
        let path = self.root.join(&file.name);
        let tag = Tag::new(file.number, dice.below(SIZES.len()), version);
        match file.kind {
            Kind::Still => {}
            Kind::Replaced => self.replace(file, tag)?,
            Kind::Rewritten => {
                // Half of the time the size stays the same, so only the modification time shows the change.
                let size = fs::metadata(&path)?.len();
                let same = SIZES
                    .iter()
                    .position(|known| *known == size)
                    .filter(|_| dice.below(2) == 0);
                let tag = same.map_or(tag, |same| Tag::new(file.number, same, version));
                let bytes = tag.content();
                file.note(None);
                let mut open = OpenOptions::new().write(true).open(&path)?;
                for piece in bytes.chunks(1 + bytes.len() / (1 + dice.below(4))) {
                    open.write_all(piece)?;
                    thread::sleep(Duration::from_millis(dice.roll() % 3));
                }
                open.set_len(bytes.len() as u64)?;
                file.note(Some(tag));
            }
            Kind::Truncated => {
                if dice.below(2) == 0 {
                    // The beginning of the same version is left. Its first eight bytes identify it.
                    file.note(None);
                    let open = OpenOptions::new().write(true).open(&path)?;
                    open.set_len((open.metadata()?.len() / 2).max(8))?;
                    thread::sleep(Duration::from_millis(20));
                }
                self.replace(file, tag)?;
            }
            Kind::Deleted => {
                file.note(None);
                fs::remove_file(&path)?;
                thread::sleep(Duration::from_millis(dice.roll() % 200));
                self.replace(file, tag)?;
            }
        }
        Ok(())
    }

    /// Replaces it with another file, atomically.
    fn replace(&self, file: &Tracked, tag: Tag) -> Result<()> {
        let aside = self.root.join(format!("{:?}", file.kind));
        fs::write(&aside, tag.content())?;
        let before = locked(&file.history).last().and_then(|span| span.version);
        file.note_next(before, Some(tag));
        fs::rename(aside, self.root.join(&file.name))?;
        file.note(Some(tag));
        Ok(())
    }
}

/// A folder with a thousand files, for long listings.
pub(super) fn many(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for number in 0..1000 {
        fs::write(
            folder.join(format!("a-file-with-a-name-of-some-length-{number:04}.txt")),
            "x",
        )?;
    }
    Ok(())
}
