//! A log that can be broken and opened again, and a memory of everything it ever said.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use primitives::{Hash, PublicKey, SecretKey, SignError, Signature, Signer};
use store::{AppendError, Bytes, Faulty, Journal, MemoryJournal, ReadError, Record};
use tlog::{Checkpoint, MemoryTree, OpenedCheckpoint, Proof, Vkey, leaf_hash};
use tokio::sync::Semaphore;

use super::market::{Action, Market, Refusal, Rules};
use crate::testing::{FakeClock, MemoryViews};
use crate::{
    Limits, OpenError, Options, Parts, Reader, Receipt, Sequencer, SubmitError, Timekeeper, Views, entry,
    received_at_millis,
};

pub(super) const ORIGIN: &str = "registry.example";
pub(super) const START: u64 = 1_800_000_000_000;

pub(super) type Log<J = TestJournal, D = MemoryViews> = Sequencer<J, D, Market>;
pub(super) type TestJournal = Arc<Held<Faulty<MemoryJournal>>>;

/// A journal whose appends wait while it is held, so that a test decides what is in one batch.
pub(super) struct Held<J> {
    pub(super) inner: J,
    free: Semaphore,
}

impl<J> Held<J> {
    pub(super) fn new(inner: J) -> Self {
        Self { inner, free: Semaphore::new(1) }
    }

    /// Appends wait from now on; one that is under way ends.
    pub(super) async fn hold(&self) {
        self.free.acquire().await.unwrap().forget();
    }

    pub(super) fn let_go(&self) {
        self.free.add_permits(1);
    }
}

impl<J: Journal> Journal for Held<J> {
    async fn append(&self, seq: u64, record: &Record) -> Result<(), AppendError> {
        let _free = self.free.acquire().await.unwrap();
        self.inner.append(seq, record).await
    }

    async fn read(&self, seq: u64) -> Result<Option<Record>, ReadError> {
        self.inner.read(seq).await
    }

    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn entries(&self) -> u64 {
        self.inner.entries()
    }

    fn locate(&self, index: u64) -> Option<u64> {
        self.inner.locate(index)
    }
}

/// A key that remembers what it signed, and refuses when told to.
pub(super) struct Witnessed {
    key: SecretKey,
    signed: Mutex<Vec<String>>,
    pub(super) broken: std::sync::atomic::AtomicBool,
}

impl Witnessed {
    pub(super) fn has_signed(&self, size: u64) -> bool {
        self.signed.lock().unwrap().iter().any(|text| Checkpoint::parse(text).unwrap().size() == size)
    }
}

impl Signer for Witnessed {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        if self.broken.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(SignError("the token was pulled out".into()));
        }
        self.signed.lock().unwrap().push(String::from_utf8(message.to_vec()).unwrap());
        self.key.sign(message)
    }
}

/// Everything outside of the log, which outlives it.
pub(super) struct Rig {
    pub(super) journal: TestJournal,
    pub(super) views: MemoryViews,
    pub(super) clock: FakeClock,
    pub(super) timekeeper: Arc<Timekeeper>,
    pub(super) signer: Arc<Witnessed>,
    pub(super) rules: Arc<Rules>,
    pub(super) options: Options,
}

impl Rig {
    pub(super) fn new() -> Self {
        let clock = FakeClock::at(START);
        Self {
            journal: Arc::new(Held::new(Faulty::new(MemoryJournal::new()))),
            views: MemoryViews::default(),
            timekeeper: Arc::new(Timekeeper::new(clock.clone())),
            clock,
            signer: Arc::new(Witnessed {
                key: SecretKey::from_seed(&[7; 32]),
                signed: Mutex::default(),
                broken: false.into(),
            }),
            rules: Arc::new(Rules { version: 1 }),
            options: Options {
                limits: Limits { batch: 64, ..Limits::default() },
                save_every: 64,
                // Views in memory lose what was signed with all the rest.
                journal_ok: true,
                ..Options::default()
            },
        }
    }

    pub(super) fn parts<J: Journal, D: Views>(&self, journal: J, views: D) -> Parts<J, D, Market> {
        Parts {
            journal,
            views,
            rules: Arc::clone(&self.rules),
            timekeeper: Arc::clone(&self.timekeeper),
            signer: Arc::clone(&self.signer) as _,
            origin: ORIGIN.into(),
            options: self.options.clone(),
        }
    }

    pub(super) async fn try_open(&self) -> Result<Log, OpenError> {
        self.journal.inner.reopen();
        Sequencer::open(self.parts(Arc::clone(&self.journal), self.views.clone())).await
    }

    pub(super) async fn open(&self) -> Log {
        self.try_open().await.unwrap()
    }

    /// All entries that the journal holds.
    pub(super) async fn entries(&self) -> Vec<Bytes> {
        all_entries(&*self.journal).await
    }

