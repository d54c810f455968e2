//! The registry as a witness of other logs (c2sp.org/tlog-witness).

use std::path::Path;
use std::sync::Barrier;

use primitives::{Hash, SecretKey, Signer, base64};
use tlog::{
    AddCheckpoint, Checkpoint, EMPTY_ROOT, MemoryTree, Note, NoteSignature, OpenedCheckpoint, Vkey, consistency_proof,
    leaf_hash, root,
};
use verify::Trust;

use crate::wire::Answer;
use crate::world::World;

const LOG: &str = "log.example";

fn log_key() -> SecretKey {
    SecretKey::from_seed(&[50; 32])
}

fn log_vkey() -> Vkey {
    Vkey::log(LOG, log_key().public_key()).unwrap()
}

/// A trust file for a log whose key this is.
pub(crate) fn trust_file(folder: &Path, vkey: &Vkey) -> std::path::PathBuf {
    let x = base64::url_encode(SecretKey::from_seed(&[51; 32]).public_key().as_bytes());
    let file = folder.join(format!("{}.toml", vkey.name()));
    let text = format!(
        r#"version = 1
[[registries]]
origin = "{}"
log_keys = ["{vkey}"]
rules = [[0, 1]]
[[registries.accreditors]]
did = "did:web:accreditor.example"
name = "Accreditor"
keys = [{{ x = "{x}" }}]
"#,
        vkey.name()
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// A registry that watches the log.
fn world() -> World {
    World::with(|config| config.witness_trust = vec![trust_file(&config.data, &log_vkey())])
}

/// The vkey that the registry has as a witness.
pub(crate) fn witness_vkey(world: &World) -> Vkey {
    let key = key_file::plain::read(&world.data.join("witness.key")).unwrap();
    Vkey::witness(&format!("{}/witness", world.parties.origin), key.public_key()).unwrap()
}

/// The first `size` leaves of the log; `face` is one of its faces, which are alike up to leaf 3.
fn tree(face: u8, size: u8) -> MemoryTree {
    (0..size).map(|leaf| leaf_hash(&[leaf, if leaf < 3 { 0 } else { face }])).collect()
}

fn checkpoint(face: u8, size: u8) -> Note {
    let root = if size == 0 { EMPTY_ROOT } else { root(size.into(), &tree(face, size)).unwrap() };
    Checkpoint::new(LOG, size.into(), root).unwrap().sign(&log_key()).unwrap()
}

/// The request to cosign the tree of `new` leaves after that of `old`.
fn request(face: u8, old: u8, new: u8) -> AddCheckpoint {
    let proof = if old == 0 || old >= new {
        vec![]
    } else {
        consistency_proof(old.into(), new.into(), &tree(face, new)).unwrap()
    };
    AddCheckpoint { old: old.into(), proof, checkpoint: checkpoint(face, new) }
}

fn add(world: &World, request: &AddCheckpoint) -> Answer {
    post(world, request.to_string().as_bytes())
}

fn post(world: &World, body: &[u8]) -> Answer {
    world.send("POST /add-checkpoint", &[], body)
}

/// Checks that the answer is this registry's cosignature of the checkpoint.
fn assert_cosigned(world: &World, answer: &Answer, note: &Note) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let lines = NoteSignature::parse_lines(&answer.body).unwrap();
    assert_eq!(lines.len(), 1);
    let with = Note::from_parts(note.text(), note.signatures().iter().cloned().chain(lines)).unwrap();
    let opened = OpenedCheckpoint::from_note(with, &[log_vkey(), witness_vkey(world)]).unwrap();
    let age = crate::parties::now().millis().abs_diff(opened.cosigners()[0].time().millis());
    assert!(age < 60_000, "{age} ms");
}

fn assert_conflict(answer: &Answer, size: u8) {
    assert_eq!((answer.status, answer.header("content-type")), (409, Some("text/x.tlog.size")));
    assert_eq!(answer.text(), format!("{size}\n"));
}

fn last(world: &World) -> Answer {
    world.get(&format!("/{}/checkpoint", Hash::of(LOG.as_bytes())))
}

#[test]
fn a_log_that_grows_is_cosigned_each_time_and_the_last_checkpoint_is_served() {
    let world = world();
    assert_eq!((last(&world).status, last(&world).code().as_str()), (404, "not_found"));
    for (old, new) in [(0, 0), (0, 1), (1, 3), (3, 3), (3, 7), (7, 8)] {
        let request = request(1, old, new);
        assert_cosigned(&world, &add(&world, &request), &request.checkpoint);
        let served = last(&world);
        assert_eq!((served.status, served.header("access-control-allow-origin")), (200, Some("*")));
        let opened = OpenedCheckpoint::open(&served.body, &[log_vkey(), witness_vkey(&world)]).unwrap();
        assert_eq!((opened.size(), opened.cosigners().len()), (new.into(), 1));
    }
    assert_conflict(&add(&world, &request(1, 7, 9)), 8);
    assert_conflict(&add(&world, &request(1, 0, 9)), 8);
}

#[test]
fn what_does_not_extend_the_last_one_is_refused_and_a_second_face_is_kept() {
    let world = world();
    assert_eq!(add(&world, &request(1, 0, 5)).status, 200);
    let refused = |request: &AddCheckpoint, code: &str| {
        let answer = add(&world, request);
        assert_eq!((answer.status, answer.code().as_str()), (422, code));
    };
    refused(&request(2, 5, 5), "new_root_mismatch");
    refused(&request(2, 5, 8), "old_root_mismatch");
    refused(&AddCheckpoint { proof: vec![], ..request(1, 5, 8) }, "proof_length");
    refused(&AddCheckpoint { proof: vec![Hash::of(b"")], ..request(1, 5, 5) }, "proof_length");
    // What was refused leaves no trace but the contradiction, which proves itself.
    assert_conflict(&add(&world, &request(1, 0, 6)), 5);
    let kept: Vec<_> = std::fs::read_dir(world.data.join("witness")).unwrap().map(|it| it.unwrap().path()).collect();
    let kept: Vec<_> = kept.iter().filter(|path| path.to_str().unwrap().contains("contradiction-")).collect();
    assert_eq!(kept.len(), 1, "only two of one size prove anything");
    let evidence = std::fs::read_to_string(kept[0]).unwrap();
    let (first, second) = evidence.split_once("--\n").unwrap();
    let [first, second] = [first, second].map(|note| OpenedCheckpoint::open(note.as_bytes(), &[log_vkey()]).unwrap());
    assert_eq!((first.size(), second.size()), (5, 5));
    assert_ne!(first.root(), second.root());
}

#[test]
fn the_first_checkpoint_has_no_proof() {
    let world = world();
    let answer = add(&world, &AddCheckpoint { proof: vec![Hash::of(b"")], ..request(1, 0, 5) });
    assert_eq!((answer.status, answer.code().as_str()), (422, "proof_length"));
    // An empty tree has one root.
    let text = format!("{LOG}\n0\n{}\n", Hash::of(b"other").to_base64());
    let checkpoint = Note::sign(&text, LOG, &log_key()).unwrap();
    let answer = add(&world, &AddCheckpoint { old: 0, proof: vec![], checkpoint });
    assert_eq!((answer.status, answer.code().as_str()), (422, "checkpoint_empty_tree_root"));
    assert_eq!(add(&world, &request(1, 0, 5)).status, 200);
}

#[test]
fn who_signed_is_asked_before_anything_else() {
    let world = world();
    let status = |note: Note| {
        let answer = add(&world, &AddCheckpoint { old: 0, proof: vec![], checkpoint: note });
        (answer.status, answer.code())
    };
    let other = Checkpoint::new("other.example", 5, Hash::of(b"")).unwrap();
    assert_eq!(status(other.sign(&log_key()).unwrap()), (404, "unknown_log".into()));
    // The registry's own log is none that it watches.
    let own = Checkpoint::new("registry.example", 5, Hash::of(b"")).unwrap();
    let own_key = key_file::plain::read(&world.data.join("log.key")).unwrap();
    assert_eq!(status(own.sign(&own_key).unwrap()), (404, "unknown_log".into()));
    let text = checkpoint(1, 5).text().to_owned();
    let stranger = SecretKey::from_seed(&[9; 32]);
    assert_eq!(status(Note::sign(&text, LOG, &stranger).unwrap()), (403, "no_known_signature".into()));
    // A good signature does not make good one of the same key that is not.
    let bad = Note::from_parts(&text, checkpoint(1, 6).signatures().iter().cloned()).unwrap();
    assert_eq!(status(bad.clone()), (403, "bad_signature".into()));
    let both = checkpoint(1, 5).signatures().iter().chain(bad.signatures()).cloned().collect::<Vec<_>>();
    assert_eq!(status(Note::from_parts(&text, both).unwrap()), (403, "bad_signature".into()));
    // Signatures of unknown keys are ignored.
    let line = NoteSignature::ed25519(&text, "somebody.example", &stranger).unwrap();
    let lines = [line].into_iter().chain(checkpoint(1, 5).signatures().iter().cloned()).collect::<Vec<_>>();
    let request = AddCheckpoint { checkpoint: Note::from_parts(&text, lines).unwrap(), ..request(1, 0, 5) };
    assert_cosigned(&world, &add(&world, &request), &request.checkpoint);
    assert!(!last(&world).text().contains("somebody.example"), "what nobody checked is not passed on");
}

#[test]
fn what_is_no_request_is_told_so() {
    let world = world();
    let good = request(1, 0, 5).to_string();
    let no_checkpoint = Note::sign(&format!("{LOG}\nfive\n"), LOG, &log_key()).unwrap();
    for (body, code) in [
        (String::new(), "request_no_empty_line"),
        (good.replacen("old 0", "old 00", 1), "request_old_size"),
        (good.replacen("old 0\n", "old 0\nx\n", 1), "request_hash"),
        (good.replacen("old 0", "old 6", 1), "old_beyond_new"),
        (good.replace("— ", "- "), "signature_line"),
        (format!("old 0\n\n{no_checkpoint}"), "checkpoint_too_few_lines"),
    ] {
        let answer = post(&world, body.as_bytes());
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{body}");
    }
    let answer = post(&world, &vec![b'o'; 65 * 1024]);
    assert_eq!((answer.status, answer.code().as_str()), (413, "body_too_large"));
    assert_eq!(world.get("/add-checkpoint").status, 405);
    assert_eq!(world.get("/nothing/checkpoint").status, 404);
}

#[test]
fn what_was_cosigned_is_known_after_a_restart() {
    let mut world = world();
    assert_eq!(add(&world, &request(1, 0, 5)).status, 200);
    let before = last(&world).body;
    world.stop();
    world.start();
    assert_eq!(last(&world).body, before);
    assert_conflict(&add(&world, &request(2, 0, 6)), 5);
    assert_eq!(add(&world, &request(2, 5, 6)).status, 422);
    assert_eq!(add(&world, &request(1, 5, 6)).status, 200);
    world.stop();
    // A record that cannot be read is not an empty one: nothing is cosigned as if it were the first.
    let record = world.data.join("witness/cosigned");
    let written = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, written.replace("log.example", "log.examplf")).unwrap();
    let error = world.runtime.block_on(registry_server::Server::start(world.config.clone())).unwrap_err();
    assert!(format!("{error:#}").contains("what was cosigned, in "), "{error:#}");
}

