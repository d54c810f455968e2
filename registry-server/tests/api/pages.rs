//! The pages beside the verdict's, and what a label's page counts.

use primitives::Timestamp;
use statement::Action;

use crate::parties::{certifier_key, now, sign_attestation};
use crate::world::{ORIGIN, World, path};

const BROWSER: &str = "text/html,application/xhtml+xml";

/// Scans as they lie in the private data: of the last so many days, today left out.
fn scanned(data: &std::path::Path, days: u16, index: u64, number: u32) {
    let private = store::Private::open(data).unwrap();
    let today = now().day().days();
    for day in today - days..today {
        let key = [&day.to_be_bytes()[..], &[0, 0]].concat();
        let value = [&index.to_be_bytes()[..], &number.to_be_bytes()].concat();
        private.put("scans", key, value).unwrap();
    }
}

#[test]
fn a_label_that_is_scanned_for_weeks_is_amber_if_its_certifier_says_so() {
    let mut world = World::empty();
    world.accredit();
    let attestation = statement::Attestation { scan_days: Some(3), ..world.parties.attestation(0) };
    assert_eq!(world.post(&sign_attestation(&attestation, &certifier_key())).status, 201);
    let label = |number| world.parties.label_of(&attestation, 1, number, &certifier_key()).to_uri();
    let (often, seldom, silent) = (label(1), label(2), world.parties.label(2, 1).to_uri());
    assert_eq!(world.attest(1), 2);
    // A family that scans three times, a queue at the till, a script: one day.
    for _ in 0..50 {
        assert!(world.get_as(path(&often), BROWSER).text().contains("class=\"verdict verified\""));
    }
    world.stop();
    scanned(&world.data, 3, 1, 1);
    world.start();
    let verdict = world.judge(&often);
    assert_eq!((&verdict["outcome"], &verdict["reasons"][0]), (&"caution".into(), &"many_scans".into()), "{verdict}");
    assert!(world.get_as(path(&often), BROWSER).text().contains("scanned on unusually many days"));
    assert_eq!(world.judge(&seldom)["outcome"], "verified", "another label of the same lot");
    assert_eq!(world.judge(&silent)["outcome"], "verified", "an attestation that says nothing of scans");
}

#[test]
fn what_is_counted_outlives_a_restart_and_names_nobody() {
    let mut world = World::empty();
    world.accredit();
    let attestation = statement::Attestation { scan_days: Some(3), ..world.parties.attestation(0) };
    assert_eq!(world.post(&sign_attestation(&attestation, &certifier_key())).status, 201);
    let label = |number| world.parties.label_of(&attestation, 1, number, &certifier_key()).to_uri();
    assert_eq!(world.get_as(path(&label(17)), BROWSER).status, 200);
    // Neither a forged label nor what a program asks is counted, nor where nobody has said what is usual.
    world.get_as(path(&label(18).replacen("/AE", "/A4", 1)), BROWSER);
    world.judge(&label(19));
    assert_eq!(world.attest(1), 2);
    world.get_as(path(&world.parties.label(2, 20).to_uri()), BROWSER);
    let label = label(17);
    world.stop();
    let private = store::Private::open(&world.data).unwrap();
    let records = private.scan_prefix("scans", &[], 10).unwrap();
    drop(private);
    let expected = [&1_u64.to_be_bytes()[..], &17_u32.to_be_bytes()].concat();
    assert_eq!(records.iter().map(|(_, value)| value.to_vec()).collect::<Vec<_>>(), [expected]);
    let day = Timestamp::from_millis(now().millis()).day().days();
    assert_eq!(records[0].0[..2], day.to_be_bytes());
    world.start();
    assert_eq!(world.judge(&label)["outcome"], "verified");
}

