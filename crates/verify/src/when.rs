//! When: the time that is judged, and the time that it is.

use primitives::Timestamp;

/// The time that a verdict is about, and this device's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The time judged.
    pub at: Timestamp,
    /// The time that it is, as far as this device knows.
    pub now: Timestamp,
}

impl When {
    /// A past day: the standing that counted then, by what the log had received by then. Compromise of keys is judged by the
    /// newest knowledge all the same (an old snapshot has none), and so are the keys themselves: one that was added later may have signed labels since.
    pub const fn as_of(at: Timestamp, now: Timestamp) -> Self {
        Self { at, now }
    }

    /// Whether it is the present that is judged.
    pub fn is_now(self) -> bool {
        self.at == self.now
    }
}

impl From<Timestamp> for When {
    fn from(now: Timestamp) -> Self {
        Self { at: now, now }
    }
}
