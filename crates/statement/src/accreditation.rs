//! Accreditation: an accreditor says who a party is, with which keys it signs, and for what.
//!
//! Written and read as a UNTP Digital Identity Anchor 0.7.0, which ties a register's entry to a DID; keys, scope and
//! contacts are our terms.

mod read;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use primitives::{Country, Day, PublicKey, Thumbprint, Timestamp};

pub(crate) use read::jwk;

use crate::{Claims, Did, Origin};

/// Keys of one party.
pub const MAX_KEYS: usize = 32;
/// Compromised keys in one accreditation.
pub const MAX_COMPROMISED: usize = 64;
/// Countries in one scope; ISO 3166-1 has 249.
pub const MAX_COUNTRIES: usize = 300;
/// Contacts in one accreditation.
pub const MAX_HOTLINES: usize = 64;
/// Longest language tag, in characters (RFC 5646 §4.4.1).
pub const MAX_LANGUAGE: usize = 35;
/// Longest contact, in characters.
pub const MAX_CONTACT: usize = 200;

/// An accreditation, as signed. Whether it takes effect is for the law to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accreditation {
    /// The statement's URI, chosen by the accreditor.
    pub id: String,
    /// The accreditor.
    pub issuer: Did,
    /// The accreditor's name.
    pub issuer_name: String,
    /// The registry that this is signed for.
    pub registry: Origin,
    /// Who is accredited.
    pub subject: Did,
    /// As what.
    pub role: Role,
    /// The party's name, for people.
    pub name: String,
    /// The party's keys from now on; a key left out is retired. That each may be accredited is for the law to check.
    pub keys: Vec<PublicKey>,
    /// Keys that others may have used, and since when.
    pub compromised: Vec<Compromised>,
    /// What the party may speak about.
    pub scope: Scope,
    /// UTC day of `valid_from`.
    pub first_day: Day,
    /// UTC day of the last second before `valid_until`.
    pub last_day: Day,
    /// Where people can report what they see.
    pub hotlines: Vec<Hotline>,
    /// Valid from this instant.
    pub valid_from: Timestamp,
    /// Valid until just before this instant.
    pub valid_until: Timestamp,
}

/// What an accredited party does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Attests lots and signs their labels.
    Certifier,
    /// Clears goods.
    CustomsOffice,
    /// Audits, on the spot or in the books.
    Auditor,
}

/// A key that somebody else may have used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compromised {
    /// Which key.
    pub key: Thumbprint,
    /// From when on; a whole second.
    pub since: Timestamp,
}

/// What a party may speak about. Lists are explicit: empty means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Countries of origin.
    pub countries: Vec<Country>,
    /// Chapters of the Harmonized System, 1 to 99.
    pub hs_chapters: Vec<u8>,
    /// Claims.
    pub topics: Claims,
}

/// A contact for people who saw something, in one country and language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hotline {
    /// Where it serves.
    pub country: Country,
    /// Its language (BCP 47, such as `ne`).
    pub language: String,
    /// Telephone number, e-mail address or URL, as people write it.
    pub contact: String,
}

/// How roles are written.
const ROLES: [(&str, Role); 3] =
    [("certifier", Role::Certifier), ("customs-office", Role::CustomsOffice), ("auditor", Role::Auditor)];

/// How topics of a scope are written: the last part of the UNTP topic's identifier.
const TOPICS: [(&str, Claims); 2] =
    [("youth-protection", Claims::NO_CHILD_LABOUR), ("forced-labor-elimination", Claims::NO_FORCED_LABOUR)];

impl Role {
    /// How the role is written, such as `customs-office`.
    pub fn code(self) -> &'static str {
        ROLES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }

    /// The role that is written like this.
    pub fn from_code(code: &str) -> Option<Self> {
        ROLES.iter().find(|(name, _)| *name == code).map(|(_, role)| *role)
    }
}

#[cfg(test)]
mod tests;
