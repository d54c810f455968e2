//! What only shows across the labels of one shipment: the same serial twice, more goods than were attested, goods cleared before,
//! a declaration that says something else than the attestation.
//!
//! Lines are taken in one after the other. What is kept is a bitmap of serials for each attestation, so that a million labels of a
//! few lots take no more memory than ten thousand. Only genuine labels count: nobody uses up a lot by writing down numbers.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use primitives::Country;
use registry::{ProductDigest, Row, State};
use roaring::RoaringBitmap;
use statement::{Gtin, HsCode, Lot, Unit};

use crate::{Cleared, Judged, Outcome, Reason};

/// What a manifest says of the goods behind a label, as far as it says something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// GTIN.
    pub gtin: Option<Gtin>,
    /// Lot.
    pub lot: Option<Lot>,
    /// Serial, as printed.
    pub serial: Option<alloc::string::String>,
    /// Country of origin.
    pub origin: Option<Country>,
    /// Customs classification.
    pub hs_code: Option<HsCode>,
    /// How much of it.
    pub quantity: Option<u64>,
    /// In which unit; pieces, where it does not say.
    pub unit: Option<Unit>,
}

/// Something about a line that only the others, or what is declared, bring out. All of its reasons are cautions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The reason code.
    pub reason: Reason,
    /// What was found, in a few plain words.
    pub detail: Cow<'static, str>,
}

/// How many lines came out how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Every check passed.
    pub verified: u64,
    /// Genuine, but needs eyes.
    pub caution: u64,
    /// Forged, or no longer standing.
    pub refused: u64,
    /// Not to be decided.
    pub undecided: u64,
}

/// The lines of one shipment so far.
#[derive(Debug, Default)]
pub struct Shipment {
    lots: BTreeMap<(usize, u32), AttestedLot>,
    all: Tally,
    is_packing: bool,
}

/// What a shipment has of one attestation.
#[derive(Debug, Clone, Default)]
pub struct AttestedLot {
    /// How its lines came out.
    pub tally: Tally,
    /// Of the parts before this one.
    serials: RoaringBitmap,
    /// Of this part of the manifest.
    serials_here: RoaringBitmap,
    /// Packed into something, whatever the part.
    packed: RoaringBitmap,
    /// What lines of this part declare, in the base of the unit.
    declared: u64,
    /// What is packed, whatever the part.
    declared_packed: u64,
}

/// A registry's knowledge as far as a shipment needs it.
#[derive(Clone, Copy)]
pub struct ShipmentRegistry<'a> {
    /// Its place in the trust file: tells registries apart.
    pub number: usize,
    /// The state.
    pub state: &'a State,
    /// What customs offices cleared before, where that is known.
    pub cleared: Option<&'a Cleared>,
}

impl Tally {
    /// Counts one more.
    pub fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Verified => &mut self.verified,
            Outcome::Caution => &mut self.caution,
            Outcome::Refused => &mut self.refused,
            Outcome::Undecided => &mut self.undecided,
        } += 1;
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.verified += other.verified;
        self.caution += other.caution;
        self.refused += other.refused;
        self.undecided += other.undecided;
    }

    /// All of them.
    pub const fn total(&self) -> u64 {
        self.verified + self.caution + self.refused + self.undecided
    }

    /// Outcomes and their counts, the gravest first.
    pub const fn outcomes(&self) -> [(Outcome, u64); 4] {
        [
            (Outcome::Refused, self.refused),
            (Outcome::Caution, self.caution),
            (Outcome::Undecided, self.undecided),
            (Outcome::Verified, self.verified),
        ]
    }
}

impl AttestedLot {
    /// Different genuine labels so far.
    pub fn labels(&self) -> u64 {
        self.serials().len()
    }

    /// Different genuine labels so far: their serial numbers.
    pub fn serials(&self) -> RoaringBitmap {
        &(&self.serials | &self.serials_here) | &self.packed
    }
}

