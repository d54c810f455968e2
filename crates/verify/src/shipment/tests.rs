use alloc::string::ToString as _;
use alloc::vec;

use label::Label;
use primitives::{SecretKey, Signer as _};
use registry::Policy;
use registry::{Accreditor, AccreditorKey};
use statement::sample::{self, country, did};
use statement::{Accreditation, Attestation, Claims, Entry, Origin, Scope, Serial, StatusSlot};

use super::*;

/// One certifier for Nepal and India, chapter 57; a lot of 100 pieces from Nepal (index 1), one of 2 kg (index 2).
fn state() -> State {
    let key = AccreditorKey { key: sample::accreditor_key().public_key(), first_index: 0, last_index: None };
    let accreditor = did("did:web:accreditor.example");
    let accreditors = vec![Accreditor { did: accreditor.clone(), name: "A".into(), threshold: 1, keys: vec![key] }];
    let origin = Origin::parse("registry.example").unwrap();
    let mut state = State::new(Policy { origin, accreditors, rules: vec![(0, 1)] });
    let scope = Scope {
        countries: vec![country("IN"), country("NP")],
        hs_chapters: vec![57, 58],
        topics: Claims::NO_CHILD_LABOUR,
    };
    let accreditation = Accreditation { compromised: vec![], scope, ..sample::accreditation() };
    let mut log = |payload: &[u8], issuer: &statement::Did, key: &SecretKey| {
        let jws = statement::sign(payload, issuer, key).unwrap();
        state.fold(&Entry::encode(sample::instant("2026-06-01T00:00:00Z"), jws.as_bytes()));
    };
    log(&accreditation.to_payload(), &accreditor, &sample::accreditor_key());
    for (slot, quantity, unit) in [(0, 100, Unit::Piece), (1, 2, Unit::Kilogram)] {
        let slot = StatusSlot { list: 0, index: slot };
        let attestation = Attestation { slot, quantity, unit, ..sample::attestation() };
        let payload = attestation.to_payload(&sample::certifier_key().public_key().thumbprint());
        log(&payload, &attestation.issuer, &sample::certifier_key());
    }
    state
}

fn judged(index: u64, number: u32) -> Judged {
    let attestation = sample::attestation();
    let serial = Serial::new(Some(index), number).unwrap();
    let origin = Origin::parse("registry.example").unwrap();
    let (gtin, lot, last) = (attestation.gtin, attestation.lot, attestation.last_day);
    let claims = Claims::NO_CHILD_LABOUR;
    let label = Label::sign(origin, gtin, lot, serial, claims, index, last, &sample::certifier_key()).unwrap();
    Judged { label: Some(label), is_genuine: true, outcome: Outcome::Verified, reasons: vec![] }
}

fn codes(judged: &Judged) -> Vec<&'static str> {
    judged.reasons.iter().map(|reason| reason.code()).collect()
}

#[test]
fn the_same_serial_twice_is_told_on_the_second_line() {
    let state = state();
    let (mut shipment, mut lines) = (Shipment::default(), [judged(1, 7), judged(1, 7), judged(2, 7)]);
    let registry = Some(ShipmentRegistry { number: 0, state: &state, cleared: None });
    let remarks: Vec<_> = lines.iter_mut().map(|line| shipment.take(registry, line, &Declared::default())).collect();
    assert_eq!(lines.each_ref().map(|line| line.outcome), [Outcome::Verified, Outcome::Caution, Outcome::Verified]);
    assert_eq!(remarks[1][0].detail, "number 7 of attestation 1 was on an earlier line");
    let labels: Vec<_> = shipment.lots().map(|(_, index, lot)| (index, lot.labels(), lot.tally.total())).collect();
    assert_eq!(labels, [(1, 1, 2), (2, 1, 1)]);
    assert_eq!((shipment.tally().verified, shipment.tally().caution), (2, 1));
}

#[test]
fn what_is_told_again_in_another_part_is_no_duplicate() {
    let state = state();
    let mut shipment = Shipment::default();
    let registry = Some(ShipmentRegistry { number: 0, state: &state, cleared: None });
    let declared = Declared { quantity: Some(60), ..Declared::default() };
    let take = |shipment: &mut Shipment| {
        let mut line = judged(1, 7);
        shipment.take(registry, &mut line, &declared);
        codes(&line)
    };
    assert!(take(&mut shipment).is_empty());
    shipment.begin_part();
    assert!(take(&mut shipment).is_empty());
    assert_eq!(take(&mut shipment), ["duplicate_in_shipment", "over_quantity"]);
    assert_eq!(shipment.lots().map(|(.., lot)| lot.labels()).collect::<Vec<_>>(), [1]);
}

