//! The token in a form: that a page was asked for, a while before it was sent, and is sent once. It keeps away programs that post
//! blindly, and asks nobody who they are.
//!
//! ```text
//! milliseconds since the server's start (8) ‖ nonce (16) ‖ addressee (2) ‖ HMAC-SHA-256 of these (32), in base64url
//! ```
//!
//! The key is new at each start and never stored. The addressee is whom the page's script seals to: the sealed form does not tell.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use primitives::{Hash, base64};

use crate::limits::ReportLimits;

const MESSAGE: usize = 26;

/// Issues tokens, and knows which were used.
pub(crate) struct FormTokens {
    key: [u8; 32],
    /// When each was issued, and its nonce. Those too old to be used are forgotten.
    used: Mutex<BTreeSet<(u64, [u8; 16])>>,
}

/// A token that was issued by this server, and may be used now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FormToken {
    issued: u64,
    nonce: [u8; 16],
    /// Place of the addressee in the list, or [`FormToken::ALL`].
    pub(crate) addressee: u16,
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// Not one of this server, or of one that was started since.
    Unknown,
    /// Sent faster than somebody writes.
    TooFast,
    /// Issued too long ago.
    TooOld,
    /// Sent before.
    Used,
}

impl FormToken {
    /// All addressees.
    pub(crate) const ALL: u16 = u16::MAX;
}

impl FormTokens {
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self { key, used: Mutex::new(BTreeSet::new()) }
    }

    /// A new token.
    pub(crate) fn issue(&self, now_millis: u64, nonce: [u8; 16], addressee: u16) -> String {
        let mut message = [0; MESSAGE];
        message[..8].copy_from_slice(&now_millis.to_be_bytes());
        message[8..24].copy_from_slice(&nonce);
        message[24..].copy_from_slice(&addressee.to_be_bytes());
        base64::url_encode(&[message.as_slice(), &hmac_sha256(&self.key, &message).0].concat())
    }

    /// Checks a token without using it up.
    pub(crate) fn check(&self, text: &str, now_millis: u64, limits: &ReportLimits) -> Result<FormToken, TokenFault> {
        let bytes = base64::url_decode(text).ok_or(TokenFault::Unknown)?;
        let (message, mac) = bytes.split_first_chunk::<MESSAGE>().ok_or(TokenFault::Unknown)?;
        if !is_equal(&hmac_sha256(&self.key, message).0, mac) {
            return Err(TokenFault::Unknown);
        }
        let (issued, rest) = message.split_first_chunk::<8>().ok_or(TokenFault::Unknown)?;
        let (nonce, addressee) = rest.split_first_chunk::<16>().ok_or(TokenFault::Unknown)?;
        let issued = u64::from_be_bytes(*issued);
        let token = FormToken {
            issued,
            nonce: *nonce,
            addressee: addressee.try_into().map(u16::from_be_bytes).map_err(|_| TokenFault::Unknown)?,
        };
        let age = u128::from(now_millis.saturating_sub(issued));
        match () {
            () if age < limits.form_shortest.as_millis() => Err(TokenFault::TooFast),
            () if age > limits.form_longest.as_millis() => Err(TokenFault::TooOld),
            () if self.used().contains(&(issued, token.nonce)) => Err(TokenFault::Used),
            () => Ok(token),
        }
    }

    /// Uses a token up. What is kept of it is bounded by the reports that are taken in [`ReportLimits::form_longest`].
    pub(crate) fn spend(&self, token: &FormToken, now_millis: u64, limits: &ReportLimits) -> Result<(), TokenFault> {
        let mut used = self.used();
        let longest = u64::try_from(limits.form_longest.as_millis()).unwrap_or(u64::MAX);
        let oldest = now_millis.saturating_sub(longest);
        *used = used.split_off(&(oldest, [0; 16]));
        if used.insert((token.issued, token.nonce)) { Ok(()) } else { Err(TokenFault::Used) }
    }

    fn used(&self) -> std::sync::MutexGuard<'_, BTreeSet<(u64, [u8; 16])>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// RFC 2104, with a key of half a block.
fn hmac_sha256(key: &[u8; 32], message: &[u8]) -> Hash {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Hash::of_parts(&[&pad(0x36), message]);
    Hash::of_parts(&[&pad(0x5c), &inner.0])
}

/// In a time that does not depend on where they differ.
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn tokens() -> (FormTokens, ReportLimits) {
        (FormTokens::new([7; 32]), ReportLimits::default())
    }

    #[test]
    fn the_mac_is_hmac_sha_256() {
        // RFC 4231's keys have other lengths, and a key shorter than a block is filled with zeros: its second case, so filled.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let mac = hmac_sha256(&key, b"what do ya want for nothing?").to_string();
        assert_eq!(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn a_token_is_good_from_three_seconds_to_six_hours_and_once() {
        let (tokens, limits) = tokens();
        let text = tokens.issue(10_000, [1; 16], 3);
        let check = |now| tokens.check(&text, now, &limits);
        assert_eq!(check(12_999), Err(TokenFault::TooFast));
        assert_eq!(check(0), Err(TokenFault::TooFast));
        assert_eq!(check(10_000 + 6 * HOUR + 1), Err(TokenFault::TooOld));
        let token = check(10_000 + 6 * HOUR).unwrap();
        assert_eq!(token, check(13_000).unwrap());
        assert_eq!(token.addressee, 3);
        assert_eq!(tokens.spend(&token, 13_000, &limits), Ok(()));
        assert_eq!(tokens.spend(&token, 13_000, &limits), Err(TokenFault::Used), "of two at once, one");
        assert_eq!(check(14_000), Err(TokenFault::Used));
    }

    #[test]
    fn used_ones_are_kept_as_long_as_they_could_be_sent_again() {
        let (tokens, limits) = tokens();
        for minute in 0..1_000_u64 {
            let now = minute * 60_000;
            let text = tokens.issue(now, [2; 16], FormToken::ALL);
            let token = tokens.check(&text, now + 3_000, &limits).unwrap();
            tokens.spend(&token, now + 3_000, &limits).unwrap();
            assert_eq!(tokens.check(&text, now + 6 * HOUR, &limits), Err(TokenFault::Used));
            assert!(tokens.used().len() <= 361);
        }
    }

    #[test]
    fn what_this_server_did_not_issue_is_unknown() {
        let (tokens, limits) = tokens();
        let text = tokens.issue(0, [1; 16], 0);
        let check = |text: &str| tokens.check(text, 10_000, &limits);
        assert!(check(&text).is_ok());
        let bytes = base64::url_decode(&text).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(check(&base64::url_encode(&changed)), Err(TokenFault::Unknown), "{at}");
        }
        let (short, long) = (base64::url_encode(&bytes[..57]), base64::url_encode(&[bytes.as_slice(), &[0]].concat()));
        for other in ["", "é", &text[1..], &format!("{text}="), &short, &long] {
            assert_eq!(check(other), Err(TokenFault::Unknown), "{other}");
        }
        assert_eq!(FormTokens::new([8; 32]).check(&text, 10_000, &limits), Err(TokenFault::Unknown));
    }
}
