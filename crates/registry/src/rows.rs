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

    /// The index of the first row at or after this one.
    pub(crate) fn first_from(&self, index: u64) -> Option<u64> {
        let index = u32::try_from(index).ok()?;
        let after = self.sealed.partition_point(|segment| segment.first <= index);
        let segments =
            self.sealed.iter().skip(after.saturating_sub(1)).map(|segment| &segment.rows).chain([&self.tail]);
        // In the segment that begins at or before it, or at the beginning of the next.
        segments.take(3).find_map(|rows| {
            let place = rows.0.partition_point(|row| row.short_index() < index);
            rows.0.get(place).map(Row::index)
        })
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

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    /// A row that is only its index and key.
    fn row(index: u32, key: u16) -> Row {
        let mut bytes = [0; Row::SIZE];
        bytes[..4].copy_from_slice(&index.to_be_bytes());
        bytes[4..6].copy_from_slice(&key.to_be_bytes());
        bytes[32..34].copy_from_slice(b"NP");
        bytes[39] = 1;
        Row::decode(&bytes).unwrap()
    }

    /// Every third index has a row.
    fn rows(count: u32) -> Rows {
        let mut rows = Rows::default();
        (0..count).for_each(|nth| rows.push(row(nth * 3, 0)));
        rows
    }

    #[test]
    fn rows_are_found_in_every_segment_and_nothing_between() {
        for count in [0, 1, 4095, 4096, 4097, 8192, 10_000] {
            let rows = rows(count);
            assert_eq!(rows.len(), usize::try_from(count).unwrap());
            assert_eq!(rows.segments(), usize::try_from(count.div_ceil(4096)).unwrap());
            assert_eq!(rows.last().map(Row::short_index), count.checked_sub(1).map(|nth| nth * 3));
            for index in 0..count * 3 + 5 {
                let expected = (index % 3 == 0 && index / 3 < count).then_some(index);
                assert_eq!(rows.find(index).map(Row::short_index), expected);
            }
            assert!(rows.iter().map(Row::short_index).eq((0..count).map(|nth| nth * 3)));
        }
    }

    #[test]
    fn a_clone_stays_as_it_was_and_shares_full_segments() {
        let mut rows = rows(5000);
        let before = rows.clone();
        (5000..9000).for_each(|nth| rows.push(row(nth * 3, 0)));
        assert_eq!((before.len(), rows.len()), (5000, 9000));
        assert_eq!(before.find(5000 * 3), None);
        assert!(rows.is_same(&before, 0) && !rows.is_same(&before, 1) && !rows.is_same(&before, 2));
        assert!(rows.is_same(&rows.clone(), 2));
    }

    #[test]
    fn segments_read_back_and_a_segment_has_no_idle_room() {
        let rows = rows(10_000);
        let mut again = Rows::default();
        for segment in 0..rows.segments() {
            let bytes = rows.encode(segment);
            again.decode(&bytes, |_| true).unwrap();
            assert_eq!(rows.digest(segment), (segment < 2).then(|| Hash::of(&bytes)));
            assert_eq!(again.digest(segment), rows.digest(segment));
        }
        assert!(again.iter().eq(rows.iter()));
        assert!(rows.sealed.iter().all(|segment| segment.rows.0.capacity() == SEGMENT));
    }

    #[test]
    fn segments_that_would_not_be_written_are_refused() {
        let bytes = |indexes: &[u32]| {
            let mut out = vec![];
            indexes.iter().for_each(|index| row(*index, 0).encode(&mut out));
            out
        };
        let refused =
            |rows: &mut Rows, bytes: &[u8]| rows.decode(bytes, |row| row.short_index() < 100_000).unwrap_err();
        let segment = DecodeError::Invalid("segment of rows");
        assert_eq!(refused(&mut Rows::default(), &[]), segment);
        assert_eq!(refused(&mut Rows::default(), &[0; 43]), segment);
        assert_eq!(refused(&mut Rows::default(), &bytes(&(0..4097).collect::<Vec<_>>())), segment);
        assert_eq!(refused(&mut Rows::default(), &bytes(&[1, 1])), DecodeError::Invalid("row"));
        assert_eq!(refused(&mut Rows::default(), &bytes(&[2, 1])), DecodeError::Invalid("row"));
        assert_eq!(
            refused(&mut Rows::default(), &bytes(&[100_000])),
            DecodeError::Invalid("row"),
            "as the caller says"
        );
        // After a segment that is not full there is no other one; after a full one indexes go on ascending.
        assert_eq!(refused(&mut rows(1), &bytes(&[9])), segment);
        assert_eq!(refused(&mut rows(4096), &bytes(&[4095 * 3])), DecodeError::Invalid("row"));
        assert_eq!(rows(4096).decode(&bytes(&[4095 * 3 + 1]), |_| true), Ok(()));
    }
}
