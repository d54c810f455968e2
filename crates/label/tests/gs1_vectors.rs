//! GS1's own Digital Link vectors (gs1-syntax-engine, Apache-2.0), read from the shared data folder.
//!
//! Run: every vector whose primary key is SSCC, GTIN or GLN, and every one that must be refused before a key is found.
//! Left out, by name and count: vectors whose primary key this reader does not know.

use label::digital_link::{DigitalLink, DigitalLinkError, Options};
use label::percent::{self, Place};
use serde_json::Value;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gs1/dl_vectors.json");

/// Primary keys of vectors that are left out.
const OTHER_KEYS: [&str; 6] = ["253", "401", "8004", "8010", "8017", "8018"];

fn vectors(test: &str) -> Option<Value> {
    match std::fs::read(VECTORS) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).expect("the vectors are JSON")),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{VECTORS}: {error}"),
        Err(_) => {
            println!("left out: {test}: no shared/data");
            None
        }
    }
}

/// The options that a vector sets; a name that is not known here fails, so that none is passed over.
fn options(vector: &Value) -> Options {
    let mut options = Options::default();
    for (name, value) in vector["options"].as_object().into_iter().flatten() {
        let on = value.as_bool().expect("options are booleans");
        match name.as_str() {
            "permitConvenienceAlphas" => options.permit_convenience_alphas = on,
            "permitZeroSuppressedGTIN" => options.permit_zero_suppressed_gtin = on,
            "permitUnknownAIs" => options.permit_unknown_ais = on,
            "unknownAInotDLattr" => options.unknown_ais_are_attributes = !on,
            other => panic!("option {other} is not known to this test"),
        }
    }
    options
}

#[test]
fn uris_are_read_as_gs1_reads_them() {
    let Some(vectors) = vectors("uris_are_read_as_gs1_reads_them") else { return };
    let (mut valid, mut invalid, mut left_out) = (0, 0, 0);
    for (number, vector) in vectors["parse_dl_uri"].as_array().unwrap().iter().enumerate() {
        let uri = vector["uri"].as_str().unwrap();
        if let Some(key) = OTHER_KEYS.iter().find(|key| uri.contains(&format!("/{key}/"))) {
            println!("left out: parse {number} {uri}: primary key {key} is not read");
            left_out += 1;
            continue;
        }
        let link = DigitalLink::parse(uri, &options(vector));
        if vector["valid"].as_bool().unwrap() {
            let link = link.unwrap_or_else(|error| panic!("parse {number} {uri}: {error}"));
            assert_eq!(link.element_string(), vector["ai"].as_str().unwrap(), "parse {number} {uri}");
            println!("ran: parse {number} {uri}: {}", link.element_string());
            valid += 1;
        } else {
            let code = link.as_ref().map_err(DigitalLinkError::code).expect_err(uri);
            assert_eq!(code, expected_reason(number), "parse {number} {uri}");
            println!("ran: parse {number} {uri}: refused, {code}");
            invalid += 1;
        }
    }
    println!("parse: {valid} valid and {invalid} invalid run, {left_out} left out");
    assert_eq!((valid, invalid, left_out), (65, 42, 11));
}

/// The vectors say only "invalid"; the reason is ours.
fn expected_reason(number: usize) -> &'static str {
    match number {
        0 | 1 | 12 => "scheme",
        104 => "belongs_in_path",
        2 | 4 => "no_path",
        3 => "no_host",
        23..=25 => "bad_host",
        26..=32 => "illegal_character",
        43 | 45 | 47 => "value_length",
        64 | 116 => "value_empty",
        65 | 110 => "unknown_ai",
        78 | 114 | 115 => "value_charset",
        106..=108 => "duplicate_ai",
        111 => "not_an_attribute",
        117 => "bad_sequence",
        _ => "no_primary_key",
    }
}

