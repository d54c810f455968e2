//! Status roots: when the registry owes one, what it binds, and what cannot be left out under it.

use primitives::{Hash, Timestamp};
use registry::{Folded, Ignored, Policy, Refusal, STATUS_ROOT_EVERY_MILLIS, State, StatusRoot};
use statement::{Action, Entry};
use tlog::{MemoryTree, leaf_hash, verify_inclusion};

use crate::world::*;

fn bound() -> Policy {
    Policy { rules: vec![(0, 2)], ..policy() }
}

fn later(time: Timestamp, millis: u64) -> Timestamp {
    Timestamp::from_millis(time.millis() + millis)
}

impl World {
    /// Writes the registry's own next entry; gives its index and root.
    fn bind(&mut self) -> (u64, Hash) {
        let root = self.state.bind_status(self.now).unwrap();
        self.log.push(root.encode().to_vec());
        (self.state.size() - 1, root.root)
    }
}

/// The root over the leaves, one by one.
fn made_anew(state: &State, size: u64) -> Hash {
    let mut tree = MemoryTree::new();
    (0..size).for_each(|index| tree.push(leaf_hash(&state.status_leaf(index, size))));
    let Ok(root) = tlog::root(size, &tree) else { panic!("a tree of {size} leaves") };
    root
}

/// Two certifiers, four lots, some of them held, and four roots between.
fn busy() -> (World, Vec<(u64, Hash)>) {
    let mut world = World::with(bound());
    let mut roots = vec![];
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    world.accept(1, &accreditation(TILES, &[31], 0));
    let first = world.accept(21, &attestation(CARPETS, 0));
    roots.push(world.bind());
    let second = world.accept(31, &attestation(TILES, 0));
    world.accept(21, &attestation(CARPETS, 1));
    let held = world.accept(21, &change(CARPETS, Action::Suspend, &[first], None));
    roots.push(world.bind());
    world.accept(1, &party_change(ACCREDITOR, Action::Suspend, TILES, None));
    roots.push(world.bind());
    world.accept(1, &change(ACCREDITOR, Action::Withdraw, &[second], None));
    world.accept(21, &change(CARPETS, Action::Reinstate, &[first], Some(held)));
    world.accept(1, &accreditation(CARPETS, &[22], 9));
    roots.push(world.bind());
    (world, roots)
}

#[test]
fn a_root_is_that_of_the_tree_over_the_leaves_and_replays() {
    let (world, roots) = busy();
    world.replay();
    for (size, root) in roots {
        assert_eq!(made_anew(&world.state, size), root, "{size}");
        assert_eq!(world.state.status_tree(size).unwrap().root(), root, "{size}: from a later state");
        assert_eq!(world.state.status_root(size), Some(root), "{size}: without the tree");
    }
    assert_eq!(world.state.counts().status_roots, 4);
    assert!(world.state.status_tree(world.state.size() + 1).is_none());
}

#[test]
fn leaves_name_the_entries_that_changed_a_status() {
    let (world, _) = busy();
    let leaf = |index, size| {
        let leaf = world.state.status_leaf(index, size);
        let entries =
            leaf.get(1..).unwrap_or_default().as_chunks::<8>().0.iter().map(|bytes| u64::from_be_bytes(*bytes));
        (leaf.first().copied(), entries.collect::<Vec<_>>())
    };
    let size = world.state.size();
    assert_eq!(leaf(0, size), (Some(2), vec![0, 12]), "carpets: accredited twice");
    assert_eq!(leaf(0, 12), (Some(2), vec![0]), "as it was");
    assert_eq!(leaf(1, size), (Some(2), vec![1, 8]), "tiles: suspended");
    assert_eq!(leaf(2, size), (Some(1), vec![6, 11]));
    assert_eq!(leaf(4, size), (Some(1), vec![10]));
    assert_eq!(leaf(5, size), (Some(1), vec![]), "nothing has happened to it");
    for index in [3, 6, 8, 10, size, u64::MAX] {
        assert_eq!(leaf(index, size), (None, vec![]), "{index} has no status");
    }
}

