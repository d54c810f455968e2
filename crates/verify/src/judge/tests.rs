//! Each reason is reached by one defect, starting from a label that verifies.

mod evidence;
mod many;
mod offline;

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use primitives::{SecretKey, Signer as _, Thumbprint};
use registry::{Accreditor, AccreditorKey, Policy, State};
use statement::sample::{self, country, day, did};
use statement::{
    Accreditation, Action, Attestation, Claims, Compromised, Did, Entry, Gtin, Lot, Origin, Scope, Serial,
    StatusChange, StatusSlot, Target,
};
use tlog::{Checkpoint, MemoryTree, Quorum, Vkey};

use super::*;
use crate::{Bundle, BundleEntry, Complete, Facts, Found, Outcome, Strict, TrustedRegistry, VERDICT_SCHEMA};

const ORIGIN: &str = "registry.example";
/// 2026-11-01T00:00:00Z and what follows it.
const START: u64 = 1_793_491_200;
const DAY: u64 = 86_400;
const GTIN: &str = "09521234543213";

struct World {
    state: State,
    /// The log's entries.
    entries: Vec<Vec<u8>>,
    trust: Trust,
    accreditor: SecretKey,
    keys: Vec<SecretKey>,
    quorum_met: bool,
    source: Source,
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(START + seconds)
}

impl World {
    /// A log with one accreditation (entry 0) and one attestation of 100 labels (entry 1).
    fn new() -> Self {
        Self::with_rules(vec![(0, 1)])
    }

    fn with_rules(rules: Vec<(u64, u32)>) -> Self {
        let accreditor = SecretKey::from_seed(&[1; 32]);
        let key = AccreditorKey { key: accreditor.public_key(), first_index: 0, last_index: None };
        let accreditors = vec![Accreditor {
            did: did("did:web:accreditor.example"),
            name: "Accreditor".into(),
            threshold: 1,
            keys: vec![key],
        }];
        let policy = Policy { origin: Origin::parse(ORIGIN).unwrap(), accreditors, rules };
        let log_key = Vkey::log(ORIGIN, SecretKey::from_seed(&[9; 32]).public_key()).unwrap();
        let registry = TrustedRegistry {
            policy: policy.clone(),
            url: "https://registry.example".into(),
            log_keys: vec![log_key],
            quorum: Quorum::none(),
            witness_urls: Vec::new(),
            snapshot_max_age_days: 7,
            reports: Default::default(),
        };
        let keys = vec![SecretKey::from_seed(&[2; 32]), SecretKey::from_seed(&[3; 32])];
        let trust = Trust { registries: vec![registry] };
        let mut world = Self {
            state: State::new(policy),
            entries: vec![],
            trust,
            accreditor,
            keys,
            quorum_met: true,
            source: Source::Registry,
        };
        world.accredit(0, &[0], &[]);
        world.attest(10, Claims::NO_CHILD_LABOUR, "KTM-2026", 0);
        world
    }

    fn log(&mut self, seconds: u64, payload: &[u8], issuer: &Did, key: &SecretKey) {
        let jws = statement::sign(payload, issuer, key).unwrap();
        let entry = Entry::encode(at(seconds), jws.as_bytes());
        self.state.fold(&entry);
        self.entries.push(entry);
    }

    fn accredit(&mut self, seconds: u64, keys: &[usize], compromised: &[(usize, u64)]) {
        let keys: Vec<_> = keys.iter().map(|key| self.keys[*key].public_key()).collect();
        let compromised = compromised
            .iter()
            .map(|(key, since)| Compromised { key: self.keys[*key].public_key().thumbprint(), since: at(*since) });
        let accreditation = Accreditation {
            issuer: did("did:web:accreditor.example"),
            registry: Origin::parse(ORIGIN).unwrap(),
            subject: did("did:web:certifier.example"),
            name: "Certifier".into(),
            keys,
            compromised: compromised.collect(),
            scope: Scope { countries: vec![country("NP")], hs_chapters: vec![57], topics: Claims::NO_CHILD_LABOUR },
            first_day: day("2026-11-01"),
            last_day: day("2029-10-31"),
            hotlines: vec![],
            valid_from: at(seconds),
            valid_until: day("2029-10-31").next().unwrap().first_instant(),
            ..sample::accreditation()
        };
        let (payload, key) = (accreditation.to_payload(), self.accreditor.clone());
        self.log(seconds, &payload, &accreditation.issuer, &key);
    }

