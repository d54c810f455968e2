//! A log entry: when it was received, and the bytes that were submitted.
//!
//! ```text
//! ┌──────────────────────────┬──────────────────────┐
//! │ received-at              │ token, as submitted  │
//! │ 8, milliseconds, BE      │ to the end           │
//! └──────────────────────────┴──────────────────────┘
//! ```
//! The first byte of a time is 0 until the year 2,285,428, so it is free to name the format: 1 is an entry of the log's own
//! (see [`crate::Law::own_entry`]), whose other seven bytes are a time as well. Any other is a format that this program does
//! not write and does not know.

use bytes::Bytes;

/// Bytes before the token.
pub const ENTRY_HEADER: usize = 8;

/// First byte of an entry of the log's own.
const OWN_FORMAT: u8 = 1;

pub(crate) fn encode(received_at_millis: u64, token: &[u8]) -> Bytes {
    let mut entry = Vec::with_capacity(ENTRY_HEADER + token.len());
    entry.extend_from_slice(&received_at_millis.to_be_bytes());
    entry.extend_from_slice(token);
    entry.into()
}

/// When the entry was received; `None` where it has no such header.
#[must_use]
pub fn received_at_millis(entry: &[u8]) -> Option<u64> {
    let (header, _) = entry.split_first_chunk::<ENTRY_HEADER>()?;
    let [format, rest @ ..] = *header;
    let millis = rest.iter().fold(0, |millis, byte| millis << 8 | u64::from(*byte));
    (format <= OWN_FORMAT).then_some(millis)
}

/// What was submitted: all that follows the header, nothing where there is none.
#[must_use]
pub fn token(entry: &[u8]) -> &[u8] {
    entry.get(ENTRY_HEADER..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_its_time_and_its_token() {
        let entry = encode(0x0102_0304_0506, b"a.b.c");
        assert_eq!(entry[..], *b"\0\0\x01\x02\x03\x04\x05\x06a.b.c");
        assert_eq!(received_at_millis(&entry), Some(0x0102_0304_0506));
        assert_eq!(token(&entry), b"a.b.c");
    }

    #[test]
    fn an_entry_of_the_logs_own_has_its_time_in_the_same_place() {
        assert_eq!(received_at_millis(b"\x01\0\x01\x02\x03\x04\x05\x06own"), Some(0x0102_0304_0506));
    }

    #[test]
    fn other_bytes_have_no_time() {
        assert_eq!(received_at_millis(b"\x02\0\0\0\0\0\0\0a.b.c"), None);
        assert_eq!(received_at_millis(b"\0\0\0\0\0\0\0"), None);
        assert_eq!(token(b"\0\0"), b"");
    }
}
