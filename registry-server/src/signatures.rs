//! Label signatures that were checked before.
//!
//! A popular label is scanned thousands of times, and its signature holds for ever: checking it takes 60 µs, remembering it
//! half of one. What is remembered is the [`Genuine`] itself, which only the check can build, and it counts only for a label
//! that is equal in every field. Forged labels are not remembered, so nobody fills the memory with them.

use label::{Genuine, Label, NotGenuine};
use primitives::PublicKey;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Bytes for remembered labels: some 100,000 of them.
const BYTES: u64 = 32 << 20;
/// Bytes that one takes, as near as it matters: strings, signature, key, and the cache's own.
const BYTES_EACH: u64 = 320;

/// Checks signatures strictly, and each genuine label once.
pub(crate) struct Remembered(Cache<[u8; 64], Genuine<Label>, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<[u8; 64], Genuine<Label>> for Weight {
    fn weight(&self, _: &[u8; 64], label: &Genuine<Label>) -> u64 {
        BYTES_EACH + (label.origin().as_str().len() + label.lot().as_str().len()) as u64
    }
}

impl Remembered {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(usize::try_from(BYTES / BYTES_EACH).unwrap_or(usize::MAX), BYTES, Weight))
    }

    /// The label, if it was checked under this key before.
    pub(crate) fn known<'l>(&self, label: &'l Label, key: &PublicKey) -> Option<Genuine<&'l Label>> {
        self.0.get(label.blob().signature.as_bytes())?.same(label, key)
    }

    /// Checks the label and remembers it, if it is genuine.
    pub(crate) fn check<'l>(&self, label: &'l Label, key: &PublicKey) -> Result<Genuine<&'l Label>, NotGenuine> {
        let genuine = label.verify(key)?;
        self.0.insert(*label.blob().signature.as_bytes(), genuine.cloned());
        Ok(genuine)
    }
}

impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remembered").field("labels", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use label::Label;
    use primitives::{Day, SecretKey, Signer};
    use statement::{Claims, Gtin, Lot, Origin, Serial};

    use super::*;

    fn label(serial: u32, signer: &SecretKey) -> Label {
        let origin = Origin::parse("registry.example").unwrap();
        let gtin = Some(Gtin::parse("09521234543213").unwrap());
        let (lot, serial) = (Lot::parse("KTM-2026").unwrap(), Serial::new(None, serial).unwrap());
        let last_day = Day::parse("2027-12-31").unwrap();
        Label::sign(origin, gtin, lot, serial, Claims::NO_CHILD_LABOUR, 7, last_day, signer).unwrap()
    }

    /// The same label with another signature in its blob.
    fn with_blob_of(label: &Label, other: &Label) -> Label {
        let (ours, theirs) = (label.to_uri(), other.to_uri());
        let blob = |uri: &str| uri.split('/').nth(3).unwrap().to_owned();
        Label::parse(&ours.replace(&blob(&ours), &blob(&theirs))).unwrap()
    }

    #[test]
    fn what_was_genuine_stays_so() {
        let key = SecretKey::from_seed(&[1; 32]);
        let (remembered, first) = (Remembered::new(), label(1, &key));
        assert_eq!(remembered.known(&first, &key.public_key()), None);
        remembered.check(&first, &key.public_key()).unwrap();
        assert_eq!(*remembered.known(&first, &key.public_key()).unwrap(), first);
        assert_eq!(remembered.0.len(), 1);
    }

    #[test]
    fn a_remembered_signature_makes_no_other_label_genuine() {
        let key = SecretKey::from_seed(&[1; 32]);
        let remembered = Remembered::new();
        let (first, second) = (label(1, &key), label(2, &key));
        remembered.check(&first, &key.public_key()).unwrap();
        let moved = with_blob_of(&second, &first);
        assert_eq!(remembered.known(&moved, &key.public_key()), None);
        let other = SecretKey::from_seed(&[2; 32]).public_key();
        assert_eq!(remembered.known(&first, &other), None, "nor the same one under another key");
        assert!(matches!(remembered.check(&moved, &key.public_key()), Err(NotGenuine::Forged)));
        assert_eq!(remembered.0.len(), 1, "and what failed is not remembered");
    }
}
