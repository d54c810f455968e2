//! A secret key that is not encrypted: whoever reads the file can sign.
//!
//! For programs that sign all day with nobody there to type a passphrase. One form only, the one that [`to_pem`] writes; who
//! may read the file is the caller's to see to.

use std::io;
use std::path::{Path, PathBuf};

use primitives::{SecretKey, base64};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::pem;

/// A PKCS#8 version 1 key of Ed25519 but for its seed (RFC 5208 §5, RFC 8410 §7).
pub(crate) const PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const LABEL: &str = "PRIVATE KEY";

/// Why a file gives no plain secret key.
#[derive(Debug, Error)]
pub enum PlainKeyError {
    /// The file cannot be opened or read, or is no text.
    #[error("cannot read key file {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another text than [`to_pem`] writes.
    #[error("{path} is not an Ed25519 key in unencrypted PKCS#8 PEM")]
    OtherForm {
        /// The file.
        path: PathBuf,
    },
}

/// The text of a plain key file.
pub fn to_pem(key: &SecretKey) -> Zeroizing<String> {
    let der = Zeroizing::new([&PREFIX[..], key.to_seed().as_slice()].concat());
    let base64 = Zeroizing::new(base64::encode(&der));
    Zeroizing::new(format!("-----BEGIN {LABEL}-----\n{}\n-----END {LABEL}-----\n", &*base64))
}

/// The key in such a text, or nothing.
///
/// ```
/// use primitives::{SecretKey, Signer as _};
///
/// let key = SecretKey::from_seed(&[1; 32]);
/// let read = key_file::plain::from_pem(&key_file::plain::to_pem(&key)).expect("the same form");
/// assert_eq!(read.public_key(), key.public_key());
/// ```
pub fn from_pem(text: &str) -> Option<SecretKey> {
    let der = pem::block(text, LABEL)?;
    let seed: &[u8; 32] = der.strip_prefix(&PREFIX)?.try_into().ok()?;
    Some(SecretKey::from_seed(seed))
}

/// Reads such a file.
///
/// # Errors
///
/// Every [`PlainKeyError`].
pub fn read(path: &Path) -> Result<SecretKey, PlainKeyError> {
    let text = pem::read(path).map_err(|source| PlainKeyError::Read { path: path.to_owned(), source })?;
    from_pem(&text).ok_or_else(|| PlainKeyError::OtherForm { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use primitives::Signer as _;

    use super::*;

    /// RFC 8410 §10.3, the first key.
    const EXAMPLE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    /// RFC 8410 §10.1.
    const EXAMPLE_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    #[test]
    fn the_file_is_the_rfc_8410_example_form() {
        let key = from_pem(EXAMPLE).expect("the example");
        let public = crate::public::parse(Path::new("p"), EXAMPLE_PUBLIC).expect("the example");
        assert_eq!(key.public_key(), public);
        assert_eq!(*to_pem(&key), EXAMPLE);
        assert!(from_pem(&EXAMPLE.replace('\n', "\r\n")).is_some());
    }

    #[test]
    fn every_other_form_is_refused() {
        let seven = include_str!("tests/plain-v1.pem");
        assert!(from_pem(seven).is_some());
        for (name, text) in [
            ("nothing", ""),
            ("other text", "not a key"),
            ("a public key", EXAMPLE_PUBLIC),
            ("an encrypted key", include_str!("tests/openssl-scrypt.pem")),
            ("version 2", include_str!("tests/plain-v2.pem")),
            ("text before the block", &format!("my key\n{seven}")),
            ("two blocks", &seven.repeat(2)),
            ("no end", seven.trim_end().trim_end_matches('-')),
            ("another algorithm", &seven.replace("K2Vw", "K2Vu")),
        ] {
            assert!(from_pem(text).is_none(), "{name}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_from_one_that_is_no_key() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("log.key");
        assert!(matches!(read(&path), Err(PlainKeyError::Read { .. })));
        std::fs::write(&path, "not a key").expect("a file");
        assert!(matches!(read(&path), Err(PlainKeyError::OtherForm { .. })));
        std::fs::write(&path, EXAMPLE).expect("a file");
        assert!(read(&path).is_ok());
        std::fs::write(&path, " ".repeat(16 * 1024) + EXAMPLE).expect("a file");
        assert!(matches!(read(&path), Err(PlainKeyError::OtherForm { .. })), "no more is read than a key needs");
    }
}
