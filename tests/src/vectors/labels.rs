//! Labels, each judged against the kit's log.

use primitives::{Day, SecretKey, base32};
use serde_json::json;
use statement::sample::day;
use statement::{Claims, Gtin, Lot, Origin, Serial};

use super::forge::{replaced, with_s_plus_l, with_small_r};
use super::world::{AT, ORIGIN, attestation, index, key, origin};
use super::{Expected, Part};

/// A label about to be signed: what a test changes of the good one.
struct Blank {
    origin: Origin,
    gtin: Option<Gtin>,
    lot: &'static str,
    serial: Serial,
    claims: u8,
    index: u64,
    last_day: Day,
    key: SecretKey,
}

impl Blank {
    /// Number 17 of the lot that stands.
    fn good() -> Self {
        Self::of(index::GOOD, "KTM-2026")
    }

    fn of(index: u64, lot: &'static str) -> Self {
        let serial = Serial::new(Some(index), 17).expect("a serial");
        let (gtin, last_day) = (attestation(lot).gtin, day("2099-12-31"));
        Self { origin: origin(), gtin, lot, serial, claims: 1, index, last_day, key: key::certifier() }
    }

    fn label(&self) -> label::Label {
        let (lot, claims) = (Lot::parse(self.lot).expect("a lot"), Claims::from_bits(self.claims).expect("claims"));
        let (origin, gtin) = (self.origin.clone(), self.gtin);
        label::Label::sign(origin, gtin, lot, self.serial, claims, self.index, self.last_day, &self.key)
            .expect("it signs")
    }

    fn sign(&self) -> String {
        self.label().to_uri()
    }
}

/// The good label: number 17 of the attestation that stands.
pub(super) fn good() -> String {
    Blank::good().sign()
}

/// A good label of an entry that this log does not reach yet.
pub(super) fn newer(size: u64) -> String {
    Blank::of(size, "NEWER").sign()
}

/// Label 17 of an attestation of the certifier's.
pub(super) fn of(index: u64, lot: &'static str) -> String {
    Blank::of(index, lot).sign()
}

/// The label with other bytes in its blob.
fn with_blob(label: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let old = blob(label);
    let mut bytes = base32::decode(old).expect("a blob");
    change(&mut bytes);
    replaced(label, old, &base32::encode(&bytes))
}

fn blob(label: &str) -> &str {
    label.split('/').nth(3).expect("a blob")
}

fn with_signature(label: &label::Label, signature: &primitives::Signature) -> String {
    with_blob(&label.to_uri(), |bytes| {
        let start = bytes.len() - 64;
        bytes.splice(start.., *signature.as_bytes());
    })
}

pub(super) fn part() -> Part {
    let mut part = Part::new("labels");
    genuine(&mut part);
    form(&mut part);
    blobs(&mut part);
    signatures(&mut part);
    law(&mut part);
    part
}

fn add(part: &mut Part, name: &str, about: &str, label: impl Into<String>, evidence: u64, expected: Expected) {
    let evidence = format!("world/evidence/{evidence}.json");
    let given = [("label", json!(label.into())), ("at", json!(AT)), ("evidence", json!(evidence))];
    part.add(name, about, given, expected);
}

fn verified() -> Expected {
    Expected::verdict("verified", &[])
}

fn refused(reasons: &[&str]) -> Expected {
    Expected::verdict("refused", reasons)
}

