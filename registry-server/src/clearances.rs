//! What customs offices cleared: kept privately, committed to in the log, and given to offices as a supplement.
//!
//! ```text
//! <data>/private/   map "clearances":  SHA-256 of the clearance (32)  →  in pieces:
//!                                      length of the commitment (4) ‖ commitment ‖ clearance, both compact JWS
//! ```
//!
//! The order of writes, under one lock, in a task that goes on when the client hangs up:
//!
//! 1. The record ([`Pieces`]). *A crash leaves nothing that is read, or a whole record whose commitment is not in the log: it waits, and
//!    does not count, since nobody had an answer.*
//! 2. The commitment, through the sequencer like any statement. *A crash after it leaves a record whose commitment is in the log: it
//!    counts from the next opening on.*
//! 3. The book, in memory. Only now is the post answered.
//!
//! So nothing that is in the log lacks its clearance, unless its office sent the commitment alone. What waits is looked for in the log at
//! every post and every supplement: a write whose outcome was unknown settles itself, as does one that is posted again. Posts go
//! one after the other, which bounds them to one a commit; offices clear consignments, not labels.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, bail};
use bytes::Bytes;
use primitives::{Hash, Timestamp};
use registry::State;
use sequencer::{ReadError, Receipt, SubmitError};
use statement::{Authentic, Clearance, ClearanceCommitment, Statement, Token};
use store::Private;
use tokio::sync::{Mutex, OwnedMutexGuard};
use verify::{ClearanceBook, Overlap, UndoError};

use crate::app::App;
use crate::log::OpenLog;
use crate::log_key::LogKey;
use crate::pieces::Pieces;
use crate::problem::Problem;

/// Map of the private data.
const MAP: &str = "clearances";
/// Ranges of serial numbers in one answer.
pub(crate) const MOST_RANGES: usize = 10_000;
/// How old or early a request for the supplement may be: what is captured is not of use for long.
const FRESH_SECONDS: u64 = 300;
/// How long a supplement is given out again, where nothing was cleared since.
const KEPT_SECONDS: u64 = 60;

/// The clearances of the registry.
pub(crate) struct Clearances {
    kept: Arc<Pieces<32>>,
    key: LogKey,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    book: ClearanceBook,
    /// The commitment of each clearance that is on the disk: by hash of the clearance, that of its token.
    known: BTreeMap<Hash, Hash>,
    /// Those whose commitment was not seen in the log yet, by the same hash.
    waiting: BTreeMap<Hash, Waiting>,
    supplement: Option<(Timestamp, Bytes)>,
}

struct Waiting {
    clearance: Clearance,
    commitment: Bytes,
    commitment_hash: Hash,
}

/// A clearance and its commitment whose signatures were checked, and that belong together. Only [`Pair::open`] builds one.
pub(crate) struct Pair {
    clearance: Authentic<Statement>,
    commitment: Authentic<Statement>,
    said: Clearance,
    clearance_jws: Bytes,
    commitment_jws: Bytes,
    clearance_hash: Hash,
    commitment_hash: Hash,
}

/// What a post is answered with.
pub(crate) struct Entered {
    pub(crate) receipt: Receipt,
    pub(crate) overlaps: Vec<Overlap>,
    pub(crate) excesses: Vec<Excess>,
}

/// More cleared than was attested.
pub(crate) struct Excess {
    pub(crate) attestation: u64,
    /// With this clearance and those before it, in the attestation's unit, rounded up.
    pub(crate) cleared: u64,
    pub(crate) attested: u32,
    pub(crate) unit: &'static str,
}

impl std::fmt::Debug for Clearances {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clearances").finish_non_exhaustive()
    }
}

impl Pair {
    /// Opens both under their issuer's key, and holds them against each other.
    pub(crate) fn open(state: &State, clearance_jws: Bytes, commitment_jws: Bytes) -> Result<Self, Problem> {
        let clearance = open(state, &clearance_jws)?;
        let commitment = open(state, &commitment_jws)?;
        let (clearance_hash, commitment_hash) = (Hash::of(&clearance_jws), Hash::of(&commitment_jws));
        let Statement::Clearance(said) = &*clearance else {
            return Err(Problem::another_kind("`clearance` is no LabelClearance"));
        };
        let Statement::ClearanceCommitment(ClearanceCommitment { commitment: hash, .. }) = &*commitment else {
            return Err(Problem::another_kind("`commitment` is no ClearanceCommitment"));
        };
        if clearance.issuer() != commitment.issuer() || clearance.key() != commitment.key() {
            return Err(Problem::another_signer());
        }
        if *hash != clearance_hash {
            return Err(Problem::commitment_mismatch());
        }
        let said = said.clone();
        Ok(Self { clearance, commitment, said, clearance_jws, commitment_jws, clearance_hash, commitment_hash })
    }
}

