//! Spreadsheets of lots with the real programs: every lot is registered once, however often the run is cut off.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use primitives::SecretKey;
use statement::sample;
use tests::{Desk, Ran};

const CERTIFIER: &str = "did:web:himal-audit.example";
const LOTS: usize = 300;
const HEADER: [&str; 17] = [
    "Product",
    "GTIN",
    "Lot",
    "Country",
    "HS Code",
    "Claims",
    "Labels",
    "Quantity",
    "Unit",
    "Assessment day",
    "Maker ID",
    "maker_name",
    "facility.id",
    "facility.country",
    "facility.region",
    "scheme.id",
    "scheme.name",
];
const BY: [&str; 3] = ["--key", "certifier.key", "--allow-unencrypted-key"];

/// A desk with the certifier accredited.
fn desk() -> Desk {
    let desk = Desk::open();
    desk.key("certifier", &sample::did(CERTIFIER), &SecretKey::from_seed(&[21; 32]));
    desk.accreditor(&["accredit", "accreditation.toml"]).succeeds();
    desk
}

fn row(lot: &str) -> [String; 17] {
    let today = tests::today().to_string();
    [
        "Wool carpet, \"red\"",
        "09521234543213",
        lot,
        "NP",
        "570110",
        "no-child-labour",
        "10",
        "10",
        "C62",
        &today,
        "https://bhaktapur-carpets.example",
        "Bhaktapur Carpets",
        "https://bhaktapur-carpets.example/looms/3",
        "NP",
        "Bagmati",
        "https://scheme.example/child-labour-free",
        "Child Labour Free Carpets",
    ]
    .map(Into::into)
}

fn rows(prefix: &str, count: usize) -> Vec<[String; 17]> {
    (1..=count).map(|number| row(&format!("{prefix}-{number}"))).collect()
}

fn csv(rows: &[[String; 17]]) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        format!("{}\r\n", cells.join(";"))
    };
    let header = line(HEADER.map(Into::into).to_vec());
    format!("\u{feff}{header}{}", rows.iter().map(|row| line(row.to_vec())).collect::<String>())
}

