//! The bytes of a key file: PEM around PKCS#8 around an Ed25519 seed, encrypted by PBES2.
//!
//! ```text
//! -----BEGIN ENCRYPTED PRIVATE KEY-----                           RFC 7468
//! EncryptedPrivateKeyInfo                                         RFC 5208 §6
//!   PBES2: scrypt(salt 16, N 2^14, r 8, p 5), AES-256-CBC(iv 16)  RFC 8018, RFC 7914 §7
//!   of 30 2e 02 01 00 30 05 06 03 2b 65 70 04 22 04 20 ‖ seed 32  RFC 5208 §5 version 0, RFC 8410 §7
//! ```

use std::path::Path;

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{self, EncodePem as _, SecretDocument, pem::LineEnding};
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use pkcs8::pkcs5::scrypt;
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef, pkcs5};
use primitives::{SecretKey, Signer as _};
use zeroize::Zeroizing;

use crate::plain::PREFIX;
use crate::{KeyFileError, NewPassphrase, Passphrase, disk};

/// The most PBKDF2 iterations that a file may ask: some ten seconds.
pub const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;
/// The most memory that a file's scrypt parameters may ask, 128·N·r.
pub const MAX_SCRYPT_MEMORY_BYTES: u64 = 256 * 1024 * 1024;
/// The most work that a file's scrypt parameters may ask, as a multiple of the memory: the parallelisation p.
const MAX_SCRYPT_PARALLELISATION: u16 = 16;

/// log₂ N, r and p of a new file. OpenSSL 3.0 gives scrypt 32 MiB in a key file and no way to raise it: N = 2^15 with
/// r = 8 is refused ("memory limit exceeded", measured with 3.0.19). So 16 MiB five times over, which OWASP's password
/// storage sheet holds equal to N = 2^17 once; about 0.3 s.
const SCRYPT: (u8, u32, u32) = (14, 8, 5);

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Writes the key to a new file that only its owner can read. The file appears whole or not at all, and not before it was read back:
/// a key that nobody can open is a key that is lost.
///
/// # Errors
///
/// [`KeyFileError::Exists`] where there is a file already, whatever it holds; [`KeyFileError::Write`];
/// [`KeyFileError::Randomness`]; those of [`load`] where it cannot be read back.
pub fn save_encrypted(path: &Path, key: &SecretKey, passphrase: &NewPassphrase) -> Result<(), KeyFileError> {
    disk::create(path, sealed(key, passphrase)?.as_bytes(), |written| same(written, key, passphrase))
}

/// Writes the key in place of the file that holds it: the same key under another passphrase. A crash leaves the one or the other.
///
/// # Errors
///
/// [`KeyFileError::Write`], [`KeyFileError::Randomness`]; those of [`load`] where it cannot be read back. The old file is then as it was.
pub fn replace_encrypted(path: &Path, key: &SecretKey, passphrase: &NewPassphrase) -> Result<(), KeyFileError> {
    disk::replace(path, sealed(key, passphrase)?.as_bytes(), |written| same(written, key, passphrase))
}

fn sealed(key: &SecretKey, passphrase: &NewPassphrase) -> Result<Zeroizing<String>, KeyFileError> {
    let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
    getrandom::fill(&mut salt).map_err(KeyFileError::Randomness)?;
    getrandom::fill(&mut iv).map_err(KeyFileError::Randomness)?;
    encrypt(key, passphrase, &salt, iv)
}

/// Reads back what was written.
fn same(written: &Path, key: &SecretKey, passphrase: &Passphrase) -> Result<(), KeyFileError> {
    let read = load(written, passphrase)?;
    if *read.to_seed() == *key.to_seed() { Ok(()) } else { Err(KeyFileError::PublicKeyDiffers) }
}

/// Reads an encrypted key file.
///
/// # Errors
///
/// Every [`KeyFileError`] about reading. A file that is not encrypted is [`KeyFileError::NotEncrypted`];
/// [`KeyFile::into_unencrypted`] is for those who mean it.
pub fn load(path: &Path, passphrase: &Passphrase) -> Result<SecretKey, KeyFileError> {
    KeyFile::read(path)?.decrypt(passphrase)
}

/// The text of a key file.
pub(crate) fn encrypt(
    key: &SecretKey,
    passphrase: &NewPassphrase,
    salt: &[u8; 16],
    iv: [u8; 16],
) -> Result<Zeroizing<String>, KeyFileError> {
    let (log_n, r, p) = SCRYPT;
    let malformed = |what: String| KeyFileError::Malformed { what };
    let mut plain = Zeroizing::new([0u8; 48]);
    let (prefix, seed) = plain.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(&PREFIX);
    seed.copy_from_slice(key.to_seed().as_slice());
    let scrypt = scrypt::Params::new(log_n, r, p).map_err(|error| malformed(error.to_string()))?;
    let parameters =
        Parameters::generate_scrypt_aes256cbc(scrypt, salt, iv).map_err(|error| malformed(error.to_string()))?;
    let encrypted =
        parameters.encrypt(passphrase.as_bytes(), plain.as_slice()).map_err(|error| malformed(error.to_string()))?;
    let encrypted_data = OctetStringRef::new(&encrypted).map_err(|error| malformed(error.to_string()))?;
    EncryptedPrivateKeyInfoRef { encryption_algorithm: parameters.into(), encrypted_data }
        .to_pem(LineEnding::LF)
        .map(Zeroizing::new)
        .map_err(|error| malformed(error.to_string()))
}

