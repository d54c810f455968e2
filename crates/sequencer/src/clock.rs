//! Which time an entry is received at, and when there is none to be had.
//!
//! Received-at is part of the entry for ever and decides keys, scope and suspension, so a wrong clock is worse than no
//! service: one hour ahead for one batch means one hour in which nothing later may be dated earlier. A clock that is in
//! doubt therefore refuses entries, and goes on by itself once it is right again.

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// How far the clock may be behind the last entry before entries are refused; below that the last entry's time is taken.
pub const MAX_BEHIND_MILLIS: u64 = 5 * 60 * 1000;

/// How far ahead of the last entry the clock may be at start without the operator's word: a machine whose clock battery
/// died, or whose year is wrong, would otherwise date one entry beyond every later one.
pub const MAX_AHEAD_AT_START_MILLIS: u64 = 30 * 24 * 60 * 60 * 1000;

/// How far wall clock and monotonic clock may drift apart before it counts as a jump.
pub const JUMP_MILLIS: u64 = 60 * 1000;

/// The drift that is granted besides, as a divisor of the time passed: 86 s a day. A host whose quartz is corrected by a
/// small step every hour stays far below it; a step by a time zone or by a year does not.
const DRIFT_DIVISOR: u64 = 1000;

/// How long later readings are held against one: a day. Over a year, the drift that is granted would hide a step of hours.
const ANCHOR_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// The entry's first byte is 0, so its time is below 2^56 milliseconds.
const END_OF_TIME_MILLIS: u64 = 1 << 56;

/// Where time comes from.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since 1970-01-01T00:00:00Z, as the host believes; may jump.
    fn wall_millis(&self) -> u64;

    /// Milliseconds since some fixed instant, counted through sleep of the host; never jumps.
    fn monotonic_millis(&self) -> u64;
}

/// The host's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall_millis(&self) -> u64 {
        // A host that believes to live before 1970 is as wrong as one that believes to live in 1970: `Behind`.
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
    }

    /// `CLOCK_BOOTTIME` where there is one: it counts on while a laptop sleeps, as the wall clock does, so that waking up
    /// is no jump.
    #[cfg(target_os = "linux")]
    fn monotonic_millis(&self) -> u64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let millis = |n: i64| u64::try_from(n).unwrap_or_default();
        millis(now.tv_sec) * 1000 + millis(now.tv_nsec) / 1_000_000
    }

    #[cfg(not(target_os = "linux"))]
    fn monotonic_millis(&self) -> u64 {
        use std::sync::OnceLock;
        use std::time::Instant;
        static START: OnceLock<Instant> = OnceLock::new();
        u64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Why no entry can be dated now. It passes when the clock is right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// The log has an entry that would be later than this one.
    #[error("the clock says {now_millis}, the last entry was received at {last_millis}, more than 5 minutes later")]
    Behind {
        /// What the clock says.
        now_millis: u64,
        /// When the last entry was received.
        last_millis: u64,
    },
    /// Since the program began, the wall clock has gone another way than time has.
    #[error("the clock says {now_millis}, expected about {expected_millis} from the time passed since the start")]
    Jumped {
        /// What the clock says.
        now_millis: u64,
        /// What it would say had it not jumped.
        expected_millis: u64,
    },
    /// The time does not fit the entry format.
    #[error("the clock says {now_millis}, which is past what an entry can hold")]
    BeyondFormat {
        /// What the clock says.
        now_millis: u64,
    },
}

impl ClockFault {
    /// Stable name of the reason.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Behind { .. } => "clock_behind",
            Self::Jumped { .. } => "clock_jumped",
            Self::BeyondFormat { .. } => "clock_beyond_format",
        }
    }
}

/// A clock, and what it said earlier, at most a day or so ago: what later readings are held against.
///
/// Make one for the life of the process and share it between reopenings: an I/O error must not make a jumped clock
/// right. Only the operator does, by starting the program anew.
pub struct Timekeeper {
    clock: Box<dyn Clock>,
    anchor: Mutex<Anchor>,
}

/// A reading that was found right.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    wall_millis: u64,
    monotonic_millis: u64,
}

impl std::fmt::Debug for Timekeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timekeeper").field("anchor", &self.anchor).finish_non_exhaustive()
    }
}

impl Timekeeper {
    /// Takes the clock's present reading as right.
    pub fn new(clock: impl Clock) -> Self {
        let anchor = Anchor { wall_millis: clock.wall_millis(), monotonic_millis: clock.monotonic_millis() };
        Self { clock: Box::new(clock), anchor: Mutex::new(anchor) }
    }

