//! Lookup columns: from a 64-bit tag of something (a token's hash, a product) to the entries that carry it.
//!
//! Why not a database map: every submission asks whether its token is there, and pays for remembering it (README, "Lookup
//! columns"). A column is a hash table in memory, 8 bytes a slot at a load of 3/8 to 3/4, and 0.1 µs each way; the database
//! holds the tags as an array in chunks, from which the table is filled again at opening.
//!
//! One writer inserts; readers look up without a lock and may see an entry before its checkpoint is published: they drop
//! indexes at or past the published size.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwap;

/// A table grows on its own, so growing stalls the writer for a 256th of what one table would: 0.2 ms at a million entries.
const SHARDS: usize = 256;
const FIRST_SLOTS: usize = 16;

/// Most entries that a column can name: a slot has 32 bits for index + 1.
pub const MAX_ENTRIES: u64 = (1 << 32) - 2;

/// One column.
pub(crate) struct Column {
    shards: Vec<Shard>,
    /// From an entry to the one before it with the same tag. Sparse: most tags occur once. A tree, since a hash map of
    /// millions would stop everyone while it grows.
    earlier: RwLock<BTreeMap<u32, u32>>,
}

/// Open addressing, linear probing. A slot is 0, or 32 bits of the tag and 32 bits of index + 1.
struct Shard {
    slots: ArcSwap<Vec<AtomicU64>>,
    used: AtomicU64,
}

impl Column {
    pub(crate) fn new() -> Self {
        let shard = || Shard { slots: ArcSwap::from_pointee(empty(FIRST_SLOTS)), used: AtomicU64::new(0) };
        Self { shards: std::iter::repeat_with(shard).take(SHARDS).collect(), earlier: RwLock::default() }
    }

    /// Adds entry `index` under `tag`. Only the writer calls this, with ascending indexes below [`MAX_ENTRIES`]; the tag 0
    /// means "none".
    pub(crate) fn insert(&self, tag: u64, index: u64) {
        let (Some((shard, mark)), Ok(index)) = (self.shard(tag), u32::try_from(index)) else { return };
        let slots = shard.roomy();
        let Some(slot) = slots.probe(mark).find(|slot| is_free_or(slot.load(Ordering::Relaxed), mark)) else { return };
        let found = slot.load(Ordering::Relaxed);
        if found == 0 {
            shard.used.fetch_add(1, Ordering::Relaxed);
        } else {
            // Before the slot names the newer entry, so that no reader finds the newer one without the older.
            self.earlier.write().unwrap_or_else(PoisonError::into_inner).insert(index, low(found) - 1);
        }
        slot.store(u64::from(mark) << 32 | (u64::from(index) + 1), Ordering::Release);
    }

    /// Entries below `size` that may carry `tag`, the newest first, at most `limit`: 40 bits of the tag agree.
    pub(crate) fn find(&self, tag: u64, size: u64, limit: usize) -> Vec<u64> {
        let Some((shard, mark)) = self.shard(tag) else { return Vec::new() };
        let slots = shard.slots.load();
        let slot = slots.probe(mark).map(|slot| slot.load(Ordering::Acquire)).find(|slot| is_free_or(*slot, mark));
        let newest = match slot {
            Some(0) | None => return Vec::new(),
            Some(slot) => low(slot) - 1,
        };
        let earlier = self.earlier.read().unwrap_or_else(PoisonError::into_inner);
        let all = std::iter::successors(Some(newest), |index| earlier.get(index).copied());
        all.map(u64::from).skip_while(|index| *index >= size).take(limit).collect()
    }

    /// The shard by the first byte, the mark by the last four.
    fn shard(&self, tag: u64) -> Option<(&Shard, u32)> {
        if tag == 0 {
            return None;
        }
        let [first, _, _, _, mark @ ..] = tag.to_be_bytes();
        Some((self.shards.get(usize::from(first))?, u32::from_be_bytes(mark)))
    }
}

