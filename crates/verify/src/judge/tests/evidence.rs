//! Judging by evidence bundles.

use primitives::Hash;

use super::*;
use crate::StatusProof;

fn base64(hashes: Vec<Hash>) -> Vec<String> {
    hashes.iter().map(Hash::to_base64).collect()
}

impl World {
    /// The evidence for an index, as a registry gives it.
    fn bundle(&self, index: u64) -> Bundle {
        let tree: MemoryTree = self.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, tree.size(), root).unwrap();
        let entries = self.state.relevant_entries(index).into_iter().map(|index| self.proved(index)).collect();
        let checkpoint = checkpoint.sign(&SecretKey::from_seed(&[9; 32])).unwrap().to_string();
        let status = self.state.last_status_root().map(|(root, _)| {
            let prover = self.state.status_tree(root).unwrap();
            let prove = |index| base64(prover.prove(index).unwrap_or_default());
            let certifier =
                self.state.row(index).and_then(|row| self.state.issuer_of(row)).map(|party| party.first_index());
            let certifier = certifier.map_or_else(Vec::new, prove);
            StatusProof { root: self.proved(root), attestation: prove(index), certifier }
        });
        Bundle { index, checkpoint, entries, status }
    }

    /// An entry of the log and its proof.
    fn proved(&self, index: u64) -> BundleEntry {
        let tree: MemoryTree = self.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
        BundleEntry {
            index,
            entry: primitives::base64::encode(&self.entries[usize::try_from(index).unwrap()]),
            proof: base64(tlog::inclusion_proof(index, tree.size(), &tree).unwrap()),
        }
    }

    /// Writes the registry's own next entry.
    fn bind(&mut self, seconds: u64) {
        let root = self.state.bind_status(at(seconds)).unwrap();
        self.entries.push(root.encode().to_vec());
    }
}

#[test]
fn a_bundle_gives_the_registrys_own_verdict_and_nothing_in_it_can_be_changed() {
    let mut world = World::new();
    world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    world.change(100, false, Action::Suspend, Target::Attestations(vec![1]));
    let (registry, bundle) = (&world.trust.registries[0], world.bundle(1));
    let opened = bundle.open(registry).unwrap();
    let label = world.label().sign();
    let known = |_: &Label| Known::State(opened.knowledge(at(DAY)));
    let verdict = verify(&Evidence { label: &label, known: &known, signatures: &Strict }, &world.trust, at(DAY));
    assert_reasons(&verdict, Outcome::Refused, &[Reason::Suspended]);
    assert_eq!(verdict.attestation.as_ref().unwrap().certifier, "Certifier");
    assert_schema(&verdict);

    let other_log = Checkpoint::new("other.example", 1, tlog::EMPTY_ROOT).unwrap();
    let other_log = other_log.sign(&SecretKey::from_seed(&[9; 32])).unwrap().to_string();
    let late = primitives::base64::encode(&Entry::encode(at(5), &world.entries[1][8..]));
    type Change<'a> = (&'a dyn Fn(&mut Bundle), Reason);
    let changes: [Change<'_>; 8] = [
        (&|bundle| bundle.checkpoint = bundle.checkpoint.replace("\n4\n", "\n5\n"), Reason::LogInconsistent),
        (&|bundle| bundle.checkpoint.clone_from(&other_log), Reason::LogInconsistent),
        (&|bundle| bundle.entries[1].entry.clone_from(&late), Reason::LogInconsistent),
        (&|bundle| bundle.entries[2].index = 2, Reason::LogInconsistent),
        (
            &|bundle| {
                bundle.entries.remove(1);
            },
            Reason::Network,
        ),
        // Without its accreditation, the attestation would be nobody's.
        (
            &|bundle| {
                bundle.entries.remove(0);
            },
            Reason::Network,
        ),
        (&|bundle| bundle.entries.swap(0, 1), Reason::Network),
        (&|bundle| bundle.entries[0].entry.push('!'), Reason::Network),
    ];
    for (n, (change, reason)) in changes.iter().enumerate() {
        let mut changed = bundle.clone();
        change(&mut changed);
        assert_eq!(changed.open(registry).unwrap_err().reason(), *reason, "change {n}");
    }
}

