//! What a shipment adds up to, line by line: tallies, the lines to open first, and what could not be read.

use std::collections::BTreeMap;

use registry::Row;
use serde::Serialize;
use verify::{Finding, Found, Judged, Outcome, Products, Reason, Remark, Shipment, ShipmentRegistry, Tally, When};

use super::registries::Registries;
use crate::manifest::{self, At, Item, Labelled, Line, LotQuantity};

/// Lines of each outcome that are kept with their findings. The rest is counted, and written out by `--jsonl` and `--csv`.
const KEPT: usize = 100;

/// A shipment so far.
pub(crate) struct Ledger<'r> {
    registries: &'r Registries<'r>,
    when: When,
    pub(crate) shipment: Shipment,
    pub(crate) reasons: BTreeMap<Reason, u64>,
    pub(crate) quantities: Quantities,
    pub(crate) faults: Faults,
    /// Pallets and the like, which carry no label of this kind.
    pub(crate) logistic_units: u64,
    /// The gravest first, and of each outcome the first ones.
    pub(crate) to_open: BTreeMap<Gravity, Vec<Opened>>,
    /// GTIN and lot of each attestation, from its first genuine label.
    pub(crate) products: BTreeMap<(usize, u64), (Option<String>, String)>,
    indexes: BTreeMap<usize, Products>,
    /// The EPCIS event of the last line.
    event: Option<u64>,
}

/// The order in which an officer opens lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gravity {
    Refused,
    Caution,
    Undecided,
}

/// Quantities that are declared without labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Quantities {
    /// Within what was attested of the lot.
    pub(crate) covered: u64,
    /// More than was attested, or of a lot that nobody attested or whose attestation does not stand.
    pub(crate) questioned: u64,
    /// No snapshot to tell by.
    pub(crate) undecided: u64,
}

/// What could not be read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) count: u64,
    /// The first of them, with their places.
    pub(crate) first: Vec<FaultLine>,
}

/// A place in the manifest that could not be read.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FaultLine {
    pub(crate) place: String,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) hint: String,
}

/// A line that somebody should look at, with all that was found.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    pub(crate) place: String,
    pub(crate) outcome: Outcome,
    pub(crate) reasons: Vec<ReasonCode>,
    /// What the code held, or what is declared.
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) remarks: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<Finding>,
}

/// A reason, written as its code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReasonCode(pub(crate) Reason);

impl Serialize for ReasonCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

/// One line as it came out: for whoever writes all of them.
pub(crate) struct Told<'l> {
    pub(crate) line: &'l Line,
    /// None for what is no label.
    pub(crate) judged: Option<&'l Judged>,
    pub(crate) remarks: &'l [Remark],
}

impl<'r> Ledger<'r> {
    pub(crate) fn new(registries: &'r Registries<'r>, when: When) -> Self {
        Self {
            registries,
            when,
            shipment: Shipment::default(),
            reasons: BTreeMap::new(),
            quantities: Quantities::default(),
            faults: Faults::default(),
            logistic_units: 0,
            to_open: BTreeMap::new(),
            products: BTreeMap::new(),
            indexes: BTreeMap::new(),
            event: None,
        }
    }

