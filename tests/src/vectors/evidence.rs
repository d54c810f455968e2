//! Evidence bundles that do not hold: never the label's fault, so that its verdict is undecided.

use primitives::{Timestamp, base64};
use registry::StatusRoot;
use serde_json::{Value, json};
use statement::Entry;
use statement::sample::instant;
use tlog::{Checkpoint, EMPTY_ROOT, MemoryTree, Note, NoteSignature, leaf_hash};
use verify::{Bundle, BundleEntry, StatusProof};

use super::forge::replaced;
use super::world::{AT, NOBODY, WITNESSED, World, index, key, received_at, signed_checkpoint};
use super::{Expected, Part, labels};

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("evidence");
    let mut add_at = |at: &str, name: &str, about: &str, label: String, bundle: Bundle, expected| {
        let bundle: Value = serde_json::to_value(bundle).expect("plain values");
        part.add(name, about, [("label", json!(label)), ("at", json!(at)), ("bundle", bundle)], expected);
    };
    unbound(world, &mut add_at);
    let mut add = |name: &str, about: &str, label, bundle, expected| add_at(AT, name, about, label, bundle, expected);
    let good = world.bundle(index::GOOD);
    let changed = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = good.clone();
        change(&mut bundle);
        bundle
    };
    add("good", "Nothing is wrong.", labels::good(), good.clone(), Expected::verdict("verified", &[]));

    let mut extra = world.bundle(index::SUSPENDED_BY_ACCREDITOR);
    extra.entries.push(world.proved(&world.tree(), index::REFUSED_LIFT));
    let about = "With an entry that the law refuses: the certifier lifts a hold that is the accreditor's.";
    let held = labels::of(index::SUSPENDED_BY_ACCREDITOR, "HELD");
    add("another-holders-lift", about, held, extra, Expected::verdict("refused", &["suspended"]));

    let mut fails = |code: &str, reason: &str, name: &str, about: &str, bundle: Bundle| {
        let expected = Expected::verdict("undecided", &[reason]).with_code(code);
        add(name, about, labels::good(), bundle, expected);
    };
    let mut lies = |code: &str, name: &str, about: &str, bundle| fails(code, "log_inconsistent", name, about, bundle);
    let size = world.state.size();
    let (now, later) = (format!("\n{size}\n"), format!("\n{}\n", size + 1));
    let resized = changed(&|bundle| bundle.checkpoint = replaced(&bundle.checkpoint, &now, &later));
    lies("bad_signature", "checkpoint-resized", "Another size in the checkpoint.", resized);
    let stranger = signed_checkpoint(&world.tree(), &key::stranger());
    let unknown = changed(&|bundle| bundle.checkpoint.clone_from(&stranger));
    lies("no_known_signature", "checkpoint-of-nobody", "A checkpoint that no known key signed.", unknown);
    let other = Checkpoint::new("other.example", 0, EMPTY_ROOT).expect("a checkpoint");
    let other = other.sign(&key::log()).expect("it signs").to_string();
    let other = changed(&|bundle| bundle.checkpoint.clone_from(&other));
    lies("no_known_signature", "checkpoint-of-another-log", "The checkpoint of another log.", other);
    let entry = Entry::encode(received_at(0), world.statement(index::GOOD).as_bytes());
    let backdated = changed(&|bundle| {
        let entry = base64::encode(&entry);
        entry_mut(bundle, index::GOOD, |found| found.entry.clone_from(&entry));
    });
    lies("root_mismatch", "entry-backdated", "Another time of receipt.", backdated);
    let moved = changed(&|bundle| entry_mut(bundle, index::GOOD, |found| found.index += 1));
    lies("root_mismatch", "entry-moved", "Another index.", Bundle { index: index::GOOD + 1, ..moved });
    let cut = changed(&|bundle| entry_mut(bundle, index::GOOD, |found| found.proof.truncate(2)));
    lies("proof_length", "proof-cut", "A proof without its last hashes.", cut);
    let beyond = changed(&|bundle| {
        let entry = BundleEntry { index: size, ..bundle.entries.last().expect("entries").clone() };
        bundle.entries.push(entry);
    });
    lies("index_beyond_size", "entry-beyond-the-log", "An entry that the checkpoint does not reach.", beyond);

    let mut broken = |code: &str, name: &str, about: &str, bundle| fails(code, "network", name, about, bundle);
    let without = |index| changed(&|bundle| bundle.entries.retain(|entry| entry.index != index));
    broken("entry_missing", "attestation-left-out", "The attestation is left out.", without(index::GOOD));
    let about = "The accreditations are left out: the attestation would be nobody's.";
    let mut nobody = without(0);
    nobody.entries.retain(|entry| entry.index == index::GOOD);
    broken("issuer_missing", "accreditation-left-out", about, nobody);
    broken("order", "entries-out-of-order", "Entries out of order.", changed(&|bundle| bundle.entries.reverse()));
    let twice = changed(&|bundle| bundle.entries.insert(0, bundle.entries.first().expect("entries").clone()));
    broken("order", "entry-twice", "The same entry twice.", twice);
    let padded = changed(&|bundle| entry_mut(bundle, index::GOOD, |found| found.entry.push('=')));
    broken("not_base64", "entry-not-base64", "An entry that is not canonical base64.", padded);
    let hash = changed(&|bundle| {
        entry_mut(bundle, index::GOOD, |found| found.proof.first_mut().expect("hashes").truncate(40));
    });
    broken("not_base64", "hash-short", "A hash of 30 bytes.", hash);
    trusted_otherwise(world, &mut part);
    part
}

