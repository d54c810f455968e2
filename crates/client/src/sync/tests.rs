use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use primitives::{Hash, SecretKey, Signer as _, Timestamp};
use registry::{Accreditor, AccreditorKey, Policy, SnapshotHead, State};
use statement::sample::{self, did};
use statement::{Accreditation, Action, Attestation, Entry, Origin, Reason, StatusChange, StatusSlot, Target};
use tlog::{Checkpoint, MemoryTree, Quorum, Tile, Vkey};
use verify::TrustedRegistry;

use super::*;
use crate::{Kept, Memory};

pub(crate) const ORIGIN: &str = "registry.example";

pub(crate) fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

/// A log that can grow, and what its registry shows of it.
#[derive(Clone)]
pub(crate) struct Log {
    state: State,
    pub(crate) entries: Vec<Vec<u8>>,
    slots: u32,
}

pub(crate) fn policy() -> Policy {
    let key = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
    let did = did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
    Policy { origin: Origin::parse(ORIGIN).unwrap(), accreditors, rules: vec![(0, 1)] }
}

/// The same, where the registry binds the status of everything into its log.
pub(crate) fn bound_policy() -> Policy {
    Policy { rules: vec![(0, 2)], ..policy() }
}

impl Log {
    pub(crate) fn new(attestations: u32) -> Self {
        Self::under(policy(), attestations)
    }

    pub(crate) fn under(policy: Policy, attestations: u32) -> Self {
        let mut log = Self { state: State::new(policy), entries: vec![], slots: 0 };
        let accreditation = Accreditation { compromised: vec![], ..sample::accreditation() };
        let payload = accreditation.to_payload();
        log.add(&statement::sign(&payload, &accreditation.issuer, &sample::accreditor_key()).unwrap());
        log.attest(attestations);
        log
    }

    pub(crate) fn attest(&mut self, count: u32) {
        for _ in 0..count {
            let slot = StatusSlot { list: 0, index: self.slots };
            self.slots += 1;
            let attestation = Attestation { slot, ..sample::attestation() };
            let payload = attestation.to_payload(&sample::certifier_key().public_key().thumbprint());
            self.add(&statement::sign(&payload, &attestation.issuer, &sample::certifier_key()).unwrap());
        }
    }

    pub(crate) fn add(&mut self, jws: &str) {
        self.add_at("2026-06-01T00:00:00Z", jws);
    }

    /// What a registry that keeps to no rule logs.
    pub(crate) fn add_at(&mut self, received_at: &str, jws: &str) {
        let entry = Entry::encode(sample::instant(received_at), jws.as_bytes());
        self.state.fold(&entry);
        self.entries.push(entry);
    }

    /// Writes the registry's own next entry.
    pub(crate) fn bind(&mut self, received_at: &str) {
        let root = self.state.bind_status(sample::instant(received_at)).unwrap();
        self.entries.push(root.encode().to_vec());
    }

    /// The checkpoint of the first entries.
    pub(crate) fn checkpoint(&self, size: usize) -> String {
        let tree: MemoryTree = self.entries[..size].iter().map(|entry| tlog::leaf_hash(entry)).collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        Checkpoint::new(ORIGIN, tree.size(), root).unwrap().sign(&log_key()).unwrap().to_string()
    }

    /// Head and body, and what the tiles are made of.
    pub(crate) fn shown(&self, produced: u64) -> Shown {
        self.shown_as(&self.state, produced)
    }

    /// The same with a snapshot of another state.
    pub(crate) fn shown_as(&self, state: &State, produced: u64) -> Shown {
        let checkpoint = self.checkpoint(self.entries.len());
        let body = state.snapshot();
        let produced = Timestamp::from_seconds(1_800_000_000 + produced);
        let expires = Timestamp::from_seconds(1_900_000_000);
        let head = SnapshotHead::sign(&body, &checkpoint, produced, expires, &log_key()).unwrap().to_string();
        let body = body.pieces().flatten().collect();
        Shown { head, checkpoint, body, entries: self.entries.clone(), hours: Vec::new(), stop_after: None, sent: 0 }
    }
}

