//! A process of this same program, how much of the processor it took, and its greatest memory.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) struct Child {
    child: std::process::Child,
    output: BufReader<ChildStdout>,
    started: Instant,
}

/// Processor time of a process, by its number or `self`: of all its threads, those that have ended too.
pub(crate) fn processor_time(process: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name, which may hold blanks: state is field 3, utime 14 and stime 15, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split(' ').collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis(10 * (ticks(11) + ticks(12)))
}

/// What a process took that has ended.
pub(crate) struct Ended {
    pub(crate) time: Duration,
    pub(crate) processor_time: Duration,
    pub(crate) peak_mb: u64,
    pub(crate) output: String,
}

impl Child {
    pub(crate) fn start(arguments: &[&OsStr]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let started = Instant::now();
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output, started }
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line
    }

    pub(crate) fn processor_time(&self) -> Duration {
        processor_time(&self.child.id().to_string())
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let status = format!("/proc/{}/status", self.child.id());
        let (mut peak, mut processor_time) = (0, Duration::ZERO);
        while self.child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            peak = peak.max(kilobytes.unwrap_or(0));
            processor_time = processor_time.max(self.processor_time());
            std::thread::sleep(Duration::from_millis(5));
        }
        let time = self.started.elapsed();
        let mut output = String::new();
        self.output.read_to_string(&mut output).unwrap();
        Ended { time, processor_time, peak_mb: peak / 1000, output }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
