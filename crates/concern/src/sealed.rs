//! A sealed concern: an age file of version 1 (c2sp.org/age), as far as it can be checked by somebody who cannot open it.
//!
//! ```text
//! age-encryption.org/v1
//! -> X25519 <ephemeral share, 32 bytes>         one for each recipient
//! <wrapped file key, 32 bytes>
//! -> <name>-grease <arguments>                   one at most
//! <body>
//! --- <MAC, 32 bytes>
//! nonce (16) ‖ one chunk: ciphertext (the padding's length) ‖ tag (16)
//! ```
//!
//! Read in one pass, with an end for everything: libraries read a header anew for every line that arrives, so that one of many small stanzas
//! costs them seconds.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use primitives::base64;
use thiserror::Error;

use crate::armor::{ArmorError, dearmor, enarmor};
use crate::concern::PADDING;

/// Longest sealed concern in its armored form, in bytes.
pub const MAX_SEALED: usize = 24 * 1_024;

const VERSION: &[u8] = b"age-encryption.org/v1";
/// Most recipients of one concern.
pub const MAX_RECIPIENTS: usize = 16;
/// Nonce and tag.
const OVERHEAD: usize = 32;
/// Longest line of a header: a stanza with arguments. Bodies have 64 characters.
const MAX_LINE: usize = 128;
/// Lines of the body of grease.
const MAX_GREASE_LINES: usize = 3;

/// A sealed concern of the right form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    bytes: Vec<u8>,
    recipients: usize,
}

/// What is wrong with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealedError {
    /// More bytes than there may be.
    #[error("the sealed report has more than {MAX_SEALED} bytes")]
    TooLong,
    /// No armor.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// Another version, or no age file.
    #[error("it is no age file of version 1")]
    Version,
    /// A stanza or the MAC line that is not as it has to be.
    #[error("the header of the age file is not well-formed")]
    Header,
    /// A passphrase, a key of another kind, or more keys than there can be.
    #[error("the age file is not for 1 to {MAX_RECIPIENTS} X25519 recipients and nobody else")]
    Recipients,
    /// More or fewer recipients than asked for.
    #[error("the age file has {found} recipients, expected {expected}")]
    Count {
        /// How many there are.
        found: usize,
        /// How many there have to be.
        expected: usize,
    },
    /// The payload's length is not one that padding gives.
    #[error("the payload of the age file is not padded to a multiple of {PADDING} bytes")]
    Padding,
}

impl Sealed {
    /// Reads the armored form of a concern that is sealed to so many recipients.
    ///
    /// # Errors
    /// [`SealedError`], the first defect.
    pub fn from_armor(text: &str, recipients: usize) -> Result<Self, SealedError> {
        if text.len() > MAX_SEALED {
            return Err(SealedError::TooLong);
        }
        Self::from_bytes(dearmor(text)?, recipients)
    }

    /// The same from the age file itself.
    ///
    /// # Errors
    /// [`SealedError`], the first defect.
    pub fn from_bytes(bytes: Vec<u8>, recipients: usize) -> Result<Self, SealedError> {
        let sealed = Self::parse(bytes)?;
        let (found, expected) = (sealed.recipients, recipients);
        if found == expected { Ok(sealed) } else { Err(SealedError::Count { found, expected }) }
    }

    /// Reads a concern that is sealed to any number of recipients, armored or not: what somebody has kept.
    ///
    /// # Errors
    /// [`SealedError`], the first defect.
    pub fn read(bytes: Vec<u8>) -> Result<Self, SealedError> {
        if bytes.len() > MAX_SEALED {
            return Err(SealedError::TooLong);
        }
        if bytes.starts_with(VERSION) {
            return Self::parse(bytes);
        }
        Self::parse(dearmor(core::str::from_utf8(&bytes).map_err(|_| ArmorError)?)?)
    }

