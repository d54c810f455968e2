//! On how many days each genuine label was scanned: what tells a label from its copies, and tells nothing about who scanned.
//!
//! A day counts once, however often the label is scanned on it: neither a queue at a till nor a script makes a competitor's label
//! amber overnight. No time of day is kept, no address, no order. Only genuine labels are counted, so nobody fills this with labels
//! that were never issued. Whoever has a label's code can still scan it day after day; how many days are unusual is for its certifier
//! to say, in the attestation, and where it says nothing no label is ever amber.
//!
//! ```text
//! <data>/private/   map "scans":  day (2, big-endian) ‖ part (2)  →  labels scanned on that day, each index (8) ‖ serial number (4)
//! ```
//! What was counted since the last part is written every hour and when the server stops, in the order of the labels; a crash loses at most
//! that. When the server starts, the parts of past days are put together and the private data copied, so that no order of writing is left.
//!
//! Only attestations that say how many days are usual are counted at all, and only pages for people.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use label::Label;
use primitives::Day;
use store::{Private, PrivateError};
use tokio::sync::watch;

/// The map in the private data.
const MAP: &str = "scans";
/// How often what is new is written.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// Days that count, back from the day on which the server started. Older records are erased then.
const WINDOW: u16 = 400;
/// Labels that are counted, some 80 MB. Past it no further one is: a label that is not counted is never amber.
const MOST: usize = 2_000_000;
/// Labels of one part: the private data take values of up to 16 KiB.
const PART: usize = 1_300;
const ENTRY: usize = 12;

/// The counts of one node.
pub(crate) struct Scans {
    private: Arc<Private>,
    counts: Mutex<Counts>,
}

/// A label's place: index of its attestation, serial number.
type Place = (u64, u32);

#[derive(Default)]
struct Counts {
    labels: HashMap<Place, Seen>,
    /// Counted and not yet written, by day. In the order of the labels: that in which they were scanned is nobody's business.
    fresh: BTreeMap<u16, BTreeSet<Place>>,
    /// How many parts of each day are written.
    parts: BTreeMap<u16, u16>,
}

/// What is known of one label.
#[derive(Clone, Copy, Default)]
struct Seen {
    days: u16,
    /// The last of them.
    last: u16,
}

impl Scans {
    /// Reads back what was counted; erases what is too old to count, and puts the parts of past days together.
    pub(crate) fn open(private: Arc<Private>, today: Day) -> Result<Self, PrivateError> {
        let mut counts = Counts::default();
        let mut days = BTreeMap::<u16, BTreeSet<Place>>::new();
        for (key, value) in private.scan_prefix(MAP, &[], usize::MAX)? {
            let Ok([a, b, c, d]) = <[u8; 4]>::try_from(key.as_ref()) else { continue };
            let (day, part) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let parts = counts.parts.entry(day).or_default();
            *parts = (*parts).max(part.saturating_add(1));
            days.entry(day).or_default().extend(value.as_chunks::<ENTRY>().0.iter().map(place));
        }
        for (day, places) in &days {
            for place in places {
                counts.add(*place, *day, today);
            }
        }
        let scans = Self { private, counts: Mutex::new(counts) };
        scans.tidy(days, today)?;
        Ok(scans)
    }

    /// Of a past day only which labels were scanned is kept: not the minutes at which parts were written, nor what came beside them.
    fn tidy(&self, days: BTreeMap<u16, BTreeSet<Place>>, today: Day) -> Result<(), PrivateError> {
        let mut is_changed = false;
        for (day, places) in days.into_iter().filter(|(day, _)| *day < today.days()) {
            let is_old = day.saturating_add(WINDOW) < today.days();
            let places: Vec<Place> = if is_old { Vec::new() } else { places.into_iter().collect() };
            let (kept, written) = (places.len().div_ceil(PART), self.counts().parts.get(&day).copied().unwrap_or(0));
            if !is_old && kept >= usize::from(written) {
                continue;
            }
            is_changed = true;
            // Whole before the rest goes: what is there twice counts once.
            for (part, labels) in (0..).zip(places.chunks(PART)) {
                self.private.put(MAP, key(day, part), labels.iter().flat_map(entry).collect::<Vec<_>>())?;
            }
            for part in u16::try_from(kept).unwrap_or(u16::MAX)..written {
                self.private.delete(MAP, key(day, part))?;
            }
        }
        if is_changed { self.private.compact() } else { Ok(()) }
    }

    /// On how many days the label was scanned, today among them.
    pub(crate) fn days_with_today(&self, label: &Label, today: Day) -> u16 {
        let seen = self.counts().labels.get(&place_of(label)).copied().unwrap_or_default();
        seen.days.saturating_add(u16::from(seen.last != today.days()))
    }

    /// Counts a genuine label that was scanned today.
    pub(crate) fn count(&self, place: Place, today: Day) {
        let mut counts = self.counts();
        if counts.add(place, today.days(), today) {
            counts.fresh.entry(today.days()).or_default().insert(place);
        }
    }

