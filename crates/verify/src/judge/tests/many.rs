//! Each label of many gets the verdict that it gets alone.

use super::*;
use crate::{Keyring, verify_many};

#[test]
fn each_label_of_many_gets_the_verdict_that_it_gets_alone() {
    let mut world = World::new();
    world.source = Source::Snapshot;
    world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    world.accredit(30, &[0, 1], &[]);
    world.attest(40, Claims::NO_CHILD_LABOUR, "KTM-2028", 2);
    world.change(100, false, Action::Suspend, Target::Attestations(vec![2]));
    let mut texts: Vec<String> = Vec::new();
    for number in 1..=40 {
        texts.push(Blank { number, ..world.label() }.sign());
        texts.push(Blank { number, index: 2, lot: "KTM-2027", ..world.label() }.sign());
        texts.push(Blank { number, index: 4, key: 1, lot: "KTM-2028", ..world.label() }.sign());
        let moved = texts[0].replace("/21/1", &std::format!("/21/{}", number + 1));
        texts.extend([moved, std::format!("nonsense {number}"), String::new()]);
        texts.push(Blank { number, origin: "other.example", ..world.label() }.sign());
        texts.push(Blank { number, index: 900, ..world.label() }.sign());
        texts.push(Blank { number, index: 900, ..world.label() }.sign_with(&SecretKey::from_seed(&[66; 32])));
        texts.push(Blank { number, ..world.label() }.sign_with(&SecretKey::from_seed(&[66; 32])));
        texts.push(Blank { number: number + 80, ..world.label() }.sign());
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let known = |_: &Label| {
        Known::State(Knowledge {
            state: &world.state,
            size: world.state.size(),
            source: world.source,
            as_of: world.state.last_received_at(),
            produced_at: None,
            good_until: None,
            quorum_met: true,
            attestation: None,
            scan_days: None,
            complete: Complete::Given,
        })
    };
    let mut keyring = Keyring::default();
    for time in [at(DAY), at(900 * DAY), Timestamp::from_seconds(0)] {
        let judged = verify_many(&texts, &known, &world.trust, time.into(), &mut keyring, &[7; 32]);
        assert_eq!(judged.len(), texts.len());
        for (text, many) in texts.iter().zip(judged) {
            let alone = world.verify(text, time);
            assert_eq!((many.outcome, &many.reasons), (alone.outcome, &alone.reasons), "{text}");
            let passed = |check| alone.findings.iter().any(|f| f.check == check && f.outcome == Found::Pass);
            // Past the end of the snapshot a good signature has no finding of its own.
            let is_past_the_end = many.label.as_ref().is_some_and(|label| label.index() == 900);
            assert!(many.is_genuine == passed(Check::Signature) || is_past_the_end, "{text}");
            assert_eq!(many.label, Label::parse(text).ok());
        }
    }
}
