//! A Bloom filter of a run's keys: whether a key may be in it, without reading it.
//!
//! All bits of a key lie in one cache line, so that a miss costs one fetch from memory. At ten bits a key about one
//! absent key in eighty is taken for present; that costs a read, never a wrong answer.

const LINE_BITS: u32 = 512;
const BITS_PER_KEY: usize = 10;
const PROBES: u32 = 6;

#[derive(Debug)]
pub(super) struct Bloom {
    lines: Vec<[u64; 8]>,
}

impl Bloom {
    /// An empty filter for this many keys.
    pub(super) fn new(keys: usize) -> Self {
        Self { lines: vec![[0; 8]; (keys * BITS_PER_KEY).div_ceil(LINE_BITS as usize).max(1)] }
    }

    pub(super) fn insert(&mut self, hash: u64) {
        let line = self.line(hash);
        if let Some(line) = self.lines.get_mut(line) {
            for bit in bits(hash) {
                if let Some(word) = line.get_mut(bit / 64) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
    }

    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let Some(line) = self.lines.get(self.line(hash)) else { return true };
        bits(hash).all(|bit| line.get(bit / 64).is_none_or(|word| word >> (bit % 64) & 1 == 1))
    }

    fn line(&self, hash: u64) -> usize {
        // The high half of the product is an even spread over the lines.
        usize::try_from((u128::from(hash) * self.lines.len() as u128) >> 64).unwrap_or(0)
    }
}

/// Six numbers of nine bits, from the hash's low half: its high half has chosen the line.
fn bits(hash: u64) -> impl Iterator<Item = usize> {
    (0..PROBES).map(move |nth| usize::try_from(hash >> (9 * nth) & 511).unwrap_or(0))
}

/// A hash of map and key: CRC-32C, whose hardware makes it free, spread over 64 bits (SplitMix64's finisher).
pub(super) fn hash(map: &str, key: &[u8]) -> u64 {
    let crc = u64::from(crc32c::crc32c_append(crc32c::crc32c(map.as_bytes()), key));
    let mixed = (crc ^ (crc << 32)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_all_of_its_keys_and_takes_few_others_for_its_own() {
        let keys = 20_000_u64;
        let mut bloom = Bloom::new(20_000);
        for key in 0..keys {
            bloom.insert(hash("m", &key.to_be_bytes()));
        }
        assert!((0..keys).all(|key| bloom.may_hold(hash("m", &key.to_be_bytes()))));
        let taken = (0..keys).filter(|key| bloom.may_hold(hash("other", &key.to_be_bytes()))).count();
        assert!(taken < 500, "{taken} of {keys} absent keys");
    }
}
