//! Statements: taken in, refused, given back.

use primitives::{SecretKey, Signer, base64};
use statement::{Action, Did, Origin};
use verify::Trust;

use crate::parties::{
    ACCREDITOR, CERTIFIER, Parties, certifier_key, sign_accreditation, sign_attestation, sign_change,
};
use crate::world::World;

fn trust(world: &World) -> Trust {
    Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap()
}

/// A token with a true signature over whatever header and payload.
fn token(header: &str, payload: &[u8], key: &SecretKey) -> String {
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}

fn header(issuer: &str, key: &SecretKey) -> String {
    format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{issuer}#{}"}}"#, key.public_key().thumbprint())
}

#[test]
fn a_statement_gets_an_index_a_place_and_a_proof_that_holds() {
    let world = World::empty();
    let jws = sign_accreditation(&world.parties.accreditation());
    let answer = world.post(&jws);
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("location"), Some("/v1/statements/0"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let receipt = answer.json();
    assert_eq!(receipt["index"], 0);
    let trust = trust(&world);
    let proof = receipt["proof"].as_str().unwrap();
    let checkpoint = verify::check_proof(&trust.registries[0], jws.as_bytes(), 0, proof).unwrap();
    assert_eq!(checkpoint.size(), 1);
    primitives::Timestamp::parse_rfc3339(receipt["receivedAt"].as_str().unwrap()).unwrap();
}

#[test]
fn the_same_statement_again_gets_its_first_index() {
    let world = World::with_attestation();
    let first = world.get("/v1/statements/0").json();
    let again = world.post(first["statement"].as_str().unwrap());
    assert_eq!((again.status, again.header("location")), (200, None));
    assert_eq!(again.json()["index"], 0);
    assert_eq!(again.json()["receivedAt"], first["receivedAt"]);
    let trust = trust(&world);
    let jws = first["statement"].as_str().unwrap().as_bytes();
    let proof = again.json()["proof"].as_str().unwrap().to_owned();
    assert_eq!(verify::check_proof(&trust.registries[0], jws, 0, &proof).unwrap().size(), 2);
}

#[test]
fn a_statement_is_given_back_as_it_was_sent_with_a_proof_for_the_log_as_it_is() {
    let world = World::with_attestation();
    let jws = sign_attestation(&world.parties.attestation(0), &certifier_key());
    let stored = world.get("/v1/statements/1");
    assert_eq!((stored.status, stored.header("content-type")), (200, Some("application/json")));
    let stored = stored.json();
    assert_eq!(stored["statement"], jws);
    let trust = trust(&world);
    let proof = stored["proof"].as_str().unwrap();
    verify::check_proof(&trust.registries[0], jws.as_bytes(), 1, proof).unwrap();
    for (target, status, code) in [
        ("/v1/statements/2", 404, "unknown_index"),
        ("/v1/statements/18446744073709551615", 404, "unknown_index"),
        ("/v1/statements/01", 400, "bad_index"),
        ("/v1/statements/-1", 400, "bad_index"),
        ("/v1/statements/%31", 400, "bad_index"),
    ] {
        let answer = world.get(target);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{target}");
    }
}

#[test]
fn a_token_that_is_no_statement_is_refused_with_its_reason() {
    let world = World::with_attestation();
    let key = certifier_key();
    let payload = world.parties.attestation(7).to_payload(&key.public_key().thumbprint());
    let good = header(CERTIFIER, &key);
    let jws = |header: &str| token(header, &payload, &key);
    let with = |member: &str| jws(&good.replacen('{', &format!("{{{member},"), 1));
    let changed = |from: &str, to: &str| {
        let text = String::from_utf8(payload.clone()).unwrap();
        assert!(text.contains(from), "{from}");
        token(&good, text.replacen(from, to, 1).as_bytes(), &key)
    };
    let deep = token(&good, format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)).as_bytes(), &key);
    let mut forged = jws(&good);
    let last = forged.split_off(forged.len() - 20);
    forged.push_str(&last.replace(|letter: char| letter != 'A', "A"));
    for (jws, status, code) in [
        (String::from("a"), 400, "not_three_parts"),
        ("a.b.c.d".into(), 400, "not_three_parts"),
        ("?.?.?".into(), 400, "not_base64url"),
        (jws("[]"), 400, "not_an_object"),
        (jws(&good.replace("EdDSA", "none")), 400, "wrong_algorithm"),
        (jws(&good.replace("EdDSA", "HS256")), 400, "wrong_algorithm"),
        (jws(&good.replace("vc+jwt", "JWT")), 400, "wrong_typ"),
        (jws(&good.replace(r#""cty":"vc""#, r#""cty":"vp""#)), 400, "wrong_cty"),
        (jws(&good.replace('#', "?")), 400, "bad_kid"),
        (with(r#""jwk":{}"#), 400, "header_jwk"),
        (with(r#""jku":"https://a.example""#), 400, "header_jku"),
        (with(r#""x5u":"https://a.example""#), 400, "header_x5u"),
        (with(r#""crit":["b64"]"#), 400, "header_crit"),
        (with(r#""b64":false"#), 400, "header_b64"),
        (with(r#""alg":"EdDSA""#), 400, "duplicate_member"),
        (deep, 400, "too_deep"),
        (changed(r#""type":"#, r#""exp":1,"type":"#), 400, "claim_exp"),
        (changed("{", r#"{"labels":1,"labels":1,"#), 400, "duplicate_member"),
        (changed("Hand-knotted", "Hand\\u202eknotted"), 400, "forbidden_character"),
        (changed("Hand-knotted", "Hand\\u0000knotted"), 400, "forbidden_character"),
        (forged, 422, "bad_signature"),
        (changed("DigitalConformityCredential", "SomethingElse"), 422, "unknown_kind"),
    ] {
        let answer = world.post(&jws);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text());
    }
    assert_eq!(world.get("/v1/statements/2").status, 404, "and none of them was logged");
}

#[test]
fn what_the_law_refuses_is_refused_with_its_reason_and_not_logged() {
    let world = World::with_attestation();
    let parties = &world.parties;
    let elsewhere = Parties::new("other.example");
    let stranger = SecretKey::from_seed(&[9; 32]);
    let by_stranger = {
        let mut attestation = parties.attestation(8);
        attestation.issuer = Did::parse("did:web:stranger.example").unwrap();
        sign_attestation(&attestation, &stranger)
    };
    let other_key = sign_attestation(&parties.attestation(8), &stranger);
    let out_of_scope = {
        let mut attestation = parties.attestation(8);
        attestation.country = primitives::Country::parse("FR").unwrap();
        attestation.facility.country = attestation.country;
        sign_attestation(&attestation, &certifier_key())
    };
    let self_accredited = {
        let mut accreditation = parties.accreditation();
        accreditation.issuer = Did::parse(CERTIFIER).unwrap();
        accreditation.subject = Did::parse("did:web:friend.example").unwrap();
        statement::sign(&accreditation.to_payload(), &accreditation.issuer, &certifier_key()).unwrap()
    };
    let mut again = parties.accreditation();
    again.id.push('0');
    for (jws, status, code) in [
        (by_stranger, 403, "unknown_issuer"),
        (other_key, 403, "unknown_key"),
        (out_of_scope, 403, "out_of_scope"),
        (self_accredited, 403, "not_an_accreditor"),
        (sign_attestation(&elsewhere.attestation(8), &certifier_key()), 422, "wrong_registry"),
        (sign_accreditation(&again), 409, "stale_accreditation"),
        (sign_change(&parties.change(Action::Suspend, 1, Some(0))), 409, "stale_status"),
        (sign_change(&parties.change(Action::Reinstate, 1, None)), 409, "nothing_to_lift"),
        (sign_change(&parties.change(Action::Suspend, 0, None)), 422, "unknown_target"),
    ] {
        let answer = world.post(&jws);
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text());
    }
    assert_eq!(world.get("/v1/statements/2").status, 404);
    assert_ne!(ACCREDITOR, CERTIFIER);
    let _ = Origin::parse("other.example").unwrap();
}

#[test]
fn a_taken_status_slot_is_refused_naming_the_entry_that_holds_it() {
    let world = World::with_attestation();
    assert_eq!(world.attest(3), 2);
    let mut again = world.parties.attestation(3);
    again.quantity = 99;
    let answer = world.post(&sign_attestation(&again, &certifier_key()));
    assert_eq!((answer.status, answer.code().as_str()), (409, "status_index_taken"));
    assert_eq!(answer.json()["index"], 2);
}

#[test]
fn a_body_of_another_type_or_size_is_refused_before_it_is_looked_at() {
    let world = World::empty();
    for media_type in ["", "application/json", "application/jwt", "text/plain", "application/vc+jwtx"] {
        let answer = world.send("POST /v1/statements", &[("content-type", media_type)], b"a.b.c");
        assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported_media_type"), "{media_type}");
    }
    let jws = [("content-type", "application/vc+jwt; charset=utf-8")];
    let answer = world.send("POST /v1/statements", &jws, &vec![b'a'; 48 * 1024 + 1]);
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_long"));
    let answer = world.send("POST /v1/statements", &jws, &vec![b'a'; 64 * 1024 + 1]);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
}

#[test]
fn everything_is_there_after_a_restart() {
    let mut world = World::with_attestation();
    let before = world.get("/v1/statements/1").json();
    world.stop();
    world.start();
    assert_eq!(world.get("/v1/statements/1").json(), before);
    assert_eq!(world.attest(1), 2);
}
