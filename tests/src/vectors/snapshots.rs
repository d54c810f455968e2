//! Snapshots, and labels judged by them alone. All but the good ones leave the label undecided, since none of it is its fault.

use primitives::{Hash, base64};
use serde_json::json;

use super::forge::replaced;
use super::world::{AT, ORIGIN, World, index, key};
use super::{Expected, Part, labels};

/// When the kit's snapshots are made, and when they run out.
const MADE: &str = "2026-06-01T12:00:00Z";
const ENDS: &str = "2026-07-01T00:00:00Z";

pub(super) fn part(world: &World) -> Part {
    let mut part = Part::new("snapshots");
    let mut add = |name: &str, about: &str, label: String, at: &str, head: &str, body: &[u8], expected: Expected| {
        let given =
            [("label", json!(label)), ("at", json!(at)), ("head", json!(head)), ("body", json!(base64::encode(body)))];
        part.add(name, about, given, expected);
    };
    let (head, body) = world.snapshot(MADE, ENDS);
    let good = labels::good;
    add("good", "Nothing is wrong.", good(), AT, &head, &body, Expected::verdict("verified", &[]));
    let held = Expected::verdict("refused", &["suspended"]);
    add(
        "good-suspended",
        "The label's attestation is suspended.",
        labels::of(index::SUSPENDED_BY_ACCREDITOR, "HELD"),
        AT,
        &head,
        &body,
        held,
    );
    let undecided = |reason| Expected::verdict("undecided", &[reason]);
    let newer = labels::newer(world.state.size());
    let about = "The label's attestation is past the end of the snapshot.";
    add("newer-than-snapshot", about, newer, AT, &head, &body, undecided("newer_than_snapshot"));
    let about = "The same with one bit of its signature: its key is known, so it is forged.";
    let forged = replaced(&labels::newer(world.state.size()), "-17", "-18");
    let expected = Expected::verdict("refused", &["forged_signature"]);
    add("newer-and-forged", about, forged, AT, &head, &body, expected);
    let about = "A second after the snapshot ran out.";
    add("stale", about, good(), "2026-07-01T00:00:01Z", &head, &body, undecided("stale_snapshot"));
    add(
        "good-at-its-end",
        "At the second at which it runs out.",
        good(),
        ENDS,
        &head,
        &body,
        Expected::verdict("verified", &[]),
    );
    let early = "2026-06-01T11:54:59Z";
    add(
        "clock-behind",
        "A clock more than five minutes before it was made.",
        good(),
        early,
        &head,
        &body,
        undecided("clock"),
    );
    let near = "2026-06-01T11:55:00Z";
    add(
        "good-clock-near",
        "A clock five minutes before it was made.",
        good(),
        near,
        &head,
        &body,
        Expected::verdict("verified", &[]),
    );

    let mut fails = |code: &str, name: &str, about: &str, head: &str, body: &[u8]| {
        add(name, about, good(), AT, head, body, undecided("no_status").with_code(code));
    };
    let swap = |from: &str, to: &str| replaced(&head, from, to);
    // The head is signed anew: only then is it read any further than its signature.
    let signed = |from: &str, to: &str| {
        let (text, _) = head.rsplit_once("\n\n").expect("an empty line");
        let text = replaced(&format!("{text}\n"), from, to);
        tlog::Note::sign(&text, ORIGIN, &key::log()).expect("it signs").to_string()
    };
    fails("unknown_version", "head-version", "Another version.", &swap("/v1\n", "/v2\n"), &body);
    fails("other_log", "head-of-another", "Of another registry.", &swap(ORIGIN, "other.example"), &body);
    fails(
        "bad_signature",
        "head-expires-later",
        "A later end than was signed.",
        &swap("2026-07-01", "2027-07-01"),
        &body,
    );
    fails("snapshot_head", "head-fraction", "A time with a fraction.", &signed("00:00:00Z", "00:00:00.5Z"), &body);
    fails(
        "snapshot_head",
        "head-ends-before",
        "It ends before it was made.",
        &signed("2026-07-01", "2026-01-01"),
        &body,
    );
    let length = body.len();
    let (line, more) = (format!("\n{length}\n"), format!("\n{}\n", length + 1));
    fails("other_size", "head-body-longer", "A longer body than the index lists.", &signed(&line, &more), &body);
    let checkpoint = world.checkpoint();
    let size = world.state.size();
    let forged = replaced(&checkpoint, &format!("\n{size}\n"), &format!("\n{}\n", size + 1));
    fails(
        "bad_signature",
        "head-checkpoint-resized",
        "Its checkpoint was changed.",
        &signed(&checkpoint, &forged),
        &body,
    );
    let smaller = {
        let tree = world.entries.iter().take(9).map(|entry| tlog::leaf_hash(entry)).collect();
        super::world::signed_checkpoint(&tree, &key::log())
    };
    let about = "A true checkpoint of another size than the body is of.";
    fails("other_size", "head-of-another-size", about, &signed(&checkpoint, &smaller), &body);

    let change = |place: usize| {
        let mut body = body.clone();
        if let Some(byte) = body.get_mut(place) {
            *byte ^= 1;
        }
        body
    };
    let index = world.state.snapshot().index().len();
    fails("wrong_digest", "index-changed", "One bit of the index.", &head, &change(40));
    fails("wrong_digest", "chunk-changed", "One bit of the first chunk.", &head, &change(index));
    fails("wrong_digest", "last-byte-changed", "One bit of the last byte.", &head, &change(length - 1));
    fails("missing_chunk", "body-cut", "The last byte is missing.", &head, body.get(..length - 1).expect("bytes"));
    fails("truncated", "body-empty", "No body.", &head, &[]);
    // As if made under a trust file that names another accreditor: the digest of the policy is the index's first.
    let other = change(31);
    let digests = (Hash::of(body.get(..index).expect("an index")), Hash::of(other.get(..index).expect("an index")));
    let head = signed(&digests.0.to_base64(), &digests.1.to_base64());
    let about = "The registry works under other accreditors or rules than the trust file names.";
    fails("policy_mismatch", "other-policy", about, &head, &other);
    part
}
