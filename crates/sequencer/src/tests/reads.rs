//! What readers get, while the log grows and at every size.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tlog::{
    Bundle, MemoryTree, Proof, TILE_WIDTH, TileKind, TilePath, leaf_hash, verify_consistency, verify_inclusion,
    width_in,
};

use super::market::{STALLS, party_tag};
use super::rig::{Log, Rig, open_checkpoint, submit};
use crate::token;

async fn post_all(log: &Arc<Log>, from: u64, to: u64) {
    let mut tasks = Vec::new();
    for offer in from..to {
        let log = Arc::clone(log);
        tasks.push(tokio::spawn(async move { submit(&log, &format!("post {} {offer}", offer % 2)).await }));
        if tasks.len() == 200 {
            for task in tasks.drain(..) {
                task.await.unwrap().unwrap();
            }
        }
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

async fn market(rig: &Rig) -> Arc<Log> {
    let log = Arc::new(rig.open().await);
    submit(&log, "open 0").await.unwrap();
    submit(&log, "open 1").await.unwrap();
    log
}

#[tokio::test]
async fn tiles_and_bundles_are_those_of_the_tree_and_end_at_the_published_size() {
    let rig = Rig::new();
    let log = market(&rig).await;
    let mut posted = 0;
    for size in [3, 255, 256, 257, 511, 512, 700] {
        post_all(&log, posted, size - 2).await;
        posted = size - 2;
        let entries = rig.entries().await;
        assert_eq!(log.published().size, size);
        let tree: MemoryTree = entries.iter().map(|entry| leaf_hash(entry)).collect();
        for kind in [TileKind::Hashes { level: 0 }, TileKind::Hashes { level: 1 }, TileKind::Entries] {
            for index in 0..4 {
                for width in 1..=TILE_WIDTH {
                    let path = TilePath::new(kind, index, width).unwrap();
                    let served = log.tile(path).await.unwrap();
                    assert_eq!(served.is_some(), width <= width_in(path.level(), index, size), "{path} at {size}");
                    let Some(served) = served else { continue };
                    let positions = index * 256..index * 256 + u64::from(width);
                    let expected: Vec<u8> = match kind {
                        TileKind::Hashes { level } => positions
                            .flat_map(|position| tlog::HashSource::hash(&tree, level * 8, position).unwrap().0)
                            .collect(),
                        TileKind::Entries => {
                            Bundle::encode(positions.map(|index| &entries[usize::try_from(index).unwrap()])).unwrap()
                        }
                    };
                    assert_eq!(served, expected, "{path} at {size}");
                }
            }
        }
        for path in [TileKind::Hashes { level: 7 }, TileKind::Hashes { level: 8 }, TileKind::Hashes { level: 63 }] {
            assert_eq!(log.tile(TilePath::new(path, 0, 1).unwrap()).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn every_entry_has_a_proof_at_the_published_size() {
    let rig = Rig::new();
    let log = market(&rig).await;
    post_all(&log, 0, 700).await;
    let reader = log.reader();
    let published = reader.published();
    assert_eq!(open_checkpoint(&rig, &published.checkpoint).root(), published.root);
    for (entry, index) in rig.entries().await.iter().zip(0..) {
        assert_eq!(reader.entry(index).await.unwrap().as_ref(), Some(entry));
        let hashes = reader.inclusion(index).unwrap().unwrap();
        verify_inclusion(&leaf_hash(entry), index, published.size, &hashes, &published.root).unwrap();
        let proof = Proof::parse(reader.proof(index).await.unwrap().unwrap().as_bytes()).unwrap();
        assert_eq!((proof.index(), proof.extra(), proof.hashes()), (index, &entry[..8], &hashes[..]));
    }
    assert_eq!(reader.entry(702).await.unwrap(), None);
    assert_eq!(reader.inclusion(702).unwrap(), None);
    assert_eq!(reader.proof(702).await.unwrap(), None);
}

#[tokio::test]
async fn any_older_size_is_proved_to_be_a_beginning() {
    let rig = Rig::new();
    let log = market(&rig).await;
    post_all(&log, 0, 700).await;
    let reader = log.reader();
    let published = reader.published();
    let mut tree = MemoryTree::new();
    for (entry, old) in rig.entries().await.iter().zip(1..) {
        tree.push(leaf_hash(entry));
        let root = tlog::root(old, &tree).unwrap();
        let proof = reader.consistency(old).unwrap().unwrap();
        verify_consistency(old, published.size, &root, &published.root, &proof).unwrap();
    }
    assert_eq!(reader.consistency(0).unwrap(), Some(vec![]));
    assert_eq!(reader.consistency(703).unwrap(), None);
}

#[tokio::test]
async fn entries_are_proved_under_any_older_size() {
    let rig = Rig::new();
    let log = market(&rig).await;
    let mut older = vec![log.published()];
    for size in [7, 256, 300] {
        post_all(&log, older.last().unwrap().size - 2, size - 2).await;
        older.push(log.published());
    }
    post_all(&log, 298, 520).await;
    let (reader, entries) = (log.reader(), rig.entries().await);
    for published in older {
        let (size, root) = (published.size, published.root);
        assert_eq!(reader.root_of(size).unwrap(), Some(root));
        for index in (0..size).step_by(13).chain([size - 1]) {
            let leaf = leaf_hash(&entries[usize::try_from(index).unwrap()]);
            let proof = reader.inclusion_in(index, size).unwrap().unwrap();
            verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
            let text = reader.proof_under(index, size, published.checkpoint_text()).await.unwrap().unwrap();
            let included = Proof::parse(text.as_bytes()).unwrap().verify(&leaf, &[rig.vkey()]).unwrap();
            assert_eq!(included.checkpoint().size(), size);
        }
        assert_eq!(reader.inclusion_in(size, size).unwrap(), None);
    }
    assert_eq!(reader.root_of(0).unwrap(), Some(tlog::EMPTY_ROOT));
    assert_eq!((reader.root_of(523).unwrap(), reader.inclusion_in(0, 523).unwrap()), (None, None));
}

#[tokio::test]
async fn a_reader_keeps_to_its_size_while_the_log_grows() {
    let rig = Rig::new();
    let log = market(&rig).await;
    post_all(&log, 0, 250).await;
    let reader = log.reader();
    let path = TilePath::new(TileKind::Hashes { level: 0 }, 0, 252).unwrap();
    let before = reader.tile(path).await.unwrap().unwrap();
    post_all(&log, 250, 900).await;
    assert_eq!(reader.published().size, 252);
    assert_eq!(reader.tile(path).await.unwrap().unwrap(), before);
    assert_eq!(reader.tile(path.to_full()).await.unwrap(), None);
    assert_eq!(reader.entry(252).await.unwrap(), None);
    assert_eq!(reader.tagged(0, party_tag(1), 9999).iter().max(), Some(&251));
    let hashes = reader.inclusion(251).unwrap().unwrap();
    let leaf = leaf_hash(&reader.entry(251).await.unwrap().unwrap());
    verify_inclusion(&leaf, 251, 252, &hashes, &reader.published().root).unwrap();
}

#[tokio::test]
async fn entries_are_found_by_token_by_tag_and_by_key() {
    let rig = Rig::new();
    let log = market(&rig).await;
    post_all(&log, 0, 100).await;
    for restart in [false, true] {
        let log = if restart {
            log.close().await.unwrap();
            Arc::new(rig.open().await)
        } else {
            Arc::clone(&log)
        };
        let reader = log.reader();
        for index in 0..102 {
            let entry = reader.entry(index).await.unwrap().unwrap();
            let hash = primitives::Hash::of(token(&entry));
            assert_eq!(reader.index_of(token(&entry), &hash).await.unwrap(), Some(index));
            assert_eq!(reader.index_of(b"other", &hash).await.unwrap(), None, "bytes decide");
        }
        let all: BTreeSet<u64> = reader.tagged(0, party_tag(0), usize::MAX).into_iter().collect();
        assert_eq!(all.len(), 51);
        let newest = reader.tagged(0, party_tag(0), 3);
        assert_eq!(newest, all.iter().rev().take(3).copied().collect::<Vec<_>>());
        assert!(reader.tagged(0, party_tag(9), 3).is_empty() && reader.tagged(6, party_tag(0), 3).is_empty());
        assert_eq!(reader.value(STALLS, &1_u16.to_be_bytes()).unwrap().as_deref(), Some(&1_u64.to_be_bytes()[..]));
        assert_eq!(reader.value(STALLS, b"none").unwrap(), None);
        let values = reader.values(STALLS, &[0], None, 9).unwrap();
        assert_eq!(values.iter().map(|(key, _)| key[1]).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(reader.values(STALLS, &[0], Some(&[0, 0]), 9).unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_tile_that_the_database_lost_is_told_and_made_again_with_an_empty_one() {
    let rig = Rig::new();
    let log = market(&rig).await;
    post_all(&log, 0, 600).await;
    let (mut maps, marker) = rig.views.contents();
    maps.get_mut("log.tiles").unwrap().pop_first();
    rig.views.replace((maps, marker));
    let path = TilePath::new(TileKind::Hashes { level: 0 }, 0, 9).unwrap();
    assert_eq!(log.tile(path).await.unwrap_err().code(), "tile_missing");
    assert_eq!(log.reader().inclusion(3).unwrap_err().code(), "tile_missing");
    log.close().await.unwrap();
    rig.views.lose();
    assert!(rig.open().await.tile(path).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_see_whole_batches_only_and_sizes_that_grow() {
    let rig = Rig::new();
    let log = market(&rig).await;
    let done = Arc::new(AtomicBool::new(false));
    let mut readers = Vec::new();
    for _ in 0..3 {
        let (log, done) = (Arc::clone(&log), Arc::clone(&done));
        readers.push(tokio::spawn(async move {
            let (mut last, mut seen) = (0, 0_u64);
            while !done.load(Ordering::Relaxed) {
                let reader = log.reader();
                let published = reader.published();
                assert!(published.size >= last);
                last = published.size;
                assert_eq!(published.view.posts().len() as u64 + 2, published.size, "state and size are one");
                for index in [published.size - 1, published.size / 2, 0] {
                    let entry = reader.entry(index).await.unwrap().unwrap();
                    let hashes = reader.inclusion(index).unwrap().unwrap();
                    verify_inclusion(&leaf_hash(&entry), index, published.size, &hashes, &published.root).unwrap();
                }
                seen += 1;
                tokio::task::yield_now().await;
            }
            seen
        }));
    }
    post_all(&log, 0, 3000).await;
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
}
