//! Reports: taken from anybody, sealed for the accreditor, and nothing else kept or told.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use age::x25519::Identity;
use concern::{Concern, ConcernKind, Receipt};
use primitives::{SecretKey, Timestamp};
use registry::{Accreditor, AccreditorKey};
use registry_server::{Config, Server};
use serde_json::Value;
use statement::sample::{self, country, did};
use statement::{Accreditation, Hotline, Origin, ReportId, ReportProgress, ReportUpdate, ReportsRequest};
use verify::{ReportRecipient, Trust};

use crate::parties::{ACCREDITOR, CERTIFIER, accreditor_key, certifier_key, now, sign_accreditation};
use crate::wire::Answer;
use crate::world::{World, query};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const TEXT: &str = "A girl of nine knots at loom 3 <b>behind</b> the \"dyeing house\" & cries";
const OTHER: &str = "did:web:another.example";

/// Changes a trust file as `init` wrote it.
fn change_trust(data: &Path, change: impl FnOnce(&mut Trust)) {
    let file = data.join("trust.toml");
    let mut trust = Trust::from_toml(&std::fs::read_to_string(&file).unwrap()).unwrap();
    change(&mut trust);
    std::fs::write(&file, trust.to_toml()).unwrap();
}

fn recipient(key: &Identity) -> ReportRecipient {
    ReportRecipient::parse(&key.to_public().to_string()).unwrap()
}

/// A registry whose accreditor takes reports with this key; forms may be sent at once.
fn world_with(key: &Identity, change: impl FnOnce(&mut Config)) -> World {
    World::with(|config| {
        change_trust(&config.data, |trust| {
            trust.registries[0].reports = BTreeMap::from([(did(ACCREDITOR), recipient(key))]);
        });
        config.limits.reports.form_shortest = Duration::ZERO;
        change(config);
    })
}

fn world(key: &Identity) -> World {
    world_with(key, |_| {})
}

fn form(world: &World, target: &str) -> String {
    let answer = world.get(target);
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    answer.text().to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1.split_once(after).unwrap().0
}

fn token(world: &World) -> String {
    token_in(&form(world, "/report"))
}

fn token_in(page: &str) -> String {
    between(page, "name=\"token\" type=\"hidden\" value=\"", "\"").to_owned()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", query(value))).collect::<Vec<_>>().join("&")
}

fn post_as(world: &World, accept: &str, fields: &[(&str, &str)]) -> Answer {
    world.send("POST /report", &[FORM, ("accept", accept)], encoded(fields).as_bytes())
}

fn post(world: &World, fields: &[(&str, &str)]) -> Answer {
    post_as(world, "*/*", fields)
}

/// Sends a report in the clear; gives its receipt code.
fn report(world: &World, text: &str, label: &str) -> String {
    let fields =
        [("kind", "child"), ("text", text), ("label", label), ("contact", "+977 1 5550199"), ("token", &token(world))];
    receipt(&post(world, &fields))
}

fn receipt(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    let code = between(answer.text(), "id=\"receipt\">", "<").to_owned();
    assert!(Receipt::parse(&code).is_some(), "{code}");
    code
}

fn status(world: &World, code: &str) -> String {
    let answer = world.send("POST /report/status", &[FORM], encoded(&[("receipt", code)]).as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    between(answer.text(), "id=\"progress\" role=\"status\"><strong>", "<").to_owned()
}

fn padded(text: &str) -> Vec<u8> {
    Concern::typed(ConcernKind::Copied, text, "", "", "en").unwrap().to_padded_json().to_vec()
}

/// What a device does with JavaScript.
fn seal(plain: &[u8], keys: &[&Identity]) -> String {
    let recipients: Vec<_> = keys.iter().map(|key| key.to_public()).collect();
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|key| key as _)).unwrap();
    let mut bytes = Vec::new();
    let mut writer = encryptor.wrap_output(&mut bytes).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap();
    concern::enarmor(&bytes)
}

fn unseal(armor: &str, key: &Identity) -> Option<Concern> {
    let bytes = concern::dearmor(armor).unwrap();
    let decryptor = age::Decryptor::new_buffered(bytes.as_slice()).unwrap();
    let mut plain = Vec::new();
    decryptor.decrypt(std::iter::once(key as _)).ok()?.read_to_end(&mut plain).unwrap();
    Some(Concern::read(&plain).unwrap())
}

