//! Real small implementations for tests: a clock that goes where it is told, a database in memory that fails on order.
//! (Feature `testing`.)

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::{Changes, Clock, ViewError, Views};

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

type Maps = BTreeMap<String, BTreeMap<Vec<u8>, Bytes>>;

#[derive(Debug, Default)]
struct Database {
    maps: Maps,
    marker: u64,
    applies: u64,
    fault: Option<(u64, ViewFault)>,
}

/// How much of a batch is there when an apply fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewFault {
    /// Nothing.
    Before,
    /// The first half of the values, and not the marker.
    Half,
    /// Everything.
    After,
}

/// A database in memory. Clones are the same database, so that it outlives the log that is opened on it.
#[derive(Clone, Debug, Default)]
pub struct MemoryViews(Arc<Mutex<Database>>);

impl MemoryViews {
    /// Makes the `nth` apply fail, counted from 0 over the life of this value, and every one after it until
    /// [`MemoryViews::heal`].
    pub fn fail_apply(&self, nth: u64, fault: ViewFault) {
        self.database().fault = Some((nth, fault));
    }

    /// Takes back the order to fail.
    pub fn heal(&self) {
        self.database().fault = None;
    }

    /// Number of applies so far.
    #[must_use]
    pub fn applies(&self) -> u64 {
        self.database().applies
    }

    /// Loses everything, as if the folder were deleted.
    pub fn lose(&self) {
        let mut database = self.database();
        (database.maps, database.marker) = (Maps::new(), 0);
    }

    /// A copy of everything that is in it: for comparing, and for putting an old copy in its place.
    #[must_use]
    pub fn contents(&self) -> (BTreeMap<String, BTreeMap<Vec<u8>, Bytes>>, u64) {
        let database = self.database();
        (database.maps.clone(), database.marker)
    }

    /// Puts a copy in place of what is there.
    pub fn replace(&self, (maps, marker): (BTreeMap<String, BTreeMap<Vec<u8>, Bytes>>, u64)) {
        let mut database = self.database();
        (database.maps, database.marker) = (maps, marker);
    }

    fn database(&self) -> MutexGuard<'_, Database> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        Ok(found.take(limit).map(|(key, value)| (Bytes::copy_from_slice(key), value.clone())).collect())
    }

    fn apply(&self, changes: Changes) -> Result<(), ViewError> {
        let mut database = self.database();
        let nth = database.applies;
        database.applies += 1;
        let fault = database.fault.filter(|(at, _)| nth >= *at).map(|(_, fault)| fault);
        let Changes { mut puts, removes, size } = changes;
        match fault {
            Some(ViewFault::Before) => puts.clear(),
            Some(ViewFault::Half) => puts.truncate(puts.len() / 2),
            Some(ViewFault::After) | None => {
                for (map, key) in removes {
                    database.maps.entry(map.into()).or_default().remove(&key);
                }
                database.marker = size.unwrap_or(database.marker);
            }
        }
        for put in puts {
            database.maps.entry(put.map.into()).or_default().insert(put.key, put.value.into());
        }
        match fault {
            Some(fault) => Err(ViewError(format!("injected: {fault:?}"))),
            None => Ok(()),
        }
    }

    fn clear(&self, maps: &[&str]) -> Result<(), ViewError> {
        let mut database = self.database();
        for map in maps {
            database.maps.remove(*map);
        }
        database.marker = 0;
        Ok(())
    }

    fn flush(&self) -> Result<(), ViewError> {
        Ok(())
    }
}
