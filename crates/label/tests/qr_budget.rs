//! The QR budget of the format: what is printed on goods must stay small enough to be woven, etched and photographed.

use label::Label;
use primitives::{Day, SecretKey};
use qrcode::types::Mode;
use qrcode::{EcLevel, QrCode, Version};
use statement::{Claims, Gtin, Lot, Origin, Serial};

fn label(origin: &str, lot: &str, serial: &str, index: u64) -> String {
    Label::sign(
        Origin::parse(origin).expect("the sample fits the format"),
        Some(Gtin::parse("09521234543213").expect("the sample fits the format")),
        Lot::parse(lot).expect("the sample fits the format"),
        Serial::parse(serial).expect("the sample fits the format"),
        Claims::ALL,
        index,
        Day::parse("2027-12-31").expect("the sample fits the format"),
        &SecretKey::from_seed(&[1; 32]),
    )
    .expect("the sample fits the format")
    .to_uri()
}

/// Whether the encoder's segments never fall back to bytes, which take 8 bits a character instead of 5½.
fn is_alphanumeric(url: &str) -> bool {
    qrcode::optimize::Parser::new(url.as_bytes())
        .optimize(Version::Normal(8))
        .all(|segment| matches!(segment.mode, Mode::Alphanumeric | Mode::Numeric))
}

fn version(url: &str) -> Version {
    QrCode::with_error_correction_level(url, EcLevel::M).expect("the sample fits the format").version()
}

#[test]
fn the_budget_fits_version_8_at_level_m() {
    let (host, lot, serial, index) = ("registry-of.example1", "KTM-2026", "268435455-999999", (1 << 28) - 1);
    assert_eq!((host.len(), lot.len(), serial.len()), (20, 8, 16));
    let url = label(host, lot, serial, index);
    assert!(is_alphanumeric(&url), "{url}");
    assert_eq!(version(&url), Version::Normal(8), "{} characters", url.len());
    // One alphanumeric segment for the whole of it would do as well: 221 characters fit (ISO/IEC 18004 table 7).
    assert_eq!(url.len(), 201);
}

#[test]
fn the_example_of_the_design_fits_version_8_at_level_m() {
    let url = label("registry.example", "KTM-2026", "17", 94_567);
    assert!(is_alphanumeric(&url), "{url}");
    assert!(matches!(version(&url), Version::Normal(1..=8)), "{:?}", version(&url));
}

#[test]
fn letters_of_a_lot_in_lower_case_cost_bytes_and_this_test_would_see_it() {
    assert!(!is_alphanumeric(&label("registry.example", "Ktm-2026", "17", 94_567)));
    assert!(is_alphanumeric(&label("registry.example", "KTM/2026", "17", 94_567)), "% is in the alphanumeric set");
}
