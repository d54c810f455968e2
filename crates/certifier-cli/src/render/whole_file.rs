//! Files that appear as a whole: written beside their place first, then renamed.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::RenderError;

/// How a file is called that is not finished: `.<name>.<process>.unfinished`.
const UNFINISHED: &str = ".unfinished";

/// A file that is being written. Dropped before it is kept, it leaves nothing.
///
/// 1. A new file is written beside the target; a crash leaves it there, under a name that says so. 2. It is flushed to the disk,
///    so that the name never stands for less. 3. It is renamed: from here on, the target is new.
pub(crate) struct WholeFile {
    path: PathBuf,
    unfinished: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins a file; one of this name stays as it is until this one is kept.
    pub(crate) fn begin(path: &Path) -> Result<Self, RenderError> {
        let open = || {
            let unfinished = unfinished_name(path)?;
            let file = OpenOptions::new().write(true).create_new(true).open(&unfinished)?;
            Ok((unfinished, file))
        };
        let (unfinished, file) = open().map_err(failed(path))?;
        Ok(Self { path: path.into(), unfinished, file: Some(BufWriter::new(file)) })
    }

    /// Writes a whole file at once.
    pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), RenderError> {
        let mut file = Self::begin(path)?;
        file.write(bytes)?;
        file.keep()
    }

    /// Adds to the file.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), RenderError> {
        match &mut self.file {
            Some(file) => file.write_all(bytes).map_err(failed(&self.path)),
            None => Ok(()),
        }
    }

    /// Finishes the file.
    pub(crate) fn keep(mut self) -> Result<(), RenderError> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let kept = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
            file.sync_all()?;
            drop(file);
            fs::rename(&self.unfinished, &self.path)
        });
        if kept.is_err() {
            self.remove();
        }
        kept.map_err(failed(&self.path))
    }

    fn remove(&self) {
        // What failed is told; that its leftover cannot be removed either is no news.
        let _ = fs::remove_file(&self.unfinished);
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.file.is_some() {
            self.remove();
        }
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RenderError {
    let path = path.to_owned();
    move |source| RenderError::Write { path, source }
}

fn unfinished_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "path names no file"))?;
    let mut unfinished = OsString::from(".");
    unfinished.push(name);
    unfinished.push(format!(".{}{UNFINISHED}", std::process::id()));
    Ok(path.with_file_name(unfinished))
}

/// Whether a name is that of a file which a crash has left of this one.
pub(super) fn is_left_of(name: &OsStr, of: &OsStr) -> bool {
    let (name, of) = (name.to_string_lossy(), of.to_string_lossy());
    let process =
        name.strip_prefix('.').and_then(|rest| rest.strip_prefix(&*of)?.strip_prefix('.')?.strip_suffix(UNFINISHED));
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.png");
        fs::write(&path, b"older").unwrap();
        let mut file = WholeFile::begin(&path).unwrap();
        file.write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"older", "until it is kept");
        assert!(names(folder.path()).iter().any(|name| is_left_of(name, "1.png".as_ref())));
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"older");
        WholeFile::put(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");

        let taken = folder.path().join("taken");
        fs::create_dir(&taken).unwrap();
        for path in [taken, folder.path().join("missing").join("1.png"), "/".into(), "".into()] {
            assert_eq!(WholeFile::put(&path, b"").unwrap_err().code(), "write_failed", "{}", path.display());
        }
        assert_eq!(names(folder.path()), ["1.png", "taken"], "nothing unfinished is left");
    }

    #[test]
    fn what_a_crash_left_is_known_from_anything_else() {
        assert!(is_left_of(".1.png.4711.unfinished".as_ref(), "1.png".as_ref()));
        for other in [
            "1.png",
            ".1.png.unfinished",
            ".1.png.a.unfinished",
            ".11.png.4711.unfinished",
            ".1.png.4711.unfinished.bak",
        ] {
            assert!(!is_left_of(other.as_ref(), "1.png".as_ref()), "{other}");
        }
    }
}
