//! Base32 (RFC 4648 §6), upper case, no padding, trailing bits zero: the alphabet fits the QR alphanumeric mode.

use alloc::string::String;
use alloc::vec::Vec;

use data_encoding::BASE32_NOPAD;

/// Writes base32, upper case and unpadded.
pub fn encode(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes)
}

/// Reads [`encode`]'s text and nothing else: lower case, padding and non-zero trailing bits give `None`.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_spelling_is_refused() {
        assert_eq!(decode("AE"), Some(alloc::vec![1]));
        for other in ["AF", "ae", "AE======", "A", "A1", "AE "] {
            assert_eq!(decode(other), None, "{other:?}");
        }
        assert_eq!(encode(b"foobar"), "MZXW6YTBOI", "RFC 4648 §10");
    }
}