fn ask_as(
    world: &World,
    issuer: &str,
    key: &SecretKey,
    at: Timestamp,
    updates: &[(&str, ReportProgress)],
    query: &str,
) -> Answer {
    let update = |(id, progress): &(&str, ReportProgress)| ReportUpdate {
        report: ReportId::parse(id).unwrap(),
        progress: *progress,
    };
    let request = ReportsRequest {
        issuer: did(issuer),
        registry: world.parties.origin.clone(),
        asked_at: Timestamp::from_seconds(at.seconds()),
        updates: updates.iter().map(update).collect(),
        ..sample::reports_request()
    };
    let jws = statement::sign(&request.to_payload(), &request.issuer, key).unwrap();
    world.send(&format!("POST /v1/reports{query}"), &[("content-type", "application/vc+jwt")], jws.as_bytes())
}

fn ask(world: &World, updates: &[(&str, ReportProgress)], query: &str) -> Answer {
    ask_as(world, ACCREDITOR, &accreditor_key(), now(), updates, query)
}

fn list(world: &World) -> Vec<Value> {
    let answer = ask(world, &[], "");
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    assert_eq!(answer.json()["next"], Value::Null);
    answer.json()["reports"].as_array().unwrap().clone()
}

fn id(report: &Value) -> &str {
    report["id"].as_str().unwrap()
}

/// Whether any file of the registry has these bytes.
fn is_on_disk(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_on_disk(&path, bytes);
        }
        std::fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

#[test]
fn what_a_form_without_javascript_sends_only_the_accreditor_reads() {
    let key = Identity::generate();
    let mut world = world(&key);
    let code = report(&world, TEXT, "not a label");
    assert_eq!(status(&world, &code), "Received. The accreditor has not read it yet.");
    world.stop();
    for secret in [
        TEXT.as_bytes(),
        b"loom 3",
        b"+977 1 5550199",
        b"not a label",
        code.as_bytes(),
        code.replace('-', "").as_bytes(),
    ] {
        assert!(!is_on_disk(&world.data, secret), "{}", String::from_utf8_lossy(secret));
    }
    world.start();
    let reports = list(&world);
    assert_eq!(reports.len(), 1);
    assert_eq!((&reports[0]["by"], &reports[0]["status"]), (&"server".into(), &"received".into()));
    assert_eq!(reports[0]["received"], now().day().to_string(), "the day and no time of day");
    let concern = unseal(reports[0]["sealed"].as_str().unwrap(), &key).unwrap();
    assert_eq!(
        (concern.kind, concern.text.as_str(), concern.label.as_str()),
        (ConcernKind::Child, TEXT, "not a label")
    );
    assert_eq!((concern.contact.as_str(), concern.language.as_str()), ("+977 1 5550199", "en"));
    assert_eq!(unseal(reports[0]["sealed"].as_str().unwrap(), &Identity::generate()), None);
    assert_eq!(status(&world, &code), "The accreditor has read it.");
    let answer = ask(&world, &[(id(&reports[0]), ReportProgress::InProgress)], "");
    assert_eq!(answer.json()["reports"][0]["status"], "in-progress");
    assert_eq!(status(&world, &code.to_lowercase().replace('-', " ")), "The accreditor is looking into it.");
}

#[test]
fn what_the_accreditor_closes_is_erased_from_the_disk() {
    let key = Identity::generate();
    let mut world = world(&key);
    let codes = [report(&world, &"x".repeat(4_000), ""), report(&world, "stays", "")];
    let reports = list(&world);
    let sealed = |report: &Value| concern::dearmor(report["sealed"].as_str().unwrap()).unwrap();
    let long = reports.iter().find(|report| sealed(report).len() > 4_000).unwrap();
    let short = reports.iter().find(|report| sealed(report).len() < 4_000).unwrap();
    assert!(is_on_disk(&world.data, &sealed(long)[300..400]));
    let closing = [(id(long), ReportProgress::Closed)];
    let answer = ask(&world, &closing, "?limit=0");
    assert_eq!((answer.status, &answer.json()["reports"]), (200, &Value::Array(vec![])), "{}", answer.text());
    assert_eq!(ask(&world, &closing, "?limit=0").status, 200, "after an answer that was lost");
    assert_eq!(refused(&ask(&world, &[(id(long), ReportProgress::InProgress)], "")), (409, "report_closed".into()));
    world.stop();
    let bytes = sealed(long);
    for piece in [&bytes[300..332], &bytes[bytes.len() - 32..]] {
        assert!(!is_on_disk(&world.data, piece), "nothing of the sealed bytes is left");
    }
    assert!(is_on_disk(&world.data, &sealed(short)[300..332]));
    world.start();
    assert_eq!(
        codes.clone().map(|code| status(&world, &code)),
        ["The accreditor has finished with it.", "The accreditor has read it."]
    );
    assert_eq!(list(&world).len(), 1);
}

