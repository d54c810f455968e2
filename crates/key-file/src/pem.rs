//! Text files of a few lines, and the PEM block that one may hold (RFC 7468 §3).

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use primitives::base64;
use zeroize::Zeroizing;

/// A key file is a few lines; anything larger is another file.
const MAX_TEXT_BYTES: usize = 16 * 1024;

/// The file's text, cut off at [`MAX_TEXT_BYTES`].
pub(crate) fn read(path: &Path) -> io::Result<Zeroizing<String>> {
    // With the whole capacity at hand the buffer never moves, and so leaves no copy of a plain key behind.
    let mut text = Zeroizing::new(String::with_capacity(MAX_TEXT_BYTES + 1));
    File::open(path)?.take(MAX_TEXT_BYTES as u64).read_to_string(&mut text)?;
    Ok(text)
}

/// The bytes of the one block with this label, where the text is that block and nothing else.
pub(crate) fn block(text: &str, label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let inner = text.trim().strip_prefix(&format!("-----BEGIN {label}-----"))?;
    let inner = inner.strip_suffix(&format!("-----END {label}-----"))?;
    let mut text = Zeroizing::new(String::with_capacity(inner.len()));
    text.extend(inner.split_ascii_whitespace());
    base64::decode(&text).map(Zeroizing::new)
}
