//! The conformance kit is what the code makes, and our own library and program answer exactly what it expects.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test panics on what it does not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use label::Label;
use primitives::{Hash, PublicKey, Timestamp, base64};
use serde_json::Value;
use statement::{Entry, Token};
use tests::vectors::{self, Expected, Vector};
use tests::{binary, root};
use tlog::{OpenedCheckpoint, Quorum, Receipt, Vkey};
use verify::{Bundle, Evidence, Known, OpenedSnapshot, Reason, Strict, Trust, TrustedRegistry};

fn folder() -> PathBuf {
    root().join("tests/vectors")
}

/// Every file below the kit's folder but its README.
fn committed(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            committed(&entry.path(), &format!("{name}/"), files);
        } else if name != "README.md" {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// The vectors of one folder, by name.
fn part(name: &str) -> BTreeMap<String, Vector> {
    let mut files = BTreeMap::new();
    committed(&folder().join(name), "", &mut files);
    let vectors: BTreeMap<_, _> =
        files.into_iter().map(|(name, bytes)| (name, serde_json::from_slice(&bytes).unwrap())).collect();
    assert!(vectors.len() > 10, "{name}: {}", vectors.len());
    vectors
}

fn text<'v>(vector: &'v Vector, name: &str) -> &'v str {
    vector.given[name].as_str().unwrap()
}

fn number(vector: &Vector, name: &str) -> u64 {
    vector.given[name].as_u64().unwrap()
}

fn texts<'v>(vector: &'v Vector, name: &str) -> Vec<&'v str> {
    vector.given[name].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

fn trust() -> Trust {
    read_trust("world/trust.toml")
}

fn read_trust(file: &str) -> Trust {
    Trust::from_toml(&fs::read_to_string(folder().join(file)).unwrap()).unwrap()
}

/// The trust file's registry with the keys, witnesses and quorum of this vector.
fn registry(vector: &Vector) -> TrustedRegistry {
    let vkeys = |name: &str| match vector.given.get(name) {
        Some(_) => texts(vector, name).into_iter().map(|text| Vkey::parse(text).unwrap()).collect(),
        None => vec![],
    };
    let quorum = vector.given.get("quorum").map_or(0, |quorum| usize::try_from(quorum.as_u64().unwrap()).unwrap());
    let quorum = Quorum::new(vkeys("witnesses"), quorum).unwrap();
    TrustedRegistry { log_keys: vkeys("log_keys"), quorum, ..trust().registries.remove(0) }
}