    pub(super) fn vkey(&self) -> Vkey {
        Vkey::log(ORIGIN, self.signer.public_key()).unwrap()
    }

    /// Checks a receipt as a stranger would: from statement, proof and key alone.
    pub(super) fn check(&self, token: &str, receipt: &Receipt) {
        let proof = Proof::parse(receipt.proof.as_bytes()).unwrap();
        assert_eq!(proof.index(), receipt.index);
        assert_eq!(proof.extra(), receipt.received_at_millis.to_be_bytes());
        let leaf = leaf_hash(&[proof.extra(), token.as_bytes()].concat());
        let included = proof.verify(&leaf, &[self.vkey()]).unwrap();
        assert_eq!(included.checkpoint().origin(), ORIGIN);
    }

    /// Checks the proof of an entry that is in the log.
    pub(super) async fn check_proof<J: Journal, D: Views>(&self, reader: &Reader<J, D, Market>, index: u64) {
        let entry = reader.entry(index).await.unwrap().unwrap();
        let proof = Proof::parse(reader.proof(index).await.unwrap().unwrap().as_bytes()).unwrap();
        assert_eq!((proof.index(), proof.extra()), (index, &entry[..8]));
        let included = proof.verify(&leaf_hash(&entry), &[self.vkey()]).unwrap();
        assert_eq!(included.checkpoint().root(), reader.published().root);
    }

    /// That all checkpoints ever signed are of one log, of which `entries` is the newest state.
    pub(super) fn check_no_fork(&self, entries: &[Bytes]) {
        let mut roots = BTreeMap::new();
        let mut tree = MemoryTree::new();
        roots.insert(0, tlog::EMPTY_ROOT);
        for (entry, size) in entries.iter().zip(1..) {
            tree.push(leaf_hash(entry));
            roots.insert(size, tlog::root(size, &tree).unwrap());
        }
        let signed = self.signer.signed.lock().unwrap();
        assert!(!signed.is_empty());
        for text in signed.iter() {
            let checkpoint = Checkpoint::parse(text).unwrap();
            assert_eq!(Some(&checkpoint.root()), roots.get(&checkpoint.size()), "checkpoint of {}", checkpoint.size());
        }
        for (old, new) in signed.iter().zip(signed.iter().skip(1)) {
            let (old, new) = (Checkpoint::parse(old).unwrap(), Checkpoint::parse(new).unwrap());
            assert!(old.size() <= new.size(), "signed {} after {}", new.size(), old.size());
            let proof = tlog::consistency_proof(old.size(), new.size(), &tree).unwrap();
            tlog::verify_consistency(old.size(), new.size(), &old.root(), &new.root(), &proof).unwrap();
        }
    }

    /// That a replay of the journal gives what the live log has in its database and its state, byte for byte.
    pub(super) async fn check_replay_equals(&self, log: Log) {
        let live = log.published();
        log.close().await.unwrap();
        let fresh = MemoryViews::default();
        let replayed =
            Sequencer::<_, _, Market>::open(self.parts(Arc::clone(&self.journal), fresh.clone())).await.unwrap();
        let again = replayed.published();
        assert_eq!(again.view, live.view);
        assert_eq!((again.size, again.root, again.last_millis), (live.size, live.root, live.last_millis));
        assert_eq!(again.checkpoint, live.checkpoint);
        replayed.close().await.unwrap();
        assert_eq!(fresh.contents(), self.views.contents());
    }
}

pub(super) async fn all_entries(journal: &impl Journal) -> Vec<Bytes> {
    let mut entries = Vec::new();
    for seq in 0..journal.len() {
        entries.extend(journal.read(seq).await.unwrap().unwrap().entries);
    }
    entries
}

pub(super) async fn submit<J: Journal, D: Views>(
    log: &Log<J, D>,
    token: &str,
) -> Result<Receipt, SubmitError<Refusal>> {
    log.submit(Action::parse(token.as_bytes()), Bytes::copy_from_slice(token.as_bytes()), Hash::of(token.as_bytes()))
        .await
}

pub(super) fn refusal(result: Result<Receipt, SubmitError<Refusal>>) -> Refusal {
    match result {
        Err(SubmitError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub(super) fn code(result: Result<Receipt, SubmitError<Refusal>>) -> &'static str {
    result.unwrap_err().code()
}

/// What an entry says, and when it was received.
pub(super) fn read_entry(entry: &[u8]) -> (u64, String) {
    (received_at_millis(entry).unwrap(), String::from_utf8(entry::token(entry).to_vec()).unwrap())
}

pub(super) fn open_checkpoint(rig: &Rig, note: &[u8]) -> OpenedCheckpoint {
    OpenedCheckpoint::open(note, &[rig.vkey()]).unwrap()
}
