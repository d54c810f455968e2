//! The address in a label's code: the page that a phone opens.

use std::time::Duration;

use primitives::{SecretKey, Signer as _, Timestamp};
use statement::{Accreditation, Action, Compromised};

use crate::parties::{certifier_key, now, sign_accreditation, sign_attestation, sign_change_with};
use crate::wire::{self, Answer};
use crate::world::{ORIGIN, World, path, query, shared};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn scan(world: &World, label: &str) -> Answer {
    world.get_as(path(label), BROWSER)
}

#[test]
fn the_four_outcomes_differ_in_word_colour_and_shape() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let mut seen = std::collections::BTreeSet::new();
    let genuine = scan(&world, &label);
    // The key is stolen from the next second on: what was attested before stands, but anybody may have printed its labels.
    let since = Timestamp::from_seconds(now().seconds() + 1);
    std::thread::sleep(Duration::from_millis(1100));
    let accreditation = Accreditation {
        keys: vec![SecretKey::from_seed(&[3; 32]).public_key()],
        compromised: vec![Compromised { key: certifier_key().public_key().thumbprint(), since }],
        valid_from: now().day().first_instant(),
        first_day: now().day(),
        ..world.parties.accreditation()
    };
    assert_eq!(world.post(&sign_accreditation(&accreditation)).status, 201);
    let exposed = scan(&world, &label);
    let withdrawal = world.parties.change(Action::Withdraw, 1, None);
    assert_eq!(world.post(&sign_change_with(&withdrawal, &SecretKey::from_seed(&[3; 32]))).status, 201);
    let withdrawn = scan(&world, &label);
    let unsupported = scan(&world, &label.replacen("/AE", "/A4", 1));
    for (answer, class, headline) in [
        (&genuine, "verified", "This label is genuine"),
        (&exposed, "caution", "The signature is genuine, but look closer"),
        (&withdrawn, "refused", "Do not rely on this label"),
        (&unsupported, "undecided", "We cannot judge this label now"),
    ] {
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
        let html = answer.text();
        assert!(html.contains(&format!(r#"<section class="verdict {class}""#)), "{class}: {html}");
        assert!(html.contains(&format!("<h1>{headline}</h1>")), "{headline}: {html}");
        let shape = html.split_once("<svg").unwrap().1.split_once("</svg>").unwrap().0.to_owned();
        assert!(seen.insert(shape), "{class} has a shape of its own");
    }
    assert!(!genuine.text().to_lowercase().contains("this product is"), "the page speaks of the label");
    assert!(genuine.text().contains("Compare with what you hold"));
    assert!(!withdrawn.text().contains("Compare with what you hold"));
    assert!(exposed.text().contains("Compare with what you hold"));
    let told = withdrawn.text();
    assert!(told.contains("The attestation was withdrawn for good."), "{told}");
    assert!(told.contains("Withdrawn by the certifier on"), "who did it, when and why: {told}");
}

#[test]
fn the_page_is_small_and_loads_nothing() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let answer = scan(&world, &label);
    let html = answer.text();
    // One script, of this origin, that the page does not wait for.
    let (before, after) = html.split_once(r#"<script type="module" src="/assets/check."#).unwrap();
    let html = format!("{before}{}", after.split_once("</script>").unwrap().1);
    for forbidden in ["<script", "<img", "<link", "<iframe", "src=", "url(", "@import", "style=", "onload", "http://"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let hash = primitives::Hash::of(style.as_bytes()).to_base64();
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "the policy allows exactly this style sheet");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("vary"), Some("accept, accept-language"));
    assert_eq!(answer.header("set-cookie"), None);
}

#[test]
fn the_page_is_small_in_every_language_and_says_which_it_is() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let mut largest = (0, "");
    for language in ["ar", "bn", "en", "es", "fr", "hi", "ne", "pt", "ru", "tr", "ur", "zh"] {
        let answer = world.get_as(&format!("{}?lang={language}", path(&label)), BROWSER);
        let html = answer.text();
        let direction = if ["ar", "ur"].contains(&language) { "rtl" } else { "ltr" };
        assert!(html.contains(&format!(r#"<html lang="{language}" dir="{direction}">"#)), "{html}");
        assert!(answer.header("content-language").unwrap().starts_with(language));
        assert!(html.contains(&format!("?lang={language}\"")), "links lead on in it: {html}");
        largest = largest.max((answer.size, language));
    }
    // Room for a longer host, longer names and the rest of the head.
    assert!(largest.0 <= 13 * 1024, "{} bytes in {}", largest.0, largest.1);
}

#[test]
fn names_from_outside_are_escaped() {
    let world = World::empty();
    world.accredit();
    let mut attestation = world.parties.attestation(0);
    attestation.product_name = r#"<script>alert(1)</script>"' onload=x & "#.trim().to_owned();
    attestation.facility.region = "<b>Bagmati".into();
    let answer = world.post(&sign_attestation(&attestation, &certifier_key()));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let label = world.parties.label_of(&attestation, 1, 1, &certifier_key()).to_uri();
    let pages = [
        scan(&world, &label),
        world.get_as(&format!("/01/{}", crate::parties::GTIN), BROWSER),
        world.get_as(&format!("/v1/verify?label={}", query(&label)), BROWSER),
        world.get_as(&format!("/v1/verify?label={}", query("<script>alert(1)</script>")), BROWSER),
        world.get_as("/%3Cscript%3Ealert(1)%3C/script%3E", BROWSER),
    ];
    for page in pages {
        let html = page.text();
        assert!(html.starts_with("<!doctype html>"), "{html}");
        assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
    }
    let html = scan(&world, &label);
    assert!(html.text().contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{}", html.text());
}

#[test]
fn the_form_is_chosen_by_accept_or_link_type() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    for (target, accept, media_type) in [
        ("", "*/*", "text/html; charset=utf-8"),
        ("", BROWSER, "text/html; charset=utf-8"),
        ("", "application/json", "application/json"),
        ("", "application/json;q=0.5, text/html;q=0.4", "application/json"),
        ("", "application/linkset+json", "application/linkset+json"),
        ("?linkType=linkset", BROWSER, "application/linkset+json"),
        ("?linkType=all", BROWSER, "application/linkset+json"),
        ("?linkType=gs1:pip", BROWSER, "text/html; charset=utf-8"),
        // The query is no part of a label, and what trackers append spoils none.
        ("?utm=%zz&%", BROWSER, "text/html; charset=utf-8"),
        ("?linkType=%ff", BROWSER, "text/html; charset=utf-8"),
        ("?utm_source=x", BROWSER, "text/html; charset=utf-8"),
    ] {
        let answer = world.get_as(&format!("{}{target}", path(&label)), accept);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media_type)), "{target} {accept}");
    }
    let answer = world.get_as(path(&label), "image/png");
    assert_eq!((answer.status, answer.code().as_str()), (406, "not_acceptable"));
    let json = world.get_as(path(&label), "application/json").json();
    assert_eq!(json["outcome"], "verified");
}

