//! Opening a journal: finding its records, cutting an unfinished last one, refusing everything else by name.
//!
//! Sealed segments are taken from their footers, which name every record's place; only the last segment is read
//! through. Reading a record checks all its bytes again, so damage inside a sealed segment is found when it is read, or by
//! `verify`.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::frame::{self, Kind, SECTOR};
use super::index::{Index, Segment};
use super::scan::{Fault, Step, read, step};
use super::segment::{self, FRAMES, Header, MARK, Mark, SPARE};
use super::{Cut, Disk, DiskFile, OpenError};
use crate::{Damage, DamageKind, Record};

/// A journal as found, ready to be written to.
pub(super) struct Found<F> {
    pub(super) index: Index<F>,
    pub(super) cut: Option<Cut>,
}

/// Reads the folder, finishes what a crash interrupted, and makes all of it durable.
pub(super) fn recover<D: Disk>(disk: &D) -> Result<Found<D::File>, OpenError> {
    let folder = || disk.path("");
    let io = |source| OpenError::Io { file: folder(), source };
    let mut names = disk.names().map_err(io)?;
    if names.iter().any(|name| name == SPARE) {
        // A spare becomes a segment by its new name. Under this one, nothing in it was ever acknowledged.
        disk.remove(SPARE).map_err(io)?;
    }
    names.retain(|name| name.ends_with(".seg"));
    names.sort_unstable();
    let files = names.into_iter().map(|name| SegmentFile::open(disk, name)).collect::<Result<Vec<_>, _>>()?;
    first_is_there(disk, &files)?;

    let mut index = Index::new();
    let mut cut = None;
    for (position, file) in files.iter().enumerate() {
        match files.get(position + 1) {
            Some(next) => {
                let last = position + 2 == files.len();
                let segment = sealed(file, next, last)?;
                index.segments.push(segment);
            }
            None => {
                index.tree_size = file.header.first_index;
                index.segments.push(file.empty());
                cut = open_end(file, &mut index)?;
            }
        }
    }
    // A process that was killed may have renamed without having synced.
    disk.sync_names().map_err(io)?;
    index.current = files.into_iter().next_back().map(|file| Arc::new(file.file));
    Ok(Found { index, cut })
}

struct SegmentFile<F> {
    file: F,
    path: PathBuf,
    header: Header,
    mark: Option<Mark>,
}

impl<F: DiskFile> SegmentFile<F> {
    fn open<D: Disk<File = F>>(disk: &D, name: String) -> Result<Self, OpenError> {
        let path = disk.path(&name);
        let damage = |offset, what| Damage { file: path.clone(), offset, seq: None, what };
        let io = |source| OpenError::Io { file: path.clone(), source };
        let Some(first_seq) = segment::parse_name(&name) else {
            return Err(damage(0, DamageKind::Content("not the name of a segment".into())).into());
        };
        let file = disk.open(&name).map_err(io)?;
        let sector = read(&file, 0, SECTOR).map_err(io)?;
        let header = Header::parse(&sector).map_err(|what| damage(0, what))?;
        if header.first_seq != first_seq {
            let says = format!("the header says record {}", header.first_seq);
            return Err(damage(0, DamageKind::Content(says)).into());
        }
        let sector = read(&file, MARK, SECTOR).map_err(io)?;
        let mark = Mark::parse(&sector).map_err(|what| damage(MARK, what))?;
        if mark.is_some_and(|mark| mark.seq < first_seq) {
            return Err(damage(MARK, DamageKind::Content("the mark is of a record before the segment".into())).into());
        }
        Ok(Self { file, path, header, mark })
    }

    fn empty(&self) -> Segment {
        Segment {
            first_seq: self.header.first_seq,
            first_index: self.header.first_index,
            entries: Vec::new(),
            end: FRAMES,
        }
    }

    fn damage(&self, offset: u64, seq: u64, what: DamageKind) -> OpenError {
        Damage { file: self.path.clone(), offset, seq: Some(seq), what }.into()
    }