/// A key file that was read but not opened: its passphrase is needed only when it is encrypted.
#[derive(Debug)]
pub struct KeyFile {
    encrypted: bool,
    document: SecretDocument,
}

impl KeyFile {
    /// Reads the file and sees what it is.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Read`], [`KeyFileError::TooLarge`], [`KeyFileError::NotAPrivateKey`],
    /// [`KeyFileError::OtherAlgorithm`] for the older forms of RSA and EC keys, [`KeyFileError::Malformed`].
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::parse(&disk::read(path)?)
    }

    /// Sees what the bytes of a key file are.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read) but the first two.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyFileError> {
        let none = |found: &str| KeyFileError::NotAPrivateKey { found: found.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| none("bytes that are not text"))?;
        let begin = text.lines().find_map(|line| line.strip_prefix("-----BEGIN ")).ok_or_else(|| none("other text"))?;
        let encrypted = match begin.trim_end().strip_suffix("-----").unwrap_or_default() {
            "ENCRYPTED PRIVATE KEY" => true,
            "PRIVATE KEY" => false,
            "RSA PRIVATE KEY" => return Err(KeyFileError::OtherAlgorithm { found: "RSA".to_owned() }),
            "EC PRIVATE KEY" => {
                return Err(KeyFileError::OtherAlgorithm { found: "an elliptic curve (EC)".to_owned() });
            }
            "DSA PRIVATE KEY" => return Err(KeyFileError::OtherAlgorithm { found: "DSA".to_owned() }),
            "OPENSSH PRIVATE KEY" => return Err(none("a private key in OpenSSH's own format")),
            "PUBLIC KEY" => return Err(none("a public key")),
            "CERTIFICATE" => return Err(none("a certificate")),
            _ => return Err(none("PEM of another kind")),
        };
        match SecretDocument::from_pem(text) {
            Ok((_, document)) => Ok(Self { encrypted, document }),
            Err(error) => Err(KeyFileError::Malformed { what: error.to_string() }),
        }
    }

    /// Whether a passphrase is needed.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// How the file is encrypted, in words: the function that makes a key of the passphrase, and the cipher. Nothing for a file that is
    /// not.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::TooCostly`], [`KeyFileError::UnsupportedEncryption`], [`KeyFileError::Malformed`].
    pub fn encryption(&self) -> Result<Option<String>, KeyFileError> {
        if !self.encrypted {
            return Ok(None);
        }
        let info = EncryptedPrivateKeyInfoRef::try_from(self.document.as_bytes()).map_err(envelope_error)?;
        affordable(&info.encryption_algorithm)?;
        let Some(parameters) = info.encryption_algorithm.pbes2() else { return Ok(None) };
        let function = match &parameters.kdf {
            Kdf::Scrypt(asked) => {
                let (n, r, p) = (asked.cost_parameter, asked.block_size, asked.parallelization);
                format!("scrypt (N {n}, r {r}, p {p})")
            }
            Kdf::Pbkdf2(asked) => format!("PBKDF2 ({} iterations)", asked.iteration_count),
            other => other.oid().to_string(),
        };
        Ok(Some(format!("PBES2: {function}, {}", cipher(parameters.encryption.oid()))))
    }

    /// Opens an encrypted file.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::NotEncrypted`], [`KeyFileError::TooCostly`] before any work is done,
    /// [`KeyFileError::UnsupportedEncryption`], [`KeyFileError::WrongPassphrase`], then those of
    /// [`into_unencrypted`](Self::into_unencrypted).
    pub fn decrypt(self, passphrase: &Passphrase) -> Result<SecretKey, KeyFileError> {
        if !self.encrypted {
            return Err(KeyFileError::NotEncrypted);
        }
        let info = EncryptedPrivateKeyInfoRef::try_from(self.document.as_bytes()).map_err(envelope_error)?;
        affordable(&info.encryption_algorithm)?;
        let plain = info.decrypt(passphrase.as_bytes()).map_err(|error| {
            // One wrong passphrase in 256 leaves good padding, and then no DER.
            let wrong =
                matches!(error, pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed) | pkcs8::Error::Asn1(_));
            if wrong {
                KeyFileError::WrongPassphrase
            } else {
                KeyFileError::UnsupportedEncryption { what: error.to_string() }
            }
        })?;
        secret(plain.as_bytes())
    }

    /// Takes the key from a file that is not encrypted: anyone who reads the file has it.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Malformed`], also for an encrypted file; [`KeyFileError::OtherAlgorithm`];
    /// [`KeyFileError::PublicKeyDiffers`].
    pub fn into_unencrypted(self) -> Result<SecretKey, KeyFileError> {
        if self.encrypted {
            return Err(KeyFileError::Malformed { what: "it is encrypted".to_owned() });
        }
        secret(self.document.as_bytes())
    }
}

