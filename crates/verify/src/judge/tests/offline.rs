//! Judging by a snapshot, and as of a past day.

use registry::SnapshotHead;

use super::*;
use crate::{OpenSnapshotError, OpenedSnapshot};

impl World {
    /// The registry's snapshot: head and body.
    fn snapshot(&self, produced: Timestamp, expires: Timestamp) -> (String, Vec<u8>) {
        let tree: MemoryTree = self.entries.iter().map(|entry| tlog::leaf_hash(entry)).collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        let log_key = SecretKey::from_seed(&[9; 32]);
        let checkpoint = Checkpoint::new(ORIGIN, tree.size(), root).unwrap().sign(&log_key).unwrap().to_string();
        let body = self.state.snapshot();
        let head = SnapshotHead::sign(&body, &checkpoint, produced, expires, &log_key).unwrap().to_string();
        (head, body.pieces().flatten().collect())
    }

    fn open(&self, head: &str, body: &[u8]) -> Result<OpenedSnapshot, OpenSnapshotError> {
        let read = |offset: u64, length: u32| {
            let start = usize::try_from(offset).unwrap();
            body.get(start..start.checked_add(usize::try_from(length).unwrap())?)
        };
        OpenedSnapshot::open(head.as_bytes(), &self.trust.registries[0], read)
    }
}

fn by_snapshot(world: &World, snapshot: &OpenedSnapshot, label: &str, when: impl Into<When>) -> Verdict {
    let known = |_: &Label| Known::State(snapshot.knowledge());
    judged(label, &known, &world.trust, when.into())
}

