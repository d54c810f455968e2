use statement::sample::{day, did};

use super::super::record::Sealer;
use super::*;

const ONE: &str = "did:web:one.example";
const TWO: &str = "did:web:two.example";

fn kept(folder: &std::path::Path) -> Kept {
    Kept::open(Arc::new(Private::open(folder).unwrap())).unwrap()
}

fn id(n: u8) -> ReportId {
    ReportId([n; 16])
}

fn put(kept: &mut Kept, n: u8, on: &str, to: &[&str], bytes: usize) {
    let to = to.iter().map(|to| (did(to), Stage::Received)).collect();
    let report = Open { by: Sealer::Device, receipt: Hash::of(&[n]), day: day(on), to };
    kept.put(id(n), report, vec![n; bytes]).unwrap();
}

fn ids(kept: &Kept, to: &str, after: Option<Place>, most: usize) -> Vec<u8> {
    kept.list(&did(to), after, most).iter().map(|(id, ..)| id.0[0]).collect()
}

#[test]
fn a_page_has_the_addressee_s_open_reports_by_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = kept(folder.path());
    put(&mut kept, 9, "2026-11-01", &[ONE], 10);
    put(&mut kept, 1, "2026-11-02", &[ONE, TWO], 10);
    put(&mut kept, 2, "2026-11-02", &[TWO], 10);
    put(&mut kept, 3, "2026-11-02", &[ONE], 10);
    assert_eq!(ids(&kept, ONE, None, 2), [9, 1]);
    assert_eq!(ids(&kept, ONE, Some((day("2026-11-02"), id(1))), 2), [3]);
    assert_eq!(ids(&kept, TWO, None, 9), [1, 2]);
    assert!(ids(&kept, "did:web:three.example", None, 9).is_empty());
    kept.update(&did(ONE), id(1), Stage::Closed).unwrap();
    assert_eq!((ids(&kept, ONE, None, 9), ids(&kept, TWO, None, 9)), (vec![9, 3], vec![1, 2]), "each has its own");
}

#[test]
fn what_all_have_closed_is_erased_and_its_receipt_still_answers() {
    let folder = tempfile::tempdir().unwrap();
    let mut open = kept(folder.path());
    put(&mut open, 7, "2026-11-01", &[ONE, TWO], 40_000);
    let stage = |kept: &Kept| kept.stage_of(&Hash::of(&[7])).unwrap();
    assert_eq!(stage(&open), Stage::Received);
    assert!(!open.update(&did(ONE), id(7), Stage::Closed).unwrap());
    assert_eq!((stage(&open), open.sealed(id(7)).unwrap()), (Stage::Read, Some(vec![7; 40_000])));
    assert!(!open.update(&did(TWO), id(7), Stage::InProgress).unwrap());
    drop(open);
    let mut open = kept(folder.path());
    assert_eq!((stage(&open), open.len()), (Stage::InProgress, 1));
    assert!(open.bytes() > 40_000);
    assert!(open.update(&did(TWO), id(7), Stage::Closed).unwrap());
    assert_eq!((open.len(), open.bytes(), open.private.len()), (0, 0, 1), "one small record is left");
    drop(open);
    let open = kept(folder.path());
    assert_eq!((stage(&open), open.sealed(id(7)).unwrap()), (Stage::Closed, None));
    assert_eq!(open.stage_of(&Hash::of(b"other")), None);
}

#[test]
fn an_update_is_for_one_s_own_reports() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = kept(folder.path());
    put(&mut kept, 1, "2026-11-01", &[ONE], 10);
    let check = |kept: &Kept, to: &str, n: u8, stage| match kept.check_update(&did(to), id(n), stage) {
        Ok(()) => "ok",
        Err(UpdateFault::Unknown(_)) => "unknown",
        Err(UpdateFault::Closed(_)) => "closed",
        Err(UpdateFault::Private(error)) => panic!("{error}"),
    };
    assert_eq!(check(&kept, ONE, 1, Stage::Closed), "ok");
    assert_eq!(check(&kept, TWO, 1, Stage::Closed), "unknown", "nor is it told that there is one");
    assert_eq!(check(&kept, ONE, 2, Stage::Closed), "unknown");
    kept.update(&did(ONE), id(1), Stage::Closed).unwrap();
    assert_eq!(check(&kept, ONE, 1, Stage::Closed), "ok", "sent again");
    assert_eq!(check(&kept, ONE, 1, Stage::InProgress), "closed");
}

#[test]
fn what_was_not_written_here_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let private = Arc::new(Private::open(folder.path()).unwrap());
    Pieces::new(Arc::clone(&private), MAP).put(&[1; 16], b"not a record").unwrap();
    let error = Kept::open(private).map(drop).unwrap_err().to_string();
    assert_eq!(error, format!("report {} is not as written", id(1)));
}
