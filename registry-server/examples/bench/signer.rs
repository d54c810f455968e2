//! A checkpoint signed by the signer in its own process, held against what it cannot do without: one signature, and what makes its
//! record durable.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use primitives::{SecretKey, Signature, Signer as _, base64};
use tlog::{Checkpoint, MemoryTree, consistency_proof, leaf_hash, root};

use crate::{ORIGIN, Scale};

/// Entries before the first checkpoint: proofs of a log of this size, not of one that has just begun.
const FIRST: u64 = 100_000;

pub(crate) fn run(scale: Scale) {
    let count = u64::from(scale.statements) / 5;
    println!(
        "the signer: {count} checkpoints of a log of {FIRST} entries and more, each after the proof that it extends the last"
    );
    let folder = tempfile::tempdir().unwrap();
    let (key, file) = (SecretKey::from_seed(&[9; 32]), folder.path().join("log.pem"));
    std::fs::write(&file, key_file::plain::to_pem(&key).as_bytes()).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut tree: MemoryTree = (0..FIRST).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect();
    let signer = Process::start(folder.path());
    let socket = folder.path().join("socket");
    let (mut old, mut signed, mut alone, mut synced, mut replaced) = (0, vec![], vec![], vec![], vec![]);
    for size in FIRST..FIRST + count {
        let text = Checkpoint::new(ORIGIN, size, root(size, &tree).unwrap()).unwrap().to_text();
        let proof = if old == 0 { vec![] } else { consistency_proof(old, size, &tree).unwrap() };
        let started = Instant::now();
        // As the server does: it asks what was signed last, and then for a signature with the proof from there.
        let last = ask(&socket, "ethical-label-signer/v1 last\n");
        assert!(last.ends_with(&format!("\n{old}\n")), "{last}");
        let proof: String = proof.iter().map(|hash| hash.to_base64() + "\n").collect();
        let answer = ask(&socket, &format!("ethical-label-signer/v1 checkpoint\nold {old}\n{proof}\n{text}"));
        signed.push(started.elapsed().as_secs_f64() * 1e6);
        let line = answer.strip_prefix("ethical-label-signer/v1 ok\n").unwrap_or_else(|| panic!("{answer}"));
        let signature = Signature::from_bytes(base64::decode(line.trim_end()).unwrap().try_into().unwrap());
        key.public_key().verify_strict(text.as_bytes(), &signature).unwrap();
        let started = Instant::now();
        assert_eq!(key.sign(text.as_bytes()).unwrap(), signature);
        alone.push(started.elapsed().as_secs_f64() * 1e6);
        // In turn with the signer's: a disk is not as fast all the time.
        let (sync, replacement) = written(folder.path(), text.as_bytes());
        synced.push(sync);
        replaced.push(replacement);
        old = size;
        tree.push(leaf_hash(&size.to_be_bytes()));
    }
    drop(signer);
    let [signed, alone, synced, replaced] = [signed, alone, synced, replaced].map(Sorted::new);
    let least = alone.at(0.5) + replaced.at(0.5);
    for (what, sorted) in [
        ("one signature alone", &alone),
        ("one small file written, one fsync", &synced),
        ("… and renamed over the last, two fsyncs", &replaced),
        ("one checkpoint by the signer", &signed),
    ] {
        println!("  {what:<42} median {:>7.0} µs, p99 {:>7.0}", sorted.at(0.5), sorted.at(0.99));
    }
    println!("  of one signature and such a replacement    {:>10.2} ×\n", signed.at(0.5) / least);
}

/// The signer's program, in a process of its own: this program is it, too. Ended when dropped.
struct Process(Child);

impl Process {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.current_dir(folder).args(["registry-server", "signer", "--key", "log.pem", "--state", "state"]);
        let mut child = command.args(["--listen", "unix:socket"]).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let this = Self(child);
        assert!(lines.map(Result::unwrap).any(|line| line.starts_with("listening on unix:")));
        this
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// One request, and its whole answer.
fn ask(socket: &Path, request: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Microseconds until bytes are durable in a new file, and until that has taken the place of the last one, durably: the signer's record,
/// by a process that has nothing else to do.
fn written(folder: &Path, bytes: &[u8]) -> (f64, f64) {
    let (new, last) = (folder.join("record.new"), folder.join("record"));
    let started = Instant::now();
    let micros = || started.elapsed().as_secs_f64() * 1e6;
    let mut file = File::create(&new).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    let synced = micros();
    std::fs::rename(&new, &last).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
    (synced, micros())
}

struct Sorted(Vec<f64>);

impl Sorted {
    fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    fn at(&self, part: f64) -> f64 {
        self.0[((self.0.len() - 1) as f64 * part) as usize]
    }
}
