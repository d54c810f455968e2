//! Evidence bundles that do not hold: never the label's fault, so that its verdict is undecided.

use primitives::base64;
use serde_json::{Value, json};
use statement::Entry;
use tlog::{Checkpoint, EMPTY_ROOT};
use verify::{Bundle, BundleEntry};

use super::forge::replaced;
use super::world::{AT, World, inclusion, index, key, received_at, signed_checkpoint};
use super::{Expected, Part, labels};

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("evidence");
    let mut add = |name: &str, about: &str, label: String, bundle: Bundle, expected| {
        let bundle: Value = serde_json::to_value(bundle).expect("plain values");
        part.add(name, about, [("label", json!(label)), ("at", json!(AT)), ("bundle", bundle)], expected);
    };
    let good = world.bundle(index::GOOD);
    let changed = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = good.clone();
        change(&mut bundle);
        bundle
    };
    add("good", "Nothing is wrong.", labels::good(), good.clone(), Expected::verdict("verified", &[]));

    let mut extra = world.bundle(index::SUSPENDED_BY_ACCREDITOR);
    let last = world.state.size() - 1;
    let proof = inclusion(&world.tree(), last).iter().map(primitives::Hash::to_base64).collect();
    extra.entries.push(BundleEntry { index: last, entry: base64::encode(world.entry(last)), proof });
    let about = "With an entry that the law refuses: the certifier lifts a hold that is the accreditor's.";
    add("another-holders-lift", about, labels::held(), extra, Expected::verdict("refused", &["suspended"]));

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
    part
}

fn entry_mut(bundle: &mut Bundle, index: u64, change: impl FnOnce(&mut BundleEntry)) {
    change(bundle.entries.iter_mut().find(|entry| entry.index == index).expect("an entry"));
}
