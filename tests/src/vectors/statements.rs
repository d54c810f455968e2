//! Statements: compact JWS, each held against one key.

use primitives::{SecretKey, Signature, Signer as _, base64};
use serde_json::json;
use statement::sample;
use statement::{Accreditation, Action, Attestation, Did, StatusChange, Target};

use super::forge::{header, jws, replaced, with_s_plus_l, with_small_r};
use super::world::{attestation, key};
use super::{Expected, Part};

/// A statement that nothing is wrong with, in the parts that a test changes.
struct Sample {
    issuer: Did,
    payload: String,
    key: SecretKey,
}

impl Sample {
    fn attestation() -> Self {
        let Attestation { issuer, .. } = attestation("KTM-2026");
        let payload = attestation("KTM-2026").to_payload(&key::certifier().public_key().thumbprint());
        Self { issuer, payload: String::from_utf8(payload).expect("JSON"), key: key::certifier() }
    }

    fn accreditation() -> Self {
        let accreditation = Accreditation { keys: vec![key::certifier().public_key()], ..sample::accreditation() };
        let payload = String::from_utf8(accreditation.to_payload()).expect("JSON");
        Self { issuer: accreditation.issuer, payload, key: key::accreditor() }
    }

    fn change() -> Self {
        let change = StatusChange {
            action: Action::Suspend,
            target: Target::Attestations(vec![2, 3]),
            ..sample::status_change()
        };
        let payload = String::from_utf8(change.to_payload()).expect("JSON");
        Self { issuer: change.issuer, payload, key: key::certifier() }
    }

    fn header(&self) -> String {
        header(&self.issuer, &self.key)
    }

    fn jws(&self) -> String {
        jws(self.header(), &self.payload, &self.key)
    }

    /// Signed with one thing in its payload in another's place.
    fn with(&self, from: &str, to: &str) -> String {
        jws(self.header(), replaced(&self.payload, from, to), &self.key)
    }

    /// Signed with one thing in its header in another's place.
    fn with_header(&self, from: &str, to: &str) -> String {
        jws(replaced(&self.header(), from, to), &self.payload, &self.key)
    }

    /// The same bytes under another signature.
    fn signed_by(&self, signature: &dyn Fn(&[u8], &Signature) -> Signature) -> String {
        let jws = self.jws();
        let (signed, of) = jws.rsplit_once('.').expect("a token");
        let of = base64::url_decode(of).expect("base64url").try_into().expect("64 bytes");
        let signature = signature(signed.as_bytes(), &Signature::from_bytes(of));
        format!("{signed}.{}", base64::url_encode(signature.as_bytes()))
    }
}

pub(super) fn part() -> Part {
    let mut part = Part::new("statements");
    good(&mut part);
    form(&mut part);
    headers(&mut part);
    json_rules(&mut part);
    claims(&mut part);
    keys(&mut part);
    attestations(&mut part);
    accreditations_and_changes(&mut part);
    part
}

/// `rule` is the number of the rule in the format's specification, crates/statement/README.md.
fn add(part: &mut Part, rule: u8, name: &str, about: &str, token: String, key: &SecretKey, expected: Expected) {
    let key = base64::url_encode(key.public_key().as_bytes());
    let given = [("statement", json!(token)), ("key", json!(key)), ("rule", json!(rule))];
    part.add(name, about, given, expected);
}

