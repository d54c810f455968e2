use super::*;

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn value(cell: &Cell, kind: Kind) -> Option<Value> {
    cell.value(kind, 3).unwrap()
}

/// Code, error and hint, in a line.
fn told(cell: &Cell, kind: Kind) -> String {
    let fault = cell.value(kind, 3).unwrap_err();
    format!("{}: {} | {}", fault.code, fault.error, fault.hint.unwrap_or_default())
}

fn is_told(cell: &Cell, kind: Kind, words: &[&str]) {
    let told = told(cell, kind);
    for word in words {
        assert!(told.contains(word), "{word:?} in {told}");
    }
}

#[test]
fn a_gtin_that_lost_its_zeros_is_told_with_the_whole_one() {
    is_told(
        &text("9521234543213"),
        Kind::Gtin,
        &[
            "gtin_leading_zero: ",
            "13 digits whose check digit is right",
            "a leading zero is lost",
            "write 09521234543213",
        ],
    );
    is_told(&Cell::Number("9521234543213".into()), Kind::Gtin, &["gtin_leading_zero", "09521234543213"]);
    is_told(&Cell::Number("9.521234543213E12".into()), Kind::Gtin, &["gtin_leading_zero", "09521234543213"]);
    is_told(&text("614141999996"), Kind::Gtin, &["2 leading zeros are lost", "write 00614141999996"]);
    is_told(&text("95050003"), Kind::Gtin, &["6 leading zeros are lost"]);
    // A digit is wrong as well: nothing is offered, and the reader of lots says what it expects.
    for other in ["9521234543214", "09521234543213", "1", "gtin"] {
        assert_eq!(value(&text(other), Kind::Gtin), Some(Value::Text(other.into())));
    }
}

#[test]
fn a_rounded_number_is_told_as_what_it_is() {
    for (cell, kind) in [
        (text("9.52E+12"), Kind::Gtin),
        (text("9,52E+12"), Kind::Gtin),
        (text("1E+20"), Kind::Code),
        (text("5.7E+05"), Kind::HsCode),
        (text("1.2E+06"), Kind::Number),
        (Cell::Number("1234567890123456".into()), Kind::Code),
        (Cell::Number("9.52123454321E+18".into()), Kind::Gtin),
        (Cell::Number("1.5".into()), Kind::Number),
    ] {
        is_told(
            &cell,
            kind,
            &["mangled_number: a spreadsheet has rounded", "digits are lost", "format the column as text"],
        );
    }
    for lot in ["3E4", "E+4", "LOTE+1", "1.2.3E+4"] {
        assert_eq!(value(&text(lot), Kind::Code), Some(Value::Text(lot.into())), "{lot}");
    }
    assert_eq!(value(&Cell::Number("2026".into()), Kind::Code), Some(Value::Text("2026".into())));
    assert_eq!(value(&Cell::Number("1.0E2".into()), Kind::Number), Some(Value::Integer("100".into())));
    // In words for people it is what somebody wrote.
    assert_eq!(value(&text("Model 1E+20"), Kind::Text), Some(Value::Text("Model 1E+20".into())));
}

#[test]
fn a_day_is_read_where_it_can_be_but_one() {
    let day = |day: &str| Some(Value::Text(day.into()));
    assert_eq!(value(&text(" 2026-10-20 "), Kind::Day), day("2026-10-20"));
    assert_eq!(value(&Cell::Date("46315".into(), Some("2026-10-20".into())), Kind::Day), day("2026-10-20"));
    is_told(
        &text("03/04/2026"),
        Kind::Day,
        &["ambiguous_day: ", "is 2026-04-03 here and 2026-03-04 there", "write 2026-04-03 or 2026-03-04"],
    );
    is_told(&text("3.4.2026"), Kind::Day, &["ambiguous_day", "write 2026-04-03 or 2026-03-04"]);
    for (written, meant) in [
        ("20/10/2026", "2026-10-20"),
        ("10/20/2026", "2026-10-20"),
        ("20.10.2026", "2026-10-20"),
        ("5/5/2026", "2026-05-05"),
        ("2026/10/20", "2026-10-20"),
        ("2026.1.2", "2026-01-02"),
    ] {
        is_told(&text(written), Kind::Day, &["day_form: ", "expected YYYY-MM-DD", &format!("write {meant}")]);
    }
    is_told(&text("20/10/26"), Kind::Day, &["two digits"]);
    for cell in [text("46315"), Cell::Number("46315".into())] {
        is_told(
            &cell,
            Kind::Day,
            &["number_for_day: is the number \"46315\"", "write 2026-10-20 if that is meant", "as a date"],
        );
    }
    is_told(&Cell::Date("46315.5".into(), None), Kind::Day, &["no_day: is a time"]);
    for other in ["20 Oct 2026", "2026-02-30", "31/02/2026", "٢٠٢٦/١٠/٢٠"] {
        assert_eq!(value(&text(other), Kind::Day), day(other), "left to the reader of lots");
    }
}