#[test]
fn uris_are_written_as_gs1_writes_them() {
    let Some(vectors) = vectors("uris_are_written_as_gs1_writes_them") else { return };
    let (mut run, mut left_out) = (0, 0);
    for (number, vector) in vectors["generate_dl_uri"].as_array().unwrap().iter().enumerate() {
        let text = vector["ai"].as_str().unwrap();
        let pairs = bracketed(text);
        let first_key = pairs.iter().find(|(ai, _)| OTHER_KEYS.contains(ai) || ["00", "01", "414"].contains(ai));
        if let Some((key, _)) = first_key.filter(|(ai, _)| OTHER_KEYS.contains(ai)) {
            println!("left out: generate {number} {text}: primary key {key} is not read");
            left_out += 1;
            continue;
        }
        // 18 and 19 are the same AIs, refused and then allowed: the file does not carry the options that GS1's test sets.
        let lenient = number == 19;
        let options =
            Options { permit_unknown_ais: lenient, unknown_ais_are_attributes: lenient, ..Options::default() };
        let link = DigitalLink::from_elements(vector["stem"].as_str(), &pairs, &options);
        if vector["valid"].as_bool().unwrap() {
            let link = link.unwrap_or_else(|error| panic!("generate {number} {text}: {error}"));
            assert_eq!(link.to_uri(), vector["uri"].as_str().unwrap(), "generate {number} {text}");
        } else {
            let reason = match number {
                5 => "no_primary_key",
                18 => "unknown_ai",
                _ => "not_an_attribute",
            };
            assert_eq!(link.unwrap_err().code(), reason, "generate {number} {text}");
        }
        println!("ran: generate {number} {text}");
        run += 1;
    }
    println!("generate: {run} run, {left_out} left out");
    assert_eq!((run, left_out), (17, 5));
}

/// `(01)…(21)…`: no value of the vectors has a bracket.
fn bracketed(text: &str) -> Vec<(&str, &str)> {
    text.split('(').skip(1).map(|pair| pair.split_once(')').expect("brackets pair")).collect()
}

#[test]
fn values_are_escaped_as_gs1_escapes_them() {
    let Some(vectors) = vectors("values_are_escaped_as_gs1_escapes_them") else { return };
    let rows = vectors["uri_escape"].as_array().unwrap();
    for vector in rows {
        let raw = vector["raw"].as_str().unwrap().as_bytes();
        assert_eq!(percent::encode(raw, Place::Path), vector["path"].as_str().unwrap());
        assert_eq!(percent::encode(raw, Place::Query), vector["query"].as_str().unwrap());
    }
    println!("escape: {} run, 0 left out", rows.len());
    assert_eq!(rows.len(), 10);
}

/// GS1's engine passes a percent sign that escapes nothing through as itself; here it is refused, and that is asserted.
#[test]
fn values_are_unescaped_as_gs1_unescapes_them_where_they_are_well_formed() {
    let Some(vectors) = vectors("values_are_unescaped_as_gs1_unescapes_them_where_they_are_well_formed") else {
        return;
    };
    let (mut run, mut stricter) = (0, 0);
    for vector in vectors["uri_unescape"].as_array().unwrap() {
        let raw = vector["raw"].as_str().unwrap();
        if vector["path"].as_str().unwrap().contains('%') {
            assert!(percent::decode(raw, Place::Path).is_err() && percent::decode(raw, Place::Query).is_err(), "{raw}");
            println!("left out: unescape {raw}: not well formed, refused here");
            stricter += 1;
            continue;
        }
        for (place, name) in [(Place::Path, "path"), (Place::Query, "query")] {
            // The file writes decoded bytes as characters of Latin-1.
            let expected: Vec<u8> = vector[name].as_str().unwrap().chars().map(|c| u8::try_from(c).unwrap()).collect();
            assert_eq!(percent::decode(raw, place).unwrap(), expected, "{raw}");
        }
        run += 1;
    }
    println!("unescape: {run} run, {stricter} left out");
    assert_eq!((run, stricter), (15, 6));
}
