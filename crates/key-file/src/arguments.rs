//! The flags by which a command takes a secret key.

use std::path::PathBuf;

use primitives::SecretKey;

use crate::{KeyFile, KeyFileError, PassphraseSource};

/// `--key PATH` and where its passphrase comes from; flatten it into a command.
///
/// ```
/// use key_file::KeyArguments;
/// use clap::Parser;
///
/// #[derive(Parser)]
/// struct Attest {
///     #[command(flatten)]
///     key: KeyArguments,
/// }
///
/// let attest = Attest::parse_from(["attest", "--key", "certifier.pem", "--passphrase-fd", "3"]);
/// assert_eq!(attest.key.passphrase.passphrase_fd, Some(3));
/// ```
#[derive(Debug, Clone, clap::Args)]
pub struct KeyArguments {
    /// The secret key that signs, an encrypted PKCS#8 PEM file
    #[arg(long, value_name = "PATH")]
    pub key: PathBuf,
    /// The passphrase's source.
    #[command(flatten)]
    pub passphrase: PassphraseSource,
    /// Accept a key file that is not encrypted (for tests: whoever reads the file can sign)
    #[arg(long)]
    pub allow_unencrypted_key: bool,
}

impl KeyArguments {
    /// Reads the key; asks for the passphrase only when the file needs one.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`].
    pub fn load(&self) -> Result<SecretKey, KeyFileError> {
        let file = KeyFile::read(&self.key)?;
        match (file.is_encrypted(), self.allow_unencrypted_key) {
            (true, _) => file.decrypt(&self.passphrase.existing(&self.key.display().to_string())?),
            (false, true) => file.into_unencrypted(),
            (false, false) => Err(KeyFileError::NotEncrypted),
        }
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
        for flag in ["--key <PATH>", "--passphrase-file <PATH>", "--passphrase-fd <N>", "--allow-unencrypted-key"] {
            assert!(help.contains(flag), "{flag} in {help}");
        }
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
