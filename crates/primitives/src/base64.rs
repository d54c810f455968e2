//! Base64 with exactly one text for each value (RFC 4648 §3.5: pad bits zero, padding as required).
//!
//! A second spelling of the same bytes would let one statement pass as two.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
use self::vectors::{STANDARD, URL_SAFE_NO_PAD};
#[cfg(not(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64"))))]
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// The same two engines by vector instructions, where the processor has them.
#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod vectors {
    use std::sync::LazyLock;

    use base64::engine::general_purpose::{NO_PAD, PAD};
    use base64::engine::simd::Simd;

    pub(super) static STANDARD: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));
    pub(super) static URL_SAFE_NO_PAD: LazyLock<Simd> = LazyLock::new(|| Simd::url_safe(NO_PAD));
}

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

/// [`url_decode`] into a buffer, whose content is replaced; `false` where the text is not one that [`url_encode`] writes.
pub fn url_decode_into(text: &[u8], buffer: &mut Vec<u8>) -> bool {
    buffer.clear();
    URL_SAFE_NO_PAD.decode_vec(text, buffer).is_ok()
}

/// [`url_decode`] of a text that stands for exactly `N` bytes.
pub fn url_decode_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (length == N).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_of_their_length() {
        let text = url_encode(&[7; 64]);
        assert_eq!(url_decode_array(&text), Some([7; 64]));
        assert_eq!((url_decode_array::<63>(&text), url_decode_array::<65>(&text)), (None, None));
        assert_eq!(url_decode_array::<64>(&text.replace('B', "?")), None);
    }

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

    /// Whichever engine is used: every length around a vector's, and a wrong byte at every place.
    #[test]
    fn all_engines_read_the_same() {
        use base64::Engine;
        use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
        for length in 0..200_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(151) ^ length).collect();
            let (text, url) = (encode(&bytes), url_encode(&bytes));
            assert_eq!((&text, &url), (&STANDARD.encode(&bytes), &URL_SAFE_NO_PAD.encode(&bytes)));
            assert_eq!((decode(&text), url_decode(&url)), (Some(bytes.clone()), Some(bytes)));
            for at in 0..url.len() {
                for wrong in ["+", "/", "=", ".", " ", "\0", "\u{7f}", "B", "_"] {
                    let mut other = url.clone();
                    other.replace_range(at..=at, wrong);
                    let read = URL_SAFE_NO_PAD.decode(&other).ok();
                    assert_eq!(url_decode(&other), read, "{other}");
                    let mut buffer = alloc::vec![7];
                    assert_eq!(url_decode_into(other.as_bytes(), &mut buffer).then_some(buffer), read, "{other}");
                    let mut other = text.clone();
                    other.replace_range(at..=at, wrong);
                    assert_eq!(decode(&other), STANDARD.decode(&other).ok(), "{other}");
                }
            }
        }
    }
}
