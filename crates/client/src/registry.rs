//! What a registry offers, each answer checked.

use serde::Deserialize;
use tlog::OpenedCheckpoint;
use verify::{Bundle, BundleError, OpenedBundle, OtherRoot, TrustedRegistry, TwoNotes};

use crate::http::Http;
use crate::{Error, Kept, Memory, Refused, ReplayedTree, tiles};

/// A registry that the trust file names, reached at the address in it and nowhere else.
#[derive(Debug, Clone)]
pub struct Registry<'t> {
    trusted: &'t TrustedRegistry,
    memory: Memory,
    http: Http,
    replayed: Option<ReplayedTree>,
}

/// What the registry answers to a statement that it took in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Log index.
    pub index: u64,
    /// When the log received it, RFC 3339.
    pub received_at: String,
    /// The proof that it is in the log (c2sp.org/tlog-proof).
    pub proof: String,
    /// Whether the same statement was there before.
    #[serde(skip)]
    pub repeated: bool,
}

/// A statement as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredStatement {
    /// Log index.
    pub index: u64,
    /// When the log received it, RFC 3339.
    pub received_at: String,
    /// The compact JWS.
    pub statement: String,
    /// The proof that it is in the log (c2sp.org/tlog-proof).
    pub proof: String,
}

#[derive(Deserialize)]
struct Found {
    attestations: Vec<FoundAttestation>,
}

#[derive(Deserialize)]
struct FoundAttestation {
    index: u64,
}

impl<'t> Registry<'t> {
    /// A registry; nothing is sent yet.
    pub fn new(trusted: &'t TrustedRegistry, memory: Memory) -> Self {
        let http = Http::new(&trusted.url);
        Self { trusted, memory, http, replayed: None }
    }

    /// The same, whose checkpoints are held against a log that was replayed, too.
    #[must_use]
    pub fn knowing(self, replayed: ReplayedTree) -> Self {
        Self { replayed: Some(replayed), ..self }
    }

    /// Submits a signed statement, and checks the receipt's proof against the statement that was sent.
    ///
    /// # Errors
    /// [`Error::Refused`] with the registry's reason; the same statement may be sent again after any other error.
    pub fn submit(&self, jws: &str) -> Result<Receipt, Error> {
        let seen = self.newest()?;
        let (status, mut receipt): (u16, Receipt) =
            self.http.post("/v1/statements", "application/vc+jwt", jws.as_bytes())?;
        receipt.repeated = status == 200;
        self.check_receipt(seen.as_ref(), jws, &receipt)?;
        Ok(receipt)
    }

    /// Checks a receipt's proof against the statement that was sent; `seen` is the newest checkpoint before that.
    pub(crate) fn check_receipt(
        &self,
        seen: Option<&OpenedCheckpoint>,
        jws: &str,
        receipt: &Receipt,
    ) -> Result<(), Error> {
        let checkpoint = verify::check_proof(self.trusted, jws.as_bytes(), receipt.index, &receipt.proof)
            .map_err(|error| Error::Evidence { origin: self.origin(), error })?;
        self.advance(seen, &checkpoint)
    }

    /// The statement at a log index, its inclusion checked.
    ///
    /// # Errors
    /// [`Error`].
    pub fn statement(&self, index: u64) -> Result<StoredStatement, Error> {
        let seen = self.newest()?;
        let stored: StoredStatement = self.http.get_json(&format!("/v1/statements/{index}"))?;
        let checkpoint = verify::check_proof(self.trusted, stored.statement.as_bytes(), index, &stored.proof)
            .map_err(|error| Error::Evidence { origin: self.origin(), error })?;
        self.advance(seen.as_ref(), &checkpoint)?;
        Ok(stored)
    }

    /// Log indexes of the attestations of a product and lot. The registry may leave some out: this is a look-up, no proof.
    ///
    /// # Errors
    /// [`Error`].
    pub fn attestations(&self, gtin: Option<&statement::Gtin>, lot: &statement::Lot) -> Result<Vec<u64>, Error> {
        let gtin = gtin.map(|gtin| format!("gtin={gtin}&")).unwrap_or_default();
        let lot = label::percent::encode(lot.as_str().as_bytes(), label::percent::Place::Query);
        let found: Found = self.http.get_json(&format!("/v1/attestations?{gtin}lot={lot}"))?;
        Ok(found.attestations.into_iter().map(|attestation| attestation.index).collect())
    }

    /// The log entries that decide about an attestation, proved under one checkpoint that extends the newest one seen.
    ///
    /// # Errors
    /// [`Error`].
    pub fn evidence(&self, index: u64) -> Result<OpenedBundle, Error> {
        let seen = self.newest()?;
        let bundle: Bundle = self.http.get_json(&format!("/v1/attestations/{index}/evidence"))?;
        if bundle.index != index {
            let error = BundleError::OtherEntry { found: bundle.index, expected: index };
            return Err(Error::Evidence { origin: self.origin(), error });
        }
        let opened = bundle.open(self.trusted).map_err(|error| Error::Evidence { origin: self.origin(), error })?;
        self.advance(seen.as_ref(), opened.checkpoint())?;
        Ok(opened)
    }

