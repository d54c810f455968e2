//! Entry: what one leaf of the log holds (design §5).

use alloc::vec::Vec;

use primitives::Timestamp;
use thiserror::Error;

/// A log entry of the one format that there is: 8 bytes received-at ‖ the JWS as received.
///
/// ```text
/// 00 mm mm mm mm mm mm mm | compact JWS …
/// └ milliseconds since 1970, big-endian; a first byte other than 00 is another format
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// When the registry took the statement in, by its own clock.
    pub received_at: Timestamp,
    /// The statement's bytes, unread.
    pub jws: &'a [u8],
}

/// An entry that this version cannot read. The log keeps it, the fold counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("entry is not of the format that begins with byte 0 and holds at least 9 bytes")]
pub struct UnknownFormat;

impl<'a> Entry<'a> {
    /// Bytes before the JWS.
    pub const HEADER: usize = 8;
    /// First instant that no longer fits: its first byte would name another format.
    const END: u64 = 1 << 56;

    /// The entry's bytes. Times beyond year 2 million are cut to the last one that fits.
    pub fn encode(received_at: Timestamp, jws: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::HEADER + jws.len());
        out.extend_from_slice(&received_at.millis().min(Self::END - 1).to_be_bytes());
        out.extend_from_slice(jws);
        out
    }

    /// Reads an entry's bytes.
    ///
    /// # Errors
    /// [`UnknownFormat`] where the first byte is not 0, or where no byte of a JWS follows.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, UnknownFormat> {
        let (header, jws) = bytes.split_first_chunk::<8>().ok_or(UnknownFormat)?;
        let millis = u64::from_be_bytes(*header);
        if millis >= Self::END || jws.is_empty() {
            return Err(UnknownFormat);
        }
        Ok(Self { received_at: Timestamp::from_millis(millis), jws })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_eight_bytes_and_the_jws() {
        let bytes = Entry::encode(Timestamp::from_millis(1_768_435_200_123), b"a.b.c");
        assert_eq!(bytes, b"\x00\x00\x01\x9b\xbe\xf3\xb0\x7ba.b.c");
        assert_eq!(
            Entry::decode(&bytes),
            Ok(Entry { received_at: Timestamp::from_millis(1_768_435_200_123), jws: b"a.b.c" })
        );
    }

    #[test]
    fn another_first_byte_and_a_missing_jws_are_another_format() {
        assert_eq!(Entry::decode(b"\x01\0\0\0\0\0\0\0a.b.c"), Err(UnknownFormat));
        assert_eq!(Entry::decode(b"\0\0\0\0\0\0\0\0"), Err(UnknownFormat));
        assert_eq!(Entry::decode(b"\0\0\0"), Err(UnknownFormat));
        assert_eq!(Entry::decode(b""), Err(UnknownFormat));
    }

    #[test]
    fn a_time_beyond_the_format_does_not_change_the_format() {
        let bytes = Entry::encode(Timestamp::from_millis(u64::MAX), b"x");
        assert_eq!(bytes[0], 0);
        assert!(Entry::decode(&bytes).is_ok());
    }
}
