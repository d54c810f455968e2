//! What is told about a whole shipment: the JSON document, which the report shows and the signature covers.

use std::collections::BTreeMap;

use primitives::Hash;
use serde::Serialize;
use verify::{AttestedLot, OpenedSnapshot, Outcome, Tally, TrustedRegistry};

use super::ledger::{FaultLine, Ledger, Opened, Quantities};
use super::registries::age_days;

/// JSON Schema (2020-12) of the document.
pub(crate) const SCHEMA: &str = include_str!("../../schema/shipment.schema.json");

/// Lots that are listed, those with the most to open first.
const MOST_LOTS: usize = 1_000;

/// Everything about a shipment, but its good lines.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) format: &'static str,
    pub(crate) manifest: Manifest,
    /// When it was judged, by this device's clock.
    pub(crate) judged_at: String,
    /// The day judged, where that is not the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) as_of: Option<String>,
    pub(crate) exit_status: u8,
    pub(crate) summary: Counts,
    pub(crate) reasons: BTreeMap<&'static str, u64>,
    pub(crate) quantities: Quantities,
    pub(crate) unread: u64,
    /// Pallets and the like (SSCC): no labels of this kind, and passed over.
    pub(crate) logistic_units: u64,
    pub(crate) snapshots: Vec<Snapshot>,
    pub(crate) certifiers: Vec<Certifier>,
    pub(crate) lots: Vec<Lot>,
    /// Lots that are not listed.
    pub(crate) more_lots: usize,
    /// The first lines of each outcome but verified, the gravest first.
    pub(crate) lines: Vec<Opened>,
    /// The first places that could not be read.
    pub(crate) faults: Vec<FaultLine>,
    /// SHA-256 of every line as `--jsonl` writes them: in a signed document, which so covers each verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lines_sha256: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) name: String,
    /// SHA-256 of its bytes, where all could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// Why it was not read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Counts {
    pub(crate) labels: u64,
    pub(crate) verified: u64,
    pub(crate) caution: u64,
    pub(crate) refused: u64,
    pub(crate) undecided: u64,
}

impl From<&Tally> for Counts {
    fn from(tally: &Tally) -> Self {
        let Tally { verified, caution, refused, undecided } = *tally;
        Self { labels: tally.total(), verified, caution, refused, undecided }
    }
}

/// A snapshot that was judged by.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    pub(crate) registry: String,
    pub(crate) entries: u64,
    pub(crate) root: String,
    /// From when its age counts.
    pub(crate) as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) age_days: Option<u64>,
    pub(crate) max_age_days: u16,
    pub(crate) quorum_met: bool,
    /// SHA-256 of its index: names every bit of it.
    pub(crate) digest: String,
    /// The signed checkpoint: evidence of what the registry showed.
    pub(crate) checkpoint: String,
    /// Up to when it is known what offices cleared; nothing where this device is no office's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clearances_as_of: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Certifier {
    pub(crate) registry: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) accreditor: String,
    pub(crate) summary: Counts,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lot {
    pub(crate) registry: String,
    pub(crate) attestation: u64,
    pub(crate) certifier: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gtin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lot: Option<String>,
    pub(crate) country: String,
    pub(crate) hs_chapter: u8,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    /// Different genuine labels in the shipment, and how many were attested.
    pub(crate) labels: u64,
    pub(crate) labels_attested: u32,
    /// Why it does not stand today, where another day was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) today: Option<&'static str>,
    pub(crate) summary: Counts,
}

impl Document {
    /// What the shipment comes to. Green only where every line was read, there was a label, and nothing speaks against any.
    pub(crate) const fn outcome(&self) -> Outcome {
        let (counts, quantities) = (&self.summary, self.quantities);
        let is_incomplete = self.unread > 0 || self.manifest.error.is_some() || counts.labels == 0;
        if counts.refused > 0 {
            Outcome::Refused
        } else if counts.caution + quantities.questioned > 0 {
            Outcome::Caution
        } else if counts.undecided + quantities.undecided > 0 || is_incomplete {
            Outcome::Undecided
        } else {
            Outcome::Verified
        }
    }