fn open(state: &State, jws: &[u8]) -> Result<Authentic<Statement>, Problem> {
    let token = Token::parse(jws)?;
    let key = state.issuer_key(&token)?;
    Ok(token.open(&key)?)
}

impl Clearances {
    /// Reads all clearances back, and finds each commitment in the log.
    pub(crate) async fn open(private: Arc<Private>, key: LogKey, log: &OpenLog) -> anyhow::Result<Self> {
        let kept = Arc::new(Pieces::new(private, MAP));
        let (source, published) = (Arc::clone(&kept), log.published());
        let mut held = tokio::task::spawn_blocking(move || read_all(&source, &published.view)).await??;
        held.settle(log).await?;
        if !held.waiting.is_empty() {
            tracing::warn!(waiting = held.waiting.len(), "clearances are kept whose commitments are not in the log");
        }
        Ok(Self { kept, key, held: Arc::new(Mutex::new(held)) })
    }

    async fn held(&self) -> OwnedMutexGuard<Held> {
        Arc::clone(&self.held).lock_owned().await
    }

    async fn put(&self, pair: &Pair) -> Result<(), Problem> {
        let (kept, hash) = (Arc::clone(&self.kept), pair.clearance_hash);
        let record = record(&pair.commitment_jws, &pair.clearance_jws);
        run(move || kept.put(&hash.0, &record)).await
    }

    /// Erases a record that its log has refused: nobody was told that it is kept.
    async fn erase(&self, pair: &Pair) -> Result<(), Problem> {
        let (kept, hash) = (Arc::clone(&self.kept), pair.clearance_hash);
        let length = record(&pair.commitment_jws, &pair.clearance_jws).len();
        run(move || kept.erase(&hash.0, length)).await
    }
}

async fn run(work: impl FnOnce() -> Result<(), store::PrivateError> + Send + 'static) -> Result<(), Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::unavailable)
}

fn record(commitment: &[u8], clearance: &[u8]) -> Vec<u8> {
    let length = u32::try_from(commitment.len()).unwrap_or(u32::MAX); // A token is at most 48 KiB.
    [&length.to_be_bytes(), commitment, clearance].concat()
}

fn read_all(kept: &Pieces<32>, state: &State) -> anyhow::Result<Held> {
    let mut held = Held::default();
    kept.read_all(|hash, whole| {
        let hash = Hash(hash);
        let read = || {
            let (length, rest) = whole.split_first_chunk::<4>()?;
            let (commitment, clearance) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
            (Hash::of(clearance) == hash).then(|| (Bytes::copy_from_slice(commitment), clearance.to_vec()))
        };
        let (commitment, clearance) = read().with_context(|| format!("clearance {hash} is not as written"))?;
        let opened =
            open(state, &clearance).map_err(|problem| anyhow::anyhow!("clearance {hash}: {}", problem.code))?;
        let Statement::Clearance(clearance) = opened.into_inner() else { bail!("clearance {hash} is of another kind") };
        let commitment_hash = Hash::of(&commitment);
        held.known.insert(hash, commitment_hash);
        held.waiting.insert(hash, Waiting { clearance, commitment, commitment_hash });
        Ok(())
    })?;
    Ok(held)
}

impl Held {
    /// Enters what waits and is in the log, in the order of the log.
    async fn settle(&mut self, log: &OpenLog) -> Result<(), ReadError> {
        let reader = log.reader();
        let mut found = Vec::new();
        for (hash, waiting) in &self.waiting {
            if let Some(index) = reader.index_of(&waiting.commitment, &waiting.commitment_hash).await? {
                found.push((index, *hash));
            }
        }
        found.sort_unstable();
        for (index, hash) in found {
            self.enter(index, &hash);
        }
        Ok(())
    }

    fn enter(&mut self, index: u64, hash: &Hash) {
        if let Some(waiting) = self.waiting.remove(hash) {
            self.book.add(index, waiting.clearance);
            self.supplement = None;
        }
    }