fn genuine(part: &mut Part) {
    let good = good();
    let mut add = |name, about, label: String, evidence| add(part, name, about, label, evidence, verified());
    add("good", "Nothing is wrong.", good.clone(), index::GOOD);
    let without = Blank {
        gtin: None,
        claims: 3,
        serial: Serial::new(Some(index::WITHOUT_GTIN), 100).expect("a serial"),
        ..Blank::of(index::WITHOUT_GTIN, "B/7(a)%")
    };
    add(
        "good-without-gtin",
        "A product without GTIN; its lot has characters that a path escapes, a slash among them.",
        without.sign(),
        index::WITHOUT_GTIN,
    );
    let escaped = replaced(&replaced(&without.sign(), "%2F", "%2f"), "a", "%61");
    let about = "The same, its lot escaped in another way: values are decoded before they are signed or compared.";
    add("good-escaped-otherwise", about, escaped, index::WITHOUT_GTIN);
    let lower = replaced(&good, "HTTPS://REGISTRY.EXAMPLE", "https://registry.example");
    add("good-lower-case-host", "Scheme and host in lower case: their case is folded.", lower, index::GOOD);
    let query = format!("{good}?utm_source=%zz#<>");
    add("good-query-and-fragment", "A query and a fragment, which are ignored unread.", query, index::GOOD);
    let short = Blank { serial: Serial::new(None, 17).expect("a serial"), ..Blank::good() };
    add("good-short-serial", "A serial without the log index.", short.sign(), index::GOOD);
    let last = Blank { serial: Serial::new(Some(index::GOOD), 100).expect("a serial"), ..Blank::good() };
    add("good-last-number", "The last number that was attested.", last.sign(), index::GOOD);
    let added = Blank { key: key::added(), ..Blank::good() };
    add("good-later-key", "Signed with a key that was accredited after the attestation.", added.sign(), index::GOOD);
    let retired = Blank { key: key::retired(), ..Blank::good() };
    add("good-retired-key", "Signed with a key that was retired after the attestation.", retired.sign(), index::GOOD);
    let reinstated = Blank::of(index::REINSTATED, "REINSTATED").sign();
    add("good-reinstated", "Suspended once, and reinstated by whoever suspended it.", reinstated, index::REINSTATED);
    let today = Blank { last_day: day("2026-06-01"), ..Blank::good() };
    // The program runs this one by the clock, where it has run out.
    let given = json!(today.sign());
    part.add(
        "good-on-its-last-day",
        "The label's last day is the day of the verdict.",
        [("label", given), ("at", json!(AT)), ("evidence", json!("world/evidence/2.json"))],
        verified(),
    );
}

