use primitives::{Hash, SecretKey, Signer, base64};
use tlog::{Checkpoint, EMPTY_ROOT, MemoryTree, consistency_proof, leaf_hash, root};

use super::judgement::Judgement;
use super::record::Lost;
use super::wire::{Answer, MAX_REQUEST, Request};

const ORIGIN: &str = "registry.example";

fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

/// A tree whose leaves from `fork` on are others.
fn tree(size: u64, fork: u64) -> MemoryTree {
    (0..size).map(|n| leaf_hash(&[n.to_be_bytes(), u64::from(n >= fork).to_be_bytes()].concat())).collect()
}

fn text(origin: &str, size: u64, fork: u64) -> String {
    Checkpoint::new(origin, size, root(size, &tree(size, fork)).unwrap()).unwrap().to_text()
}

fn checkpoint(old: u64, size: u64, fork: u64) -> Request {
    let proof = consistency_proof(old, size, &tree(size, fork)).unwrap_or_default();
    Request::Checkpoint { old, proof, text: text(ORIGIN, size, fork) }
}

/// Asks as the server does; gives the reason where nothing is signed.
fn ask(signer: &Judgement, request: &Request) -> Result<(), String> {
    match Answer::parse(signer.answer(request.to_string().as_bytes()).to_string().as_bytes()).unwrap() {
        Answer::Signed(signature) => {
            let (Request::Checkpoint { text, .. } | Request::Statement { text }) = request else { panic!() };
            key().public_key().verify_strict(text.as_bytes(), &signature).unwrap();
            Ok(())
        }
        Answer::No { reason, .. } => Err(reason),
        Answer::Last { .. } => panic!("not asked"),
    }
}

fn refused(reason: &str) -> Result<(), String> {
    Err(reason.to_owned())
}

fn open(state: &std::path::Path) -> Judgement {
    Judgement::open(state, key().into()).unwrap()
}

const NEVER: u64 = u64::MAX;

#[test]
fn one_history_is_signed_and_no_other_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let signer = open(&state);
    assert_eq!(ask(&signer, &checkpoint(0, 0, NEVER)), Ok(()));
    assert_eq!(ask(&signer, &checkpoint(0, 5, NEVER)), Ok(()));
    assert_eq!(ask(&signer, &checkpoint(5, 9, NEVER)), Ok(()));
    drop(signer);
    let signer = open(&state);
    assert_eq!(signer.last().unwrap().unwrap().to_text(), text(ORIGIN, 9, NEVER));
    for (what, request, reason) in [
        ("an older tree", checkpoint(5, 5, NEVER), "rollback"),
        ("the empty tree", checkpoint(0, 0, NEVER), "rollback"),
        ("another of this size", checkpoint(9, 9, 8), "fork"),
        ("another that is larger", checkpoint(9, 300, 8), "inconsistent"),
        ("another from the first entry on", checkpoint(9, 10, 0), "inconsistent"),
        ("a proof from an older tree", checkpoint(5, 10, NEVER), "old_size"),
        ("a proof from the empty tree", checkpoint(0, 10, NEVER), "old_size"),
        ("no proof", Request::Checkpoint { old: 9, proof: Vec::new(), text: text(ORIGIN, 10, NEVER) }, "inconsistent"),
        (
            "another log",
            Request::Checkpoint { old: 9, proof: Vec::new(), text: text("other.example", 10, NEVER) },
            "other_log",
        ),
        (
            "a line more",
            Request::Checkpoint { old: 9, proof: Vec::new(), text: text(ORIGIN, 9, NEVER) + "more\n" },
            "extension",
        ),
        (
            "no origin of a registry",
            Request::Checkpoint { old: 9, proof: Vec::new(), text: text("ethical-label-snapshot/v1", 9, NEVER) },
            "origin",
        ),
    ] {
        assert_eq!(ask(&signer, &request), refused(reason), "{what}");
        assert_eq!(signer.last().unwrap().unwrap().size(), 9, "{what}");
    }
    assert_eq!(ask(&signer, &checkpoint(0, 9, NEVER)), Ok(()), "the same again needs no proof");
    assert_eq!(ask(&signer, &checkpoint(9, 300, NEVER)), Ok(()));
}

#[test]
fn what_is_remembered_is_never_behind_what_was_signed() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let signer = open(&state);
    assert_eq!(ask(&signer, &checkpoint(0, 3, NEVER)), Ok(()));
    // Nothing can be written where a folder is in the way of the new file: nothing is signed.
    std::fs::create_dir(state.join("last.new")).unwrap();
    assert_eq!(ask(&signer, &checkpoint(3, 4, NEVER)), refused("state"));
    assert_eq!(ask(&signer, &checkpoint(3, 3, NEVER)), Ok(()), "what is remembered can be signed again");
    std::fs::remove_dir(state.join("last.new")).unwrap();
    assert_eq!(ask(&signer, &checkpoint(3, 4, NEVER)), Ok(()));
    // Gone or damaged while it runs: not an empty state.
    let kept = std::fs::read(state.join("last")).unwrap();
    std::fs::write(state.join("last"), &kept[..kept.len() - 1]).unwrap();
    assert_eq!(ask(&signer, &checkpoint(0, 1, 0)), refused("state"));
    std::fs::remove_file(state.join("last")).unwrap();
    assert_eq!(ask(&signer, &checkpoint(0, 1, 0)), refused("state"));
}

