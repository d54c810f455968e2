//! Roots: which status roots a log has, and when it owes the next.

use alloc::vec::Vec;

use primitives::Timestamp;

use crate::codec::{Reader, Write};
use crate::encoding::DecodeError;
use crate::party::Party;
use crate::refusal::Refusal;
use crate::state::State;
use crate::status::StatusEvent;
use crate::status_root::{STATUS_ROOT_EVERY_MILLIS, StatusRoot};
use crate::status_tree::StatusTree;

#[derive(Clone, Default)]
pub(crate) struct Roots {
    /// When the first entry under rules with status roots was received: nothing was to be bound before it.
    began: Option<Timestamp>,
    /// Index and time of the last status root.
    pub(crate) last: Option<(u64, Timestamp)>,
    /// The first entry that came too long after the root before it.
    overdue: Option<u64>,
    /// The tree of some size; that of the last root, where this State was folded and not read.
    pub(crate) tree: StatusTree,
    /// Leaves of that tree that later entries have changed.
    changed: Vec<u64>,
}

impl Roots {
    /// Notes that an entry changed the status of what has this leaf.
    pub(crate) fn changed(&mut self, leaf: u64) {
        if leaf < self.tree.size() {
            self.changed.push(leaf);
        }
    }

    /// When the status of everything was last bound, or nothing was to be bound yet.
    fn since(&self) -> Option<Timestamp> {
        self.last.map(|(_, received_at)| received_at).or(self.began)
    }

    /// began, index and time of the last, overdue: each 1 byte whether it is there, and then its 8 bytes.
    pub(crate) fn encode(&self, out: &mut impl Write) {
        out.option(self.began.map(Timestamp::millis), Write::u64);
        out.option(self.last.map(|(index, _)| index), Write::u64);
        out.option(self.last.map(|(_, received_at)| received_at.millis()), Write::u64);
        out.option(self.overdue, Write::u64);
    }

    pub(crate) fn decode(reader: &mut Reader<'_>, size: u64) -> Result<Self, DecodeError> {
        let invalid = DecodeError::Invalid("status roots");
        let began = reader.option(Reader::u64)?.map(Timestamp::from_millis);
        let last = match (reader.option(Reader::u64)?, reader.option(Reader::u64)?) {
            (Some(index), Some(millis)) if index < size => Some((index, Timestamp::from_millis(millis))),
            (None, None) => None,
            (Some(_), _) | (None, Some(_)) => return Err(invalid),
        };
        let overdue = reader.option(Reader::u64)?;
        if overdue.is_some_and(|index| index >= size) {
            return Err(invalid);
        }
        Ok(Self { began, last, overdue, ..Self::default() })
    }
}

impl State {
    /// Writes the status root that is to be the next entry: the registry's gate for its own entries.
    ///
    /// # Errors
    /// [`Refusal`], where the next entry's index or time does not fit. The caller asks [`State::is_status_root_due`] first: under rules without
    /// status roots none is due, and one that is written counts for nothing.
    pub fn bind_status(&mut self, received_at: Timestamp) -> Result<StatusRoot, Refusal> {
        self.moment(received_at)?;
        let root = StatusRoot { received_at, root: self.grow_tree() };
        self.take_time(self.size, received_at);
        self.note_root(self.size, root);
        self.size += 1;
        Ok(root)
    }

    /// Whether an entry received at this time has to have a status root before it: see [`STATUS_ROOT_EVERY_MILLIS`].
    pub fn is_status_root_due(&self, received_at: Timestamp) -> bool {
        let since = self.roots.since().filter(|_| self.policy().binds_status_at(self.size));
        since.is_some_and(|since| since.millis().saturating_add(STATUS_ROOT_EVERY_MILLIS) < received_at.millis())
    }

    /// Index and time of the last status root.
    pub const fn last_status_root(&self) -> Option<(u64, Timestamp)> {
        self.roots.last
    }

    /// The first entry that came too long after the status root before it. No honest registry has one. The statement counts: its
    /// author is not to blame.
    pub const fn first_status_root_overdue(&self) -> Option<u64> {
        self.roots.overdue
    }

    /// Notes the time of the entry with this index, which is no status root, before its time is taken.
    pub(crate) fn note_statement(&mut self, index: u64, received_at: Timestamp) {
        if self.has_gaps || !self.policy().binds_status_at(index) {
            return;
        }
        if self.is_status_root_due(received_at) {
            self.roots.overdue = self.roots.overdue.or(Some(index));
        }
        self.roots.began = self.roots.began.or(Some(received_at));
    }

    /// Holds a status root that would be the next entry against the entries before it. Where some were left out, nothing can be said.
    pub(crate) fn judge_root(&mut self, root: StatusRoot) -> Result<StatusRoot, Refusal> {
        if self.has_gaps {
            return Ok(root);
        }
        let expected = self.grow_tree();
        if root.root == expected { Ok(root) } else { Err(Refusal::OtherStatusRoot { found: root.root, expected }) }
    }

    pub(crate) fn note_root(&mut self, index: u64, root: StatusRoot) {
        self.counts.status_roots += 1;
        self.roots.began = self.roots.began.or(Some(root.received_at));
        self.roots.last = Some((index, root.received_at));
    }

    /// Makes the tree of the last status root again, which a State that was read does not have: two hashes an entry. Without it there is
    /// no [`State::bound_status_tree`] before the next root.
    #[must_use]
    pub fn with_status_tree(mut self) -> Self {
        let Some((size, _)) = self.roots.last.filter(|_| !self.has_gaps) else { return self };
        let mut tree = StatusTree::default();
        tree.grow(&self, size, &[]);
        let is_later = |events: &[StatusEvent]| events.last().is_some_and(|event| event.entry >= size);
        let held = self.histories.iter().filter(|(_, events)| is_later(events)).map(|(index, _)| u64::from(*index));
        let parties = self.parties().filter(|party| {
            is_later(&party.events) || party.accreditation().is_some_and(|accreditation| accreditation.index() >= size)
        });
        let changed = held.chain(parties.map(Party::first_index)).filter(|leaf| *leaf < size).collect();
        self.roots = Roots { tree, changed, ..self.roots };
        self
    }

    fn grow_tree(&mut self) -> primitives::Hash {
        let (mut tree, changed) = (self.roots.tree.clone(), core::mem::take(&mut self.roots.changed));
        self.roots.tree = StatusTree::default();
        tree.grow(self, self.size, &changed);
        let root = tree.root(self);
        self.roots.tree = tree;
        root
    }
}
