//! The reports on the disk, and what is known of each without reading it.
//!
//! Map "reports" of the private data: id of the report (16) → [`Record`], in pieces. A report is found by its id, by the day it came, or by the
//! hash of its receipt code.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use anyhow::Context;
use primitives::{Day, Hash};
use statement::{Did, ReportId};
use store::{Private, PrivateError};

use super::record::{Open, Record, Stage};
use crate::pieces::Pieces;

const MAP: &str = "reports";

/// Where a report is in the list for accreditors: by day, and on one day in no order that could be that of arrival.
pub(crate) type Place = (Day, ReportId);

/// All reports.
pub(crate) struct Kept {
    private: Arc<Private>,
    pieces: Pieces<16>,
    open: BTreeMap<Place, Known>,
    places: HashMap<ReportId, Option<Day>>,
    receipts: HashMap<Hash, ReportId>,
    bytes: u64,
}

struct Known {
    report: Open,
    /// Bytes of the whole record.
    length: usize,
}

/// Why a stage is not noted.
#[derive(Debug)]
pub(crate) enum UpdateFault {
    /// No open report of this id is sealed to this addressee, nor was one.
    Unknown(ReportId),
    /// All addressees had closed it.
    Closed(ReportId),
    /// The disk.
    Private(PrivateError),
}

impl From<PrivateError> for UpdateFault {
    fn from(error: PrivateError) -> Self {
        Self::Private(error)
    }
}

impl Kept {
    /// Reads back what is known of each. What a crash has left of half a report is erased.
    pub(crate) fn open(private: Arc<Private>) -> anyhow::Result<Self> {
        let pieces = Pieces::new(Arc::clone(&private), MAP);
        let (open, places, receipts) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        let mut kept = Self { private, pieces, open, places, receipts, bytes: 0 };
        let mut records = Vec::new();
        let orphans = kept.pieces.read_all(|key, bytes| {
            let id = ReportId(key);
            let record = Record::decode(&bytes).with_context(|| format!("report {id} is not as written"))?;
            // The sealed bytes stay on the disk.
            let known = match record {
                Record::Open(report, _) => Ok(Known { report, length: bytes.len() }),
                Record::Closed(receipt) => Err(receipt),
            };
            records.push((id, known));
            Ok(())
        })?;
        kept.pieces.sweep(orphans)?;
        for (id, known) in records {
            match known {
                Ok(known) => kept.enter(id, known),
                Err(receipt) => {
                    kept.receipts.insert(receipt, id);
                    kept.places.insert(id, None);
                }
            }
        }
        Ok(kept)
    }

    fn enter(&mut self, id: ReportId, known: Known) {
        self.bytes += known.length as u64;
        self.receipts.insert(known.report.receipt, id);
        self.places.insert(id, Some(known.report.day));
        self.open.insert((known.report.day, id), known);
    }

    /// Reports that are not closed.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Bytes of these.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Keeps a new report; on return it outlives the power.
    pub(crate) fn put(&mut self, id: ReportId, report: Open, sealed: Vec<u8>) -> Result<(), PrivateError> {
        let record = Record::Open(report, sealed);
        let bytes = record.encode();
        self.pieces.put(&id.0, &bytes)?;
        if let Record::Open(report, _) = record {
            self.enter(id, Known { report, length: bytes.len() });
        }
        Ok(())
    }

    /// How far the report of a receipt code is.
    pub(crate) fn stage_of(&self, receipt: &Hash) -> Option<Stage> {
        let id = self.receipts.get(receipt)?;
        let day = self.places.get(id)?;
        let known = day.and_then(|day| self.open.get(&(day, *id)));
        Some(known.map_or(Stage::Closed, |known| known.report.stage()))
    }

    /// Whether an addressee may note a stage: all are asked before any is noted.
    pub(crate) fn check_update(&self, to: &Did, id: ReportId, stage: Stage) -> Result<(), UpdateFault> {
        match self.places.get(&id) {
            None => Err(UpdateFault::Unknown(id)),
            // Sent again after an answer was lost: it is as it was to become.
            Some(None) if stage == Stage::Closed => Ok(()),
            Some(None) => Err(UpdateFault::Closed(id)),
            Some(Some(day)) => {
                let known = self.open.get(&(*day, id));
                let is_theirs = known.is_some_and(|known| known.report.to.iter().any(|(did, _)| did == to));
                if is_theirs { Ok(()) } else { Err(UpdateFault::Unknown(id)) }
            }
        }
    }

    /// Notes how far an addressee is. Gives whether the report's sealed bytes went, because all addressees have closed it.
    pub(crate) fn update(&mut self, to: &Did, id: ReportId, stage: Stage) -> Result<bool, UpdateFault> {
        let Some(Some(day)) = self.places.get(&id).copied() else { return Ok(false) };
        let Some(known) = self.open.get(&(day, id)) else { return Ok(false) };
        let mut report = known.report.clone();
        let length = known.length;
        for (_, theirs) in report.to.iter_mut().filter(|(did, _)| did == to) {
            *theirs = stage;
        }
        if report == known.report {
            return Ok(false);
        }
        if report.stage() == Stage::Closed {
            self.pieces.shrink(&id.0, &Record::Closed(report.receipt).encode(), length)?;
            self.open.remove(&(day, id));
            self.places.insert(id, None);
            self.bytes -= length as u64;
            return Ok(true);
        }
        let sealed = self.sealed(id)?.unwrap_or_default();
        self.pieces.put(&id.0, &Record::Open(report.clone(), sealed).encode())?;
        self.open.insert((day, id), Known { report, length });
        Ok(false)
    }

    /// Open reports to an addressee that has not closed them, from after a place on.
    pub(crate) fn list(&self, to: &Did, after: Option<Place>, most: usize) -> Vec<(ReportId, Open, Stage)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let theirs = |(place, known): (&Place, &Known)| {
            let (_, stage) = known.report.to.iter().find(|(did, _)| did == to)?;
            (*stage != Stage::Closed).then(|| (place.1, known.report.clone(), *stage))
        };
        self.open.range((from, Bound::Unbounded)).filter_map(theirs).take(most).collect()
    }

    /// The age file of an open report.
    pub(crate) fn sealed(&self, id: ReportId) -> Result<Option<Vec<u8>>, PrivateError> {
        let record = self.pieces.get(&id.0)?.and_then(|bytes| Record::decode(&bytes));
        Ok(record.and_then(|record| match record {
            Record::Open(_, sealed) => Some(sealed),
            Record::Closed(_) => None,
        }))
    }

    /// Takes the bytes of what was closed off the disk.
    pub(crate) fn compact(&self) -> Result<(), PrivateError> {
        self.private.compact()
    }
}

#[cfg(test)]
mod tests;
