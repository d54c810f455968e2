//! The officer's keys.

use key_file::{KeyArguments, KeyFileError, UnlockedKey};

use crate::failure::Failure;

/// Asks for the passphrase or PIN, where there is one, and reads a key file or opens a token.
pub(crate) fn unlock(arguments: &KeyArguments) -> Result<UnlockedKey, Failure> {
    arguments.load().map_err(|error| {
        let has_place = matches!(
            error,
            KeyFileError::Read { .. }
                | KeyFileError::Exists { .. }
                | KeyFileError::Write { .. }
                | KeyFileError::Token(_)
                | KeyFileError::TwoPins
        );
        let told = if has_place { error.to_string() } else { format!("{}: {error}", arguments.key) };
        let failure = Failure::new(told);
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
