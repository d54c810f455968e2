//! A report as it is kept: no address, no time of day, nothing that points to whoever sent it.
//!
//! ```text
//! closed   01 ‖ 00                            ‖ SHA-256 of the receipt code (32)
//! open     01 ‖ 01 by the device, 02 here     ‖ SHA-256 of the receipt code (32)
//!          ‖ day received (2) ‖ addressees (1) ‖ each: stage (1) ‖ length (2) ‖ DID
//!          ‖ age file
//! ```
//!
//! A change of stage leaves every length as it was, which is what pieces ask for.

use primitives::{Day, Hash};
use statement::Did;

const VERSION: u8 = 1;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    /// Some addressee has not finished with it.
    Open(Open, Vec<u8>),
    /// All have: nothing is left of it but that the receipt code was once given out.
    Closed(Hash),
}

/// All of an open report but its sealed bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) by: Sealer,
    /// SHA-256 of the receipt code.
    pub(crate) receipt: Hash,
    pub(crate) day: Day,
    /// Whom it is sealed to, and how far each is with it.
    pub(crate) to: Vec<(Did, Stage)>,
}

/// Where a report was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sealer {
    /// On the sender's device.
    Device,
    /// Here, before it was stored.
    Server,
}

/// How far an addressee is with a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Not fetched yet.
    Received,
    /// Fetched.
    Read,
    /// Looked into.
    InProgress,
    /// Finished with.
    Closed,
}

impl Sealer {
    /// The code in answers.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Server => "server",
        }
    }
}

impl Stage {
    /// The code in answers.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Read => "read",
            Self::InProgress => "in-progress",
            Self::Closed => "closed",
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Received, Self::Read, Self::InProgress, Self::Closed].into_iter().find(|known| *known as u8 == byte)
    }
}

impl Open {
    /// How far it is, for the sender: closed once all addressees have closed it, else as far as any of them is.
    pub(crate) fn stage(&self) -> Stage {
        let all = || self.to.iter().map(|(_, stage)| *stage);
        if all().all(|stage| stage == Stage::Closed) {
            return Stage::Closed;
        }
        // Whoever has closed it alone has read it.
        all().map(|stage| if stage == Stage::Closed { Stage::Read } else { stage }).fold(Stage::Received, Stage::max)
    }
}

impl Record {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (open, sealed) = match self {
            Self::Closed(receipt) => return [&[VERSION, 0], receipt.0.as_slice()].concat(),
            Self::Open(open, sealed) => (open, sealed),
        };
        let by = match open.by {
            Sealer::Device => 1,
            Sealer::Server => 2,
        };
        let mut bytes = vec![VERSION, by];
        bytes.extend_from_slice(&open.receipt.0);
        bytes.extend_from_slice(&open.day.days().to_be_bytes());
        // The trust file's accreditors are few, and a DID is short: the numbers fit.
        bytes.push(u8::try_from(open.to.len()).unwrap_or(u8::MAX));
        for (did, stage) in &open.to {
            bytes.push(*stage as u8);
            bytes.extend_from_slice(&u16::try_from(did.as_str().len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend_from_slice(did.as_str().as_bytes());
        }
        bytes.extend_from_slice(sealed);
        bytes
    }

    /// Reads what [`Record::encode`] writes; `None` for anything else.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let ([VERSION, by], rest) = bytes.split_first_chunk::<2>()? else { return None };
        let (receipt, rest) = rest.split_first_chunk::<32>()?;
        let receipt = Hash(*receipt);
        let by = match by {
            0 => return rest.is_empty().then_some(Self::Closed(receipt)),
            1 => Sealer::Device,
            2 => Sealer::Server,
            _ => return None,
        };
        let (day, rest) = rest.split_first_chunk::<2>()?;
        let (count, mut rest) = rest.split_first()?;
        let mut to = Vec::with_capacity(usize::from(*count));
        for _ in 0..*count {
            let ([stage, long, short], after) = rest.split_first_chunk::<3>()?;
            let (did, after) = after.split_at_checked(usize::from(u16::from_be_bytes([*long, *short])))?;
            to.push((Did::parse(std::str::from_utf8(did).ok()?).ok()?, Stage::from_byte(*stage)?));
            rest = after;
        }
        let day = Day::from_days(u16::from_be_bytes(*day));
        Some(Self::Open(Open { by, receipt, day, to }, rest.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use statement::sample::{day, did};

    use super::*;

    fn open(stage: &[Stage]) -> Open {
        let to = (0..).zip(stage).map(|(n, stage)| (did(&format!("did:web:a{n}.example")), *stage)).collect();
        Open { by: Sealer::Server, receipt: Hash::of(b"x"), day: day("2026-11-30"), to }
    }

    #[test]
    fn a_record_is_read_back_and_half_of_one_is_none() {
        let record = Record::Open(open(&[Stage::Read, Stage::Closed]), b"age-encryption.org/v1".to_vec());
        let bytes = record.encode();
        assert_eq!(Record::decode(&bytes), Some(record));
        let closed = Record::Closed(Hash::of(b"x"));
        assert_eq!(Record::decode(&closed.encode()), Some(closed.clone()));
        assert_eq!(closed.encode().len(), 34, "nothing is left but the receipt's hash");
        for end in 0..bytes.len() - 21 {
            assert_eq!(Record::decode(&bytes[..end]), None, "{end}");
        }
        assert_eq!(Record::decode(&[closed.encode().as_slice(), b"x"].concat()), None);
        assert_eq!(Record::decode(&[&[2], &bytes[1..]].concat()), None);
    }

    #[test]
    fn a_stage_changes_no_length() {
        let length = |stage| Record::Open(open(&[stage]), vec![0; 40]).encode().len();
        assert_eq!(length(Stage::Received), length(Stage::Closed));
    }

    #[test]
    fn the_sender_sees_how_far_the_furthest_is_and_closed_when_all_are() {
        use Stage::{Closed, InProgress, Read, Received};
        for (all, shown) in [
            (&[Received][..], Received),
            (&[Received, Read], Read),
            (&[Received, Closed], Read),
            (&[InProgress, Closed], InProgress),
            (&[Closed, Closed], Closed),
        ] {
            assert_eq!(open(all).stage(), shown, "{all:?}");
        }
    }
}
