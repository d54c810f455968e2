//! What attestations say, kept at hand.
//!
//! The state holds what the law needs of an attestation, 44 bytes; the product's name, the place and the maker are in the
//! log's entry. Reading it costs a record of the journal and a signature check, so it is kept for the labels that follow.

use std::sync::Arc;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use registry::State;
use statement::{Authentic, Entry, Statement, Token};
use verify::Facts;

/// Bytes for facts: some 50,000 attestations.
const BYTES: u64 = 64 << 20;
/// Bytes of one without its texts.
const BYTES_EACH: u64 = 512;

/// The facts of attestations that were asked for.
pub(crate) struct Attested(Cache<u64, Arc<Facts>, Weight>);

#[derive(Clone)]
struct Weight;

impl Weighter<u64, Arc<Facts>> for Weight {
    fn weight(&self, _: &u64, facts: &Arc<Facts>) -> u64 {
        let texts = [&facts.product, &facts.region, &facts.certifier, &facts.certifier_id, &facts.accreditor];
        let texts = texts.into_iter().chain(&facts.maker).map(|text| text.len() as u64);
        let evidence = facts.evidence.iter().map(|file| BYTES_EACH + file.name.len() as u64);
        BYTES_EACH + texts.sum::<u64>() + evidence.sum::<u64>()
    }
}

impl Attested {
    pub(crate) fn new() -> Self {
        Self(Cache::with_weighter(usize::try_from(BYTES / 1024).unwrap_or(usize::MAX), BYTES, Weight))
    }

    /// The facts of the attestation at `index`, if they are at hand and the names in them are those of this state.
    pub(crate) fn get(&self, state: &State, index: u64) -> Option<Arc<Facts>> {
        self.0.get(&index).filter(|facts| facts.certifier == certifier(state, index))
    }

    /// Reads the facts out of the log's entry and keeps them; `None` where the entry is no attestation that counts.
    pub(crate) fn read(&self, state: &State, index: u64, entry: &Bytes) -> Option<Arc<Facts>> {
        state.row(index)?;
        let statement = open(state, entry)?;
        let Statement::Attestation(attestation) = &*statement else { return None };
        let facts = Arc::new(verify::facts(state, attestation, index));
        self.0.insert(index, Arc::clone(&facts));
        Some(facts)
    }
}

/// The statement in an entry of the log.
pub(crate) fn open(state: &State, entry: &[u8]) -> Option<Authentic<Statement>> {
    let entry = Entry::decode(entry).ok()?;
    let token = Token::parse(entry.jws).ok()?;
    token.open(&state.issuer_key(&token).ok()?).ok()
}

/// The certifier's name now: a new accreditation may have changed it.
fn certifier(state: &State, index: u64) -> &str {
    let party = state.row(index).and_then(|row| state.issuer_of(row));
    party.and_then(|party| party.accreditation()).map_or("", |accreditation| &accreditation.name)
}

impl std::fmt::Debug for Attested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attested").field("attestations", &self.0.len()).finish()
    }
}