#[test]
fn nothing_that_decides_can_be_left_out_under_a_root() {
    let (world, roots) = busy();
    let (size, root) = roots[3];
    let prover = world.state.status_tree(size).unwrap();
    let holds = |state: &State, index: u64| {
        let leaf = leaf_hash(&state.status_leaf(index, size));
        verify_inclusion(&leaf, index, size, &prover.prove(index).unwrap(), &root).is_ok()
    };
    for lot in [2, 4, 5] {
        let entries = world.state.relevant_entries(lot);
        let party = world.state.issuer_of(world.state.row(lot).unwrap()).unwrap().first_index();
        let fold = |without: Option<u64>| {
            let mut state = State::new(bound());
            for entry in entries.iter().filter(|entry| Some(**entry) != without) {
                state.fold_at(*entry, &world.log[usize::try_from(*entry).unwrap()]);
            }
            state
        };
        assert!(holds(&fold(None), lot) && holds(&fold(None), party), "{lot}");
        for without in &entries {
            let state = fold(Some(*without));
            assert!(!holds(&state, lot) || !holds(&state, party), "{lot} without {without}");
        }
    }
}

#[test]
fn approvals_count_once_the_accreditation_takes_effect() {
    let mut world = World::with(bound());
    let mut both = accreditation(CARPETS, &[21], 0);
    both.issuer = did(BOARD);
    world.accept(11, &both);
    assert_eq!(world.state.status_leaf(0, 1), b"");
    world.bind();
    world.accept(12, &both);
    assert_eq!(world.state.status_leaf(2, 3), [&[2][..], &0u64.to_be_bytes(), &2u64.to_be_bytes()].concat());
    assert_eq!(world.state.status_leaf(2, 2), [2], "the tree before it does not reach it");
    world.bind();
    world.replay();
}

#[test]
fn a_root_is_due_five_minutes_after_the_one_before() {
    let mut world = World::with(bound());
    assert!(!world.state.is_status_root_due(later(world.now, 1 << 40)), "nothing is to be bound");
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    let began = world.now;
    assert!(!world.state.is_status_root_due(later(began, STATUS_ROOT_EVERY_MILLIS)));
    assert!(world.state.is_status_root_due(later(began, STATUS_ROOT_EVERY_MILLIS + 1)));

    world.now = later(began, STATUS_ROOT_EVERY_MILLIS);
    let refusal = world.submit(21, &attestation(CARPETS, 0)).unwrap_err();
    assert_eq!((refusal.code(), refusal), ("status_root_due", Refusal::StatusRootDue(world.now)));
    world.bind();
    assert_eq!(world.state.last_status_root(), Some((1, world.now)));
    world.accept(21, &attestation(CARPETS, 0));
    world.replay();
}

#[test]
fn a_missing_root_is_the_registrys_fault_and_not_the_statements() {
    let mut world = World::with(bound());
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    world.now = later(world.now, STATUS_ROOT_EVERY_MILLIS);
    for slot in 0..2 {
        let folded = world.log_anyway(21, &attestation(CARPETS, slot));
        assert!(matches!(folded, Folded::Applied(_)), "{folded:?}");
    }
    assert_eq!(world.state.first_status_root_overdue(), Some(1));
    assert_eq!(world.replay().first_status_root_overdue(), Some(1));
}

#[test]
fn a_root_that_the_entries_do_not_give_is_refused_and_leaves_the_tree_right() {
    let (mut world, _) = busy();
    let honest = world.state.clone();
    world.accept(22, &attestation(CARPETS, 7));
    let forged = StatusRoot { received_at: world.now, root: Hash::of(b"something else") };
    let folded = world.log_bytes(forged.encode().to_vec());
    let expected = world.state.status_tree(world.state.size() - 1).unwrap().root();
    let refusal = Refusal::OtherStatusRoot { found: forged.root, expected };
    assert_eq!(folded, Folded::Ignored(Ignored::Refused(refusal)));
    assert_eq!(world.state.last_status_root(), honest.last_status_root());
    // A hold on an old lot after it: the tree that was grown for the forged root must not keep the old leaf.
    world.accept(22, &change(CARPETS, Action::Suspend, &[5], None));
    let (size, root) = world.bind();
    assert_eq!(made_anew(&world.state, size), root);
    world.replay();

    let early = StatusRoot { received_at: minutes(0), root: Hash::of(b"") };
    let folded = world.log_bytes(early.encode().to_vec());
    assert!(matches!(folded, Folded::Ignored(Ignored::Refused(Refusal::ReceivedOutOfOrder { .. }))), "{folded:?}");
}

