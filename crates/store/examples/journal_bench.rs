//! What the journal and the database do on this machine, each figure beside a limit taken in the same run.
//!
//! `cargo run --release -p store --example journal_bench [entries]` (default 1,000,000); under a minute. It writes to the
//! current folder's file system, below `target`, and removes what it wrote.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use store::{Bytes, Database, DatabaseOptions, FileJournal, Journal, Puts, Record};

const ENTRY_BYTES: usize = 1500;
const BATCH: u64 = 100;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let entries = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let base = Path::new("target");
    std::fs::create_dir_all(base)?;
    let folder = tempfile::Builder::new().prefix("journal-bench-").tempdir_in(base)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    for batch in [1, 10, 100, 1000] {
        runtime.block_on(append_rate(&folder.path().join(format!("batch-{batch}")), batch))?;
    }
    runtime.block_on(fill_and_reopen(&folder.path().join("journal"), entries))?;
    database(&folder.path().join("database"), entries)?;
    sled_alone(&folder.path().join("sled"), entries.min(40_000))?;
    Ok(())
}

/// Bytes that do not repeat, as those of signatures do not.
fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let words = std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).to_be_bytes()
    });
    words.flatten().take(bytes).collect()
}

fn record(first_index: u64, entries: u64) -> Record {
    let entry = Bytes::from(noise(first_index, ENTRY_BYTES));
    let entries = (0..entries).map(|_| entry.clone()).collect::<Vec<_>>();
    let tree_size = first_index + entries.len() as u64;
    Record { first_index, entries, tree_size, root: [0x11; 32] }
}

struct Times(Vec<Duration>);