#[test]
fn a_state_is_lost_damaged_or_anothers_and_never_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let signer = open(&state);
    let error = Judgement::open(&state, key().into()).unwrap_err();
    assert!(format!("{error:#}").contains("another signer runs"), "{error:#}");
    drop(signer);
    std::fs::write(state.join("last"), "registry.example\n").unwrap();
    let error = Judgement::open(&state, key().into()).unwrap_err();
    assert!(format!("{error:#}").contains("what was signed last"), "{error:#}");
    std::fs::remove_file(state.join("last")).unwrap();
    assert!(Judgement::open(&state, key().into()).unwrap_err().is::<Lost>());
}

#[test]
fn statements_are_signed_only_of_trees_that_were() {
    let folder = tempfile::tempdir().unwrap();
    let signer = open(&folder.path().join("state"));
    let say = |text: &str| ask(&signer, &Request::Statement { text: text.to_owned() });
    let supplement = |origin: &str, size: u64| {
        let digest = Hash::of(b"").to_base64();
        format!("ethical-label-supplement/v1\n{origin}\n{size}\n0\n{digest}\n0\n2026-01-01T00:00:00Z\n")
    };
    let signed = |size: u64, fork: u64, by: &SecretKey| {
        let root = root(size, &tree(size, fork)).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap().sign(by).unwrap().to_string()
    };
    let snapshot = |checkpoint: &str| {
        let digest = Hash::of(b"index").to_base64();
        format!(
            "ethical-label-snapshot/v1\n{ORIGIN}\n100\n50\n{digest}\n2026-01-01T00:00:00Z\n2026-01-31T00:00:00Z\n\n{checkpoint}"
        )
    };
    assert!(say(&supplement(ORIGIN, 0)).is_err(), "before the first tree");
    ask(&signer, &checkpoint(0, 5, NEVER)).unwrap();
    assert_eq!(say(&supplement(ORIGIN, 5)), Ok(()));
    assert_eq!(say(&supplement(ORIGIN, 6)), refused("old_size"));
    assert_eq!(say(&supplement("other.example", 5)), refused("other_log"));
    assert_eq!(say(&supplement(ORIGIN, 5).replace("\n5\n", "\nfive\n")), refused("supplement"));
    assert_eq!(say(&(supplement(ORIGIN, 5) + "\n")), refused("supplement"));

    assert_eq!(say(&snapshot(&signed(5, NEVER, &key()))), Ok(()));
    assert_eq!(say(&snapshot(&signed(5, 1, &key()))), refused("fork"));
    assert_eq!(say(&snapshot(&signed(6, NEVER, &key()))), refused("old_size"));
    assert_eq!(say(&snapshot(&signed(5, NEVER, &SecretKey::from_seed(&[8; 32])))), refused("snapshot"));
    assert_eq!(say(&snapshot(&text(ORIGIN, 5, NEVER))), refused("snapshot"), "one without a signature");
    assert_eq!(say(&text(ORIGIN, 6, NEVER)), refused("kind"), "a checkpoint by the back door");
    assert_eq!(say(""), refused("kind"));
    // A statement is no checkpoint either.
    let as_checkpoint = Request::Checkpoint { old: 5, proof: Vec::new(), text: snapshot(&signed(5, NEVER, &key())) };
    assert!(ask(&signer, &as_checkpoint).is_err());
}

#[test]
fn requests_and_answers_come_back_and_other_bytes_are_refused() {
    let public = key().public_key();
    let requests = [Request::Last, checkpoint(3, 300, NEVER), Request::Statement { text: "a\n\nb\n".into() }];
    for request in &requests {
        assert_eq!(Request::parse(request.to_string().as_bytes()).as_ref(), Some(request));
    }
    let no = Answer::No { reason: "fork".into(), why: "a \u{1b}[31m\nb".into() };
    let shown = Answer::No { reason: "fork".into(), why: "a  [31m b".into() };
    assert_eq!(Answer::parse(no.to_string().as_bytes()), Some(shown));
    for answer in [Answer::Last { key: public, size: 9 }, Answer::Signed(key().sign(b"a").unwrap())] {
        let bytes = answer.to_string();
        assert_eq!(Answer::parse(bytes.as_bytes()), Some(answer));
        for cut in 0..bytes.len() {
            assert_eq!(Answer::parse(&bytes.as_bytes()[..cut]), None, "{cut}");
        }
    }

    let folder = tempfile::tempdir().unwrap();
    let signer = open(&folder.path().join("state"));
    let hash = base64::encode(&EMPTY_ROOT.0);
    let head = "ethical-label-signer/v1";
    for bytes in [
        String::new(),
        "\n".into(),
        format!("{head} last"),
        format!("{head} last\nmore"),
        format!("{head}0 last\n"),
        format!("{head} key\n"),
        format!("{head} checkpoint\n\n\n"),
        format!("{head} checkpoint\nold -1\n\n{}", text(ORIGIN, 1, NEVER)),
        format!("{head} checkpoint\nold 0\nhash\n\n{}", text(ORIGIN, 1, NEVER)),
        format!("{head} checkpoint\nold 0\n{}\n{}", format!("{hash}\n").repeat(64), text(ORIGIN, 1, NEVER)),
        format!("{head} statement\n{}", "a".repeat(usize::try_from(MAX_REQUEST).unwrap())),
    ] {
        let answer = signer.answer(bytes.as_bytes());
        assert!(matches!(&answer, Answer::No { reason, .. } if reason == "request"), "{bytes:.60}: {answer:?}");
    }
    assert!(matches!(signer.answer(&[0xff; 9]), Answer::No { .. }));
    assert_eq!(signer.last().unwrap(), None);
}