    fn attest(&mut self, seconds: u64, claims: Claims, lot: &str, slot: u32) {
        let attestation = Attestation {
            issuer: did("did:web:certifier.example"),
            registry: Origin::parse(ORIGIN).unwrap(),
            gtin: Some(Gtin::parse(GTIN).unwrap()),
            lot: Lot::parse(lot).unwrap(),
            claims,
            slot: StatusSlot { list: 0, index: slot },
            first_day: day("2026-11-01"),
            last_day: day("2027-10-31"),
            valid_from: day("2026-11-01").first_instant(),
            valid_until: day("2027-11-01").first_instant(),
            ..sample::attestation()
        };
        let key = self.keys[0].clone();
        let payload = attestation.to_payload(&key.public_key().thumbprint());
        self.log(seconds, &payload, &attestation.issuer, &key);
    }

    fn change(&mut self, seconds: u64, by_accreditor: bool, action: Action, target: Target) {
        let (issuer, key) = match by_accreditor {
            true => (did("did:web:accreditor.example"), self.accreditor.clone()),
            false => (did("did:web:certifier.example"), self.keys[0].clone()),
        };
        let after = match &target {
            Target::Attestations(targets) => self.state.status_events(targets[0]).last().map(|event| event.entry),
            Target::Party(_) => None,
        };
        let change = StatusChange {
            issuer,
            registry: Origin::parse(ORIGIN).unwrap(),
            action,
            target,
            after,
            effective_from: at(seconds),
            ..sample::status_change()
        };
        self.log(seconds, &change.to_payload(), &change.issuer, &key);
    }

    fn label(&self) -> Blank<'_> {
        Blank {
            world: self,
            key: 0,
            origin: ORIGIN,
            lot: "KTM-2026",
            number: 17,
            claims: 1,
            index: 1,
            last: "2027-10-31",
        }
    }

    fn known(&self) -> Known<'_> {
        Known::State(Knowledge {
            state: &self.state,
            size: self.state.size(),
            source: self.source,
            as_of: self.state.last_received_at(),
            produced_at: None,
            good_until: None,
            quorum_met: self.quorum_met,
            attestation: None,
            scan_days: None,
            complete: Complete::Given,
        })
    }

    fn verify(&self, label: &str, when: impl Into<When>) -> Verdict {
        let known = |_: &Label| self.known();
        judged(label, &known, &self.trust, when.into())
    }
}

/// The verdict, held against the schema and against the brief judgement.
fn judged<'a>(label: &'a str, known: &'a dyn Fn(&Label) -> Known<'a>, trust: &Trust, when: When) -> Verdict {
    let brief = brief(&Label::parse(label), known, &Strict, trust, when);
    let verdict = verify(&Evidence { label, known, signatures: &Strict }, trust, when);
    assert_eq!(brief, (verdict.outcome, verdict.reasons.clone()));
    assert_schema(&verdict);
    verdict
}

/// A label about to be signed.
struct Blank<'a> {
    world: &'a World,
    key: usize,
    origin: &'static str,
    lot: &'static str,
    number: u32,
    claims: u8,
    index: u64,
    last: &'static str,
}

impl Blank<'_> {
    fn sign(&self) -> String {
        self.sign_with(&self.world.keys[self.key])
    }

    fn sign_with(&self, key: &SecretKey) -> String {
        Label::sign(
            Origin::parse(self.origin).unwrap(),
            Some(Gtin::parse(GTIN).unwrap()),
            Lot::parse(self.lot).unwrap(),
            Serial::new(None, self.number).unwrap(),
            Claims::from_bits(self.claims).unwrap(),
            self.index,
            day(self.last),
            key,
        )
        .unwrap()
        .to_uri()
    }
}

fn assert_schema(verdict: &Verdict) {
    let schema = serde_json::from_str(VERDICT_SCHEMA).unwrap();
    let value = serde_json::to_value(verdict).unwrap();
    if let Err(error) = jsonschema::validate(&schema, &value) {
        panic!("{error}: {value}");
    }
}

#[track_caller]
fn assert_reasons(verdict: &Verdict, outcome: Outcome, reasons: &[Reason]) {
    assert_eq!((verdict.outcome, verdict.reasons.as_slice()), (outcome, reasons), "{verdict:#?}");
}

