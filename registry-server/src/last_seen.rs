//! What others have seen of this log: its witnesses are asked for the last checkpoint that each cosigned (c2sp.org/tlog-witness,
//! `GET <prefix>/<SHA-256 of the origin>/checkpoint`). Nothing is believed but what the log's own key signed.

use std::thread;
use std::time::Duration;

use primitives::Hash;
use sequencer::Floor;
use tlog::{MAX_NOTE_SIZE, OpenedCheckpoint, Vkey};
use verify::TrustedRegistry;

use crate::log_source::{LogSource, SourceError};

/// A tree that somebody knows to have been signed.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) floor: Floor,
    pub(crate) by: String,
}

/// What the witnesses say.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) seen: Vec<Seen>,
    /// Witnesses that gave no word, and why.
    pub(crate) silent: Vec<String>,
    /// How many gave one.
    pub(crate) answered: usize,
}

/// Asks all witnesses of the trust file at once, each for so long at most.
pub(crate) fn by_witnesses(registry: &TrustedRegistry, time: Duration) -> Words {
    let mut words = Words::default();
    let answers = thread::scope(|scope| {
        let asking = registry.quorum.witnesses().iter().map(|witness| scope.spawn(|| ask(witness, registry, time)));
        let asking: Vec<_> = asking.collect();
        asking.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for answer in answers {
        match answer {
            Ok(Ok(seen)) => {
                words.answered += 1;
                words.seen.push(seen);
            }
            Ok(Err(why)) => words.silent.push(why),
            Err(_) => words.silent.push("a witness could not be asked".into()),
        }
    }
    words
}

/// What a witness saw last, or why it gives no word.
fn ask(witness: &Vkey, registry: &TrustedRegistry, time: Duration) -> Result<Seen, String> {
    let name = witness.name();
    let Some((_, url)) = registry.witness_urls.iter().find(|(vkey, _)| vkey == witness) else {
        return Err(format!("the trust file has no address of witness {name}"));
    };
    let (source, hash) = (LogSource::parse(url), Hash::of(registry.policy.origin.as_str().as_bytes()));
    let path = format!("{hash}/checkpoint");
    let note = source.get_within(&path, MAX_NOTE_SIZE as u64, time);
    // A 404 is no word either: it is also what a witness answers that has its copies elsewhere.
    let note = note.and_then(|note| note.ok_or_else(|| SourceError::Missing(format!("{source}/{path}"))));
    let checkpoint = note.map_err(anyhow::Error::from).and_then(|note| Ok(verify::open_checkpoint(&note, registry)?));
    match checkpoint {
        // Its own cosignature, or it is any old checkpoint that somebody put there.
        Ok(checkpoint) if checkpoint.cosigners().iter().any(|cosigner| cosigner.key() == witness) => {
            Ok(Seen { floor: floor(&checkpoint), by: format!("witness {name}") })
        }
        Ok(_) => Err(format!("witness {name} shows a checkpoint without its cosignature")),
        Err(error) => Err(format!("witness {name} gives no word: {}", crate::causes::told(error.as_ref()))),
    }
}

pub(crate) fn floor(checkpoint: &OpenedCheckpoint) -> Floor {
    Floor { size: checkpoint.size(), root: checkpoint.root() }
}
