//! `verifier shipment` as a process: whole manifests, by snapshots on this device.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use primitives::{SecretKey, Timestamp};
use serde_json::Value;
use statement::sample::{self, did};
use statement::{Action, Reason, StatusChange, Target};
use support::world::{self, World};

mod support {
    pub(crate) mod world;
}

const ORIGIN: &str = "registry.example";

/// A folder with a trust file and the snapshots of these registries.
fn folder(worlds: &[&World]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    world::trust(folder.path(), worlds);
    for world in worlds {
        world.shelve(folder.path(), world::now());
    }
    folder
}

fn verifier(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_verifier"));
    command.current_dir(folder).args(arguments).env("NO_COLOR", "1");
    command.args(["--trust", "trust.toml", "--snapshots", "snapshots"]);
    if arguments[0] != "doctor" {
        command.args(["--state", "state"]);
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The document about a manifest, held against its schema, and the exit status.
fn judge(folder: &Path, manifest: &str, more: &[&str]) -> (Value, i32) {
    let output = verifier(folder, &[&["shipment", manifest, "--json"], more].concat());
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", text(&output.stdout), text(&output.stderr)));
    let schema: Value = serde_json::from_str(include_str!("../schema/shipment.schema.json")).unwrap();
    jsonschema::validate(&schema, &document).unwrap_or_else(|error| panic!("{error}: {document:#}"));
    assert_eq!(document["exitStatus"], output.status.code().unwrap());
    (document, output.status.code().unwrap())
}

fn write(folder: &Path, name: &str, lines: &[String]) {
    std::fs::write(folder.join(name), lines.join("\n")).unwrap();
}

#[test]
fn a_good_shipment_is_verified_and_its_manifest_named_by_its_hash() {
    let world = World::new(ORIGIN, 3, 2, 100);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &world.labels(300));
    let (document, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!(status, 0, "{document:#}");
    assert_eq!(document["summary"]["verified"], 300);
    let sum = Command::new("sha256sum").arg(folder.path().join("labels.txt")).output().unwrap();
    assert!(text(&sum.stdout).starts_with(document["manifest"]["sha256"].as_str().unwrap()));
    assert_eq!(document["lots"].as_array().unwrap().len(), 3);
    assert_eq!(document["lots"][0]["labels"], 100);
    assert_eq!(document["certifiers"].as_array().unwrap().len(), 2);
    assert_eq!(document["certifiers"][0]["name"], "Certifier 0");
    assert_eq!(document["snapshots"][0]["registry"], ORIGIN);
    assert!(document["lines"].as_array().unwrap().is_empty());
}

/// One defect a line; every other line is judged as if it were not there.
#[test]
fn each_defect_is_told_with_its_line_and_the_rest_is_judged() {
    let world = World::new(ORIGIN, 2, 1, 50);
    let folder = folder(&[&world]);
    let label = |number| world.label(0, number);
    let rows = [
        "Label;GTIN;Lot;Country of origin;HS code;Quantity".to_owned(),
        format!("{};09521234543213;KTM-0;NP;570110;1", label(1)),
        format!("{};;;;;", label(1)),
        format!("{};;;;;", label(2).replace("/21/1-2", "/21/1-3").replace("/21/2", "/21/3")),
        format!("{};;;IN;;", label(4)),
        format!("{};;OTHER;;;", label(5)),
        format!("{};9.52123E+12;;;;", label(6)),
        format!("{};;;;;5000", label(7)),
        format!("{};;;;;", label(8).replace("REGISTRY.EXAMPLE", "EVIL.EXAMPLE")),
        "nonsense;;;;;".to_owned(),
        format!("{};;;;;", world.label(1, 51)),
        "\"torn".to_owned(),
    ];
    write(folder.path(), "lots.csv", &rows);
    let (document, status) = judge(folder.path(), "lots.csv", &[]);
    assert_eq!(status, 2, "something was not read");
    let line = |row: u32| {
        let place = format!("lots.csv:{row}");
        let lines = document["lines"].as_array().unwrap();
        let found = lines.iter().find(|line| line["place"] == place.as_str());
        found.map(|line| line["reasons"][0].as_str().unwrap().to_owned())
    };
    let expected = [
        (2, None),
        (3, Some("duplicate_in_shipment")),
        (4, Some("forged_signature")),
        (5, Some("declaration_mismatch")),
        (6, Some("declaration_mismatch")),
        (7, None),
        (8, Some("over_quantity")),
        (9, Some("foreign_origin")),
        (10, Some("malformed")),
        (11, Some("serial_out_of_range")),
    ];
    for (row, reason) in expected {
        assert_eq!(line(row).as_deref(), reason, "row {row} of {document:#}");
    }
    let faults = document["faults"].as_array().unwrap();
    let faults: Vec<_> = faults.iter().map(|fault| (&fault["place"], fault["code"].as_str().unwrap())).collect();
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!((faults[0].0.as_str().unwrap(), faults[0].1), ("lots.csv:7", "mangled_number"));
    assert_eq!(faults[1].1, "row_torn");
    let summary = &document["summary"];
    assert_eq!((&summary["labels"], &summary["verified"]), (&10.into(), &2.into()));
    // The screen names the place, the reason and the way out.
    let screen = verifier(folder.path(), &["shipment", "lots.csv"]);
    for expected in ["✘ REFUSED", "lots.csv:4: forged_signature", "lots.csv:7: ", "mangled_number", "Open first:"] {
        assert!(text(&screen.stdout).contains(expected), "{expected} in {}", text(&screen.stdout));
    }
}

#[test]
fn every_line_goes_out_as_json_lines_and_as_csv_and_no_cell_is_a_formula() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1), "=cmd|' /C calc'!A0".into(), "\u{1b}[2J".into()]);
    let jsonl = verifier(folder.path(), &["shipment", "labels.txt", "--jsonl"]);
    let lines: Vec<Value> = text(&jsonl.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["verified", "refused", "refused"]);
    assert_eq!(lines[0]["serial"], "1-1");
    assert_eq!(lines[1]["findings"][0]["reason"], "malformed");
    assert!(text(&jsonl.stderr).contains("3 labels"));
    let csv = verifier(folder.path(), &["shipment", "labels.txt", "--csv"]);
    let rows: Vec<_> = text(&csv.stdout).split("\r\n").collect();
    assert!(rows[1].starts_with("labels.txt:1,verified,,registry.example,1,09521234543213,KTM-0,1-1,"), "{rows:?}");
    assert!(rows[2].ends_with(",'=cmd|' /C calc'!A0"), "{rows:?}");
    assert_eq!(csv.status.code(), Some(1));
    for output in [&jsonl, &csv, &verifier(folder.path(), &["shipment", "labels.txt"])] {
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    }
}

