//! Percent-encoding (RFC 3986 §2.1) of values in a GS1 Digital Link, strict in both directions.
//!
//! What is not `%` and two hexadecimal digits is refused, never passed through: a text that two readers decode
//! differently must not be signed.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use thiserror::Error;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Where in the URL a value stands: `+` and space are written differently there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A path segment: `+` is a plus sign, a space is `%20`.
    Path,
    /// A query value (`application/x-www-form-urlencoded`): `+` is a space.
    Query,
}

/// `%` is not followed by two hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("`%` at byte {position} of the value is not followed by two hexadecimal digits")]
pub struct BadEscape {
    /// Where the `%` stands, in bytes from the start of the value.
    pub position: usize,
}

/// Decodes every `%XX`, in either case of the digits. The result is bytes: `%FF` is one byte, not a character. Borrowed where nothing
/// is encoded.
///
/// # Errors
/// [`BadEscape`].
///
/// ```
/// use label::percent::{Place, decode};
/// assert_eq!(decode("32a%2Fb", Place::Path).unwrap(), &b"32a/b"[..]);
/// assert_eq!(decode("100%", Place::Path).unwrap_err().position, 3);
/// ```
pub fn decode(text: &str, place: Place) -> Result<Cow<'_, [u8]>, BadEscape> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes().enumerate();
    while let Some((position, byte)) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || bytes.next().and_then(|(_, digit)| hex_value(digit)).ok_or(BadEscape { position });
                digit()? << 4 | digit()?
            }
            b'+' if place == Place::Query => b' ',
            other => other,
        });
    }
    Ok(Cow::Owned(decoded))
}

/// Encodes canonically: `A-Z a-z 0-9 - . _ ~` stay, all else becomes `%XX` in upper case; a space in a query is `+`.
///
/// ```
/// use label::percent::{Place, encode};
/// assert_eq!(encode(b"A/B+c~", Place::Path), "A%2FB%2Bc~");
/// ```
pub fn encode(bytes: &[u8], place: Place) -> String {
    let mut text = String::with_capacity(bytes.len());
    push(&mut text, bytes, place);
    text
}

/// Appends what [`encode`] gives.
pub fn push(text: &mut String, bytes: &[u8], place: Place) {
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            b' ' if place == Place::Query => text.push('+'),
            other => {
                text.push('%');
                text.extend([other >> 4, other & 15].map(hex_digit));
            }
        }
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from(*HEX.get(usize::from(nibble)).expect("a nibble is below 16"))
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_that_are_none_are_refused_where_they_stand() {
        for (text, position) in [("%", 0), ("A%", 1), ("ABC%2", 3), ("A%4gB", 1), ("A%G4B", 1), ("%%41", 0), ("%+1", 0)]
        {
            assert_eq!(decode(text, Place::Path), Err(BadEscape { position }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_back(bytes: Vec<u8>) {
            for place in [Place::Path, Place::Query] {
                let text = encode(&bytes, place);
                prop_assert_eq!(decode(&text, place).unwrap(), &bytes[..]);
            }
        }
    }
}
