//! Replaying a registry's log: every entry read, hashed and folded here, so that nothing rests on the registry's word.

mod pipeline;
mod replayed_tree;

use std::num::NonZero;
use std::thread;

use primitives::{Hash, Timestamp};
use registry::{Opened, Opener, Policy, State};
use statement::{Entry, Statement, Target, Token};
use tlog::{Frontier, OpenedCheckpoint};
use verify::BadEntry;

use self::pipeline::Growing;
pub use self::replayed_tree::ReplayedTree;
use crate::{Anchor, Error, Registry, random};

/// Entries against the rules that are told one by one; all are counted.
const MOST_BROKEN: usize = 100;

/// A log as far as it was replayed: its state and tree, and what in it is against the rules.
#[derive(Debug)]
pub struct Replay {
    state: State,
    tree: Frontier,
    seen: Seen,
    leaves: Option<ReplayedTree>,
}

/// An entry that the rules would have refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its log index.
    pub index: u64,
    /// The rule's stable code: see [`BadEntry::rule`].
    pub rule: &'static str,
    /// Why, in words.
    pub why: String,
    /// The hour of the checkpoint that its time is held against, for `received_at_not_anchored`.
    pub anchor: Option<Anchor>,
    /// Entries before it that the rule looks at.
    pub related: Vec<u64>,
}

#[derive(Debug, Default)]
struct Seen {
    anchors: Vec<Anchor>,
    /// Anchors whose root is not that of the entries.
    forked: Vec<Anchor>,
    /// Places of the anchors that the tree has not reached.
    next_anchor: usize,
    broken: Vec<Broken>,
    count: u64,
    last: Option<(u64, Timestamp)>,
    /// The first entry whose time does not fit is named; those after it come of it.
    misplaced: bool,
}

impl Replay {
    /// Nothing read yet. `anchors` are the hourly checkpoints that times of receipt are held against, by ascending size.
    pub fn new(policy: Policy, anchors: Vec<Anchor>) -> Self {
        let seen = Seen { anchors, ..Seen::default() };
        Self { state: State::new(policy), tree: Frontier::new(), seen, leaves: None }
    }

    /// The same, which keeps the leaf hashes of what it reads in `tree`: 32 bytes an entry. Nothing must be in it yet.
    #[must_use]
    pub fn keeping(self, tree: ReplayedTree) -> Self {
        Self { leaves: Some(tree), ..self }
    }

    /// What it keeps.
    pub fn kept(&self) -> Option<&ReplayedTree> {
        self.leaves.as_ref()
    }

    /// Further hourly checkpoints, kept since.
    pub fn anchor(&mut self, anchors: Vec<Anchor>) {
        self.seen.anchors.extend(anchors);
    }

    /// The last hour of which there is one.
    pub fn last_hour(&self) -> &str {
        self.seen.anchors.last().map_or("", |anchor| &anchor.hour)
    }

    /// How many hourly checkpoints there are.
    pub fn anchors(&self) -> usize {
        self.seen.anchors.len()
    }

    /// Entries that were read.
    pub fn size(&self) -> u64 {
        self.state.size()
    }

    /// The state after the entries that were read.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The first entries that the rules would have refused, or whose time cannot be true; at most 100.
    pub fn broken(&self) -> &[Broken] {
        &self.seen.broken
    }

    /// How many there are.
    pub fn broken_count(&self) -> u64 {
        self.seen.count
    }

    /// Hourly checkpoints that the registry keeps and that its log contradicts.
    pub fn forked(&self) -> &[Anchor] {
        &self.seen.forked
    }
}

impl Registry<'_> {
    /// Reads the log's entries up to a checkpoint's size, checks that they add up to its root, and folds them under the policy of the
    /// trust file; goes on where the replay stopped. `progress` is told how many entries have been folded.
    ///
    /// # Errors
    /// [`Error::OtherRoot`] where the entries do not add up to the checkpoint. The replay is then of no use.
    pub fn replay(
        &self,
        replay: &mut Replay,
        checkpoint: &OpenedCheckpoint,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), Error> {
        let seed = random::bytes().map_err(|error| Error::Randomness(error.to_string()))?;
        let Replay { state, tree, seen, leaves } = replay;
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        let openers = vec![state.opener(seed); workers];
        let range = (tree.size(), checkpoint.size());
        pipeline::run(self, range, openers, &mut Folder { state, tree, seen, leaves: leaves.as_ref(), progress })?;
        self.adds_up(tree, checkpoint)?;
        leaves.iter().for_each(|leaves| leaves.proved(checkpoint));
        Ok(())
    }

    /// What confirms without a network that an entry is in the log and against its rules.
    ///
    /// # Errors
    /// [`Error`].
    pub fn bad_entry(&self, checkpoint: &OpenedCheckpoint, broken: &Broken) -> Result<BadEntry, Error> {
        let size = checkpoint.size();
        let indexes = broken.related.iter().copied().chain([broken.index]);
        let entries = indexes.map(|index| self.bundle_entry(index, size));
        Ok(BadEntry {
            format: BadEntry::FORMAT.into(),
            checkpoint: checkpoint.note().to_string(),
            rule: broken.rule.into(),
            anchor: broken.anchor.as_ref().map(|anchor| anchor.checkpoint.note().to_string()),
            entries: entries.collect::<Result<_, Error>>()?,
        })
    }
}

