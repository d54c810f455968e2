//! Bytes of JSON, counted before the parser sees them: it keeps a string whole and a byte for each level of nesting,
//! however many there are.

use std::io::{self, Read};

use memchr::memchr2;

use super::super::error::ManifestError;

/// Deeper than any EPCIS document, whose own members reach ten levels.
pub(super) const MAX_DEPTH: u32 = 64;
/// Longer than any value of an EPCIS document; a label has at most 2048 bytes.
pub(super) const MAX_STRING: usize = 64 << 10;

/// A stream of JSON that breaks off where it would cost memory.
pub(super) struct Guarded<R> {
    inner: R,
    /// In a string, the bytes of it so far.
    string: Option<usize>,
    /// The byte before was a backslash that escapes this one.
    is_escaped: bool,
    depth: u32,
}

impl<R> Guarded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, string: None, is_escaped: false, depth: 0 }
    }

    /// RFC 8259 §7: a string ends at the first quotation mark that no backslash escapes.
    fn see(&mut self, mut bytes: &[u8]) -> Result<(), ManifestError> {
        while let Some((&first, rest)) = bytes.split_first() {
            let Some(length) = self.string else {
                match first {
                    b'"' => self.string = Some(0),
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                if self.depth > MAX_DEPTH {
                    return Err(ManifestError::JsonTooDeep { limit: MAX_DEPTH });
                }
                bytes = rest;
                continue;
            };
            let passed = if self.is_escaped {
                self.is_escaped = false;
                1
            } else {
                match memchr2(b'"', b'\\', bytes) {
                    Some(at) if bytes.get(at) == Some(&b'\\') => {
                        self.is_escaped = true;
                        at + 1
                    }
                    Some(at) => {
                        self.string = None;
                        bytes = bytes.get(at + 1..).unwrap_or_default();
                        if length + at > MAX_STRING {
                            return Err(ManifestError::JsonStringTooLong { limit: MAX_STRING });
                        }
                        continue;
                    }
                    None => bytes.len(),
                }
            };
            if length + passed > MAX_STRING {
                return Err(ManifestError::JsonStringTooLong { limit: MAX_STRING });
            }
            self.string = Some(length + passed);
            bytes = bytes.get(passed..).unwrap_or_default();
        }
        Ok(())
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.see(buffer.get(..read).unwrap_or_default()).map_err(io::Error::other)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds the text in pieces of each small size.
    fn see(text: &str) -> Result<(), ManifestError> {
        for size in 1..4 {
            let mut guarded = Guarded::new(io::empty());
            for piece in text.as_bytes().chunks(size) {
                guarded.see(piece)?;
            }
        }
        Guarded::new(io::empty()).see(text.as_bytes())
    }

    #[test]
    fn depth_is_counted_outside_of_strings_only() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(see(&nested(64)), Ok(()));
        assert_eq!(see(&nested(65)), Err(ManifestError::JsonTooDeep { limit: 64 }));
        assert_eq!(see(&format!("[{}[]]", "[],".repeat(100))), Ok(()));
        assert_eq!(see(&format!("\"{}\"", "[".repeat(100))), Ok(()));
        assert_eq!(see(&format!(r#""\"{}""#, "[".repeat(100))), Ok(()));
        assert_eq!(see(&format!(r#""\\"{}"#, "[".repeat(100))), Err(ManifestError::JsonTooDeep { limit: 64 }));
    }

    #[test]
    fn a_long_string_is_stopped_before_it_ends() {
        let string = |length: usize| format!("\"{}\"", "a".repeat(length));
        assert_eq!(see(&string(MAX_STRING)), Ok(()));
        assert_eq!(see(&string(MAX_STRING + 1)), Err(ManifestError::JsonStringTooLong { limit: MAX_STRING }));
        let escaped = format!("\"{}", r#"\""#.repeat(MAX_STRING));
        assert_eq!(see(&escaped), Err(ManifestError::JsonStringTooLong { limit: MAX_STRING }));
    }
}