    fn parse(bytes: Vec<u8>) -> Result<Self, SealedError> {
        if bytes.len() > MAX_SEALED {
            return Err(SealedError::TooLong);
        }
        let (recipients, payload) = header(&bytes)?;
        match payload.len().checked_sub(OVERHEAD) {
            Some(length) if length > 0 && length.is_multiple_of(PADDING) => Ok(Self { bytes, recipients }),
            Some(_) | None => Err(SealedError::Padding),
        }
    }

    /// The age file.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The age file as text.
    pub fn to_armor(&self) -> String {
        enarmor(&self.bytes)
    }
}

/// Gives the number of recipients, and what follows the header.
fn header(bytes: &[u8]) -> Result<(usize, &[u8]), SealedError> {
    let mut rest = bytes.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix(b"\n")).ok_or(SealedError::Version)?;
    let (mut recipients, mut grease) = (0, 0);
    loop {
        let first = line(&mut rest)?;
        if let Some(mac) = first.strip_prefix("--- ") {
            return match recipients {
                _ if !is_32_bytes(mac) => Err(SealedError::Header),
                0 => Err(SealedError::Recipients),
                _ => Ok((recipients, rest)),
            };
        }
        let mut words = first.strip_prefix("-> ").ok_or(SealedError::Header)?.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some("X25519"), Some(share), None) if recipients < MAX_RECIPIENTS => {
                recipients += 1;
                if !is_32_bytes(share) || !is_32_bytes(line(&mut rest)?) {
                    return Err(SealedError::Header);
                }
            }
            (Some(name), ..) if name.ends_with("-grease") && grease == 0 => {
                grease += 1;
                skip_body(&mut rest)?;
            }
            _ => return Err(SealedError::Recipients),
        }
    }
}

/// Takes one line off; a header is printable ASCII.
fn line<'b>(rest: &mut &'b [u8]) -> Result<&'b str, SealedError> {
    let end = rest.iter().take(MAX_LINE).position(|byte| *byte == b'\n').ok_or(SealedError::Header)?;
    let (line, after) = rest.split_at_checked(end).ok_or(SealedError::Header)?;
    *rest = after.strip_prefix(b"\n").ok_or(SealedError::Header)?;
    let text = core::str::from_utf8(line).map_err(|_| SealedError::Header)?;
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_printable { Ok(text) } else { Err(SealedError::Header) }
}

/// Full lines of 64 characters, and a shorter one.
fn skip_body(rest: &mut &[u8]) -> Result<(), SealedError> {
    for _ in 0..MAX_GREASE_LINES {
        let line = line(rest)?;
        let is_base64 = line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
        match line.len() {
            _ if !is_base64 => break,
            0..64 => return Ok(()),
            64 => {}
            _ => break,
        }
    }
    Err(SealedError::Header)
}

