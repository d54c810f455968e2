//! Real small implementations for tests: a clock that goes where it is told, a database in memory that fails on order.
//! (Feature `testing`.)

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use store::Change;

use crate::{Changes, Clock, Floor, ViewError, Views};

/// A clock that stands still until told otherwise. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct FakeClock {
    passed: Arc<AtomicU64>,
    offset: Arc<AtomicI64>,
}

impl FakeClock {
    /// A clock whose wall time is `millis`.
    #[must_use]
    pub fn at(millis: u64) -> Self {
        let clock = Self::default();
        clock.jump(i64::try_from(millis).unwrap_or(i64::MAX));
        clock
    }

    /// Lets time pass: both clocks go on.
    pub fn pass(&self, millis: u64) {
        self.passed.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the wall clock forward, or back.
    pub fn jump(&self, millis: i64) {
        self.offset.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn wall_millis(&self) -> u64 {
        self.passed.load(Ordering::SeqCst).saturating_add_signed(self.offset.load(Ordering::SeqCst))
    }

    fn monotonic_millis(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }
}

/// Named maps.
pub type Maps = BTreeMap<String, BTreeMap<Bytes, Bytes>>;

#[derive(Debug, Default)]
struct Database {
    maps: Maps,
    marker: u64,
    /// Maps and marker as of the last flush.
    flushed: (Maps, u64),
    signed: Option<Floor>,
    writes: u64,
    fault: Option<(u64, ViewFault)>,
}

/// How much of a write is there when it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewFault {
    /// Nothing.
    Before,
    /// The first half of the changes, and not the marker.
    Half,
    /// Everything.
    After,
}

/// A database in memory. Clones are the same database, so that it outlives the log that is opened on it.
#[derive(Clone, Debug, Default)]
pub struct MemoryViews(Arc<Mutex<Database>>);

impl MemoryViews {
    /// Makes the `nth` write (apply, or remembering what was signed) fail, counted from 0 over the life of this value, and
    /// every one after it until [`MemoryViews::heal`].
    pub fn fail_write(&self, nth: u64, fault: ViewFault) {
        self.database().fault = Some((nth, fault));
    }

    /// Takes back the order to fail.
    pub fn heal(&self) {
        self.database().fault = None;
    }

    /// Number of writes so far.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.database().writes
    }

    /// Loses everything, as if the folder were deleted.
    pub fn lose(&self) {
        let mut database = self.database();
        *database = Database { writes: database.writes, fault: database.fault, ..Database::default() };
    }

    /// Loses what was applied since the last flush, as if the process were killed.
    pub fn crash(&self) {
        let mut database = self.database();
        (database.maps, database.marker) = database.flushed.clone();
    }

    /// A copy of the maps and the marker: for comparing, and for putting an old copy in their place.
    #[must_use]
    pub fn contents(&self) -> (Maps, u64) {
        let database = self.database();
        (database.maps.clone(), database.marker)
    }

    /// Puts a copy in place of what is there.
    pub fn replace(&self, (maps, marker): (Maps, u64)) {
        let mut database = self.database();
        (database.maps, database.marker) = (maps, marker);
    }

    fn database(&self) -> MutexGuard<'_, Database> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Database {
    fn fault(&mut self) -> Option<ViewFault> {
        let nth = self.writes;
        self.writes += 1;
        self.fault.filter(|(at, _)| nth >= *at).map(|(_, fault)| fault)
    }
}

fn told(fault: Option<ViewFault>) -> Result<(), ViewError> {
    fault.map_or(Ok(()), |fault| Err(ViewError::new("injected", format!("injected: {fault:?}"))))
}

impl Views for MemoryViews {
    fn marker(&self) -> Result<u64, ViewError> {
        Ok(self.database().marker)
    }

    fn get(&self, map: &str, key: &[u8]) -> Result<Option<Bytes>, ViewError> {
        Ok(self.database().maps.get(map).and_then(|map| map.get(key)).cloned())
    }

    fn scan(
        &self,
        map: &str,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Bytes, Bytes)>, ViewError> {
        let database = self.database();
        let Some(map) = database.maps.get(map) else { return Ok(Vec::new()) };
        let found = map.iter().filter(|(key, _)| key.starts_with(prefix) && after.is_none_or(|after| &key[..] > after));
        Ok(found.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn apply(&self, changes: Changes) -> Result<(), ViewError> {
        let mut database = self.database();
        let fault = database.fault();
        let Changes { puts, size } = changes;
        let (made, marker) = match fault {
            Some(ViewFault::Before) => (0, None),
            Some(ViewFault::Half) => (puts.len() / 2, None),
            Some(ViewFault::After) | None => (puts.len(), size),
        };
        for Change { map, key, value } in puts.iter().take(made).cloned() {
            let map = database.maps.entry(map.into()).or_default();
            match value {
                Some(value) => drop(map.insert(key, value)),
                None => drop(map.remove(&key)),
            }
        }
        database.marker = database.marker.max(marker.unwrap_or_default());
        told(fault)
    }

    fn flush(&self) -> Result<(), ViewError> {
        let mut database = self.database();
        database.flushed = (database.maps.clone(), database.marker);
        Ok(())
    }

    fn cleared(self) -> Result<Self, ViewError> {
        let mut database = self.database();
        (database.maps, database.marker, database.flushed) = Default::default();
        drop(database);
        Ok(self)
    }

    fn signed(&self) -> Result<Option<Floor>, ViewError> {
        Ok(self.database().signed)
    }

    fn set_signed(&self, signed: Floor) -> Result<(), ViewError> {
        let mut database = self.database();
        let fault = database.fault();
        if !matches!(fault, Some(ViewFault::Before | ViewFault::Half)) {
            database.signed = Some(signed);
        }
        told(fault)
    }
}
