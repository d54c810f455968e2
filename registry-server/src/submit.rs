//! Taking a statement in: read it, check its signature, hand it to the sequencer.

use bytes::Bytes;
use primitives::PublicKey;
use registry::Refusal;
use sequencer::{Receipt, SubmitError};
use statement::{Statement, Token};

use crate::app::App;
use crate::attested;
use crate::law::{SLOT, slot_tag};
use crate::problem::Problem;

impl App {
    /// Logs the statement, or finds it in the log; `Ok` once it is durable, with the proof.
    ///
    /// The signature check runs here, in the request's own task: it takes 60 µs, which a hand-over to another thread would
    /// not make shorter.
    pub(crate) async fn submit(&self, jws: Bytes) -> Result<Receipt, Problem> {
        let log = self.log();
        let (statement, hash) = {
            let token = Token::parse(&jws)?;
            let key = log.published().view.issuer_key(&token)?;
            (token.open(&key)?, token.jws_hash())
        };
        let key = *statement.key();
        let receipt = log.submit(statement, jws, hash).await;
        let mut receipt = match receipt {
            Err(SubmitError::Refused(refusal)) => return Err(self.name_holder(refusal, &key).await.into()),
            receipt => receipt?,
        };
        if receipt.repeated
            && let Some(proof) = self.proof(&log.reader(), receipt.index).await?
        {
            receipt.proof = proof;
        }
        Ok(receipt)
    }

    /// A certifier whose status slot is taken has most likely sent one attestation twice, signed anew: it is told which
    /// entry holds the slot.
    async fn name_holder(&self, refusal: Refusal, key: &PublicKey) -> Refusal {
        let Refusal::StatusIndexTaken { slot, .. } = refusal else { return refusal };
        let reader = self.log().reader();
        for index in reader.tagged(SLOT, slot_tag(key, slot), 8) {
            let Ok(Some(entry)) = reader.entry(index).await else { continue };
            let Some(statement) = attested::open(&reader.published().view, &entry) else { continue };
            if let Statement::Attestation(attestation) = &*statement
                && attestation.slot == slot
                && statement.key() == key
            {
                return refusal.held_by(index);
            }
        }
        refusal
    }
}