/// Holds what the file asks against the limits. `pkcs5` would pay 100,000,000 iterations or any memory, and panics for N = 0.
fn affordable(scheme: &pkcs5::EncryptionScheme) -> Result<(), KeyFileError> {
    let Some(parameters) = scheme.pbes2() else {
        return Err(KeyFileError::UnsupportedEncryption { what: "PBES1".to_owned() });
    };
    let too_costly = |what| Err(KeyFileError::TooCostly { what });
    match &parameters.kdf {
        Kdf::Pbkdf2(asked) if asked.iteration_count > MAX_PBKDF2_ITERATIONS => {
            too_costly(format!("{} iterations, at most {MAX_PBKDF2_ITERATIONS}", asked.iteration_count))
        }
        Kdf::Pbkdf2(_) => Ok(()),
        Kdf::Scrypt(asked) => {
            let n = asked.cost_parameter;
            let memory = n.saturating_mul(128).saturating_mul(asked.block_size.into());
            if memory > MAX_SCRYPT_MEMORY_BYTES {
                too_costly(format!("{memory} bytes of memory, at most {MAX_SCRYPT_MEMORY_BYTES}"))
            } else if asked.parallelization > MAX_SCRYPT_PARALLELISATION {
                too_costly(format!("p = {}, at most {MAX_SCRYPT_PARALLELISATION}", asked.parallelization))
            } else if n < 2 || !n.is_power_of_two() || asked.block_size == 0 || asked.parallelization == 0 {
                Err(KeyFileError::Malformed { what: format!("scrypt's N is {n}, expected a power of two from 2 up") })
            } else {
                Ok(())
            }
        }
        other => Err(KeyFileError::UnsupportedEncryption { what: other.oid().to_string() }),
    }
}

/// The only integers in an envelope are costs and lengths: one too long to hold is an absurd cost, not a slip. (`der` calls
/// an integer that is much too long non-canonical, as it does one padded with zeros.)
fn envelope_error(error: pkcs8::Error) -> KeyFileError {
    let kind = if let pkcs8::Error::Asn1(error) = &error { Some(error.kind()) } else { None };
    match kind {
        Some(
            der::ErrorKind::Length { tag: der::Tag::Integer } | der::ErrorKind::Noncanonical { tag: der::Tag::Integer },
        ) => KeyFileError::TooCostly { what: "a cost too long to read".to_owned() },
        Some(der::ErrorKind::OidUnknown { oid }) => KeyFileError::UnsupportedEncryption { what: oid.to_string() },
        Some(_) | None => KeyFileError::Malformed { what: error.to_string() },
    }
}

fn secret(der: &[u8]) -> Result<SecretKey, KeyFileError> {
    let malformed = |what: String| KeyFileError::Malformed { what };
    let info = PrivateKeyInfoRef::try_from(der).map_err(|error| malformed(error.to_string()))?;
    if info.algorithm.oid != ED25519 {
        return Err(KeyFileError::OtherAlgorithm { found: algorithm(info.algorithm.oid) });
    }
    if info.algorithm.parameters.is_some() {
        return Err(malformed("Ed25519 has no parameters (RFC 8410 §3)".to_owned()));
    }
    let [0x04, 0x20, seed @ ..] = info.private_key.as_bytes() else {
        return Err(malformed("the secret key is no octet string of 32 bytes".to_owned()));
    };
    let seed: &[u8; 32] =
        seed.try_into().map_err(|_| malformed(format!("the secret key has {} bytes, expected 32", seed.len())))?;
    let key = SecretKey::from_seed(seed);
    match info.public_key {
        Some(public) if public.as_bytes() != Some(key.public_key().as_bytes()) => Err(KeyFileError::PublicKeyDiffers),
        Some(_) | None => Ok(key),
    }
}

fn algorithm(oid: ObjectIdentifier) -> String {
    let oid = oid.to_string();
    match oid.as_str() {
        "1.2.840.113549.1.1.1" => "RSA".to_owned(),
        "1.2.840.10045.2.1" => "an elliptic curve (EC)".to_owned(),
        "1.3.101.110" => "X25519, key agreement".to_owned(),
        "1.3.101.113" => "Ed448".to_owned(),
        _ => oid,
    }
}

fn cipher(oid: ObjectIdentifier) -> String {
    let oid = oid.to_string();
    match oid.as_str() {
        "2.16.840.1.101.3.4.1.2" => "AES-128-CBC".to_owned(),
        "2.16.840.1.101.3.4.1.22" => "AES-192-CBC".to_owned(),
        "2.16.840.1.101.3.4.1.42" => "AES-256-CBC".to_owned(),
        _ => oid,
    }
}