#[test]
fn evidence_is_as_old_as_its_cosignatures() {
    let mut world = World::new();
    let witness = SecretKey::from_seed(&[8; 32]);
    let vkey = Vkey::witness("witness.example", witness.public_key()).unwrap();
    world.trust.registries[0].quorum = Quorum::new(vec![vkey], 1).unwrap();
    let registry = &world.trust.registries[0];
    let mut bundle = world.bundle(1);
    let label = world.label().sign();
    let judge = |bundle: &Bundle, at: Timestamp| {
        let opened = bundle.open(registry).unwrap();
        let known = |_: &Label| Known::State(opened.knowledge(at));
        verify(&Evidence { label: &label, known: &known, signatures: &Strict }, &world.trust, at)
    };
    assert_reasons(&judge(&bundle, at(DAY)), Outcome::Undecided, &[Reason::NoQuorum]);
    let mut note = tlog::Note::parse(bundle.checkpoint.as_bytes()).unwrap();
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    note.add(tlog::NoteSignature::cosignature_v1(&checkpoint, "witness.example", &witness, at(DAY)).unwrap()).unwrap();
    bundle.checkpoint = note.to_string();
    let verdict = judge(&bundle, at(2 * DAY));
    assert_reasons(&verdict, Outcome::Verified, &[]);
    let log = verdict.findings.iter().find(|finding| finding.check == Check::Log).unwrap();
    assert_eq!(log.as_of, Some(at(DAY)), "not the time of asking");
    assert_reasons(&judge(&bundle, at(9 * DAY)), Outcome::Undecided, &[Reason::StaleSnapshot]);
}

