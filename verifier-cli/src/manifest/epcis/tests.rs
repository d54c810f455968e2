use crate::manifest::tests::{LABEL, read};

fn document(events: &str) -> String {
    let text = format!(
        r#"{{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",{{"x":[1,2]}}],
            "type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-02T03:04:05Z",
            "epcisBody":{{"eventList":[{events}]}}}}"#
    );
    text.replace("LABEL", LABEL)
}

const EVENTS: &str = r#"
    {"type":"ObjectEvent","eventTime":"2026-01-02T03:04:05Z","action":"OBSERVE","epcList":["LABEL"," LABEL "],
     "quantityList":[{"epcClass":"https://id.gs1.org/01/09521234543213/10/KTM","quantity":200,"x":{"y":[]}},
                     {"epcClass":"urn:epc:class:lgtin:9521234.054321.KTM","quantity":12.0,"uom":"KGM"}]},
    {"type":"AggregationEvent","parentID":"https://id.gs1.org/00/106141412345678908","childEPCs":["LABEL"],
     "childQuantityList":[{"epcClass":"https://registry.example/10/A","quantity":"7"}]},
    {"type":"TransformationEvent","inputEPCList":["LABEL"],"inputQuantityList":[{"epcClass":"x"}],
     "outputEPCList":["LABEL"],"outputQuantityList":[]}"#;

const LINES: [&str; 7] = [
    "m: event 1, epcList 1 label LABEL",
    "m: event 1, epcList 2 label LABEL",
    "m: event 1, quantityList 1 quantity 09521234543213 KTM 200 C62",
    "m: event 1, quantityList 2 quantity 09521234543213 KTM 12 KGM",
    "m: event 2, childEPCs 1 label LABEL",
    "m: event 2, childQuantityList 1 quantity  A 7 C62",
    "m: event 3, outputEPCList 1 label LABEL",
];

#[test]
fn every_list_of_what_is_in_the_shipment_is_read() {
    assert_eq!(read(document(EVENTS)), (LINES.map(str::to_owned).to_vec(), ""));
    assert_eq!(read(format!("\u{feff}{}\n", document(EVENTS))).0, LINES);
}

#[test]
fn arrays_single_events_and_answers_to_queries_are_read() {
    assert_eq!(read(format!("[{EVENTS}]").replace("LABEL", LABEL)).0, LINES);
    let one = format!(r#"{{"epcList":["{LABEL}"]}}"#);
    assert_eq!(read(one.clone()).0, ["m: event 1, epcList 1 label LABEL"]);
    let answer = format!(r#"{{"epcisBody":{{"queryResults":{{"resultsBody":{{"eventList":[{one}]}}}}}}}}"#);
    assert_eq!(read(answer).0, ["m: event 1, epcList 1 label LABEL"]);
    let single = format!(r#"{{"epcisBody":{{"event":{one}}}}}"#);
    assert_eq!(read(single).0, ["m: event 1, epcList 1 label LABEL"]);
}

#[test]
fn what_names_no_goods_or_no_number_is_a_fault_of_its_own() {
    let class = |rest: &str| format!(r#"{{"epcClass":"https://id.gs1.org/01/09521234543213/10/A"{rest}}}"#);
    let quantities = [
        class(""),
        class(r#","quantity":2.5,"uom":"KGM""#),
        class(r#","quantity":-1"#),
        class(r#","quantity":1e300"#),
        class(r#","quantity":1,"uom":"XYZ""#),
        r#"{"epcClass":"https://id.gs1.org/01/09521234543213","quantity":1}"#.to_owned(),
    ];
    let event = format!(
        r#"{{"epcList":["urn:epc:id:sgtin:9521234.054321.17","urn:epc:id:sscc:0614141.1234567890",
            "https://id.gs1.org/00/106141412345678908","","LABEL"],"quantityList":[{}]}}"#,
        quantities.join(",")
    );
    let (lines, error) = read(document(&event));
    let codes: Vec<&str> = lines.iter().filter_map(|line| line.split(' ').nth(5)).collect();
    assert_eq!(
        codes,
        [
            "epc_urn",
            "logistic_unit",
            "logistic_unit",
            "label_missing",
            "label",
            "quantity_invalid",
            "quantity_invalid",
            "quantity_invalid",
            "quantity_invalid",
            "unit_invalid",
            "lot_missing"
        ]
    );
    assert_eq!(error, "");
}

#[test]
fn other_json_is_not_an_epcis_document() {
    for other in [r#"{"labels":["x"]}"#, r#"["https://x/"]"#, r#"{"a":{"b":1}}"#, "[1]", "{}"] {
        assert_eq!(read(other).1, "not_epcis", "{other}");
    }
}

#[test]
fn what_is_read_before_a_document_breaks_stays_read() {
    let whole = document(EVENTS);
    let at = whole.find("childEPCs").unwrap();
    let (lines, error) = read(whole.get(..at).unwrap());
    assert_eq!((lines.as_slice(), error), (LINES.map(str::to_owned).get(..4).unwrap(), "json_invalid"));
    assert_eq!(read(format!("{whole} x")).1, "json_invalid", "something behind the document");
    assert_eq!(read(document(r#"{"epcList":"LABEL"}"#)).1, "json_invalid", "no list");
    assert_eq!(read(document(r#"{"epcList":[7]}"#)).1, "json_invalid");
}

#[test]
fn nesting_and_strings_without_end_are_refused() {
    let deep = document(&format!(r#"{{"x":{}"#, "[".repeat(1 << 20)));
    assert_eq!(read(deep).1, "json_too_deep");
    let long = document(&format!(r#"{{"x":"{}"#, "a".repeat(1 << 20)));
    assert_eq!(read(long).1, "json_string_too_long");
    let name = document(&format!(r#"{{"{}"#, "a".repeat(1 << 20)));
    assert_eq!(read(name).1, "json_string_too_long");
}

#[test]
fn torn_anywhere_it_is_an_error_and_never_a_panic() {
    let whole = document(EVENTS);
    for end in (0..whole.len()).step_by(7).filter(|end| whole.is_char_boundary(*end)) {
        let (lines, error) = read(whole.get(..end).unwrap());
        assert_ne!(error, "", "{end}");
        assert!(lines.iter().zip(LINES).all(|(line, expected)| line == expected));
    }
}
