//! The registry's own keys: one file each, PKCS#8 in PEM (RFC 8410), readable by its owner alone.
//!
//! They are not encrypted: the registry signs with them all day, and a passphrase beside the file protects nothing. Whoever
//! steals the log key can sign checkpoints that show the theft: it signs nothing that makes a label genuine.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use primitives::{PublicKey, SecretKey, base64};
use thiserror::Error;
use zeroize::Zeroizing;

/// A PKCS#8 version 1 key of Ed25519 but for its seed (RFC 8410 §7).
const PRIVATE: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// A SubjectPublicKeyInfo of Ed25519 but for its key (RFC 8410 §4).
const PUBLIC: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
/// A key file is a few lines; anything larger is another file.
const MOST_BYTES: u64 = 16 * 1024;

/// Why a key file cannot be used.
#[derive(Debug, Error)]
pub(crate) enum KeyFileError {
    #[error("{}", file.display())]
    Io { file: PathBuf, source: io::Error },
    #[error("{} can be read by everyone (mode {mode:03o}), expected 600", file.display())]
    Readable { file: PathBuf, mode: u32 },
    #[error("{} is not an Ed25519 key in unencrypted PKCS#8 PEM", file.display())]
    NotPkcs8 { file: PathBuf },
    #[error("{} is neither a JWK with kty OKP and crv Ed25519 nor a public key in PEM", file.display())]
    NotPublic { file: PathBuf },
    #[error("{} holds a secret key, expected a public one", file.display())]
    Secret { file: PathBuf },
    #[error("{}", file.display())]
    Key { file: PathBuf, source: primitives::KeyError },
}

impl KeyFileError {
    /// What the system said, where it said something.
    pub(crate) fn io_kind(&self) -> Option<io::ErrorKind> {
        if let Self::Io { source, .. } = self { Some(source.kind()) } else { None }
    }
}

/// Makes a key and writes it to a file that is not there yet.
pub(crate) fn create(file: &Path) -> Result<SecretKey, KeyFileError> {
    let io = |source| KeyFileError::Io { file: file.to_owned(), source };
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(|error| io(io::Error::other(error)))?;
    let der = Zeroizing::new([&PRIVATE[..], &*seed].concat());
    let text = Zeroizing::new(base64::encode(&der));
    let pem = Zeroizing::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", &*text));
    write_new(file, pem.as_bytes(), 0o600).map_err(io)?;
    Ok(SecretKey::from_seed(&seed))
}

/// The key in a file, which is made where there is none.
pub(crate) fn read_or_create(file: &Path) -> Result<SecretKey, KeyFileError> {
    if file.exists() { read(file) } else { create(file) }
}

/// Writes a file that is not there yet, durably.
pub(crate) fn write_new(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut opened = OpenOptions::new().write(true).create_new(true).mode(mode).open(file)?;
    opened.write_all(bytes)?;
    opened.sync_all()?;
    std::fs::File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// Reads what [`create`] wrote.
pub(crate) fn read(file: &Path) -> Result<SecretKey, KeyFileError> {
    let mode = std::fs::metadata(file)
        .map_err(|source| KeyFileError::Io { file: file.to_owned(), source })?
        .permissions()
        .mode();
    if mode & 0o007 != 0 {
        return Err(KeyFileError::Readable { file: file.to_owned(), mode: mode & 0o777 });
    }
    let text = Zeroizing::new(text(file)?);
    let seed = pem(&text, "PRIVATE KEY").map(Zeroizing::new).and_then(|der| {
        let seed: [u8; 32] = der.strip_prefix(&PRIVATE)?.try_into().ok()?;
        Some(Zeroizing::new(seed))
    });
    let seed = seed.ok_or_else(|| KeyFileError::NotPkcs8 { file: file.to_owned() })?;
    Ok(SecretKey::from_seed(&seed))
}

/// Reads somebody's public key: a JWK (RFC 8037 §2), or PEM as `openssl pkey -pubout` writes it.
pub(crate) fn read_public(file: &Path) -> Result<PublicKey, KeyFileError> {
    let text = Zeroizing::new(text(file)?);
    let not_public = || KeyFileError::NotPublic { file: file.to_owned() };
    let bytes = if let Some(der) = pem(&text, "PUBLIC KEY") {
        der.strip_prefix(&PUBLIC).map(<[u8]>::to_vec).ok_or_else(not_public)?
    } else {
        if text.contains("PRIVATE KEY-----") {
            return Err(KeyFileError::Secret { file: file.to_owned() });
        }
        let jwk: serde_json::Value = serde_json::from_str(&text).map_err(|_| not_public())?;
        if jwk.get("d").is_some() {
            return Err(KeyFileError::Secret { file: file.to_owned() });
        }
        let member = |name: &str| jwk.get(name).and_then(serde_json::Value::as_str);
        match (member("kty"), member("crv"), member("x")) {
            (Some("OKP"), Some("Ed25519"), Some(x)) => base64::url_decode(x).ok_or_else(not_public)?,
            _ => return Err(not_public()),
        }
    };
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| not_public())?;
    let key = PublicKey::from_bytes(&bytes).and_then(|key| key.accreditable());
    key.map(|key| *key).map_err(|source| KeyFileError::Key { file: file.to_owned(), source })
}