impl Shipment {
    /// Takes in one judged line: adds to its reasons what the other lines and the declaration bring out, and says why. `registry` is
    /// the one that the label names, if it is trusted and known.
    pub fn take(
        &mut self,
        registry: Option<ShipmentRegistry<'_>>,
        judged: &mut Judged,
        declared: &Declared,
    ) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let found = registry.and_then(|registry| {
            let row = registry.state.row(judged.label.as_ref()?.index())?;
            Some((registry, row))
        });
        if let (Some((registry, row)), Some(label)) = (found, &judged.label) {
            let lot = self.lots.entry((registry.number, key(row))).or_default();
            if judged.is_genuine {
                lot.take_serial(registry, row, label.serial().number(), self.is_packing, &mut remarks);
                lot.take_quantity(registry, &[row], declared, self.is_packing, &mut remarks);
                compare(registry.state, row, label, declared, &mut remarks);
            }
            note(judged, &remarks);
            lot.tally.count(judged.outcome);
        }
        self.all.count(judged.outcome);
        remarks
    }

    /// Begins a part of the manifest that tells of the same goods again: packed in one event, sent in the next. A label is a
    /// duplicate, and quantities add up, within one part only.
    pub fn begin_part(&mut self) {
        for lot in self.lots.values_mut() {
            lot.serials |= core::mem::take(&mut lot.serials_here);
            lot.declared = 0;
        }
    }

    /// Whether the lines that follow tell what was packed into something. A thing is packed once, whichever event tells of it: a label on two
    /// pallets is a copy.
    pub const fn packing(&mut self, is_packing: bool) {
        self.is_packing = is_packing;
    }

    /// Takes in a quantity of a lot that is declared without labels; `rows` are the lot's attestations, which are
    /// added up where a lot was attested more than once. It proves nothing, and is held
    /// against what was attested.
    pub fn take_declared(&mut self, registry: ShipmentRegistry<'_>, rows: &[&Row], declared: &Declared) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let Some(row) = rows.first() else { return remarks };
        let lot = self.lots.entry((registry.number, key(row))).or_default();
        lot.take_quantity(registry, rows, declared, self.is_packing, &mut remarks);
        remarks
    }

    /// Counts a line that belongs to no attestation and was judged elsewhere.
    pub fn count(&mut self, outcome: Outcome) {
        self.all.count(outcome);
    }

    /// All lines.
    pub const fn tally(&self) -> &Tally {
        &self.all
    }

    /// Each attestation of which there is a line: the registry's number, the log index, and what there is of it.
    pub fn lots(&self) -> impl Iterator<Item = (usize, u64, &AttestedLot)> {
        self.lots.iter().map(|((registry, index), lot)| (*registry, u64::from(*index), lot))
    }
}

impl AttestedLot {
    fn take_serial(
        &mut self,
        registry: ShipmentRegistry<'_>,
        row: &Row,
        number: u32,
        is_packing: bool,
        remarks: &mut Vec<Remark>,
    ) {
        let seen = if is_packing { &mut self.packed } else { &mut self.serials_here };
        if !seen.insert(number) {
            let detail = format!("number {number} of attestation {} was on an earlier line", row.index());
            remarks.push(Remark { reason: Reason::DuplicateInShipment, detail: detail.into() });
        }
        if let Some(cleared) = registry.cleared.and_then(|cleared| cleared.lot(row.index()))
            && cleared.has(number)
        {
            let detail = format!("number {number} of attestation {} was cleared before", row.index());
            remarks.push(Remark { reason: Reason::AlreadyCleared, detail: detail.into() });
        }
    }

    /// More goods than were attested: in this shipment, or with what was cleared before.
    fn take_quantity(
        &mut self,
        registry: ShipmentRegistry<'_>,
        rows: &[&Row],
        declared: &Declared,
        is_packing: bool,
        remarks: &mut Vec<Remark>,
    ) {
        let (Some(quantity), Some(row)) = (declared.quantity, rows.first()) else { return };
        if declared.unit.is_none() && row.unit().base().0 != Unit::Piece {
            // So many pieces with a label each, of goods that were attested by weight: nothing to add up.
            return;
        }
        let (unit, factor) = declared.unit.unwrap_or(Unit::Piece).base();
        let (attested_unit, attested_factor) = row.unit().base();
        if unit != attested_unit {
            let declared = declared.unit.unwrap_or(Unit::Piece);
            let detail = format!("declared in {}, attested in {}", declared.code(), row.unit().code());
            remarks.push(Remark { reason: Reason::DeclarationMismatch, detail: detail.into() });
            return;
        }
        let so_far = if is_packing { &mut self.declared_packed } else { &mut self.declared };
        *so_far = so_far.saturating_add(quantity.saturating_mul(factor));
        let so_far = *so_far;
        let of_one = |row: &&Row| u64::from(row.quantity()) * row.unit().base().1;
        let attested: u64 = rows.iter().filter(|row| row.unit().base().0 == attested_unit).map(of_one).sum();
        let cleared = |row: &&Row| Some(registry.cleared?.lot(row.index())?.quantity());
        let before: u64 = rows.iter().filter_map(cleared).fold(0, u64::saturating_add);
        if so_far.saturating_add(before) > attested {
            let so_far = so_far.saturating_add(before).div_ceil(attested_factor);
            let (of, unit, index) = (attested / attested_factor, row.unit().symbol(), row.index());
            let detail = format!("{so_far} {unit} with the lines and clearances before, {of} attested ({index})");
            remarks.push(Remark { reason: Reason::OverQuantity, detail: detail.into() });
        }
    }
}