#[test]
fn large_trees_grow_to_what_they_are_made_anew() {
    let mut world = World::with(bound());
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    let still = world.now;
    let (mut lots, mut held) = (vec![], 0);
    for slot in 0..420 {
        world.now = Timestamp::from_millis(still.millis() - 60_000);
        lots.push(world.accept(21, &attestation(CARPETS, slot)));
        if slot % 7 == 0 {
            let lot = lots[held];
            world.now = Timestamp::from_millis(still.millis() - 60_000);
            world.accept(21, &change(CARPETS, Action::Withdraw, &[lot], None));
            held += 3;
        }
        if slot % 29 == 0 {
            world.now = still;
            let (size, root) = world.bind();
            assert_eq!(made_anew(&world.state, size), root, "{size}");
            assert_eq!(world.state.status_root(size), Some(root), "{size}");
            assert_eq!(world.state.bound_status_tree().unwrap().root(), root, "{size}");
        }
    }
    world.replay();
}

#[test]
fn a_state_that_was_read_back_goes_on_with_the_same_roots() {
    let (mut world, _) = busy();
    world.accept(22, &change(CARPETS, Action::Suspend, &[5], None));
    world.accept(1, &accreditation(TILES, &[31, 32], 20));
    let mut read = State::decode(bound(), &world.state.encode()).unwrap();
    let mut ready = read.clone().with_status_tree();
    let (last, _) = ready.last_status_root().unwrap();
    assert_eq!(ready.bound_status_tree().unwrap().root(), world.state.status_tree(last).unwrap().root());
    assert!(read.bound_status_tree().is_none(), "what was read has none at hand");
    assert_eq!(read.last_status_root(), world.state.last_status_root());
    assert_eq!(read.counts(), world.state.counts());
    world.accept(22, &attestation(CARPETS, 9));
    read.fold(world.log.last().unwrap());
    ready.fold(world.log.last().unwrap());
    let bound = world.state.bind_status(world.now);
    assert_eq!((read.bind_status(world.now), ready.bind_status(world.now)), (bound.clone(), bound));
    assert_eq!(read.encode(), world.state.encode());
}

#[test]
fn under_the_first_rules_it_is_an_unknown_format_and_nothing_is_due() {
    let mut world = World::with_attestation();
    let root = StatusRoot { received_at: world.now, root: Hash::of(b"") }.encode();
    assert_eq!(world.log_bytes(root.to_vec()), Folded::Ignored(Ignored::UnknownFormat));
    assert!(!world.state.is_status_root_due(later(world.now, 1 << 40)));
    assert_eq!(world.state.first_status_root_overdue(), None);

    let mut changed = World::with(Policy { rules: vec![(0, 1), (2, 2)], ..policy() });
    changed.accept(1, &accreditation(CARPETS, &[21], 0));
    changed.now = later(changed.now, 1 << 33);
    let long_after = changed.accept(21, &attestation(CARPETS, 0));
    assert_eq!(long_after, 1);
    assert!(!changed.state.is_status_root_due(later(changed.now, 1 << 40)), "no entry is under the new rules yet");
    changed.bind();
    assert_eq!(changed.state.last_status_root(), Some((2, changed.now)), "the first index under the new rules");
    changed.replay();
    assert!(Entry::decode(changed.log.last().unwrap()).is_err(), "no statement");
}

/// A registry claims whatever size it likes: what is hashed depends on what there is.
#[test]
fn the_root_of_a_huge_log_costs_what_is_in_it() {
    let mut world = World::with(bound());
    world.accept(1, &accreditation(CARPETS, &[21], 0));
    world.accept(21, &attestation(CARPETS, 0));
    let mut bytes = world.state.encode();
    let size = 23 + 32;
    assert_eq!(bytes[size..size + 8], 2u64.to_be_bytes());
    for claimed in [1 << 26, 1 << 32, 1 << 60, u64::MAX] {
        bytes[size..size + 8].copy_from_slice(&u64::to_be_bytes(claimed));
        bytes[23..size].copy_from_slice(bound().digest_below(claimed).as_bytes());
        let state = State::decode(bound(), &bytes).unwrap();
        assert!(state.status_root(claimed).is_some());
    }
}
