//! An audit report is hashed into an attestation, and confirmed by whoever is shown it: with the real programs and a running registry.

use primitives::{Hash, SecretKey};
use statement::sample;
use tests::{Desk, Ran};

const BY: [&str; 3] = ["--key", "certifier.key", "--allow-unencrypted-key"];

#[test]
fn a_report_is_confirmed_and_no_other_file_is() {
    let desk = Desk::open();
    desk.key("certifier", &sample::did("did:web:himal-audit.example"), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    desk.write("report.pdf", "%PDF the looms were visited on 20 October");
    desk.write("other.pdf", "%PDF the looms were not visited");
    let lot = std::fs::read_to_string(desk.path("lot.toml")).unwrap();
    desk.write("lot.toml", format!("{lot}\n[[evidence]]\nfile = \"report.pdf\"\nname = \"Audit report 417\"\n"));

    let attested = desk.certifier(&[&["attest", "lot.toml"], &BY[..]].concat()).succeeds();
    let digest = Hash::of(b"%PDF the looms were visited on 20 October").to_string();
    assert!(attested.contains(&format!("Audit report 417: only the SHA-256 {digest}")), "{attested}");

    let check =
        |file, words: &[&str]| desk.certifier(&[&["evidence", "check", file, "--attestation", "1"], words].concat());
    assert!(check("report.pdf", &[]).succeeds().contains("is the file that attestation 1 rests on: Audit report 417"));
    check("other.pdf", &[]).fails(1, "a file that was saved anew is another file");
    assert!(check("other.pdf", &["--json"]).fails(1, "\"not_named\"").contains(&digest));
    check("missing.pdf", &[]).fails(2, "cannot read missing.pdf");
    desk.certifier(&["evidence", "check", "report.pdf", "--attestation", "0"]).fails(2, "no attestation");

    desk.certifier(
        &[&["labels", "--attestation", "1", "--serials", "1", "--format", "csv", "--out", "l"], &BY[..]].concat(),
    )
    .succeeds();
    let csv = std::fs::read_dir(desk.path("l")).unwrap().map(|entry| entry.unwrap().path());
    let csv = csv.filter(|path| path.extension().is_some_and(|extension| extension == "csv"));
    let text = csv.map(|path| std::fs::read_to_string(path).unwrap()).collect::<String>();
    let url = text.split([',', '\n', '"']).find(|cell| cell.starts_with("HTTP")).expect("a label").to_owned();
    let verifier =
        |words: &[&str]| Ran::of(&desk.command("verifier", &[&["check", &url], words].concat()).output().unwrap());
    let told = verifier(&["--evidence", "report.pdf"]).succeeds();
    assert!(told.contains("✔ report.pdf is the file that attestation 1 of"), "{told}");
    let told = verifier(&["--evidence", "report.pdf", "--evidence", "other.pdf"]).fails(1, "! other.pdf");
    assert!(told.contains("VERIFIED") && told.contains("is not what attestation 1 of"), "{told}");
    let json = verifier(&["--json", "--evidence", "report.pdf"]).succeeds();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["evidence"][0]["outcome"], "named");
    assert_eq!(document["evidence"][0]["name"], "Audit report 417");
    let schema = Ran::of(&desk.command("verifier", &["schema"]).output().unwrap()).succeeds();
    jsonschema::validate(&serde_json::from_str(&schema).unwrap(), &document).unwrap();
    assert_eq!(document["labels"][0]["verdict"]["attestation"]["evidence"][0]["sha256"], digest.as_str());

    // A snapshot has the standing of an attestation, not its words.
    Ran::of(&desk.command("verifier", &["sync", "--snapshots", "shelf"]).output().unwrap()).succeeds();
    verifier(&["--offline", "--snapshots", "shelf", "--evidence", "report.pdf"]).fails(3, "check without --offline");
    verifier(&["--evidence", "missing.pdf"]).fails(2, "cannot read the evidence missing.pdf");
}
