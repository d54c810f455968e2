//! Status lists for everybody else's verifiers (W3C Bitstring Status List 1.0): one bit an attestation, set while it is suspended or
//! withdrawn.
//!
//! A list is a view of the log like any other: made when it is asked for, signed by the registry's status key, and no older than a
//! second. Our own verdicts never read one: they go by the log.
//!
//! Who holds a slot is not in the State; an attestation that was ever suspended or withdrawn is read from the log once, and its slot
//! remembered.

use std::collections::HashMap;
use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use primitives::{SecretKey, Thumbprint, Timestamp, base64};
use registry::State;
use sequencer::Published;
use serde_json::json;
use statement::{Did, Statement, StatusSlot};
use tokio::sync::Mutex;

use crate::app::App;
use crate::attested;
use crate::identity;
use crate::log::OpenLog;
use crate::problem::Problem;

/// How long a verifier may keep a list, in milliseconds (§2.2 `ttl`).
const TTL_MILLIS: u64 = 1_000;
/// How long a list says that it is valid: far longer than it is kept.
const VALID_SECONDS: u64 = 24 * 60 * 60;
/// Bytes of a list: 131,072 bits.
pub(crate) const LIST_BYTES: usize = StatusSlot::LIST_LENGTH as usize / 8;
/// Lists that are kept ready.
const MOST: usize = 1_000;

/// The lists of a registry.
pub(crate) struct StatusLists {
    /// None on a mirror, which gives out what its source signed.
    key: Option<SecretKey>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Slots of attestations that were ever suspended or withdrawn.
    slots: HashMap<u64, StatusSlot>,
    /// By key number and list.
    lists: HashMap<(u16, u32), List>,
}

/// A list as it was signed.
struct List {
    /// Entries of the log that it is made of, and the second.
    of: (u64, u64),
    jws: Bytes,
}

impl StatusLists {
    pub(crate) fn new(key: Option<SecretKey>) -> Self {
        Self { key, kept: Mutex::default() }
    }
}

impl App {
    /// The list of a key with this number, signed; at most a second old.
    ///
    /// # Errors
    /// `not_found` where no attestation has a slot in it; `clock` where no time can be told.
    pub(crate) async fn status_list(&self, thumbprint: &Thumbprint, list: u32) -> Result<Bytes, Problem> {
        let log = self.log();
        log.clock().map_err(Problem::clock)?;
        let published = log.published();
        let state = &published.view;
        let key = state.key(thumbprint).filter(|key| state.has_status_list(key.number, list));
        let number = key.ok_or_else(Problem::not_found)?.number;
        if let Some(mirrored) = self.mirrored() {
            return self.copied_list(mirrored, (thumbprint, number), list).await;
        }
        let at = self.now().max(state.last_received_at());
        let of = (published.size, at.seconds());
        // One at a time: each reads what it does not know yet from the log.
        let mut kept = self.status_lists.kept.lock().await;
        if let Some(ready) = kept.lists.get(&(number, list)).filter(|ready| ready.of == of) {
            return Ok(ready.jws.clone());
        }
        let bits = self.bits(&mut kept, &log, &published, (number, list), at).await?;
        let jws = self.sign_list(thumbprint, list, &bits, at)?;
        if kept.lists.len() >= MOST {
            kept.lists.clear();
        }
        kept.lists.insert((number, list), List { of, jws: jws.clone() });
        Ok(jws)
    }

    /// The bits of a list at a time.
    pub(crate) async fn list_bits(
        &self,
        log: &OpenLog,
        published: &Published<State>,
        place: (u16, u32),
        at: Timestamp,
    ) -> Result<Vec<u8>, Problem> {
        let mut kept = self.status_lists.kept.lock().await;
        self.bits(&mut kept, log, published, place, at).await
    }

    /// The bits of a list: the first is the most significant of the first byte (§3.1).
    async fn bits(
        &self,
        kept: &mut Kept,
        log: &OpenLog,
        published: &Published<State>,
        (number, list): (u16, u32),
        at: Timestamp,
    ) -> Result<Vec<u8>, Problem> {
        let state = &published.view;
        let party = state.key_numbered(number).and_then(|key| state.party_numbered(key.party));
        // All that a party without standing has attested is without standing.
        if party.is_some_and(|party| party.hold_at(at).is_some()) {
            return Ok(vec![0xff; LIST_BYTES]);
        }
        let mut bits = vec![0; LIST_BYTES];
        let changed = state.changed_attestations().filter_map(|index| state.row(index));
        for row in changed.filter(|row| row.key_number() == number) {
            let index = row.index();
            let is_held = state.standing(index, at).is_some_and(|standing| {
                standing.withdrawn.or(standing.certifier_hold).or(standing.accreditor_hold).is_some()
            });
            if !is_held {
                continue;
            }
            let slot = match kept.slots.get(&index) {
                Some(slot) => *slot,
                None => {
                    let slot = slot(log, state, index).await?;
                    kept.slots.insert(index, slot);
                    slot
                }
            };
            let byte = usize::try_from(slot.index / 8).ok().and_then(|byte| bits.get_mut(byte));
            if let Some(byte) = byte.filter(|_| slot.list == list) {
                *byte |= 0x80 >> (slot.index % 8);
            }
        }
        Ok(bits)
    }

    fn sign_list(&self, thumbprint: &Thumbprint, list: u32, bits: &[u8], at: Timestamp) -> Result<Bytes, Problem> {
        let id = StatusSlot { list, index: 0 }.list_url(&self.origin, thumbprint);
        let issuer = identity::did(&self.origin);
        let until = Timestamp::from_seconds(at.seconds() + VALID_SECONDS);
        let payload = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": id,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer,
            "validFrom": Timestamp::from_seconds(at.seconds()).to_string(),
            "validUntil": until.to_string(),
            "credentialSubject": {
                "id": format!("{id}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "suspension",
                "encodedList": encoded(bits)?,
                "ttl": TTL_MILLIS,
            },
        });
        let did = Did::parse(&issuer).map_err(Problem::internal)?;
        let key =
            self.status_lists.key.as_ref().ok_or_else(|| Problem::internal("there is no key for status lists"))?;
        let jws = statement::sign_credential(payload.to_string().as_bytes(), &did, key);
        jws.map(Bytes::from).map_err(Problem::internal)
    }
}

/// Where an attestation's bit is, from its statement in the log.
async fn slot(log: &OpenLog, state: &State, index: u64) -> Result<StatusSlot, Problem> {
    let entry = log.entry(index).await?.ok_or_else(|| Problem::unknown_index(index))?;
    match attested::open(state, &entry).as_deref() {
        Some(Statement::Attestation(attestation)) => Ok(attestation.slot),
        Some(_) | None => Err(Problem::internal(format!("entry {index} is no attestation"))),
    }
}

/// Multibase base64url of the gzip of the bits (§3.2).
fn encoded(bits: &[u8]) -> Result<String, Problem> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bits).map_err(Problem::internal)?;
    let bytes = gzip.finish().map_err(Problem::internal)?;
    Ok(format!("u{}", base64::url_encode(&bytes)))
}

impl std::fmt::Debug for StatusLists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StatusLists").finish_non_exhaustive()
    }
}
