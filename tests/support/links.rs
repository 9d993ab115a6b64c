//! Symbolic links and named pipes, as far as the system that runs the tests has them.

use std::io;
use std::path::Path;

/// Makes a symbolic link, whose target is relative to the link's folder.
#[cfg(unix)]
pub fn symlink(target: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// Makes a symbolic link, whose target is relative to the link's folder. Windows allows this to an administrator, and
/// in developer mode. There a link is one to a folder or one to a file, and `/` separates no names in its target.
#[cfg(windows)]
pub fn symlink(target: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    let (target, link) = (target.as_ref(), link.as_ref());
    let is_folder = link.parent().is_some_and(|folder| folder.join(target).is_dir());
    let target = target.to_string_lossy().replace('/', "\\");
    if is_folder {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    }
}

/// Makes a named pipe. Windows has none in its folders.
#[cfg(unix)]
pub fn fifo(path: impl AsRef<Path>) {
    let made = std::process::Command::new("mkfifo").arg(path.as_ref()).status();
    assert!(made.expect("these tests need mkfifo").success());
}