fn good(part: &mut Part) {
    let attestation = Sample::attestation();
    let mut add = |name, about, token: String, key: &SecretKey| {
        add(part, 7, name, about, token, key, Expected::accepted());
    };
    add("good-attestation", "Nothing is wrong.", attestation.jws(), &attestation.key);
    add("good-accreditation", "Nothing is wrong.", Sample::accreditation().jws(), &key::accreditor());
    add("good-status-change", "Nothing is wrong.", Sample::change().jws(), &key::certifier());
    let named = attestation.with_header("EdDSA", "Ed25519");
    add("good-alg-ed25519", "The algorithm by its name of RFC 9864.", named, &attestation.key);
    let header = attestation.header();
    let (first, rest) = header.split_once(',').expect("members");
    let turned = format!("{{ {} , {} }}", rest.trim_end_matches('}'), first.trim_start_matches('{'));
    let turned = jws(turned, &attestation.payload, &attestation.key);
    add("good-header-order", "Header members in another order, with white space.", turned, &attestation.key);
    let iss = attestation.with(r#"{"@context""#, r#"{"iss":"did:web:certifier.example","@context""#);
    add("good-iss", "iss names the issuer.", iss, &attestation.key);
    let text = attestation.with(r#""statusListIndex":94567"#, r#""statusListIndex":"94567""#);
    add("good-status-index-as-text", "The index in the status list as a decimal string.", text, &attestation.key);
    let product = attestation.with("https://registry.example/01/", "https://id.gs1.org/01/");
    add("good-gs1-product-id", "The product under GS1's own resolver.", product, &attestation.key);
    let joiner = attestation.with("Hand-knotted carpet", "\u{915}\u{94d}\u{200d}\u{937} \u{200c}carpet");
    add("good-joiners", "Zero-width joiners, with which Nepali is written.", joiner, &attestation.key);
}

fn form(part: &mut Part) {
    let sample = Sample::attestation();
    let good = sample.jws();
    let mut add = |code: &str, name: &str, about: &str, token: String| {
        add(part, 1, name, about, token, &sample.key, Expected::refused(code));
    };
    let (signed, signature) = good.rsplit_once('.').expect("a token");
    add("not_three_parts", "form-two-parts", "No signature.", signed.to_owned());
    add("not_three_parts", "form-four-parts", "A part more.", format!("{good}."));
    add("not_three_parts", "form-five-parts", "As many parts as an encrypted token.", format!("a.b.{good}"));
    add("not_three_parts", "form-empty", "Nothing.", String::new());
    add("not_base64url", "form-padded", "Base64 with padding.", format!("{good}=="));
    add("not_base64url", "form-plus", "A plus sign of the other alphabet.", format!("{signed}.+{signature}"));
    add("not_base64url", "form-line-feed", "A line feed at the end.", format!("{good}\n"));
    let last = signature.bytes().last().map(|last| char::from(last + 1)).expect("a signature");
    let cut = signature.get(..85).expect("86 characters");
    add("not_base64url", "form-trailing-bits", "Trailing bits that are not zero.", format!("{signed}.{cut}{last}"));
    let short = base64::url_decode(signature).expect("base64url");
    let short = base64::url_encode(short.get(..63).expect("64 bytes"));
    add("signature_length", "form-signature-short", "A signature of 63 bytes.", format!("{signed}.{short}"));
    add("signature_length", "form-signature-empty", "An empty signature.", format!("{signed}."));
    let long = jws(sample.header(), format!("{}{}", " ".repeat(48 * 1024), sample.payload), &sample.key);
    add("too_long", "form-too-long", "More than 48 KiB.", long);
}

fn headers(part: &mut Part) {
    let sample = Sample::attestation();
    let with = |from: &str, to: &str| sample.with_header(from, to);
    let and = |member: &str| sample.with_header("{", &format!("{{{member},"));
    let mut add = |code: &str, name: &str, about: &str, token: String| {
        add(part, 3, name, about, token, &sample.key, Expected::refused(code));
    };
    let x = base64::url_encode(key::stranger().public_key().as_bytes());
    let jwk = and(&format!(r#""jwk":{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#));
    add("header_jwk", "header-jwk", "The token brings a key.", jwk);
    add("header_jku", "header-jku", "The token says where keys are.", and(r#""jku":"https://evil.example/keys""#));
    add("header_x5u", "header-x5u", "The token says where a certificate is.", and(r#""x5u":"https://evil.example/c""#));
    add("header_x5c", "header-x5c", "The token brings a certificate.", and(r#""x5c":["MIIB"]"#));
    add("header_crit", "header-crit", "The token changes the rules it is read by.", and(r#""crit":["exp"],"exp":1"#));
    add("header_b64", "header-b64", "The token changes what is signed.", and(r#""b64":false"#));
    add("header_unknown_member", "header-zip", "A member that nobody reads.", and(r#""zip":"DEF""#));
    add("header_missing_member", "header-no-cty", "No cty.", with(r#","cty":"vc""#, ""));
    add("header_missing_member", "header-no-kid", "No kid.", {
        let header = sample.header();
        let (before, _) = header.split_once(r#","kid""#).expect("a kid");
        jws(format!("{before}}}"), &sample.payload, &sample.key)
    });
    add("header_wrong_type", "header-alg-list", "alg is a list.", with(r#""EdDSA""#, r#"["EdDSA"]"#));
    add("wrong_algorithm", "header-alg-none", "No algorithm.", with("EdDSA", "none"));
    add("wrong_algorithm", "header-alg-hs256", "A symmetric one, of which the public key would be the key.", {
        with("EdDSA", "HS256")
    });
    add("wrong_algorithm", "header-alg-case", "The right one in another case.", with("EdDSA", "EDDSA"));
    add("wrong_typ", "header-typ-jwt", "A bare JWT.", with("vc+jwt", "JWT"));
    add("wrong_cty", "header-cty-vp", "A presentation.", with(r#""vc""#, r#""vp""#));
    add("bad_kid", "header-kid-no-fragment", "A kid without a fragment.", with("#", "."));
    add("bad_kid", "header-kid-http", "A kid that is no DID.", with("did:web:", "https:"));
}

fn json_rules(part: &mut Part) {
    let sample = Sample::attestation();
    let with = |from: &str, to: &str| sample.with(from, to);
    let mut add = |code: &str, name: &str, about: &str, token: String| {
        add(part, 2, name, about, token, &sample.key, Expected::refused(code));
    };
    let twice = sample.with_header("{", r#"{"alg":"EdDSA","#);
    add("duplicate_member", "json-header-member-twice", "A header member twice.", twice);
    let twice = with(r#""labels":100"#, r#""labels":100,"labels":100000"#);
    add("duplicate_member", "json-member-twice", "A member twice, deep in the payload.", twice);
    let twice = with(r#""labels":100"#, r#""labels":100,"l\u0061bels":100000"#);
    add("duplicate_member", "json-member-twice-escaped", "The same, one of them escaped.", twice);
    let deep = format!("{}1{}", r#"{"a":"#.repeat(31), "}".repeat(31));
    let deepest = with(r#"{"@context""#, &format!(r#"{{"x":{deep},"@context""#));
    add(
        "too_deep",
        "json-too-deep",
        "33 levels.",
        with(r#"{"@context""#, &format!(r#"{{"x":{{"y":{deep}}},"@context""#)),
    );
    let sign = |payload: Vec<u8>| jws(sample.header(), payload, &sample.key);
    let payload = sample.payload.as_bytes();
    add("trailing_bytes", "json-trailing", "A second value.", sign([payload, b"{}"].concat()));
    add("not_utf8", "json-not-utf-8", "A byte that is no UTF-8.", sign([payload, &[0xff]].concat()));
    add("bad_json", "json-comma", "A comma too many.", with(r#""labels":100"#, r#""labels":100,"#));
    add("bad_json", "json-nan", "NaN.", with(r#""labels":100"#, r#""labels":NaN"#));
    add("bad_json", "json-leading-zero", "A number with a leading zero.", with(r#""labels":100"#, r#""labels":0100"#));
    add("bad_json", "json-byte-order-mark", "A byte order mark.", sign([b"\xef\xbb\xbf", payload].concat()));
    add("forbidden_character", "json-control", "A control character that is not escaped.", with("Hand-", "Hand\u{1}"));
    let control = with("Hand-", r"Hand\u001b[2J");
    add("forbidden_character", "json-escape", "A terminal's escape sequence.", control);
    let bidi = with("Hand-", "Hand\u{202e}");
    add("forbidden_character", "json-bidi", "A character that turns the direction.", bidi);
    add("forbidden_character", "json-zero-width", "A zero-width space.", with("Hand-", "Hand\u{200b}"));
    add("forbidden_character", "json-tag", "A tag character of plane 14.", with("Hand-", "Hand\u{e0041}"));
    add("lone_surrogate", "json-half-pair", "Half of a surrogate pair.", with("Hand-", r"Hand\ud800"));
    add("not_an_object", "json-list", "A list.", sign(b"[]".to_vec()));
    let null = jws("null", &sample.payload, &sample.key);
    add("not_an_object", "json-header-null", "A header that is null.", null);
    let about = "32 levels are read; the member is one that nobody reads.";
    self::add(part, 7, "json-deep", about, deepest, &sample.key, Expected::refused("unknown_member"));
}

fn claims(part: &mut Part) {
    let sample = Sample::attestation();
    let and = |member: &str| sample.with(r#"{"@context""#, &format!(r#"{{{member},"@context""#));
    let mut add = |code: &str, name: &str, about: &str, token: String| {
        add(part, 4, name, about, token, &sample.key, Expected::refused(code));
    };
    add("claim_exp", "claim-exp", "exp beside validUntil.", and(r#""exp":4102444800"#));
    add("claim_nbf", "claim-nbf", "nbf beside validFrom.", and(r#""nbf":0"#));
    add("claim_vc", "claim-vc", "A credential within the credential.", and(r#""vc":{}"#));
    add("claim_vp", "claim-vp", "A presentation within the credential.", and(r#""vp":{}"#));
    add("iss_not_issuer", "claim-iss", "iss is another than the issuer.", and(r#""iss":"did:web:other.example""#));
    let kid = sample.with_header("did:web:certifier.example", "did:web:other.example");
    add("kid_not_issuer", "claim-kid-of-another", "kid is another party's.", kid);
}

fn keys(part: &mut Part) {
    let sample = Sample::attestation();
    let mut add = |rule: u8, code: &str, name: &str, about: &str, token: String| {
        add(part, rule, name, about, token, &sample.key, Expected::refused(code));
    };
    let thumbprint = sample.key.public_key().thumbprint().to_string();
    let named = sample.with_header(&thumbprint, "key-1");
    add(5, "kid_not_thumbprint", "key-by-name", "kid names the key otherwise than by its thumbprint.", named);
    let other = sample.with_header(&thumbprint, &key::stranger().public_key().thumbprint().to_string());
    add(5, "kid_of_another_key", "key-of-another", "kid is of another key than the one at hand.", other);
    let flipped = sample.signed_by(&|_, signature| {
        let mut bytes = *signature.as_bytes();
        bytes[7] ^= 1;
        Signature::from_bytes(bytes)
    });
    add(6, "bad_signature", "signature-flipped", "One bit of the signature.", flipped);
    let stranger = sample.signed_by(&|signed, _| key::stranger().sign(signed).expect("it signs"));
    add(6, "bad_signature", "signature-of-another", "Signed by another key than kid says.", stranger);
    let reduced = sample.signed_by(&|_, signature| with_s_plus_l(signature));
    add(6, "bad_signature", "signature-s-not-reduced", "S + L in place of S.", reduced);
    let small = sample.signed_by(&|signed, _| with_small_r(&sample.key, signed));
    add(6, "bad_signature", "signature-r-of-small-order", "R of small order.", small);
    let good = sample.jws();
    let (_, signature) = good.rsplit_once('.').expect("a token");
    let changed = sample.with(r#""labels":100"#, r#""labels":900"#);
    let (signed, _) = changed.rsplit_once('.').expect("a token");
    add(
        6,
        "bad_signature",
        "signature-of-another-payload",
        "More labels than were signed.",
        format!("{signed}.{signature}"),
    );
}

fn attestations(part: &mut Part) {
    let sample = Sample::attestation();
    let mut add = |code: &str, name: &str, about: &str, from: &str, to: &str| {
        add(part, 7, name, about, sample.with(from, to), &sample.key, Expected::refused(code));
    };
    let kind = "DigitalConformityCredential";
    add("unknown_kind", "kind-unknown", "No kind of statement.", kind, "DigitalProductPassport");
    add("unexpected_value", "context-foreign", "Another third context.", "example/contexts/v1", "example/contexts/v2");
    let registry = r#""registry":"registry.example""#;
    add(
        "unexpected_value",
        "context-of-another-registry",
        "Contexts of another registry.",
        registry,
        r#""registry":"other.example""#,
    );
    add("bad_origin", "registry-upper-case", "A registry in upper case.", registry, r#""registry":"Registry.example""#);
    add(
        "unknown_member",
        "member-unknown",
        "A member that nobody reads.",
        r#""labels":100"#,
        r#""labels":100,"note":"x""#,
    );
    add(
        "missing_member",
        "conformance-missing",
        "UNTP makes it optional, a label cannot.",
        r#","conformance":true"#,
        "",
    );
    let conformance = r#""conformance":true"#;
    add("not_conformant", "conformance-false", "The assessment found none.", conformance, r#""conformance":false"#);
    add("wrong_type", "conformance-text", "A text.", conformance, r#""conformance":"true""#);
    let incidents = r#""value":0,"unit":"C62""#;
    add("incidents", "incidents-one", "A child at work was counted.", incidents, r#""value":1,"unit":"C62""#);
    add(
        "unknown_member",
        "incidents-tolerance",
        "A tolerance.",
        incidents,
        r#""value":0,"upperTolerance":3,"unit":"C62""#,
    );
    let labels = r#""labels":100"#;
    add("out_of_range", "labels-none", "No label.", labels, r#""labels":0"#);
    add("out_of_range", "labels-many", "More than 32 bits.", labels, r#""labels":4294967296"#);
    add("not_plain_integer", "labels-exponent", "An exponent.", labels, r#""labels":1e2"#);
    add("not_plain_integer", "labels-fraction", "A fraction.", labels, r#""labels":100.0"#);
    add("wrong_type", "labels-text", "A text.", labels, r#""labels":"100""#);
    add("bad_gtin", "product-check-digit", "A wrong check digit.", "/01/09521234543213/", "/01/09521234543214/");
    add(
        "bad_product_id",
        "product-foreign",
        "A product at another host.",
        "https://registry.example/01/",
        "https://shop.example/01/",
    );
    add(
        "bad_facility_name",
        "facility-address",
        "A street: a home loom is somebody's address.",
        "Bagmati, NP",
        "12 Hill Road, Bagmati",
    );
    add("wrong_status_purpose", "status-purpose", "Another purpose.", r#""suspension""#, r#""revocation""#);
    add(
        "foreign_status_list",
        "status-list-of-another",
        "A status list at another host.",
        "https://registry.example/v1/status/",
        "https://other.example/v1/status/",
    );
    let index = r#""statusListIndex":94567"#;
    add("out_of_range", "status-index-large", "An index past the list.", index, r#""statusListIndex":131072"#);
    add(
        "criteria_missing",
        "criteria-missing",
        "One of the two conventions.",
        "P12100_ILO_CODE:C182",
        "P12100_ILO_CODE:C155",
    );
    add(
        "metrics_differ",
        "metric-of-another-claim",
        "Forced labour was measured.",
        "child-labor-incidents",
        "forced-labor-incidents",
    );
    add(
        "unknown_topic",
        "topic-unknown",
        "A topic that no claim is made about.",
        "conformity-topic/youth-protection",
        "conformity-topic/biodiversity",
    );
    let until = r#""validUntil":"2100-01-01T00:00:00Z""#;
    add("empty_period", "period-empty", "It ends when it begins.", until, r#""validUntil":"2026-01-15T00:00:00Z""#);
    add("bad_time", "time-no-zone", "A time without a zone.", until, r#""validUntil":"2100-01-01T00:00:00""#);
    add(
        "bad_country",
        "country-lower-case",
        "A country in lower case.",
        r#""countryOfOrigin":"NP""#,
        r#""countryOfOrigin":"np""#,
    );
    add("bad_hs_code", "hs-code-letters", "Letters.", r#""hsCode":"570110""#, r#""hsCode":"57O110""#);
    add(
        "unknown_unit",
        "unit-unknown",
        "A unit that is not in the table.",
        r#""quantity":100,"unit":"C62""#,
        r#""quantity":100,"unit":"XX""#,
    );
    add("padded_text", "name-padded", "White space around a name.", "Hand-knotted carpet", " Hand-knotted carpet");
    add("empty_text", "name-empty", "No name.", "Hand-knotted carpet", "");
    add(
        "bad_uri",
        "uri-javascript",
        "A URI of a scheme that runs.",
        r#""id":"https://facilities.example/np/0417""#,
        r#""id":"javascript:alert(1)""#,
    );
}

fn accreditations_and_changes(part: &mut Part) {
    let (sample, x) = (Sample::accreditation(), base64::url_encode(key::certifier().public_key().as_bytes()));
    let own = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
    let mut add = |code: &str, name: &str, about: &str, from: &str, to: &str| {
        add(part, 7, name, about, sample.with(from, to), &sample.key, Expected::refused(code));
    };
    add("repeated_item", "accreditation-key-twice", "A key twice.", &own, &format!("{own},{own}"));
    let secret = replaced(&own, "}", &format!(r#","d":"{x}"}}"#));
    add("private_key", "accreditation-private-key", "A secret key among the public ones.", &own, &secret);
    add(
        "unexpected_value",
        "accreditation-other-curve",
        "A key of another curve.",
        r#""crv":"Ed25519""#,
        r#""crv":"X25519""#,
    );
    add(
        "unknown_value",
        "accreditation-role",
        "A role that there is not.",
        r#""role":"certifier""#,
        r#""role":"king""#,
    );
    add("repeated_item", "accreditation-country-twice", "A country twice.", r#"["NP","IN"]"#, r#"["NP","NP"]"#);
    let seconds = r#""since":"2025-11-03T08:30:00Z""#;
    add(
        "not_whole_second",
        "accreditation-since-fraction",
        "A fraction of a second.",
        seconds,
        r#""since":"2025-11-03T08:30:00.5Z""#,
    );

    let sample = Sample::change();
    let mut add = |code: &str, name: &str, about: &str, from: &str, to: &str| {
        self::add(part, 7, name, about, sample.with(from, to), &sample.key, Expected::refused(code));
    };
    let targets = r#""attestations":[2,3]"#;
    add(
        "wrong_target",
        "change-two-targets",
        "Attestations and a party.",
        targets,
        r#""attestations":[2],"party":"did:web:other.example""#,
    );
    add("not_ascending", "change-target-twice", "A target twice.", targets, r#""attestations":[2,2]"#);
    add("not_plain_integer", "change-target-negative", "A negative index.", targets, r#""attestations":[-2]"#);
    add(
        "unknown_value",
        "change-action",
        "An action that there is not.",
        r#""action":"suspend""#,
        r#""action":"forgive""#,
    );
    add(
        "unknown_value",
        "change-reason",
        "A reason that there is not.",
        r#""reason":"child_found_at_work""#,
        r#""reason":"rain""#,
    );
    add("text_too_long", "change-text-long", "201 characters.", "Unannounced visit on 2 March 2026", &"x".repeat(201));
}
