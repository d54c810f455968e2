//! Verdicts over the API: one, many, and the evidence to check them by.

use std::collections::BTreeSet;
use std::time::Duration;

use primitives::Timestamp;
use serde_json::{Value, json};
use statement::{Action, StatusChange};
use verify::{Bundle, Evidence, Known, Outcome, Strict, Trust};

use crate::parties::{GTIN, LOT, certifier_key, now, sign_change};
use crate::world::{World, query};

#[test]
fn a_genuine_label_is_verified_with_its_facts() {
    let world = World::with_attestation();
    let verdict = world.judge(&world.parties.label(1, 17).to_uri());
    assert_eq!((&verdict["outcome"], &verdict["reasons"]), (&json!("verified"), &json!([])), "{verdict}");
    assert_eq!(verdict["attestation"]["product"], "Hand-knotted carpet");
    assert_eq!(verdict["attestation"]["certifier"], "Example Certifier");
    assert_eq!(verdict["attestation"]["accreditor"], "Example Scheme Authority");
    assert_eq!(verdict["label"]["serial"], "1-17");
    let schema: Value = serde_json::from_str(verify::VERDICT_SCHEMA).unwrap();
    jsonschema::validate(&schema, &verdict).unwrap();
    // Once more, from memory.
    let again = world.judge(&world.parties.label(1, 17).to_uri());
    assert_eq!(again["outcome"], "verified");
    assert_eq!(again["attestation"], verdict["attestation"]);
}

#[test]
fn each_thing_wrong_with_a_label_has_its_reason() {
    let world = World::with_attestation();
    let parties = &world.parties;
    let good = parties.label(1, 17).to_uri();
    let elsewhere = crate::parties::Parties::new("registry-example.example");
    let stranger = primitives::SecretKey::from_seed(&[9; 32]);
    let attestation = parties.attestation(0);
    for (label, outcome, reason) in [
        (good.replace("KTM-2026", "KTM-2027"), "refused", "forged_signature"),
        (good.replace("/21/1-17", "/21/1-18"), "refused", "forged_signature"),
        (parties.label(1, 101).to_uri(), "refused", "serial_out_of_range"),
        (parties.label(7, 1).to_uri(), "refused", "unknown_attestation"),
        (parties.label(0, 1).to_uri(), "refused", "unknown_attestation"),
        (parties.label_of(&attestation, 1, 1, &stranger).to_uri(), "refused", "unknown_certifier"),
        (elsewhere.label(1, 1).to_uri(), "refused", "foreign_origin"),
        ("https://registry.example/01/09521234543213".into(), "refused", "malformed"),
        ("hello".into(), "refused", "malformed"),
        (String::new(), "refused", "malformed"),
        (good.replace("HTTPS", "HTTP"), "refused", "malformed"),
    ] {
        let verdict = world.judge(&label);
        assert_eq!(
            (&verdict["outcome"], &verdict["reasons"][0]),
            (&json!(outcome), &json!(reason)),
            "{label}: {verdict}"
        );
    }
}

#[test]
fn a_verdict_follows_the_log() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 5).to_uri();
    assert_eq!(world.judge(&label)["outcome"], "verified");
    let suspension = world.change(Action::Suspend, 1, None);
    assert_eq!(world.judge(&label)["reasons"], json!(["suspended"]));
    let reinstatement = world.change(Action::Reinstate, 1, Some(suspension));
    assert_eq!(world.judge(&label)["outcome"], "verified");
    world.change(Action::Withdraw, 1, Some(reinstatement));
    assert_eq!(world.judge(&label)["reasons"], json!(["withdrawn"]));
}

