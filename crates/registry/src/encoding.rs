//! Encoding: the State's bytes, the same from any replay of the same log.
//!
//! The bytes are cut into chunks, a head and what it lists with digests, so that a store writes only what changed. Decoding
//! trusts nothing: any bytes are refused by name or give a State that encodes to exactly those bytes again.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::{Hash, Timestamp};
use thiserror::Error;

use crate::codec::{Reader, Write};
use crate::policy::Policy;
use crate::roots::Roots;
use crate::state::{Counts, State};
use crate::status::StatusEvent;

mod parties;

/// What the bytes are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The whole State, to be folded further.
    State,
    /// What a verifier without a network needs: all but the status slots, which only the gate asks for.
    Snapshot,
}

impl Form {
    const fn magic(self) -> &'static [u8] {
        match self {
            Self::State => b"ethical-label-state/v1\n",
            Self::Snapshot => b"ethical-label-snapshot-body/v1\n",
        }
    }
}

/// Status events are cut by the attestation's log index, this many indexes a chunk.
const WINDOW_BITS: u32 = 16;

/// A piece of a State's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Its name: `head`, `parties`, or one of `rows/…`, `slots/…`, `status/…` with a number in eight hexadecimal digits.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why bytes are not a State.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// They end too early.
    #[error("state ends too early")]
    Truncated,
    /// They go on.
    #[error("state goes on for {0} more bytes")]
    TrailingBytes(usize),
    /// They do not begin as this version does.
    #[error("state is of another version, expected version 1")]
    UnknownVersion,
    /// It was folded under another policy.
    #[error("state was folded under the policy {found}, expected {expected}")]
    PolicyMismatch {
        /// The digest in the head.
        found: Hash,
        /// The digest of the policy given.
        expected: Hash,
    },
    /// A chunk that the head lists is not there.
    #[error("chunk {0} is missing")]
    MissingChunk(String),
    /// A chunk is not the one that the head lists.
    #[error("chunk {0} does not have the digest that the head lists")]
    WrongDigest(String),
    /// Something that is never written.
    #[error("state holds an invalid {0}")]
    Invalid(&'static str),
}

impl DecodeError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TrailingBytes(_) => "trailing_bytes",
            Self::UnknownVersion => "unknown_version",
            Self::PolicyMismatch { .. } => "policy_mismatch",
            Self::MissingChunk(_) => "missing_chunk",
            Self::WrongDigest(_) => "wrong_digest",
            Self::Invalid(_) => "invalid",
        }
    }
}

/// Which chunk; the order is that of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Parties,
    /// A segment of rows.
    Rows(u32),
    /// The status slots of a key.
    Slots(u16),
    /// The status events of the attestations of a window.
    Status(u16),
}

impl Part {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Parties => "parties".to_owned(),
            Self::Rows(segment) => format!("rows/{segment:08x}"),
            Self::Slots(key) => format!("slots/{key:08x}"),
            Self::Status(window) => format!("status/{window:08x}"),
        }
    }

    fn encode(self, out: &mut Vec<u8>) {
        let (kind, number) = match self {
            Self::Parties => (1, 0),
            Self::Rows(segment) => (2, segment),
            Self::Slots(key) => (3, u32::from(key)),
            Self::Status(window) => (4, u32::from(window)),
        };
        out.u8(kind);
        out.u32(number);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (kind, number) = (reader.u8()?, reader.u32()?);
        let short = || u16::try_from(number).map_err(|_| DecodeError::Invalid("chunk"));
        match (kind, number) {
            (1, 0) => Ok(Self::Parties),
            (2, segment) => Ok(Self::Rows(segment)),
            (3, _) => short().map(Self::Slots),
            (4, _) => short().map(Self::Status),
            _ => Err(DecodeError::Invalid("chunk")),
        }
    }
}

/// A chunk as the head lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) part: Part,
    pub(crate) length: u32,
    pub(crate) digest: Hash,
}

