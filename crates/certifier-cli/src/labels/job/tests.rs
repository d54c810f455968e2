use clap::Parser as _;
use label::Label;
use primitives::{Day, SecretKey, Signer as _};
use statement::{Claims, Lot, Origin, Serial};

use super::*;
use crate::cli::{Arguments, Command, LabelsOptions};
use crate::render::Fonts;

fn options(folder: &Path, flags: &[&str]) -> LabelsOptions {
    let command = ["certifier", "labels", "--attestation", "7", "--key", "certifier.key", "--out"];
    let arguments = command.iter().map(AsRef::as_ref).chain([folder.as_os_str()]);
    let arguments = arguments.chain(flags.iter().map(AsRef::as_ref));
    let Command::Labels(options) = Arguments::try_parse_from(arguments).unwrap().command else { unreachable!() };
    options
}

fn face(number: u32) -> Face {
    let origin = Origin::parse("registry.example").unwrap();
    let (lot, serial) = (Lot::parse("KTM-2026").unwrap(), Serial::new(Some(7), number).unwrap());
    let day = Day::parse("2027-12-31").unwrap();
    let label = Label::sign(origin, None, lot, serial, Claims::ALL, 7, day, &SecretKey::from_seed(&[1; 32]));
    Face::of(&label.unwrap(), "Carpet")
}

/// Plans labels 1 to 50, and does something with the plan.
fn planned<T>(folder: &Path, flags: &[&str], then: impl FnOnce(&Job<'_>) -> T) -> Result<T, String> {
    let options = options(folder, flags);
    let (fonts, serials) = (Fonts::built_in(), Serials::all(50));
    let layout = Layout::new(options.print.stock, options.print.dpi, options.print.level, &face(50), &fonts).unwrap();
    let numbers = serials.numbers(50).unwrap();
    let again = if options.print.resume { Again::Resume } else { Again::No };
    let key = SecretKey::from_seed(&[1; 32]).public_key().thumbprint();
    Job::plan(&options.print, key, again, &serials, &numbers, &layout, Timestamp::from_seconds(1_795_000_000))
        .map(|job| then(&job))
        .map_err(|failure| failure.text())
}

impl Job<'_> {
    fn has_room_text(&self) -> Result<(), String> {
        self.has_room().map_err(|failure| failure.text())
    }
}

#[test]
fn a_file_of_any_batch_stops_everything() {
    for (taken, format) in [
        ("2.png", "png"),
        ("labels-1-42.pdf", "pdf"),
        ("labels-7-9.csv", "csv"),
        ("labels-1-50.txt", "list"),
        ("labels-1-50.zpl", "png,zpl"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(taken), "").unwrap();
        let plan = |flags: &[&str]| {
            planned(folder.path(), &[&["--format", format], flags].concat(), |job| job.has_room_text()).unwrap()
        };
        let refusal = plan(&[]).unwrap_err();
        assert!(refusal.contains(&format!("{taken} is there already")), "{refusal}");
        assert!(plan(&["--force"]).is_ok() && plan(&["--resume"]).is_ok());
    }
    let folder = tempfile::tempdir().unwrap();
    for other in ["labels-1-42.csv", "labels-a-b.pdf", "labels-1.pdf", "3.png", "51.svg"] {
        std::fs::write(folder.path().join(other), "").unwrap();
    }
    assert!(planned(folder.path(), &["--format", "svg,pdf"], |job| job.has_room_text()).unwrap().is_ok());
}

#[test]
fn a_place_that_no_sheet_has_and_a_format_named_twice_are_refused() {
    let folder = Path::new("x");
    assert!(planned(folder, &["--format", "pdf", "--first", "21"], |_| ()).is_ok());
    let refusal = planned(folder, &["--format", "pdf", "--first", "22"], |_| ()).unwrap_err();
    assert!(refusal.contains("a sheet of l7160 has labels 1 to 21, not 22"), "{refusal}");
    let refusal = planned(folder, &["--format", "csv", "--first", "2"], |_| ()).unwrap_err();
    assert!(refusal.contains("sheets are --format pdf"), "{refusal}");
    let refusal = planned(folder, &["--format", "svg,pdf,svg"], |_| ()).unwrap_err();
    assert!(refusal.contains("--format names svg twice"), "{refusal}");
}

