//! What an open journal keeps in memory: for each record its place and first index, eight bytes.

use std::sync::Arc;

use super::segment::{self, Entry};

/// One segment's records. Empty only while it is the last.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) first_seq: u64,
    pub(super) first_index: u64,
    pub(super) entries: Vec<Entry>,
    /// Where the last record ends.
    pub(super) end: u64,
}

/// Where a record's frame lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// First record of the segment, which names its file.
    pub(super) segment: u64,
    /// Offset of the frame.
    pub(super) offset: u64,
    /// Length of the frame.
    pub(super) len: u64,
}

/// All records of a journal, and the file that is being written.
#[derive(Debug)]
pub(super) struct Index<F> {
    pub(super) segments: Vec<Segment>,
    /// Entries in all records.
    pub(super) tree_size: u64,
    /// The last segment's file, kept open; the sealed ones are opened for each read, so that a long journal does not run
    /// out of file descriptors.
    pub(super) current: Option<Arc<F>>,
}

impl<F> Index<F> {
    pub(super) const fn new() -> Self {
        Self { segments: Vec::new(), tree_size: 0, current: None }
    }

    /// The number that the next record takes.
    pub(super) fn next_seq(&self) -> u64 {
        self.segments.last().map_or(0, |last| last.first_seq + last.entries.len() as u64)
    }

    /// Bytes that frames and fixed parts take, so far.
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.end).sum()
    }

    /// Takes in a record whose frame begins where the last one ended.
    pub(super) fn push(&mut self, frame_end: u64, tree_size: u64) {
        if let Some(last) = self.segments.last_mut() {
            last.entries.push(entry(last, self.tree_size));
            last.end = frame_end;
            self.tree_size = tree_size;
        }
    }

    /// Where record `seq` lies; `None` at or past the end.
    pub(super) fn place(&self, seq: u64) -> Option<Place> {
        let after = self.segments.partition_point(|segment| segment.first_seq <= seq);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        let nth = usize::try_from(seq - segment.first_seq).ok()?;
        let offset = u64::from(segment.entries.get(nth)?.offset);
        let end = segment.entries.get(nth + 1).map_or(segment.end, |next| u64::from(next.offset));
        Some(Place { segment: segment.first_seq, offset, len: end - offset })
    }

    /// Which record holds log entry `index`; `None` at or past the end.
    pub(super) fn locate(&self, index: u64) -> Option<u64> {
        if index >= self.tree_size {
            return None;
        }
        let after = self.segments.partition_point(|segment| segment.first_index <= index);
        // The last segment may hold no record yet; its first index is then the tree size, and it is not chosen.
        let segment = self.segments.get(after.checked_sub(1)?)?;
        let relative = index - segment.first_index;
        let nth = segment.entries.partition_point(|entry| u64::from(entry.index) <= relative);
        Some(segment.first_seq + nth.checked_sub(1)? as u64)
    }

    /// The last segment's file if `place` lies in it.
    pub(super) fn current_of(&self, place: Place) -> Option<Arc<F>> {
        let last = self.segments.last()?;
        self.current.clone().filter(|_| last.first_seq == place.segment)
    }

    /// Name of the last segment's file.
    pub(super) fn current_name(&self) -> Option<String> {
        self.segments.last().map(|last| segment::name(last.first_seq))
    }
}

/// The eight bytes of a record that begins at the segment's end, with this first index.
pub(super) fn entry(segment: &Segment, first_index: u64) -> Entry {
    // Both fit: a segment is at most 2 GiB long, and every entry of the log takes at least four bytes of it.
    Entry {
        offset: u32::try_from(segment.end).unwrap_or(u32::MAX),
        index: u32::try_from(first_index - segment.first_index).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index<()> {
        let mut index = Index::new();
        for (first_seq, sizes) in [(0, vec![2, 1]), (2, vec![5]), (3, vec![])] {
            let first_index = index.tree_size;
            index.segments.push(Segment { first_seq, first_index, entries: vec![], end: segment::FRAMES });
            for size in sizes {
                let end = index.segments.last().unwrap().end + 32 * size;
                index.push(end, index.tree_size + size);
            }
        }
        index
    }

    #[test]
    fn each_record_has_its_place_and_each_entry_its_record() {
        let index = index();
        assert_eq!(index.next_seq(), 3);
        assert_eq!(index.place(0), Some(Place { segment: 0, offset: 1024, len: 64 }));
        assert_eq!(index.place(1), Some(Place { segment: 0, offset: 1088, len: 32 }));
        assert_eq!(index.place(2), Some(Place { segment: 2, offset: 1024, len: 160 }));
        assert_eq!(index.place(3), None);
        let records: Vec<_> = (0..9).map(|entry| index.locate(entry)).collect();
        let some = |seq| Some(seq);
        assert_eq!(records, [some(0), some(0), some(1), some(2), some(2), some(2), some(2), some(2), None]);
    }

    #[test]
    fn an_empty_journal_has_nothing() {
        let index = Index::<()>::new();
        assert_eq!((index.next_seq(), index.place(0), index.locate(0)), (0, None, None));
    }
}
