use alloc::format;
use alloc::string::ToString;
use alloc::vec;

use primitives::{SecretKey, Signer};
use proptest::prelude::*;

use super::*;

/// The example of c2sp.org/signed-note.
const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

fn vkey_text(name: &str, key: &[u8]) -> String {
    let id = Hash::of_parts(&[name.as_bytes(), b"\n", key]).to_string();
    format!("{name}+{}+{}", &id[..8], base64::encode(key))
}

#[test]
fn the_specifications_example_is_read() {
    let vkey = Vkey::parse(EXAMPLE).unwrap();
    assert_eq!((vkey.name(), vkey.id()), ("example.com/foo", KeyId([0x53, 0x0d, 0x90, 0x3a])));
    assert_eq!(vkey.signature_type(), SignatureType::Ed25519);
    assert_eq!(vkey.to_string(), EXAMPLE);
    assert_eq!(Vkey::log("example.com/foo", *vkey.public_key().unwrap()), Ok(vkey));
}

#[test]
fn it_is_split_only_twice() {
    let key = (0..=255_u8).map(|n| SecretKey::from_seed(&[n; 32]).public_key());
    let with_plus = key.map(|key| Vkey::log("w.example", key).unwrap().to_string());
    let with_plus = with_plus.into_iter().find(|text| text.matches('+').count() > 2).unwrap();
    assert_eq!(Vkey::parse(&with_plus).unwrap().to_string(), with_plus);
}

#[test]
fn one_key_has_another_id_for_another_use() {
    let key = SecretKey::from_seed(&[1; 32]).public_key();
    let (log, witness) = (Vkey::log("a.example", key).unwrap(), Vkey::witness("a.example", key).unwrap());
    assert_ne!(log.id(), witness.id());
    assert_eq!(log.key_bytes(), witness.key_bytes());
    assert_eq!(Vkey::parse(&witness.to_string()).unwrap().signature_type(), SignatureType::CosignatureV1);
}

#[test]
fn ml_dsa_44_is_recognised() {
    let text = vkey_text("pq.example", &[&[0x06][..], &[9; 1312]].concat());
    let vkey = Vkey::parse(&text).unwrap();
    assert_eq!((vkey.signature_type(), vkey.public_key()), (SignatureType::MlDsa44Cosignature, None));
    assert_eq!(vkey.to_string(), text);
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    let point = *SecretKey::from_seed(&[1; 32]).public_key().as_bytes();
    let no_point = [&[0x01][..], &[2; 1], &[0; 31]].concat();
    let second_encoding = [&[0x01, 0xee][..], &[0xff; 30], &[0x7f]].concat(); // y = p + 1, the neutral element again
    let good = vkey_text("a.example", &[&[0x01][..], &point].concat());
    for (text, code) in [
        (String::new(), "vkey_form"),
        ("a.example".into(), "vkey_form"),
        ("a.example+530d903a".into(), "vkey_form"),
        (EXAMPLE.replace("example.com/foo", ""), "key_name"),
        (EXAMPLE.replace("example.com/foo", "example.com foo"), "key_name"),
        (EXAMPLE.replace("example.com/foo", "example.com\u{3000}foo"), "key_name"),
        (EXAMPLE.replace("example.com/foo", "example.com\u{1}foo"), "key_name"),
        (EXAMPLE.replace("530d903a", "530D903A"), "key_id_form"),
        (EXAMPLE.replace("530d903a", "30d903a"), "key_id_form"),
        (EXAMPLE.replace("530d903a", "+30d903a"), "key_id_form"),
        (EXAMPLE.replace("530d903a", "0530d903a"), "key_id_form"),
        (format!("{EXAMPLE}="), "vkey_base64"),
        (format!("{EXAMPLE} "), "vkey_base64"),
        ("a.example+530d903a+".into(), "vkey_base64"),
        (EXAMPLE.replace("530d903a", "530d903b"), "key_id_mismatch"),
        (EXAMPLE.replace("foo", "fop"), "key_id_mismatch"),
        (good.replace("a.example", "b.example"), "key_id_mismatch"),
        (vkey_text("a.example", &[0x02, 1, 2, 3]), "unsupported_signature_type"),
        (vkey_text("a.example", &[&[0x05][..], &point].concat()), "unsupported_signature_type"),
        (vkey_text("a.example", &[0xff]), "unsupported_signature_type"),
        (vkey_text("a.example", &[0x01]), "vkey_length"),
        (vkey_text("a.example", &[&[0x01][..], &point, &[0]].concat()), "vkey_length"),
        (vkey_text("a.example", &[&[0x04][..], &point[1..]].concat()), "vkey_length"),
        (vkey_text("a.example", &[&[0x06][..], &point].concat()), "vkey_length"),
        (vkey_text("a.example", &no_point), "vkey_invalid_key"),
        (vkey_text("a.example", &second_encoding), "vkey_invalid_key"),
    ] {
        assert_eq!(Vkey::parse(&text).map_err(|error| error.code()), Err(code), "{text:?}");
    }
    assert!(Vkey::parse(&good).is_ok());
}

#[test]
fn names_that_would_break_a_line_are_refused() {
    let key = SecretKey::from_seed(&[1; 32]).public_key();
    assert_eq!(Vkey::log("", key), Err(KeyNameError::Empty));
    for found in ['+', ' ', '\n', '\t', '\0', '\u{a0}', '\u{2028}', '\u{85}'] {
        assert_eq!(Vkey::log(&format!("a{found}b"), key), Err(KeyNameError::Character { found }));
    }
    assert_eq!(check_key_name("oid/1.3.6.1"), Ok(()));
    assert_eq!(check_key_name("größe.example/π"), Ok(()));
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed(seed: [u8; 32], name in "[^+\\s\\x00-\\x1f]{1,40}", witness: bool) {
        let key = SecretKey::from_seed(&seed).public_key();
        let vkey = if witness { Vkey::witness(&name, key) } else { Vkey::log(&name, key) }.unwrap();
        prop_assert_eq!(Vkey::parse(&vkey.to_string()), Ok(vkey));
    }

    #[test]
    fn no_text_makes_the_parser_panic(name in ".*", id in "[0-9a-f]{8}|.*", bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = Vkey::parse(&format!("{name}+{id}+{}", base64::encode(&bytes)));
        let _ = Vkey::parse(&name);
        let mut forms = vec![vkey_text("a.example", &bytes)];
        forms.extend((1..7).map(|first| vkey_text("a.example", &[&[first], &bytes[..]].concat())));
        for text in forms {
            if let Ok(vkey) = Vkey::parse(&text) {
                prop_assert_eq!(vkey.to_string(), text);
            }
        }
    }
}