pub(crate) struct Shown {
    head: String,
    pub(crate) checkpoint: String,
    body: Vec<u8>,
    /// What the tiles and bundles are made of.
    pub(crate) entries: Vec<Vec<u8>>,
    /// Checkpoints that are kept, by their hours.
    pub(crate) hours: Vec<(&'static str, String)>,
    /// Bytes of the body after which every request fails.
    stop_after: Option<usize>,
    sent: usize,
}

pub(crate) struct Fake {
    pub(crate) shown: Arc<Mutex<Shown>>,
    pub(crate) registry: TrustedRegistry,
}

impl Fake {
    pub(crate) fn show(shown: Shown) -> Self {
        let shown = Arc::new(Mutex::new(shown));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::clone(&shown);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that has hung up is told nothing.
                let _ = answer(&mut served.lock().unwrap(), stream.unwrap());
            }
        });
        let registry = TrustedRegistry {
            policy: policy(),
            url,
            log_keys: vec![Vkey::log(ORIGIN, log_key().public_key()).unwrap()],
            quorum: Quorum::none(),
            witness_urls: Vec::new(),
            snapshot_max_age_days: 7,
            reports: Default::default(),
        };
        Self { shown, registry }
    }

    pub(crate) fn now(&self, shown: Shown) {
        *self.shown.lock().unwrap() = shown;
    }

    fn sync(&self, folder: &std::path::Path) -> Result<Synced, Error> {
        self.sync_with(folder, &folder.join("memory"))
    }

    fn sync_with(&self, folder: &std::path::Path, memory: &std::path::Path) -> Result<Synced, Error> {
        Registry::new(&self.registry, Memory::new(memory)).sync(&Shelf::new(folder), &|_| {})
    }

    fn on_shelf(&self, folder: &std::path::Path) -> Option<u64> {
        Shelf::new(folder).open(&self.registry).ok().map(|snapshot| snapshot.state().size())
    }
}

fn answer(shown: &mut Shown, mut stream: TcpStream) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head[0].split(' ').nth(1).unwrap_or_default();
    let range = head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
    let (status, body) = if path == "/v1/snapshot" {
        (200, shown.head.clone().into_bytes())
    } else if path == "/checkpoint" {
        (200, shown.checkpoint.clone().into_bytes())
    } else if path.starts_with("/v1/checkpoints?") {
        let hours: Vec<_> = shown.hours.iter().map(|(hour, _)| format!("\"{hour}\"")).collect();
        (200, format!("{{\"hours\":[{}],\"more\":false}}", hours.join(",")).into_bytes())
    } else if let Some(wanted) = path.strip_prefix("/v1/checkpoints/") {
        shown
            .hours
            .iter()
            .find(|(hour, _)| *hour == wanted)
            .map_or((404, vec![]), |(_, note)| (200, note.clone().into()))
    } else if let Some(place) = path.strip_prefix("/tile/entries/") {
        bundle(&shown.entries, place).map_or((404, Vec::new()), |bundle| (200, bundle))
    } else if let Some(place) = path.strip_prefix("/tile/") {
        let leaves: Vec<Hash> = shown.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
        tile(&leaves, place).map_or((404, Vec::new()), |tile| (200, tile))
    } else if let (Some(range), true) = (range, path.starts_with("/v1/snapshot/")) {
        let (from, to) = range.split_once('-').unwrap();
        let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
        if shown.stop_after.is_some_and(|most| shown.sent >= most) {
            return Ok(());
        }
        let part = shown.body[from.min(shown.body.len())..(to + 1).min(shown.body.len())].to_vec();
        shown.sent += part.len();
        (206, part)
    } else {
        (404, Vec::new())
    };
    let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat())
}

/// `<index>[.p/<width>]`, of small logs.
fn bundle(entries: &[Vec<u8>], place: &str) -> Option<Vec<u8>> {
    let (index, width) = place.split_once(".p/").unwrap_or((place, "256"));
    let first = index.parse::<usize>().unwrap() * 256;
    let entries = entries.get(first..first + width.parse::<usize>().unwrap())?;
    let length = |entry: &Vec<u8>| u16::try_from(entry.len()).unwrap().to_be_bytes();
    Some(entries.iter().flat_map(|entry| [&length(entry)[..], entry].concat()).collect())
}