impl Listed {
    const SIZE: usize = 1 + 4 + 4 + 32;

    pub(crate) fn of(part: Part, bytes: &[u8]) -> Self {
        Self { part, length: u32::try_from(bytes.len()).unwrap_or(u32::MAX), digest: Hash::of(bytes) }
    }
}

impl State {
    /// The State's bytes as one run: the head, then the chunks in the order in which it lists them.
    pub fn encode(&self) -> Vec<u8> {
        let mut chunks: Vec<Chunk> = self.chunks(None).collect();
        let mut out = chunks.pop().map_or_else(Vec::new, |head| head.bytes);
        for chunk in chunks {
            out.extend_from_slice(&chunk.bytes);
        }
        out
    }

    /// The State's bytes in chunks, the head last. With `saved`, an earlier State of the same log whose chunks are stored, only those
    /// that differ: a few segments and the head. Chunks are replaced and added, never taken away.
    ///
    /// Each chunk is made when the iterator comes to it.
    pub fn chunks<'a>(&'a self, saved: Option<&'a Self>) -> impl Iterator<Item = Chunk> + use<'a> {
        let mut parts = self.parts(Form::State).into_iter();
        let mut listed = Vec::new();
        let mut is_done = false;
        core::iter::from_fn(move || {
            for part in parts.by_ref() {
                let is_same = saved.is_some_and(|saved| self.is_same(saved, part));
                if is_same && let Some(sealed) = self.sealed(part) {
                    listed.push(sealed);
                    continue;
                }
                let bytes = self.part(part);
                listed.push(Listed::of(part, &bytes));
                if !is_same {
                    return Some(Chunk { name: part.name(), bytes });
                }
            }
            (!core::mem::replace(&mut is_done, true))
                .then(|| Chunk { name: "head".to_owned(), bytes: self.head(Form::State, &listed) })
        })
    }

    /// Reads what [`State::encode`] writes.
    ///
    /// # Errors
    /// [`DecodeError`]. [`DecodeError::PolicyMismatch`] says that the log has to be folded again.
    pub fn decode(policy: Policy, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let (mut state, listed) = Self::read_head(Form::State, policy, &mut reader)?;
        for listed in &listed {
            let bytes = reader.take(index(listed.length))?;
            state.read_listed(listed, bytes)?;
        }
        reader.finish()?;
        state.complete(Form::State, &listed)
    }