#[test]
fn a_genuine_label_of_a_standing_attestation_is_verified() {
    let world = World::new();
    let verdict = world.verify(&world.label().sign(), at(DAY));
    assert_reasons(&verdict, Outcome::Verified, &[]);
    let checks: Vec<_> = verdict.findings.iter().map(|finding| finding.check).collect();
    use Check::*;
    let all = [
        Format,
        Registry,
        Log,
        Attestation,
        Key,
        Signature,
        Compromise,
        Product,
        Claims,
        Serial,
        Validity,
        Standing,
        Certifier,
    ];
    assert_eq!(checks, all, "every check leaves one finding");
    assert!(verdict.findings.iter().all(|finding| finding.outcome == Found::Pass));
}

#[test]
fn each_defect_of_a_label_has_its_reason() {
    let world = World::new();
    let (label, genuine) = (world.label(), world.label().sign());
    // Another character in the signature, far from the last one and its pad bits.
    let blob = genuine.split('/').nth(3).unwrap();
    let (head, tail) = blob.split_at(60);
    let flipped = if tail.starts_with('A') { "B" } else { "A" };
    let forged = genuine.replace(blob, &alloc::format!("{head}{flipped}{}", &tail[1..]));
    for (text, reasons) in [
        ("hello".to_string(), &[Reason::Malformed][..]),
        (String::new(), &[Reason::Malformed]),
        (forged, &[Reason::ForgedSignature]),
        (genuine.replace("/21/17", "/21/18"), &[Reason::ForgedSignature]),
        (genuine.replace("KTM-2026", "KTM-2025"), &[Reason::ForgedSignature, Reason::WrongProduct]),
        (label.sign_with(&SecretKey::from_seed(&[66; 32])), &[Reason::UnknownCertifier]),
        (Blank { index: 0, ..world.label() }.sign(), &[Reason::UnknownAttestation]),
        (Blank { index: 77, ..world.label() }.sign(), &[Reason::UnknownAttestation]),
        (Blank { lot: "KTM-2025", ..world.label() }.sign(), &[Reason::WrongProduct]),
        (Blank { claims: 3, ..world.label() }.sign(), &[Reason::WrongClaims]),
        (Blank { number: 101, ..world.label() }.sign(), &[Reason::SerialOutOfRange]),
        (Blank { last: "2026-10-31", ..world.label() }.sign(), &[Reason::Expired]),
        (Blank { origin: "other.example", ..world.label() }.sign(), &[Reason::ForeignOrigin]),
        (genuine.replace("REGISTRY", "RÉGISTRY"), &[Reason::ForeignOrigin]),
    ] {
        assert_reasons(&world.verify(&text, at(DAY)), Outcome::Refused, reasons);
    }
    let last = Blank { number: 100, ..world.label() }.sign();
    assert_reasons(&world.verify(&last, at(DAY)), Outcome::Verified, &[]);
}

#[test]
fn a_newer_format_is_undecided_not_refused() {
    let world = World::new();
    let genuine = world.label().sign();
    let blob = genuine.split('/').nth(3).unwrap();
    let mut bytes = primitives::base32::decode(blob).unwrap();
    bytes[0] = 2;
    let newer = genuine.replace(blob, &primitives::base32::encode(&bytes));
    assert_reasons(&world.verify(&newer, at(DAY)), Outcome::Undecided, &[Reason::Unsupported]);
}

#[test]
fn what_rules_that_are_not_known_here_may_have_changed_is_undecided() {
    // The attestation itself, entry 1, is under such rules.
    let world = World::with_rules(vec![(0, 1), (1, 3)]);
    assert_reasons(&world.verify(&world.label().sign(), at(DAY)), Outcome::Undecided, &[Reason::Unsupported]);
    // Only an entry after it is: a suspension may have been lifted, a key added; forged stays forged.
    let mut world = World::with_rules(vec![(0, 1), (3, 3)]);
    world.change(100, false, Action::Suspend, Target::Attestations(vec![1]));
    let label = world.label().sign();
    assert_reasons(&world.verify(&label, at(DAY)), Outcome::Refused, &[Reason::Suspended]);
    world.change(200, false, Action::Reinstate, Target::Attestations(vec![1]));
    let stranger = world.label().sign_with(&SecretKey::from_seed(&[66; 32]));
    for text in [&label, &stranger] {
        assert_reasons(&world.verify(text, at(DAY)), Outcome::Undecided, &[Reason::Unsupported]);
    }
    let forged = label.replace("/21/17", "/21/18");
    let reasons = [Reason::ForgedSignature, Reason::Unsupported];
    assert_reasons(&world.verify(&forged, at(DAY)), Outcome::Refused, &reasons);
}