fn form(part: &mut Part) {
    let good = good();
    let swap = |from: &str, to: &str| replaced(&good, from, to);
    let path = good.split_once("EXAMPLE").expect("a host").1;
    let mut add = |code: &str, name: &str, about: &str, label: String| {
        add(part, name, about, label, index::GOOD, refused(&["malformed"]).with_code(code));
    };
    add("too_long", "form-too-long", "2,049 bytes.", format!("{good}?{}", "x".repeat(2048 - good.len())));
    add("scheme", "form-scheme", "Another scheme.", swap("HTTPS://", "FTP://"));
    add("mixed_case_scheme", "form-scheme-mixed-case", "A scheme in both cases.", swap("HTTPS://", "Https://"));
    add("plain_http", "form-plain-http", "http to a host that is not this machine.", swap("HTTPS", "HTTP"));
    add("userinfo", "form-userinfo", "User information before the host.", swap("//REG", "//REGISTRY.EXAMPLE@REG"));
    add("trailing_dot", "form-trailing-dot", "A dot at the end of the host.", swap("EXAMPLE/", "EXAMPLE./"));
    add("default_port", "form-default-port", "The scheme's own port.", swap("EXAMPLE/", "EXAMPLE:443/"));
    add("default_port", "form-default-port-zeros", "The same, with a zero.", swap("EXAMPLE/", "EXAMPLE:0443/"));
    add("bad_host", "form-port-too-large", "A port above 65535.", swap("EXAMPLE/", "EXAMPLE:65536/"));
    add("bad_host", "form-host-underscore", "An underscore in the host.", swap("REGISTRY.", "REGIS_TRY."));
    add("bad_host", "form-host-empty", "No host.", format!("HTTPS://{path}"));
    add("bad_host", "form-host-escaped", "A percent-encoded host.", swap("REGISTRY.", "%52EGISTRY."));
    add("no_path", "form-no-path", "Nothing after the host.", format!("HTTPS://{ORIGIN}"));
    add("no_path", "form-only-query", "A query in place of a path.", format!("HTTPS://{ORIGIN}?{path}"));
    add("forbidden_character", "form-backslash", "A backslash, which browsers read as a slash.", swap("/21/", "\\21/"));
    add("forbidden_character", "form-space", "A space.", swap("KTM-", "KTM -"));
    add("forbidden_character", "form-tab", "A tab, which browsers drop.", swap("KTM-", "KTM\t-"));
    add("forbidden_character", "form-not-ascii", "A letter that is not ASCII.", swap("KTM-", "K\u{422}M-"));
    add("trailing_slash", "form-trailing-slash", "A slash at the end.", format!("{good}/"));
    add("empty_segment", "form-empty-segment", "Two slashes.", swap("/10/", "//10/"));
    add("dot_segment", "form-dot-segment", "A dot segment, which URL libraries take out.", swap("/10/", "/./10/"));
    let about = "Two escaped dots, which URL libraries read as a step up.";
    add("dot_segment", "form-dot-segment-escaped", about, swap("/10/", "/10/x/%2E%2e/"));
    let unsigned = replaced(&good, &format!("/{}", blob(&good)), "");
    add("no_blob", "form-no-blob", "A GS1 Digital Link without the signed part.", unsigned);
    add("unexpected_path", "form-ai-order", "Serial before lot.", {
        let serial = format!("/21/{}-17", index::GOOD);
        replaced(&replaced(&good, &serial, ""), "/10/KTM-2026", &format!("{serial}/10/KTM-2026"))
    });
    add("unexpected_path", "form-ai-more", "One application identifier more.", format!("{good}/11/260101"));
    add("unexpected_path", "form-ai-fewer", "No serial.", good.split_once("/21/").expect("a serial").0.to_owned());
    add("unexpected_path", "form-ai-escaped", "An escaped application identifier.", swap("/10/", "/%310/"));
    add("bad_percent_encoding", "form-percent-cut", "A percent sign before one digit.", swap("KTM-2026", "KTM-202%6"));
    add("bad_percent_encoding", "form-percent-letters", "A percent sign before letters.", swap("KTM-", "KTM%GG"));
    add("encoded_slash", "form-slash-in-serial", "An escaped slash in a serial.", swap("2-17", "2%2F17"));
    add("not_cset_82", "form-nul", "An escaped zero byte in the lot.", swap("KTM-", "KTM%00"));
    add("not_cset_82", "form-escaped-space", "An escaped space in the lot.", swap("KTM-", "KTM%20"));
    add("not_cset_82", "form-utf-8", "Escaped UTF-8 in the lot.", swap("KTM-", "KTM%C3%A9"));
    add("not_cset_82", "form-overlong", "A slash in two bytes of overlong UTF-8.", swap("KTM-", "KTM%C0%AF"));
    add("bad_gtin", "form-gtin-check-digit", "A wrong check digit.", swap("/01/09521234543213", "/01/09521234543214"));
    add("bad_gtin", "form-gtin-short", "Thirteen digits.", swap("/01/0952", "/01/952"));
    add("bad_gtin", "form-gtin-letter", "A letter among the digits.", swap("/01/0952", "/01/O952"));
    add("bad_lot", "form-lot-long", "A lot of 21 characters.", swap("KTM-2026", "ABCDEFGHIJKLMNOPQRSTU"));
    add("bad_serial", "form-serial-zero", "Number 0.", swap("2-17", "2-0"));
    add("bad_serial", "form-serial-leading-zero", "A leading zero.", swap("2-17", "2-017"));
    add("bad_serial", "form-serial-sign", "A sign.", swap("2-17", "2-+17"));
    add("bad_serial", "form-serial-letters", "A letter.", swap("2-17", "2-17A"));
    add("bad_serial", "form-serial-large", "A number of more than 32 bits.", swap("2-17", "2-4294967296"));
    add("bad_serial", "form-serial-long", "21 characters.", swap("2-17", "123456789012345678-17"));
    add("serial_index_mismatch", "form-serial-of-another", "Another log index than the blob's.", swap("2-17", "3-17"));
    let lookalike = swap("REGISTRY", "R\u{c9}GISTRY");
    let foreign = refused(&["foreign_origin"]).with_code("host_not_ascii");
    let about = "A host that only looks like the registry's.";
    self::add(part, "foreign-lookalike", about, lookalike, index::GOOD, foreign);
}

