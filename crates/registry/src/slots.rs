//! Which status slots are taken: sets of (key, list, index), two bytes a slot at the most.
//!
//! A slot is one bit of one status list of one key (W3C Bitstring Status List 1.0). Certifiers draw the index at
//! random, so a set is kept as Roaring bitmaps keep theirs (Chambi and others 2016): containers of 65,536
//! indexes, a sorted array up to 4,096 of them and a bitmap from there on. Who holds a slot is not kept: whoever
//! has the statements knows it, and it would cost four more bytes an attestation.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use statement::StatusSlot;

use crate::codec::{Reader, Write};
use crate::encoding::DecodeError;
use crate::shared_map::SharedMap;

/// From here on a bitmap (8 KiB) is smaller than an array of two-byte indexes.
const ARRAY_MAX: usize = 4096;
const WORDS: usize = 1024;

/// Half a status list: its high bit, 131,072 being two containers.
type ContainerKey = (u16, u32, u8);

/// All taken slots.
#[derive(Clone, Default)]
pub(crate) struct Slots(SharedMap<ContainerKey, Arc<Container>>);

enum Container {
    /// Ascending.
    Array(Vec<u16>),
    Bitmap(Box<[u64; WORDS]>),
}

impl Slots {
    /// Whether the slot can be taken. There is no slot past the end of a list.
    pub(crate) fn is_free(&self, key: u16, slot: StatusSlot) -> bool {
        split(key, slot).is_some_and(|(at, low)| !self.0.get(&at).is_some_and(|container| container.contains(low)))
    }

    /// Takes a slot; `false` where it was taken, or there is no such slot.
    pub(crate) fn insert(&mut self, key: u16, slot: StatusSlot) -> bool {
        let Some((at, low)) = split(key, slot) else { return false };
        if self.0.get(&at).is_none() {
            self.0.insert(at, Arc::new(Container::Array(Vec::new())));
        }
        self.0.get_mut(&at).is_some_and(|container| Arc::make_mut(container).insert(low))
    }

    /// The numbers of the keys that hold slots, ascending.
    pub(crate) fn keys(&self) -> impl Iterator<Item = u16> {
        let mut next = Some(0);
        core::iter::from_fn(move || {
            let key = self.0.iter_from(&(next?, 0, 0)).next()?.0.0;
            next = key.checked_add(1);
            Some(key)
        })
    }

    fn of_key(&self, key: u16) -> impl Iterator<Item = (u32, u8, &Arc<Container>)> {
        self.0
            .iter_from(&(key, 0, 0))
            .take_while(move |((other, ..), _)| *other == key)
            .map(|((_, list, half), container)| (*list, *half, container))
    }

    /// Whether any slot of this list is taken.
    pub(crate) fn has_list(&self, key: u16, list: u32) -> bool {
        self.0.iter_from(&(key, list, 0)).next().is_some_and(|((of, in_list, _), _)| (*of, *in_list) == (key, list))
    }

    /// How many slots a key holds.
    pub(crate) fn count(&self, key: u16) -> u64 {
        self.of_key(key).map(|(.., container)| container.len() as u64).sum()
    }

    /// Whether no slot of this key was taken since the other set was cloned from the same one.
    pub(crate) fn is_same(&self, other: &Self, key: u16) -> bool {
        let (mut ours, mut theirs) = (self.of_key(key), other.of_key(key));
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a.0 == b.0 && a.1 == b.1 && Arc::ptr_eq(a.2, b.2) => {}
                (Some(_) | None, Some(_) | None) => return false,
            }
        }
    }

    /// Writes the slots of one key: its containers, ascending.
    pub(crate) fn encode(&self, key: u16) -> Vec<u8> {
        let mut out = Vec::new();
        for (list, half, container) in self.of_key(key) {
            out.u32(list);
            out.u8(half);
            out.count(container.len());
            match container.as_ref() {
                Container::Array(indexes) => indexes.iter().for_each(|index| out.u16(*index)),
                Container::Bitmap(words) => words.iter().for_each(|word| out.u64(*word)),
            }
        }
        out
    }

    /// Reads what [`Slots::encode`] writes of one key, and nothing that it would not write.
    pub(crate) fn decode(&mut self, key: u16, bytes: &[u8]) -> Result<(), DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut last = None;
        while reader.remaining() > 0 {
            let (list, half) = (reader.u32()?, reader.u8()?);
            if half > 1 || last >= Some((list, half)) {
                return Err(DecodeError::Invalid("status slots"));
            }
            last = Some((list, half));
            let count = usize::try_from(reader.u32()?).map_err(|_| DecodeError::Invalid("status slots"))?;
            self.0.insert((key, list, half), Arc::new(Container::decode(count, &mut reader)?));
        }
        Ok(())
    }
}

const fn split(key: u16, slot: StatusSlot) -> Option<(ContainerKey, u16)> {
    if slot.index >= StatusSlot::LIST_LENGTH {
        return None;
    }
    let [_, half, high, low] = slot.index.to_be_bytes();
    Some(((key, slot.list, half), u16::from_be_bytes([high, low])))
}

/// The word of a bitmap and the bit in it.
fn place(index: u16) -> (usize, u64) {
    (usize::from(index >> 6), 1 << (index & 63))
}

impl Container {
    fn len(&self) -> usize {
        match self {
            Self::Array(indexes) => indexes.len(),
            Self::Bitmap(words) => words.iter().map(|word| word.count_ones() as usize).sum(),
        }
    }

