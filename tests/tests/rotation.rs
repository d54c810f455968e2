//! A certifier changes its key with the real programs and a running registry; and what every wrong request meets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::SystemTime;

use primitives::{SecretKey, Signer as _, Timestamp, base64};
use statement::{Did, KeyRotationRequest, Origin, sample};
use tests::Desk;

const CERTIFIER: &str = "did:web:himal-audit.example";
const OTHER: &str = "did:web:other-audit.example";

fn secret(number: u8) -> SecretKey {
    SecretKey::from_seed(&[number; 32])
}

fn did(text: &str) -> Did {
    sample::did(text)
}

fn now() -> Timestamp {
    Timestamp::from_seconds(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
}

/// A desk with the certifier accredited under key 21: `certifier.key`.
fn desk() -> Desk {
    let desk = Desk::open();
    desk.key("certifier", &did(CERTIFIER), &secret(21));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    desk
}

fn request(desk: &Desk, old: &SecretKey, new: &SecretKey, asked_at: Timestamp) -> KeyRotationRequest {
    let origin = Origin::parse(&desk.server.origin()).unwrap();
    let (id, old) = ("urn:uuid:0".into(), old.public_key().thumbprint());
    KeyRotationRequest::prove(id, did(CERTIFIER), origin, asked_at, old, new).unwrap()
}

/// Signs what `statement::sign` would not: it opens what it signed.
fn sign_anyway(payload: &[u8], issuer: &str, key: &SecretKey) -> String {
    let kid = format!("{issuer}#{}", key.public_key().thumbprint());
    let header = format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{kid}"}}"#);
    let signed = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = key.sign(signed.as_bytes()).unwrap();
    format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
}

#[test]
fn a_certifier_gets_another_key_and_later_retires_the_first() {
    let desk = desk();
    desk.write("passphrase", "correct horse battery staple\n");
    let words = ["--passphrase-file", "passphrase"];
    let by = |key: &'static str| ["--key", key, "--allow-unencrypted-key"];
    desk.certifier(&[&["keygen", "--did", CERTIFIER, "--out", "new.key"], &words[..]].concat()).succeeds();
    let rotate = ["key", "rotate", "--new-key", "new.key", "--new-passphrase-file", "passphrase"];
    let dry = desk.certifier(&[&rotate[..], &by("certifier.key"), &["--dry-run"]].concat()).succeeds();
    assert!(dry.contains("nothing was signed or written"), "{dry}");
    let asked = desk.certifier(&[&rotate[..], &by("certifier.key")].concat()).succeeds();
    let file = "himal-audit.example.rotation.jws";
    assert!(asked.contains(&format!("certifier accredit --rotation {file}")), "{asked}");

    // The registry takes no such statement, whoever sends it.
    desk.certifier(&["submit", file]).fails(1, "never_logged");

    // Nothing is signed in a dry run; then the new key is listed beside the old one, with the same scope.
    let shown = desk.accreditor(&["accredit", "--rotation", file, "--dry-run"]).succeeds();
    let old = secret(21).public_key().thumbprint().to_string();
    assert!(shown.contains(&format!("old key     {old}, accredited since entry 0; stays")), "{shown}");
    let listed = desk.accreditor(&["accredit", "--rotation", file]).succeeds();
    assert!(listed.contains("registered at index 1"), "{listed}");
    for words in ["countries IN, NP, PK", "https://himal-audit.example/ne/report"] {
        assert!(listed.contains(words), "{words} in {listed}");
    }
    let trust = ["--trust", "data/trust.toml"];
    let known = |key: &str| desk.certifier(&[&["key", "inspect", key], &trust[..]].concat()).succeeds();
    assert!(known("certifier.jwk").contains("accredited    since entry 0, as key of the certifier of did:web:himal"));
    let new = known("new.jwk");
    assert!(new.contains("since entry 1") && new.contains("retired       no"), "{new}");
    desk.certifier(&[&["attest", "lot.toml", "--key", "new.key"], &words[..]].concat()).succeeds();

    // Asked again: there is nothing to do.
    desk.accreditor(&["accredit", "--rotation", file]).fails(1, "is accredited already, since entry 1");

    // The next rotation retires what asked.
    desk.key("third", &did(CERTIFIER), &secret(23));
    let third = ["key", "rotate", "--new-key", "third.key", "--out", "third.jws"];
    desk.certifier(&[&third[..], &by("certifier.key")].concat()).succeeds();
    let retired = desk.accreditor(&["accredit", "--rotation", "third.jws", "--retire"]).succeeds();
    assert!(retired.contains("is retired: left out") && retired.contains("not reported"), "{retired}");
    let old = known("certifier.key");
    assert!(old.contains("retired       at entry 3: it signs nothing since"), "{old}");
    assert!(old.contains("none: whoever reads the file can sign"), "{old}");
    desk.write("fourth.jws", "");
    std::fs::remove_file(desk.path("fourth.jws")).unwrap();
    desk.key("fourth", &did(CERTIFIER), &secret(24));
    let fourth = ["key", "rotate", "--new-key", "fourth.key", "--out", "fourth.jws"];
    desk.certifier(&[&fourth[..], &by("certifier.key")].concat()).succeeds();
    desk.accreditor(&["accredit", "--rotation", "fourth.jws"]).fails(1, "is retired since entry 3");
    // A retired key does not come back.
    let back = request(&desk, &secret(23), &secret(21), now());
    desk.write("back.jws", statement::sign(&back.to_payload(), &did(CERTIFIER), &secret(23)).unwrap());
    desk.accreditor(&["accredit", "--rotation", "back.jws"]).fails(1, "was retired at entry 3");
    assert!(known("accreditor.jwk").contains("accredits     as "));
    let stranger = secret(99).public_key().to_jwk();
    desk.write("stranger.jwk", stranger);
    assert!(known("stranger.jwk").contains("never: the log does not know this key"));
}

#[test]
fn nobody_asks_for_another_and_no_request_is_moved() {
    let desk = desk();
    let refused = |name: &str, jws: &str, status: i32, words: &str| {
        desk.write(name, jws);
        desk.accreditor(&["accredit", "--rotation", name]).fails(status, words);
    };
    let other = desk.path("accreditation.toml");
    let text = std::fs::read_to_string(other).unwrap().replace("himal-audit.example\"", "other-audit.example\"");
    desk.write("other.toml", text.replace("certifier.jwk", "other.jwk"));
    desk.key("other", &did(OTHER), &secret(31));
    desk.accreditor(&["accredit", "other.toml"]).succeeds();
    let good = request(&desk, &secret(21), &secret(22), now());
    let sign = |request: &KeyRotationRequest, key: &SecretKey| {
        statement::sign(&request.to_payload(), &request.issuer, key).unwrap()
    };

    // By a key that the party never had, and by another party's.
    for thief in [66, 31] {
        let stolen = request(&desk, &secret(thief), &secret(22), now());
        refused("thief.jws", &sign(&stolen, &secret(thief)), 1, "is not one of did:web:himal-audit.example");
    }
    // The new key's proof is missing: somebody else's key, or one that nobody has.
    let unproved = KeyRotationRequest { proof: secret(66).sign(&good.proved_bytes()).unwrap(), ..good.clone() };
    let jws = sign_anyway(&unproved.to_payload(), CERTIFIER, &secret(21));
    refused("unproved.jws", &jws, 1, "is not what both keys signed");
    // Moved to another party, which signs it with its own key.
    let moved = KeyRotationRequest { issuer: did(OTHER), old: secret(31).public_key().thumbprint(), ..good.clone() };
    refused("moved.jws", &sign_anyway(&moved.to_payload(), OTHER, &secret(31)), 1, "is not what both keys signed");
    // Signed for another registry.
    let elsewhere = KeyRotationRequest::prove(
        "urn:uuid:0".into(),
        did(CERTIFIER),
        Origin::parse("registry.example").unwrap(),
        now(),
        secret(21).public_key().thumbprint(),
        &secret(22),
    );
    let elsewhere = elsewhere.unwrap();
    refused("elsewhere.jws", &sign(&elsewhere, &secret(21)), 2, "is for the registry registry.example");
    let relabelled = KeyRotationRequest { registry: good.registry.clone(), ..elsewhere };
    let jws = sign_anyway(&relabelled.to_payload(), CERTIFIER, &secret(21));
    refused("relabelled.jws", &jws, 1, "is not what both keys signed");
    // A key of another party, and the accreditor's own.
    refused(
        "taken.jws",
        &sign(&request(&desk, &secret(21), &secret(31), now()), &secret(21)),
        1,
        "belongs to did:web:other",
    );
    let accreditors = request(&desk, &secret(21), &secret(1), now());
    refused("high.jws", &sign(&accreditors, &secret(21)), 1, "is the accreditor's");
    // Kept too long, and from the future.
    let long_ago = Timestamp::from_seconds(now().seconds() - 32 * 86_400);
    refused(
        "old.jws",
        &sign(&request(&desk, &secret(21), &secret(22), long_ago), &secret(21)),
        1,
        "more than 31 days ago",
    );
    let ahead = Timestamp::from_seconds(now().seconds() + 3_600);
    refused("ahead.jws", &sign(&request(&desk, &secret(21), &secret(22), ahead), &secret(21)), 1, "still to come");
    // Something else altogether.
    refused("text.jws", "hello", 2, "is no request");
    let attestation =
        statement::sign(&sample::status_change().to_payload(), &did("did:web:certifier.example"), &secret(1));
    refused("another.jws", &attestation.unwrap(), 2, "asks for no key");
    desk.certifier(&["accredit", "--rotation", "text.jws", "--key", "certifier.key"]).fails(2, "is no accreditor of");
    // The first one is still good.
    desk.write("good.jws", sign(&good, &secret(21)));
    desk.accreditor(&["accredit", "--rotation", "good.jws"]).succeeds();
}

#[test]
fn a_compromised_key_and_a_suspended_party_get_no_other() {
    let desk = desk();
    let old = secret(21).public_key().thumbprint();
    desk.accreditor(&["suspend", "--party", CERTIFIER, "--reason", "audit_refused"]).succeeds();
    let asked = request(&desk, &secret(21), &secret(22), now());
    desk.write("asked.jws", statement::sign(&asked.to_payload(), &did(CERTIFIER), &secret(21)).unwrap());
    desk.accreditor(&["accredit", "--rotation", "asked.jws"]).fails(1, "is suspended since");
    desk.accreditor(&["reinstate", "--party", CERTIFIER, "--reason", "other"]).succeeds();
    let mut party = std::fs::read_to_string(desk.path("accreditation.toml")).unwrap();
    party.push_str(&format!("\n[[compromised]]\nkey = \"{old}\"\nsince = \"2026-01-01T00:00:00Z\"\n"));
    desk.write("reported.toml", party);
    // `validFrom` is a whole second, and has to grow.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    desk.accreditor(&["accredit", "reported.toml"]).succeeds();
    desk.accreditor(&["accredit", "--rotation", "asked.jws"]).fails(1, "is compromised since 2026-01-01T00:00:00Z");
    let known = desk.certifier(&["key", "inspect", "certifier.jwk", "--trust", "data/trust.toml"]).succeeds();
    assert!(known.contains("compromised   since 2026-01-01T00:00:00Z, reported at entry 3"), "{known}");
}