#[test]
fn as_of_gives_the_standing_of_that_day_and_tells_of_today() {
    let mut world = World::new(ORIGIN, 1, 1, 50);
    let change = StatusChange {
        issuer: did("did:web:certifier0.example"),
        action: Action::Withdraw,
        target: Target::Attestations(vec![1]),
        reason: Reason::ChildFoundAtWork,
        after: None,
        effective_from: sample::instant("2026-08-01T00:00:00Z"),
        ..sample::status_change()
    };
    world.log("2026-08-01T00:00:00Z", &change.to_payload(), &change.issuer, &world::certifier_key(0));
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1)]);
    let (then, status) = judge(folder.path(), "labels.txt", &["--as-of", "2026-07-31"]);
    assert_eq!((status, &then["asOf"]), (0, &"2026-07-31T23:59:59.999Z".into()), "{then:#}");
    assert_eq!(then["lots"][0]["today"], "withdrawn");
    let lines = verifier(folder.path(), &["shipment", "labels.txt", "--jsonl", "--as-of", "2026-07-31"]);
    let line: Value = serde_json::from_slice(&lines.stdout).unwrap();
    assert_eq!((&line["outcome"], &line["findings"][0]["check"]), (&"verified".into(), &"today".into()), "{line:#}");
    assert!(line["findings"][0]["detail"].as_str().unwrap().contains("withdrawn by the certifier"));
    let (today, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &today["lines"][0]["reasons"][0]), (1, &"withdrawn".into()));
    let future = verifier(folder.path(), &["shipment", "labels.txt", "--as-of", "2100-01-01"]);
    assert_eq!(future.status.code(), Some(2));
    assert!(text(&future.stderr).contains("lies in the future"));
}

#[test]
fn each_registry_is_judged_by_its_own_snapshot_and_one_without_is_undecided() {
    let (one, other) = (World::new(ORIGIN, 1, 1, 50), World::new("other.example", 1, 1, 50));
    let folder = folder(&[&one, &other]);
    write(folder.path(), "labels.txt", &[one.label(0, 1), other.label(0, 1), other.label(0, 2)]);
    let (both, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &both["summary"]["verified"]), (0, &3.into()), "{both:#}");
    assert_eq!(both["snapshots"].as_array().unwrap().len(), 2);
    std::fs::remove_dir_all(folder.path().join("snapshots/other.example")).unwrap();
    let (one_left, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &one_left["summary"]["undecided"]), (3, &2.into()));
    assert_eq!(one_left["lines"][0]["reasons"][0], "no_status");
    let doctor = verifier(folder.path(), &["doctor"]);
    assert_eq!(doctor.status.code(), Some(3));
    assert!(text(&doctor.stdout).contains("mend: verifier sync"), "{}", text(&doctor.stdout));
}

