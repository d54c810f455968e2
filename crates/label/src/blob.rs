//! The signed part of a label: layout in the crate's documentation.

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Day, LabelKeyId, Signature, base32};
use statement::Claims;

use crate::leb128::{self, Leb128Error};
use crate::{Error, Malformed, Unsupported};

/// The version that is written, and the only one that is read.
const VERSION: u8 = 1;
/// A version-1 blob whose index takes one byte.
const MIN_LEN: usize = 1 + 1 + 4 + 1 + 2 + 64;
/// A version-1 blob whose index takes ten bytes.
const MAX_LEN: usize = MIN_LEN - 1 + leb128::MAX_LEN;
/// The longest blob of another version that is called unsupported rather than malformed.
const MAX_LEN_ANY_VERSION: usize = 256;

/// What a label says beside its product, and the signature over all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blob {
    /// What the label claims of its product.
    pub claims: Claims,
    /// Which of the certifier's keys signed.
    pub key_id: LabelKeyId,
    /// The attestation's index in the registry's log.
    pub index: u64,
    /// The last day on which the label holds; the attestation's own may be earlier.
    pub last_day: Day,
    /// Over [`crate::Label::signed_bytes`].
    pub signature: Signature,
}

impl Blob {
    /// Reads the segment of the URL.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for another version or an unknown claim, [`Error::Malformed`] for all else.
    pub fn decode(text: &str) -> Result<Self, Error> {
        let bytes = base32::decode(text).ok_or(Malformed::BlobNotBase32)?;
        let length = |max| Malformed::BlobLength { found: bytes.len(), min: MIN_LEN, max };
        // A later version will also carry a key, an index and a signature; a short word is not one.
        if !(MIN_LEN..=MAX_LEN_ANY_VERSION).contains(&bytes.len()) {
            return Err(length(MAX_LEN).into());
        }
        let (&[version, claims, k0, k1, k2, k3], rest) = bytes.split_first_chunk().ok_or(length(MAX_LEN))?;
        if version != VERSION {
            return Err(Unsupported::Version(version).into());
        }
        let (index, rest) = leb128::read(rest).map_err(|error| match error {
            Leb128Error::NotShortest => Malformed::IndexNotShortest,
            Leb128Error::TooLarge | Leb128Error::Truncated => Malformed::IndexTooLarge,
        })?;
        let (&[day1, day0], signature) = rest.split_first_chunk().ok_or(length(MAX_LEN))?;
        let signature = signature.try_into().map_err(|_| length(MAX_LEN))?;
        let claims = Claims::from_bits(claims).map_err(|unknown| Unsupported::Claim(unknown.0))?;
        if claims.is_empty() {
            return Err(Malformed::NoClaims.into());
        }
        Ok(Self {
            claims,
            key_id: LabelKeyId([k0, k1, k2, k3]),
            index,
            last_day: Day::from_days(u16::from_be_bytes([day1, day0])),
            signature: Signature::from_bytes(signature),
        })
    }

    /// All but the signature: what is signed.
    pub fn header(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(MAX_LEN);
        bytes.extend([VERSION, self.claims.bits()]);
        bytes.extend(self.key_id.0);
        leb128::push(&mut bytes, self.index);
        bytes.extend(self.last_day.days().to_be_bytes());
        bytes
    }

    /// The segment of the URL.
    pub fn encode(&self) -> String {
        let mut bytes = self.header();
        bytes.extend(self.signature.as_bytes());
        base32::encode(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;

    fn bytes(index: &[u8]) -> Vec<u8> {
        let mut bytes = vec![1, 1, 0x34, 0x75, 0x0f, 0x98];
        bytes.extend(index);
        bytes.extend([0x52, 0xbf]);
        bytes.extend([7; 64]);
        bytes
    }

    fn reason(bytes: &[u8]) -> Error {
        Blob::decode(&base32::encode(bytes)).unwrap_err()
    }

    #[test]
    fn versions_and_claims_to_come_are_unsupported_not_malformed() {
        let mut other = bytes(&[5]);
        other[0] = 2;
        assert_eq!(reason(&other), Unsupported::Version(2).into());
        other.extend([0; 100]);
        assert_eq!(reason(&other), Unsupported::Version(2).into());
        other[0] = 0;
        assert_eq!(reason(&other), Unsupported::Version(0).into());
        let mut other = bytes(&[5]);
        other[1] = 0b101;
        assert_eq!(reason(&other), Unsupported::Claim(5).into());
    }

    #[test]
    fn everything_else_is_malformed_with_its_reason() {
        let mut none = bytes(&[5]);
        none[1] = 0;
        assert_eq!(reason(&none), Malformed::NoClaims.into());
        assert_eq!(reason(&bytes(&[0x85, 0x00])), Malformed::IndexNotShortest.into());
        assert_eq!(reason(&bytes(&[0xff; 11])), Malformed::IndexTooLarge.into());
        for bytes in [bytes(&[5, 5]), bytes(&[5])[..72].to_vec(), vec![1; 257], vec![], b"ABOUT".to_vec()] {
            let found = bytes.len();
            assert_eq!(reason(&bytes), Malformed::BlobLength { found, min: 73, max: 82 }.into());
        }
        let text = base32::encode(&bytes(&[5]));
        for other in [text.to_lowercase(), alloc::format!("{text}==="), text.replacen('A', "1", 1), text + "A"] {
            assert_eq!(Blob::decode(&other), Err(Malformed::BlobNotBase32.into()), "{other}");
        }
    }

    #[test]
    fn non_zero_trailing_bits_are_refused() {
        // 74 bytes are 592 bits in 119 characters of 595: the last character has three bits to spare.
        let text = base32::encode(&bytes(&[0x85, 0x01]));
        let (body, last) = text.split_at(118);
        assert_eq!(last, "Y");
        assert!(Blob::decode(&text).is_ok());
        for other in ["Z", "2", "7"] {
            assert_eq!(Blob::decode(&(alloc::format!("{body}{other}"))), Err(Malformed::BlobNotBase32.into()));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bits in 1..=3_u8, key: [u8; 4], index: u64, days: u16, signature: [u8; 64]) {
            let blob = Blob {
                claims: Claims::from_bits(bits).unwrap(),
                key_id: LabelKeyId(key),
                index,
                last_day: Day::from_days(days),
                signature: Signature::from_bytes(signature),
            };
            prop_assert_eq!(Blob::decode(&blob.encode()), Ok(blob));
        }
    }
}
