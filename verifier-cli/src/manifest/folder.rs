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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use primitives::Hash;

    use super::super::tests::drained;
    use super::super::{Columns, Reader};

    /// A PNG that claims 65,535 pixels a side.
    const BOMB: &[u8] =
        b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\xff\xff\x00\x00\xff\xff\
        \x01\x00\x00\x00\x00\x9e\x7e\xe4\xfd\x00\x00\x00\x09\x49\x44\x41\x54\x78\x9c\x63\x00\x00\x00\x01\
        \x00\x01\x5e\xff\x7d\xf9\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

    fn picture(texts: &[&str]) -> Vec<u8> {
        let mut sheet =
            image::GrayImage::from_pixel(300 * u32::try_from(texts.len()).unwrap(), 300, image::Luma([255]));
        for (at, text) in (0_u32..).zip(texts) {
            let code = qrcode::QrCode::new(text).unwrap();
            let width = code.width();
            for (module, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == qrcode::Color::Dark) {
                let (x, y) = (u32::try_from(module % width).unwrap() * 4, u32::try_from(module / width).unwrap() * 4);
                for (dx, dy) in (0..16).map(|n| (n % 4, n / 4)) {
                    sheet.put_pixel(300 * at + 40 + x + dx, 40 + y + dy, image::Luma([0]));
                }
            }
        }
        let mut png = std::io::Cursor::new(Vec::new());
        sheet.write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }

    fn read(path: &Path) -> (Vec<String>, Reader) {
        let mut reader = Reader::open(path.to_str().unwrap(), Columns::default()).unwrap();
        let (lines, error) = drained(&mut reader);
        assert_eq!(error, None);
        let folder = format!("{}/", path.display());
        (lines.iter().map(|line| line.replace(&folder, "")).collect(), reader)
    }

    #[test]
    fn every_picture_is_read_in_the_order_of_names_and_a_bad_one_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        let (two, bomb, text) = (picture(&["https://x/1", "https://x/2"]), BOMB.to_vec(), b"no picture".to_vec());
        write("b.png", &picture(&["https://x/3"]));
        write("a.PNG", &two);
        write("bomb.png", &bomb);
        write("c.heic", &text);
        for left in [".DS_Store", "Thumbs.db"] {
            write(left, b"x");
        }
        std::fs::create_dir(folder.path().join("d")).unwrap();
        let (mut lines, reader) = read(folder.path());
        lines[..2].sort();
        assert_eq!(
            lines,
            [
                "a.PNG label https://x/1",
                "a.PNG label https://x/2",
                "b.png label https://x/3",
                "bomb.png picture_too_large",
                "c.heic not_a_picture",
                "d not_a_file"
            ]
        );
        let (read, size) = reader.progress();
        assert_eq!(Some(read), size);
        let files = [("a.PNG", two), ("b.png", picture(&["https://x/3"])), ("bomb.png", bomb), ("c.heic", text)];
        let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", Hash::of(bytes))).collect();
        assert_eq!(reader.finish(), Some(Hash::of(sums.as_bytes())), "as sha256sum * | sha256sum");
    }

    #[test]
    fn one_picture_is_a_manifest_and_an_empty_folder_none() {
        let folder = tempfile::tempdir().unwrap();
        let mut reader = Reader::open(folder.path().to_str().unwrap(), Columns::default()).unwrap();
        assert_eq!(drained(&mut reader).1.unwrap().code(), "empty");
        let path = folder.path().join("a");
        std::fs::write(&path, picture(&["https://x/1"])).unwrap();
        let mut reader = Reader::open(path.to_str().unwrap(), Columns::default()).unwrap();
        assert_eq!(drained(&mut reader).0, [format!("{} label https://x/1", path.display())]);
        assert_eq!(reader.finish(), Some(Hash::of(&std::fs::read(&path).unwrap())));
    }
}