/// With other trust files: one that names nobody, and one that asks for a witness.
fn trusted_otherwise(world: &World, part: &mut Part) {
    let good = world.bundle(index::GOOD);
    let checkpoint =
        Checkpoint::parse(Note::parse(good.checkpoint.as_bytes()).expect("a note").text()).expect("a checkpoint");
    let mut note = Note::parse(good.checkpoint.as_bytes()).expect("a note");
    let line = NoteSignature::cosignature_v1(&checkpoint, "witness.example", &key::witness(), instant(AT));
    note.add(line.expect("it signs")).expect("there is room");
    let seen = Bundle { checkpoint: note.to_string(), ..good.clone() };
    let undecided = |reason| Expected::verdict("undecided", &[reason]);
    for (name, about, trust, bundle, expected) in [
        ("trust-in-nobody", "The trust file names no registry.", NOBODY, &good, undecided("no_trust")),
        (
            "no-witness",
            "The trust file asks for a witness, and none has signed.",
            WITNESSED,
            &good,
            undecided("no_quorum"),
        ),
        (
            "witnessed",
            "The witness that the trust file asks for has signed.",
            WITNESSED,
            &seen,
            Expected::verdict("verified", &[]),
        ),
    ] {
        let bundle = serde_json::to_value(bundle).expect("plain values");
        let given = [("label", json!(labels::good())), ("at", json!(AT)), ("bundle", bundle), ("trust", json!(trust))];
        part.add(name, about, given, expected);
    }
}

