//! Rows: all attestations in log order, in segments that clones share.

use alloc::sync::Arc;
use alloc::vec::Vec;

use primitives::Hash;

use crate::encoding::DecodeError;
use crate::row::Row;

/// Rows of a full segment. A batch that follows a publication copies at most this many (180 KB).
pub(crate) const SEGMENT: usize = 4096;

/// Bytes of a full segment.
pub(crate) const FULL_LENGTH: u32 = 4096 * 44;
const _: () = assert!(FULL_LENGTH as usize == SEGMENT * Row::SIZE);

/// Ascending by index. All segments but the tail are full.
#[derive(Clone, Default)]
pub(crate) struct Rows {
    sealed: Arc<Vec<Sealed>>,
    tail: Arc<Tail>,
}

/// A full segment; nobody changes it any more, so its digest is taken once.
#[derive(Clone)]
struct Sealed {
    first: u32,
    digest: Hash,
    rows: Arc<Tail>,
}

#[derive(Default)]
struct Tail(Vec<Row>);

impl Clone for Tail {
    /// A clone is made to be written to: it gets some room at once, and never more than a full segment.
    fn clone(&self) -> Self {
        let mut rows = Vec::with_capacity((self.0.len() + self.0.len() / 4 + 32).min(SEGMENT));
        rows.extend_from_slice(&self.0);
        Self(rows)
    }
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.sealed.len() * SEGMENT + self.tail.0.len()
    }

    pub(crate) fn last(&self) -> Option<&Row> {
        self.tail.0.last().or_else(|| self.sealed.last()?.rows.0.last())
    }

    /// Adds a row whose index is greater than every index before it.
    pub(crate) fn push(&mut self, row: Row) {
        debug_assert!(self.last().is_none_or(|last| last.short_index() < row.short_index()));
        let tail = &mut Arc::make_mut(&mut self.tail).0;
        if tail.len() == tail.capacity() {
            tail.reserve_exact((tail.len() / 2 + 32).min(SEGMENT - tail.len()));
        }
        tail.push(row);
        if tail.len() == SEGMENT {
            let rows = core::mem::take(&mut self.tail);
            self.seal(rows);
        }
    }

    fn seal(&mut self, rows: Arc<Tail>) {
        let first = rows.0.first().map_or(0, Row::short_index);
        let digest = Hash::of(&encode(&rows.0));
        Arc::make_mut(&mut self.sealed).push(Sealed { first, digest, rows });
    }

    pub(crate) fn find(&self, index: u32) -> Option<&Row> {
        let rows = if self.tail.0.first().is_some_and(|first| first.short_index() <= index) {
            &self.tail
        } else {
            let after = self.sealed.partition_point(|segment| segment.first <= index);
            &self.sealed.get(after.checked_sub(1)?)?.rows
        };
        let place = rows.0.binary_search_by_key(&index, Row::short_index).ok()?;
        rows.0.get(place)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.sealed.iter().flat_map(|segment| segment.rows.0.iter()).chain(self.tail.0.iter())
    }

    /// Segments, the last one perhaps not full, none empty.
    pub(crate) fn segments(&self) -> usize {
        self.sealed.len() + usize::from(!self.tail.0.is_empty())
    }

    /// The bytes of one segment.
    pub(crate) fn encode(&self, segment: usize) -> Vec<u8> {
        encode(self.sealed.get(segment).map_or(&self.tail.0, |sealed| &sealed.rows.0))
    }

    /// The digest of a full segment, taken when it was sealed.
    pub(crate) fn digest(&self, segment: usize) -> Option<Hash> {
        self.sealed.get(segment).map(|sealed| sealed.digest)
    }

    /// Whether a segment is the same memory in both.
    pub(crate) fn is_same(&self, other: &Self, segment: usize) -> bool {
        match (self.sealed.get(segment), other.sealed.get(segment)) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(&ours.rows, &theirs.rows),
            (None, None) => Arc::ptr_eq(&self.tail, &other.tail),
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Adds the rows of the next segment. Nothing may follow a segment that is not full.
    pub(crate) fn decode(&mut self, bytes: &[u8], check: impl Fn(&Row) -> bool) -> Result<(), DecodeError> {
        let (rows, rest) = bytes.as_chunks::<{ Row::SIZE }>();
        if !rest.is_empty() || rows.is_empty() || rows.len() > SEGMENT || !self.tail.0.is_empty() {
            return Err(DecodeError::Invalid("segment of rows"));
        }
        let mut last = self.last().map(Row::short_index);
        let mut segment = Vec::with_capacity(rows.len());
        for row in rows {
            let row = Row::decode(row)?;
            if last >= Some(row.short_index()) || !check(&row) {
                return Err(DecodeError::Invalid("row"));
            }
            last = Some(row.short_index());
            segment.push(row);
        }
        let full = segment.len() == SEGMENT;
        let segment = Arc::new(Tail(segment));
        if full {
            self.seal(segment);
        } else {
            self.tail = segment;
        }
        Ok(())
    }
}

fn encode(rows: &[Row]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * Row::SIZE);
    for row in rows {
        row.encode(&mut out);
    }
    out
}
