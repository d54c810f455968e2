use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;

use primitives::{Hash, SecretKey, Signer as _};
use registry::{Accreditor, AccreditorKey, Policy};
use statement::{Did, Origin};
use tlog::{Checkpoint, MemoryTree, NoteSignature, Quorum, Tile, Vkey};

use super::*;

const ORIGIN: &str = "registry.example";

/// A log of some leaves; those from `fork` on are others than the honest log's.
struct Tree(Vec<Hash>);

impl Tree {
    fn new(size: u8, fork: u8) -> Self {
        Self((0..size).map(|leaf| tlog::leaf_hash(&[leaf, u8::from(leaf >= fork)])).collect())
    }

    fn checkpoint(&self, registry: &TrustedRegistry) -> OpenedCheckpoint {
        let tree: MemoryTree = self.0.iter().copied().collect();
        let root = tlog::root(tree.size(), &tree).unwrap();
        let note = Checkpoint::new(ORIGIN, tree.size(), root).unwrap().sign(&log_key()).unwrap();
        OpenedCheckpoint::open(note.to_string().as_bytes(), &registry.log_keys).unwrap()
    }

    /// The same, cosigned.
    fn witnessed(&self, registry: &TrustedRegistry) -> OpenedCheckpoint {
        let checkpoint = self.checkpoint(registry);
        let mut note = checkpoint.note().clone();
        let time = primitives::Timestamp::from_seconds(1_790_000_000);
        note.add(NoteSignature::cosignature_v1(&checkpoint, "w.example", &witness_key(), time).unwrap()).unwrap();
        OpenedCheckpoint::open(note.to_string().as_bytes(), &registry.checkpoint_keys()).unwrap()
    }

    /// Serves its one tile over HTTP, as wide as it is asked for; gives the URL.
    fn serve(self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let width = head[0].strip_prefix("GET /tile/0/000.p/").and_then(|rest| rest.split(' ').next());
                let width: usize = width.unwrap().parse().unwrap();
                let tile = Tile::new(self.0[..width].iter().copied()).unwrap().encode();
                let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", tile.len());
                stream.write_all(&[head.as_bytes(), &tile].concat()).unwrap();
            }
        });
        url
    }
}

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[9; 32])
}

fn witness_key() -> SecretKey {
    SecretKey::from_seed(&[10; 32])
}

fn trusted(url: String) -> TrustedRegistry {
    let key = AccreditorKey { key: SecretKey::from_seed(&[1; 32]).public_key(), first_index: 0, last_index: None };
    let did = Did::parse("did:web:accreditor.example").unwrap();
    let accreditors = vec![Accreditor { did, name: "Accreditor".into(), threshold: 1, keys: vec![key] }];
    TrustedRegistry {
        policy: Policy { origin: Origin::parse(ORIGIN).unwrap(), accreditors, rules: vec![(0, 1)] },
        url,
        log_keys: vec![Vkey::log(ORIGIN, log_key().public_key()).unwrap()],
        quorum: Quorum::none(),
        witness_urls: Vec::new(),
        snapshot_max_age_days: 7,
        reports: Default::default(),
    }
}

fn evidence(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".evidence-")).count()
}

#[test]
fn a_log_may_grow_and_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = trusted(Tree::new(20, 255).serve());
    let registry = Registry::new(&trusted, Memory::new(folder.path()));
    let checkpoint = |size| Tree::new(size, 255).checkpoint(&trusted);
    for size in [0, 1, 7, 7, 20] {
        registry.advance(registry.newest().unwrap().as_ref(), &checkpoint(size)).unwrap();
        assert_eq!(registry.newest().unwrap().unwrap().size(), u64::from(size));
    }
    let seen = registry.newest().unwrap();
    let error = registry.advance(seen.as_ref(), &checkpoint(8)).unwrap_err();
    assert!(matches!(error, Error::RolledBack { found: 8, newest: 20, .. }), "{error}");
    assert_eq!(evidence(folder.path()), 1);
    assert_eq!(registry.newest().unwrap().unwrap().size(), 20, "the newest stays");
    // Asked when 7 was the newest; another program has seen 20 since.
    registry.advance(Some(&checkpoint(7)), &checkpoint(8)).unwrap();
    assert_eq!(registry.newest().unwrap().unwrap().size(), 20);
    assert_eq!(evidence(folder.path()), 1);
}

