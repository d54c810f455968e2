//! Snapshots: made in the background, served with ranges, and the same verdict as the registry's own.

use std::time::{Duration, Instant};

use registry_server::Schedule;
use statement::Action;
use verify::{Evidence, Known, OpenedSnapshot, Strict, Trust};

use crate::world::{World, query};

fn world() -> World {
    let every = Duration::from_millis(20);
    let world = World::with(|config| config.snapshots = Schedule { every, ..Schedule::default() });
    world.accredit();
    assert_eq!(world.attest(0), 1);
    world
}

fn trust(world: &World) -> Trust {
    Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap()
}

/// The first snapshot of at least `size` entries: head and body.
pub(crate) fn snapshot(world: &World, size: u64) -> (Vec<u8>, Vec<u8>) {
    let started = Instant::now();
    loop {
        let answer = world.get("/v1/snapshot");
        if answer.status == 200 {
            let head = verify::open_head(&answer.body, &trust(world).registries[0]).unwrap();
            if head.checkpoint().size() >= size {
                let body = world.get(&format!("/v1/snapshot/{}", head.index_digest()));
                assert_eq!((body.status, body.body.len() as u64), (200, head.body_length()));
                assert_eq!(body.header("cache-control"), Some("public, max-age=31536000, immutable"));
                assert_eq!(body.header("access-control-allow-origin"), Some("*"));
                return (answer.body, body.body);
            }
        } else {
            assert_eq!(answer.code(), "no_snapshot");
        }
        assert!(started.elapsed() < Duration::from_secs(30), "no snapshot of {size} entries");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn open(world: &World, head: &[u8], body: &[u8]) -> OpenedSnapshot {
    let read = |offset: u64, length: u32| {
        let start = usize::try_from(offset).unwrap();
        body.get(start..start + usize::try_from(length).unwrap())
    };
    OpenedSnapshot::open(head, &trust(world).registries[0], read).unwrap()
}

#[test]
fn a_snapshot_follows_the_log_and_judges_as_the_registry_does() {
    let world = world();
    let label = world.parties.label(1, 17).to_uri();
    let (head, body) = snapshot(&world, 2);
    let before = open(&world, &head, &body);
    world.change(Action::Suspend, 1, None);
    let (head, body) = snapshot(&world, 3);
    let after = open(&world, &head, &body);
    for (snapshot, outcome) in [(before, "verified"), (after, "refused")] {
        let now = snapshot.head().produced_at();
        let known = |_: &label::Label| Known::State(snapshot.knowledge());
        let evidence = Evidence { label: &label, known: &known, signatures: &Strict };
        assert_eq!(verify::verify(&evidence, &trust(&world), now).outcome.code(), outcome);
    }
    assert_eq!(world.get(&format!("/v1/verify?label={}", query(&label))).json()["outcome"], "refused");
}

#[test]
fn a_body_is_served_in_ranges_and_nothing_else_is_served() {
    let world = world();
    let (head, body) = snapshot(&world, 2);
    let digest = verify::open_head(&head, &trust(&world).registries[0]).unwrap().index_digest();
    let path = format!("GET /v1/snapshot/{digest}");
    let part = world.send(&path, &[("range", "bytes=10-29")], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &body[10..30]));
    assert_eq!(part.header("content-range"), Some(format!("bytes 10-29/{}", body.len()).as_str()));
    let rest = world.send(&path, &[("range", "bytes=100-")], b"");
    assert_eq!((rest.status, rest.body.as_slice()), (206, &body[100..]));
    let past = world.send(&path, &[("range", "bytes=9999999-")], b"");
    assert_eq!((past.status, past.code().as_str()), (416, "no_such_range"));
    for other in ["0".repeat(64), "..%2flog.key".into(), "x".into(), digest.to_string().to_uppercase()] {
        let answer = world.get(&format!("/v1/snapshot/{other}"));
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{other}");
    }
}

/// The key that signs heads signs nothing that passes for a checkpoint.
#[test]
fn a_head_is_no_checkpoint() {
    let world = world();
    let (head, _) = snapshot(&world, 2);
    let registry = &trust(&world).registries[0];
    assert!(verify::open_checkpoint(&head, registry).is_err());
    assert!(verify::open_head(&world.get("/checkpoint").body, registry).is_err());
}

#[test]
fn bodies_of_earlier_sizes_are_cleared_away() {
    let world = world();
    for slot in 1..15 {
        let index = world.attest(slot);
        snapshot(&world, index + 1);
    }
    let left = std::fs::read_dir(world.data.join("snapshots")).unwrap().count();
    assert!((1..=9).contains(&left), "{left}");
}
