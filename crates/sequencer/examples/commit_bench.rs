//! How many entries a second the log takes in-process, each answered with its proof, on a file journal and sled; and what
//! an entry costs.
//!
//! `cargo run --release -p sequencer --example commit_bench -- [entries] [writers] [bytes]`
//!
//! The law admits everything whose bytes are new to it, gives each entry one tag, and keeps 8 bytes of state for each: what
//! is measured is the sequencer. The time of the whole process is counted, submitters and proofs included. Written bytes
//! are random, so that nothing compresses them.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use primitives::{Hash, SecretKey, Signer};
use sequencer::{Chunk, Law, Notes, Options, Parts, Sequencer, SledViews, SystemClock, Timekeeper, tag_of};
use store::{Bytes, DatabaseOptions, FileJournal};

/// Rows of 8 bytes in segments that views share.
#[derive(Clone, Default)]
struct Rows {
    full: Arc<Vec<Arc<Vec<u64>>>>,
    last: Arc<Vec<u64>>,
}

const SEGMENT: usize = 4096;

impl Rows {
    fn add(&mut self, row: u64) {
        let last = Arc::make_mut(&mut self.last);
        last.push(row);
        if last.len() == SEGMENT {
            Arc::make_mut(&mut self.full).push(std::mem::take(&mut self.last));
        }
    }
}

impl Law for Rows {
    type Rules = ();
    type Item = u64;
    type Refusal = std::convert::Infallible;
    type View = Self;
    type Opened = u64;
    const COLUMNS: &'static [&'static str] = &["row"];

    fn new((): &()) -> Self {
        Self::default()
    }
    fn fingerprint((): &()) -> [u8; 32] {
        [1; 32]
    }
    fn admit(&mut self, _: u64, _: u64, item: &u64, notes: &mut Notes) -> Result<(), Self::Refusal> {
        notes.tag(0, *item);
        self.add(*item);
        Ok(())
    }
    fn open(_: &Self, _: u64, entry: &[u8]) -> u64 {
        tag_of(&Hash::of(sequencer::token(entry)).0)
    }
    fn replay(&mut self, _: u64, _: &[u8], opened: u64, notes: &mut Notes) {
        notes.tag(0, opened);
        self.add(opened);
    }
    fn view(&self) -> Self {
        self.clone()
    }
    fn save(view: &Self, before: Option<&Self>) -> Vec<Chunk> {
        let known = before.map_or(0, |before| before.full.len());
        let all = view.full.iter().chain([&view.last]).enumerate().skip(known);
        let bytes = |rows: &[u64]| rows.iter().flat_map(|row| row.to_be_bytes()).collect::<Vec<u8>>().into();
        all.map(|(number, rows)| Chunk { name: format!("{number:08}"), bytes: bytes(rows) }).collect()
    }
    fn load((): &(), chunks: &BTreeMap<String, Bytes>) -> Result<Self, String> {
        let mut rows = Self::default();
        for bytes in chunks.values() {
            bytes.as_chunks().0.iter().for_each(|row| rows.add(u64::from_be_bytes(*row)));
        }
        Ok(rows)
    }
}

type Log = Sequencer<FileJournal, SledViews, Rows>;

async fn open(folder: &std::path::Path) -> Result<Log, Box<dyn Error>> {
    Ok(Sequencer::open(Parts {
        journal: FileJournal::open(folder.join("journal"))?,
        views: SledViews::open(folder.join("database"), folder.join("signed"), DatabaseOptions::default())?,
        rules: Arc::new(()),
        timekeeper: Arc::new(Timekeeper::new(SystemClock)),
        signer: Arc::new(SecretKey::from_seed(&[7; 32])) as Arc<dyn Signer + Send + Sync>,
        origin: "registry.example".into(),
        options: Options::default(),
    })
    .await?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let entries = arguments.next().transpose()?.unwrap_or(200_000);
    let writers = arguments.next().transpose()?.unwrap_or(64);
    let bytes = usize::try_from(arguments.next().transpose()?.unwrap_or(1500))?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        // Made before the clock starts: a submission's bytes and hash are there when the signature has been checked.
        let tokens: Arc<Vec<(Bytes, Hash)>> = Arc::new((0..entries).map(|n| token(n, bytes)).collect());
        let log = Arc::new(open(folder.path()).await?);
        let next = Arc::new(AtomicU64::new(0));
        let (wall, cpu) = (Instant::now(), cpu_time());
        let mut tasks = Vec::new();
        for _ in 0..writers {
            let (log, tokens, next) = (Arc::clone(&log), Arc::clone(&tokens), Arc::clone(&next));
            tasks.push(tokio::spawn(async move {
                let mut waits = Vec::new();
                while let Some((token, hash)) =
                    usize::try_from(next.fetch_add(1, Ordering::Relaxed)).ok().and_then(|n| tokens.get(n))
                {
                    let began = Instant::now();
                    let receipt = log.submit(tag_of(&hash.0), token.clone(), *hash).await;
                    assert!(receipt.is_ok_and(|receipt| receipt.proof.len() > 100));
                    waits.push(began.elapsed());
                }
                waits
            }));
        }
        let mut waits = Vec::new();
        for task in tasks {
            waits.extend(task.await?);
        }
        let (wall, cpu) = (wall.elapsed(), cpu_time() - cpu);
        waits.sort_unstable();
        let at = |share: usize| waits.get(waits.len() * share / 1000).copied().unwrap_or_default();
        println!("{entries} entries of {bytes} bytes by {writers} writers");
        println!("  {:>8} entries/s, {:.1} µs of CPU an entry", per_second(entries, wall), micros(cpu, entries));
        println!("  answered after {:?} (median), {:?} (p99), {:?} (p99.9)", at(500), at(990), at(999));
        let began = Instant::now();
        log.close().await.map_err(|failure| failure.to_string())?;
        println!("  closed in {:?}", began.elapsed());
        drop(log);
        let (began, cpu) = (Instant::now(), cpu_time());
        let log = open(folder.path()).await?;
        println!("  opened from the saved state in {:?} ({:?} of CPU)", began.elapsed(), cpu_time() - cpu);
        log.close().await.map_err(|failure| failure.to_string())?;
        drop(log);
        std::fs::remove_dir_all(folder.path().join("database"))?;
        let (began, cpu) = (Instant::now(), cpu_time());
        let log = open(folder.path()).await?;
        let (wall, cpu) = (began.elapsed(), cpu_time() - cpu);
        println!(
            "  replayed whole in {wall:?}: {} entries/s, {:.1} µs of CPU an entry",
            per_second(entries, wall),
            micros(cpu, entries)
        );
        assert_eq!(log.published().size, entries);
        Ok(())
    })
}

/// Bytes that differ everywhere from those of every other number.
fn token(number: u64, bytes: usize) -> (Bytes, Hash) {
    let mut token = Vec::with_capacity(bytes + 32);
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while token.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        token.extend_from_slice(&state.to_be_bytes());
    }
    token.truncate(bytes);
    let hash = Hash::of(&token);
    (token.into(), hash)
}

fn per_second(count: u64, time: Duration) -> u128 {
    u128::from(count) * 1_000_000_000 / time.as_nanos().max(1)
}

fn micros(time: Duration, count: u64) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX))
}

/// CPU time of this process, all threads.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
