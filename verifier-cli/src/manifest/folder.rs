//! Pictures: one, or a folder of them in the order of their names.
//!
//! Every file of the folder should be a picture with a code in it, and one that is not is a fault: a picture in a format
//! that is not read would else be goods that nobody looked at. Passed over are only what file managers leave behind.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use primitives::{Hash, Hasher};

use crate::photo;

use super::error::{ManifestError, Stop};
use super::fault::{Fault, Reason};
use super::line::{At, Declared, Item, Labelled};
use super::reader::Sink;
use super::row;
use super::source::{Metered, Progress};

/// The most files of a folder: their names are held, to be sorted.
const MAX_FILES: usize = 100_000;
/// What file managers leave behind, besides names with a dot first.
const LEFT_BEHIND: [&str; 2] = ["Thumbs.db", "desktop.ini"];

/// The files of a folder, by name.
pub(super) struct Files {
    paths: Vec<PathBuf>,
    /// All of their bytes.
    pub(super) size: u64,
}

/// Lists a folder.
pub(super) fn list(folder: &Path) -> Result<Files, ManifestError> {
    let mut files = Files { paths: Vec::new(), size: 0 };
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_left_behind = LEFT_BEHIND.iter().any(|left| name == *left);
        if is_left_behind || name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if files.paths.len() == MAX_FILES {
            return Err(ManifestError::TooManyFiles { limit: MAX_FILES });
        }
        // One that vanishes meanwhile is a fault when its turn comes.
        let metadata = fs::metadata(entry.path()).ok().filter(fs::Metadata::is_file);
        files.size += metadata.map_or(0, |metadata| metadata.len());
        files.paths.push(entry.path());
    }
    // By bytes, as `LC_ALL=C sort` does: the digest depends on it.
    files.paths.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    Ok(files)
}

/// Reads every picture; gives the digest that [`super::Reader::finish`] describes.
pub(super) fn read(files: &Files, progress: &Progress, sink: &mut Sink) -> Result<Option<Hash>, Stop> {
    let mut list = Some(Hasher::new());
    for path in &files.paths {
        let name = path.file_name().unwrap_or_default();
        let at = At::File(name.to_string_lossy().into());
        // A pipe would make us wait for ever.
        if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
            sink.push(at, Item::Fault(Fault::new(Reason::NotAFile)))?;
            continue;
        }
        match read_file(path, at.clone(), progress, sink) {
            Ok(hash) => {
                if let Some(list) = &mut list {
                    list.update(hash.to_string().as_bytes());
                    list.update(b"  ");
                    list.update(name.as_encoded_bytes());
                    list.update(b"\n");
                }
            }
            Err(Stop::Refused(error)) => {
                let what = if let ManifestError::Unreadable(what) = error { what } else { error.to_string() };
                sink.push(at, Item::Fault(Fault::new(Reason::Unreadable(what))))?;
                list = None;
            }
            Err(Stop::Gone) => return Err(Stop::Gone),
        }
        sink.flush()?;
    }
    Ok(list.map(Hasher::finish))
}

fn read_file(path: &Path, at: At, progress: &Progress, sink: &mut Sink) -> Result<Hash, Stop> {
    let mut source = Metered::new(File::open(path)?, progress.clone());
    read_picture(&mut source, at, sink)?;
    io::copy(&mut source, &mut io::sink())?;
    source.finish().ok_or_else(|| ManifestError::Stopped.into())
}

/// Reads the codes of one picture: each a label, or one fault.
pub(super) fn read_picture(source: &mut impl Read, at: At, sink: &mut Sink) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    // One byte more than is read, so that the reader of pictures says that it is too large.
    source.take(photo::MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    match photo::read(&bytes) {
        Ok(texts) => texts.iter().try_for_each(|text| {
            let label = Labelled { text: row::cut(text.trim()), declared: Declared::default() };
            sink.push(at.clone(), Item::Label(label))
        }),
        Err(error) => sink.push(at, Item::Fault(Fault::new(Reason::Picture(error)))),
    }
}
