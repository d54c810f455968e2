//! Finding attestations by product, and the evidence for one.

use std::sync::Arc;

use primitives::{Hash, Timestamp, base64};
use registry::{Party, ProductDigest, Row, State, StatusProver};
use sequencer::ReadError;
use serde::Serialize;
use statement::{Gtin, Lot};
use verify::{Attested, Bundle, BundleEntry, Facts, Outcome, Reason, StatusProof};

use crate::app::App;
use crate::law::{GTIN, PRODUCT, gtin_tag, product_tag};
use crate::log::LogReader;
use crate::problem::Problem;

/// Most attestations that one lookup gives, the newest ones.
pub(crate) const MOST_FOUND: usize = 50;

/// An attestation as a lookup gives it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Found {
    /// Log index.
    pub(crate) index: u64,
    /// When the log received it, to the second.
    #[serde(serialize_with = "display")]
    pub(crate) received_at: Timestamp,
    /// Whether it counts now.
    pub(crate) active: bool,
    /// Why it does not: reasons of a verdict, the gravest first.
    pub(crate) reasons: Vec<Reason>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attestation: Option<Attested>,
}

impl Found {
    /// Whether it cannot be told now, the worst that is known being a doubt.
    pub(crate) fn is_unknown(&self) -> bool {
        !self.active && self.reasons.iter().all(|reason| reason.outcome() == Outcome::Undecided)
    }
}

fn display<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

impl App {
    /// The attestations of a lot, the newest first.
    pub(crate) async fn attestations_of_lot(&self, gtin: Option<&Gtin>, lot: &Lot) -> Result<Vec<Found>, Problem> {
        let product = ProductDigest::of(gtin, lot);
        self.found(PRODUCT, product_tag(&product), |row, _| row.product() == product).await
    }

    /// The attestations of all lots of a product, the newest first.
    pub(crate) async fn attestations_of_product(&self, gtin: &Gtin) -> Result<Vec<Found>, Problem> {
        self.found(GTIN, gtin_tag(gtin), |_, facts| facts.gtin.as_deref() == Some(gtin.as_str())).await
    }

    /// The attestation with this index, if it is one.
    pub(crate) async fn attestation_at(&self, index: u64) -> Result<Option<Found>, Problem> {
        let log = self.log();
        let published = log.published();
        let state = &published.view;
        let Some(row) = state.row(index) else { return Ok(None) };
        Ok(Some(found(state, row, self.facts(&log, state, index).await?, self.now(), self.doubt(&log, index))))
    }

    /// Tags find candidates; `is_it` tells them apart. What cannot be read now is an error: a certifier that is told "none" attests the
    /// lot once more.
    async fn found(
        &self,
        column: usize,
        tag: u64,
        is_it: impl Fn(&Row, &Facts) -> bool,
    ) -> Result<Vec<Found>, Problem> {
        let log = self.log();
        let reader = log.reader();
        let state = &reader.published().view;
        let mut all = Vec::new();
        for index in reader.tagged(column, tag, MOST_FOUND) {
            let (Some(row), Some(facts)) = (state.row(index), self.facts(&log, state, index).await?) else { continue };
            if is_it(row, &facts) {
                all.push(found(state, row, Some(facts), self.now(), self.doubt(&log, index)));
            }
        }
        Ok(all)
    }

    /// The entries that decide about an attestation, each proved under one signed checkpoint.
    ///
    /// Where the index is no attestation, that is proved too: by the entry that is there, or by a checkpoint that ends before it.
    ///
    /// They are proved under the cosigned checkpoint, where that holds them all. An attestation that came later, or that has changed
    /// since, is shown under the newest one of the log alone: a withdrawal must not wait for witnesses.
    pub(crate) async fn evidence(&self, index: u64) -> Result<Bundle, Problem> {
        let reader = self.log().reader();
        let published = reader.published();
        let mut relevant = published.view.relevant_entries(index);
        if relevant.is_empty() && index < published.size {
            relevant.push(index);
        }
        let newest = relevant.iter().max().copied();
        let cosigned =
            self.cosigned_or(published).filter(|cosigned| newest.is_none_or(|newest| newest < cosigned.size));
        let (size, checkpoint) = match &cosigned {
            Some(cosigned) => (cosigned.size, cosigned.text()),
            None => (published.size, published.checkpoint_text()),
        };
        // The log as it was at the checkpoint knows the last status root under it.
        let view = match cosigned.as_ref().map(|cosigned| cosigned.published.as_ref()) {
            Some(Some(then)) => &then.view,
            Some(None) | None => &published.view,
        };
        let tree = view.bound_status_tree().filter(|tree| tree.size() < size);
        if tree.is_none() && view.policy().first_bound().is_some_and(|first| first < size) {
            // A log that has just begun shows by its first entry that it is too young for a root.
            relevant.extend(view.policy().first_bound());
            relevant.sort_unstable();
            relevant.dedup();
        }
        let mut entries = Vec::with_capacity(relevant.len());
        for index in relevant {
            entries.push(proved(&reader, index, size).await?);
        }
        let status = match tree {
            Some(tree) => Some(status_proof(view, index, &tree, proved(&reader, tree.size(), size).await?)),
            None => None,
        };
        Ok(Bundle { index, checkpoint: checkpoint.to_owned(), entries, status })
    }

    /// The proof of an entry: under the cosigned checkpoint where that holds it, else under the newest one; `None` where there is no such
    /// entry.
    pub(crate) async fn proof(&self, reader: &LogReader, index: u64) -> Result<Option<String>, ReadError> {
        match self.cosigned_or(reader.published()).filter(|cosigned| index < cosigned.size) {
            Some(cosigned) => reader.proof_under(index, cosigned.size, cosigned.text()).await,
            None => reader.proof(index).await,
        }
    }
}

/// An entry of the log, and that it is in the tree of this size.
async fn proved(reader: &LogReader, index: u64, size: u64) -> Result<BundleEntry, Problem> {
    let (entry, proof) = (reader.entry(index).await?, reader.inclusion_in(index, size)?);
    let (Some(entry), Some(proof)) = (entry, proof) else { return Err(Problem::unknown_index(index)) };
    Ok(BundleEntry { index, entry: base64::encode(&entry), proof: to_base64(&proof) })
}

/// That no entry below a status root is missing which decides about the one at `index`.
fn status_proof(view: &State, index: u64, tree: &StatusProver<'_>, root: BundleEntry) -> StatusProof {
    let prove = |leaf| to_base64(&tree.prove(leaf).unwrap_or_default());
    let certifier = view.row(index).and_then(|row| view.issuer_of(row)).map(Party::first_index);
    StatusProof { root, attestation: prove(index), certifier: certifier.map_or_else(Vec::new, prove) }
}

fn to_base64(proof: &[Hash]) -> Vec<String> {
    proof.iter().map(Hash::to_base64).collect()
}

/// `doubt` is why nothing that changes with time can be told now, if so: nothing is in force then, as far as is known.
fn found(state: &State, row: &Row, attestation: Option<Arc<Facts>>, at: Timestamp, doubt: Option<Reason>) -> Found {
    // Clocks lie apart: what the log has received is not "not yet" received.
    let standing = state.standing(row.index(), at.max(state.last_received_at()));
    let causes = standing.iter().flat_map(|standing| standing.causes()).map(Reason::from);
    let reasons: Vec<_> = doubt.into_iter().chain(causes).collect();
    Found {
        index: row.index(),
        received_at: row.received_at(),
        active: reasons.is_empty(),
        reasons,
        attestation: attestation.map(Attested),
    }
}
