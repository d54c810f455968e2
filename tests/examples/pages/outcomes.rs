//! The pages that people look for, and a label of each outcome.

use label::ShortCode;
use statement::sample::country;
use statement::{Action, Attestation, Claims, Facility, HsCode, Lot, Maker, Origin, Reason};

use crate::cast::{Certifier, in_days};
use crate::site::{Page, Site, path, query, verify_path};

/// Pages that need nothing in the log.
pub(crate) fn guides() -> Vec<Page> {
    [
        ("home", "/"),
        ("scan", "/scan"),
        ("meaning", "/meaning"),
        ("check", "/check"),
        ("log", "/log"),
        ("report", "/report"),
        ("report-about", "/report?label=HTTPS%3A%2F%2FREGISTRY.EXAMPLE%2FABC"),
        ("report-status", "/report/status"),
        ("wrong-code", "/code?code=nothing"),
        ("product-unknown", "/01/05901234123457"),
        ("not-found", "/nothing/here"),
    ]
    .map(|(name, path)| Page::new(name, path))
    .into()
}

/// Attests what the pages show; gives the short code of a label, and the pages.
pub(crate) fn pages(site: &Site) -> (serde_json::Value, Vec<Page>) {
    let himal = Certifier::new(site, "himal.example", "Himal Social Audit", 11);
    let lost = Certifier::new(site, "lost.example", "Lost Keys Audit", 12);
    himal.accredit();
    lost.accredit();

    let carpet = Attestation {
        product_name: "Hand-knotted wool carpet, 170 x 240 cm".into(),
        ..himal.attestation(0, "KTM-2026")
    };
    let shawl = Attestation {
        gtin: None,
        product_name: "Woven shawl".into(),
        maker: Maker::withheld(&[7; 32], "Kept Private Weavers"),
        facility: Facility { country: country("IN"), region: "Kashmir".into(), ..carpet.facility.clone() },
        country: country("IN"),
        hs_code: HsCode::parse("581099").expect("an HS code"),
        claims: Claims::ALL,
        labels: 1_250_000,
        ..himal.attestation(1, "SRN-7")
    };
    let football = Attestation {
        product_name: "Embroidered jacket".into(),
        facility: Facility { country: country("PK"), region: "Punjab".into(), ..carpet.facility.clone() },
        country: country("PK"),
        hs_code: HsCode::parse("620293").expect("an HS code"),
        claims: Claims::NO_FORCED_LABOUR,
        ..himal.attestation(2, "SKT-11")
    };
    let [carpet_at, shawl_at, football_at] = [&carpet, &shawl, &football].map(|each| himal.attest(each));
    let withdrawn = himal.attestation(3, "KTM-2024");
    let suspended = himal.attestation(4, "KTM-2025");
    let [withdrawn_at, suspended_at] = [&withdrawn, &suspended].map(|each| himal.attest(each));
    himal.change(Action::Withdraw, withdrawn_at, Reason::ChildFoundAtWork);
    himal.change(Action::Suspend, suspended_at, Reason::AuditRefused);
    // What the certifier's picture shows.
    for slot in 5..30 {
        himal.attest(&himal.attestation(slot, &format!("L{slot}")));
    }
    let exposed = lost.attestation(0, "KTM-2023");
    let exposed_at = lost.attest(&exposed);
    lost.lose_key(13);

    let good = himal.label(&carpet, carpet_at, 17);
    let elsewhere = Attestation { registry: Origin::parse("registry.example").expect("an origin"), ..carpet.clone() };
    let other_lot = Attestation { lot: Lot::parse("KTM-2027").expect("a lot"), ..carpet.clone() };
    let more_claims = Attestation { claims: Claims::ALL, ..carpet.clone() };
    let verdict = |name: &str, label: &str, outcome: &'static str| {
        let path =
            if label.contains("REGISTRY.EXAMPLE") || !label.contains("://") { verify_path(label) } else { path(label) };
        Page { outcome: Some(outcome), ..Page::new(name, path) }
    };
    let code = ShortCode { index: carpet_at, number: 17 }.to_string();
    let pages = vec![
        verdict("verified", &good, "verified"),
        verdict("verified-without-gtin", &himal.label(&shawl, shawl_at, 1_249_999), "verified"),
        verdict("verified-forced", &himal.label(&football, football_at, 100), "verified"),
        verdict("caution", &lost.label(&exposed, exposed_at, 3), "caution"),
        verdict("refused", &himal.label(&withdrawn, withdrawn_at, 5), "refused"),
        verdict("refused-suspended", &himal.label(&suspended, suspended_at, 5), "refused"),
        verdict("refused-expired", &himal.label_until(&carpet, carpet_at, 18, in_days(-1)), "refused"),
        verdict("refused-forged", &good.replace("-17", "-19"), "refused"),
        verdict("refused-product", &himal.label(&other_lot, carpet_at, 17), "refused"),
        verdict("refused-claims", &himal.label(&more_claims, carpet_at, 17), "refused"),
        verdict("refused-serial", &himal.label(&carpet, carpet_at, 101), "refused"),
        verdict("refused-unknown", &himal.label(&carpet, 9_999, 1), "refused"),
        verdict("refused-foreign", &himal.label(&elsewhere, carpet_at, 17), "refused"),
        verdict("refused-malformed", "hello", "refused"),
        verdict("undecided", &later_version(&good), "undecided"),
        Page::new("certifier", format!("/certifiers/{}", himal.did)),
        Page::new("certifier-lost", format!("/certifiers/{}", lost.did)),
        Page::new("product", "/01/09521234543213"),
        Page::new("lot", "/01/09521234543213/10/KTM-2024"),
        Page::new("lot-without-gtin", "/10/SRN-7"),
        Page::new("code", format!("/code?code={}", query(&code))),
        Page::new("code-unknown", format!("/code?code={}", query(&ShortCode { index: 9_999, number: 1 }.to_string()))),
    ];
    (serde_json::json!({ "code": code, "product": carpet.product_name, "label": good }), pages)
}

/// The label as a later version of the format would begin: byte 2 in the place of byte 1.
fn later_version(label: &str) -> String {
    let later = label.replacen("/AE", "/AI", 1);
    assert_ne!(later, label, "the blob begins with its version");
    later
}
