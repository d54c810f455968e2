use super::*;

const SAMPLE: &str = include_str!("../../../../examples/data/lot.toml");

fn today() -> Day {
    Day::parse("2026-11-24").unwrap()
}

fn read(text: &str) -> Result<LotFile, Failure> {
    LotFile::read(&Source::new("lot.toml".into(), text.into(), false), Path::new(""), today())
}

/// The sample with one line replaced; gives what is said of it.
fn errors(found: &str, instead: &str) -> String {
    assert!(SAMPLE.contains(found), "{found}");
    read(&SAMPLE.replacen(found, instead, 1)).map(|lot| format!("{lot:?}")).unwrap_err().text()
}

fn attestation(lot: &LotFile) -> Attestation {
    let (did, registry) = (Did::parse("did:web:a.example").unwrap(), Origin::parse("r.example").unwrap());
    let issue = Issue {
        id: "urn:x:y".into(),
        issuer: &did,
        issuer_name: "A",
        registry: &registry,
        slot: StatusSlot { list: 0, index: 7 },
        salt: &[9; 32],
    };
    lot.attestation(&issue).unwrap()
}

#[test]
fn the_samples_are_read_and_readers_take_what_comes_of_them() {
    for text in [SAMPLE, include_str!("../../../../examples/data/small-lot.toml")] {
        let attestation = attestation(&read(text).unwrap());
        assert_eq!(attestation.issuer_name, "A");
        assert_eq!((attestation.first_day, attestation.last_day), (today(), Day::parse("2027-11-23").unwrap()));
        crate::probe::attestation(&attestation).unwrap();
    }
}

#[test]
fn json_says_the_same() {
    let json = r#"{
        "product": "Hand-knotted wool carpet, 170 x 240 cm", "gtin": "09521234543213", "lot": "KTM-2026", "country": "NP",
        "hs-code": "570110", "claims": ["no-child-labour"], "labels": 100, "quantity": 100, "unit": "C62",
        "assessment-day": "2026-10-20",
        "maker": {"id": "https://bhaktapur-carpets.example", "name": "Bhaktapur Carpets"},
        "facility": {"id": "https://bhaktapur-carpets.example/looms/3", "country": "NP", "region": "Bagmati"},
        "scheme": {"id": "https://scheme.example/child-labour-free", "name": "Child Labour Free Carpets"}
    }"#;
    let json = Source::new("lot.json".into(), json.into(), true);
    assert_eq!(LotFile::read(&json, Path::new(""), today()).unwrap(), read(SAMPLE).unwrap());
}

#[test]
fn a_withheld_maker_is_only_a_salted_hash() {
    let text = SAMPLE.replace("id = \"https://bhaktapur-carpets.example\"\n", "withheld = true\n");
    let lot = read(&text).unwrap();
    assert_eq!(lot.maker, MakerPart::Withheld { name: "Bhaktapur Carpets".into() });
    let payload = attestation(&lot).to_payload(&primitives::Thumbprint([0; 32]));
    assert!(!String::from_utf8(payload).unwrap().contains("Bhaktapur"));
}

#[test]
fn every_mistake_is_named_with_its_line_and_a_way_out() {
    for (found, instead, expected) in [
        (
            "09521234543213",
            "09521234543217",
            "lot.toml:5:8: gtin is \"09521234543217\": GTIN check digit is 7, expected 3",
        ),
        ("09521234543213", "09521234543217", "if the first thirteen are right, write \"09521234543213\""),
        ("\"09521234543213\"", "\"9521234543213\"", "13 characters, expected 14 digits | write \"09521234543213\""),
        (
            "\"09521234543213\"",
            "9521234543213",
            "put it in quotes, so that leading zeros stay: gtin = \"9521234543213\"",
        ),
        ("KTM-2026", "KTM 2026", "lot.toml:6:7: lot is \"KTM 2026\": lot has the character ' '"),
        ("country = \"NP\"", "country = \"np\"", "lot.toml:7:11: country is \"np\": country code is \"np\""),
        ("country = \"NP\"", "country = \"np\"", "write country = \"NP\""),
        ("country = \"NP\"", "country = \"Nepal\"", "two letters"),
        ("\"570110\"", "\"5701.10\"", "without dots: hs-code = \"570110\""),
        ("\"570110\"", "570110", "hs-code = \"570110\""),
        (
            "no-child-labour",
            "no-child-labor",
            "lot.toml:9:11: claims[0] is \"no-child-labor\", which is not known | did you mean \"no-child-labour\"?",
        ),
        ("[\"no-child-labour\"]", "[]", "claims nothing"),
        ("[\"no-child-labour\"]", "\"no-child-labour\"", "claims is a text, expected a list"),
        ("labels = 100", "labels = 0", "lot.toml:10:10: labels is 0, expected 1 to 4294967295"),
        ("labels = 100", "labels = \"100\"", "expected a whole number | numbers stand without quotes"),
        ("labels = 100", "labels = 4294967296", "expected 1 to 4294967295"),
        ("quantity = 100", "quantity = 1.5", "a number with a fraction, expected a whole number"),
        ("# scan-days = 60", "scan-days = 0", "scan-days is 0, expected 1 to 65535"),
        ("\"C62\"", "\"c62\"", "write unit = \"C62\""),
        ("\"C62\"", "\"kg\"", "write unit = \"KGM\""),
        ("\"C62\"", "\"pcs\"", "one of: C62 (piece), PR (pair)"),
        ("2026-10-20", "\"20.10.2026\"", "day is not written as YYYY-MM-DD"),
        ("2026-10-20", "2026-12-20", "assessment-day is 2026-12-20, after today, 2026-11-24"),
        ("# first-day = 2026-11-01", "first-day = \"2026-02-30\"", "there is no such day"),
        ("# last-day = 2027-10-31", "last-day = 2026-11-23", "last-day is 2026-11-23, before the first day"),
        ("# first-day = 2026-11-01", "first-day = 2024-01-01\nlast-day = 2025-01-01", "which is past"),
        (
            "id = \"https://bhaktapur-carpets.example\"",
            "id = \"bhaktapur-carpets.example\"",
            "lot.toml:19:6: maker.id is not an absolute URI",
        ),
        (
            "Bhaktapur Carpets",
            "Bhaktapur\\u202eCarpets",
            "maker.name has the control, bidi or invisible character U+202E",
        ),
        ("Bhaktapur Carpets", "", "maker.name is empty"),
        ("Bhaktapur Carpets", " Bhaktapur Carpets", "begins or ends with white space"),
        (
            "id = \"https://bhaktapur-carpets.example\"",
            "withheld = true\nid = \"https://m.example\"",
            "it would name the maker",
        ),
        (
            "id = \"https://bhaktapur-carpets.example\"",
            "withheld = \"yes\"",
            "maker.withheld is a text, expected true or false",
        ),
        ("hs-code", "hs_code", "lot.toml:8:1: hs_code has no place here | did you mean hs-code?"),
        ("hs-code", "hs_code", "lot.toml:1:1: hs-code is missing | add hs-code = \"570110\""),
        ("region = ", "village = ", "facility.village has no place here | names here: id, country, region"),
        ("[facility]", "[factory]", "facility is missing"),
    ] {
        let text = errors(found, instead);
        assert!(text.contains(expected), "{instead}: expected {expected}\nfound {text}");
    }
}

