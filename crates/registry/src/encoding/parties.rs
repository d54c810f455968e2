//! The chunk `parties`: everybody accredited, their keys, and accreditations that wait for more signatures.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use primitives::{Day, Hash, PublicKey, Timestamp};
use statement::{Claims, Did, Hotline, Role, Scope};

use super::DecodeError;
use crate::codec::{Reader, Write};
use crate::parties::{Approval, MAX_NUMBERED, Parties, Pending};
use crate::party::{AccreditationRecord, Compromise, KeyRecord, Party};
use crate::row::country;
use crate::status::StatusEvent;

impl Parties {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.count(self.parties.len());
        for (_, party) in self.parties.iter() {
            write_party(&mut out, party);
        }
        out.count(self.keys.len());
        for (_, key) in self.keys.iter() {
            write_key(&mut out, key);
        }
        out.count(self.pending.len());
        for (payload_hash, pending) in self.pending.iter() {
            out.put(payload_hash.as_bytes());
            write_pending(&mut out, pending);
        }
        out
    }

    /// Reads what [`Parties::encode`] writes; `size` is above every index.
    pub(super) fn decode(bytes: &[u8], size: u64) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut parties = Self::default();
        for number in numbers(reader.count(PARTY_SIZE)?, "parties")? {
            let party = read_party(&mut reader, number, size)?;
            if parties.party_named(&party.did).is_some() {
                return Err(DecodeError::Invalid("party"));
            }
            parties.add_party(party);
        }
        for number in numbers(reader.count(KEY_SIZE)?, "keys")? {
            let key = read_key(&mut reader, number, size)?;
            if parties.key_named(&key.thumbprint).is_some() {
                return Err(DecodeError::Invalid("key"));
            }
            let party = parties.party_mut(key.party).ok_or(DecodeError::Invalid("key"))?;
            party.keys.push(number);
            parties.add_key(key);
        }
        let mut last = None;
        for _ in 0..reader.count(PENDING_SIZE)? {
            let payload_hash = Hash(reader.array()?);
            if last >= Some(payload_hash) {
                return Err(DecodeError::Invalid("pending accreditation"));
            }
            last = Some(payload_hash);
            let pending = read_pending(&mut reader, size)?;
            parties.pending.insert(payload_hash, pending.into());
        }
        reader.finish()?;
        Ok(parties)
    }
}

const PARTY_SIZE: usize = 2 + 2 + 4 + ACCREDITATION_SIZE + 4;
const ACCREDITATION_SIZE: usize = 4 + 4 + 8 + 32 + 1 + 2 + 4 + 4 + 1 + 2 + 2 + 8 + 4;
const KEY_SIZE: usize = 32 + 2 + 4 + 1 + 1;
const PENDING_SIZE: usize = 32 + 2 + 2 + 8 + 4 + APPROVAL_SIZE;
const APPROVAL_SIZE: usize = 32 + 4;
const HOTLINE_SIZE: usize = 2 + 2 + 2;

/// `0..count`, where all of these are numbers.
fn numbers(count: usize, what: &'static str) -> Result<core::ops::Range<u16>, DecodeError> {
    match u16::try_from(count) {
        Ok(end) if count <= MAX_NUMBERED => Ok(0..end),
        Ok(_) | Err(_) => Err(DecodeError::Invalid(what)),
    }
}

fn write_index(out: &mut Vec<u8>, index: u64) {
    out.u32(u32::try_from(index).unwrap_or(u32::MAX));
}

fn read_index(reader: &mut Reader<'_>, size: u64) -> Result<u64, DecodeError> {
    let index = u64::from(reader.u32()?);
    if index < size { Ok(index) } else { Err(DecodeError::Invalid("index")) }
}

fn read_did(reader: &mut Reader<'_>) -> Result<Did, DecodeError> {
    Did::parse(reader.text()?).map_err(|_| DecodeError::Invalid("DID"))
}

fn read_public_key(reader: &mut Reader<'_>) -> Result<PublicKey, DecodeError> {
    PublicKey::from_bytes(&reader.array()?).map_err(|_| DecodeError::Invalid("key"))
}

fn write_party(out: &mut Vec<u8>, party: &Party) {
    out.text(party.did.as_str());
    out.text(party.accreditor.as_str());
    out.count(party.accreditations.len());
    for accreditation in &party.accreditations {
        write_accreditation(out, accreditation);
    }
    out.count(party.events.len());
    party.events.iter().for_each(|event| event.encode(out));
}

fn read_party(reader: &mut Reader<'_>, number: u16, size: u64) -> Result<Party, DecodeError> {
    let (did, accreditor) = (read_did(reader)?, read_did(reader)?);
    let count = reader.count(ACCREDITATION_SIZE)?;
    let accreditations = reader.many(count, |reader| read_accreditation(reader, size))?;
    let grows = accreditations.is_sorted_by(|a, b| a.index() < b.index() && a.valid_from < b.valid_from);
    let count = reader.count(StatusEvent::SIZE)?;
    let events = StatusEvent::decode_many(reader, count)?;
    if accreditations.is_empty() || !grows || events.last().is_some_and(|event| event.entry >= size) {
        return Err(DecodeError::Invalid("party"));
    }
    Ok(Party { number, did, accreditor, accreditations, keys: Vec::new(), events })
}