#[test]
fn an_answer_given_before_has_the_time_of_now_and_ends_where_an_announced_change_begins() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 5).to_uri();
    let judge = || {
        let verdict = world.judge(&label);
        let as_of: Vec<&Value> =
            verdict["findings"].as_array().unwrap().iter().filter_map(|finding| finding.get("asOf")).collect();
        assert!(as_of.len() > 5 && as_of.iter().all(|time| **time == verdict["at"]), "{verdict}");
        let at = Timestamp::parse_rfc3339(verdict["at"].as_str().unwrap()).unwrap();
        let late = now().seconds() - at.seconds();
        assert!(late <= 1, "judged {late} s ago");
        (at, verdict["outcome"] == "verified")
    };
    let start = Timestamp::from_seconds(now().seconds() + 4);
    let announced = StatusChange { effective_from: start, ..world.parties.change(Action::Suspend, 1, None) };
    assert_eq!(world.post(&sign_change(&announced)).status, 201);
    let (mut before, mut after) = (BTreeSet::new(), 0);
    while after < 3 {
        let (at, verified) = judge();
        assert_eq!(verified, at < start, "{at}, suspended from {start} on");
        if verified {
            before.insert(at);
        } else {
            after += 1;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(before.len() >= 2, "seen in several seconds: {before:?}");
}

#[test]
fn a_query_that_two_readers_could_read_differently_is_refused() {
    let world = World::empty();
    for query in ["", "?label", "?Label=a", "?label=a&label=b", "?label=%", "?label=%ff", "?lab%65l=a&label=b"] {
        let answer = world.get(&format!("/v1/verify{query}"));
        let expected = if query == "?label" { (200, None) } else { (400, Some("bad_query".to_owned())) };
        assert_eq!((answer.status, (answer.status != 200).then(|| answer.code())), expected, "{query}");
    }
    assert_eq!(world.get_as("/v1/verify?label=a", "image/png").code(), "not_acceptable");
}

#[test]
fn a_batch_is_judged_label_by_label() {
    let world = World::with_attestation();
    let good = world.parties.label(1, 1).to_uri();
    let labels = [good.as_str(), "nonsense", &good.replace("KTM", "KTN"), &good];
    let body = serde_json::to_vec(&labels).unwrap();
    let answer = world.send("POST /v1/verify", &[("content-type", "application/json")], &body);
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    let summary = json!({ "labels": 4, "verified": 2, "caution": 0, "refused": 2, "undecided": 0 });
    assert_eq!(answer["summary"], summary);
    let outcomes: Vec<_> = answer["verdicts"].as_array().unwrap().iter().map(|verdict| &verdict["outcome"]).collect();
    assert_eq!(outcomes, ["verified", "refused", "refused", "verified"]);
    let lines = world.send("POST /v1/verify", &[("content-type", "text/plain")], labels.join("\r\n").as_bytes());
    assert_eq!(lines.json()["summary"], summary);
}

#[test]
fn a_batch_of_a_thousand_is_judged_and_one_more_is_too_many() {
    let world = World::with_attestation();
    let good = world.parties.label(1, 1).to_uri();
    let batch = |count: usize| serde_json::to_vec(&vec![good.as_str(); count]).unwrap();
    let json = [("content-type", "application/json")];
    let answer = world.send("POST /v1/verify", &json, &batch(1000));
    assert_eq!(answer.json()["summary"]["verified"], 1000);
    let answer = world.send("POST /v1/verify", &json, &batch(1001));
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_many_labels"));
    let answer = world.send("POST /v1/verify", &json, &vec![b' '; 512 * 1024 + 1]);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    let answer = world.send("POST /v1/verify", &json, b"[]");
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_batch"));
    let answer = world.send("POST /v1/verify", &[("content-type", "text/csv")], b"a");
    assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported_media_type"));
}

#[test]
fn a_lookup_finds_the_attestations_of_a_lot_newest_first() {
    let world = World::with_attestation();
    assert_eq!(world.attest(1), 2);
    world.change(Action::Suspend, 1, None);
    for target in [format!("/v1/attestations?gtin={GTIN}&lot={LOT}"), format!("/v1/attestations?gtin={GTIN}")] {
        let found = world.get(&target).json();
        assert_eq!(found["truncated"], false);
        let found = found["attestations"].as_array().unwrap();
        assert_eq!(found.len(), 2, "{target}");
        assert_eq!((&found[0]["index"], &found[0]["active"]), (&json!(2), &json!(true)));
        assert_eq!((&found[1]["index"], &found[1]["reasons"]), (&json!(1), &json!(["suspended"])));
        assert_eq!(found[1]["attestation"]["lot"], LOT);
    }
    for target in [format!("/v1/attestations?lot={LOT}"), format!("/v1/attestations?gtin={GTIN}&lot=X")] {
        assert_eq!(world.get(&target).json()["attestations"], json!([]), "{target}");
    }
    for (target, code) in [
        ("/v1/attestations", "bad_query"),
        ("/v1/attestations?gtin=09521234543214", "bad_gtin"),
        ("/v1/attestations?gtin=1", "bad_gtin"),
        ("/v1/attestations?lot=..", "bad_lot"),
        ("/v1/attestations?lot=", "bad_lot"),
    ] {
        let answer = world.get(target);
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{target}");
    }
}

#[test]
fn the_evidence_gives_anybody_the_registrys_own_verdict() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 5).to_uri();
    let suspension = world.change(Action::Suspend, 1, None);
    world.attest(1);
    let answer = world.get("/v1/attestations/1/evidence");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let bundle: Bundle = serde_json::from_slice(&answer.body).unwrap();
    let indexes: Vec<u64> = bundle.entries.iter().map(|entry| entry.index).collect();
    assert_eq!(indexes, [0, 1, suspension]);
    let trust = Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap();
    let opened = bundle.open(&trust.registries[0]).unwrap();
    let now = crate::parties::now();
    let known = |_: &label::Label| Known::State(opened.knowledge(now));
    let evidence = Evidence { label: &label, known: &known, signatures: &Strict };
    let verdict = verify::verify(&evidence, &trust, now);
    assert_eq!(verdict.outcome, Outcome::Refused);
    assert_eq!(verdict.reasons[0].code(), "suspended");
    let answer = world.get("/v1/attestations/x/evidence");
    assert_eq!((answer.status, answer.code().as_str()), (400, "bad_index"));
}

#[test]
fn that_an_index_is_no_attestation_is_proved() {
    let world = World::with_attestation();
    let trust = Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap();
    // Entry 0 is the accreditation; entry 9 is not there yet, and the log's first entry shows how young it is.
    for (index, entries) in [(0, 1), (9, 1)] {
        let bundle: Bundle =
            serde_json::from_slice(&world.get(&format!("/v1/attestations/{index}/evidence")).body).unwrap();
        assert_eq!((bundle.index, bundle.entries.len()), (index, entries));
        assert!(bundle.open(&trust.registries[0]).unwrap().attestation().is_none());
    }
}

#[test]
fn white_space_around_a_pasted_label_is_forgiven() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 5).to_uri();
    let answer = world.get(&format!("/v1/verify?label={}", query(&format!(" {label}\n"))));
    assert_eq!(answer.json()["outcome"], "verified");
    let _ = certifier_key();
}
