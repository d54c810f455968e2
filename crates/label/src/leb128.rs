//! Unsigned LEB128 in its shortest form: seven bits a byte, least significant first, the high bit means "more".

use alloc::vec::Vec;

/// The most bytes that a 64-bit number takes.
pub(crate) const MAX_LEN: usize = 10;

/// Why bytes are not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leb128Error {
    /// The bytes end while the high bit says that more follow.
    Truncated,
    /// The last byte adds nothing: the number has a shorter form.
    NotShortest,
    /// The number does not fit 64 bits.
    TooLarge,
}

/// Appends the shortest form of `number`.
pub(crate) fn push(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

/// Reads a number off the front; gives it and the rest.
pub(crate) fn read(bytes: &[u8]) -> Result<(u64, &[u8]), Leb128Error> {
    let mut number = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(MAX_LEN) {
        let low = u64::from(byte & 0x7f);
        // The tenth byte holds bit 63 alone.
        if at == MAX_LEN - 1 && byte > 1 {
            return Err(Leb128Error::TooLarge);
        }
        number |= low << (7 * at);
        if byte & 0x80 == 0 {
            return match (at, byte) {
                (1.., 0) => Err(Leb128Error::NotShortest),
                _ => Ok((number, bytes.get(at + 1..).unwrap_or_default())),
            };
        }
    }
    Err(Leb128Error::Truncated)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_shortest_form_of_a_64_bit_number_is_read() {
        let max = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(read(&max), Ok((u64::MAX, &[][..])));
        assert_eq!(read(&[0xe7, 0xe2, 0x05, 9]), Ok((94_567, &[9][..])));
        assert_eq!(read(&[0x80, 0x00]), Err(Leb128Error::NotShortest));
        assert_eq!(read(&[0x81, 0x80, 0x00]), Err(Leb128Error::NotShortest));
        assert_eq!(read(&[0x80]), Err(Leb128Error::Truncated));
        assert_eq!(read(&[]), Err(Leb128Error::Truncated));
        assert_eq!(read(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), Err(Leb128Error::TooLarge));
        assert_eq!(read(&[0x80; 11]), Err(Leb128Error::TooLarge));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(number: u64) {
            let mut bytes = vec![];
            push(&mut bytes, number);
            prop_assert!(bytes.len() <= MAX_LEN);
            prop_assert_eq!(read(&bytes), Ok((number, &[][..])));
        }
    }
}
