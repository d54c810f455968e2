//! The C2SP log.

use tlog::{Bundle, OpenedCheckpoint};
use verify::Trust;

use crate::world::World;

fn checkpoint(world: &World) -> OpenedCheckpoint {
    let answer = world.get("/checkpoint");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let trust = Trust::from_toml(&std::fs::read_to_string(world.data.join("trust.toml")).unwrap()).unwrap();
    OpenedCheckpoint::open(&answer.body, &trust.registries[0].log_keys).unwrap()
}

#[test]
fn checkpoint_tiles_and_entries_belong_together() {
    let world = World::with_attestation();
    let checkpoint = checkpoint(&world);
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("registry.example", 2));
    let bundle = world.get("/tile/entries/000.p/2");
    assert_eq!(bundle.header("content-type"), Some("application/octet-stream"));
    assert_eq!(bundle.header("access-control-allow-origin"), Some("*"));
    assert_eq!(bundle.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let entries = Bundle::decode(&bundle.body, 2).unwrap();
    let tile = world.get("/tile/0/000.p/2");
    assert_eq!(tile.body.len(), 64);
    let leaves: Vec<_> = entries.leaf_hashes().collect();
    assert_eq!(tile.body, [leaves[0].0, leaves[1].0].concat());
    assert_eq!(tlog::node_hash(&leaves[0], &leaves[1]), checkpoint.root());
    assert_eq!(world.get("/tile/0/000.p/1").body, tile.body[..32], "a partial tile is the prefix of a wider one");
}

#[test]
fn an_empty_log_has_a_checkpoint_and_no_tile() {
    let world = World::empty();
    assert_eq!(checkpoint(&world).size(), 0);
    assert_eq!(world.get("/tile/0/000.p/1").status, 404);
}

#[test]
fn what_is_no_tile_or_not_there_yet_is_not_found() {
    let world = World::with_attestation();
    for target in [
        "/tile/0/000",
        "/tile/0/000.p/3",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/0/000.p/02",
        "/tile/1/000.p/1",
        "/tile/0/001.p/1",
        "/tile/64/000.p/1",
        "/tile/00/000.p/1",
        "/tile/entries/000",
        "/tile/entries/000.p/3",
        "/tile/data/000.p/1",
        "/tile/8/0/000.p/1",
        "/tile/0/x000/000.p/1",
        "/tile/0/000.p/2/",
        "/tile/0//000.p/2",
        "/tile/0/000.p%2F2",
        "/tile/%30/000.p/2",
        "/tile/../checkpoint",
        "/tile/0/18446744073709551616",
        "/tile/0/x999/x999/x999/x999/x999/x999/x999/999.p/1",
        "/tile/",
        "/tile",
    ] {
        let answer = world.get(target);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{target}");
    }
    // A client in a page of another site has to see that a partial tile is gone, to ask for the full one.
    let answer = world.get("/tile/0/000.p/3");
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}
