//! What customs offices cleared before: serial numbers and quantities of each attestation.

use alloc::collections::BTreeMap;

use roaring::RoaringBitmap;

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

impl Cleared {
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

impl ClearedLot {
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
