//! Reading a journal through, every byte of it.

use std::sync::{PoisonError, RwLock};

use bytes::Bytes;

use super::frame::{self, Kind};
use super::index::{Index, Place};
use super::scan::{Fault, Step, read, step};
use super::{Disk, segment};
use crate::{Damage, DamageKind, ReadError, Record};

/// What a journal that was read through holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records.
    pub records: u64,
    /// Entries in them.
    pub entries: u64,
    /// Bytes of these entries.
    pub entry_bytes: u64,
    /// Bytes that the segments take on the device, room that is kept free included.
    pub disk_bytes: u64,
}

/// Reads one record, all its checks verified.
pub(super) fn read_record<D: Disk>(
    disk: &D,
    index: &RwLock<Index<D::File>>,
    seq: u64,
) -> Result<Option<Record>, ReadError> {
    let (place, current) = {
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = index.place(seq) else { return Ok(None) };
        (place, index.current_of(place))
    };
    let name = segment::name(place.segment);
    let io = |source| ReadError::Io { file: disk.path(&name), source };
    let bytes = match current {
        Some(file) => frame_bytes(&*file, place),
        None => disk.open(&name).and_then(|file| frame_bytes(&file, place)),
    };
    let damage = |(offset, what)| Damage { file: disk.path(&name), offset, seq: Some(seq), what };
    let bytes = bytes.map_err(io)?;
    if (bytes.len() as u64) < place.len {
        let (found, expected) = (place.offset + bytes.len() as u64, place.offset + place.len);
        return Err(damage((place.offset, DamageKind::Short { found, expected })).into());
    }
    let (kind, payload) = frame::open(place.offset, seq, &bytes).map_err(damage)?;
    if kind != Kind::Record {
        return Err(damage((place.offset, DamageKind::Content("not a record".into()))).into());
    }
    let record = Record::decode(Bytes::from(payload)).map_err(|error| damage((place.offset, error.into())))?;
    Ok(Some(record))
}

fn frame_bytes<F: super::DiskFile>(file: &F, place: Place) -> std::io::Result<Vec<u8>> {
    read(file, place.offset, usize::try_from(place.len).map_err(std::io::Error::other)?)
}

/// Reads every record that is there now, and every footer.
pub(super) fn verify_all<D: Disk>(disk: &D, index: &RwLock<Index<D::File>>) -> Result<Summary, ReadError> {
    let len = index.read().unwrap_or_else(PoisonError::into_inner).next_seq();
    let mut summary = Summary::default();
    while summary.records < len {
        let seq = summary.records;
        let Some(record) = read_record(disk, index, seq)? else { break };
        if record.first_index != summary.entries {
            let file = disk.path(&segment_of(index, seq));
            let says = format!("the record begins at entry {}, expected {}", record.first_index, summary.entries);
            return Err(Damage { file, offset: 0, seq: Some(seq), what: DamageKind::Content(says) }.into());
        }
        summary.records += 1;
        summary.entries = record.tree_size;
        summary.entry_bytes += record.entries.iter().map(|entry| entry.len() as u64).sum::<u64>();
    }
    summary.disk_bytes = footers(disk, index)?;
    Ok(summary)
}

/// Checks the footers of all sealed segments against the index; gives the bytes that all segments take.
fn footers<D: Disk>(disk: &D, index: &RwLock<Index<D::File>>) -> Result<u64, ReadError> {
    let index = index.read().unwrap_or_else(PoisonError::into_inner);
    let mut bytes = 0;
    for (position, this) in index.segments.iter().enumerate() {
        let name = segment::name(this.first_seq);
        let io = |source| ReadError::Io { file: disk.path(&name), source };
        let file = disk.open(&name).map_err(io)?;
        let size = super::DiskFile::size(&file).map_err(io)?;
        bytes += size;
        let Some(next) = index.segments.get(position + 1) else { continue };
        let damage = |(offset, what)| Damage { file: disk.path(&name), offset, seq: Some(next.first_seq), what };
        match step(&file, this.end, next.first_seq) {
            Ok(Step::Frame { kind: Kind::Footer, payload, end }) if end == size => {
                if payload != segment::footer(&this.entries) {
                    let says = DamageKind::Content("footer lists other records".into());
                    return Err(damage((this.end, says)).into());
                }
            }
            Ok(Step::Frame { end, .. }) => return Err(damage((end, DamageKind::Trailing)).into()),
            Ok(Step::Torn { .. } | Step::End) => return Err(damage((this.end, DamageKind::Checksum)).into()),
            Err(Fault::Damage(offset, what)) => return Err(damage((offset, what)).into()),
            Err(Fault::Io(source)) => return Err(io(source)),
        }
    }
    Ok(bytes)
}

fn segment_of<F>(index: &RwLock<Index<F>>, seq: u64) -> String {
    let index = index.read().unwrap_or_else(PoisonError::into_inner);
    segment::name(index.place(seq).map_or(0, |place| place.segment))
}
