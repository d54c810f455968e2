//! How many reports are taken in a time, from all the world together: there is nobody to tell senders apart by.

use std::sync::{Mutex, PoisonError};

use crate::limits::ReportLimits;

/// A token bucket, kept as the time at which it would be full again.
#[derive(Debug, Default)]
pub(crate) struct Rate(Mutex<u64>);

impl Rate {
    /// Takes one, if there is one.
    pub(crate) fn take(&self, now_millis: u64, limits: &ReportLimits) -> bool {
        let interval = 60_000 / u64::from(limits.a_minute.max(1));
        let mut full_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*full_at).max(now_millis) + interval;
        let has_one = after - now_millis <= interval * u64::from(limits.burst);
        if has_one {
            *full_at = after;
        }
        has_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_at_once_and_then_one_in_two_seconds() {
        let (rate, limits) = (Rate::default(), ReportLimits::default());
        let taken = |now: u64| (0..200).filter(|_| rate.take(now, &limits)).count();
        assert_eq!(taken(5_000), 60);
        assert_eq!(taken(6_999), 0);
        assert_eq!(taken(7_000), 1);
        assert_eq!(taken(17_000), 5);
        assert_eq!(taken(10_000_000), 60, "no more than a burst is saved up");
    }
}