/// Runs all of a part, and shows all that is not as expected.
#[track_caller]
fn all_answer(name: &str, judge: impl Fn(&Vector) -> Expected) {
    let wrong: Vec<String> = part(name)
        .into_iter()
        .filter_map(|(file, vector)| {
            let found = judge(&vector);
            (found != vector.expected).then(|| format!("{name}/{file}: {found:?}, expected {:?}", vector.expected))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn accepted_or<T>(code: Result<T, &str>) -> Expected {
    let outcome = if code.is_ok() { "accepted" } else { "refused" };
    Expected { outcome: outcome.into(), reasons: None, code: code.err().map(str::to_owned) }
}

/// The verdict of the library, with the exact rule that label or evidence breaks.
fn verdict<'a>(
    vector: &'a Vector,
    trust: &Trust,
    known: &'a dyn Fn(&Label) -> Known<'a>,
    code: Option<&str>,
) -> Expected {
    let (label, at) = (text(vector, "label"), Timestamp::parse_rfc3339(text(vector, "at")).unwrap());
    let verdict = verify::verify(&Evidence { label, known, signatures: &Strict }, trust, at);
    let form = Label::parse(label).err().map(|error| error.code());
    Expected {
        outcome: verdict.outcome.code().into(),
        reasons: Some(verdict.reasons.iter().map(|reason| reason.code().into()).collect()),
        code: form.or(code).map(str::to_owned),
    }
}

fn by_bundle(vector: &Vector, bundle: &Bundle) -> Expected {
    let trust = vector.given.get("trust").map_or_else(trust, |file| read_trust(file.as_str().unwrap()));
    let at = Timestamp::parse_rfc3339(text(vector, "at")).unwrap();
    // Where nobody is trusted, nobody is asked.
    let opened = bundle.open(trust.registries.first().unwrap_or(&self::trust().registries[0]));
    let known = |_: &Label| match &opened {
        Ok(opened) => Known::State(opened.knowledge(at)),
        Err(error) => Known::Missing(error.reason()),
    };
    verdict(vector, &trust, &known, opened.as_ref().err().map(|error| error.code()))
}

fn open_snapshot(head: &str, body: &[u8]) -> Result<OpenedSnapshot, verify::OpenSnapshotError> {
    let read = |offset: u64, length: u32| {
        let start = usize::try_from(offset).unwrap();
        body.get(start..start.checked_add(usize::try_from(length).unwrap())?)
    };
    OpenedSnapshot::open(head.as_bytes(), &trust().registries[0], read)
}

fn by_snapshot(vector: &Vector, head: &str, body: &[u8]) -> Expected {
    let opened = open_snapshot(head, body);
    let known = |_: &Label| match &opened {
        Ok(opened) => Known::State(opened.knowledge()),
        Err(error) => Known::Missing(error.reason()),
    };
    verdict(vector, &trust(), &known, opened.as_ref().err().map(|error| error.code()))
}

#[test]
fn the_kit_is_what_the_code_makes() {
    let mut found = BTreeMap::new();
    committed(&folder(), "", &mut found);
    let made = vectors::files();
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<BTreeSet<_>>();
    let hint = "cargo run -p tests --example vectors";
    assert_eq!(names(&found), names(&made), "{hint}");
    let changed: Vec<_> = made.iter().filter(|(name, bytes)| found[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(changed.is_empty(), "{changed:?}: {hint}");
}

#[test]
fn labels_by_evidence() {
    all_answer("labels", |vector| {
        let bundle = fs::read(folder().join(text(vector, "evidence"))).unwrap();
        by_bundle(vector, &serde_json::from_slice(&bundle).unwrap())
    });
}

#[test]
fn labels_by_snapshot() {
    let shelf = folder().join("world/snapshots/registry.example");
    let head = fs::read_to_string(shelf.join("head")).unwrap();
    let body = fs::read_dir(&shelf).unwrap().map(|entry| entry.unwrap().path());
    let body = fs::read(body.into_iter().find(|path| !path.ends_with("head")).unwrap()).unwrap();
    all_answer("labels", |vector| by_snapshot(vector, &head, &body));
}

#[test]
fn evidence() {
    all_answer("evidence", |vector| {
        by_bundle(vector, &serde_json::from_value(vector.given["bundle"].clone()).unwrap())
    });
}

#[test]
fn snapshots() {
    all_answer("snapshots", |vector| {
        by_snapshot(vector, text(vector, "head"), &base64::decode(text(vector, "body")).unwrap())
    });
}

#[test]
fn statements() {
    all_answer("statements", |vector| {
        let key = base64::url_decode(text(vector, "key")).unwrap().try_into().unwrap();
        let key = PublicKey::from_bytes(&key).unwrap();
        let opened = Token::parse(text(vector, "statement").as_bytes()).and_then(|token| token.open(&key));
        accepted_or(opened.as_ref().map_err(statement::Error::code))
    });
}

#[test]
fn proofs() {
    all_answer("proofs", |vector| {
        let (jws, index) = (text(vector, "statement").as_bytes(), number(vector, "index"));
        let checked = verify::check_proof(&registry(vector), jws, index, text(vector, "proof"));
        accepted_or(checked.as_ref().map_err(verify::BundleError::code))
    });
}

#[test]
fn receipts() {
    all_answer("receipts", |vector| {
        let key = base64::url_decode(text(vector, "key")).unwrap().try_into().unwrap();
        let key = PublicKey::from_bytes(&key).unwrap();
        let verified = Receipt::parse(&base64::decode(text(vector, "receipt")).unwrap()).and_then(|receipt| {
            let received_at = Timestamp::from_millis(receipt.claims().received_at);
            let entry = Entry::encode(received_at, text(vector, "statement").as_bytes());
            receipt.verify(&tlog::leaf_hash(&entry), &key)
        });
        accepted_or(verified.as_ref().map_err(tlog::ReceiptError::code))
    });
}

#[test]
fn checkpoints() {
    all_answer("checkpoints", |vector| {
        let registry = registry(vector);
        assert_eq!(text(vector, "origin"), registry.policy.origin.as_str());
        let opened = match verify::open_checkpoint(text(vector, "checkpoint").as_bytes(), &registry) {
            Ok(opened) => opened,
            Err(error) => return accepted_or::<()>(Err(error.code())),
        };
        accepted_or(registry.quorum.check(&opened).as_ref().map_err(|error| error.code()))
    });
}

#[test]
fn consistency() {
    all_answer("consistency", |vector| {
        let keys: Vec<Vkey> = texts(vector, "log_keys").into_iter().map(|text| Vkey::parse(text).unwrap()).collect();
        let open = |name: &str| OpenedCheckpoint::open(text(vector, name).as_bytes(), &keys);
        let (older, newer) = match (open("older"), open("newer")) {
            (Ok(older), Ok(newer)) => (older, newer),
            (Err(error), _) | (_, Err(error)) => return accepted_or::<()>(Err(error.code())),
        };
        let proof: Vec<Hash> = texts(vector, "proof").iter().map(|hash| Hash::from_base64(hash).unwrap()).collect();
        accepted_or(newer.extends(&older, &proof).as_ref().map_err(|error| error.code()))
    });
}

/// `verifier check --offline`, with the kit's trust file and snapshots, by today's clock: the kit's log holds to the end of the century.
#[test]
fn the_program_checks_labels() {
    let state = tempfile::tempdir().unwrap();
    // One label is good on its last day alone.
    let labels: Vec<(String, Vector)> =
        part("labels").into_iter().filter(|(name, _)| name != "good-on-its-last-day.json").collect();
    let mut check = Command::new(binary("verifier"));
    check.args(["check", "--offline", "--json", "--trust"]).arg(folder().join("world/trust.toml"));
    check.arg("--snapshots").arg(folder().join("world/snapshots")).arg("--state").arg(state.path());
    let output = check.args(labels.iter().map(|(_, vector)| text(vector, "label"))).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdicts = document["labels"].as_array().or(document["verdicts"].as_array()).unwrap();
    assert_eq!((output.status.code(), verdicts.len()), (Some(1), labels.len()));
    for ((name, vector), found) in labels.iter().zip(verdicts) {
        let found = found.get("verdict").unwrap_or(found);
        let reasons: Vec<String> = serde_json::from_value(found["reasons"].clone()).unwrap();
        assert_eq!(found["outcome"], vector.expected.outcome.as_str(), "{name}: {found}");
        assert_eq!(Some(&reasons), vector.expected.reasons.as_ref(), "{name}");
    }
}

/// `verifier inspect` names the rule that a label's or statement's form breaks, and judges nothing else.
#[test]
fn the_program_inspects_forms() {
    let folder = tempfile::tempdir().unwrap();
    let inspect = |argument: &std::ffi::OsStr| {
        let output = Command::new(binary("verifier")).arg("inspect").arg(argument).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (name, vector) in part("labels") {
        let (status, said) = inspect(text(&vector, "label").as_ref());
        match &vector.expected.code {
            None => assert_eq!(status, Some(0), "{name}: {said}"),
            Some(code) => assert!(status == Some(2) && said.contains(&format!("({code})")), "{name}: {said}"),
        }
    }
    // Those whose beginning is still that of a token: the program has to know what it is shown.
    let shown = |vector: &Vector| {
        text(vector, "statement").starts_with("eyJ") && text(vector, "statement").trim() == text(vector, "statement")
    };
    let mut seen = 0;
    for (name, vector) in part("statements").into_iter().filter(|(_, vector)| shown(vector)) {
        let path = folder.path().join(&name);
        fs::write(&path, text(&vector, "statement")).unwrap();
        let (status, said) = inspect(path.as_os_str());
        let rule = number(&vector, "rule");
        // Rules 5 to 7 need a key, which is not at hand here; credentials may be longer than statements.
        match &vector.expected.code {
            Some(code) if rule < 5 && code != "too_long" => {
                assert!(status == Some(2) && said.contains(&format!("({code})")), "{name}: {said}");
                seen += 1;
            }
            Some(code) if status == Some(2) => assert!(said.contains(&format!("({code})")), "{name}: {said}"),
            Some(_) | None => assert_eq!(status, Some(0), "{name}: {said}"),
        }
    }
    assert!(seen > 30, "{seen}");
}

/// Whatever a label may come to is in the kit, but for what the kit's one log cannot show.
#[test]
fn every_reason_of_a_label_is_there() {
    let files = ["labels", "evidence", "snapshots"].map(part);
    let reasons: BTreeSet<&String> =
        files.iter().flat_map(BTreeMap::values).flat_map(|vector| vector.expected.reasons.iter().flatten()).collect();
    // Of shipments, of counting, of a list of goods.
    let elsewhere = [
        Reason::AlreadyCleared,
        Reason::DuplicateInShipment,
        Reason::OverQuantity,
        Reason::DeclarationMismatch,
        Reason::ManyScans,
        Reason::RiskListed,
    ];
    for reason in Reason::ALL {
        assert_eq!(reasons.contains(&reason.code().to_owned()), !elsewhere.contains(reason), "{reason}");
    }
}