fn text(file: &Path) -> Result<String, KeyFileError> {
    let io = |source| KeyFileError::Io { file: file.to_owned(), source };
    let mut text = String::new();
    std::fs::File::open(file).map_err(io)?.take(MOST_BYTES).read_to_string(&mut text).map_err(io)?;
    Ok(text)
}

/// The bytes of the one PEM block with this label (RFC 7468 §3).
fn pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let inner = text.trim().strip_prefix(&format!("-----BEGIN {label}-----"))?;
    let inner = inner.strip_suffix(&format!("-----END {label}-----"))?;
    let text: String = inner.split_ascii_whitespace().collect();
    base64::decode(&text)
}

#[cfg(test)]
mod tests {
    use primitives::Signer;

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let folder = folder();
        let file = folder.path().join("log.key");
        let made = create(&file).unwrap();
        assert_eq!(read(&file).unwrap().public_key(), made.public_key());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let again = create(&file).unwrap_err();
        assert!(matches!(again, KeyFileError::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists));
    }

    #[test]
    fn the_file_is_the_rfc_8410_example_form() {
        // RFC 8410 §10.3, the first key.
        let folder = folder();
        let file = folder.path().join("k");
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        write_new(&file, pem.as_bytes(), 0o600).unwrap();
        let public = folder.path().join("p");
        // RFC 8410 §10.1.
        let spki = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
        write_new(&public, spki.as_bytes(), 0o644).unwrap();
        assert_eq!(read(&file).unwrap().public_key(), read_public(&public).unwrap());
    }

    #[test]
    fn other_files_are_refused_with_their_reason() {
        let folder = folder();
        let file = folder.path().join("k");
        let secret = SecretKey::from_seed(&[1; 32]).public_key().to_jwk();
        let with_d = secret.replace('{', r#"{"d":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE","#);
        let of_x25519 = secret.replace("Ed25519", "X25519");
        let weak = r#"{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
        for (text, expected) in [
            ("", "neither a JWK"),
            ("{}", "neither a JWK"),
            (of_x25519.as_str(), "neither a JWK"),
            (with_d.as_str(), "holds a secret key"),
            ("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----", "holds a secret key"),
            ("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----", "neither a JWK"),
            (weak, "weak"),
        ] {
            std::fs::write(&file, text).unwrap();
            let error = format!("{:#}", anyhow::Error::from(read_public(&file).unwrap_err()));
            assert!(error.contains(expected), "{text}: {error}");
        }
        std::fs::write(&file, "not a key").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(read(&file), Err(KeyFileError::NotPkcs8 { .. })));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o604)).unwrap();
        assert!(matches!(read(&file), Err(KeyFileError::Readable { mode: 0o604, .. })));
    }
}