fn xlsx(rows: &[[String; 17]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let header = HEADER.map(Into::into);
    for (number, row) in (0..).zip(std::iter::once(&header).chain(rows)) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(number, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn attest(desk: &Desk, file: &str, more: &[&str]) -> Ran {
    desk.certifier(&[&["attest", file, "--out", "out"], &BY[..], more].concat())
}

/// Begins a run, without waiting for its end.
fn begin(desk: &Desk, file: &str) -> Child {
    let mut command = desk.command("certifier", &[&["attest", file, "--out", "out"], &BY[..]].concat());
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Row to index, of what a job says is registered.
fn registered(desk: &Desk, job: &str) -> BTreeMap<u64, u64> {
    let text = fs::read_to_string(desk.path("out").join(job)).unwrap_or_default();
    // A last line may be half there.
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let lines = whole.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.filter_map(|line| Some((line["row"].as_u64()?, line["index"].as_u64()?))).collect()
}

/// Row to index, of the result file; each index once, each file there.
fn result(desk: &Desk, name: &str) -> BTreeMap<u64, u64> {
    let text = fs::read_to_string(desk.path("out").join(name)).unwrap();
    let mut found = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        found.insert(cells[0].parse().unwrap(), cells[3].parse().unwrap());
        assert_eq!(fs::read_to_string(desk.path(cells[5])).unwrap().split('.').count(), 3, "{}", cells[5]);
        let proof = fs::read_to_string(desk.path(cells[6])).unwrap();
        assert!(proof.starts_with("c2sp.org/tlog-proof@v1\n") && proof.contains("— "), "{}: {proof}", cells[6]);
    }
    assert_eq!(found.values().collect::<BTreeSet<_>>().len(), found.len(), "an index stands twice");
    found
}

fn log_size(desk: &Desk) -> usize {
    let url = format!("{}/checkpoint", desk.server.url());
    let note = ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap();
    note.lines().nth(1).unwrap().parse().unwrap()
}

/// Waits until so many rows are registered; `false` where the run ended before.
fn wait_for(desk: &Desk, job: &str, count: usize, child: &mut Child) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while registered(desk, job).len() < count {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        assert!(Instant::now() < end, "nothing is registered");
        std::thread::sleep(Duration::from_millis(2));
    }
    true
}

#[test]
fn killed_at_any_moment_a_run_goes_on_and_no_lot_is_registered_twice() {
    let desk = desk();
    desk.write("lots.csv", csv(&rows("A", LOTS)));
    desk.write("more.xlsx", xlsx(&rows("B", LOTS)));
    let dry = attest(&desk, "lots.csv", &["--dry-run"]).succeeds();
    assert!(dry.contains("300 lots, no mistakes found") && dry.contains("and 299 lots more"), "{dry}");
    assert!(!desk.path("out").exists(), "nothing is written in a dry run");
    for (nth, (file, job, result_file)) in
        [("lots.csv", "lots.job", "lots.result.csv"), ("more.xlsx", "more.job", "more.result.csv")]
            .into_iter()
            .enumerate()
    {
        let mut known = BTreeMap::new();
        // While it reads and signs: in time; while it sends: by what is registered.
        for wait in [20, 60, 120, 200, 300, 450] {
            let mut child = begin(&desk, file);
            std::thread::sleep(Duration::from_millis(wait));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        for count in [1, 2, 40, 41, 120, 250] {
            let mut child = begin(&desk, file);
            wait_for(&desk, job, count, &mut child);
            child.kill().unwrap();
            child.wait().unwrap();
            let now = registered(&desk, job);
            assert!(known.iter().all(|(row, index)| now.get(row) == Some(index)), "an index has changed");
            known = now;
        }
        let said = attest(&desk, file, &[]).succeeds();
        println!("{} were registered when it went on; {said}", known.len());
        let all = result(&desk, result_file);
        assert_eq!(all.keys().copied().collect::<Vec<_>>(), (2..=301).collect::<Vec<u64>>());
        assert!(known.iter().all(|(row, index)| all[row] == *index), "an index has changed");
        assert_eq!(log_size(&desk), 1 + LOTS * (nth + 1), "the accreditation and each lot once");
        assert!(attest(&desk, file, &[]).succeeds().contains("all 300 lots were registered before"));
        assert_eq!(result(&desk, result_file), all);
    }
    // The job is not needed to know better.
    fs::remove_file(desk.path("out/more.job")).unwrap();
    let said = attest(&desk, "more.xlsx", &["--dry-run"])
        .fails(2, "more.xlsx, row 2, column C (Lot): lot B-1 is attested already");
    assert_eq!(said.matches("is attested already, at index").count(), LOTS, "every one is named");
    attest(&desk, "more.xlsx", &[]).fails(2, "280 more mistakes");
    assert_eq!(log_size(&desk), 1 + 2 * LOTS);
}

#[test]
fn a_registry_that_goes_away_and_comes_back_costs_no_lot() {
    let mut desk = desk();
    desk.write("lots.csv", csv(&rows("A", LOTS)));
    // Back while the run is patient.
    let mut child = begin(&desk, "lots.csv");
    wait_for(&desk, "lots.job", 30, &mut child);
    desk.server.kill();
    std::thread::sleep(Duration::from_millis(500));
    let before = registered(&desk, "lots.job");
    assert!(before.len() < LOTS, "the registry was too quick for this test");
    desk.server.start_with(&["--snapshot-every", "1"]);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let all = result(&desk, "lots.result.csv");
    assert!(before.iter().all(|(row, index)| all[row] == *index));
    assert_eq!(log_size(&desk), 1 + LOTS);

    // Away for longer.
    desk.write("more.csv", csv(&rows("B", LOTS)));
    let mut child = begin(&desk, "more.csv");
    wait_for(&desk, "more.job", 30, &mut child);
    desk.server.kill();
    let ended = Ran::of(&child.wait_with_output().unwrap());
    let said = ended.fails(3, "of 300 lots are registered; the same command goes on");
    assert!(said.contains("row ") && said.contains("lot B-"), "{said}");
    let before = registered(&desk, "more.job");
    attest(&desk, "more.csv", &[]).fails(3, "");
    desk.server.start_with(&["--snapshot-every", "1"]);
    attest(&desk, "more.csv", &[]).succeeds();
    let all = result(&desk, "more.result.csv");
    assert_eq!(all.len(), LOTS);
    assert!(before.iter().all(|(row, index)| all[row] == *index));
    assert_eq!(log_size(&desk), 1 + 2 * LOTS);
}

#[test]
fn nothing_is_signed_while_a_row_is_wrong_and_a_changed_spreadsheet_is_no_longer_the_jobs() {
    let desk = desk();
    let mut wrong = rows("A", 5);
    (wrong[1][3], wrong[1][4], wrong[1][5]) = ("US".into(), "010121".into(), "no-forced-labour".into());
    wrong[3][1] = "9521234543213".into();
    desk.write("lots.csv", csv(&wrong));
    for more in [&["--dry-run"][..], &[]] {
        let said = attest(&desk, "lots.csv", more)
            .fails(2, "lots.csv, row 3, column D (Country): US is no country of the accred");
        for words in [
            "row 3, column E (HS Code): HS chapter 01 is not in the accreditation",
            "row 3, column F (Claims): ",
            "row 5, column B (GTIN): is 9521234543213, 13 digits",
            "write 09521234543213",
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
    }
    let json = attest(&desk, "lots.csv", &["--dry-run", "--json"]).said;
    for code in ["out_of_scope", "gtin_leading_zero"] {
        assert!(json.contains(&format!("\"code\": \"{code}\"")), "{json}");
    }
    assert!(!desk.path("out").exists() && log_size(&desk) == 1);

    // Put right; signed, and sent later. A maker is withheld, and a name is no formula in the result.
    let mut right = rows("A", 5);
    right[0][1] = String::new();
    right[0][2] = "-1".into();
    let text = csv(&right).replace("\"maker_name\"", "\"maker_name\";\"maker withheld\"");
    let text = text.replace("\"Bhaktapur Carpets\"", "\"Bhaktapur Carpets\";\"no\"");
    let text = text.replacen(
        "\"https://bhaktapur-carpets.example\";\"Bhaktapur Carpets\";\"no\"",
        "\"\";\"Bhaktapur Carpets\";\"yes\"",
        1,
    );
    desk.write("lots.csv", &text);
    assert!(attest(&desk, "lots.csv", &["--no-send"]).succeeds().contains("5 lots signed, not sent"));
    assert_eq!(log_size(&desk), 1);
    desk.write("lots.csv", text.replace("Bagmati", "Gandaki"));
    let said = attest(&desk, "lots.csv", &[]).fails(2, "lots.csv was changed since its job");
    assert!(said.contains("put the spreadsheet back"), "{said}");
    desk.write("lots.csv", &text);
    let json = attest(&desk, "lots.csv", &["--json"]).succeeds();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["lots"].as_array().unwrap().len(), 5);
    assert_eq!(document["lots"][0]["gtin"], serde_json::Value::Null);
    let salt = document["lots"][0]["salt"].as_str().unwrap();
    assert_eq!(fs::read_to_string(desk.path(salt)).unwrap().trim().len(), 64);
    attest(&desk, "lots.csv", &[]).succeeds();
    let table = fs::read_to_string(desk.path("out/lots.result.csv")).unwrap();
    assert!(table.lines().nth(1).unwrap().starts_with("2,'-1,,"), "{table}");
    assert_eq!(log_size(&desk), 6);
    // The receipts are those of one lot, and the labels follow.
    desk.certifier(&[&["labels", "--attestation", "2", "--out", "labels", "--format", "csv"], &BY[..]].concat())
        .succeeds();
}

#[test]
fn a_job_that_lay_about_attests_nothing_that_another_has_meanwhile() {
    let desk = desk();
    desk.write("lots.csv", csv(&rows("A", 3)));
    attest(&desk, "lots.csv", &["--no-send"]).succeeds();
    desk.write("other.csv", csv(&rows("A", 2)));
    attest(&desk, "other.csv", &[]).succeeds();
    let said = attest(&desk, "lots.csv", &[]).fails(1, "was attested meanwhile by another statement, at index");
    assert!(said.contains("delete the job"), "{said}");
    assert!(log_size(&desk) <= 4, "at most the third lot went out");
    attest(&desk, "lots.csv", &["--again"]).succeeds();
    assert_eq!(log_size(&desk), 6, "as it was told to");
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_a_job_that_goes_on() {
    let desk = desk();
    desk.write("lots.csv", csv(&rows("A", LOTS)));
    let program = tests::binary("certifier");
    let attest_ = format!("{} attest lots.csv --out out {}", program.display(), BY.join(" "));
    // No file gets larger than 300 KiB: less than the job, more than anything else.
    let mut command = std::process::Command::new("sh");
    command.current_dir(desk.path("")).arg("-c").arg(format!("trap '' XFSZ; ulimit -f 600; exec {attest_}"));
    command.env("ETHICAL_LABEL_TRUST", desk.path("data/trust.toml")).env("XDG_STATE_HOME", desk.path("state"));
    let said = Ran::of(&command.output().unwrap()).fails(1, "cannot write out/lots.job");
    assert!(said.contains("the same command goes on"), "{said}");
    assert_eq!(log_size(&desk), 1, "nothing was sent");
    attest(&desk, "lots.csv", &[]).succeeds();
    assert_eq!((result(&desk, "lots.result.csv").len(), log_size(&desk)), (LOTS, 1 + LOTS));
}
