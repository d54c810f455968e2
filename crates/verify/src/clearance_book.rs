//! The book of clearances: all that offices cleared and undid, in the order of the log, and what of it counts.
//!
//! Nothing is ever taken out. Of two offices that clear the same label, both entries stay, and the later one is told of the earlier. An undone
//! clearance stays too, and counts no longer from the undoing on.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use statement::{Clearance, ClearanceAct, ClearedGoods, Did, SerialRange};
use thiserror::Error;

use crate::{Cleared, ClearedLot};

/// Every clearance, by the log index of its commitment.
#[derive(Debug, Clone, Default)]
pub struct ClearanceBook {
    entries: BTreeMap<u64, Entry>,
    /// Which of them clear something of an attestation.
    of: BTreeMap<u64, BTreeSet<u64>>,
    cleared: Cleared,
    counting: u64,
}

#[derive(Debug, Clone)]
struct Entry {
    office: Did,
    act: ClearanceAct,
    /// The entry that undid it.
    undone_by: Option<u64>,
}

/// What an earlier clearance has in common with a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Log index of the attestation.
    pub attestation: u64,
    /// Log index of the earlier commitment.
    pub earlier: u64,
    /// The serial numbers that both clear.
    pub serials: Vec<SerialRange>,
}

/// Why a clearance cannot be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UndoError {
    /// There is none, or that entry is itself an undoing.
    #[error("index {0} is no commitment to a clearance of goods")]
    Unknown(u64),
    /// An office undoes its own clearances only.
    #[error("the clearance of index {0} is another office's")]
    NotYours(u64),
    /// Once is enough.
    #[error("the clearance of index {commitment} was undone at index {by}")]
    Undone {
        /// Log index of the commitment.
        commitment: u64,
        /// Log index of the undoing.
        by: u64,
    },
}

impl UndoError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown(_) => "unknown_clearance",
            Self::NotYours(_) => "not_your_clearance",
            Self::Undone { .. } => "already_undone",
        }
    }
}

impl ClearanceBook {
    /// Whether this clearance could be the next entry: an undoing needs something to undo.
    ///
    /// # Errors
    /// [`UndoError`].
    pub fn check(&self, clearance: &Clearance) -> Result<(), UndoError> {
        let ClearanceAct::Undoes { commitment, .. } = &clearance.act else { return Ok(()) };
        let commitment = *commitment;
        let entry = self.entries.get(&commitment).ok_or(UndoError::Unknown(commitment))?;
        if entry.office != clearance.issuer {
            return Err(UndoError::NotYours(commitment));
        }
        match (&entry.act, entry.undone_by) {
            (ClearanceAct::Undoes { .. }, _) => Err(UndoError::Unknown(commitment)),
            (ClearanceAct::Cleared(_), Some(by)) => Err(UndoError::Undone { commitment, by }),
            (ClearanceAct::Cleared(_), None) => Ok(()),
        }
    }

    /// Enters a clearance under the log index of its commitment; the same index again changes nothing. An undoing that
    /// [`ClearanceBook::check`] refuses is kept and undoes nothing.
    pub fn add(&mut self, index: u64, clearance: Clearance) {
        if self.entries.contains_key(&index) {
            return;
        }
        let undoes = match &clearance.act {
            ClearanceAct::Undoes { commitment, .. } if *commitment < index => {
                self.check(&clearance).is_ok().then_some(*commitment)
            }
            ClearanceAct::Undoes { .. } | ClearanceAct::Cleared(_) => None,
        };
        let Clearance { issuer: office, act, .. } = clearance;
        if let ClearanceAct::Cleared(goods) = &act {
            self.counting += 1;
            for goods in goods {
                self.of.entry(goods.attestation).or_default().insert(index);
                self.cleared.lot_mut(goods.attestation).add(goods);
            }
        }
        self.entries.insert(index, Entry { office, act, undone_by: None });
        if let Some(undone) = undoes {
            self.undo(undone, index);
        }
    }

    /// What else clears the same stays cleared, so the lots are added up anew.
    fn undo(&mut self, undone: u64, by: u64) {
        let Some(entry) = self.entries.get_mut(&undone) else { return };
        entry.undone_by = Some(by);
        self.counting -= 1;
        let attestations: Vec<u64> = entry.goods().iter().map(|goods| goods.attestation).collect();
        for attestation in attestations {
            let mut lot = ClearedLot::default();
            self.goods_of(attestation, u64::MAX).for_each(|(_, goods)| lot.add(goods));
            self.cleared.set(attestation, lot);
        }
    }

    /// What counted of an attestation when the log had so many entries, with the index of each commitment, ascending.
    fn goods_of(&self, attestation: u64, size: u64) -> impl Iterator<Item = (u64, &ClearedGoods)> {
        let indexes = self.of.get(&attestation).into_iter().flatten();
        indexes.take_while(move |index| **index < size).filter_map(move |index| {
            let entry = self.entries.get(index).filter(|entry| entry.undone_by.is_none_or(|by| by >= size))?;
            let goods = entry.goods();
            let place = goods.binary_search_by_key(&attestation, |goods| goods.attestation).ok()?;
            Some((*index, goods.get(place)?))
        })
    }

    /// What counts now.
    pub const fn cleared(&self) -> &Cleared {
        &self.cleared
    }

    /// How many clearances count now.
    pub const fn counting(&self) -> u64 {
        self.counting
    }

    /// What was cleared before of the goods of the entry at `index`, by those that counted then: at most `limit` ranges. The answer
    /// stays the same whatever comes later.
    pub fn overlaps(&self, index: u64, limit: usize) -> Vec<Overlap> {
        let mut left = limit;
        let mut overlaps = Vec::new();
        for goods in self.entries.get(&index).map(Entry::goods).unwrap_or_default() {
            for (earlier, before) in self.goods_of(goods.attestation, index) {
                let serials: Vec<SerialRange> = common(&goods.serials, &before.serials).take(left).collect();
                left -= serials.len();
                if !serials.is_empty() {
                    overlaps.push(Overlap { attestation: goods.attestation, earlier, serials });
                }
            }
        }
        overlaps
    }

    /// Of each attestation of which the entry at `index` clears a quantity: how much was cleared with it and before, in the base of
    /// its unit.
    pub fn quantities(&self, index: u64) -> Vec<(u64, u64)> {
        let goods = self.entries.get(&index).map(Entry::goods).unwrap_or_default();
        let with_quantity = goods.iter().filter(|goods| goods.quantity.is_some());
        let total = |goods: &ClearedGoods| {
            let mut lot = ClearedLot::default();
            lot.add_quantity_of(goods);
            self.goods_of(goods.attestation, index).for_each(|(_, before)| lot.add_quantity_of(before));
            (goods.attestation, lot.quantity())
        };
        with_quantity.map(total).collect()
    }
}

impl Entry {
    fn goods(&self) -> &[ClearedGoods] {
        match &self.act {
            ClearanceAct::Cleared(goods) => goods,
            ClearanceAct::Undoes { .. } => &[],
        }
    }
}

/// What two ascending lists of ranges have in common.
fn common<'a>(one: &'a [SerialRange], other: &'a [SerialRange]) -> impl Iterator<Item = SerialRange> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    core::iter::from_fn(move || {
        loop {
            let (a, b) = (**one.peek()?, **other.peek()?);
            if a.last < b.last {
                one.next()
            } else {
                other.next()
            };
            let both = SerialRange { first: a.first.max(b.first), last: a.last.min(b.last) };
            if both.first <= both.last {
                return Some(both);
            }
        }
    })
}

#[cfg(test)]
mod tests;