#[test]
fn what_a_device_has_sealed_is_passed_on_as_it_is() {
    let key = Identity::generate();
    let world = world(&key);
    let page = form(&world, "/report");
    assert_eq!(between(&page, "data-recipients=\"", "\""), key.to_public().to_string());
    let armor = seal(&padded(TEXT), &[&key]);
    let browser = armor.replace('\n', "\r\n");
    let answer = post_as(&world, "text/html", &[("sealed", &browser), ("token", &token_in(&page))]);
    assert!(answer.text().contains("encrypted on your device"), "{}", answer.text());
    receipt(&answer);
    let reports = list(&world);
    assert_eq!((&reports[0]["by"], &reports[0]["sealed"]), (&"device".into(), &armor.into()));
    assert_eq!(unseal(reports[0]["sealed"].as_str().unwrap(), &key).unwrap().text, TEXT);
}

#[test]
fn what_is_not_sealed_to_the_accreditor_is_refused() {
    let (key, other) = (Identity::generate(), Identity::generate());
    let world = world(&key);
    let token = token(&world);
    let good = seal(&padded(TEXT), &[&key]);
    let passphrase = {
        let mut bytes = Vec::new();
        let encryptor = age::Encryptor::with_user_passphrase("correct horse".to_owned().into());
        let mut writer = encryptor.wrap_output(&mut bytes).unwrap();
        writer.write_all(&padded(TEXT)).unwrap();
        writer.finish().unwrap();
        concern::enarmor(&bytes)
    };
    let bytes = concern::dearmor(&good).unwrap();
    let stanzas = "-> a\n\n".repeat(2_900);
    for (sealed, status) in [
        (TEXT.to_owned(), 422),
        (good.replace("AGE ENCRYPTED", "PGP"), 422),
        (good[..good.len() / 2].to_owned(), 422),
        (seal(&padded(TEXT), &[&key, &other]), 422),
        (seal(b"not padded", &[&key]), 422),
        (seal(b"", &[&key]), 422),
        (passphrase, 422),
        (concern::enarmor(&[b"age-encryption.org/v2".as_slice(), &bytes[21..]].concat()), 422),
        (concern::enarmor(format!("age-encryption.org/v1\n{stanzas}").as_bytes()), 422),
        (seal(&[b' '; 24 * 1024], &[&key]), 413),
    ] {
        let started = std::time::Instant::now();
        let answer = post(&world, &[("sealed", &sealed), ("token", &token)]);
        assert_eq!(refused(&answer), (status, "bad_sealed_report".into()), "{sealed}");
        assert!(started.elapsed() < Duration::from_secs(2), "a hostile header costs no seconds");
    }
    let both = [("sealed", good.as_str()), ("text", TEXT), ("token", &token)];
    assert_eq!(
        refused(&post(&world, &both)),
        (400, "bad_form".into()),
        "what came in the clear is not passed off as sealed"
    );
    receipt(&post(&world, &[("sealed", &good), ("token", &token)]));
    assert_eq!(list(&world).len(), 1, "and the token was good for the one that was right");
}

#[test]
fn what_is_typed_has_bounds() {
    let key = Identity::generate();
    let world = world(&key);
    let token = token(&world);
    let (long, label, contact) = ("é".repeat(4_001), "x".repeat(2_049), "日".repeat(201));
    for (fields, status, code) in [
        (&[("kind", "child"), ("text", long.as_str())][..], 422, "report_too_long"),
        (&[("kind", "child"), ("text", "x"), ("label", &label)], 422, "report_too_long"),
        (&[("kind", "child"), ("text", "x"), ("contact", &contact)], 422, "report_too_long"),
        (&[("kind", "child"), ("text", " \r\n")], 422, "report_text_missing"),
        (&[("kind", "child")], 422, "report_text_missing"),
        (&[("kind", "evil"), ("text", "x")], 400, "bad_form"),
        (&[("text", "x")], 400, "bad_form"),
        (&[("kind", "child"), ("text", "x"), ("text", "y")], 400, "bad_query"),
    ] {
        let fields = [fields, &[("token", token.as_str())]].concat();
        let answer = post(&world, &fields);
        assert_eq!(refused(&answer), (status, code.into()), "{fields:?}");
        assert!(!answer.text().contains("é") && !answer.text().contains("evil"), "{}", answer.text());
    }
    let body = format!("text=%ff&token={token}");
    assert_eq!(refused(&world.send("POST /report", &[FORM], body.as_bytes())), (400, "bad_query".into()));
    assert_eq!(refused(&world.send("POST /report", &[FORM], &[0xff; 4])), (400, "bad_query".into()));
    assert_eq!(refused(&world.send("POST /report", &[FORM], &[b'x'; 65 * 1024])), (413, "body_too_large".into()));
    let json = world.send("POST /report", &[("content-type", "application/json")], b"{}");
    assert_eq!(refused(&json), (415, "unsupported_media_type".into()));
    let (most, label) = ("é".repeat(4_000), "x".repeat(2_048));
    let fields = [
        ("kind", "other"),
        ("text", most.as_str()),
        ("label", &label),
        ("contact", &contact[..600]),
        ("token", &token),
    ];
    receipt(&post(&world, &fields));
}

