use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use primitives::{SecretKey, SignError, base32};
use proptest::prelude::*;
use statement::{LotError, OriginError, SerialError};

use super::*;
use crate::Unsupported;

/// The design's vector, made with another implementation: secret key 32 × 0x01, index 94567, until 2027-12-31.
const VECTOR: &str = "HTTPS://REGISTRY.EXAMPLE/AEATI5IPTDT6EBKSX6A7TWR5BVW34WJSUYZG26QDG2T2RIDKBVBUDFO4V7MFG66WUUS27XVSZUBRPVR57M6LJBNYLOT3WYRECH42JOTEHC2ZQYRW6JBUOKIM/01/09521234543213/10/KTM-2026/21/17";
const PUBLIC_KEY: &str = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";
const HEADER: &str = "010134750f98e7e20552bf";
const SIGNED: &str = "6574686963616c2d6c6162656c2f763100010134750f98e7e20552bf72656769737472792e6578616d706c650030312f30393532313233343534333231332f31302f4b544d2d323032362f32312f3137";

fn key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn blob() -> &'static str {
    VECTOR.split('/').nth(3).unwrap()
}

fn sign(gtin: Option<&str>, lot: &str, serial: &str) -> Result<Label, NotSigned> {
    Label::sign(
        Origin::parse("registry.example").unwrap(),
        gtin.map(|gtin| Gtin::parse(gtin).unwrap()),
        Lot::parse(lot).unwrap(),
        Serial::parse(serial).unwrap(),
        Claims::NO_CHILD_LABOUR,
        94_567,
        Day::parse("2027-12-31").unwrap(),
        &key(),
    )
}

#[test]
fn the_vector_passes_byte_for_byte() {
    assert_eq!(hex(key().public_key().as_bytes()), PUBLIC_KEY);
    let label = Label::parse(VECTOR).unwrap();
    assert_eq!(hex(&label.blob().header()), HEADER);
    assert_eq!(hex(&label.signed_bytes()), SIGNED);
    assert_eq!(label.to_uri(), VECTOR);
    let genuine = label.verify(&key().public_key()).unwrap();
    assert_eq!((genuine.index(), genuine.last_day().to_string().as_str()), (94_567, "2027-12-31"));
    assert_eq!(genuine.cloned().same(&label, &key().public_key()), Some(genuine));
    assert_eq!(label, sign(Some("09521234543213"), "KTM-2026", "17").unwrap());
}

#[test]
fn a_link_is_a_valid_gs1_digital_link_with_the_blob_as_its_stem() {
    let link = crate::digital_link::DigitalLink::parse(VECTOR, &Default::default()).unwrap();
    assert_eq!(link.element_string(), "^010952123454321310KTM-2026^2117");
    assert_eq!(link.stem(), format!("HTTPS://REGISTRY.EXAMPLE/{}", blob()));
}

#[test]
fn a_product_without_a_gtin_and_an_indexed_serial_are_read_back() {
    let label = sign(None, "A/B%c", "94567-17").unwrap();
    assert!(label.to_uri().ends_with("/10/A%2FB%25c/21/94567-17"), "{label}");
    assert_eq!(Label::parse(&label.to_uri()), Ok(label.clone()));
    assert!(label.signed_bytes().ends_with(b"registry.example\x0010/A%2FB%25c/21/94567-17"));
}

#[test]
fn what_the_format_folds_gives_the_same_label() {
    let label = Label::parse(VECTOR).unwrap();
    for (from, to) in [
        ("HTTPS://", "https://"),
        ("REGISTRY.EXAMPLE", "Registry.example"),
        ("KTM-2026", "%4bTM%2D2026"),
        ("/21/17", "/21/%317"),
        ("/01/09521234543213", "/01/0952123454321%33"),
        ("/21/17", "/21/17?utm_source=a b&x=/../"),
        ("/21/17", "/21/17#@/é"),
        ("/21/17", "/21/17?"),
    ] {
        assert_eq!(Label::parse(&VECTOR.replacen(from, to, 1)).as_ref(), Ok(&label), "{to}");
    }
}

#[test]
fn a_path_is_case_sensitive() {
    let other = Label::parse(&VECTOR.replace("KTM", "Ktm")).unwrap();
    assert_eq!(other.lot().as_str(), "Ktm-2026");
    assert_eq!(other.verify(&key().public_key()), Err(NotGenuine::Forged));
}

