//! What customs offices cleared before: serial numbers and quantities of each attestation, and their bytes (README, "The supplement").

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use roaring::RoaringBitmap;
use statement::{ClearedGoods, SerialRange};
use thiserror::Error;

use crate::serial_set;

/// What the bytes begin with.
const MAGIC: &[u8] = b"ethical-label-cleared/v1\n";

/// All clearances of one registry that still count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cleared {
    lots: BTreeMap<u64, ClearedLot>,
}

/// What was cleared of one attestation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClearedLot {
    serials: RoaringBitmap,
    quantity: u64,
}

/// Why bytes say nothing about what was cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClearedError {
    /// Of another version, or of something else.
    #[error("what was cleared is of an unknown version")]
    UnknownVersion,
    /// Not what is written.
    #[error("what was cleared is not as written, {0} bytes before its end")]
    NotAsWritten(usize),
}

impl ClearedError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownVersion => "unknown_version",
            Self::NotAsWritten(_) => "cleared_not_as_written",
        }
    }
}

impl Cleared {
    /// The bytes: equal for equal contents.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        for (index, lot) in self.lots.iter().filter(|(_, lot)| !lot.is_empty()) {
            let serials = if lot.serials.is_empty() { Vec::new() } else { serial_set::encode(&lot.serials) };
            out.extend_from_slice(&index.to_be_bytes());
            out.extend_from_slice(&lot.quantity.to_be_bytes());
            out.extend_from_slice(&(serials.len() as u64).to_be_bytes());
            out.extend_from_slice(&serials);
        }
        out
    }

    /// Reads exactly what [`Cleared::encode`] writes. Memory is bounded by the bytes.
    ///
    /// # Errors
    /// [`ClearedError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ClearedError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(ClearedError::UnknownVersion)?;
        let mut lots = BTreeMap::new();
        while !rest.is_empty() {
            let before = rest.len();
            let (index, lot) = read(&mut rest).ok_or(ClearedError::NotAsWritten(before))?;
            let is_next = lots.last_key_value().is_none_or(|(last, _)| *last < index);
            if lot.is_empty() || !is_next {
                return Err(ClearedError::NotAsWritten(before));
            }
            lots.insert(index, lot);
        }
        Ok(Self { lots })
    }

    /// Puts what is cleared of an attestation in the place of what was; nothing leaves none.
    pub(crate) fn set(&mut self, index: u64, lot: ClearedLot) {
        if lot.is_empty() {
            self.lots.remove(&index);
        } else {
            self.lots.insert(index, lot);
        }
    }

    /// How many attestations something was cleared of.
    pub fn attestations(&self) -> usize {
        self.lots.len()
    }

    /// What was cleared of the attestation with this log index.
    pub fn lot(&self, index: u64) -> Option<&ClearedLot> {
        self.lots.get(&index)
    }

    /// The same, to be added to.
    pub fn lot_mut(&mut self, index: u64) -> &mut ClearedLot {
        self.lots.entry(index).or_default()
    }

    /// All of them, by log index.
    pub fn lots(&self) -> impl Iterator<Item = (u64, &ClearedLot)> {
        self.lots.iter().map(|(index, lot)| (*index, lot))
    }
}