fn blobs(part: &mut Part) {
    let good = good();
    let swap = |change: &dyn Fn(&mut Vec<u8>)| with_blob(&good, change);
    let lower = replaced(&good, blob(&good), &blob(&good).to_lowercase());
    let padded = replaced(&good, blob(&good), &format!("{}===", blob(&good)));
    // 73 bytes are 584 bits in 117 characters of 585: the last one has a bit to spare.
    let (head, last) = blob(&good).split_at(116);
    let spare = char::from(last.bytes().next().expect("117 characters") + 1);
    let trailing = replaced(&good, blob(&good), &format!("{head}{spare}"));
    let mut add = |code: &str, name: &str, about: &str, label: String| {
        add(part, name, about, label, index::GOOD, refused(&["malformed"]).with_code(code));
    };
    add("blob_not_base32", "blob-lower-case", "Base32 in lower case.", lower);
    add("blob_not_base32", "blob-padded", "Base32 with padding.", padded);
    add("blob_not_base32", "blob-trailing-bits", "Trailing bits that are not zero.", trailing);
    add("blob_length", "blob-short", "72 bytes.", swap(&|bytes| bytes.truncate(72)));
    add("blob_length", "blob-long", "74 bytes, with an index of one.", swap(&|bytes| bytes.push(0)));
    add("no_claims", "blob-no-claims", "No claim.", swap(&|bytes| bytes.splice(1..2, [0]).for_each(drop)));
    add("index_not_shortest", "blob-index-long-form", "The log index in two bytes where one would do.", {
        swap(&|bytes| bytes.splice(6..7, [0x82, 0]).for_each(drop))
    });
    add("index_too_large", "blob-index-too-large", "A log index of more than 64 bits.", {
        swap(&|bytes| bytes.splice(6..7, [[0xff; 9].as_slice(), &[2]].concat()).for_each(drop))
    });
    let mut later = |code: &str, name: &str, about: &str, label: String| {
        let expected = Expected::verdict("undecided", &["unsupported"]).with_code(code);
        self::add(part, name, about, label, index::GOOD, expected);
    };
    let version = swap(&|bytes| bytes.splice(0..1, [2]).for_each(drop));
    later("unsupported_version", "blob-version-2", "A version to come: it is for a newer verifier.", version);
    let claim = swap(&|bytes| bytes.splice(1..2, [5]).for_each(drop));
    later("unsupported_claim", "blob-claim-4", "A claim to come: it is for a newer verifier.", claim);
}

fn signatures(part: &mut Part) {
    let good = good();
    let swap = |from: &str, to: &str| replaced(&good, from, to);
    let mut add = |name: &str, about: &str, label: String, reasons: &[&str]| {
        add(part, name, about, label, index::GOOD, refused(reasons));
    };
    let forged = &["forged_signature"][..];
    add("signature-flipped", "One bit of the signature.", with_blob(&good, |bytes| flip(bytes, 40)), forged);
    add("signature-other-serial", "Moved to another serial.", swap("2-17", "2-18"), forged);
    let product = &["forged_signature", "wrong_product"][..];
    add("signature-other-lot", "Moved to another lot.", swap("KTM-2026", "KTM-2027"), product);
    add("signature-lot-case", "The lot in another case.", swap("KTM-2026", "ktm-2026"), product);
    let other_gtin = swap("09521234543213", "09521234543220");
    add("signature-other-gtin", "Moved to another product.", other_gtin, product);
    add("signature-without-gtin", "The GTIN left out.", swap("/01/09521234543213", ""), product);
    let longer = with_blob(&good, |bytes| flip(bytes, 8));
    add("signature-other-day", "Another last day.", longer, forged);
    let more = with_blob(&good, |bytes| bytes.splice(1..2, [3]).for_each(drop));
    add("signature-more-claims", "One claim more.", more, &["forged_signature", "wrong_claims"]);
    let label = Blank::good().label();
    let again = with_s_plus_l(&label.blob().signature);
    add("signature-s-not-reduced", "S + L in place of S.", with_signature(&label, &again), forged);
    let small = with_small_r(&key::certifier(), &label.signed_bytes());
    let about = "R of small order: the equation holds, and strict verification refuses it.";
    add("signature-r-of-small-order", about, with_signature(&label, &small), forged);
    let stranger = Blank { key: key::stranger(), ..Blank::good() }.sign();
    add("key-of-nobody", "Signed with a key that nobody accredited.", stranger, &["unknown_certifier"]);
    let other = Blank { key: key::other_certifier(), ..Blank::good() }.sign();
    add("key-of-another-certifier", "Signed by another certifier.", other, &["unknown_certifier"]);
    let elsewhere = Blank { origin: Origin::parse("other.example").expect("an origin"), ..Blank::good() }.sign();
    add("foreign-origin", "Of a registry that the trust file does not name.", elsewhere, &["foreign_origin"]);
    let port = Blank { origin: Origin::parse("registry.example:8443").expect("an origin"), ..Blank::good() }.sign();
    add("foreign-port", "The port is part of the origin.", port, &["foreign_origin"]);
}