struct Folder<'r> {
    state: &'r mut State,
    tree: &'r mut Frontier,
    seen: &'r mut Seen,
    leaves: Option<&'r ReplayedTree>,
    progress: &'r (dyn Fn(u64) + Sync),
}

impl Growing for Folder<'_> {
    fn grow(&mut self, entries: &[&[u8]], leaves: &[Hash], opened: Vec<Opened>, opener: &mut Opener) {
        self.leaves.iter().for_each(|kept| kept.extend(leaves));
        let (tree, seen) = (&mut *self.tree, &mut *self.seen);
        let mut leaves = leaves.iter();
        opener.fold(self.state, entries, opened, |state, entry, received_at, folded| {
            let index = tree.size();
            if let Some((rule, why)) = verify::broken(state, index, &folded) {
                let related = related(state, entry, index);
                seen.add(Broken { index, rule, why, anchor: None, related });
            }
            if let Some(received_at) = received_at {
                seen.time(index, received_at);
            }
            leaves.next().into_iter().for_each(|leaf| tree.push(*leaf));
            seen.grown(tree);
        });
        (self.progress)(self.state.size());
    }
}

impl Seen {
    /// Holds the tree against the anchors of its size.
    fn grown(&mut self, tree: &Frontier) {
        while let Some(anchor) = self.anchors.get(self.next_anchor).filter(|anchor| anchor.size() <= tree.size()) {
            if anchor.size() == tree.size() && anchor.checkpoint.root() != tree.root() {
                self.forked.push(anchor.clone());
            }
            self.next_anchor += 1;
        }
    }

    fn add(&mut self, broken: Broken) {
        self.count += 1;
        if self.broken.len() < MOST_BROKEN {
            self.broken.push(broken);
        }
    }

    fn time(&mut self, index: u64, received: Timestamp) {
        if let Some((before, earlier)) = self.last
            && received < earlier
        {
            let why = format!("received {received}, and entry {before} ahead of it {earlier}");
            self.add(Broken { index, rule: "received_at_set_back", why, anchor: None, related: vec![before] });
        }
        self.last = Some((index, received));
        if self.misplaced {
            return;
        }
        // Times of receipt and of witnesses both grow: the nearest anchors bound an entry most.
        let after = self.anchors.partition_point(|anchor| anchor.size() <= index);
        let nearest = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let found = nearest.filter_map(|place| self.anchors.get(place)).find_map(|anchor| {
            let why = verify::misplaced(index, received, anchor.size(), anchor.time)?;
            Some((anchor.clone(), why))
        });
        if let Some((anchor, why)) = found {
            self.misplaced = true;
            let anchor = Some(anchor);
            self.add(Broken { index, rule: "received_at_not_anchored", why, anchor, related: Vec::new() });
        }
    }
}

/// The entries before this one that decide what the law says of it: whoever signed it, and what it changes.
fn related(state: &State, entry: &[u8], index: u64) -> Vec<u64> {
    let Some(token) = Entry::decode(entry).ok().and_then(|entry| Token::parse(entry.jws).ok()) else {
        return Vec::new();
    };
    let mut related = Vec::new();
    let mut of_party = |did: &statement::Did| {
        let Some(party) = state.party(did) else { return };
        related.extend(party.accreditations.iter().flat_map(|accreditation| accreditation.entries.iter().copied()));
        related.extend(party.events.iter().map(|event| event.entry));
    };
    of_party(token.issuer());
    let opened = state.issuer_key(&token).ok().and_then(|key| token.open(&key).ok());
    match opened.map(statement::Authentic::into_inner) {
        Some(Statement::Accreditation(accreditation)) => of_party(&accreditation.subject),
        Some(Statement::StatusChange(change)) => match change.target {
            Target::Party(did) => of_party(&did),
            Target::Attestations(targets) => {
                related.extend(targets.iter().flat_map(|target| state.relevant_entries(*target)));
            }
        },
        Some(
            Statement::Attestation(_)
            | Statement::ClearanceCommitment(_)
            | Statement::Clearance(_)
            | Statement::SupplementRequest(_)
            | Statement::ReportsRequest(_)
            | Statement::KeyRotationRequest(_),
        )
        | None => {}
    }
    related.retain(|entry| *entry < index);
    related.sort_unstable();
    related.dedup();
    related
}

#[cfg(test)]
mod tests;
