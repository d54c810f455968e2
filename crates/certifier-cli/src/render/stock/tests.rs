use proptest::prelude::*;

use super::*;

fn mm(length: Length) -> String {
    length.to_string()
}

#[test]
fn named_stock_has_the_makers_dimensions_and_reaches_the_same_margin_on_both_sides() {
    for (name, per_sheet, page) in [("l7160", 21, A4), ("L7651", 65, A4), ("5160", 30, LETTER)] {
        let stock: Stock = name.parse().unwrap();
        assert_eq!((stock.per_sheet(), stock.page()), (per_sheet, page));
        assert_eq!(stock.checked(), Ok(stock));
        let (x, y) = stock.place(per_sheet - 1);
        let right = page.width.units() - x.units() - stock.width.units();
        let below = page.height.units() - y.units() - stock.height.units();
        assert!(right.abs_diff(stock.left.units()) <= 1_000, "{name}: {right}");
        assert!(below.abs_diff(stock.top.units()) <= 1_000, "{name}: {below}");
    }
    let stock: Stock = "l7160".parse().unwrap();
    assert_eq!(stock.label(), (Length::parse_mm("63.5").unwrap(), Length::parse_mm("38.1").unwrap()));
    let (x, y) = stock.place(4);
    assert_eq!((mm(x), mm(y)), ("73.25".into(), "53.25".into()), "the second of the second row");
}

#[test]
fn millimetres_are_read() {
    let stock: Stock = "2x5@90x50mm".parse().unwrap();
    assert_eq!((mm(stock.left), mm(stock.top)), ("15".into(), "23.5".into()), "centred on A4");
    let stock: Stock = "2x5@90x50mm+8,10.5,4,0.5/letter".parse().unwrap();
    let (x, y) = stock.place(3);
    assert_eq!((mm(x), mm(y), stock.page()), ("102".into(), "61".into(), LETTER));
    let roll: Stock = "1x1@50x30mm".parse().unwrap();
    assert_eq!((mm(roll.page().width), mm(roll.page().height), mm(roll.left)), ("50".into(), "30".into(), "0".into()));
    let sheet: Stock = "1x1@50x30mm+0,0".parse().unwrap();
    assert_eq!(sheet.page(), A4, "margins are of a sheet");
}

#[test]
fn anything_else_is_refused_with_its_reason() {
    for text in [
        "",
        "l7161",
        "3x7",
        "3x7@",
        "3x7@63.5x38.1",
        "3x7@63.5mm",
        "3x7@63.5x38.1mm+",
        "3x7@63.5x38.1mm+1",
        "3x7@63.5x38.1mm+1,2,3",
        "3x7@63.5x38.1mm+1,2,3,4,5",
        "3x7@63.5x38.1mm-1,2",
        "3x7@63.5x38.1mm+-1,2",
        "-3x7@63.5x38.1mm",
        "+3x7@63.5x38.1mm",
        "3X7@63.5x38.1mm",
        "3x7@63.5x38.1mm/a5",
        "3x7@63.5x38.1mm+1,2 ",
        "3x7@6e1x38mm",
        "3x7@NaNxinfmm",
        "9999x1@5x5mm",
        "٣x7@63.5x38.1mm",
    ] {
        assert!(matches!(text.parse::<Stock>(), Err(StockError::Form(_))), "{text}");
    }
    for (text, why) in [
        ("0x7@63.5x38.1mm", "0 × 7 labels a sheet, expected 1 to 50 each way"),
        ("3x51@63.5x5mm", "3 × 51 labels"),
        ("1x1@4.9x30mm", "labels of 4.9 × 30 mm, expected sides of 5 to 300 mm"),
        ("1x1@30x300.1mm", "labels of 30 × 300.1 mm"),
        ("4x7@63.5x38.1mm", "the labels take 254 mm of the sheet's width, A4 has 210 mm"),
        ("3x7@63.5x38.1mm+19.5001,0", "210.0001 mm of the sheet's width"),
        ("3x7@63.5x38.1mm+0,15,0,3", "the labels take 299.7 mm of the sheet's height"),
        ("50x50@300x300mm+9999.9999,9999.9999,9999.9999,9999.9999", "of the sheet's width"),
    ] {
        let error = text.parse::<Stock>().unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
    assert!("x".repeat(1 << 20).parse::<Stock>().unwrap_err().to_string().len() < 300, "what is quoted is short");
}

proptest! {
    #[test]
    fn any_text_is_stock_or_an_error(text in "\\PC{0,40}|[0-9x@m+,./]{0,40}|[1-9]x[1-9]@[0-9.x]{1,12}mm[+,/0-9letr]{0,20}") {
        if let Ok(stock) = text.parse::<Stock>() {
            prop_assert_eq!(stock.to_string().parse::<Stock>(), Ok(stock));
            for number in 0..stock.per_sheet() {
                let (x, y) = stock.place(number);
                prop_assert!(x.units() + stock.width.units() <= stock.page().width.units());
                prop_assert!(y.units() + stock.height.units() <= stock.page().height.units());
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        count in (1..=6_u16, 1..=9_u16), size in (50_000..400_000_u32, 50_000..300_000_u32),
        margin in (0..100_000_u32, 0..100_000_u32), gap in (0..30_000_u32, 0..30_000_u32), letter: bool,
    ) {
        let page = if letter { LETTER } else { A4 };
        if let Ok(stock) = Stock::sheet(page, count, size, margin, gap).checked() {
            prop_assert_eq!(stock.to_string().parse::<Stock>(), Ok(stock));
        }
    }
}
