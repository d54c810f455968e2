//! Flags of `certifier key`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use key_file::{KeyArguments, KeyPlace, PassphraseSource};
use statement::Origin;

use super::{SignOptions, origin};

#[derive(Debug, Args)]
pub(crate) struct KeyOptions {
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Say what a key is: where it lies, whose it is, what the log knows of it
    Inspect(InspectOptions),
    /// Write a second file of a key, under another passphrase
    Backup(BackupOptions),
    /// Change the passphrase of a key file
    Passphrase(PassphraseOptions),
    /// Ask the accreditor to list another key of the same party
    Rotate(RotateOptions),
}

#[derive(Debug, Args)]
pub(crate) struct InspectOptions {
    /// A key file, the pkcs11: URI of a key in a token, or a public key (.jwk, PEM)
    #[arg(value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) key: KeyPlace,
    /// Its public half [default: beside the file, or LABEL.jwk for a token]
    #[arg(long, value_name = "FILE")]
    pub(crate) jwk: Option<PathBuf>,
    /// Look at the secret half too: asks for the passphrase or PIN
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseSource,
    /// Ask the registry of this trust file what its log knows of the key
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Which registry, where the trust file names several
    #[arg(long, value_name = "ORIGIN", value_parser = origin, requires = "trust")]
    pub(crate) registry: Option<Origin>,
    /// Where the newest checkpoint and snapshot of each registry are remembered
    #[arg(long, value_name = "DIR", requires = "trust")]
    pub(crate) state: Option<PathBuf>,
    /// Print one JSON document instead
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BackupOptions {
    #[command(flatten)]
    pub(crate) secret: KeyArguments,
    /// The new key file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: NewPassphraseSource,
    /// Check everything but the passphrases, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PassphraseOptions {
    #[command(flatten)]
    pub(crate) secret: KeyArguments,
    #[command(flatten)]
    pub(crate) passphrase: NewPassphraseSource,
    /// Check everything but the passphrases, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RotateOptions {
    /// The new key: a key file, or the pkcs11: URI of a key in a token
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub(crate) new_key: KeyPlace,
    /// The new key's public half [default: beside the file, or LABEL.jwk for a token]
    #[arg(long, value_name = "FILE")]
    pub(crate) new_jwk: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: NewPassphraseSource,
    /// The file for the request [default: the party's name and .rotation.jws]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sign: SignOptions,
}

/// Where the second passphrase of a command comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct NewPassphraseSource {
    /// Read the new key's passphrase or PIN from the first line of this file
    #[arg(long, value_name = "PATH", conflicts_with = "new_passphrase_fd")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    /// Read the new key's passphrase or PIN from this open file descriptor
    #[arg(long, value_name = "N")]
    pub(crate) new_passphrase_fd: Option<u32>,
}

impl NewPassphraseSource {
    pub(crate) fn source(&self) -> PassphraseSource {
        PassphraseSource { passphrase_file: self.new_passphrase_file.clone(), passphrase_fd: self.new_passphrase_fd }
    }
}
