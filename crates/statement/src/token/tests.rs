use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;

use primitives::{SecretKey, SignError};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::sample::{self, certifier_key, did};

const CERTIFIER: &str = "did:web:certifier.example";

/// A token with this header and payload, signed by the certifier's key.
fn token(header: &str, payload: &[u8]) -> String {
    let mut jws = format!("{}.{}", base64::url_encode(header.as_bytes()), base64::url_encode(payload));
    let signature = certifier_key().sign(jws.as_bytes()).unwrap();
    jws.push('.');
    jws.push_str(&base64::url_encode(signature.as_bytes()));
    jws
}

fn kid() -> String {
    format!("{CERTIFIER}#{}", certifier_key().public_key().thumbprint())
}

fn header() -> String {
    format!(r#"{{"alg":"EdDSA","typ":"vc+jwt","cty":"vc","kid":"{}"}}"#, kid())
}

fn payload() -> Vec<u8> {
    sample::status_change().to_payload()
}

fn refusal(jws: &str) -> &'static str {
    let opened = Token::parse(jws.as_bytes()).and_then(|token| token.open(&certifier_key().public_key()));
    opened.unwrap_err().code()
}

#[test]
fn each_defect_of_the_header_has_its_reason() {
    let kid = kid();
    let with = |member: &str| header().replacen('{', &format!("{{{member},"), 1);
    let cases = [
        (with(r#""jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}"#), "header_jwk"),
        (with(r#""jku":"https://evil.example/keys""#), "header_jku"),
        (with(r#""x5u":"https://evil.example/cert""#), "header_x5u"),
        (with(r#""x5c":[]"#), "header_x5c"),
        (with(r#""crit":["b64"]"#), "header_crit"),
        (with(r#""b64":false"#), "header_b64"),
        (with(r#""x5t":"AA""#), "header_unknown_member"),
        (with(r#""iss":"did:web:certifier.example""#), "header_unknown_member"),
        (with(r#""alg":"EdDSA""#), "duplicate_member"),
        (with(r#""\u0061lg":"none""#), "duplicate_member"),
        (header().replace("EdDSA", "none"), "wrong_algorithm"),
        (header().replace("EdDSA", "HS256"), "wrong_algorithm"),
        (header().replace("EdDSA", "ES256"), "wrong_algorithm"),
        (header().replace("EdDSA", "Ed448"), "wrong_algorithm"),
        (header().replace("EdDSA", "eddsa"), "wrong_algorithm"),
        (header().replace("EdDSA", ""), "wrong_algorithm"),
        (header().replace("\"EdDSA\"", "null"), "header_wrong_type"),
        (header().replace("\"EdDSA\"", "[\"EdDSA\"]"), "header_wrong_type"),
        (header().replace("\"alg\":\"EdDSA\",", ""), "header_missing_member"),
        (header().replace("vc+jwt", "JWT"), "wrong_typ"),
        (header().replace("vc+jwt", "application/vc+jwt"), "wrong_typ"),
        (header().replace("vc+jwt", "vp+jwt"), "wrong_typ"),
        (header().replace("\"typ\":\"vc+jwt\",", ""), "header_missing_member"),
        (header().replace("\"vc\"", "\"vp\""), "wrong_cty"),
        (header().replace("\"cty\":\"vc\",", ""), "header_missing_member"),
        (header().replace(&kid, CERTIFIER), "bad_kid"),
        (header().replace(&kid, &format!("{CERTIFIER}#")), "bad_kid"),
        (header().replace(&kid, &format!("{CERTIFIER}#a b")), "bad_kid"),
        (header().replace(&kid, &format!("{CERTIFIER}#a#b")), "bad_kid"),
        (header().replace(&kid, &format!("{CERTIFIER}#{}", "a".repeat(129))), "bad_kid"),
        (header().replace(&kid, "https://certifier.example#a"), "bad_kid"),
        (header().replace(&kid, "did:web:Certifier.example#a"), "bad_kid"),
        (header().replace(CERTIFIER, "did:web:other.example"), "kid_not_issuer"),
        (header().replace(&kid, &format!("{CERTIFIER}#key-1")), "kid_not_thumbprint"),
        (header().replace(&kid, &format!("{CERTIFIER}#{}", "A".repeat(43))), "kid_of_another_key"),
        (header() + " x", "trailing_bytes"),
        ("[]".to_string(), "not_an_object"),
        ("\"EdDSA\"".to_string(), "not_an_object"),
        (String::new(), "bad_json"),
        ("{\"alg\":\"EdDSA\u{202e}\"}".to_string(), "forbidden_character"),
    ];
    for (header, code) in cases {
        assert_eq!(refusal(&token(&header, &payload())), code, "{header}");
    }
}

#[test]
fn header_members_come_in_any_order_and_ed25519_is_read_too() {
    let header = format!(r#" {{ "kid":"{}", "cty":"vc", "alg":"Ed25519", "typ":"vc+jwt" }} "#, kid());
    let jws = token(&header, &payload());
    let token = Token::parse(jws.as_bytes()).unwrap();
    assert_eq!(
        (token.kind(), token.issuer(), token.kid().did.as_str()),
        (Kind::StatusChange, &did(CERTIFIER), CERTIFIER)
    );
    assert_eq!(token.kid_thumbprint(), Some(certifier_key().public_key().thumbprint()));
    assert_eq!(token.payload(), payload());
    let opened = token.open(&certifier_key().public_key()).unwrap();
    assert_eq!(*opened, Statement::StatusChange(sample::status_change()));
    assert_eq!(opened.key(), &certifier_key().public_key());
    assert_eq!(opened.payload_hash(), None);
    assert_eq!(token.jws_hash(), primitives::Hash::of(jws.as_bytes()));
}

#[test]
fn each_defect_of_the_form_has_its_reason() {
    let good = token(&header(), &payload());
    let (signed, signature) = good.rsplit_once('.').unwrap();
    // The last character of 64 bytes in base64url carries four bits that must be zero.
    let twin = char::from(good.as_bytes().last().copied().unwrap() + 1);
    let cases = [
        (String::new(), "not_three_parts"),
        (signed.to_string(), "not_three_parts"),
        (format!("{good}.AA"), "not_three_parts"),
        (format!("{good}."), "not_three_parts"),
        ("..".to_string(), "bad_json"),
        (format!("{good}="), "not_base64url"),
        (format!("{good}\n"), "not_base64url"),
        (format!(" {good}"), "not_base64url"),
        (format!("{}{twin}", &good[..good.len() - 1]), "not_base64url"),
        (good.replacen('.', "+.", 1), "not_base64url"),
        (good.replacen('.', "é.", 1), "not_base64url"),
        (format!("{signed}."), "signature_length"),
        (format!("{signed}.{}", &signature[..84]), "signature_length"),
        (format!("{signed}.{}", "A".repeat(86)), "bad_signature"),
        ("a".repeat(MAX_STATEMENT + 1), "too_long"),
    ];
    for (jws, code) in cases {
        assert_eq!(refusal(&jws), code, "{jws:?}");
    }
}

#[test]
fn each_defect_of_the_payload_has_its_reason() {
    let text = String::from_utf8(payload()).unwrap();
    let with = |member: &str| text.replacen('{', &format!("{{{member},"), 1);
    let cases = [
        (with(r#""exp":1800000000"#), "claim_exp"),
        (with(r#""nbf":1700000000"#), "claim_nbf"),
        (with(r#""vc":{}"#), "claim_vc"),
        (with(r#""vp":{}"#), "claim_vp"),
        (with(r#""iss":"did:web:other.example""#), "iss_not_issuer"),
        (with(r#""iss":"DID:WEB:CERTIFIER.EXAMPLE""#), "iss_not_issuer"),
        (with(r#""iss":null"#), "wrong_type"),
        (with(r#""jti":"urn:x:y""#), "unknown_member"),
        (with(r#""issuer":"did:web:other.example""#), "duplicate_member"),
        (with(r#""\u0069ssuer":"did:web:other.example""#), "duplicate_member"),
        (text.replacen("\"reason\":\"", "\"reason\":\"other\",\"reason\":\"", 1), "duplicate_member"),
        (text.replacen(CERTIFIER, "did:web:other.example", 1), "kid_not_issuer"),
        (text.replacen(CERTIFIER, "certifier", 1), "bad_did"),
        (text.replacen("Unannounced", "Un\u{202e}announced", 1), "forbidden_character"),
        (text.replacen("Unannounced", "Un\\u2066announced", 1), "forbidden_character"),
        (text.replacen("Unannounced", "Un\\u0007announced", 1), "forbidden_character"),
        (text.replacen("Unannounced", "Un\\nannounced", 1), "forbidden_character"),
        (text.replacen("Unannounced", "Un\\ud800announced", 1), "lone_surrogate"),
        (text.clone() + "{}", "trailing_bytes"),
        (text.clone() + "\0", "trailing_bytes"),
        (text.replacen("\"action\"", "action", 1), "bad_json"),
        ("[]".to_string(), "not_an_object"),
        ("\u{feff}{}".to_string(), "bad_json"),
        ("{}".to_string(), "missing_member"),
        (format!("{{\"a\":{}", "[".repeat(10_000)), "too_deep"),
        (text.replacen("LabelStatusChange", "LabelChange", 1), "unknown_kind"),
        (text.replacen("\"VerifiableCredential\"", "\"DigitalIdentityAnchor\"", 1), "unknown_kind"),
        (text.replacen("[\"LabelStatusChange\",\"VerifiableCredential\"]", "7", 1), "wrong_type"),
    ];
    for (payload, code) in cases {
        assert_eq!(refusal(&token(&header(), payload.as_bytes())), code, "{payload}");
    }
    assert_eq!(refusal(&token(&header(), b"{\"a\":\"\xff\"}")), "not_utf8");
}

#[test]
fn a_signature_of_another_key_or_over_other_bytes_does_not_verify() {
    let jws = token(&header(), &payload());
    let other = SecretKey::from_seed(&[9; 32]).public_key();
    let parsed = Token::parse(jws.as_bytes()).unwrap();
    assert_eq!(parsed.open(&other).unwrap_err(), Error::KidOfAnotherKey);
    assert_eq!(parsed.open_credential(&other).unwrap_err(), Error::BadSignature);
    // Swapping payloads of two valid tokens.
    let second =
        token(&header(), &sample::changed(&payload(), ("/credentialSubject/statusChange/after", Some(json!(7)))));
    let (mut first, second): (Vec<_>, Vec<_>) = (jws.split('.').collect(), second.split('.').collect());
    first[1] = second[1];
    assert_eq!(refusal(&first.join(".")), "bad_signature");
}

#[test]
fn a_statement_of_another_length_limit_does_not_open() {
    let long = json!({"issuer": CERTIFIER, "type": "LabelStatusChange", "x": "y".repeat(40 * 1024)}).to_string();
    let jws = token(&header(), long.as_bytes());
    assert_eq!(Token::parse(jws.as_bytes()).unwrap_err().code(), "too_long");
    let parsed = Token::parse_credential(jws.as_bytes()).unwrap();
    assert!(parsed.open_credential(&certifier_key().public_key()).is_ok());
    assert_eq!(parsed.open(&certifier_key().public_key()).unwrap_err().code(), "too_long");
    let huge = "a".repeat(MAX_CREDENTIAL + 1);
    assert_eq!(Token::parse_credential(huge.as_bytes()).unwrap_err().code(), "too_long");
}

#[test]
fn errors_show_outside_text_short_and_escaped() {
    let jws = token(&header().replace("EdDSA", &"x".repeat(500)), &payload());
    let error = Token::parse(jws.as_bytes()).unwrap_err().to_string();
    assert!(error.len() < 120, "{error}");
    let jws = token(&header().replace("\"cty\"", "\"c\\\\\\\"ty\""), &payload());
    assert_eq!(
        Token::parse(jws.as_bytes()).unwrap_err().to_string(),
        r#"header has the member "c\\\"ty": only alg, typ, cty and kid are read"#
    );
}

#[test]
fn nobody_signs_what_everybody_refuses() {
    let mut change = sample::status_change();
    let issuer = change.issuer.clone();
    let jws = sign(&change.to_payload(), &issuer, &certifier_key()).unwrap();
    assert!(Token::parse(jws.as_bytes()).unwrap().open(&certifier_key().public_key()).is_ok());
    change.text = "line\nbreak".into();
    let refused = sign(&change.to_payload(), &issuer, &certifier_key()).unwrap_err();
    assert!(matches!(refused, SigningError::Refused(error) if error.code() == "forbidden_character"));
    let refused = sign(&payload(), &did("did:web:other.example"), &certifier_key()).unwrap_err();
    assert!(matches!(refused, SigningError::Refused(error) if error.code() == "kid_not_issuer"));

    struct Unplugged;
    impl Signer for Unplugged {
        fn public_key(&self) -> PublicKey {
            certifier_key().public_key()
        }
        fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
            Err(SignError("unplugged".into()))
        }
    }
    assert_eq!(sign(&payload(), &issuer, &Unplugged), Err(SigningError::Signer(SignError("unplugged".into()))));
}

#[test]
fn other_credentials_are_signed_and_opened_by_the_envelope_alone() {
    let payload = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": CERTIFIER,
        "credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "suspension", "encodedList": "uH4sI"},
    })
    .to_string();
    let jws = sign_credential(payload.as_bytes(), &did(CERTIFIER), &certifier_key()).unwrap();
    let token = Token::parse(jws.as_bytes()).unwrap();
    assert_eq!(token.kind(), Kind::Unknown);
    let credential = token.open_credential(&certifier_key().public_key()).unwrap();
    assert_eq!(credential.types, ["VerifiableCredential", "BitstringStatusListCredential"]);
    assert_eq!(credential.payload, payload);
    assert_eq!(token.open(&certifier_key().public_key()).unwrap_err().code(), "unknown_kind");
    let refused = sign_credential(b"{}", &did(CERTIFIER), &certifier_key()).unwrap_err();
    assert!(matches!(refused, SigningError::Refused(error) if error.code() == "missing_member"));
}

#[test]
fn the_credentials_that_un_cefact_signed_open() {
    let test = "the_credentials_that_un_cefact_signed_open";
    let Some(document) = sample::shared_data(test, "untp/signed/did_web_uncefact_test-and-development.json") else {
        return;
    };
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let x = document["verificationMethod"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|method| method["publicKeyJwk"]["x"].as_str());
    let key = base64::url_decode(x.unwrap()).unwrap().try_into().unwrap();
    let key = PublicKey::from_bytes(&key).unwrap();
    for name in
        ["dpp", "invalid-schema-v2-enveloped-dpp", "invalid-v2-enveloped-dpp-with-extension", "valid-v2-enveloped-dpp"]
    {
        let text = sample::shared_data(test, &format!("untp/signed/{name}.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let enveloped = value.get("verifiableCredential").unwrap_or(&value);
        let jws = enveloped["id"].as_str().unwrap().strip_prefix("data:application/vc+jwt,").unwrap();
        let token = Token::parse_credential(jws.as_bytes()).unwrap();
        assert_eq!(token.kid_thumbprint(), None, "their keys have other names");
        let credential = token.open_credential(&key).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(credential.issuer.as_str(), "did:web:uncefact.github.io:project-vckit:test-and-development");
        assert!(credential.types.iter().any(|name| name == "DigitalProductPassport"), "{name}");
        // One bit of the signature, one of the payload.
        for at in [jws.len() - 10, jws.len() / 2] {
            let mut bytes = jws.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let broken = Token::parse_credential(&bytes).and_then(|token| token.open_credential(&key));
            assert!(broken.is_err(), "{name} at {at}");
        }
    }
}

/// Payload and token of each kind, signed by the sample keys. They stay readable for ever.
#[test]
fn golden_files_are_what_is_written_and_read() {
    let key = certifier_key().public_key().thumbprint();
    let both = crate::Attestation {
        claims: crate::Claims::ALL,
        gtin: None,
        maker: crate::Maker::withheld(&[7; 32], "Example Carpets Ltd"),
        ..sample::attestation()
    };
    let party = crate::StatusChange {
        issuer: did("did:web:accreditor.example"),
        action: crate::Action::Withdraw,
        target: crate::Target::Party(did(CERTIFIER)),
        reason: crate::Reason::Fraud,
        text: String::new(),
        after: Some(94_571),
        ..sample::status_change()
    };
    for (name, statement, payload, signer) in [
        (
            "accreditation",
            Statement::Accreditation(sample::accreditation()),
            sample::accreditation().to_payload(),
            sample::accreditor_key(),
        ),
        (
            "attestation",
            Statement::Attestation(sample::attestation()),
            sample::attestation().to_payload(&key),
            certifier_key(),
        ),
        ("attestation-withheld", Statement::Attestation(both.clone()), both.to_payload(&key), certifier_key()),
        (
            "status-change",
            Statement::StatusChange(sample::status_change()),
            sample::status_change().to_payload(),
            certifier_key(),
        ),
        (
            "clearance",
            Statement::Clearance(sample::clearance()),
            sample::clearance().to_payload(),
            sample::office_key(),
        ),
        (
            "clearance-commitment",
            Statement::ClearanceCommitment(sample::commitment()),
            sample::commitment().to_payload(),
            sample::office_key(),
        ),
        (
            "supplement-request",
            Statement::SupplementRequest(sample::supplement_request()),
            sample::supplement_request().to_payload(),
            sample::office_key(),
        ),
        (
            "reports-request",
            Statement::ReportsRequest(sample::reports_request()),
            sample::reports_request().to_payload(),
            sample::accreditor_key(),
        ),
        (
            "key-rotation-request",
            Statement::KeyRotationRequest(sample::key_rotation_request()),
            sample::key_rotation_request().to_payload(),
            certifier_key(),
        ),
        ("status-change-party", Statement::StatusChange(party.clone()), party.to_payload(), sample::accreditor_key()),
    ] {
        let jws = sign(&payload, statement.issuer(), &signer).unwrap();
        let path = format!("{}/golden/v1/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("WRITE_GOLDEN").is_some() {
            std::fs::write(format!("{path}.json"), &payload).unwrap();
            std::fs::write(format!("{path}.jws"), &jws).unwrap();
        }
        assert_eq!(std::fs::read(format!("{path}.json")).unwrap(), payload, "{name}");
        let golden = std::fs::read(format!("{path}.jws")).unwrap();
        assert_eq!(golden, jws.as_bytes(), "{name}");
        let opened = Token::parse(&golden).unwrap().open(&signer.public_key()).unwrap();
        assert_eq!(*opened, statement, "{name}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_panic(bytes: Vec<u8>) {
        prop_assert!(Token::parse(&bytes).is_err());
    }

    #[test]
    fn no_changed_byte_opens(at: prop::sample::Index, byte: u8) {
        let jws = token(&header(), &payload());
        let mut bytes = jws.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let opened = Token::parse(&bytes).and_then(|token| token.open(&certifier_key().public_key()));
        prop_assert_eq!(opened.is_ok(), bytes == jws.as_bytes());
    }
}

/// So many that they are summed, with a defect of each kind among them: the verdict on each is that of [`Token::open`].
#[test]
fn statements_verified_together_get_the_verdict_of_each() {
    let shared = |key: &SecretKey| Arc::new(key.public_key().accreditable().unwrap());
    let (key, foreign) = (&shared(&certifier_key()), shared(&SecretKey::from_seed(&[77; 32])));
    let good = token(&header(), &payload());
    let changed = String::from_utf8(payload()).unwrap().replacen("urn:uuid:5", "urn:uuid:8", 1);
    let (_, signature) = good.rsplit_once('.').unwrap();
    let forged =
        format!("{}.{}.{signature}", base64::url_encode(header().as_bytes()), base64::url_encode(changed.as_bytes()));
    assert_ne!(forged, good);
    let unread =
        token(&header(), String::from_utf8(payload()).unwrap().replace("\"validFrom\"", "\"validfrom\"").as_bytes());
    let both = forged.replace(&base64::url_encode(changed.as_bytes()), unread.split('.').nth(1).unwrap());
    let accreditation = sample::accreditation();
    let accreditor = sample::accreditor_key();
    let accredited = sign(&accreditation.to_payload(), &accreditation.issuer, &accreditor).unwrap();
    let accreditor = &shared(&accreditor);
    let kinds = [(&good, key), (&forged, key), (&unread, key), (&both, key), (&accredited, accreditor)];
    let asked: Vec<_> = kinds.iter().cycle().take(200).copied().chain([(&good, key); 100]).collect();
    let tokens = || asked.iter().map(|(jws, key)| (Token::parse(jws.as_bytes()).unwrap(), key));
    let unverified =
        tokens().map(|(token, key)| token.unverified(key, &mut Headers::default(), Box::new).unwrap()).collect();
    let verified = Unverified::verify(unverified, &[5; 32]);
    // Headers that were read before say the same.
    let mut headers = Headers::default();
    let mut among =
        |jws, key| Token::parse_among(jws, &mut headers).unwrap().unverified(key, &mut headers, Box::new).unwrap();
    let again = asked.iter().map(|(jws, key)| among(jws.as_bytes(), key)).collect();
    assert_eq!(Unverified::verify(again, &[6; 32]), verified);
    let opened: Vec<_> = tokens().map(|(token, key)| token.open(key).map(Box::new)).collect();
    assert_eq!(verified, opened);
    let codes: Vec<_> = verified.iter().take(5).map(|one| one.as_ref().map_or_else(Error::code, |_| "good")).collect();
    assert_eq!(codes, ["good", "bad_signature", "unknown_member", "bad_signature", "good"]);
    let hash = primitives::Hash::of(&accreditation.to_payload());
    assert_eq!(verified[4].as_ref().unwrap().payload_hash(), Some(hash));
    // A key that the token does not name is refused before anything is summed.
    let refused = Token::parse(good.as_bytes()).unwrap().unverified(&foreign, &mut Headers::default(), drop).map(drop);
    assert_eq!(refused, Err(Error::KidOfAnotherKey));
}
