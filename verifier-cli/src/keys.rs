//! The officer's key files.

use key_file::{KeyArguments, KeyFileError};
use primitives::SecretKey;

use crate::failure::Failure;

/// Asks for the passphrase, where there is one, and reads a key file.
pub(crate) fn unlock(arguments: &KeyArguments) -> Result<SecretKey, Failure> {
    arguments.load().map_err(|error| {
        let has_path =
            matches!(error, KeyFileError::Read { .. } | KeyFileError::Exists { .. } | KeyFileError::Write { .. });
        let told = if has_path { error.to_string() } else { format!("{}: {error}", arguments.key.display()) };
        let failure = Failure::new(told);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
