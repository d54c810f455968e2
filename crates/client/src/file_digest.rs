//! The SHA-256 of a file of any size.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::Path;

use primitives::{Hash, Hasher};

/// SHA-256 of a file's bytes, read in pieces.
///
/// # Errors
/// The file cannot be read, or is none: a folder, a device, a pipe (one of these may never end). An empty file has the digest of every
/// empty file, so that it would prove nothing: it is refused too.
pub fn file_digest(path: &Path) -> Result<Hash> {
    let refused = |why| Error::new(ErrorKind::InvalidInput, why);
    if !path.metadata()?.is_file() {
        return Err(refused("it is no file"));
    }
    let mut file = File::open(path)?;
    let (mut hasher, mut buffer, mut size) = (Hasher::new(), vec![0; 1 << 16], 0);
    loop {
        let read = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
        size += read;
    }
    if size == 0 { Err(refused("it is empty")) } else { Ok(hasher.finish()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_digest_and_what_is_none_has_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.pdf");
        std::fs::write(&path, vec![7; 200_000]).unwrap();
        assert_eq!(file_digest(&path).unwrap(), Hash::of(&[7; 200_000]));
        std::fs::write(&path, b"").unwrap();
        for (path, why) in [(path.as_path(), "empty"), (folder.path(), "no file"), (Path::new("/dev/zero"), "no file")]
        {
            assert!(file_digest(path).unwrap_err().to_string().contains(why), "{}", path.display());
        }
        assert_eq!(file_digest(&folder.path().join("none")).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