/// One pallet's labels, copied for a second pallet that has an event of its own.
#[test]
fn a_label_that_is_packed_twice_is_a_copy_whatever_the_event() {
    let state = state();
    let mut shipment = Shipment::default();
    let registry = Some(ShipmentRegistry { number: 0, state: &state, cleared: None });
    let declared = Declared { quantity: Some(60), ..Declared::default() };
    shipment.packing(true);
    let (mut first, mut copy) = (judged(1, 7), judged(1, 7));
    assert!(shipment.take(registry, &mut first, &declared).is_empty());
    shipment.begin_part();
    shipment.take(registry, &mut copy, &declared);
    assert_eq!(codes(&copy), ["duplicate_in_shipment", "over_quantity"]);
    // Told again by what is sent, it is the same thing.
    shipment.packing(false);
    shipment.begin_part();
    let mut sent = judged(1, 7);
    assert!(shipment.take(registry, &mut sent, &declared).is_empty());
}

/// A forger who writes down numbers must not make the genuine labels look like copies.
#[test]
fn a_forged_label_uses_nothing_up_and_no_remark_makes_it_better() {
    let state = state();
    let mut shipment = Shipment::default();
    let registry = Some(ShipmentRegistry { number: 0, state: &state, cleared: None });
    let mut forged = judged(1, 7);
    forged.is_genuine = false;
    (forged.outcome, forged.reasons) = (Outcome::Refused, vec![Reason::ForgedSignature]);
    let declared = Declared { quantity: Some(1_000), ..Declared::default() };
    assert!(shipment.take(registry, &mut forged, &declared).is_empty());
    let mut genuine = judged(1, 7);
    assert!(shipment.take(registry, &mut genuine, &Declared::default()).is_empty());
    assert_eq!((forged.outcome, genuine.outcome), (Outcome::Refused, Outcome::Verified));
    // What is refused or undecided stays so, and says the caution too.
    let mut suspended = judged(1, 7);
    (suspended.outcome, suspended.reasons) = (Outcome::Refused, vec![Reason::Suspended]);
    shipment.take(registry, &mut suspended, &Declared::default());
    assert_eq!((suspended.outcome, codes(&suspended)), (Outcome::Refused, vec!["suspended", "duplicate_in_shipment"]));
}

#[test]
fn quantities_add_up_over_lines_units_and_what_was_cleared_before() {
    let state = state();
    let mut cleared = Cleared::default();
    cleared.lot_mut(1).add_quantity(50);
    let registry = ShipmentRegistry { number: 0, state: &state, cleared: Some(&cleared) };
    let mut shipment = Shipment::default();
    let mut take = |index, number, quantity, unit| {
        let mut line = judged(index, number);
        let declared = Declared { quantity: Some(quantity), unit, ..Declared::default() };
        let remarks = shipment.take(Some(registry), &mut line, &declared);
        (codes(&line), remarks.first().map(|remark| remark.detail.to_string()))
    };
    assert_eq!(take(1, 1, 4, Some(Unit::Dozen)).0, Vec::<&str>::new());
    assert_eq!(take(1, 2, 2, None).0, Vec::<&str>::new(), "48 and 2, and 50 before");
    let (codes, detail) = take(1, 3, 1, None);
    assert_eq!(codes, ["over_quantity"]);
    assert_eq!(detail.unwrap(), "101 piece with the lines and clearances before, 100 attested (1)");
    assert_eq!(take(2, 1, 2_000, Some(Unit::Gram)).0, Vec::<&str>::new());
    assert_eq!(take(2, 2, 1, Some(Unit::Carat)).0, ["over_quantity"]);
    assert_eq!(take(2, 3, 1, Some(Unit::Litre)).0, ["declaration_mismatch"]);
    assert_eq!(take(2, 5, 1, None).0, Vec::<&str>::new(), "a piece with a label, of goods attested by weight");
    assert_eq!(take(2, 4, u64::MAX, Some(Unit::Tonne)).0, ["over_quantity"], "no sum is too large");
}