/// What the status root says of entries that are left out, and what there is to say without one.
fn unbound(world: &World, add: &mut impl FnMut(&str, &str, &str, String, Bundle, Expected)) {
    let mut lies = |code: &str, name: &str, about: &str, label: String, bundle: Bundle| {
        let expected = Expected::verdict("undecided", &["log_inconsistent"]).with_code(code);
        add(AT, name, about, label, bundle, expected);
    };
    let without = |of, entry| {
        let mut bundle = world.bundle(of);
        bundle.entries.retain(|found| found.index != entry);
        bundle
    };
    let status = |of, change: &dyn Fn(&mut StatusProof)| {
        let mut bundle = world.bundle(of);
        bundle.status.iter_mut().for_each(change);
        bundle
    };
    let (withdrawn, other) =
        (labels::of(index::WITHDRAWN, "WITHDRAWN"), labels::of(index::OF_SUSPENDED_CERTIFIER, "OTHER"));
    let bundle = without(index::WITHDRAWN, index::WITHDRAWAL);
    lies("status_not_bound", "withdrawal-left-out", "The withdrawal is left out.", withdrawn, bundle);
    let bundle = without(index::OF_SUSPENDED_CERTIFIER, index::PARTY_SUSPENSION);
    lies(
        "status_not_bound",
        "suspension-of-the-certifier-left-out",
        "The certifier's suspension is left out.",
        other,
        bundle,
    );
    let cut = status(index::GOOD, &|status| status.attestation.truncate(2));
    lies("status_not_bound", "status-proof-cut", "A status proof without its last hashes.", labels::good(), cut);
    let swapped = status(index::GOOD, &|status| status.certifier.clone_from(&status.attestation));
    lies(
        "status_not_bound",
        "status-proof-swapped",
        "The attestation's proof in place of the certifier's.",
        labels::good(),
        swapped,
    );
    let statement = world.proved(&world.tree(), index::GOOD);
    let other = status(index::GOOD, &|status| status.root.clone_from(&statement));
    lies(
        "no_status_root",
        "status-root-a-statement",
        "A statement in place of the status root.",
        labels::good(),
        other,
    );
    let moved = status(index::GOOD, &|status| status.root.index -= 1);
    lies("root_mismatch", "status-root-moved", "The status root under another index.", labels::good(), moved);

    // A root that the law refuses, of the same tree but another time.
    let root = world.state.status_tree(index::STATUS_ROOT).expect("it has been reached").root();
    let dated = |received_at| {
        let mut entries = world.entries.clone();
        entries.pop();
        entries.push(StatusRoot { received_at, root }.encode().to_vec());
        let tree: MemoryTree = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut bundle = world.bundle_under(&tree, index::GOOD);
        let last = entries.last().map_or_else(String::new, |entry| base64::encode(entry));
        bundle.status.iter_mut().for_each(|status| status.root.entry.clone_from(&last));
        bundle
    };
    let beyond = dated(Timestamp::from_seconds(1 << 32));
    lies(
        "no_status_root",
        "status-root-after-2106",
        "A status root of a time that no entry may have.",
        labels::good(),
        beyond,
    );
    let before = dated(received_at(1));
    lies(
        "no_status_root",
        "status-root-backdated",
        "A status root dated before what it covers.",
        labels::good(),
        before,
    );
    let ahead = dated(instant("2026-06-01T13:00:00Z"));
    let verified = || Expected::verdict("verified", &[]);
    let untold = || Expected::verdict("undecided", &["no_status"]);
    add(AT, "status-root-ahead", "A status root dated an hour ahead of every clock.", labels::good(), ahead, untold());

    // The log goes on, and the root grows old.
    let mut tree = world.tree();
    tree.push(leaf_hash(&Entry::encode(received_at(index::STATUS_ROOT + 1), b"whatever comes next")));
    let longer = world.bundle_under(&tree, index::GOOD);
    let bare = Bundle { status: None, ..longer.clone() };
    let (soon, late) = ("2026-06-01T12:08:50Z", "2026-06-01T12:08:51Z");
    let about = "The status root is ten minutes old.";
    add(soon, "status-root-young", about, labels::good(), longer.clone(), verified());
    let about = "The status root is older than ten minutes.";
    add(late, "status-root-old", about, labels::good(), longer, untold());
    let about = "No status root, and the log's first entry shows that it owes one.";
    add(late, "status-root-missing", about, labels::good(), bare.clone(), untold());
    let about = "No status root, in a log that is too young to owe one.";
    add("2026-06-01T12:05:00Z", "status-root-not-owed", about, labels::good(), bare, verified());
}

fn entry_mut(bundle: &mut Bundle, index: u64, change: impl FnOnce(&mut BundleEntry)) {
    change(bundle.entries.iter_mut().find(|entry| entry.index == index).expect("an entry"));
}