impl Shard {
    /// The slots with room for one more: doubled where more than 3/4 would be taken. Readers keep the old ones meanwhile,
    /// which hold the same.
    fn roomy(&self) -> Arc<Vec<AtomicU64>> {
        let slots = self.slots.load_full();
        if (self.used.load(Ordering::Relaxed) + 1) * 4 <= slots.len() as u64 * 3 {
            return slots;
        }
        let larger = Arc::new(empty(slots.len() * 2));
        for slot in slots.iter().map(|slot| slot.load(Ordering::Relaxed)).filter(|slot| *slot != 0) {
            if let Some(free) = larger.probe(high(slot)).find(|slot| slot.load(Ordering::Relaxed) == 0) {
                free.store(slot, Ordering::Relaxed);
            }
        }
        self.slots.store(Arc::clone(&larger)); // Publishes the relaxed stores above.
        larger
    }
}

trait Probe {
    /// Every slot once, from where the mark belongs.
    fn probe(&self, mark: u32) -> impl Iterator<Item = &AtomicU64>;
}

impl Probe for Vec<AtomicU64> {
    fn probe(&self, mark: u32) -> impl Iterator<Item = &AtomicU64> {
        let start = mark as usize & (self.len() - 1); // The number of slots is a power of two.
        let (before, after) = self.split_at(start);
        after.iter().chain(before)
    }
}

fn empty(slots: usize) -> Vec<AtomicU64> {
    std::iter::repeat_with(AtomicU64::default).take(slots).collect()
}

fn is_free_or(slot: u64, mark: u32) -> bool {
    slot == 0 || high(slot) == mark
}

fn high(slot: u64) -> u32 {
    let [a, b, c, d, ..] = slot.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

fn low(slot: u64) -> u32 {
    let [.., a, b, c, d] = slot.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(n: u64) -> u64 {
        crate::tag_of(&primitives::Hash::of(&n.to_be_bytes()).0)
    }

    #[test]
    fn finds_what_was_inserted_and_nothing_else() {
        let column = Column::new();
        let count = 50_000;
        for index in 0..count {
            column.insert(tag(index), index);
        }
        for index in 0..count {
            assert_eq!(column.find(tag(index), count, 9), [index]);
            assert!(column.find(tag(count + index), count, 9).is_empty());
        }
        let slots: usize = column.shards.iter().map(|shard| shard.slots.load().len()).sum();
        assert!(slots as u64 * 8 <= count * 24, "{slots} slots for {count} entries");
    }

    #[test]
    fn a_tag_that_many_entries_carry_gives_the_newest_first() {
        let column = Column::new();
        for index in 0..1000 {
            column.insert(if index % 10 == 3 { 77 } else { tag(index) }, index);
        }
        assert_eq!(column.find(77, 1000, 3), [993, 983, 973]);
        assert_eq!(column.find(77, 983, 3), [973, 963, 953], "nothing at or past the published size");
        assert_eq!(column.find(77, 1000, 1000).len(), 100);
        assert!(column.find(77, 3, 9).is_empty());
    }

    #[test]
    fn tags_of_one_place_do_not_hide_each_other() {
        let column = Column::new();
        for index in 0..40 {
            column.insert(0xaa00_0000_0000_0005 + (index << 20), index);
        }
        for index in 0..40 {
            assert_eq!(column.find(0xaa00_0000_0000_0005 + (index << 20), 40, 9), [index]);
        }
        assert!(column.find(0xaa00_0000_0000_0006, 40, 9).is_empty());
    }

    #[test]
    fn no_tag_is_not_found() {
        let column = Column::new();
        column.insert(0, 5);
        assert!(column.find(0, 9, 9).is_empty());
    }

    #[test]
    fn readers_find_everything_published_while_the_writer_goes_on() {
        let column = Column::new();
        let published = AtomicU64::new(0);
        let count = 100_000;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for index in 0..count {
                    column.insert(if index % 2 == 0 { 9 } else { tag(index) }, index);
                    published.store(index + 1, Ordering::Release);
                }
            });
            scope.spawn(|| {
                let mut size = 0;
                while size < count {
                    size = published.load(Ordering::Acquire);
                    if let Some(last) = size.checked_sub(1) {
                        let tag = if last % 2 == 0 { 9 } else { tag(last) };
                        assert_eq!(column.find(tag, size, 1), [last]);
                    }
                }
            });
        });
    }
}