/// What is declared against what the label and its attestation say.
fn compare(state: &State, row: &Row, label: &label::Label, declared: &Declared, remarks: &mut Vec<Remark>) {
    let mut differs = |what: &str, declared: &dyn core::fmt::Display, attested: &dyn core::fmt::Display| {
        let detail = format!("{what} declared {declared}, attested {attested}");
        remarks.push(Remark { reason: Reason::DeclarationMismatch, detail: detail.into() });
    };
    if let Some(gtin) = declared.gtin.as_ref().filter(|gtin| label.gtin() != Some(gtin)) {
        differs("GTIN", gtin, &label.gtin().map_or("none", |gtin| gtin.as_str()));
    }
    if let Some(lot) = declared.lot.as_ref().filter(|lot| label.lot() != *lot) {
        differs("lot", lot, label.lot());
    }
    let printed = label.serial();
    // Declarants write the number, or all that is printed.
    let is_printed = |serial: &statement::Serial| {
        serial.number() == printed.number() && serial.index().is_none_or(|index| index == label.index())
    };
    if let Some(serial) = &declared.serial
        && !statement::Serial::parse(&without_zeros(serial)).is_ok_and(|serial| is_printed(&serial))
    {
        differs("serial", serial, printed);
    }
    let scope = state.issuer_of(row).and_then(|party| party.accreditation_at(row.index())).map(|record| &record.scope);
    if let Some(origin) = declared.origin.filter(|origin| *origin != row.country()) {
        differs("country of origin", &origin, &row.country());
        if scope.is_some_and(|scope| !scope.countries.contains(&origin)) {
            differs("country of origin", &origin, &"none of the certifier's accreditation");
        }
    }
    if let Some(code) = declared.hs_code.as_ref().filter(|code| code.chapter() != row.hs_chapter()) {
        differs("HS chapter", &code.chapter(), &row.hs_chapter());
        if scope.is_some_and(|scope| !scope.hs_chapters.contains(&code.chapter())) {
            differs("HS chapter", &code.chapter(), &"none of the certifier's accreditation");
        }
    }
}

/// A serial as spreadsheets fill it up: numbers with zeros before them are the same numbers.
fn without_zeros(serial: &str) -> alloc::string::String {
    let parts: Vec<&str> = serial.trim().split('-').map(|part| part.trim_start_matches('0')).collect();
    parts.join("-")
}

/// Cautions make a verified line one that needs eyes; a refused or undecided one stays what it is, and says them too.
fn note(judged: &mut Judged, remarks: &[Remark]) {
    for remark in remarks {
        if !judged.reasons.contains(&remark.reason) {
            judged.reasons.push(remark.reason);
        }
        judged.outcome = judged.outcome.max(remark.reason.outcome());
    }
    judged.reasons.sort_by_key(|reason| core::cmp::Reverse(reason.outcome()));
}

/// The attestations of a product's lot, found without a label.
#[derive(Debug)]
pub struct Products(Vec<(ProductDigest, u32)>);

impl Products {
    /// Of all attestations of a state: 20 bytes each.
    pub fn of(state: &State) -> Self {
        let mut products: Vec<_> = state.rows().map(|row| (row.product(), key(row))).collect();
        products.sort_unstable();
        Self(products)
    }

    /// Log indexes of the attestations of a lot, ascending.
    pub fn find(&self, gtin: Option<&Gtin>, lot: &Lot) -> impl Iterator<Item = u64> {
        let product = ProductDigest::of(gtin, lot);
        let first = self.0.partition_point(|(other, _)| *other < product);
        let rest = self.0.get(first..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == product).map(|(_, index)| u64::from(*index))
    }
}

/// A row's log index, which fits in 32 bits.
fn key(row: &Row) -> u32 {
    u32::try_from(row.index()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