#[test]
fn a_snapshot_gives_the_registrys_own_verdict() {
    let mut world = World::new();
    world.attest(20, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    world.change(100, false, Action::Suspend, Target::Attestations(vec![1]));
    let (head, body) = world.snapshot(at(200), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    for index in 0..5 {
        for lot in ["KTM-2026", "KTM-2027"] {
            let label = Blank { index, lot, ..world.label() }.sign();
            for at in [at(1000), at(2 * DAY), at(400 * DAY)] {
                let (own, offline) = (world.verify(&label, at), by_snapshot(&world, &snapshot, &label, at));
                if index < 4 && at.millis() < self::at(5 * DAY).millis() {
                    assert_eq!((own.outcome, own.reasons), (offline.outcome, offline.reasons), "{index} {lot}");
                } else {
                    assert_ne!(offline.outcome, Outcome::Verified, "{index} {lot}");
                }
            }
        }
    }
}

#[test]
fn no_bit_of_a_snapshot_can_be_changed() {
    let mut world = World::new();
    world.change(100, false, Action::Suspend, Target::Attestations(vec![1]));
    let (head, body) = world.snapshot(at(200), at(30 * DAY));
    for place in 0..body.len() {
        for bit in [1, 0x80] {
            let mut flipped = body.clone();
            flipped[place] ^= bit;
            assert!(world.open(&head, &flipped).is_err(), "byte {place}");
        }
        assert!(world.open(&head, &body[..place]).is_err(), "cut to {place}");
    }
    for place in 0..head.len() {
        let mut flipped = head.clone().into_bytes();
        flipped[place] ^= 1;
        if let Ok(flipped) = String::from_utf8(flipped) {
            assert!(world.open(&flipped, &body).is_err(), "byte {place}");
        }
    }
    // The body of one size under the head of another.
    world.attest(300, Claims::NO_CHILD_LABOUR, "KTM-2027", 1);
    let (newer, _) = world.snapshot(at(400), at(30 * DAY));
    assert!(world.open(&newer, &body).is_err());
}

#[test]
fn a_snapshot_is_good_until_its_age_or_the_registry_says_otherwise() {
    let world = World::new();
    let label = world.label().sign();
    let (head, body) = world.snapshot(at(DAY), at(3 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    assert_reasons(&by_snapshot(&world, &snapshot, &label, at(2 * DAY)), Outcome::Verified, &[]);
    // The trust file would give it seven days, the registry gave three.
    let expired = by_snapshot(&world, &snapshot, &label, at(3 * DAY + 1));
    assert_reasons(&expired, Outcome::Undecided, &[Reason::StaleSnapshot]);
    let (head, body) = world.snapshot(at(DAY), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    assert_reasons(&by_snapshot(&world, &snapshot, &label, at(8 * DAY)), Outcome::Verified, &[]);
    let old = by_snapshot(&world, &snapshot, &label, at(8 * DAY + 1));
    assert_reasons(&old, Outcome::Undecided, &[Reason::StaleSnapshot]);
}

#[test]
fn a_clock_that_is_years_off_is_told_as_such_and_never_as_a_bad_label() {
    let world = World::new();
    let label = world.label().sign();
    let (head, body) = world.snapshot(at(DAY), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    let ten_years = 3650 * DAY;
    for wrong in [Timestamp::from_seconds(0), Timestamp::from_seconds(START - ten_years), at(ten_years), at(DAY - 301)]
    {
        let verdict = by_snapshot(&world, &snapshot, &label, wrong);
        assert_reasons(&verdict, Outcome::Undecided, &[Reason::Clock]);
    }
    // Honest clocks lie apart.
    assert_reasons(&by_snapshot(&world, &snapshot, &label, at(DAY - 200)), Outcome::Verified, &[]);
}

#[test]
fn as_of_gives_the_standing_of_that_day_and_tells_todays() {
    let mut world = World::new();
    world.change(3 * DAY, false, Action::Suspend, Target::Attestations(vec![1]));
    world.change(5 * DAY, true, Action::Withdraw, Target::Attestations(vec![1]));
    let label = world.label().sign();
    let (head, body) = world.snapshot(at(6 * DAY), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    let today = at(6 * DAY + 100);
    let told = |verdict: &Verdict| {
        let finding = verdict.findings.iter().find(|finding| finding.check == Check::Today);
        finding.map(|finding| (finding.outcome, finding.detail.to_string()))
    };
    for (day, outcome, reasons) in [
        (1, Outcome::Verified, &[][..]),
        (4, Outcome::Refused, &[Reason::Suspended]),
        (5, Outcome::Refused, &[Reason::Withdrawn, Reason::Suspended]),
    ] {
        let verdict = by_snapshot(&world, &snapshot, &label, When::as_of(at(day * DAY + 60), today));
        assert_reasons(&verdict, outcome, reasons);
        let (found, detail) = told(&verdict).unwrap();
        assert_eq!(found, Found::Caution);
        assert!(detail.contains("withdrawn by the accreditor"), "{detail}");
    }
    // Before the log had it, it was not attested, whatever its days say.
    let before = by_snapshot(&world, &snapshot, &label, When::as_of(at(9), today));
    assert_reasons(&before, Outcome::Refused, &[Reason::UnknownAttestation]);
    assert_eq!(told(&by_snapshot(&world, &snapshot, &label, today)), None, "nothing to tell beside the verdict");
    // A day that the snapshot does not reach.
    let after = by_snapshot(&world, &snapshot, &label, When::as_of(at(20 * DAY), at(21 * DAY)));
    assert_reasons(&after, Outcome::Refused, &[Reason::Withdrawn, Reason::StaleSnapshot]);
}

#[test]
fn a_stolen_key_counts_whatever_the_day_and_an_old_snapshot_cannot_tell() {
    let mut world = World::new();
    let label = world.label().sign();
    let (head, body) = world.snapshot(at(6 * DAY), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    assert_reasons(
        &by_snapshot(&world, &snapshot, &label, When::as_of(at(2 * DAY), at(7 * DAY))),
        Outcome::Verified,
        &[],
    );
    // The snapshot tells of that day, and not of what became known about keys since.
    for (now, reason) in [(20 * DAY, Reason::StaleSnapshot), (4000 * DAY, Reason::Clock)] {
        let verdict = by_snapshot(&world, &snapshot, &label, When::as_of(at(2 * DAY), at(now)));
        assert_reasons(&verdict, Outcome::Undecided, &[reason]);
    }
    let verdict = by_snapshot(&world, &snapshot, &label, When::as_of(at(2 * DAY), at(4000 * DAY)));
    assert!(verdict.findings.iter().any(|finding| finding.check == Check::Today && finding.outcome == Found::Caution));
    world.accredit(6 * DAY, &[1], &[(0, 5 * DAY)]);
    let (head, body) = world.snapshot(at(7 * DAY), at(30 * DAY));
    let snapshot = world.open(&head, &body).unwrap();
    let exposed = by_snapshot(&world, &snapshot, &label, When::as_of(at(2 * DAY), at(7 * DAY)));
    assert_reasons(&exposed, Outcome::Caution, &[Reason::KeyExposed]);
}