#[test]
fn a_head_request_gets_the_head() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let answer = world.send(&format!("HEAD {}", path(&label)), &[("accept", BROWSER)], b"");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn under_another_host_it_is_a_label_of_that_host() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let line = format!("GET {}", path(&label));
    for (host, outcome, reason) in [
        (ORIGIN, "verified", ""),
        ("REGISTRY.Example", "verified", ""),
        ("registry.example:443", "verified", ""),
        ("registry.example.", "refused", "malformed"),
        ("registry.example:8443", "refused", "foreign_origin"),
        ("registry.example.evil.example", "refused", "foreign_origin"),
        ("registry-example.example", "refused", "foreign_origin"),
        ("xn--rgistry-e1a.example", "refused", "foreign_origin"),
    ] {
        let answer = wire::send(world.server().address(), host, &line, &[("accept", "application/json")], b"");
        let verdict = answer.json();
        assert_eq!(verdict["outcome"], outcome, "{host}: {verdict}");
        assert_eq!(verdict["reasons"][0].as_str().unwrap_or_default(), reason, "{host}: {verdict}");
    }
    let address = world.server().address();
    let absolute = format!(
        "GET https://evil.example{} HTTP/1.1\r\nhost: {ORIGIN}\r\naccept: application/json\r\nconnection: close\r\n\r\n",
        path(&label)
    );
    assert_eq!(wire::raw(address, absolute.as_bytes()).json()["reasons"][0], "foreign_origin");
    let two = format!("{line} HTTP/1.1\r\nhost: {ORIGIN}\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    assert_eq!(wire::raw(address, two.as_bytes()).code(), "bad_host");
    // What is no host could be taken for a part of the label.
    for host in ["user@registry.example", "registry.example/x?", "registry.example#"] {
        assert_eq!(
            wire::send(address, host, &line, &[("accept", "application/json")], b"").code(),
            "bad_host",
            "{host}"
        );
    }
    let none = format!("{line} HTTP/1.1\r\nconnection: close\r\n\r\n");
    assert_eq!(wire::raw(address, none.as_bytes()).code(), "bad_host");
}

