//! Opening a log: from what is durable, to a writer that may go on.
//!
//! The journal is the truth. What the database holds is taken over where it provably belongs to the journal and made again
//! where it does not. A journal that is shorter than what was signed is neither cut nor continued: that is for a person.

use std::sync::Arc;

use primitives::{Hash, Signer};
use store::{Journal, Record};
use tlog::{Checkpoint, NoteSignature, SignNoteError};

use crate::clock::{MAX_AHEAD_AT_START_MILLIS, Timekeeper};
use crate::error::OpenError;
use crate::extension::{self, BeforeSigning};
use crate::ledger::Ledger;
use crate::pool::Limits;
use crate::published::{Published, sign};
use crate::replay::make_ready;
use crate::saved::{self, Doubt};
use crate::shared::{Shared, Stores};
use crate::writer::{Saver, Writer};
use crate::{Changes, Floor, Law, Views, entry};

/// Entries that are read, opened on all cores and applied at once, while replaying: some tens of milliseconds of work.
const ENTRIES_AT_ONCE: usize = 2048;

/// What a log is opened with.
pub struct Parts<J, D, L: Law> {
    /// The truth.
    pub journal: J,
    /// Where the views lie.
    pub views: D,
    /// What the law begins with.
    pub rules: Arc<L::Rules>,
    /// The clock, shared by all openings in the life of the process.
    pub timekeeper: Arc<Timekeeper>,
    /// The log's key.
    pub signer: Arc<dyn Signer + Send + Sync>,
    /// The log's name: first line of its checkpoints, and their key's name.
    pub origin: String,
    /// The rest.
    pub options: Options,
}

/// What can be chosen at opening.
#[derive(Clone)]
pub struct Options {
    /// Bounds of the pool and of a batch.
    pub limits: Limits,
    /// The state is saved whenever so many entries have been added; a restart after a crash replays at most about twice as
    /// many.
    pub save_every: u64,
    /// The operator says that the clock is right, though it is more than 30 days ahead of the last entry.
    pub clock_ok: bool,
    /// The operator says that this journal is the newest there is, though the record of what was signed is gone.
    pub journal_ok: bool,
    /// What this process published before: the log must begin with it. See [`crate::Supervised`].
    pub floor: Option<Floor>,
    /// Called now and then while entries are replayed.
    pub progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    /// Another signature of the log under each of its checkpoints, such as one of ML-DSA-44. The same checkpoint gives the same
    /// bytes whenever it is signed.
    pub also_sign: Option<AlsoSign>,
    /// Called before each signature with what proves that the tree extends an earlier one, for a signer that asks for it.
    pub before_signing: Option<BeforeSigning>,
}

/// Signs a checkpoint once more.
pub type AlsoSign = Arc<dyn Fn(&Checkpoint) -> Result<NoteSignature, SignNoteError> + Send + Sync>;

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            save_every: 32_768,
            clock_ok: false,
            journal_ok: false,
            floor: None,
            progress: None,
            also_sign: None,
            before_signing: None,
        }
    }
}

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries applied, those of the saved state included.
    pub entries: u64,
    /// Entries in the journal.
    pub of: u64,
}

/// What opening found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Entries whose state was taken over from the database.
    pub loaded: u64,
    /// Entries that were replayed.
    pub replayed: u64,
    /// Why the views were made again from the first entry, where they were.
    pub doubt: Option<String>,
}

pub(crate) struct Opened<J, D, L: Law> {
    pub(crate) writer: Writer<J, D, L>,
    pub(crate) opening: Opening,
}

pub(crate) async fn open<J: Journal, D: Views, L: Law>(parts: Parts<J, D, L>) -> Result<Opened<J, D, L>, OpenError> {
    let Parts { journal, views, rules, timekeeper, signer, origin, options } = parts;

    // 1. Nothing that was signed may be missing. A journal of which nobody knows what was signed may be an old copy.
    let signed = views.signed()?;
    if signed.is_none() && !journal.is_empty() && !options.journal_ok {
        return Err(OpenError::SignedMissing { journal: journal.entries() });
    }
    for floor in [signed, options.floor].into_iter().flatten() {
        check_floor(&journal, floor).await?;
    }

    // 2. A clock that is far ahead would date one entry past every later one.
    check_clock(&journal, &timekeeper, options.clock_ok).await?;

    // 3. The state as it was saved, or that of the empty log.
    let rules: &L::Rules = &rules;
    let fingerprint = L::fingerprint(rules);
    let loaded = load(&journal, &views, rules, fingerprint).await?;
    let (views, mut ledger, last, doubt) = match loaded {
        Ok((ledger, save)) => (views, ledger, Some(Arc::new(save)), None),
        Err(doubt) => (views.cleared()?, Ledger::<L>::new(rules), None, (!journal.is_empty()).then_some(doubt.0)),
    };
    let loaded = ledger.size();
    let mut saver =
        Saver { fingerprint, every: options.save_every, last, running: None, database: std::marker::PhantomData };

    // 4. Every record after it. A crash on the way leaves views that are behind; they are brought on again.
    let report = |entries| {
        if let Some(progress) = &options.progress {
            progress(Progress { entries, of: journal.entries() });
        }
    };
    catch_up(&journal, &views, &mut ledger, journal.entries(), Some(&mut saver), &report).await?;
    saver.save_if_due_now(&ledger, &views)?;
    report(ledger.size());

    // 5. Sign, and remember it, as the writer does.
    let root = ledger.frontier.root();
    if let Some(told) = &options.before_signing {
        extension::tell(told, &ledger, None, &views);
    }
    let checkpoint = sign(&origin, ledger.size(), root, &*signer, options.also_sign.as_ref())?;
    views.set_signed(Floor { size: ledger.size(), root })?;
    if signed.is_none() {
        // The file is new: it has to be there after a power cut, however old what it says is then.
        views.flush()?;
    }

    // 6. Publish.
    let opening = Opening { loaded, replayed: ledger.size() - loaded, doubt };
    let seq = journal.len();
    let stores = Arc::new(Stores { journal, views });
    let published = Arc::new(Published::new(&ledger, root, checkpoint));
    let shared = Arc::new(Shared::new(Arc::clone(&stores), published, Arc::clone(&ledger.columns)));
    let Options { before_signing, also_sign, .. } = options;
    let writer = Writer { shared, stores, ledger, seq, timekeeper, origin, signer, before_signing, also_sign, saver };
    Ok(Opened { writer, opening })
}