#[test]
fn without_trust_nothing_is_decided() {
    let mut world = World::new();
    let label = world.label().sign();
    world.trust.registries.clear();
    assert_reasons(&world.verify(&label, at(DAY)), Outcome::Undecided, &[Reason::NoTrust]);
}

#[test]
fn days_are_judged_at_the_time_given() {
    let world = World::new();
    let label = world.label().sign();
    for (time, outcome, reasons) in [
        ("2027-10-31T23:59:59Z", Outcome::Verified, &[][..]),
        ("2027-11-01T00:00:00Z", Outcome::Refused, &[Reason::Expired]),
    ] {
        assert_reasons(&world.verify(&label, Timestamp::parse_rfc3339(time).unwrap()), outcome, reasons);
    }
}

#[test]
fn suspension_and_withdrawal_refuse_with_their_own_reasons() {
    let target = || Target::Attestations(vec![1]);
    let party = || Target::Party(did("did:web:certifier.example"));
    for (by_accreditor, action, target, reason) in [
        (false, Action::Suspend, target(), Reason::Suspended),
        (true, Action::Suspend, target(), Reason::Suspended),
        (false, Action::Withdraw, target(), Reason::Withdrawn),
        (true, Action::Suspend, party(), Reason::CertifierSuspended),
        (true, Action::Withdraw, party(), Reason::CertifierSuspended),
    ] {
        let mut world = World::new();
        let label = world.label().sign();
        world.change(100, by_accreditor, action, target);
        let verdict = world.verify(&label, at(DAY));
        assert_reasons(&verdict, Outcome::Refused, &[reason]);
        let hold = verdict.findings.iter().find_map(|finding| finding.hold).expect("who did it is told");
        assert_eq!((hold.since, hold.is_final), (at(100), action == Action::Withdraw), "{reason}");
    }
}