/// Index, quantity, serials with their length before them.
fn read(rest: &mut &[u8]) -> Option<(u64, ClearedLot)> {
    let mut number = || {
        let (first, after) = rest.split_first_chunk::<8>()?;
        *rest = after;
        Some(u64::from_be_bytes(*first))
    };
    let (index, quantity, length) = (number()?, number()?, number()?);
    let (bytes, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    let serials = if bytes.is_empty() { RoaringBitmap::new() } else { serial_set::decode(bytes)? };
    // No label has the number 0, and no numbers are written as none.
    let is_written = !serials.contains(0) && serials.is_empty() == bytes.is_empty();
    is_written.then_some((index, ClearedLot { serials, quantity }))
}

impl ClearedLot {
    /// Whether nothing was cleared.
    pub fn is_empty(&self) -> bool {
        self.serials.is_empty() && self.quantity == 0
    }

    /// The serial numbers as ranges, ascending, with a gap between two.
    pub fn ranges(&self) -> Vec<SerialRange> {
        serial_set::ranges(&self.serials)
    }

    /// Adds what a clearance lets pass.
    pub fn add(&mut self, goods: &ClearedGoods) {
        for range in &goods.serials {
            self.add_serials(range.first, range.last);
        }
        self.add_quantity_of(goods);
    }

    /// The same, without the serial numbers.
    pub(crate) fn add_quantity_of(&mut self, goods: &ClearedGoods) {
        if let Some(quantity) = goods.quantity {
            self.add_quantity(u64::from(quantity.value).saturating_mul(quantity.unit.base().1));
        }
    }

    /// Whether this serial number was cleared.
    pub fn has(&self, number: u32) -> bool {
        self.serials.contains(number)
    }

    /// The serial numbers.
    pub const fn serials(&self) -> &RoaringBitmap {
        &self.serials
    }

    /// Adds the serial numbers from `first` to `last`, both included.
    pub fn add_serials(&mut self, first: u32, last: u32) {
        self.serials.insert_range(first..=last);
    }

    /// Quantity, in the base of the attestation's unit ([`statement::Unit::base`]).
    pub const fn quantity(&self) -> u64 {
        self.quantity
    }

    /// Adds a quantity, in the base of the attestation's unit.
    pub const fn add_quantity(&mut self, quantity: u64) {
        self.quantity = self.quantity.saturating_add(quantity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleared() -> Cleared {
        let mut cleared = Cleared::default();
        cleared.lot_mut(7).add_serials(1, 40);
        cleared.lot_mut(7).add_serials(99, 99);
        cleared.lot_mut(7).add_quantity(40);
        cleared.lot_mut(9).add_quantity(5_000);
        cleared.lot_mut(1 << 33).add_serials(1, 1_000_000);
        cleared
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_is_written_of_nothing() {
        let mut cleared = cleared();
        let bytes = cleared.encode();
        assert_eq!(Cleared::decode(&bytes), Ok(cleared.clone()));
        cleared.lot_mut(8);
        assert_eq!(cleared.encode(), bytes, "an empty lot is no lot");
        assert_eq!(Cleared::decode(MAGIC), Ok(Cleared::default()));
        assert_eq!(Cleared::decode(b"ethical-label-cleared/v2\n"), Err(ClearedError::UnknownVersion));
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_refused_or_says_something_else() {
        let (cleared, bytes) = (cleared(), cleared().encode());
        for length in 0..bytes.len() {
            let cut = Cleared::decode(&bytes[..length]);
            assert!(cut.is_ok_and(|cut| cut.attestations() < 3) || length != MAGIC.len(), "{length}");
            assert_ne!(Cleared::decode(&bytes[..length]), Ok(cleared.clone()));
        }
        for bit in 0..8 * bytes.len() {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            match Cleared::decode(&flipped) {
                Ok(other) => assert!(other != cleared && other.encode() == flipped, "bit {bit}"),
                Err(error) => assert_ne!(error.code(), "", "bit {bit}"),
            }
        }
    }

    #[test]
    fn attestations_ascend_and_a_length_reserves_nothing() {
        let mut lot = [7_u64.to_be_bytes(), 1_u64.to_be_bytes(), 0_u64.to_be_bytes()].concat();
        let twice = [MAGIC, &lot, &lot].concat();
        assert_eq!(Cleared::decode(&twice), Err(ClearedError::NotAsWritten(24)));
        lot[16..].fill(0xff);
        assert_eq!(Cleared::decode(&[MAGIC, &lot].concat()), Err(ClearedError::NotAsWritten(24)));
        lot[8..].fill(0);
        assert_eq!(Cleared::decode(&[MAGIC, &lot].concat()), Err(ClearedError::NotAsWritten(24)));
    }
}