#[test]
fn evidence_knows_of_rules_that_begin_after_its_last_entry() {
    let mut world = World::with_rules(vec![(0, 1), (2, 3)]);
    world.attest(200, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    let opened = world.bundle(1).open(&world.trust.registries[0]).unwrap();
    let label = world.label().sign();
    let known = |_: &Label| Known::State(opened.knowledge(at(DAY)));
    let verdict = verify(&Evidence { label: &label, known: &known, signatures: &Strict }, &world.trust, at(DAY));
    assert_reasons(&verdict, Outcome::Undecided, &[Reason::Unsupported]);
}

/// The log has not signed with the key that the trust file names. A build that could not check it does not say that anybody lied.
#[test]
fn evidence_without_the_ml_dsa_signature_that_is_asked_for_is_not_believed() {
    let mut world = World::new();
    let bundle = world.bundle(1);
    assert!(bundle.open(&world.trust.registries[0]).is_ok());
    let registry = &mut world.trust.registries[0];
    let key = tlog::Vkey::ml_dsa_44(registry.policy.origin.as_str(), &[7; tlog::ML_DSA_44_KEY_SIZE]).unwrap();
    let expected = if key.is_checkable() { Reason::LogInconsistent } else { Reason::Unsupported };
    registry.log_keys.push(key);
    let error = bundle.open(registry).unwrap_err();
    assert_eq!(error.reason(), expected);
    assert_eq!(expected.outcome(), Outcome::Undecided);
}

/// What the bundle's verdict about the good label is, some seconds after the start, and the `complete` finding.
fn judged(world: &World, bundle: &Bundle, seconds: u64) -> (Outcome, Vec<Reason>, Option<Found>) {
    let opened = bundle.open(&world.trust.registries[0]).unwrap();
    let known = |_: &Label| Known::State(opened.knowledge(at(seconds)));
    let evidence = Evidence { label: &world.label().sign(), known: &known, signatures: &Strict };
    let verdict = verify(&evidence, &world.trust, at(seconds));
    assert_schema(&verdict);
    let complete = verdict.findings.iter().find(|finding| finding.check == Check::Complete);
    (verdict.outcome, verdict.reasons.clone(), complete.map(|finding| finding.outcome))
}

/// Entries 0 accreditation, 1 attestation, 2 another, 3 root, 4 suspension of 1, 5 root, 6 another attestation.
fn bound() -> World {
    let mut world = World::with_rules(vec![(0, 2)]);
    world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    world.bind(30);
    world.change(100, false, Action::Suspend, Target::Attestations(vec![1]));
    world.bind(110);
    world.attest(120, Claims::NO_CHILD_LABOUR, "KTM-2028", 2);
    world
}

#[test]
fn under_a_status_root_no_hold_can_be_kept_back() {
    let world = bound();
    let registry = &world.trust.registries[0];
    let honest = world.bundle(1);
    assert_eq!(judged(&world, &honest, 200), (Outcome::Refused, vec![Reason::Suspended], Some(Found::Pass)));

    let hidden = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = honest.clone();
        bundle.entries.retain(|entry| entry.index != 4);
        change(&mut bundle);
        bundle.open(registry).map(drop).map_err(|error| (error.code(), error.reason()))
    };
    let caught = Err(("status_not_bound", Reason::LogInconsistent));
    assert_eq!(hidden(&|_| {}), caught);
    // A proof for another leaf does not help, nor one for the accreditation in its place.
    assert_eq!(hidden(&|bundle| bundle.status = world.bundle(2).status), caught);
    assert_eq!(hidden(&|bundle| bundle.status.as_mut().unwrap().attestation.clear()), caught);
    // What is no status root.
    let other = |bundle: &mut Bundle, entry: &BundleEntry| bundle.status.as_mut().unwrap().root = entry.clone();
    assert_eq!(hidden(&|bundle| other(bundle, &honest.entries[1])), Err(("no_status_root", Reason::LogInconsistent)));
    assert_eq!(
        hidden(&|bundle| bundle.status.as_mut().unwrap().root.index = 3),
        Err(("root_mismatch", Reason::LogInconsistent))
    );
}

#[test]
fn what_is_not_bound_soon_enough_is_not_told() {
    let world = bound();
    // The root before the suspension, which is left out: true as far as it goes.
    let mut old = World::with_rules(vec![(0, 2)]);
    old.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    old.bind(30);
    let proofs = old.bundle(1).status.unwrap();
    let mut bundle = world.bundle(1);
    bundle.entries.retain(|entry| entry.index != 4);
    let root = world.proved(3);
    bundle.status = Some(StatusProof { root, ..proofs });
    assert_eq!(judged(&world, &bundle, 200).2, Some(Found::Pass), "hidden for ten minutes at the most");
    assert_eq!(judged(&world, &bundle, 30 + 600).0, Outcome::Verified);
    let late = judged(&world, &bundle, 30 + 601);
    assert_eq!(late, (Outcome::Undecided, vec![Reason::NoStatus], Some(Found::Unknown)));
    // A suspension that is shown counts all the same, and what is final is told without any proof.
    assert_eq!(judged(&world, &world.bundle(1), 110 + 600).1, [Reason::Suspended]);

    bundle.status = None;
    assert_eq!(judged(&world, &bundle, 200).1, [], "the log is so young that it owes no root");
    assert_eq!(judged(&world, &bundle, 601), (Outcome::Undecided, vec![Reason::NoStatus], Some(Found::Unknown)));
    bundle.entries.remove(0);
    assert_eq!(bundle.open(&world.trust.registries[0]).unwrap_err().code(), "issuer_missing");
}

