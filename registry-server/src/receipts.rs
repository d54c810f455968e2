//! COSE Receipts (RFC 9942) for SCITT's tools: that an entry is in the log, beside the `tlog-proof` that says more.
//!
//! The registry signs them with the key of its status lists, not with the log's. A receipt is asked for by anybody at any time and
//! signed when it is, so its key has to be at hand; the log's signs checkpoints, which witnesses see, and need not be. Whoever steals
//! this one can say that an entry is in a log that nobody else has seen, and no verifier of labels believes that: they go by
//! checkpoints. Nor does a signature of the one kind pass for the other: a status list's is over ASCII, a receipt's over CBOR that begins
//! with the byte 0x84.

use primitives::{Hash, PublicKey, SecretKey, Signer as _};
use tlog::{ReceiptClaims, cose_key_set};

use crate::app::{App, Role};
use crate::problem::Problem;

/// What receipts are signed with.
#[derive(Debug)]
pub(crate) struct Receipts(SecretKey);

impl Receipts {
    pub(crate) const fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The COSE Key Set that receipts verify under.
    pub(crate) fn keys(&self) -> Vec<u8> {
        let key: PublicKey = self.0.public_key();
        cose_key_set(&[key])
    }
}

impl App {
    /// The COSE Key Set that this registry's receipts verify under.
    ///
    /// # Errors
    /// `source_silent` on a mirror that has not copied the registry's DID document, whose key it is.
    pub(crate) fn receipt_keys(&self) -> Result<Vec<u8>, Problem> {
        match &self.role {
            Role::Registry(own) => Ok(own.receipts.keys()),
            Role::Mirror(mirrored) => match mirrored.copies.did() {
                Some(did) => Ok(cose_key_set(&[did.key])),
                None => Err(Problem::source_silent(&self.registry_url())),
            },
        }
    }

    /// The receipt of an entry under the published tree.
    ///
    /// # Errors
    /// `unknown_index` at or past the published size.
    pub(crate) async fn receipt(&self, index: u64) -> Result<Vec<u8>, Problem> {
        let own = match &self.role {
            Role::Registry(own) => own,
            Role::Mirror(mirrored) => return self.copied_receipt(mirrored, index).await,
        };
        let reader = self.log().reader();
        let (Some(entry), Some(hashes)) = (reader.entry(index).await?, reader.inclusion(index)?) else {
            return Err(Problem::unknown_index(index));
        };
        let issuer = self.origin.url_prefix();
        let claims = ReceiptClaims {
            subject: format!("{issuer}/v1/statements/{index}"),
            issuer,
            received_at: sequencer::received_at_millis(&entry).unwrap_or_default(),
        };
        let (size, root): (u64, Hash) = (reader.published().size, reader.published().root);
        let receipt = tlog::Receipt::sign(claims, (size, root), (index, hashes), &own.receipts.0);
        Ok(receipt.map_err(Problem::internal)?.encode())
    }
}
