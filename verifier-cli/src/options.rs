//! Flags that several commands share, and what they stand for. Flatten them into a command.

use std::path::PathBuf;

use clap::Args;
use client::{Memory, Shelf};
use key_file::{KeyArguments, KeyPlace, PassphraseSource};
use statement::Did;
use verify::Trust;

use crate::clear::office::Office;
use crate::failure::Failure;

/// What helps where nothing is trusted.
pub(crate) const TRUST_HINT: &str = "--trust FILE names the trust file; the scheme's authority gives it out";

#[derive(Debug, Args)]
pub(crate) struct TrustOption {
    /// The trust file: which registries, keys and witnesses to believe
    #[arg(long, value_name = "FILE", env = client::TRUST_VARIABLE)]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ShelfOption {
    /// Folder of the snapshots that `sync` fetches: on this device, or on a stick
    #[arg(long, value_name = "DIR")]
    pub(crate) snapshots: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StateOption {
    /// Where the newest checkpoint of each registry is remembered
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct OfficeOption {
    /// The customs office's key: an encrypted PKCS#8 PEM file, or the pkcs11: URI of a key in a token
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) key: Option<KeyPlace>,
    /// The office [default: the controller in the .jwk beside the file, or in LABEL.jwk for a token]
    #[arg(long, value_name = "DID", value_parser = Did::parse, requires = "key")]
    pub(crate) office: Option<Did>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Accept a key file that is not encrypted (for tests: whoever reads the file can sign)
    #[arg(long, requires = "key")]
    pub(crate) allow_unencrypted_key: bool,
}

impl TrustOption {
    /// The trust file's content; it may name nobody.
    pub(crate) fn load(&self) -> Result<Trust, Failure> {
        client::load_trust(self.trust.as_deref()).map_err(|error| Failure::new(error).hint(TRUST_HINT))
    }

    /// The same, for a command that needs a registry.
    pub(crate) fn load_some(&self) -> Result<Trust, Failure> {
        let trust = self.load()?;
        if trust.registries.is_empty() {
            return Err(Failure::new("the trust file names no registry").hint(TRUST_HINT));
        }
        Ok(trust)
    }
}

impl ShelfOption {
    pub(crate) fn shelf(&self) -> Shelf {
        Shelf::new(self.snapshots.clone().unwrap_or_else(client::default_snapshot_folder))
    }
}

impl StateOption {
    pub(crate) fn folder(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(client::default_state_folder)
    }

    pub(crate) fn memory(&self) -> Memory {
        Memory::new(self.folder())
    }
}

impl OfficeOption {
    /// The office, its key unlocked; nothing where none is named.
    pub(crate) fn unlock(&self) -> Result<Option<Office>, Failure> {
        let Some(key) = self.key.clone() else { return Ok(None) };
        let (passphrase, allow_unencrypted_key) = (self.passphrase.clone(), self.allow_unencrypted_key);
        let arguments = KeyArguments { key, jwk: None, passphrase, allow_unencrypted_key };
        Office::unlock(self.office.as_ref(), &arguments).map(Some)
    }
}