#[test]
fn what_no_witness_has_seen_is_compared_and_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let mut trusted = trusted(Tree::new(20, 255).serve());
    trusted.quorum = Quorum::new(vec![Vkey::witness("w.example", witness_key().public_key()).unwrap()], 1).unwrap();
    let registry = Registry::new(&trusted, Memory::new(folder.path()));
    let advance = |checkpoint: &OpenedCheckpoint| registry.advance(registry.newest().unwrap().as_ref(), checkpoint);
    let newest = || registry.newest().unwrap().map(|newest| newest.size());
    advance(&Tree::new(5, 255).checkpoint(&trusted)).unwrap();
    assert_eq!(newest(), None);
    advance(&Tree::new(7, 255).witnessed(&trusted)).unwrap();
    advance(&Tree::new(20, 255).checkpoint(&trusted)).unwrap();
    assert_eq!(newest(), Some(7), "a receipt of a moment ago");
    advance(&Tree::new(7, 255).witnessed(&trusted)).unwrap();
    advance(&Tree::new(8, 255).witnessed(&trusted)).unwrap();
    assert_eq!((newest(), evidence(folder.path())), (Some(8), 0));
    // Neither excuses another history, nor an older one that was seen.
    let error = advance(&Tree::new(8, 3).checkpoint(&trusted)).unwrap_err();
    assert!(matches!(error, Error::Inconsistent { .. }), "{error}");
    for older in [Tree::new(7, 255).witnessed(&trusted), Tree::new(7, 255).checkpoint(&trusted)] {
        let error = advance(&older).unwrap_err();
        assert!(matches!(error, Error::RolledBack { found: 7, newest: 8, .. }), "{error}");
    }
}

#[test]
fn two_logs_under_one_name_are_kept_as_evidence() {
    for (size, fork) in [(20, 3), (20, 0), (7, 3), (5, 3)] {
        let folder = tempfile::tempdir().unwrap();
        let trusted = trusted(Tree::new(20, fork).serve());
        let registry = Registry::new(&trusted, Memory::new(folder.path()));
        registry.advance(None, &Tree::new(7, 255).checkpoint(&trusted)).unwrap();
        let seen = registry.newest().unwrap();
        let error = registry.advance(seen.as_ref(), &Tree::new(size, fork).checkpoint(&trusted)).unwrap_err();
        assert!(matches!(error, Error::Inconsistent { .. }), "{size} {fork}: {error}");
        assert_eq!(evidence(folder.path()), 1, "{size} {fork}");
        assert_eq!(registry.newest().unwrap().unwrap().note().to_string(), seen.unwrap().note().to_string());
    }
}

#[test]
fn a_memory_that_cannot_be_written_still_refuses_an_older_and_another_log() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let trusted = trusted(Tree::new(20, 255).serve());
    let memory = Memory::new(&file);
    let registry = || Registry::new(&trusted, memory.clone());
    let checkpoint = |size, fork| Tree::new(size, fork).checkpoint(&trusted);
    for size in [7, 20] {
        registry().advance(registry().newest().unwrap().as_ref(), &checkpoint(size, 255)).unwrap();
        assert_eq!(registry().newest().unwrap().unwrap().size(), u64::from(size));
    }
    let seen = registry().newest().unwrap();
    let error = registry().advance(seen.as_ref(), &checkpoint(8, 255)).unwrap_err();
    assert!(matches!(error, Error::RolledBack { found: 8, newest: 20, evidence: Kept::Nowhere(_), .. }), "{error}");
    let error = registry().advance(seen.as_ref(), &checkpoint(20, 3)).unwrap_err();
    assert!(matches!(error, Error::Inconsistent { evidence: Kept::Nowhere(_), .. }), "{error}");
    assert!(error.hint().unwrap().contains("--state DIR"));
    assert_eq!(registry().newest().unwrap().unwrap().size(), 20);
}