    /// What the wall clock says, in doubt or not.
    #[must_use]
    pub fn now_millis(&self) -> u64 {
        self.clock.wall_millis()
    }

    /// The time to date the next batch with: now, and never before the last entry.
    ///
    /// # Errors
    /// [`ClockFault`], while the clock is in doubt.
    pub fn received_at(&self, last_millis: u64) -> Result<u64, ClockFault> {
        let (now_millis, monotonic_millis) = (self.clock.wall_millis(), self.clock.monotonic_millis());
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = monotonic_millis.saturating_sub(anchor.monotonic_millis);
        let expected_millis = anchor.wall_millis.saturating_add(passed);
        if now_millis.abs_diff(expected_millis) > JUMP_MILLIS + passed / DRIFT_DIVISOR {
            return Err(ClockFault::Jumped { now_millis, expected_millis });
        }
        if passed >= ANCHOR_MILLIS {
            *anchor = Anchor { wall_millis: now_millis, monotonic_millis };
        }
        drop(anchor);
        if now_millis.saturating_add(MAX_BEHIND_MILLIS) < last_millis {
            return Err(ClockFault::Behind { now_millis, last_millis });
        }
        if now_millis >= END_OF_TIME_MILLIS {
            return Err(ClockFault::BeyondFormat { now_millis });
        }
        Ok(now_millis.max(last_millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::FakeClock;

    const START: u64 = 1_800_000_000_000;

    #[test]
    fn time_goes_on_and_never_back() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        assert_eq!(keeper.received_at(0), Ok(START));
        clock.pass(1500);
        assert_eq!(keeper.received_at(START), Ok(START + 1500));
        let last = START + 1500 + MAX_BEHIND_MILLIS;
        assert_eq!(keeper.received_at(last), Ok(last), "up to five minutes behind, the last entry's time holds");
    }

    #[test]
    fn a_clock_further_behind_than_five_minutes_is_refused_until_it_has_caught_up() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        let last = START + MAX_BEHIND_MILLIS + 1;
        let fault = keeper.received_at(last).unwrap_err();
        assert_eq!(fault, ClockFault::Behind { now_millis: START, last_millis: last });
        assert_eq!(fault.code(), "clock_behind");
        clock.pass(1);
        assert_eq!(keeper.received_at(last), Ok(last));
    }

    #[test]
    fn a_jump_either_way_is_refused_until_it_is_taken_back() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        for jump in [JUMP_MILLIS + 1, 3_600_000, 31_536_000_000] {
            let jump = i64::try_from(jump).unwrap();
            for jump in [jump, -jump] {
                clock.jump(jump);
                assert_eq!(keeper.received_at(0).unwrap_err().code(), "clock_jumped", "{jump}");
                clock.jump(-jump);
                assert_eq!(keeper.received_at(0), Ok(START));
            }
        }
        clock.jump(i64::try_from(JUMP_MILLIS).unwrap());
        assert_eq!(keeper.received_at(0), Ok(START + JUMP_MILLIS), "a correction by a minute is none");
    }

    #[test]
    fn small_jumps_add_up() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        let refused = (0..10).find(|_| {
            clock.pass(10);
            clock.jump(20_000);
            keeper.received_at(0).is_err()
        });
        assert_eq!(refused, Some(3), "four steps of 20 s are 80 s, which a second of time does not excuse");
    }

    #[test]
    fn a_day_of_hourly_corrections_is_no_jump() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        for _ in 0..24 * 365 {
            clock.pass(3_600_000);
            clock.jump(-180);
            keeper.received_at(0).unwrap();
        }
    }

    #[test]
    fn after_months_a_step_of_minutes_is_still_a_jump() {
        let clock = FakeClock::at(START);
        let keeper = Timekeeper::new(clock.clone());
        for _ in 0..24 * 90 {
            clock.pass(3_600_000);
            keeper.received_at(0).unwrap();
        }
        clock.jump(150_000);
        assert_eq!(keeper.received_at(0).unwrap_err().code(), "clock_jumped");
    }

    #[test]
    fn a_time_that_an_entry_cannot_hold_is_refused() {
        let keeper = Timekeeper::new(FakeClock::at(END_OF_TIME_MILLIS));
        assert_eq!(keeper.received_at(0).unwrap_err().code(), "clock_beyond_format");
    }

    #[test]
    fn the_system_clock_goes_on() {
        let keeper = Timekeeper::new(SystemClock);
        let first = keeper.received_at(0).unwrap();
        assert!(first > START - 1_800_000_000_000 / 8, "the host lives after 2019");
        assert!(keeper.received_at(first).unwrap() >= first);
    }
}