#[test]
fn what_came_after_the_root_adds_to_it() {
    let mut world = bound();
    world.bind(130);
    assert_eq!(judged(&world, &world.bundle(1), 130 + 600).1, [Reason::Suspended]);
    assert_eq!(judged(&world, &world.bundle(1), 130 + 601).1, [Reason::NoStatus], "though the root ends the log");
    world.change(140, false, Action::Withdraw, Target::Attestations(vec![1]));
    assert_eq!(judged(&world, &world.bundle(1), 200).1, [Reason::Withdrawn, Reason::Suspended]);
}

/// Withdrawn a month ago, its certifier attests together with a registry that leaves the withdrawal out.
#[test]
fn the_certifier_of_an_attestation_newer_than_the_root_is_held_against_it() {
    let mut world = World::with_rules(vec![(0, 2)]);
    world.change(100, true, Action::Withdraw, Target::Party(did("did:web:certifier.example")));
    world.bind(30 * DAY);
    world.attest(30 * DAY + 10, Claims::NO_CHILD_LABOUR, "KTM-2028", 2);
    assert!(world.state.row(4).is_none(), "the law refuses it");
    let mut bundle = world.bundle(1);
    bundle.index = 4;
    bundle.entries = vec![world.proved(0), world.proved(4)];
    bundle.status.as_mut().unwrap().attestation.clear();
    assert_eq!(bundle.open(&world.trust.registries[0]).unwrap_err().code(), "status_not_bound");
}

/// Forty bytes that every fold ignores, and that would speak for the log for ever.
#[test]
fn a_root_of_a_time_that_the_law_refuses_is_none() {
    let code = |time: Timestamp, at_seconds: u64| {
        let mut world = World::with_rules(vec![(0, 2)]);
        world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
        let root = world.state.status_tree(3).unwrap().root();
        world.change(25, false, Action::Withdraw, Target::Attestations(vec![1]));
        let free = world.state.clone();
        let leaves: Vec<_> =
            (0..4).map(|index| if index == 1 { vec![1] } else { free.status_leaf(index, 4) }).collect();
        let tree: MemoryTree = leaves.iter().map(|leaf| tlog::leaf_hash(leaf)).collect();
        let lie = registry::StatusRoot { received_at: time, root: tlog::root(4, &tree).unwrap() };
        assert_ne!(lie.root, root);
        world.entries.push(lie.encode().to_vec());
        let prove = |index| base64(tlog::inclusion_proof(index, 4, &tree).unwrap());
        let status = StatusProof { root: world.proved(4), attestation: prove(1), certifier: prove(0) };
        let mut bundle = world.bundle(1);
        bundle.entries.retain(|entry| entry.index < 2);
        bundle.status = Some(status);
        match bundle.open(&world.trust.registries[0]) {
            Ok(_) => judged(&world, &bundle, at_seconds).1.first().map_or("verified", |reason| reason.code()),
            Err(error) => error.code(),
        }
    };
    assert_eq!(code(Timestamp::from_millis((1 << 56) - 1), 200 * DAY), "no_status_root");
    assert_eq!(code(at(5), 200), "no_status_root", "before the attestation that it covers");
    assert_eq!(code(at(90 * DAY), 200), "no_status", "ahead of every clock");
    // The law refuses it, and an audit tells; for ten minutes one customer may be lied to.
    assert_eq!(code(at(30), 631), "no_status");
}

#[test]
fn evidence_about_an_accreditation_is_what_became_of_its_party() {
    let mut world = bound();
    world.accredit(125, &[0, 1], &[]);
    world.bind(130);
    assert!(world.bundle(0).open(&world.trust.registries[0]).is_ok());
    let mut hidden = world.bundle(0);
    hidden.entries.truncate(1);
    assert_eq!(hidden.open(&world.trust.registries[0]).unwrap_err().code(), "status_not_bound");
}

#[test]
fn rules_without_status_roots_prove_nothing_and_ask_for_nothing() {
    let mut world = World::with_rules(vec![(0, 1)]);
    world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    assert_eq!(judged(&world, &world.bundle(1), DAY), (Outcome::Verified, vec![], None));
}