/// Applies every record after the ledger's last entry, up to entry `until`, where one ends. A state that is saved on the way is saved
/// where a saver is given.
pub(crate) async fn catch_up<J: Journal, D: Views, L: Law>(
    journal: &J,
    views: &D,
    ledger: &mut Ledger<L>,
    until: u64,
    mut saver: Option<&mut Saver<D, L>>,
    report: &(impl Fn(u64) + Sync),
) -> Result<(), OpenError> {
    let seq_at = |index| journal.locate(index).unwrap_or_else(|| journal.len());
    let (first, end) = (seq_at(ledger.size()), seq_at(until));
    let mut changes = Changes::default();
    let mut records = Vec::new();
    let mut entries = 0;
    for seq in first..end {
        let record = read(journal, seq).await?;
        entries += record.entries.len();
        records.push(record);
        if entries < ENTRIES_AT_ONCE && seq + 1 < end {
            continue;
        }
        let first = seq + 1 - records.len() as u64;
        for (ready, seq) in make_ready(&ledger.law.view(), std::mem::take(&mut records)).into_iter().zip(first..) {
            ledger.replay(ready, &mut changes).map_err(|source| OpenError::Chain { seq, source })?;
        }
        entries = 0;
        views.apply(std::mem::take(&mut changes))?;
        if let Some(saver) = &mut saver {
            saver.save_if_due_now(ledger, views)?;
        }
        report(ledger.size());
    }
    Ok(())
}

pub(crate) async fn read(journal: &impl Journal, seq: u64) -> Result<Record, OpenError> {
    let record = journal.read(seq).await.map_err(|source| OpenError::Journal { seq, source })?;
    record.ok_or(OpenError::RecordMissing { seq })
}

/// The root of the journal's tree of `size` leaves, where a record ends there. Checkpoints are signed and states saved at
/// ends of records only.
async fn root_at(journal: &impl Journal, size: u64) -> Result<Option<Hash>, OpenError> {
    let Some(last) = size.checked_sub(1) else { return Ok(Some(tlog::EMPTY_ROOT)) };
    let Some(seq) = journal.locate(last) else { return Ok(None) };
    let record = read(journal, seq).await?;
    Ok((record.tree_size == size).then_some(Hash(record.root)))
}

pub(crate) async fn check_floor(journal: &impl Journal, floor: Floor) -> Result<(), OpenError> {
    if journal.entries() < floor.size {
        return Err(OpenError::BehindSigned { journal: journal.entries(), signed: floor.size });
    }
    let root = root_at(journal, floor.size).await?.unwrap_or(Hash([0; 32]));
    if root != floor.root {
        return Err(OpenError::Forked { size: floor.size, signed: floor.root, journal: root });
    }
    Ok(())
}

async fn check_clock(journal: &impl Journal, timekeeper: &Timekeeper, clock_ok: bool) -> Result<(), OpenError> {
    let Some(last) = journal.len().checked_sub(1) else { return Ok(()) };
    let record = read(journal, last).await?;
    let last_millis = record.entries.iter().filter_map(|entry| entry::received_at_millis(entry)).max();
    let now_millis = timekeeper.now_millis();
    match last_millis {
        Some(last_millis) if !clock_ok && now_millis.saturating_sub(last_millis) > MAX_AHEAD_AT_START_MILLIS => {
            Err(OpenError::ClockAhead { now_millis, last_millis })
        }
        Some(_) | None => Ok(()),
    }
}

pub(crate) type Loaded<L> = Result<(Ledger<L>, saved::Save<L>), Doubt>;

/// The saved state, if it is whole and the journal's.
pub(crate) async fn load<L: Law>(
    journal: &impl Journal,
    views: &impl Views,
    rules: &L::Rules,
    fingerprint: [u8; 32],
) -> Result<Loaded<L>, OpenError> {
    let head = match saved::head(views, fingerprint) {
        Ok(head) => head,
        Err(doubt) => return Ok(Err(doubt)),
    };
    let (size, root) = (head.manifest.size, head.manifest.root);
    let marker = views.marker()?;
    let entries = journal.entries();
    if marker > entries || size > marker {
        return Ok(Err(Doubt(format!("the views say {marker} entries, saved at {size}, the journal has {entries}"))));
    }
    if root_at(journal, size).await? != Some(root) {
        return Ok(Err(Doubt("the saved state is of another journal".into())));
    }
    Ok(saved::load(head, rules, views))
}