#[test]
fn every_trick_has_its_reason() {
    use Malformed as M;
    let change = |from: &str, to: &str| VECTOR.replacen(from, to, 1);
    let host = |to: &str| change("REGISTRY.EXAMPLE", to);
    let lot = |to: &str| change("KTM-2026", to);
    let forbidden = |character, position| M::ForbiddenCharacter { character, position };
    let cset = |ai, byte| M::NotCset82 { ai, byte };
    let long_host = format!("{}.EXAMPLE", "A".repeat(64));
    for (text, reason) in [
        (String::new(), M::Scheme),
        ("HTTPS".into(), M::Scheme),
        (change("HTTPS:", "FTP:"), M::Scheme),
        (change("HTTPS://", "HTTPS:/"), M::Scheme),
        (change("HTTPS", " HTTPS"), M::Scheme),
        (change("HTTPS", "Https"), M::MixedCaseScheme),
        (change("HTTPS", "httpS"), M::MixedCaseScheme),
        (change("HTTPS", "HTTP"), M::PlainHttp),
        (change("HTTPS", "HTTP").replace("REGISTRY.EXAMPLE", "LOCALHOST.EXAMPLE"), M::PlainHttp),
        (host("REGISTRY.EXAMPLE@EVIL.EXAMPLE"), M::Userinfo),
        (host("@REGISTRY.EXAMPLE"), M::Userinfo),
        (host("REGISTRY.EXAMPLE."), M::TrailingDot),
        (host("REGISTRY.EXAMPLE.:8443"), M::TrailingDot),
        (host("REGISTRY.EXAMPLE:443"), M::DefaultPort(443)),
        (change("HTTPS", "HTTP").replace("REGISTRY.EXAMPLE", "LOCALHOST:80"), M::DefaultPort(80)),
        (host("REGISTRY.EXAMPLE:80"), M::Host(OriginError::Port)),
        (host("REGISTRY.EXAMPLE:08443"), M::Host(OriginError::Port)),
        (host("REGISTRY.EXAMPLE:"), M::Host(OriginError::Port)),
        (host(""), M::Host(OriginError::EmptyLabel)),
        (host("REGISTRY..EXAMPLE"), M::Host(OriginError::EmptyLabel)),
        (host("REGISTRY%2EEXAMPLE"), M::Host(OriginError::NotLdh)),
        (host("REGISTRY_.EXAMPLE"), M::Host(OriginError::NotLdh)),
        (host("REGISTRY.EXAMPLE\\"), M::Host(OriginError::NotLdh)),
        (host("[::1]"), M::Host(OriginError::Port)),
        (host("127.1"), M::Host(OriginError::NotAnAddress)),
        (host(&long_host), M::Host(OriginError::TooLong)),
        (host("RЕGISTRY.EXAMPLE"), M::HostNotAscii { punycode: "xn--rgistry-7gg.example".into() }),
        (host("REGISTRY\u{2024}EXAMPLE"), M::HostNotAscii { punycode: "xn--registryexample-d29h".into() }),
        ("HTTPS://REGISTRY.EXAMPLE".into(), M::NoPath),
        ("HTTPS://REGISTRY.EXAMPLE/".into(), M::NoPath),
        ("HTTPS://REGISTRY.EXAMPLE?/A".into(), M::NoPath),
        (format!("{VECTOR}/"), M::TrailingSlash),
        (format!("{VECTOR}/?x"), M::TrailingSlash),
        (change("/01/", "//01/"), M::EmptySegment),
        (change("/10/", "/./10/"), M::DotSegment),
        (change("/10/", "/X/../10/"), M::DotSegment),
        (lot(".."), M::DotSegment),
        (lot("%2E%2E"), M::DotSegment),
        (lot(".%2e"), M::DotSegment),
        (lot("%2e"), M::DotSegment),
        (lot("KTM 2026"), forbidden(' ', 170)),
        (lot("KTM\\2026"), forbidden('\\', 170)),
        (lot("KTM\t2026"), forbidden('\t', 170)),
        (lot("KTM\"2026"), forbidden('"', 170)),
        (lot("KTMé2026"), forbidden('é', 170)),
        (format!("{VECTOR}\n"), forbidden('\n', VECTOR.len())),
        (format!("{VECTOR}\u{202e}"), forbidden('\u{202e}', VECTOR.len())),
        ("HTTPS://REGISTRY.EXAMPLE/01/09521234543213/10/KTM-2026/21/17".into(), M::NoBlob),
        ("HTTPS://REGISTRY.EXAMPLE/ABOUT".into(), M::BlobNotBase32),
        (change(blob(), &blob().to_lowercase()), M::BlobNotBase32),
        (change("/AEAT", "/%41EAT"), M::BlobNotBase32),
        (change("/01/", "/%30%31/"), M::UnexpectedPath),
        (change("/01/", "/1/"), M::UnexpectedPath),
        (change("/01/", "/8006/"), M::UnexpectedPath),
        (change("/10/KTM-2026", ""), M::UnexpectedPath),
        (change("/10/KTM-2026/21/17", "/21/17/10/KTM-2026"), M::UnexpectedPath),
        (change("/10/", "/22/A/10/"), M::UnexpectedPath),
        (change("/10/", "%2F10/"), M::UnexpectedPath),
        (format!("{VECTOR}/17/271231"), M::UnexpectedPath),
        (change(blob(), &format!("STEM/{}", blob())), M::BlobNotBase32),
        (lot("KTM%"), M::BadPercentEncoding { ai: "10" }),
        (lot("KTM%2"), M::BadPercentEncoding { ai: "10" }),
        (lot("KTM%GG"), M::BadPercentEncoding { ai: "10" }),
        (lot("KTM%u0041"), M::BadPercentEncoding { ai: "10" }),
        (change("/21/17", "/21/1%"), M::BadPercentEncoding { ai: "21" }),
        (change("/21/17", "/21/1%2F7"), M::EncodedSlash { ai: "21" }),
        (change("/01/0952", "/01/%2f0952"), M::EncodedSlash { ai: "01" }),
        (lot("KTM%00"), cset("10", 0)),
        (lot("KTM%0A"), cset("10", b'\n')),
        (lot("KTM%20"), cset("10", b' ')),
        (lot("KTM%7E"), cset("10", b'~')),
        (lot("KTM~1"), cset("10", b'~')),
        (lot("KTM%C3%A9"), cset("10", 0xc3)),
        (lot("%C0%AE%C0%AE"), cset("10", 0xc0)),
        (lot("%C0%AF"), cset("10", 0xc0)),
        (change("/21/17", "/21/%EF%BC%91"), cset("21", 0xef)),
        (lot("123456789012345678901"), M::Lot(LotError::Length(21))),
        (change("4543213", "4543214"), M::Gtin(statement::GtinError::CheckDigit { found: 4, expected: 3 })),
        (change("/01/0952", "/01/952"), M::Gtin(statement::GtinError::Length(13))),
        (change("/21/17", "/21/017"), M::Serial(SerialError::NotDecimal)),
        (change("/21/17", "/21/0"), M::Serial(SerialError::Zero)),
        (change("/21/17", "/21/+17"), M::Serial(SerialError::NotDecimal)),
        (change("/21/17", "/21/94567-17-1"), M::Serial(SerialError::NotDecimal)),
        (change("/21/17", "/21/94568-17"), M::SerialIndex { serial: 94_568, blob: 94_567 }),
        (format!("{VECTOR}?{}", "A".repeat(2048)), M::TooLong { length: VECTOR.len() + 2049, limit: 2048 }),
    ] {
        assert_eq!(Label::parse(&text), Err(Error::Malformed(reason)), "{text}");
    }
}