#[test]
fn of_many_that_contradict_each_other_at_once_one_is_cosigned() {
    const THREADS: u8 = 8;
    for _ in 0..3 {
        let world = world();
        assert_eq!(add(&world, &request(1, 0, 3)).status, 200);
        let barrier = Barrier::new(THREADS.into());
        // Four faces in two sizes each, all of them good after what was cosigned last.
        let statuses: Vec<_> = std::thread::scope(|scope| {
            let (world, barrier) = (&world, &barrier);
            let ask = |thread: u8| {
                let request = request(thread / 2, 3, 4 + thread % 2);
                move || {
                    barrier.wait();
                    add(world, &request).status
                }
            };
            let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(ask(thread))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
        let cosigned: Vec<_> = (0..THREADS).zip(&statuses).filter(|(_, status)| **status == 200).collect();
        assert_eq!(cosigned.len(), 1, "{statuses:?}");
        assert_conflict(&add(&world, &request(1, 0, 9)), 4 + cosigned[0].0 % 2);
    }
}

#[test]
fn a_log_that_is_too_fast_is_slowed_down_and_the_same_checkpoint_costs_nothing() {
    let world = world();
    let mut slowed = None;
    let mut size = 0;
    // Ten are written in a second; 40 take less than three seconds of any clock.
    for next in 1..=40 {
        let answer = add(&world, &request(1, size, next));
        match answer.status {
            200 => size = next,
            429 => {
                assert_eq!((answer.code().as_str(), answer.header("retry-after")), ("too_many_checkpoints", Some("1")));
                slowed = Some(next);
                break;
            }
            other => panic!("{other}"),
        }
    }
    if slowed.is_none() {
        // So slow a machine was never too fast.
        return;
    }
    assert_conflict(&add(&world, &request(1, 0, size)), size);
}

#[test]
fn two_files_for_one_log_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("1"), folder.path().join("2"));
    for folder in [&first, &second] {
        std::fs::create_dir(folder).unwrap();
    }
    let files = vec![trust_file(&first, &log_vkey()), trust_file(&second, &log_vkey())];
    let mut world = World::empty();
    world.stop();
    let config = registry_server::Config { witness_trust: files, ..world.config.clone() };
    let error = world.runtime.block_on(registry_server::Server::start(config)).unwrap_err();
    assert!(format!("{error:#}").contains("names log.example, as another file did"), "{error:#}");
}

#[test]
fn a_trust_file_that_names_the_registry_itself_makes_it_no_witness_of_its_own() {
    let mut world = World::empty();
    world.stop();
    world.config.witness_trust = vec![world.data.join("trust.toml")];
    world.start();
    let trust = Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap();
    assert_eq!(trust.registries.len(), 1);
    let checkpoint = Note::parse(&world.get("/checkpoint").body).unwrap();
    let answer = add(&world, &AddCheckpoint { old: 0, proof: vec![], checkpoint });
    assert_eq!((answer.status, answer.code().as_str()), (404, "unknown_log"));
}