    fn io(&self, source: std::io::Error) -> OpenError {
        OpenError::Io { file: self.path.clone(), source }
    }

    fn step(&self, at: u64, seq: u64) -> Result<Step, OpenError> {
        step(&self.file, at, seq).map_err(|fault| match fault {
            Fault::Io(source) => self.io(source),
            Fault::Damage(offset, what) => self.damage(offset, seq, what),
        })
    }

    /// Decodes a record's payload, and holds it against where the log stands.
    fn record(&self, at: u64, seq: u64, payload: Vec<u8>, tree_size: u64) -> Result<Record, OpenError> {
        let record = Record::decode(Bytes::from(payload)).map_err(|what| self.damage(at, seq, what.into()))?;
        if record.first_index != tree_size {
            let says = format!("the record begins at entry {}, expected {tree_size}", record.first_index);
            return Err(self.damage(at, seq, DamageKind::Content(says)));
        }
        Ok(record)
    }
}

/// The first segment is there; each later one is held against the one before it by `sealed`.
fn first_is_there<D: Disk>(disk: &D, files: &[SegmentFile<D::File>]) -> Result<(), OpenError> {
    let missing =
        |seq| Damage { file: disk.path(&segment::name(seq)), offset: 0, seq: Some(seq), what: DamageKind::Missing };
    match files.first() {
        Some(first) if first.header.first_seq != 0 => Err(missing(0).into()),
        Some(first) if first.header.first_index != 0 || first.header.previous_end != 0 => {
            Err(first.damage(0, 0, DamageKind::Content("the first segment does not begin at entry 0".into())))
        }
        Some(_) | None => Ok(()),
    }
}

/// A segment that has a successor: its records end where the successor says, and its footer lists them.
fn sealed<F: DiskFile>(this: &SegmentFile<F>, next: &SegmentFile<F>, next_is_last: bool) -> Result<Segment, OpenError> {
    let end = next.header.previous_end;
    let seq = next.header.first_seq;
    let found = match this.step(end, seq) {
        // A successor without records: the seal of this segment may not have been finished.
        Ok(Step::End | Step::Torn { .. }) if next_is_last && next.mark.is_none() => {
            return finish_seal(this, end, seq, next.header.first_index);
        }
        found => found?,
    };
    let (payload, footer_end) = match found {
        Step::Frame { kind: Kind::Footer, payload, end } => (payload, end),
        Step::Frame { kind: Kind::Record, .. } => {
            let says = DamageKind::Content("a record stands where the footer belongs".into());
            return Err(this.damage(end, seq, says));
        }
        Step::Torn { .. } => return Err(this.damage(end, seq, DamageKind::Checksum)),
        Step::End => {
            let found = this.file.size().map_err(|error| this.io(error))?;
            return Err(this.damage(end, seq, DamageKind::Short { found, expected: end + SECTOR as u64 }));
        }
    };
    let records = seq - this.header.first_seq;
    let entries = segment::parse_footer(&payload, records).map_err(|what| this.damage(end, seq, what))?;
    let within = entries.last().is_some_and(|last| {
        u64::from(last.offset) < end && this.header.first_index + u64::from(last.index) < next.header.first_index
    });
    if !within {
        return Err(this.damage(end, seq, DamageKind::Content("footer lists records past the segment's end".into())));
    }
    let size = this.file.size().map_err(|error| this.io(error))?;
    if size > footer_end {
        // Trimming is the seal's last step. It is synced before the successor takes a record.
        if !next_is_last || next.mark.is_some() {
            return Err(this.damage(footer_end, seq, DamageKind::Trailing));
        }
        return finish_seal(this, end, seq, next.header.first_index);
    }
    Ok(Segment { entries, end, ..this.empty() })
}