impl Times {
    fn at(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        self.0.get((self.0.len().max(1) - 1) * percent / 100).copied().unwrap_or_default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures to three digits")]
fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Appends for two seconds; then the same bytes to a bare file of zeros with one `fdatasync` each.
async fn append_rate(folder: &Path, batch: u64) -> Result<()> {
    let journal = FileJournal::open(folder)?;
    let (begun, mut times, mut bytes) = (Instant::now(), Times(Vec::new()), 0);
    while begun.elapsed() < Duration::from_secs(2) {
        let record = record(journal.entries(), batch);
        let append = Instant::now();
        journal.append(journal.len(), &record).await?;
        times.0.push(append.elapsed());
        bytes = record.encoded_len();
    }
    let (count, spent) = (times.0.len() as u64, times.0.iter().sum());
    let mut bare = bare_file(&folder.join("bare"), usize::try_from(bytes)?)?;
    println!(
        "append {batch:4} entries: {:8.0} entries/s, median {:?}, p99 {:?}; a bare fdatasync of as many bytes: median {:?}, p99 {:?}",
        per_second(count * batch, spent),
        times.at(50),
        times.at(99),
        bare.at(50),
        bare.at(99),
    );
    drop(journal);
    Ok(std::fs::remove_dir_all(folder)?)
}

fn bare_file(path: &Path, bytes: usize) -> Result<Times> {
    let mut file = File::create_new(path)?;
    let zeros = vec![0; 1 << 20];
    (0..64).try_for_each(|_| file.write_all(&zeros))?;
    file.sync_all()?;
    let (data, begun, mut times, mut at) = (vec![0xa5; bytes], Instant::now(), Times(Vec::new()), 0);
    while begun.elapsed() < Duration::from_secs(1) {
        let write = Instant::now();
        file.write_all_at(&data, at)?;
        file.sync_data()?;
        times.0.push(write.elapsed());
        at = (at + bytes as u64) % ((64 << 20) - bytes as u64);
    }
    Ok(times)
}

#[expect(clippy::cast_precision_loss, reason = "figures to three digits")]
async fn fill_and_reopen(folder: &Path, entries: u64) -> Result<()> {
    let journal = FileJournal::open(folder)?;
    let (begun, mut times) = (Instant::now(), Times(Vec::new()));
    while journal.entries() < entries {
        let record = record(journal.entries(), BATCH.min(entries - journal.entries()));
        let append = Instant::now();
        journal.append(journal.len(), &record).await?;
        times.0.push(append.elapsed());
    }
    println!(
        "fill: {entries} entries of {ENTRY_BYTES} bytes in batches of {BATCH}: {:.0} entries/s, p99 {:?}, slowest {:?}",
        per_second(entries, begun.elapsed()),
        times.at(99),
        times.at(100),
    );
    drop(journal);
    let open = Instant::now();
    let journal = FileJournal::open(folder)?;
    println!("reopen: {:?} for {} records", open.elapsed(), journal.len());
    let verify = Instant::now();
    let summary = journal.verify_all()?;
    let ratio = summary.disk_bytes as f64 / summary.entry_bytes as f64;
    println!("verify all: {:?}; disk {} bytes = {ratio:.3} × the entries", verify.elapsed(), summary.disk_bytes);
    let (read, count) = (Instant::now(), 2000);
    for nth in 0..count {
        journal.read(nth * 7919 % journal.len()).await?.ok_or("a record is missing")?;
    }
    println!("read one record of {BATCH}: {:?}", read.elapsed() / u32::try_from(count)?);
    drop(journal);
    Ok(std::fs::remove_dir_all(folder)?)
}

/// What a statement changes: a row, two indexes by hash, one by lot, one status slot; a tile for every 256.
fn puts(first: u64) -> Puts {
    let mut puts = Puts::new();
    for index in first..first + BATCH {
        let value = index.to_be_bytes();
        puts.put("rows", value, noise(index, 44));
        puts.put("leaf", noise(index ^ 1 << 40, 32), Bytes::copy_from_slice(&value));
        puts.put("jws", noise(index ^ 1 << 41, 32), Bytes::copy_from_slice(&value));
        puts.put("lots", [&b"09521234543213/"[..], &lot(index / 3), &value].concat(), Bytes::new());
        puts.put("slots", noise(index ^ 1 << 43, 40), Bytes::copy_from_slice(&value));
        if index % 256 == 255 {
            puts.put("tiles", value, noise(index, 8192));
        }
    }
    puts
}

fn lot(number: u64) -> Vec<u8> {
    noise(number ^ (1 << 42), 8)
}

fn processor_time() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let ticks = stat.split_whitespace().skip(13).take(2).map(str::parse::<u64>).sum::<std::result::Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

fn database(folder: &Path, statements: u64) -> Result<()> {
    let options = DatabaseOptions::default();
    let database = Database::open(folder, options)?;
    let (mut times, mut making, processor) = (Times(Vec::new()), Duration::ZERO, processor_time()?);
    let begun = Instant::now();
    for first in (0..statements).step_by(usize::try_from(BATCH)?) {
        let make = Instant::now();
        let puts = puts(first);
        making += make.elapsed();
        let apply = Instant::now();
        database.apply(puts, first + BATCH)?;
        times.0.push(apply.elapsed());
    }
    let (wall, processor) = (begun.elapsed() - making, (processor_time()? - processor).saturating_sub(making));
    println!(
        "database: {:.0} puts/s, {:.0} puts per second of processor; a batch of {BATCH}: median {:?}, p99 {:?}, slowest {:?}",
        per_second(statements * 5, wall),
        per_second(statements * 5, processor),
        times.at(50),
        times.at(99),
        times.at(100),
    );
    let (flush, size) = (Instant::now(), database.size_on_disk()? >> 20);
    database.flush()?;
    println!("flush {:?}; disk {size} MB", flush.elapsed());
    let close = Instant::now();
    drop(database);
    let (close, open, processor) = (close.elapsed(), Instant::now(), processor_time()?);
    let database = Database::open(folder, options)?;
    let (open, processor) = (open.elapsed(), processor_time()? - processor);
    println!("close {close:?}, reopen {open:?} ({processor:?} of a processor)");
    let (count, mut hits) = (20_000_u64, 0);
    let get = Instant::now();
    for nth in 0..count {
        hits += u64::from(database.get("rows", (nth * 7919 % statements).to_be_bytes())?.is_some());
    }
    let (present, get) = (get.elapsed(), Instant::now());
    for nth in 0..count {
        hits += u64::from(database.get("jws", noise(nth ^ 1 << 50, 32))?.is_some());
    }
    let (absent, scan) = (get.elapsed(), Instant::now());
    let scans = 1000;
    for nth in 0..scans {
        let prefix = [&b"09521234543213/"[..], &lot(nth * 7 % statements / 3)].concat();
        hits += database.scan_prefix("lots", &prefix, 10)?.len() as u64;
    }
    let (present, absent) = (present / u32::try_from(count)?, absent / u32::try_from(count)?);
    println!(
        "get present {present:?}, absent {absent:?}, scan of a lot {:?} ({hits} found)",
        scan.elapsed() / u32::try_from(scans)?
    );
    Ok(())
}

/// The same puts into plain trees of sled, in three ways.
fn sled_alone(folder: &Path, statements: u64) -> Result<()> {
    for way in ["one by one", "a batch a tree", "a transaction"] {
        let db = sled::Config::new().path(folder).cache_capacity(128 << 20).flush_every_ms(Some(1000)).open()?;
        let names = ["rows", "leaf", "jws", "lots", "slots", "tiles"];
        let trees = names.map(|name| db.open_tree(name));
        let trees = trees.into_iter().collect::<sled::Result<Vec<_>>>()?;
        let tree = |map: &str| names.iter().position(|name| *name == map).unwrap_or(0);
        let (mut wall, processor, begun) = (Duration::ZERO, processor_time()?, Instant::now());
        for first in (0..statements).step_by(usize::try_from(BATCH)?) {
            let puts = puts(first);
            let apply = Instant::now();
            let changes =
                puts.iter().filter_map(|change| Some((tree(change.map), &change.key, change.value.as_ref()?)));
            match way {
                "one by one" => {
                    for (tree, key, value) in changes {
                        trees.get(tree).ok_or("no tree")?.insert(key, &**value)?;
                    }
                }
                "a batch a tree" => {
                    let mut batches = vec![sled::Batch::default(); trees.len()];
                    for (tree, key, value) in changes {
                        batches.get_mut(tree).ok_or("no tree")?.insert(&**key, &**value);
                    }
                    trees.iter().zip(batches).try_for_each(|(tree, batch)| tree.apply_batch(batch))?;
                }
                _ => {
                    let changes: Vec<_> = changes.collect();
                    let apply = |trees: &Vec<sled::transaction::TransactionalTree>| {
                        for (tree, key, value) in &changes {
                            if let Some(tree) = trees.get(*tree) {
                                tree.insert(&***key, &***value)?;
                            }
                        }
                        Ok::<(), sled::transaction::ConflictableTransactionError<()>>(())
                    };
                    sled::Transactional::transaction(trees.as_slice(), apply).map_err(|error| format!("{error:?}"))?;
                }
            }
            wall += apply.elapsed();
        }
        let making = begun.elapsed() - wall;
        let processor = (processor_time()? - processor).saturating_sub(making);
        println!(
            "sled alone, {way}: {:.0} puts/s, {:.0} puts per second of processor, disk {} MB for {statements} statements",
            per_second(statements * 5, wall),
            per_second(statements * 5, processor),
            db.size_on_disk()? >> 20,
        );
        drop(trees);
        drop(db);
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}