    pub(crate) fn of(ledger: &Ledger<'_>, name: &str, hash: Option<Hash>, error: Option<String>) -> Self {
        let when = ledger.when();
        let mut certifiers: BTreeMap<(usize, u16), Tally> = BTreeMap::new();
        let mut lots = Vec::new();
        for (number, index, lot) in ledger.shipment.lots() {
            lots.extend(listed(ledger, number, index, lot, &mut certifiers));
        }
        // Those with the most to open first; then as the log has them.
        lots.sort_by_key(|lot| std::cmp::Reverse((lot.summary.refused, lot.summary.caution, lot.summary.undecided)));
        let more_lots = lots.len().saturating_sub(MOST_LOTS);
        lots.truncate(MOST_LOTS);
        let exit_status = if error.is_some() { 2 } else { ledger.exit_code() };
        Self {
            format: "ethical-label-shipment/v1",
            manifest: Manifest { name: name.to_owned(), sha256: hash.map(|hash| hash.to_string()), error },
            judged_at: when.now.to_string(),
            as_of: (!when.is_now()).then(|| when.at.to_string()),
            exit_status,
            summary: ledger.shipment.tally().into(),
            reasons: ledger.reasons.iter().map(|(reason, count)| (reason.code(), *count)).collect(),
            quantities: ledger.quantities,
            unread: ledger.faults.count,
            logistic_units: ledger.logistic_units,
            snapshots: ledger
                .registries()
                .used()
                .map(|(number, registry, snapshot)| Snapshot {
                    clearances_as_of: ledger.registries().cleared_as_of(number).map(|at| at.to_string()),
                    ..Snapshot::of(registry, snapshot, when)
                })
                .collect(),
            certifiers: certifiers
                .iter()
                .filter_map(|((number, party), tally)| certifier(ledger, *number, *party, tally))
                .collect(),
            lots,
            more_lots,
            lines: ledger.to_open.values().flatten().cloned().collect(),
            faults: ledger.faults.first.clone(),
            lines_sha256: None,
        }
    }
}

impl Snapshot {
    fn of(registry: &TrustedRegistry, snapshot: &OpenedSnapshot, when: verify::When) -> Self {
        let checkpoint = snapshot.head().checkpoint();
        Self {
            registry: registry.policy.origin.to_string(),
            entries: checkpoint.size(),
            root: checkpoint.root().to_base64(),
            as_of: snapshot.as_of().to_string(),
            age_days: age_days(snapshot.as_of(), when.now),
            max_age_days: registry.snapshot_max_age_days,
            quorum_met: snapshot.quorum_met(),
            digest: snapshot.head().index_digest().to_string(),
            checkpoint: checkpoint.note().to_string(),
            clearances_as_of: None,
        }
    }
}

fn listed(
    ledger: &Ledger<'_>,
    number: usize,
    index: u64,
    lot: &AttestedLot,
    certifiers: &mut BTreeMap<(usize, u16), Tally>,
) -> Option<Lot> {
    let state = ledger.registries().numbered(number)?.state;
    let row = state.row(index)?;
    let party = state.issuer_of(row)?;
    certifiers.entry((number, party.number)).or_default().add(&lot.tally);
    let when = ledger.when();
    let is_known = ledger.registries().deciding(number, when.now.into()).is_some();
    let cause = || state.standing(index, when.now)?.causes().next().map(|cause| cause.code());
    let today = (!when.is_now()).then(|| cause().or((!is_known).then_some("not known")));
    let (gtin, name) = ledger.products.get(&(number, index)).cloned().unzip();
    Some(Lot {
        registry: state.policy().origin.to_string(),
        attestation: index,
        certifier: party.accreditation().map(|accreditation| accreditation.name.clone()).unwrap_or_default(),
        gtin: gtin.flatten(),
        lot: name,
        country: row.country().to_string(),
        hs_chapter: row.hs_chapter(),
        first_day: row.first_day().to_string(),
        last_day: row.last_day().to_string(),
        labels: lot.labels(),
        labels_attested: row.labels(),
        today: today.flatten(),
        summary: (&lot.tally).into(),
    })
}

fn certifier(ledger: &Ledger<'_>, number: usize, party: u16, tally: &Tally) -> Option<Certifier> {
    let state = ledger.registries().numbered(number)?.state;
    let party = state.party_numbered(party)?;
    let accreditor = state.policy().accreditor(&party.accreditor);
    Some(Certifier {
        registry: state.policy().origin.to_string(),
        id: party.did.to_string(),
        name: party.accreditation().map(|accreditation| accreditation.name.clone()).unwrap_or_default(),
        accreditor: accreditor.map_or_else(|| party.accreditor.to_string(), |accreditor| accreditor.name.clone()),
        summary: tally.into(),
    })
}
