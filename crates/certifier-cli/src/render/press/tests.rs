use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::AtomicUsize;

use super::super::tests::{face, layout};
use super::*;
use crate::render::Fonts;

const MADE: Timestamp = Timestamp::from_seconds(1_795_000_000);
const ALL: [Format; 6] = [Format::Svg, Format::Png, Format::Pdf, Format::Zpl, Format::Csv, Format::List];

fn sign(number: u32) -> Result<Face, RenderError> {
    Ok(face(number, "Carpet"))
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn batches_fill_their_sheets_and_hold_every_label_once() {
    let fonts = Fonts::built_in();
    let layout = layout("l7160", "Carpet", &fonts);
    let folder = Path::new("x");
    for (formats, first, split, labels, expected) in [
        (&[Format::Pdf][..], 0, 1_000, 2_000, &[(1, 987, 0), (988, 1_974, 0), (1_975, 2_000, 0)][..]),
        (&[Format::Pdf], 20, 50, 100, &[(1, 22, 20), (23, 64, 0), (65, 100, 0)]),
        (&[Format::Pdf, Format::Csv], 3, 21, 18, &[(1, 18, 3)]),
        (&[Format::Pdf], 0, 1, 22, &[(1, 21, 0), (22, 22, 0)]),
        (&[Format::Csv], 20, 50, 100, &[(1, 50, 0), (51, 100, 0)]),
        (&[Format::Csv], 0, 50, 0, &[]),
    ] {
        let press = Press { layout: &layout, folder, formats, first, split, made: MADE };
        let numbers: Vec<u32> = (1..=labels).collect();
        let batches = press.batches(&numbers);
        let spans: Vec<_> = batches.iter().map(|batch| (batch.span().0, batch.span().1, batch.first)).collect();
        assert_eq!(spans, expected, "{formats:?} {first} {split}");
        assert_eq!(batches.iter().flat_map(|batch| batch.numbers.clone()).collect::<Vec<_>>(), numbers);
    }
}

#[test]
fn every_file_of_every_format_holds_its_labels_in_order() {
    let fonts = Fonts::built_in();
    let layout = layout("l7160", "Carpet", &fonts);
    let folder = tempfile::tempdir().unwrap();
    let press = Press { layout: &layout, folder: folder.path(), formats: &ALL, first: 19, split: 21, made: MADE };
    let batches = press.batches(&(1..=25).collect::<Vec<_>>());
    let printed = AtomicUsize::new(0);
    press.print(&batches, &sign, &|| _ = printed.fetch_add(1, Ordering::Relaxed)).unwrap();
    assert_eq!(printed.load(Ordering::Relaxed), 25);
    let planned: BTreeSet<String> = batches
        .iter()
        .flat_map(|batch| press.files(batch))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names(folder.path()), planned);
    assert_eq!(planned.len(), 3 * 4 + 50, "three batches of four files, and two pictures a label");
    let mut listed = String::new();
    for batch in &batches {
        listed.push_str(&fs::read_to_string(press.batch_file(batch, Format::List)).unwrap());
        let csv = fs::read_to_string(press.batch_file(batch, Format::Csv)).unwrap();
        let zpl = fs::read_to_string(press.batch_file(batch, Format::Zpl)).unwrap();
        assert_eq!((csv.matches("\r\n").count(), zpl.matches("^XA").count()), (batch.labels() + 1, batch.labels()));
        assert!(csv.starts_with("\u{feff}url,host,product,lot,serial,short_code\r\nHTTPS://REGISTRY.EXAMPLE/"));
        assert!(fs::read(press.batch_file(batch, Format::Pdf)).unwrap().starts_with(b"%PDF-1.7"));
    }
    let urls: Vec<String> = (1..=25).map(|number| face(number, "Carpet").url).collect();
    assert_eq!(listed.lines().collect::<Vec<_>>(), urls);
}

#[test]
fn the_first_failure_stops_the_run_and_leaves_whole_files_alone() {
    let fonts = Fonts::built_in();
    let layout = layout("l7160", "Carpet", &fonts);
    let folder = tempfile::tempdir().unwrap();
    let formats = [Format::Pdf, Format::List];
    let press = Press { layout: &layout, folder: folder.path(), formats: &formats, first: 0, split: 21, made: MADE };
    let batches = press.batches(&(1..=2_100).collect::<Vec<_>>());
    let signed = AtomicUsize::new(0);
    let fails = |number| {
        signed.fetch_add(1, Ordering::Relaxed);
        if number == 70 { Err(RenderError::NoLabels) } else { sign(number) }
    };
    assert_eq!(press.print(&batches, &fails, &|| {}).unwrap_err().code(), "no_labels");
    assert!(signed.load(Ordering::Relaxed) < 1_000, "the rest is not signed");
    for name in names(folder.path()) {
        assert!(!name.contains("unfinished") && !name.starts_with("labels-64-84."), "{name}");
    }
    // What was printed before is printed again only where it is not whole, and gives the same bytes.
    let before = fs::read(folder.path().join("labels-1-21.pdf")).unwrap();
    press.print(&batches[..1], &sign, &|| {}).unwrap();
    assert_eq!(fs::read(folder.path().join("labels-1-21.pdf")).unwrap(), before);
}

#[test]
fn what_a_crash_left_of_a_run_is_cleared_and_nothing_else() {
    let fonts = Fonts::built_in();
    let layout = layout("l7160", "Carpet", &fonts);
    let folder = tempfile::tempdir().unwrap();
    let press = Press {
        layout: &layout,
        folder: folder.path(),
        formats: &[Format::Png, Format::Pdf],
        first: 0,
        split: 21,
        made: MADE,
    };
    for name in [
        ".labels-1-21.pdf.12.unfinished",
        ".7.png.12.unfinished",
        ".22.png.12.unfinished",
        "labels-1-21.pdf",
        "note.unfinished",
    ] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    press.clear(&press.batches(&(1..=21).collect::<Vec<_>>())).unwrap();
    assert_eq!(
        names(folder.path()).into_iter().collect::<Vec<_>>(),
        [".22.png.12.unfinished", "labels-1-21.pdf", "note.unfinished"]
    );
}