    pub(crate) const fn trusted(&self) -> &'t TrustedRegistry {
        self.trusted
    }

    pub(crate) const fn http(&self) -> &Http {
        &self.http
    }

    /// The newest checkpoint that this device has seen.
    pub(crate) fn newest(&self) -> Result<Option<OpenedCheckpoint>, Error> {
        let note = self.memory.newest(&self.trusted.policy.origin)?;
        let open = |note: Vec<u8>| OpenedCheckpoint::open(&note, &self.trusted.log_keys);
        // The registry has not said anything yet: this is between the trust file and the memory.
        let file = || self.memory.file(&self.trusted.policy.origin).display().to_string();
        note.map(open).transpose().map_err(|error| Error::Remembered { file: file(), error })
    }

    /// Holds a signed checkpoint against the newest one seen, and remembers the newer. `seen` is the newest one at the time when the
    /// registry was asked: another program may have seen a newer one since, and that is no fault of this answer.
    ///
    /// Where the trust file asks for witnesses, a checkpoint that too few have cosigned is held against what was seen, and not remembered:
    /// a receipt does not wait for them, and an older tree that they have seen may rightly be shown after it.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where two contradict each other, [`Error::RolledBack`] where this one is older than `seen`; both are
    /// then kept as evidence.
    pub(crate) fn advance(&self, seen: Option<&OpenedCheckpoint>, checkpoint: &OpenedCheckpoint) -> Result<(), Error> {
        loop {
            let known = self.newest()?;
            if let Some(known) = &known {
                self.agree(known, checkpoint)?;
            }
            if let Some(seen) = seen.filter(|seen| checkpoint.size() < seen.size()) {
                return Err(self.rolled_back(seen, checkpoint));
            }
            if known.as_ref().is_some_and(|known| known.size() >= checkpoint.size()) {
                return Ok(());
            }
            if self.trusted.quorum.check(checkpoint).is_err() {
                return Ok(());
            }
            let (old, new) = (known.map(|known| known.note().to_string()), checkpoint.note().to_string());
            if self.memory.replace(&self.trusted.policy.origin, old.as_deref().map(str::as_bytes), new.as_bytes())? {
                return Ok(());
            }
        }
    }

    /// Whether one of two trees begins with the other, by the log's own tiles, and by what was replayed of it: `one` was seen before, `other`
    /// is shown now.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where neither does, with the evidence; [`Error::RolledBack`] where the log has not got what it had.
    pub fn agree(&self, one: &OpenedCheckpoint, other: &OpenedCheckpoint) -> Result<(), Error> {
        if let Some((error, notes)) = self.replayed.as_ref().and_then(|replayed| replayed.contradicts(other)) {
            return Err(Error::Inconsistent { origin: self.origin(), error, evidence: self.keep_notes(&notes) });
        }
        let (older, newer) = if other.size() < one.size() { (other, one) } else { (one, other) };
        let proof = if older.size() == newer.size() || older.size() == 0 {
            Vec::new()
        } else {
            match tiles::consistency(&self.http, older.size(), newer.size()) {
                // A log that has not got what it once had is one that went back, and can prove nothing about it.
                Err(Error::Refused(Refused { status: 404, .. })) if other.size() < one.size() => {
                    return Err(self.rolled_back(one, other));
                }
                proof => proof?,
            }
        };
        newer.extends(older, &proof).map_err(|error| {
            // A proof need not hold the root that it is of.
            let sizes = Some((older.size(), newer.size())).filter(|(old, new)| 0 < *old && old < new);
            let root = sizes.and_then(|(old, new)| tiles::root(&self.http, old, new).ok());
            let other = root.map(|root| OtherRoot { root, proof });
            let evidence = self.keep_notes(&TwoNotes::of(older, newer, other));
            Error::Inconsistent { origin: self.origin(), error, evidence }
        })
    }

    /// The log as it was before; both checkpoints are kept.
    pub(crate) fn rolled_back(&self, newest: &OpenedCheckpoint, found: &OpenedCheckpoint) -> Error {
        let evidence = self.keep_notes(&TwoNotes::of(found, newest, None));
        Error::RolledBack { origin: self.origin(), found: found.size(), newest: newest.size(), evidence }
    }

    /// Keeps two signed notes as evidence, if it can.
    pub(crate) fn keep_notes(&self, notes: &TwoNotes) -> Kept {
        match self.memory.keep_evidence(&self.trusted.policy.origin, &notes.to_string()) {
            Ok(file) => Kept::In(file.display().to_string()),
            Err(error) => Kept::Nowhere(error.to_string().into()),
        }
    }

    pub(crate) fn origin(&self) -> String {
        self.trusted.policy.origin.to_string()
    }
}

#[cfg(test)]
mod tests;
