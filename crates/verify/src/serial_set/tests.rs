use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn set(ranges: &[(u32, u32)]) -> RoaringBitmap {
    let mut set = RoaringBitmap::new();
    for (first, last) in ranges {
        set.insert_range(*first..=*last);
    }
    set
}

fn sets() -> Vec<RoaringBitmap> {
    let mut scattered = RoaringBitmap::new();
    let mut half = RoaringBitmap::new();
    scattered.extend((0..5_000).map(|at| at * 977));
    half.extend((0..30_000).map(|at| 2 * at));
    vec![
        set(&[(17, 17)]),
        set(&[(1, 1_000_000)]),
        set(&[(1, 3), (5, 5), (65_535, 65_536), (4_294_967_295, 4_294_967_295)]),
        set(&[(1, 1), (70_000, 70_002), (140_000, 140_009), (200_000, 200_000), (300_000, 400_000)]),
        set(&[(1, u32::MAX)]),
        scattered,
        half,
    ]
}

#[test]
fn other_implementations_read_what_is_written() {
    for set in sets() {
        let bytes = encode(&set);
        assert!(decode(&bytes) == Some(set.clone()));
        assert!(RoaringBitmap::deserialize_from(bytes.as_slice()).unwrap() == set);
        let mut shortest = set.clone();
        shortest.optimize();
        let mut theirs = Vec::new();
        shortest.serialize_into(&mut theirs).unwrap();
        assert!(bytes.len() <= theirs.len(), "{} {}", bytes.len(), theirs.len());
    }
}

#[test]
fn the_bytes_stay() {
    assert_eq!(encode(&set(&[(17, 17)])), [0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 17, 0]);
    assert_eq!(encode(&set(&[(1, 100)])), [0x3b, 0x30, 0, 0, 1, 0, 0, 99, 0, 1, 0, 1, 0, 99, 0]);
}

#[test]
fn ranges_are_counted_and_not_their_numbers() {
    let all = set(&[(1, 65_536), (65_538, u32::MAX)]);
    let range = |first, last| SerialRange { first, last };
    assert_eq!(ranges(&all), [range(1, 65_536), range(65_538, u32::MAX)]);
}

#[test]
fn another_spelling_is_none() {
    // A run where a list is as short, an unordered list, a run beyond the container, an empty set, bytes after the end.
    let listed = [0x3a, 0x30, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 16, 0, 0, 0, 18, 0, 17, 0];
    assert_eq!(decode(&listed), None);
    assert_eq!(decode(&[0x3b, 0x30, 0, 0, 1, 0, 0, 0, 0, 1, 0, 17, 0, 0, 0]), None);
    assert_eq!(decode(&[0x3b, 0x30, 0, 0, 1, 0, 0, 99, 0, 1, 0, 0xff, 0xff, 99, 0]), None);
    assert_eq!(decode(&[0x3a, 0x30, 0, 0, 0, 0, 0, 0]).map(|set| set.len()), Some(0));
    let mut longer = encode(&set(&[(1, 100)]));
    longer.push(0);
    assert_eq!(decode(&longer), None);
    // 65,536 containers that are not there reserve nothing.
    assert_eq!(decode(&[0x3a, 0x30, 0, 0, 0, 0, 1, 0]), None);
    assert_eq!(decode(&[0x3a, 0x30, 0, 0, 0xff, 0xff, 0xff, 0xff]), None);
}

#[test]
fn every_cut_is_none_and_every_flip_is_another_set_or_none() {
    for set in sets().into_iter().filter(|set| set.len() < 20_000 || set.len() == 1_000_000) {
        let bytes = encode(&set);
        for length in (0..bytes.len()).step_by(1 + bytes.len() / 400) {
            assert_eq!(decode(&bytes[..length]), None);
        }
        for bit in (0..8 * bytes.len()).step_by(1 + bytes.len() / 100) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(&flipped) != Some(set.clone()), "bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn any_set_is_read_back(ends in prop::collection::btree_set(1..200_000_u32, 1..300)) {
        let ends: Vec<u32> = ends.into_iter().collect();
        let ranges: Vec<_> = ends.chunks(2).map(|two| (two[0], *two.last().unwrap())).collect();
        let set = set(&ranges);
        let bytes = encode(&set);
        prop_assert!(decode(&bytes) == Some(set.clone()));
        prop_assert!(RoaringBitmap::deserialize_from(bytes.as_slice()).unwrap() == set);
    }

    #[test]
    fn any_bytes_are_read_without_panic(runs: bool, mut bytes: Vec<u8>) {
        if let Some(start) = bytes.get_mut(..4) {
            start[..2].copy_from_slice(if runs { &[0x3b, 0x30] } else { &[0x3a, 0x30] });
            start[2..].copy_from_slice(&[0, 0]);
        }
        if let Some(set) = decode(&bytes) {
            prop_assert_eq!(encode(&set), bytes);
        }
    }
}