fn law(part: &mut Part) {
    let mut add = |name: &str, about: &str, blank: Blank, outcome: &str, reason: &str| {
        let (index, expected) = (blank.index, Expected::verdict(outcome, &[reason]));
        self::add(part, name, about, blank.sign(), index, expected);
    };
    let retired = Blank { key: key::retired(), ..Blank::of(index::AFTER_RETIREMENT, "LATER") };
    add(
        "law-key-retired",
        "Signed with a key that was retired before the attestation.",
        retired,
        "refused",
        "unknown_certifier",
    );
    let nothing = Blank::of(index::ACCREDITATION, "KTM-2026");
    add("law-no-attestation", "The entry is an accreditation.", nothing, "refused", "unknown_attestation");
    let root = Blank::of(index::STATUS_ROOT, "KTM-2026");
    add("law-status-root", "The entry is the registry's own.", root, "refused", "unknown_attestation");
    let change = Blank::of(index::REFUSED_LIFT, "KTM-2026");
    add("law-status-change", "The entry is a change of status.", change, "refused", "unknown_attestation");
    let other = Blank::of(index::GOOD, "KTM-2027");
    add("law-wrong-product", "Truly signed, for a lot that was not attested.", other, "refused", "wrong_product");
    let more = Blank { claims: 3, ..Blank::good() };
    add("law-wrong-claims", "Truly signed, with a claim that was not attested.", more, "refused", "wrong_claims");
    let beyond = Blank { serial: Serial::new(Some(index::GOOD), 101).expect("a serial"), ..Blank::good() };
    add("law-serial-out-of-range", "Number 101 of 100.", beyond, "refused", "serial_out_of_range");
    let over = Blank { last_day: day("2026-05-31"), ..Blank::good() };
    add("law-label-expired", "The label's last day has passed, the attestation's not.", over, "refused", "expired");
    let blank = Blank::of;
    add("law-expired", "Expired.", blank(index::EXPIRED, "EXPIRED"), "refused", "expired");
    let early = blank(index::NOT_YET_VALID, "NOT-YET");
    add("law-not-yet-valid", "Its first day has not come.", early, "refused", "not_yet_valid");
    let suspended = blank(index::SUSPENDED, "SUSPENDED");
    add("law-suspended", "Suspended by the certifier.", suspended, "refused", "suspended");
    let held = blank(index::SUSPENDED_BY_ACCREDITOR, "HELD");
    add("law-suspended-by-accreditor", "Suspended by the accreditor.", held, "refused", "suspended");
    add("law-withdrawn", "Withdrawn.", blank(index::WITHDRAWN, "WITHDRAWN"), "refused", "withdrawn");
    let certifier = Blank { key: key::other_certifier(), ..blank(index::OF_SUSPENDED_CERTIFIER, "OTHER") };
    add("law-certifier-suspended", "Its certifier is suspended.", certifier, "refused", "certifier_suspended");
    let scope = blank(index::OUT_OF_SCOPE, "SCOPE");
    add("law-out-of-scope", "Goods that its certifier is not accredited for.", scope, "refused", "out_of_scope");
    let exposed = Blank { key: key::stolen(), ..blank(index::KEY_EXPOSED, "EXPOSED") };
    add(
        "law-key-exposed",
        "Attested before its key was stolen; a label carries no time.",
        exposed,
        "caution",
        "key_exposed",
    );
    // The attestation does not count, and so its labels do not, whichever key signed them.
    let compromised = Blank { key: key::certifier(), ..blank(index::KEY_COMPROMISED, "COMPROMISED") };
    add("law-key-compromised", "Attested with a key after it was stolen.", compromised, "refused", "key_compromised");
}

fn flip(bytes: &mut [u8], place: usize) {
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 1;
    }
}