#[test]
fn a_form_that_is_not_taken_comes_back_as_it_was_typed() {
    let key = Identity::generate();
    let world = world_with(&key, |config| config.limits.reports.form_shortest = Duration::from_secs(3));
    let page = form(&world, "/report?label=1-17");
    assert!(page.contains("value=\"1-17\""), "{page}");
    let fields =
        [("kind", "wrong"), ("text", TEXT), ("label", "\"><script>"), ("contact", ""), ("token", &token_in(&page))];
    let answer = post_as(&world, "text/html", &fields);
    assert_eq!((answer.status, answer.header("content-type")), (403, Some("text/html; charset=utf-8")));
    let back = answer.text();
    assert!(back.contains("very fast") && back.contains("value=\"wrong\" selected"), "{back}");
    assert!(!back.contains("<b>") && !back.contains("\"><script>") && back.contains("girl of nine"), "{back}");
    assert_ne!(token_in(back), token_in(&page), "with a new token");
    let fields = fields.map(|(name, value)| (name, if name == "token" { token_in(back) } else { value.to_owned() }));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(refused(&post(&world, &fields)), (403, "form_too_fast".into()));
    std::thread::sleep(Duration::from_millis(3_100));
    receipt(&post(&world, &fields));
    assert_eq!(refused(&post(&world, &fields)), (409, "form_used".into()));
}

#[test]
fn a_token_of_another_server_or_an_old_one_is_refused() {
    let key = Identity::generate();
    let world = world_with(&key, |config| config.limits.reports.form_longest = Duration::from_millis(200));
    let old = token(&world);
    std::thread::sleep(Duration::from_millis(300));
    let fields = |token: &str| post(&world, &[("kind", "child"), ("text", "x"), ("token", token)]);
    assert_eq!(refused(&fields(&old)), (403, "form_too_old".into()));
    let elsewhere = token(&self::world(&key));
    for unknown in ["", "AAAA", &elsewhere] {
        assert_eq!(refused(&fields(unknown)), (403, "form_unknown".into()), "{unknown}");
    }
    assert!(list(&world).is_empty());
}

#[test]
fn more_than_a_minute_s_worth_and_more_than_there_is_room_for_is_refused() {
    let key = Identity::generate();
    // One a minute: on a slow machine the fourth must not find that a place has come free meanwhile.
    let world = world_with(&key, |config| {
        (config.limits.reports.burst, config.limits.reports.a_minute) = (3, 1);
    });
    (0..3).for_each(|_| drop(report(&world, "x", "")));
    let again = || post(&world, &[("kind", "child"), ("text", "x"), ("token", &token(&world))]);
    let answer = again();
    assert_eq!(refused(&answer), (429, "reports_busy".into()));
    // Some seconds of the minute may be over.
    let seconds: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(list(&world).len(), 3);
    for change in [(|config| config.limits.reports.kept = 2) as fn(&mut Config), |config| {
        // A sealed report of one letter has about 1,300 bytes; age makes some of them longer at random.
        config.limits.reports.kept_bytes = 3_300
    }] {
        let world = world_with(&key, change);
        let codes = [report(&world, "x", ""), report(&world, "y", "")];
        let token = token(&world);
        let full = || post(&world, &[("kind", "child"), ("text", "x"), ("token", &token)]);
        assert_eq!(refused(&full()), (503, "reports_full".into()));
        assert_eq!(codes.map(|code| status(&world, &code)), ["Received. The accreditor has not read it yet."; 2]);
        let reports = list(&world);
        assert_eq!(ask(&world, &[(id(&reports[0]), ReportProgress::Closed)], "").status, 200);
        receipt(&full());
    }
}