#[test]
fn a_run_is_gone_on_with_where_files_lack_and_only_there() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let print = |flags: &[&str]| {
        let signed = std::sync::Mutex::new(Vec::new());
        let sign = |number| {
            signed.lock().unwrap().push(number);
            Ok(face(number))
        };
        let flags = [&["--format", "svg,list", "--split", "20"], flags].concat();
        planned(out, &flags, |job| job.print_batches(sign).map_err(|failure| failure.text())).unwrap().unwrap();
        let mut signed = signed.into_inner().unwrap();
        signed.sort_unstable();
        signed
    };
    assert_eq!(print(&[]), (1..=50).collect::<Vec<_>>());
    let list = out.join("labels-21-40.txt");
    let whole = std::fs::read(&list).unwrap();
    std::fs::remove_file(&list).unwrap();
    std::fs::remove_file(out.join("50.svg")).unwrap();
    assert_eq!(print(&["--resume"]), (21..=50).collect::<Vec<_>>());
    assert_eq!(std::fs::read(&list).unwrap(), whole);
    assert_eq!(print(&["--resume"]), Vec::<u32>::new());
    assert_eq!(print(&["--resume", "--force"]).len(), 50, "what was there before a run with --force is not the run's");
}

/// Run by [`what_kill_interrupts_is_resumed`]: fast enough to begin, too slow to end.
#[test]
#[ignore = "is run by another test, which kills it"]
fn prints_slowly() {
    let out = std::env::var_os("LABELS_OUT").expect("the folder");
    let slowly = |number: u32| {
        std::thread::sleep(Duration::from_millis(if number > 10 { 500 } else { 1 }));
        Ok(face(number))
    };
    planned(Path::new(&out), &KILLED, |job| job.print_batches(slowly).map_err(|failure| failure.text()))
        .unwrap()
        .unwrap();
}

const KILLED: [&str; 5] = ["--format", "svg,list", "--split", "5", "--resume"];

#[test]
fn what_kill_interrupts_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "labels::job::tests::prints_slowly", "--ignored"])
        .env("LABELS_OUT", folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let is_unfinished = |name: &String| name.ends_with(".unfinished");
    let is_first_batch = |name: &String| name == "labels-1-5.txt";
    while child.try_wait().unwrap().is_none()
        && !(names().iter().any(is_first_batch) && names().iter().any(is_unfinished))
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = names();
    assert!(left.iter().any(is_unfinished) && !left.iter().any(|name| name == "labels-46-50.txt"), "{left:?}");

    let signed = std::sync::Mutex::new(Vec::new());
    let sign = |number| {
        signed.lock().unwrap().push(number);
        Ok(face(number))
    };
    planned(folder.path(), &KILLED, |job| job.print_batches(sign).map_err(|failure| failure.text())).unwrap().unwrap();
    let signed = signed.into_inner().unwrap();
    assert!(!signed.contains(&1) && signed.contains(&50), "the first batch was whole: {signed:?}");
    let names = names();
    assert_eq!(names.len(), 50 + 10, "{names:?}");
    let listed: String = (0..10)
        .map(|batch| format!("labels-{}-{}.txt", batch * 5 + 1, batch * 5 + 5))
        .map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap())
        .collect();
    assert_eq!(
        listed.lines().map(ToOwned::to_owned).collect::<Vec<_>>(),
        (1..=50).map(|number| face(number).url).collect::<Vec<_>>()
    );
}

/// Run by [`a_full_disk_leaves_nothing_half_written`], in a process that may write no file longer than 64 KB.
#[test]
#[ignore = "is run by another test, with little room"]
fn prints_with_little_room() {
    let out = std::env::var_os("LABELS_OUT").expect("the folder");
    let failure = planned(Path::new(&out), &["--format", "svg,pdf,zpl", "--split", "42"], |job| {
        job.print_batches(|number| Ok(face(number))).map_err(|failure| job.incomplete(failure).text())
    });
    println!("failure: {}", failure.unwrap().unwrap_err());
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" --exact labels::job::tests::prints_with_little_room --ignored --nocapture"])
        .arg(program)
        .env("LABELS_OUT", folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("cannot write ") && text.contains("File too large"), "{text}");
    assert!(text.contains("is incomplete: put that right, then the same command with --resume goes on"), "{text}");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            path.extension().is_some_and(|ending| ending == "svg") && text.ends_with("</svg>\n"),
            "{}",
            path.display()
        );
    }
}
