//! Snapshot: what a verifier needs of a State where there is no network (design §8).
//!
//! The body is an index and the chunks that it lists with their digests, byte for byte those of the State. Rows of a full
//! chunk never change again: who holds an earlier snapshot needs only the chunks whose digests it has not got.

use alloc::vec::Vec;

use primitives::Hash;

use crate::codec::Reader;
use crate::encoding::{DecodeError, Form, Listed, Part};
use crate::policy::Policy;
use crate::state::State;

mod head;

pub use head::{SNAPSHOT_VERSION, SnapshotError, SnapshotHead};

/// The bytes of a snapshot, made chunk by chunk: the whole need not fit in memory twice.
#[derive(Debug)]
pub struct SnapshotBody<'a> {
    state: &'a State,
    index: Vec<u8>,
    listed: Vec<Listed>,
}

/// The index of a snapshot's body: which chunks follow it, and what the State is without them.
#[derive(Debug)]
pub struct SnapshotIndex {
    /// Size, clock and counts; parties and rows are still missing.
    state: State,
    length: u64,
    listed: Vec<Listed>,
}

/// Where a chunk lies in the body, and what it hashes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkPlace {
    /// Offset in the body, bytes.
    pub offset: u64,
    /// Length, bytes.
    pub length: u32,
    /// SHA-256 of the chunk.
    pub digest: Hash,
}

impl State {
    /// The snapshot of this State: the same bytes from any replay of the same log under the same policy.
    pub fn snapshot(&self) -> SnapshotBody<'_> {
        let list = |part: Part| self.sealed(part).unwrap_or_else(|| Listed::of(part, &self.part(part)));
        let listed: Vec<Listed> = self.parts(Form::Snapshot).into_iter().map(list).collect();
        SnapshotBody { state: self, index: self.head(Form::Snapshot, &listed), listed }
    }
}

impl SnapshotBody<'_> {
    /// The index, with which the body begins.
    pub fn index(&self) -> &[u8] {
        &self.index
    }

    /// Bytes of the whole body.
    pub fn length(&self) -> u64 {
        self.index.len() as u64 + self.listed.iter().map(|listed| u64::from(listed.length)).sum::<u64>()
    }

    /// The body in pieces, in order: the index, then each chunk.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        core::iter::once(self.index.clone()).chain(self.listed.iter().map(|listed| self.state.part(listed.part)))
    }
}

impl SnapshotIndex {
    /// Reads the index of a body.
    ///
    /// # Errors
    /// [`DecodeError`]; [`DecodeError::PolicyMismatch`] says that the registry works under other accreditors or rules than
    /// `policy` names.
    pub fn decode(policy: Policy, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let (state, listed) = State::read_head(Form::Snapshot, policy, &mut reader)?;
        reader.finish()?;
        Ok(Self { state, length: bytes.len() as u64, listed })
    }

    /// Entries of the log that it is a snapshot of.
    pub const fn size(&self) -> u64 {
        self.state.size()
    }

    /// Bytes of the whole body.
    pub fn body_length(&self) -> u64 {
        self.places().last().map_or(self.length, |place| place.offset + u64::from(place.length))
    }

    /// The chunks in the order of the body.
    pub fn places(&self) -> impl Iterator<Item = ChunkPlace> {
        self.listed.iter().scan(self.length, |offset, listed| {
            let place = ChunkPlace { offset: *offset, length: listed.length, digest: listed.digest };
            *offset += u64::from(listed.length);
            Some(place)
        })
    }

    /// Reads the chunks and gives the State, for questions only: it does not know the status slots, and can judge no statement.
    /// `read` is asked for each chunk in order, and gives nothing where it cannot be read.
    ///
    /// # Errors
    /// [`DecodeError`]: every bit of every chunk is held against the index.
    pub fn load<B: AsRef<[u8]>>(self, mut read: impl FnMut(ChunkPlace) -> Option<B>) -> Result<State, DecodeError> {
        let places: Vec<ChunkPlace> = self.places().collect();
        let Self { mut state, listed, .. } = self;
        for (listed, place) in listed.iter().zip(places) {
            let bytes = read(place).ok_or_else(|| DecodeError::MissingChunk(listed.part.name()))?;
            state.read_listed(listed, bytes.as_ref())?;
        }
        state.complete(Form::Snapshot, &listed)
    }
}
