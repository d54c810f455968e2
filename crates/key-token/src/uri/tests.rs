use proptest::prelude::*;

use super::*;

const FULL: &str = "pkcs11:token=Office%20One;manufacturer=SoftHSM%20project;model=SoftHSM%20v2;serial=42f7;slot-id=7;\
                    object=certifier;id=%01%FF?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin";

#[test]
fn every_attribute_is_read_and_written_back() {
    let uri = TokenUri::parse(FULL).expect("a URI");
    assert_eq!(uri.token(), Some("Office One"));
    assert_eq!(uri.id(), Some(&[1, 0xff][..]));
    assert_eq!(uri.slot, Some(7));
    assert_eq!(uri.pin_source(), Some(Path::new("/run/pin")));
    assert_eq!(uri.to_string(), FULL);
    let three_slashes = FULL.replace("file:/run", "file:///run");
    assert_eq!(TokenUri::parse(&three_slashes).expect("RFC 8089 §2"), uri);
    assert_eq!(TokenUri::parse(&FULL.replace("pkcs11:", "PKCS11:")).expect("RFC 3986 §3.1"), uri);
    let with_type = FULL.replace(";id", ";type=private;id");
    assert_eq!(TokenUri::parse(&with_type).expect("a private key"), uri);
    assert_eq!(TokenUri::parse("pkcs11:").expect("any key"), TokenUri::default());
    assert_eq!(TokenUri::parse("pkcs11:id=ab").expect("letters are bytes").id(), Some(&b"ab"[..]));
    let utf8 = TokenUri::parse("pkcs11:object=z%C5%82oto").expect("UTF-8");
    assert_eq!((utf8.object(), utf8.to_string().as_str()), (Some("złoto"), "pkcs11:object=z%C5%82oto"));
}

#[test]
fn what_is_not_understood_is_refused() {
    for (text, expected) in [
        ("certifier.key", UriError::Scheme),
        ("pkcs12:token=a", UriError::Scheme),
        ("pkcs11:token", UriError::NoValue(1)),
        ("pkcs11:token=a;", UriError::NoValue(2)),
        ("pkcs11:;token=a", UriError::NoValue(1)),
        ("pkcs11:token=a?", UriError::NoValue(2)),
        ("pkcs11:token=a;token=a", UriError::Twice("token")),
        ("pkcs11:?module-path=/a&module-path=/a", UriError::Twice("module-path")),
        ("pkcs11:x-mine=a", UriError::Unknown("x-mine".into(), Part::Path)),
        ("pkcs11:Token=a", UriError::Unknown("Token".into(), Part::Path)),
        ("pkcs11:module-path=/a", UriError::Unknown("module-path".into(), Part::Path)),
        ("pkcs11:?token=a", UriError::Unknown("token".into(), Part::Query)),
        ("pkcs11:library-version=1", UriError::Unsupported("library-version")),
        ("pkcs11:?module-name=softhsm2", UriError::Unsupported("module-name")),
        ("pkcs11:token=a/b", UriError::Encoding("token")),
        ("pkcs11:token=a b", UriError::Encoding("token")),
        ("pkcs11:token=%4", UriError::Encoding("token")),
        ("pkcs11:token=%+4", UriError::Encoding("token")),
        ("pkcs11:token=%4é", UriError::Encoding("token")),
        ("pkcs11:token=żółć", UriError::Encoding("token")),
        ("pkcs11:token=%FF", UriError::NotText("token")),
        ("pkcs11:token=a%00", UriError::NotText("token")),
        ("pkcs11:object=%1B[2J", UriError::NotText("object")),
        ("pkcs11:id=", UriError::Length { name: "id", found: 0, limit: 255 }),
        ("pkcs11:serial=0123456789abcdef0", UriError::Length { name: "serial", found: 17, limit: 16 }),
        ("pkcs11:slot-id=-1", UriError::Slot),
        ("pkcs11:slot-id=+1", UriError::Slot),
        ("pkcs11:slot-id=99999999999999999999", UriError::Slot),
        ("pkcs11:type=public", UriError::Type),
        ("pkcs11:?module-path=libsofthsm2.so", UriError::Relative("module-path")),
        ("pkcs11:?module-path=/a%00b", UriError::NotText("module-path")),
        ("pkcs11:?pin-source=/run/pin", UriError::PinSource),
        ("pkcs11:?pin-source=%7Ccat", UriError::PinSource),
        ("pkcs11:?pin-source=|cat%20/run/pin", UriError::PinSource),
        ("pkcs11:?pin-source=file:run/pin", UriError::Relative("pin-source")),
        ("pkcs11:?pin-source=file://host/pin", UriError::Relative("pin-source")),
    ] {
        assert_eq!(TokenUri::parse(text), Err(expected), "{text}");
    }
    let long = format!("pkcs11:token={}", "a".repeat(MAX_URI));
    assert_eq!(TokenUri::parse(&long), Err(UriError::TooLong { found: long.len() }));
}

#[test]
fn a_pin_in_the_uri_is_refused_wherever_it_stands_and_never_shown() {
    for text in ["pkcs11:token=a?pin-value=73915", "pkcs11:pin-value=73915", "pkcs11:?pin-value=73915&pin-value=1"] {
        let error = TokenUri::parse(text).expect_err("a PIN");
        assert_eq!((&error, error.code()), (&UriError::PinValue, "pin_in_uri"), "{text}");
        assert!(error.hint().expect("the way out").contains("--passphrase-file"));
    }
    // A PIN that a slip put elsewhere is not repeated either.
    for text in
        ["pkcs11:?pin_value=73915", "pkcs11:slot-id=73915x", "pkcs11:?pin-source=73915", "pkcs11:73915", "73915"]
    {
        let error = TokenUri::parse(text).expect_err("no URI");
        assert!(!format!("{error} {error:?} {:?}", error.hint()).contains("73915"), "{text}: {error:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text: String, path: String) {
        let _ = TokenUri::parse(&text);
        let _ = TokenUri::parse(&format!("pkcs11:{path}"));
        let _ = TokenUri::parse(&format!("pkcs11:token=a?{path}"));
    }

    #[test]
    fn what_is_written_is_read_back(token in "[^\\p{Cc}]{1,8}", id: [u8; 4], slot: u64, path in "/[^\\p{Cc}/][^\\p{Cc}]{0,20}") {
        let uri = TokenUri {
            token: Some(token),
            id: Some(id.to_vec()),
            slot: Some(slot),
            module: Some(PathBuf::from(&path)),
            pin_source: Some(PathBuf::from(path)),
            ..TokenUri::default()
        };
        prop_assert_eq!(TokenUri::parse(&uri.to_string()), Ok(uri));
    }
}