#[test]
fn a_memory_under_other_log_keys_is_not_the_registrys_fault() {
    let folder = tempfile::tempdir().unwrap();
    let mut trusted = trusted("http://127.0.0.1:1".into());
    let checkpoint = Tree::new(7, 255).checkpoint(&trusted);
    Registry::new(&trusted, Memory::new(folder.path())).advance(None, &checkpoint).unwrap();
    trusted.log_keys = vec![Vkey::log(ORIGIN, SecretKey::from_seed(&[8; 32]).public_key()).unwrap()];
    let error = Registry::new(&trusted, Memory::new(folder.path())).evidence(0).unwrap_err();
    let file = folder.path().join("registry.example.checkpoint").display().to_string();
    assert!(matches!(&error, Error::Remembered { file: named, .. } if *named == file), "{error}");
    assert_eq!(error.reason(), verify::Reason::NoStatus);
    assert!(error.to_string().contains(&file) && error.hint().unwrap().contains("other log keys"), "{error}");
}

/// What a build without the feature `ml-dsa` cannot check is nobody's fault; with it, a checkpoint that lacks the signature is.
#[test]
fn a_checkpoint_without_the_ml_dsa_signature_that_is_asked_for_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let mut trusted = trusted("http://127.0.0.1:1".into());
    let checkpoint = Tree::new(7, 255).checkpoint(&trusted);
    Registry::new(&trusted, Memory::new(folder.path())).advance(None, &checkpoint).unwrap();
    let key = Vkey::ml_dsa_44(ORIGIN, &[7; tlog::ML_DSA_44_KEY_SIZE]).unwrap();
    let (checkable, reason) = (key.is_checkable(), if key.is_checkable() { "no_status" } else { "unsupported" });
    trusted.log_keys.push(key);
    let error = Registry::new(&trusted, Memory::new(folder.path())).evidence(0).unwrap_err();
    assert!(matches!(&error, Error::Remembered { .. }), "{error}");
    assert_eq!(error.reason().code(), reason);
    assert_eq!(error.hint().unwrap().contains("built with the feature `ml-dsa`"), !checkable, "{error}");
}

/// Serves hours as a web server does that knows nothing but files.
fn static_hours(note: String, of_folder: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let (status, body) = match head[0].split(' ').nth(1).unwrap() {
                "/v1/checkpoints/index.json" => {
                    ("200 OK", r#"{"hours":["2026-09-21T12","2026-09-21T13"],"more":false}"#.to_owned())
                }
                "/v1/checkpoints/2026-09-21T12" | "/v1/checkpoints/2026-09-21T13" => ("200 OK", note.clone()),
                _ => (of_folder, "<ul><li>index.json</ul>".to_owned()),
            };
            let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        }
    });
    url
}

#[test]
fn hours_are_found_where_a_copy_of_the_log_is_static_files() {
    for of_folder in ["200 OK", "301 Moved\r\nlocation: /v1/checkpoints/", "403 Forbidden", "404 Not Found"] {
        let mut trusted = trusted(String::new());
        trusted.quorum = Quorum::new(vec![Vkey::witness("w.example", witness_key().public_key()).unwrap()], 1).unwrap();
        trusted.url = static_hours(Tree::new(7, 255).witnessed(&trusted).note().to_string(), of_folder);
        let folder = tempfile::tempdir().unwrap();
        let registry = Registry::new(&trusted, Memory::new(folder.path()));
        let hours = |after: &str| -> Vec<String> {
            registry.anchors(after).unwrap().into_iter().map(|anchor| anchor.hour).collect()
        };
        assert_eq!(hours(""), ["2026-09-21T12", "2026-09-21T13"], "{of_folder}");
        assert_eq!(hours("2026-09-21T12"), ["2026-09-21T13"], "{of_folder}");
        assert_eq!(hours("2026-09-21T13"), [""; 0], "{of_folder}");
        let has_none = matches!(registry.snapshot_head_if_any(), Ok(None));
        assert_eq!(has_none, of_folder.starts_with('4'), "{of_folder}");
    }
    // A registry that refuses is not asked again in another way.
    let mut trusted = trusted(static_hours(String::new(), "503 Unavailable"));
    trusted.quorum = Quorum::new(vec![Vkey::witness("w.example", witness_key().public_key()).unwrap()], 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = Registry::new(&trusted, Memory::new(folder.path())).anchors("").unwrap_err();
    assert!(matches!(error, Error::Refused(Refused { status: 503, .. })), "{error}");
}
