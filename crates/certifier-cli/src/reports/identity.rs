//! The keys that open reports: an age identity file (c2sp.org/age), plain or encrypted with a passphrase.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use age::secrecy::SecretString;
use age::x25519::Identity;
use concern::{Concern, ConcernError, Sealed, SealedError};
use key_file::{KeyFileError, PassphraseSource};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::cli::IdentityOptions;
use crate::failure::Failure;

/// Larger than any identity file of a few keys.
const MAX_FILE: usize = 64 * 1024;
/// Most memory that a passphrase may cost: 2^20 blocks of a kilobyte.
const MAX_WORK_FACTOR: u8 = 20;

/// The keys of a file.
pub(crate) struct Identities(Vec<Identity>);

/// Why a report is not read.
#[derive(Debug, Error)]
pub(crate) enum Unread {
    /// Not of the form that a registry takes.
    #[error("{0}")]
    Form(#[from] SealedError),
    /// To somebody else, or to nobody.
    #[error("it is not encrypted to this key")]
    OtherKey,
    /// Cut off, or changed.
    #[error("it is damaged")]
    Damaged,
    /// Something else than a report was sealed.
    #[error("what was sealed is no report: {0}")]
    Concern(#[from] ConcernError),
}

impl Identities {
    /// Reads a file, and asks for its passphrase where it is encrypted.
    pub(crate) fn open(options: &IdentityOptions) -> Result<Self, Failure> {
        let name = options.identity.display();
        let bytes = read(&options.identity)?;
        let plain = if is_encrypted(&bytes) {
            let source =
                PassphraseSource { passphrase_file: options.identity_passphrase_file.clone(), passphrase_fd: None };
            decrypt(&bytes, &source, &name.to_string())?
        } else {
            bytes
        };
        let keys = keys(&plain).map_err(|line| {
            Failure::input(format!("{name}:{line}: not an age identity (AGE-SECRET-KEY-1…)"))
                .hint("certifier reports keygen --out FILE makes an identity file; age-keygen makes them, too")
        })?;
        if keys.is_empty() {
            return Err(Failure::input(format!("{name} holds no age identity"))
                .hint("certifier reports keygen --out FILE makes an identity file"));
        }
        Ok(Self(keys))
    }

    /// Opens a report, armored or not. Its form is checked first: libraries are slow with headers that are made to be.
    pub(crate) fn read(&self, sealed: Vec<u8>) -> Result<Concern, Unread> {
        let sealed = Sealed::read(sealed)?;
        let decryptor = age::Decryptor::new_buffered(sealed.as_bytes()).map_err(|_| Unread::Damaged)?;
        let keys = self.0.iter().map(|key| key as &dyn age::Identity);
        let is_other = |error: &age::DecryptError| matches!(error, age::DecryptError::NoMatchingKeys);
        let why = |error| if is_other(&error) { Unread::OtherKey } else { Unread::Damaged };
        let mut reader = decryptor.decrypt(keys).map_err(why)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(sealed.as_bytes().len()));
        reader.read_to_end(&mut plain).map_err(|_| Unread::Damaged)?;
        Ok(Concern::read(&plain)?)
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let name = path.display();
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_FILE + 1));
    let read = File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| {
        Failure::input(format!("cannot read the identity file {name}: {error}"))
            .hint("--identity FILE names what `certifier reports keygen` made")
    })?;
    if bytes.len() > MAX_FILE {
        return Err(Failure::input(format!("{name} is larger than an identity file can be")));
    }
    Ok(bytes)
}

fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org/") || bytes.trim_ascii_start().starts_with(b"-----BEGIN AGE")
}

fn decrypt(bytes: &[u8], source: &PassphraseSource, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| Failure::input(format!("{name}: {why}"));
    let dearmored = std::str::from_utf8(bytes).ok().and_then(|text| concern::dearmor(text).ok());
    let bytes = dearmored.as_deref().unwrap_or(bytes);
    let decryptor = age::Decryptor::new_buffered(bytes).map_err(|error| unreadable(&error))?;
    if !decryptor.is_scrypt() {
        return Err(unreadable(&"it is encrypted to a key, expected a passphrase")
            .hint("decrypt it with age first, to a file that only you can read"));
    }
    let passphrase = source.existing(name).map_err(KeyFileError::from)?;
    let mut key = age::scrypt::Identity::new(SecretString::from(passphrase.as_str().to_owned()));
    key.set_max_work_factor(MAX_WORK_FACTOR);
    let is_wrong = |error: &age::DecryptError| matches!(error, age::DecryptError::DecryptionFailed);
    let mut reader = decryptor.decrypt(std::iter::once(&key as &dyn age::Identity)).map_err(|error| {
        if is_wrong(&error) { unreadable(&"wrong passphrase, or the file is damaged") } else { unreadable(&error) }
    })?;
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader.read_to_end(&mut plain).map_err(|error| unreadable(&error))?;
    Ok(plain)
}

/// The keys, one a line; comments and empty lines aside. Else the number of the line that is none: what stands there may be a secret.
fn keys(bytes: &[u8]) -> Result<Vec<Identity>, usize> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let lines = lines.map(|(at, line)| (at + 1, line.trim_ascii()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
        .map(|(at, line)| std::str::from_utf8(line).ok().and_then(|text| text.parse().ok()).ok_or(at))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use concern::ConcernKind;

    use super::*;

    fn seal(plain: &[u8], to: &Identity) -> Vec<u8> {
        let recipient = to.to_public();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as _)).unwrap();
        let mut bytes = Vec::new();
        let mut writer = encryptor.wrap_output(&mut bytes).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn a_report_is_read_with_any_key_of_the_file_and_what_is_none_says_why() {
        let (key, other) = (Identity::generate(), Identity::generate());
        let concern = Concern::typed(ConcernKind::Copied, "two of one number", "1-17", "", "en").unwrap();
        let json = concern.to_padded_json();
        let identities = Identities(vec![other.clone(), key.clone()]);
        let sealed = seal(&json, &key);
        assert_eq!(identities.read(sealed.clone()).unwrap(), concern);
        assert_eq!(identities.read(concern::enarmor(&sealed).into_bytes()).unwrap(), concern);
        let why = |sealed: Vec<u8>| identities.read(sealed).unwrap_err().to_string();
        assert_eq!(why(seal(&json, &Identity::generate())), "it is not encrypted to this key");
        let mut damaged = sealed.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(why(damaged), "it is damaged");
        assert_eq!(why(seal(&[b' '; 1024], &key)), "what was sealed is no report: it is no concern in JSON");
        assert_eq!(why(b"rubbish".to_vec()), "it is no age file in ASCII armor");
    }

    #[test]
    fn a_line_that_is_no_key_is_named_and_not_shown() {
        let key = Identity::generate();
        let secret = age::secrecy::ExposeSecret::expose_secret(&key.to_string()).to_owned();
        assert_eq!(keys(format!("# made\r\n\n{secret}\r\n{secret}").as_bytes()).unwrap().len(), 2);
        assert_eq!(keys(format!("# made\n{}", &secret[1..]).as_bytes()).map(|keys| keys.len()), Err(2));
        assert_eq!(keys(b"").map(|keys| keys.len()), Ok(0));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity");
        std::fs::write(&file, format!("{}x\n", secret)).unwrap();
        let options = IdentityOptions { identity: file, identity_passphrase_file: None };
        let told = Identities::open(&options).map(drop).unwrap_err().text();
        assert!(told.contains(":1: not an age identity") && !told.contains(&secret[20..40]), "{told}");
    }
}
