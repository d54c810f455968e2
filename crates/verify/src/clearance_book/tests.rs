use alloc::vec;

use statement::{ClearedQuantity, Unit, sample};

use super::*;

fn ranges(list: &[(u32, u32)]) -> Vec<SerialRange> {
    list.iter().map(|(first, last)| SerialRange { first: *first, last: *last }).collect()
}

fn clears(office: &str, list: &[(u32, u32)], quantity: Option<u32>) -> Clearance {
    let quantity = quantity.map(|value| ClearedQuantity { value, unit: Unit::Dozen });
    let goods = ClearedGoods { attestation: 7, serials: ranges(list), quantity };
    Clearance { issuer: sample::did(office), act: ClearanceAct::Cleared(vec![goods]), ..sample::clearance() }
}

fn undoes(office: &str, commitment: u64) -> Clearance {
    let act = ClearanceAct::Undoes { commitment, reason: "a mistake".into() };
    Clearance { issuer: sample::did(office), act, ..sample::clearance() }
}

const A: &str = "did:web:a.example";
const B: &str = "did:web:b.example";

#[test]
fn two_posts_that_clear_the_same_are_both_kept_and_the_later_is_told() {
    let mut book = ClearanceBook::default();
    book.add(10, clears(A, &[(1, 10), (20, 30)], Some(1)));
    book.add(12, clears(B, &[(5, 22), (40, 40)], Some(2)));
    book.add(13, clears(B, &[(50, 60)], None));
    assert_eq!(book.overlaps(10, 100), []);
    let overlap = |earlier, list| Overlap { attestation: 7, earlier, serials: ranges(list) };
    assert_eq!(book.overlaps(12, 100), [overlap(10, &[(5, 10), (20, 22)])]);
    assert_eq!(book.overlaps(12, 1), [overlap(10, &[(5, 10)])], "as many as are asked for");
    assert_eq!(book.overlaps(13, 100), []);
    assert_eq!((book.quantities(10), book.quantities(12), book.quantities(13)), (vec![(7, 12)], vec![(7, 36)], vec![]));
    let lot = book.cleared().lot(7).unwrap();
    assert_eq!((lot.ranges(), lot.quantity()), (ranges(&[(1, 30), (40, 40), (50, 60)]), 36));
    assert_eq!(book.counting(), 3);
}

#[test]
fn an_undoing_takes_back_what_nobody_else_cleared_and_is_told_as_it_was() {
    let mut book = ClearanceBook::default();
    book.add(10, clears(A, &[(1, 10)], Some(1)));
    book.add(12, clears(B, &[(8, 20)], None));
    book.add(14, undoes(A, 10));
    let lot = book.cleared().lot(7).unwrap();
    assert_eq!((lot.ranges(), lot.quantity(), book.counting()), (ranges(&[(8, 20)]), 0, 1));
    book.add(15, clears(B, &[(1, 9)], None));
    assert_eq!(book.overlaps(15, 9).len(), 1, "what was undone no longer counts");
    assert_eq!(book.overlaps(12, 9), [Overlap { attestation: 7, earlier: 10, serials: ranges(&[(8, 10)]) }]);
    book.add(16, undoes(B, 12));
    book.add(17, undoes(B, 15));
    assert_eq!((book.cleared().attestations(), book.counting()), (0, 0));
}

#[test]
fn only_the_office_itself_undoes_and_only_once() {
    let mut book = ClearanceBook::default();
    book.add(10, clears(A, &[(1, 10)], None));
    assert_eq!(book.check(&undoes(A, 9)), Err(UndoError::Unknown(9)));
    assert_eq!(book.check(&undoes(B, 10)), Err(UndoError::NotYours(10)));
    assert_eq!(book.check(&undoes(A, 10)), Ok(()));
    book.add(11, undoes(B, 10));
    assert_eq!(book.counting(), 1, "kept, and undoes nothing");
    book.add(12, undoes(A, 10));
    let undone = UndoError::Undone { commitment: 10, by: 12 };
    assert_eq!((book.check(&undoes(A, 10)), undone.code()), (Err(undone), "already_undone"));
    assert_eq!(book.check(&undoes(A, 12)), Err(UndoError::Unknown(12)));
}

#[test]
fn entries_may_come_late_and_twice() {
    let mut book = ClearanceBook::default();
    book.add(12, clears(B, &[(5, 22)], None));
    book.add(10, clears(A, &[(1, 10)], None));
    book.add(10, clears(A, &[(1, 10)], None));
    assert_eq!(book.counting(), 2);
    assert_eq!(book.overlaps(12, 9).len(), 1);
    assert_eq!(book.overlaps(10, 9), []);
}
