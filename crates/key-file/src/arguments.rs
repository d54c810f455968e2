//! The flags by which a command takes a secret key.

use std::path::PathBuf;

use crate::{KeyFile, KeyFileError, KeyPlace, PassphraseSource, UnlockedKey, token};

/// `--key KEY` and where its passphrase or PIN comes from; flatten it into a command.
///
/// ```
/// use key_file::{KeyArguments, KeyPlace};
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct Attest {
///     #[command(flatten)]
///     key: KeyArguments,
/// }
///
/// let attest = Attest::parse_from(["attest", "--key", "certifier.pem", "--passphrase-fd", "3"]);
/// assert_eq!(attest.key.key, KeyPlace::File("certifier.pem".into()));
/// assert_eq!(attest.key.passphrase.passphrase_fd, Some(3));
/// ```
#[derive(Debug, Clone, clap::Args)]
pub struct KeyArguments {
    /// The secret key that signs: an encrypted PKCS#8 PEM file, or the pkcs11: URI of a key in a token
    #[arg(long, value_name = "KEY", value_parser = KeyPlace::parser())]
    pub key: KeyPlace,
    /// Its public half [default: beside the file, or LABEL.jwk for a token]
    #[arg(long, value_name = "FILE")]
    pub jwk: Option<PathBuf>,
    /// The passphrase's source.
    #[command(flatten)]
    pub passphrase: PassphraseSource,
    /// Accept a key file that is not encrypted (for tests: whoever reads the file can sign)
    #[arg(long)]
    pub allow_unencrypted_key: bool,
}

impl KeyArguments {
    /// Reads the key; asks for the passphrase only when the file needs one, for the PIN only when the token does.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`].
    pub fn load(&self) -> Result<UnlockedKey, KeyFileError> {
        let path = match &self.key {
            KeyPlace::File(path) => path,
            KeyPlace::Token(uri) => return token::open(uri, &self.passphrase),
        };
        let file = KeyFile::read(path)?;
        let key = match (file.is_encrypted(), self.allow_unencrypted_key) {
            (true, _) => file.decrypt(&self.passphrase.existing(&path.display().to_string())?),
            (false, true) => file.into_unencrypted(),
            (false, false) => Err(KeyFileError::NotEncrypted),
        };
        key.map(|key| UnlockedKey::Memory(Box::new(key)))
    }

    /// Where the public half is to be found or written; nothing where a token's key has no label that could be a file's name.
    pub fn public_path(&self) -> Option<PathBuf> {
        self.jwk.clone().or_else(|| self.key.public_path())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser};

    use super::*;

    /// Attests a lot
    #[derive(Debug, Parser)]
    struct Attest {
        #[command(flatten)]
        key: KeyArguments,
    }

    #[test]
    fn a_command_keeps_its_own_description() {
        let help = Attest::command().render_long_help().to_string();
        assert!(help.starts_with("Attests a lot"), "{help}");
        for flag in [
            "--key <KEY>",
            "--jwk <FILE>",
            "--passphrase-file <PATH>",
            "--passphrase-fd <N>",
            "--allow-unencrypted-key",
        ] {
            assert!(help.contains(flag), "{flag} in {help}");
        }
    }

    #[test]
    fn an_argument_that_may_hold_a_pin_is_never_repeated() {
        for key in ["pkcs11:token=a?pin-value=73915", "pkcs11:object=73915;73915", "pkcs11:token=a?pin-source=73915"] {
            let error = Attest::try_parse_from(["attest", "--key", key]).expect_err("refused").to_string();
            assert!(!error.contains("73915"), "{error}");
            assert!(error.contains("hint: "), "{error}");
        }
        assert!(Attest::try_parse_from(["attest", "--key", ""]).is_err());
    }

    #[test]
    fn a_passphrase_is_never_an_argument_and_comes_from_one_place() {
        let parse = |flags: &[&str]| Attest::try_parse_from([&["attest", "--key", "k.pem"], flags].concat());
        assert!(parse(&["--passphrase-file", "p"]).is_ok());
        assert!(parse(&["--passphrase-file", "p", "--passphrase-fd", "3"]).is_err());
        assert!(parse(&["--passphrase", "correct horse"]).is_err());
        assert!(parse(&["--passphrase-fd", "-1"]).is_err());
        let attest = parse(&[]).expect("the terminal is asked");
        assert!(attest.key.passphrase.passphrase_file.is_none());
    }
}