#[test]
fn a_wrong_clock_and_an_old_snapshot_are_undecided_and_doctor_says_which() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1)]);
    let (now, day) = (world::now(), 86_400);
    for (produced, reason, told) in [
        (now.seconds() + 3650 * day, "clock", "set the clock"),
        (now.seconds() - 3650 * day, "clock", "if it is wrong, set the clock"),
        (now.seconds() - 20 * day, "stale_snapshot", "verifier sync"),
    ] {
        world.shelve(folder.path(), Timestamp::from_seconds(produced));
        let (document, status) = judge(folder.path(), "labels.txt", &[]);
        assert_eq!((status, &document["lines"][0]["reasons"]), (3, &serde_json::json!([reason])), "{document:#}");
        let doctor = verifier(folder.path(), &["doctor"]);
        assert_eq!(doctor.status.code(), Some(3));
        assert!(text(&doctor.stdout).contains(told), "{}", text(&doctor.stdout));
    }
    world.shelve(folder.path(), now);
    assert_eq!(verifier(folder.path(), &["doctor"]).status.code(), Some(0));
}

/// Every n-th byte of what lies on the shelf: nothing is ever verified by a damaged snapshot.
#[test]
fn a_flipped_bit_on_the_shelf_never_gives_another_verdict() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1)]);
    let place = folder.path().join("snapshots").join(ORIGIN);
    for entry in std::fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        let good = std::fs::read(&path).unwrap();
        for byte in (0..good.len()).step_by(good.len() / 12 + 1) {
            let mut bad = good.clone();
            bad[byte] ^= 4;
            std::fs::write(&path, &bad).unwrap();
            let (document, status) = judge(folder.path(), "labels.txt", &[]);
            assert_eq!(
                (status, &document["lines"][0]["reasons"][0]),
                (3, &"no_status".into()),
                "{}:{byte}",
                path.display()
            );
        }
        std::fs::write(&path, good).unwrap();
    }
    assert_eq!(judge(folder.path(), "labels.txt", &[]).1, 0);
}

#[test]
fn a_report_of_ten_thousand_bad_lines_is_small_and_runs_nothing() {
    let world = World::new(ORIGIN, 1, 1, 10_000);
    let folder = folder(&[&world]);
    let forged = |number: u32| world.label(0, 1).replace("/21/1-1", &format!("/21/1-{}", number + 2));
    let mut lines: Vec<String> = (0..9_000).map(forged).collect();
    lines.extend((0..999).map(|number| format!("<script>alert({number})</script>\u{1b}[2J")));
    lines.push(world.label(0, 1));
    write(folder.path(), "<b>labels.txt", &lines);
    let output = verifier(folder.path(), &["shipment", "<b>labels.txt", "--report", "report.html"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.len() <= 200_000, "{} bytes", page.len());
    assert!(page.contains("9999") && page.contains("forged_signature") && page.contains("<svg"));
    let sum = Command::new("sha256sum").arg(folder.path().join("<b>labels.txt")).output().unwrap();
    assert!(
        page.contains(text(&sum.stdout).split(' ').next().unwrap().trim_start_matches('\\')),
        "names the manifest's hash"
    );
    for forbidden in ["<script", "<b>labels", "http://", "https://", "src=", "\u{1b}"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn what_is_no_manifest_ends_with_status_2_and_a_way_out() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    std::fs::write(folder.path().join("empty"), "").unwrap();
    std::fs::write(folder.path().join("blank"), "\n \n").unwrap();
    std::fs::write(folder.path().join("zip"), b"PK\x03\x04nothing").unwrap();
    std::fs::write(folder.path().join("columns.csv"), "a,b\n1,2\n").unwrap();
    for (manifest, expected) in [
        ("empty", "empty"),
        ("blank", "empty"),
        ("zip", "workbook"),
        ("missing", "cannot be read"),
        ("columns.csv", "no_label_column"),
    ] {
        let output = verifier(folder.path(), &["shipment", manifest]);
        assert_eq!(output.status.code(), Some(2), "{manifest}");
        assert!(output.stdout.is_empty(), "{manifest}: {}", text(&output.stdout));
        let told = text(&output.stderr);
        assert!(told.contains(expected) && told.contains("verifier: hint: "), "{manifest}: {told}");
    }
}

/// EPCIS tells of the same goods event after event; within one, the same serial twice is a copy.
#[test]
fn an_epcis_document_is_judged_event_by_event() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    let (one, two) = (world.label(0, 1), world.label(0, 2));
    let lot = |quantity: u32| serde_json::json!({"epcClass": "https://id.example/01/09521234543213/10/KTM-0", "quantity": quantity});
    let document = serde_json::json!({"@context": [], "type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [
        {"type": "AggregationEvent", "childEPCs": [one, two], "childQuantityList": [lot(60)]},
        {"type": "ObjectEvent", "epcList": [one, two, two, "https://id.gs1.org/00/095212340000000013"], "quantityList": [lot(60)]},
        {"type": "ObjectEvent", "quantityList": [lot(60), lot(60),
            {"epcClass": "https://id.example/01/09521234543213/10/UNKNOWN", "quantity": 1}]},
    ]}});
    std::fs::write(folder.path().join("events.json"), document.to_string()).unwrap();
    let (document, status) = judge(folder.path(), "events.json", &[]);
    assert_eq!(status, 1, "{document:#}");
    assert_eq!((&document["summary"]["verified"], &document["summary"]["caution"]), (&4.into(), &1.into()));
    assert_eq!(document["quantities"], serde_json::json!({"covered": 3, "questioned": 2, "undecided": 0}));
    assert_eq!((&document["logisticUnits"], &document["unread"]), (&1.into(), &0.into()), "{document:#}");
    let places: Vec<_> = document["lines"].as_array().unwrap().iter().map(|line| line["place"].clone()).collect();
    assert_eq!(places[0], "events.json: event 2, epcList 3");
}

