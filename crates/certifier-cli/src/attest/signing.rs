//! Signs lots, each with a status slot of its own, and holds them before anybody sees them.

use std::collections::HashSet;
use std::thread;

use indicatif::ProgressBar;
use key_file::UnlockedKey;
use primitives::PublicKey;
use statement::{Origin, Statement, StatusSlot, Token};

use super::job::{Job, Signed};
use super::lots::RowLot;
use super::scope::Slots;
use crate::failure::Failure;
use crate::identity::Identity;
use crate::lot_file::{Issue, MakerPart};
use crate::random;

/// Statements that are flushed to the disk at once.
const BATCH: usize = 256;
/// Threads that sign; a token signs one after the other whatever they ask.
const MOST_THREADS: usize = 8;
/// Slots that are tried in one status list before the next list is.
const TRIES_A_LIST: u32 = 8;
/// Lists that are tried.
const LISTS: u32 = 64;

/// Who signs, and for which registry.
pub(super) struct Signing<'s> {
    pub(super) identity: &'s Identity,
    pub(super) secret: &'s UnlockedKey,
    pub(super) registry: &'s Origin,
    pub(super) slots: Slots<'s>,
}

/// What threads share of it: an [`Identity`] unlocks itself, which is for one thread.
#[derive(Clone, Copy)]
pub(super) struct Signer<'s> {
    issuer: &'s statement::Did,
    issuer_name: &'s str,
    public: PublicKey,
    secret: &'s UnlockedKey,
    registry: &'s Origin,
}

impl<'s> Signing<'s> {
    pub(super) fn signer(&self) -> Signer<'s> {
        Signer {
            issuer: &self.identity.did,
            issuer_name: self.identity.shown_name(),
            public: self.identity.public,
            secret: self.secret,
            registry: self.registry,
        }
    }

    /// Signs every lot and holds it; what was held when something fails stays held, and nothing is sent.
    pub(super) fn sign(&self, lots: &[RowLot], job: &mut Job, bar: &ProgressBar) -> Result<(), Failure> {
        let mut taken: HashSet<StatusSlot> = job.rows().values().map(|held| held.slot).collect();
        let signer = self.signer();
        for batch in lots.chunks(BATCH) {
            let work = batch
                .iter()
                .map(|row_lot| Ok((row_lot, self.slot(&mut taken)?)))
                .collect::<Result<Vec<_>, Failure>>()?;
            let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
            let share = work.len().div_ceil(threads).max(1);
            let signed: Vec<Result<Signed, Failure>> = thread::scope(|scope| {
                let sign = |(row_lot, slot): &(&RowLot, StatusSlot)| {
                    let signed = signer.sign(row_lot, *slot);
                    bar.inc(1);
                    signed
                };
                let workers: Vec<_> = work
                    .chunks(share)
                    .map(|part| scope.spawn(move || part.iter().map(sign).collect::<Vec<_>>()))
                    .collect();
                workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
            });
            let mut sound = Vec::with_capacity(signed.len());
            let mut failed = (signed.len() < work.len()).then(|| Failure::refused("a thread that signs gave up"));
            for signed in signed {
                match signed {
                    Ok(signed) => sound.push(signed),
                    Err(failure) => failed = failed.or(Some(failure)),
                }
            }
            job.hold(&sound)?;
            if let Some(failure) = failed {
                return Err(failure);
            }
        }
        Ok(())
    }

    /// A random slot that neither the log nor this job has.
    fn slot(&self, taken: &mut HashSet<StatusSlot>) -> Result<StatusSlot, Failure> {
        for tried in 0..TRIES_A_LIST * LISTS {
            let slot = super::slot(tried / TRIES_A_LIST)?;
            if self.slots.is_free(slot) && taken.insert(slot) {
                return Ok(slot);
            }
        }
        Err(Failure::refused("no status index is free"))
    }
}

impl<'s> Signer<'s> {
    pub(super) fn issuer(&self) -> &'s statement::Did {
        self.issuer
    }

    fn sign(&self, row_lot: &RowLot, slot: StatusSlot) -> Result<Signed, Failure> {
        let RowLot { row, lot } = row_lot;
        let salt: [u8; 32] = random::bytes()?;
        let issue = Issue {
            id: random::urn()?,
            issuer: self.issuer,
            issuer_name: self.issuer_name,
            registry: self.registry,
            slot,
            salt: &salt,
        };
        let payload = lot.attestation(&issue)?.to_payload(&self.public.thumbprint());
        let jws = self.jws(&payload)?;
        let mut signed = Signed::new(*row, lot.lot.to_string(), lot.gtin.map(|gtin| gtin.to_string()), slot, jws);
        if let MakerPart::Withheld { .. } = lot.maker {
            signed.salt = Some(salt.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        Ok(signed)
    }

    /// The same attestation under another slot and id: the law refused the one before, because somebody else had its slot.
    pub(super) fn sign_anew(&self, before: &Signed) -> Result<Signed, Failure> {
        let unreadable =
            |error: statement::Error| Failure::refused(format!("the job's own statement is damaged: {error}"));
        let opened =
            Token::parse(before.jws.as_bytes()).and_then(|token| token.open(&self.public)).map_err(unreadable)?;
        let Statement::Attestation(attestation) = &*opened else {
            return Err(Failure::refused("the job's own statement is no attestation"));
        };
        let mut attestation = attestation.clone();
        attestation.id = random::urn()?;
        attestation.slot = super::slot(before.slot().list)?;
        let jws = self.jws(&attestation.to_payload(&self.public.thumbprint()))?;
        let mut signed = Signed::new(before.row, before.lot.clone(), before.gtin.clone(), attestation.slot, jws);
        signed.salt.clone_from(&before.salt);
        Ok(signed)
    }

    fn jws(&self, payload: &[u8]) -> Result<String, Failure> {
        statement::sign(payload, self.issuer, self.secret).map_err(Failure::input)
    }
}
