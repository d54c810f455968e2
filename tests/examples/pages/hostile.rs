//! Texts that would break a page which lets them, in every field of a statement that reaches one.

use serde::Serialize;
use statement::{Attestation, Facility, Gtin, MAX_REGION, Maker, Scheme};

use crate::cast::Certifier;
use crate::site::{Page, Site, path, query, verify_path};

/// What became of a text in a field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tried {
    name: &'static str,
    field: &'static str,
    text: String,
    may_stand: bool,
    refused: Option<String>,
}

/// A lot that is a tag and an attribute's end: GS1's CSET 82 has all the characters for it.
const LOT: &str = r#""><b/id='x'>&lt;"#;
/// A product of their own, so that the other one's page stays readable.
const GTIN: &str = "04006381333931";
/// Longest name of a party, product or scheme, in characters.
const MAX_NAME: usize = 200;

/// Texts that may stand in a statement, so that the pages have to bear them.
fn standing() -> Vec<(&'static str, String)> {
    vec![
        ("script", "<script>window.hacked=1;alert(1)</script>".into()),
        ("handlers", r#""><img src=x onerror="window.hacked=1" onload='window.hacked=1'> ' onfocus=window.hacked=1 autofocus x='"#.into()),
        ("style", "</style></title></textarea><script>window.hacked=1</script><svg onload=window.hacked=1>".into()),
        ("closing", "--></bdi></dd></dl></section></main><h1 class=verified>Genuine</h1><!--".into()),
        ("templates", "{{ 7*7 }} {% include 'x' %} ${window.hacked=1} { $certifier } &lt;b&gt;&#60;i&#62; javascript:window.hacked=1".into()),
        ("word", "W".repeat(MAX_NAME)),
        ("wide", "\u{fdfd}".repeat(40)),
        ("emoji", "🧵🪡👩‍👧‍👦🏳️‍🌈🇳🇵✅❌".repeat(9)),
        ("zalgo", zalgo()),
        ("right-to-left", "سجاد يدوي 170 x 240 סמ (A-1) — نيبال <b>".into()),
        ("scripts", "नेपाली বাংলা தமிழ் සිංහල ខ្មែរ မြန်မာ ᠮᠣᠩᠭᠣᠯ 日本語 한국어 ไทย አማርኛ ქართული ﷽".into()),
        ("blanks", "a\u{a0}\u{3000}\u{2003}\u{3164}\u{115f}\u{2800}\u{34f}b\u{200d}\u{200c}".into()),
        ("quotes", "\"'`´«»‹›„“\\ & &amp; < > = / ; \u{fffd}".into()),
    ]
}

/// Texts that the registry refuses wherever they stand.
fn refused() -> Vec<(&'static str, String)> {
    [
        ("right-to-left override", "Carpet \u{202e}eniuneg"),
        ("isolate", "Carpet \u{2067}abc\u{2069}"),
        ("mark", "Carpet\u{200f}"),
        ("zero-width space", "Car\u{200b}pet"),
        ("byte order mark", "\u{feff}Carpet"),
        ("soft hyphen", "Car\u{ad}pet"),
        ("NUL", "Carpet\0"),
        ("escape", "Carpet \u{1b}[31m"),
        ("C1 control", "Carpet \u{9b}31m"),
        ("line feed", "Carpet\nGenuine"),
        ("paragraph separator", "Carpet\u{2029}Genuine"),
        ("tags", "Carpet\u{e0067}\u{e007f}"),
        ("noncharacter", "Carpet\u{ffff}"),
        ("nothing", ""),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into()
}

/// Letters under more marks than any language needs.
fn zalgo() -> String {
    let marks: String = ('\u{300}'..='\u{315}').chain('\u{316}'..='\u{333}').collect();
    ["C", "a", "r"].map(|letter| format!("{letter}{marks}")).concat()
}

/// As much of the text as a region may have.
fn region(text: &str) -> String {
    text.chars().take(MAX_REGION).collect::<String>().trim().to_owned()
}

/// Tries every text in every field; gives what became of each, and the pages with those that were let in.
pub(crate) fn pages(site: &Site) -> (Vec<Tried>, Vec<Page>) {
    let plain = Certifier::new(site, "plain.example", "Plain Audit", 99);
    plain.accredit();
    let (mut tried, mut pages) = (Vec::new(), Vec::new());
    let mut slot = 0;
    for (name, text) in refused() {
        let mut note =
            |field, refused| tried.push(Tried { name, field, text: text.clone(), may_stand: false, refused });
        let named = Certifier::new(site, &format!("refused-{slot}.example"), &text, 98);
        note("certifier", site.send(&named.signed_accreditation()).err());
        for (field, attestation) in fields(&plain.attestation(0, "L"), &text) {
            slot += 1;
            let attestation = Attestation { slot: statement::StatusSlot { list: 1, index: slot }, ..attestation };
            note(field, site.send(&plain.sign(&attestation)).err());
        }
    }
    for (seed, (name, text)) in (100..).zip(standing()) {
        let mut note = |field, refused| tried.push(Tried { name, field, text: text.clone(), may_stand: true, refused });
        let certifier = Certifier::new(site, &format!("hostile-{seed}.example"), &text, seed);
        note("certifier", site.send(&certifier.signed_accreditation()).err());
        let gtin = Some(Gtin::parse(GTIN).expect("a GTIN"));
        let plain = Attestation { gtin, ..certifier.attestation(0, LOT) };
        let attestation = fields(&plain, &text).into_iter().fold(plain, |all, (field, one)| merged(all, field, one));
        let sent = site.send(&certifier.sign(&attestation));
        note("all", sent.as_ref().err().cloned());
        let Ok(index) = sent else { continue };
        let shows = vec![text.clone(), region(&text), LOT.to_owned()];
        let page =
            |kind: &str, path: String| Page { hostile: true, ..Page::new(&format!("hostile-{kind}-{name}"), path) };
        let label = certifier.label(&attestation, index, 1);
        pages.push(Page { outcome: Some("verified"), shows, ..page("verdict", path(&label)) });
        pages.push(Page { shows: vec![text.clone()], ..page("certifier", format!("/certifiers/{}", certifier.did)) });
        let code = label::ShortCode { index, number: 1 }.to_string();
        pages.push(Page { shows: vec![text.clone()], ..page("code", format!("/code?code={}", query(&code))) });
        pages.push(Page { outcome: Some("refused"), ..page("typed", verify_path(&text)) });
        pages.push(page("typed-code", format!("/code?code={}", query(&text))));
    }
    let lot = label::percent::encode(LOT.as_bytes(), label::percent::Place::Path);
    let texts: Vec<String> = standing().into_iter().map(|(_, text)| text).collect();
    for (name, path) in [("hostile-product", format!("/01/{GTIN}")), ("hostile-lot", format!("/01/{GTIN}/10/{lot}"))] {
        pages.push(Page { hostile: true, shows: texts.clone(), ..Page::new(name, path) });
    }
    (tried, pages)
}

/// The attestation with the text in one of its fields, for each of them.
fn fields(of: &Attestation, text: &str) -> Vec<(&'static str, Attestation)> {
    let maker = Maker::Named { id: "did:web:maker.example".into(), name: text.to_owned() };
    let facility = Facility { region: region(text), ..of.facility.clone() };
    let scheme = Scheme { name: text.to_owned(), ..of.scheme.clone() };
    vec![
        ("product", Attestation { product_name: text.to_owned(), ..of.clone() }),
        ("maker", Attestation { maker, ..of.clone() }),
        ("region", Attestation { facility, ..of.clone() }),
        ("scheme", Attestation { scheme, ..of.clone() }),
        ("issuer", Attestation { issuer_name: text.to_owned(), ..of.clone() }),
    ]
}

fn merged(all: Attestation, field: &str, one: Attestation) -> Attestation {
    match field {
        "product" => Attestation { product_name: one.product_name, ..all },
        "maker" => Attestation { maker: one.maker, ..all },
        "region" => Attestation { facility: one.facility, ..all },
        "scheme" => Attestation { scheme: one.scheme, ..all },
        _ => Attestation { issuer_name: one.issuer_name, ..all },
    }
}