#[test]
fn what_was_cleared_before_is_told() {
    let state = state();
    let mut cleared = Cleared::default();
    cleared.lot_mut(1).add_serials(5, 9);
    let registry = ShipmentRegistry { number: 0, state: &state, cleared: Some(&cleared) };
    let mut shipment = Shipment::default();
    for (index, number, expected) in
        [(1, 4, &[][..]), (1, 5, &["already_cleared"]), (1, 9, &["already_cleared"]), (2, 5, &[])]
    {
        let mut line = judged(index, number);
        shipment.take(Some(registry), &mut line, &Declared::default());
        assert_eq!(codes(&line), expected, "{index} {number}");
    }
}

#[test]
fn a_declaration_that_says_something_else_is_told_member_by_member() {
    let state = state();
    let registry = Some(ShipmentRegistry { number: 0, state: &state, cleared: None });
    let same = Declared {
        gtin: sample::attestation().gtin,
        lot: Some(sample::attestation().lot),
        serial: Some("1-7".into()),
        origin: Some(country("NP")),
        hs_code: Some(HsCode::parse("570242").unwrap()),
        quantity: Some(1),
        unit: Some(Unit::Piece),
    };
    let told = |declared: Declared| {
        let mut line = judged(1, 7);
        let remarks = Shipment::default().take(registry, &mut line, &declared);
        assert!(remarks.iter().all(|remark| remark.reason == Reason::DeclarationMismatch));
        assert_eq!(line.outcome, if remarks.is_empty() { Outcome::Verified } else { Outcome::Caution });
        remarks.into_iter().map(|remark| remark.detail.into_owned()).collect::<Vec<_>>()
    };
    assert!(told(same.clone()).is_empty());
    for serial in ["7", "007", "1-07", " 7"] {
        assert!(told(Declared { serial: Some(serial.into()), ..same.clone() }).is_empty(), "{serial}");
    }
    for (declared, expected) in [
        (
            Declared { gtin: Some(Gtin::parse("09521234543220").unwrap()), ..same.clone() },
            &["GTIN declared 09521234543220, attested 09521234543213"][..],
        ),
        (Declared { lot: Some(Lot::parse("X").unwrap()), ..same.clone() }, &["lot declared X, attested KTM-2026"]),
        (Declared { serial: Some("1-8".into()), ..same.clone() }, &["serial declared 1-8, attested 1-7"]),
        (Declared { serial: Some("2-7".into()), ..same.clone() }, &["serial declared 2-7, attested 1-7"]),
        (Declared { origin: Some(country("IN")), ..same.clone() }, &["country of origin declared IN, attested NP"]),
        (
            Declared { origin: Some(country("FR")), ..same.clone() },
            &[
                "country of origin declared FR, attested NP",
                "country of origin declared FR, attested none of the certifier's accreditation",
            ],
        ),
        (
            Declared { hs_code: Some(HsCode::parse("580110").unwrap()), ..same.clone() },
            &["HS chapter declared 58, attested 57"],
        ),
        (
            Declared { hs_code: Some(HsCode::parse("610110").unwrap()), ..same },
            &[
                "HS chapter declared 61, attested 57",
                "HS chapter declared 61, attested none of the certifier's accreditation",
            ],
        ),
    ] {
        assert_eq!(told(declared), expected);
    }
}

#[test]
fn a_lot_declared_without_labels_is_found_by_gtin_and_lot() {
    let state = state();
    let products = Products::of(&state);
    let attestation = sample::attestation();
    let found: Vec<_> = products.find(attestation.gtin.as_ref(), &attestation.lot).collect();
    assert_eq!(found, [1, 2]);
    assert_eq!(products.find(None, &attestation.lot).count(), 0);
    let registry = ShipmentRegistry { number: 0, state: &state, cleared: None };
    let mut shipment = Shipment::default();
    let declared = |quantity| Declared { quantity: Some(quantity), ..Declared::default() };
    let row = state.row(1).unwrap();
    assert!(shipment.take_declared(registry, &[row], &declared(60)).is_empty());
    assert_eq!(shipment.take_declared(registry, &[row], &declared(60))[0].reason, Reason::OverQuantity);
    assert!(Shipment::default().take_declared(registry, &[row, row], &declared(200)).is_empty(), "attested twice");
    assert!(!Shipment::default().take_declared(registry, &[row, row], &declared(201)).is_empty());
    assert_eq!(shipment.tally().total(), 0, "a quantity is no label");
}