#[test]
fn a_stolen_key_exposes_labels_and_refuses_what_was_attested_later() {
    let mut world = World::new();
    world.attest(200, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    world.accredit(300, &[1], &[(0, 100)]);
    let before = world.label().sign();
    assert_reasons(&world.verify(&before, at(DAY)), Outcome::Caution, &[Reason::KeyExposed]);
    let relabelled = Blank { key: 1, ..world.label() }.sign();
    assert_reasons(&world.verify(&relabelled, at(DAY)), Outcome::Verified, &[]);
    let after = Blank { index: 2, lot: "KTM-2027", ..world.label() }.sign();
    assert_reasons(&world.verify(&after, at(DAY)), Outcome::Refused, &[Reason::KeyCompromised]);
}

#[test]
fn a_retired_key_signs_labels_of_older_attestations_only() {
    let mut world = World::new();
    world.accredit(300, &[1], &[]);
    assert_reasons(&world.verify(&world.label().sign(), at(DAY)), Outcome::Verified, &[]);
    // An attestation of the key that is left, and a label of it by the retired one.
    world.keys.swap(0, 1);
    world.attest(400, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    let newer = Blank { index: 3, lot: "KTM-2027", ..world.label() };
    assert_reasons(&world.verify(&newer.sign(), at(DAY)), Outcome::Verified, &[]);
    let retired = newer.sign_with(&world.keys[1]);
    assert_reasons(&world.verify(&retired, at(DAY)), Outcome::Refused, &[Reason::UnknownCertifier]);
}

#[test]
fn out_of_scope_in_the_log_is_told_as_such() {
    let mut world = World::new();
    world.attest(200, Claims::ALL, "KTM-2027", 1);
    let label = Blank { index: 2, lot: "KTM-2027", ..world.label() }.sign();
    assert_reasons(&world.verify(&label, at(DAY)), Outcome::Refused, &[Reason::OutOfScope]);
}

#[test]
fn a_clock_that_cannot_be_right_makes_only_time_unknown() {
    let mut world = World::new();
    let (label, number) = (world.label().sign(), Blank { number: 101, ..world.label() }.sign());
    let wrong = Timestamp::from_seconds(START - DAY);
    assert_reasons(&world.verify(&label, wrong), Outcome::Undecided, &[Reason::Clock]);
    assert_reasons(&world.verify(&number, wrong), Outcome::Refused, &[Reason::SerialOutOfRange, Reason::Clock]);
    // Honest clocks lie apart: a label attested just now is good on a device some minutes behind.
    assert_reasons(&world.verify(&label, Timestamp::from_seconds(START - 200)), Outcome::Verified, &[]);
    world.change(100, false, Action::Withdraw, Target::Attestations(vec![1]));
    assert_reasons(&world.verify(&label, wrong), Outcome::Refused, &[Reason::Withdrawn, Reason::Clock]);
}

#[test]
fn an_old_snapshot_decides_only_what_time_does_not_change() {
    let mut world = World::new();
    world.source = Source::Snapshot;
    let label = world.label().sign();
    assert_reasons(&world.verify(&label, at(6 * DAY)), Outcome::Verified, &[]);
    assert_reasons(&world.verify(&label, at(8 * DAY)), Outcome::Undecided, &[Reason::StaleSnapshot]);
    let newer = Blank { index: 77, ..world.label() };
    assert_reasons(&world.verify(&newer.sign(), at(DAY)), Outcome::Undecided, &[Reason::NewerThanSnapshot]);
    let forged = newer.sign().replace("/21/17", "/21/18");
    assert_reasons(&world.verify(&forged, at(DAY)), Outcome::Refused, &[Reason::ForgedSignature]);
    let stranger = newer.sign_with(&SecretKey::from_seed(&[66; 32]));
    assert_reasons(&world.verify(&stranger, at(DAY)), Outcome::Undecided, &[Reason::NewerThanSnapshot]);
}

#[test]
fn too_few_witnesses_and_unknown_logs_are_undecided() {
    let mut world = World::new();
    world.quorum_met = false;
    let label = world.label().sign();
    assert_reasons(&world.verify(&label, at(DAY)), Outcome::Undecided, &[Reason::NoQuorum]);
    for reason in [Reason::NoStatus, Reason::Network, Reason::LogInconsistent] {
        let known = |_: &Label| Known::Missing(reason);
        let evidence = Evidence { label: &label, known: &known, signatures: &Strict };
        assert_reasons(&verify(&evidence, &world.trust, at(DAY)), Outcome::Undecided, &[reason]);
    }
}

#[test]
fn a_label_is_scanned_too_often_where_the_certifier_has_said_what_is_usual() {
    let world = World::new();
    let label = world.label().sign();
    let judged = |usual: Option<u16>, days: Option<u16>| {
        let facts = Facts::of(&Attestation { scan_days: usual, ..sample::attestation() }, 1, "Certifier", "Accreditor");
        let known = |_: &Label| {
            let Known::State(known) = world.known() else { unreachable!("the world knows") };
            Known::State(Knowledge { scan_days: days, attestation: Some(facts.clone().into()), ..known })
        };
        verify(&Evidence { label: &label, known: &known, signatures: &Strict }, &world.trust, at(DAY))
    };
    for (usual, days) in [(None, Some(9_999)), (Some(3), None), (Some(3), Some(1)), (Some(3), Some(3))] {
        assert_reasons(&judged(usual, days), Outcome::Verified, &[]);
    }
    assert_reasons(&judged(Some(3), Some(4)), Outcome::Caution, &[Reason::ManyScans]);
    let told = |usual, days| {
        let finding = judged(usual, days).findings.into_iter().find(|finding| finding.check == Check::Scans);
        finding.map(|finding| finding.outcome)
    };
    assert_eq!(told(None, None), None);
    assert_eq!(told(Some(3), None), Some(Found::Unknown), "where nobody counts, that is said");
    assert_eq!(told(Some(3), Some(3)), Some(Found::Pass));
}

#[test]
fn a_foreign_origin_is_never_asked_for() {
    let world = World::new();
    let label = Blank { origin: "other.example", ..world.label() }.sign();
    let known = |_: &Label| panic!("asked for a registry that is not trusted");
    let verdict = verify(&Evidence { label: &label, known: &known, signatures: &Strict }, &world.trust, at(DAY));
    assert!(verdict.findings.iter().any(|finding| finding.detail.contains("other.example")), "shown in full");
    let _: Thumbprint = world.keys[0].public_key().thumbprint();
}
