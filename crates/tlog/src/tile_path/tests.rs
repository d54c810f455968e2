use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

#[test]
fn paths_have_one_spelling() {
    for (text, kind, index, width) in [
        ("tile/0/000", TileKind::Hashes { level: 0 }, 0, 256),
        ("tile/63/999", TileKind::Hashes { level: 63 }, 999, 256),
        ("tile/0/x001/000.p/255", TileKind::Hashes { level: 0 }, 1000, 255),
        ("tile/1/x001/x000/000.p/1", TileKind::Hashes { level: 1 }, 1_000_000, 1),
        ("tile/entries/x001/x234/067", TileKind::Entries, 1_234_067, 256),
        ("tile/0/x072/x057/x594/x037/x927/935", TileKind::Hashes { level: 0 }, MAX_TILE_INDEX, 256),
    ] {
        let path = TilePath::parse(text).unwrap();
        assert_eq!((path.kind(), path.index(), path.width()), (kind, index, width), "{text}");
        assert_eq!(path.to_string(), text);
        assert_eq!(Ok(path), TilePath::new(kind, index, width));
    }
}

#[test]
fn every_other_spelling_is_refused_with_its_reason() {
    use PathError::{Form, Index, IndexTooLarge, LeadingElement, Level, Width};
    for (text, error) in [
        ("", Form),
        ("/tile/0/000", Form),
        ("tile/0", Form),
        ("tile//000", Level),
        ("Tile/0/000", Form),
        ("tile/64/000", Level),
        ("tile/00/000", Level),
        ("tile/01/000", Level),
        ("tile/+1/000", Level),
        ("tile/-1/000", Level),
        ("tile/256/000", Level),
        ("tile/8/0/000", Index),  // sumdb: tile height first
        ("tile/data/000", Level), // static CT
        ("tile/Entries/000", Level),
        ("tile/0/", Index),
        ("tile/0/0", Index),
        ("tile/0/00", Index),
        ("tile/0/0000", Index),
        ("tile/0/1234", Index),
        ("tile/0/x000", Index),
        ("tile/0/x001", Index),
        ("tile/0/001/000", Index),
        ("tile/0/x001/x000", Index),
        ("tile/0/x1/000", Index),
        ("tile/0/x0001/000", Index),
        ("tile/0/X001/000", Index),
        ("tile/0/xx01/000", Index),
        ("tile/0/x+01/000", Index),
        ("tile/0/x001//000", Index),
        ("tile/0/000/", Index),
        ("tile/0/../000", Index),
        ("tile/0/x../000", Index),
        ("tile/0/%30%30%30", Index),
        ("tile/0/\u{664}\u{664}", Index),
        ("tile/0/é0", Index),
        ("tile/0/000\n", Index),
        ("tile/0/000\0", Index),
        ("tile/0/x000/000", LeadingElement),
        ("tile/0/x000/x001/000", LeadingElement),
        ("tile/0/x072/x057/x594/x037/x927/936", IndexTooLarge),
        ("tile/0/x999/x999/x999/x999/x999/999", IndexTooLarge),
        ("tile/0/x001/x000/x000/x000/x000/x000/x000/000", IndexTooLarge),
        ("tile/0/000.p/0", Width),
        ("tile/0/000.p/256", Width),
        ("tile/0/000.p/257", Width),
        ("tile/0/000.p/01", Width),
        ("tile/0/000.p/+1", Width),
        ("tile/0/000.p/", Width),
        ("tile/0/000.p/1/", Width),
        ("tile/0/000.p/1.p/1", Width),
        ("tile/0/000.p/65537", Width),
        ("tile/0/000.p", Index),
        ("tile/0/000.P/1", Index),
        ("tile/entries/000.p/0", Width),
    ] {
        assert_eq!(TilePath::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn a_long_hostile_path_ends_early() {
    let text = format!("tile/0/{}000", "x999/".repeat(200_000));
    assert_eq!(TilePath::parse(&text), Err(PathError::IndexTooLarge));
    let text = format!("tile/0/{}", "9".repeat(1_000_000));
    assert_eq!(TilePath::parse(&text), Err(PathError::Index));
}

#[test]
fn parts_out_of_range_make_no_path() {
    let hashes = |level| TileKind::Hashes { level };
    assert_eq!(TilePath::new(hashes(64), 0, 1), Err(PathError::Level));
    assert_eq!(TilePath::new(hashes(0), MAX_TILE_INDEX + 1, 1), Err(PathError::IndexTooLarge));
    assert_eq!(TilePath::new(TileKind::Entries, 0, 0), Err(PathError::Width));
    assert_eq!(TilePath::new(TileKind::Entries, 0, 257), Err(PathError::Width));
    let codes = [
        PathError::Form,
        PathError::Level,
        PathError::Index,
        PathError::LeadingElement,
        PathError::IndexTooLarge,
        PathError::Width,
    ]
    .map(|error| error.code());
    let expected =
        ["path_form", "tile_level", "tile_index", "tile_index_leading_element", "tile_index_too_large", "tile_width"];
    assert_eq!(codes, expected);
}

/// The example of c2sp.org/tlog-tiles, "Partial Tiles".
#[test]
fn a_tree_of_70000_has_the_tiles_that_the_specification_counts() {
    let paths: Vec<TilePath> = grown_tiles(0, 70_000).collect();
    let of = |level: u8, full: bool| {
        let tiles = paths.iter().filter(|path| path.level() == level && path.is_full() == full);
        tiles.map(|path| path.width()).collect::<Vec<_>>()
    };
    assert_eq!((of(0, true).len(), of(0, false)), (273, vec![112]));
    assert_eq!((of(1, true).len(), of(1, false)), (1, vec![17]));
    assert_eq!((of(2, true).len(), of(2, false)), (0, vec![1]));
    assert_eq!(paths.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(grown_bundles(0, 70_000).count(), 274);

    let paths: Vec<_> = grown_tiles(0, 256).map(|path| path.to_string()).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(grown_tiles(0, 0).count(), 0);
}

#[test]
fn growth_names_only_what_changes() {
    let names = |old, new| grown_tiles(old, new).map(|path| path.to_string()).collect::<Vec<_>>();
    assert_eq!(names(255, 258), ["tile/0/000", "tile/0/001.p/2", "tile/1/000.p/1"]);
    assert_eq!(names(256, 258), ["tile/0/001.p/2"]);
    assert_eq!(names(258, 258), [""; 0]);
    assert_eq!(names(258, 5), [""; 0]);
    let bundles: Vec<_> = grown_bundles(255, 513).map(|path| path.to_string()).collect();
    assert_eq!(bundles, ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/1"]);
}

#[test]
fn a_tree_has_its_tiles_their_prefixes_and_nothing_more() {
    let within = |text: &str, size| TilePath::parse(text).unwrap().is_within(size);
    assert!(within("tile/0/001.p/2", 258) && within("tile/0/001.p/1", 258) && within("tile/0/000.p/255", 258));
    assert!(!within("tile/0/001.p/3", 258) && !within("tile/0/001", 258) && !within("tile/0/002.p/1", 258));
    assert!(within("tile/1/000.p/1", 256) && !within("tile/1/000.p/1", 255));
    assert!(within("tile/entries/001.p/2", 258) && !within("tile/entries/001.p/3", 258));
    assert!(!within("tile/0/000.p/1", 0));
    assert!(!within("tile/8/000.p/1", u64::MAX) && !within("tile/63/000.p/1", u64::MAX));
    assert!(within("tile/7/000.p/255", u64::MAX) && !within("tile/7/000", u64::MAX));
    assert!(within("tile/0/x072/x057/x594/x037/x927/935.p/255", u64::MAX));
    assert!(!within("tile/0/x072/x057/x594/x037/x927/935", u64::MAX));
}

#[test]
fn a_partial_tile_leads_to_the_full_one_and_to_narrower_ones() {
    let path = TilePath::parse("tile/0/005.p/7").unwrap();
    assert_eq!(path.to_full().to_string(), "tile/0/005");
    assert_eq!(path.narrowed(3).unwrap().to_string(), "tile/0/005.p/3");
    assert_eq!(path.narrowed(7), Ok(path));
    assert_eq!(path.narrowed(8), Err(PathError::Width));
    assert_eq!(path.narrowed(0), Err(PathError::Width));
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed(level in 0..=MAX_TILE_LEVEL, index in 0..=MAX_TILE_INDEX, width in 1..=TILE_WIDTH, entries: bool) {
        let kind = if entries { TileKind::Entries } else { TileKind::Hashes { level } };
        let path = TilePath::new(kind, index, width).unwrap();
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn what_is_parsed_is_printed_alike(text in "tile/([0-9]{1,2}|entries)/(x?[0-9]{3}/){0,7}[0-9]{3}(\\.p/[0-9]{1,3})?") {
        if let Ok(path) = TilePath::parse(&text) {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".*", tail in ".*") {
        let _ = TilePath::parse(&text);
        let text = format!("tile/0/{tail}");
        if let Ok(path) = TilePath::parse(&text) {
            prop_assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn grown_tiles_are_those_whose_width_changed(old in 0_u64..200_000, more in 0_u64..2000) {
        let new = old + more;
        for path in grown_tiles(old, new).chain(grown_bundles(old, new)) {
            prop_assert_eq!(path.width(), width_in(path.level(), path.index(), new));
            prop_assert!(path.width() > width_in(path.level(), path.index(), old));
        }
        let gained: u64 = grown_tiles(old, new)
            .map(|path| u64::from(path.width() - width_in(path.level(), path.index(), old)))
            .sum();
        let hashes = |size: u64| (0..8).map(|level| size >> (8 * level)).sum::<u64>();
        prop_assert_eq!(gained, hashes(new) - hashes(old));
    }
}