/// `<level>/<index>[.p/<width>]`, of small logs.
fn tile(leaves: &[Hash], place: &str) -> Option<Vec<u8>> {
    let (level, place) = place.split_once('/').unwrap();
    let (index, width) = place.split_once(".p/").unwrap_or((place, "256"));
    let mut hashes = leaves.to_vec();
    for _ in 0..level.parse::<usize>().unwrap() {
        let root = |tile: &[Hash]| {
            let tree: MemoryTree = tile.iter().copied().collect();
            tlog::root(tree.size(), &tree).unwrap()
        };
        hashes = hashes.as_chunks::<256>().0.iter().map(|tile| root(tile)).collect();
    }
    let first = index.parse::<usize>().unwrap() * 256;
    let hashes = hashes.get(first..first + width.parse::<usize>().unwrap())?;
    Some(Tile::new(hashes.iter().copied()).unwrap().encode())
}

#[test]
fn a_snapshot_is_fetched_and_a_newer_one_shares_its_full_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::new(4200);
    let fake = Fake::show(log.shown(0));
    let first = fake.sync(folder.path()).unwrap();
    assert_eq!((first.entries, first.before, first.fetched), (4201, None, first.length));
    assert_eq!(fake.on_shelf(folder.path()), Some(4201));
    let again = fake.sync(folder.path()).unwrap();
    assert_eq!((again.before, again.fetched), (Some(4201), 0));
    log.attest(50);
    fake.now(log.shown(60));
    let second = fake.sync(folder.path()).unwrap();
    assert_eq!((second.entries, second.before), (4251, Some(4201)));
    assert!(second.fetched < 20_000, "{} of {}", second.fetched, second.length);
    assert_eq!(fake.on_shelf(folder.path()), Some(4251));
    let files = std::fs::read_dir(folder.path().join(ORIGIN)).unwrap().count();
    assert_eq!(files, 3, "head, body and lock: nothing of the old one is left");
}

/// The date alone: no byte of the body is fetched again.
#[test]
fn a_log_that_did_not_grow_gives_a_newer_date() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(3);
    let fake = Fake::show(log.shown(0));
    fake.sync(folder.path()).unwrap();
    fake.now(log.shown(600));
    assert_eq!(fake.sync(folder.path()).unwrap().fetched, 0);
    let produced = |fake: &Fake| Shelf::new(folder.path()).head(&fake.registry).unwrap().unwrap().produced_at();
    assert_eq!(produced(&fake).seconds(), 1_800_000_600);
    fake.now(log.shown(300));
    fake.sync(folder.path()).unwrap();
    assert_eq!(produced(&fake).seconds(), 1_800_000_600, "an older date is not taken");
}

#[test]
fn what_was_interrupted_goes_on_and_the_old_one_is_good_all_the_while() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::new(10);
    let fake = Fake::show(log.shown(0));
    fake.sync(folder.path()).unwrap();
    log.attest(16_000);
    let mut all = 0;
    for stop in [1, usize::try_from(STEP).unwrap() / 2] {
        fake.now(Shown { stop_after: Some(stop), ..log.shown(60) });
        let error = fake.sync(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Network { .. }), "{error}");
        assert_eq!(fake.on_shelf(folder.path()), Some(11), "after {stop} bytes");
        all += fake.shown.lock().unwrap().sent;
    }
    // A disk that tore the last bytes.
    let mut part = std::fs::read_dir(folder.path().join(ORIGIN)).unwrap().map(|entry| entry.unwrap().path());
    let part = part.find(|path| path.display().to_string().contains("part-")).unwrap();
    let mut torn = std::fs::read(&part).unwrap();
    let length = torn.len();
    torn[length - 5..].fill(0);
    std::fs::write(&part, torn).unwrap();
    fake.now(log.shown(60));
    let synced = fake.sync(folder.path()).unwrap();
    assert_eq!((synced.entries, fake.on_shelf(folder.path())), (16_011, Some(16_011)));
    let twice = all as u64 + synced.fetched - synced.length;
    assert!(twice < 2 * 4096 * 44, "{twice} bytes were fetched twice");
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(3);
    let fake = Fake::show(log.shown(0));
    let length = log.shown(0).body.len();
    for place in (0..length).step_by(41) {
        let mut shown = log.shown(60);
        shown.body[place] ^= 0x10;
        fake.now(shown);
        assert!(matches!(fake.sync(folder.path()), Err(Error::Snapshot { .. })), "byte {place}");
        assert_eq!(fake.on_shelf(folder.path()), None);
    }
    // The damage is not kept: the next attempt is good.
    fake.now(log.shown(60));
    assert_eq!(fake.sync(folder.path()).unwrap().entries, 4);
}

