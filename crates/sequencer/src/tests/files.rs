//! The log on a real disk: the file journal and sled.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::{DatabaseOptions, FileJournal};

use super::market::{Market, STALLS};
use super::rig::{Log, Rig, all_entries, submit};
use crate::Options;
use crate::{Event, Opening, Sequencer, SledViews, Supervised, Views};

type FileLog = Log<FileJournal, SledViews>;

fn small() -> DatabaseOptions {
    DatabaseOptions { run_bytes: 64 << 10, cache_bytes: 8 << 20 }
}

async fn try_open(rig: &Rig, folder: &Path) -> Result<FileLog, String> {
    let journal = FileJournal::open(folder.join("journal")).map_err(|error| error.to_string())?;
    let views =
        SledViews::open(folder.join("database"), folder.join("signed"), small()).map_err(|error| error.to_string())?;
    Sequencer::open(rig.parts(journal, views)).await.map_err(|error| error.code().to_owned())
}

async fn open(rig: &Rig, folder: &Path) -> FileLog {
    try_open(rig, folder).await.unwrap()
}

async fn post(log: &Arc<FileLog>, from: u64, to: u64) {
    let mut tasks = Vec::new();
    for offer in from..to {
        let log = Arc::clone(log);
        tasks.push(tokio::spawn(async move { submit(&log, &format!("post 1 {offer}")).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_comes_back_from_its_files_with_and_without_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::new();
    let log = Arc::new(open(&rig, folder.path()).await);
    submit(&log, "open 1").await.unwrap();
    let mut entries = 1;
    let mut log = log;
    for round in 0..4 {
        post(&log, entries - 1, entries - 1 + 400).await;
        entries += 400;
        let live = log.published();
        log.close().await.unwrap();
        let delete = round % 2 == 1;
        if delete {
            fs::remove_dir_all(folder.path().join("database")).unwrap();
        }
        log = Arc::new(open(&rig, folder.path()).await);
        let doubt = delete.then(|| "no state is saved".to_owned());
        let (loaded, replayed) = if delete { (0, entries) } else { (entries, 0) };
        assert_eq!(log.opening(), &Opening { loaded, replayed, doubt });
        let again = log.published();
        assert_eq!((again.size, again.root, &again.checkpoint), (live.size, live.root, &live.checkpoint));
        assert_eq!(again.view, live.view);
        assert!(submit(&log, "post 1 7").await.unwrap().repeated);
        for index in [0, 255, 256, entries - 1] {
            rig.check_proof(&log.reader(), index).await;
        }
        let reader = log.reader();
        assert_eq!(reader.value(STALLS, &1_u16.to_be_bytes()).unwrap().as_deref(), Some(&[0; 8][..]));
        assert_eq!(reader.values(STALLS, &[], None, 9).unwrap().len(), 1);
        assert_eq!(reader.values(STALLS, &[0], Some(&[0, 1]), 9).unwrap().len(), 0);
        assert_eq!(reader.values(STALLS, &[0], Some(&[0]), 9).unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_journal_cut_behind_what_was_signed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::new();
    let rig = Rig { options: Options { journal_ok: false, ..rig.options }, ..rig };
    let log = open(&rig, folder.path()).await;
    submit(&log, "open 1").await.unwrap();
    log.close().await.unwrap();
    drop(log);
    let old = folder.path().join("old");
    copy(&folder.path().join("journal"), &old);
    let log = open(&rig, folder.path()).await;
    submit(&log, "open 2").await.unwrap();
    log.close().await.unwrap();
    drop(log);
    fs::remove_dir_all(folder.path().join("journal")).unwrap();
    fs::rename(&old, folder.path().join("journal")).unwrap();
    assert_eq!(try_open(&rig, folder.path()).await.unwrap_err(), "behind_signed");
    // The views alone gone: still refused.
    fs::remove_dir_all(folder.path().join("database/views")).unwrap();
    assert_eq!(try_open(&rig, folder.path()).await.unwrap_err(), "behind_signed");
    fs::remove_dir_all(folder.path().join("database")).unwrap();
    assert_eq!(try_open(&rig, folder.path()).await.unwrap_err(), "behind_signed");
    // Nobody knows any more what was signed: only the operator can say that this is all.
    fs::remove_file(folder.path().join("signed")).unwrap();
    assert_eq!(try_open(&rig, folder.path()).await.unwrap_err(), "signed_missing");
    let rig = Rig { options: Options { journal_ok: true, ..rig.options }, ..rig };
    assert_eq!(open(&rig, folder.path()).await.published().size, 1);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let to = to.join(file.file_name());
        if file.file_type().unwrap().is_dir() {
            copy(&file.path(), &to);
        } else {
            fs::copy(file.path(), to).unwrap();
        }
    }
}

#[tokio::test]
async fn whatever_of_sled_is_damaged_the_log_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::new();
    let log = Arc::new(open(&rig, folder.path()).await);
    submit(&log, "open 1").await.unwrap();
    post(&log, 0, 500).await;
    let live = log.published();
    log.close().await.unwrap();
    drop(log);
    let pristine = folder.path().join("pristine");
    let database = folder.path().join("database");
    copy(&database, &pristine);
    let mut loaded = Vec::new();
    for part in 0..10 {
        fs::remove_dir_all(&database).unwrap();
        copy(&pristine, &database);
        let path = database.join("views/db");
        let mut bytes = fs::read(&path).unwrap();
        let tenth = bytes.len() / 10;
        bytes[part * tenth..(part + 1) * tenth].iter_mut().for_each(|byte| *byte ^= 0xa5);
        fs::write(&path, bytes).unwrap();
        let log = open(&rig, folder.path()).await;
        let again = log.published();
        assert_eq!((again.size, again.root, &again.view), (501, live.root, &live.view), "tenth {part}");
        for index in [0, 200, 300, 500] {
            rig.check_proof(&log.reader(), index).await;
        }
        assert_eq!(log.reader().value(STALLS, &1_u16.to_be_bytes()).unwrap().as_deref(), Some(&[0; 8][..]));
        assert!(submit(&log, "post 1 7").await.unwrap().repeated);
        loaded.push(log.opening().loaded);
        log.close().await.unwrap();
        drop(log);
    }
    assert!(loaded.contains(&0), "some damage was noticed: {loaded:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervised_log_lets_go_of_its_files_before_it_opens_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Arc::new(Rig::new());
    let (open_rig, path) = (Arc::clone(&rig), folder.path().to_owned());
    let open = move |_| {
        let (rig, path) = (Arc::clone(&open_rig), path.clone());
        async move { try_open(&rig, &path).await }
    };
    let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
    let log: Supervised<FileJournal, SledViews, Market> =
        Supervised::start(open, move |event| drop(sender.send(event))).await.unwrap();
    submit(&log.current(), "open 1").await.unwrap();
    rig.signer.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(submit(&log.current(), "open 2").await.is_err());
    rig.signer.broken.store(false, std::sync::atomic::Ordering::SeqCst);
    let reopened = async {
        loop {
            if let Event::Reopened(opening) = events.recv().await.unwrap() {
                return opening;
            }
        }
    };
    let opening = tokio::time::timeout(Duration::from_secs(20), reopened).await.unwrap();
    assert_eq!((opening.loaded, opening.replayed), (0, 2));
    let receipt = submit(&log.current(), "open 2").await.unwrap();
    assert_eq!((receipt.index, receipt.repeated), (1, true));
    rig.check("open 2", &receipt);
    log.close().await.unwrap();
    drop(log);
    let journal = FileJournal::open(folder.path().join("journal")).unwrap();
    assert_eq!(all_entries(&journal).await.len(), 2);
}

#[test]
fn scans_go_on_after_the_last_key_and_end_with_the_prefix() {
    let folder = tempfile::tempdir().unwrap();
    let views = SledViews::open(folder.path(), folder.path().join("signed"), small()).unwrap();
    let mut changes = crate::Changes { size: Some(1), ..Default::default() };
    for key in ["a", "b", "b1", "b2", "b\u{7f}", "c"] {
        changes.puts.put("map", key, key.to_owned());
    }
    views.apply(changes).unwrap();
    let keys = |prefix: &str, after: Option<&str>, limit| -> Vec<String> {
        let found = views.scan("map", prefix.as_bytes(), after.map(str::as_bytes), limit).unwrap();
        found.into_iter().map(|(key, _)| String::from_utf8(key.to_vec()).unwrap()).collect()
    };
    assert_eq!(keys("b", None, 9), ["b", "b1", "b2", "b\u{7f}"]);
    assert_eq!(keys("b", Some("b"), 9), ["b1", "b2", "b\u{7f}"]);
    assert_eq!(keys("b", Some("b1"), 1), ["b2"]);
    assert_eq!(keys("b", Some("a"), 9), ["b", "b1", "b2", "b\u{7f}"]);
    assert!(keys("b", Some("c"), 9).is_empty());
    assert_eq!(keys("", None, 9).len(), 6);
    assert_eq!(keys("", Some("b2"), 9), ["b\u{7f}", "c"]);
    // Both ways of moving the marker.
    views.apply(crate::Changes { size: Some(5), ..Default::default() }).unwrap();
    views.apply(crate::Changes { size: Some(3), ..Default::default() }).unwrap();
    views.apply(crate::Changes::default()).unwrap();
    assert_eq!(views.marker().unwrap(), 5);
}