fn write_accreditation(out: &mut Vec<u8>, accreditation: &AccreditationRecord) {
    out.count(accreditation.entries.len());
    accreditation.entries.iter().for_each(|entry| write_index(out, *entry));
    out.u64(accreditation.received_at.millis());
    out.put(accreditation.payload_hash.as_bytes());
    out.u8(match accreditation.role {
        Role::Certifier => 1,
        Role::CustomsOffice => 2,
        Role::Auditor => 3,
    });
    out.text(&accreditation.name);
    let Scope { countries, hs_chapters, topics } = &accreditation.scope;
    out.count(countries.len());
    countries.iter().for_each(|country| out.put(country.as_bytes()));
    out.count(hs_chapters.len());
    out.put(hs_chapters);
    out.u8(topics.bits());
    out.u16(accreditation.first_day.days());
    out.u16(accreditation.last_day.days());
    out.u64(accreditation.valid_from.millis());
    out.count(accreditation.hotlines.len());
    for hotline in &accreditation.hotlines {
        out.put(hotline.country.as_bytes());
        out.text(&hotline.language);
        out.text(&hotline.contact);
    }
}

fn read_accreditation(reader: &mut Reader<'_>, size: u64) -> Result<AccreditationRecord, DecodeError> {
    let count = reader.count(4)?;
    let entries = reader.many(count, |reader| read_index(reader, size))?;
    if entries.is_empty() || !entries.is_sorted_by(|a, b| a < b) {
        return Err(DecodeError::Invalid("accreditation"));
    }
    Ok(AccreditationRecord {
        entries,
        received_at: Timestamp::from_millis(reader.u64()?),
        payload_hash: Hash(reader.array()?),
        role: match reader.u8()? {
            1 => Role::Certifier,
            2 => Role::CustomsOffice,
            3 => Role::Auditor,
            _ => return Err(DecodeError::Invalid("role")),
        },
        name: reader.text()?.to_owned(),
        scope: {
            let count = reader.count(2)?;
            let countries = reader.many(count, country)?;
            let count = reader.count(1)?;
            let hs_chapters = reader.take(count)?.to_vec();
            let topics = Claims::from_bits(reader.u8()?).map_err(|_| DecodeError::Invalid("claims"))?;
            Scope { countries, hs_chapters, topics }
        },
        first_day: Day::from_days(reader.u16()?),
        last_day: Day::from_days(reader.u16()?),
        valid_from: Timestamp::from_millis(reader.u64()?),
        hotlines: {
            let count = reader.count(HOTLINE_SIZE)?;
            reader.many(count, |reader| {
                Ok(Hotline {
                    country: country(reader)?,
                    language: reader.text()?.to_owned(),
                    contact: reader.text()?.to_owned(),
                })
            })?
        },
    })
}

fn write_key(out: &mut Vec<u8>, key: &KeyRecord) {
    out.put(key.key.as_bytes());
    out.u16(key.party);
    write_index(out, key.added_at);
    out.option(key.retired_at, write_index);
    out.option(key.compromised, |out, compromise| {
        out.u64(compromise.since.millis());
        write_index(out, compromise.entry);
    });
}

fn read_key(reader: &mut Reader<'_>, number: u16, size: u64) -> Result<KeyRecord, DecodeError> {
    let (key, party, added_at) = (read_public_key(reader)?, reader.u16()?, read_index(reader, size)?);
    let mut record = KeyRecord::new(number, key, party, added_at);
    record.retired_at = reader.option(|reader| read_index(reader, size))?;
    record.compromised = reader.option(|reader| {
        Ok(Compromise { since: Timestamp::from_millis(reader.u64()?), entry: read_index(reader, size)? })
    })?;
    // Rounded times of receipt are compared with it.
    if record.compromised.is_some_and(|compromise| !compromise.since.is_whole_second()) {
        return Err(DecodeError::Invalid("key"));
    }
    Ok(record)
}

fn write_pending(out: &mut Vec<u8>, pending: &Pending) {
    out.text(pending.accreditor.as_str());
    out.text(pending.subject.as_str());
    out.u64(pending.valid_from.millis());
    out.count(pending.approvals.len());
    for approval in &pending.approvals {
        out.put(approval.key.as_bytes());
        write_index(out, approval.entry);
    }
}

fn read_pending(reader: &mut Reader<'_>, size: u64) -> Result<Pending, DecodeError> {
    let (accreditor, subject) = (read_did(reader)?, read_did(reader)?);
    let valid_from = Timestamp::from_millis(reader.u64()?);
    let count = reader.count(APPROVAL_SIZE)?;
    let approvals = reader
        .many(count, |reader| Ok(Approval { key: read_public_key(reader)?, entry: read_index(reader, size)? }))?;
    if approvals.is_empty() || !approvals.is_sorted_by(|a, b| a.entry < b.entry) {
        return Err(DecodeError::Invalid("pending accreditation"));
    }
    Ok(Pending { accreditor, subject, valid_from, approvals })
}