#[test]
fn an_older_or_forked_log_is_refused_and_both_checkpoints_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::new(3);
    let older = log.clone();
    log.attest(3);
    let fake = Fake::show(log.shown(0));
    fake.sync(folder.path()).unwrap();
    let kept = |error: &Error| {
        if let Error::RolledBack { evidence: Kept::In(file), .. }
        | Error::Inconsistent { evidence: Kept::In(file), .. } = error
        {
            std::fs::read_to_string(file).unwrap()
        } else {
            panic!("{error}")
        }
    };
    fake.now(older.shown(60));
    // Even for a device that forgot everything but the snapshot. The old log cannot prove anything about the newer one.
    let error = fake.sync_with(folder.path(), &folder.path().join("other")).unwrap_err();
    assert!(matches!(error, Error::RolledBack { found: 4, newest: 7, .. }), "{error}");
    assert_eq!(kept(&error).matches("registry.example\n").count(), 2);
    let mut fork = older;
    fork.slots = 50;
    fork.attest(5);
    fake.now(fork.shown(60));
    let error = fake.sync(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Inconsistent { .. }), "{error}");
    let evidence = kept(&error);
    let notes = TwoNotes::parse(&evidence).unwrap();
    for (note, size) in [(&notes.older, 7), (&notes.newer, 9)] {
        assert_eq!(verify::open_checkpoint(note.as_bytes(), &fake.registry).unwrap().size(), size);
    }
    assert_eq!(fake.on_shelf(folder.path()), Some(7));
}

/// A log that still proves its past, and shows an old snapshot: last month's withdrawals would be missing.
#[test]
fn an_old_snapshot_of_a_log_that_has_grown_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = Log::new(3);
    let older = log.shown(60);
    log.attest(3);
    let fake = Fake::show(log.shown(0));
    fake.sync(folder.path()).unwrap();
    fake.now(Shown { entries: log.entries.clone(), ..older });
    let error = fake.sync(folder.path()).unwrap_err();
    assert!(matches!(error, Error::RolledBack { found: 4, newest: 7, .. }), "{error}");
    assert_eq!(fake.on_shelf(folder.path()), Some(7));
}

#[test]
fn a_damaged_shelf_is_told_and_mended() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::show(Log::new(3).shown(0));
    fake.sync(folder.path()).unwrap();
    let mut body = std::fs::read_dir(folder.path().join(ORIGIN)).unwrap().map(|entry| entry.unwrap().path());
    let body = body.find(|path| path.display().to_string().contains("body-")).unwrap();
    let good = std::fs::read(&body).unwrap();
    for place in (0..good.len()).step_by(13) {
        let mut bad = good.clone();
        bad[place] ^= 2;
        std::fs::write(&body, &bad).unwrap();
        assert_eq!(fake.on_shelf(folder.path()), None, "byte {place}");
        std::fs::write(&body, &good[..place]).unwrap();
        assert_eq!(fake.on_shelf(folder.path()), None, "cut to {place}");
    }
    assert_eq!(fake.sync(folder.path()).unwrap().entries, 4);
    assert_eq!(fake.on_shelf(folder.path()), Some(4));
}

/// Two states shown of one log, to whomever each was shown: a withdrawal may be missing in one of them.
#[test]
fn two_snapshots_of_one_tree_are_kept_as_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(3);
    let fake = Fake::show(log.shown(0));
    fake.sync(folder.path()).unwrap();
    let mut other = log.clone();
    other.state = Log::new(2).state;
    other.state.fold(b"something else");
    fake.now(other.shown(60));
    let error = fake.sync(folder.path()).unwrap_err();
    let Error::TwoSnapshots { evidence: Kept::In(file), size: 4, .. } = &error else { panic!("{error}") };
    let evidence = std::fs::read_to_string(file).unwrap();
    let (one, two) = evidence.split_once("--\n").unwrap();
    let digest = |head: &str| verify::open_head(head.as_bytes(), &fake.registry).unwrap().index_digest();
    assert_ne!(digest(one), digest(two));
    assert_eq!(fake.on_shelf(folder.path()), Some(4));
}