#[test]
fn what_a_spreadsheet_made_a_date_or_a_formula_is_no_text() {
    let date = Cell::Date("46082".into(), Some("2026-03-01".into()));
    for kind in [Kind::Code, Kind::Gtin, Kind::Text, Kind::HsCode, Kind::Number] {
        is_told(&date, kind, &["made_a_date: ", "2026-03-01", "format the column as text"]);
    }
    for kind in [Kind::Code, Kind::Day, Kind::Text, Kind::Claims] {
        is_told(&Cell::Formula, kind, &["formula: is a formula", "paste them as values"]);
    }
    is_told(&Cell::NotText("K\u{fffd}LN".into()), Kind::Text, &["not_utf8: ", "save it as CSV UTF-8"]);
    // What only looks like a formula, a command or markup is text like any other.
    for harmless in ["=HYPERLINK(\"https://evil.example\")", "^XZ", "<script>", "@SUM(A1)", "-12"] {
        assert_eq!(value(&text(harmless), Kind::Text), Some(Value::Text(harmless.into())));
    }
}

#[test]
fn codes_that_lost_a_zero_and_names_for_codes_are_told_with_what_was_meant() {
    is_told(&text("90111"), Kind::HsCode, &["hs_leading_zero", "write 090111 if that is meant"]);
    is_told(&Cell::Number("901".into()), Kind::HsCode, &["hs_leading_zero", "write 0901"]);
    is_told(
        &Cell::Number("5701.1".into()),
        Kind::HsCode,
        &["took the dot of a code for a decimal point", "without dots"],
    );
    assert_eq!(value(&Cell::Number("570110".into()), Kind::HsCode), Some(Value::Text("570110".into())));
    for (written, meant) in
        [("Nepal", "NP"), ("NPL", "NP"), ("npl", "NP"), ("Viet Nam", "VN"), ("Iran", "IR"), ("India", "IN")]
    {
        is_told(&text(written), Kind::Country, &["country_name", &format!("write {meant} for ")]);
    }
    for other in ["NP", "np", "N1", "Nowhereland", "Ind"] {
        // "Ind" is a code of three letters.
        match other {
            "Ind" => is_told(&text(other), Kind::Country, &["write IN"]),
            _ => assert_eq!(value(&text(other), Kind::Country), Some(Value::Text(other.into()))),
        }
    }
}

#[test]
fn numbers_claims_and_yes_are_read_as_people_write_them() {
    for (cell, digits) in
        [(text("100"), "100"), (text("0100"), "100"), (text("0"), "0"), (Cell::Number("100.0".into()), "100")]
    {
        assert_eq!(value(&cell, Kind::Number), Some(Value::Integer(digits.into())));
    }
    for separated in ["1,200", "1.200", "1 200", "-3", "+3", "1200 pcs", "٣"] {
        is_told(&text(separated), Kind::Number, &["number_form", "write 1200"]);
    }
    let Some(Value::List(claims)) = value(&text("No child labour; no_forced_labour"), Kind::Claims) else { panic!() };
    let claims: Vec<&Value> = claims.iter().map(|claim| &claim.value).collect();
    assert_eq!(claims, [&Value::Text("no-child-labour".into()), &Value::Text("no-forced-labour".into())]);
    for (text_, yes) in [("yes", true), ("TRUE", true), ("1", true), ("no", false), ("False", false), ("0", false)] {
        assert_eq!(value(&text(text_), Kind::Boolean), Some(Value::Boolean(yes)));
    }
    is_told(&text("perhaps"), Kind::Boolean, &["yes_or_no"]);
    for kind in [Kind::Text, Kind::Day, Kind::Number, Kind::Claims, Kind::Boolean] {
        assert_eq!((value(&Cell::Empty, kind), value(&text("  "), kind)), (None, None));
    }
}