#[test]
fn a_later_version_is_unsupported_whatever_its_path() {
    let mut bytes = base32::decode(blob()).unwrap();
    bytes[0] = 9;
    let text = format!("HTTPS://REGISTRY.EXAMPLE/{}/9999/X", base32::encode(&bytes));
    assert_eq!(Label::parse(&text), Err(Unsupported::Version(9).into()));
}

#[test]
fn plain_http_is_for_this_machine_only_and_is_written_for_it() {
    let text = VECTOR.replace("HTTPS://REGISTRY.EXAMPLE", "HTTP://LOCALHOST:3000");
    assert_eq!(Label::parse(&text).unwrap().to_uri(), text);
    assert_eq!(Label::parse(&text).unwrap(), Label::parse(&text.replace("HTTP:", "HTTPS:")).unwrap());
}

#[test]
fn a_label_that_would_be_wrong_is_not_signed() {
    assert_eq!(sign(None, "A", "5-1"), Err(NotSigned::SerialIndex { serial: 5, index: 94_567 }));
    let label = sign(None, "A", "1").unwrap();
    let again = |claims, signer: &dyn Signer| {
        let (origin, lot) = (label.origin.clone(), label.lot.clone());
        Label::sign(origin, None, lot, label.serial, claims, 7, label.last_day(), signer)
    };
    assert_eq!(again(Claims::NONE, &key()), Err(NotSigned::NoClaims));

    /// A token that was pulled out, or that signs something else.
    struct Broken(Option<Signature>);
    impl Signer for Broken {
        fn public_key(&self) -> PublicKey {
            key().public_key()
        }
        fn sign(&self, _: &[u8]) -> Result<Signature, SignError> {
            self.0.ok_or(SignError("no token".into()))
        }
    }
    assert_eq!(again(Claims::ALL, &Broken(None)), Err(NotSigned::Signer(SignError("no token".into()))));
    assert_eq!(again(Claims::ALL, &Broken(Some(Signature::from_bytes([3; 64])))), Err(NotSigned::BadSignature));
}