    fn excesses(&self, state: &State, index: u64) -> Vec<Excess> {
        let quantities = self.book.quantities(index).into_iter();
        let excess = |(attestation, cleared): (u64, u64)| {
            let row = state.row(attestation)?;
            let factor = row.unit().base().1;
            let is_over = cleared > u64::from(row.quantity()) * factor;
            let (cleared, attested, unit) = (cleared.div_ceil(factor), row.quantity(), row.unit().code());
            is_over.then_some(Excess { attestation, cleared, attested, unit })
        };
        quantities.filter_map(excess).collect()
    }
}

impl App {
    /// Keeps a clearance and logs its commitment, or finds both kept; `Ok` once both are durable.
    pub(crate) async fn clear(self: &Arc<Self>, pair: Pair) -> Result<Entered, Problem> {
        let app = Arc::clone(self);
        // In a task of its own: a client that hangs up between two writes must not leave the book behind the log.
        tokio::spawn(async move { app.clear_in_order(pair).await }).await.map_err(Problem::internal)?
    }

    async fn clear_in_order(&self, pair: Pair) -> Result<Entered, Problem> {
        let clearances = &self.own()?.clearances;
        let mut held = clearances.held().await;
        let log = self.log();
        held.settle(&log).await?;
        let (hash, commitment_hash) = (pair.clearance_hash, pair.commitment_hash);
        let known = held.known.get(&hash);
        if known.is_some_and(|known| *known != commitment_hash) {
            return Err(Problem::clearance_known());
        }
        let is_known = known.is_some();
        if !is_known || held.waiting.contains_key(&hash) {
            let state = &log.published().view;
            state.check_office(self.now(), &pair.clearance)?;
            state.check_clearance(&pair.said)?;
            held.book.check(&pair.said)?;
        }
        if !is_known {
            clearances.put(&pair).await?;
            held.known.insert(hash, commitment_hash);
            let (clearance, commitment) = (pair.said.clone(), pair.commitment_jws.clone());
            held.waiting.insert(hash, Waiting { clearance, commitment, commitment_hash });
        }
        match log.submit(pair.commitment.clone(), pair.commitment_jws.clone(), commitment_hash).await {
            Ok(receipt) => {
                held.enter(receipt.index, &hash);
                let overlaps = held.book.overlaps(receipt.index, MOST_RANGES);
                let excesses = held.excesses(&log.published().view, receipt.index);
                Ok(Entered { receipt, overlaps, excesses })
            }
            Err(SubmitError::Refused(refusal)) => {
                clearances.erase(&pair).await?;
                held.known.remove(&hash);
                held.waiting.remove(&hash);
                Err(refusal.into())
            }
            // Whether it is in the log is not known, so it waits.
            Err(error) => Err(error.into()),
        }
    }

    /// The supplement, for a customs office that asks now and may.
    pub(crate) async fn supplement(&self, request: &[u8]) -> Result<Bytes, Problem> {
        let log = self.log();
        log.clock().map_err(Problem::clock)?;
        let (now, published) = (self.now(), log.published());
        let asked = open(&published.view, request)?;
        let Statement::SupplementRequest(said) = &*asked else {
            return Err(Problem::another_kind("the statement is no SupplementRequest"));
        };
        published.view.check_office(now, &asked)?;
        if said.asked_at.seconds().abs_diff(now.seconds()) > FRESH_SECONDS {
            return Err(Problem::stale_request(now));
        }
        let clearances = &self.own()?.clearances;
        let mut held = clearances.held().await;
        held.settle(&log).await?;
        if let Some((made, bytes)) = &held.supplement
            && now.seconds().abs_diff(made.seconds()) < KEPT_SECONDS
        {
            return Ok(bytes.clone());
        }
        // Posts hold the lock until their commitment is published: all below this size are in the book.
        let (size, origin, key) = (log.published().size, self.origin.to_string(), clearances.key.clone());
        let make = move || {
            let bytes = verify::sign_supplement(&origin, size, &held.book, now, &key).map(Bytes::from)?;
            held.supplement = Some((now, bytes.clone()));
            Ok::<_, tlog::SignNoteError>(bytes)
        };
        tokio::task::spawn_blocking(make).await.map_err(Problem::internal)?.map_err(Problem::internal)
    }
}

/// What cannot be undone.
impl From<UndoError> for Problem {
    fn from(error: UndoError) -> Self {
        use axum::http::StatusCode;
        let (status, index) = match error {
            UndoError::Unknown(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            UndoError::NotYours(_) => (StatusCode::FORBIDDEN, None),
            UndoError::Undone { by, .. } => (StatusCode::CONFLICT, Some(by)),
        };
        Self { index, ..Self::new(status, error.code(), error.to_string()) }
    }
}
