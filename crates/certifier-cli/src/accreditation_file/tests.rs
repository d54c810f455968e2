use primitives::{SecretKey, Signer as _};

use super::*;

const SAMPLE: &str = include_str!("../../../../examples/data/accreditation.toml");

/// A folder with the key file that the sample names.
fn folder(did: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = SecretKey::from_seed(&[3; 32]).public_key();
    let jwk = Jwk { key, did: Did::parse(did).ok(), name: None };
    std::fs::write(folder.path().join("certifier.jwk"), jwk.to_json()).unwrap();
    folder
}

fn read_in(folder: &Path, text: &str) -> Result<AccreditationFile, Failure> {
    let today = Day::parse("2026-11-24").unwrap();
    AccreditationFile::read(&Source::new("a.toml".into(), text.into(), false), folder, today)
}

fn errors(found: &str, instead: &str) -> String {
    assert!(SAMPLE.contains(found), "{found}");
    let folder = folder("did:web:himal-audit.example");
    read_in(folder.path(), &SAMPLE.replacen(found, instead, 1)).map(|read| format!("{read:?}")).unwrap_err().text()
}

#[test]
fn the_sample_is_read_and_readers_take_what_comes_of_it() {
    let folder = folder("did:web:himal-audit.example");
    let read = read_in(folder.path(), SAMPLE).unwrap();
    let (issuer, registry) = (Did::parse("did:web:accreditor.example").unwrap(), Origin::parse("r.example").unwrap());
    let now = Timestamp::parse_rfc3339("2026-11-24T08:00:00.5Z").unwrap();
    let accreditation = read.accreditation("urn:x:y".into(), &issuer, "Accreditor", &registry, now).unwrap();
    assert_eq!(accreditation.valid_from.to_string(), "2026-11-24T08:00:00Z", "now, for today");
    assert_eq!((accreditation.first_day, accreditation.last_day.to_string().as_str()), (now.day(), "2029-11-23"));
    assert_eq!(accreditation.keys, [SecretKey::from_seed(&[3; 32]).public_key()]);
    let payload = accreditation.to_payload();
    assert!(matches!(crate::probe::statement(&payload, &issuer), Ok(statement::Statement::Accreditation(_))));

    let later = Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap();
    let ahead = read.accreditation("urn:x:y".into(), &issuer, "Accreditor", &registry, later).unwrap();
    assert_eq!(ahead.valid_from.to_string(), "2026-11-24T00:00:00Z", "the first instant of another day");
}

#[test]
fn compromised_keys_are_read() {
    let folder = folder("did:web:himal-audit.example");
    let thumbprint = SecretKey::from_seed(&[3; 32]).public_key().thumbprint();
    let text = format!("{SAMPLE}\n[[compromised]]\nkey = \"{thumbprint}\"\nsince = 2026-10-01T00:00:00Z\n");
    let read = read_in(folder.path(), &text).unwrap();
    assert_eq!(read.compromised.len(), 1);
    assert_eq!(read.compromised[0].since.to_string(), "2026-10-01T00:00:00Z");
}

#[test]
fn every_mistake_is_named_with_its_line_and_a_way_out() {
    for (found, instead, expected) in [
        (
            "did:web:himal",
            "did:web:Himal",
            "a.toml:4:11: subject is \"did:web:Himal-audit.example\": DID has upper case",
        ),
        ("did:web:himal", "did:web:Himal", "write \"did:web:himal-audit.example\""),
        ("\"certifier\" ", "\"certifer\" ", "role is \"certifer\", which is not known | did you mean \"certifier\"?"),
        ("\"certifier\" ", "\"certifier office\" ", "one of: certifier, customs-office, auditor"),
        ("\"IN\"", "\"IND\"", "countries[0] is \"IND\""),
        ("\"IN\"", "\"NP\"", "countries[1] stands in the list twice"),
        ("[57]", "[100]", "hs-chapters[0] is 100, expected 1 to 99"),
        ("[57]", "[\"57\"]", "hs-chapters[0] is a text, expected a whole number"),
        ("certifier.jwk", "other.jwk", "keys[0] cannot be used: cannot read"),
        ("[\"certifier.jwk\"]", "[\"certifier.jwk\", \"certifier.jwk\"]", "keys[1] stands in the list twice"),
        ("language = \"ne\"", "language = \"Nepali\"", "hotlines[0].language is no language tag"),
        ("contact = \"https://himal-audit.example/ne/report\"", "contact = \"\"", "hotlines[0].contact is empty"),
        ("countries", "contries", "contries has no place here | did you mean countries?"),
    ] {
        let text = errors(found, instead);
        assert!(text.contains(expected), "{instead}: expected {expected}\nfound {text}");
    }
    let folder = folder("did:web:himal-audit.example");
    let compromised =
        |body: &str| read_in(folder.path(), &format!("{SAMPLE}\n[[compromised]]\n{body}")).unwrap_err().text();
    assert!(
        compromised("key = \"x\"\nsince = 2026-10-01T00:00:00Z")
            .contains("compromised[0].key is \"x\": not 43 characters")
    );
    assert!(compromised("since = 2026-10-01T00:00:00.5Z").contains("expected whole seconds"));
    assert!(compromised("since = 2026-10-01").contains("RFC 3339"));
}

#[test]
fn a_key_of_another_party_is_noticed() {
    let folder = folder("did:web:accreditor.example");
    let text = read_in(folder.path(), SAMPLE).unwrap_err().text();
    assert!(
        text.contains("is a key of did:web:accreditor.example, expected one of did:web:himal-audit.example"),
        "{text}"
    );
}
