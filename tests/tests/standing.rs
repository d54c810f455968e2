//! A certifier's own view of the log: what it attested, holds on many attestations at once, and what somebody else signed with its key.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::fs;
use std::time::SystemTime;

use primitives::{Day, SecretKey, Timestamp};
use serde_json::Value;
use statement::sample;
use tests::{Desk, Ran};

const CERTIFIER: &str = "did:web:himal-audit.example";
const BY: [&str; 3] = ["--key", "certifier.key", "--allow-unencrypted-key"];
const FACILITY: &str = "https://bhaktapur-carpets.example/looms/3";
const OTHER_FACILITY: &str = "https://bhaktapur-carpets.example/looms/4";

/// Three lots: A and B of one facility, C of another and soon past. Entries 1 to 3.
fn desk() -> Desk {
    let desk = Desk::open();
    desk.key("certifier", &sample::did(CERTIFIER), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    let lot = fs::read_to_string(desk.path("lot.toml")).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let soon = Day::from_days(Timestamp::from_seconds(now).day().days() + 30);
    let lots = [
        ("A", lot.clone()),
        ("B", lot.clone()),
        ("C", lot.replace(FACILITY, OTHER_FACILITY).replace("# last-day = 2027-10-31", &format!("last-day = {soon}"))),
    ];
    for (name, text) in lots {
        let file = format!("{name}.toml");
        desk.write(&file, text.replace("lot = \"KTM-2026\"", &format!("lot = \"KTM-{name}\"")));
        by(&desk, &["attest", &file]).succeeds();
    }
    desk
}

fn by(desk: &Desk, words: &[&str]) -> Ran {
    desk.certifier(&[words, &BY[..]].concat())
}

fn list(desk: &Desk, words: &[&str]) -> Value {
    let said = desk.certifier(&[&["list", "--did", CERTIFIER, "--json"], words].concat()).succeeds();
    serde_json::from_str(&said).unwrap()
}

/// Each attestation's standing, by lot.
fn standings(desk: &Desk) -> Vec<(String, String)> {
    let document = list(desk, &[]);
    let lines = document["attestations"].as_array().unwrap();
    let standing = |line: &Value| {
        let codes: Vec<&str> = line["standing"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
        (line["lot"].as_str().unwrap().to_owned(), codes.join(" "))
    };
    lines.iter().map(standing).collect()
}

fn are(desk: &Desk, expected: [&str; 3]) {
    let expected = ["KTM-A", "KTM-B", "KTM-C"].into_iter().zip(expected);
    let expected: Vec<_> = expected.map(|(lot, standing)| (lot.to_owned(), standing.to_owned())).collect();
    assert_eq!(standings(desk), expected);
}

#[test]
fn what_was_attested_is_listed_and_held_by_lot_facility_or_all() {
    let desk = desk();
    are(&desk, ["valid", "valid", "valid"]);
    let told = desk.certifier(&["list", "--jwk", "certifier.jwk"]).succeeds();
    assert!(told.contains("3 attestations of did:web:himal-audit.example") && told.contains("KTM-B"), "{told}");
    let soon = list(&desk, &["--expiring"]);
    assert_eq!(soon["attestations"].as_array().unwrap().len(), 1);
    assert_eq!((&soon["attestations"][0]["lot"], &soon["attestations"][0]["daysLeft"]), (&"KTM-C".into(), &30.into()));
    assert_eq!(list(&desk, &["--expiring", "29"])["attestations"], Value::Array(Vec::new()));
    let csv = desk.certifier(&["list", "--did", CERTIFIER, "--csv"]).succeeds();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    desk.certifier(&["list"]).fails(2, "--did");
    let nobody = desk.certifier(&["list", "--did", "did:web:nobody.example"]).succeeds();
    assert!(nobody.contains("0 attestations"), "{nobody}");

    // A facility.
    let suspend = |words: &[&str]| by(&desk, &[&["suspend", "--reason", "audit_refused"], words].concat());
    suspend(&["--facility", FACILITY, "--dry-run"]).succeeds();
    are(&desk, ["valid", "valid", "valid"]);
    let told = suspend(&["--facility", FACILITY]).succeeds();
    assert!(told.contains("attestation 1, 2"), "{told}");
    are(&desk, ["suspended", "suspended", "valid"]);
    suspend(&["--facility", FACILITY]).fails(1, "nothing was signed");
    suspend(&["--facility", "https://nowhere.example"]).fails(2, "attested nothing of the facility");

    // A lot list: nothing happens where one of it is unknown.
    desk.write("lots.txt", "KTM-C # by phone\nKTM-X\n");
    suspend(&["--lots", "lots.txt"]).fails(2, "lots.txt:2: lot KTM-X was not attested by");
    are(&desk, ["suspended", "suspended", "valid"]);
    desk.write("lots.txt", "KTM-C, 09521234543213\nKTM-A\n");
    let told = suspend(&["--lots", "lots.txt"]).succeeds();
    assert!(told.contains("1 attestations are as they would become: left out"), "{told}");
    are(&desk, ["suspended", "suspended", "suspended"]);

    // All of them; what is withdrawn stays so.
    by(&desk, &["withdraw", "1", "--reason", "fraud", "--yes"]).succeeds();
    by(&desk, &["reinstate", "--all", "--reason", "error"]).succeeds();
    are(&desk, ["withdrawn suspended", "valid", "valid"]);

    // The accreditor, of a party's facility; the certifier does not lift that, and may hold of its own.
    let accreditor = |words: &[&str]| desk.accreditor(&[words, &["--reason", "other", "--of", CERTIFIER]].concat());
    accreditor(&["suspend", "--facility", OTHER_FACILITY]).succeeds();
    are(&desk, ["withdrawn suspended", "valid", "suspended"]);
    by(&desk, &["reinstate", "--all", "--reason", "error"]).fails(1, "nothing was signed");
    accreditor(&["reinstate", "--all"]).succeeds();
    are(&desk, ["withdrawn suspended", "valid", "valid"]);
    // Announced: it holds later, and is there to be lifted now.
    suspend(&["--lots", "lots.txt", "--from", "2100-01-01T00:00:00Z"]).succeeds();
    are(&desk, ["withdrawn suspended", "valid", "valid"]);
    by(&desk, &["reinstate", "--all", "--reason", "error"]).succeeds();
    suspend(&["--all", "3"]).fails(2, "cannot be used with");
    suspend(&[]).fails(2, "required");
}

#[test]
fn what_somebody_else_signed_is_told_until_it_is_answered_for() {
    let desk = desk();
    let monitor = |words: &[&str]| desk.certifier(&[&["monitor", "--did", CERTIFIER], words].concat());
    let told = monitor(&[]).succeeds();
    assert!(told.contains("entry 0") && told.contains("accreditation by") && told.contains("4 entries read"), "{told}");
    let told = monitor(&[]).succeeds();
    assert!(!told.contains("accreditation by"), "told once: {told}");

    // The same key on another device, whose book this one does not see.
    let thief = |name: &str| {
        let lot = fs::read_to_string(desk.path("A.toml")).unwrap();
        desk.write(format!("{name}.toml"), lot.replace("KTM-A", name));
        let file = format!("{name}.toml");
        let words = [&["attest", &file, "--state", "elsewhere", "--out", "elsewhere"], &BY[..]].concat();
        desk.certifier(&words).succeeds();
    };
    thief("STOLEN-1");
    by(&desk, &["suspend", "2", "--reason", "error"]).succeeds();
    let hook = desk.path("hook");
    desk.write("hook", "#!/bin/sh\ncat >> seen.json\n");
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let told = monitor(&["--run", "./hook"]).fails(1, "not in the own book: entry 4");
    assert!(told.contains("attestation of lot STOLEN-1 in the name of") && told.contains("--adopt 4"), "{told}");
    let seen: Value = serde_json::from_str(&fs::read_to_string(desk.path("seen.json")).unwrap()).unwrap();
    assert_eq!((&seen["index"], &seen["event"]), (&4.into(), &"not_in_book".into()));
    // It stays so until somebody answers for it.
    monitor(&[]).fails(1, "entry 4");
    monitor(&["--adopt", "5"]).fails(2, "none that was told");
    monitor(&["--adopt", "4"]).succeeds();
    monitor(&[]).succeeds();

    // A program that fails: it is told again.
    thief("STOLEN-2");
    monitor(&["--run", "/bin/false"]).fails(1, "entry 6 will be told again");
    monitor(&["--run", "./missing"]).fails(1, "entry 6 will be told again");
    let told = monitor(&["--run", "./hook", "--json"]).fails(1, "entry 6");
    assert!(told.contains("STOLEN-2"), "{told}");

    // What is signed without a network and sent later is one's own.
    let lot = fs::read_to_string(desk.path("A.toml")).unwrap();
    desk.write("later.toml", lot.replace("KTM-A", "LATER"));
    let words = [&["attest", "later.toml", "--no-send", "--state", "offline", "--out", "offline"], &BY[..]].concat();
    desk.certifier(&words).succeeds();
    desk.certifier(&["submit", "offline/LATER.unsent.jws"]).succeeds();
    let told = monitor(&[]).fails(1, "entry 6");
    assert!(!told.contains("LATER"), "{told}");

    // A place that is damaged is refused, and not begun anew unasked.
    let place = fs::read_dir(desk.path("state/ethical-label/monitor")).unwrap().next().unwrap().unwrap().path();
    let good = fs::read_to_string(&place).unwrap();
    for bad in ["", "{}", &good.replace("\"size\":8", "\"size\":7"), &good.replace("monitor/v1", "monitor/v2")] {
        fs::write(&place, bad).unwrap();
        monitor(&[]).fails(1, "take the file away");
    }
    // Another tree of the same size: the log does not add up to what was seen.
    let mut other: Value = serde_json::from_str(&good).unwrap();
    let mut bytes = primitives::base64::decode(other["frontier"].as_str().unwrap()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    other["frontier"] = primitives::base64::encode(&bytes).into();
    fs::write(&place, other.to_string()).unwrap();
    monitor(&[]).fails(1, "add up to the root");
}
