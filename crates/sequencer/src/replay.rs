//! The costly part of reading a log back: hashing the entries and opening them, on all cores.

use std::thread;

use primitives::Hash;
use store::{Bytes, Record};
use tlog::leaf_hash;

use crate::{Law, entry, tag_of};

/// A record of the journal, ready to be applied in order.
pub(crate) struct Ready<L: Law> {
    pub(crate) record: Record,
    /// Of each entry: its leaf hash, the tag of its token, and what the law made of it.
    pub(crate) leaves: Vec<Hash>,
    pub(crate) tokens: Vec<u64>,
    pub(crate) opened: Vec<L::Opened>,
}

/// Hashes and opens the entries of some records, with a state that has not reached them.
pub(crate) fn make_ready<L: Law>(view: &L::View, records: Vec<Record>) -> Vec<Ready<L>> {
    let entries: Vec<(u64, &Bytes)> =
        records.iter().flat_map(|record| (record.first_index..).zip(&record.entries)).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = entries.len().div_ceil(cores).max(1);
    let made = thread::scope(|scope| {
        let work = |share: &[(u64, &Bytes)]| share.iter().map(|(index, entry)| one::<L>(view, *index, entry)).collect();
        let shares: Vec<_> =
            entries.chunks(share).map(|share| scope.spawn(move || -> Vec<_> { work(share) })).collect();
        // A law that panics does so here as it would in the writer.
        shares
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    distribute(made, records)
}

type One<O> = (Hash, u64, O);

fn one<L: Law>(view: &L::View, index: u64, entry: &[u8]) -> One<L::Opened> {
    (leaf_hash(entry), tag_of(&Hash::of(entry::token(entry)).0), L::open(view, index, entry))
}

fn distribute<L: Law>(made: Vec<One<L::Opened>>, records: Vec<Record>) -> Vec<Ready<L>> {
    let mut made = made.into_iter();
    let ready = records.into_iter().map(|record| {
        let count = record.entries.len();
        let mut ready = Ready { record, leaves: Vec::with_capacity(count), tokens: Vec::new(), opened: Vec::new() };
        for (leaf, token, opened) in made.by_ref().take(count) {
            ready.leaves.push(leaf);
            ready.tokens.push(token);
            ready.opened.push(opened);
        }
        ready
    });
    ready.collect()
}