    /// Takes in the lines of a window, in order, and tells of each.
    pub(crate) fn take_window<E>(
        &mut self,
        lines: &[Line],
        judged: Vec<Judged>,
        mut tell: impl FnMut(&Self, &Told<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut judged = judged.into_iter();
        for line in lines {
            let mut next = if matches!(line.item, Item::Label(_)) { judged.next() } else { None };
            self.take(line, next.as_mut(), &mut tell)?;
        }
        Ok(())
    }

    /// Takes in one line; `judged` is the next judgement, where the line is a label.
    fn take<E>(
        &mut self,
        line: &Line,
        judged: Option<&mut Judged>,
        tell: &mut impl FnMut(&Self, &Told<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        // Events tell of the same goods one after the other: made, packed, sent.
        if let At::Event { event, list, .. } = line.place.at {
            if self.event.replace(event).is_some_and(|last| last != event) {
                self.shipment.begin_part();
            }
            self.shipment.packing(list.starts_with("child"));
        }
        match (&line.item, judged) {
            (Item::Label(label), Some(judged)) => {
                let remarks = self.label(line, label, judged);
                tell(self, &Told { line, judged: Some(judged), remarks: &remarks })
            }
            (Item::Quantity(quantity), _) => {
                let remarks = self.quantity(line, quantity);
                tell(self, &Told { line, judged: None, remarks: &remarks })
            }
            (Item::Fault(fault), _) => {
                self.fault(line, fault);
                tell(self, &Told { line, judged: None, remarks: &[] })
            }
            // A label without a judgement: the pipeline gives one for each.
            (Item::Label(_), None) => Ok(()),
        }
    }

    fn label(&mut self, line: &Line, label: &Labelled, judged: &mut Judged) -> Vec<Remark> {
        let registry = judged.label.as_ref().and_then(|label| self.registries.of(label));
        let declared = declared(&label.declared);
        let remarks = self.shipment.take(registry, judged, &declared);
        for reason in &judged.reasons {
            *self.reasons.entry(*reason).or_default() += 1;
        }
        if let (Some(registry), Some(label), true) = (registry, &judged.label, judged.is_genuine) {
            let named = || (label.gtin().map(ToString::to_string), label.lot().to_string());
            self.products.entry((registry.number, label.index())).or_insert_with(named);
        }
        let gravity = match judged.outcome {
            Outcome::Verified => return remarks,
            Outcome::Refused => Gravity::Refused,
            Outcome::Caution => Gravity::Caution,
            Outcome::Undecided => Gravity::Undecided,
        };
        if self.has_room(gravity) {
            let opened = Opened {
                place: line.place.to_string(),
                outcome: judged.outcome,
                reasons: judged.reasons.iter().copied().map(ReasonCode).collect(),
                text: label.text.clone(),
                remarks: remarks.iter().map(|remark| remark.detail.to_string()).collect(),
                findings: self.findings(&label.text),
            };
            self.to_open.entry(gravity).or_default().push(opened);
        }
        remarks
    }

    /// The findings that did not pass: the whole judgement, for a line that somebody will read.
    pub(crate) fn findings(&self, text: &str) -> Vec<Finding> {
        let verdict = self.registries.judge(text, self.when);
        verdict.findings.into_iter().filter(|finding| finding.outcome != Found::Pass).collect()
    }

    fn has_room(&self, gravity: Gravity) -> bool {
        self.to_open.get(&gravity).is_none_or(|lines| lines.len() < KEPT)
    }

    /// A quantity of a lot, without labels: held against the lot's attestations in every registry at hand.
    fn quantity(&mut self, line: &Line, lot: &LotQuantity) -> Vec<Remark> {
        let declared =
            verify::Declared { quantity: Some(lot.quantity), unit: Some(lot.unit), ..verify::Declared::default() };
        let numbers: Vec<usize> = (0..self.registries.trust().registries.len()).collect();
        let at_hand: Vec<ShipmentRegistry<'_>> =
            numbers.iter().filter_map(|number| self.registries.deciding(*number, self.when)).collect();
        // Those that stand, of the first registry that has any; else one that does not, to say why.
        let mut found: Option<(ShipmentRegistry<'_>, Vec<&Row>)> = None;
        let mut stands = false;
        for registry in &at_hand {
            let products = self.indexes.entry(registry.number).or_insert_with(|| Products::of(registry.state));
            for index in products.find(lot.gtin.as_ref(), &lot.lot) {
                let active = registry.state.standing(index, self.when.at).is_some_and(|standing| standing.is_active());
                let Some(row) = registry.state.row(index) else { continue };
                match &mut found {
                    Some((of, rows)) if stands && active && of.number == registry.number => rows.push(row),
                    Some(_) if stands || !active => {}
                    Some(_) | None => (found, stands) = (Some((*registry, vec![row])), active),
                }
            }
        }
        let mut remarks = match &found {
            Some((registry, rows)) => self.shipment.take_declared(*registry, rows, &declared),
            None if at_hand.len() < numbers.len() => {
                self.quantities.undecided += 1;
                return self.open_quantity(line, lot, Gravity::Undecided, Vec::new());
            }
            None => Vec::new(),
        };
        let says = |detail: String| Remark { reason: Reason::DeclarationMismatch, detail: detail.into() };
        match &found {
            None => remarks.push(says(format!("no attestation covers lot {}", lot.lot))),
            Some((registry, rows)) if !stands => {
                let index = rows.first().map_or(0, |row| row.index());
                let standing = registry.state.standing(index, self.when.at);
                let cause = standing.and_then(|standing| standing.causes().next());
                let cause = cause.map_or("does not stand", |cause| cause.code());
                remarks.push(says(format!("attestation {index} of lot {}: {cause}", lot.lot)));
            }
            Some(_) => {}
        }
        if remarks.is_empty() {
            self.quantities.covered += 1;
            return remarks;
        }
        self.quantities.questioned += 1;
        self.open_quantity(line, lot, Gravity::Caution, remarks)
    }

    fn open_quantity(&mut self, line: &Line, lot: &LotQuantity, gravity: Gravity, remarks: Vec<Remark>) -> Vec<Remark> {
        if self.has_room(gravity) {
            let (outcome, reasons) = match gravity {
                Gravity::Refused | Gravity::Caution => {
                    (Outcome::Caution, remarks.iter().map(|remark| ReasonCode(remark.reason)).collect())
                }
                Gravity::Undecided => (Outcome::Undecided, vec![ReasonCode(Reason::NoStatus)]),
            };
            let gtin = lot.gtin.as_ref().map(|gtin| format!(", GTIN {gtin}")).unwrap_or_default();
            let opened = Opened {
                place: line.place.to_string(),
                outcome,
                reasons,
                text: format!("declared: {} {} of lot {}{gtin}", lot.quantity, lot.unit.symbol(), lot.lot),
                remarks: remarks.iter().map(|remark| remark.detail.to_string()).collect(),
                findings: Vec::new(),
            };
            self.to_open.entry(gravity).or_default().push(opened);
        }
        remarks
    }

    fn fault(&mut self, line: &Line, fault: &manifest::Fault) {
        if matches!(fault.reason, manifest::Reason::LogisticUnit) {
            // A pallet is no thing with a label: what is on it is told beside it.
            self.logistic_units += 1;
            return;
        }
        self.faults.count += 1;
        if self.faults.first.len() < KEPT {
            self.faults.first.push(FaultLine {
                place: line.place.to_string(),
                code: fault.reason.code(),
                detail: fault.to_string(),
                hint: fault.reason.hint().to_string(),
            });
        }
    }

    /// The worst that the shipment came to: exit status of design §7, 2 where something could not be read.
    pub(crate) fn exit_code(&self) -> u8 {
        let Tally { refused, caution, undecided, .. } = *self.shipment.tally();
        if self.faults.count > 0 {
            2
        } else if refused + caution + self.quantities.questioned > 0 {
            1
        } else if undecided + self.quantities.undecided > 0 || self.shipment.tally().total() == 0 {
            // Quantities alone prove nothing: no label was seen.
            3
        } else {
            0
        }
    }

    pub(crate) const fn when(&self) -> When {
        self.when
    }

    pub(crate) const fn registries(&self) -> &'r Registries<'r> {
        self.registries
    }
}

/// The manifest's words in the verifier's.
fn declared(declared: &manifest::Declared) -> verify::Declared {
    let manifest::Declared { gtin, lot, serial, origin, hs_code, quantity, unit } = declared.clone();
    verify::Declared { gtin, lot, serial, origin, hs_code, quantity, unit }
}
