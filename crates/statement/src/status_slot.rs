//! Status slot: the place of an attestation in its issuer's status lists (W3C Bitstring Status List 1.0 §2.1).

use alloc::format;
use alloc::string::String;

use primitives::Thumbprint;

use crate::Origin;

const LISTS: &str = "/v1/status/";

/// One bit of one status list. Unique together with the thumbprint of the key that signed the attestation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusSlot {
    /// The number of the list, from 0.
    pub list: u32,
    /// The bit in the list, below [`StatusSlot::LIST_LENGTH`].
    pub index: u32,
}

impl StatusSlot {
    /// Bits in a list: the least that lets one label hide among others (Bitstring Status List 1.0 §6.1).
    pub const LIST_LENGTH: u32 = 131_072;

    /// The list's URL: `https://<origin>/v1/status/<key thumbprint>/<list>`.
    pub fn list_url(&self, origin: &Origin, key: &Thumbprint) -> String {
        format!("{}{LISTS}{key}/{}", origin.url_prefix(), self.list)
    }

    /// The number of the list whose [`StatusSlot::list_url`] this is.
    pub(crate) fn list_of(url: &str, origin: &Origin, key: &Thumbprint) -> Option<u32> {
        let (of, number) = origin.path_in(url)?.strip_prefix(LISTS)?.split_once('/')?;
        (Thumbprint::parse(of)? == *key).then_some(())?;
        let has_one_spelling = number == "0" || number.starts_with(|first: char| matches!(first, '1'..='9'));
        number.parse().ok().filter(|_| has_one_spelling)
    }
}
