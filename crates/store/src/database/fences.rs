//! The first keys of a run's blocks: which block holds a key, without reading one.

/// First keys of blocks, in order, without an allocation each.
#[derive(Debug, Default)]
pub(super) struct Fences {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Fences {
    pub(super) fn push(&mut self, key: &[u8]) {
        self.bytes.extend_from_slice(key);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn fence(&self, nth: usize) -> Option<&[u8]> {
        let begin = nth.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.bytes.get(begin as usize..*self.ends.get(nth)? as usize)
    }

    /// Number of the last block that begins at or before `key`.
    pub(super) fn block_of(&self, key: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.fence(middle).is_some_and(|fence| fence <= key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lies_in_the_last_block_that_begins_at_or_before_it() {
        let mut fences = Fences::default();
        for key in ["b", "d", "dd"] {
            fences.push(key.as_bytes());
        }
        let of = |key: &str| fences.block_of(key.as_bytes());
        let found = ["a", "b", "c", "d", "dc", "dd", "z"].map(of);
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)]);
        assert_eq!(fences.len(), 3);
        assert_eq!(Fences::default().block_of(b"a"), None);
    }
}
