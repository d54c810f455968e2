use std::fs;

use super::*;

fn about(sha256: &str) -> About {
    About::new("lots.csv".into(), sha256.into(), "r.example".into(), "did:web:a.example".into(), "key".into())
}

fn signed(row: u64, jws: &str) -> Signed {
    let slot = StatusSlot { list: 0, index: u32::try_from(row).unwrap() };
    Signed::new(row, format!("L{row}"), None, slot, jws.into())
}

fn registered(row: u64) -> Registered {
    Registered { row, index: 100 + row, received_at: "2026-11-24T00:00:00Z".into(), files: vec!["a.jws".into()] }
}

fn open(path: &Path) -> Result<Job, Failure> {
    Job::open(path, &about("aa"))
}

#[test]
fn a_job_goes_on_where_it_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = Job::path(folder.path(), Path::new("x/lots.csv"));
    assert_eq!(path, folder.path().join("lots.job"));
    let mut job = open(&path).unwrap();
    job.hold(&[signed(2, "a.b.c"), signed(3, "d.e.f")]).unwrap();
    job.registered(registered(2)).unwrap();
    job.refused(3, "status_index_taken").unwrap();
    job.hold(&[signed(3, "g.h.i"), signed(4, "j.k.l")]).unwrap();
    drop(job);
    let mut job = open(&path).unwrap();
    assert_eq!(job.rows().keys().copied().collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(job.rows()[&2].registered, Some(registered(2)));
    assert_eq!(job.rows()[&3].registered, None);
    let statements: Vec<String> = [2, 3, 4].map(|row| job.signed(row).unwrap().jws).into();
    assert_eq!(statements, ["a.b.c", "g.h.i", "j.k.l"]);
}

#[test]
fn cut_anywhere_it_opens_with_the_lines_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    let mut job = open(&path).unwrap();
    job.hold(&[signed(2, "a.b.c"), signed(3, "d.e.f")]).unwrap();
    job.registered(registered(2)).unwrap();
    drop(job);
    let whole = fs::read(&path).unwrap();
    let ends: Vec<usize> = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    for cut in 0..=whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let mut job = open(&path).unwrap();
        let lines = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(job.rows().len(), lines.saturating_sub(1).min(2), "{cut}");
        assert_eq!(job.rows().get(&2).is_some_and(|held| held.registered.is_some()), lines == 4, "{cut}");
        // What is written after it is whole.
        job.hold(&[signed(9, "x.y.z")]).unwrap();
        drop(job);
        assert_eq!(open(&path).unwrap().signed(9).unwrap().jws, "x.y.z", "{cut}");
    }
}

#[test]
fn a_changed_spreadsheet_another_key_and_another_registry_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    open(&path).unwrap().hold(&[signed(2, "a.b.c")]).unwrap();
    let refused = |about: &About| Job::open(&path, about).unwrap_err().text();
    let text = refused(&about("bb"));
    assert!(text.contains("lots.csv was changed since its job") && text.contains("--out DIR"), "{text}");
    assert!(refused(&About { key: "other".into(), ..about("aa") }).contains("another key, did:web:a.example#key"));
    assert!(
        refused(&About { registry: "q.example".into(), ..about("aa") }).contains("for the registry r.example, not q")
    );
    assert!(
        refused(&About { input: "lots.xlsx".into(), ..about("bb") }).contains("job of another spreadsheet, lots.csv")
    );
    assert_eq!(open(&path).unwrap().rows().len(), 1, "and it is as it was");
}

#[test]
fn a_job_in_which_nothing_was_signed_stands_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    drop(open(&path).unwrap());
    let mut job = Job::open(&path, &about("a longer digest than before")).unwrap();
    job.hold(&[signed(2, "a.b.c")]).unwrap();
    drop(job);
    assert_eq!(Job::open(&path, &about("a longer digest than before")).unwrap().rows().len(), 1);
}

#[test]
fn two_runs_do_not_work_on_one_job() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    let job = open(&path).unwrap();
    assert!(open(&path).unwrap_err().text().contains("another run works on"));
    drop(job);
    open(&path).unwrap();
}

#[test]
fn damage_is_refused_and_what_is_no_job_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    open(&path).unwrap().hold(&[signed(2, "a.b.c"), signed(3, "d.e.f")]).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, whole.replace("a.b.c\"", "a.b.c'")).unwrap();
    assert!(open(&path).unwrap_err().text().contains("damaged at byte"));
    for other in ["my notes\n".to_owned(), "x".repeat(300_000)] {
        fs::write(&path, &other).unwrap();
        open(&path).unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
}

#[cfg(unix)]
#[test]
fn salts_are_the_owners() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lots.job");
    open(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