#[test]
fn another_key_is_named_before_its_signature_is_tried() {
    let other = SecretKey::from_seed(&[2; 32]).public_key();
    let label = Label::parse(VECTOR).unwrap();
    let reason = NotGenuine::OtherKey { label: label.key_id(), key: other.label_key_id() };
    assert_eq!(label.verify(&other), Err(reason));
}

#[test]
fn a_batch_has_the_verdict_of_each_label_at_its_place() {
    let (own, other) = (key().public_key().accreditable().unwrap(), SecretKey::from_seed(&[2; 32]).public_key());
    let other = other.accreditable().unwrap();
    let good = sign(Some("09521234543213"), "KTM-2026", "17").unwrap();
    let mut forged = good.clone();
    forged.lot = Lot::parse("KTM-2027").unwrap();
    for count in [1, 10, 100, 300] {
        let labels: Vec<_> = (0..count)
            .map(|place| match place % 50 {
                4 => (&forged, &own),
                7 => (&good, &other),
                _ => (&good, &own),
            })
            .collect();
        let verdicts = Label::verify_batch(&labels, &[7; 32]);
        assert!(verdicts.contains(&Ok(good.verify(&own).unwrap())));
        assert_eq!(verdicts, labels.iter().map(|(label, key)| label.verify(key)).collect::<Vec<_>>());
    }
    assert_eq!(Label::verify_batch(&[], &[7; 32]), []);
}

/// Every byte of the vector, replaced by every printable character: none verifies but what the format folds.
#[test]
fn no_single_change_verifies() {
    let genuine = Label::parse(VECTOR).unwrap();
    let key = key().public_key();
    let (mut malformed, mut unsupported, mut not_genuine, mut folded) = (0, 0, 0, 0);
    for at in 0..VECTOR.len() {
        for byte in (b' '..=b'~').filter(|&byte| byte != VECTOR.as_bytes()[at]) {
            let mut text = VECTOR.as_bytes().to_vec();
            text[at] = byte;
            let text = String::from_utf8(text).unwrap();
            match Label::parse(&text) {
                Err(Error::Malformed(_)) => malformed += 1,
                Err(Error::Unsupported(_)) => unsupported += 1,
                Ok(label) if label == genuine => {
                    assert!(text.eq_ignore_ascii_case(VECTOR) && (8..24).contains(&at), "{text}");
                    folded += 1;
                }
                Ok(label) => {
                    assert!(label.verify(&key).is_err(), "{text}");
                    not_genuine += 1;
                }
            }
        }
    }
    assert_eq!(folded, "REGISTRYEXAMPLE".len(), "letters of the host in lower case");
    assert!(malformed > 0 && unsupported > 0 && not_genuine > 0);
}

fn lots() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[!\"%&'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_signed_is_read_back_and_verifies(
        lot in lots(), number in 1..=u32::MAX, with_gtin: bool, indexed: bool, index in 0..10_000_000_000_u64, days: u16,
        bits in 1..=3_u8, seed: [u8; 32],
    ) {
        prop_assume!(lot != "." && lot != "..");
        let Ok(serial) = Serial::new(indexed.then_some(index), number) else { return Ok(()) };
        let gtin = with_gtin.then(|| Gtin::parse("09521234543213").unwrap());
        let key = SecretKey::from_seed(&seed);
        let origin = Origin::parse("registry.example:8443").unwrap();
        let claims = Claims::from_bits(bits).unwrap();
        let label = Label::sign(origin, gtin, Lot::parse(&lot).unwrap(), serial, claims, index, Day::from_days(days), &key).unwrap();
        let read = Label::parse(&label.to_uri()).unwrap();
        prop_assert_eq!(&read, &label);
        prop_assert_eq!(read.to_uri(), label.to_uri());
        prop_assert!(read.verify(&key.public_key()).is_ok());
    }

    #[test]
    fn a_change_of_a_few_characters_never_verifies(
        changes in proptest::collection::vec((0..VECTOR.len(), any::<char>()), 1..4),
    ) {
        let genuine = Label::parse(VECTOR).unwrap();
        let mut characters: Vec<char> = VECTOR.chars().collect();
        for (at, character) in changes {
            characters[at] = character;
        }
        if let Ok(label) = Label::parse(&characters.into_iter().collect::<String>()) {
            prop_assert!(label == genuine || label.verify(&key().public_key()).is_err());
        }
    }

    #[test]
    fn no_text_makes_it_panic(text: String, tail in "[A-Z2-7%/.0-9]{0,200}") {
        for text in [text.clone(), alloc::format!("HTTPS://{text}"), alloc::format!("HTTPS://A/{tail}"), alloc::format!("HTTPS://A/{}/{tail}", blob())] {
            let _ = Label::parse(&text);
            let _ = crate::digital_link::DigitalLink::parse(&text, &Default::default());
        }
    }
}
