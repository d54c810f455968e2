//! How fast a log is audited, against the signatures and hashes alone, and in how much memory.
//!
//! ```text
//! cargo run --release -p verifier-cli --example audit_cost [-- entries]
//! ```
//! A log of a million entries is made first, in a minute or two, and kept in the target folder: attestations of five certifiers, and a
//! suspension in each thousand. `verifier audit` then reads the whole of it, as a process of its own, over HTTP from another process
//! on the same cores that serves static files from the page cache, as a mirror would. The limit is `primitives::batch::verify` over
//! the same signatures and SHA-256 over the same leaves and nodes, on all cores, everything else ready in memory: in batches of as
//! many as an audit takes, and of 1,024. Limit and audit take turns, and the best of each counts.
//!
//! Two ratios are printed: to the time that the audit took, while the serving process took its part of the same cores; and with
//! that part taken off, as if the log were served by another machine. Nothing is asserted of them.

#![expect(clippy::unwrap_used, reason = "an example that cannot go on ends")]

mod limit;
mod log;
mod process;
mod static_files;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use log::MadeLog;
use process::{Child, Ended};

/// Entries whose signatures an audit verifies together: `client`'s chunk of 16 bundles.
const AUDITED_TOGETHER: usize = 4_096;
const ROUNDS: usize = 3;
/// Entries of the log whose audit has to take as much memory as that of the large one, but for the State.
const FEW: u32 = 100_000;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match arguments.get(1).and_then(|first| first.to_str()) {
        Some("audit") => return verifier_cli::run(arguments),
        Some("serve") => static_files::serve(Path::new(arguments.get(2).unwrap())),
        first => measure(first.map_or(1_000_000, |entries| entries.parse().unwrap())),
    }
    ExitCode::SUCCESS
}

fn measure(entries: u32) {
    let made = MadeLog::find_or_make(entries);
    println!("{entries} entries, {} bytes each", made.bytes() / u64::from(entries));
    let (mut small, mut large, mut audits) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        small.push(limit::time(&made, 1_024));
        large.push(limit::time(&made, AUDITED_TOGETHER));
        audits.push(audit(&made));
    }
    let processor = large.iter().map(|(_, processor)| *processor).min().unwrap();
    let [small, large] = [small, large].map(|times| times.iter().map(|(time, _)| *time).min().unwrap());
    let rate = |time: Duration| f64::from(entries) / time.as_secs_f64();
    let each = |time: Duration| {
        format!("{:8.0} /s, {:5.2} µs each", rate(time), time.as_secs_f64() * 1e6 / f64::from(entries))
    };
    println!("signatures by  1,024, and hashes  {}", each(small));
    println!("signatures by {AUDITED_TOGETHER:>6}, and hashes  {}", each(large));
    let best = audits.iter().min_by_key(|audit| audit.time).unwrap();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let apart = best.time.saturating_sub(best.serving / u32::try_from(cores).unwrap());
    let percent = |of: Duration, time: Duration| 100.0 * of.as_secs_f64() / time.as_secs_f64();
    println!("verifier audit, whole run         {}", each(best.time));
    println!(
        "  of the limits, served by the same cores      {:.0} % (by 1,024) and {:.0} % (aim: 70 % or more)",
        percent(small, best.time),
        percent(large, best.time)
    );
    println!(
        "  of the limits, the serving process taken off {:.0} % and {:.0} %",
        percent(small, apart),
        percent(large, apart)
    );
    println!(
        "  processor time: {:.2} s audit, {:.2} s serving, in {:.2} s on {cores} cores",
        best.own.as_secs_f64(),
        best.serving.as_secs_f64(),
        best.time.as_secs_f64()
    );
    println!(
        "  of the limit's {:.2} s of processor time (by {AUDITED_TOGETHER}): {:.0} %, with the serving process {:.0} %",
        processor.as_secs_f64(),
        percent(processor, best.own),
        percent(processor, best.own + best.serving)
    );
    println!("  greatest memory: {} MB", audits.iter().map(|audit| audit.peak_mb).max().unwrap());
    if entries > FEW {
        println!("  of a log of {FEW}: {} MB", audit(&MadeLog::find_or_make(FEW)).peak_mb);
    }
}

/// What an audit took.
struct Audit {
    time: Duration,
    /// Processor time of the audit.
    own: Duration,
    /// Processor time of whoever served the log, meanwhile.
    serving: Duration,
    peak_mb: u64,
}

fn audit(made: &MadeLog) -> Audit {
    let mut server = Child::start(&["serve".as_ref(), made.folder().as_os_str()]);
    let port = server.line();
    let folder = tempfile::tempdir().unwrap();
    let trust = folder.path().join("trust.toml");
    std::fs::write(&trust, log::trust(&format!("http://127.0.0.1:{}", port.trim()))).unwrap();
    let before = server.processor_time();
    let state = folder.path().join("state");
    let audit =
        Child::start(&["audit".as_ref(), "--trust".as_ref(), trust.as_os_str(), "--state".as_ref(), state.as_os_str()]);
    let Ended { time, processor_time: own, peak_mb, output } = audit.end();
    let serving = server.processor_time() - before;
    server.kill();
    assert!(output.contains("entries replayed"), "{output}");
    Audit { time, own, serving, peak_mb }
}
