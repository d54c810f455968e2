//! The gate: which of the submissions in a batch become entries, in which order, dated when.
//!
//! Nothing here is durable. The law's state runs ahead of the journal by the entries admitted so far, which is what lets a
//! suspension and the attestation behind it meet in one batch and only the suspension pass. Should the batch not become
//! durable, the state is thrown away; so a refusal that may rest on an entry of this batch is told only once that entry
//! is durable, or not at all.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use primitives::Hash;
use store::Journal;
use tlog::{Growth, leaf_hash};
use tokio::sync::oneshot;

use crate::clock::{ClockFault, Timekeeper};
use crate::column::MAX_ENTRIES;
use crate::error::{ReadError, SubmitError};
use crate::ledger::{Gathered, Ledger, TOKENS};
use crate::pool::Weighed;
use crate::published::Published;
use crate::shared::{Shared, Stores, entry_in};
use crate::{Law, Notes, entry, tag_of};

/// A statement on its way in.
pub(crate) struct Submission<L: Law> {
    pub(crate) item: L::Item,
    pub(crate) token: Bytes,
    /// SHA-256 of the token.
    pub(crate) hash: Hash,
    pub(crate) answer: oneshot::Sender<Answer<L>>,
}

impl<L: Law> Weighed for Submission<L> {
    fn bytes(&self) -> usize {
        self.token.len()
    }
}

/// What the writer says to a submitter, who makes the receipt from it: proofs are made by those who wait for them, not by
/// the one who all wait for.
pub(crate) enum Answer<L: Law> {
    /// In the batch that has just been published.
    Logged {
        index: u64,
        repeated: bool,
        batch: Arc<Batch<L::View>>,
    },
    /// In the log since an earlier batch.
    Known {
        index: u64,
    },
    Not(SubmitError<L::Refusal>),
}

/// A committed batch.
pub(crate) struct Batch<V> {
    pub(crate) growth: Growth,
    pub(crate) received_at_millis: u64,
    pub(crate) published: Arc<Published<V>>,
}

/// A batch after the gate.
pub(crate) struct Staged<L: Law> {
    pub(crate) received_at_millis: u64,
    pub(crate) entries: Vec<Bytes>,
    pub(crate) leaves: Vec<Hash>,
    pub(crate) gathered: Gathered,
    /// Who waits for which entry, and whether it is a repeat.
    pub(crate) waiting: Vec<(oneshot::Sender<Answer<L>>, u64, bool)>,
    /// Refusals to be told once the entries are durable.
    pub(crate) refused: Vec<(oneshot::Sender<Answer<L>>, L::Refusal)>,
}

/// Where a statement already is.
enum Earlier {
    InLog(u64),
    InBatch(u64),
}

/// Judges a batch in order. Answers at once what does not depend on whether the batch becomes durable.
pub(crate) async fn stage<J: Journal, D, L: Law>(
    batch: Vec<Submission<L>>,
    ledger: &mut Ledger<L>,
    timekeeper: &Timekeeper,
    stores: &Stores<J, D>,
    shared: &Shared<J, D, L::View>,
) -> Result<Staged<L>, ReadError> {
    let received_at: Result<u64, ClockFault> = timekeeper.received_at(ledger.last_millis);
    let mut gate = Gate {
        first: ledger.size(),
        hashes: HashMap::with_capacity(batch.len()),
        notes: Notes::default(),
        staged: Staged {
            received_at_millis: received_at.unwrap_or(ledger.last_millis),
            entries: Vec::with_capacity(batch.len()),
            leaves: Vec::with_capacity(batch.len()),
            gathered: Gathered::default(),
            waiting: Vec::with_capacity(batch.len()),
            refused: Vec::new(),
        },
    };
    if let Ok(millis) = received_at {
        gate.own_entry(millis, ledger);
    }
    for submission in batch {
        // Nobody waits any more, and nothing was promised.
        if submission.answer.is_closed() {
            continue;
        }
        match gate.earlier(&submission, ledger, stores, shared).await? {
            Some(Earlier::InLog(index)) => drop(submission.answer.send(Answer::Known { index })),
            Some(Earlier::InBatch(index)) => gate.staged.waiting.push((submission.answer, index, true)),
            None => match received_at {
                Ok(millis) => gate.judge(submission, millis, ledger),
                Err(fault) => drop(submission.answer.send(Answer::Not(fault.into()))),
            },
        }
    }
    Ok(gate.staged)
}

struct Gate<L: Law> {
    /// Index of the batch's first entry.
    first: u64,
    /// Statements admitted in this batch, by hash: position in the batch.
    hashes: HashMap<Hash, usize>,
    notes: Notes,
    staged: Staged<L>,
}

impl<L: Law> Gate<L> {
    /// Whether the same bytes are in this batch or in the log. A hash only says where to look: two logs once gave
    /// receipts for entries that they had not logged, because they compared a part of it.
    async fn earlier<J: Journal, D>(
        &self,
        submission: &Submission<L>,
        ledger: &Ledger<L>,
        stores: &Stores<J, D>,
        shared: &Shared<J, D, L::View>,
    ) -> Result<Option<Earlier>, ReadError> {
        if let Some(at) = self.hashes.get(&submission.hash)
            && self.staged.entries.get(*at).is_some_and(|entry| entry::token(entry) == submission.token)
        {
            return Ok(Some(Earlier::InBatch(self.first + *at as u64)));
        }
        let Some(column) = ledger.columns.get(TOKENS) else { return Ok(None) };
        for index in column.find(tag_of(&submission.hash.0), self.first, usize::MAX) {
            let record = stores.record_of(index, shared).await?;
            if entry::token(&entry_in(&record, index)?) == submission.token {
                return Ok(Some(Earlier::InLog(index)));
            }
        }
        Ok(None)
    }

    fn own_entry(&mut self, millis: u64, ledger: &mut Ledger<L>) {
        if self.first >= MAX_ENTRIES {
            return;
        }
        let Some(entry) = ledger.law.own_entry(self.first, millis) else { return };
        self.staged.gathered.take(tag_of(&Hash::of(entry::token(&entry)).0), &mut self.notes);
        self.staged.leaves.push(leaf_hash(&entry));
        self.staged.entries.push(entry);
    }

    fn judge(&mut self, submission: Submission<L>, millis: u64, ledger: &mut Ledger<L>) {
        let Submission { item, token, hash, answer } = submission;
        let position = self.staged.entries.len();
        let index = self.first + position as u64;
        if index >= MAX_ENTRIES {
            let _ = answer.send(Answer::Not(SubmitError::Full));
            return;
        }
        match ledger.law.admit(index, millis, &item, &mut self.notes) {
            Ok(()) => {
                self.staged.gathered.take(tag_of(&hash.0), &mut self.notes);
                let entry = entry::encode(millis, &token);
                self.staged.leaves.push(leaf_hash(&entry));
                self.staged.entries.push(entry);
                self.staged.waiting.push((answer, index, false));
                self.hashes.entry(hash).or_insert(position);
            }
            Err(refusal) => {
                self.notes = Notes::default();
                if position == 0 {
                    // The state it was judged by is durable.
                    let _ = answer.send(Answer::Not(SubmitError::Refused(refusal)));
                } else {
                    self.staged.refused.push((answer, refusal));
                }
            }
        }
    }
}