    /// Writes what was counted since the last time.
    fn write(&self) -> Result<(), PrivateError> {
        let fresh = std::mem::take(&mut self.counts().fresh);
        for (day, places) in fresh {
            let places: Vec<Place> = places.into_iter().collect();
            for labels in places.chunks(PART) {
                let part = {
                    let mut counts = self.counts();
                    let parts = counts.parts.entry(day).or_default();
                    *parts = parts.saturating_add(1);
                    *parts - 1
                };
                self.private.put(MAP, key(day, part), labels.iter().flat_map(entry).collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Whether the label had not been counted on this day.
    fn add(&mut self, place: Place, day: u16, today: Day) -> bool {
        if day.saturating_add(WINDOW) < today.days() {
            return false;
        }
        let is_full = self.labels.len() >= MOST;
        let seen = match self.labels.entry(place) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(_) if is_full => return false,
            std::collections::hash_map::Entry::Vacant(entry) => entry.insert(Seen::default()),
        };
        // Days come in their order: a record of one day is read before that of the next.
        if seen.last >= day && seen.days > 0 {
            return false;
        }
        (seen.last, seen.days) = (day, seen.days.saturating_add(1));
        true
    }
}

/// Writes every hour, and once more when the server stops.
pub(crate) async fn keep(scans: Arc<Scans>, mut stop: watch::Receiver<bool>) {
    loop {
        // An error means that the server was dropped.
        let stopped = tokio::time::timeout(EVERY, stop.wait_for(|stop| *stop)).await.is_ok();
        let writer = Arc::clone(&scans);
        let written = tokio::task::spawn_blocking(move || writer.write()).await;
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "scans could not be written"),
            Err(error) => tracing::error!(%error, "scans could not be written"),
        }
        if stopped {
            return;
        }
    }
}

/// A label's place.
pub(crate) fn place_of(label: &Label) -> Place {
    (label.index(), label.serial().number())
}

fn key(day: u16, part: u16) -> [u8; 4] {
    let ([a, b], [c, d]) = (day.to_be_bytes(), part.to_be_bytes());
    [a, b, c, d]
}

fn place(entry: &[u8; ENTRY]) -> Place {
    let [a, b, c, d, e, f, g, h, number @ ..] = *entry;
    (u64::from_be_bytes([a, b, c, d, e, f, g, h]), u32::from_be_bytes(number))
}

fn entry((index, number): &Place) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..8].copy_from_slice(&index.to_be_bytes());
    entry[8..].copy_from_slice(&number.to_be_bytes());
    entry
}

impl std::fmt::Debug for Scans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scans").field("labels", &self.counts().labels.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &std::path::Path, day: u16) -> Scans {
        Scans::open(Arc::new(Private::open(folder).unwrap()), Day::from_days(day)).unwrap()
    }

    fn days(scans: &Scans, place: Place) -> u16 {
        scans.counts().labels.get(&place).map_or(0, |seen| seen.days)
    }

    #[test]
    fn a_day_counts_once_however_often_a_label_is_scanned() {
        let folder = tempfile::tempdir().unwrap();
        let scans = open(folder.path(), 20_000);
        for _ in 0..10_000 {
            scans.count((7, 1), Day::from_days(20_000));
        }
        assert_eq!((days(&scans, (7, 1)), days(&scans, (7, 2))), (1, 0));
        assert_eq!(scans.counts().fresh.len(), 1);
    }

    #[test]
    fn counts_outlive_the_server_and_the_day_and_then_age() {
        let folder = tempfile::tempdir().unwrap();
        for day in [20_000, 20_000, 20_001, 20_003] {
            let scans = open(folder.path(), day);
            scans.count((7, 1), Day::from_days(day));
            scans.count((7, 1), Day::from_days(day));
            scans.write().unwrap();
        }
        assert_eq!(days(&open(folder.path(), 20_003), (7, 1)), 3);
        assert_eq!(days(&open(folder.path(), 20_401), (7, 1)), 2, "the first day is too old");
        assert_eq!(days(&open(folder.path(), 20_404), (7, 1)), 0);
        assert!(Private::open(folder.path()).unwrap().is_empty(), "and what is too old is erased");
    }

    #[test]
    fn the_first_scan_of_a_day_counts_whatever_is_not_written_yet() {
        let folder = tempfile::tempdir().unwrap();
        let scans = open(folder.path(), 20_000);
        for number in (1..=2_000).rev() {
            scans.count((7, number), Day::from_days(20_000));
        }
        scans.count((7, 1), Day::from_days(20_001));
        assert_eq!(days(&scans, (7, 1)), 2);
        // A clock that goes back counts nothing twice.
        scans.count((7, 1), Day::from_days(20_000));
        scans.write().unwrap();
        scans.count((7, 9), Day::from_days(20_001));
        scans.write().unwrap();
        drop(scans);
        let scans = open(folder.path(), 20_002);
        assert_eq!((days(&scans, (7, 1)), days(&scans, (7, 2_000)), days(&scans, (7, 9))), (2, 1, 2));
        // Of the second day, two parts became one; labels stand in their own order.
        let records = scans.private.scan_prefix(MAP, &[], 10).unwrap();
        assert_eq!(records.len(), 3);
        for (_, value) in records {
            assert!(value.as_chunks::<ENTRY>().0.is_sorted());
        }
    }
}