/// A server that sends without end.
#[test]
fn an_endless_answer_ends() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n");
            while stream.write_all(&[b'x'; 65_536]).is_ok() {}
        }
    });
    let mut fake = Fake::show(Log::new(3).shown(0));
    fake.registry.url = url;
    assert!(matches!(fake.sync(folder.path()), Err(Error::Answer { .. })));
}

/// Shows a log under rules with status roots.
fn show_bound(shown: Shown) -> Fake {
    let mut fake = Fake::show(shown);
    fake.registry.policy = bound_policy();
    fake
}

/// A withdrawal that everybody else sees, and that the snapshot for this device leaves out.
#[test]
fn a_snapshot_that_is_not_what_the_log_binds_is_refused() {
    let mut log = Log::under(bound_policy(), 5);
    let mut other = log.clone();
    let withdrawal = StatusChange {
        id: "urn:uuid:1".into(),
        issuer: did("did:web:certifier.example"),
        registry: policy().origin,
        action: Action::Withdraw,
        target: Target::Attestations(vec![2]),
        reason: Reason::Fraud,
        text: String::new(),
        after: None,
        effective_from: sample::instant("2026-06-01T00:00:00Z"),
    };
    let jws = statement::sign(&withdrawal.to_payload(), &withdrawal.issuer, &sample::certifier_key()).unwrap();
    log.add("x");
    other.add("x");
    log.add(&jws);
    other.add("no withdrawal");
    assert!(log.state.status_events(2).len() == 1 && other.state.status_events(2).is_empty());
    log.bind("2027-01-15T07:59:00Z");
    // The liar's own root, which is not the log's; or none that it tells of.
    let mut unbound = other.clone();
    other.bind("2027-01-15T07:59:00Z");
    unbound.add("no root");
    let folder = tempfile::tempdir().unwrap();
    let fake = show_bound(log.shown_as(&other.state, 0));
    let error = fake.sync(folder.path()).unwrap_err();
    assert!(matches!(&error, Error::NotBound { error, .. } if error.code() == "other_status_root"), "{error}");
    fake.now(log.shown_as(&unbound.state, 0));
    let error = fake.sync(folder.path()).unwrap_err();
    assert!(matches!(&error, Error::NotBound { error, .. } if error.code() == "status_root_late"), "{error}");
    assert_eq!(fake.on_shelf(folder.path()), None, "nothing is kept of it");
    fake.now(log.shown(0));
    assert_eq!(fake.sync(folder.path()).unwrap().entries, 9);
}

/// The old body under a new head: witnesses aside, only the log's own root tells how old it is.
#[test]
fn a_snapshot_whose_log_binds_nothing_any_more_is_refused() {
    let mut log = Log::under(bound_policy(), 5);
    log.bind("2027-01-15T07:59:00Z");
    let folder = tempfile::tempdir().unwrap();
    let fake = show_bound(log.shown(0));
    fake.sync(folder.path()).unwrap();
    fake.now(log.shown(9 * 60));
    assert_eq!(fake.sync(folder.path()).unwrap().fetched, 0, "ten minutes after the root");
    let late = |fake: &Fake| {
        let error = fake.sync(folder.path()).unwrap_err();
        assert!(matches!(&error, Error::NotBound { error, .. } if error.code() == "status_root_late"), "{error}");
    };
    fake.now(log.shown(9 * 60 + 1));
    late(&fake);
    log.add_at("2027-01-15T08:09:02Z", "x");
    fake.now(log.shown(9 * 60 + 3));
    late(&fake);
    assert_eq!(fake.on_shelf(folder.path()), Some(7), "the one before stays");
    log.bind("2027-01-15T08:09:04Z");
    fake.now(log.shown(9 * 60 + 5));
    fake.sync(folder.path()).unwrap();
}
