use alloc::format;
use alloc::string::String;

use primitives::{SecretKey, Signer, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::{MemoryTree, ReceiptClaims, consistency_proof, encode_proof, inclusion_proof, leaf_hash, root};

const ORIGIN: &str = "registry.example";

/// For each parser, bytes that it accepts: without them the promises would hold for want of anything read.
fn sample(name: &str) -> Vec<u8> {
    let (log, witness) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
    let tree: MemoryTree = (0..5_u8).map(|n| leaf_hash(&[n])).collect();
    let checkpoint = Checkpoint::new(ORIGIN, 5, root(5, &tree).unwrap()).unwrap();
    let time = Timestamp::from_seconds(1_790_000_000);
    let line = NoteSignature::cosignature_v1(&checkpoint, "w.example", &witness, time).unwrap();
    let mut note = checkpoint.sign(&log).unwrap();
    note.add(line.clone()).unwrap();
    let keys = [
        Vkey::log(ORIGIN, log.public_key()).unwrap().to_string(),
        Vkey::witness("w.example", witness.public_key()).unwrap().to_string(),
    ];
    let hashes = inclusion_proof(3, 5, &tree).unwrap();
    match name {
        "tlog_note" => note.to_string().into_bytes(),
        "tlog_signature_lines" => format!("{line}{line}").into_bytes(),
        "tlog_add_checkpoint" => {
            let proof = consistency_proof(3, 5, &tree).unwrap();
            AddCheckpoint { old: 3, proof, checkpoint: note }.to_string().into_bytes()
        }
        "tlog_vkey" => keys[0].clone().into_bytes(),
        "tlog_checkpoint" => checkpoint.with_extension("more").unwrap().to_text().into_bytes(),
        "tlog_opened_checkpoint" => format!("{}\n{note}", keys.join(" ")).into_bytes(),
        "tlog_proof" => encode_proof(3, &hashes, b"received", &note.to_string()).into_bytes(),
        "tlog_receipt" => {
            let claims = ReceiptClaims {
                issuer: "https://a".into(),
                subject: "https://a/3".into(),
                received_at: 1_790_000_000_001,
            };
            Receipt::sign(claims, (5, root(5, &tree).unwrap()), (3, hashes), &log).unwrap().encode()
        }
        "tlog_tile_path" => b"tile/0/x001/x234/067.p/8".to_vec(),
        "tlog_tile" => [&[0, 2][..], &[7; 64]].concat(),
        "tlog_bundle" => [&[0, 2][..], &[0, 1, 7, 0, 0]].concat(),
        "tlog_frontier" => Frontier::read(5, &tree).unwrap().encode(),
        "tlog_merkle_proofs" => {
            let (root, leaf) = (root(5, &tree).unwrap(), leaf_hash(&[3]));
            let hashes: Vec<u8> = [root, leaf].iter().chain(&hashes).flat_map(|hash| hash.0).collect();
            [&3_u64.to_be_bytes()[..], &5_u64.to_be_bytes(), &hashes].concat()
        }
        other => panic!("no sample for {other}"),
    }
}

/// Whether the sample is really read: the promise itself cannot say.
fn is_read(name: &str, bytes: &[u8]) -> bool {
    let text = || str::from_utf8(bytes).unwrap();
    let after_width = || bytes.get(2..).unwrap();
    match name {
        "tlog_note" => Note::parse(bytes).is_ok(),
        "tlog_signature_lines" => NoteSignature::parse_lines(bytes).is_ok(),
        "tlog_add_checkpoint" => AddCheckpoint::parse(bytes).is_ok(),
        "tlog_vkey" => Vkey::parse(text()).is_ok(),
        "tlog_checkpoint" => Checkpoint::parse(text()).is_ok(),
        "tlog_opened_checkpoint" => {
            let (keys, note) = text().split_once('\n').unwrap();
            let keys: Vec<Vkey> = keys.split(' ').map(|key| key.parse().unwrap()).collect();
            OpenedCheckpoint::open(note.as_bytes(), &keys).is_ok_and(|opened| opened.cosigners().len() == 1)
        }
        "tlog_proof" => Proof::parse(bytes).is_ok(),
        "tlog_receipt" => Receipt::parse(bytes).is_ok(),
        "tlog_tile_path" => TilePath::parse(text()).is_ok(),
        "tlog_tile" => Tile::decode(after_width(), 2).is_ok(),
        "tlog_bundle" => Bundle::decode(after_width(), 2).is_ok(),
        "tlog_frontier" => Frontier::decode(bytes).is_ok(),
        "tlog_merkle_proofs" => {
            let hashes: Vec<Hash> = bytes[16..].as_chunks().0.iter().copied().map(Hash).collect();
            verify_inclusion(&hashes[1], 3, 5, &hashes[2..], &hashes[0]).is_ok()
        }
        _ => false,
    }
}

#[test]
fn the_samples_are_read_and_keep_the_promises() {
    for (name, invariant) in ALL {
        let sample = sample(name);
        assert!(is_read(name, &sample), "{name}");
        invariant(&sample);
    }
}

#[test]
fn every_cut_and_every_flipped_bit_keeps_the_promises() {
    for (name, invariant) in ALL {
        let sample = sample(name);
        (0..sample.len()).for_each(|cut| invariant(&sample[..cut]));
        for bit in 0..sample.len() * 8 {
            let mut changed = sample.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            invariant(&changed);
        }
    }
}

proptest! {
    #[test]
    fn changed_samples_keep_the_promises(
        which in 0..ALL.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>()), 0..6),
        piece: String,
    ) {
        let (name, invariant) = ALL[which];
        let mut bytes = sample(name);
        for (at, how, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => drop(bytes.splice(at..at, piece.bytes())),
            }
        }
        invariant(&bytes);
    }

    #[test]
    fn any_bytes_keep_the_promises(bytes: Vec<u8>) {
        ALL.iter().for_each(|(_, invariant)| invariant(&bytes));
    }
}