#[test]
fn all_mistakes_are_found_at_once_from_top_to_bottom() {
    let text = SAMPLE
        .replace("09521234543213", "09521234543210")
        .replace("\"C62\"", "\"XYZ\"")
        .replace("region = \"Bagmati\"", "")
        .replace("labels = 100", "labels = 0\ncolour = \"red\"");
    let text = read(&text).unwrap_err().text();
    let places: Vec<&str> = text.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["lot.toml:5:8", "lot.toml:10:10", "lot.toml:11:1", "lot.toml:13:8", "lot.toml:23:1"], "{text}");
}

#[test]
fn an_empty_file_lacks_everything_by_name() {
    let text = read("").unwrap_err().text();
    for name in
        ["product", "lot", "country", "hs-code", "claims", "labels", "quantity", "unit", "assessment-day", "maker"]
    {
        assert!(text.contains(&format!("{name} is missing")), "{name}: {text}");
    }
}

#[test]
fn the_calendar_has_an_end() {
    let text = errors("# first-day = 2026-11-01", "first-day = 2149-01-01");
    assert!(text.contains("too near the calendar's end"), "{text}");
    let lot = read(&SAMPLE.replace("# last-day = 2027-10-31", "last-day = 2149-06-06")).unwrap();
    let (did, registry) = (Did::parse("did:web:a.example").unwrap(), Origin::parse("r.example").unwrap());
    let slot = StatusSlot { list: 0, index: 7 };
    let issue =
        Issue { id: "urn:x:y".into(), issuer: &did, issuer_name: "A", registry: &registry, slot, salt: &[9; 32] };
    assert!(lot.attestation(&issue).unwrap_err().text().contains("calendar ends"));
}

#[test]
fn a_file_for_another_command_is_told_as_such() {
    let text = read(include_str!("../../../../examples/data/accreditation.toml")).unwrap_err().text();
    assert_eq!(text, "lot.toml describes a party, not a lot | certifier accredit lot.toml");
}

#[test]
fn evidence_is_hashed_and_what_is_wrong_with_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("report.pdf"), b"report").unwrap();
    std::fs::write(folder.path().join("empty.pdf"), b"").unwrap();
    let with = |evidence: &str| {
        let text = format!("{SAMPLE}\n[[evidence]]\n{evidence}\n");
        LotFile::read(&Source::new("lot.toml".into(), text, false), folder.path(), today())
    };
    let lot = with("file = \"report.pdf\"\nname = \"Audit report\"\nurl = \"https://certifier.example/417\"").unwrap();
    let file = EvidenceFile {
        name: "Audit report".into(),
        url: Some("https://certifier.example/417".into()),
        digest: primitives::Hash::of(b"report"),
    };
    assert_eq!(attestation(&lot).evidence, [file]);
    for (evidence, told) in [
        ("file = \"none.pdf\"\nname = \"A\"", "cannot be read"),
        ("file = \"empty.pdf\"\nname = \"A\"", "it is empty"),
        ("file = \".\"\nname = \"A\"", "it is no file"),
        ("name = \"A\"", "evidence[0].file is missing"),
        ("file = \"report.pdf\"", "evidence[0].name is missing"),
        ("file = \"report.pdf\"\nname = \"A\"\nurl = \"nowhere\"", "evidence[0].url"),
        ("file = \"report.pdf\"\nname = \"A\"\nhash = \"1\"", "evidence[0].hash has no place here"),
    ] {
        let text = with(evidence).unwrap_err().text();
        assert!(text.contains(told), "{text}");
    }
    let many = "[[evidence]]\nfile = \"report.pdf\"\nname = \"A\"\n".repeat(MAX_EVIDENCE);
    assert!(with(&format!("file = \"report.pdf\"\nname = \"A\"\n{many}")).unwrap_err().text().contains("at most 16"));
}
