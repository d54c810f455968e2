//! Base64 with exactly one text for each value (RFC 4648 §3.5: pad bits zero, padding as required).
//!
//! A second spelling of the same bytes would let one statement pass as two.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Standard alphabet, padded (RFC 4648 §4): what C2SP notes use.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads [`encode`]'s text and nothing else; `None` for other alphabets, missing padding or non-zero pad bits.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// URL-safe alphabet, unpadded (RFC 4648 §5): what JWS and JWK use (RFC 7515 §2).
pub fn url_encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads [`url_encode`]'s text and nothing else.
pub fn url_decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_spelling_is_refused() {
        assert_eq!(decode("AA=="), Some(alloc::vec![0]));
        for other in ["AB==", "AA", "AA=", "AA==\n", " AA==", "A", "A_=="] {
            assert_eq!(decode(other), None, "{other:?}");
        }
        assert_eq!(url_decode("_-8"), Some(alloc::vec![0xff, 0xef]));
        for other in ["_-9", "/+8", "_-8=", "_-8\n", "_"] {
            assert_eq!(url_decode(other), None, "{other:?}");
        }
    }
}