    fn contains(&self, index: u16) -> bool {
        match self {
            Self::Array(indexes) => indexes.binary_search(&index).is_ok(),
            Self::Bitmap(words) => {
                let (word, bit) = place(index);
                words.get(word).is_some_and(|word| word & bit != 0)
            }
        }
    }

    fn insert(&mut self, index: u16) -> bool {
        match self {
            Self::Array(indexes) => {
                let Err(at) = indexes.binary_search(&index) else { return false };
                if indexes.len() == ARRAY_MAX {
                    let mut bitmap = Self::bitmap(indexes);
                    let fresh = bitmap.insert(index);
                    *self = bitmap;
                    return fresh;
                }
                // A quarter at a time: doubling would leave up to two more bytes a slot lying idle.
                if indexes.len() == indexes.capacity() {
                    indexes.reserve_exact((indexes.len() / 4 + 4).min(ARRAY_MAX - indexes.len()));
                }
                indexes.insert(at, index);
                true
            }
            Self::Bitmap(words) => {
                let (word, bit) = place(index);
                let Some(word) = words.get_mut(word) else { return false };
                let fresh = *word & bit == 0;
                *word |= bit;
                fresh
            }
        }
    }

    fn bitmap(indexes: &[u16]) -> Self {
        let mut words = Box::new([0; WORDS]);
        for index in indexes {
            let (word, bit) = place(*index);
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
        Self::Bitmap(words)
    }

    fn decode(count: usize, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bytes = reader.take(if count > ARRAY_MAX { WORDS * 8 } else { count * 2 })?;
        let container = if count > ARRAY_MAX {
            let mut words = Box::new([0; WORDS]);
            for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
                *word = u64::from_be_bytes(*bytes);
            }
            Self::Bitmap(words)
        } else {
            let indexes: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
            if !indexes.is_sorted_by(|a, b| a < b) {
                return Err(DecodeError::Invalid("status slots"));
            }
            Self::Array(indexes)
        };
        if count == 0 || container.len() != count { Err(DecodeError::Invalid("status slots")) } else { Ok(container) }
    }
}

impl Clone for Container {
    /// A clone is made to be written to: an array gets the room for it at once.
    fn clone(&self) -> Self {
        match self {
            Self::Array(indexes) => {
                let room = (indexes.len() / 4 + 4).min(ARRAY_MAX - indexes.len().min(ARRAY_MAX));
                let mut copy = Vec::with_capacity(indexes.len() + room);
                copy.extend_from_slice(indexes);
                Self::Array(copy)
            }
            Self::Bitmap(words) => Self::Bitmap(words.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn slot(list: u32, index: u32) -> StatusSlot {
        StatusSlot { list, index }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn behaves_as_a_set_and_reads_back_what_it_wrote(
            taken in proptest::collection::vec((0u16..3, 0u32..2, 0u32..10_000, any::<bool>()), 0..12_000),
        ) {
            let (mut slots, mut model) = (Slots::default(), BTreeSet::new());
            for (key, list, index, high) in taken {
                let slot = slot(list, index + if high { 65_536 } else { 0 });
                prop_assert_eq!(slots.insert(key, slot), model.insert((key, slot)));
            }
            for key in 0..3 {
                prop_assert_eq!(slots.count(key), model.iter().filter(|taken| taken.0 == key).count() as u64);
                for index in (0..131_072).step_by(7) {
                    prop_assert_eq!(!slots.is_free(key, slot(1, index)), model.contains(&(key, slot(1, index))));
                }
            }
            let mut again = Slots::default();
            for key in slots.keys() {
                again.decode(key, &slots.encode(key)).unwrap();
                prop_assert_eq!(again.encode(key), slots.encode(key));
            }
            prop_assert!(again.keys().eq(model.iter().map(|taken| taken.0).collect::<BTreeSet<_>>()));
        }

        #[test]
        fn any_bytes_are_refused_or_read_back_the_same(bytes in proptest::collection::vec(0u8..3, 0..64)) {
            let mut slots = Slots::default();
            if slots.decode(7, &bytes).is_ok() {
                prop_assert_eq!(slots.encode(7), bytes);
            }
        }
    }

    #[test]
    fn a_slot_past_the_end_of_a_list_is_none() {
        let mut slots = Slots::default();
        assert!(slots.insert(0, slot(0, 131_071)));
        assert!(!slots.insert(0, slot(0, 131_072)));
        assert!(!slots.is_free(0, slot(0, 131_072)));
    }

    #[test]
    fn the_array_turns_into_a_bitmap_past_4096() {
        let mut slots = Slots::default();
        for index in 0..4097 {
            assert!(slots.insert(1, slot(0, index * 3)));
        }
        assert!(!slots.insert(1, slot(0, 3)));
        assert_eq!(slots.encode(1).len(), 4 + 1 + 4 + 8192);
        let before = slots.clone();
        assert!(before.is_same(&slots, 1));
        slots.insert(1, slot(0, 1));
        assert!(!before.is_same(&slots, 1));
        assert!(before.is_free(1, slot(0, 1)));
    }

    #[test]
    fn bytes_that_would_not_be_written_are_refused() {
        let mut array = Vec::new();
        array.u32(0);
        array.u8(0);
        array.count(2);
        for (indexes, good) in [([1, 2], true), ([2, 1], false), ([1, 1], false)] {
            let mut bytes = array.clone();
            indexes.iter().for_each(|index| bytes.u16(*index));
            assert_eq!(Slots::default().decode(0, &bytes).is_ok(), good, "{indexes:?}");
            assert_eq!(Slots::default().decode(0, &bytes[..bytes.len() - 1]), Err(DecodeError::Truncated));
        }
    }
}