/// Seals a segment again, from its records. All of them were durable before its successor was made.
fn finish_seal<F: DiskFile>(
    this: &SegmentFile<F>,
    end: u64,
    next_seq: u64,
    tree_size: u64,
) -> Result<Segment, OpenError> {
    let mut index = Index::<F>::new();
    index.tree_size = this.header.first_index;
    index.segments.push(this.empty());
    let mut at = FRAMES;
    while at < end {
        let seq = index.next_seq();
        match this.step(at, seq)? {
            Step::Frame { kind: Kind::Record, payload, end } => {
                let record = this.record(at, seq, payload, index.tree_size)?;
                index.push(end, record.tree_size);
                at = end;
            }
            Step::Frame { kind: Kind::Footer, .. } | Step::Torn { .. } | Step::End => {
                return Err(this.damage(at, seq, DamageKind::Checksum));
            }
        }
    }
    let reached = (at, index.next_seq(), index.tree_size);
    if reached != (end, next_seq, tree_size) {
        let says = format!("the records end at {reached:?}, the next segment says {:?}", (end, next_seq, tree_size));
        return Err(this.damage(at, next_seq, DamageKind::Content(says)));
    }
    let segment = index.segments.pop().unwrap_or_else(|| this.empty());
    seal(&this.file, &segment, next_seq).map_err(|error| this.io(error))?;
    Ok(segment)
}

/// Ends a segment: footer, trim, sync. The same bytes whenever it is done, so it may be done again after a crash.
pub(super) fn seal<F: DiskFile>(file: &F, segment: &Segment, next_seq: u64) -> std::io::Result<()> {
    let footer = frame::seal(segment.end, Kind::Footer, next_seq, &segment::footer(&segment.entries))
        .ok_or_else(|| std::io::Error::other("the footer is too long"))?;
    file.write_at(&footer, segment.end)?;
    file.truncate(segment.end + footer.len() as u64)?;
    file.sync_all()
}

/// The last segment: every record is read, an unfinished last one is cut, and what is kept is made durable.
fn open_end<F: DiskFile>(this: &SegmentFile<F>, index: &mut Index<F>) -> Result<Option<Cut>, OpenError> {
    let mut at = FRAMES;
    let mut last = None;
    let torn = loop {
        let seq = index.next_seq();
        match this.step(at, seq)? {
            Step::Frame { kind: Kind::Record, payload, end } => {
                last = Some((at, end, seq));
                let record = this.record(at, seq, payload, index.tree_size)?;
                index.push(end, record.tree_size);
                at = end;
            }
            // A footer is written once the next segment is there.
            Step::Frame { kind: Kind::Footer, .. } => {
                let file = this.path.with_file_name(segment::name(seq));
                return Err(Damage { file, offset: 0, seq: Some(seq), what: DamageKind::Missing }.into());
            }
            Step::Torn { end } => break Some(end),
            Step::End => break None,
        }
    };
    let next = index.next_seq();
    // The mark is of the newest record begun. All before it were acknowledged, so they must be here.
    if let Some(mark) = this.mark.filter(|mark| mark.seq > next) {
        let says = format!("record {} was being written, so this one and those up to it were there", mark.seq);
        return Err(this.damage(at, next, DamageKind::Lost(says)));
    }
    let io = |error| this.io(error);
    let cut = match torn {
        None => None,
        Some(end) => {
            let zeros = vec![0; usize::try_from(end - at).map_err(std::io::Error::other).map_err(io)?];
            this.file.write_at(&zeros, at).map_err(io)?;
            Some(Cut { file: this.path.clone(), offset: at, bytes: end - at, seq: next })
        }
    };
    // The last record may be in the system's cache alone: its writer was killed before the sync, or the sync failed, after
    // which the kernel takes its pages for clean. Written again and synced, what this opening shows stays.
    if let Some((at, end, seq)) = last {
        let frame = read(&this.file, at, usize::try_from(end - at).map_err(std::io::Error::other).map_err(io)?);
        this.file.write_at(&Mark { seq }.to_sector(), MARK).map_err(io)?;
        this.file.write_at(&frame.map_err(io)?, at).map_err(io)?;
    }
    this.file.sync_all().map_err(io)?;
    Ok(cut)
}