    /// Reads what [`State::chunks`] writes; `read` gives the bytes of a chunk by its name.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn from_chunks<B: AsRef<[u8]>>(
        policy: Policy,
        mut read: impl FnMut(&str) -> Option<B>,
    ) -> Result<Self, DecodeError> {
        let missing = |name: &str| DecodeError::MissingChunk(name.to_owned());
        let head = read("head").ok_or_else(|| missing("head"))?;
        let mut reader = Reader::new(head.as_ref());
        let (mut state, listed) = Self::read_head(Form::State, policy, &mut reader)?;
        reader.finish()?;
        for listed in &listed {
            let name = listed.part.name();
            let bytes = read(&name).ok_or_else(|| missing(&name))?;
            if bytes.as_ref().len() != index(listed.length) {
                return Err(DecodeError::WrongDigest(name));
            }
            state.read_listed(listed, bytes.as_ref())?;
        }
        state.complete(Form::State, &listed)
    }

    /// The chunks that this State has, in order.
    pub(crate) fn parts(&self, form: Form) -> Vec<Part> {
        let rows = (0..self.rows.segments()).filter_map(|segment| u32::try_from(segment).ok()).map(Part::Rows);
        let slots = self.slots.keys().map(Part::Slots).filter(|_| form == Form::State);
        let mut windows: Vec<u16> = self.histories.iter().map(|(index, _)| window(*index)).collect();
        windows.dedup();
        [Part::Parties].into_iter().chain(rows).chain(slots).chain(windows.into_iter().map(Part::Status)).collect()
    }

    /// A full segment of rows, as it is listed: its digest was taken when it was sealed. All else is small.
    pub(crate) fn sealed(&self, part: Part) -> Option<Listed> {
        let Part::Rows(segment) = part else { return None };
        let digest = self.rows.digest(index(segment))?;
        Some(Listed { part, length: crate::rows::FULL_LENGTH, digest })
    }

    pub(crate) fn part(&self, part: Part) -> Vec<u8> {
        match part {
            Part::Parties => self.parties.encode(),
            Part::Rows(segment) => self.rows.encode(index(segment)),
            Part::Slots(key) => self.slots.encode(key),
            Part::Status(window) => {
                let mut out = Vec::new();
                for (index, events) in self.histories_of(window) {
                    out.u32(*index);
                    out.count(events.len());
                    events.iter().for_each(|event| event.encode(&mut out));
                }
                out
            }
        }
    }

    fn is_same(&self, saved: &Self, part: Part) -> bool {
        match part {
            Part::Parties => self.parties.is_same(&saved.parties),
            Part::Rows(segment) => self.rows.is_same(&saved.rows, index(segment)),
            Part::Slots(key) => self.slots.is_same(&saved.slots, key),
            Part::Status(window) => {
                let same = |(ours, theirs): ((&u32, &Arc<_>), (&u32, &Arc<_>))| {
                    ours.0 == theirs.0 && Arc::ptr_eq(ours.1, theirs.1)
                };
                self.histories.is_same(&saved.histories)
                    || (self.histories_of(window).count() == saved.histories_of(window).count()
                        && self.histories_of(window).zip(saved.histories_of(window)).all(same))
            }
        }
    }

    fn histories_of(&self, of: u16) -> impl Iterator<Item = (&u32, &Arc<[StatusEvent]>)> {
        let first = u32::from(of) << WINDOW_BITS;
        self.histories.iter_from(&first).take_while(move |(index, _)| window(**index) == of)
    }

    pub(crate) fn head(&self, form: Form, listed: &[Listed]) -> Vec<u8> {
        let mut out = form.magic().to_vec();
        out.put(self.policy().digest_below(self.size).as_bytes());
        out.u64(self.size);
        out.u8(u8::from(self.has_gaps));
        out.u64(self.clock.millis());
        out.option(self.set_back, Write::u32);
        self.counts.encode(&mut out);
        if self.has_roots() {
            out.u64(self.counts.status_roots);
            self.roots.encode(&mut out);
        }
        out.count(listed.len());
        for Listed { part, length, digest } in listed {
            part.encode(&mut out);
            out.u32(*length);
            out.put(digest.as_bytes());
        }
        out
    }

    /// Whether any of its entries is under rules with status roots. The bytes of a State of version 1 have nothing of them.
    fn has_roots(&self) -> bool {
        self.policy().first_bound().is_some_and(|first| first < self.size)
    }

    pub(crate) fn read_head(
        form: Form,
        policy: Policy,
        reader: &mut Reader<'_>,
    ) -> Result<(Self, Vec<Listed>), DecodeError> {
        if reader.take(form.magic().len())? != form.magic() {
            return Err(DecodeError::UnknownVersion);
        }
        let found = Hash(reader.array()?);
        let mut state = Self::new(policy);
        state.size = reader.u64()?;
        let expected = state.policy().digest_below(state.size);
        if found != expected {
            return Err(DecodeError::PolicyMismatch { found, expected });
        }
        state.has_gaps = match reader.u8()? {
            0 => false,
            1 => true,
            _ => return Err(DecodeError::Invalid("head")),
        };
        state.clock = Timestamp::from_millis(reader.u64()?);
        state.set_back = reader.option(Reader::u32)?;
        state.counts = Counts::decode(reader)?;
        if state.has_roots() {
            state.counts.status_roots = reader.u64()?;
            state.roots = Roots::decode(reader, state.size)?;
        }
        let count = reader.count(Listed::SIZE)?;
        let listed = reader.many(count, |reader| {
            Ok(Listed { part: Part::decode(reader)?, length: reader.u32()?, digest: Hash(reader.array()?) })
        })?;
        // Ascending: what a chunk refers to has been read before it.
        if !listed.is_sorted_by(|a, b| a.part < b.part) {
            return Err(DecodeError::Invalid("list of chunks"));
        }
        Ok((state, listed))
    }

    pub(crate) fn read_listed(&mut self, listed: &Listed, bytes: &[u8]) -> Result<(), DecodeError> {
        if Hash::of(bytes) != listed.digest {
            return Err(DecodeError::WrongDigest(listed.part.name()));
        }
        let keys = self.parties.keys.len();
        match listed.part {
            Part::Parties => self.parties = crate::parties::Parties::decode(bytes, self.size)?,
            Part::Rows(_) => {
                let size = self.size;
                self.rows.decode(bytes, |row| row.index() < size && usize::from(row.key_number()) < keys)?;
            }
            Part::Slots(key) if usize::from(key) < keys => self.slots.decode(key, bytes)?,
            Part::Slots(_) => return Err(DecodeError::Invalid("status slots")),
            Part::Status(window) => self.read_histories(window, bytes)?,
        }
        Ok(())
    }

    fn read_histories(&mut self, of: u16, bytes: &[u8]) -> Result<(), DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut last = None;
        while reader.remaining() > 0 {
            let index = reader.u32()?;
            let count = reader.count(StatusEvent::SIZE)?;
            let events = StatusEvent::decode_many(&mut reader, count)?;
            let later = events.first().is_some_and(|event| event.entry > u64::from(index));
            let earlier = events.last().is_some_and(|event| event.entry < self.size);
            if !later || !earlier || window(index) != of || last >= Some(index) || self.rows.find(index).is_none() {
                return Err(DecodeError::Invalid("status events"));
            }
            last = Some(index);
            self.histories.insert(index, events.into());
        }
        Ok(())
    }

    /// Checks what only the whole can tell.
    pub(crate) fn complete(self, form: Form, listed: &[Listed]) -> Result<Self, DecodeError> {
        if !self.parts(form).into_iter().eq(listed.iter().map(|listed| listed.part)) {
            return Err(DecodeError::Invalid("list of chunks"));
        }
        if form == Form::Snapshot {
            return Ok(self);
        }
        // Every row holds the slot that its key signed.
        let mut rows = alloc::vec![0u64; self.parties.keys.len()];
        for row in self.rows.iter() {
            if let Some(count) = rows.get_mut(usize::from(row.key_number())) {
                *count += 1;
            }
        }
        let slots = rows.iter().zip(0..).all(|(rows, key)| *rows == self.slots.count(key));
        if slots { Ok(self) } else { Err(DecodeError::Invalid("status slots")) }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn window(index: u32) -> u16 {
    u16::try_from(index >> WINDOW_BITS).unwrap_or(u16::MAX)
}

impl Counts {
    fn encode(&self, out: &mut Vec<u8>) {
        for count in [
            self.accreditations,
            self.attestations,
            self.status_changes,
            self.unknown_format,
            self.malformed,
            self.unknown_kind,
            self.unknown_issuer,
            self.bad_signature,
            self.refused,
            self.unsupported,
        ] {
            out.u64(count);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            accreditations: reader.u64()?,
            attestations: reader.u64()?,
            status_changes: reader.u64()?,
            unknown_format: reader.u64()?,
            malformed: reader.u64()?,
            unknown_kind: reader.u64()?,
            unknown_issuer: reader.u64()?,
            bad_signature: reader.u64()?,
            refused: reader.u64()?,
            unsupported: reader.u64()?,
            status_roots: 0,
        })
    }
}

#[cfg(test)]
mod tests;