#[test]
fn where_no_accreditor_has_a_key_no_reports_are_taken() {
    let world = World::with(|config| config.limits.reports.form_shortest = Duration::ZERO);
    assert_eq!(refused(&world.get("/report")), (503, "reports_closed".into()));
    let page = world.get_as("/report", "text/html");
    assert!(page.status == 503 && page.text().contains("This registry takes no reports"), "{}", page.text());
    let answer = post_as(&world, "text/html", &[("kind", "child"), ("text", TEXT), ("token", "")]);
    assert!(!answer.text().contains("loom"), "{}", answer.text());
    let unknown = world.send("POST /report/status", &[FORM], b"receipt=0000-0000-0000-0000");
    assert!(unknown.status == 404 && unknown.text().contains("No report has this receipt code"), "{}", unknown.text());
    let typo = world.send("POST /report/status", &[FORM], b"receipt=%3Cb%3E");
    assert!(typo.status == 404 && !typo.text().contains("<b>"), "{}", typo.text());
    assert!(list(&world).is_empty());
}

#[test]
fn a_key_that_is_none_stops_the_server_before_it_takes_a_report() {
    let key = Identity::generate().to_public().to_string();
    let last = if key.ends_with('q') { "p" } else { "q" };
    let mistyped = ReportRecipient::parse(&format!("{}{last}", &key[..61])).unwrap();
    let mut world = World::empty();
    world.stop();
    change_trust(&world.data, |trust| drop(trust.registries[0].reports.insert(did(ACCREDITOR), mistyped)));
    let error = world.runtime.block_on(Server::start(Config::new(&world.data))).unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains(ACCREDITOR) && error.contains("is no age recipient"), "{error}");
}

#[test]
fn who_may_not_see_the_reports_is_refused() {
    let key = Identity::generate();
    let world = world(&key);
    world.accredit();
    let code = report(&world, "x", "");
    let late = Timestamp::from_seconds(now().seconds() - 301);
    for (issuer, secret, at, status, code) in [
        (CERTIFIER, certifier_key(), now(), 403, "not_an_accreditor"),
        (ACCREDITOR, certifier_key(), now(), 403, "unknown_key"),
        ("did:web:stranger.example", certifier_key(), now(), 403, "unknown_issuer"),
        (ACCREDITOR, accreditor_key(), late, 403, "stale_request"),
    ] {
        let answer = ask_as(&world, issuer, &secret, at, &[], "");
        assert_eq!(refused(&answer), (status, code.into()), "{issuer}");
    }
    let elsewhere = ReportsRequest {
        asked_at: Timestamp::from_seconds(now().seconds()),
        registry: Origin::parse("other.example").unwrap(),
        ..sample::reports_request()
    };
    let jws = statement::sign(&elsewhere.to_payload(), &elsewhere.issuer, &accreditor_key()).unwrap();
    let send = |body: &str| world.send("POST /v1/reports", &[("content-type", "application/vc+jwt")], body.as_bytes());
    assert_eq!(refused(&send(&jws)), (422, "wrong_registry".into()));
    assert_eq!(refused(&send(&sign_accreditation(&world.parties.accreditation()))), (422, "another_kind".into()));
    assert_eq!(refused(&send("no statement")).0, 400);
    for (target, code) in [("?after=x", "bad_cursor"), ("?limit=101", "bad_query"), ("?limit=-1", "bad_query")] {
        assert_eq!(refused(&ask(&world, &[], target)), (400, code.into()), "{target}");
    }
    let unknown = ReportId([7; 16]).to_string();
    let own = list(&world);
    let updates = [(id(&own[0]), ReportProgress::Closed), (unknown.as_str(), ReportProgress::Closed)];
    assert_eq!(refused(&ask(&world, &updates, "")), (404, "unknown_report".into()));
    assert_eq!(status(&world, &code), "The accreditor has read it.", "nothing of a request that is refused is noted");
    let logged = world.get("/v1/statements/1");
    assert_eq!(logged.status, 404, "no request is logged");
}