/// 43 characters of base64 without padding.
fn is_32_bytes(text: &str) -> bool {
    text.len() == 43 && base64::decode(&format!("{text}=")).is_some_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ajtxkQPeFJQ1yBVTLGdVbXQ7Bh0Xb5aTPmRUEyyTmG8";

    fn stanza() -> String {
        format!("-> X25519 {KEY}\n{KEY}\n")
    }

    fn file(header: &str, payload: usize) -> Vec<u8> {
        [header.as_bytes(), &alloc::vec![0xe5; payload]].concat()
    }

    fn with(stanzas: &str) -> Vec<u8> {
        file(&format!("age-encryption.org/v1\n{stanzas}--- {KEY}\n"), 32 + 2 * PADDING)
    }

    #[test]
    fn a_file_to_as_many_recipients_as_asked_for_is_taken() {
        for recipients in 1..4 {
            let bytes = with(&stanza().repeat(recipients));
            let sealed = Sealed::from_bytes(bytes.clone(), recipients).unwrap();
            assert_eq!(sealed.as_bytes(), bytes);
            assert_eq!(Sealed::from_armor(&sealed.to_armor().replace('\n', "\r\n"), recipients), Ok(sealed));
        }
        let body = "A".repeat(64);
        for grease in ["-> x-grease\n\n".into(), format!("-> ~!-grease a b\n{body}\n{body}\nAAAA\n")] {
            assert!(Sealed::from_bytes(with(&(stanza() + &grease)), 1).is_ok(), "{grease}");
            assert!(Sealed::from_bytes(with(&(grease.clone() + &stanza())), 1).is_ok(), "{grease}");
        }
    }

    #[test]
    fn what_was_kept_is_read_armored_or_not() {
        let sealed = Sealed::from_bytes(with(&stanza().repeat(3)), 3).unwrap();
        assert_eq!(Sealed::read(sealed.as_bytes().to_vec()), Ok(sealed.clone()));
        assert_eq!(Sealed::read(sealed.to_armor().into_bytes()), Ok(sealed.clone()));
        let twice = enarmor(sealed.to_armor().as_bytes());
        assert_eq!(Sealed::read(twice.clone().into_bytes()), Err(SealedError::Version));
        assert_eq!(Sealed::from_armor(&twice, 3), Err(SealedError::Version));
        assert_eq!(Sealed::read(alloc::vec![0xff; 100]), Err(SealedError::Armor(ArmorError)));
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        use SealedError::{Count, Header, Padding, Recipients, TooLong, Version};
        let (one, expected) = (stanza(), 1);
        let long = format!("-> X25519 {}\n", "A".repeat(20_000));
        for (bytes, error) in [
            (Vec::new(), Version),
            (with("")[1..].to_vec(), Version),
            (file("age-encryption.org/v2\n", 2048), Version),
            (with(""), Recipients),
            (with(&one.repeat(2)), Count { found: 2, expected }),
            (with(&one.repeat(MAX_RECIPIENTS)), Count { found: MAX_RECIPIENTS, expected }),
            (with(&one.repeat(MAX_RECIPIENTS + 1)), Recipients),
            (with(&(one.clone() + "-> scrypt AAAA 18\nAAAA\n")), Recipients),
            (with(&(one.clone() + "-> ssh-ed25519 AAAA BBBB\nAAAA\n")), Recipients),
            (with(&(one.clone() + "-> x-grease\n\n-> y-grease\n\n")), Recipients),
            (with(&format!("-> X25519 {KEY} {KEY}\n{KEY}\n")), Recipients),
            (with("-> X25519\n\n"), Recipients),
            (with(&one.replacen(KEY, &KEY[..42], 1)), Header),
            (with(&one.replacen("G8\n", "G9\n", 1)), Header),
            (with(&one.replace("G8\n", "G8=\n")), Header),
            (with(&one.replace("G8\n", "G8\r\n")), Header),
            (with(&(one.clone() + "-> é-grease\n\n")), Header),
            (with(&(one.clone() + "-> x-grease\nA-A\n")), Header),
            (with(&(one.clone() + "-> x-grease\n" + &("A".repeat(64) + "\n").repeat(4) + "\n")), Header),
            (with(&(one.clone() + "\n")), Header),
            (with(&long), Header),
            (file(&format!("age-encryption.org/v1\n{one}--- AAAA\n"), 1056), Header),
            (file(&format!("age-encryption.org/v1\n{one}"), 0), Header),
            (file(&format!("age-encryption.org/v1\n{one}--- {KEY}\n"), 0), Padding),
            (file(&format!("age-encryption.org/v1\n{one}--- {KEY}\n"), 32), Padding),
            (file(&format!("age-encryption.org/v1\n{one}--- {KEY}\n"), 1055), Padding),
            (alloc::vec![0; MAX_SEALED + 1], TooLong),
        ] {
            assert_eq!(
                Sealed::from_bytes(bytes.clone(), expected),
                Err(error),
                "{}",
                String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
            );
        }
        assert_eq!(Sealed::from_armor(&" ".repeat(MAX_SEALED + 1), 1), Err(TooLong));
        assert_eq!(Sealed::from_armor("x", 1), Err(SealedError::Armor(ArmorError)));
    }
}
