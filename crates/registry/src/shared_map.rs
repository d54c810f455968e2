//! A sorted map whose clones share their content.
//!
//! The one writer clones the whole [`State`](crate::State) for every batch and publishes it to many readers. A
//! `BTreeMap` would be copied whole each time; here a clone is one reference count, and a change copies one run
//! of entries and the list of runs.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// Entries in one run, before it is split. A change copies one run.
const RUN: usize = 128;

type Run<K, V> = Arc<Vec<(K, V)>>;

/// Runs in ascending order of keys; no run is empty.
#[derive(Clone)]
pub(crate) struct SharedMap<K, V> {
    runs: Arc<Vec<Run<K, V>>>,
    len: usize,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { runs: Arc::default(), len: 0 }
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The run where `key` is or belongs, and its place in it or the place to put it.
    fn locate(&self, key: &K) -> (usize, Result<usize, usize>) {
        let run = self.runs.partition_point(|run| run.first().is_some_and(|(first, _)| first <= key)).saturating_sub(1);
        let place = self.runs.get(run).map_or(Err(0), |run| run.binary_search_by(|(other, _)| other.cmp(key)));
        (run, place)
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let (run, place) = self.locate(key);
        self.runs.get(run)?.get(place.ok()?).map(|(_, value)| value)
    }

    /// The value to change in place; copies its run if a clone shares it.
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let (run, place) = self.locate(key);
        let place = place.ok()?;
        let run = Arc::make_mut(&mut self.runs).get_mut(run)?;
        Arc::make_mut(run).get_mut(place).map(|(_, value)| value)
    }

    /// Puts a value and gives back the one that was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (at, place) = self.locate(&key);
        let runs = Arc::make_mut(&mut self.runs);
        let count = runs.len();
        let Some(run) = runs.get_mut(at) else {
            runs.push(Arc::new(vec![(key, value)]));
            self.len = 1;
            return None;
        };
        match place {
            Ok(place) => {
                let slot = Arc::make_mut(run).get_mut(place)?;
                Some(core::mem::replace(&mut slot.1, value))
            }
            // Keys that only grow fill their runs whole; all others split them in halves.
            Err(place) if place == RUN && at + 1 == count => {
                runs.push(Arc::new(vec![(key, value)]));
                self.len += 1;
                None
            }
            Err(place) => {
                let entries = Arc::make_mut(run);
                entries.insert(place, (key, value));
                self.len += 1;
                if entries.len() > RUN {
                    let upper = entries.split_off(RUN / 2);
                    runs.insert(at + 1, Arc::new(upper));
                }
                None
            }
        }
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let (at, place) = self.locate(key);
        let place = place.ok()?;
        let runs = Arc::make_mut(&mut self.runs);
        let entries = Arc::make_mut(runs.get_mut(at)?);
        let (_, value) = entries.remove(place);
        if entries.is_empty() {
            runs.remove(at);
        }
        self.len -= 1;
        Some(value)
    }

    /// All entries in ascending order of keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.runs.iter().flat_map(|run| run.iter()).map(|(key, value)| (key, value))
    }

    /// The entries from `key` on.
    pub(crate) fn iter_from<'a>(&'a self, key: &K) -> impl Iterator<Item = (&'a K, &'a V)> + use<'a, K, V> {
        let (run, place) = self.locate(key);
        let place = match place {
            Ok(place) | Err(place) => place,
        };
        self.runs
            .iter()
            .skip(run)
            .enumerate()
            .flat_map(move |(nth, run)| run.iter().skip(if nth == 0 { place } else { 0 }))
            .map(|(key, value)| (key, value))
    }

    /// Whether both are clones of one map that nobody has changed since. `false` says nothing.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.runs, &other.runs)
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SharedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn same(map: &SharedMap<u16, u32>, model: &BTreeMap<u16, u32>) {
        assert!(map.iter().eq(model.iter()));
        assert_eq!(map.len(), model.len());
        assert!(map.runs.iter().all(|run| !run.is_empty() && run.len() <= RUN));
    }

    proptest! {
        #[test]
        fn behaves_as_a_btree_map_and_clones_stay_as_they_were(
            changes in proptest::collection::vec((0u8..4, 0u16..600, any::<u32>()), 0..2000),
            probes in proptest::collection::vec(0u16..700, 20),
        ) {
            let (mut map, mut model) = (SharedMap::default(), BTreeMap::new());
            let mut kept = Vec::new();
            for (nth, (what, key, value)) in changes.into_iter().enumerate() {
                match what {
                    0 | 1 => prop_assert_eq!(map.insert(key, value), model.insert(key, value)),
                    2 => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                    _ => {
                        if let Some(there) = map.get_mut(&key) { *there = value; }
                        if let Some(there) = model.get_mut(&key) { *there = value; }
                    }
                }
                if nth % 400 == 0 {
                    kept.push((map.clone(), model.clone()));
                }
            }
            kept.push((map, model));
            for (map, model) in &kept {
                same(map, model);
                for probe in &probes {
                    prop_assert_eq!(map.get(probe), model.get(probe));
                    prop_assert!(map.iter_from(probe).eq(model.range(probe..)));
                }
            }
        }
    }

    #[test]
    fn growing_keys_fill_their_runs() {
        let map: SharedMap<u16, u32> = (0..1280).map(|n| (n, 0)).collect();
        assert_eq!(map.runs.len(), 10);
    }
}