#[test]
fn the_list_comes_in_pages() {
    let key = Identity::generate();
    let world = world(&key);
    (0..5).for_each(|n| drop(report(&world, &format!("report {n}"), "")));
    let (mut texts, mut after, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = ask(&world, &[], &format!("?limit=2{after}")).json();
        let reports = page["reports"].as_array().unwrap();
        texts.extend(
            reports.iter().map(|report| unseal(report["sealed"].as_str().unwrap(), &key).unwrap().text.clone()),
        );
        pages += 1;
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    texts.sort();
    assert_eq!((pages, texts), (3, (0..5).map(|n| format!("report {n}")).collect()));
}

#[test]
fn a_report_goes_to_the_accreditor_of_the_certifier_that_the_label_names() {
    let keys = [Identity::generate(), Identity::generate()];
    let other_key = SecretKey::from_seed(&[9; 32]);
    let world = World::with(|config| {
        change_trust(&config.data, |trust| {
            let registry = &mut trust.registries[0];
            let key =
                AccreditorKey { key: primitives::Signer::public_key(&other_key), first_index: 0, last_index: None };
            let another = Accreditor { did: did(OTHER), name: "Another".into(), threshold: 1, keys: vec![key] };
            registry.policy.accreditors.push(another);
            registry.reports =
                BTreeMap::from([(did(ACCREDITOR), recipient(&keys[0])), (did(OTHER), recipient(&keys[1]))]);
        });
        config.limits.reports.form_shortest = Duration::ZERO;
    });
    world.accredit();
    let index = world.attest(0);
    let label = world.parties.label(index, 17).to_uri();
    let serial = format!("{index}-17");
    let foreign = label.replace("REGISTRY.EXAMPLE", "OTHER.EXAMPLE").replace("registry.example", "other.example");
    let recipients = |target: &str| between(&form(&world, target), "data-recipients=\"", "\"").split(' ').count();
    for known in [label.as_str(), &serial] {
        assert_eq!(recipients(&format!("/report?label={}", query(known))), 1, "{known}");
        report(&world, known, known);
    }
    for unknown in ["", "17", "99-17", "rubbish", &foreign] {
        assert_eq!(recipients(&format!("/report?label={}", query(unknown))), 2, "{unknown}");
    }
    report(&world, "for both", "99-17");
    // A device seals to whom its page named; the token holds it to that.
    let one = token_in(&form(&world, &format!("/report?label={serial}")));
    let to_both = seal(&padded("x"), &[&keys[0], &keys[1]]);
    assert_eq!(refused(&post(&world, &[("sealed", &to_both), ("token", &one)])), (422, "bad_sealed_report".into()));
    receipt(&post(&world, &[("sealed", &seal(&padded("sealed"), &[&keys[0]])), ("token", &one)]));
    let theirs = ask_as(&world, OTHER, &other_key, now(), &[], "").json()["reports"].clone();
    let theirs = theirs.as_array().unwrap();
    assert_eq!((list(&world).len(), theirs.len()), (4, 1));
    assert_eq!(unseal(theirs[0]["sealed"].as_str().unwrap(), &keys[1]).unwrap().text, "for both");
    let mine = list(&world);
    let only_mine = mine.iter().find(|report| id(report) != id(&theirs[0])).unwrap();
    let answer = ask_as(&world, OTHER, &other_key, now(), &[(id(only_mine), ReportProgress::Closed)], "");
    assert_eq!(refused(&answer), (404, "unknown_report".into()), "nobody closes another's");
    let answer = ask_as(&world, OTHER, &other_key, now(), &[(id(&theirs[0]), ReportProgress::Closed)], "");
    assert_eq!((answer.status, list(&world).len()), (200, 4), "what one has closed the other still has");
}

#[test]
fn the_form_names_the_hotlines_that_accreditations_name_and_no_others() {
    let key = Identity::generate();
    let world = world(&key);
    assert!(!form(&world, "/report").contains("Contacts that the accreditor names"));
    let hotline = |country_code: &str, language: &str, contact: &str| Hotline {
        country: country(country_code),
        language: language.into(),
        contact: contact.into(),
    };
    let hotlines = vec![
        hotline("NP", "ne", "+977 1 5550100"),
        hotline("IN", "hi", "<i>1098</i>"),
        hotline("NP", "ne", "help@audit.example"),
    ];
    let accreditation = Accreditation { hotlines, ..world.parties.accreditation() };
    assert_eq!(world.post(&sign_accreditation(&accreditation)).status, 201);
    let page = form(&world, "/report");
    assert!(
        page.contains("Nepal (नेपाली)") && page.contains("help@audit.example") && !page.contains("<i>1098"),
        "{page}"
    );
}
