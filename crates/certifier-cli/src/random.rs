//! Randomness, with this program's own words where there is none.

use crate::failure::Failure;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    client::random::bytes().map_err(none)
}

/// A new identifier: a random UUID as URN.
pub(crate) fn urn() -> Result<String, Failure> {
    client::random::urn().map_err(none)
}

fn none(error: impl std::fmt::Display) -> Failure {
    Failure::refused(format!("the system gives no randomness: {error}"))
}
