//! Whom a report is encrypted to: an X25519 recipient of age (c2sp.org/age), as a trust file names one.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

/// An age recipient by its form: whoever encrypts also checks its Bech32 checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRecipient(String);

/// A text that is no such recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected age1 and 58 lower-case letters and digits of Bech32, as `certifier reports keygen` prints them")]
pub struct NoRecipient;

/// Characters: `age1`, 32 bytes in Bech32 (BIP 173), and its checksum.
const LENGTH: usize = 62;
const BECH32: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

impl ReportRecipient {
    /// Reads `age1…`. Upper case, which Bech32 allows too, is refused: a trust file has one spelling of a key.
    ///
    /// # Errors
    /// [`NoRecipient`].
    pub fn parse(text: &str) -> Result<Self, NoRecipient> {
        let data = text.strip_prefix("age1").ok_or(NoRecipient)?;
        let is_one = text.len() == LENGTH && data.chars().all(|character| BECH32.contains(character));
        if is_one { Ok(Self(text.to_owned())) } else { Err(NoRecipient) }
    }

    /// The recipient as it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReportRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    /// From age's own test vectors.
    const ONE: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    #[test]
    fn a_recipient_has_one_spelling() {
        assert_eq!(ReportRecipient::parse(ONE).unwrap().to_string(), ONE);
        let (upper, short, long) = (ONE.to_uppercase(), &ONE[..61], alloc::format!("{ONE}q"));
        let (secret, foreign) = (ONE.replace("age1", "AGE-SECRET-KEY-1"), ONE.replace('p', "b"));
        for other in ["", "age1", &upper, short, &long, &secret, &foreign, &ONE.replace("1t7", "1é7")] {
            assert_eq!(ReportRecipient::parse(other), Err(NoRecipient), "{other}");
        }
    }
}
