//! Claims: what a label says of how its product was made (design §6).

use core::fmt;

use thiserror::Error;

/// A set of claims, one bit each, as in the label's second byte.
///
/// ```
/// use statement::Claims;
/// let both = Claims::NO_CHILD_LABOUR.union(Claims::NO_FORCED_LABOUR);
/// assert!(both.contains(Claims::NO_CHILD_LABOUR));
/// assert_eq!(both.bits(), 3);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Claims(u8);

/// A bit that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("claims are {0:#04x}, expected no bits but 0x03")]
pub struct UnknownClaim(pub u8);

impl Claims {
    /// No claim at all.
    pub const NONE: Self = Self(0);
    /// Produced without child labour (ILO C138, C182).
    pub const NO_CHILD_LABOUR: Self = Self(1);
    /// Produced without forced labour (ILO C029, C105).
    pub const NO_FORCED_LABOUR: Self = Self(2);
    /// All claims that there are.
    pub const ALL: Self = Self(3);

    /// From the label's byte; zero is the empty set.
    ///
    /// # Errors
    /// [`UnknownClaim`] where another bit is set.
    pub const fn from_bits(bits: u8) -> Result<Self, UnknownClaim> {
        if bits & !Self::ALL.0 == 0 { Ok(Self(bits)) } else { Err(UnknownClaim(bits)) }
    }

    /// The byte.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether every claim of `other` is one of these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These claims and those of `other`.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is no claim.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The claims one by one, in the order of their bits.
    pub fn iter(self) -> impl Iterator<Item = Self> {
        [Self::NO_CHILD_LABOUR, Self::NO_FORCED_LABOUR].into_iter().filter(move |&claim| self.contains(claim))
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |claim| if claim == Self::NO_CHILD_LABOUR { "no child labour" } else { "no forced labour" };
        f.debug_set().entries(self.iter().map(name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_bits_are_refused() {
        assert_eq!(Claims::from_bits(3), Ok(Claims::ALL));
        assert_eq!(Claims::from_bits(0), Ok(Claims::NONE));
        assert_eq!(Claims::from_bits(4), Err(UnknownClaim(4)));
        assert_eq!(Claims::from_bits(0x81), Err(UnknownClaim(0x81)));
    }

    #[test]
    fn a_set_contains_its_parts_only() {
        assert!(Claims::ALL.contains(Claims::NO_FORCED_LABOUR));
        assert!(!Claims::NO_CHILD_LABOUR.contains(Claims::ALL));
        assert!(Claims::NONE.is_empty() && Claims::NONE.iter().next().is_none());
        assert!(Claims::ALL.iter().eq([Claims::NO_CHILD_LABOUR, Claims::NO_FORCED_LABOUR]));
    }
}
