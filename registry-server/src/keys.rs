//! The registry's own keys: one file each, a plain secret key (its form: crate `key-file`), readable by its owner alone.
//!
//! The log key may be elsewhere: see `log_key`.
//!
//! They are not encrypted: the registry signs with them all day, and a passphrase beside the file protects nothing. Whoever
//! steals the log key can sign checkpoints that show the theft: it signs nothing that makes a label genuine.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use key_file::plain::{self, PlainKeyError};
use key_file::public::{self, PublicKeyError};
use primitives::{PublicKey, SecretKey};
use statement::Did;
use thiserror::Error;

/// Why a key file cannot be used.
#[derive(Debug, Error)]
pub(crate) enum KeyFileError {
    #[error("{}", file.display())]
    Io { file: PathBuf, source: io::Error },
    #[error("{} can be read by everyone (mode {mode:03o}), expected 600", file.display())]
    Readable { file: PathBuf, mode: u32 },
    #[error("{} says that it is a key of {found}, expected one of {expected}", file.display())]
    OtherParty { file: PathBuf, found: String, expected: Did },
    #[error(transparent)]
    NotPlain(PlainKeyError),
    #[error(transparent)]
    NotPublic(PublicKeyError),
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
    let key = key_file::generate().map_err(|error| io(io::Error::other(error)))?;
    write_new(file, plain::to_pem(&key).as_bytes(), 0o600).map_err(io)?;
    Ok(key)
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
    plain::read(file).map_err(|error| match error {
        PlainKeyError::Read { path, source } => KeyFileError::Io { file: path, source },
        error @ PlainKeyError::OtherForm { .. } => KeyFileError::NotPlain(error),
    })
}

/// Reads a party's public key: a JWK, or PEM. A JWK that names another party, as `controller` (DID Core 1.0 §5.2) or in a `kid` that is
/// a DID URL, is the wrong file.
pub(crate) fn read_public(file: &Path, party: &Did) -> Result<PublicKey, KeyFileError> {
    let key = public::read(file).map_err(|error| match error {
        PublicKeyError::Read { path, source } => KeyFileError::Io { file: path, source },
        PublicKeyError::Key { path, source } => KeyFileError::Key { file: path, source },
        error @ (PublicKeyError::NotPublic { .. } | PublicKeyError::Secret { .. }) => KeyFileError::NotPublic(error),
    })?;
    // PEM names nobody.
    let text = std::fs::read(file).map_err(|source| KeyFileError::Io { file: file.to_owned(), source })?;
    let jwk: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let controller = jwk.get("controller").map(|found| found.as_str().map_or_else(|| found.to_string(), str::to_owned));
    let kid = jwk.get("kid").and_then(serde_json::Value::as_str).filter(|kid| kid.starts_with("did:"));
    let kid = kid.map(|kid| kid.split('#').next().unwrap_or(kid).to_owned());
    match controller.into_iter().chain(kid).find(|found| found != party.as_str()) {
        Some(found) => Err(KeyFileError::OtherParty { file: file.to_owned(), found, expected: party.clone() }),
        None => Ok(key),
    }
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
    fn a_jwk_that_names_another_party_is_refused_and_one_that_names_nobody_is_not() {
        let folder = folder();
        let (file, party) = (folder.path().join("k"), Did::parse("did:web:a.example").unwrap());
        let key = SecretKey::from_seed(&[1; 32]).public_key();
        for (members, found) in [
            ("", None),
            (r#""controller":"did:web:a.example","#, None),
            (r#""controller":"did:web:a.example","kid":"did:web:a.example#k","#, None),
            (r#""kid":"k","#, None),
            (r#""controller":"did:web:b.example","#, Some("did:web:b.example")),
            (r#""controller":"did:web:a.example","kid":"did:web:b.example#k","#, Some("did:web:b.example")),
            (r#""controller":["did:web:a.example","did:web:b.example"],"#, Some("did:web:b.example")),
        ] {
            std::fs::write(&file, key.to_jwk().replace('{', &format!("{{{members}"))).unwrap();
            match (read_public(&file, &party), found) {
                (Ok(read), None) => assert_eq!(read, key),
                (Err(error @ KeyFileError::OtherParty { .. }), Some(found)) => {
                    assert!(error.to_string().contains(found), "{error}");
                }
                other => panic!("{members}: {other:?}"),
            }
        }
    }

    #[test]
    fn other_files_are_refused_with_their_reason() {
        let (folder, party) = (folder(), Did::parse("did:web:a.example").unwrap());
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
            let error = format!("{:#}", anyhow::Error::from(read_public(&file, &party).unwrap_err()));
            assert!(error.contains(expected), "{text}: {error}");
        }
        std::fs::write(&file, "not a key").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(read(&file), Err(KeyFileError::NotPlain(_))));
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o604)).unwrap();
        assert!(matches!(read(&file), Err(KeyFileError::Readable { mode: 0o604, .. })));
    }
}