/// Last month's stick, on a device that has judged by this month's: what was withdrawn since must stay withdrawn.
#[test]
fn an_older_stick_decides_nothing_on_a_device_that_knows_better() {
    let mut world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1)]);
    assert_eq!(judge(folder.path(), "labels.txt", &[]).1, 0);
    let change = StatusChange {
        issuer: did("did:web:certifier0.example"),
        action: Action::Withdraw,
        target: Target::Attestations(vec![1]),
        after: None,
        effective_from: sample::instant("2026-08-01T00:00:00Z"),
        ..sample::status_change()
    };
    world.log("2026-08-01T00:00:00Z", &change.to_payload(), &change.issuer, &world::certifier_key(0));
    world.shelve(folder.path(), world::now());
    assert_eq!(judge(folder.path(), "labels.txt", &[]).0["lines"][0]["reasons"][0], "withdrawn");
    World::new(ORIGIN, 1, 1, 50).shelve(folder.path(), world::now());
    let (older, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &older["lines"][0]["reasons"][0]), (3, &"stale_snapshot".into()), "{older:#}");
}

#[test]
fn a_supplement_that_cannot_be_read_is_not_one_that_says_nothing() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1)]);
    std::fs::write(folder.path().join("snapshots").join(ORIGIN).join("supplement"), "12\ntorn").unwrap();
    let (document, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &document["lines"][0]["reasons"][0]), (3, &"no_status".into()));
    let alone = verifier(folder.path(), &["check", "--offline", "labels.txt"]);
    assert_eq!(alone.status.code(), Some(3), "{}", text(&alone.stdout));
    assert_eq!(verifier(folder.path(), &["doctor"]).status.code(), Some(3));
}

/// Nothing was verified where nothing could be read, or no label was there.
#[test]
fn a_shipment_is_green_only_where_labels_were_read_and_all_of_it() {
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    let lot = serde_json::json!({"epcClass": "https://id.example/01/09521234543213/10/KTM-0", "quantity": 1});
    let event = serde_json::json!({"type": "EPCISDocument", "epcisBody": {"eventList": [{"quantityList": [lot]}]}});
    std::fs::write(folder.path().join("quantities.json"), event.to_string()).unwrap();
    write(folder.path(), "unread.csv", &["label;lot".into(), format!("{};KTM-0", world.label(0, 1)), ";KTM-0".into()]);
    write(folder.path(), "nothing.csv", &["label;lot".into(), ";KTM-0".into()]);
    for (manifest, status) in [("quantities.json", 3), ("unread.csv", 2), ("nothing.csv", 2)] {
        let output = verifier(folder.path(), &["shipment", manifest, "--report", "report.html"]);
        assert_eq!(output.status.code(), Some(status), "{manifest}");
        assert!(text(&output.stdout).starts_with("? UNDECIDED"), "{manifest}: {}", text(&output.stdout));
        let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
        assert!(page.contains("<span class=\"word undecided\">"), "{manifest}");
    }
}