#[test]
fn the_path_is_read_as_it_was_sent() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let good = path(&label).to_owned();
    for (target, outcome) in [
        // One encoding of a letter is another spelling of the same value, which the label format folds.
        (good.replace("KTM-2026", "%4bTM-2026"), Some("verified")),
        (good.replace("KTM-2026", "%254bTM-2026"), Some("refused")),
        (good.replace("KTM-2026", "ktm-2026"), Some("refused")),
        (good.to_lowercase(), Some("refused")),
        (good.replace("/10/", "/%31%30/"), None),
        (good.replace("/10/", "%2f10/"), None),
        (format!("{good}/"), None),
        (good.replace("/10/", "//10/"), None),
        (good.replace("/10/", "/./10/"), None),
        (format!("/x/..{good}"), None),
        (format!("/x/%2e%2e{good}"), None),
        (good.replace("KTM-2026", "%2e%2e"), Some("refused")),
        (good.replace("KTM-2026", "%00"), Some("refused")),
        (good.replace("KTM-2026", "%ff%fe"), Some("refused")),
        (good.replace("KTM-2026", "%"), Some("refused")),
    ] {
        let answer = world.get_as(&target, "application/json");
        match outcome {
            Some(outcome) => assert_eq!(answer.json()["outcome"], outcome, "{target}"),
            None => assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{target}"),
        }
    }
}

#[test]
fn the_link_set_is_one_to_gs1_and_to_untp() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri();
    let sets = [
        world.get(&format!("{}?linkType=linkset", path(&label))),
        world.get(&format!("{}?linkType=linkset", path(&label.replace("KTM", "KTN")))),
        world.get(&format!("/01/{}/10/KTM-2026?linkType=linkset", crate::parties::GTIN)),
        world.get(&format!("/01/{}?linkType=linkset", crate::parties::GTIN)),
        world.get("/10/none?linkType=linkset"),
    ];
    let test = "the_link_set_is_one_to_gs1_and_to_untp";
    for schema in ["gs1/linkset/gs1-linkset-schema.json", "gs1/linkset/linkset-schema.json", "untp/schema/linkset.json"]
    {
        let Some(schema_text) = shared(test, schema) else { return };
        let mut parsed: serde_json::Value = serde_json::from_slice(&schema_text).unwrap();
        if schema.ends_with("/linkset-schema.json") {
            // RFC 9264 §4.2.2 lets a link context have members of its own; this schema of GS1's predates the description
            // that the other one requires.
            parsed["properties"]["linkset"]["items"]["properties"]["itemDescription"] = serde_json::json!({});
        }
        let validator = jsonschema::validator_for(&parsed).unwrap();
        for set in &sets {
            assert_eq!(set.header("content-type"), Some("application/linkset+json"));
            let json = set.json();
            let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{schema}: {errors:?}\n{json:#}");
        }
    }
    let json = sets[0].json();
    let links = &json["linkset"][0]["https://gs1.org/voc/certificationInfo"];
    assert_eq!(links.as_array().unwrap().len(), 3, "{json:#}");
    assert_eq!(json["linkset"][0]["anchor"], format!("https://{ORIGIN}{}", path(&label)));
}

#[test]
fn a_page_from_memory_has_the_links_of_who_asks() {
    let world = World::with_attestation();
    let label = world.parties.label(1, 17).to_uri().to_ascii_uppercase().replacen(
        "HTTPS://REGISTRY.EXAMPLE",
        "https://registry.example",
        1,
    );
    let by_path = path(&label).to_owned();
    let by_query = format!("/v1/verify?label={}", query(&label));
    let links = |target: &str| {
        let answer = world.get_as(target, BROWSER);
        let html = answer.text();
        let other = html.split_once("lang=\"ar\">").unwrap().0.rsplit_once("href=\"").unwrap().1.to_owned();
        (html.contains("/meaning?lang=en\""), other.contains("label="))
    };
    for _ in 0..2 {
        assert_eq!(links(&by_path), (false, false));
        assert_eq!(links(&format!("{by_path}?lang=en")), (true, false));
        assert_eq!(links(&by_query), (false, true));
        assert_eq!(links(&format!("{by_query}&lang=en")), (true, true));
    }
}
