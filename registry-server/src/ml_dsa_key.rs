//! The log's second key, of ML-DSA-44: what it signs stays unforgeable where Ed25519 does not.
//!
//! A file of its own, readable by its owner alone: the seed in unencrypted PKCS#8 (RFC 9881 §6, the choice `seed`), as OpenSSL
//! writes and reads it. In a build without the feature `ml-dsa` a registry that has such a key is not run at all: its checkpoints
//! would be refused by everyone.

use std::path::Path;

use sequencer::AlsoSign;
use statement::Origin;
use tlog::{SignatureType, Vkey};
use verify::TrustedRegistry;

/// The key in a file, which is made where there is none, as a log key of this origin.
#[cfg(feature = "ml-dsa")]
pub(crate) fn read_or_create(file: &Path, origin: &Origin) -> anyhow::Result<Vkey> {
    let key = if file.exists() { pem::read(file)? } else { pem::create(file)? };
    Ok(key.vkey(origin.as_str())?)
}

/// What signs with the key in this file, where the trust file names one.
///
/// # Errors
/// The trust file names another key, or the file cannot be used.
#[cfg(feature = "ml-dsa")]
pub(crate) fn also_sign(file: &Path, registry: &TrustedRegistry) -> anyhow::Result<Option<AlsoSign>> {
    if !is_named(registry) {
        return Ok(None);
    }
    let key = pem::read(file)?;
    let vkey = key.vkey(registry.policy.origin.as_str())?;
    anyhow::ensure!(
        registry.log_keys.contains(&vkey),
        "the trust file does not name the key in {}, whose id is {}",
        file.display(),
        vkey.id()
    );
    Ok(Some(std::sync::Arc::new(move |checkpoint| key.sign(checkpoint))))
}

/// Refuses: see above.
#[cfg(not(feature = "ml-dsa"))]
pub(crate) fn read_or_create(_: &Path, _: &Origin) -> anyhow::Result<Vkey> {
    anyhow::bail!("this program was built without the feature `ml-dsa`")
}

/// Refuses where the trust file names a key.
#[cfg(not(feature = "ml-dsa"))]
pub(crate) fn also_sign(_: &Path, registry: &TrustedRegistry) -> anyhow::Result<Option<AlsoSign>> {
    anyhow::ensure!(
        !is_named(registry),
        "the trust file names an ML-DSA-44 key of the log, and this program was built without the feature `ml-dsa`"
    );
    Ok(None)
}

fn is_named(registry: &TrustedRegistry) -> bool {
    registry.log_keys.iter().any(|key| key.signature_type() == SignatureType::MlDsa44Cosignature)
}

#[cfg(feature = "ml-dsa")]
mod pem {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use anyhow::{Context as _, ensure};
    use primitives::base64;
    use tlog::MlDsa44Key;
    use zeroize::Zeroizing;

    use crate::keys::write_new;

    /// PKCS#8 version 1 of id-ml-dsa-44 with `[0]`, all but the seed.
    const PREFIX: [u8; 22] = [
        0x30, 0x34, 0x02, 0x01, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11,
        0x04, 0x22, 0x80, 0x20,
    ];
    const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
    const END: &str = "-----END PRIVATE KEY-----";
    /// The file has 131 bytes; anything much larger is another file.
    const MAX_BYTES: u64 = 1024;

    /// Makes a key and writes it to a file that is not there yet.
    pub(super) fn create(file: &Path) -> anyhow::Result<MlDsa44Key> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(std::io::Error::other)?;
        write_new(file, to_pem(&seed).as_bytes(), 0o600).with_context(|| file.display().to_string())?;
        Ok(MlDsa44Key::from_seed(&seed))
    }

    pub(super) fn read(file: &Path) -> anyhow::Result<MlDsa44Key> {
        let name = || file.display().to_string();
        let of_file = std::fs::metadata(file).with_context(name)?;
        let mode = of_file.permissions().mode() & 0o777;
        ensure!(mode & 0o007 == 0, "{} can be read by everyone (mode {mode:03o}), expected 600", name());
        ensure!(of_file.len() <= MAX_BYTES, "{} is not an ML-DSA-44 seed in unencrypted PKCS#8 PEM", name());
        let text = Zeroizing::new(std::fs::read_to_string(file).with_context(name)?);
        let seed =
            seed(&text).with_context(|| format!("{} is not an ML-DSA-44 seed in unencrypted PKCS#8 PEM", name()))?;
        Ok(MlDsa44Key::from_seed(&seed))
    }

    fn to_pem(seed: &[u8; 32]) -> Zeroizing<String> {
        let der = Zeroizing::new([&PREFIX[..], seed].concat());
        let base64 = Zeroizing::new(base64::encode(&der));
        let (first, second) = base64.split_at(64); // RFC 7468 §3: lines of 64
        Zeroizing::new(format!("{BEGIN}\n{first}\n{second}\n{END}\n"))
    }

    fn seed(text: &str) -> Option<Zeroizing<[u8; 32]>> {
        let inner = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
        let inner = Zeroizing::new(inner.split_ascii_whitespace().collect::<String>());
        let der = Zeroizing::new(base64::decode(&inner)?);
        Some(Zeroizing::new(der.strip_prefix(&PREFIX)?.try_into().ok()?))
    }

    #[cfg(test)]
    mod tests {
        use std::fs::Permissions;

        use super::*;

        /// RFC 9881, appendix C.1.1: the seed 00 01 … 1f.
        const EXAMPLE: &str = "-----BEGIN PRIVATE KEY-----
MDQCAQAwCwYJYIZIAWUDBAMRBCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
GhscHR4f
-----END PRIVATE KEY-----
";

        #[test]
        fn the_rfcs_example_is_read_and_written() {
            let bytes: [u8; 32] = std::array::from_fn(|n| u8::try_from(n).unwrap());
            assert_eq!(*seed(EXAMPLE).unwrap(), bytes);
            assert_eq!(*to_pem(&bytes), EXAMPLE);
        }

        #[test]
        fn a_key_is_made_once_and_read_back() {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("log-ml-dsa.key");
            let made = create(&file).unwrap().vkey("a.example").unwrap();
            assert_eq!(read(&file).unwrap().vkey("a.example").unwrap(), made);
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(create(&file).is_err(), "it is not overwritten");
        }

        #[test]
        fn other_files_are_refused_with_their_reason() {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("k");
            let said = || format!("{:#}", read(&file).unwrap_err());
            assert!(said().contains("No such file"), "{}", said());
            let ed25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
            let cut = EXAMPLE.replace("GhscHR4f", "GhscHQ==");
            for text in ["", ed25519, &cut, &EXAMPLE.replace("PRIVATE", "PUBLIC"), &" ".repeat(2000)] {
                std::fs::write(&file, text).unwrap();
                std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
                assert!(said().contains("is not an ML-DSA-44 seed"), "{text}: {}", said());
            }
            std::fs::set_permissions(&file, Permissions::from_mode(0o604)).unwrap();
            assert!(said().contains("mode 604"), "{}", said());
        }
    }
}