/// A person at a desk scans one label after the other.
#[test]
fn labels_scanned_one_by_one_are_answered_one_by_one() {
    use std::io::BufRead as _;
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_verifier"));
    command.current_dir(folder.path()).args(["shipment", "-", "--jsonl", "--trust", "trust.toml"]);
    command.args(["--snapshots", "snapshots", "--state", "state"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let (mut to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut answers = std::io::BufReader::new(from).lines();
    for number in 1..=3 {
        writeln!(to, "{}", world.label(0, number)).unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!((&answer["outcome"], &answer["serial"]), (&"verified".into(), &format!("1-{number}").into()));
    }
    drop(to);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// A key that is not the certifier's, under the certifier's key id: only a check of the signature tells.
#[test]
fn a_label_of_a_strangers_key_is_refused_in_a_batch_as_it_is_alone() {
    let world = World::new(ORIGIN, 1, 1, 500);
    let folder = folder(&[&world]);
    let mut lines = world.labels(300);
    let mut stranger = World::new(ORIGIN, 1, 1, 500);
    stranger.attestations[0].1 = SecretKey::from_seed(&[77; 32]);
    lines.insert(150, stranger.label(0, 301));
    write(folder.path(), "labels.txt", &lines);
    let (document, status) = judge(folder.path(), "labels.txt", &[]);
    assert_eq!((status, &document["summary"]["verified"]), (1, &300.into()));
    assert_eq!(document["lines"][0]["place"], "labels.txt:151");
    assert_eq!(document["lines"][0]["reasons"][0], "unknown_certifier");
}

#[test]
fn signed_verdicts_open_and_hold_under_the_officers_key_only() {
    use primitives::Signer as _;
    let world = World::new(ORIGIN, 1, 1, 50);
    let folder = folder(&[&world]);
    write(folder.path(), "labels.txt", &[world.label(0, 1), "nonsense".into()]);
    let (officer, other) = (SecretKey::from_seed(&[5; 32]), SecretKey::from_seed(&[6; 32]));
    std::fs::write(folder.path().join("officer.pem"), key_file::plain::to_pem(&officer)).unwrap();
    std::fs::write(folder.path().join("officer.jwk"), officer.public_key().to_jwk()).unwrap();
    std::fs::write(folder.path().join("other.jwk"), other.public_key().to_jwk()).unwrap();
    let refused = verifier(folder.path(), &["shipment", "labels.txt", "--sign", "officer.pem"]);
    assert_eq!(refused.status.code(), Some(2), "a key that is not encrypted");
    let arguments = ["shipment", "labels.txt", "--jsonl", "--sign", "officer.pem", "--allow-unencrypted-key"];
    let judged = verifier(folder.path(), &arguments);
    assert_eq!(judged.status.code(), Some(1), "{}", text(&judged.stderr));
    let inspect = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_verifier"));
        command.current_dir(folder.path()).args([&["inspect", "labels.txt.jws"], more].concat()).output().unwrap()
    };
    let good = inspect(&["--key", "officer.jwk"]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
    assert!(text(&good.stdout).contains("The signature is that of this key."));
    // The signed document names every line that was written.
    std::fs::write(folder.path().join("lines"), &judged.stdout).unwrap();
    let sum = Command::new("sha256sum").arg(folder.path().join("lines")).output().unwrap();
    assert!(text(&good.stdout).contains(text(&sum.stdout).split(' ').next().unwrap()));
    let unchecked = inspect(&[]);
    assert!(unchecked.status.success() && text(&unchecked.stdout).contains("was not checked"));
    assert_eq!(inspect(&["--key", "other.jwk"]).status.code(), Some(1));
    let path = folder.path().join("labels.txt.jws");
    let jws = std::fs::read_to_string(&path).unwrap();
    for place in (0..jws.len()).step_by(jws.len() / 25) {
        let mut bad = jws.clone().into_bytes();
        bad[place] = if bad[place] == b'A' { b'B' } else { b'A' };
        std::fs::write(&path, bad).unwrap();
        assert_ne!(inspect(&["--key", "officer.jwk"]).status.code(), Some(0), "byte {place}");
    }
}
