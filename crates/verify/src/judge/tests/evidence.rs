//! Judging by evidence bundles.

use super::*;

impl World {
    /// The evidence for an index, as a registry gives it.
    fn bundle(&self, index: u64) -> Bundle {
        let tree: MemoryTree = self.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        let checkpoint = Checkpoint::new(ORIGIN, tree.size(), root).unwrap();
        let entries = self.state.relevant_entries(index).into_iter().map(|index| BundleEntry {
            index,
            entry: primitives::base64::encode(&self.entries[usize::try_from(index).unwrap()]),
            proof: tlog::inclusion_proof(index, tree.size(), &tree)
                .unwrap()
                .iter()
                .map(|hash| hash.to_base64())
                .collect(),
        });
        let checkpoint = checkpoint.sign(&SecretKey::from_seed(&[9; 32])).unwrap().to_string();
        Bundle { index, checkpoint, entries: entries.collect() }
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
    let mut world = World::with_rules(vec![(0, 1), (2, 2)]);
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