#[test]
fn a_typed_code_finds_the_record_and_proves_nothing() {
    let world = World::with_attestation();
    for (code, says) in [
        (label::ShortCode { index: 1, number: 17 }, "Compare with what you hold"),
        (label::ShortCode { index: 1, number: 101 }, "The registry knows no label with this code."),
        (label::ShortCode { index: 0, number: 1 }, "The registry knows no label with this code."),
        (label::ShortCode { index: 9, number: 1 }, "The registry knows no label with this code."),
    ] {
        let typed = code.to_string().to_lowercase().replace('-', "+");
        let page = world.get_as(&format!("/code?code={typed}"), BROWSER);
        let html = page.text();
        assert_eq!(page.status, 200);
        assert!(html.contains(says) && html.contains("cannot prove a label genuine"), "{html}");
        assert!(!html.contains("class=\"verdict"), "no verdict on a typed code: {html}");
    }
    for wrong in ["", "1234", "%3Cscript%3E", "hello+world"] {
        let page = world.get_as(&format!("/code?code={wrong}"), BROWSER);
        assert_eq!(page.status, 400, "{wrong}");
        assert!(page.text().contains("This is not a short code."), "{}", page.text());
    }
    assert_eq!(world.get_as("/code", BROWSER).status, 400);
}

#[test]
fn a_certifier_has_a_page_with_what_it_attested() {
    let world = World::with_attestation();
    for slot in 1..=5 {
        world.attest(slot);
    }
    world.change(Action::Withdraw, 2, None);
    world.change(Action::Suspend, 3, None);
    let did = world.parties.accreditation().subject;
    let html = world.get_as(&format!("/certifiers/{did}"), BROWSER).text().to_owned();
    for says in [
        "6 attestations in the log",
        "suspended now: 1",
        "withdrawn: 1",
        "The certifier is approved.",
        "<rect",
        "Nepal",
    ] {
        let plain = html.replace(['\u{2068}', '\u{2069}'], "");
        assert!(plain.contains(says), "{says}: {html}");
    }
    for nobody in ["did:web:nobody.example", "x", "%ff", "did:web:accreditor.example"] {
        assert_eq!(world.get_as(&format!("/certifiers/{nobody}"), BROWSER).status, 404, "{nobody}");
    }
}

#[test]
fn the_log_and_its_keys_are_shown() {
    let world = World::with_attestation();
    let html = world.get_as("/log", BROWSER).text().to_owned();
    let checkpoint = world.get("/checkpoint").text().to_owned();
    assert!(
        html.contains(checkpoint.lines().nth(2).unwrap().replace('=', "&#61;").as_str())
            || html.contains(checkpoint.lines().nth(2).unwrap()),
        "{html}"
    );
    assert!(html.contains("/certifiers/did%3Aweb%3A"), "{html}");
    let trust = world.get("/v1/trust");
    assert_eq!(trust.header("access-control-allow-origin"), Some("*"));
    let trust = trust.json();
    assert_eq!(trust["origin"], ORIGIN);
    assert!(trust["logKeys"][0].as_str().unwrap().starts_with(ORIGIN));
    assert_eq!(trust["accreditors"][0]["keys"][0]["x"].as_str().unwrap().len(), 43);
}

#[test]
fn pages_lead_to_each_other_and_their_files_never_change() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let mut files = std::collections::BTreeSet::new();
    for page in ["/", "/scan", "/meaning", "/check", "/log", path(&label)] {
        let answer = world.get_as(&format!("{page}?lang=ar"), BROWSER);
        assert_eq!(answer.status, 200, "{page}");
        let html = answer.text();
        for link in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            if link.starts_with('/') && !link.starts_with("/report") {
                let found = world.get_as(&link.replace("&#38;", "&").replace("&amp;", "&"), "*/*");
                assert!(found.status < 400, "{page}: {link} is {}", found.status);
            }
        }
        let named = html.split('"').filter(|text| text.starts_with("/assets/")).map(str::to_owned);
        files.extend(named);
    }
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let answer = world.get(&file);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(world.get(&file.replace(".js", "x.js")).status, 404);
    }
    let camera = world.get_as("/scan", BROWSER);
    assert_eq!(camera.header("permissions-policy"), Some("camera=(self)"));
    assert_eq!(world.get_as("/", BROWSER).header("permissions-policy"), Some("camera=()"));
}
