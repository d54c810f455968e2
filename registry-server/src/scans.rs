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
//! What was counted since the last part is written every minute and when the server stops; a crash loses at most that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use label::Label;
use primitives::Day;
use store::{Private, PrivateError};
use tokio::sync::watch;

use crate::app::App;

/// The map in the private data.
const MAP: &str = "scans";
/// How often what is new is written.
const EVERY: Duration = Duration::from_secs(60);
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
    /// Counted today, not yet written.
    fresh: Vec<Place>,
    /// Of which day `fresh` is, and how many parts of it are written.
    day: u16,
    parts: u16,
}

/// What is known of one label.
#[derive(Clone, Copy, Default)]
struct Seen {
    days: u16,
    /// The last of them.
    last: u16,
}

impl Scans {
    /// Reads back what was counted; erases what is too old to count.
    pub(crate) fn open(private: Arc<Private>, today: Day) -> Result<Self, PrivateError> {
        let mut counts = Counts { day: today.days(), ..Counts::default() };
        for (key, value) in private.scan_prefix(MAP, &[], usize::MAX)? {
            let Ok([a, b, c, d]) = <[u8; 4]>::try_from(key.as_ref()) else { continue };
            let (day, part) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            if day.saturating_add(WINDOW) < today.days() {
                private.delete(MAP, &key)?;
                continue;
            }
            if day == today.days() {
                counts.parts = counts.parts.max(part.saturating_add(1));
            }
            for place in value.as_chunks::<ENTRY>().0.iter().map(place) {
                counts.add(place, day);
            }
        }
        Ok(Self { private, counts: Mutex::new(counts) })
    }

    /// On how many days the label was scanned, today among them.
    pub(crate) fn days_with_today(&self, label: &Label, today: Day) -> u16 {
        let seen = self.counts().labels.get(&place_of(label)).copied().unwrap_or_default();
        seen.days.saturating_add(u16::from(seen.last != today.days()))
    }

    /// Counts a genuine label that was scanned today.
    pub(crate) fn count(&self, place: Place, today: Day) {
        let mut counts = self.counts();
        // What is left of another day keeps its day until it is written.
        if counts.day == today.days() && counts.add(place, today.days()) {
            counts.fresh.push(place);
        } else if counts.day < today.days() && counts.fresh.is_empty() {
            (counts.day, counts.parts) = (today.days(), 0);
            if counts.add(place, today.days()) {
                counts.fresh.push(place);
            }
        }
    }

    /// Writes what was counted since the last time.
    fn write(&self) -> Result<(), PrivateError> {
        let (day, first, fresh) = {
            let mut counts = self.counts();
            let fresh = std::mem::take(&mut counts.fresh);
            let parts = u16::try_from(fresh.len().div_ceil(PART)).unwrap_or(u16::MAX);
            let first = counts.parts;
            counts.parts = first.saturating_add(parts);
            (counts.day, first, fresh)
        };
        for (part, labels) in (first..).zip(fresh.chunks(PART)) {
            let [a, b] = day.to_be_bytes();
            let [c, d] = part.to_be_bytes();
            let value: Vec<u8> = labels.iter().flat_map(entry).collect();
            self.private.put(MAP, [a, b, c, d], value)?;
        }
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Whether the label had not been counted on this day.
    fn add(&mut self, place: Place, day: u16) -> bool {
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

/// Writes every minute, and once more when the server stops.
pub(crate) async fn keep(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        // An error means that the server was dropped.
        let stopped = tokio::time::timeout(EVERY, stop.wait_for(|stop| *stop)).await.is_ok();
        let writer = Arc::clone(&app);
        let written = tokio::task::spawn_blocking(move || writer.scans.write()).await;
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
    fn the_day_turns_once_what_was_counted_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let scans = open(folder.path(), 20_000);
        for number in 1..=2_000 {
            scans.count((7, number), Day::from_days(20_000));
        }
        scans.count((7, 1), Day::from_days(20_001));
        assert_eq!(days(&scans, (7, 1)), 1, "not before");
        scans.write().unwrap();
        scans.count((7, 1), Day::from_days(20_001));
        // A clock that goes back counts nothing twice.
        scans.count((7, 1), Day::from_days(20_000));
        scans.write().unwrap();
        drop(scans);
        let scans = open(folder.path(), 20_001);
        assert_eq!((days(&scans, (7, 1)), days(&scans, (7, 2_000))), (2, 1));
    }
}
